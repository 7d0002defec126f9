//! The rewriting of a tree: where an expression means a function of JSONata that the library has otherwise, the one
//! that stands in for it is called.

use std::collections::BTreeSet;

use jsonata_core::{
    ast::{AstNode, BinaryOp, Stage},
    evaluator::{Evaluator, EvaluatorError},
    value::with_stack,
};

use super::table::{
    ADDED, ARRAY, ASKED, CALLED, CONCATENATED, COUNTABLE, HANDED, LEFT, NUMERAL, RIGHT, WHOLE, WHOLE_OR_NOTHING,
    native, register,
};
use crate::asl::expression::jsonata::{
    limits::budget::{KEPT, NOTED},
    regex::translated,
    tree::children,
};

/// The functions that a tree calls by names that no expression has.
#[derive(Clone, Debug, Default)]
pub(in crate::asl::expression::jsonata) struct Natives(BTreeSet<String>);

impl Natives {
    /// Rewrites a tree.
    pub fn install(tree: &mut AstNode) -> Self {
        let mut bound = BTreeSet::new();
        names_bound(tree, &mut bound);
        let mut rewrite = Rewrite { bound, calls: BTreeSet::new() };
        rewrite.node(tree);
        Self(rewrite.calls)
    }

    /// Registers the functions with an evaluator.
    pub fn register(&self, evaluator: &mut Evaluator) -> Result<(), EvaluatorError> {
        self.0.iter().try_for_each(|name| register(evaluator, name))
    }
}

/// Adds the names that an expression gives a meaning of its own, anywhere in it.
fn names_bound(node: &mut AstNode, names: &mut BTreeSet<String>) {
    match node {
        AstNode::Binary { op: BinaryOp::ColonEqual, lhs, .. } => {
            if let AstNode::Variable(name) = &**lhs {
                names.insert(name.clone());
            }
        }
        AstNode::Lambda { params, .. } => names.extend(params.iter().cloned()),
        AstNode::Path { steps } => {
            for step in &*steps {
                names.extend(step.focus.clone());
                names.extend(step.index_var.clone());
                names.extend(step.stages.iter().filter_map(|stage| match stage {
                    Stage::Index(name) => Some(name.clone()),
                    _ => None,
                }));
            }
        }
        _ => {}
    }
    with_stack(|| children(node, &mut |child| names_bound(child, names)));
}

struct Rewrite {
    bound: BTreeSet<String>,
    calls: BTreeSet<String>,
}

impl Rewrite {
    fn node(&mut self, node: &mut AstNode) {
        self.chain(node);
        with_stack(|| children(node, &mut |child| self.node(child)));
        match node {
            AstNode::Regex { pattern, .. } => *pattern = translated(pattern),
            AstNode::Variable(name) => {
                if let Some(handed) = self.known(HANDED, name) {
                    *name = handed;
                }
            }
            AstNode::Binary { op: BinaryOp::Concatenate, lhs, rhs } => {
                let operands = vec![take(lhs), take(rhs)];
                *node = self.around(CONCATENATED, operands);
            }
            AstNode::Binary { op, lhs, rhs } => {
                let sign = match op {
                    BinaryOp::Add => "+",
                    BinaryOp::Subtract => "-",
                    BinaryOp::Multiply => "*",
                    BinaryOp::Divide => "/",
                    BinaryOp::Modulo => "%",
                    _ => return,
                };
                for (side, operand) in [(LEFT, lhs), (RIGHT, rhs)] {
                    if may_be_no_number(operand) {
                        let arguments = vec![take(operand), AstNode::String(sign.to_owned())];
                        **operand = self.around(side, arguments);
                    }
                }
            }
            AstNode::Function { .. } => self.function(node),
            _ => {}
        }
    }

    /// A call on the right of `~>` gets the left side for its first argument.
    fn chain(&mut self, node: &mut AstNode) {
        let AstNode::Binary { op: BinaryOp::ChainPipe, lhs, rhs } = node else { return };
        if matches!(&**rhs, AstNode::Variable(name) if name == "fromMillis" && self.is_ours(name)) {
            let args = vec![take(lhs)];
            *node = AstNode::Function { name: "fromMillis".to_owned(), args, is_builtin: true };
            return;
        }
        let AstNode::Function { name, args, .. } = &mut **rhs else { return };
        if args.iter().any(|argument| matches!(argument, AstNode::Placeholder)) || !self.is_ours(name) {
            return;
        }
        args.insert(0, take(lhs));
        *node = take(rhs);
    }

    /// Whether calls of that name are changed.
    fn is_ours(&self, name: &str) -> bool {
        let changed =
            ["exists", "formatInteger", "fromMillis", "now", "parseInteger", "filter", "map", "reduce", "single"];
        (changed.contains(&name) || native(name).is_some()) && !self.bound.contains(name)
    }

    /// The name of what stands in for a function, if something does.
    fn known(&mut self, how: &str, name: &str) -> Option<String> {
        if self.bound.contains(name) {
            return None;
        }
        let is_known = native(name).is_some() || how == ASKED && ADDED.contains(&name);
        is_known.then(|| {
            let name = format!("{how}{name}");
            self.calls.insert(name.clone());
            name
        })
    }

    fn around(&mut self, name: &str, args: Vec<AstNode>) -> AstNode {
        self.calls.insert(name.to_owned());
        AstNode::Function { name: name.to_owned(), args, is_builtin: true }
    }

    fn wrap(&mut self, name: &str, node: &mut AstNode) {
        if !matches!(node, AstNode::Placeholder) {
            let inner = take(node);
            *node = self.around(name, vec![inner]);
        }
    }

    fn function(&mut self, node: &mut AstNode) {
        let AstNode::Function { name, args, .. } = node else { return };
        if self.bound.contains(&**name) {
            return;
        }
        let is_partial = args.iter().any(|argument| matches!(argument, AstNode::Placeholder));
        match (&**name, args.len()) {
            ("fromMillis", 1..) => self.wrap(WHOLE, &mut args[0]),
            ("filter" | "map" | "single", 1..) => self.wrap(ARRAY, &mut args[0]),
            ("reduce", 1..) => {
                self.wrap(ARRAY, &mut args[0]);
                if args.len() == 2 && !is_partial {
                    *node = reduced(std::mem::take(args));
                }
            }
            ("parseInteger", 2) if !is_partial => self.wrap(NUMERAL, &mut args[0]),
            ("formatInteger", 2) if !is_partial => {
                let arguments = vec![take(&mut args[0]), args[1].clone()];
                args[0] = self.around(COUNTABLE, arguments);
            }
            // A function whose parameter has a name that no expression has.
            ("formatInteger" | "parseInteger", 2) if matches!(args[0], AstNode::Placeholder) => {
                let value = || "!value".to_owned();
                args[0] = AstNode::Variable(value());
                self.function(node);
                let body = Box::new(take(node));
                *node = AstNode::Lambda { params: vec![value()], body, signature: None, thunk: false };
            }
            // `$now(picture, timezone)` is `$fromMillis` of the moment.
            ("now", 1..=2) if !is_partial => {
                let mut all = vec![AstNode::Function { name: "millis".to_owned(), args: Vec::new(), is_builtin: true }];
                all.append(args);
                *node = AstNode::Function { name: "fromMillis".to_owned(), args: all, is_builtin: true };
            }
            ("exists", 1) => self.asked(&mut args[0]),
            ("replace", _) if !is_text(args, 2, 1) => {
                if let Some(limit) = args.get_mut(3) {
                    self.wrap(WHOLE, limit);
                }
            }
            ("split", _) if !is_text(args, 1, 1) => {}
            ("sort", 2..) => {}
            _ if is_partial => {
                if let Some(handed) = self.known(HANDED, name) {
                    *name = handed;
                }
            }
            _ => {
                if let Some(called) = self.known(CALLED, name) {
                    *name = called;
                    args.insert(0, AstNode::Variable(String::new()));
                }
            }
        }
    }

    /// The argument of `$exists`.
    fn asked(&mut self, node: &mut AstNode) {
        let AstNode::Function { name, args, .. } = node else { return };
        // What weighs the value hands it on.
        if let (KEPT | NOTED, [inner]) = (&**name, args.as_mut_slice()) {
            return self.asked(inner);
        }
        let function = name.strip_prefix(CALLED).or_else(|| ADDED.into_iter().find(|added| added == name));
        if let Some(asked) = function.and_then(|function| self.known(ASKED, function)) {
            *name = asked;
        } else if name == "fromMillis"
            && let Some(AstNode::Function { name, .. }) = args.first_mut()
            && name == WHOLE
        {
            *name = WHOLE_OR_NOTHING.to_owned();
            self.calls.insert(WHOLE_OR_NOTHING.to_owned());
        }
    }
}

/// `$reduce(list, function)`: of an empty list it is nothing, where the library has null.
fn reduced(mut args: Vec<AstNode>) -> AstNode {
    // A name that no expression has.
    let list = || AstNode::Variable("!list".to_owned());
    let binary = |op, lhs, rhs| AstNode::Binary { op, lhs: Box::new(lhs), rhs: Box::new(rhs) };
    let function = |name: &str, args| AstNode::Function { name: name.to_owned(), args, is_builtin: true };
    let given = std::mem::replace(&mut args[0], list());
    AstNode::Block(vec![
        binary(BinaryOp::ColonEqual, list(), given),
        AstNode::Conditional {
            condition: Box::new(binary(BinaryOp::Equal, function("count", vec![list()]), AstNode::Number(0.0))),
            then_branch: Box::new(AstNode::Block(Vec::new())),
            else_branch: Some(Box::new(function("reduce", args))),
        },
    ])
}

/// Whether so many arguments, from that position on, are a text or a regular expression for certain, and no function.
fn is_text(args: &[AstNode], before: usize, from: usize) -> bool {
    let known = |node: &AstNode| match node {
        AstNode::String(_) | AstNode::Regex { .. } => true,
        AstNode::Function { name, .. } => name.strip_prefix(CALLED).and_then(native).is_some(),
        AstNode::Path { steps } => {
            steps.first().is_some_and(|step| matches!(&step.node, AstNode::Variable(name) if name == "states"))
        }
        _ => false,
    };
    args.iter().skip(from).take(before).all(known)
}

/// Whether the result may be no number that JSON has, as that of a division by zero.
fn may_be_no_number(node: &AstNode) -> bool {
    match node {
        AstNode::Block(nodes) if nodes.len() == 1 => may_be_no_number(&nodes[0]),
        AstNode::Binary { op: BinaryOp::Divide | BinaryOp::Modulo, lhs, rhs } => {
            !matches!(&**rhs, AstNode::Number(number) if *number != 0.0) || may_be_no_number(lhs)
        }
        _ => false,
    }
}

fn take(node: &mut AstNode) -> AstNode {
    std::mem::replace(node, AstNode::Undefined)
}
