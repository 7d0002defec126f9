//! The comparisons of a JSONPath `Choice`.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html#amazon-states-language-choice-state-rules>

use serde_json::{Map as Object, json};

use super::{JsonPath, Number};
use crate::json::Json;

/// A comparison of the input, in a rule of a JSONPath [`Choice`](super::Choice): [`variable`] with an operator, or
/// several joined by [`and`], [`or`] and [`not`].
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison(Object<String, Json>);

/// A value of the input, by its path, that still lacks an operator.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a variable is nothing until it is compared"]
pub struct Variable(String);

/// The value at a path, to be compared.
///
/// ```
/// use formwork::asl::jsonpath::*;
/// let many = and([variable("$.count").is_present(true), variable("$.count").numeric_greater_than(100)]);
/// let choice = Choice::new().when(many, "Split").otherwise("Report");
/// ```
pub fn variable(path: impl Into<String>) -> Variable {
    Variable(path.into())
}

/// `And`: all of the comparisons hold.
pub fn and(comparisons: impl IntoIterator<Item = Comparison>) -> Comparison {
    Comparison::join("And", comparisons)
}

/// `Or`: one of the comparisons holds.
pub fn or(comparisons: impl IntoIterator<Item = Comparison>) -> Comparison {
    Comparison::join("Or", comparisons)
}

/// `Not`: the comparison does not hold.
pub fn not(comparison: Comparison) -> Comparison {
    Comparison(Object::from_iter([("Not".to_owned(), Json::Object(comparison.0))]))
}

impl Comparison {
    fn join(operator: &str, comparisons: impl IntoIterator<Item = Comparison>) -> Self {
        let list: Vec<Json> = comparisons.into_iter().map(|comparison| Json::Object(comparison.0)).collect();
        Self(Object::from_iter([(operator.to_owned(), list.into())]))
    }

    pub(super) fn into_fields(self) -> Object<String, Json> {
        self.0
    }
}

impl Variable {
    fn compare(self, operator: &str, operand: Json) -> Comparison {
        let members = [("Variable".to_owned(), json!(self.0)), (operator.to_owned(), operand)];
        Comparison(Object::from_iter(members))
    }
}

macro_rules! operators {
    (number { $($number:ident => $n:literal;)* } text { $($text:ident => $t:literal, $doc:literal;)* } flag { $($flag:ident => $f:literal;)* }) => {
        impl Variable {
            $(
                #[doc = concat!("`", $n, "`: compares with a number.")]
                pub fn $number(self, operand: impl Number<JsonPath>) -> Comparison {
                    self.compare($n, operand.json())
                }
            )*
            $(
                #[doc = concat!("`", $t, "`: compares with ", $doc)]
                pub fn $text(self, operand: impl Into<String>) -> Comparison {
                    self.compare($t, operand.into().into())
                }
            )*
            $(
                #[doc = concat!("`", $f, "`: whether it is so, or equal.")]
                pub fn $flag(self, operand: bool) -> Comparison {
                    self.compare($f, operand.into())
                }
            )*
        }

        /// Every operator, as it is written.
        #[cfg(test)]
        const OPERATORS: &[(&str, fn(Variable) -> Comparison)] = &[
            $(($n, |variable| variable.$number(1)),)*
            $(($t, |variable| variable.$text("$.other")),)*
            $(($f, |variable| variable.$flag(true)),)*
        ];
    };
}

operators! {
    number {
    numeric_equals => "NumericEquals";
    numeric_less_than => "NumericLessThan";
    numeric_greater_than => "NumericGreaterThan";
    numeric_less_than_equals => "NumericLessThanEquals";
    numeric_greater_than_equals => "NumericGreaterThanEquals";
    }
    text {
    string_equals => "StringEquals", "a text.";
    string_less_than => "StringLessThan", "a text.";
    string_greater_than => "StringGreaterThan", "a text.";
    string_less_than_equals => "StringLessThanEquals", "a text.";
    string_greater_than_equals => "StringGreaterThanEquals", "a text.";
    timestamp_equals => "TimestampEquals", "a time, RFC 3339 with a capital T.";
    timestamp_less_than => "TimestampLessThan", "a time, RFC 3339 with a capital T.";
    timestamp_greater_than => "TimestampGreaterThan", "a time, RFC 3339 with a capital T.";
    timestamp_less_than_equals => "TimestampLessThanEquals", "a time, RFC 3339 with a capital T.";
    timestamp_greater_than_equals => "TimestampGreaterThanEquals", "a time, RFC 3339 with a capital T.";
    string_equals_path => "StringEqualsPath", "the text at a path.";
    string_less_than_path => "StringLessThanPath", "the text at a path.";
    string_greater_than_path => "StringGreaterThanPath", "the text at a path.";
    string_less_than_equals_path => "StringLessThanEqualsPath", "the text at a path.";
    string_greater_than_equals_path => "StringGreaterThanEqualsPath", "the text at a path.";
    numeric_equals_path => "NumericEqualsPath", "the number at a path.";
    numeric_less_than_path => "NumericLessThanPath", "the number at a path.";
    numeric_greater_than_path => "NumericGreaterThanPath", "the number at a path.";
    numeric_less_than_equals_path => "NumericLessThanEqualsPath", "the number at a path.";
    numeric_greater_than_equals_path => "NumericGreaterThanEqualsPath", "the number at a path.";
    timestamp_equals_path => "TimestampEqualsPath", "the time at a path.";
    timestamp_less_than_path => "TimestampLessThanPath", "the time at a path.";
    timestamp_greater_than_path => "TimestampGreaterThanPath", "the time at a path.";
    timestamp_less_than_equals_path => "TimestampLessThanEqualsPath", "the time at a path.";
    timestamp_greater_than_equals_path => "TimestampGreaterThanEqualsPath", "the time at a path.";
    boolean_equals_path => "BooleanEqualsPath", "the boolean at a path.";
    string_matches => "StringMatches", "a pattern with `*` for any characters; `\\\\*` is a star.";
    }
    flag {
    boolean_equals => "BooleanEquals";
    is_null => "IsNull";
    is_present => "IsPresent";
    is_numeric => "IsNumeric";
    is_string => "IsString";
    is_boolean => "IsBoolean";
    is_timestamp => "IsTimestamp";
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn all_39_operators_are_there_under_their_names() {
        let set: BTreeSet<&str> = OPERATORS.iter().map(|(name, _)| *name).collect();
        let table: BTreeSet<&str> = crate::asl::definition::operator::OPERATORS.iter().map(|it| it.name).collect();
        assert_eq!(set, table);
        for (name, compare) in OPERATORS {
            let comparison = compare(variable("$.value"));
            assert_eq!(comparison.0.keys().collect::<Vec<_>>(), ["Variable", name]);
        }
    }

    #[test]
    fn comparisons_nest() {
        let comparison = or([not(variable("$.a").is_null(true)), and([variable("$.b").numeric_less_than(0.5)])]);
        assert_eq!(
            Json::Object(comparison.0),
            json!({"Or": [
                {"Not": {"Variable": "$.a", "IsNull": true}},
                {"And": [{"Variable": "$.b", "NumericLessThan": 0.5}]},
            ]})
        );
    }
}
