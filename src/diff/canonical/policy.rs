//! Policy documents: statements and their elements in an order of their own, a single value as a list of one.

use serde_json::Map as Object;

use crate::json::Json;

/// The elements of a statement that hold a value, or several.
const LISTS: [&str; 4] = ["Action", "NotAction", "Resource", "NotResource"];

/// Puts a policy document into its canonical form; nothing else is changed.
pub(super) fn normalize(document: &mut Object<String, Json>) {
    let Some(statement) = document.get_mut("Statement") else { return };
    if statement.get("Effect").is_some() {
        *statement = Json::Array(vec![statement.take()]);
    }
    let Json::Array(statements) = statement else { return };
    if !statements.iter().all(|statement| statement.get("Effect").is_some()) {
        return;
    }
    for statement in statements.iter_mut().filter_map(Json::as_object_mut) {
        for (element, value) in statement {
            match element.as_str() {
                element if LISTS.contains(&element) => set(value),
                "Principal" | "NotPrincipal" => each(value, &mut set),
                "Condition" => each(value, &mut |operator| each(operator, &mut set)),
                _ => {}
            }
        }
    }
    statements.sort_by_cached_key(Json::to_string);
}

fn each(json: &mut Json, change: &mut dyn FnMut(&mut Json)) {
    json.as_object_mut().into_iter().flatten().for_each(|(_, member)| change(member));
}

/// Makes a set of a value or several, sorted, each once.
fn set(json: &mut Json) {
    let mut values = match json.take() {
        Json::Array(values) => values,
        single => vec![single],
    };
    for value in &mut values {
        if value.is_boolean() || value.is_number() {
            *value = value.to_string().into();
        }
    }
    values.sort_by_cached_key(Json::to_string);
    values.dedup();
    *json = Json::Array(values);
}
