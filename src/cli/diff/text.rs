//! Text: what a person reads on a terminal, the loss of data first.

use std::fmt::Write;

use super::{
    compared::Compared,
    difference::{Difference, Kind, differences, join},
    value::{both, short},
    words::{self, MOVED},
};
use crate::{
    cli::screen::Screen,
    diagnostic::visible,
    diff::{Action, Diff, EntryChange, PropertyChange, ResourceChange, security},
    json::Json,
};

/// Colours of a terminal, by their numbers.
#[derive(Clone, Copy)]
enum Colour {
    Red = 31,
    Green = 32,
    Yellow = 33,
    Bold = 1,
    Dim = 2,
}

/// A text that is being written.
struct Page {
    text: String,
    is_coloured: bool,
}

/// The report of all comparisons.
pub(super) fn render(compared: &[Compared], screen: Screen) -> String {
    let mut page = Page { text: String::new(), is_coloured: screen.colour };
    for (at, one) in compared.iter().enumerate() {
        if at > 0 {
            page.text.push('\n');
        }
        page.diff(one);
    }
    page.text
}

impl Page {
    fn line(&mut self, indent: usize, text: &str) {
        let _ = writeln!(self.text, "{:indent$}{text}", "");
    }

    fn paint(&self, colour: Colour, text: &str) -> String {
        let text = visible(text);
        if self.is_coloured { format!("\u{1b}[{}m{text}\u{1b}[0m", colour as u8) } else { text.into_owned() }
    }

    fn title(&mut self, title: &str) {
        let title = self.paint(Colour::Bold, title);
        self.line(0, "");
        self.line(0, &title);
    }

    fn diff(&mut self, one: &Compared) {
        let diff = &one.diff;
        let head = format!("{}: {}", one.name, words::summary(diff));
        let head = self.paint(Colour::Bold, &head);
        self.line(0, &head);
        self.losses(diff);
        self.resources(diff);
        self.renames(diff);
        self.security(diff);
        self.machines(diff);
        self.code(diff);
        for (title, entries) in [
            ("Parameters", &diff.parameters),
            ("Mappings", &diff.mappings),
            ("Conditions", &diff.conditions),
            ("Outputs", &diff.outputs),
            ("Other sections", &diff.others),
        ] {
            self.entries(title, entries);
        }
        self.order(diff);
        if let Some(quiet) = words::quiet(diff) {
            let quiet = self.paint(Colour::Dim, &format!("Also {quiet}; `--format json` tells them."));
            self.line(0, "");
            self.line(0, &quiet);
        }
    }

    fn losses(&mut self, diff: &Diff) {
        if diff.losses.is_empty() {
            return;
        }
        let title = self.paint(Colour::Red, "LOSS OF DATA");
        self.line(0, "");
        self.line(0, &title);
        for loss in &diff.losses {
            let may = if loss.certain { "" } else { "perhaps " };
            let text = format!("{} ({}): {may}{}", loss.id, loss.kind, loss.what);
            let text = self.paint(Colour::Red, &text);
            self.line(2, &text);
            self.line(6, &visible(&loss.remedy));
        }
    }

    fn resources(&mut self, diff: &Diff) {
        let shown: Vec<&ResourceChange> = diff.resources.iter().filter(|change| change.quiet.is_none()).collect();
        if shown.is_empty() {
            return;
        }
        self.title("Resources");
        for change in shown {
            let colour = match change.action {
                Action::Delete | Action::Replace => Colour::Red,
                Action::MaybeReplace | Action::Interrupt | Action::Retain => Colour::Yellow,
                _ => Colour::Green,
            };
            let sign = self.paint(colour, &format!("{} {}", words::sign(change), change.id));
            let action = self.paint(colour, &words::action(change));
            self.line(2, &format!("{sign} ({}): {action}", visible(&change.kind)));
            for obstacle in &change.obstacles {
                let obstacle = self.paint(Colour::Red, &format!("fails: {obstacle}"));
                self.line(6, &obstacle);
            }
            for property in words::shown(change, diff) {
                self.property(6, property, words::is_below(change, property, diff));
            }
        }
    }

    fn property(&mut self, indent: usize, property: &PropertyChange, is_below: bool) {
        let path = if property.path.is_empty() { "Properties" } else { &property.path };
        let (before, after) = (property.before.as_ref(), property.after.as_ref());
        let demand = words::demand(property);
        let note = demand.map(|demand| format!("  ({demand})")).unwrap_or_default();
        let note = match property.action {
            Action::Replace => self.paint(Colour::Red, &note),
            Action::MaybeReplace | Action::Interrupt => self.paint(Colour::Yellow, &note),
            _ => self.paint(Colour::Dim, &note),
        };
        if is_below {
            self.line(indent, &format!("{}: its lines are below{note}", visible(path)));
        } else {
            self.values(indent, path, [before, after], &note);
        }
    }

    /// What a value was and is: a line where one part of it differs, else a line for each.
    fn values(&mut self, indent: usize, path: &str, [before, after]: [Option<&Json>; 2], note: &str) {
        let parts = match (before, after) {
            (Some(before), Some(after)) => differences(before, after),
            _ => Vec::new(),
        };
        let change = |path: &str, before, after| {
            let [before, after] = both(before, after);
            format!("{}: {before} → {after}", visible(path))
        };
        match parts.as_slice() {
            _ if before == after => self.line(indent, &format!("{}: {}{note}", visible(path), short(after))),
            [] => self.line(indent, &format!("{}{note}", change(path, before, after))),
            [Difference { path: below, kind: Kind::Changed, before, after }] => {
                self.line(indent, &format!("{}{note}", change(&join(path, below), *before, *after)));
            }
            [Difference { path: below, kind: Kind::Moved, .. }] => {
                self.line(indent, &format!("{}: {MOVED}{note}", visible(&join(path, below))));
            }
            parts => {
                self.line(indent, &format!("{}:{note}", visible(path)));
                for part in parts {
                    let name = if part.path.is_empty() { String::new() } else { format!("{}: ", part.path) };
                    let line = match part.kind {
                        Kind::Removed => self.paint(Colour::Red, &format!("- {name}{}", short(part.before))),
                        Kind::Added => self.paint(Colour::Green, &format!("+ {name}{}", short(part.after))),
                        Kind::Moved => visible(&format!("{name}{MOVED}")).into_owned(),
                        Kind::Changed => change(&part.path, part.before, part.after),
                    };
                    self.line(indent + 2, &line);
                }
            }
        }
    }

    fn renames(&mut self, diff: &Diff) {
        if diff.renames.is_empty() {
            return;
        }
        self.title("Renamed, and made anew for it");
        for rename in &diff.renames {
            self.line(2, &visible(&format!("{} → {} ({})", rename.from, rename.to, rename.kind)));
            self.line(6, &visible(&rename.remedy));
        }
    }

    fn security(&mut self, diff: &Diff) {
        if diff.security.is_empty() {
            return;
        }
        self.title("Security");
        for change in &diff.security {
            let (sign, colour) = match (change.direction, change.rank) {
                (security::Direction::Gained, security::Rank::Public | security::Rank::Write) => ("+", Colour::Red),
                (security::Direction::Gained, security::Rank::Wider) => ("+", Colour::Yellow),
                (security::Direction::Gained, security::Rank::Internal) => ("+", Colour::Green),
                (security::Direction::Lost, _) => ("-", Colour::Dim),
            };
            let may = if change.certain { "" } else { " (perhaps)" };
            let text = self.paint(colour, &format!("{sign} {}{may}", change.sentence));
            self.line(2, &text);
        }
    }

    fn machines(&mut self, diff: &Diff) {
        if diff.machines.is_empty() {
            return;
        }
        self.title("State machines");
        for machine in &diff.machines {
            self.line(2, &visible(&machine.id));
            for field in &machine.fields {
                self.property(4, field, false);
            }
            for state in &machine.states {
                let text = format!("{} {}: {}", words::sign_of(state.change), state.path, words::state(state));
                self.line(4, &visible(&text));
                for field in &state.fields {
                    self.property(8, field, false);
                }
            }
            let executions = self.paint(Colour::Dim, &machine.executions);
            self.line(4, &executions);
        }
    }

    fn code(&mut self, diff: &Diff) {
        for code in &diff.code {
            self.title(&format!("{} {}", code.id, code.path));
            for line in code.unified.lines() {
                let line = match line.as_bytes().first() {
                    Some(b'+') => self.paint(Colour::Green, line),
                    Some(b'-') => self.paint(Colour::Red, line),
                    Some(b'@') => self.paint(Colour::Dim, line),
                    _ => visible(line).into_owned(),
                };
                self.line(2, line.trim_end());
            }
        }
    }

    fn entries(&mut self, title: &str, entries: &[EntryChange]) {
        let shown: Vec<&EntryChange> = entries.iter().filter(|entry| entry.quiet.is_none()).collect();
        if shown.is_empty() {
            return;
        }
        self.title(title);
        for entry in shown {
            let name = format!("{} {}", words::sign_of(entry.change), entry.name);
            match (&entry.before, &entry.after) {
                (Some(before), Some(after)) => self.values(2, &name, [Some(before), Some(after)], ""),
                (before, after) => {
                    let value = short(before.as_ref().or(after.as_ref()));
                    self.line(2, &format!("{}: {value}", visible(&name)));
                }
            }
            if let Some(effect) = &entry.effect {
                let effect = self.paint(Colour::Yellow, effect);
                self.line(6, &effect);
            }
        }
    }

    fn order(&mut self, diff: &Diff) {
        // One step needs no order.
        if diff.order.len() < 2 {
            return;
        }
        self.title("Order");
        for (at, step) in diff.order.iter().enumerate() {
            self.line(2, &visible(&format!("{}. {} {}", at + 1, words::phase(step.phase), step.id)));
        }
    }
}
