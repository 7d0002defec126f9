//! Letters for what only the deployment knows: a text of a template is then a text like others.

use std::{cell::RefCell, collections::HashMap};

/// The first of the letters, in a plane that no text uses.
const FIRST: u32 = 0xF_0000;

/// The last of them; whatever comes after the others shares it.
const LAST: u32 = 0xF_FFFD;

/// A `*` that is no wildcard, and a `?`.
const STAR: char = '\u{100000}';
const QUESTION: char = '\u{100001}';

/// Whether a letter stands for what only the deployment knows.
pub(super) fn is_hole(letter: char) -> bool {
    (FIRST..=LAST).contains(&u32::from(letter))
}

/// The same text as a pattern that only it matches.
pub(super) fn exactly(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            '*' => STAR,
            '?' => QUESTION,
            letter => letter,
        })
        .collect()
}

/// The letters that both templates share: what is written the same is the same.
#[derive(Default)]
pub(super) struct Letters {
    shown: RefCell<Vec<String>>,
    known: RefCell<HashMap<String, char>>,
}

impl Letters {
    /// The letter of what is shown so.
    pub fn letter(&self, shown: &str) -> char {
        if let Some(letter) = self.known.borrow().get(shown) {
            return *letter;
        }
        let mut all = self.shown.borrow_mut();
        let number = FIRST.saturating_add(u32::try_from(all.len()).unwrap_or(LAST)).min(LAST);
        let letter = char::from_u32(number).unwrap_or(OTHER);
        all.push(shown.to_owned());
        self.known.borrow_mut().insert(shown.to_owned(), letter);
        letter
    }

    /// What a letter stands for.
    pub fn shown(&self, letter: char) -> Option<String> {
        let number = u32::from(letter).checked_sub(FIRST)?;
        self.shown.borrow().get(usize::try_from(number).ok()?).cloned()
    }

    /// A text for people.
    pub fn show(&self, text: &str) -> String {
        let mut made = String::new();
        for letter in text.chars() {
            match letter {
                STAR => made.push('*'),
                QUESTION => made.push('?'),
                letter => match self.shown(letter).filter(|_| is_hole(letter)) {
                    Some(shown) => made.push_str(&shown),
                    None => made.push(letter),
                },
            }
        }
        made
    }

    /// A text of the template, in which `${aws:username}` is a variable of IAM, and no letter is one of these.
    pub fn text(&self, text: &str) -> String {
        let mut made = String::new();
        let mut rest = text;
        while let Some(start) = rest.find("${") {
            let Some(length) = rest[start..].find('}') else { break };
            made.extend(plain(&rest[..start]));
            match &rest[start..=start + length] {
                "${*}" => made.push(STAR),
                "${?}" => made.push(QUESTION),
                "${$}" => made.push('$'),
                variable => made.push(self.letter(variable)),
            }
            rest = &rest[start + length + 1..];
        }
        made.extend(plain(rest));
        made
    }
}

const OTHER: char = '\u{fffd}';

fn plain(text: &str) -> impl Iterator<Item = char> {
    text.chars().map(|letter| if u32::from(letter) >= FIRST && u32::from(letter) < 0x10_FFFF { OTHER } else { letter })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_shown_as_it_was_written() {
        let letters = Letters::default();
        let text = letters.text("arn:aws:iam::*:user/${aws:username}/${open");
        assert_eq!(letters.show(&text), "arn:aws:iam::*:user/${aws:username}/${open");
        assert_eq!(letters.show(&exactly("a*?")), "a*?");
        assert_eq!(letters.letter("${A}"), letters.letter("${A}"));
        assert!(letters.letter("${A}") != letters.letter("${B}") && is_hole(letters.letter("${A}")));
        assert_eq!(letters.text("\u{f0000}"), "\u{fffd}");
    }
}
