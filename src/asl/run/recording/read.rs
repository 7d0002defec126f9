//! Reading of histories: pages of events, in their order.

use std::collections::BTreeMap;

use serde_json::Deserializer;

use crate::json::Json;

/// The events of a text, by their ids.
pub(super) fn events(text: &str) -> Result<Vec<Json>, String> {
    let mut events = BTreeMap::new();
    let mut is_empty = true;
    for document in Deserializer::from_str(text.trim_start_matches('\u{feff}')).into_iter::<Json>() {
        is_empty = false;
        for event in of_page(document.map_err(|error| error.to_string())?)? {
            let position = events.len();
            if !event.is_object() {
                return Err(format!("the event {position} is no object; expected one with `id` and `type`"));
            }
            let id = event["id"].as_u64().filter(|id| *id > 0);
            let id = id.ok_or_else(|| format!("the event {position} has no `id`; expected a number from 1 on"))?;
            if !event["type"].is_string() {
                return Err(format!("the event {id} has no `type`; expected one such as `TaskStateEntered`"));
            }
            // A page that is there twice says the same twice.
            if let Some(before) = events.insert(id, event)
                && before != events[&id]
            {
                return Err(format!("two events have the id {id}; expected the history of one execution"));
            }
        }
    }
    match is_empty {
        true => Err("it is empty; expected what `aws stepfunctions get-execution-history` prints".to_owned()),
        false => Ok(events.into_values().collect()),
    }
}

fn of_page(page: Json) -> Result<Vec<Json>, String> {
    match page {
        Json::Object(mut page) => match page.remove("events") {
            Some(Json::Array(events)) => Ok(events),
            _ => Err("it has no list `events`; expected what `get-execution-history` prints".to_owned()),
        },
        Json::Array(items) => {
            let is_page = |item: &Json| item.get("events").is_some();
            match items.iter().any(is_page) {
                true => items.into_iter().map(of_page).collect::<Result<Vec<_>, _>>().map(|pages| pages.concat()),
                false => Ok(items),
            }
        }
        _ => Err("it holds no events; expected what `aws stepfunctions get-execution-history` prints".to_owned()),
    }
}
