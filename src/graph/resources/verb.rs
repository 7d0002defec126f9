//! What someone may do, in few words.

use std::collections::BTreeSet;

/// How many actions are named; more are told by what they do.
const MOST_NAMED: usize = 2;

/// The beginnings of the names of actions, with what they do.
const READS: &[&str] = &["Get", "BatchGet", "Describe", "Query", "Scan", "Select", "Receive", "Head", "View", "Filter"];
const LISTS: &[&str] = &["List"];
const DECRYPTS: &[&str] = &["Decrypt"];

/// The label of an edge for these actions.
pub(super) fn label(actions: &BTreeSet<String>) -> String {
    let bare = |action: &String| action.split_once(':').map_or(action.as_str(), |(_, name)| name).to_owned();
    let names: BTreeSet<String> = actions.iter().map(bare).collect();
    if names.contains("*") {
        return "everything".to_owned();
    }
    if names.len() <= MOST_NAMED {
        return names.into_iter().collect::<Vec<_>>().join(", ");
    }
    let does = |beginnings: &[&str]| names.iter().any(|name| beginnings.iter().any(|begin| name.starts_with(begin)));
    let is_other = |name: &&String| ![READS, LISTS, DECRYPTS].concat().iter().any(|begin| name.starts_with(begin));
    let mut said = Vec::new();
    if does(READS) {
        said.push("read");
    } else if does(LISTS) {
        said.push("list");
    }
    if does(DECRYPTS) {
        said.push("decrypt");
    }
    let others: Vec<&String> = names.iter().filter(is_other).collect();
    match others.as_slice() {
        [] => {}
        [one] => said.push(one),
        _ => said.push("write"),
    }
    said.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn say(actions: &[&str], expected: &str) {
        assert_eq!(label(&actions.iter().map(|action| (*action).to_owned()).collect()), expected);
    }

    #[test]
    fn few_actions_are_named_and_many_told_by_what_they_do() {
        say(&["dynamodb:PutItem", "dynamodb:Query"], "PutItem, Query");
        say(&["dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan"], "read");
        say(&["s3:GetObject", "s3:PutObject", "s3:ListBucket"], "read, PutObject");
        say(&["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"], "decrypt, write");
        say(&["s3:*"], "everything");
    }
}
