//! JSONata as the service has it: expressions between `{%` and `%}`, `$states`, variables, and AWS's own functions.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html>

mod ancestry;
mod arguments;
mod arity;
pub(crate) mod ast;
mod builtins;
mod error;
mod evaluate;
mod limits;
mod number;
mod order;
mod parse;
mod parser;
mod pattern;
mod reads;
mod shape;
mod signature;
mod text;
mod token;
mod truth;
mod value;
mod values;

use std::sync::Arc;

use serde_json::Number;

pub(crate) use self::{
    reads::Unavailable,
    value::{Object, Value},
    values::Values,
};

use self::{
    ast::Tree,
    error::Error,
    evaluate::Evaluator,
    limits::MAX_DEPTH,
    reads::{Reads, STATES},
    text::readable,
    value::Text,
};
use super::fault::Fault;
use crate::json::{Json, MAX_NESTING};

/// The text between `{%` and `%}`, if the string is an expression.
pub(crate) fn inner(text: &str) -> Option<&str> {
    let text = text.strip_prefix("{%")?;
    // "{%}" is not one: the two ends may not share the percent sign.
    text.strip_suffix("%}").map(str::trim)
}

/// Whether a string has one of the two ends of an expression and not the other, which the service refuses.
pub(crate) fn is_half_open(text: &str) -> bool {
    (text.starts_with("{%") || text.ends_with("%}")) && inner(text).is_none()
}

/// An expression in JSONata, parsed.
#[derive(Clone, Debug)]
pub(crate) struct Expression {
    text: String,
    tree: Arc<Tree>,
    reads: Reads,
}

impl Expression {
    /// Parses what stands between `{%` and `%}`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let tree = parser::parse(text).map_err(|error| match error {
            Error::Coded(code, message) => format!("{code}: {message}"),
            Error::Stack | Error::Time | Error::Memory => "the expression is too large".to_owned(),
        })?;
        let reads = Reads::of(&tree);
        Ok(Self { text: text.to_owned(), tree: Arc::new(tree), reads })
    }

    /// The text between the marks.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its tree.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// What it reads that is not there, where `$states` has these members.
    pub fn unavailable(&self, members: &[&str]) -> Vec<Unavailable> {
        reads::unavailable(&self.tree, members)
    }

    /// The value, for the field at `location`.
    pub fn evaluate(&self, values: &dyn Values, location: &str) -> Result<Json, Fault> {
        let fault = |what: String| {
            let cause = format!("The JSONata expression '{}' specified for the field '{location}' {what}", self.text);
            Fault::query(Some(location.to_owned()), cause)
        };
        let mut evaluator = Evaluator::new(&self.tree, values);
        let value = evaluator.run(self.names(values)).map_err(|error| fault(thrown(&error)))?;
        if value.is_nothing() {
            return Err(fault("returned nothing (undefined).".to_owned()));
        }
        json(&value, MAX_NESTING).ok_or_else(|| fault("returned an unsupported result type.".to_owned()))
    }

    /// `$states` and the variables, as far as it may read them.
    fn names(&self, values: &dyn Values) -> Vec<(Text, Value)> {
        let mut names = Vec::new();
        if self.reads.states.contains(&true) {
            let members = STATES.iter().zip(self.reads.states).filter(|(_, is_read)| *is_read);
            let states =
                members.filter_map(|(member, _)| Some((Text::from(*member), values.states(member)?))).collect();
            names.push((Text::from("states"), states));
        }
        for name in &self.reads.names {
            names.extend(values.variable(name).map(|value| (name.clone(), value.jsonata())));
        }
        names
    }
}

/// The words of the service for an error.
fn thrown(error: &Error) -> String {
    const THREW: &str = "threw an error during evaluation";
    match error {
        Error::Stack => format!(
            "{THREW}: Stack overflow error: Check for non-terminating recursive function. Consider rewriting as \
             tail-recursive. Depth={} max={MAX_DEPTH}",
            MAX_DEPTH + 1
        ),
        Error::Time => format!("{THREW}: Expression evaluation timeout: Check for infinite loop"),
        Error::Memory => {
            format!("{THREW}: Expression evaluation memory limit exceeded: Check for excessive memory usage")
        }
        Error::Coded(code, text) => format!("{THREW}. {code}: {text}"),
    }
}

/// Whether an expression may call a function of that name without defining it.
pub(crate) fn is_builtin(name: &str) -> bool {
    builtins::named(name).is_some()
}

/// A value as JSON: none for a function, or for what is nested too deep.
fn json(value: &Value, depth: usize) -> Option<Json> {
    let depth = depth.checked_sub(1)?;
    Some(match value {
        Value::Nothing | Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(value) => match number(*value) {
            Some(number) => Json::Number(number),
            // The service writes a string for a number that JSON does not have.
            None if value.is_nan() => "NaN".into(),
            None => if *value > 0.0 { "Infinity" } else { "-Infinity" }.into(),
        },
        Value::Text(text) => Json::String(readable(text).into_owned()),
        Value::List(list) => {
            let items = list.items.iter().filter(|item| !item.is_nothing());
            Json::Array(items.map(|item| json(item, depth)).collect::<Option<_>>()?)
        }
        Value::Object(object) => {
            let members = object.iter().filter(|(_, member)| !member.is_nothing());
            let members = members.map(|(key, member)| Some((readable(key).into_owned(), json(member, depth)?)));
            Json::Object(members.collect::<Option<_>>()?)
        }
        Value::Function(_) | Value::Tuple(_) => return None,
    })
}

/// A number, whole where it is.
pub(crate) fn number(value: f64) -> Option<Number> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value.fract() == 0.0 && value.abs() <= EXACT {
        Some(Number::from(value as i64))
    } else {
        Number::from_f64(value)
    }
}

/// The name that JSONata has for the type of a value.
pub(crate) fn type_name(json: &Json) -> &'static str {
    match json {
        Json::Null => "null",
        Json::Bool(_) => "boolean",
        Json::Number(_) => "number",
        Json::String(_) => "string",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
    }
}

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, rc::Rc};

    use serde_json::json;

    use super::*;
    use crate::asl::expression::{payload::Payload, random::Random, time::Time};

    pub struct Fixed(pub Rc<RefCell<Random>>);

    impl Values for Fixed {
        fn states(&self, member: &str) -> Option<Value> {
            (member == "input").then(|| Value::from(&json!({"n": 2, "list": [1, 2, 3], "text": "a,b"})))
        }

        fn variable(&self, _: &str) -> Option<&Payload> {
            None
        }

        fn now(&self) -> Time {
            1_767_225_600_250
        }

        fn random(&self) -> &Rc<RefCell<Random>> {
            &self.0
        }
    }

    fn evaluate(text: &str) -> Result<Json, String> {
        let values = Fixed(Rc::new(RefCell::new(Random::new(0))));
        let expression = Expression::parse(text).map_err(|error| format!("parse: {error}"))?;
        expression.evaluate(&values, "Output").map_err(|fault| fault.cause.unwrap_or_default())
    }

    fn gives(text: &str, expected: Json) {
        assert_eq!(evaluate(text), Ok(expected), "{text}");
    }

    fn fails(text: &str, expected: &str) {
        let expected = format!("The JSONata expression '{text}' specified for the field 'Output' {expected}");
        assert_eq!(evaluate(text), Err(expected), "{text}");
    }

    #[test]
    fn only_a_string_between_the_marks_is_an_expression() {
        assert_eq!(inner("{% 1 %}"), Some("1"));
        assert_eq!(inner("{%1%}"), Some("1"));
        for plain in ["{%}", "{% 1", "1 %}", " {% 1 %}", "{% 1 %} "] {
            assert_eq!(inner(plain), None, "{plain}");
        }
        for half in ["{%}", "{% 1", "1 %}", " {% 1 %}", "{% 1 %} ", "{% 10 %"] {
            assert!(is_half_open(half), "{half}");
        }
        for whole in ["{% 1 %}", "a {% 1 %} b", " {% 1 %} ", "", "{", "%"] {
            assert!(!is_half_open(whole), "{whole}");
        }
    }

    // As jsonata-js 2.0.6 answers.
    #[test]
    fn a_limit_that_is_a_fraction_lets_a_pattern_part_once_more() {
        gives("$split('a1b2c', /[0-9]/, 1.5)", json!(["a", "b"]));
        gives("$split('a', /[0-9]/, 0.5)", json!(["a"]));
        gives("$split('a-b-c', '-', 1.5)", json!(["a"]));
    }

    // As jsonata-js 2.0.6 answers.
    #[test]
    fn what_is_spread_of_an_array_is_an_array() {
        gives("$spread(['a'])", json!(["a"]));
        gives("$spread([{'a': 1}])", json!([{"a": 1}]));
        gives("$spread({'a': 1})", json!({"a": 1}));
        gives("$spread({'a': 1, 'b': [2]})", json!([{"a": 1}, {"b": [2]}]));
        gives("$exists($spread([]))", json!(false));
    }

    #[test]
    fn a_number_that_no_word_ends_fails() {
        for text in [
            "$formatInteger(1/0, 'W')",
            "(-1/0) ~> $formatInteger('w')",
            "$formatInteger(1e15, 'I')",
            "$map([1/0], $formatInteger(?, 'W'))",
        ] {
            assert!(evaluate(text).is_err_and(|cause| cause.contains("D1001")), "{text}");
        }
        gives("$formatInteger(2026, 'I')", json!("MMXXVI"));
        gives("$map([1, 2], $formatInteger(?, 'w'))", json!(["one", "two"]));
        gives("$parseInteger('3rd', '1;o')", json!(3));
        gives("$parseInteger('1😀', '1;o')", json!(1));
    }

    #[test]
    fn values_are_those_of_json() {
        gives("$states.input.n * 2", json!(4));
        gives("$states.input.n / 4", json!(0.5));
        gives("$states.input.list[$ > 1]", json!([2, 3]));
        gives("{'a': $states.input.missing, 'b': null}", json!({"b": null}));
        gives("$now()", json!("2026-01-01T00:00:00.250Z"));
        gives("$millis()", json!(1_767_225_600_250_i64));
    }

    #[test]
    fn what_is_not_json_is_refused_in_the_words_of_the_service() {
        fails("$states.input.missing", "returned nothing (undefined).");
        fails("$sum", "returned an unsupported result type.");
        fails("[1, $sum]", "returned an unsupported result type.");
        fails("$nothing(1)", "threw an error during evaluation. T1006: Attempted to invoke a non-function");
        fails("$eval('1')", "threw an error during evaluation. T1006: Attempted to invoke a non-function");
    }

    #[test]
    fn chance_is_the_same_in_every_run() {
        let shuffled = evaluate("[1..20] ~> $shuffle()").unwrap();
        assert_ne!(shuffled, evaluate("[1..20]").unwrap());
        assert_eq!(shuffled, evaluate("[1..20] ~> $shuffle()").unwrap());
        gives("$shuffle(1)", json!([1]));
        assert_eq!(evaluate("$random()"), evaluate("$random()"));
    }

    #[test]
    fn the_input_of_the_whole_expression_is_nothing() {
        fails("$", "returned nothing (undefined).");
        fails("n", "returned nothing (undefined).");
    }

    const MEMORY: &str = "threw an error during evaluation: Expression evaluation memory limit exceeded: Check for \
                          excessive memory usage";

    #[test]
    fn what_never_ends_is_ended() {
        fails(
            "($f := function($n) { $n + $f($n) }; $f(1))",
            "threw an error during evaluation: Stack overflow error: Check for non-terminating recursive function. \
             Consider rewriting as tail-recursive. Depth=101 max=100",
        );
        fails("$count([1..873783])", MEMORY);
        gives("$count([1..873782])", json!(873_782));
    }

    #[test]
    fn a_hundred_evaluations_nest() {
        let chain = |terms: usize| vec!["1"; terms].join(" + ");
        gives(&chain(100), json!(100));
        assert!(evaluate(&chain(102)).is_err());
    }
}
