//! The rule of a `Choice` as a person reads it.

use super::wording::{cut, literal};
use crate::asl::definition::{
    Piece, Right, Test,
    operator::{Property, Relation},
};

/// Rules in rules that are said; what is deeper is `…`.
const DEEPEST: usize = 4;

/// A rule as a short text: `$.count > 0 and not $.seen`.
pub(super) fn said(test: &Test) -> String {
    say(test, DEEPEST)
}

fn say(test: &Test, depth: usize) -> String {
    let Some(depth) = depth.checked_sub(1) else { return "…".to_owned() };
    let inner = |test: &Test| match test {
        Test::And(_) | Test::Or(_) => format!("({})", say(test, depth)),
        _ => say(test, depth),
    };
    match test {
        Test::And(tests) => tests.iter().map(inner).collect::<Vec<_>>().join(" and "),
        Test::Or(tests) => tests.iter().map(inner).collect::<Vec<_>>().join(" or "),
        Test::Not(test) => format!("not {}", inner(test)),
        Test::Is { variable, property, expected } => {
            let is = if *expected { "is" } else { "is not" };
            let property = match property {
                Property::Boolean => "a boolean",
                Property::Null => "null",
                Property::Numeric => "a number",
                Property::Present => "present",
                Property::String => "a string",
                Property::Timestamp => "a timestamp",
            };
            format!("{} {is} {property}", variable.text())
        }
        Test::Compare { variable, relation, right, .. } => {
            let sign = match relation {
                Relation::Equal => "=",
                Relation::Less => "<",
                Relation::Greater => ">",
                Relation::LessOrEqual => "≤",
                Relation::GreaterOrEqual => "≥",
            };
            let right = match right {
                Right::Literal(json) => literal(json),
                Right::Path(path) => path.text().to_owned(),
            };
            format!("{} {sign} {right}", variable.text())
        }
        Test::Matches { variable, pattern } => {
            let pattern: String = pattern
                .iter()
                .map(|piece| match piece {
                    Piece::Letter(letter) => *letter,
                    Piece::Any => '*',
                })
                .collect();
            format!("{} matches {}", variable.text(), cut(&pattern, 40))
        }
        Test::Condition(expression) => cut(expression.text(), 300),
        Test::Literal(holds) => holds.to_string(),
    }
}
