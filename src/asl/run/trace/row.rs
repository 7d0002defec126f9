//! A line of a terminal: texts that cannot harm it, cut to its width and coloured.

use std::io::{self, Write};

use crate::json::Json;

/// The colour of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Dim,
    Green,
    Yellow,
    Red,
}

impl Style {
    /// The parameter of ANSI's "Select Graphic Rendition".
    fn code(self) -> Option<u8> {
        match self {
            Self::Plain => None,
            Self::Dim => Some(2),
            Self::Green => Some(32),
            Self::Yellow => Some(33),
            Self::Red => Some(31),
        }
    }
}

/// A piece of a line.
pub(super) enum Part {
    /// A text that is whole, if the line has room at all.
    Fixed(Style, String),
    /// A text that shares the rest of the room with the other ones that are cut.
    Cut(Style, String),
}

/// A line that is being put together.
pub(super) struct Row {
    text: String,
    used: usize,
    width: usize,
    colour: bool,
}

impl Row {
    pub fn new(width: usize, colour: bool) -> Self {
        Self { text: String::new(), used: 0, width, colour }
    }

    /// Adds a text, or as much of it as there is room for.
    pub fn push(&mut self, style: Style, text: &str) {
        let room = self.width.saturating_sub(self.used);
        if room == 0 || text.is_empty() {
            return;
        }
        let text = cut(text, room);
        self.used += columns(&text);
        match style.code().filter(|_| self.colour && !text.trim().is_empty()) {
            Some(code) => self.text.push_str(&format!("\x1b[{code}m{text}\x1b[0m")),
            None => self.text.push_str(&text),
        }
    }

    /// Adds spaces up to a column.
    pub fn pad(&mut self, column: usize) {
        self.push(Style::Plain, &" ".repeat(column.saturating_sub(self.used)));
    }

    /// Columns that are taken.
    pub fn used(&self) -> usize {
        self.used
    }

    /// Adds pieces that have to share the rest of the line: short ones are whole, long ones are cut alike.
    pub fn fill(&mut self, parts: &[Part]) {
        let fixed: usize =
            parts.iter().map(|part| if let Part::Fixed(_, text) = part { columns(text) } else { 0 }).sum();
        let mut lengths: Vec<(usize, usize)> = Vec::new();
        for (index, part) in parts.iter().enumerate() {
            if let Part::Cut(_, text) = part {
                lengths.push((columns(text), index));
            }
        }
        lengths.sort_unstable();
        let mut room = self.width.saturating_sub(self.used + fixed);
        let mut shares = vec![0; parts.len()];
        for (taken, (length, index)) in lengths.iter().enumerate() {
            let share = (room / (lengths.len() - taken)).min(*length);
            shares[*index] = share;
            room -= share;
        }
        for (part, share) in parts.iter().zip(shares) {
            match part {
                Part::Fixed(style, text) => self.push(*style, text),
                Part::Cut(style, text) => self.push(*style, &cut(text, share)),
            }
        }
    }

    /// The line, without spaces at its end.
    pub fn finish(&self) -> &str {
        self.text.trim_end()
    }
}

/// JSON on one line; only as much as `most` columns can show, and a little more, so that it is known to be cut.
pub(super) fn json(value: &Json, most: usize) -> String {
    struct Beginning(Vec<u8>, usize);
    impl Write for Beginning {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let taken = bytes.len().min(self.1 - self.0.len());
            if taken == 0 && !bytes.is_empty() {
                return Err(io::ErrorKind::WriteZero.into());
            }
            self.0.extend_from_slice(&bytes[..taken]);
            Ok(taken)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    // No column takes more than four bytes.
    let mut beginning = Beginning(Vec::new(), 4 * (most + 2));
    // An error says that there is more than is wanted.
    let _ = serde_json::to_writer(&mut beginning, value);
    shown(&String::from_utf8_lossy(&beginning.0))
}

/// A text on one line; only as much as `most` columns can show, and a little more.
pub(super) fn plain(text: &str, most: usize) -> String {
    shown(&text.chars().take(most + 2).collect::<String>())
}

/// The text with JSON's escapes for characters that would move the cursor, change colours or turn the line around.
fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            '\u{61c}'
            | '\u{200b}'
            | '\u{200e}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}' => {
                shown.push_str(&format!("\\u{:04x}", u32::from(char)));
            }
            char if char.is_control() => shown.push_str(&format!("\\u{:04x}", u32::from(char))),
            char => shown.push(char),
        }
    }
    shown
}

/// The text in at most that many columns: with `…` for its end where it is longer, and no half of an escape before it.
pub(super) fn cut(text: &str, room: usize) -> String {
    let (mut at, mut used, mut whole) = (0, 0, 0);
    while at < text.len() {
        let unit = unit(&text[at..]);
        used += columns(unit);
        if used > room {
            return format!("{}…", &text[..whole]);
        }
        at += unit.len();
        if used < room {
            whole = at;
        }
    }
    text.to_owned()
}

/// The first character, or the escape that the text starts with.
fn unit(text: &str) -> &str {
    let mut chars = text.chars();
    let first = chars.next().map_or(0, char::len_utf8);
    let length = match (text.starts_with('\\'), chars.next()) {
        (true, Some('u')) => 2 + chars.take(4).take_while(char::is_ascii_hexdigit).count(),
        (true, Some(escaped)) => first + escaped.len_utf8(),
        _ => first,
    };
    &text[..length]
}

/// Columns that a terminal gives a text. A combining mark counts too: a line may be shorter than it could be, never
/// longer.
pub(super) fn columns(text: &str) -> usize {
    text.chars().map(|char| if is_wide(char) { 2 } else { 1 }).sum()
}

/// Whether a character takes two columns: East Asian scripts and emoji.
///
/// <https://www.unicode.org/reports/tr11/>
fn is_wide(char: char) -> bool {
    if char < '\u{1100}' {
        return false;
    }
    matches!(char,
        '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{303e}' | '\u{3041}'..='\u{4dbf}' | '\u{4e00}'..='\u{a4cf}'
        | '\u{a960}'..='\u{a97f}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}' | '\u{17000}'..='\u{1b2ff}' | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}')
        || "⌚⌛⏩⏪⏫⏬⏰⏳◽◾☔☕♈♉♊♋♌♍♎♏♐♑♒♓♿⚓⚡⚪⚫⚽⚾⛄⛅⛎⛔⛪⛲⛳⛵⛺⛽✅✊✋✨❌❎❓❔❕❗➕➖➗➰➿⬛⬜⭐⭕".contains(char)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_text_is_cut_to_its_columns_and_says_so() {
        for (text, room, expected) in [
            ("abc", 3, "abc"),
            ("abcd", 3, "ab…"),
            ("größer", 4, "grö…"),
            ("日本語", 6, "日本語"),
            ("日本語", 5, "日本…"),
            ("日本語", 4, "日…"),
            ("☕☕", 2, "…"),
            ("", 0, ""),
            ("a", 0, "…"),
        ] {
            assert_eq!(cut(text, room), expected, "{text} in {room}");
        }
    }

    #[test]
    fn an_escape_is_cut_as_a_whole() {
        let text = json(&json!("a\u{1}\"b"), 80);
        assert_eq!(text, r#""a\u0001\"b""#);
        let cuts: Vec<String> = (2..=12).map(|room| cut(&text, room)).collect();
        let start = [r#""…"#, r#""a…"#, r#""a…"#, r#""a…"#, r#""a…"#, r#""a…"#, r#""a…"#];
        assert_eq!(cuts[..7], start);
        assert_eq!(cuts[7..], [r#""a\u0001…"#, r#""a\u0001…"#, r#""a\u0001\"…"#, r#""a\u0001\"b""#]);
        assert_eq!(cut(r"C:\", 2), "C…");
        assert_eq!(cut(r"\ünder", 3), r"\ü…");
    }

    #[test]
    fn nothing_reaches_the_terminal_raw() {
        assert_eq!(plain("a\n\t\u{1b}[31mred\u{9b}0m \u{202e}eno", 80), r"a\n\t\u001b[31mred\u009b0m \u202eeno");
        assert_eq!(json(&json!({"\u{1b}": "\u{7f}\u{2028}"}), 80), r#"{"\u001b":"\u007f\u2028"}"#);
    }

    #[test]
    fn of_a_long_text_only_the_beginning_is_written() {
        let long = "€".repeat(100_000);
        assert_eq!(cut(&json(&json!([long]), 10), 10), "[\"€€€€€€€…");
        assert_eq!(cut(&plain(&long, 10), 10), "€€€€€€€€€…");
        assert!(json(&json!([long]), 10).len() < 60 && plain(&long, 10).len() < 60);
    }

    #[test]
    fn long_parts_share_what_short_ones_leave() {
        let line = |parts: &[&str]| {
            let mut row = Row::new(20, false);
            let parts: Vec<Part> = parts
                .iter()
                .map(|text| match *text {
                    " → " => Part::Fixed(Style::Dim, text.to_string()),
                    text => Part::Cut(Style::Plain, text.to_owned()),
                })
                .collect();
            row.fill(&parts);
            row.finish().to_owned()
        };
        assert_eq!(line(&["abc", " → ", "def"]), "abc → def");
        assert_eq!(line(&["abcdefghijklmnopqrstuvwxyz", " → ", "def"]), "abcdefghijklm… → def");
        assert_eq!(line(&["abc", " → ", "abcdefghijklmnopqrstuvwxyz"]), "abc → abcdefghijklm…");
        assert_eq!(line(&["abcdefghijklm", " → ", "abcdefghijklm"]), "abcdefg… → abcdefgh…");
    }

    #[test]
    fn a_colour_is_ended_where_its_text_is_cut() {
        let mut row = Row::new(4, true);
        row.push(Style::Red, "abcdef");
        row.push(Style::Dim, "never seen");
        assert_eq!(row.finish(), "\u{1b}[31mabc…\u{1b}[0m");
    }
}
