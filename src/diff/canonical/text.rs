//! Texts that are put together: the pieces of `Fn::Sub` and `Fn::Join`, and what else can be decided of a text.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::json;

use crate::{
    json::Json,
    template::intrinsic::{Part, Place, Substitution, call, join},
};

/// The functions that give a text, or something that becomes one, and are never taken away.
const TEXTS: [&str; 8] =
    ["Ref", "Fn::GetAtt", "Fn::Sub", "Fn::Join", "Fn::Select", "Fn::ImportValue", "Fn::FindInMap", "Fn::Base64"];

/// A call of `Fn::GetAtt` in the form of a list.
pub(super) fn get_att(id: &str, attribute: &str) -> Json {
    json!({"Fn::GetAtt": [id, attribute]})
}

/// The pieces of the text that a `Fn::Sub` or `Fn::Join` gives, each canonical; none where they cannot be told.
pub(super) fn pieces(function: &str, argument: &Json, canonical: &dyn Fn(&Json) -> Json) -> Option<Vec<Json>> {
    match function {
        "Fn::Sub" => {
            let substitution = Substitution::new(argument)?;
            let piece = |part: Part<'_>| match part {
                Part::Text(text) => text.into(),
                Part::Kept(name) => format!("${{{name}}}").into(),
                Part::Name(name) => match (substitution.value(name), name.split_once('.')) {
                    (Some(value), _) => canonical(value),
                    (None, Some((id, attribute))) => get_att(id, attribute),
                    (None, None) => json!({"Ref": name}),
                },
            };
            Some(substitution.parts().map(piece).collect())
        }
        _ => {
            let (delimiter, parts) = join(argument)?;
            let parts: Vec<Json> = parts.iter().map(canonical).collect();
            if !delimiter.is_empty() && !parts.iter().all(is_text) {
                return None;
            }
            let mut pieces = Vec::with_capacity(parts.len() * 2);
            for (at, part) in parts.into_iter().enumerate() {
                if at > 0 && !delimiter.is_empty() {
                    pieces.push(delimiter.into());
                }
                pieces.push(part);
            }
            Some(pieces)
        }
    }
}

/// Whether a canonical value is a text for sure: neither a list nor nothing.
fn is_text(json: &Json) -> bool {
    match (json, call(json, Place::Other)) {
        (Json::String(_) | Json::Number(_) | Json::Bool(_), _) => true,
        (_, Some((function, argument))) => TEXTS.contains(&function) && argument != "AWS::NoValue",
        _ => false,
    }
}

/// The text of all pieces: one of them, or a `Fn::Join` without a delimiter in which no two texts follow each other.
pub(super) fn whole(pieces: Vec<Json>) -> Json {
    let mut merged: Vec<Json> = Vec::with_capacity(pieces.len());
    let mut waiting: Vec<Json> = pieces;
    waiting.reverse();
    while let Some(piece) = waiting.pop() {
        if let Some(("Fn::Join", argument)) = call(&piece, Place::Other)
            && let Some(("", inner)) = join(argument)
        {
            waiting.extend(inner.iter().rev().cloned());
            continue;
        }
        let text = match &piece {
            Json::String(text) => text.clone(),
            Json::Number(_) | Json::Bool(_) => piece.to_string(),
            _ => {
                merged.push(piece);
                continue;
            }
        };
        match merged.last_mut() {
            _ if text.is_empty() => {}
            Some(Json::String(before)) => before.push_str(&text),
            _ => merged.push(text.into()),
        }
    }
    match merged.len() {
        0 => "".into(),
        1 if is_text(&merged[0]) => merged.remove(0),
        _ => json!({"Fn::Join": ["", merged]}),
    }
}

/// The object whose JSON a text is, each piece of which that is not known stands in a string: that is then put together
/// of the same pieces. None where it is no such text.
pub(super) fn object(whole: &Json) -> Option<Json> {
    let (_, argument) = call(whole, Place::Other).filter(|(function, _)| *function == "Fn::Join")?;
    let (_, parts) = join(argument)?;
    let mut text = String::new();
    for (at, part) in parts.iter().enumerate() {
        match part {
            // As an escape, too, it is in no text.
            Json::String(part) if part.contains(HOLE) || part.to_ascii_lowercase().contains(HOLE_ESCAPED) => {
                return None;
            }
            Json::String(part) => text.push_str(part),
            _ => text.push_str(&format!("{HOLE}{at}{HOLE}")),
        }
    }
    let parsed: Json = serde_json::from_str(&text).ok()?;
    parsed.is_object().then(|| filled(parsed, parts)).flatten()
}

/// What stands for a piece: a code point that never is a character.
const HOLE: char = '\u{fdd0}';
const HOLE_ESCAPED: &str = "\\ufdd0";

/// The JSON with the pieces in their places; none where one is in a name.
fn filled(json: Json, parts: &[Json]) -> Option<Json> {
    Some(match json {
        Json::String(text) if text.contains(HOLE) => {
            let mut pieces = Vec::new();
            for (at, between) in text.split(HOLE).enumerate() {
                pieces.push(if at % 2 == 0 {
                    between.into()
                } else {
                    parts.get(between.parse::<usize>().ok()?)?.clone()
                });
            }
            whole(pieces)
        }
        Json::Array(items) => items.into_iter().map(|item| filled(item, parts)).collect::<Option<_>>()?,
        Json::Object(members) => {
            let mut complete = serde_json::Map::new();
            for (key, member) in members {
                if key.contains(HOLE) {
                    return None;
                }
                complete.insert(key, filled(member, parts)?);
            }
            Json::Object(complete)
        }
        scalar => scalar,
    })
}

pub(super) fn base64(text: &str) -> String {
    STANDARD.encode(text)
}

/// The elements of a text that is split, both of which are known.
pub(super) fn split(argument: &Json) -> Option<Json> {
    match argument.as_array()?.as_slice() {
        [Json::String(delimiter), Json::String(text)] if !delimiter.is_empty() => {
            Some(text.split(delimiter.as_str()).map(Json::from).collect())
        }
        _ => None,
    }
}

/// The element of a list that is selected, where its place is known.
pub(super) fn select(argument: &Json) -> Option<Json> {
    let [index, Json::Array(items)] = argument.as_array()?.as_slice() else { return None };
    let index = index.as_str().and_then(|text| text.parse().ok()).or_else(|| index.as_u64())?;
    items.get(usize::try_from(index).ok()?).cloned()
}

/// The argument of a function, one element of which is a number, whether it is written as one or as a text.
pub(super) fn with_number(mut argument: Json, at: usize) -> Json {
    if let Some(number) = argument.get_mut(at).filter(|number| number.is_u64()) {
        *number = number.to_string().into();
    }
    argument
}
