//! The estimate of an expression's memory, made from its tree. Most expressions are harmless whatever the data, and run
//! as they are; the others run with [`limits`](super::limits).
//!
//! The estimate is an upper bound for every expression that it has a number for.

use jsonata_core::{
    ast::{AstNode, BinaryOp, PathStep, Stage},
    value::{JValue, with_stack},
};

use super::limits::VALUE;

/// Bytes that the values of one evaluation may take together.
const TOTAL: f64 = 256e6;
/// Bytes of an item in an array, beside what it refers to.
const SLOT: f64 = size_of::<JValue>() as f64;
/// Bytes of a member of an object, beside what it refers to.
const MEMBER: f64 = 100.0;
/// Bytes of a number, a boolean or a timestamp.
const SCALAR: f64 = 32.0;
/// Bytes of the smallest item of an array, with its comma.
const ITEM: f64 = 2.0;
const COMMA: f64 = 1.0;
/// The factor by which the text of a value may be longer than in the data: `1e20` is written in full.
const AS_TEXT: f64 = 6.0;
/// Nodes that an estimate looks at; nested loops are looked at several times.
const WORK: usize = 10_000;
/// Calls that may stand in each other; a recursive function goes beyond.
const CALLS: usize = 8;
/// Names that may be in scope at once.
const NAMES: usize = 200;

/// The most bytes of data with which the expression is harmless; none where it never is.
pub(super) fn harmless_up_to(tree: &AstNode) -> Option<usize> {
    [1 << 19, 1 << 17, 1 << 15, 1 << 12, 1 << 10].into_iter().find(|bytes| {
        let mut estimate = Estimate { data: *bytes as f64, work: WORK, calls: 0, names: Vec::new(), scoped: true };
        estimate.of(tree, ITEM).is_some_and(|size| size.total <= TOTAL)
    })
}

/// An upper bound.
#[derive(Clone, Copy)]
struct Size {
    /// The value as JSON text.
    value: f64,
    /// Memory of everything that is made on the way.
    total: f64,
    /// Whether it is a string for certain.
    text: bool,
}

impl Size {
    fn new(value: f64, total: f64) -> Option<Self> {
        (value <= TOTAL && total <= TOTAL).then_some(Self { value, total, text: false })
    }

    fn of_text(value: f64, total: f64) -> Option<Self> {
        (value <= VALUE as f64 && total <= TOTAL).then_some(Self { value, total, text: true })
    }

    fn as_text(self) -> f64 {
        if self.text { self.value } else { self.value * AS_TEXT }
    }
}

/// The meaning of a name, as far as it is known.
#[derive(Clone, Copy)]
enum Known<'a> {
    Value(f64),
    /// A function: its parameters, its body, and the size of the context where it is defined.
    Function(&'a [String], &'a AstNode, f64),
}

struct Estimate<'a> {
    /// Bytes of all data that the expression can read.
    data: f64,
    work: usize,
    calls: usize,
    names: Vec<(&'a str, Known<'a>)>,
    /// Whether the scope of an assigned name ends with the block around it. A name that is assigned in a loop without a
    /// block may keep its value to the next turn.
    scoped: bool,
}

impl<'a> Estimate<'a> {
    /// The bound of a node; none where there is no bound, or one beyond what is harmless.
    fn of(&mut self, node: &'a AstNode, context: f64) -> Option<Size> {
        self.work = self.work.checked_sub(1)?;
        with_stack(|| self.of_node(node, context))
    }

    fn of_node(&mut self, node: &'a AstNode, context: f64) -> Option<Size> {
        match node {
            AstNode::String(text) => Size::of_text(text.len() as f64 + ITEM, text.len() as f64),
            AstNode::Number(_) | AstNode::Boolean(_) | AstNode::Null | AstNode::Undefined => scalar(0.0),
            AstNode::Regex { .. } | AstNode::Lambda { .. } => scalar(0.0),
            AstNode::Name(_) | AstNode::Wildcard => Size::new(context, items(context)),
            AstNode::Variable(name) if name.is_empty() => Size::new(context, 0.0),
            AstNode::Variable(name) => match self.known(name)? {
                Some(Known::Function(..)) => scalar(0.0),
                Some(Known::Value(size)) => Size::new(size, 0.0),
                None => Size::new(self.data, 0.0),
            },
            AstNode::ParentVariable(_) => Size::new(self.data, 0.0),
            AstNode::Path { steps } => self.path(steps, context),
            AstNode::Binary { op, lhs, rhs } => self.binary(*op, lhs, rhs, context),
            AstNode::Unary { operand, .. } => scalar(self.of(operand, context)?.total),
            AstNode::Function { name, args, .. } => self.call(name, args.iter(), context),
            AstNode::Array(list) | AstNode::ArrayGroup(list) => {
                let (mut value, mut total) = (ITEM, 0.0);
                for item in list {
                    let item = self.of(item, context)?;
                    value += item.value.max(ITEM) + COMMA;
                    total += item.total;
                }
                Size::new(value, total + list.len() as f64 * SLOT)
            }
            AstNode::Object(members) => {
                let (mut value, mut total) = (ITEM, 0.0);
                for (key, member) in members {
                    let (key, member) = (self.of(key, context)?, self.of(member, context)?);
                    value += key.value + member.value.max(ITEM) + 2.0 * COMMA;
                    total += key.total + member.total;
                }
                Size::new(value, total + MEMBER * members.len() as f64)
            }
            AstNode::ObjectTransform { input, pattern } => {
                let input = self.of(input, context)?;
                let (mut value, mut total) = (ITEM, input.total);
                for (key, member) in pattern {
                    let (key, member) = (self.each(input.value, key)?, self.each(input.value, member)?);
                    value += key.value + member.value;
                    // Each item may be a group of its own.
                    total += key.total + member.total + items(input.value) + input.value / ITEM * MEMBER;
                }
                Size::new(value, total)
            }
            AstNode::Block(nodes) => {
                let (outer, scoped) = (self.names.len(), std::mem::replace(&mut self.scoped, true));
                let mut last = scalar(0.0)?;
                let mut total = 0.0;
                for node in nodes {
                    last = self.of(node, context)?;
                    total += last.total;
                }
                self.names.truncate(outer);
                self.scoped = scoped;
                Some(Size { total, ..last })
            }
            AstNode::Conditional { condition, then_branch, else_branch } => {
                let condition = self.of(condition, context)?.total;
                let first = self.of(then_branch, context)?;
                let second = match else_branch {
                    Some(branch) => self.of(branch, context)?,
                    None => scalar(0.0)?,
                };
                let value = if first.value > second.value { first } else { second };
                let text = first.text && second.text;
                Some(Size { total: condition + first.total + second.total, text, ..value })
            }
            AstNode::FunctionApplication(inner) => self.of(inner, context),
            AstNode::Sort { input, terms } => {
                let input = self.of(input, context)?;
                let mut total = input.total + 2.0 * items(input.value);
                for (term, _) in terms {
                    total += self.each(input.value, term)?.total;
                }
                Size::new(input.value + ITEM, total)
            }
            AstNode::Placeholder
            | AstNode::Call { .. }
            | AstNode::Descendant
            | AstNode::Parent(_)
            | AstNode::Transform { .. } => None,
        }
    }

    /// The meaning of a name: the largest of the values that have it, or the one function, since a function sees the
    /// names that were in scope where it was defined. `Some(None)` says that nothing has the name, `None` that its
    /// meaning is unknown.
    fn known(&self, name: &str) -> Option<Option<Known<'a>>> {
        let mut found = None;
        for (known, what) in &self.names {
            if *known == name {
                found = Some(match (found, *what) {
                    (None, what) => what,
                    (Some(Known::Value(one)), Known::Value(other)) => Known::Value(f64::max(one, other)),
                    _ => return None,
                });
            }
        }
        Some(found)
    }

    /// The bound of a node that is evaluated for each item of a list of that size.
    fn each(&mut self, list: f64, node: &'a AstNode) -> Option<Size> {
        self.sum(list, |this, item| this.of(node, item))
    }

    /// The sum of a bound over the items of a list. The part that grows with the item grows as the list at most, and is
    /// counted once; the part that does not is counted for as many items as there can be.
    fn sum(&mut self, list: f64, mut each: impl FnMut(&mut Self, f64) -> Option<Size>) -> Option<Size> {
        let count = list / ITEM + 1.0;
        let scoped = std::mem::replace(&mut self.scoped, false);
        let (least, most) = (each(self, ITEM)?, each(self, list.max(ITEM))?);
        self.scoped = scoped;
        let over = |least: f64, most: f64| count * least + (most - least).max(0.0);
        let value = over(least.value.max(ITEM) + COMMA, most.value + COMMA);
        Size::new(value + ITEM, over(least.total, most.total) + count * SLOT)
    }

    fn path(&mut self, steps: &'a [PathStep], context: f64) -> Option<Size> {
        let mut size = Size { value: context, total: 0.0, text: false };
        for (position, step) in steps.iter().enumerate() {
            if step.focus.is_some() || step.index_var.is_some() || step.is_tuple {
                return None;
            }
            let before = size.total;
            size = match &step.node {
                AstNode::Name(_) | AstNode::Wildcard => Size::new(size.value, items(size.value))?,
                AstNode::Variable(name) if name.is_empty() => size,
                node if position == 0 => self.of(node, size.value)?,
                node => self.each(size.value, node)?,
            };
            size.total += before;
            for stage in &step.stages {
                if let Stage::Filter(predicate) = stage {
                    size.total += self.each(size.value, predicate)?.total + items(size.value);
                    // A list of positions takes an item more than once.
                    if !is_scalar(predicate) {
                        let positions = self.of(predicate, size.value)?.value / ITEM;
                        size = Size { value: size.value * positions.max(1.0), text: false, ..size };
                    }
                }
            }
            let checked = Size::new(size.value, size.total)?;
            size = Size { text: size.text && step.stages.is_empty(), ..checked };
        }
        // The value may become an array.
        Some(Size { value: size.value + ITEM, ..size })
    }

    fn binary(&mut self, op: BinaryOp, left: &'a AstNode, right: &'a AstNode, context: f64) -> Option<Size> {
        if op == BinaryOp::ColonEqual {
            let size = self.of(right, context)?;
            if !self.scoped || self.names.len() >= NAMES {
                return None;
            }
            if let AstNode::Variable(name) = left {
                let known = match right {
                    AstNode::Lambda { params, body, .. } => Known::Function(params, body, context),
                    _ => Known::Value(size.value),
                };
                self.names.push((name, known));
            }
            return Some(size);
        }
        if op == BinaryOp::ChainPipe {
            return match right {
                AstNode::Function { name, args, .. } => self.call(name, std::iter::once(left).chain(args), context),
                _ => None,
            };
        }
        if op == BinaryOp::Range {
            let (first, last) = (self.most(left, context)?, self.most(right, context)?);
            let count = match (left, right) {
                (AstNode::Number(first), AstNode::Number(last)) => (last - first + 1.0).max(0.0),
                _ => first + last + 1.0,
            };
            let digits = first.max(last).max(10.0).log10() + ITEM;
            return if count > VALUE as f64 / 8.0 { None } else { Size::new(count * digits, count * SLOT) };
        }
        let (left, right) = (self.of(left, context)?, self.of(right, context)?);
        let total = left.total + right.total;
        match op {
            BinaryOp::Concatenate => {
                let size = left.as_text() + right.as_text();
                Size::of_text(size, total + size)
            }
            BinaryOp::Coalesce | BinaryOp::Default => {
                let text = left.text && right.text;
                Some(Size { value: left.value.max(right.value), total, text })
            }
            BinaryOp::FocusBind | BinaryOp::IndexBind => None,
            _ => scalar(total),
        }
    }

    /// The largest number that a node may give, whatever its sign.
    fn most(&mut self, node: &'a AstNode, context: f64) -> Option<f64> {
        match node {
            AstNode::Number(number) => Some(number.abs()),
            AstNode::Unary { operand, .. } => self.most(operand, context),
            AstNode::Binary { op: BinaryOp::Add | BinaryOp::Subtract, lhs, rhs } => {
                Some(self.most(lhs, context)? + self.most(rhs, context)?)
            }
            AstNode::Function { name, args, .. }
                if name == "count" && args.len() == 1 && self.known(name)?.is_none() =>
            {
                Some(self.of(args.first()?, context)?.value / ITEM + 1.0)
            }
            _ => None,
        }
    }

    fn call(
        &mut self,
        name: &'a str,
        arguments: impl Iterator<Item = &'a AstNode> + Clone,
        context: f64,
    ) -> Option<Size> {
        if let Some(known) = self.known(name)? {
            let Known::Function(names, body, context_there) = known else { return None };
            let mut sizes = Vec::new();
            let mut total = 0.0;
            for argument in arguments {
                // Nothing is known of the calls of a function that is handed on.
                if matches!(argument, AstNode::Lambda { .. } | AstNode::Placeholder) {
                    return None;
                }
                let size = self.of(argument, context)?;
                sizes.push(size.value);
                total += size.total;
            }
            let size = self.apply(names, body, &sizes, context_there)?;
            return Some(Size { total: size.total + total, ..size });
        }
        let is_of_each = matches!(name, "map" | "filter" | "each" | "sift" | "single");
        if is_of_each || name == "sort" && arguments.clone().nth(1).is_some() {
            return self.of_each(name, arguments, context);
        }
        let mut sizes = Vec::new();
        for argument in arguments.clone() {
            sizes.push(match argument {
                AstNode::Placeholder | AstNode::Lambda { .. } => return None,
                argument => self.of(argument, context)?,
            });
        }
        let total: f64 = sizes.iter().map(|size| size.total).sum();
        // An argument that is left out is the context.
        let first = sizes.first().map_or(context, |size| size.as_text());
        let list = sizes.first().map_or(context, |size| size.value);
        let literal = |position: usize| match arguments.clone().nth(position) {
            Some(AstNode::String(text)) => Some(text.as_str()),
            _ => None,
        };
        let text = |size: f64| Size::of_text(size, total + size);
        match name {
            "abs" | "assert" | "average" | "boolean" | "ceil" | "contains" | "count" | "error" | "exists" | "floor"
            | "formatBase" | "hash" | "length" | "max" | "millis" | "min" | "not" | "now" | "number"
            | "parseInteger" | "power" | "random" | "round" | "sqrt" | "sum" | "toMillis" | "type" | "uuid" => {
                Size::new(SCALAR * 5.0, total + SCALAR * 5.0)
            }
            // Indented it is longer.
            "string" if sizes.len() > 1 => None,
            "string" | "trim" | "substring" | "substringBefore" | "substringAfter" | "base64decode" | "decodeUrl"
            | "decodeUrlComponent" => text(first),
            "uppercase" | "lowercase" => text(3.0 * first),
            "base64encode" => text(2.0 * first + 4.0),
            // `%C3%A9` for one letter.
            "encodeUrl" | "encodeUrlComponent" => text(9.0 * first),
            "formatNumber" | "formatInteger" if sizes.len() == 2 => text(1_000.0 + literal(1)?.len() as f64),
            "fromMillis" => {
                // A width may be any number.
                let picture = if sizes.len() > 1 { literal(1).filter(|picture| !picture.contains(','))? } else { "" };
                text(1_000.0 + 40.0 * picture.len() as f64)
            }
            "pad" => match arguments.clone().nth(1)? {
                AstNode::Number(width) => text(first + 4.0 * width.abs()),
                AstNode::Unary { operand, .. } => match &**operand {
                    AstNode::Number(width) => text(first + 4.0 * width.abs()),
                    _ => None,
                },
                _ => None,
            },
            "join" => {
                let between = sizes.get(1).map_or(0.0, |size| size.as_text());
                text(list + (list / ITEM) * between)
            }
            "replace" => {
                let new = literal(2).filter(|new| !new.contains('$'))?;
                text((first + 1.0) * (1.0 + new.len() as f64))
            }
            "split" => Size::new(first * 3.0 + ITEM, total + first * (SLOT + 32.0)),
            "append" | "distinct" | "keys" | "lookup" | "merge" | "partition" | "reverse" | "shuffle" | "spread"
            | "zip" => {
                let size: f64 = sizes.iter().map(|size| size.value).sum::<f64>().max(context) + ITEM;
                // Some of them put brackets around each part.
                Size::new(3.0 * size, total + items(size) + size / ITEM * MEMBER)
            }
            "sort" if sizes.len() == 1 => Size::new(list + ITEM, total + 2.0 * items(list)),
            "parse" => Size::new(first, total + first / ITEM * MEMBER),
            _ => None,
        }
    }

    /// The bound of a higher-order function whose function is known.
    fn of_each(&mut self, name: &str, mut arguments: impl Iterator<Item = &'a AstNode>, context: f64) -> Option<Size> {
        let list = self.of(arguments.next()?, context)?;
        let (names, body, context) = match arguments.next()? {
            AstNode::Lambda { params, body, .. } => (params.as_slice(), &**body, context),
            AstNode::Variable(name) => match self.known(name)?? {
                Known::Function(names, body, context) => (names, body, context),
                Known::Value(_) => return None,
            },
            _ => return None,
        };
        let second = |item: f64| if name == "sort" { item } else { SCALAR };
        let arguments = |item: f64| [item, second(item), list.value];
        let results = self.sum(list.value, |this, item| this.apply(names, body, &arguments(item), context))?;
        let value = if let "map" | "each" = name { results.value } else { list.value } + ITEM;
        Size::new(value, list.total + results.total + items(list.value))
    }

    fn apply(&mut self, names: &'a [String], body: &'a AstNode, arguments: &[f64], context: f64) -> Option<Size> {
        if self.calls == CALLS {
            return None;
        }
        if self.names.len() + names.len() > NAMES {
            return None;
        }
        self.calls += 1;
        let (outer, scoped) = (self.names.len(), std::mem::replace(&mut self.scoped, true));
        for (position, name) in names.iter().enumerate() {
            self.names.push((name, Known::Value(arguments.get(position).copied().unwrap_or(ITEM))));
        }
        let size = self.of(body, context);
        self.names.truncate(outer);
        self.scoped = scoped;
        self.calls -= 1;
        size
    }
}

fn scalar(total: f64) -> Option<Size> {
    Size::new(SCALAR, total)
}

/// Memory of an array with as many items as a value of that size can have.
fn items(value: f64) -> f64 {
    value / ITEM * SLOT
}

/// Whether a predicate gives one value, and no list.
fn is_scalar(node: &AstNode) -> bool {
    match node {
        AstNode::Number(_) | AstNode::Boolean(_) | AstNode::String(_) | AstNode::Null | AstNode::Unary { .. } => true,
        AstNode::Binary { op, .. } => !matches!(
            op,
            BinaryOp::Range | BinaryOp::ChainPipe | BinaryOp::Coalesce | BinaryOp::Default | BinaryOp::ColonEqual
        ),
        AstNode::Function { name, .. } => {
            matches!(name.as_str(), "boolean" | "contains" | "count" | "exists" | "length" | "not" | "number")
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, test_runner::RngSeed};

    use super::*;
    use crate::asl::expression::jsonata::{Expression, MAX_STACK_DEPTH, json, limits::tests as limits};

    /// The estimate and the truth, as JSON text.
    fn sizes(text: &str) -> Option<(f64, usize)> {
        let expression = Expression::parse(text).ok()?;
        let data = limits::DATA_BYTES as f64;
        let mut estimate = Estimate { data, work: WORK, calls: 0, names: Vec::new(), scoped: true };
        let estimated = estimate.of(&expression.tree, ITEM)?;
        let values = limits::values();
        let mut evaluator = expression.evaluator(&values, MAX_STACK_DEPTH).ok()?;
        let value = evaluator.evaluate(&expression.tree, &JValue::Undefined).ok()?;
        Some((estimated.value, json(&value, 99)?.to_string().len()))
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: std::env::var("CASES").ok().and_then(|it| it.parse().ok()).unwrap_or(1_000),
            failure_persistence: None,
            rng_seed: RngSeed::Fixed(std::env::var("SEED").ok().and_then(|it| it.parse().ok()).unwrap_or(2026)),
            ..ProptestConfig::default()
        })]

        #[test]
        fn a_value_is_no_larger_than_estimated(text in limits::expression()) {
            if let Some((estimated, actual)) = sizes(&text) {
                prop_assert!(actual as f64 <= estimated, "{actual} > {estimated}: {text}");
            }
        }
    }
}
