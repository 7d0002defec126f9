//! The YAML reader.

use std::borrow::Cow;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, StrInput, Tag};
use serde_json::Map;

use super::{
    aliases::{Aliases, MERGE, entries},
    refusal::{DEEPEST, duplicate, too_deep},
    short_tag::{Long, at_span, tagged},
};
use crate::{
    diagnostic::Position,
    json::Json,
    template::{
        ParseError,
        mark::{Mark, Marked},
        plain,
    },
};

/// The value that a text of YAML holds, with its positions; `subject` is what messages call the text.
pub(super) fn read(text: &str, subject: &'static str) -> Result<Marked, ParseError> {
    let mut reader = Reader::new(text, subject);
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
                let root = root.unwrap_or_else(|| (Json::Null, Mark::leaf(Position { line: 1, column: 1 })));
                return match reader.aliases.refusal {
                    Some(refusal) if !is_of_sam(&root.0) => Err(refusal),
                    _ => Ok(root),
                };
            }
            _ => {}
        }
    }
}

/// Whether a template is one of SAM, whose tools write out aliases and merge keys before CloudFormation sees it.
fn is_of_sam(template: &Json) -> bool {
    let is_sam = |name: &Json| name.as_str() == Some("AWS::Serverless-2016-10-31");
    let transform = &template["Transform"];
    is_sam(transform) || transform.as_array().is_some_and(|list| list.iter().any(is_sam))
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

/// A reader of the events of a text, which makes nodes of them.
struct Reader<'a> {
    parser: Parser<'a, StrInput<'a>>,
    /// The name of what is being read, for messages.
    subject: &'static str,
    aliases: Aliases,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, subject: &'static str) -> Self {
        Self { parser: Parser::new_from_str(text), subject, aliases: Aliases::default() }
    }

    fn next(&mut self) -> Result<(Event<'a>, Span), ParseError> {
        match self.parser.next_event() {
            Some(event) => {
                let (event, span) = event.map_err(|error| scan_error(&error, self.subject))?;
                self.aliases.refuse(&event, span);
                Ok((event, span))
            }
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    /// The node that `event` begins, or that the alias `event` stands for.
    fn node(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<Marked, ParseError> {
        let anchor = match event {
            Event::Alias(anchor) => return self.aliases.value(anchor, span, depth, self.subject),
            Event::Scalar(_, _, anchor, _) | Event::SequenceStart(anchor, _) | Event::MappingStart(anchor, _) => anchor,
            _ => 0,
        };
        let outside = self.aliases.begin(depth);
        let node = self.own_node(event, span, depth)?;
        self.aliases.end(anchor, &node, outside, depth);
        Ok(node)
    }

    fn own_node(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<Marked, ParseError> {
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
                let mut merged = Vec::new();
                loop {
                    match self.next()? {
                        (Event::MappingEnd, _) => break,
                        (event, at) if is_merge_key(&event) => {
                            self.aliases.refuse_for(at, MERGE);
                            let (event, span) = self.next()?;
                            let (value, inner) = self.node(event, span, depth + 1)?;
                            merged.extend(entries(value, inner, at)?);
                        }
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
                // An entry of the map itself goes before a merged one, and an earlier one before a later.
                for (key, value, inner) in merged {
                    if !map.contains_key(&key) {
                        map.insert(key, value);
                        mark.inner.push(inner);
                    }
                }
                (tag, map.into(), "map")
            }
            _ => return Err(at_span(span, "the document ends early; expected a value")),
        };
        Ok(tagged(tag, value, core, span)?.marked(mark))
    }
}

/// Whether a key merges the entries of another map.
fn is_merge_key(event: &Event<'_>) -> bool {
    matches!(event, Event::Scalar(text, ScalarStyle::Plain, _, None) if text == "<<")
}

/// A key: its text as it is written, since keys are strings to CloudFormation (`80:`, `012345678901:`, `on:`).
fn key(event: Event<'_>, span: Span) -> Result<String, ParseError> {
    match event {
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
