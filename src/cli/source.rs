//! Sources of state machines that are files: a definition, or a template that has one.

use std::path::{Path, PathBuf};

use super::{
    file::{is_yaml, name, text},
    invocation::Error,
    substitution::{Substitutions, read_by},
};
use crate::{
    diagnostic::{Declarations, Diagnostic, Path as Place},
    json::Json,
    template::{
        Document, ParseError, Template,
        machine::{StateMachine, Unread, state_machines, state_machines_with},
    },
};

/// A state machine, wherever it was found.
pub(super) struct Machine {
    /// The name that it has in a mock file, or none to go by.
    pub name: Option<String>,
    /// The definition, with the values of its tokens as far as they are known.
    pub definition: Json,
    pub express: bool,
    pub origin: Origin,
    pub tokens: Tokens,
}

/// The tokens that may be given a value.
#[derive(Default)]
pub(super) struct Tokens {
    /// A text that has those of the definition.
    pub text: String,
    /// The names that a template has for some: `Queue.Arn`.
    pub names: Vec<String>,
}

impl Tokens {
    /// The tokens of a state machine of a template.
    pub fn of(machine: &StateMachine<'_>) -> Self {
        let mut tokens = Self::default();
        tokens.names.extend(machine.substitutions.iter().map(|(token, _)| token.to_owned()));
        tokens.names.extend(machine.substitutions.iter().filter_map(|(_, value)| read_by(value)));
        if let Ok(definition) = &machine.definition {
            tokens.text = definition.json.to_string();
            tokens.names.extend(definition.opaque.references().map(|(_, reads)| reads.to_owned()));
        }
        tokens
    }
}

/// The origin of a definition, which says where something of it was written.
pub(super) enum Origin {
    /// A file that holds nothing else.
    Document { file: String, document: Document },
    /// A property of a template.
    Template { file: String, template: Box<Template>, property: Place },
    /// A property of a stack.
    Stack { declared: Declarations, property: Place },
}

impl Origin {
    /// Gives its place in a file, or its Rust line, to each diagnostic.
    pub fn locate(&self, found: &mut [Diagnostic]) {
        match self {
            Self::Document { file, document } => document.locate(found, file),
            Self::Template { file, template, property } => {
                for diagnostic in found.iter_mut() {
                    diagnostic.path = diagnostic.path.within(property);
                }
                template.locate(found, file);
            }
            Self::Stack { declared, property } => {
                for diagnostic in found.iter_mut().filter(|diagnostic| diagnostic.declared_at.is_none()) {
                    diagnostic.declared_at = declared.nearest(&diagnostic.path.within(property)).cloned();
                }
            }
        }
    }
}

/// The content of a file that a run can be made of.
enum Content {
    /// With its text.
    Definition(Document, String),
    Template(Template),
}

/// The two forms of a file that a state machine may be in; what is meant and what is there may differ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Form {
    Definition,
    Template,
}

impl Form {
    fn described(self) -> &'static str {
        match self {
            Self::Definition => "a definition of a state machine",
            Self::Template => "a CloudFormation template",
        }
    }

    fn option(self) -> &'static str {
        match self {
            Self::Definition => "--definition",
            Self::Template => "--template",
        }
    }
}

/// The state machine of a file, and what is to be said of the file.
pub(super) fn machine(
    file: &Path,
    meant: Form,
    wanted: Option<&str>,
    given: &Substitutions,
) -> Result<(Machine, Vec<String>), Error> {
    let (machine, is) = match content(file, &given.all)? {
        Content::Definition(document, text) => {
            let definition = given.apply(document.as_json().clone());
            let origin = Origin::Document { file: name(file), document };
            let tokens = Tokens { text, names: Vec::new() };
            let machine = Machine { name: wanted.map(str::to_owned), definition, express: false, origin, tokens };
            (machine, Form::Definition)
        }
        Content::Template(template) => (of_template(file, template, wanted, given)?, Form::Template),
    };
    let mut notes = Vec::new();
    if meant != is {
        notes.push(format!(
            "note: `{}` is {}, which `{}` takes; it is run all the same",
            name(file),
            is.described(),
            is.option()
        ));
    }
    Ok((machine, notes))
}

/// The state that a file holds alone, as a machine would hold it; none where the file is something else.
pub(super) fn state(file: &Path, given: &Substitutions) -> Result<Option<Machine>, Error> {
    let (document, text) = document(file, &given.all)?;
    if !is_state(document.as_json()) {
        return Ok(None);
    }
    let definition = given.apply(document.as_json().clone());
    let origin = Origin::Document { file: name(file), document };
    Ok(Some(Machine { name: None, definition, express: false, origin, tokens: Tokens { text, names: Vec::new() } }))
}

/// Whether it is a state, and neither a machine nor a template.
pub(super) fn is_state(json: &Json) -> bool {
    json.get("Type").is_some() && ["States", "StartAt", "Resources"].iter().all(|member| json.get(member).is_none())
}

/// The state machine of that logical id, or the only one; `whose` is what messages call the template.
pub(super) fn choose<'a>(
    machines: impl Iterator<Item = StateMachine<'a>>,
    wanted: Option<&str>,
    whose: &str,
) -> Result<StateMachine<'a>, Error> {
    let mut machines: Vec<StateMachine<'a>> = machines.collect();
    let names = machines.iter().map(|machine| format!("`{}`", machine.logical_id)).collect::<Vec<_>>().join(", ");
    let position = match (wanted, machines.len()) {
        (_, 0) => Err(format!("{whose} has no state machine with a definition")),
        (None, 1) => Ok(0),
        (None, _) => Err(format!("no state machine is named; expected `--machine` with one of {names}")),
        (Some(wanted), _) => machines
            .iter()
            .position(|machine| machine.logical_id == wanted)
            .ok_or_else(|| format!("{whose} has no state machine `{wanted}`; expected one of {names}")),
    };
    position.map(|position| machines.swap_remove(position)).map_err(Error::new)
}

fn of_template(file: &Path, template: Template, wanted: Option<&str>, given: &Substitutions) -> Result<Machine, Error> {
    let whose = format!("`{}`", name(file));
    let chosen = choose(state_machines(&template), wanted, &whose)?;
    let values = given.of_machine(&template, &chosen);
    let mut tokens = Tokens::of(&chosen);
    let logical_id = chosen.logical_id.to_owned();
    // Once more, with the values that stand for whole ones of the JSON.
    let read = choose(state_machines_with(&template, &values.all), Some(&logical_id), &whose)?;
    let (property, express) = (read.path.clone(), read.express);
    let nowhere = |why: String| Error::new(format!("{whose}: the definition of `{logical_id}` {why}"));
    let definition = match read.definition {
        Ok(definition) => definition.json.into_owned(),
        Err(Unread::NotJson(why)) => return Err(nowhere(format!("is not JSON: {why}"))),
        Err(Unread::Elsewhere) => {
            let expected = "expected `Definition`, `DefinitionString`, or `DefinitionUri` with a local file";
            return Err(nowhere(format!("is not in the template; {expected}")));
        }
        Err(Unread::InFile(own)) => {
            let own: PathBuf = file.parent().unwrap_or(Path::new("")).join(own);
            let Content::Definition(document, text) = content(&own, &values.all)? else {
                return Err(nowhere(format!("is `{}`, a template; expected a definition", own.display())));
            };
            let definition = values.apply(document.as_json().clone());
            let origin = Origin::Document { file: name(&own), document };
            tokens.text = text;
            return Ok(Machine { name: Some(logical_id), definition, express, origin, tokens });
        }
    };
    let definition = values.apply(definition);
    let origin = Origin::Template { file: name(file), template: Box::new(template.clone()), property };
    Ok(Machine { name: Some(logical_id), definition, express, origin, tokens })
}

/// The content of a file with its text: YAML where its name says so or it does not begin like JSON.
fn document(file: &Path, values: &[(String, String)]) -> Result<(Document, String), Error> {
    let text = text(file)?;
    let document = if reads_as_yaml(file, &text) { Document::yaml(&text) } else { Document::json_with(&text, values) };
    Ok((document.map_err(|error| unread(file, error))?, text))
}

fn reads_as_yaml(file: &Path, text: &str) -> bool {
    is_yaml(file) || !text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '['])
}

fn unread(file: &Path, error: ParseError) -> Error {
    match error {
        ParseError { message, line: Some(line), column: Some(column) } if message.starts_with("not ") => {
            Error::new(format!("`{}` is {message} at line {line} column {column}", file.display()))
        }
        error => Error::new(format!("`{}`: {error}", file.display())),
    }
}

/// Reads a file, whichever of the two it is.
fn content(file: &Path, values: &[(String, String)]) -> Result<Content, Error> {
    let (document, text) = document(file, values)?;
    let has = |member: &str| document.as_json().get(member).is_some();
    if has("States") || has("StartAt") {
        return Ok(Content::Definition(document, text));
    }
    if has("Resources") {
        return Template::parse(&text).map(Content::Template).map_err(|error| unread(file, error));
    }
    Err(Error::new(format!(
        "`{}` is {}; expected a definition of the Amazon States Language, with `StartAt` and `States`, or a \
         CloudFormation template, with `Resources`",
        name(file),
        looks(document.as_json(), if reads_as_yaml(file, &text) { "YAML" } else { "JSON" })
    )))
}

/// What a file looks like that is neither.
pub(super) fn looks(json: &Json, language: &str) -> String {
    const MOST: usize = 5;
    match json {
        Json::Object(members) if members.is_empty() => format!("{language} without members"),
        Json::Object(members) => {
            let names = members.keys().take(MOST).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            let more = members.len().saturating_sub(MOST);
            format!("{language} with {names}{}", if more > 0 { format!(" and {more} more") } else { String::new() })
        }
        Json::Array(_) => format!("{language} with a list"),
        Json::Null => "empty".to_owned(),
        _ if language == "YAML" => "plain text".to_owned(),
        _ => format!("{language} with a single value"),
    }
}
