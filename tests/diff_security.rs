//! What a change of a template lets whom do: pairs with the expected verdict, and verdicts against brute force.

#![expect(clippy::panic, reason = "a pair that cannot be read is named")]

#[path = "diff_security/brute_force.rs"]
mod brute_force;

use std::{fs, path::Path};

use formwork::{
    diff::security::{Change, Direction},
    json,
    template::Template,
};
use serde::Deserialize;
use serde_json::Value;

/// A file of pairs.
#[derive(Deserialize)]
struct File {
    /// What is around the texts of all pairs, at `@`.
    around: String,
    cases: Vec<Case>,
}

/// A pair of templates.
#[derive(Deserialize)]
struct Case {
    case: String,
    old: String,
    new: String,
    /// The changes, as `line` writes them; `any` where it is enough that it ends.
    changes: Expected,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Expected {
    Lines(Vec<String>),
    Any(String),
}

fn files() -> Vec<(String, File)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diff_security");
    let entries = fs::read_dir(folder).expect("the folder is there").map(|entry| entry.expect("it can be read").path());
    let mut paths: Vec<_> =
        entries.filter(|path| path.extension().is_some_and(|extension| extension == "yaml")).collect();
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        let text = fs::read_to_string(path).expect("it can be read");
        let name = path.file_stem().expect("it has a name").to_string_lossy().into_owned();
        (name, serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
    };
    paths.iter().map(read).collect()
}

fn template(around: &str, text: &str, case: &str) -> Template {
    // What has several lines keeps the indent of the first.
    let indent = around.lines().find(|line| line.contains('@')).map_or(0, |line| line.len() - line.trim_start().len());
    let text = text.trim_end().replace('\n', &format!("\n{}", " ".repeat(indent)));
    let whole = around.replace('@', &text);
    Template::parse(&whole).unwrap_or_else(|error| panic!("{case}: {error}\n{whole}"))
}

fn line(change: &Change) -> String {
    let direction = match (change.direction, change.certain) {
        (Direction::Gained, true) => "gained",
        (Direction::Gained, false) => "may gain",
        (Direction::Lost, true) => "lost",
        (Direction::Lost, false) => "may lose",
    };
    let rank = serde_json::to_value(change.rank).expect("a rank is a word");
    let list = |items: &[String]| format!("[{}]", items.join(" "));
    let words = [
        direction.to_owned(),
        rank.as_str().unwrap_or_default().to_owned(),
        change.who.clone(),
        if change.actions.is_empty() { String::new() } else { list(&change.actions) },
        list(&change.resources),
    ];
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn security(old: &Template, new: &Template) -> Vec<Change> {
    formwork::diff::diff(old, new).security
}

#[test]
fn every_pair_has_its_verdict() {
    let (mut count, mut wrong) = (0, Vec::new());
    for (file, pairs) in files() {
        for pair in pairs.cases {
            count += 1;
            let at = format!("{file}: {}", pair.case);
            let [old, new] = [&pair.old, &pair.new].map(|text| template(&pairs.around, text, &at));
            let mut found: Vec<String> = security(&old, &new).iter().map(line).collect();
            let mut expected = match pair.changes {
                Expected::Lines(lines) => lines,
                Expected::Any(word) => {
                    assert_eq!(word, "any");
                    continue;
                }
            };
            found.sort();
            expected.sort();
            if found != expected {
                wrong.push(format!(
                    "{at}\n  found    {}\n  expected {}",
                    found.join("\n           "),
                    expected.join("\n           ")
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count >= 60, "{count} pairs");
}

#[test]
fn a_template_and_itself_differ_in_nothing_and_the_other_way_round_gains_are_losses() {
    for (file, pairs) in files() {
        for pair in pairs.cases {
            let at = format!("{file}: {}", pair.case);
            let [old, new] = [&pair.old, &pair.new].map(|text| template(&pairs.around, text, &at));
            assert_eq!(security(&new, &new), [], "{at}");
            let gained = |changes: &[Change], direction: Direction| {
                let some = changes.iter().filter(|change| change.direction == direction);
                let mut some: Vec<_> =
                    some.map(|change| (change.who.clone(), change.actions.clone(), change.resources.clone())).collect();
                some.sort();
                some
            };
            let (there, back) = (security(&old, &new), security(&new, &old));
            assert_eq!(gained(&there, Direction::Gained), gained(&back, Direction::Lost), "{at}");
        }
    }
}

/// Puts something foreign in the place of each value in turn, and hands on the outcome.
fn spoil(json: &mut Value, visit: &mut dyn FnMut(&Value)) {
    for pointer in pointers(json) {
        for foreign in
            [json!(null), json!(7), json!("*"), json!([[{}], []]), json!({"Fn::GetAtt": []}), json!({"Fn::If": ["C"]})]
        {
            let Some(place) = json.pointer_mut(&pointer) else { continue };
            let kept = std::mem::replace(place, foreign);
            visit(json);
            *json.pointer_mut(&pointer).expect("it was there") = kept;
        }
    }
}

fn pointers(json: &Value) -> Vec<String> {
    let inner: Vec<(String, &Value)> = match json {
        Value::Array(items) => items.iter().enumerate().map(|(at, item)| (at.to_string(), item)).collect(),
        Value::Object(members) => {
            members.iter().map(|(key, value)| (key.replace('~', "~0").replace('/', "~1"), value)).collect()
        }
        _ => Vec::new(),
    };
    let below =
        inner.into_iter().flat_map(|(key, value)| pointers(value).into_iter().map(move |rest| format!("/{key}{rest}")));
    [String::new()].into_iter().chain(below).collect()
}

#[test]
fn foreign_values_in_any_place_are_no_reason_to_stop() {
    let mut count = 0;
    // One pair of each file has what all of its others have, more or less.
    for (file, pairs) in files() {
        for pair in pairs.cases.iter().rev().take(2) {
            let at = format!("{file}: {}", pair.case);
            let [old, new] = [&pair.old, &pair.new].map(|text| template(&pairs.around, text, &at));
            let mut json = new.as_json().clone();
            spoil(&mut json, &mut |json| {
                count += 1;
                if let Ok(foreign) = Template::parse(&json.to_string()) {
                    security(&old, &foreign);
                    security(&foreign, &old);
                }
            });
        }
    }
    assert!(count > 1000, "{count}");
}

#[test]
fn every_sentence_reads_well() {
    let mut text = String::new();
    for (file, pairs) in files() {
        for pair in pairs.cases {
            let at = format!("{file}: {}", pair.case);
            let [old, new] = [&pair.old, &pair.new].map(|text| template(&pairs.around, text, &at));
            text.push_str(&format!("{at}\n"));
            for change in security(&old, &new) {
                let path = |path: &Option<formwork::diagnostic::Path>| {
                    path.as_ref().map_or("-".to_owned(), ToString::to_string)
                };
                text.push_str(&format!("  {}\n    {} > {}\n", change.sentence, path(&change.old), path(&change.new)));
            }
        }
    }
    insta::with_settings!({snapshot_path => "diff_security", prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!("sentences", text);
    });
}
