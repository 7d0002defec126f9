//! Brings the schemas into the forms that the rest knows: references that lead in a circle are marked, and what says
//! the same as a reference becomes one.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

use crate::{keywords::RECURSIVE, model::Sources};

/// Brings all schemas into these forms.
pub fn apply(sources: &mut Sources) {
    for schema in sources.schemas.values_mut().chain(sources.others.values_mut()) {
        simplify(schema);
        mark(schema);
    }
}

/// A group of which all must hold, and of which one is a reference and the others say nothing of the form, is that
/// reference; what is one of several references is it too, where all are the same.
fn simplify(schema: &mut Json) {
    match schema {
        Json::Array(items) => items.iter_mut().for_each(simplify),
        Json::Object(keywords) => {
            if !keywords.contains_key("type")
                && !keywords.contains_key("properties")
                && let Some(target) = only(keywords)
            {
                keywords.shift_remove("allOf");
                keywords.insert("$ref".to_owned(), target);
            }
            keywords.values_mut().for_each(simplify);
        }
        _ => {}
    }
}

/// The one reference of a group.
fn only(keywords: &Map<String, Json>) -> Option<Json> {
    let parts = keywords.get("allOf")?.as_array()?;
    let (references, others): (Vec<&Json>, Vec<&Json>) = parts.iter().partition(|part| part.get("$ref").is_some());
    let says_nothing = |part: &Json| {
        part.as_object().is_some_and(|part| part.keys().all(|keyword| keyword == "default" || keyword == "description"))
    };
    match references.as_slice() {
        [one] if others.iter().all(|part| says_nothing(part)) => one.get("$ref").cloned(),
        _ => None,
    }
}

/// Marks each reference that leads back to a definition which it is in: without those there is no circle.
fn mark(root: &mut Json) {
    let mut search = Search { root: root.clone(), above: Vec::new(), done: BTreeSet::new(), back: Vec::new() };
    let properties = search.root["properties"].clone();
    search.look(&properties, "/properties");
    for place in search.back {
        if let Some(reference) = root.pointer_mut(&place) {
            reference[RECURSIVE] = true.into();
        }
    }
}

/// A search in depth over the definitions, each of which is entered once.
struct Search {
    root: Json,
    above: Vec<String>,
    done: BTreeSet<String>,
    /// Where the references stand that lead back.
    back: Vec<String>,
}

impl Search {
    fn look(&mut self, schema: &Json, place: &str) {
        match schema {
            Json::Array(items) => {
                for (number, item) in items.iter().enumerate() {
                    self.look(item, &format!("{place}/{number}"));
                }
            }
            Json::Object(keywords) => {
                if let Some(target) = keywords.get("$ref").and_then(Json::as_str) {
                    self.follow(target, place);
                }
                for (keyword, value) in keywords {
                    self.look(value, &format!("{place}/{}", keyword.replace('~', "~0").replace('/', "~1")));
                }
            }
            _ => {}
        }
    }

    fn follow(&mut self, target: &str, place: &str) {
        if self.above.iter().any(|above| above == target) {
            self.back.push(place.to_owned());
        } else if self.done.insert(target.to_owned()) {
            let pointer = target.trim_start_matches('#').to_owned();
            let definition = self.root.pointer(&pointer).cloned().unwrap_or_default();
            self.above.push(target.to_owned());
            self.look(&definition, &pointer);
            self.above.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_reference_back_is_marked_and_no_other() {
        let mut schema = json!({
            "properties": {"Rule": {"$ref": "#/definitions/Statement"}, "Scope": {"$ref": "#/definitions/Not"}},
            "definitions": {
                "Statement": {"properties": {
                    "Not": {"$ref": "#/definitions/Not"},
                    "All": {"type": "array", "items": {"$ref": "#/definitions/Statement"}},
                }},
                "Not": {"properties": {"Statement": {"$ref": "#/definitions/Statement"}}},
            },
        });
        let before = schema.clone();
        mark(&mut schema);
        let mut expected = before;
        expected["definitions"]["Not"]["properties"]["Statement"][RECURSIVE] = true.into();
        expected["definitions"]["Statement"]["properties"]["All"]["items"][RECURSIVE] = true.into();
        assert_eq!(schema, expected);
    }

    #[test]
    fn a_reference_with_a_default_is_a_reference() {
        let mut schema = json!({"properties": {
            "Type": {"allOf": [{"$ref": "#/definitions/Type"}, {"default": "A"}], "description": "What."},
            "Both": {"allOf": [{"$ref": "#/definitions/Type"}, {"minLength": 1}]},
        }});
        simplify(&mut schema);
        assert_eq!(
            schema["properties"],
            json!({
                "Type": {"description": "What.", "$ref": "#/definitions/Type"},
                "Both": {"allOf": [{"$ref": "#/definitions/Type"}, {"minLength": 1}]},
            })
        );
    }
}
