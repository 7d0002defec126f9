//! JSONata as the service has it: expressions between `{%` and `%}`, `$states`, variables, and AWS's own functions.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html>

mod estimate;
mod functions;
mod limits;
mod message;
mod natives;
mod parse;
mod reads;
mod regex;
mod syntax;
mod tree;
mod values;

use std::{collections::BTreeSet, rc::Rc, sync::OnceLock};

use jsonata_core::{
    ast::AstNode,
    evaluator::{Context, Evaluator, EvaluatorError, EvaluatorOptions},
    value::{JMap, JValue},
};
use serde_json::Number;

pub(crate) use self::{reads::Unavailable, values::Values};

use self::{
    limits::Limited,
    message::word,
    natives::{Natives, text::readable},
    values::MAX_SEQUENCE,
};
use super::{fault::Fault, payload::Payload};
use crate::json::{Json, MAX_NESTING};

/// Milliseconds of real time that one expression may take; the service has a limit too, which it does not publish. An
/// unoptimized build is slower, and the limits on memory must come first there too.
const TIME_LIMIT: u64 = if cfg!(debug_assertions) { 15_000 } else { 5_000 };
/// Nested evaluations, as on the service: a recursive function takes about three a call.
const MAX_STACK_DEPTH: usize = 100;

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
    /// The tree as it is written.
    tree: AstNode,
    /// The tree that is evaluated, and what it calls.
    run: AstNode,
    natives: Natives,
    /// Whether its operators stand in each other beyond what any evaluation may nest.
    is_too_deep: bool,
    /// Members of `$states` that it may read.
    states: [bool; 4],
    /// Names of variables that it may read, and of functions.
    names: Vec<String>,
    /// Bytes of data up to which the expression takes no more memory than it may, whatever they hold.
    harmless_up_to: Option<usize>,
    /// The tree with limits, for more data than that.
    limited: OnceLock<Limited>,
}

const STATES: [&str; 4] = ["input", "result", "errorOutput", "context"];

impl Expression {
    /// Parses what stands between `{%` and `%}`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (tree, is_too_deep) = syntax::tree(text)?;
        let mut run = tree.clone();
        let natives = Natives::install(&mut run);
        let mut states = [false; 4];
        let mut names = BTreeSet::new();
        for (position, _) in text.match_indices('$') {
            let rest = &text[position + 1..];
            let name = word(rest);
            if name == "states" {
                let member = rest[name.len()..].trim_start().strip_prefix('.').map(|rest| word(rest.trim_start()));
                match STATES.iter().position(|known| Some(*known) == member) {
                    Some(member) => states[member] = true,
                    None => states = [true; 4],
                }
            } else if !name.is_empty() {
                names.insert(name);
            }
        }
        let names = names.into_iter().map(str::to_owned).collect();
        let harmless_up_to = estimate::harmless_up_to(&tree);
        Ok(Self {
            text: text.to_owned(),
            tree,
            run,
            natives,
            is_too_deep,
            states,
            names,
            harmless_up_to,
            limited: OnceLock::new(),
        })
    }

    /// The text between the marks.
    pub fn text(&self) -> &str {
        &self.text
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
        let limited = match self.harmless_up_to {
            Some(bytes) if self.bytes(values) <= bytes => None,
            _ => Some(self.limited.get_or_init(|| Limited::new(&self.tree))),
        };
        let value = self.value(values, limited).map_err(|error| fault(thrown(error.message(), &self.text)))?;
        if value.is_undefined() {
            return Err(fault("returned nothing (undefined).".to_owned()));
        }
        json(&value, MAX_NESTING).ok_or_else(|| fault("returned an unsupported result type.".to_owned()))
    }

    /// Bytes of all data that the expression may read.
    fn bytes(&self, values: &dyn Values) -> usize {
        let members =
            STATES.iter().zip(self.states).filter(|(_, reads)| *reads).map(|(member, _)| values.bytes(member));
        let variables = self.names.iter().filter_map(|name| values.variable(name)).map(Payload::bytes);
        members.chain(variables).sum()
    }

    fn value(&self, values: &dyn Values, limited: Option<&Limited>) -> Result<JValue, EvaluatorError> {
        if self.is_too_deep {
            return Err(EvaluatorError::EvaluationError("D1011: too deep".to_owned()));
        }
        let Some(limited) = limited else {
            let mut evaluator = self.evaluator(values, MAX_STACK_DEPTH)?;
            self.natives.register(&mut evaluator)?;
            return evaluator.evaluate(&self.run, &JValue::Undefined);
        };
        if limited.pairs_too_much(|| self.longest_list(values)) {
            return Err(limits::exceeded());
        }
        let mut evaluator = self.evaluator(values, MAX_STACK_DEPTH + limited.depth)?;
        limited.register(&mut evaluator)?;
        let value = evaluator.evaluate(&limited.tree, &JValue::Undefined)?;
        limits::weigh(&value)?;
        Ok(value)
    }

    /// Items of the longest array that the expression may read.
    fn longest_list(&self, values: &dyn Values) -> usize {
        let members = STATES.iter().zip(self.states).filter(|(_, reads)| *reads);
        let members = members.filter_map(|(member, _)| values.states(member));
        let variables = self.names.iter().filter_map(|name| values.variable(name)).map(Payload::jsonata);
        let mut waiting: Vec<JValue> = members.chain(variables).collect();
        let mut longest = 0;
        while let Some(value) = waiting.pop() {
            match value {
                JValue::Array(items) => {
                    longest = longest.max(items.len());
                    waiting.extend(items.iter().cloned());
                }
                JValue::Object(members) => waiting.extend(members.values().cloned()),
                _ => {}
            }
        }
        longest
    }

    /// An evaluator that knows what this expression may read, and nothing else: making one is the larger part of a
    /// short evaluation.
    fn evaluator(&self, values: &dyn Values, depth: usize) -> Result<Evaluator, EvaluatorError> {
        let mut context = Context::new();
        let members = STATES.iter().zip(self.states).filter(|(_, reads)| *reads);
        let states: JMap =
            members.filter_map(|(member, _)| Some(((*member).to_owned(), values.states(member)?))).collect();
        context.bind("states".to_owned(), JValue::Object(Rc::new(states)));
        for name in &self.names {
            if let Some(value) = values.variable(name) {
                context.bind(name.clone(), value.jsonata());
            }
        }
        let options = EvaluatorOptions {
            timeout_ms: Some(TIME_LIMIT),
            max_stack_depth: Some(depth),
            max_sequence_length: Some(MAX_SEQUENCE),
            cancel: None,
        };
        let mut evaluator = Evaluator::with_options(context, options);
        for name in &self.names {
            functions::register(&mut evaluator, name, values)?;
        }
        Ok(evaluator)
    }
}

/// The words of the service for an error of the library.
fn thrown(message: &str, expression: &str) -> String {
    const THREW: &str = "threw an error during evaluation";
    let (code, text) = message.split_once(": ").unwrap_or(("", message));
    match code {
        "D1011" | "U1001" => format!(
            "{THREW}: Stack overflow error: Check for non-terminating recursive function. Consider rewriting as \
             tail-recursive. Depth={} max={MAX_STACK_DEPTH}",
            MAX_STACK_DEPTH + 1
        ),
        "D1012" => format!("{THREW}: Expression evaluation timeout: Check for infinite loop"),
        "D2014" | "D2015" => {
            format!("{THREW}: Expression evaluation memory limit exceeded: Check for excessive memory usage")
        }
        code if code.len() == 5 && code[1..].bytes().all(|digit| digit.is_ascii_digit()) => {
            format!("{THREW}. {code}: {}", message::message(code, text, expression))
        }
        _ => format!("{THREW}: {message}"),
    }
}

/// A value as JSON: none for a function, or for what is nested too deep.
fn json(value: &JValue, depth: usize) -> Option<Json> {
    let depth = depth.checked_sub(1)?;
    Some(match value {
        JValue::Null => Json::Null,
        JValue::Bool(value) => Json::Bool(*value),
        JValue::Number(value) => match number(*value) {
            Some(number) => Json::Number(number),
            // The service writes a string for a number that JSON does not have.
            None if value.is_nan() => "NaN".into(),
            None => if *value > 0.0 { "Infinity" } else { "-Infinity" }.into(),
        },
        JValue::String(text) => Json::String(readable(text).into_owned()),
        JValue::Array(items) => Json::Array(
            items.iter().filter(|item| !item.is_undefined()).map(|item| json(item, depth)).collect::<Option<_>>()?,
        ),
        JValue::Object(members) => {
            let members = members.iter().filter(|(_, value)| !value.is_undefined());
            Json::Object(members.map(|(key, value)| Some((key.clone(), json(value, depth)?))).collect::<Option<_>>()?)
        }
        _ => return None,
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
    use std::cell::RefCell;

    use serde_json::json;

    use super::*;
    use crate::asl::expression::{random::Random, time::Time};

    pub struct Fixed(pub Rc<RefCell<Random>>);

    impl Values for Fixed {
        fn states(&self, member: &str) -> Option<JValue> {
            (member == "input").then(|| JValue::from(json!({"n": 2, "list": [1, 2, 3], "text": "a,b"})))
        }

        fn bytes(&self, _: &str) -> usize {
            100
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
    fn a_number_that_the_library_would_not_end_on_fails() {
        for text in [
            "$formatInteger(1/0, 'W')",
            "(-1/0) ~> $formatInteger('w')",
            "$formatInteger(0/0, '0')",
            "$formatInteger(1e15, 'I')",
            "$map([1/0], $formatInteger(?, 'W'))",
        ] {
            assert!(evaluate(text).is_err_and(|cause| cause.contains("D1001")), "{text}");
        }
        gives("$formatInteger(2026, 'I')", json!("MMXXVI"));
        gives("$map([1, 2], $formatInteger(?, 'w'))", json!(["one", "two"]));
    }

    #[test]
    fn a_text_at_which_the_library_would_panic_is_no_number() {
        for text in
            ["$parseInteger('1😀', '1;o')", "'1😀' ~> $parseInteger('1;o')", "$map(['1😀'], $parseInteger(?, '1;o'))"]
        {
            assert!(!matches!(evaluate(text), Ok(Json::Number(_))), "{text}");
        }
        gives("$parseInteger('3rd', '1;o')", json!(3));
        gives("$map(['3rd'], $parseInteger(?, '1;o'))", json!(3));
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
