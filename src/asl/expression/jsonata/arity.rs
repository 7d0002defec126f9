//! The arity of functions.

use super::value::{Function, Value};

/// Arguments that a function takes from one such as `$map`.
pub(super) fn arity(value: &Value) -> usize {
    let Value::Function(function) = value else { return 0 };
    match &**function {
        Function::Closure(closure) => closure.lambda.parameters.len(),
        Function::Builtin(builtin) => builtin.arity,
        Function::Partial(_, arguments) => arguments.iter().filter(|argument| argument.is_none()).count(),
        Function::Composed(..) | Function::Transform(..) => 1,
        Function::Regex(_) => 2,
        Function::Next(..) => 0,
        Function::Handed(inner) => arity(inner),
    }
}
