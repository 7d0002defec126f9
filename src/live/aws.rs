//! The bridge to the services: what no function of the template answers.

use super::request::Request;
use crate::asl::run::{Answer, Unavailable};

/// The bridge to the services of AWS.
pub(super) struct Bridge;

impl Bridge {
    pub fn new() -> Self {
        Self
    }

    /// Answers a call through the AWS CLI.
    pub fn call(&self, request: &Request) -> Result<Answer, Unavailable> {
        Err(Unavailable::new(format!(
            "the task `{}` calls `{}`, which is no function of the template; expected one",
            request.state, request.resource
        )))
    }
}
