//! What is wrong with a definition, collected while it is read.

use super::{
    fields::Part,
    place::{JSONATA, Place},
    token::tokens_of,
    wording::{cut, short},
};
use crate::{
    asl::expression::jsonata::{self, Expression},
    diagnostic::Diagnostic,
    json::{Json, Pointer},
};

/// What is wrong with a definition, as far as it was read.
#[derive(Default)]
pub(super) struct Problems {
    pub faults: Vec<Diagnostic>,
    /// Values that a `${Token}` hides.
    pub unresolved: Vec<Diagnostic>,
}

impl Problems {
    pub fn diagnostic(&self, part: Part, at: &Pointer<'_>, message: String) -> Diagnostic {
        Diagnostic::error("SCHEMA_VALIDATION_FAILED", at.to_string(), cut(message)).docs(part.docs())
    }

    pub fn fault(&mut self, part: Part, at: &Pointer<'_>, message: String) {
        let fault = self.diagnostic(part, at, message);
        self.faults.push(fault);
    }

    /// Reports a value that cannot be what it must be, unless a `${Token}` in it hides what it will be.
    pub fn refuse(&mut self, part: Part, at: &Pointer<'_>, json: &Json, message: String) {
        let fault = self.diagnostic(part, at, message);
        self.refuse_with(json, fault);
    }

    pub fn refuse_with(&mut self, json: &Json, fault: Diagnostic) {
        self.refuse_text(json.as_str().unwrap_or_default(), fault);
    }

    pub fn refuse_text(&mut self, text: &str, fault: Diagnostic) {
        match tokens_of(text).next() {
            None => self.faults.push(fault),
            Some(token) => {
                let message =
                    format!("the value of `${{{token}}}` is not known; expected one to run the definition with");
                let help = format!(
                    "give it one: `--substitute {token}=VALUE` on the command line, `.substitution(\"{token}\", …)` in Rust"
                );
                self.unresolved.push(Diagnostic::error("F3007", fault.path, message).help(help));
            }
        }
    }

    /// Whether something at or below the place that is being read was reported: it would be the last fault.
    pub fn has_reported_in(&self, at: &Pointer<'_>) -> bool {
        let at = at.to_string();
        self.faults.last().is_some_and(|fault| fault.path.starts_with(&at))
    }

    /// The inside of `{% … %}`, parsed.
    pub fn expression(&mut self, place: Place, inner: &str, at: &Pointer<'_>) -> Option<Expression> {
        match Expression::parse(inner) {
            Ok(expression) => {
                self.faults.extend(place.unavailable(&expression, at));
                Some(expression)
            }
            Err(error) => {
                let message = format!("the JSONata expression `{inner}` cannot be read: {error}");
                let fault = self.diagnostic(place.part, at, message);
                self.refuse_text(inner, Diagnostic { code: "INVALID_JSONATA_EXPRESSION", ..fault.docs(JSONATA) });
                None
            }
        }
    }

    /// A string of a JSONata state that is no expression: a fault where it is the half of one.
    pub fn plain(&mut self, part: Part, text: &str, at: &Pointer<'_>) {
        if jsonata::is_half_open(text) {
            let json = short(&text.into());
            let message =
                format!("{json} is half of a JSONata expression; expected `{{%` first and `%}}` last, or neither");
            let fault = self.diagnostic(part, at, message).docs(JSONATA);
            self.refuse_text(text, fault);
        }
    }
}
