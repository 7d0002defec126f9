//! `Pass`, `Wait`, `Succeed` and `Fail`: the states that call nothing.

use std::marker::PhantomData;

use serde::Serialize;

use super::{Finished, Integer, JsonPath, Jsonata, QueryLanguage, State, body::Body, setters};

/// A state that passes its input on, or what it makes of it.
///
/// <https://docs.aws.amazon.com/step-functions/latest/dg/state-pass.html>
#[derive(Clone, Debug)]
pub struct Pass<L> {
    body: Body,
    of: PhantomData<fn() -> L>,
}

impl<L: QueryLanguage> Default for Pass<L> {
    fn default() -> Self {
        Self::new()
    }
}

impl<L: QueryLanguage> Pass<L> {
    /// A state that passes on what it gets.
    pub fn new() -> Self {
        Self { body: Body::of_type("Pass"), of: PhantomData }
    }

    setters::comment!();
    setters::acknowledge!();
    setters::assign!(L);
    setters::transition!(L);
}

impl Pass<Jsonata> {
    setters::output!();
}

impl Pass<JsonPath> {
    setters::input_and_output_path!();
    setters::result_path!();
    setters::parameters!();
    setters::parameter!();

    /// `Result`: the output, as it is; paths in it are not read.
    pub fn result(mut self, value: impl Serialize) -> Self {
        self.body.set("Result", value);
        self
    }
}

/// A state that lets time pass: exactly one of four ways to say how much.
///
/// <https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html>
#[derive(Clone, Debug)]
pub struct Wait<L> {
    body: Body,
    of: PhantomData<fn() -> L>,
}

impl<L: QueryLanguage> Wait<L> {
    fn of(field: &str, value: impl Serialize) -> Self {
        let mut body = Body::of_type("Wait");
        body.set(field, value);
        Self { body, of: PhantomData }
    }

    /// `Seconds`: how long, from 0 to 99,999,999.
    pub fn seconds(seconds: impl Integer<L>) -> Self {
        Self::of("Seconds", seconds.json())
    }

    /// `Timestamp`: until when, RFC 3339 with a capital T: `2026-12-01T08:00:00Z`; in JSONata also an expression.
    pub fn timestamp(timestamp: impl Into<String>) -> Self {
        Self::of("Timestamp", timestamp.into())
    }

    setters::comment!();
    setters::acknowledge!();
    setters::assign!(L);
    setters::transition!(L);
}

impl Wait<Jsonata> {
    setters::output!();
}

impl Wait<JsonPath> {
    /// `SecondsPath`: reads how long from the input.
    pub fn seconds_path(path: impl Into<String>) -> Self {
        Self::of("SecondsPath", path.into())
    }

    /// `TimestampPath`: reads until when from the input.
    pub fn timestamp_path(path: impl Into<String>) -> Self {
        Self::of("TimestampPath", path.into())
    }

    setters::input_and_output_path!();
}

/// A state that ends the workflow, or its branch, well.
///
/// <https://docs.aws.amazon.com/step-functions/latest/dg/state-succeed.html>
#[derive(Clone, Debug)]
pub struct Succeed<L> {
    body: Body,
    of: PhantomData<fn() -> L>,
}

impl<L: QueryLanguage> Default for Succeed<L> {
    fn default() -> Self {
        Self::new()
    }
}

impl<L: QueryLanguage> Succeed<L> {
    /// Ends with its input as the output.
    pub fn new() -> Self {
        Self { body: Body::of_type("Succeed"), of: PhantomData }
    }

    setters::comment!();
    setters::acknowledge!();
}

impl Succeed<Jsonata> {
    setters::output!();
}

impl Succeed<JsonPath> {
    setters::input_and_output_path!();
}

impl<L: QueryLanguage> Finished for Succeed<L> {
    type Language = L;

    fn into_state(self) -> State<L> {
        State::new(self.body)
    }
}

/// A state that ends the execution as failed.
///
/// <https://docs.aws.amazon.com/step-functions/latest/dg/state-fail.html>
#[derive(Clone, Debug)]
pub struct Fail<L> {
    body: Body,
    of: PhantomData<fn() -> L>,
}

impl<L: QueryLanguage> Default for Fail<L> {
    fn default() -> Self {
        Self::new()
    }
}

impl<L: QueryLanguage> Fail<L> {
    /// Fails, so far without saying why.
    pub fn new() -> Self {
        Self { body: Body::of_type("Fail"), of: PhantomData }
    }

    setters::comment!();
    setters::acknowledge!();

    /// `Error`: the name of the error, at most 256 characters; names that begin with `States.` are AWS's. In JSONata
    /// also an expression.
    pub fn error(self, name: impl Into<String>) -> Self {
        self.either("Error", "ErrorPath", name.into())
    }

    /// `Cause`: what happened, for people, at most 32,768 characters. In JSONata also an expression.
    pub fn cause(self, text: impl Into<String>) -> Self {
        self.either("Cause", "CausePath", text.into())
    }

    /// Sets a field in place of the one that it excludes.
    fn either(mut self, field: &str, other: &str, value: String) -> Self {
        self.body.fields.shift_remove(other);
        self.body.set(field, value);
        self
    }
}

impl Fail<JsonPath> {
    /// `ErrorPath`: reads the name of the error from the input, or makes it by an intrinsic function. Takes the place
    /// of `Error`.
    pub fn error_path(self, path: impl Into<String>) -> Self {
        self.either("ErrorPath", "Error", path.into())
    }

    /// `CausePath`: reads what happened from the input, or makes it by an intrinsic function. Takes the place of
    /// `Cause`.
    pub fn cause_path(self, path: impl Into<String>) -> Self {
        self.either("CausePath", "Cause", path.into())
    }
}

impl<L: QueryLanguage> Finished for Fail<L> {
    type Language = L;

    fn into_state(self) -> State<L> {
        State::new(self.body)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::asl::jsonpath::*;

    #[test]
    fn an_error_is_either_written_or_read() {
        let fail = Fail::new().error("Late").cause("too late").cause_path("$.cause");
        let definition = Workflow::new().state("Stop", fail).definition();
        assert_eq!(definition["States"]["Stop"], json!({"Type": "Fail", "Error": "Late", "CausePath": "$.cause"}));
    }
}
