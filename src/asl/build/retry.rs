//! `Retry` and `Catch`: what happens when a state fails.

use std::marker::PhantomData;

use serde_json::json;

use super::{ErrorNames, JsonPath, Jsonata, QueryLanguage, body::Body, setters};
use crate::json::Json;

/// A retrier: how often, and after how long, a failed state is tried again.
///
/// <https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-retrying-after-an-error>
///
/// ```
/// use formwork::asl::{JitterStrategy, jsonata::Retry};
/// let retry = Retry::on(["Lambda.TooManyRequestsException", "States.Timeout"])
///     .interval_seconds(2)
///     .max_attempts(5)
///     .backoff_rate(1.5)
///     .max_delay_seconds(60)
///     .jitter_strategy(JitterStrategy::Full);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Retry(Json);

/// `JitterStrategy` of a [`Retry`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JitterStrategy {
    /// `FULL`: each delay is random, from 0 to what it would have been.
    Full,
    /// `NONE`, AWS's default.
    None,
}

impl Retry {
    /// `ErrorEquals`: the errors that are retried. `"States.ALL"` stands for all, and then alone and last.
    pub fn on(errors: impl ErrorNames) -> Self {
        Self(json!({ "ErrorEquals": errors.names() }))
    }

    /// `Comment`: a note for people.
    pub fn comment(self, text: impl Into<String>) -> Self {
        self.field("Comment", text.into())
    }

    /// `IntervalSeconds`: delay before the first retry, from 1; AWS's default is 1.
    pub fn interval_seconds(self, seconds: u32) -> Self {
        self.field("IntervalSeconds", seconds)
    }

    /// `MaxAttempts`: retries after the first try, 0 for none; AWS's default is 3.
    pub fn max_attempts(self, retries: u32) -> Self {
        self.field("MaxAttempts", retries)
    }

    /// `BackoffRate`: by what the delay is multiplied after each retry, from 1.0; AWS's default is 2.0.
    pub fn backoff_rate(self, factor: f64) -> Self {
        self.field("BackoffRate", factor)
    }

    /// `MaxDelaySeconds`: what the delay grows to at most, from 1 to 31,622,400; AWS's default is no limit.
    pub fn max_delay_seconds(self, seconds: u32) -> Self {
        self.field("MaxDelaySeconds", seconds)
    }

    /// `JitterStrategy`: whether the delays are randomized.
    pub fn jitter_strategy(self, strategy: JitterStrategy) -> Self {
        self.field("JitterStrategy", if strategy == JitterStrategy::Full { "FULL" } else { "NONE" })
    }

    fn field(mut self, name: &str, value: impl Into<Json>) -> Self {
        self.0[name] = value.into();
        self
    }

    pub(super) fn into_json(self) -> Json {
        self.0
    }
}

/// A catcher: where a state goes when it fails and is not retried any more.
///
/// <https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-fallback-states>
#[derive(Clone, Debug)]
pub struct Catch<L> {
    pub(super) body: Body,
    of: PhantomData<fn() -> L>,
}

impl<L: QueryLanguage> Catch<L> {
    /// `ErrorEquals`, the errors that are caught, and `Next`, the state that follows.
    pub fn new(errors: impl ErrorNames, next: impl Into<String>) -> Self {
        let mut body = Body::default();
        body.set("ErrorEquals", errors.names());
        body.set("Next", next.into());
        Self { body, of: PhantomData }
    }

    setters::comment!();
    setters::assign!(L);
}

impl Catch<Jsonata> {
    setters::output!();
}

impl Catch<JsonPath> {
    setters::result_path!();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_retrier_has_all_its_fields() {
        let retry = Retry::on("States.ALL")
            .comment("slow start")
            .interval_seconds(1)
            .max_attempts(0)
            .backoff_rate(2.0)
            .max_delay_seconds(9)
            .jitter_strategy(JitterStrategy::None);
        assert_eq!(
            retry.into_json().to_string(),
            r#"{"ErrorEquals":["States.ALL"],"Comment":"slow start","IntervalSeconds":1,"MaxAttempts":0,"BackoffRate":2.0,"MaxDelaySeconds":9,"JitterStrategy":"NONE"}"#
        );
    }
}
