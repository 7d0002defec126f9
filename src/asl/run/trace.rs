//! The trace of a run: the states that it entered, as a tree for a person.

mod layout;
mod row;
#[cfg(test)]
mod tests;
mod visit;

pub(crate) use self::visit::{Attempt, End, Visit};

use std::fmt;

use self::{
    layout::{Content, Line},
    row::{Part, Row, Style, columns, cut, json, plain},
};
use crate::{
    asl::expression::time::{Time, span},
    json::Json,
};

/// Columns that a line has at least: with fewer there would be no room for payloads.
const NARROWEST: usize = 40;
/// Lines that are shown at the beginning of a long run, and at its end, where most is to be learnt.
const FIRST_LINES: usize = 380;
const LAST_LINES: usize = 120;

/// A run as an indented tree of states.
pub(super) struct Tree<'a> {
    pub visits: &'a [Visit],
    /// Columns that a line may have.
    pub width: usize,
    pub colour: bool,
}

impl fmt::Display for Tree<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = layout::lines(self.visits);
        let left_out = lines.len().saturating_sub(FIRST_LINES + LAST_LINES);
        let (first, last) = match left_out {
            0 | 1 => (lines.as_slice(), [].as_slice()),
            _ => (&lines[..FIRST_LINES], &lines[lines.len() - LAST_LINES..]),
        };
        let table = Table::new(self, first.iter().chain(last));
        for line in first {
            writeln!(f, "{}", table.row(line).finish())?;
        }
        if !last.is_empty() {
            let mut row = table.start(None, "");
            row.push(Style::Dim, &format!("⋮ {left_out} lines left out"));
            writeln!(f, "{}", row.finish())?;
        }
        for line in last {
            writeln!(f, "{}", table.row(line).finish())?;
        }
        Ok(())
    }
}

/// The columns of a tree.
struct Table {
    width: usize,
    colour: bool,
    /// The columns at which the times end, and the types and the payloads begin.
    times: usize,
    types: usize,
    payloads: usize,
}

impl Table {
    fn new<'a>(tree: &Tree<'_>, lines: impl Iterator<Item = &'a Line<'a>>) -> Self {
        let width = tree.width.max(NARROWEST);
        let (mut times, mut names, mut types) = (4, 0, 0);
        for line in lines {
            times = times.max(line.time.map_or(0, |time| columns(&span(time))));
            if let Content::State(visit) = &line.content {
                names = names.max(columns(&line.gutter) + columns(&plain(&visit.name, width)));
                types = types.max(visit.kind.len());
            }
        }
        // A longer name pushes the rest of its own line aside.
        let begin = times + 2 + names.min(width * 3 / 10) + 2;
        Self { width, colour: tree.colour, times, types: begin, payloads: begin + types + 2 }
    }

    fn start(&self, time: Option<Time>, gutter: &str) -> Row {
        let mut row = Row::new(self.width, self.colour);
        let time = time.map(span).unwrap_or_default();
        row.pad(self.times.saturating_sub(columns(&time)));
        row.push(Style::Dim, &time);
        row.pad(self.times + 2);
        row.push(Style::Dim, gutter);
        row
    }

    fn row(&self, line: &Line<'_>) -> Row {
        let mut row = self.start(line.time, &line.gutter);
        let json = |value: &Json| Part::Cut(Style::Plain, json(value, self.width));
        let dim = |text: &str| Part::Fixed(Style::Dim, text.to_owned());
        match &line.content {
            Content::State(visit) => {
                let style = visit.end.style();
                // Half of the line is left for the payloads.
                row.push(style, &cut(&plain(&visit.name, self.width), self.width / 2));
                row.pad(self.types.max(row.used() + 2));
                row.push(Style::Dim, visit.kind);
                row.pad(self.payloads.max(row.used() + 2));
                let end = match (&visit.end, &visit.output) {
                    (End::Failed { error, cause }, _) => self.failed(style, error.as_deref(), cause.as_deref()),
                    (End::Aborted, _) => Part::Fixed(style, "aborted".to_owned()),
                    // Two long payloads that are cut look the same whether they are or not.
                    (End::Exited | End::Caught { .. }, Some(output)) if *output == visit.input => dim("unchanged"),
                    (End::Exited | End::Caught { .. }, Some(output)) => json(output),
                    (End::Running | End::Exited | End::Caught { .. }, _) => Part::Fixed(style, "unfinished".to_owned()),
                };
                row.fill(&[json(&visit.input), dim(" → "), end]);
            }
            Content::Sent { arguments, result: None } => row.fill(&[dim("sent "), json(arguments)]),
            Content::Sent { arguments, result: Some(result) } => {
                row.fill(&[dim("sent "), json(arguments), dim(" → "), json(result)]);
            }
            Content::Attempt { number, attempt } => {
                row.push(Style::Dim, &format!("attempt {number} "));
                let again = attempt.retried_after.map(|after| format!(", again after {}", span(after)));
                match &attempt.result {
                    Some(Ok(result)) => row.fill(&[dim("→ "), json(result)]),
                    Some(Err((error, cause))) => {
                        let fault = self.failed(Style::Red, error.as_deref(), cause.as_deref());
                        row.fill(&[fault, dim(&again.unwrap_or_default())]);
                    }
                    None => row.push(Style::Yellow, "unfinished"),
                }
            }
            Content::Caught { error, cause, next } => {
                let error = fault(error.as_deref(), cause.as_deref());
                let next = next.map(|next| format!(" → {}", plain(next, self.width))).unwrap_or_default();
                let caught = Part::Cut(Style::Yellow, plain(&format!("caught{error}"), self.width));
                row.fill(&[caught, dim(&cut(&next, self.width / 2))]);
            }
            Content::Lane { label, index } => row.push(Style::Dim, &format!("{label} {index}")),
            Content::LeftOut { items } => {
                let plural = if *items == 1 { "" } else { "s" };
                row.push(Style::Dim, &format!("{items} item{plural} left out"));
            }
            Content::Log(line) => row.push(Style::Plain, &plain(&line.replace('\t', "  "), self.width)),
            Content::LogLeftOut { lines } => row.push(Style::Dim, &format!("⋮ {lines} lines left out")),
        }
        row
    }

    fn failed(&self, style: Style, error: Option<&str>, cause: Option<&str>) -> Part {
        Part::Cut(style, plain(&format!("failed{}", fault(error, cause)), self.width))
    }
}

/// ` Error: cause`, as far as there are such.
fn fault(error: Option<&str>, cause: Option<&str>) -> String {
    let error = error.map(|error| format!(" {error}")).unwrap_or_default();
    let cause = cause
        .map(without_preamble)
        .filter(|cause| !cause.is_empty())
        .map(|cause| format!(": {cause}"))
        .unwrap_or_default();
    error + &cause
}

/// A cause without the preamble that the service puts before its own ones, which the line says anyway, and which would
/// leave no room for the rest: `An error occurred while executing the state '…' (entered at the event id #2). `
fn without_preamble(cause: &str) -> &str {
    let rest = cause.strip_prefix("An error occurred while executing the state '");
    let rest = rest.and_then(|rest| rest.split_once("' (entered at the event id #"));
    rest.and_then(|(_, rest)| rest.split_once("). ")).map_or(cause, |(_, reason)| reason)
}

impl End {
    fn style(&self) -> Style {
        match self {
            Self::Exited => Style::Green,
            Self::Failed { .. } => Style::Red,
            Self::Running | Self::Caught { .. } | Self::Aborted => Style::Yellow,
        }
    }
}
