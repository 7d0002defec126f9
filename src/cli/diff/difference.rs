//! What differs within a value, part by part: members by their names, elements in pairs, so that a line shows what is
//! different and not what is around it.

use std::collections::BTreeMap;

use crate::{
    json::Json,
    template::intrinsic::{Place, call},
};

/// A part of a value that differs.
#[derive(Debug, PartialEq)]
pub(super) struct Difference<'a> {
    /// The place below the value, `Statement[Read]/Action`; empty where it is the value itself.
    pub path: String,
    pub kind: Kind,
    pub before: Option<&'a Json>,
    pub after: Option<&'a Json>,
}

/// How a part differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Changed,
    Removed,
    Added,
    /// The elements of a list are the same, in another order.
    Moved,
}

/// Levels of a value that are gone into: what differs further down is shown as a whole.
const MOST_LEVELS: usize = 12;

/// Pairs of elements that are looked at for two lists: longer lists are shown as a whole.
const MOST_PAIRS: usize = 100_000;

/// The members that name an element among the others, whatever else it has.
const NAMES: [&str; 12] = [
    "Sid",
    "PolicyName",
    "Key",
    "Name",
    "Id",
    "DeviceName",
    "AttributeName",
    "IndexName",
    "ParameterKey",
    "LogicalName",
    "RuleName",
    "OriginId",
];

/// How much of two elements is the same, of 100, where they are taken for one that changed.
const ALIKE: usize = 30;

/// The same for two elements that have names, and not the same one.
const ALIKE_BESIDE_THE_NAME: usize = 75;

/// The parts that differ; none where one value is the list of nothing but the other.
pub(super) fn differences<'a>(before: &'a Json, after: &'a Json) -> Vec<Difference<'a>> {
    let mut found = Vec::new();
    descend(String::new(), [before, after], 0, &mut found);
    found
}

/// The path of a part below that of the value.
pub(super) fn join(path: &str, below: &str) -> String {
    let slash = if path.is_empty() || below.is_empty() || below.starts_with('[') { "" } else { "/" };
    format!("{path}{slash}{below}")
}

fn descend<'a>(path: String, sides: [&'a Json; 2], level: usize, found: &mut Vec<Difference<'a>>) {
    let [before, after] = sides;
    if before == after {
        return;
    }
    let is_plain = sides.iter().all(|side| call(side, Place::Other).is_none() && !side.is_null());
    match (before, after) {
        (Json::Object(old), Json::Object(new)) if is_plain && level < MOST_LEVELS => {
            for (key, old) in old {
                let path = join(&path, key);
                match new.get(key) {
                    Some(new) => descend(path, [old, new], level + 1, found),
                    None => found.push(Difference { path, kind: Kind::Removed, before: Some(old), after: None }),
                }
            }
            let added = new.iter().filter(|(key, _)| !old.contains_key(*key));
            found.extend(added.map(|(key, new)| Difference {
                path: join(&path, key),
                kind: Kind::Added,
                before: None,
                after: Some(new),
            }));
        }
        // One element may stand without its list.
        (Json::Array(_), _) | (_, Json::Array(_)) if is_plain && level < MOST_LEVELS => {
            let lists = sides.map(|side| side.as_array().map_or(std::slice::from_ref(side), Vec::as_slice));
            elements(path, sides, lists, level, found);
        }
        _ => found.push(Difference { path, kind: Kind::Changed, before: Some(before), after: Some(after) }),
    }
}

fn elements<'a>(
    path: String,
    sides: [&'a Json; 2],
    lists: [&'a [Json]; 2],
    level: usize,
    found: &mut Vec<Difference<'a>>,
) {
    let [old, new] = lists;
    let whole = |kind| Difference { path: path.clone(), kind, before: Some(sides[0]), after: Some(sides[1]) };
    if old.len().saturating_mul(new.len()) > MOST_PAIRS {
        return found.push(whole(Kind::Changed));
    }
    let (old_left, new_left) = left(old, new);
    if old_left.is_empty() && new_left.is_empty() {
        if sides.iter().all(|side| side.is_array()) {
            found.push(whole(Kind::Moved));
        }
        return;
    }
    let pairs = pairs(old, &old_left, new, &new_left);
    for at in &old_left {
        match pairs.get(at) {
            Some(other) => {
                let label = match name(&old[*at]).filter(|named| name(&new[*other]) == Some(*named)) {
                    Some((_, name)) => format!("[{name}]"),
                    // The only one of both needs no number.
                    None if old.len() == 1 && new.len() == 1 && !new[0].is_object() => String::new(),
                    None => other.to_string(),
                };
                descend(join(&path, &label), [&old[*at], &new[*other]], level + 1, found);
            }
            None => {
                found.push(Difference { path: path.clone(), kind: Kind::Removed, before: Some(&old[*at]), after: None })
            }
        }
    }
    let added = new_left.iter().filter(|at| pairs.values().all(|paired| paired != *at));
    found.extend(added.map(|at| Difference {
        path: path.clone(),
        kind: Kind::Added,
        before: None,
        after: Some(&new[*at]),
    }));
}

/// The places of the elements that the other list has not, each element counted.
fn left(old: &[Json], new: &[Json]) -> (Vec<usize>, Vec<usize>) {
    let mut new_left: Vec<usize> = (0..new.len()).collect();
    let old_left = (0..old.len()).filter(|at| match new_left.iter().position(|other| old[*at] == new[*other]) {
        Some(place) => {
            new_left.remove(place);
            false
        }
        None => true,
    });
    let old_left = old_left.collect();
    (old_left, new_left)
}

/// The elements of two lists that are taken for one that changed: those of one name, then those most alike.
fn pairs(old: &[Json], old_left: &[usize], new: &[Json], new_left: &[usize]) -> BTreeMap<usize, usize> {
    let mut scores = Vec::new();
    let is_alone = old_left.len() == 1 && new_left.len() == 1;
    let of_new: Vec<_> = new_left.iter().map(|at| leaves(&new[*at])).collect();
    for at in old_left {
        let of_old = leaves(&old[*at]);
        for (place, other) in new_left.iter().enumerate() {
            let (one, two) = (&old[*at], &new[*other]);
            let names = (name(one), name(two));
            let score = similarity(&of_old, &of_new[place]);
            let least = match names {
                (Some((one, _)), Some((two, _))) if one == two && one != "Sid" => ALIKE_BESIDE_THE_NAME,
                _ if is_alone => 0,
                _ => ALIKE,
            };
            let is_same = names.0.is_some() && names.0 == names.1;
            // What is no object is alike where nothing else is left.
            let fits = if one.is_object() && two.is_object() { score >= least } else { is_alone };
            if is_same || fits {
                scores.push((!is_same, usize::MAX - score, *at, *other));
            }
        }
    }
    scores.sort_unstable();
    let mut found = BTreeMap::new();
    let mut taken = std::collections::BTreeSet::new();
    for (_, _, at, other) in scores {
        if !found.contains_key(&at) && taken.insert(other) {
            found.insert(at, other);
        }
    }
    found
}

/// What names an element: the member, and its text.
fn name(json: &Json) -> Option<(&'static str, &str)> {
    NAMES.iter().find_map(|name| Some((*name, json.get(name)?.as_str()?)))
}

/// The scalars of a value with the names that lead to them, sorted; as many as are worth looking at.
fn leaves(json: &Json) -> Vec<String> {
    const MOST: usize = 200;
    let mut found = Vec::new();
    let mut waiting = vec![(String::new(), json)];
    while let Some((path, json)) = waiting.pop() {
        if found.len() >= MOST {
            break;
        }
        match json {
            Json::Array(items) => waiting.extend(items.iter().map(|item| (path.clone(), item))),
            Json::Object(members) => {
                waiting.extend(members.iter().map(|(key, member)| (format!("{path}/{key}"), member)));
            }
            scalar => found.push(format!("{path}={scalar}")),
        }
    }
    found.sort_unstable();
    found
}

/// How much of two values is the same, of 100.
fn similarity(one: &[String], other: &[String]) -> usize {
    let (mut at, mut common) = (0, 0_usize);
    for leaf in one {
        while other.get(at).is_some_and(|known| known < leaf) {
            at += 1;
        }
        if other.get(at) == Some(leaf) {
            (at, common) = (at + 1, common + 1);
        }
    }
    (200 * common).checked_div(one.len() + other.len()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn assert_lines(before: &Json, after: &Json, expected: &[&str]) {
        let lines: Vec<String> = differences(before, after)
            .iter()
            .map(|one| {
                let [before, after] =
                    [one.before, one.after].map(|side| side.map_or_else(String::new, ToString::to_string));
                match one.kind {
                    Kind::Changed => format!("{}: {before} → {after}", one.path),
                    Kind::Removed => format!("- {}: {before}", one.path),
                    Kind::Added => format!("+ {}: {after}", one.path),
                    Kind::Moved => format!("{}: moved", one.path),
                }
            })
            .collect();
        assert_eq!(lines, expected);
    }

    #[test]
    fn a_part_is_named_by_what_leads_to_it() {
        assert_lines(
            &json!({"a": {"b": 1, "c": 2}}),
            &json!({"a": {"b": 3, "d": 4}}),
            &["a/b: 1 → 3", "- a/c: 2", "+ a/d: 4"],
        );
        assert_lines(&json!(1), &json!(2), &[": 1 → 2"]);
        let functions = [json!({"Ref": "A"}), json!({"Ref": "B"})];
        assert_lines(&functions[0], &functions[1], &[": {\"Ref\":\"A\"} → {\"Ref\":\"B\"}"]);
    }

    #[test]
    fn elements_are_paired_by_their_names_and_by_what_they_have() {
        let tag = |key: &str, value: &str| json!({"Key": key, "Value": value});
        assert_lines(
            &json!([tag("a", "1"), tag("b", "2"), tag("c", "3")]),
            &json!([tag("b", "2"), tag("a", "9"), tag("d", "3")]),
            &["[a]/Value: \"1\" → \"9\"", "- : {\"Key\":\"c\",\"Value\":\"3\"}", "+ : {\"Key\":\"d\",\"Value\":\"3\"}"],
        );
        let retrier = |errors: &[&str], attempts: u8| json!({"ErrorEquals": errors, "MaxAttempts": attempts});
        assert_lines(
            &json!([retrier(&["A", "B"], 2), retrier(&["States.ALL"], 1)]),
            &json!([retrier(&["C"], 7), retrier(&["A", "B"], 5), retrier(&["States.ALL"], 1)]),
            &["1/MaxAttempts: 2 → 5", "+ : {\"ErrorEquals\":[\"C\"],\"MaxAttempts\":7}"],
        );
    }

    #[test]
    fn statements_are_gone_into() {
        let policy = |sid: &str, actions: Json| {
            json!([{"PolicyName": "p", "PolicyDocument": {"Statement": [
                {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": "*"},
            ]}}])
        };
        assert_lines(
            &policy("Read", json!("s3:GetObject")),
            &policy("Read", json!(["s3:GetObject", "s3:PutObject"])),
            &["+ [p]/PolicyDocument/Statement[Read]/Action: \"s3:PutObject\""],
        );
        assert_lines(
            &policy("Read", json!("a:B")),
            &policy("See", json!("a:B")),
            &["[p]/PolicyDocument/Statement/0/Sid: \"Read\" → \"See\""],
        );
    }

    #[test]
    fn another_order_is_said_and_a_list_of_one_is_that_one() {
        assert_lines(&json!(["a", "b"]), &json!(["b", "a"]), &[": moved"]);
        assert_lines(&json!("a"), &json!(["a"]), &[]);
        assert_lines(&json!("a"), &json!(["b"]), &[": \"a\" → \"b\""]);
        assert_lines(&json!(["a", "b"]), &json!(["c", "b"]), &["0: \"a\" → \"c\""]);
        assert_lines(&json!(["a", "b"]), &json!(["c", "d"]), &["- : \"a\"", "- : \"b\"", "+ : \"c\"", "+ : \"d\""]);
    }

    #[test]
    fn what_is_deep_or_long_is_shown_as_a_whole() {
        let deep = |end: u8| (0..300).fold(json!(end), |inner, _| json!([inner]));
        assert_eq!(differences(&deep(1), &deep(2)).len(), 1);
        let long = |from: usize| (from..from + 1_000).map(|number| json!(number)).collect::<Json>();
        assert_eq!(differences(&long(0), &long(500)).len(), 1);
    }
}
