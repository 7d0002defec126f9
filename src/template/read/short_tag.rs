//! Short tags: `!Ref` and its like, and the long form that each stands for.

use std::borrow::Cow;

use saphyr_parser::{Span, Tag};

use super::refusal::kind;
use crate::{
    diagnostic::nearest,
    json::Json,
    template::{
        ParseError,
        intrinsic::FUNCTIONS,
        mark::{Mark, Marked},
    },
};

/// A node in the long form.
pub(super) enum Long {
    /// A value as it is written.
    Plain(Json),
    /// The call that a short tag stands for: the function with its argument.
    Call(String, Json),
}

impl Long {
    /// The node with the positions in it; the function, which is no node of the text, is where its tag is.
    pub fn marked(self, mark: Mark) -> Marked {
        match self {
            Self::Plain(value) => (value, mark),
            Self::Call(function, argument) => {
                (Json::from_iter([(function, argument)]), Mark { at: mark.at, inner: vec![mark] })
            }
        }
    }
}

/// The long form of a tagged node.
pub(super) fn tagged(tag: Option<Cow<'_, Tag>>, value: Json, core: &str, span: Span) -> Result<Long, ParseError> {
    let Some(tag) = tag else {
        return Ok(Long::Plain(value));
    };
    let full = format!("{}{}", tag.handle, tag.suffix);
    let name = match full.strip_prefix("tag:yaml.org,2002:") {
        Some(suffix) if suffix == core => return Ok(Long::Plain(value)),
        Some(suffix) => {
            return Err(at_span(span, format!("the tag `!!{suffix}`; expected a CloudFormation function")));
        }
        None => full.strip_prefix('!').unwrap_or(&full),
    };
    let (function, argument) = match (name, value) {
        ("Ref" | "Condition", value @ Json::String(_)) => (name.to_owned(), value),
        ("Ref" | "Condition", value) => {
            return Err(at_span(span, format!("`!{name}` has {}; expected a name", kind(&value))));
        }
        ("GetAtt", Json::String(text)) => {
            // Only the first point separates: an attribute may hold more, as in `Database.Endpoint.Address`.
            let parts = text.splitn(2, '.').map(Json::from).collect();
            ("Fn::GetAtt".to_owned(), Json::Array(parts))
        }
        (name, value) if FUNCTIONS.contains(&name) => (format!("Fn::{name}"), value),
        (name, _) => {
            let hint = match nearest(name, FUNCTIONS.into_iter().chain(["Ref", "Condition"])) {
                Some(near) => format!("did you mean `!{near}`?"),
                None => "expected one such as `!Ref`, `!GetAtt` or `!Sub`".to_owned(),
            };
            return Err(at_span(span, format!("`!{name}` is not a function of CloudFormation; {hint}")));
        }
    };
    Ok(Long::Call(function, argument))
}

/// The error that a span of the text is the place of.
pub(super) fn at_span(span: Span, message: impl Into<String>) -> ParseError {
    ParseError { message: message.into(), line: Some(span.start.line()), column: Some(span.start.col() + 1) }
}
