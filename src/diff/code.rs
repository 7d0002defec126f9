//! Texts of several lines that differ, such as the code of a function: as a unified diff.

use similar::TextDiff;

use super::model::{Change, CodeChange, ResourceChange};
use crate::{
    json::Json,
    template::intrinsic::{Place, call},
};

/// Lines of a text that stay the same, and are shown around one that does not.
const CONTEXT: usize = 3;

/// The texts of several lines that differ.
pub(super) fn changes(resources: &[ResourceChange]) -> Vec<CodeChange> {
    let changed = resources.iter().filter(|change| change.change == Change::Changed);
    let properties = changed.flat_map(|change| change.properties.iter().map(move |property| (change, property)));
    properties
        .filter_map(|(change, property)| {
            let [before, after] = [text(property.before.as_ref())?, text(property.after.as_ref())?];
            let is_code = before != after && (before.trim_end().contains('\n') || after.trim_end().contains('\n'));
            is_code.then(|| CodeChange {
                id: change.id.clone(),
                path: property.path.clone(),
                unified: unified(before, after),
            })
        })
        .collect()
}

/// The text of a value: its own, or that of the functions around it.
fn text(json: Option<&Json>) -> Option<&str> {
    let mut here = json?;
    loop {
        here = match (here, call(here, Place::Other)) {
            (Json::String(text), _) => return Some(text),
            (_, Some(("Fn::Base64", inner))) => inner,
            (_, Some(("Fn::Sub", inner))) => match inner {
                Json::Array(parts) => parts.first()?,
                inner => inner,
            },
            _ => return None,
        };
    }
}

/// The difference of two texts, by lines.
pub(super) fn unified(before: &str, after: &str) -> String {
    TextDiff::from_lines(before, after).unified_diff().context_radius(CONTEXT).to_string()
}
