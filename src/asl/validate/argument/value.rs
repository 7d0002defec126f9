//! The arguments as they are written, whichever language says what is computed in them.

use std::borrow::Cow;

use crate::{
    asl::definition::{Language, template::Template, tokens_of},
    json::Json,
};

/// A value of the arguments.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value<'v> {
    Template(&'v Template),
    Json(&'v Json),
    /// It is computed.
    Unknown,
}

/// A value, one level deep.
pub(super) enum Parts<'v> {
    /// Nobody knows before the state runs.
    Unknown,
    Scalar(&'v Json),
    List(Vec<Value<'v>>),
    Object(Vec<Entry<'v>>),
}

/// A member of an object.
pub(super) struct Entry<'v> {
    /// The key without the `.$` of JSONPath.
    pub key: &'v str,
    /// The key as it is written.
    pub written: Cow<'v, str>,
    pub value: Value<'v>,
}

impl<'v> Value<'v> {
    /// Its parts.
    pub fn parts(self, language: Language) -> Parts<'v> {
        match self {
            Self::Json(json) => of_json(json, language),
            Self::Template(Template::Literal(json)) => of_json(json, language),
            Self::Template(Template::Array(items)) => Parts::List(items.iter().map(Self::Template).collect()),
            Self::Template(Template::Object(members)) => Parts::Object(
                members
                    .iter()
                    .map(|(key, value)| {
                        let written = match value {
                            Template::Path { .. } | Template::Intrinsic(_) => Cow::Owned(format!("{key}.$")),
                            _ => Cow::Borrowed(key.as_str()),
                        };
                        Entry { key, written, value: Self::Template(value) }
                    })
                    .collect(),
            ),
            Self::Template(_) | Self::Unknown => Parts::Unknown,
        }
    }
}

fn of_json(json: &Json, language: Language) -> Parts<'_> {
    match json {
        // A null takes the place of an expression that cannot be read, too.
        Json::Null => Parts::Unknown,
        Json::String(text) if tokens_of(text).next().is_some() => Parts::Unknown,
        Json::Array(items) => Parts::List(items.iter().map(Value::Json).collect()),
        Json::Object(members) => Parts::Object(
            members
                .iter()
                .map(|(written, value)| {
                    let computed = written.strip_suffix(".$").filter(|_| language == Language::JsonPath);
                    let value = if computed.is_some() { Value::Unknown } else { Value::Json(value) };
                    Entry { key: computed.unwrap_or(written), written: Cow::Borrowed(written), value }
                })
                .collect(),
        ),
        scalar => Parts::Scalar(scalar),
    }
}
