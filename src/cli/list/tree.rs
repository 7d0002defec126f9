//! The tree of a stack's resources, by the files that declare them or by their services.

use std::fmt::Write;

use clap::ValueEnum;

use super::outline::{Entry, Link, Outline};
use crate::{cli::screen::Screen, diagnostic::visible};

/// What the resources of a tree are put together by.
#[derive(Clone, Copy, ValueEnum)]
pub(super) enum By {
    /// The file that declares them
    File,
    /// The service of AWS that they belong to
    Service,
}

/// The tree of one outline.
pub(super) fn render(outline: &Outline, by: By, screen: Screen) -> String {
    let groups = groups(outline, by);
    let count = outline.resources.len();
    let plural = if count == 1 { "" } else { "s" };
    let mut text = screen.bold(&format!("{}: {count} resource{plural}", visible(&outline.name))) + "\n";
    let columns = Columns::of(outline);
    for (at, (name, entries)) in groups.iter().enumerate() {
        let (branch, stem) = if at + 1 == groups.len() { ("└ ", "  ") } else { ("├ ", "│ ") };
        let _ = writeln!(text, "{branch}{}", screen.bold(&visible(name)));
        for (at, entry) in entries.iter().enumerate() {
            let (leaf, below) = if at + 1 == entries.len() { ("└ ", "  ") } else { ("├ ", "│ ") };
            let _ = writeln!(text, "{stem}{leaf}{}", columns.row(entry, by).trim_end());
            for line in links(&entry.refers, screen.width.saturating_sub(8)) {
                let _ = writeln!(text, "{stem}{below}  {}", screen.dim(&line));
            }
        }
    }
    text
}

/// The resources by the name of their group, in the order of the template.
fn groups(outline: &Outline, by: By) -> Vec<(&str, Vec<&Entry>)> {
    let mut groups: Vec<(&str, Vec<&Entry>)> = Vec::new();
    for entry in &outline.resources {
        let name = match by {
            By::File => entry.file.as_deref().unwrap_or("(no file)"),
            By::Service => &entry.service,
        };
        match groups.iter_mut().find(|(known, _)| *known == name) {
            Some((_, entries)) => entries.push(entry),
            None => groups.push((name, vec![entry])),
        }
    }
    groups
}

/// The widths of the names and of the types.
struct Columns {
    id: usize,
    kind: usize,
}

impl Columns {
    /// As wide as the longest, but one of anyone's template may be longer than is good.
    fn of(outline: &Outline) -> Self {
        let widest = |text: fn(&Entry) -> &str| {
            outline.resources.iter().map(|entry| visible(text(entry)).chars().count()).max().unwrap_or_default().min(48)
        };
        Self { id: widest(|entry| &entry.id), kind: widest(|entry| &entry.kind) }
    }

    fn row(&self, entry: &Entry, by: By) -> String {
        let Self { id, kind } = self;
        let place = match (by, &entry.file, entry.line) {
            (By::File, _, Some(line)) => format!("line {line}"),
            (By::Service, Some(file), Some(line)) => format!("{}:{line}", visible(file)),
            _ => String::new(),
        };
        format!("{:id$}  {:kind$}  {place}", visible(&entry.id), visible(&entry.kind))
    }
}

/// What a resource refers to, each thing once, in lines of that width.
fn links(refers: &[Link], width: usize) -> Vec<String> {
    let mut names: Vec<&str> = Vec::new();
    for link in refers {
        if !names.contains(&&*link.to) {
            names.push(&link.to);
        }
    }
    let mut lines: Vec<String> = Vec::new();
    for (at, name) in names.iter().enumerate() {
        let comma = if at + 1 < names.len() { "," } else { "" };
        let word = format!("{}{comma}", visible(name));
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(&word);
            }
            Some(_) => lines.push(format!("  {word}")),
            None => lines.push(format!("→ {word}")),
        }
    }
    lines
}
