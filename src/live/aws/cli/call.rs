//! A call of the AWS CLI, and what comes of it.

use crate::{asl::run::Unavailable, json::Json};

/// A call of an operation, in the names of the API.
#[derive(Debug)]
pub(in crate::live::aws) struct Call<'a> {
    /// The service as the CLI calls it: `stepfunctions`.
    pub service: &'a str,
    /// The operation, as the API or Step Functions spells it.
    pub operation: &'a str,
    pub input: Json,
    pub region: &'a str,
    pub endpoint: Option<&'a str>,
    pub credentials: Option<&'a Credentials>,
}

/// The credentials of an assumed role.
#[derive(Clone)]
pub(in crate::live) struct Credentials {
    pub key: String,
    pub secret: String,
    pub token: Option<String>,
}

impl std::fmt::Debug for Credentials {
    /// Nothing of them is for eyes.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credentials(..)")
    }
}

/// What came of a call.
#[derive(Debug)]
pub(in crate::live::aws) enum Reply {
    Output { output: Json, metadata: Json },
    Failure(Failure),
}

/// An error that the service answered with, or that kept the call from it.
#[derive(Debug, Default, PartialEq)]
pub(in crate::live::aws) struct Failure {
    /// The code that the service gives: `NotFound`.
    pub code: String,
    pub message: String,
    /// The name that the model of the API has for it, if it has one: `NotFoundException`.
    pub exception: Option<String>,
    /// The status of HTTP; none where no answer came.
    pub status: Option<u64>,
    pub request: Option<String>,
    /// The second id that S3 gives.
    pub extended: Option<String>,
}

/// The error of who has no credentials.
pub(super) fn without_credentials() -> Unavailable {
    Unavailable::new("the AWS CLI finds no credentials; expected some, as `aws sts get-caller-identity` needs them")
        .help("`aws configure`, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; any will do for a local endpoint")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_not_shown() {
        let secret = Credentials { key: "AKIA".into(), secret: "hidden".into(), token: Some("hidden".into()) };
        assert_eq!(format!("{secret:?}"), "Credentials(..)");
    }
}
