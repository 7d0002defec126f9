//! How messages quote and list.

use crate::json::Json;

/// JSON in a message: its beginning, where it is long.
pub(crate) fn short(json: &Json) -> String {
    let text = json.to_string();
    match text.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// A message without the middle of a long text that it quotes.
pub(super) fn cut(message: String) -> String {
    const LONGEST: usize = 600;
    if message.len() <= LONGEST {
        return message;
    }
    let (start, end) =
        (message.floor_char_boundary(LONGEST / 2), message.ceil_char_boundary(message.len() - LONGEST / 3));
    format!("{} … {}", &message[..start], &message[end..])
}

/// Words in a message: one of them is expected.
pub(super) fn listed(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [others @ .., last] => format!("{} or {last}", others.join(", ")),
    }
}
