//! The parts of an event that all kinds of it have.

use crate::json::Json;

/// The details of an event: its member `…EventDetails`.
pub(in crate::asl::run) fn details(event: &Json) -> &Json {
    let mut members = event.as_object().into_iter().flatten();
    members.find(|(name, _)| name.ends_with("EventDetails")).map_or(&Json::Null, |(_, details)| details)
}

/// A payload of an event: JSON in a text.
pub(super) fn payload(value: &Json) -> Option<Json> {
    serde_json::from_str(value.as_str()?).ok()
}
