//! The arguments of a call, beside the signature of its function.

use super::{
    error::{Error, Given, mismatch, named},
    signature::{Parameter, Signature, fit},
    value::Value,
};

impl Signature {
    /// The arguments as the function gets them, or the error of the first that does not fit.
    pub fn arguments(&self, function: &str, context: &Value, given: &[Value]) -> Given<Vec<Value>> {
        let letters: Vec<char> = given.iter().map(letter).collect();
        let Some(counts) = fit(&self.0, &letters, true) else { return Err(mismatch(function, self.wrong(&letters))) };
        let mut arguments = Vec::with_capacity(self.0.len());
        let mut at = 0;
        for (parameter, count) in self.0.iter().zip(counts) {
            if count == 0 {
                if parameter.takes_context {
                    if !parameter.takes.contains(letter(context)) {
                        return Error::fail(
                            "T0411",
                            format!(
                                "Context value is not a compatible type with argument {} of function {}",
                                at + 1,
                                named(function)
                            ),
                        );
                    }
                    arguments.push(context.clone());
                } else {
                    // An argument that is left out before others counts as one of them.
                    arguments.push(given.get(at).cloned().unwrap_or_default());
                    at += 1;
                }
            }
            for _ in 0..count {
                let value = given.get(at).cloned().unwrap_or_default();
                arguments.push(fitted(parameter, function, value, at)?);
                at += 1;
            }
        }
        Ok(arguments)
    }

    /// Whether a value is what its first parameter takes, as it is.
    pub fn takes(&self, value: &Value) -> bool {
        self.0.first().is_none_or(|parameter| {
            parameter.takes.contains(letter(value)) && (!parameter.is_array || matches!(letter(value), 'a' | 'm'))
        })
    }

    /// The number of the first argument that does not fit.
    fn wrong(&self, letters: &[char]) -> usize {
        let mut good = 0;
        for count in 1..=self.0.len() {
            match fit(&self.0[..count], letters, false) {
                Some(counts) => good = counts.iter().sum(),
                None => break,
            }
        }
        good + 1
    }
}

/// The value for a parameter: an array, where it wants one.
fn fitted(parameter: &Parameter, function: &str, value: Value, at: usize) -> Given<Value> {
    if !parameter.is_array || value.is_nothing() {
        return Ok(value);
    }
    if let Some(wanted) = parameter.items
        && !value.items().iter().all(|item| letter(item) == wanted)
    {
        let items = match wanted {
            'n' => "\"numbers\"",
            's' => "\"strings\"",
            'b' => "\"booleans\"",
            'o' => "\"objects\"",
            'a' => "\"arrays\"",
            'f' => "\"functions\"",
            _ => "undefined",
        };
        let text = format!("Argument {} of function {} must be an array of {items}", at + 1, named(function));
        return Error::fail("T0412", text);
    }
    Ok(match value {
        Value::List(_) => value,
        item => Value::list(vec![item]),
    })
}

/// The letter of a value's type; `m` where it is missing.
fn letter(value: &Value) -> char {
    match value {
        Value::Nothing | Value::Tuple(_) => 'm',
        Value::Null => 'l',
        Value::Bool(_) => 'b',
        Value::Number(_) => 'n',
        Value::Text(_) => 's',
        Value::List(_) => 'a',
        Value::Object(_) => 'o',
        Value::Function(_) => 'f',
    }
}
