//! The limits of the service on what an expression takes of memory, for one that may go beyond them.
//!
//! The library has no such limit, so that the tree is rewritten: wherever a value is kept, handed on or looked into as
//! a whole, it goes through a function that weighs it. Values pass it unchanged, and what the expression gives is the
//! same.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use jsonata_core::{
    ast::{AstNode, BinaryOp, PathStep, Stage},
    evaluator::{Evaluator, EvaluatorError},
    functions,
    value::{JValue, with_stack},
};

/// Bytes that a value may have, a number counted as eight and a character as one: with them `[1..873782]` and a string
/// of 2^22 characters pass, and one number more and 2^23 do not, as measured on the service.
pub(super) const VALUE: usize = 873_782 * 8;
/// Bytes that the values of one evaluation may have together, kept or not.
const TOTAL: usize = 1 << 29;
/// Characters of a picture, such as `#,##0.00`.
const PICTURE: usize = 10_000;
/// Functions that give much of what they are given, in a new array or object.
const COPIES: [&str; 9] = ["append", "distinct", "filter", "merge", "reverse", "shuffle", "sort", "spread", "zip"];
/// Functions that give a string.
const TEXTS: [&str; 12] = [
    "base64decode",
    "base64encode",
    "decodeUrl",
    "encodeUrl",
    "encodeUrlComponent",
    "join",
    "lowercase",
    "pad",
    "replace",
    "string",
    "substring",
    "uppercase",
];
/// The library counts in 64 bits, which must not overflow.
const COUNTABLE: f64 = 1e15;
/// Pairs that `@` and `#` may make.
const PAIRS: f64 = 4_000_000.0;

/// An expression that is watched while it runs.
#[derive(Clone, Debug)]
pub(super) struct Limited {
    pub tree: AstNode,
    /// How many calls of the functions here stand in each other: they must not count as depth.
    pub depth: usize,
    /// How many names `@` and `#` bind: each multiplies what the others have found.
    binders: usize,
    ranges: bool,
}

impl Limited {
    pub fn new(tree: &AstNode) -> Self {
        let mut rewrite = Rewrite { depth: 0, most: 0, binders: 0, ranges: false };
        let tree = rewrite.node(tree);
        Self { tree, depth: rewrite.most, binders: rewrite.binders, ranges: rewrite.ranges }
    }

    /// Whether lists of that length may make too many pairs.
    pub fn pairs_too_much(&self, longest: impl FnOnce() -> usize) -> bool {
        if self.binders < 2 {
            return false;
        }
        let longest = if self.ranges { VALUE / 8 } else { longest() };
        (longest as f64).powi(i32::try_from(self.binders).unwrap_or(i32::MAX)) > PAIRS
    }
}

// No name of an expression has an exclamation mark.
const KEPT: &str = "!kept";
const EACH: &str = "!each";
const CONCATENATED: &str = "!concatenated";
const BOUND: &str = "!bound";
const NOTED: &str = "!noted";
const SEPARATOR: &str = "!separator";
const REPLACEMENT: &str = "!replacement";
const WIDTH: &str = "!width";
const PICTURED: &str = "!pictured";

pub(super) fn exceeded() -> EvaluatorError {
    EvaluatorError::EvaluationError("D2015: memory".to_owned())
}

/// Gives the evaluator the functions that the rewritten tree calls.
pub(super) fn register(evaluator: &mut Evaluator) -> Result<(), EvaluatorError> {
    let total = Rc::new(Cell::new(0_usize));
    let charge = move |bytes: usize| {
        total.set(total.get().saturating_add(bytes));
        if total.get() > TOTAL { Err(exceeded()) } else { Ok(()) }
    };
    let kept = charge.clone();
    evaluator.register_fn(KEPT, move |arguments: &[JValue]| {
        let value = given(arguments);
        weigh(&value)?;
        kept(shallow(&value))?;
        Ok(passed(value))
    })?;
    let each = charge.clone();
    evaluator.register_fn(EACH, move |arguments: &[JValue]| {
        let value = given(arguments);
        each(weigh(&value)?.max(shallow(&value)))?;
        Ok(passed(value))
    })?;
    evaluator.register_fn(CONCATENATED, move |arguments: &[JValue]| {
        let [left, right] = arguments else { return Ok(JValue::Undefined) };
        let (left, right) = (text(left)?, text(right)?);
        if left.len() + right.len() > VALUE {
            return Err(exceeded());
        }
        charge(left.len() + right.len())?;
        Ok(JValue::string([&*left, &*right].concat()))
    })?;
    evaluator.register_fn(BOUND, move |arguments: &[JValue]| match arguments {
        [JValue::Number(bound)] if bound.abs() >= COUNTABLE => Err(exceeded()),
        _ => Ok(passed(given(arguments))),
    })?;
    // Two arguments that count together: the first is noted until the last one is there. Between them another call may
    // stand.
    let open = Rc::new(RefCell::new(Vec::new()));
    let noted = Rc::clone(&open);
    evaluator.register_fn(NOTED, move |arguments: &[JValue]| {
        let value = given(arguments);
        weigh(&value)?;
        noted.borrow_mut().push(match &value {
            JValue::Array(items) => items.len(),
            JValue::String(text) => text.len() + 1,
            _ => 1,
        });
        Ok(passed(value))
    })?;
    let noted = Rc::clone(&open);
    evaluator.register_fn(SEPARATOR, move |arguments: &[JValue]| {
        let value = given(arguments);
        let count = noted.borrow_mut().pop().unwrap_or_default();
        match value.as_str() {
            Some(text) if text.len().saturating_mul(count) > VALUE => Err(exceeded()),
            _ => Ok(passed(value)),
        }
    })?;
    evaluator.register_fn(REPLACEMENT, move |arguments: &[JValue]| {
        let value = given(arguments);
        let length = open.borrow_mut().pop().unwrap_or_default();
        // As if it stood for each letter; `$0` stands for some of them again.
        match value.as_str() {
            Some(text) if length.saturating_mul(text.len() + text.matches('$').count()) > TOTAL => Err(exceeded()),
            _ => Ok(passed(value)),
        }
    })?;
    evaluator.register_fn(WIDTH, move |arguments: &[JValue]| match arguments {
        [JValue::Number(width)] if width.abs() > VALUE as f64 => Err(exceeded()),
        _ => Ok(passed(given(arguments))),
    })?;
    evaluator.register_fn(PICTURED, move |arguments: &[JValue]| {
        let value = given(arguments);
        match value.as_str() {
            Some(text) if text.len() > PICTURE || has_long_number(text) => Err(exceeded()),
            _ => Ok(passed(value)),
        }
    })
}

fn given(arguments: &[JValue]) -> JValue {
    arguments.first().cloned().unwrap_or(JValue::Undefined)
}

/// A value as it comes out again. The evaluator takes the item for a sequence of one wherever a sequence is given, and
/// has done so before.
fn passed(value: JValue) -> JValue {
    match &value {
        JValue::Array(items) if items.sequence && items.len() < 2 => JValue::sequence(vec![value]),
        _ => value,
    }
}

/// Whether five digits follow each other: as the width of a part it would make that many.
fn has_long_number(picture: &str) -> bool {
    picture.contains(',') && picture.as_bytes().windows(5).any(|window| window.iter().all(u8::is_ascii_digit))
}

/// A value as `&` takes it.
fn text(value: &JValue) -> Result<Rc<str>, EvaluatorError> {
    match value {
        JValue::String(text) => Ok(Rc::clone(text)),
        JValue::Null | JValue::Bool(_) | JValue::Number(_) | JValue::Array(_) | JValue::Object(_) => {
            weigh(value)?;
            match functions::string::string(value, None)? {
                JValue::String(text) => Ok(text),
                _ => Ok("".into()),
            }
        }
        _ => Ok("".into()),
    }
}

/// What the value itself takes, without what it refers to.
fn shallow(value: &JValue) -> usize {
    match value {
        JValue::String(text) => text.len(),
        JValue::Array(items) => items.len() * size_of::<JValue>(),
        JValue::Object(members) => members.len() * 100,
        _ => 0,
    }
}

/// The bytes of a value as the service counts them, as if nothing in it were shared; an error beyond its limit.
pub(super) fn weigh(value: &JValue) -> Result<usize, EvaluatorError> {
    let (mut weight, mut seen) = (0, 0);
    if add(value, &mut weight, &mut seen) { Ok(weight) } else { Err(exceeded()) }
}

/// Adds the weight of a value, for as long as it is within the limit.
fn add(value: &JValue, weight: &mut usize, seen: &mut usize) -> bool {
    // What weighs nothing takes time.
    *seen += 1;
    match value {
        JValue::String(text) => *weight += text.len(),
        JValue::Array(items) => return with_stack(|| items.iter().all(|item| add(item, weight, seen))),
        JValue::Object(members) => {
            return with_stack(|| {
                members.iter().all(|(key, member)| {
                    *weight += key.len();
                    add(member, weight, seen)
                })
            });
        }
        JValue::Null | JValue::Bool(_) | JValue::Number(_) => *weight += 8,
        _ => {}
    }
    *weight <= VALUE && *seen <= VALUE
}

struct Rewrite {
    depth: usize,
    most: usize,
    binders: usize,
    ranges: bool,
}

impl Rewrite {
    fn node(&mut self, node: &AstNode) -> AstNode {
        with_stack(|| self.rewrite(node))
    }

    fn boxed(&mut self, node: &AstNode) -> Box<AstNode> {
        Box::new(self.node(node))
    }

    fn call(&mut self, name: &str, node: &AstNode) -> AstNode {
        self.depth += 1;
        self.most = self.most.max(self.depth);
        let node = self.node(node);
        self.depth -= 1;
        function(name, vec![node])
    }

    /// A value that is looked at as a whole, or bound to a name.
    fn kept(&mut self, node: &AstNode) -> AstNode {
        if makes_values(node) { self.call(KEPT, node) } else { self.node(node) }
    }

    /// A value that becomes a part of another one.
    fn part(&mut self, node: &AstNode) -> AstNode {
        match node {
            // It is pushed into an array whole because of what it is written as.
            AstNode::Array(_) | AstNode::ArrayGroup(_) => self.node(node),
            AstNode::Path { steps } if steps.len() == 1 && matches!(steps[0].node, AstNode::Array(_)) => {
                self.node(node)
            }
            AstNode::Number(_) | AstNode::Boolean(_) | AstNode::Null | AstNode::Lambda { .. } => self.node(node),
            AstNode::String(text) if text.len() < 100 => self.node(node),
            _ => self.call(KEPT, node),
        }
    }

    /// A value of which there is one for each item of a list.
    fn each(&mut self, node: &AstNode) -> AstNode {
        match node {
            AstNode::Array(_) | AstNode::ArrayGroup(_) | AstNode::Object(_) | AstNode::Name(_) => self.node(node),
            AstNode::Number(_) | AstNode::Boolean(_) | AstNode::Null | AstNode::Lambda { .. } => self.node(node),
            AstNode::String(text) if text.len() < 100 => self.node(node),
            AstNode::Binary { op, .. } if is_arithmetic(*op) => self.node(node),
            // What it is written as counts where a path begins with it.
            AstNode::Block(nodes) => {
                let mut nodes: Vec<AstNode> = nodes.iter().map(|node| self.node(node)).collect();
                let AstNode::Block(written) = node else { return AstNode::Block(nodes) };
                if let (Some(last), Some(written)) = (nodes.last_mut(), written.last())
                    && !starts_with_array(written)
                {
                    *last = self.each(written);
                }
                AstNode::Block(nodes)
            }
            _ => self.call(EACH, node),
        }
    }

    fn nodes(&mut self, nodes: &[AstNode]) -> Vec<AstNode> {
        nodes.iter().map(|node| self.node(node)).collect()
    }

    fn rewrite(&mut self, node: &AstNode) -> AstNode {
        match node {
            AstNode::Path { steps } => self.path(steps),
            AstNode::Binary { op, lhs, rhs } => self.binary(*op, lhs, rhs),
            AstNode::Unary { op, operand } => AstNode::Unary { op: *op, operand: self.boxed(operand) },
            AstNode::Function { name, args, is_builtin } => {
                AstNode::Function { name: name.clone(), args: self.arguments(name, args), is_builtin: *is_builtin }
            }
            AstNode::Call { procedure, args } => {
                let args = args.iter().map(|argument| self.kept(argument)).collect();
                AstNode::Call { procedure: self.boxed(procedure), args }
            }
            AstNode::Lambda { params, body, signature, thunk } => {
                let body = if *thunk { self.tail(body) } else { self.each(body) };
                AstNode::Lambda {
                    params: params.clone(),
                    body: Box::new(body),
                    signature: signature.clone(),
                    thunk: *thunk,
                }
            }
            AstNode::Array(items) => AstNode::Array(items.iter().map(|item| self.part(item)).collect()),
            AstNode::ArrayGroup(items) => AstNode::ArrayGroup(items.iter().map(|item| self.part(item)).collect()),
            AstNode::Object(members) => AstNode::Object(self.members(members)),
            AstNode::ObjectTransform { input, pattern } => {
                AstNode::ObjectTransform { input: self.boxed(input), pattern: self.members(pattern) }
            }
            AstNode::Block(nodes) => AstNode::Block(self.nodes(nodes)),
            AstNode::Conditional { condition, then_branch, else_branch } => AstNode::Conditional {
                condition: Box::new(self.kept(condition)),
                then_branch: self.boxed(then_branch),
                else_branch: else_branch.as_ref().map(|branch| self.boxed(branch)),
            },
            AstNode::FunctionApplication(inner) => AstNode::FunctionApplication(Box::new(self.each(inner))),
            AstNode::Sort { input, terms } => {
                let terms = terms.iter().map(|(term, ascending)| (self.kept(term), *ascending)).collect();
                AstNode::Sort { input: self.boxed(input), terms }
            }
            AstNode::Transform { location, update, delete } => AstNode::Transform {
                location: self.boxed(location),
                update: self.boxed(update),
                delete: delete.as_ref().map(|delete| self.boxed(delete)),
            },
            other => other.clone(),
        }
    }

    fn members(&mut self, members: &[(AstNode, AstNode)]) -> Vec<(AstNode, AstNode)> {
        members.iter().map(|(key, value)| (self.node(key), self.part(value))).collect()
    }

    fn path(&mut self, steps: &[PathStep]) -> AstNode {
        let bound = |step: &PathStep| step.focus.is_some() || step.index_var.is_some();
        self.binders += steps.iter().filter(|step| step.focus.is_some()).count();
        let plain = !steps.iter().any(|step| bound(step) || step.is_tuple || step.inner_tuple);
        let steps = steps.iter().enumerate().map(|(position, step)| {
            let node = match &step.node {
                AstNode::Variable(name) if position > 0 && plain && !name.is_empty() => self.call(EACH, &step.node),
                AstNode::Function { .. } if plain && step.stages.is_empty() && steps.len() > 1 => {
                    self.call(KEPT, &step.node)
                }
                node => self.node(node),
            };
            PathStep {
                stages: self.stages(step),
                focus: step.focus.clone(),
                index_var: step.index_var.clone(),
                ancestor_label: step.ancestor_label.clone(),
                is_tuple: step.is_tuple,
                inner_tuple: step.inner_tuple,
                ..PathStep::new(node)
            }
        });
        AstNode::Path { steps: steps.collect() }
    }

    fn stages(&mut self, step: &PathStep) -> Vec<Stage> {
        let stages = step.stages.iter().map(|stage| match stage {
            // The library asks a predicate that calls something even where there is no value for it.
            Stage::Filter(predicate) if !is_simple(predicate) => Stage::Filter(self.boxed(predicate)),
            stage => stage.clone(),
        });
        stages.collect()
    }

    fn binary(&mut self, op: BinaryOp, left: &AstNode, right: &AstNode) -> AstNode {
        let (lhs, rhs) = match op {
            BinaryOp::Concatenate => {
                let operands = vec![self.node(left), self.node(right)];
                return function(CONCATENATED, operands);
            }
            BinaryOp::Range => {
                self.ranges = true;
                let mut bound = |node| if is_number(node) { node.clone() } else { self.call(BOUND, node) };
                (bound(left), bound(right))
            }
            BinaryOp::ColonEqual => (left.clone(), self.kept(right)),
            BinaryOp::ChainPipe => match right {
                AstNode::Function { name, args, is_builtin } => {
                    let mut all = vec![left.clone()];
                    all.extend(args.iter().cloned());
                    let mut args = self.arguments(name, &all);
                    let left = args.remove(0);
                    (left, AstNode::Function { name: name.clone(), args, is_builtin: *is_builtin })
                }
                AstNode::Path { steps } if steps.len() == 1 && matches!(steps[0].node, AstNode::Function { .. }) => {
                    let mut steps = steps.clone();
                    let call = self.binary(op, left, &steps[0].node);
                    let AstNode::Binary { lhs, rhs, .. } = call else { return call };
                    steps[0] = PathStep { stages: self.stages(&steps[0]), ..PathStep::new(*rhs) };
                    (*lhs, AstNode::Path { steps })
                }
                _ => {
                    let function = self.node(right);
                    // A call here would get the left side for its argument.
                    let is_call =
                        matches!(function, AstNode::Function { .. }) && !matches!(right, AstNode::Call { .. });
                    (self.kept(left), if is_call { AstNode::Block(vec![function]) } else { function })
                }
            },
            op if is_arithmetic(op) => (self.node(left), self.node(right)),
            _ => (self.kept(left), self.kept(right)),
        };
        AstNode::Binary { op, lhs: Box::new(lhs), rhs: Box::new(rhs) }
    }

    fn arguments(&mut self, name: &str, arguments: &[AstNode]) -> Vec<AstNode> {
        let count = arguments.len();
        let arguments = arguments.iter().enumerate().map(|(position, argument)| {
            let is_function = matches!(argument, AstNode::Lambda { .. } | AstNode::Regex { .. });
            if matches!(argument, AstNode::Placeholder) || is_function && name != "replace" {
                return self.node(argument);
            }
            match (name, position) {
                ("join", 0) if count == 2 => self.call(NOTED, argument),
                ("join", 1) if count == 2 => self.call(SEPARATOR, argument),
                ("replace", 0) if count >= 3 => self.call(NOTED, argument),
                ("replace", 2) => self.call(REPLACEMENT, argument),
                ("pad", 0 | 1) if !matches!(argument, AstNode::String(_)) => self.call(WIDTH, argument),
                ("formatNumber" | "formatInteger" | "parseInteger" | "fromMillis" | "toMillis", 0 | 1)
                    if !matches!(argument, AstNode::Number(_)) =>
                {
                    self.call(PICTURED, argument)
                }
                _ => self.kept(argument),
            }
        });
        arguments.collect()
    }

    /// What stands where a function returns. A call there may be one that the evaluator makes without nesting, so that
    /// its arguments are weighed instead of its result.
    fn tail(&mut self, node: &AstNode) -> AstNode {
        with_stack(|| match node {
            AstNode::Conditional { condition, then_branch, else_branch } => AstNode::Conditional {
                condition: Box::new(self.kept(condition)),
                then_branch: Box::new(self.tail(then_branch)),
                else_branch: else_branch.as_ref().map(|branch| Box::new(self.tail(branch))),
            },
            AstNode::Block(nodes) => {
                let Some((last, before)) = nodes.split_last() else { return AstNode::Block(Vec::new()) };
                let mut nodes = self.nodes(before);
                nodes.push(self.tail(last));
                AstNode::Block(nodes)
            }
            AstNode::Function { name, args, is_builtin } if COPIES.contains(&name.as_str()) => {
                let args = args.iter().zip(self.arguments(name, args)).map(|(written, argument)| match written {
                    AstNode::Variable(_) | AstNode::Path { .. } => self.call(EACH, written),
                    _ => argument,
                });
                AstNode::Function { name: name.clone(), args: args.collect(), is_builtin: *is_builtin }
            }
            AstNode::Function { name, .. } if TEXTS.contains(&name.as_str()) => self.call(EACH, node),
            AstNode::Function { .. } | AstNode::Call { .. } => self.node(node),
            AstNode::Binary { op: BinaryOp::ColonEqual, .. } => self.node(node),
            _ => self.each(node),
        })
    }
}

fn function(name: &str, args: Vec<AstNode>) -> AstNode {
    AstNode::Function { name: name.to_owned(), args, is_builtin: true }
}

fn is_arithmetic(op: BinaryOp) -> bool {
    use BinaryOp::{Add, Divide, Modulo, Multiply, Subtract};
    matches!(op, Add | Divide | Modulo | Multiply | Subtract)
}

/// Whether a node may give a value that was not there before and has any size.
fn makes_values(node: &AstNode) -> bool {
    match node {
        AstNode::Path { steps } => steps
            .iter()
            .any(|step| !matches!(step.node, AstNode::Name(_) | AstNode::Variable(_)) || !step.stages.is_empty()),
        AstNode::Binary { op, .. } => {
            matches!(op, BinaryOp::Coalesce | BinaryOp::Default | BinaryOp::ChainPipe | BinaryOp::Range)
        }
        AstNode::String(text) => text.len() >= 100,
        AstNode::Number(_)
        | AstNode::Boolean(_)
        | AstNode::Null
        | AstNode::Undefined
        | AstNode::Name(_)
        | AstNode::Placeholder
        | AstNode::Regex { .. }
        | AstNode::Variable(_)
        | AstNode::ParentVariable(_)
        | AstNode::Parent(_)
        | AstNode::Unary { .. }
        | AstNode::Lambda { .. }
        | AstNode::Transform { .. } => false,
        _ => true,
    }
}

/// Whether a node is a number that can be counted to.
fn is_number(node: &AstNode) -> bool {
    matches!(node, AstNode::Number(number) if number.abs() < COUNTABLE)
}

/// Whether nothing is called in a node, nor assigned: it grows only with its text.
fn is_simple(node: &AstNode) -> bool {
    with_stack(|| match node {
        AstNode::String(_)
        | AstNode::Name(_)
        | AstNode::Number(_)
        | AstNode::Boolean(_)
        | AstNode::Null
        | AstNode::Undefined
        | AstNode::Regex { .. }
        | AstNode::Variable(_)
        | AstNode::ParentVariable(_)
        | AstNode::Parent(_)
        | AstNode::Wildcard
        | AstNode::Descendant => true,
        AstNode::Path { steps } => steps.iter().all(|step| {
            is_simple(&step.node)
                && step.stages.iter().all(|stage| !matches!(stage, Stage::Filter(inner) if !is_simple(inner)))
        }),
        AstNode::Binary { op: BinaryOp::Range, lhs, rhs } => is_number(lhs) && is_number(rhs),
        AstNode::Binary { op, lhs, rhs } => {
            !matches!(op, BinaryOp::ChainPipe | BinaryOp::ColonEqual) && is_simple(lhs) && is_simple(rhs)
        }
        AstNode::Unary { operand, .. } => is_simple(operand),
        AstNode::Array(items) | AstNode::ArrayGroup(items) | AstNode::Block(items) => items.iter().all(is_simple),
        AstNode::Object(members) => members.iter().all(|(key, value)| is_simple(key) && is_simple(value)),
        AstNode::Conditional { condition, then_branch, else_branch } => {
            is_simple(condition) && is_simple(then_branch) && else_branch.as_deref().is_none_or(is_simple)
        }
        _ => false,
    })
}

/// Whether a path begins with an array as it is written.
fn starts_with_array(node: &AstNode) -> bool {
    match node {
        AstNode::Array(_) | AstNode::ArrayGroup(_) => true,
        AstNode::Block(nodes) => nodes.iter().any(starts_with_array),
        AstNode::Path { steps } => steps.first().is_some_and(|step| starts_with_array(&step.node)),
        AstNode::Sort { input, .. } | AstNode::ObjectTransform { input, .. } => starts_with_array(input),
        _ => false,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::{prelude::*, sample::select, test_runner::RngSeed};
    use serde_json::json;

    use super::{
        super::{Expression, MAX_DEPTH, tests::Fixed},
        *,
    };
    use crate::asl::run::random::Random;

    /// Of the input that there is.
    pub const DATA_BYTES: usize = 42;

    pub fn values() -> Fixed {
        Fixed(Rc::new(RefCell::new(Random::new(0))))
    }

    /// Without limits, and with them.
    fn both(text: &str) -> Option<[Result<String, String>; 2]> {
        let expression = Expression::parse(text).ok()?;
        let limited = Limited::new(&expression.tree);
        let message = |error: EvaluatorError| error.message().to_owned();
        let shown = |value: JValue| match value {
            JValue::Undefined => "undefined".to_owned(),
            value => super::super::json(&value, 99).map_or("a function".to_owned(), |json| json.to_string()),
        };
        let mut free = expression.evaluator(&values(), MAX_DEPTH).unwrap();
        let free = free.evaluate(&expression.tree, &JValue::Undefined);
        let limited = expression.value(&values(), Some(&limited));
        Some([free.map(shown).map_err(message), limited.map(shown).map_err(message)])
    }

    fn memory(text: &str) {
        let expression = Expression::parse(text).unwrap();
        let fault = expression.evaluate(&values(), "Output").unwrap_err();
        let cause = fault.cause.unwrap();
        assert!(cause.ends_with("memory limit exceeded: Check for excessive memory usage"), "{cause}");
    }

    fn harmless(text: &str) {
        assert!(Expression::parse(text).unwrap().harmless_up_to >= Some(1 << 17), "{text}");
    }

    #[test]
    fn a_string_has_at_most_what_it_has_on_the_service() {
        let doubled = |times: usize| {
            format!("($p := function($s, $n) {{ $n = 0 ? $s : $p($s & $s, $n - 1) }}; $length($p('x', {times})))")
        };
        let length = Expression::parse(&doubled(22)).unwrap().evaluate(&values(), "Output").unwrap();
        assert_eq!(length, json!(4_194_304));
        memory(&doubled(23));
        memory(&doubled(60));
        memory("$length($pad('x', 1e10))");
        memory("$length($pad('x', -6990257))");
        memory("$join([1..800000].('x'), $pad('', 1000000, 'y'))");
        memory("($big := $pad('x', 1000000); [1..800000].($big & 'y'))");
        memory("($big := $pad('', 1000000, 'z'); $replace($pad('', 1000, 'y'), /y/, function($m) { $big }))");
        memory("$replace($pad('', 1000000, 'y'), 'y', $pad('', 1000000, 'z'))");
        memory("$fromMillis(0, '[Y,99999999-99999999]')");
    }

    #[test]
    fn lists_have_at_most_what_they_have_on_the_service() {
        for text in [
            "[1..873783]",
            "[1..1e10]",
            "[-9223372036854775808..9223372036854775807]",
            "$count([1..800000].([1..800000]))",
            "$count($map([1..800000], function($i) { [1..800000] }))",
            "$reduce([1..40], function($a, $v) { [$a, $a] }, [1])",
            "$reduce([1..40], function($a, $v) { {'a': $a, 'b': $a} }, [1])",
            "($f := function($n, $a) { $n = 0 ? $a : $f($n - 1, {'x': $a, 'y': $a}) }; $a := $f(60, 1); $a = $a)",
            "($big := [1..100000]; $count([1..800000].$big))",
            "($big := [1..100000]; $count($map([1..800000], function() { $append($big, 1) })))",
            "($big := [1..100000]; $string($map([1..1000], function($i) { $big })))",
            "[1..3000]@$a.[1..3000]@$b.($a + $b)",
            "$range(1, 1e9, 1)",
        ] {
            memory(text);
        }
    }

    #[test]
    fn most_expressions_run_as_they_are() {
        for text in [
            "$states.input",
            "$states.input.name & ', ' & $states.context.Execution.Name",
            "$map($states.input.items, function($v) { {'id': $v.id, 'text': $v.name & '!'} })",
            "$states.input.items[price > 10].{'name': name, 'price': $round(price, 2)}",
            "$sum($states.input.items.(price * quantity))",
            "($a := $states.input.a; $b := $a & 'x'; {'a': $a, 'b': $b})",
            "$sort($states.input.items, function($l, $r) { $l.x > $r.x })",
            "$join($states.input.items.name, ', ')",
            "$count($states.input.items) > 0 ? 'some' : 'none'",
            "$merge([$states.input, {'a': 1}])",
            "$filter($states.input.items, function($v, $i) { $i < 10 and $v.ok })",
            "$states.input.items{category: $sum(price)}",
            "$states.input.items^(>price)[0..2]",
            "$fromMillis($millis(), '[Y0001]-[M01]-[D01]')",
            "($double := function($n) { $n * 2 }; $map($states.input.items, $double))",
            "$split($states.input.text, ',')[0]",
            "[1..100].($ * 2)",
            "$map([0..$count($states.input.items) - 1], function($i) { $i * 2 })",
        ] {
            harmless(text);
        }
    }

    pub fn expression() -> impl Strategy<Value = String> {
        let leaf = select(
            &[
                "1",
                "-2",
                "0",
                "'a'",
                "'b,c'",
                "''",
                "true",
                "null",
                "$",
                "$$",
                "n",
                "$states.input",
                "$states.input.n",
                "$states.input.list",
                "$states.input.list[0]",
                "$states.input.text",
                "$states.input.missing",
                "[]",
                "{}",
                "$x",
                "$y",
                "[1,2,3]",
                "{'n': 3}",
                "[{'n': 1}, {'n': 2, 'm': [1, [2]]}]",
                "[1..4]",
                "*",
                "**",
                "$f",
                "$sum",
                "$string",
                "/a/",
                "%.n",
            ][..],
        );
        leaf.prop_map(str::to_owned).prop_recursive(5, 40, 3, |inner| {
            let one = || inner.clone();
            let operators = select(
                &["+", "-", "*", "&", "=", "!=", "<", ">=", "and", "or", "in", "..", ".", "~>", "??", "?:", ":="][..],
            );
            let functions = select(
                &[
                    "string",
                    "count",
                    "append",
                    "join",
                    "keys",
                    "merge",
                    "reverse",
                    "distinct",
                    "spread",
                    "exists",
                    "boolean",
                    "not",
                    "length",
                    "uppercase",
                    "split",
                    "contains",
                    "zip",
                    "lookup",
                    "type",
                    "number",
                    "sum",
                    "max",
                    "pad",
                    "substring",
                    "replace",
                    "sort",
                    "map",
                    "filter",
                    "reduce",
                    "each",
                    "sift",
                    "single",
                    "formatNumber",
                    "partition",
                    "range",
                    "hash",
                    "parse",
                    "match",
                    "f",
                    "x",
                ][..],
            );
            let bodies = select(
                &[
                    "$v",
                    "$v.n",
                    "$v & 'x'",
                    "[$v]",
                    "$v > 1",
                    "$v + 1",
                    "$append($v, $v)",
                    "{'a': $v}",
                    "$filter([$v], function($i) { true })",
                    "$keys({})",
                    "($z := $v; $z)",
                    "$i = 0 ? $v : $x",
                ][..],
            );
            prop_oneof![
                (one(), operators, one()).prop_map(|(a, op, b)| format!("({a} {op} {b})")),
                (one(), one()).prop_map(|(a, b)| format!("{a}.{b}")),
                (one(), one()).prop_map(|(a, b)| format!("{a}.({b})")),
                (one(), one()).prop_map(|(a, b)| format!("{a}[{b}]")),
                (one(), one()).prop_map(|(a, b)| format!("{a}.[{b}]")),
                (one(), one()).prop_map(|(a, b)| format!("[{a}, {b}]")),
                (one(), one()).prop_map(|(a, b)| format!("{{'k': {a}, 'l': {b}}}")),
                (one(), one()).prop_map(|(a, b)| format!("{a}.{{'k': {b}}}")),
                (one(), one()).prop_map(|(a, b)| format!("{a}{{$string({b}): $}}")),
                (one(), one()).prop_map(|(a, b)| format!("{a}^({b})")),
                (one(), one(), one()).prop_map(|(a, b, c)| format!("({a} ? {b} : {c})")),
                (one(), one()).prop_map(|(a, b)| format!("($x := {a}; $y := {b}; $x)")),
                (one(), one()).prop_map(|(a, b)| format!("($x := {a}; {b})")),
                (one(), one()).prop_map(|(a, b)| format!("($f := function($v, $i) {{ {a} }}; {b})")),
                (functions.clone(), one()).prop_map(|(name, a)| format!("${name}({a})")),
                (functions.clone(), one(), one()).prop_map(|(name, a, b)| format!("${name}({a}, {b})")),
                (functions.clone(), one(), bodies.clone())
                    .prop_map(|(name, a, body)| format!("${name}({a}, function($v, $i) {{ {body} }})")),
                (functions.clone(), one(), one()).prop_map(|(name, a, b)| format!("{a} ~> ${name}({b})")),
                (functions, one()).prop_map(|(name, a)| format!("{a} ~> ${name}")),
                one().prop_map(|a| format!("{a}[]")),
                one().prop_map(|a| format!("-({a})")),
                (one(), bodies).prop_map(|(a, body)| format!("(function($v, $i) {{ {body} }})({a})")),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: std::env::var("CASES").ok().and_then(|it| it.parse().ok()).unwrap_or(2_000),
            failure_persistence: None,
            rng_seed: RngSeed::Fixed(std::env::var("SEED").ok().and_then(|it| it.parse().ok()).unwrap_or(2026)),
            max_global_rejects: 1_000_000,
            ..ProptestConfig::default()
        })]

        #[test]
        fn a_limited_expression_gives_what_it_gives_without(text in expression()) {
            let Some([free, limited]) = both(&text) else { return Ok(()) };
            if let Err(message) = &limited && message.starts_with("D2015") { return Ok(()) }
            prop_assert_eq!(free, limited, "{}", text);
        }
    }
}
