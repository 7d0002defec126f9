//! Signatures of JSONata's functions, such as `<s-nn?:s>`: which arguments a call may have, and where the context or
//! nothing stands for one that is left out.

use jsonata_core::{
    evaluator::EvaluatorError,
    value::{JValue, with_stack},
};

/// A parameter of a signature.
struct Parameter {
    /// The letter of the type; `(` for a choice.
    letter: char,
    /// Letters of the types that it takes.
    takes: &'static str,
    optional: bool,
    context: bool,
    /// The letter of the items of an array, if only that type may stand in it.
    items: Option<char>,
}

/// The arguments as the function gets them, or the error of the first that does not fit.
pub(super) fn arguments(
    function: &str,
    signature: &'static str,
    context: &JValue,
    given: &[JValue],
) -> Result<Vec<JValue>, EvaluatorError> {
    let parameters = parameters(signature);
    let letters: Vec<char> = given.iter().map(letter).collect();
    let mut taken = Vec::new();
    if !fits(&parameters, &letters, &mut taken) {
        return Err(refused(function, wrong(&parameters, &letters)));
    }
    let mut arguments = Vec::new();
    let mut position = 0;
    for (parameter, taken) in parameters.iter().zip(taken) {
        if taken {
            arguments.push(array(function, parameter, &given[position], position)?);
            position += 1;
        } else if parameter.context {
            if !parameter.takes.contains(letter(context)) {
                let text = format!(
                    r#"T0411: Context value is not a compatible type with argument {} of function "{function}""#,
                    position + 1
                );
                return Err(EvaluatorError::TypeError(text));
            }
            arguments.push(context.clone());
        } else {
            arguments.push(JValue::Undefined);
        }
    }
    Ok(arguments)
}

/// The error of an argument, by its number, that the signature does not take.
fn refused(function: &str, argument: usize) -> EvaluatorError {
    let text = format!(r#"T0410: Argument {argument} of function "{function}" does not match function signature"#);
    EvaluatorError::TypeError(text)
}

fn parameters(signature: &'static str) -> Vec<Parameter> {
    let mut parameters: Vec<Parameter> = Vec::new();
    let end = signature.find(':').unwrap_or(signature.len());
    let mut at = 1;
    while let Some(letter) = signature[at..end].chars().next() {
        let takes = match letter {
            'a' | 'x' => "asnblfom",
            'j' => "asnblom",
            'f' => "f",
            's' => "sm",
            'n' => "nm",
            'b' => "bm",
            'o' => "om",
            '(' => {
                let close = at + signature[at..end].find(')').unwrap_or(0);
                let inner = &signature[at + 1..close];
                at = close;
                match inner {
                    "sf" => "sfm",
                    _ => "nsbm",
                }
            }
            _ => "",
        };
        match (letter, parameters.last_mut()) {
            ('-', Some(last)) => (last.context, last.optional) = (true, true),
            ('?', Some(last)) => last.optional = true,
            ('<', Some(last)) => {
                last.items = signature[at + 1..].chars().next();
                at += 2;
            }
            _ => parameters.push(Parameter { letter, takes, optional: false, context: false, items: None }),
        }
        at += 1;
    }
    parameters
}

/// Whether the letters fit the parameters, the first of them taken where either would do, as a regular expression
/// finds it.
fn fits(parameters: &[Parameter], letters: &[char], taken: &mut Vec<bool>) -> bool {
    let Some((first, rest)) = parameters.split_first() else { return letters.is_empty() };
    if letters.first().is_some_and(|letter| first.takes.contains(*letter)) {
        taken.push(true);
        if fits(rest, &letters[1..], taken) {
            return true;
        }
        taken.pop();
    }
    if first.optional {
        taken.push(false);
        if fits(rest, letters, taken) {
            return true;
        }
        taken.pop();
    }
    false
}

/// The number of the first argument that does not fit.
fn wrong(parameters: &[Parameter], letters: &[char]) -> usize {
    let mut good = 0;
    for parameter in parameters {
        match letters.get(good) {
            Some(letter) if parameter.takes.contains(*letter) => good += 1,
            _ if parameter.optional => {}
            _ => break,
        }
    }
    good + 1
}

/// The letter of a value's type; `m` where it is missing.
fn letter(value: &JValue) -> char {
    match value {
        JValue::Null => 'l',
        JValue::Bool(_) => 'b',
        JValue::Number(_) => 'n',
        JValue::String(_) => 's',
        JValue::Array(_) => 'a',
        JValue::Object(_) => 'o',
        JValue::Lambda(_) | JValue::Builtin { .. } | JValue::Regex { .. } => 'f',
        _ => 'm',
    }
}

/// The argument of a parameter that takes an array, as one.
fn array(function: &str, parameter: &Parameter, given: &JValue, position: usize) -> Result<JValue, EvaluatorError> {
    if parameter.letter != 'a' || given.is_undefined() {
        return Ok(given.clone());
    }
    let right = match (parameter.items, given) {
        (None, _) => true,
        (Some(wanted), JValue::Array(items)) => with_stack(|| items.iter().all(|item| letter(item) == wanted)),
        (Some(wanted), item) => letter(item) == wanted,
    };
    if !right {
        let text =
            format!(r#"T0412: Argument {} of function "{function}" must be an array of "strings""#, position + 1);
        return Err(EvaluatorError::TypeError(text));
    }
    Ok(match given {
        JValue::Array(_) => given.clone(),
        item => JValue::array(vec![item.clone()]),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;

    fn give(signature: &'static str, context: Json, given: Json, expected: Json) {
        let given: Vec<JValue> = given.as_array().unwrap().iter().cloned().map(JValue::from).collect();
        let result = match arguments("f", signature, &context.into(), &given) {
            Ok(values) => {
                Json::Array(values.iter().map(|it| super::super::super::json(it, 9).unwrap_or_default()).collect())
            }
            Err(error) => error.message().into(),
        };
        assert_eq!(result, expected, "{signature}");
    }

    // What jsonata-js 2.0.6 makes of the same.
    #[test]
    fn the_context_stands_for_what_is_left_out() {
        give("<s-nn?:s>", json!("c"), json!([1]), json!(["c", 1, null]));
        give("<s-nn?:s>", json!("c"), json!([1, 2]), json!(["c", 1, 2]));
        give("<s-nn?:s>", json!("c"), json!(["x", 2]), json!(["x", 2, null]));
        let text = r#"T0411: Context value is not a compatible type with argument 1 of function "f""#;
        give("<s-nn?:s>", json!({}), json!([1]), json!(text));
    }

    #[test]
    fn the_first_wrong_argument_is_named() {
        let text =
            |at: usize| json!(format!(r#"T0410: Argument {at} of function "f" does not match function signature"#));
        give("<s-nn?:s>", json!("c"), json!(["x", "y"]), text(2));
        give("<s-nn?:s>", json!("c"), json!([true]), text(1));
        give("<s-:s>", json!("c"), json!(["a", "b"]), text(2));
        give("<s-(sf)n?:a<s>>", json!("c"), json!(["a", true]), text(2));
    }

    #[test]
    fn one_item_is_an_array_of_one() {
        give("<a<s>s?:s>", json!(null), json!(["x"]), json!([["x"], null]));
        let text = r#"T0412: Argument 1 of function "f" must be an array of "strings""#;
        give("<a<s>s?:s>", json!(null), json!([["x", 1]]), json!(text));
        give("<a<s>s?:s>", json!(null), json!([1]), json!(text));
    }
}
