//! JSON as `$parse` reads it: a text may stand in single quotes, and no key twice in an object.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number};

use crate::json::Json;

/// The value of a text; none if it is no JSON.
pub(super) fn json(text: &str) -> Option<Json> {
    let Unique(json) = serde_json::from_str(&in_double_quotes(text)).ok()?;
    Some(json)
}

/// The text with double quotes where it has single ones.
fn in_double_quotes(text: &str) -> String {
    let mut new = String::with_capacity(text.len());
    let mut open = None;
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match (letter, open) {
            ('\\', Some(_)) => match letters.next() {
                Some('\'') => new.push('\''),
                Some(escaped) => new.extend(['\\', escaped]),
                None => new.push('\\'),
            },
            ('"', Some('\'')) => new.push_str("\\\""),
            ('"' | '\'', None) => {
                open = Some(letter);
                new.push('"');
            }
            (letter, Some(quote)) if letter == quote => {
                open = None;
                new.push('"');
            }
            (letter, _) => new.push(letter),
        }
    }
    new
}

/// A value in which no object has a key twice.
struct Unique(Json);

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader).map(Unique)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Json;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(Number::from_f64(value).map_or(Json::Null, Json::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::String(value.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut array = Vec::new();
        while let Some(Unique(item)) = items.next_element()? {
            array.push(item);
        }
        Ok(Json::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json, A::Error> {
        let mut object = Map::new();
        while let Some((key, Unique(member))) = members.next_entry::<String, Unique>()? {
            if object.insert(key, member).is_some() {
                return Err(A::Error::custom("a key twice"));
            }
        }
        Ok(Json::Object(object))
    }
}
