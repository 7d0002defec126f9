//! The arguments that the setters of states take: JSON, expressions, intrinsics and numbers.

use serde::Serialize;

use super::{JsonPath, Jsonata};
use crate::{json::Json, value::Intrinsic};

/// The argument of a field with a value of the user's choice: anything that serializes (text, numbers, `json!`), an
/// attribute of a handle, in JSONPath also a [`Path`].
///
/// An intrinsic, alone or inside `json!`, arrives at Step Functions as the text that CloudFormation resolves it to.
#[diagnostic::on_unimplemented(
    message = "a field of a `{L}` state cannot be set from `{Self}`",
    note = "a JSONata expression is a string, `\"{{% … %}}\"`; `path(\"$.…\")` is for JSONPath states"
)]
pub trait Argument<L> {
    /// The key to write, and the value.
    #[doc(hidden)]
    fn member(self, key: &str) -> (String, Intrinsic);
}

impl<L, T: Serialize> Argument<L> for T {
    fn member(self, key: &str) -> (String, Intrinsic) {
        (key.to_owned(), Intrinsic::capture(&self))
    }
}

/// A JSONPath or an intrinsic function of JSONPath, made by [`path`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path(String);

/// A value that is read when the state runs: a reference path (`$.order.id`), a path into the context object
/// (`$$.Task.Token`), a variable (`$total`) or an intrinsic function (`States.Format('Order {}', $.id)`).
///
/// The key that it is given for is written with the ending `.$`.
///
/// ```
/// use formwork::asl::jsonpath::*;
/// let workflow = Workflow::new().state("Count", Pass::new().parameter("Total", path("$.total")).end());
/// assert_eq!(workflow.definition()["States"]["Count"]["Parameters"]["Total.$"], "$.total");
/// ```
pub fn path(expression: impl Into<String>) -> Path {
    Path(expression.into())
}

impl Argument<JsonPath> for Path {
    fn member(self, key: &str) -> (String, Intrinsic) {
        (format!("{key}.$"), Intrinsic::capture(&self.0))
    }
}

/// The argument of a field with an integer: an integer, in JSONata also an expression.
#[diagnostic::on_unimplemented(
    message = "an integer field of a `{L}` state cannot be set from `{Self}`",
    note = "it takes an integer of at least 0, in JSONata also an expression (`\"{{% … %}}\"`); JSONPath has a field \
            of its own for a path, such as `seconds_path`"
)]
pub trait Integer<L> {
    /// The JSON to write.
    #[doc(hidden)]
    fn json(self) -> Json;
}

impl<L> Integer<L> for u32 {
    fn json(self) -> Json {
        self.into()
    }
}

impl Integer<Jsonata> for &str {
    fn json(self) -> Json {
        self.into()
    }
}

/// The argument of a field with a number: an integer or a fraction, in JSONata also an expression.
#[diagnostic::on_unimplemented(
    message = "a numeric field of a `{L}` state cannot be set from `{Self}`",
    note = "it takes a number, in JSONata also an expression (`\"{{% … %}}\"`)"
)]
pub trait Number<L> {
    /// The JSON to write; `null` for a number that JSON cannot hold.
    #[doc(hidden)]
    fn json(self) -> Json;
}

impl<L> Number<L> for i64 {
    fn json(self) -> Json {
        self.into()
    }
}

impl<L> Number<L> for f64 {
    fn json(self) -> Json {
        self.into()
    }
}

impl Number<Jsonata> for &str {
    fn json(self) -> Json {
        self.into()
    }
}

/// One name or several, as `ErrorEquals` takes them.
pub trait ErrorNames {
    /// The names, in order.
    #[doc(hidden)]
    fn names(self) -> Vec<String>;
}

impl ErrorNames for &str {
    fn names(self) -> Vec<String> {
        vec![self.to_owned()]
    }
}

impl<T: Into<String>, const N: usize> ErrorNames for [T; N] {
    fn names(self) -> Vec<String> {
        self.into_iter().map(Into::into).collect()
    }
}

impl<T: Into<String>> ErrorNames for Vec<T> {
    fn names(self) -> Vec<String> {
        self.into_iter().map(Into::into).collect()
    }
}
