//! The two query languages, and which state may stand where.

/// The query language JSONata: `Arguments`, `Output`, and `"{% … %}"` wherever a value may stand.
///
/// <https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jsonata {}

/// The query language JSONPath: `Parameters`, `ResultPath` and the other paths, keys that end with `.$`.
///
/// <https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonPath {}

/// A query language: [`Jsonata`] or [`JsonPath`].
pub trait QueryLanguage: sealed::Sealed + Clone + 'static {
    /// The name that `QueryLanguage` takes.
    const NAME: &'static str;
    /// The field that holds what is sent to an integration.
    #[doc(hidden)]
    const ARGUMENTS: &'static str;
    /// The suffix of a key that takes an expression.
    #[doc(hidden)]
    const SUFFIX: &'static str;
    /// The expression for the state's whole input.
    #[doc(hidden)]
    const INPUT: &'static str;
}

impl QueryLanguage for Jsonata {
    const NAME: &'static str = "JSONata";
    const ARGUMENTS: &'static str = "Arguments";
    const SUFFIX: &'static str = "";
    const INPUT: &'static str = "{% $states.input %}";
}

impl QueryLanguage for JsonPath {
    const NAME: &'static str = "JSONPath";
    const ARGUMENTS: &'static str = "Parameters";
    const SUFFIX: &'static str = ".$";
    const INPUT: &'static str = "$";
}

/// A language whose states a workflow takes: its own, and in a JSONPath workflow also JSONata.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` state cannot stand in a `{W}` workflow",
    label = "state of the wrong query language",
    note = "Step Functions lets a JSONPath workflow hold JSONata states, and never the reverse: take the state from \
            `asl::jsonata`"
)]
pub trait FitsIn<W>: sealed::Sealed {
    /// True where the state must say its language itself.
    #[doc(hidden)]
    const SAYS_SO: bool;
}

impl FitsIn<Jsonata> for Jsonata {
    const SAYS_SO: bool = false;
}

impl FitsIn<JsonPath> for JsonPath {
    const SAYS_SO: bool = false;
}

impl FitsIn<JsonPath> for Jsonata {
    const SAYS_SO: bool = true;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Jsonata {}
    impl Sealed for super::JsonPath {}
}
