//! The JSON reader.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::Map;

use super::refusal::{DEEPEST, duplicate, too_deep};
use crate::{
    json::Json,
    template::{
        ParseError,
        mark::{Marked, of_json},
    },
};

/// The value that a text of JSON holds, with its positions; `subject` is what messages call the text.
pub(super) fn read(text: &str, subject: &'static str) -> Result<Marked, serde_json::Error> {
    Ok((value(text, subject)?, of_json(text)))
}

/// The value alone.
pub(super) fn value(text: &str, subject: &'static str) -> Result<Json, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let json = Node { depth: 0, subject }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(json)
}

impl From<serde_json::Error> for ParseError {
    fn from(error: serde_json::Error) -> Self {
        let place = format!(" at line {} column {}", error.line(), error.column());
        let text = error.to_string();
        let message = text.strip_suffix(&place).unwrap_or(&text);
        let message = if error.is_data() { message.to_owned() } else { format!("not JSON: {message}") };
        Self { message, line: Some(error.line()), column: Some(error.column().max(1)) }
    }
}

/// A JSON value that refuses duplicate keys, which `serde_json` lets pass.
#[derive(Clone, Copy)]
struct Node {
    depth: usize,
    /// The name of what is being read, for messages.
    subject: &'static str,
}

impl Node {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        match self.depth < DEEPEST {
            true => Ok(Self { depth: self.depth + 1, ..self }),
            false => Err(E::custom(too_deep(self.subject))),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Node {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let node = self.deeper()?;
        let mut list = Vec::new();
        while let Some(value) = access.next_element_seed(node)? {
            list.push(value);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let node = self.deeper()?;
        let mut map = Map::new();
        while let Some(key) = access.next_key::<String>()? {
            if map.contains_key(&key) {
                return Err(A::Error::custom(duplicate(&key)));
            }
            map.insert(key, access.next_value_seed(node)?);
        }
        Ok(map.into())
    }
}
