//! The reader: YAML with short tags, or JSON, to the long form.

use std::{borrow::Cow, fmt};

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, StrInput, Tag};
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::Map;

use super::{ParseError, plain};
use crate::{diagnostic::nearest, value::Json};

/// How deep maps and lists may nest: more than any template needs, and safe for every stack.
const DEEPEST: usize = 100;

/// Functions whose tag is `!Name` and whose long form is `Fn::Name`.
const FUNCTIONS: [&str; 25] = [
    "And",
    "Base64",
    "Cidr",
    "Contains",
    "EachMemberEquals",
    "EachMemberIn",
    "Equals",
    "FindInMap",
    "GetAZs",
    "GetAtt",
    "GetStackOutput",
    "If",
    "ImportValue",
    "Join",
    "Length",
    "Not",
    "Or",
    "RefAll",
    "Select",
    "Split",
    "Sub",
    "ToJsonString",
    "Transform",
    "ValueOf",
    "ValueOfAll",
];

/// Reads a template. What is JSON is read as JSON, everything else as YAML.
pub(super) fn read(text: &str) -> Result<Json, ParseError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let root = if text.trim_start().starts_with('{') {
        // A YAML map on one line begins like JSON; if it is neither, JSON is what was meant.
        json(text).or_else(|error| if error.is_syntax() { yaml(text).or(Err(error.into())) } else { Err(error.into()) })
    } else {
        yaml(text)
    }?;
    if root.is_object() {
        Ok(root)
    } else {
        Err(ParseError {
            message: format!("the template is {}; expected a map with `Resources`", kind(&root)),
            line: Some(1),
            column: Some(1),
        })
    }
}

fn kind(json: &Json) -> &'static str {
    match json {
        Json::Null => "empty",
        Json::Array(_) => "a list",
        Json::Object(_) => "a map",
        _ => "a single value",
    }
}

fn duplicate(key: &str) -> String {
    format!("the key `{key}` is written twice; expected each key of a map once")
}

fn too_deep() -> String {
    format!("the template nests too deeply; expected at most {DEEPEST} levels")
}

fn json(text: &str) -> Result<Json, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let json = Node { depth: 0 }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(json)
}

impl From<serde_json::Error> for ParseError {
    fn from(error: serde_json::Error) -> Self {
        let place = format!(" at line {} column {}", error.line(), error.column());
        let text = error.to_string();
        let message = text.strip_suffix(&place).unwrap_or(&text);
        let message = if error.is_data() { message.to_owned() } else { format!("not JSON: {message}") };
        Self { message, line: Some(error.line()), column: Some(error.column()) }
    }
}

/// A JSON value that refuses duplicate keys, which `serde_json` lets pass.
#[derive(Clone, Copy)]
struct Node {
    depth: usize,
}

impl Node {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.depth < DEEPEST { Ok(Self { depth: self.depth + 1 }) } else { Err(E::custom(too_deep())) }
    }
}

impl<'de> DeserializeSeed<'de> for Node {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let node = self.deeper()?;
        let mut list = Vec::new();
        while let Some(value) = access.next_element_seed(node)? {
            list.push(value);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let node = self.deeper()?;
        let mut map = Map::new();
        while let Some(key) = access.next_key::<String>()? {
            if map.contains_key(&key) {
                return Err(A::Error::custom(duplicate(&key)));
            }
            map.insert(key, access.next_value_seed(node)?);
        }
        Ok(map.into())
    }
}

fn yaml(text: &str) -> Result<Json, ParseError> {
    let mut reader = Reader { parser: Parser::new_from_str(text) };
    let mut root = None;
    loop {
        match reader.next()? {
            (Event::DocumentStart(_), at) if root.is_some() => {
                return Err(at_span(at, "a second document begins; expected a single template"));
            }
            (Event::DocumentStart(_), _) => {
                let (event, span) = reader.next()?;
                root = Some(reader.node(event, span, 0)?);
            }
            (Event::StreamEnd, _) => return Ok(root.unwrap_or_default()),
            _ => {}
        }
    }
}

fn at_span(span: Span, message: impl Into<String>) -> ParseError {
    ParseError { message: message.into(), line: Some(span.start.line()), column: Some(span.start.col() + 1) }
}

impl From<ScanError> for ParseError {
    fn from(error: ScanError) -> Self {
        let (line, column) = (error.marker().line(), error.marker().col() + 1);
        Self { message: format!("not YAML: {}", error.info()), line: Some(line), column: Some(column) }
    }
}

struct Reader<'a> {
    parser: Parser<'a, StrInput<'a>>,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<(Event<'a>, Span), ParseError> {
        match self.parser.next_event() {
            Some(event) => {
                let (event, span) = event?;
                refuse_anchors(&event, span)?;
                Ok((event, span))
            }
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    /// The node that `event` begins.
    fn node(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<Json, ParseError> {
        if depth > DEEPEST {
            return Err(at_span(span, too_deep()));
        }
        match event {
            Event::Scalar(text, style, _, tag) => scalar(text, style, tag, span),
            Event::SequenceStart(_, tag) => {
                let mut list = Vec::new();
                loop {
                    match self.next()? {
                        (Event::SequenceEnd, _) => break,
                        (event, span) => list.push(self.node(event, span, depth + 1)?),
                    }
                }
                tagged(tag, list.into(), "seq", span)
            }
            Event::MappingStart(_, tag) => {
                let mut map = Map::new();
                loop {
                    match self.next()? {
                        (Event::MappingEnd, _) => break,
                        (event, span) => {
                            let key = key(event, span)?;
                            if map.contains_key(&key) {
                                return Err(at_span(span, duplicate(&key)));
                            }
                            let (event, span) = self.next()?;
                            map.insert(key, self.node(event, span, depth + 1)?);
                        }
                    }
                }
                tagged(tag, map.into(), "map", span)
            }
            _ => Err(at_span(span, "the document ends early; expected a value")),
        }
    }
}

fn refuse_anchors(event: &Event<'_>, span: Span) -> Result<(), ParseError> {
    match event {
        Event::Alias(_) => {
            Err(at_span(span, "an alias (`*name`); expected the value itself, since CloudFormation refuses aliases"))
        }
        Event::Scalar(_, _, anchor, _) | Event::SequenceStart(anchor, _) | Event::MappingStart(anchor, _)
            if *anchor > 0 =>
        {
            Err(at_span(span, "an anchor (`&name`); expected none, since CloudFormation refuses aliases"))
        }
        _ => Ok(()),
    }
}

/// A key: its text as it is written, since keys are strings to CloudFormation (`80:`, `012345678901:`, `on:`).
fn key(event: Event<'_>, span: Span) -> Result<String, ParseError> {
    match event {
        Event::Scalar(text, ScalarStyle::Plain, _, None) if text == "<<" => {
            Err(at_span(span, "a merge key (`<<`); expected the entries themselves, since CloudFormation refuses it"))
        }
        Event::Scalar(text, _, _, None) => Ok(text.into_owned()),
        _ => Err(at_span(span, "a key that is not a plain string; expected a name")),
    }
}

fn scalar(text: Cow<'_, str>, style: ScalarStyle, tag: Option<Cow<'_, Tag>>, span: Span) -> Result<Json, ParseError> {
    let plain = style == ScalarStyle::Plain;
    let resolve = |text: &str| {
        plain::resolve(text).ok_or_else(|| {
            at_span(span, format!("the number `{text}` is not one that JSON can hold; expected quotes around it"))
        })
    };
    match tag {
        None if plain => resolve(&text),
        None => Ok(text.into_owned().into()),
        Some(tag) if tag.is_yaml_core_schema() => {
            let value = if tag.suffix == "str" { Json::Null } else { resolve(&text)? };
            match (tag.suffix.as_str(), value) {
                ("str", _) => Ok(text.into_owned().into()),
                ("int" | "float", value @ Json::Number(_)) => Ok(value),
                ("bool", value @ Json::Bool(_)) => Ok(value),
                ("null", Json::Null) => Ok(Json::Null),
                (suffix, _) => Err(at_span(span, format!("`!!{suffix}` does not fit `{text}`; expected `!!str`"))),
            }
        }
        tag => tagged(tag, text.into_owned().into(), "str", span),
    }
}

/// The long form of a tagged node.
fn tagged(tag: Option<Cow<'_, Tag>>, value: Json, core: &str, span: Span) -> Result<Json, ParseError> {
    let Some(tag) = tag else {
        return Ok(value);
    };
    let full = format!("{}{}", tag.handle, tag.suffix);
    let name = match full.strip_prefix("tag:yaml.org,2002:") {
        Some(suffix) if suffix == core => return Ok(value),
        Some(suffix) => {
            return Err(at_span(span, format!("the tag `!!{suffix}`; expected a CloudFormation function")));
        }
        None => full.strip_prefix('!').unwrap_or(&full),
    };
    let (function, argument) = match (name, value) {
        ("Ref" | "Condition", value @ Json::String(_)) => (name.to_owned(), value),
        ("Ref" | "Condition", value) => {
            return Err(at_span(span, format!("`!{name}` has {}; expected a name", kind(&value))));
        }
        ("GetAtt", Json::String(text)) => {
            // Only the first point separates: an attribute may hold more, as in `Database.Endpoint.Address`.
            let parts = text.splitn(2, '.').map(Json::from).collect();
            ("Fn::GetAtt".to_owned(), Json::Array(parts))
        }
        (name, value) if FUNCTIONS.contains(&name) => (format!("Fn::{name}"), value),
        (name, _) => {
            let hint = match nearest(name, FUNCTIONS.into_iter().chain(["Ref", "Condition"])) {
                Some(near) => format!("did you mean `!{near}`?"),
                None => "expected one such as `!Ref`, `!GetAtt` or `!Sub`".to_owned(),
            };
            return Err(at_span(span, format!("`!{name}` is not a function of CloudFormation; {hint}")));
        }
    };
    Ok(Json::from_iter([(function, argument)]))
}
