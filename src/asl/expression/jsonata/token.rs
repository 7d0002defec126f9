//! The tokens of an expression.

use std::sync::Arc;

use super::{
    ast::Text,
    error::{Error, Given},
    number::decimal,
    pattern::Pattern,
    text::{joined, letter_of, quoted},
};

/// A token.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub kind: TokenKind,
    /// The byte at which it begins.
    pub at: usize,
}

#[derive(Clone, Debug)]
pub(super) enum TokenKind {
    /// An operator or a bracket, and the words `and`, `or` and `in`.
    Sign(&'static str),
    Name(Text),
    Variable(Text),
    Text(Text),
    Number(f64),
    Bool(bool),
    Null,
    Regex(Arc<Pattern>),
    End,
}

impl TokenKind {
    /// The token as an error names it.
    pub fn named(&self) -> String {
        match self {
            Self::Sign(sign) => format!("\"{sign}\""),
            Self::Name(text) | Self::Variable(text) | Self::Text(text) => quoted(text),
            Self::Number(number) => decimal(*number),
            Self::Bool(value) => value.to_string(),
            Self::Null => "null".to_owned(),
            Self::Regex(_) => "{}".to_owned(),
            Self::End => "\"(end)\"".to_owned(),
        }
    }
}

/// Operators of two letters stand before those that they begin with.
const SIGNS: [&str; 36] = [
    "..", ":=", "!=", ">=", "<=", "**", "~>", ".", "[", "]", "{", "}", "(", ")", ",", "@", "#", ";", ":", "?", "+",
    "-", "*", "/", "%", "|", "=", "<", ">", "^", "&", "!", "~", "and", "or", "in",
];
/// Those among them that are no words.
const MARKS: usize = SIGNS.len() - 3;

/// The tokens of a text, one after the other.
pub(super) struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Tokens<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn skip(&mut self, skipped: impl FnMut(char) -> bool) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(skipped).len();
    }

    /// The next token. After a value a slash divides; elsewhere it begins a regular expression.
    pub fn next(&mut self, after_value: bool) -> Given<Token> {
        loop {
            self.skip(is_space);
            if !self.rest().starts_with("/*") {
                break;
            }
            match self.rest()[2..].find("*/") {
                Some(end) => self.at += end + 4,
                None => return Error::fail("S0106", "Comment has no closing tag"),
            }
        }
        let at = self.at;
        Ok(Token { kind: self.kind(after_value)?, at })
    }

    fn kind(&mut self, after_value: bool) -> Given<TokenKind> {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return Ok(TokenKind::End) };
        if first == '/' && !after_value {
            return self.regex();
        }
        if let Some(sign) = SIGNS[..MARKS].iter().find(|sign| rest.starts_with(**sign)) {
            self.at += sign.len();
            return Ok(TokenKind::Sign(sign));
        }
        match first {
            '"' | '\'' => return self.string(first),
            '0'..='9' => return self.number(),
            '`' => {
                let Some(end) = rest[1..].find('`') else {
                    return Error::fail("S0105", "Quoted property name must be terminated with a backquote (`)");
                };
                self.at += end + 2;
                return Ok(TokenKind::Name(rest[1..=end].into()));
            }
            _ => {}
        }
        let ends = |letter: char| is_space(letter) || SIGNS[..MARKS].iter().any(|sign| sign.starts_with(letter));
        let word = &rest[..rest.find(ends).unwrap_or(rest.len())];
        self.at += word.len();
        if let Some(name) = word.strip_prefix('$') {
            return Ok(TokenKind::Variable(name.into()));
        }
        Ok(match word {
            "true" => TokenKind::Bool(true),
            "false" => TokenKind::Bool(false),
            "null" => TokenKind::Null,
            word => match SIGNS[MARKS..].iter().find(|sign| **sign == word) {
                Some(sign) => TokenKind::Sign(sign),
                None => TokenKind::Name(word.into()),
            },
        })
    }

    fn number(&mut self) -> Given<TokenKind> {
        let bytes = self.rest().as_bytes();
        let digits = |from: usize| bytes[from.min(bytes.len())..].iter().take_while(|it| it.is_ascii_digit()).count();
        let mut end = if bytes.first() == Some(&b'0') { 1 } else { digits(0) };
        if bytes.get(end) == Some(&b'.') && digits(end + 1) > 0 {
            end += 1 + digits(end + 1);
        }
        if matches!(bytes.get(end), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
            if digits(end + 1 + sign) > 0 {
                end += 1 + sign + digits(end + 1 + sign);
            }
        }
        let text = &self.rest()[..end];
        self.at += end;
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(TokenKind::Number(number)),
            _ => Error::fail("S0102", format!("Number out of range: {}", quoted(text))),
        }
    }

    fn string(&mut self, quote: char) -> Given<TokenKind> {
        let mut units = String::new();
        let rest = &self.rest()[1..];
        let mut letters = rest.char_indices();
        while let Some((at, letter)) = letters.next() {
            if letter == quote {
                self.at += at + 2;
                return Ok(TokenKind::Text(joined(&units).as_ref().into()));
            }
            if letter != '\\' {
                units.push(letter);
                continue;
            }
            let Some((at, escape)) = letters.next() else { break };
            units.push(match escape {
                '"' | '\\' | '/' => escape,
                'b' => '\u{8}',
                'f' => '\u{c}',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => {
                    let digits = rest.get(at + 1..at + 5).filter(|it| it.bytes().all(|it| it.is_ascii_hexdigit()));
                    let Some(unit) = digits.and_then(|digits| u16::from_str_radix(digits, 16).ok()) else {
                        return Error::fail("S0104", "The escape sequence \\u must be followed by 4 hex digits");
                    };
                    letters.nth(3);
                    letter_of(unit)
                }
                other => {
                    let text = format!("Unsupported escape sequence: \\{}", quoted(&other.to_string()));
                    return Error::fail("S0103", text);
                }
            });
        }
        Error::fail("S0101", "String literal must be terminated by a matching quote")
    }

    fn regex(&mut self) -> Given<TokenKind> {
        let rest = &self.rest()[1..];
        let (mut depth, mut is_escaped) = (0_i32, false);
        for (at, letter) in rest.char_indices() {
            match letter {
                _ if is_escaped => {
                    is_escaped = false;
                    continue;
                }
                '\\' => is_escaped = true,
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth -= 1,
                '/' if depth == 0 => {
                    if at == 0 {
                        return Error::fail("S0301", "Empty regular expressions are not allowed");
                    }
                    let after = &rest[at + 1..];
                    let flags = &after[..after.find(|it| it != 'i' && it != 'm').unwrap_or(after.len())];
                    self.at += at + 2 + flags.len();
                    return Pattern::new(&rest[..at], flags).map(|pattern| TokenKind::Regex(Arc::new(pattern)));
                }
                _ => {}
            }
        }
        Error::fail("S0302", "No terminating / in regular expression")
    }
}

fn is_space(letter: char) -> bool {
    matches!(letter, ' ' | '\t' | '\n' | '\r' | '\u{b}')
}
