//! The evaluation of a tree, within the limits of the service on depth, time and memory.

mod call;
mod group;
mod operator;
mod path;
mod transform;

use super::{
    ast::{Condition, Kind, Node, Op, Tree},
    builtins,
    error::{Error, Given},
    limits::{Budget, bears, fits},
    truth::truth,
    value::{Captured, Closure, Function, Host, List, Mark, Scope, Text, Value},
    values::Values,
};

/// An evaluation.
pub(super) struct Evaluator<'a> {
    tree: &'a Tree,
    values: &'a dyn Values,
    budget: Budget,
    captured: Vec<Captured>,
}

impl<'a> Evaluator<'a> {
    pub fn new(tree: &'a Tree, values: &'a dyn Values) -> Self {
        Self { tree, values, budget: Budget::new(), captured: Vec::new() }
    }

    /// The value of the whole tree, where these names are bound.
    pub fn run(&mut self, names: Vec<(Text, Value)>) -> Given<Value> {
        if self.tree.is_too_deep {
            return Err(Error::Stack);
        }
        let scope = Scope::root().within(names);
        self.evaluate(&self.tree.root, &Value::Nothing, &scope)
    }

    fn evaluate(&mut self, node: &Node, input: &Value, scope: &Scope) -> Given<Value> {
        let depth = self.budget.enter()?;
        let value = match &node.kind {
            // What nests nothing needs no stack.
            Kind::Variable(name) if node.predicates.is_empty() && node.group.is_none() && !node.keep => {
                Ok(finished(self.variable(name, input, scope), false))
            }
            _ => stacker::maybe_grow(1 << 17, 1 << 21, || self.with_all(node, input, scope)),
        };
        self.budget.leave(depth);
        value
    }

    /// The value of a node with its predicates and its group.
    fn with_all(&mut self, node: &Node, input: &Value, scope: &Scope) -> Given<Value> {
        let mut value = self.kind(node, input, scope)?;
        for predicate in &node.predicates {
            value = self.filter(predicate, value, scope)?;
        }
        if let Some(pairs) = &node.group
            && !matches!(node.kind, Kind::Path(..))
        {
            value = self.group(pairs, &value, scope)?;
        }
        Ok(finished(value, node.keep))
    }

    fn kind(&mut self, node: &Node, input: &Value, scope: &Scope) -> Given<Value> {
        Ok(match &node.kind {
            Kind::Null => Value::Null,
            Kind::Bool(value) => Value::Bool(*value),
            Kind::Number(number) => Value::Number(*number),
            Kind::Text(text) => Value::Text(Text::clone(text)),
            Kind::Regex(pattern) => Value::function(Function::Regex(pattern.clone())),
            Kind::Name(name) => self.member(input, name)?,
            Kind::Variable(name) => self.variable(name, input, scope),
            Kind::Wildcard => self.wildcard(input)?,
            Kind::Descendants => self.descendants(input)?,
            Kind::Parent(slot) => self.tree.parents.get(*slot).and_then(|name| scope.find(name)).unwrap_or_default(),
            Kind::Path(steps, keep) => self.path(node, steps, *keep, input, scope)?,
            Kind::Binary(op, nodes) => {
                let [left, right] = &**nodes;
                match op {
                    Op::And | Op::Or => {
                        let left = truth(&self.evaluate(left, input, scope)?)?;
                        if left == (*op == Op::Or) {
                            Value::Bool(left)
                        } else {
                            Value::Bool(truth(&self.evaluate(right, input, scope)?)?)
                        }
                    }
                    op => {
                        let left = self.evaluate(left, input, scope)?;
                        let right = self.evaluate(right, input, scope)?;
                        self.binary(*op, &left, &right)?
                    }
                }
            }
            Kind::Negate(node) => {
                let value = self.evaluate(node, input, scope)?;
                self.negated(&value)?
            }
            Kind::List(nodes) => self.list(nodes, node.is_written, input, scope)?,
            Kind::Object(pairs) => self.group(pairs, input, scope)?,
            Kind::Block(nodes) => {
                let scope = scope.within(Vec::new());
                let mut value = Value::Nothing;
                for node in nodes {
                    value = self.evaluate(node, input, &scope)?;
                }
                value
            }
            Kind::Condition(condition) => match self.branch(condition, input, scope)? {
                Some(node) => self.evaluate(node, input, scope)?,
                None => Value::Nothing,
            },
            Kind::Bind(name, node) => {
                let value = self.evaluate(node, input, scope)?;
                scope.bind(name, value.clone());
                value
            }
            Kind::Apply(nodes) => {
                let [value, function] = &**nodes;
                self.chain(value, function, input, scope)?
            }
            Kind::Call(call) => self.called(call, None, input, scope)?,
            Kind::Partial(call) => self.partial(call, input, scope)?,
            Kind::Lambda(lambda) => {
                self.capture(scope);
                let closure = Closure { lambda: lambda.clone(), input: input.clone(), scope: scope.clone() };
                Value::function(Function::Closure(closure))
            }
            Kind::Transform(transform) => {
                self.capture(scope);
                Value::function(Function::Transform(transform.clone(), scope.clone()))
            }
            // These stand in a path or in a call, which look at them themselves.
            Kind::Sort(_) | Kind::Placeholder => Value::Nothing,
        })
    }

    /// The branch of a condition that holds.
    fn branch<'n>(&mut self, it: &'n Condition, input: &Value, scope: &Scope) -> Given<Option<&'n Node>> {
        let holds = truth(&self.evaluate(&it.condition, input, scope)?)?;
        Ok(if holds { Some(&it.then) } else { it.otherwise.as_ref() })
    }

    fn variable(&mut self, name: &str, input: &Value, scope: &Scope) -> Value {
        match name {
            "" => input.clone(),
            // The input of the whole expression is nothing.
            "$" => Value::Nothing,
            name => scope.find(name).or_else(|| builtins::named(name)).unwrap_or_default(),
        }
    }

    fn list(&mut self, nodes: &[Node], is_written: bool, input: &Value, scope: &Scope) -> Given<Value> {
        let mut items = Vec::with_capacity(nodes.len());
        for node in nodes {
            let value = self.evaluate(node, input, scope)?;
            match value {
                Value::Nothing => {}
                Value::List(list) if !matches!(node.kind, Kind::List(_)) => {
                    fits(items.len() + list.items.len())?;
                    items.extend_from_slice(&list.items);
                }
                value => items.push(value),
            }
        }
        self.made(items, if is_written { Mark::Written } else { Mark::Array })
    }

    /// Notes that a function sees a scope, which it may stand in itself.
    fn capture(&mut self, scope: &Scope) {
        if self.captured.len() == self.captured.capacity() {
            self.captured.retain(|captured| !captured.is_gone());
        }
        self.captured.extend(scope.capture());
    }

    /// A list, counted.
    fn made(&mut self, items: Vec<Value>, mark: Mark) -> Given<Value> {
        fits(items.len())?;
        self.budget.take(items.len() * size_of::<Value>() + size_of::<List>())?;
        self.weighed(List::value(items, mark))
    }

    /// A value that is no heavier than it may be.
    fn weighed(&self, value: Value) -> Given<Value> {
        bears(value.weight())?;
        Ok(value)
    }
}

impl Drop for Evaluator<'_> {
    fn drop(&mut self) {
        // A function that stands in the scope which it sees would never be dropped.
        for captured in &self.captured {
            captured.empty();
        }
    }
}

impl Host for Evaluator<'_> {
    fn call(&mut self, function: &Value, arguments: &[Value]) -> Given<Value> {
        self.apply(function.clone(), arguments.to_vec(), &Value::Null, "")
    }

    fn charge(&mut self, bytes: usize) -> Given<()> {
        self.budget.tick()?;
        self.budget.take(bytes)
    }

    fn now(&self) -> i64 {
        self.values.now()
    }

    fn random(&mut self) -> f64 {
        self.values.random().borrow_mut().fraction()
    }

    fn uuid(&mut self) -> String {
        self.values.random().borrow_mut().uuid()
    }
}

/// The value that a node gives: a sequence of one is its item, unless it is kept, and one of none is nothing.
fn finished(value: Value, keep: bool) -> Value {
    let Value::List(list) = value else { return value };
    if !matches!(list.mark, Mark::Sequence | Mark::Kept) {
        return Value::List(list);
    }
    match list.items.as_slice() {
        [] => Value::Nothing,
        [item] if list.mark == Mark::Sequence && !keep => item.clone(),
        _ if keep => List::marked(list, Mark::Kept),
        _ => Value::List(list),
    }
}
