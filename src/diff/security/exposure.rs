//! Protections that are properties: public access, authorization, encryption, secrets that are not shown.

use std::collections::BTreeMap;

use super::{
    change::{Change, Direction, Rank},
    read::{Entry, Reader},
    row::{ROWS, Report, Row},
};
use crate::{
    diagnostic::Path,
    json::{Json, Pointer, walk},
    template::{
        Template,
        intrinsic::{Place, Substitution, call},
    },
};

/// What the resources of a template lose or gain in protection.
pub(super) fn changes(entries: [&[Entry<'_>]; 2], readers: &[Reader<'_>; 2], found: &mut Vec<Change>) {
    let [old, new] = entries;
    let [of_old, of_new] = entries.map(|all| all.iter().map(|entry| (entry.id, entry)).collect::<BTreeMap<_, _>>());
    for entry in new {
        let before = of_old.get(entry.id).copied().filter(|before| before.kind == entry.kind);
        if before.is_some_and(|before| before.properties == entry.properties) {
            continue;
        }
        for row in ROWS.iter().filter(|row| row.kind == entry.kind) {
            found.extend(resource(row, before, entry));
        }
        if let Some(before) = before {
            plain_secret(before, entry, readers, found);
        }
    }
    for entry in old.iter().filter(|entry| !of_new.contains_key(entry.id)) {
        for row in ROWS.iter().filter(|row| row.kind == entry.kind) {
            // What a new resource would be said to gain is lost with it.
            found.extend(resource(row, None, entry).map(|change| Change {
                direction: Direction::Lost,
                sentence: format!("{} {}: it is removed", entry.id, row.closed),
                old: change.new,
                new: None,
                ..change
            }));
        }
    }
}

fn resource(row: &Row, before: Option<&Entry<'_>>, entry: &Entry<'_>) -> Option<Change> {
    let is_open = (row.is_open)(entry.properties);
    let was_open = match (before, row.report) {
        (Some(before), _) => (row.is_open)(before.properties),
        (None, Report::Always) => Some(false),
        (None, Report::WhereWritten) if !entry.properties[row.property].is_null() => Some(false),
        (None, _) => return None,
    };
    let (direction, certain) = match (was_open, is_open) {
        (Some(false), Some(true)) => (Direction::Gained, true),
        (Some(true), Some(false)) => (Direction::Lost, true),
        (Some(false), None) | (None, Some(true)) => (Direction::Gained, false),
        (Some(true), None) | (None, Some(false)) => (Direction::Lost, false),
        _ => return None,
    };
    let says = if direction == Direction::Gained { row.open } else { row.closed };
    let path = |entry: &Entry<'_>| entry.path().join(row.property);
    Some(change(row.rank, direction, certain, entry.id, row.property, says, [before.map(path), Some(path(entry))]))
}

fn change(
    rank: Rank,
    direction: Direction,
    certain: bool,
    id: &str,
    property: &str,
    says: &str,
    [old, new]: [Option<Path>; 2],
) -> Change {
    let sentence = match certain {
        true => format!("{id} {says}"),
        false => format!("perhaps {id} {says}: `{property}` is known only when it is deployed"),
    };
    let who = if rank == Rank::Public { "everyone" } else { "" }.to_owned();
    let (actions, resources, conditions) = (Vec::new(), vec![id.to_owned()], Vec::new());
    Change { rank, direction, certain, who, actions, resources, conditions, old, new, sentence }
}

/// A secret that was a reference to where it is kept, and is written out now.
fn plain_secret(before: &Entry<'_>, entry: &Entry<'_>, readers: &[Reader<'_>; 2], found: &mut Vec<Change>) {
    const SECRETS: [&str; 8] = [
        "AuthToken",
        "MasterPassword",
        "MasterUserPassword",
        "Password",
        "SecretAccessKey",
        "SecretString",
        "Value",
        "ClientSecret",
    ];
    let is_there = |key: &&str| [before, entry].iter().all(|side| !side.properties[*key].is_null());
    for key in SECRETS.into_iter().filter(is_there) {
        let texts =
            [(before, &readers[0]), (entry, &readers[1])].map(|(entry, reader)| reader.text(&entry.properties[key]));
        let is_kept = |text: &str| text.contains("{{resolve:secretsmanager:") || text.contains("{{resolve:ssm-secure:");
        let is_plain =
            |entry: &Entry<'_>, text: &str| entry.properties[key].is_string() && !text.is_empty() && !is_kept(text);
        let paths = [Some(before.path().join(key)), Some(entry.path().join(key))];
        let mut report = |direction, says: String| {
            found.push(change(Rank::Wider, direction, true, entry.id, key, &says, paths.clone()));
        };
        if is_kept(&texts[0]) && is_plain(entry, &texts[1]) {
            report(Direction::Gained, format!("has its `{key}` written out in the template"));
        } else if is_plain(before, &texts[0]) && is_kept(&texts[1]) {
            report(Direction::Lost, format!("has its `{key}` no longer written out in the template"));
        }
    }
}

/// Parameters that are shown, and outputs that show them.
pub(super) fn parameters(old: &Template, new: &Template, found: &mut Vec<Change>) {
    let is_hidden = |parameter: &Json| parameter["NoEcho"].as_bool().unwrap_or_else(|| parameter["NoEcho"] == "true");
    let hidden = |template: &Template| -> Vec<String> {
        let all = template.section("Parameters").filter(|(_, parameter)| is_hidden(parameter));
        all.map(|(name, _)| name.to_owned()).collect()
    };
    let [before, after] = [hidden(old), hidden(new)];
    for (name, _) in new.section("Parameters") {
        let path = Path::from("Parameters").join(name).join("NoEcho");
        let was_there = old.section("Parameters").any(|(known, _)| known == name);
        let [was, is] = [&before, &after].map(|all| all.iter().any(|known| known == name));
        let paths = [Some(path.clone()), Some(path)];
        match (was, is) {
            (true, false) => found.push(change(
                Rank::Wider,
                Direction::Gained,
                true,
                name,
                "NoEcho",
                "is shown to everyone who may describe the stack",
                paths,
            )),
            (false, true) if was_there => found.push(change(
                Rank::Wider,
                Direction::Lost,
                true,
                name,
                "NoEcho",
                "is hidden from everyone who may describe the stack",
                paths,
            )),
            _ => {}
        }
    }
    let shown = |template: &Template, names: &[String]| -> Vec<(String, String)> {
        let outputs = template.section("Outputs");
        outputs.flat_map(|(id, output)| shows(&output["Value"], names).map(|name| (id.to_owned(), name))).collect()
    };
    let sides = [shown(old, &before), shown(new, &after)];
    for (direction, from, to) in [(Direction::Gained, 0, 1), (Direction::Lost, 1, 0)] {
        for (id, name) in sides[to].iter().filter(|shown| !sides[from].contains(shown)) {
            let path = Some(Path::from("Outputs").join(id).join("Value"));
            let (says, paths) = match direction {
                Direction::Gained => ("shows", [None, path]),
                Direction::Lost => ("no longer shows", [path, None]),
            };
            let says = format!("{says} the parameter {name}, which is hidden elsewhere");
            found.push(change(Rank::Wider, direction, true, id, "Value", &says, paths));
        }
    }
}

/// The first of some parameters that a value has.
fn shows(value: &Json, names: &[String]) -> Option<String> {
    let mut found = None;
    walk(value, &Pointer::START, &mut |inner, _| {
        let named: Vec<&str> = match call(inner, Place::Other) {
            Some(("Ref", Json::String(name))) => vec![name.as_str()],
            Some(("Fn::Sub", argument)) => {
                Substitution::new(argument).into_iter().flat_map(|sub| sub.names()).collect()
            }
            _ => Vec::new(),
        };
        if let Some(name) = named.into_iter().find(|name| names.iter().any(|known| known == name)) {
            found.get_or_insert_with(|| name.to_owned());
        }
    });
    found
}
