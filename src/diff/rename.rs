//! Renames: a resource that has another logical id and nothing else that differs, and is made anew for it.

use std::collections::BTreeMap;

use super::model::{Change, Rename, ResourceChange};
use crate::json::Json;

/// The resources that were renamed; each pairs one that is removed with one that is added.
pub(super) fn renames(changes: &[ResourceChange]) -> Vec<Rename> {
    let mut removed: BTreeMap<(&str, String), Vec<&str>> = BTreeMap::new();
    for change in changes.iter().rev().filter(|change| change.change == Change::Removed && change.quiet.is_none()) {
        if let Some(what) = what(change.before.as_ref()) {
            removed.entry((&change.kind, what)).or_default().push(&change.id);
        }
    }
    let added = changes.iter().filter(|change| change.change == Change::Added && change.quiet.is_none());
    added
        .filter_map(|change| {
            let what = what(change.after.as_ref())?;
            let from = removed.get_mut(&(change.kind.as_str(), what))?.pop()?;
            Some(Rename {
                from: from.to_owned(),
                to: change.id.clone(),
                kind: change.kind.clone(),
                remedy: remedy(from),
            })
        })
        .collect()
}

/// The properties as a text in which the order of keys does not count.
fn what(resource: Option<&Json>) -> Option<String> {
    let resource = resource?.as_object()?;
    let mut sorted = resource.get("Properties").cloned().unwrap_or_else(|| Json::Object(serde_json::Map::new()));
    sorted.sort_all_objects();
    Some(sorted.to_string())
}

fn remedy(from: &str) -> String {
    format!(
        "keep the logical id `{from}`, or move the resource with a stack refactoring (`aws cloudformation \
         create-stack-refactor`) before the update"
    )
}
