//! Patterns with `*` and `?`: what matches one, and what texts a set of them tells apart.

use std::collections::{BTreeSet, HashSet};

use super::letters::is_hole;

/// Patterns that are told apart at most, one a bit.
pub(super) const MOST: usize = 128;

/// States that are looked at for one set of patterns.
const MOST_STATES: usize = 20_000;

/// A letter that no pattern names.
const OTHER: char = '\u{10fffd}';

/// Whether a text matches a pattern.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    if !pattern.contains('?') {
        return matches_stars(pattern, text);
    }
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut at, mut read, mut star) = (0, 0, None);
    while read < text.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, read));
                at += 1;
            }
            Some(letter) if takes(*letter, text[read]) => {
                at += 1;
                read += 1;
            }
            // The last `*` takes a letter more.
            _ => match &mut star {
                Some((place, from)) => {
                    *from += 1;
                    (at, read) = (*place + 1, *from);
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|letter| *letter == '*')
}

/// The same for a pattern without `?`: each piece is taken where it comes first, the last at the end.
fn matches_stars(pattern: &str, text: &str) -> bool {
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or_default();
    let Some(last) = pieces.next_back() else { return pattern == text };
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    for piece in pieces {
        let Some(at) = rest.find(piece) else { return false };
        rest = &rest[at + piece.len()..];
    }
    rest.ends_with(last)
}

fn takes(pattern: char, letter: char) -> bool {
    pattern == letter || (pattern == '?' && !is_hole(letter))
}

/// The kinds of texts that patterns tell apart: for each, the patterns that match, a bit each. None where there are too
/// many patterns, or too many ways through them.
///
/// It walks all patterns at once, letter by letter, as an automaton does: what it may end in is what there is.
pub(super) fn classes(patterns: &[&str]) -> Option<BTreeSet<u128>> {
    let tokens: Vec<Vec<char>> = patterns.iter().map(|pattern| pattern.chars().collect()).collect();
    if tokens.len() > MOST || tokens.iter().any(|tokens| tokens.len() > usize::from(u16::MAX)) {
        return None;
    }
    let mut start = Vec::new();
    (0..tokens.len()).for_each(|pattern| enter(&tokens, (pattern, 0), &mut start));
    let mut found = BTreeSet::new();
    let mut known: HashSet<Vec<(usize, usize)>> = HashSet::new();
    let mut waiting = vec![start];
    while let Some(state) = waiting.pop() {
        let letters: BTreeSet<char> = state
            .iter()
            .filter_map(|(pattern, at)| tokens[*pattern].get(*at).copied())
            .filter(|letter| !matches!(letter, '*' | '?'))
            .chain([OTHER])
            .collect();
        for letter in letters {
            let mut next = Vec::new();
            for (pattern, at) in &state {
                match tokens[*pattern].get(*at) {
                    Some('*') => enter(&tokens, (*pattern, *at), &mut next),
                    Some(token) if takes(*token, letter) => enter(&tokens, (*pattern, at + 1), &mut next),
                    _ => {}
                }
            }
            next.sort_unstable();
            next.dedup();
            if known.contains(&next) {
                continue;
            }
            if known.len() >= MOST_STATES {
                return None;
            }
            let ended = next.iter().filter(|(pattern, at)| *at == tokens[*pattern].len());
            found.insert(ended.fold(0, |bits, (pattern, _)| bits | 1 << pattern));
            known.insert(next.clone());
            waiting.push(next);
        }
    }
    Some(found)
}

/// Enters a place of a pattern, and what follows where that is a `*`, which may stand for nothing.
fn enter(tokens: &[Vec<char>], (pattern, mut at): (usize, usize), into: &mut Vec<(usize, usize)>) {
    into.push((pattern, at));
    while tokens[pattern].get(at) == Some(&'*') {
        at += 1;
        into.push((pattern, at));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_matches_a_pattern() {
        for (pattern, text, expected) in [
            ("*", "", true),
            ("s3:Get*", "s3:GetObject", true),
            ("s3:Get*", "s3:PutObject", false),
            ("a*b*c", "aXbYbZc", true),
            ("a*b*c", "aXbYbZ", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("*a", "aaab", false),
            ("a*a", "a", false),
            ("a*ab*ab", "aabab", true),
            ("a*ab*ab", "aabb", false),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn the_classes_are_what_can_be() {
        let found = |patterns: &[&str]| classes(patterns).unwrap().into_iter().collect::<Vec<_>>();
        assert_eq!(found(&["a*", "ab*"]), [0b00, 0b01, 0b11]);
        assert_eq!(found(&["a", "b"]), [0b00, 0b01, 0b10]);
        assert_eq!(found(&["*", "?*"]), [0b11], "no text is empty");
        assert_eq!(found(&["a*", "*b", "ab"]), [0b000, 0b001, 0b010, 0b011, 0b111]);
    }

    #[test]
    fn every_class_of_short_texts_is_found_and_no_other() {
        let patterns = ["a*b", "?b*", "*a*", "ab", "b?a"];
        let mut texts: Vec<String> = vec![String::new()];
        let mut expected = BTreeSet::new();
        for _ in 0..6 {
            texts = texts.iter().flat_map(|text| ["a", "b", "c"].map(|letter| format!("{text}{letter}"))).collect();
            for text in &texts {
                let hit = patterns.iter().enumerate().filter(|(_, pattern)| matches(pattern, text));
                expected.insert(hit.fold(0_u128, |bits, (at, _)| bits | 1 << at));
            }
        }
        assert_eq!(classes(&patterns).unwrap(), expected);
    }

    #[test]
    fn what_is_too_much_is_given_up() {
        let patterns: Vec<String> = (0..12).map(|n| format!("*a{}b{}*", "?".repeat(n), "?".repeat(12 - n))).collect();
        let patterns: Vec<&str> = patterns.iter().map(String::as_str).collect();
        assert!(classes(&patterns).is_none());
    }
}
