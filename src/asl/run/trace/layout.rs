//! The layout of a trace: its lines in their order. Their texts are rendered later, and only for the lines that are
//! shown.

use std::{mem, rc::Rc};

use super::visit::{Attempt, End, Visit};
use crate::{asl::expression::time::Time, json::Json};

/// Iterations of a `Map` that are all shown.
const MOST_ITEMS: usize = 20;
/// Iterations of a larger one that are shown at its beginning.
const FIRST_ITEMS: usize = 10;
/// Lines of the log of a call that are shown at its beginning, and at its end.
const FIRST_LOG_LINES: usize = 20;
const LAST_LOG_LINES: usize = 10;
/// How deep lines are indented; what nests deeper stays there.
const DEEPEST: usize = 16;

/// A line of the tree.
pub(super) struct Line<'a> {
    /// The marks before the text, which place the line below its state.
    pub gutter: Rc<str>,
    /// The moment, from the start of the execution.
    pub time: Option<Time>,
    pub content: Content<'a>,
}

/// The content of a line.
pub(super) enum Content<'a> {
    State(&'a Visit),
    /// The arguments of a task, and its result.
    Sent {
        arguments: &'a Json,
        result: Option<&'a Json>,
    },
    Attempt {
        number: usize,
        attempt: &'a Attempt,
    },
    /// The error that was caught; its cause where no other line has it, and the state that followed.
    Caught {
        error: Option<&'a str>,
        cause: Option<&'a str>,
        next: Option<&'a str>,
    },
    /// A branch or an iteration.
    Lane {
        label: &'static str,
        index: usize,
    },
    LeftOut {
        items: usize,
    },
    /// A line that was logged while a call was answered.
    Log(&'a str),
    LogLeftOut {
        lines: usize,
    },
}

/// All the lines, in time that is linear in the number of visits.
pub(super) fn lines(visits: &[Visit]) -> Vec<Line<'_>> {
    let mut children = vec![Vec::new(); visits.len()];
    let mut roots = Vec::new();
    let mut failed: Vec<bool> = visits.iter().map(|visit| matches!(visit.end, End::Failed { .. })).collect();
    for (index, visit) in visits.iter().enumerate() {
        match visit.parent {
            Some(parent) => children[parent].push(index),
            None => roots.push(index),
        }
    }
    // An error that nothing can catch ends the execution from within: the states around it have no end of their own.
    for (index, visit) in visits.iter().enumerate().rev() {
        if let Some(parent) = visit.parent.filter(|_| failed[index]) {
            failed[parent] |= matches!(visits[parent].end, End::Running | End::Aborted);
        }
    }
    let mut layout = Layout { visits, children, failed, lines: Vec::new() };
    layout.sequence(&roots, "", 0);
    layout.lines
}

struct Layout<'a> {
    visits: &'a [Visit],
    children: Vec<Vec<usize>>,
    /// The states that failed, or in which one failed that nothing could catch.
    failed: Vec<bool>,
    lines: Vec<Line<'a>>,
}

impl<'a> Layout<'a> {
    fn push(&mut self, gutter: &Rc<str>, time: impl Into<Option<Time>>, content: Content<'a>) {
        self.lines.push(Line { gutter: Rc::clone(gutter), time: time.into(), content });
    }

    /// Lays out states that followed each other.
    fn sequence(&mut self, states: &[usize], gutter: &str, depth: usize) {
        let outer = Rc::from(gutter);
        let [inner, turn] = ["  ", "↳ "].map(|mark| Rc::from(format!("{gutter}{mark}")));
        for (position, state) in states.iter().enumerate() {
            let visit = &self.visits[*state];
            self.push(&outer, visit.entered, Content::State(visit));
            let numbered = is_told_by_attempt(visit);
            if visit.kind == "Task" {
                self.calls(visit, &inner, numbered);
            } else {
                let children = mem::take(&mut self.children[*state]);
                self.groups(visit, &children, &outer, numbered, depth);
            }
            if let End::Caught { error, cause } = &visit.end {
                let next = states.get(position + 1).map(|next| &*self.visits[*next].name);
                let cause = cause.as_deref().filter(|_| !numbered);
                self.push(&turn, visit.left, Content::Caught { error: error.as_deref(), cause, next });
            }
        }
    }

    /// Lays out the calls of a task: the arguments once for as long as they stay the same, and the end of each call.
    fn calls(&mut self, visit: &'a Visit, gutter: &Rc<str>, numbered: bool) {
        let mut sent = None;
        for (index, attempt) in visit.attempts.iter().enumerate() {
            let result = attempt.result.as_ref().and_then(|result| result.as_deref().ok()).filter(|_| !numbered);
            if let Some(arguments) = attempt.arguments.as_deref() {
                // The line of the state has its input and its output already.
                let is_news = match result {
                    Some(result) => *arguments != *visit.input || visit.output.as_deref() != Some(result),
                    None => *arguments != *visit.input && sent != Some(arguments),
                };
                if is_news {
                    self.push(gutter, attempt.at, Content::Sent { arguments, result });
                }
                sent = Some(arguments);
            }
            if numbered {
                self.push(gutter, attempt.at, Content::Attempt { number: index + 1, attempt });
            }
            self.log(attempt.logs.as_deref().unwrap_or_default(), gutter);
        }
    }

    /// Lays out what was logged while a call was answered.
    fn log(&mut self, log: &'a str, gutter: &Rc<str>) {
        let gutter = Rc::from(format!("{gutter}│ "));
        let lines: Vec<&str> = log.lines().collect();
        let left_out = match lines.len().saturating_sub(FIRST_LOG_LINES + LAST_LOG_LINES) {
            1 => 0,
            left_out => left_out,
        };
        let first = if left_out == 0 { lines.len() } else { FIRST_LOG_LINES };
        for line in &lines[..first] {
            self.push(&gutter, None, Content::Log(line));
        }
        if left_out > 0 {
            self.push(&gutter, None, Content::LogLeftOut { lines: left_out });
            for line in &lines[first + left_out..] {
                self.push(&gutter, None, Content::Log(line));
            }
        }
    }

    /// Lays out the branches or iterations of each attempt.
    fn groups(&mut self, visit: &'a Visit, children: &[usize], outer: &Rc<str>, numbered: bool, depth: usize) {
        let mut rest = children;
        for (index, attempt) in visit.attempts.iter().enumerate() {
            let end = visit.attempts.get(index + 1).map_or(usize::MAX, |next| next.visits_before);
            let (of_this, later) = rest.split_at(rest.partition_point(|child| *child < end));
            if numbered {
                let mark = if of_this.is_empty() { "─ " } else { "┌ " };
                let content = Content::Attempt { number: index + 1, attempt };
                self.push(&format!("{outer}{mark}").into(), attempt.at, content);
            }
            self.lanes(visit.kind, of_this, outer, depth);
            rest = later;
        }
    }

    fn lanes(&mut self, kind: &str, states: &[usize], outer: &Rc<str>, depth: usize) {
        let visits = self.visits;
        let mut states = states.to_vec();
        states.sort_by_key(|state| visits[*state].lane);
        let lanes: Vec<&[usize]> = states.chunk_by(|one, next| visits[*one].lane == visits[*next].lane).collect();
        let label = if kind == "Map" { "item" } else { "branch" };
        let all = kind != "Map" || lanes.len() <= MOST_ITEMS;
        let below = |mark: &str| if depth < DEEPEST { format!("{outer}{mark}") } else { outer.to_string() };
        let mut items = 0;
        for (position, lane) in lanes.iter().enumerate() {
            let is_last = position + 1 == lanes.len();
            if !(all || position < FIRST_ITEMS || is_last || lane.iter().any(|state| self.failed[*state])) {
                items += 1;
                continue;
            }
            if items > 0 {
                self.push(&below("⋮ ").into(), None, Content::LeftOut { items: mem::take(&mut items) });
            }
            let index = lane.first().and_then(|state| visits[*state].lane).unwrap_or_default();
            let (mark, line) = if is_last { ("└ ", "  ") } else { ("├ ", "│ ") };
            self.push(&below(mark).into(), None, Content::Lane { label, index });
            self.sequence(lane, &below(line), depth + 1);
        }
    }
}

/// Whether the attempts have lines of their own: not where there was one, whose end the line of the state has.
fn is_told_by_attempt(visit: &Visit) -> bool {
    match visit.attempts.as_slice() {
        [] => false,
        [only] => {
            let failed = matches!(only.result, Some(Err(_)));
            only.retried_after.is_some() || failed && !matches!(visit.end, End::Failed { .. } | End::Caught { .. })
        }
        _ => true,
    }
}
