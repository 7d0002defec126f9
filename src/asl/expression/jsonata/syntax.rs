//! The syntax of JSONata 2.0.6: what the library takes beyond it is refused, and its errors have the words of jsonata-js.

use std::borrow::Cow;

use jsonata_core::{
    ast::{AstNode, BinaryOp},
    parser::{self, ParserError},
    value::with_stack,
};

use super::{regex::fault, tree::children};

/// The tree of an expression, or what is wrong with it. True beside a tree of nothing: the expression is nested beyond
/// what any evaluation may nest, which is an error of its evaluation.
pub(super) fn tree(text: &str) -> Result<(AstNode, bool), String> {
    match parser::parse(&without_parentheses(text)) {
        Ok(mut tree) => match beyond(&mut tree) {
            Some(fault) => Err(fault),
            None => Ok((tree, false)),
        },
        Err(ParserError::Coded { code: "U1002", .. }) if depth(text) < MAX_DEPTH => Ok((AstNode::Undefined, true)),
        Err(error) => Err(in_its_words(&error)),
    }
}

/// Brackets that may stand in each other; a long chain of operators is only nested when it is evaluated.
const MAX_DEPTH: usize = 500;

/// The most brackets that stand in each other, outside of quotes.
fn depth(text: &str) -> usize {
    let (mut depth, mut most) = (0_usize, 0);
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let width = match letter {
            '"' | '\'' | '`' => quoted(rest, letter),
            _ => letter.len_utf8(),
        };
        match letter {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        most = most.max(depth);
        rest = &rest[width..];
    }
    most
}

/// The first part that jsonata-js refuses, in its words: an operator of later versions, or a pattern that does not
/// compile.
fn beyond(node: &mut AstNode) -> Option<String> {
    let own = match node {
        AstNode::Binary { op: BinaryOp::Coalesce, .. } => Some(unary("?")),
        AstNode::Binary { op: BinaryOp::Default, .. } => Some(unary(":")),
        AstNode::Regex { pattern, flags } => fault(pattern, flags),
        _ => None,
    };
    let mut found = own;
    with_stack(|| {
        children(node, &mut |child| {
            if found.is_none() {
                found = beyond(child);
            }
        });
    });
    found
}

fn unary(symbol: &str) -> String {
    format!("S0211: The symbol \"{symbol}\" cannot be used as a unary operator")
}

/// The message of jsonata-js for an error of the library, which names tokens as it calls them itself.
fn in_its_words(error: &ParserError) -> String {
    match error {
        ParserError::UnexpectedToken(token) if token == "Eof" => "S0207: Unexpected end of expression".to_owned(),
        ParserError::UnexpectedToken(token) if token.starts_with(char::is_alphabetic) => unary(&written(token)),
        ParserError::Expected { expected, .. } if expected == "parameter name" => error.to_string(),
        ParserError::Expected { expected, found } if found == "Eof" => {
            format!("S0203: Expected \"{}\" before end of expression", written(expected))
        }
        ParserError::Expected { expected, found } => {
            format!("S0202: Expected \"{}\", got \"{}\"", written(expected), written(found))
        }
        ParserError::InvalidSyntax(text) => match text.strip_prefix("S0201: Syntax error: ") {
            Some(token) => format!("S0201: Syntax error: \"{}\"", written(token)),
            None => text.clone(),
        },
        ParserError::UnclosedComment => "S0106: Comment has no closing tag".to_owned(),
        ParserError::InvalidNumber(number) => format!("S0102: Number out of range: {number}"),
        other => other.to_string(),
    }
}

/// A token as it is written in an expression, by the library's name for it.
fn written(token: &str) -> String {
    const SIGNS: [(&str, &str); 36] = [
        ("Plus", "+"),
        ("Minus", "-"),
        ("Star", "*"),
        ("StarStar", "**"),
        ("Slash", "/"),
        ("Percent", "%"),
        ("Equal", "="),
        ("NotEqual", "!="),
        ("LessThan", "<"),
        ("LessThanOrEqual", "<="),
        ("GreaterThan", ">"),
        ("GreaterThanOrEqual", ">="),
        ("And", "and"),
        ("Or", "or"),
        ("In", "in"),
        ("Ampersand", "&"),
        ("Dot", "."),
        ("DotDot", ".."),
        ("Question", "?"),
        ("QuestionQuestion", "?"),
        ("QuestionColon", "?"),
        ("Colon", ":"),
        ("ColonEqual", ":="),
        ("TildeArrow", "~>"),
        ("LeftParen", "("),
        ("RightParen", ")"),
        ("LeftBracket", "["),
        ("RightBracket", "]"),
        ("LeftBrace", "{"),
        ("RightBrace", "}"),
        ("Comma", ","),
        ("Semicolon", ";"),
        ("Caret", "^"),
        ("Pipe", "|"),
        ("Hash", "#"),
        ("At", "@"),
    ];
    if let Some((_, sign)) = SIGNS.iter().find(|(name, _)| *name == token) {
        return (*sign).to_owned();
    }
    // `Identifier("city")`, `Number(2.0)`, `True`.
    let Some((name, value)) = token.split_once('(') else { return token.to_lowercase() };
    let value = value.strip_suffix(')').unwrap_or(value);
    let text = serde_json::from_str::<String>(value).unwrap_or_else(|_| value.to_owned());
    match name {
        "Number" => text.strip_suffix(".0").unwrap_or(&text).to_owned(),
        _ => text,
    }
}

/// The expression without the parentheses around a step of names, where it has a `%`: that of a later step means a name
/// inside of them, `a.(b.c).{"in": %.id}`, which the library does not see.
fn without_parentheses(text: &str) -> Cow<'_, str> {
    if !text.contains('%') || !text.contains(".(") {
        return Cow::Borrowed(text);
    }
    let mut new = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let width = match letter {
            '"' | '\'' | '`' => quoted(rest, letter),
            '.' => match names(rest) {
                Some((inner, width)) => {
                    new.extend([".", inner]);
                    rest = &rest[width..];
                    continue;
                }
                None => 1,
            },
            _ => letter.len_utf8(),
        };
        new.push_str(&rest[..width]);
        rest = &rest[width..];
    }
    Cow::Owned(new)
}

/// The width of the quoted text that this begins with.
fn quoted(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (position, letter) in text.char_indices().skip(1) {
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            _ if letter == quote => return position + letter.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

/// The names between the parentheses of `.(a.b)`, which another step follows, and the width of all of it.
fn names(text: &str) -> Option<(&str, usize)> {
    let (inner, after) = text.strip_prefix(".(")?.split_once(')')?;
    let is_name = |name: &str| {
        let name = name.trim();
        name.starts_with(char::is_alphabetic) && name.chars().all(|letter| letter.is_alphanumeric() || letter == '_')
    };
    let is_plain = inner.split('.').all(is_name) && after.trim_start().starts_with('.');
    is_plain.then(|| (inner, ".(".len() + inner.len() + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn fails(text: &str, message: &str) {
        assert_eq!(tree(text).err().as_deref(), Some(message), "{text}");
    }

    // What jsonata-js 2.0.6 says of the same.
    #[test]
    fn an_error_names_tokens_as_they_are_written() {
        fails("[1, 2", r#"S0203: Expected "]" before end of expression"#);
        fails("(1, 2)", r#"S0202: Expected ")", got ",""#);
        fails("[1 2]", r#"S0202: Expected "]", got "2""#);
        fails("1 2", r#"S0201: Syntax error: "2""#);
        fails("1 )", r#"S0201: Syntax error: ")""#);
        fails("1 +", "S0207: Unexpected end of expression");
        fails("= 1", r#"S0211: The symbol "=" cannot be used as a unary operator"#);
        fails("$f(a b)", r#"S0202: Expected ")", got "b""#);
        fails("'open", "S0101: String literal must be terminated by a matching quote");
    }

    #[test]
    fn operators_of_later_versions_are_refused_wherever_they_stand() {
        for text in ["a ?? 1", "{'k': [a ?? 1]}", "$map(a, function($v) { $v ?? 1 })", "a[b ?? c]"] {
            fails(text, r#"S0211: The symbol "?" cannot be used as a unary operator"#);
        }
        fails("a ?: 1", r#"S0211: The symbol ":" cannot be used as a unary operator"#);
        assert!(tree("a ? b : c").is_ok());
    }

    #[test]
    fn a_pattern_that_does_not_compile_is_refused() {
        fails("$match(a, /[/)", "Invalid regular expression: /[/");
        assert!(tree("$match(a, /[0-9]+/i)").is_ok());
    }

    #[test]
    fn what_is_nested_too_deep_fails_when_it_is_evaluated() {
        let (_, is_too_deep) = tree(&vec!["1"; 600].join("+")).unwrap();
        assert!(is_too_deep);
        assert!(!tree("1+1").unwrap().1);
    }

    #[test]
    fn parentheses_around_names_are_left_out_for_the_parent_of_a_later_step() {
        assert_eq!(without_parentheses("A.( O.P ).{\"o\": %.id}"), "A. O.P .{\"o\": %.id}");
        for same in ["A.(O.P).x", "A.(O.P)[0].%", "A.(O[0]).%.x", "A.'.(a).%'.%", "A.($f()).%.x"] {
            assert_eq!(without_parentheses(same), same);
        }
    }
}
