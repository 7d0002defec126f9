//! The YAML writer: short tags and literal blocks as people write them, and never an anchor.

use serde_json::{Map, Number};

use super::scalar;
use crate::value::Json;

/// A list in the argument of a function is written on one line up to this column.
const WIDTH: usize = 100;

/// Keys longer than this are written as `? key`: readers look for the colon within 1,024 characters.
const LONGEST_SIMPLE_KEY: usize = 1000;

/// Where in the template a node stands, as far as that decides what `{"Condition": "Name"}` means.
#[derive(Clone, Copy)]
enum Place {
    /// The template itself.
    Root,
    /// The `Conditions` section.
    Conditions,
    /// A condition, or an operand of one: here it is the function.
    Operand,
    /// Anywhere else it is a key like any other.
    Other,
}

impl Place {
    fn below(self, key: &str) -> Self {
        match self {
            Place::Root if key == "Conditions" => Place::Conditions,
            Place::Conditions => Place::Operand,
            _ => Place::Other,
        }
    }
}

/// A function that is written as a short tag.
struct Short<'a> {
    tag: &'static str,
    argument: Argument<'a>,
}

enum Argument<'a> {
    Text(&'a str),
    Attribute(&'a str, &'a str),
    List(&'a [Json], Place),
}

/// The short form of `map`, if it is a function call that has one.
///
/// CloudFormation refuses a short tag directly behind another (`!GetAZs !Ref X`), so a function whose argument is
/// itself a function keeps its long name; a map as argument does too, which covers that. `Fn::Length` and
/// `Fn::ToJsonString` have no short form, and `!Transform` was seen to be refused.
fn short(map: &Map<String, Json>, place: Place) -> Option<Short<'_>> {
    let mut entries = map.iter();
    let (Some((name, value)), None) = (entries.next(), entries.next()) else {
        return None;
    };
    let text = || value.as_str().map(Argument::Text);
    let list = |place| value.as_array().filter(|list| !list.is_empty()).map(|list| Argument::List(list, place));
    let (tag, argument) = match name.as_str() {
        "Ref" => ("!Ref", text()),
        "Condition" if matches!(place, Place::Operand) => ("!Condition", text()),
        "Fn::GetAtt" => ("!GetAtt", attribute(value)),
        "Fn::Sub" => ("!Sub", text().or_else(|| list(Place::Other))),
        "Fn::Base64" => ("!Base64", text()),
        "Fn::GetAZs" => ("!GetAZs", text()),
        "Fn::ImportValue" => ("!ImportValue", text()),
        "Fn::Cidr" => ("!Cidr", list(Place::Other)),
        "Fn::FindInMap" => ("!FindInMap", list(Place::Other)),
        "Fn::Join" => ("!Join", list(Place::Other)),
        "Fn::Select" => ("!Select", list(Place::Other)),
        "Fn::Split" => ("!Split", list(Place::Other)),
        "Fn::If" => ("!If", list(Place::Other)),
        "Fn::Equals" => ("!Equals", list(Place::Other)),
        "Fn::And" => ("!And", list(Place::Operand)),
        "Fn::Or" => ("!Or", list(Place::Operand)),
        "Fn::Not" => ("!Not", list(Place::Operand)),
        _ => return None,
    };
    Some(Short { tag, argument: argument? })
}

/// `Resource.Attribute`, which a reader splits at the first point.
fn attribute(value: &Json) -> Option<Argument<'_>> {
    match value.as_array()?.as_slice() {
        [Json::String(resource), Json::String(attribute)] if !resource.contains('.') => {
            Some(Argument::Attribute(resource, attribute))
        }
        _ => None,
    }
}

/// The template `json` as YAML.
pub(super) fn write(json: &Json) -> String {
    let mut writer = Writer::default();
    match json {
        Json::Object(map) if !map.is_empty() => writer.entries(map, 0, Place::Root),
        other => {
            writer.leaf(other, false);
            writer.out.push('\n');
        }
    }
    writer.out
}

#[derive(Default)]
struct Writer {
    out: String,
    /// Where the current line starts, or an earlier one if only keys and leaves were written since.
    line: usize,
}

impl Writer {
    /// The entries of a map, the first at the cursor, the others at `indent`.
    fn entries(&mut self, map: &Map<String, Json>, indent: usize, place: Place) {
        for (number, (key, value)) in map.iter().enumerate() {
            if number > 0 {
                scalar::pad(&mut self.out, indent);
            }
            self.key(key, indent);
            self.value(value, indent, place.below(key), false);
        }
    }

    fn key(&mut self, key: &str, indent: usize) {
        let start = self.out.len();
        scalar::inline(&mut self.out, key, false);
        if self.out.len() - start > LONGEST_SIMPLE_KEY {
            self.out.insert_str(start, "? ");
            self.out.push('\n');
            scalar::pad(&mut self.out, indent);
        }
        self.out.push(':');
    }

    /// The elements of a list, the first at the cursor, the others at `indent`.
    fn items(&mut self, list: &[Json], indent: usize, place: Place) {
        for (number, value) in list.iter().enumerate() {
            if number > 0 {
                scalar::pad(&mut self.out, indent);
            }
            self.out.push('-');
            self.value(value, indent, place, true);
        }
    }

    /// What follows `Key:` or, for an `item`, `-`; `indent` is where that stands. Ends the line.
    fn value(&mut self, value: &Json, indent: usize, place: Place, item: bool) {
        let deeper = indent + 2;
        match value {
            Json::Object(map) if !map.is_empty() => match short(map, place) {
                Some(short) => self.function(&short, indent),
                None => {
                    self.open(deeper, item);
                    self.entries(map, deeper, place);
                }
            },
            Json::Array(list) if !list.is_empty() => {
                self.open(deeper, item);
                self.items(list, deeper, Place::Other);
            }
            Json::String(text) => self.text(text, indent),
            leaf => {
                self.out.push(' ');
                self.leaf(leaf, false);
                self.end();
            }
        }
    }

    /// Moves to where a nested collection begins: behind the dash of an item, else on a line of its own.
    fn open(&mut self, indent: usize, item: bool) {
        if item {
            self.out.push(' ');
        } else {
            self.end();
            scalar::pad(&mut self.out, indent);
        }
    }

    fn end(&mut self) {
        self.out.push('\n');
        self.line = self.out.len();
    }

    fn text(&mut self, text: &str, indent: usize) {
        self.out.push(' ');
        if scalar::is_block(text) {
            scalar::block(&mut self.out, text, indent + 2);
            self.line = self.out.len();
        } else {
            scalar::inline(&mut self.out, text, false);
            self.end();
        }
    }

    fn function(&mut self, function: &Short<'_>, indent: usize) {
        self.out.push(' ');
        self.out.push_str(function.tag);
        match &function.argument {
            Argument::Text(text) => self.text(text, indent),
            Argument::Attribute(resource, name) => self.text(&format!("{resource}.{name}"), indent),
            Argument::List(list, place) => {
                let start = self.out.len();
                self.out.push(' ');
                let fits = self.flow(list, *place);
                if !fits {
                    self.out.truncate(start);
                    self.end();
                    scalar::pad(&mut self.out, indent + 2);
                    self.items(list, indent + 2, *place);
                } else {
                    self.end();
                }
            }
        }
    }

    /// Tries to write a list on one line; false if it is too long or holds what needs lines of its own.
    fn flow(&mut self, list: &[Json], place: Place) -> bool {
        self.out.push('[');
        for (number, value) in list.iter().enumerate() {
            if number > 0 {
                self.out.push_str(", ");
            }
            let fits = match value {
                Json::Object(map) if !map.is_empty() => match short(map, place) {
                    Some(Short { tag, argument }) => {
                        self.out.push_str(tag);
                        self.out.push(' ');
                        match argument {
                            Argument::Text(text) => self.flow_text(text),
                            Argument::Attribute(resource, name) => self.flow_text(&format!("{resource}.{name}")),
                            Argument::List(list, place) => self.flow(list, place),
                        }
                    }
                    None => false,
                },
                Json::Array(list) => self.flow(list, Place::Other),
                Json::String(text) => self.flow_text(text),
                leaf => {
                    self.leaf(leaf, true);
                    true
                }
            };
            if !fits || self.out.len() - self.line > WIDTH {
                return false;
            }
        }
        self.out.push(']');
        self.out.len() - self.line <= WIDTH
    }

    fn flow_text(&mut self, text: &str) -> bool {
        let fits = text.len() <= WIDTH && !text.contains('\n');
        if fits {
            scalar::inline(&mut self.out, text, true);
        }
        fits
    }

    fn leaf(&mut self, value: &Json, flow: bool) {
        match value {
            Json::Null => self.out.push_str("null"),
            Json::Bool(true) => self.out.push_str("true"),
            Json::Bool(false) => self.out.push_str("false"),
            Json::Number(number) => self.number(number),
            Json::String(text) => scalar::inline(&mut self.out, text, flow),
            Json::Array(_) => self.out.push_str("[]"),
            Json::Object(_) => self.out.push_str("{}"),
        }
    }

    fn number(&mut self, number: &Number) {
        scalar::number(&mut self.out, number);
    }
}
