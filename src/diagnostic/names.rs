//! Names: those that would have been right, among which a wrong one has its nearest.

use std::{cell::OnceCell, collections::BTreeMap};

use strsim::osa_distance;

use super::Budget;

/// Characters of the longest name that is compared, and how many of about its length are: more than any sound template
/// has. In a file that is all wrong, each fault would be compared with all names.
const LONGEST_NAME: usize = 255;
const MOST_NAMES: usize = 1_000;

/// Pairs of letters that are compared for all names that are asked for: more than any template within AWS's limits
/// needs, and some tenths of a second.
const MOST_PAIRS: usize = 50_000_000;

/// The names that would have been right. Who asks for many makes it once.
pub(crate) struct Names<'a> {
    /// By their length in characters.
    by_length: BTreeMap<usize, Vec<Name<'a>>>,
    pairs: Budget,
}

struct Name<'a> {
    name: &'a str,
    /// Its place among all.
    place: usize,
    /// The name in small letters, and which these are, once it was compared.
    small: OnceCell<(String, Letters)>,
}

impl Name<'_> {
    fn small(&self) -> &(String, Letters) {
        self.small.get_or_init(|| {
            let small = self.name.to_lowercase();
            let letters = Letters::of(&small);
            (small, letters)
        })
    }
}

impl<'a> FromIterator<&'a str> for Names<'a> {
    fn from_iter<T: IntoIterator<Item = &'a str>>(known: T) -> Self {
        let mut by_length: BTreeMap<usize, Vec<Name<'_>>> = BTreeMap::new();
        for (place, name) in known.into_iter().enumerate() {
            by_length.entry(name.chars().count()).or_default().push(Name { name, place, small: OnceCell::new() });
        }
        Self { by_length, pairs: Budget::new(MOST_PAIRS) }
    }
}

impl<'a> Names<'a> {
    /// The name that `wrong` was most likely meant to be: the one with the fewest edits, at most a third of its length,
    /// and the first of several.
    pub fn nearest(&self, wrong: &str) -> Option<&'a str> {
        let length = wrong.chars().count();
        if length > LONGEST_NAME {
            return None;
        }
        // A name of one or two letters is as near to many others.
        let allowed = if length < 3 { 0 } else { length / 3 };
        // Each character more or less is an edit: most names need no closer look.
        let near = || self.by_length.range(length - allowed..=length + allowed).map(|(_, names)| names);
        if near().map(Vec::len).sum::<usize>() > MOST_NAMES {
            return None;
        }
        let wrong = wrong.to_lowercase();
        let letters = Letters::of(&wrong);
        let mut best: Option<(usize, usize, &str)> = None;
        for name in near().flatten() {
            let (small, own) = name.small();
            if own.least_edits(&letters) > allowed {
                continue;
            }
            if !self.pairs.spend(length * length) {
                return None;
            }
            let edits = osa_distance(&wrong, small);
            if edits <= allowed && best.is_none_or(|(fewest, first, _)| (edits, name.place) < (fewest, first)) {
                best = Some((edits, name.place, name.name));
            }
        }
        best.map(|(.., name)| name)
    }
}

/// How often a name has each letter, of some that are told apart.
struct Letters([u8; 32]);

impl Letters {
    fn of(name: &str) -> Self {
        let mut letters = [0_u8; 32];
        for letter in name.bytes().filter(|byte| !(0x80..0xC0).contains(byte)) {
            let count = &mut letters[usize::from(letter % 32)];
            *count = count.saturating_add(1);
        }
        Self(letters)
    }

    /// The edits that it takes at least: one for each letter that is one too many.
    fn least_edits(&self, other: &Self) -> usize {
        let pairs = || self.0.iter().zip(&other.0);
        let more = pairs().map(|(own, other)| usize::from(own.saturating_sub(*other))).sum::<usize>();
        let fewer = pairs().map(|(own, other)| usize::from(other.saturating_sub(*own))).sum::<usize>();
        more.max(fewer)
    }
}

/// The nearest of names of which one is asked for.
pub(crate) fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known.into_iter().collect::<Names<'_>>().nearest(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_near_name_is_proposed() {
        assert_eq!(nearest("RenderHtml", ["Publish", "Wait"]), None);
        assert_eq!(nearest("publish", ["Publish", "Polish"]), Some("Publish"));
        let many: Vec<String> = (0..2_000).map(|number| format!("Name{number}")).collect();
        assert_eq!(nearest("Naem7", many[..900].iter().map(String::as_str)), Some("Name7"));
        assert_eq!(nearest("Naem777", many.iter().map(String::as_str)), None, "each of too many");
        assert_eq!(nearest(&"n".repeat(1_000_000), [&*"n".repeat(999_999)]), None, "too long to compare");
        assert_eq!(nearest("Stpo", ["Start", "Stop"]), Some("Stop"), "two letters the wrong way round are one edit");
        assert_eq!(nearest("Größe", ["Grösse", "Größen"]), Some("Größen"), "a letter may have several bytes");
    }

    #[test]
    fn the_first_of_those_that_are_as_near_is_proposed() {
        assert_eq!(nearest("Topic", ["TopicA", "TopiB", "Topik"]), Some("TopicA"));
        assert_eq!(nearest("Topic", ["Topik", "TopicA"]), Some("Topik"));
    }

    #[test]
    fn names_that_are_all_near_are_compared_for_a_while() {
        // The same letters in other places, which nothing tells apart but a close look.
        let name = |number: usize| format!("{number:0>8b}{}", "ab".repeat(110));
        let known: Vec<String> = (0..256).map(name).collect();
        let names: Names<'_> = known.iter().map(String::as_str).collect();
        let wrong = format!("2{}", &name(7)[1..]);
        let told = std::iter::repeat_with(|| names.nearest(&wrong)).take(100_000).take_while(Option::is_some).count();
        assert!((1..1_000).contains(&told), "{told}");
        assert_eq!(names.nearest(&wrong), None);
    }
}
