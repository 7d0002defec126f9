//! Calls: of functions of every kind, in part, and one after the other.

use std::rc::Rc;

use super::{Evaluator, finished};
use crate::asl::expression::jsonata::{
    arity::arity,
    ast::{Call, Kind, Node},
    builtins,
    error::{Error, Given, mismatch},
    limits::fits,
    signature::Signature,
    text::{as_number, coerced, match_value},
    value::{Builtin, Closure, Function, Scope, Text, Value},
};

/// What a body gives: a value, or a last call that is still to be made.
enum Last<'n> {
    Value(Value),
    Call(&'n Call, Scope),
}

impl Evaluator<'_> {
    /// `value ~> function`
    pub(super) fn chain(&mut self, value: &Node, function: &Node, input: &Value, scope: &Scope) -> Given<Value> {
        let value = self.evaluate(value, input, scope)?;
        if let Kind::Call(call) = &function.kind {
            return self.called(call, Some(value), input, scope);
        }
        let function = self.evaluate(function, input, scope)?;
        match (&value, &function) {
            (Value::Function(_), Value::Function(_)) => Ok(Value::function(Function::Composed(value, function))),
            (_, Value::Function(_)) => self.apply(function, vec![value], &Value::Null, ""),
            _ => {
                let text = "The right side of the function application operator ~> must be a function";
                Error::fail("T2006", text)
            }
        }
    }

    /// A call, of which the first argument may be what stands before `~>`.
    pub(super) fn called(&mut self, call: &Call, first: Option<Value>, input: &Value, scope: &Scope) -> Given<Value> {
        let function = self.evaluate(&call.procedure, input, scope)?;
        let name = self.called_name(call, &function, scope, "T1005", "invoke")?;
        let mut arguments = Vec::with_capacity(call.arguments.len() + 1);
        arguments.extend(first.map(handed));
        for argument in &call.arguments {
            let value = match &function {
                Value::Function(it) if matches!(&**it, Function::Builtin(it) if it.name == "exists") => {
                    self.asked(argument, input, scope)?
                }
                _ => self.evaluate(argument, input, scope)?,
            };
            arguments.push(handed(value));
        }
        self.apply(function, arguments, input, &name)
    }

    /// The argument of `$exists`: a call whose arguments do not fit is nothing, as measured on the service.
    fn asked(&mut self, node: &Node, input: &Value, scope: &Scope) -> Given<Value> {
        let depth = self.budget.depth();
        match self.evaluate(node, input, scope) {
            Err(Error::Coded("T0410" | "T0411" | "T0412", _)) if matches!(node.kind, Kind::Call(_)) => {
                self.budget.leave(depth);
                Ok(Value::Nothing)
            }
            value => value,
        }
    }

    /// The name that a function is called by; an error where a function was meant that stands without its `$`.
    fn called_name(&self, call: &Call, function: &Value, scope: &Scope, code: &'static str, what: &str) -> Given<Text> {
        match &call.procedure.kind {
            Kind::Variable(name) => Ok(name.clone()),
            Kind::Path(steps, _) => {
                let Some(Node { kind: Kind::Name(name) | Kind::Variable(name), .. }) = steps.first() else {
                    return Ok("".into());
                };
                let is_known =
                    || scope.find(name).is_some_and(|it| !it.is_nothing()) || builtins::named(name).is_some();
                if function.is_nothing() && is_known() {
                    let text = format!("Attempted to {what} a non-function. Did you mean ${name}?");
                    return Error::fail(code, text);
                }
                Ok(name.clone())
            }
            _ => Ok("".into()),
        }
    }

    /// The value of a function for these arguments; `input` stands for one that its signature takes from the context.
    pub(super) fn apply(
        &mut self,
        mut function: Value,
        mut arguments: Vec<Value>,
        input: &Value,
        name: &str,
    ) -> Given<Value> {
        let mut name = Text::from(name);
        let null = Value::Null;
        let mut input = input;
        loop {
            let Value::Function(called) = function else {
                return Error::fail("T1006", "Attempted to invoke a non-function");
            };
            let (closure, scope) = match &*called {
                Function::Handed(inner) => {
                    function = inner.clone();
                    input = &null;
                    continue;
                }
                Function::Closure(closure) => {
                    if let Some(signature) = &closure.lambda.signature {
                        arguments = signature.arguments(&name, input, &arguments)?;
                    }
                    (closure, bound(closure, arguments))
                }
                Function::Partial(inner, given) => {
                    let mut rest = arguments.into_iter();
                    let filled = given.iter().map(|it| it.clone().unwrap_or_else(|| rest.next().unwrap_or_default()));
                    arguments = filled.collect();
                    match inner {
                        Value::Function(inner) => match &**inner {
                            Function::Closure(closure) => (closure, bound(closure, arguments)),
                            Function::Builtin(builtin) => {
                                // No signature is looked at, so that only what the function works on must be there.
                                if let Some(first) = arguments.first_mut() {
                                    let signature = signature(builtin.signature)?;
                                    if !signature.takes(first) && signature.takes(&Value::Number(0.0)) {
                                        *first = Value::Number(as_number(first));
                                    }
                                    if !signature.takes(first) {
                                        return Err(mismatch(builtin.name, 1));
                                    }
                                }
                                let value = (builtin.run)(self, &arguments)?;
                                return self.weighed(value);
                            }
                            _ => {
                                function = Value::Function(inner.clone());
                                continue;
                            }
                        },
                        _ => return Error::fail("T1006", "Attempted to invoke a non-function"),
                    }
                }
                Function::Builtin(builtin) => return self.builtin(builtin, &arguments, input),
                Function::Composed(first, second) => {
                    let value = self.apply(first.clone(), first_of(arguments), &Value::Null, "")?;
                    (arguments, function) = (vec![value], second.clone());
                    continue;
                }
                Function::Regex(pattern) => {
                    let text = coerced(arguments.first().unwrap_or(&Value::Nothing));
                    return Ok(match_value(pattern, &text, pattern.find(&text, 0)?));
                }
                Function::Next(pattern, text, from) => {
                    return Ok(match_value(pattern, text, pattern.next(text, *from)?));
                }
                Function::Transform(transform, scope) => {
                    let arguments = signature("<(oa):o>")?.arguments(&name, input, &arguments)?;
                    let value = arguments.into_iter().next().unwrap_or_default();
                    return self.transformed(transform, value, scope);
                }
            };
            match self.body(&closure.lambda.body, &closure.input, &scope)? {
                Last::Value(value) => return Ok(value),
                Last::Call(call, scope) => {
                    function = self.evaluate(&call.procedure, &closure.input, &scope)?;
                    name = match &call.procedure.kind {
                        Kind::Variable(name) => name.clone(),
                        _ => name,
                    };
                    arguments = Vec::with_capacity(call.arguments.len());
                    for argument in &call.arguments {
                        arguments.push(self.evaluate(argument, &closure.input, &scope)?);
                    }
                }
            }
        }
    }

    fn builtin(&mut self, builtin: &Builtin, arguments: &[Value], input: &Value) -> Given<Value> {
        let value = if builtin.signature.is_empty() {
            (builtin.run)(self, arguments)?
        } else {
            let arguments = signature(builtin.signature)?.arguments(builtin.name, input, arguments)?;
            (builtin.run)(self, &arguments)?
        };
        if let Value::List(list) = &value {
            fits(list.items.len())?;
        }
        self.budget.take(16)?;
        self.weighed(value)
    }

    /// The value of a body; a call in its last place is given back, so that it does not nest.
    fn body<'n>(&mut self, node: &'n Node, input: &Value, scope: &Scope) -> Given<Last<'n>> {
        if !node.predicates.is_empty() || (node.group.is_some() && !matches!(node.kind, Kind::Call(_))) {
            return self.evaluate(node, input, scope).map(Last::Value);
        }
        let inner = match &node.kind {
            Kind::Call(call) => return Ok(Last::Call(call, scope.clone())),
            Kind::Condition(_) | Kind::Block(_) => {
                let depth = self.budget.enter()?;
                let last = stacker::maybe_grow(1 << 17, 1 << 21, || match &node.kind {
                    Kind::Condition(condition) => match self.branch(condition, input, scope)? {
                        Some(branch) => self.body(branch, input, scope),
                        None => Ok(Last::Value(Value::Nothing)),
                    },
                    Kind::Block(nodes) => {
                        let Some((last, before)) = nodes.split_last() else { return Ok(Last::Value(Value::Nothing)) };
                        let scope = scope.within(Vec::new());
                        for node in before {
                            self.evaluate(node, input, &scope)?;
                        }
                        self.body(last, input, &scope)
                    }
                    _ => self.evaluate(node, input, scope).map(Last::Value),
                })?;
                self.budget.leave(depth);
                last
            }
            _ => return self.evaluate(node, input, scope).map(Last::Value),
        };
        Ok(match inner {
            Last::Value(value) => Last::Value(finished(value, node.keep)),
            call => call,
        })
    }

    /// A call with a `?` among its arguments.
    pub(super) fn partial(&mut self, call: &Call, input: &Value, scope: &Scope) -> Given<Value> {
        let mut arguments = Vec::with_capacity(call.arguments.len());
        for argument in &call.arguments {
            arguments.push(match argument.kind {
                Kind::Placeholder => None,
                _ => Some(self.evaluate(argument, input, scope)?),
            });
        }
        let function = self.evaluate(&call.procedure, input, scope)?;
        self.called_name(call, &function, scope, "T1007", "partially apply")?;
        let Value::Function(it) = &function else {
            return Error::fail("T1008", "Attempted to partially apply a non-function");
        };
        // jsonata-js reads the names of the parameters from the source of a function, which it cannot for these.
        if matches!(&**it, Function::Handed(_)) || matches!(&**it, Function::Builtin(it) if it.name == "string") {
            let text = "Parameter 2 of function definition must be a variable name (start with $)";
            return Error::fail("S0208", text);
        }
        arguments.resize(arity(&function), Some(Value::Nothing));
        Ok(Value::function(Function::Partial(function, arguments)))
    }
}

/// The scope of a function's body, with its arguments.
fn bound(closure: &Closure, arguments: Vec<Value>) -> Scope {
    let mut arguments = arguments.into_iter();
    let names = closure.lambda.parameters.iter().map(|name| (name.clone(), arguments.next().unwrap_or_default()));
    closure.scope.within(names.collect())
}

/// A value as an argument: a function is one that was handed on.
fn handed(value: Value) -> Value {
    match &value {
        Value::Function(function) if !matches!(&**function, Function::Handed(_)) => {
            Value::Function(Rc::new(Function::Handed(value)))
        }
        _ => value,
    }
}

fn first_of(arguments: Vec<Value>) -> Vec<Value> {
    vec![arguments.into_iter().next().unwrap_or_default()]
}

fn signature(text: &'static str) -> Given<Rc<Signature>> {
    thread_local! {
        static KNOWN: std::cell::RefCell<std::collections::HashMap<&'static str, Rc<Signature>>> = std::cell::RefCell::default();
    }
    if let Some(known) = KNOWN.with_borrow(|known| known.get(text).cloned()) {
        return Ok(known);
    }
    let signature = Rc::new(Signature::parse(text)?);
    KNOWN.with_borrow_mut(|known| known.insert(text, signature.clone()));
    Ok(signature)
}
