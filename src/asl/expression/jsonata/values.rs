//! The values that an expression in JSONata can read.

use std::{cell::RefCell, rc::Rc};

use jsonata_core::value::JValue;

use crate::asl::expression::{payload::Payload, random::Random, time::Time};

/// Members of a sequence, as on the service.
pub(super) const MAX_SEQUENCE: usize = 873_782;

/// The values that an expression can read.
pub(crate) trait Values {
    /// A member of `$states`.
    fn states(&self, member: &str) -> Option<JValue>;
    /// Bytes of a member of `$states`, about.
    fn bytes(&self, member: &str) -> usize;
    /// A variable of the workflow.
    fn variable(&self, name: &str) -> Option<&Payload>;
    /// The moment on the virtual clock.
    fn now(&self) -> Time;
    /// The source of randomness.
    fn random(&self) -> &Rc<RefCell<Random>>;
}
