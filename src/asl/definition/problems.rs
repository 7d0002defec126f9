//! What is wrong with a definition, collected while it is read.

use super::{fields::Part, token::tokens_of};
use crate::{
    asl::expression::jsonata::Expression,
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
            Some(token) => self.unresolved.push(Diagnostic {
                message: format!("the value of `${{{token}}}` is not known; expected one to run the definition with"),
                ..fault
            }),
        }
    }

    /// Whether something at or below a place was reported.
    pub fn has_reported_in(&self, at: &Pointer<'_>) -> bool {
        let at = at.to_string();
        self.faults.iter().any(|fault| fault.path.starts_with(&at))
    }

    /// The inside of `{% … %}`, parsed.
    pub fn expression(&mut self, part: Part, inner: &str, at: &Pointer<'_>) -> Option<Expression> {
        match Expression::parse(inner) {
            Ok(expression) => Some(expression),
            Err(error) => {
                let fault =
                    self.diagnostic(part, at, format!("the JSONata expression `{inner}` cannot be read: {error}"));
                self.refuse_text(inner, fault);
                None
            }
        }
    }
}

/// JSON in a message: its beginning, where it is long.
pub(super) fn short(json: &Json) -> String {
    let text = json.to_string();
    match text.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// A message without the middle of a long text that it quotes.
fn cut(message: String) -> String {
    const LONGEST: usize = 600;
    if message.len() <= LONGEST {
        return message;
    }
    let (start, end) =
        (message.floor_char_boundary(LONGEST / 2), message.ceil_char_boundary(message.len() - LONGEST / 3));
    format!("{} … {}", &message[..start], &message[end..])
}
