//! The bridge to the services: what no function of the template answers.

use super::request::Request;
use crate::asl::run::{Answer, Unavailable};

/// The bridge to the services of AWS.
pub(super) struct Bridge;

impl Bridge {
    pub fn new() -> Self {
        Self
    }

    /// Waits until somebody answers the token of a task, whose call was answered so.
    pub fn answer_of_token(&self, _request: &Request, answer: Answer) -> Result<Answer, Unavailable> {
        Ok(answer)
    }

    /// Answers a call through the AWS CLI.
    pub fn call(&self, request: &Request) -> Result<Answer, Unavailable> {
        Err(Unavailable::new(format!(
            "the task `{}` calls `{}`, which is no function of the template; expected one",
            request.state, request.resource
        )))
    }
}
