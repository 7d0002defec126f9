//! The rules of a `Choice`: 39 operators of JSONPath, a condition of JSONata.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html>

use std::cmp::Ordering;

use super::{
    Assign, Language,
    template::{Problems, Template, expression},
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

/// A `Choice`.
#[derive(Debug)]
pub(crate) struct Choice {
    pub rules: Vec<Rule>,
    pub default: Option<usize>,
}

/// One of `Choices`.
#[derive(Debug)]
pub(crate) struct Rule {
    pub test: Test,
    pub next: usize,
    pub output: Option<Template>,
    pub assign: Option<Assign>,
}

/// What a rule asks.
#[derive(Debug)]
pub(crate) enum Test {
    And(Vec<Test>),
    Or(Vec<Test>),
    Not(Box<Test>),
    /// `IsPresent` and the like: what is asked, and whether it should be so.
    Is {
        variable: PathExpression,
        property: Property,
        expected: bool,
    },
    Compare {
        variable: PathExpression,
        kind: Kind,
        relation: Relation,
        operand: Operand,
    },
    /// `StringMatches`.
    Matches {
        variable: PathExpression,
        pattern: Vec<Part>,
    },
    /// JSONata.
    Condition(Box<Expression>),
    /// JSONata: `true` or `false` as it stands.
    Literal(bool),
}

/// What `Is…` asks.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Property {
    Boolean,
    Null,
    Numeric,
    Present,
    String,
    Timestamp,
}

/// What is compared.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Boolean,
    Numeric,
    String,
    Timestamp,
}

/// How it is compared.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Relation {
    Equal,
    Less,
    Greater,
    LessOrEqual,
    GreaterOrEqual,
}

/// What it is compared with.
#[derive(Debug)]
pub(crate) enum Operand {
    Literal(Json),
    Path(PathExpression),
}

/// A piece of a pattern.
#[derive(Debug, PartialEq)]
pub(crate) enum Part {
    Letter(char),
    /// `*`.
    Any,
}

const PROPERTIES: [(&str, Property); 6] = [
    ("IsBoolean", Property::Boolean),
    ("IsNull", Property::Null),
    ("IsNumeric", Property::Numeric),
    ("IsPresent", Property::Present),
    ("IsString", Property::String),
    ("IsTimestamp", Property::Timestamp),
];

const KINDS: [(&str, Kind); 4] =
    [("Boolean", Kind::Boolean), ("Numeric", Kind::Numeric), ("String", Kind::String), ("Timestamp", Kind::Timestamp)];

const RELATIONS: [(&str, Relation); 5] = [
    ("Equals", Relation::Equal),
    ("LessThan", Relation::Less),
    ("GreaterThan", Relation::Greater),
    ("LessThanEquals", Relation::LessOrEqual),
    ("GreaterThanEquals", Relation::GreaterOrEqual),
];

/// Rules inside of rules.
const MAX_DEPTH: usize = 64;

impl Choice {
    /// Reads the test of a rule.
    pub fn test(json: &Json, language: Language, pointer: &str, problems: &mut Problems) -> Option<Test> {
        match language {
            Language::JsonPath => jsonpath(json, pointer, problems, MAX_DEPTH),
            Language::Jsonata => {
                let pointer = format!("{pointer}/Condition");
                match json.get("Condition") {
                    Some(Json::Bool(condition)) => Some(Test::Literal(*condition)),
                    Some(Json::String(text)) if jsonata::inner(text).is_some() => {
                        expression(jsonata::inner(text)?, &pointer, problems)
                            .map(|expression| Test::Condition(Box::new(expression)))
                    }
                    _ => {
                        let problem = "expected `Condition` with a JSONata expression, or true or false";
                        problems.push((pointer, problem.to_owned()));
                        None
                    }
                }
            }
        }
    }
}

fn jsonpath(json: &Json, pointer: &str, problems: &mut Problems, depth: usize) -> Option<Test> {
    let Some(depth) = depth.checked_sub(1) else {
        problems.push((pointer.to_owned(), format!("rules are nested too deep; expected at most {MAX_DEPTH} levels")));
        return None;
    };
    let mut nested = |field: &str| {
        let tests = json.get(field)?.as_array()?.iter().enumerate();
        let tests = tests.map(|(index, json)| jsonpath(json, &format!("{pointer}/{field}/{index}"), problems, depth));
        tests.collect::<Option<Vec<Test>>>()
    };
    if let Some(tests) = nested("And") {
        return Some(Test::And(tests));
    }
    if let Some(tests) = nested("Or") {
        return Some(Test::Or(tests));
    }
    if let Some(test) = json.get("Not") {
        return jsonpath(test, &format!("{pointer}/Not"), problems, depth).map(|test| Test::Not(Box::new(test)));
    }
    let members = json.as_object()?;
    let variable = match members.get("Variable").and_then(Json::as_str).map(PathExpression::parse) {
        Some(Ok(path)) => path,
        Some(Err(problem)) => {
            problems.push((format!("{pointer}/Variable"), problem));
            return None;
        }
        None => {
            problems.push((pointer.to_owned(), "the rule has no `Variable`; expected a path".to_owned()));
            return None;
        }
    };
    for (name, value) in members {
        match operator(name, value) {
            None => {}
            Some(Ok(Operator::Is(property, expected))) => return Some(Test::Is { variable, property, expected }),
            Some(Ok(Operator::Compare(kind, relation, operand))) => {
                return Some(Test::Compare { variable, kind, relation, operand });
            }
            Some(Ok(Operator::Matches(pattern))) => return Some(Test::Matches { variable, pattern }),
            Some(Err(problem)) => {
                problems.push((format!("{pointer}/{name}"), problem));
                return None;
            }
        }
    }
    problems.push((pointer.to_owned(), "the rule has no operator; expected one such as `StringEquals`".to_owned()));
    None
}

enum Operator {
    Is(Property, bool),
    Compare(Kind, Relation, Operand),
    Matches(Vec<Part>),
}

/// The operator of that name; none for another member of the rule.
fn operator(name: &str, value: &Json) -> Option<Result<Operator, String>> {
    let wrong = |expected: &str| Some(Err(format!("`{name}` is {value}; expected {expected}")));
    if let Some((_, property)) = PROPERTIES.iter().find(|(known, _)| *known == name) {
        return match value.as_bool() {
            Some(expected) => Some(Ok(Operator::Is(*property, expected))),
            None => wrong("true or false"),
        };
    }
    if name == "StringMatches" {
        return match value.as_str() {
            Some(text) => Some(Ok(Operator::Matches(pattern(text)))),
            None => wrong("a string"),
        };
    }
    let (kind, rest) = KINDS.iter().find_map(|(prefix, kind)| Some((*kind, name.strip_prefix(prefix)?)))?;
    let (rest, is_path) = rest.strip_suffix("Path").map_or((rest, false), |rest| (rest, true));
    let relation = RELATIONS.iter().find(|(known, _)| *known == rest)?.1;
    if is_path {
        return match value.as_str().map(PathExpression::parse) {
            Some(path) => Some(path.map(|path| Operator::Compare(kind, relation, Operand::Path(path)))),
            None => wrong("a path"),
        };
    }
    Some(Ok(Operator::Compare(kind, relation, Operand::Literal(value.clone()))))
}

/// A pattern in pieces: `\\*` is a star, `\\\\` a backslash.
fn pattern(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        parts.push(match letter {
            '*' => Part::Any,
            '\\' => Part::Letter(letters.next().unwrap_or('\\')),
            letter => Part::Letter(letter),
        });
    }
    parts
}

/// Whether a text is as the pattern says: each star takes as little as it can, and more when the rest does not fit.
fn matches(pattern: &[Part], text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    let (mut at, mut next) = (0, 0);
    // Where the last star stands, and how far it reaches.
    let mut star: Option<(usize, usize)> = None;
    loop {
        match (pattern.get(next), text.get(at)) {
            (None, None) => return true,
            (Some(Part::Any), _) => {
                star = Some((next, at));
                next += 1;
                continue;
            }
            (Some(Part::Letter(wanted)), Some(letter)) if wanted == letter => {
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
            Self::Is { variable, property: Property::Present, expected } => {
                Ok(world.find(variable).is_ok() == *expected)
            }
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
            Self::Compare { variable, kind, relation, operand } => {
                let left = value(world, variable)?;
                Ok(match operand {
                    Operand::Literal(right) => compare(&left, right, *kind, *relation),
                    Operand::Path(path) => compare(&left, &*value(world, path)?, *kind, *relation),
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
    world.find(path).map_err(|_| {
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
fn compare(left: &Json, right: &Json, kind: Kind, relation: Relation) -> bool {
    let ordering = match kind {
        Kind::Boolean => left.as_bool().zip(right.as_bool()).map(|(left, right)| left.cmp(&right)),
        Kind::Numeric => left.as_f64().zip(right.as_f64()).and_then(|(left, right)| left.partial_cmp(&right)),
        // As Java orders them.
        Kind::String => {
            left.as_str().zip(right.as_str()).map(|(left, right)| left.encode_utf16().cmp(right.encode_utf16()))
        }
        Kind::Timestamp => {
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
