//! The values that an expression in JSONata can read.

use std::{cell::RefCell, rc::Rc};

use super::value::Value;
use crate::asl::expression::{payload::Payload, random::Random, time::Time};

/// The values that an expression can read.
pub(crate) trait Values {
    /// A member of `$states`.
    fn states(&self, member: &str) -> Option<Value>;
    /// A variable of the workflow.
    fn variable(&self, name: &str) -> Option<&Payload>;
    /// The moment on the virtual clock.
    fn now(&self) -> Time;
    /// The source of randomness.
    fn random(&self) -> &Rc<RefCell<Random>>;
}
