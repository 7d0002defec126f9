//! The state machines of a template: what the definition of each is, as far as the template says.

use std::borrow::Cow;

use serde_json::Map as Object;

use super::{
    Template,
    intrinsic::{LOOP, Part, Place, Substitution, TRANSFORM, attribute, call, is_function, join},
    read::definition_string,
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
}

/// Why there is no definition to read.
#[derive(Debug, PartialEq)]
pub(crate) enum Unread {
    /// It is no JSON, and why.
    NotJson(String),
    /// It lies in S3, a macro or a function makes it, or there is none.
    Elsewhere,
}

/// The tokens of a definition whose values nobody knows before it is deployed.
#[derive(Debug, Default)]
pub(crate) struct Opaque {
    /// Those that stand for something of the template, with that.
    references: Vec<(String, String)>,
    /// Those of `DefinitionSubstitutions` that stand for a whole value: a number, or an object.
    values: Vec<String>,
}

impl Opaque {
    /// The names of the tokens that stand for something of the template, of those that the text has.
    pub fn references_in(&self, text: &str) -> impl Iterator<Item = &str> {
        let names = self.references.iter().map(|(name, _)| name.as_str());
        names.filter(move |name| text.contains(&format!("${{{name}}}")))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.references.is_empty() && self.values.is_empty()
    }
}

/// The state machines of a template, in its order.
pub(crate) fn state_machines(template: &Template) -> impl Iterator<Item = StateMachine<'_>> {
    template
        .section("Resources")
        .filter(|(_, resource)| resource["Type"] == "AWS::StepFunctions::StateMachine")
        .map(|(id, resource)| state_machine(id, &resource["Properties"]))
}

fn state_machine<'a>(logical_id: &'a str, properties: &'a Json) -> StateMachine<'a> {
    let substitutions = match &properties["DefinitionSubstitutions"] {
        Json::Null => Substitutions::Known(None),
        Json::Object(map) if !map.keys().any(|key| is_function(key)) => Substitutions::Known(Some(map)),
        _ => Substitutions::Unknown,
    };
    let mut tokens = Tokens { taken: substitutions, found: Opaque::default() };
    let (property, json) = match &properties["Definition"] {
        Json::Null => ("DefinitionString", tokens.text(&properties["DefinitionString"])),
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
        definition: json.map(|json| Definition { json, opaque: tokens.found }),
        substitutions,
        express: properties["StateMachineType"] == "EXPRESS",
    }
}

/// Makes tokens, and finds the one that stands for the same.
struct Tokens<'a> {
    /// The names that substitutions have.
    taken: Substitutions<'a>,
    found: Opaque,
}

/// A part of a text.
enum Piece<'a> {
    Known(Cow<'a, str>),
    Token(String),
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
            let text = |piece| match piece {
                Piece::Known(text) => text.into_owned(),
                Piece::Token(name) => format!("${{{name}}}"),
            };
            let pieces = self.pieces(json).unwrap_or_else(|| vec![self.whole(function, argument)]);
            return pieces.into_iter().map(text).collect::<String>().into();
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
        let (text, bare) = self.assemble(&pieces.ok_or(Unread::Elsewhere)?);
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
        if let Some((known, _)) = self.found.references.iter().find(|(_, other)| other == reads) {
            return known.clone();
        }
        let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        let is_free = |name: &String| {
            !self.taken.iter().any(|(known, _)| known == name)
                && !self.found.references.iter().any(|(known, _)| known == name)
        };
        let numbered = (2u32..).map(|number| format!("{plain}{number}"));
        let name = std::iter::once(plain.clone()).chain(numbered).find(is_free).unwrap_or_default();
        self.found.references.push((name.clone(), reads.to_owned()));
        name
    }

    /// The text with its tokens, and whether one stands outside of the strings of the JSON. There it is put between
    /// quotes: it stands for a value.
    fn assemble(&mut self, pieces: &[Piece<'_>]) -> (String, bool) {
        let mut text = String::new();
        let (mut inside, mut bare) = (false, false);
        let mut quote = |text: &mut String, name: &str, inside: bool| {
            let mark = if inside { "" } else { "\"" };
            text.extend([mark, "${", name, "}", mark]);
            bare |= !inside;
        };
        for piece in pieces {
            let mut rest: &str = match piece {
                Piece::Token(name) => {
                    quote(&mut text, name, inside);
                    continue;
                }
                Piece::Known(known) => known,
            };
            // Up to the next letter that changes what is inside of a string.
            while let Some(at) = rest.find(if inside { ['"', '\\'] } else { ['"', '$'] }) {
                let (before, mark) = rest.split_at(at);
                text.push_str(before);
                let own =
                    mark.strip_prefix("${").and_then(|mark| mark.split_once('}')).filter(|(name, _)| is_token(name));
                let width = match (mark.as_bytes()[0], own) {
                    (b'"', _) => {
                        inside = !inside;
                        1
                    }
                    (b'\\', _) => 1 + mark[1..].chars().next().map_or(0, char::len_utf8),
                    (_, Some((name, after))) => {
                        quote(&mut text, name, false);
                        self.found.values.push(name.to_owned());
                        rest = after;
                        continue;
                    }
                    (_, None) => 1,
                };
                text.push_str(&mark[..width]);
                rest = &mark[width..];
            }
            text.push_str(rest);
        }
        (text, bare)
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

/// Whether it can be the name of a substitution.
fn is_token(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Path and definition, or why there is none; then the tokens that are opaque.
    fn read(properties: Json) -> (String, Result<Json, Unread>, Vec<String>) {
        let resource = json!({"Type": "AWS::StepFunctions::StateMachine", "Properties": properties});
        let template = Template::new(json!({"Resources": {"M": resource}}));
        let machine = state_machines(&template).next().unwrap();
        match machine.definition {
            Ok(Definition { json, opaque }) => {
                let references = opaque.references.into_iter().map(|(name, reads)| format!("{name} = {reads}"));
                (machine.path.to_string(), Ok(json.into_owned()), references.chain(opaque.values).collect())
            }
            Err(why) => (machine.path.to_string(), Err(why), Vec::new()),
        }
    }

    fn text_of(text: Json) -> (Result<Json, Unread>, Vec<String>) {
        let (path, read, tokens) = read(json!({"DefinitionString": text}));
        assert_eq!(path, "Resources/M/Properties/DefinitionString");
        (read, tokens)
    }

    #[test]
    fn a_definition_is_an_object_or_a_text() {
        let definition = json!({"StartAt": "A", "States": {"A": {"Type": "Succeed", "Comment": "${Own}"}}});
        let (path, read, tokens) = read(json!({"Definition": definition, "DefinitionString": "unused"}));
        assert_eq!((path.as_str(), read), ("Resources/M/Properties/Definition", Ok(definition.clone())));
        assert_eq!(tokens, [""; 0]);
        assert_eq!(text_of(definition.to_string().into()), (Ok(definition), vec![]));
    }

    #[test]
    fn functions_inside_an_object_become_tokens() {
        let (_, read, tokens) = read(json!({
            "DefinitionSubstitutions": {"Topic": "taken"},
            "Definition": {
                "Resource": {"Fn::Sub": "arn:${AWS::Partition}:states:::sns:publish"},
                "Parameters": {"TopicArn": {"Ref": "Topic"}, "Again": [{"Fn::Sub": "${Topic}"}], "Own": "${Topic}"},
                "Seconds": {"Fn::If": ["Live", 5, 1]},
                "Joined": {"Fn::Join": ["-", ["a", {"Fn::GetAtt": ["Queue", "QueueName"]}, 5]]},
                "Function": {"Fn::GetAtt": "Queue.QueueName"},
            },
        }));
        assert_eq!(
            read.unwrap(),
            json!({
                "Resource": "arn:${AWSPartition}:states:::sns:publish",
                "Parameters": {"TopicArn": "${Topic2}", "Again": ["${Topic2}"], "Own": "${Topic}"},
                "Seconds": "${If}",
                "Joined": "a-${QueueQueueName}-5",
                "Function": "${QueueQueueName}",
            })
        );
        assert_eq!(
            tokens,
            [
                "AWSPartition = AWS::Partition",
                "Topic2 = Topic",
                r#"If = If ["Live",5,1]"#,
                "QueueQueueName = Queue.QueueName"
            ]
        );
    }

    #[test]
    fn references_in_a_text_become_tokens_and_kept_variables_stay() {
        let (read, tokens) = text_of(json!({"Fn::Sub": [
            r#"{"Resource": "${Function.Arn}", "Text": "say \"${Who}\" to ${!Token}", "Seconds": ${Wait}, "Max": ${Max}}"#,
            {"Who": "Ada", "Wait": {"Ref": "Seconds"}, "Max": 5},
        ]}));
        assert_eq!(
            read.unwrap(),
            json!({
                "Resource": "${FunctionArn}",
                "Text": "say \"Ada\" to ${Token}",
                "Seconds": "${Seconds}",
                "Max": 5,
            })
        );
        assert_eq!(tokens, ["FunctionArn = Function.Arn", "Seconds = Seconds"]);
    }

    #[test]
    fn a_joined_text_is_read_like_any_other() {
        let (read, tokens) = text_of(json!({"Fn::Join": ["", [
            r#"{"StartAt":"E","States":{"E":{"Type":"Task","Resource":"arn:"#,
            {"Ref": "AWS::Partition"},
            {"Fn::Join": [":", [":states", "", "", "lambda", r#"invoke","Seconds":"#]]},
            {"Fn::Sub": "${Wait}"},
            r#","End":true}}}"#,
        ]]}));
        let state = json!({
            "Type": "Task",
            "Resource": "arn:${AWSPartition}:states:::lambda:invoke",
            "Seconds": "${Wait}",
            "End": true,
        });
        assert_eq!(read.unwrap(), json!({"StartAt": "E", "States": {"E": state}}));
        assert_eq!(tokens, ["AWSPartition = AWS::Partition", "Wait = Wait"]);
    }

    #[test]
    fn a_substitution_stands_for_a_number_too() {
        let (read, tokens) = text_of(r#"{"Seconds": ${Wait_1}, "Text": "${Text} \\"}"#.into());
        assert_eq!(read.unwrap(), json!({"Seconds": "${Wait_1}", "Text": "${Text} \\"}));
        assert_eq!(tokens, ["Wait_1"]);
    }

    #[test]
    fn what_the_template_does_not_say_is_elsewhere() {
        let elsewhere = [
            json!({}),
            json!(null),
            json!({"Definition": null, "DefinitionString": null}),
            json!({"DefinitionS3Location": {"Bucket": "b", "Key": "k"}}),
            json!({"Definition": {"Fn::Transform": {"Name": "AWS::Include"}}}),
            json!({"Definition": {"StartAt": "A", "States": {"Fn::Transform": {"Name": "M"}, "A": {}}}}),
            json!({"Definition": {"States": {"Fn::ForEach::S": ["N", ["a"], {"${N}": {}}]}}}),
            json!({"Definition": {"Fn::If": ["Live", {}, {}]}}),
            json!({"DefinitionString": {"Ref": "Definition"}}),
            json!({"DefinitionString": {"Fn::Sub": {"Fn::Transform": {}}}}),
            json!({"DefinitionString": {"Fn::Join": ["", {"Ref": "Parts"}]}}),
            json!({"DefinitionString": {"Fn::Join": ["", ["{", {"Fn::Transform": {"Name": "M"}}]]}}),
            json!({"DefinitionString": {"Fn::Sub": "{\"States\": {${States} \"B\": 1}}"}}),
            json!({"DefinitionString": {"Fn::Sub": "${Whole}"}}),
        ];
        for properties in elsewhere {
            assert_eq!(read(properties.clone()).1, Err(Unread::Elsewhere), "{properties}");
        }
    }

    #[test]
    fn a_text_that_is_no_json_says_why() {
        let why = "EOF while parsing an object at line 1 column 1";
        assert_eq!(text_of("{".into()).0, Err(Unread::NotJson(why.to_owned())));
        assert_eq!(text_of(json!({"Fn::Sub": "{"})).0, Err(Unread::NotJson(why.to_owned())));
        let why = "EOF while parsing a string at line 1 column 15";
        assert_eq!(text_of(json!({"Fn::Sub": "{\"A\": \"${Topic}"})).0, Err(Unread::NotJson(why.to_owned())));
    }

    #[test]
    fn an_object_as_json_text_is_an_object() {
        let (read, _) = text_of(json!({"Fn::ToJsonString": {"StartAt": {"Ref": "First"}}}));
        assert_eq!(read.unwrap(), json!({"StartAt": "${First}"}));
    }
}
