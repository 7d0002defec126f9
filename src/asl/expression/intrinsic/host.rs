//! What an intrinsic function needs of the state that it is called in.

use crate::{asl::expression::jsonpath::PathExpression, json::Json};

/// The host of a call: where it gets the values of paths, room for its own, and chance.
pub trait Host {
    /// The value of a path, or the sentence why there is none.
    fn path(&mut self, path: &PathExpression) -> Result<Json, String>;
    /// Counts a value that is made: false where there are far too many.
    fn has_room_for(&mut self, value: &Json) -> bool;
    /// A number from 0 up to, but not including, 1.
    fn random(&mut self) -> f64;
    /// 16 random bytes.
    fn uuid(&mut self) -> [u8; 16];
}
