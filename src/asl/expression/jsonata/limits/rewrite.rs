//! The rewriting of an expression's tree: weighing functions stand around the nodes that make, keep or hand on a value.

use std::collections::BTreeSet;

use jsonata_core::{
    ast::{AstNode, BinaryOp, PathStep, Stage},
    value::with_stack,
};

use super::budget::{
    BOUND, CONCATENATED, COUNTABLE, EACH, KEPT, NOTED, PICTURED, REPLACEMENT, SEPARATOR, VALUE, WIDTH,
};

/// Functions that copy their argument, or much of it, into a new array or object.
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

/// The state of a rewriting.
#[derive(Default)]
pub(super) struct Rewrite {
    /// The number of weighing calls around the node.
    depth: usize,
    /// The largest number of weighing calls around a node.
    pub most: usize,
    pub binders: usize,
    /// The most items that a range makes.
    pub ranges: usize,
    /// Names of the weighing functions that the tree calls now.
    pub calls: BTreeSet<&'static str>,
}

impl Rewrite {
    pub fn node(&mut self, node: &AstNode) -> AstNode {
        with_stack(|| self.rewrite(node))
    }

    fn boxed(&mut self, node: &AstNode) -> Box<AstNode> {
        Box::new(self.node(node))
    }

    fn call(&mut self, name: &'static str, node: &AstNode) -> AstNode {
        self.calls.insert(name);
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
            // An array that is written out is pushed whole into the one around it, which a call in its place would not
            // be.
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
            // A path that begins with an array that is written out is evaluated differently, so that the array stays.
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
            // The library evaluates a predicate that has a call even where there is no value to test.
            Stage::Filter(predicate) if !is_simple(predicate) => Stage::Filter(self.boxed(predicate)),
            stage => stage.clone(),
        });
        stages.collect()
    }

    fn binary(&mut self, op: BinaryOp, left: &AstNode, right: &AstNode) -> AstNode {
        let (lhs, rhs) = match op {
            BinaryOp::Concatenate => {
                self.calls.insert(CONCATENATED);
                let operands = vec![self.node(left), self.node(right)];
                return function(CONCATENATED, operands);
            }
            BinaryOp::Range => {
                let count = match (left, right) {
                    (AstNode::Number(first), AstNode::Number(last)) => (last - first + 1.0).max(0.0) as usize,
                    _ => VALUE / 8,
                };
                self.ranges = self.ranges.max(count);
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
                    // A call on the right of `~>` would get the left side for its argument; in a block it does not.
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

    /// The node in the tail position of a function. The evaluator makes a call there without nesting, so that the
    /// arguments of the call are weighed instead of its result.
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

/// Whether a node may make a new value of any size.
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

/// Whether a node has no call and no assignment, so that its value grows with its text only.
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

/// Whether a path begins with an array that is written out.
fn starts_with_array(node: &AstNode) -> bool {
    match node {
        AstNode::Array(_) | AstNode::ArrayGroup(_) => true,
        AstNode::Block(nodes) => nodes.iter().any(starts_with_array),
        AstNode::Path { steps } => steps.first().is_some_and(|step| starts_with_array(&step.node)),
        AstNode::Sort { input, .. } | AstNode::ObjectTransform { input, .. } => starts_with_array(input),
        _ => false,
    }
}
