//! Finds a resource type in the text of the tables, and reads its lines.
//!
//! A resource type begins at the left margin. Below it, one column in, stand the short facts about it, then its
//! properties, its definitions and its rules; two columns in stands a property a line. A type is found by its line,
//! without an index that would have to be made or kept. Types whose structs are always there stand in the tables beside
//! them, all others in the archive of the registry.
//!
//! ```text
//! AWS::SQS::Queue
//!  ref QueueUrl
//!  attributes Arn:string QueueName:string QueueUrl:string
//!  createOnly FifoQueue QueueName
//!  properties - closed
//!   DelaySeconds integer 0..900
//!   KmsMasterKeyId string {"anyOf":[{"format":"AWS::KMS::Key.Arn"},{"format":"AWS::KMS::Key.Id"}]}
//!   Tags [#Tag]
//!  #Tag object closed
//!   Key! string 1..128
//! ```

use std::{
    collections::BTreeMap,
    sync::{LazyLock, OnceLock},
};

use memchr::memmem;
use serde::Deserialize;

use super::model::{Definition, Inner, Properties, Rule, Schema, Type};
use crate::{aws::TABLES, data::registry};

/// The name of a resource type as the tables have it, and the lines from there on.
pub(super) fn find(type_name: &str) -> Option<(&'static str, &'static str)> {
    let service = type_name.split("::").nth(1)?;
    let with_structs = TABLES.binary_search_by_key(&service, |(name, _)| name).ok();
    let found = with_structs.and_then(|position| search(TABLES[position].1, type_name));
    found.or_else(|| search(registry::table(service)?, type_name))
}

/// Searches the text of a service for the line that is the name alone.
fn search<'a>(text: &'a str, type_name: &str) -> Option<(&'a str, &'a str)> {
    if type_name.contains(char::is_whitespace) {
        return None;
    }
    let line = format!("\n{type_name}\n");
    let start = if text.starts_with(&line[1..]) { 0 } else { memmem::find(text.as_bytes(), line.as_bytes())? + 1 };
    text[start..].split_once('\n')
}

/// The lines of an entry, without those that follow it.
pub(super) fn entry(lines: &str) -> impl Iterator<Item = &str> {
    lines.split_terminator('\n').take_while(|line| line.starts_with(' '))
}

/// The names of all types, sorted.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    static NAMES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
        let texts = TABLES.iter().map(|(_, text)| *text);
        let with_structs = texts.flat_map(|text| text.lines().filter(|line| !line.starts_with([' ', '#'])));
        let mut names: Vec<&str> = with_structs.chain(registry::names()).collect();
        names.sort_unstable();
        names
    });
    NAMES.iter().copied()
}

/// An attribute and its type: `Arn:string`.
pub(super) fn attribute(word: &'static str) -> Option<(&'static str, Type)> {
    let (name, ty) = word.rsplit_once(':')?;
    Some((name, type_named(ty)?))
}

fn type_named(word: &str) -> Option<Type> {
    Some(match word {
        "string" => Type::String,
        "integer" => Type::Integer,
        "number" => Type::Number,
        "boolean" => Type::Boolean,
        "array" => Type::Array,
        "object" => Type::Object,
        _ => return None,
    })
}

/// The properties of a type, and where its definitions stand.
pub(super) fn properties(lines: &'static str) -> Properties {
    let mut root = Schema::default();
    let mut definitions = BTreeMap::new();
    let mut rest = lines;
    while let Some((line, after)) = rest.split_once('\n').filter(|(line, _)| line.starts_with(' ')) {
        if let Some(words) = line.strip_prefix(" properties ") {
            root = object(words, after);
        } else if let Some(words) = line.strip_prefix(" #") {
            let name = words.split_once(' ').map_or(words, |(name, _)| name);
            definitions.insert(name, Definition { lines: rest, read: OnceLock::new() });
        }
        rest = after;
    }
    Properties { root, definitions }
}

/// The schema of a definition, from its line on.
pub(super) fn definition(lines: &'static str) -> Schema {
    let (line, after) = lines.split_once('\n').unwrap_or((lines, ""));
    object(named(line.trim_start_matches([' ', '#'])).1, after)
}

/// A schema with the properties that follow it, a line each.
fn object(words: &'static str, lines: &'static str) -> Schema {
    let mut object = Schema::read(words);
    for property in lines.split_terminator('\n').map_while(|line| line.strip_prefix("  ")) {
        let (name, words) = named(property);
        let required = name.strip_suffix('!');
        object.required.extend(required.map(str::to_owned));
        object.properties.insert(required.unwrap_or(name).to_owned(), Inner::new(words));
    }
    object
}

/// The rules of a type.
pub(super) fn rules(lines: &'static str) -> Vec<Rule> {
    let rules = entry(lines).filter_map(|line| line.strip_prefix(" rule "));
    rules.map(|line| rule(line).expect("bindgen writes rules with their schemas at the end")).collect()
}

/// A rule; its schema can be long, and is left as it is.
fn rule(line: &'static str) -> Option<Rule> {
    #[derive(Deserialize)]
    struct Head {
        id: String,
        at: String,
        says: String,
    }
    // No text has this within: its quotes would have backslashes.
    let (head, schema) = line.strip_suffix('}')?.split_once(",\"schema\":")?;
    let Head { id, at, says } = serde_json::from_str(&format!("{head}}}")).ok()?;
    Some(Rule { id, at, says, schema: Inner::new(schema) })
}

fn named(line: &str) -> (&str, &str) {
    line.split_once(' ').expect("bindgen writes a type behind each name")
}

impl Schema {
    /// The schema that a table has in words, in JSON, or in both: `integer 0..900 {"multipleOf":60}`, `[#Tag] ..50`,
    /// `object closed`, `false`.
    pub(super) fn read(text: &'static str) -> Self {
        let (words, keywords) = text.split_at(text.find('{').unwrap_or(text.len()));
        let mut schema = match keywords {
            "" => Self::default(),
            keywords => serde_json::from_str(keywords).expect("bindgen writes keywords as JSON"),
        };
        for word in words.split_terminator(' ') {
            if let Some(name) = word.strip_prefix('#') {
                schema.reference = Some(format!("#/definitions/{name}"));
            } else if let Some(items) = word.strip_prefix('[').and_then(|word| word.strip_suffix(']')) {
                schema.types = vec![Type::Array];
                schema.items = Some(Inner::new(items));
            } else if let Some((least, most)) = word.split_once("..") {
                range(&mut schema, least, most);
            } else {
                match word {
                    "-" | "true" => {}
                    "never" | "false" => schema.never = true,
                    "closed" => schema.additional_properties = Some(Inner::new("never")),
                    types => {
                        let types = types.split('|').map(type_named).collect::<Option<_>>();
                        schema.types = types.expect("bindgen writes no other word");
                    }
                }
            }
        }
        schema
    }
}

/// Sets the range of a schema, whose type says what it limits: characters, elements or numbers.
fn range(schema: &mut Schema, least: &str, most: &str) {
    let count = |end: &str| (!end.is_empty()).then(|| end.parse().expect("bindgen writes counts"));
    let number = |end: &str| (!end.is_empty()).then(|| end.parse().expect("bindgen writes numbers"));
    match schema.types.first() {
        Some(Type::String) => (schema.min_length, schema.max_length) = (count(least), count(most)),
        Some(Type::Array) => (schema.min_items, schema.max_items) = (count(least), count(most)),
        _ => (schema.minimum, schema.maximum) = (number(least), number(most)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_is_found_and_nothing_between_them() {
        let names = ["AWS::T::A", "AWS::T::B", "AWS::T::Bc", "AWS::T::D", "AWS::T::E"];
        let short = "\n properties -\n";
        let long = "\n ref Näme\n properties -\n  Näme string\n  Other integer 0..900\n #Tag object\n  Key! string\n";
        for which in 0..1 << names.len() {
            let entries = names.iter().enumerate().map(|(at, name)| {
                let lines = if which >> at & 1 == 1 { long } else { short };
                format!("{name}{lines}")
            });
            let text = format!("# The comment.\n{}", entries.collect::<String>());
            for (at, name) in names.iter().enumerate() {
                let (found, lines) = search(&text, name).unwrap_or_else(|| panic!("{name} is in {text}"));
                let expected = if which >> at & 1 == 1 { long } else { short };
                let length: usize = entry(lines).map(|line| line.len() + 1).sum();
                assert_eq!((found, length + 1), (*name, expected.len()));
            }
            for name in [
                "",
                "AWS::T",
                "AWS::T::",
                "AWS::T::Aa",
                "AWS::T::C",
                "AWS::T::F",
                " properties -",
                "AWS::T::A\n properties -",
            ] {
                assert_eq!(search(&text, name), None);
            }
        }
    }

    #[test]
    fn a_line_says_type_range_and_keywords() {
        let range = Schema::read(r#"integer 0..900 {"multipleOf":60}"#);
        assert_eq!((range.types.as_slice(), range.multiple_of), ([Type::Integer].as_slice(), Some(60.0)));
        assert_eq!((range.minimum, range.maximum), (Some(0.0), Some(900.0)));
        let text = Schema::read(r#"string 1.. {"pattern":"^{a}|b..c$"}"#);
        assert_eq!((text.min_length, text.max_length, text.pattern.as_deref()), (Some(1), None, Some("^{a}|b..c$")));
        let tags = Schema::read("[#Tag] ..50");
        assert_eq!((tags.min_items, tags.max_items), (None, Some(50)));
        assert_eq!(tags.items.as_ref().and_then(|items| items.reference.as_deref()), Some("#/definitions/Tag"));
        let policy = Schema::read("object|string closed");
        assert_eq!(policy.types, [Type::Object, Type::String]);
        assert!(policy.is_closed() && !Schema::read("-").is_closed());
        assert!(Schema::read("never").never && !Schema::read("-").never);
    }
}
