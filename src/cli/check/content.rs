//! The content of a file: what it is, and what is wrong with it.

use std::path::Path;

use super::{
    bytes::bytes,
    files::File,
    followed::{InFile, Whole},
    rules::{NEITHER, UNPARSED, UNREADABLE},
};
use crate::{
    asl::validate,
    check,
    cli::{
        file::{is_yaml, name},
        source::{Form, looks},
    },
    diagnostic::{Diagnostic, FilePosition, Position},
    json::Json,
    template::{Document, ParseError, Template},
};

/// A file that was looked at.
pub(super) struct Checked {
    /// What messages call it.
    pub name: String,
    pub text: Option<String>,
    /// Sorted by place.
    pub faults: Vec<Diagnostic>,
    /// Whether it could be read, and is or was meant to be one of those that are checked.
    pub is_checked: bool,
    /// What was found in the files that belong to it.
    pub others: Vec<InFile>,
}

impl Checked {
    /// What could not be checked, and why.
    pub fn not(name: String, fault: Diagnostic) -> Self {
        let faults = vec![begin(fault, &name)];
        Self { name, text: None, faults, is_checked: false, others: Vec::new() }
    }
}

/// A file that was parsed.
enum Content {
    Template(Template),
    Definition(Document),
}

/// What a text turned out to be.
enum Outcome {
    Is(Content),
    /// It looks like this.
    Neither(String),
    Unparsed(ParseError),
}

/// Checks a file; none where it is in a folder, and is neither a template nor a definition.
pub(super) fn check(file: &File) -> Option<Checked> {
    let called = name(&file.path);
    let bytes = match bytes(&file.path) {
        Ok(bytes) => bytes,
        Err(why) => {
            let fault = UNREADABLE.at("", format!("`{called}` cannot be read: {why}"));
            return Some(Checked::not(called, fault));
        }
    };
    if !file.is_named && !["Resources", "StartAt"].iter().any(|key| has(&bytes, key)) {
        return None;
    }
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let (before, position) = (error.utf8_error().valid_up_to(), after(error.as_bytes(), &error));
            let message = match error.as_bytes() {
                [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => "the text is UTF-16; expected UTF-8".to_owned(),
                bytes => format!("the byte 0x{:02X} is not UTF-8; expected a text", bytes[before]),
            };
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            return Some(unparsed(called, text, message, position));
        }
    };
    match parse(&text, file) {
        Outcome::Is(content) => {
            let (mut faults, others) = match &content {
                Content::Template(template) => {
                    let whole = Whole::new(template, &file.path);
                    let mut faults = check::file(whole.template(), &text);
                    let others = whole.locate(&mut faults, &called);
                    (faults, others)
                }
                Content::Definition(document) => {
                    let mut faults = validate::definition(document.as_json());
                    document.locate(&mut faults, &called);
                    (faults, Vec::new())
                }
            };
            sort(&mut faults);
            Some(Checked { name: called, text: Some(text), faults, is_checked: true, others })
        }
        Outcome::Neither(_) if !file.is_named => None,
        Outcome::Neither(looks) => {
            let message = format!(
                "`{called}` is {looks}; expected a CloudFormation template, with `Resources`, or a definition of the \
                 States Language, with `StartAt` and `States`"
            );
            Some(Checked { text: Some(text), ..Checked::not(called, NEITHER.at("", message)) })
        }
        Outcome::Unparsed(_) if !file.is_named && !is_likely(&text) => None,
        Outcome::Unparsed(error) => {
            let number = |number: Option<usize>| number.and_then(|number| u32::try_from(number).ok()).unwrap_or(1);
            let position = Position { line: number(error.line), column: number(error.column) };
            Some(unparsed(called, text, error.message, position))
        }
    }
}

/// The template in a file, or why there is none.
pub(in crate::cli) fn template_in(file: &Path) -> Result<Template, String> {
    let called = name(file);
    let bytes = bytes(file).map_err(|why| format!("`{called}` cannot be read: {why}"))?;
    let text = String::from_utf8(bytes).map_err(|error| format!("`{called}` is no text: {error}"))?;
    let template = Template::parse(&text).map_err(|error| format!("`{called}`: {error}"))?;
    match template.as_json()["Resources"].is_object() {
        true => Ok(template),
        false => Err(format!("`{called}` has no `Resources`; expected a template")),
    }
}

fn unparsed(name: String, text: String, message: String, position: Position) -> Checked {
    let mut fault = UNPARSED.at("", message);
    fault.read_at = Some(FilePosition { file: name.clone(), position });
    Checked { name, text: Some(text), faults: vec![fault], is_checked: true, others: Vec::new() }
}

/// The fault, placed at the beginning of a file.
fn begin(mut fault: Diagnostic, file: &str) -> Diagnostic {
    fault.read_at = Some(FilePosition { file: file.to_owned(), position: Position { line: 1, column: 1 } });
    fault
}

/// The position of the first byte that is no UTF-8.
fn after(bytes: &[u8], error: &std::string::FromUtf8Error) -> Position {
    let before = String::from_utf8_lossy(&bytes[..error.utf8_error().valid_up_to()]);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Position { line: u32::try_from(line).unwrap_or(u32::MAX), column: u32::try_from(column).unwrap_or(u32::MAX) }
}

fn has(bytes: &[u8], key: &str) -> bool {
    bytes.windows(key.len()).any(|window| window == key.as_bytes())
}

/// Whether a text that cannot be parsed was most likely meant to be one that is checked.
fn is_likely(text: &str) -> bool {
    let is_template = text.contains("AWSTemplateFormatVersion") || text.contains("AWS::") && text.contains("Resources");
    is_template || text.contains("StartAt") && text.contains("States")
}

/// Parses a text as what it is: a definition that is JSON may have tokens without quotes, and a template other tags.
fn parse(text: &str, file: &File) -> Outcome {
    let is_definition = text.contains("StartAt")
        && (!text.contains("Resources")
            || file.meant == Form::Definition && !text.contains("AWSTemplateFormatVersion"));
    let first = if is_definition { definition(text, &file.path) } else { template(text) };
    match first {
        Outcome::Is(_) => first,
        _ if is_definition && !text.contains("Resources") => first,
        // It may be the other one after all; if it is not, what was said first is what counts.
        _ => match if is_definition { template(text) } else { definition(text, &file.path) } {
            second @ Outcome::Is(_) => second,
            _ => first,
        },
    }
}

fn template(text: &str) -> Outcome {
    match Template::parse(text) {
        Ok(template) if is_template(template.as_json()) => Outcome::Is(Content::Template(template)),
        Ok(template) => Outcome::Neither(looks(template.as_json(), language(text))),
        Err(error) => Outcome::Unparsed(error),
    }
}

fn definition(text: &str, file: &Path) -> Outcome {
    let document = if is_yaml(file) || language(text) == "YAML" { Document::yaml(text) } else { Document::json(text) };
    match document {
        Ok(document) if is_definition(document.as_json()) => Outcome::Is(Content::Definition(document)),
        Ok(document) => Outcome::Neither(looks(document.as_json(), language(text))),
        Err(error) => Outcome::Unparsed(error),
    }
}

fn language(text: &str) -> &'static str {
    if text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '[']) { "JSON" } else { "YAML" }
}

fn is_definition(json: &Json) -> bool {
    json.get("States").is_some() || json.get("StartAt").is_some()
}

fn is_template(json: &Json) -> bool {
    !is_definition(json) && ["Resources", "AWSTemplateFormatVersion"].iter().any(|key| json.get(key).is_some())
}

/// Sorts by place in the file, and as [`sort`](crate::diagnostic::sort) does at the same one.
pub(super) fn sort(faults: &mut [Diagnostic]) {
    crate::diagnostic::sort(faults);
    faults.sort_by_key(|fault| fault.read_at.as_ref().map(|read| read.position));
}
