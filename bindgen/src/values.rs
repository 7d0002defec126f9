//! The values that AWS documents of a string whose schema leaves it open. They become an open enumeration, as those of
//! the schema do; the tables of constraints do not have them, since the registry takes any other text too.
//!
//! In this order, the first that there is:
//! 1. all members of the API that are called like the property are the same enumeration;
//! 2. the member of the structure that is called like the property type, or of the request that creates the resource, is
//!    an enumeration;
//! 3. the API has an enumeration that is called like the property, with the name of its owner before it or not;
//! 4. the documentation of the property, or of that member, lists the values.

use serde_json::{Value as Json, json};

use crate::{
    api::{Api, Member, agreed},
    keywords::KNOWN_VALUES,
    model::{Curated, Sources},
    services::service_of,
    shape::listed,
};

/// Notes the values in the schemas.
pub fn note(sources: &mut Sources) {
    let (no_api, none) = (Api::default(), Curated::default());
    for (type_name, schema) in sources.schemas.iter_mut().chain(&mut sources.others) {
        let api = sources.apis.get(service_of(type_name)).unwrap_or(&no_api);
        let curated = sources.curated.get(type_name).unwrap_or(&none);
        let resource = type_name.rsplit("::").next().unwrap_or(type_name);
        let root = schema.clone();
        let notes = Notes { api, curated, root: &root, resource };
        notes.object("", schema);
        let definitions = schema.get_mut("definitions").and_then(Json::as_object_mut);
        for (name, definition) in definitions.into_iter().flatten() {
            notes.object(name, definition);
        }
    }
}

/// A string that may be longer is a document, and values in its description are of something inside.
const LONGEST: u64 = 1_000;

struct Notes<'a> {
    api: &'a Api,
    curated: &'a Curated,
    root: &'a Json,
    resource: &'a str,
}

impl Notes<'_> {
    /// Looks at the properties of an object, or of what a list or map holds, and of the objects inside. The owner is
    /// the property type, or the property that an object without a name is the value of; none for the resource.
    fn object(&self, owner: &str, schema: &mut Json) {
        for (wire, property) in schema.get_mut("properties").and_then(Json::as_object_mut).into_iter().flatten() {
            self.property(owner, wire, property);
        }
        for alternative in schema.get_mut("oneOf").and_then(Json::as_array_mut).into_iter().flatten() {
            self.object(owner, alternative);
        }
        let maps = schema.get_mut("patternProperties").and_then(Json::as_object_mut);
        for (_, values) in maps.into_iter().flatten() {
            self.object(owner, values);
        }
        if let Some(items) = schema.get_mut("items") {
            self.object(owner, items);
        }
    }

    fn property(&self, owner: &str, wire: &str, property: &mut Json) {
        self.object(wire, property);
        let is_list = self.resolved(property)["type"] == "array";
        let string = if is_list { property.get_mut("items") } else { Some(property) };
        let Some(string) = string else { return };
        let resolved = self.resolved(string);
        let is_word = resolved["maxLength"].as_u64().is_none_or(|most| most <= LONGEST);
        let is_text = resolved["type"] == "string" && resolved.get("format").is_none();
        let is_open = is_text && is_word && listed(resolved).is_none();
        if is_open && let Some(values) = self.values(owner, wire, is_list) {
            string[KNOWN_VALUES] = json!(values);
        }
    }

    /// The schema that a reference leads to; other keywords beside it say nothing about its values.
    fn resolved<'s>(&'s self, schema: &'s Json) -> &'s Json {
        match schema["$ref"].as_str().and_then(|target| self.root.pointer(target.trim_start_matches('#'))) {
            Some(definition) => self.resolved(definition),
            None => schema,
        }
    }

    fn values(&self, owner: &str, wire: &str, is_list: bool) -> Option<Vec<String>> {
        let fits = |values: &Vec<String>| values.len() > 1 && values.iter().all(|value| is_name(value));
        let of_api = self.values_of_api(owner, wire, is_list).filter(|values| !values.is_empty());
        let values = of_api.cloned().or_else(|| {
            let key = (owner.to_owned(), wire.to_owned());
            let curated = self.curated.documentation.get(&key).cloned();
            let of_members = self.members(owner, wire, is_list).map(|member| plain(&member.documentation));
            curated.into_iter().chain(of_members).map(|text| values_in(&text)).find(fits)
        });
        values.filter(fits)
    }

    fn values_of_api(&self, owner: &str, wire: &str, is_list: bool) -> Option<&Vec<String>> {
        let all = agreed(self.api.members(wire).filter(|member| member.is_list == is_list));
        if all.is_some_and(|values| !values.is_empty()) {
            return all;
        }
        let own = agreed(self.members(owner, wire, is_list));
        let of_owner = if owner.is_empty() { self.resource } else { owner };
        own.or_else(|| self.api.enumeration(&format!("{of_owner}{wire}"))).or_else(|| self.api.enumeration(wire))
    }

    /// The members that stand for a property: of the structure that is called like the property type, or of the
    /// resource and the requests that make and change it.
    fn members<'s>(&'s self, owner: &str, wire: &str, is_list: bool) -> impl Iterator<Item = &'s Member> {
        let names: Vec<String> = match owner {
            "" => ["Create", "Put", "Update"]
                .iter()
                .flat_map(|verb| ["Request", "Input", "Message"].map(|end| format!("{verb}{}{end}", self.resource)))
                .chain([self.resource.to_owned()])
                .collect(),
            owner => vec![owner.to_owned()],
        };
        let is_named = move |member: &&Member| names.iter().any(|name| name.eq_ignore_ascii_case(&member.owner));
        self.api.members(wire).filter(move |member| member.is_list == is_list).filter(is_named)
    }
}

/// Whether a value can give a constant its name: a word, and no number, pattern or ARN.
fn is_name(value: &str) -> bool {
    let plain = value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_:.*/-".contains(&byte));
    plain && value.starts_with(|first: char| first.is_ascii_alphabetic()) && !value.starts_with("arn:")
}

/// HTML as the Markdown that the other source has: code, items, no other tags.
fn plain(html: &str) -> String {
    let text = html.replace("<code>", "`").replace("</code>", "`").replace("<li>", "\n- ").replace("<p>", "\n");
    let mut parts = text.split('<');
    let first = parts.next().unwrap_or_default().to_owned();
    first + &parts.filter_map(|part| part.split_once('>')).map(|(_, text)| text).collect::<String>()
}

/// What a list of values begins with.
const PHRASES: [&str; 9] = [
    "valid values",
    "valid value",
    "valid options",
    "allowed values",
    "possible values",
    "supported values",
    "one of the following values",
    "one of the following string value types",
    ", one of the following",
];

/// The values that a text lists after such words: ``Valid values are `A` and `B`.``, ``Valid Values: `a | b` ``, or an
/// item each. Those of all lists, since RDS has one for each engine.
fn values_in(text: &str) -> Vec<String> {
    let lower = text.to_ascii_lowercase();
    let mut values: Vec<String> = Vec::new();
    let mut at = 0;
    while let Some((start, phrase)) =
        PHRASES.iter().filter_map(|phrase| Some((lower[at..].find(phrase)?, *phrase))).min_by_key(|(start, _)| *start)
    {
        at += start + phrase.len();
        let Some(list) = list_after(&text[at..]) else { continue };
        for code in list {
            for value in code.split('|').map(str::trim) {
                if !values.iter().any(|known| known == value) {
                    values.push(value.to_owned());
                }
            }
        }
    }
    values
}

/// The code of a list, in the items below or in the rest of the sentence.
fn list_after(rest: &str) -> Option<Vec<&str>> {
    let (between, mut list) = [" are", " is", " include", ":"]
        .iter()
        .filter_map(|begin| rest.split_once(begin))
        .min_by_key(|(between, _)| between.len())?;
    if !(between.is_empty() || between.starts_with(" for ") && !between.contains(['.', '\n', '`'])) {
        return None;
    }
    list = list.trim_start_matches(':');
    if list.trim_start().starts_with("- ") {
        let items = list.lines().map(str::trim).skip_while(|line| line.is_empty());
        return items.map_while(|line| line.strip_prefix("- ")).map(|item| codes(item).next()).collect();
    }
    let ends = [". ", ".\n", "\n\n"].iter().filter_map(|end| list.find(end));
    Some(codes(&list[..ends.min().unwrap_or(list.len())]).collect())
}

/// What stands between backticks.
fn codes(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').enumerate().filter(|(number, code)| number % 2 == 1 && !code.is_empty()).map(|(_, code)| code)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// The values of `AWS::SNS::Topic`'s property with that name, by what the sources say.
    fn noted(property: &str, schema: Json, model: Json, documentation: &str) -> Json {
        let mut api = Api::default();
        api.add(&json!({"shapes": model}));
        let documentation = BTreeMap::from([((String::new(), property.to_owned()), documentation.to_owned())]);
        let mut sources = Sources {
            provenance: String::new(),
            tables: String::new(),
            schemas: BTreeMap::from([("AWS::SNS::Topic".to_owned(), json!({"properties": {property: schema}}))]),
            others: BTreeMap::new(),
            rules: BTreeMap::new(),
            curated: BTreeMap::from([("AWS::SNS::Topic".to_owned(), Curated { documentation, ..Curated::default() })]),
            apis: BTreeMap::from([("SNS".to_owned(), api)]),
        };
        note(&mut sources);
        let property = &sources.schemas["AWS::SNS::Topic"]["properties"][property];
        property.get("items").unwrap_or(property)[KNOWN_VALUES].clone()
    }

    fn string() -> Json {
        json!({"type": "string"})
    }

    #[test]
    fn members_that_agree_say_what_the_property_may_be() {
        let structure = |shape: &str| json!({"type": "structure", "members": {"mode": {"shape": shape}}});
        let model = |other: &str| {
            json!({
                "One": structure("Mode"), "CreateTopicInput": structure(other),
                "Mode": {"type": "string", "enum": ["ON", "OFF"]}, "Text": {"type": "string"},
            })
        };
        assert_eq!(noted("Mode", string(), model("Mode"), ""), json!(["ON", "OFF"]));
        assert_eq!(noted("Mode", string(), model("Text"), ""), Json::Null, "the request takes any text");
        assert_eq!(noted("Mode", json!({"type": "string", "enum": ["ON"]}), model("Mode"), ""), Json::Null);
        assert_eq!(noted("Other", string(), model("Mode"), ""), Json::Null);
    }

    #[test]
    fn where_members_differ_that_of_the_same_structure_counts() {
        let model = json!({
            "Other": {"type": "structure", "members": {"Mode": {"shape": "Colour"}}},
            "Topic": {"type": "structure", "members": {"Mode": {"shape": "Switch"}}},
            "Colour": {"type": "string", "enum": ["RED", "BLUE"]}, "Switch": {"type": "string", "enum": ["ON", "OFF"]},
        });
        assert_eq!(noted("Mode", string(), model, ""), json!(["ON", "OFF"]));
    }

    #[test]
    fn a_list_of_strings_has_the_values_in_its_items() {
        let model = json!({
            "CreateTopicInput": {"type": "structure", "members": {"modes": {"shape": "Modes"}}},
            "Modes": {"type": "list", "member": {"shape": "Mode"}}, "Mode": {"type": "string", "enum": ["ON", "OFF"]},
        });
        let list = json!({"type": "array", "items": string()});
        assert_eq!(noted("Modes", list, model, ""), json!(["ON", "OFF"]));
    }

    #[test]
    fn numbers_and_arns_are_no_enumeration() {
        for value in ["1.0", "arn:aws:sns:region:account-id:topic", "a b"] {
            let model = json!({"FifoMode": {"type": "string", "enum": ["ON", value]}});
            assert_eq!(noted("FifoMode", string(), model, ""), Json::Null, "{value}");
        }
    }

    #[test]
    fn documentation_lists_values_in_a_sentence_or_as_items() {
        for (text, values) in [
            ("The API protocol. Valid values are `WEBSOCKET` or `HTTP` . Required unless `Body` is.", "WEBSOCKET HTTP"),
            ("Valid Values: `gp2 | gp3 | io1`\n\nDefault: `io1` , if `Iops` is set", "gp2 gp3 io1"),
            ("Valid values:\n\n- `mariadb`\n- `mysql` (not `maria`)\n\nOther `text`.", "mariadb mysql"),
            (
                "*Aurora*\n\nValid values: `audit` , `error`\n\n*Postgres*\n\nValid values: `postgresql`",
                "audit error postgresql",
            ),
            ("By one of the following string value types:\n\n- `A` (default) - The `x` .\n- `B` - y.", "A B"),
            ("For valid values, see [Method](https://docs.aws.amazon.com/a) , `A` , `B` .", ""),
            ("The template, one of the following:\n\n- `A` to use `x` .\n- `B` .", "A B"),
            ("You must specify exactly one of the following: `CidrIp` , `CidrIpv6` .", ""),
            ("A valid value is what `A` and `B` are.", "A B"),
        ] {
            assert_eq!(values_in(text).join(" "), values, "{text}");
        }
        let html =
            plain("<p>The type. Valid values are <code>NONE</code> for all, <code>IAM</code> for <b>some</b>.</p>");
        assert_eq!(values_in(&html), ["NONE", "IAM"]);
    }
}
