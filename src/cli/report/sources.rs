//! Sources: the lines that diagnostics point to.

use std::{collections::BTreeMap, fs, ops::Range};

use crate::diagnostic::Diagnostic;

/// The texts of files, by their name. Files that were checked are added; others, Rust code above all, are
/// read when a line of them is wanted.
#[derive(Default)]
pub(in crate::cli) struct Sources(BTreeMap<String, Option<Text>>);

/// A text, with the place where each line begins.
struct Text {
    text: String,
    lines: Vec<usize>,
    /// The line, column and byte that were found last. Faults come in the order of their places, and a line may have
    /// thousands.
    cursor: (u32, u32, usize),
}

impl Text {
    fn new(text: String) -> Self {
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { text, lines, cursor: (0, 0, 0) }
    }

    fn line(&mut self, number: u32, column: Option<u32>) -> Option<Line<'_>> {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        let (start, next) = (*self.lines.get(index)?, self.lines.get(index + 1));
        let end = next.map_or(self.text.len(), |next| next - 1);
        let text = &self.text[start..end];
        let text = text.strip_suffix('\r').unwrap_or(text);
        if text.is_empty() && next.is_none() && index > 0 {
            return None;
        }
        let Some(column) = column else {
            return Some(Line { text, span: text.len() - text.trim_start().len()..text.trim_end().len(), column: 1 });
        };
        // A file may begin with a byte order mark, which no column counts.
        let first = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let (known, from) = match self.cursor {
            (line, known, at) if line == number && known <= column => (known, at),
            _ => (1, first),
        };
        let ahead = usize::try_from(column - known.min(column)).unwrap_or(usize::MAX);
        let begin = text[from..].char_indices().nth(ahead).map_or(text.len(), |(at, _)| from + at);
        self.cursor = (number, column.max(1), begin);
        Some(Line { text, span: begin..begin + token(&text[begin..]), column })
    }
}

/// The line that a diagnostic points to, and the bytes of it that are meant: the name or value that begins in the
/// column, or without one all but the indent.
pub(super) struct Line<'a> {
    pub text: &'a str,
    pub span: Range<usize>,
    column: u32,
}

impl Line<'_> {
    /// The column after the last one that is meant, counted from 1 in characters.
    pub fn end_column(&self) -> usize {
        usize::try_from(self.column).unwrap_or_default() + self.text[self.span.clone()].chars().count()
    }
}

impl Sources {
    /// Adds the text of a file.
    pub fn add(&mut self, name: &str, text: String) {
        self.0.insert(name.to_owned(), Some(Text::new(text)));
    }

    /// The line that a diagnostic points to; none where there is no such line, or no such file any more.
    pub(super) fn line(&mut self, fault: &Diagnostic) -> Option<Line<'_>> {
        let origin = fault.origin()?;
        let file = origin.file();
        if !self.0.contains_key(file) {
            // A pipe cannot be read twice.
            let is_file = fs::metadata(file).is_ok_and(|there| there.is_file());
            let text = is_file.then(|| fs::read_to_string(file).ok()).flatten();
            self.0.insert(file.to_owned(), text.map(Text::new));
        }
        self.0.get_mut(file)?.as_mut()?.line(origin.line(), origin.column())
    }
}

/// Bytes of the longest name or value that is looked at to its end.
const LONGEST: usize = 1_000;

/// The bytes of the first name or value of a line of YAML or JSON.
fn token(rest: &str) -> usize {
    let rest = &rest[..rest.floor_char_boundary(LONGEST)];
    if let Some(quote @ ('"' | '\'')) = rest.chars().next() {
        let mut is_escaped = false;
        for (at, letter) in rest.char_indices().skip(1) {
            match letter {
                _ if is_escaped => is_escaped = false,
                '\\' if quote == '"' => is_escaped = true,
                letter if letter == quote => return at + letter.len_utf8(),
                _ => {}
            }
        }
        return rest.trim_end().len();
    }
    if rest.starts_with(['{', '[']) {
        return 1;
    }
    let ends = [": ", " #", ",", "]", "}"].iter().filter_map(|end| rest.find(end));
    let end = ends.min().unwrap_or(rest.len());
    rest[..end].trim_end().trim_end_matches(':').len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{FilePosition, Position};

    fn meant(line: &str, column: Option<u32>) -> &str {
        Text::new(line.to_owned()).line(1, column).map_or("", |found| &line[found.span])
    }

    #[test]
    fn a_name_or_value_is_meant_to_its_end() {
        assert_eq!(meant("  QueueName: !Ref Stage", Some(3)), "QueueName");
        assert_eq!(meant("  QueueName:", Some(3)), "QueueName");
        assert_eq!(meant("  - !Ref Stage  # why", Some(5)), "!Ref Stage");
        assert_eq!(meant("  - {Key: b, Value: x}", Some(6)), "Key");
        assert_eq!(meant("  - {Key: b, Value: x}", Some(5)), "{");
        assert_eq!(meant(r#"{"a\"b": ["ü", 1]}"#, Some(2)), r#""a\"b""#);
        assert_eq!(meant(r#"{"a\"b": ["ü", 1]}"#, Some(11)), "\"ü\"");
        assert_eq!(meant(r#"{"a\"b": ["ü", 1]}"#, Some(16)), "1");
        assert_eq!(meant("'it is", Some(1)), "'it is");
        assert_eq!(meant("  stack.add(1);\r", None), "stack.add(1);");
        assert_eq!(meant("\u{feff}A: 1", Some(1)), "A");
        assert_eq!(meant("A", Some(9)), "");
        assert_eq!(meant("", Some(1)), "");
    }

    #[test]
    fn faults_of_one_line_are_found_in_any_order() {
        let line = "\u{feff}{\"ü\": 1, \"b\": 22, \"ä\": 333}\r\nA: 4";
        let mut text = Text::new(line.to_owned());
        for (number, column, meant, end) in [
            (1, 2, "\"ü\"", 5),
            (1, 10, "\"b\"", 13),
            (1, 15, "22", 17),
            (1, 10, "\"b\"", 13),
            (2, 4, "4", 5),
            (1, 1, "{", 2),
        ] {
            let found = text.line(number, Some(column)).unwrap();
            assert_eq!((&found.text[found.span.clone()], found.end_column()), (meant, end), "{number}:{column}");
        }
    }

    #[test]
    fn a_line_is_one_of_the_file() {
        let mut sources = Sources::default();
        sources.add("a.yaml", "A:\r\n  B: 1\r\n".to_owned());
        let mut fault = Diagnostic::error("F1", "A/B", "it is wrong");
        for (line, expected) in [(1, Some("A:")), (2, Some("  B: 1")), (3, None), (0, None), (9, None)] {
            fault.read_at = Some(FilePosition { file: "a.yaml".to_owned(), position: Position { line, column: 1 } });
            assert_eq!(sources.line(&fault).map(|line| line.text), expected, "{line}");
        }
        fault.read_at = Some(FilePosition { file: "b.yaml".to_owned(), position: Position { line: 1, column: 1 } });
        assert!(sources.line(&fault).is_none());
    }
}
