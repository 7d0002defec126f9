//! Numbers and texts as XML has them.

use crate::graph::text::clean;

/// A number with one decimal at most.
pub(in crate::graph) fn number(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0;
    // There is no zero below zero.
    (rounded + 0.0).to_string()
}

/// A text in XML.
pub(in crate::graph) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let (line, end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
        for letter in clean(line).chars() {
            match letter {
                '&' => escaped.push_str("&amp;"),
                '<' => escaped.push_str("&lt;"),
                '>' => escaped.push_str("&gt;"),
                '"' => escaped.push_str("&quot;"),
                letter => escaped.push(letter),
            }
        }
        escaped.push_str(end);
    }
    escaped
}
