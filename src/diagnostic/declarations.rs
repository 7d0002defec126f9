//! Declarations: the Rust line of each thing that the user's code declares.

use std::collections::HashMap;

use super::{Diagnostic, Path, Source};

/// The lines where things were declared, by their path in the template or definition that they become part of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Declarations(HashMap<Path, Source>);

impl Declarations {
    /// Adds the line of what is at `path`.
    pub fn insert(&mut self, path: impl Into<Path>, source: Source) {
        self.0.insert(path.into(), source);
    }

    /// Adds the lines of a part that is at `outer`.
    pub fn extend_within(&mut self, outer: &Path, part: &Self) {
        self.0.extend(part.0.iter().map(|(inner, source)| (inner.within(outer), source.clone())));
    }

    /// The line of exactly what is at `path`.
    pub fn get(&self, path: &str) -> Option<&Source> {
        self.0.get(path)
    }

    /// The line of what is at `path`, or of the nearest thing around it.
    pub fn nearest(&self, path: &Path) -> Option<&Source> {
        path.ancestors().find_map(|path| self.get(path))
    }

    /// Gives its line to each diagnostic that has none yet.
    pub fn locate(&self, diagnostics: &mut [Diagnostic]) {
        for diagnostic in diagnostics.iter_mut().filter(|diagnostic| diagnostic.declared_at.is_none()) {
            diagnostic.declared_at = self.nearest(&diagnostic.path).cloned();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(line: u32) -> Source {
        Source { file: "stacks/main.rs".into(), line }
    }

    #[test]
    fn the_nearest_declaration_is_that_of_the_thing_or_of_what_holds_it() {
        let mut states = Declarations::default();
        states.insert("/States/Render", line(3));
        let mut stack = Declarations::default();
        stack.insert("Resources/Machine", line(1));
        stack.extend_within(&"Resources/Machine/Properties/Definition".into(), &states);
        let nearest = |path: &str| stack.nearest(&path.into()).map(|source| source.line);
        assert_eq!(nearest("Resources/Machine/Properties/Definition/States/Render/Next"), Some(3));
        assert_eq!(nearest("Resources/Machine/Properties/Definition/States/RenderAll"), Some(1));
        assert_eq!(nearest("Resources"), None);
    }

    #[test]
    fn a_line_that_is_known_stays() {
        let mut lines = Declarations::default();
        lines.insert("Resources/A", line(1));
        let mut found = [Diagnostic::error("F1", "Resources/A/Type", "a"), Diagnostic::error("F1", "Resources/A", "b")];
        found[1].declared_at = Some(line(9));
        lines.locate(&mut found);
        assert_eq!(found.map(|diagnostic| diagnostic.declared_at.unwrap().line), [1, 9]);
    }
}
