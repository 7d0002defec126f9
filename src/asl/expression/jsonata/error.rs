//! The errors of JSONata, by their codes.

/// What an evaluation gives.
pub(crate) type Given<T> = Result<T, Error>;

/// An error.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Error {
    /// One that JSONata has a code for.
    Coded(&'static str, Box<str>),
    /// Evaluations that stand in each other beyond the limit.
    Stack,
    /// More time than an evaluation may take.
    Time,
    /// More memory than an evaluation may take.
    Memory,
}

impl Error {
    pub fn new(code: &'static str, text: impl Into<Box<str>>) -> Self {
        Self::Coded(code, text.into())
    }

    pub fn fail<T>(code: &'static str, text: impl Into<Box<str>>) -> Given<T> {
        Err(Self::new(code, text))
    }
}

/// The error of an argument, by its number, that the signature of a function does not take.
pub(crate) fn mismatch(function: &str, argument: usize) -> Error {
    Error::new(
        "T0410",
        format!("Argument {argument} of function {} does not match function signature", named(function)),
    )
}

/// A function as an error names it; one without a name is undefined.
pub(crate) fn named(function: &str) -> String {
    if function.is_empty() { "undefined".to_owned() } else { format!("\"{function}\"") }
}
