//! The picture of a workflow: its states as the console of Step Functions draws them.

mod choice;
mod run;
mod task;
mod wording;

use self::wording::{capitalized, cut};
use super::model::{Change, Direction, Edge, EdgeKind, Family, Glyph, Graph, Node, NodeIndex, Shape};
use crate::{
    asl::{
        definition::{Catcher, Count, Definition, Map, Retrier, Scope, State, StateKind, Target, Text, Wait},
        expression::time,
    },
    diagnostic::Path,
    json::Json,
};

/// The id of where a workflow starts.
const START: &str = "Start";
/// The id of where a workflow ends.
const END: &str = "End";

impl Graph {
    /// A definition of a state machine, anyone's: its states as far as they can be read, the branches of a `Parallel` side
    /// by side, and what leads where. There are no nodes where nothing can be read.
    pub fn of_workflow(title: impl Into<String>, definition: &Json) -> Self {
        let (definition, _) = Definition::read(definition);
        let mut drawing =
            Drawing { graph: Graph::new(title, Direction::Down), around: vec![None; definition.scopes.len()] };
        for (position, scope) in definition.scopes.iter().enumerate() {
            drawing.scope(position, scope);
        }
        drawing.graph
    }

    /// A definition with what has changed in it since another one: states that are gone are there too.
    pub fn of_workflow_against(title: impl Into<String>, old: &Json, new: &Json) -> Self {
        let mut graph = Self::of_workflow(title, new);
        let content = |definition: &Json, path: &Option<Path>| {
            let path = path.as_ref().filter(|path| path.len() > 1)?;
            let mut state = definition.pointer(path)?.as_object()?.clone();
            // What is inside has nodes of its own, and where it leads edges.
            for field in ["Branches", "ItemProcessor", "Iterator", "Next", "End", "Default", "Comment"] {
                state.remove(field);
            }
            for rule in state.iter_mut().filter(|(field, _)| *field == "Catch" || *field == "Choices") {
                rule.1.as_array_mut().into_iter().flatten().filter_map(Json::as_object_mut).for_each(|rule| {
                    rule.remove("Next");
                });
            }
            Some(state)
        };
        graph.compare(&Self::of_workflow("", old), |before, after| {
            (content(old, &before.path) != content(new, &after.path)).then_some(Change::Changed)
        });
        graph
    }
}

struct Drawing {
    graph: Graph,
    /// The box of each scope, once its state is there.
    around: Vec<Option<NodeIndex>>,
}

impl Drawing {
    fn scope(&mut self, position: usize, scope: &Scope) {
        let around = self.around[position];
        let is_whole = position == 0;
        let terminal = |id: &str| Node { shape: Shape::Terminal, family: Family::Flow, ..Node::new(id, id) };
        let start = (is_whole && !scope.states.is_empty()).then(|| self.graph.add(terminal(START)));
        let mut nodes = Vec::with_capacity(scope.states.len());
        for state in &scope.states {
            let index = self.graph.add(Node { parent: around, ..node(state) });
            for inner in state.scopes() {
                self.around[inner] = Some(index);
            }
            nodes.push(index);
        }
        let end = (is_whole && scope.states.iter().any(State::ends)).then(|| self.graph.add(terminal(END)));
        let mut ways = Ways { graph: &mut self.graph, nodes: &nodes, scope, around };
        if let (Some(start), Some(target)) = (start, &scope.start) {
            ways.lead(start, target, EdgeKind::Next, None);
        }
        for (state, &from) in scope.states.iter().zip(&nodes) {
            ways.leave(state, from);
            if let Some(end) = end.filter(|_| state.ends()) {
                ways.graph.connect(Edge::new(from, end, EdgeKind::Next));
            }
        }
    }
}

/// What leads from the states of a scope.
struct Ways<'a> {
    graph: &'a mut Graph,
    nodes: &'a [NodeIndex],
    scope: &'a Scope,
    around: Option<NodeIndex>,
}

impl Ways<'_> {
    fn lead(&mut self, from: NodeIndex, target: &Target, kind: EdgeKind, label: Option<String>) {
        let to = if target.exists() { self.nodes[target.position()] } else { self.missing(target) };
        let note = label.as_deref().map(|label| format!("{}: {label}", capitalized(kind.name())));
        let path = Some(Path::from(&target.pointer));
        let label = label.map(|label| cut(&label, 90));
        self.graph.connect(Edge { label, note, path, ..Edge::new(from, to, kind) });
    }

    /// What stands for a state that the scope does not have.
    fn missing(&mut self, target: &Target) -> NodeIndex {
        let id = format!("{}/States/{}", self.scope.pointer, crate::json::escape(&target.name));
        self.graph.find(&id).unwrap_or_else(|| {
            let why = if target.hidden { "not known before it is deployed" } else { "no such state" };
            self.graph.add(Node {
                parent: self.around,
                family: Family::Failure,
                glyph: Glyph::Cross,
                details: vec![why.to_owned()],
                ..Node::new(id, &*target.name)
            })
        })
    }

    fn leave(&mut self, state: &State, from: NodeIndex) {
        if let Some(next) = &state.next {
            self.lead(from, next, EdgeKind::Next, None);
        }
        if let StateKind::Choice(choice) = &state.kind {
            for rule in &choice.rules {
                if let Some(next) = &rule.next {
                    self.lead(from, next, EdgeKind::Choice, rule.test.as_ref().map(choice::said));
                }
            }
            if let Some(default) = &choice.default {
                self.lead(from, default, EdgeKind::Choice, Some("Default".to_owned()));
            }
        }
        for catcher in &state.catch {
            if let Some(next) = &catcher.next {
                self.lead(from, next, EdgeKind::Catch, caught(catcher));
            }
        }
        if !state.retry.is_empty() {
            let most = state.retry.iter().map(|retrier| retrier.max_attempts).max().unwrap_or_default();
            let label = Some(format!("{most}×"));
            let note = state.retry.iter().map(retried).collect::<Vec<_>>().join("\n");
            let path = Some(Path::from(&state.pointer).join("Retry"));
            self.graph.connect(Edge { label, note: Some(note), path, ..Edge::new(from, from, EdgeKind::Retry) });
        }
    }
}

/// The errors of a catcher; none where it takes all.
fn caught(catcher: &Catcher) -> Option<String> {
    (catcher.errors != ["States.ALL"]).then(|| catcher.errors.join(", "))
}

fn retried(retrier: &Retrier) -> String {
    let (errors, attempts) = (retrier.errors.join(", "), retrier.max_attempts);
    let rate = match retrier.backoff_rate {
        1.0 => String::new(),
        rate => format!(", {rate} times as long each time"),
    };
    format!("Retry on {errors}: up to {attempts} times, after {} s{rate}", retrier.interval_seconds)
}

/// A state without what it leads to.
fn node(state: &State) -> Node {
    let (family, glyph, details) = match &state.kind {
        StateKind::Task(task) => task::looks(task),
        StateKind::Pass { .. } => (Family::Data, Glyph::Pass, vec!["Pass".to_owned()]),
        StateKind::Choice(_) => (Family::Flow, Glyph::Branch, vec!["Choice".to_owned()]),
        StateKind::Wait(wait) => (Family::Flow, Glyph::Clock, vec![waits(wait)]),
        StateKind::Succeed => (Family::Success, Glyph::Check, vec!["Succeed".to_owned()]),
        StateKind::Fail { error, .. } => (Family::Failure, Glyph::Cross, vec![fails(error.as_ref())]),
        StateKind::Parallel { .. } => (Family::Flow, Glyph::Parallel, vec!["Parallel".to_owned()]),
        StateKind::Map(map) => (Family::Flow, Glyph::Loop, vec![maps(map)]),
        StateKind::Unknown => (Family::Other, Glyph::None, vec!["a type that does not exist".to_owned()]),
    };
    let holds = state.scopes().next().is_some();
    Node {
        shape: if holds { Shape::DashedBox } else { Shape::Card },
        family,
        glyph,
        details,
        path: Some(Path::from(&state.pointer)),
        ..Node::new(&state.pointer, &*state.name)
    }
}

fn waits(wait: &Wait) -> String {
    match wait {
        Wait::Seconds(Count::Literal(seconds)) => format!("Wait: {seconds} s"),
        Wait::Seconds(Count::Path { path, .. }) => format!("Wait: {} s", path.text()),
        Wait::Seconds(Count::Expression { expression, .. }) => format!("Wait: {} s", cut(expression.text(), 60)),
        Wait::Until(moment) => format!("Wait until {}", time::text(*moment)),
        Wait::UntilPath(path) => format!("Wait until {}", path.text()),
        Wait::UntilExpression(expression) => format!("Wait until {}", cut(expression.text(), 60)),
        Wait::Unknown => "Wait".to_owned(),
    }
}

fn fails(error: Option<&Text>) -> String {
    match error {
        Some(Text::Literal(error)) => format!("Fail: {}", cut(error, 60)),
        Some(Text::Path { path, .. }) => format!("Fail: {}", path.text()),
        Some(Text::Intrinsic { call, .. }) => format!("Fail: {}", cut(call.text(), 60)),
        Some(Text::Expression { expression, .. }) => format!("Fail: {}", cut(expression.text(), 60)),
        None => "Fail".to_owned(),
    }
}

fn maps(map: &Map) -> String {
    let kind = if map.distributed.is_some() { "Distributed Map" } else { "Map" };
    match &map.max_concurrency {
        Some(Count::Literal(most)) if *most > 0.0 => format!("{kind}, {most} at once"),
        _ => kind.to_owned(),
    }
}
