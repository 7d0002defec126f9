//! The host of intrinsic functions: the state in which they are called.

use crate::{asl::expression::jsonpath::PathExpression, json::Json};

/// The host of a call: the source of the values of its paths and of chance, with room for the values that it makes.
pub trait Host {
    /// The value of a path, or the sentence why there is none.
    fn path(&mut self, path: &PathExpression) -> Result<Json, String>;
    /// Counts a value that a call makes: false where they are far too large together.
    fn has_room_for(&mut self, value: &Json) -> bool;
    /// A number from 0 up to, but not including, 1.
    fn random(&mut self) -> f64;
    /// 16 random bytes.
    fn uuid(&mut self) -> [u8; 16];
}
