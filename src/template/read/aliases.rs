//! Aliases and merge keys of YAML: what they stand for, within limits, and that CloudFormation refuses them.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Span};

use super::{
    refusal::{DEEPEST, too_deep},
    short_tag::at_span,
};
use crate::{
    json::Json,
    template::{
        ParseError,
        mark::{Mark, Marked},
    },
};

/// The most nodes that a text may have once its aliases are written out: a few lines can stand for billions. A long text or
/// key counts as several.
const MOST_NODES: usize = 200_000;

/// What is said of a merge key.
pub(super) const MERGE: &str = "a merge key (`<<`); expected the entries themselves, since CloudFormation refuses it";

/// The anchors that have been read, and what there is of nodes.
#[derive(Default)]
pub(super) struct Aliases {
    /// What is to be said where CloudFormation gets the text as it is: of the first anchor, alias or merge key.
    pub refusal: Option<ParseError>,
    anchors: BTreeMap<usize, Anchored>,
    nodes: usize,
    deepest: usize,
}

struct Anchored {
    node: Marked,
    nodes: usize,
    height: usize,
}

impl Aliases {
    /// Notes an anchor or alias.
    pub fn refuse(&mut self, event: &Event<'_>, span: Span) {
        match event {
            Event::Alias(_) => self.refuse_for(
                span,
                "an alias (`*name`); expected the value itself, since CloudFormation refuses aliases",
            ),
            Event::Scalar(_, _, anchor, _) | Event::SequenceStart(anchor, _) | Event::MappingStart(anchor, _)
                if *anchor > 0 =>
            {
                self.refuse_for(span, "an anchor (`&name`); expected none, since CloudFormation refuses aliases");
            }
            _ => {}
        }
    }

    pub fn refuse_for(&mut self, span: Span, message: &str) {
        self.refusal.get_or_insert_with(|| at_span(span, message));
    }

    /// Counts a node that begins at a depth; what [`Self::end`] needs of those outside of it.
    pub fn begin(&mut self, depth: usize) -> (usize, usize) {
        let outside = (self.nodes, self.deepest);
        self.nodes += 1;
        self.deepest = depth;
        outside
    }

    /// Keeps a node that is read whole, where it has an anchor.
    pub fn end(&mut self, anchor: usize, node: &Marked, (nodes, deepest): (usize, usize), depth: usize) {
        self.nodes += texts(&node.0) / 64;
        if anchor > 0 {
            let (nodes, height) = (self.nodes - nodes, self.deepest - depth);
            self.anchors.insert(anchor, Anchored { node: node.clone(), nodes, height });
        }
        self.deepest = self.deepest.max(deepest);
    }

    /// The value that an alias stands for at a depth.
    pub fn value(&mut self, anchor: usize, span: Span, depth: usize, subject: &str) -> Result<Marked, ParseError> {
        let Some(anchored) = self.anchors.get(&anchor) else {
            return Err(at_span(span, "an alias of what it is in; expected a value that ends before it"));
        };
        self.nodes += anchored.nodes;
        self.deepest = self.deepest.max(depth + anchored.height);
        if self.deepest > DEEPEST {
            return Err(at_span(span, too_deep(subject)));
        }
        if self.nodes > MOST_NODES {
            let message = format!("the aliases up to this one make more than {MOST_NODES} values; expected fewer");
            return Err(at_span(span, message));
        }
        Ok(anchored.node.clone())
    }
}

/// The bytes of a text, or of the keys of a map.
fn texts(json: &Json) -> usize {
    match json {
        Json::String(text) => text.len(),
        Json::Object(map) => map.keys().map(String::len).sum(),
        _ => 0,
    }
}

/// The entries that a merge key adds: those of a map, or of a list of maps.
pub(super) fn entries(value: Json, mark: Mark, at: Span) -> Result<Vec<(String, Json, Mark)>, ParseError> {
    match value {
        Json::Object(map) => {
            Ok(map.into_iter().zip(mark.inner).map(|((key, value), mark)| (key, value, mark)).collect())
        }
        Json::Array(maps) if maps.iter().all(Json::is_object) => {
            let lists = maps.into_iter().zip(mark.inner).map(|(map, mark)| entries(map, mark, at));
            Ok(lists.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
        }
        _ => Err(at_span(at, "a merge key (`<<`) of no map; expected a map, or a list of maps")),
    }
}
