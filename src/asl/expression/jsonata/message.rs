//! The messages of JSONata's errors: the library's are rendered in the words of jsonata-js, which the service has.

/// The message of an error, by its code, made from the library's message and the expression.
pub(super) fn message(code: &str, said: &str, expression: &str) -> String {
    in_its_words(code, said, expression).unwrap_or_else(|| said.to_owned())
}

/// The message in the words of jsonata-js; none where the library's is the same, or does not say enough.
fn in_its_words(code: &str, said: &str, expression: &str) -> Option<String> {
    let fixed = match code {
        "D3001" => "Attempting to invoke string function on Infinity or NaN",
        "D3010" => "Second argument of replace function cannot be an empty string",
        "D3020" => "Third argument of split function must evaluate to a positive number",
        "D3138" => "The $single() function expected exactly 1 matching result.  Instead it matched more.",
        "T2003" => "The left side of the range operator (..) must evaluate to an integer",
        "T2004" => "The right side of the range operator (..) must evaluate to an integer",
        "T1006" => "Attempted to invoke a non-function",
        _ => "",
    };
    if !fixed.is_empty() {
        return Some(fixed.to_owned());
    }
    match code {
        "D3030" => {
            let text = said.strip_prefix("Cannot convert '")?.strip_suffix("' to number")?;
            Some(format!("Unable to cast value to a number: {}", serde_json::Value::from(text)))
        }
        "D3100" => {
            let radix = said.rsplit(' ').next()?;
            Some(format!("The radix of the formatBase function must be between 2 and 36.  It was given {radix}"))
        }
        "T0410" => {
            let (index, function) = (argument(said)?, only_function(expression)?);
            Some(format!(r#"Argument {index} of function "{function}" does not match function signature"#))
        }
        "T0412" => {
            let (index, function) = (argument(said)?, only_function(expression)?);
            let members = ["number", "string", "object", "function"];
            let members = members.iter().find(|name| said.to_lowercase().ends_with(*name))?;
            Some(format!(r#"Argument {index} of function "{function}" must be an array of "{members}s""#))
        }
        "T2001" | "T2002" => {
            let (before, rest) = said.split_once(" side of the ")?;
            let (operator, after) = rest.split_once(" operator ")?;
            Some(format!(r#"{before} side of the "{operator}" operator {after}"#))
        }
        "T2010" => {
            let operator = only_comparison(expression)?;
            Some(format!(
                r#"The expressions either side of operator "{operator}" must evaluate to numeric or string values"#
            ))
        }
        _ => None,
    }
}

/// Number of the argument that a message is about: "Argument 2 must be Number", "Argument count mismatch: expected 1,
/// got 2".
fn argument(said: &str) -> Option<usize> {
    let rest = said.strip_prefix("Argument ")?;
    if let Some(counts) = rest.strip_prefix("count mismatch: expected ") {
        let (expected, got) = counts.split_once(", got ")?;
        let (expected, got): (usize, usize) = (expected.parse().ok()?, got.parse().ok()?);
        // The argument is the first that is missing, or the first that is too many.
        return Some(if got < expected { got + 1 } else { expected.max(1) + 1 });
    }
    // A message that names the function needs no change.
    let (index, rest) = rest.split_once(' ')?;
    rest.starts_with("must be").then(|| index.parse().ok())?
}

/// The word that a text begins with.
pub(super) fn word(text: &str) -> &str {
    let end = text.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(text.len());
    &text[..end]
}

/// The function that the expression calls, if it is a single one.
fn only_function(expression: &str) -> Option<&str> {
    let calls = expression.match_indices('$').filter_map(|(position, _)| {
        let rest = &expression[position + 1..];
        let name = word(rest);
        (!name.is_empty() && rest[name.len()..].trim_start().starts_with('(')).then_some(name)
    });
    only(calls)
}

fn only_comparison(expression: &str) -> Option<&str> {
    let signs = expression.match_indices(['<', '>']).filter(|(at, sign)| {
        // Not the arrow of `~>`.
        *sign == "<" || !expression[..*at].ends_with('~')
    });
    only(signs.map(|(at, sign)| {
        let length = if expression[at + 1..].starts_with('=') { 2 } else { sign.len() };
        &expression[at..at + length]
    }))
}

/// The name, if all names are the same.
fn only<'a>(mut names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let first = names.next()?;
    names.all(|name| name == first).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::message;

    fn give(expression: &str, code: &str, said: &str, expected: &str) {
        assert_eq!(message(code, said, expression), expected);
    }

    // What jsonata-js 2.0.6 says.

    #[test]
    fn operators_stand_in_quotes() {
        let expected = r#"The right side of the "+" operator must evaluate to a number"#;
        give("1 + 'a'", "T2002", "The right side of the + operator must evaluate to a number", expected);
        let expected = r#"The expressions either side of operator "<=" must evaluate to numeric or string values"#;
        give("true <= 1", "T2010", "Cannot compare boolean and number", expected);
        give("a < b and c > d", "T2010", "Cannot compare boolean and number", "Cannot compare boolean and number");
    }

    #[test]
    fn a_function_is_named_where_there_is_only_one() {
        let expected = r#"Argument 1 of function "sum" must be an array of "numbers""#;
        give("$sum($states.input.x)", "T0412", "Argument 1 must be an array of Number", expected);
        let expected = r#"Argument 2 of function "contains" does not match function signature"#;
        give("$contains('a', 1)", "T0410", "Argument 2 must be (String or Function)", expected);
        give("$contains(1, $string(2))", "T0410", "Argument 1 must be String", "Argument 1 must be String");
        for (expression, said, index) in [
            ("$count(1,2)", "expected 1, got 2", 2),
            ("$boolean(1,2)", "expected 0, got 2", 2),
            ("$map(1)", "expected 2, got 1", 2),
        ] {
            let function = &expression[1..expression.find('(').unwrap()];
            let expected = format!(r#"Argument {index} of function "{function}" does not match function signature"#);
            give(expression, "T0410", &format!("Argument count mismatch: {said}"), &expected);
        }
    }

    #[test]
    fn values_are_written_as_json() {
        give("$number('x')", "D3030", "Cannot convert 'x' to number", r#"Unable to cast value to a number: "x""#);
        let expected = "The radix of the formatBase function must be between 2 and 36.  It was given 1";
        give("$formatBase(1,1)", "D3100", "Radix must be between 2 and 36, got 1", expected);
    }
}
