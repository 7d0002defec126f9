//! How wide a text is, and where its lines break.
//!
//! Nobody knows which font a picture is shown in, so the widths are the largest of those that the list of fonts in
//! [`theme`](super::theme) may lead to: what is measured here is never clipped there.

/// Widths of the characters from ` ` to `~`, in thousandths of the size of the font.
#[rustfmt::skip]
const REGULAR: [u16; 95] = [
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 551, 838, 318, 361, 318, 372, 636, 636, 636, 636, 636, 636, 636,
    636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 339, 295, 656, 557, 907,
    760, 787, 605, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 372, 390, 838, 500, 500, 613, 635, 550, 635,
    615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 413, 521, 392, 634, 592, 818, 592, 592, 525, 636,
    551, 636, 838,
];

/// The same for bold ones.
#[rustfmt::skip]
const BOLD: [u16; 95] = [
    348, 456, 521, 838, 696, 1002, 872, 306, 457, 457, 545, 838, 380, 415, 380, 413, 696, 696, 696, 696, 696, 696, 696,
    696, 696, 696, 400, 400, 838, 838, 838, 580, 1000, 774, 762, 734, 830, 683, 683, 821, 837, 389, 372, 775, 637, 995,
    837, 850, 733, 850, 770, 720, 682, 812, 774, 1103, 771, 724, 725, 457, 413, 457, 838, 500, 500, 675, 716, 593, 716,
    678, 435, 716, 712, 343, 343, 665, 343, 1042, 712, 687, 716, 716, 493, 595, 478, 712, 652, 924, 645, 652, 582, 712,
    551, 712, 838,
];

/// A style of text in a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Font {
    /// In pixels.
    pub size: f64,
    pub bold: bool,
    /// From one line to the next.
    pub line: f64,
}

impl Font {
    /// The label of a node.
    pub const LABEL: Self = Self { size: 13.0, bold: true, line: 17.0 };
    /// The lines below it.
    pub const DETAIL: Self = Self { size: 11.0, bold: false, line: 15.0 };
    /// The label of an edge, and the signs on nodes.
    pub const EDGE: Self = Self { size: 11.0, bold: false, line: 14.0 };

    /// The width of a line.
    pub fn width(self, text: &str) -> f64 {
        let widths = if self.bold { &BOLD } else { &REGULAR };
        let thousandths: f64 = text.chars().map(|letter| width(widths, letter)).sum();
        thousandths * self.size / 1000.0
    }

    /// The width of the widest of some lines.
    pub fn widest(self, lines: &[String]) -> f64 {
        lines.iter().map(|line| self.width(line)).fold(0.0, f64::max)
    }

    /// Breaks a text into lines of at most that width, and ends the last one with `…` where it does not fit into
    /// `most` of them. It breaks after blanks and signs, and inside names before an upper-case letter.
    pub fn wrap(self, text: &str, room: f64, most: usize) -> Vec<String> {
        let mut lines = vec![String::new()];
        let mut used = 0.0;
        for piece in self.pieces(&clean(text), room) {
            let wide = self.width(piece.trim_end());
            let count = lines.len();
            let line = lines.last_mut().expect("there is a line from the beginning");
            if used + wide <= room || line.is_empty() {
                line.push_str(&piece);
                used += self.width(&piece);
            } else if count == most {
                while !line.is_empty() && self.width(line.trim_end()) + self.width("…") > room {
                    line.pop();
                }
                line.truncate(line.trim_end().len());
                line.push('…');
                break;
            } else {
                used = self.width(&piece);
                lines.push(piece);
            }
        }
        lines.iter_mut().for_each(|line| line.truncate(line.trim_end().len()));
        lines
    }

    /// The parts of a text that stay whole, none wider than a line.
    fn pieces(self, text: &str, room: f64) -> Vec<String> {
        let mut pieces = vec![String::new()];
        let mut before = None;
        let (mut used, mut letters) = (0.0, text.chars().peekable());
        while let Some(letter) = letters.next() {
            let piece = pieces.last_mut().expect("there is a piece from the beginning");
            let wide = self.width(letter.encode_utf8(&mut [0; 4]));
            let breaks = !letter.is_whitespace() && before.is_some_and(|before| breaks(before, letter, letters.peek()));
            if !piece.is_empty() && (breaks || used + wide > room && !letter.is_whitespace()) {
                pieces.push(letter.to_string());
                used = wide;
            } else {
                piece.push(letter);
                used += wide;
            }
            before = Some(letter);
        }
        pieces
    }
}

fn width(widths: &[u16; 95], letter: char) -> f64 {
    let code = u32::from(letter);
    let known = usize::try_from(code).ok().and_then(|code| widths.get(code.checked_sub(32)?));
    match (known, code) {
        (Some(known), _) => f64::from(*known),
        // Latin with accents, Greek, Cyrillic and other alphabets.
        (None, 0xa0..=0x10ff) => 860.0,
        // Signs of Chinese, Japanese and Korean, and what a font draws as wide as these.
        (None, 0x1100..=0xffff) => 1050.0,
        (None, _) => 1400.0,
    }
}

/// Whether a line may end between two letters.
fn breaks(before: char, letter: char, after: Option<&char>) -> bool {
    let is_sign = |letter: char| "-_./:,;|=+&)".contains(letter);
    let begins_word = letter.is_uppercase()
        && (before.is_lowercase() || before.is_uppercase() && after.is_some_and(|after| after.is_lowercase()));
    before.is_whitespace() || is_sign(before) && !is_sign(letter) || begins_word
}

/// A text without what is not to be seen: control characters, and those that change the direction of writing.
pub(super) fn clean(text: &str) -> String {
    let hidden = |letter: char| matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}');
    let letters = text.chars().filter(|letter| !hidden(*letter));
    letters.map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrap(text: &str, most: usize) -> Vec<String> {
        Font::LABEL.wrap(text, 100.0, most)
    }

    #[test]
    fn a_name_breaks_between_its_words() {
        assert_eq!(wrap("Short", 3), ["Short"]);
        assert_eq!(wrap("GeneratePresignedUrl", 3), ["Generate", "PresignedUrl"]);
        assert_eq!(wrap("send the HTTPResponse", 3), ["send the", "HTTP", "Response"]);
        assert_eq!(wrap("arn:aws:states:::lambda", 3), ["arn:aws:", "states:::", "lambda"]);
        assert_eq!(wrap("", 3), [""]);
    }

    #[test]
    fn what_has_no_place_to_break_breaks_anywhere() {
        let lines = wrap(&"x".repeat(60), 9);
        assert!(lines.len() > 3 && lines.iter().all(|line| Font::LABEL.width(line) <= 100.0), "{lines:?}");
        assert_eq!(lines.concat(), "x".repeat(60));
    }

    #[test]
    fn what_does_not_fit_is_cut() {
        let lines = wrap("one two three four five six seven eight nine ten eleven twelve", 2);
        assert_eq!(lines, ["one two", "three four…"]);
    }

    #[test]
    fn no_line_is_wider_than_its_room() {
        let texts = [
            "WWWWWWWWW iiii",
            "a b c d e f g h i j",
            "日本語のテキストはどうですか",
            "☕☕☕☕☕☕☕☕☕☕ 😀😀😀😀😀😀",
        ];
        for text in texts {
            for room in [40.0, 77.0, 200.0] {
                let lines = Font::DETAIL.wrap(text, room, 2);
                assert!(lines.iter().all(|line| Font::DETAIL.width(line) <= room), "{text}: {lines:?}");
            }
        }
    }

    #[test]
    fn what_is_not_to_be_seen_is_not_there() {
        assert_eq!(clean("a\u{202e}b\nc\u{0}d"), "ab c d");
    }
}
