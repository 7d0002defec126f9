//! How a picture quotes.

use crate::{asl::definition::short, json::Json};

/// A text in one line, and its beginning where it is long.
pub(super) fn cut(text: &str, most: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text,
    }
}

pub(super) fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

/// A literal in a label.
pub(super) fn literal(json: &Json) -> String {
    cut(&short(json), 40)
}
