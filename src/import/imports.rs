//! The `use` of a file: which items it names, by which names, in rustfmt's order and lines.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
};

use super::{
    code::Path,
    layout::mixed,
    shape::{TAB, WIDTH},
};

/// The items that a file names.
#[derive(Default)]
pub(super) struct Imports {
    items: BTreeSet<String>,
    /// The variables that are references where they are used.
    pub borrowed: BTreeSet<String>,
    /// What an item is called in the file, and what is imported for that.
    named: BTreeMap<String, (String, String)>,
}

impl Imports {
    /// Notes an item.
    pub fn note(&mut self, item: &str) {
        if !item.is_empty() {
            self.items.insert(item.to_owned());
        }
    }

    /// Gives each item its name: its own, or where two have that, with the modules around it that tell them apart.
    pub fn settle(&mut self) {
        let mut depth: BTreeMap<&str, usize> = self.items.iter().map(|item| (item.as_str(), 1)).collect();
        loop {
            let mut by_first: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
            for (item, depth) in &depth {
                let imported = imported(item, *depth);
                by_first.entry(last_segment(imported)).or_default().insert(imported.to_owned());
            }
            let clashing: Vec<String> =
                by_first.values().filter(|imported| imported.len() > 1).flatten().cloned().collect();
            let mut changed = false;
            for (item, depth) in &mut depth {
                let is_clashing = clashing.iter().any(|clash| clash == imported(item, *depth));
                if is_clashing && *depth < item.matches("::").count() {
                    *depth += 1;
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
        self.named = depth
            .into_iter()
            .map(|(item, depth)| {
                let segments: Vec<&str> = item.split("::").collect();
                let name = segments[segments.len() - depth..].join("::");
                (item.to_owned(), (name, imported(item, depth).to_owned()))
            })
            .collect();
    }

    /// The text of a path.
    pub fn text(&self, path: &Path) -> String {
        if path.item.is_empty() {
            return match path.rest.strip_prefix('&') {
                Some(variable) if self.borrowed.contains(variable) => variable.to_owned(),
                _ => path.rest.clone(),
            };
        }
        let name = self.named.get(&path.item).map_or(path.item.as_str(), |(name, _)| name.as_str());
        format!("{name}{}", path.rest)
    }

    /// The name of an item.
    pub fn name(&self, item: &str) -> String {
        self.text(&Path::new(item, ""))
    }

    /// The declaration; nothing where no item is named.
    pub fn declaration(&self) -> String {
        let mut tree = Tree::default();
        for (_, imported) in self.named.values() {
            tree.insert(&format!("formwork::{imported}"));
        }
        match tree.below.iter().next() {
            Some((name, tree)) => format!("use {};\n", tree.render(name, 0, "use ".len() + 1)),
            None => String::new(),
        }
    }
}

/// What is imported for an item that is named by its last segments.
fn imported(item: &str, depth: usize) -> &str {
    let mut end = item.len();
    for _ in 1..depth {
        end = item[..end].rfind("::").unwrap_or(end);
    }
    &item[..end]
}

fn last_segment(item: &str) -> &str {
    item.rsplit("::").next().unwrap_or(item)
}

/// The tree of what is imported.
#[derive(Default)]
struct Tree {
    below: BTreeMap<String, Tree>,
    /// Whether it is imported itself, beside what is below it.
    is_item: bool,
}

impl Tree {
    fn insert(&mut self, path: &str) {
        match path.split_once("::") {
            Some((first, rest)) => self.below.entry(first.to_owned()).or_default().insert(rest),
            None => self.below.entry(path.to_owned()).or_default().is_item = true,
        }
    }

    /// The tree behind a name; `around` is the room that is taken on its line.
    fn render(&self, name: &str, indent: usize, around: usize) -> String {
        match self.below.iter().next() {
            None => name.to_owned(),
            Some((below, tree)) if self.below.len() == 1 && !self.is_item => {
                tree.render(&format!("{name}::{below}"), indent, around)
            }
            Some(_) => {
                let mut entries: Vec<(&str, &Tree)> =
                    self.below.iter().map(|(name, tree)| (name.as_str(), tree)).collect();
                entries.sort_by(|one, other| compare(one.0, other.0));
                let mut items: Vec<String> = if self.is_item { vec!["self".to_owned()] } else { Vec::new() };
                items.extend(entries.iter().map(|(name, tree)| tree.render(name, indent + TAB, 3)));
                let flat = items.join(", ");
                let has_nested = items.iter().any(|item| item.contains('{'));
                let room = WIDTH.saturating_sub(indent + around + name.chars().count() + 4);
                if !has_nested && flat.chars().count() <= room {
                    return format!("{name}::{{{flat}}}");
                }
                let line = format!("\n{}", " ".repeat(indent + TAB));
                let mut text = String::new();
                let mut run: Vec<&str> = Vec::new();
                let flush = |run: &mut Vec<&str>, text: &mut String| {
                    if !run.is_empty() {
                        text.push_str(&line);
                        text.push_str(&mixed(run.drain(..), indent + TAB, WIDTH.saturating_sub(indent + TAB + 1)));
                    }
                };
                for item in &items {
                    if has_nested && item.contains("::") {
                        flush(&mut run, &mut text);
                        text.push_str(&line);
                        text.push_str(item);
                        text.push(',');
                    } else {
                        run.push(item);
                    }
                }
                flush(&mut run, &mut text);
                format!("{name}::{{{text}\n{}}}", " ".repeat(indent))
            }
        }
    }
}

/// rustfmt's order of names: letter by letter, numbers by their value.
fn compare(one: &str, other: &str) -> Ordering {
    let (mut one, mut other) = (one.as_bytes(), other.as_bytes());
    loop {
        let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
        match (digits(one), digits(other)) {
            (0, _) | (_, 0) => match (one.split_first(), other.split_first()) {
                (None, None) => return Ordering::Equal,
                (None, _) => return Ordering::Less,
                (_, None) => return Ordering::Greater,
                (Some((a, rest)), Some((b, others))) if a == b => (one, other) = (rest, others),
                (Some((a, _)), Some((b, _))) => return a.cmp(b),
            },
            (a, b) => {
                let number = |text: &[u8]| {
                    let start = text.iter().take_while(|byte| **byte == b'0').count();
                    text[start..].to_vec()
                };
                let (left, right) = (number(&one[..a]), number(&other[..b]));
                let order = left.len().cmp(&right.len()).then(left.cmp(&right)).then(b.cmp(&a));
                if order != Ordering::Equal {
                    return order;
                }
                (one, other) = (&one[a..], &other[b..]);
            }
        }
    }
}
