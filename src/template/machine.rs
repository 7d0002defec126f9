//! The state machines of a template: what the definition of each is, as far as the template says.

#[cfg(test)]
mod tests;

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
};

use serde_json::Map as Object;

use super::{
    Template,
    intrinsic::{LOOP, Part, Place, Substitution, TRANSFORM, attribute, call, is_function, join},
    read::definition_string,
    token::{fill, value_of},
};
use crate::{diagnostic::Path, json::Json};

/// A state machine of a template.
pub(crate) struct StateMachine<'a> {
    pub logical_id: &'a str,
    /// The property that holds the definition: `Resources/Machine/Properties/DefinitionString`.
    pub path: Path,
    pub definition: Result<Definition<'a>, Unread>,
    pub substitutions: Substitutions<'a>,
    /// Whether its type is known to be `EXPRESS`.
    pub express: bool,
}

/// `DefinitionSubstitutions`.
#[derive(Clone, Copy)]
pub(crate) enum Substitutions<'a> {
    /// None where there is no such property.
    Known(Option<&'a Object<String, Json>>),
    /// A function stands in place of the map.
    Unknown,
}

impl<'a> Substitutions<'a> {
    /// Each token with its value, as far as they are known.
    pub fn iter(self) -> impl Iterator<Item = (&'a str, &'a Json)> {
        let known = match self {
            Self::Known(known) => known,
            Self::Unknown => None,
        };
        known.into_iter().flatten().map(|(token, value)| (token.as_str(), value))
    }
}

/// A definition that can be read, with a `${Token}` in place of whatever CloudFormation puts there.
pub(crate) struct Definition<'a> {
    pub json: Cow<'a, Json>,
    pub opaque: Opaque,
    /// The tokens that stood for integrations, `arn:aws:states:::sns:publish`: their ARNs are in the JSON.
    pub integrations: BTreeSet<&'a str>,
}

/// What stands between each `${` of a text and the next brace.
pub(crate) fn tokens_in(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("${").filter_map(|(at, begin)| text[at + begin.len()..].split_once('}')).map(|(name, _)| name)
}

/// Why there is no definition to read.
#[derive(Debug, PartialEq)]
pub(crate) enum Unread {
    /// It is no JSON, and why.
    NotJson(String),
    /// It lies in a file on this computer, whose name is relative to that of the template.
    InFile(String),
    /// It lies in S3, a macro or a function makes it, or there is none.
    Elsewhere,
}

/// The tokens of a definition whose values nobody knows before it is deployed.
#[derive(Debug, Default)]
pub(crate) struct Opaque {
    /// Those that stand for something of the template, with that.
    references: Vec<(String, String)>,
    /// The names of these.
    names: HashSet<String>,
    /// Those of `DefinitionSubstitutions` that stand for a whole value: a number, or an object.
    values: Vec<String>,
}

impl Opaque {
    /// The tokens that stand for something of the template, with what they read: `Topic`, `Queue.Arn`.
    pub fn references(&self) -> impl Iterator<Item = (&str, &str)> {
        self.references.iter().map(|(name, reads)| (name.as_str(), reads.as_str()))
    }

    /// The names of the tokens that stand for something of the template, of those that the text has.
    pub fn references_in(&self, text: &str) -> impl Iterator<Item = &str> {
        tokens_in(text).filter_map(|name| self.names.get(name).map(String::as_str))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.references.is_empty() && self.values.is_empty()
    }
}

/// The state machines of a template, in its order: those of CloudFormation and of the Serverless Application Model.
pub(crate) fn state_machines(template: &Template) -> impl Iterator<Item = StateMachine<'_>> {
    state_machines_with(template, &[])
}

/// The same, where some tokens have a value that stands for a whole one of the JSON.
pub(crate) fn state_machines_with<'a>(
    template: &'a Template,
    values: &'a [(String, String)],
) -> impl Iterator<Item = StateMachine<'a>> {
    template.section("Resources").filter_map(|(id, resource)| {
        let is_serverless = match resource["Type"].as_str()? {
            "AWS::StepFunctions::StateMachine" => false,
            "AWS::Serverless::StateMachine" => true,
            _ => return None,
        };
        Some(state_machine(id, &resource["Properties"], is_serverless, values))
    })
}

fn state_machine<'a>(
    logical_id: &'a str,
    properties: &'a Json,
    is_serverless: bool,
    values: &'a [(String, String)],
) -> StateMachine<'a> {
    let substitutions = match &properties["DefinitionSubstitutions"] {
        Json::Null => Substitutions::Known(None),
        Json::Object(map) if !map.keys().any(|key| is_function(key)) => Substitutions::Known(Some(map)),
        _ => Substitutions::Unknown,
    };
    let taken = substitutions.iter().map(|(token, _)| token).collect();
    let mut tokens = Tokens { taken, found: Opaque::default(), known: HashMap::new(), numbers: HashMap::new(), values };
    // The name of a file is what `aws cloudformation package` and SAM take; after them it is a place in S3.
    let location = if is_serverless { "DefinitionUri" } else { "DefinitionS3Location" };
    let file = properties[location].as_str().filter(|file| !file.starts_with("s3://"));
    let (property, json) = match &properties["Definition"] {
        Json::Null => match file {
            Some(file) => (location, Err(Unread::InFile(file.to_owned()))),
            None => ("DefinitionString", tokens.text(&properties["DefinitionString"])),
        },
        // Whatever else it is, it is taken for the definition: an object, or what is none.
        json => ("Definition", tokens.object(json).ok_or(Unread::Elsewhere)),
    };
    // A function that gives the whole of it leaves a token.
    let json = json.and_then(|json| match json.is_string() && !tokens.found.is_empty() {
        true => Err(Unread::Elsewhere),
        false => Ok(json),
    });
    StateMachine {
        logical_id,
        path: Path::from("Resources").join(logical_id).join("Properties").join(property),
        definition: json.map(|json| {
            let values: BTreeMap<&str, String> =
                substitutions.iter().filter_map(|(token, value)| Some((token, integration(value)?))).collect();
            let mut integrations = BTreeSet::new();
            let json = match values.is_empty() {
                true => json,
                false => Cow::Owned(put(json.into_owned(), &values, &mut integrations)),
            };
            Definition { json, opaque: tokens.found, integrations }
        }),
        substitutions,
        express: properties[if is_serverless { "Type" } else { "StateMachineType" }] == "EXPRESS",
    }
}

/// The ARN of an integration that a value is. It exists in every partition; here it is that of `aws`.
fn integration(value: &Json) -> Option<String> {
    let arn = known_text(value)?;
    let (partition, _) = arn.strip_prefix("arn:")?.split_once(":states:::")?;
    (!partition.contains(':')).then_some(arn)
}

/// The text of a value that reads nothing but the partition.
fn known_text(value: &Json) -> Option<String> {
    match (value, call(value, Place::Other)) {
        (Json::String(text), _) => Some(text.clone()),
        (_, Some(("Ref", name))) => (name == "AWS::Partition").then(|| "aws".to_owned()),
        (_, Some(("Fn::Sub", Json::String(text)))) => {
            Some(text.replace("${AWS::Partition}", "aws")).filter(|text| !text.contains("${"))
        }
        (_, Some(("Fn::Join", argument))) => {
            let (delimiter, parts) = join(argument)?;
            let parts = parts.iter().map(known_text).collect::<Option<Vec<_>>>();
            parts.map(|parts| parts.join(delimiter))
        }
        _ => None,
    }
}

/// The definition with values in place of the texts that are a token and nothing else; `used` has the tokens then.
fn put<'a>(json: Json, values: &BTreeMap<&'a str, String>, used: &mut BTreeSet<&'a str>) -> Json {
    match json {
        Json::String(text) => {
            let name = text.strip_prefix("${").and_then(|text| text.strip_suffix('}'));
            let Some((token, value)) = name.and_then(|name| values.get_key_value(name)) else {
                return Json::String(text);
            };
            used.insert(token);
            value.as_str().into()
        }
        Json::Array(items) => items.into_iter().map(|item| put(item, values, used)).collect(),
        Json::Object(members) => members.into_iter().map(|(key, member)| (key, put(member, values, used))).collect(),
        plain => plain,
    }
}

/// Makes tokens, and finds the one that stands for the same.
struct Tokens<'a> {
    /// The names that substitutions have.
    taken: BTreeSet<&'a str>,
    found: Opaque,
    /// The places of the tokens by what they read.
    known: HashMap<String, usize>,
    /// The number that a name takes next.
    numbers: HashMap<String, u32>,
    values: &'a [(String, String)],
}

/// A part of a text.
enum Piece<'a> {
    Known(Cow<'a, str>),
    Token(String),
}

impl Piece<'_> {
    fn text(self) -> String {
        match self {
            Self::Known(text) => text.into_owned(),
            Self::Token(name) => format!("${{{name}}}"),
        }
    }
}

impl<'a> Tokens<'a> {
    /// A definition that is an object, without intrinsics; none where a macro or a loop writes a part of it.
    fn object(&mut self, json: &'a Json) -> Option<Cow<'a, Json>> {
        match (has(json, &|key| key == TRANSFORM || key.starts_with(LOOP)), has(json, &is_function)) {
            (true, _) => None,
            (false, false) => Some(Cow::Borrowed(json)),
            (false, true) => Some(Cow::Owned(self.resolve(json))),
        }
    }

    fn resolve(&mut self, json: &'a Json) -> Json {
        if let Some((function, argument)) = call(json, Place::Other) {
            let pieces = self.pieces(json).unwrap_or_else(|| vec![self.whole(function, argument)]);
            // A number that is read in place of a whole value is one.
            if let [Piece::Token(name)] = pieces.as_slice()
                && let Some(number) = value_of(self.values, name).and_then(|value| serde_json::from_str(value).ok())
            {
                return Json::Number(number);
            }
            return pieces.into_iter().map(Piece::text).collect::<String>().into();
        }
        match json {
            Json::Array(items) => items.iter().map(|item| self.resolve(item)).collect(),
            Json::Object(members) => members.iter().map(|(key, member)| (key.clone(), self.resolve(member))).collect(),
            plain => plain.clone(),
        }
    }

    /// A definition that is a text, or a function that gives one.
    fn text(&mut self, json: &'a Json) -> Result<Cow<'a, Json>, Unread> {
        if let Some(("Fn::ToJsonString", object)) = call(json, Place::Other) {
            return self.object(object).ok_or(Unread::Elsewhere);
        }
        let pieces = match json {
            Json::String(_) => self.pieces(json),
            _ => call(json, Place::Other)
                .filter(|(function, _)| ["Fn::Sub", "Fn::Join"].contains(function))
                .and_then(|_| self.pieces(json)),
        };
        let (text, bare) = self.assemble(pieces.ok_or(Unread::Elsewhere)?);
        match definition_string(&text) {
            Ok(json) => Ok(Cow::Owned(json)),
            // A token may stand for any part of the text: a list of members, say.
            Err(_) if bare => Err(Unread::Elsewhere),
            Err(error) => Err(Unread::NotJson(error.to_string())),
        }
    }

    /// The text that a value becomes; none where it cannot become one that is known here.
    fn pieces(&mut self, json: &'a Json) -> Option<Vec<Piece<'a>>> {
        let known = |text: Cow<'a, str>| Some(vec![Piece::Known(text)]);
        match json {
            Json::String(text) => return known(text.into()),
            Json::Number(_) | Json::Bool(_) => return known(json.to_string().into()),
            _ => {}
        }
        let (function, argument) = call(json, Place::Other)?;
        match function {
            TRANSFORM => return None,
            "Fn::Sub" => {
                if let Some(substitution) = Substitution::new(argument) {
                    return self.substitute(substitution);
                }
            }
            "Fn::Join" => {
                // A list that a function gives has a length that nobody knows.
                if let Some((delimiter, parts)) = join(argument) {
                    return self.join(delimiter, parts);
                }
            }
            _ => {}
        }
        let reads = match (function, attribute(argument)) {
            ("Ref", _) => argument.as_str().map(str::to_owned),
            ("Fn::GetAtt", Some((id, Some(attribute)))) => Some(format!("{id}.{attribute}")),
            _ => None,
        };
        Some(vec![match reads {
            Some(reads) => Piece::Token(self.token(&reads, &reads)),
            None => self.whole(function, argument),
        }])
    }

    /// The token that stands for a call, whatever it gives.
    fn whole(&mut self, function: &str, argument: &Json) -> Piece<'a> {
        let name = function.strip_prefix("Fn::").unwrap_or(function);
        Piece::Token(self.token(name, &format!("{name} {argument}")))
    }

    fn substitute(&mut self, substitution: Substitution<'a>) -> Option<Vec<Piece<'a>>> {
        let mut pieces = Vec::new();
        for part in substitution.parts() {
            match part {
                Part::Text(text) => pieces.push(Piece::Known(text.into())),
                Part::Kept(name) => pieces.push(Piece::Known(format!("${{{name}}}").into())),
                Part::Name(name) => match substitution.value(name) {
                    Some(value) => pieces.extend(self.pieces(value)?),
                    None => pieces.push(Piece::Token(self.token(name, name))),
                },
            }
        }
        Some(pieces)
    }

    fn join(&mut self, delimiter: &'a str, parts: &'a [Json]) -> Option<Vec<Piece<'a>>> {
        let mut pieces = Vec::new();
        for (position, part) in parts.iter().enumerate() {
            if position > 0 {
                pieces.push(Piece::Known(delimiter.into()));
            }
            pieces.extend(self.pieces(part)?);
        }
        Some(pieces)
    }

    /// The token that stands for what is read: its letters and digits, with a number where they are taken.
    fn token(&mut self, name: &str, reads: &str) -> String {
        if let Some(known) = self.known.get(reads) {
            return self.found.references[*known].0.clone();
        }
        let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        let mut name = plain.clone();
        while self.taken.contains(&*name) || self.found.names.contains(&name) {
            let number = self.numbers.entry(plain.clone()).or_insert(1);
            *number += 1;
            name = format!("{plain}{number}");
        }
        self.known.insert(reads.to_owned(), self.found.references.len());
        self.found.names.insert(name.clone());
        self.found.references.push((name.clone(), reads.to_owned()));
        name
    }

    /// The text with its tokens, and whether one that has no value stands outside of the strings of the JSON. There it
    /// is put between quotes: it stands for a value.
    fn assemble(&mut self, pieces: Vec<Piece<'_>>) -> (String, bool) {
        let filled = fill(&pieces.into_iter().map(Piece::text).collect::<String>(), self.values);
        let is_bare = !filled.unknown.is_empty();
        let names = &self.found.names;
        let own = filled.unknown.into_iter().filter(|name| !names.contains(name));
        self.found.values.extend(own);
        (filled.text, is_bare)
    }
}

/// Whether an object in it has such a key.
fn has(json: &Json, wanted: &dyn Fn(&str) -> bool) -> bool {
    match json {
        Json::Array(items) => items.iter().any(|item| has(item, wanted)),
        Json::Object(members) => members.iter().any(|(key, member)| wanted(key) || has(member, wanted)),
        _ => false,
    }
}
