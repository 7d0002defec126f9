//! Symbols: texts of a template with holes for what only the deployment knows, and whether one as a pattern covers
//! another.

use std::fmt;

/// A text with holes: `arn:aws:sns:${AWS::Region}:${AWS::AccountId}:alarms`. The partition is always `aws`: whoever
/// writes one means that of the deployment.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Symbol(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Piece {
    Text(String),
    Hole { name: String, shape: Shape },
}

/// What may stand in a hole; whatever it is, two holes of one name hold the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Shape {
    /// A region, an account, the name of a resource: not empty, and without `:`, `/` and wildcards.
    Word,
    /// An id that AWS makes: a word, which two resources never share.
    Id,
    /// An attribute of a resource: any text, where `*` and `?` are letters like others.
    Value,
    /// A parameter, an import: any text, which as a pattern may have wildcards.
    Any,
}

/// The answer to a question about a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Answer {
    No,
    /// Only the deployment knows.
    Unknown,
    Yes,
}

impl Answer {
    /// The answer to both questions.
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// The answer to either question.
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }

    /// The answer to the opposite question.
    pub fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
            Self::Yes => Self::No,
        }
    }

    /// The answer where something that nobody can see has to hold too.
    pub fn perhaps(self) -> Self {
        self.min(Self::Unknown)
    }
}

impl From<bool> for Answer {
    fn from(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

impl Symbol {
    pub fn text(text: impl Into<String>) -> Self {
        Self::default().with(text)
    }

    pub fn hole(name: impl Into<String>, shape: Shape) -> Self {
        Self(vec![Piece::Hole { name: name.into(), shape }])
    }

    /// The same with a text after it.
    pub fn with(mut self, text: impl Into<String>) -> Self {
        self.push(Piece::Text(text.into()));
        self
    }

    /// The same with another symbol after it.
    pub fn then(mut self, other: Self) -> Self {
        other.0.into_iter().for_each(|piece| self.push(piece));
        self
    }

    fn push(&mut self, piece: Piece) {
        match (self.0.last_mut(), piece) {
            (_, Piece::Text(text)) if text.is_empty() => {}
            (Some(Piece::Text(known)), Piece::Text(text)) => known.push_str(&text),
            (_, piece) => self.0.push(piece),
        }
    }

    /// The text of a pattern with `*` for each hole, and for the partition.
    pub fn as_pattern(&self) -> String {
        let mut text = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(part) => text.push_str(part),
                Piece::Hole { .. } if text.ends_with('*') => {}
                Piece::Hole { .. } => text.push('*'),
            }
        }
        match text.strip_prefix("arn:aws:") {
            Some(rest) => format!("arn:*:{rest}"),
            None => text,
        }
    }

    /// The text with a letter of the caller's in each hole.
    pub fn with_letters(&self, mut letter: impl FnMut(&str) -> char) -> String {
        let mut text = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(part) => text.push_str(part),
                Piece::Hole { name, .. } => text.push(letter(name)),
            }
        }
        text
    }

    /// The same in lower case, but for its holes.
    pub fn in_lower_case(&self) -> Self {
        let pieces = self.0.iter().cloned().map(|piece| match piece {
            Piece::Text(text) => Piece::Text(text.to_ascii_lowercase()),
            hole => hole,
        });
        Self(pieces.collect())
    }

    /// The text, where it has no hole.
    pub fn literal(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [Piece::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// The text before the first hole.
    pub fn prefix(&self) -> &str {
        match self.0.first() {
            Some(Piece::Text(text)) => text,
            _ => "",
        }
    }

    /// Whether it begins with something that may be any text, an ARN as well as a name.
    pub fn begins_openly(&self) -> bool {
        matches!(self.0.first(), Some(Piece::Hole { shape: Shape::Any | Shape::Value, .. }))
    }

    /// What follows another; none where it begins otherwise.
    pub fn after(&self, start: &Self) -> Option<Self> {
        let Some((last, before)) = start.0.split_last() else { return Some(self.clone()) };
        let rest = self.0.strip_prefix(before)?;
        let (first, rest) = rest.split_first()?;
        let first = match (first, last) {
            (Piece::Text(first), Piece::Text(last)) => Symbol::text(first.strip_prefix(last.as_str())?),
            (first, last) => Some(Symbol::default()).filter(|_| first == last)?,
        };
        Some(first.then(Self(rest.to_vec())))
    }

    /// Without that text at its end; none where it ends otherwise.
    pub fn without_suffix(&self, suffix: &str) -> Option<Self> {
        let (Piece::Text(last), before) = self.0.split_last()? else { return None };
        Some(Self(before.to_vec()).with(last.strip_suffix(suffix)?))
    }

    /// Whether this, as a pattern of a policy with `*` and `?`, covers the other, in which they stand for all there is.
    pub fn covers(&self, needed: &Self) -> Answer {
        if self.differs_early(needed) {
            return Answer::No;
        }
        let (pattern, needed) = (self.tokens(), needed.tokens());
        // What both begin or end with takes no part.
        let same = |(left, right): &(&Token<'_>, &Token<'_>)| left == right && left.is_one_text();
        let start = pattern.iter().zip(&needed).take_while(same).count();
        let (pattern, needed) = (&pattern[start..], &needed[start..]);
        if let (Some(Token::Letter(_)), Some(Token::Letter(_))) = (pattern.first(), needed.first()) {
            return Answer::No;
        }
        let end = pattern.iter().rev().zip(needed.iter().rev()).take_while(same).count();
        let (pattern, needed) = (&pattern[..pattern.len() - end], &needed[..needed.len() - end]);
        if always(pattern, needed) {
            return Answer::Yes;
        }
        if are_ids_of_two(pattern, needed) {
            return Answer::No;
        }
        Answer::from(meet(pattern, needed)).perhaps()
    }

    /// Whether both begin with texts that have other letters in one place, and no wildcard up to there: most have nothing
    /// in common with what is asked for.
    fn differs_early(&self, other: &Self) -> bool {
        let (Some(Piece::Text(own)), Some(Piece::Text(other))) = (self.0.first(), other.0.first()) else {
            return false;
        };
        let is_letter = |byte: u8| !matches!(byte, b'*' | b'?');
        let first = own.bytes().zip(other.bytes()).find(|(own, other)| own != other || !is_letter(*own));
        first.is_some_and(|(own, other)| is_letter(own) && is_letter(other))
    }

    /// Whether both are the same text.
    pub fn equals(&self, other: &Self) -> Answer {
        if self == other { Answer::Yes } else { self.covers(other).and(other.covers(self)).perhaps() }
    }

    fn tokens(&self) -> Vec<Token<'_>> {
        let most = |piece: &Piece| if let Piece::Text(text) = piece { text.len() } else { 1 };
        let mut tokens = Vec::with_capacity(self.0.iter().map(most).sum());
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => tokens.extend(text.chars().map(|letter| match letter {
                    '*' => Token::Many,
                    '?' => Token::One,
                    letter => Token::Letter(letter),
                })),
                Piece::Hole { name, shape } => tokens.push(Token::Hole(name, *shape)),
            }
        }
        tokens
    }
}

/// The text as it would stand in a `Fn::Sub`.
impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|piece| match piece {
            Piece::Text(text) => f.write_str(text),
            Piece::Hole { name, .. } => write!(f, "${{{name}}}"),
        })
    }
}

/// A letter or a hole, or a wildcard.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Token<'a> {
    Letter(char),
    /// `?`
    One,
    /// `*`
    Many,
    Hole(&'a str, Shape),
}

impl Token<'_> {
    /// Whether it stands for one text on both sides, wildcards aside.
    fn is_one_text(&self) -> bool {
        matches!(self, Self::Letter(_) | Self::Hole(_, Shape::Word | Shape::Id | Shape::Value))
    }
}

/// Whether both begin with the id of a resource, and not of the same.
fn are_ids_of_two(pattern: &[Token<'_>], needed: &[Token<'_>]) -> bool {
    let ends = |next: Option<&Token<'_>>| matches!(next, None | Some(Token::Letter(':' | '/') | Token::Many));
    match (pattern, needed) {
        ([Token::Hole(one, Shape::Id), rest @ ..], [Token::Hole(other, Shape::Id), others @ ..]) => {
            one != other && ends(rest.first()) && ends(others.first())
        }
        _ => false,
    }
}

/// Whether a pattern covers a text whatever stands in the holes.
fn always(pattern: &[Token<'_>], needed: &[Token<'_>]) -> bool {
    // From the end: whether the rest of the pattern covers each rest of the text.
    let mut covers: Vec<bool> = needed.iter().map(|_| false).chain([true]).collect();
    let mut after = covers.clone();
    for token in pattern.iter().rev() {
        after.copy_from_slice(&covers);
        for at in (0..=needed.len()).rev() {
            covers[at] = match (token, needed.get(at)) {
                (Token::Many, Some(_)) => after[at] || covers[at + 1],
                (Token::Many, None) => after[at],
                (Token::One, Some(Token::Letter(_) | Token::One)) => after[at + 1],
                (token, Some(needed)) => token == needed && after[at + 1],
                (_, None) => false,
            };
        }
    }
    covers[0]
}

/// The letters that a part of a text may have.
#[derive(Clone, Copy)]
enum Letters {
    This(char),
    /// Those of a word.
    Inner,
    All,
}

impl Letters {
    fn meet(self, other: Self) -> bool {
        match (self, other) {
            (Self::This(left), Self::This(right)) => left == right,
            (Self::This(letter), Self::Inner) | (Self::Inner, Self::This(letter)) => !matches!(letter, ':' | '/'),
            _ => true,
        }
    }
}

/// Letters, and whether any number of them.
fn parts(tokens: &[Token<'_>]) -> Vec<(Letters, bool)> {
    let mut parts = Vec::new();
    for token in tokens {
        match token {
            Token::Letter(letter) => parts.push((Letters::This(*letter), false)),
            Token::One => parts.push((Letters::All, false)),
            Token::Hole(_, Shape::Word | Shape::Id) => parts.extend([(Letters::Inner, false), (Letters::Inner, true)]),
            Token::Many | Token::Hole(..) => parts.push((Letters::All, true)),
        }
    }
    parts
}

/// Whether there is a text that both may be.
fn meet(pattern: &[Token<'_>], needed: &[Token<'_>]) -> bool {
    let (left, right) = (parts(pattern), parts(needed));
    // From the end: whether the rest of the one and each rest of the other may be the same.
    let mut meets: Vec<bool> = Vec::new();
    for row in (0..=left.len()).rev() {
        let below = std::mem::replace(&mut meets, vec![false; right.len() + 1]);
        for at in (0..=right.len()).rev() {
            meets[at] = match (left.get(row), right.get(at)) {
                (None, None) => true,
                (Some((_, many)), None) => *many && below[at],
                (None, Some((_, many))) => *many && meets[at + 1],
                (Some((letters, many)), Some((others, also_many))) => {
                    let fit = letters.meet(*others);
                    (*many && (below[at] || (fit && meets[at + 1])))
                        || (*also_many && (meets[at + 1] || (fit && below[at])))
                        || (!many && !also_many && fit && below[at + 1])
                }
            };
        }
    }
    meets.first().copied().unwrap_or(true)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A symbol of a text with `{x}` for words, `{#x}` for ids, `{=x}` for values and `{~x}` for anything.
    fn symbol(text: &str) -> Symbol {
        let mut made = Symbol::default();
        for (number, part) in text.split(['{', '}']).enumerate() {
            made = match (number % 2, part.chars().next()) {
                (0, _) => made.with(part),
                (_, Some('=')) => made.then(Symbol::hole(part, Shape::Value)),
                (_, Some('#')) => made.then(Symbol::hole(part, Shape::Id)),
                (_, Some('~')) => made.then(Symbol::hole(part, Shape::Any)),
                _ => made.then(Symbol::hole(part, Shape::Word)),
            };
        }
        made
    }

    #[test]
    fn a_pattern_covers_what_it_covers_for_certain_perhaps_or_never() {
        for (pattern, needed, answer) in [
            ("*", "arn:aws:sqs:{r}:{a}:q", Answer::Yes),
            ("arn:aws:sqs:*:*:q", "arn:aws:sqs:{r}:{a}:q", Answer::Yes),
            ("arn:aws:sqs:{r}:{a}:q*", "arn:aws:sqs:{r}:{a}:queue", Answer::Yes),
            ("arn:aws:sqs:eu-west-1:{a}:q", "arn:aws:sqs:{r}:{a}:q", Answer::Unknown),
            ("arn:aws:sqs:{r}:{a}:q", "arn:aws:sqs:{r}:{a}:p", Answer::No),
            ("arn:aws:sns:*", "arn:aws:sqs:{r}:{a}:q", Answer::No),
            ("{s}-A-{a}", "{s}-AB-{ab}", Answer::No),
            ("{s}-A-*", "{s}-A-{a}", Answer::Yes),
            ("{s}-A", "{s}-A-{a}", Answer::No),
            ("{t}-A-*", "{s}-A-{a}", Answer::Unknown),
            ("{b}", "{b}/*", Answer::No),
            ("{b}/*", "{b}", Answer::No),
            ("{b}/*", "{b}/reports/*", Answer::Yes),
            ("{b}/reports/*", "{b}/*", Answer::Unknown),
            ("{b}/reports/*", "{b}/inventory/*", Answer::No),
            ("{~p}", "{b}", Answer::Unknown),
            ("{~p}", "{~p}", Answer::Yes),
            ("{~p}/x", "{~p}/y", Answer::No),
            ("{=v}/x", "{=v}/y", Answer::No),
            ("{=v}", "{=w}", Answer::Unknown),
            ("api:{#a}/*", "api:{#b}/{~x}", Answer::No),
            ("api:{#a}/*", "api:{#a}/{~x}", Answer::Yes),
            ("api:abc/*", "api:{#a}/{~x}", Answer::Unknown),
            ("a?c", "abc", Answer::Yes),
            ("a?c", "a{x}c", Answer::Unknown),
            ("a??d", "acd", Answer::No),
            ("secret:n-??????", "secret:n-??????", Answer::Yes),
            ("{x}", "a:b", Answer::No),
            ("{x}", "ab", Answer::Unknown),
            ("", "{~x}", Answer::Unknown),
            ("", "{x}", Answer::No),
            ("", "", Answer::Yes),
        ] {
            assert_eq!(symbol(pattern).covers(&symbol(needed)), answer, "{pattern} on {needed}");
        }
    }

    #[test]
    fn a_symbol_is_shown_as_it_would_be_written() {
        let shown = Symbol::text("arn:").then(Symbol::hole("Queue.Arn", Shape::Value)).with("/").with("*");
        assert_eq!(shown.to_string(), "arn:${Queue.Arn}/*");
        assert_eq!(shown.prefix(), "arn:");
        assert_eq!(shown.without_suffix("/*").unwrap().to_string(), "arn:${Queue.Arn}");
        assert_eq!(shown.without_suffix("x"), None);
    }

    /// Whether a text matches a pattern, by trying everything.
    fn matches(pattern: &[char], text: &[char]) -> bool {
        match pattern {
            [] => text.is_empty(),
            ['*', rest @ ..] => (0..=text.len()).any(|taken| matches(rest, &text[taken..])),
            ['?', rest @ ..] => !text.is_empty() && matches(rest, &text[1..]),
            [letter, rest @ ..] => text.first() == Some(letter) && matches(rest, &text[1..]),
        }
    }

    /// The text once its holes are filled.
    fn filled(text: &str, x: &str, y: &str) -> Vec<char> {
        text.replace("{x}", x).replace("{y}", y).chars().collect()
    }

    /// Texts of the letters of a small alphabet.
    fn text_of(parts: &'static [&'static str]) -> impl Strategy<Value = String> {
        prop::collection::vec(prop::sample::select(parts), 0..6).prop_map(|parts| parts.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_answer_agrees_with_every_way_to_fill_the_holes(
            pattern in text_of(&["a", "b", "/", "*", "?", "{x}", "{y}"]),
            needed in text_of(&["a", "b", "/", "{x}", "{y}"]),
        ) {
            const WORDS: [&str; 6] = ["a", "b", "aa", "ab", "ba", "aba"];
            let answer = symbol(&pattern).covers(&symbol(&needed));
            for x in WORDS {
                for y in WORDS {
                    let does = matches(&filled(&pattern, x, y), &filled(&needed, x, y));
                    prop_assert!(answer != Answer::Yes || does, "{pattern} does not cover {needed} with {x}, {y}");
                    prop_assert!(answer != Answer::No || !does, "{pattern} covers {needed} with {x}, {y}");
                }
            }
        }

        #[test]
        fn a_pattern_without_holes_is_decided(
            pattern in text_of(&["a", "b", "*", "?"]),
            needed in text_of(&["a", "b"]),
        ) {
            let letters: (Vec<char>, Vec<char>) = (pattern.chars().collect(), needed.chars().collect());
            let does = matches(&letters.0, &letters.1);
            prop_assert_eq!(symbol(&pattern).covers(&symbol(&needed)), Answer::from(does));
        }
    }
}
