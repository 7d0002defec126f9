//! Where an expression stands, which decides what it may read.

use super::{
    fields::Part,
    wording::{cut, listed},
};
use crate::{
    asl::expression::jsonata::{Expression, Unavailable},
    diagnostic::Diagnostic,
    json::Pointer,
};

/// The page on expressions and `$states`.
pub(super) const JSONATA: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html";

/// A field of a part.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub part: Part,
    pub field: &'static str,
}

impl Place {
    /// The members of `$states` that an expression there may read.
    fn members(self) -> &'static [&'static str] {
        match (self.part, self.field) {
            (Part::Catcher, _) => &["input", "errorOutput", "context"],
            (Part::Map | Part::Parallel | Part::Task, "Assign" | "Output") => &["input", "result", "context"],
            _ => &["input", "context"],
        }
    }

    /// The faults of an expression there that reads what the service does not offer.
    pub fn unavailable(self, expression: &Expression, at: &Pointer<'_>) -> Vec<Diagnostic> {
        let members = self.members();
        let fault = |message: String| {
            Diagnostic::error("UNSUPPORTED_JSONATA_EXPRESSION", at.to_string(), cut(message)).docs(JSONATA)
        };
        let of_nothing = |name: &str| {
            fault(format!(
                "`{name}` is read from an input that an expression does not have; expected `$states` or a variable"
            ))
        };
        let found = expression.unavailable(members).into_iter().map(|what| match what {
            Unavailable::Input(name) if name == "$" => {
                of_nothing("$").help("the input of the state is `$states.input`")
            }
            Unavailable::Input(name) => of_nothing(&name).help(cut(format!(
                "`$states.input.{name}` is of the input of the state, `${name}` a variable, `'{name}'` a text"
            ))),
            Unavailable::Root => {
                of_nothing("$$").help("the input of the state is `$states.input`, the context object `$states.context`")
            }
            Unavailable::Member(name) => {
                let members: Vec<String> = members.iter().map(|member| format!("`$states.{member}`")).collect();
                let members: Vec<&str> = members.iter().map(String::as_str).collect();
                let fault = fault(format!("`$states.{name}` is not there; expected {}", listed(&members)));
                match name.as_str() {
                    "result" => {
                        fault.help("`Output` and `Assign` of a `Task`, a `Parallel` and a `Map` have the result")
                    }
                    "errorOutput" => fault.help("`Output` and `Assign` of a catcher have the error"),
                    _ => fault.did_you_mean(&name, self.members().iter().copied()),
                }
            }
        });
        found.collect()
    }
}
