//! Payload templates: JSON with expressions in it, parsed once.

use super::{language::Language, place::Place, problems::Problems, wording::short};
use crate::{
    asl::expression::{
        fault::Fault,
        intrinsic::Intrinsic,
        jsonata::{self, Expression},
        jsonpath::{NotFound, PathExpression},
        world::World,
    },
    json::{Json, Pointer},
};

/// JSON in which some values are computed.
#[derive(Clone, Debug)]
pub(crate) enum Template {
    /// Without an expression in it.
    Literal(Json),
    Array(Vec<Template>),
    /// Keys are without the `.$` of JSONPath.
    Object(Vec<(String, Template)>),
    /// JSONPath: the value of a key that ends with `.$`.
    Path {
        key: String,
        path: PathExpression,
    },
    /// JSONPath: a call of an intrinsic function, as the value of such a key.
    Intrinsic(Box<Intrinsic>),
    /// JSONata: a string between `{%` and `%}`.
    Expression(Box<Expression>),
}

impl Template {
    /// Reads a template. In JSONPath a key that ends with `.$` holds a path or an intrinsic function, in JSONata a
    /// string between `{%` and `%}` is an expression.
    pub(super) fn read(
        json: &Json,
        language: Language,
        at: &Pointer<'_>,
        place: Place,
        problems: &mut Problems,
    ) -> Self {
        match json {
            Json::Array(items) => {
                let items = items.iter().enumerate();
                let items: Vec<Template> =
                    items.map(|(index, item)| Self::read(item, language, &at.index(index), place, problems)).collect();
                match items.iter().all(Self::is_literal) {
                    true => Self::Literal(json.clone()),
                    false => Self::Array(items),
                }
            }
            Json::Object(members) => {
                let members = members.iter();
                let members: Vec<(String, Template)> = members
                    .map(|(key, value)| {
                        let at = at.key(key);
                        match key.strip_suffix(".$") {
                            Some(bare) if language == Language::JsonPath => {
                                (bare.to_owned(), Self::member(key, value, &at, place, problems))
                            }
                            _ => (key.clone(), Self::read(value, language, &at, place, problems)),
                        }
                    })
                    .collect();
                match members.iter().all(|(_, value)| value.is_literal()) {
                    true => Self::Literal(json.clone()),
                    false => Self::Object(members),
                }
            }
            Json::String(text) if language == Language::Jsonata => match jsonata::inner(text) {
                Some(inner) => problems
                    .expression(place, inner, at)
                    .map_or(Self::Literal(Json::Null), |expression| Self::Expression(Box::new(expression))),
                None => {
                    problems.plain(place.part, text, at);
                    Self::Literal(json.clone())
                }
            },
            _ => Self::Literal(json.clone()),
        }
    }

    /// The value of a key that ends with `.$`.
    fn member(key: &str, value: &Json, at: &Pointer<'_>, place: Place, problems: &mut Problems) -> Self {
        let read = match value.as_str() {
            Some(text) if text.trim_start().starts_with("States.") => {
                Intrinsic::parse(text).map(|call| Self::Intrinsic(Box::new(call)))
            }
            Some(text) => PathExpression::parse(text).map(|path| Self::Path { key: key.to_owned(), path }),
            None => Err(format!("`{key}` is {}; expected a path or an intrinsic function", short(value))),
        };
        read.unwrap_or_else(|problem| {
            problems.refuse(place.part, at, value, problem);
            Self::Literal(Json::Null)
        })
    }

    /// Whether a text in it fulfils something: a literal one, a path, or an expression.
    pub fn any_text(&self, holds: &dyn Fn(&str) -> bool) -> bool {
        match self {
            Self::Literal(json) => any_text(json, holds),
            Self::Array(items) => items.iter().any(|item| item.any_text(holds)),
            Self::Object(members) => members.iter().any(|(_, member)| member.any_text(holds)),
            Self::Path { path, .. } => holds(path.text()),
            Self::Intrinsic(call) => holds(call.text()),
            Self::Expression(expression) => holds(expression.text()),
        }
    }

    /// The keys of an object, as the definition has them.
    pub fn keys(&self) -> Vec<String> {
        match self {
            Self::Literal(Json::Object(members)) => members.keys().cloned().collect(),
            Self::Object(members) => {
                let members = members.iter();
                members
                    .map(|(key, value)| match value {
                        Self::Path { .. } | Self::Intrinsic(_) => format!("{key}.$"),
                        _ => key.clone(),
                    })
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    /// The value of a key that is one without an expression in it.
    pub fn literal(&self, key: &str) -> Option<&Json> {
        match self {
            Self::Literal(json) => json.get(key),
            Self::Object(members) => members.iter().find_map(|(name, value)| match value {
                Self::Literal(json) if name == key => Some(json),
                _ => None,
            }),
            _ => None,
        }
    }

    fn is_literal(&self) -> bool {
        matches!(self, Self::Literal(_))
    }

    /// Its value, for the field called `location`.
    pub fn evaluate(&self, world: &mut World<'_>, location: &str) -> Result<Json, Fault> {
        let value = self.value(world, location)?;
        match self {
            // Their parts were counted.
            Self::Literal(_) | Self::Array(_) | Self::Object(_) => Ok(value),
            _ if world.has_room_for(&value) => Ok(value),
            _ => Err(Fault::too_large(&world.place.state)),
        }
    }

    fn value(&self, world: &mut World<'_>, location: &str) -> Result<Json, Fault> {
        match self {
            Self::Literal(json) => Ok(json.clone()),
            Self::Array(items) => {
                let items = items.iter().enumerate();
                items.map(|(index, item)| item.evaluate(world, &format!("{location}[{index}]"))).collect()
            }
            Self::Object(members) => {
                let members = members.iter();
                members
                    .map(|(key, value)| Ok((key.clone(), value.evaluate(world, &format!("{location}/{key}"))?)))
                    .collect()
            }
            Self::Path { key, path } => match world.find(path) {
                Ok(found) => Ok(found.into_owned()),
                // Past the end of an array there is a null.
                Err(missing) if missing.is_past_the_end() => Ok(Json::Null),
                Err(missing) => Err(not_found(world, path, &missing, key)),
            },
            Self::Intrinsic(call) => call.evaluate(world).map_err(|failure| {
                Fault::runtime(format!("The function '{}' had the following error: {}", call.text(), failure.message))
            }),
            Self::Expression(expression) => expression.evaluate(world, location),
        }
    }
}

fn any_text(json: &Json, holds: &dyn Fn(&str) -> bool) -> bool {
    match json {
        Json::String(text) => holds(text),
        Json::Array(items) => items.iter().any(|item| any_text(item, holds)),
        Json::Object(members) => members.values().any(|member| any_text(member, holds)),
        _ => false,
    }
}

/// A path of a field that leads nowhere.
pub(crate) fn not_found(world: &World<'_>, path: &PathExpression, missing: &NotFound, field: &str) -> Fault {
    if missing.is_in_nothing() {
        return Fault::runtime(missing.to_string());
    }
    Fault::runtime(format!(
        "The JSONPath '{}' specified for the field '{field}' could not be found in the input '{}'",
        path.text(),
        world.searched(path)
    ))
}
