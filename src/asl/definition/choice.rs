//! The rules of a `Choice`: the comparisons of JSONPath, a condition of JSONata.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html>

use std::cmp::Ordering;

use super::{
    model::{Piece, Right, Test},
    operator::{Operand, Property, Relation},
};
use crate::{
    asl::expression::{
        fault::Fault,
        jsonata::{self, Expression},
        jsonpath::PathExpression,
        time,
        world::World,
    },
    json::Json,
};

/// A pattern in pieces: `\\*` is a star, `\\\\` a backslash.
pub(super) fn pattern(text: &str) -> Vec<Piece> {
    let mut parts = Vec::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        parts.push(match letter {
            '*' => Piece::Any,
            '\\' => Piece::Letter(letters.next().unwrap_or('\\')),
            letter => Piece::Letter(letter),
        });
    }
    parts
}

/// Whether a text is as the pattern says: each star takes as little as it can, and more when the rest does not fit.
fn matches(pattern: &[Piece], text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    let (mut at, mut next) = (0, 0);
    // Where the last star stands, and how far it reaches.
    let mut star: Option<(usize, usize)> = None;
    loop {
        match (pattern.get(next), text.get(at)) {
            (None, None) => return true,
            (Some(Piece::Any), _) => {
                star = Some((next, at));
                next += 1;
                continue;
            }
            (Some(Piece::Letter(wanted)), Some(letter)) if wanted == letter => {
                (at, next) = (at + 1, next + 1);
                continue;
            }
            _ => {}
        }
        match &mut star {
            Some((position, reach)) if *reach < text.len() => {
                *reach += 1;
                (at, next) = (*reach, *position + 1);
            }
            _ => return false,
        }
    }
}

impl Test {
    /// Whether it holds, for the rule at that position of `Choices`.
    pub fn holds(&self, world: &World<'_>, position: usize) -> Result<bool, Fault> {
        match self {
            Self::And(tests) => all(tests, world, position, true),
            Self::Or(tests) => all(tests, world, position, false).map(|none| !none),
            Self::Not(test) => test.holds(world, position).map(|holds| !holds),
            Self::Is { variable, property: Property::Present, expected } => match world.find(variable) {
                // The service fails before it asks.
                Err(missing) if missing.is_in_nothing() => Err(Fault::runtime(missing.to_string())),
                found => Ok(found.is_ok() == *expected),
            },
            Self::Is { variable, property, expected } => {
                let value = value(world, variable)?;
                let is = match property {
                    Property::Boolean => value.is_boolean(),
                    Property::Null => value.is_null(),
                    Property::Numeric => value.is_number(),
                    Property::Present => true,
                    Property::String => value.is_string(),
                    Property::Timestamp => value.as_str().and_then(time::parse).is_some(),
                };
                Ok(is == *expected)
            }
            Self::Compare { variable, kind, relation, right } => {
                let left = value(world, variable)?;
                Ok(match right {
                    Right::Literal(right) => compare(&left, right, *kind, *relation),
                    Right::Path(path) => compare(&left, &*value(world, path)?, *kind, *relation),
                })
            }
            Self::Matches { variable, pattern } => {
                Ok(value(world, variable)?.as_str().is_some_and(|text| matches(pattern, text)))
            }
            Self::Condition(expression) => {
                let location = format!("Choices[{position}]/Condition");
                match expression.evaluate(world, &location)? {
                    Json::Bool(holds) => Ok(holds),
                    other => Err(unexpected(expression, &location, "boolean", &other)),
                }
            }
            Self::Literal(holds) => Ok(*holds),
        }
    }
}

/// Whether all are as wanted; what comes after the first that is not is not looked at, so that a rule can ask
/// `IsPresent` first.
fn all(tests: &[Test], world: &World<'_>, position: usize, wanted: bool) -> Result<bool, Fault> {
    for test in tests {
        if test.holds(world, position)? != wanted {
            return Ok(false);
        }
    }
    Ok(true)
}

fn value<'w>(world: &'w World<'_>, path: &PathExpression) -> Result<std::borrow::Cow<'w, Json>, Fault> {
    world.find(path).map_err(|missing| {
        if missing.is_in_nothing() {
            return Fault::runtime(missing.to_string());
        }
        let text = path.text();
        Fault::runtime(format!("Invalid path '{text}': The choice state's condition path references an invalid value."))
    })
}

/// An expression of a field that takes only one type.
pub(crate) fn unexpected(expression: &Expression, location: &str, expected: &str, value: &Json) -> Fault {
    let (text, is) = (expression.text(), jsonata::type_name(value));
    let cause = format!(
        "The JSONata expression '{text}' specified for the field '{location}' returned an unexpected result type. \
         Expected '{expected}', but was '{is}' for value: {value}"
    );
    Fault::query(Some(location.to_owned()), cause)
}

/// Values of other types than the operator's do not compare.
fn compare(left: &Json, right: &Json, kind: Operand, relation: Relation) -> bool {
    let ordering = match kind {
        Operand::Boolean => left.as_bool().zip(right.as_bool()).map(|(left, right)| left.cmp(&right)),
        Operand::Numeric => left.as_f64().zip(right.as_f64()).and_then(|(left, right)| left.partial_cmp(&right)),
        // As Java orders them.
        Operand::String => {
            left.as_str().zip(right.as_str()).map(|(left, right)| left.encode_utf16().cmp(right.encode_utf16()))
        }
        Operand::Timestamp => {
            let moment = |json: &Json| json.as_str().and_then(time::parse);
            moment(left).zip(moment(right)).map(|(left, right)| left.cmp(&right))
        }
    };
    ordering.is_some_and(|ordering| match relation {
        Relation::Equal => ordering == Ordering::Equal,
        Relation::Less => ordering == Ordering::Less,
        Relation::Greater => ordering == Ordering::Greater,
        Relation::LessOrEqual => ordering != Ordering::Greater,
        Relation::GreaterOrEqual => ordering != Ordering::Less,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn give(text: &str, glob: &str, expected: bool) {
        assert_eq!(matches(&pattern(glob), text), expected, "{text} {glob}");
    }

    #[test]
    fn a_star_stands_for_any_characters() {
        give("", "", true);
        give("", "*", true);
        give("a", "", false);
        give("foo23.log", "foo*.log", true);
        give("foo.log.log", "*.log", true);
        give("zebra.log", "foo*.log", false);
        give("ab", "a*b*", true);
        give("☕ Café", "*afé", true);
        give("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "*a*a*a*a*a*a*a*a*c", false);
    }

    #[test]
    fn a_backslash_takes_the_meaning_from_a_star() {
        give("a*b", r"a\*b", true);
        give("axb", r"a\*b", false);
        give(r"a\xb", r"a\\*b", true);
        give(r"a\", r"a\", true);
    }
}
