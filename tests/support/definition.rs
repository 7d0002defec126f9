//! Definitions of workflows.

use serde_json::{Value as Json, json};

/// A definition of these states, which starts at the first.
pub fn of(states: Json) -> Json {
    let first = states.as_object().and_then(|states| states.keys().next()).cloned();
    json!({"StartAt": first, "States": states})
}
