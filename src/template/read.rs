//! The reader: YAML with short tags, or JSON, to the long form.

use std::{borrow::Cow, fmt};

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, StrInput, Tag};
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::Map;

use super::{
    ParseError,
    intrinsic::FUNCTIONS,
    mark::{Mark, of_json},
    plain,
};
use crate::{
    diagnostic::{Position, nearest},
    json::Json,
};

/// How deep maps and lists may nest: more than any template needs, and safe for every stack.
const DEEPEST: usize = 100;

/// A value with the positions of everything in it.
type Read = (Json, Mark);

/// Reads a template. What is JSON is read as JSON, everything else as YAML.
pub(super) fn template(text: &str) -> Result<Read, ParseError> {
    let text = without_mark(text);
    let subject = "template";
    // A YAML map on one line may begin like JSON; where it is neither, JSON is what was meant.
    let meant_as_json =
        text.trim_start().strip_prefix('{').is_some_and(|rest| rest.trim_start().starts_with(['"', '}']));
    let read = if meant_as_json {
        match json(text, subject) {
            Err(error) if error.is_syntax() => yaml(text, subject).map_err(|_| error)?,
            read => read?,
        }
    } else {
        yaml(text, subject)?
    };
    if read.0.is_object() {
        Ok(read)
    } else {
        Err(ParseError {
            message: format!("the template is {}; expected a map with `Resources`", kind(&read.0)),
            line: Some(1),
            column: Some(1),
        })
    }
}

/// Reads the definition of a state machine that is JSON.
pub(super) fn json_definition(text: &str) -> Result<Read, ParseError> {
    Ok(json(without_mark(text), "definition")?)
}

/// Reads the definition of a state machine that is YAML.
pub(super) fn yaml_definition(text: &str) -> Result<Read, ParseError> {
    yaml(without_mark(text), "definition")
}

/// The text without a byte order mark.
fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
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

fn too_deep(subject: &str) -> String {
    format!("the {subject} nests too deeply; expected at most {DEEPEST} levels")
}

fn json(text: &str, subject: &'static str) -> Result<Read, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let json = Node { depth: 0, subject }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok((json, of_json(text)))
}

impl From<serde_json::Error> for ParseError {
    fn from(error: serde_json::Error) -> Self {
        let place = format!(" at line {} column {}", error.line(), error.column());
        let text = error.to_string();
        let message = text.strip_suffix(&place).unwrap_or(&text);
        let message = if error.is_data() { message.to_owned() } else { format!("not JSON: {message}") };
        Self { message, line: Some(error.line()), column: Some(error.column().max(1)) }
    }
}

/// A JSON value that refuses duplicate keys, which `serde_json` lets pass.
#[derive(Clone, Copy)]
struct Node {
    depth: usize,
    /// What is being read.
    subject: &'static str,
}

impl Node {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        match self.depth < DEEPEST {
            true => Ok(Self { depth: self.depth + 1, ..self }),
            false => Err(E::custom(too_deep(self.subject))),
        }
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

fn yaml(text: &str, subject: &'static str) -> Result<Read, ParseError> {
    let mut reader = Reader { parser: Parser::new_from_str(text), subject };
    let mut root = None;
    loop {
        match reader.next()? {
            (Event::DocumentStart(_), at) if root.is_some() => {
                return Err(at_span(at, format!("a second document begins; expected a single {subject}")));
            }
            (Event::DocumentStart(_), _) => {
                let (event, span) = reader.next()?;
                root = Some(reader.node(event, span, 0)?);
            }
            (Event::StreamEnd, _) => {
                return Ok(root.unwrap_or_else(|| (Json::Null, Mark::leaf(Position { line: 1, column: 1 }))));
            }
            _ => {}
        }
    }
}

fn at_span(span: Span, message: impl Into<String>) -> ParseError {
    ParseError { message: message.into(), line: Some(span.start.line()), column: Some(span.start.col() + 1) }
}

fn position(span: Span) -> Position {
    // Lines and columns that do not fit are those of a text that does not fit into memory.
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Position { line: number(span.start.line()), column: number(span.start.col() + 1) }
}

fn scan_error(error: &ScanError, subject: &str) -> ParseError {
    let (line, column) = (error.marker().line(), error.marker().col() + 1);
    let message = match error.info() {
        "recursion limit exceeded" => too_deep(subject),
        info => format!("not YAML: {info}"),
    };
    ParseError { message, line: Some(line), column: Some(column) }
}

struct Reader<'a> {
    parser: Parser<'a, StrInput<'a>>,
    /// What is being read.
    subject: &'static str,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<(Event<'a>, Span), ParseError> {
        match self.parser.next_event() {
            Some(event) => {
                let (event, span) = event.map_err(|error| scan_error(&error, self.subject))?;
                refuse_anchors(&event, span)?;
                Ok((event, span))
            }
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    /// The node that `event` begins.
    fn node(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<Read, ParseError> {
        if depth > DEEPEST {
            return Err(at_span(span, too_deep(self.subject)));
        }
        let mut mark = Mark::leaf(position(span));
        let (tag, value, core) = match event {
            Event::Scalar(text, style, _, tag) => return Ok(scalar(text, style, tag, span)?.marked(mark)),
            Event::SequenceStart(_, tag) => {
                let mut list = Vec::new();
                loop {
                    match self.next()? {
                        (Event::SequenceEnd, _) => break,
                        (event, span) => {
                            let (value, inner) = self.node(event, span, depth + 1)?;
                            list.push(value);
                            mark.inner.push(inner);
                        }
                    }
                }
                (tag, list.into(), "seq")
            }
            Event::MappingStart(_, tag) => {
                let mut map = Map::new();
                loop {
                    match self.next()? {
                        (Event::MappingEnd, _) => break,
                        (event, at) => {
                            let key = key(event, at)?;
                            if map.contains_key(&key) {
                                return Err(at_span(at, duplicate(&key)));
                            }
                            let (event, span) = self.next()?;
                            let (value, inner) = self.node(event, span, depth + 1)?;
                            map.insert(key, value);
                            mark.inner.push(Mark { at: position(at), ..inner });
                        }
                    }
                }
                (tag, map.into(), "map")
            }
            _ => return Err(at_span(span, "the document ends early; expected a value")),
        };
        Ok(tagged(tag, value, core, span)?.marked(mark))
    }
}

/// A node in the long form.
enum Long {
    /// As it is written.
    Plain(Json),
    /// A short tag: the function with its argument.
    Call(String, Json),
}

impl Long {
    /// With the positions in it; the function, which is no node of the text, is where its tag is.
    fn marked(self, mark: Mark) -> Read {
        match self {
            Self::Plain(value) => (value, mark),
            Self::Call(function, argument) => {
                (Json::from_iter([(function, argument)]), Mark { at: mark.at, inner: vec![mark] })
            }
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

fn scalar(text: Cow<'_, str>, style: ScalarStyle, tag: Option<Cow<'_, Tag>>, span: Span) -> Result<Long, ParseError> {
    let plain = style == ScalarStyle::Plain;
    let resolve = |text: &str| {
        plain::resolve(text).ok_or_else(|| {
            at_span(span, format!("the number `{text}` is not one that JSON can hold; expected quotes around it"))
        })
    };
    let value = match tag {
        None if plain => resolve(&text)?,
        None => text.into_owned().into(),
        Some(tag) if tag.is_yaml_core_schema() => {
            let value = if tag.suffix == "str" { Json::Null } else { resolve(&text)? };
            match (tag.suffix.as_str(), value) {
                ("str", _) => text.into_owned().into(),
                ("int" | "float", value @ Json::Number(_)) => value,
                ("bool", value @ Json::Bool(_)) => value,
                ("null", Json::Null) => Json::Null,
                (suffix, _) => {
                    return Err(at_span(span, format!("`!!{suffix}` does not fit `{text}`; expected `!!str`")));
                }
            }
        }
        tag => return tagged(tag, text.into_owned().into(), "str", span),
    };
    Ok(Long::Plain(value))
}

/// The long form of a tagged node.
fn tagged(tag: Option<Cow<'_, Tag>>, value: Json, core: &str, span: Span) -> Result<Long, ParseError> {
    let Some(tag) = tag else {
        return Ok(Long::Plain(value));
    };
    let full = format!("{}{}", tag.handle, tag.suffix);
    let name = match full.strip_prefix("tag:yaml.org,2002:") {
        Some(suffix) if suffix == core => return Ok(Long::Plain(value)),
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
    Ok(Long::Call(function, argument))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(text: &str) -> Result<Json, ParseError> {
        template(text).map(|(json, _)| json)
    }

    fn give(text: &str, expected: Json) {
        assert_eq!(read(text).unwrap(), expected, "{text}");
    }

    fn fail(text: &str, expected: &str) {
        assert_eq!(read(text).unwrap_err().to_string(), expected, "{text}");
    }

    #[test]
    fn short_tags_become_long_functions() {
        give("A: !Ref Topic", json!({"A": {"Ref": "Topic"}}));
        give("A: !Ref 5", json!({"A": {"Ref": "5"}}));
        give("A: !GetAtt Database.Endpoint.Address", json!({"A": {"Fn::GetAtt": ["Database", "Endpoint.Address"]}}));
        give("A: !GetAtt [Topic, !Ref B]", json!({"A": {"Fn::GetAtt": ["Topic", {"Ref": "B"}]}}));
        give("A: !Condition IsProd", json!({"A": {"Condition": "IsProd"}}));
        give("A: !GetAZs", json!({"A": {"Fn::GetAZs": ""}}));
        give("A: !<!Ref> B", json!({"A": {"Ref": "B"}}));
        give(
            "A: !Join\n- ','\n- - !Sub '${B}'\n  - !Select [0, !GetAZs '']",
            json!({"A": {"Fn::Join": [",", [{"Fn::Sub": "${B}"}, {"Fn::Select": [0, {"Fn::GetAZs": ""}]}]]}}),
        );
        give(
            "A: !Transform {Name: 'AWS::Include', Parameters: {Location: !Ref B}}",
            json!({"A": {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": {"Ref": "B"}}}}}),
        );
    }

    #[test]
    fn keys_are_taken_as_written_and_kept_in_order() {
        give("80: a\n012: b\non: c\n2012-10-17: d", json!({"80": "a", "012": "b", "on": "c", "2012-10-17": "d"}));
        assert_eq!(read("z: 1\na: 2.0").unwrap().to_string(), r#"{"z":1,"a":2.0}"#);
    }

    #[test]
    fn core_tags_are_understood() {
        give("A: !!str 5\nB: !!int 5\nC: !!map {}\nD: !!null ~", json!({"A": "5", "B": 5, "C": {}, "D": null}));
        fail("A: !!int x", "line 1, column 4: `!!int` does not fit `x`; expected `!!str`");
        fail("A: !!set {a}", "line 1, column 4: the tag `!!set`; expected a CloudFormation function");
    }

    #[test]
    fn json_is_read_with_a_byte_order_mark_and_with_yaml_inside() {
        give("\u{feff} {\"A\": \"\\ud83d\\ude00\", \"B\": 1e2}", json!({"A": "\u{1f600}", "B": 100.0}));
        give("{\"A\": !Ref B, }", json!({"A": {"Ref": "B"}}));
        give("{A: {B: 1}}", json!({"A": {"B": 1}}));
        fail("{\"A\": ]", "line 1, column 7: not JSON: expected value");
        fail("{\"A\":\n", "line 2, column 1: not JSON: EOF while parsing a value");
    }

    #[test]
    fn a_key_written_twice_is_refused() {
        let twice = "the key `A` is written twice; expected each key of a map once";
        fail("R:\n  A: 1\n  'A': 2", &format!("line 3, column 3: {twice}"));
        fail("{\"R\":\n{\"A\": 1,\n\"A\": 2}}", &format!("line 3, column 3: {twice}"));
    }

    #[test]
    fn what_cloudformation_refuses_is_refused() {
        fail(
            "A: &a 1\nB: *a",
            "line 1, column 4: an anchor (`&name`); expected none, since CloudFormation refuses aliases",
        );
        fail(
            "A:\n  <<: {B: 1}",
            "line 2, column 3: a merge key (`<<`); expected the entries themselves, since CloudFormation refuses it",
        );
        fail("A: *a", "line 1, column 4: not YAML: while parsing node, found unknown anchor");
        fail("A: !Reff B", "line 1, column 4: `!Reff` is not a function of CloudFormation; did you mean `!Ref`?");
        fail(
            "A: !Base64 !Sub a",
            "line 1, column 12: not YAML: while parsing a block mapping, did not find expected key",
        );
        fail("A: !Ref [B]", "line 1, column 4: `!Ref` has a list; expected a name");
        fail("A: 1\n--- \nB: 1", "line 2, column 1: a second document begins; expected a single template");
        fail("[A]: 1", "line 1, column 1: a key that is not a plain string; expected a name");
        fail("A: .inf", "line 1, column 4: the number `.inf` is not one that JSON can hold; expected quotes around it");
    }

    #[test]
    fn the_root_is_a_map() {
        fail("", "line 1, column 1: the template is empty; expected a map with `Resources`");
        fail("- A", "line 1, column 1: the template is a list; expected a map with `Resources`");
        fail("[1]", "line 1, column 1: the template is a list; expected a map with `Resources`");
        fail("A", "line 1, column 1: the template is a single value; expected a map with `Resources`");
    }

    #[test]
    fn a_definition_is_refused_in_its_own_words() {
        let json = |text: &str| json_definition(text).map(|(json, _)| json).map_err(|error| error.to_string());
        assert_eq!(json("\u{feff}[1]"), Ok(json!([1])));
        let cases = [
            ("{", "line 1, column 1: not JSON: EOF while parsing an object"),
            ("{\"A\": 1,}", "line 1, column 9: not JSON: trailing comma"),
            (
                "{\"A\": 1, \"A\": 2}",
                "line 1, column 12: the key `A` is written twice; expected each key of a map once",
            ),
            (&"[".repeat(101), "line 1, column 101: the definition nests too deeply; expected at most 100 levels"),
        ];
        for (text, message) in cases {
            assert_eq!(json(text), Err(message.to_owned()), "{text}");
        }
        assert_eq!(
            yaml_definition("A: 1\n---\nB: 1").unwrap_err().to_string(),
            "line 2, column 1: a second document begins; expected a single definition"
        );
    }

    #[test]
    fn nesting_is_bounded() {
        let deep = |levels: usize| format!("A: {}1{}", "[".repeat(levels), "]".repeat(levels));
        assert!(read(&deep(99)).is_ok());
        fail(&deep(100), "line 1, column 104: the template nests too deeply; expected at most 100 levels");
        for text in ["[".repeat(100_000), "- ".repeat(100_000), "{\"A\":".repeat(100_000), "{A: ".repeat(100_000)] {
            let error = read(&text).unwrap_err();
            assert_eq!(error.message, "the template nests too deeply; expected at most 100 levels");
        }
    }
}
