//! What an expression gives, found in its tree.
//!
//! A name that is not there is *undefined*, which is no error by itself: a comparison with it is false, a text without
//! it is shorter. A field whose expression is undefined as a whole fails the state.

mod path;

use std::rc::Rc;

use super::{
    miss::{Got, Miss},
    scene::Scene,
    shape::{Array, Member, Shape},
};
use crate::asl::expression::jsonata::{
    Expression,
    ast::{Call, Condition, Kind, Node, Op, Pairs, Stage, Text},
    is_builtin,
};

/// What an expression gives. What is read in vain without making the whole undefined is `noted`.
pub(super) fn evaluate(expression: &Expression, scene: &Scene<'_>, noted: &mut dyn FnMut(&Miss)) -> Got {
    let tree = expression.tree();
    if tree.is_too_deep {
        return Got::UNKNOWN;
    }
    let mut walk = Walk { scene, locals: Vec::new(), missed: Vec::new(), quiet: 0, misses: 0 };
    let got = walk.node(&tree.root, &Got::UNKNOWN);
    walk.missed.iter().for_each(noted);
    got
}

/// Whether an expression asks for anything that is not there, be it only on a route.
pub(super) fn misses(expression: &Expression, scene: &Scene<'_>) -> bool {
    let mut walk = Walk { scene, locals: Vec::new(), missed: Vec::new(), quiet: 0, misses: 0 };
    let got = walk.node(&expression.tree().root, &Got::UNKNOWN);
    walk.misses > 0 || got.miss().is_some()
}

/// Functions that give nothing for an argument that is nothing, and what they give else.
pub(super) const STRICT: [(&str, Shape); 24] = [
    ("abs", Shape::NUMBER),
    ("base64decode", Shape::TEXT),
    ("base64encode", Shape::TEXT),
    ("ceil", Shape::NUMBER),
    ("contains", Shape::BOOLEAN),
    ("decodeUrl", Shape::TEXT),
    ("decodeUrlComponent", Shape::TEXT),
    ("encodeUrl", Shape::TEXT),
    ("encodeUrlComponent", Shape::TEXT),
    ("floor", Shape::NUMBER),
    ("length", Shape::NUMBER),
    ("lowercase", Shape::TEXT),
    ("max", Shape::NUMBER),
    ("min", Shape::NUMBER),
    ("number", Shape::NUMBER),
    ("round", Shape::NUMBER),
    ("sqrt", Shape::NUMBER),
    ("string", Shape::TEXT),
    ("substring", Shape::TEXT),
    ("substringAfter", Shape::TEXT),
    ("substringBefore", Shape::TEXT),
    ("sum", Shape::NUMBER),
    ("trim", Shape::TEXT),
    ("uppercase", Shape::TEXT),
];

/// Functions that ask whether there is something, or of what kind it is.
const ASKING: [&str; 5] = ["boolean", "count", "exists", "not", "type"];

struct Walk<'a, 's> {
    scene: &'a Scene<'s>,
    locals: Vec<(Text, Got)>,
    missed: Vec<Miss>,
    /// Whether what is missing is asked for, not read.
    quiet: usize,
    /// Values that were missing, noted or not.
    misses: usize,
}

impl Walk<'_, '_> {
    /// Looks at a value of which no more is made when it is missing.
    fn note(&mut self, got: &Got) {
        if let Some(miss) = got.miss() {
            self.misses += 1;
            // Nobody need ask for what a type says is never there.
            if self.quiet == 0 || miss.is_declared() {
                self.missed.push(miss.clone());
            }
        }
    }

    fn noted(&mut self, node: &Node, here: &Got) -> Shape {
        let got = self.node(node, here);
        self.note(&got);
        got.shape()
    }

    /// The value of a node that is only asked whether it is there, or compared.
    fn asked(&mut self, node: &Node, here: &Got) {
        self.quiet += 1;
        self.noted(node, here);
        self.quiet -= 1;
    }

    fn node(&mut self, node: &Node, here: &Got) -> Got {
        stacker::maybe_grow(1 << 16, 1 << 20, || {
            let mut got = self.kind(node, here);
            let step = node.step.as_deref();
            let stages = node.stages().iter().map(|stage| match stage {
                Stage::Filter(predicate) => Some(predicate),
                Stage::Index(_) => None,
            });
            for predicate in node.predicates.iter().map(Some).chain(stages) {
                got = match predicate {
                    Some(predicate) => self.filtered(predicate, got),
                    None => Got::UNKNOWN,
                };
            }
            if let Some(pairs) = &node.group {
                for (key, value) in pairs.iter() {
                    self.asked(key, &Got::UNKNOWN);
                    self.asked(value, &Got::UNKNOWN);
                }
                return Got::UNKNOWN;
            }
            // Names that are bound on the way are not followed.
            let binds = step.is_some_and(|it| it.focus.is_some() || it.index.is_some() || it.parent.is_some());
            if node.tuple || binds { Got::UNKNOWN } else { got }
        })
    }

    fn kind(&mut self, node: &Node, here: &Got) -> Got {
        match &node.kind {
            Kind::Null => Got::There(Shape::Scalar("null")),
            Kind::Bool(_) => Got::There(Shape::BOOLEAN),
            Kind::Number(_) => Got::There(Shape::NUMBER),
            Kind::Text(text) if text.contains("${") => Got::UNKNOWN,
            Kind::Text(_) => Got::There(Shape::TEXT),
            Kind::Name(_) | Kind::Variable(_) => self.path(std::slice::from_ref(node), here, true),
            Kind::Path(steps, keep) => {
                let got = self.path(steps, here, false);
                if *keep { got.with_shape(Shape::Unknown) } else { got }
            }
            Kind::Binary(op, nodes) => self.binary(*op, &nodes[0], &nodes[1], here),
            Kind::Negate(node) => self.node(node, here).with_shape(Shape::NUMBER),
            Kind::List(nodes) => {
                let is_single = |node: &Node| {
                    matches!(
                        node.kind,
                        Kind::Text(_) | Kind::Number(_) | Kind::Object(_) | Kind::List(_) | Kind::Bool(_)
                    )
                };
                let exact = nodes.iter().all(is_single);
                let items: Vec<Shape> = nodes.iter().map(|node| self.noted(node, here)).collect();
                Got::There(if exact { Shape::tuple(items) } else { Shape::list(Shape::Unknown) })
            }
            Kind::Object(pairs) => Got::There(self.object(pairs, here)),
            Kind::Block(nodes) => {
                let known = self.locals.len();
                let mut got = Got::UNKNOWN;
                for node in nodes {
                    got = self.node(node, here);
                }
                self.locals.truncate(known);
                got
            }
            Kind::Condition(condition) => self.condition(condition, here),
            Kind::Bind(name, value) => {
                let got = self.node(value, here);
                self.locals.push((name.clone(), got.clone()));
                got
            }
            Kind::Apply(nodes) => {
                nodes.iter().for_each(|node| self.asked(node, here));
                Got::UNKNOWN
            }
            Kind::Call(call) => self.call(call, here),
            Kind::Lambda(lambda) => {
                let known = self.locals.len();
                self.locals.extend(lambda.parameters.iter().map(|name| (name.clone(), Got::UNKNOWN)));
                // What a function is called with, and whether at all, is not known.
                self.asked(&lambda.body, &Got::UNKNOWN);
                self.locals.truncate(known);
                Got::UNKNOWN
            }
            kind => {
                kind.children().for_each(|node| self.asked(node, &Got::UNKNOWN));
                Got::UNKNOWN
            }
        }
    }

    fn binary(&mut self, op: Op, left: &Node, right: &Node, here: &Got) -> Got {
        match op {
            Op::Add | Op::Subtract | Op::Multiply | Op::Divide | Op::Remainder => {
                let (left, right) = (self.node(left, here), self.node(right, here));
                let got = match (left, right) {
                    (left @ Got::Missing(_), _) | (left @ Got::Partly(..), Got::There(_)) => left,
                    (_, right) => right,
                };
                got.with_shape(Shape::NUMBER)
            }
            Op::Concatenate => {
                self.noted(left, here);
                self.noted(right, here);
                Got::There(Shape::TEXT)
            }
            Op::Range => {
                self.noted(left, here);
                self.noted(right, here);
                Got::There(Shape::list(Shape::NUMBER))
            }
            // All of these take what is not there: they give a truth value, or nothing.
            Op::Equal
            | Op::NotEqual
            | Op::Less
            | Op::LessOrEqual
            | Op::Greater
            | Op::GreaterOrEqual
            | Op::In
            | Op::And
            | Op::Or => {
                self.asked(left, here);
                self.asked(right, here);
                Got::There(Shape::BOOLEAN)
            }
        }
    }

    fn object(&mut self, pairs: &Pairs, here: &Got) -> Shape {
        let mut open = false;
        let mut members: Vec<(Rc<str>, Member)> = Vec::new();
        for (key, value) in pairs {
            let got = self.node(value, here);
            self.note(&got);
            match &key.kind {
                Kind::Text(name) if !name.contains("${") && !members.iter().any(|(known, _)| **known == **name) => {
                    // A member that is nothing is left out.
                    if !matches!(got, Got::Missing(_)) {
                        members.push((Rc::from(&**name), Member::new(got.shape())));
                    }
                }
                _ => {
                    self.noted(key, here);
                    open = true;
                }
            }
        }
        Shape::object(members, open, self.scene.origin.clone())
    }

    fn condition(&mut self, it: &Condition, here: &Got) -> Got {
        let before = self.misses;
        self.asked(&it.condition, here);
        // Whoever asks for what is not there knows that it may be so.
        let guards = usize::from(self.misses > before);
        self.quiet += guards;
        let known = self.locals.len();
        let then = self.node(&it.then, here);
        let otherwise = it.otherwise.as_ref().map(|node| self.node(node, here));
        let got = match (then, otherwise) {
            (Got::Missing(miss), None | Some(Got::Missing(_))) => Got::Missing(miss),
            (got, None) => Got::There(got.shape()),
            (missing @ Got::Missing(_), Some(got)) | (got, Some(missing @ Got::Missing(_))) => {
                self.note(&missing);
                Got::There(got.shape())
            }
            (then, Some(otherwise)) => Got::There(then.shape().join(&otherwise.shape()).without_lacks()),
        };
        self.quiet -= guards;
        // What one branch binds, the other may bind otherwise.
        self.locals[known..].iter_mut().for_each(|(_, local)| *local = Got::UNKNOWN);
        got
    }

    fn call(&mut self, call: &Call, here: &Got) -> Got {
        let name = match &call.procedure.kind {
            Kind::Variable(name) if self.is_function(name) => &**name,
            _ => {
                self.asked(&call.procedure, here);
                call.arguments.iter().for_each(|node| self.asked(node, here));
                return Got::UNKNOWN;
            }
        };
        if ASKING.contains(&name) {
            call.arguments.iter().for_each(|node| self.asked(node, here));
            let shape = if name == "count" { Shape::NUMBER } else { Shape::Unknown };
            return Got::There(shape);
        }
        if let (Some((_, shape)), Some((first, rest))) =
            (STRICT.iter().find(|(known, _)| *known == name), call.arguments.split_first())
        {
            let got = self.node(first, here);
            rest.iter().for_each(|node| {
                self.noted(node, here);
            });
            return got.with_shape(shape.clone());
        }
        let arguments: Vec<Shape> = call.arguments.iter().map(|node| self.noted(node, here)).collect();
        Got::There(match (name, arguments.as_slice()) {
            ("merge", [Shape::Array(array)]) => merged(array).unwrap_or(Shape::Unknown),
            ("now" | "uuid" | "join" | "formatNumber" | "formatBase" | "formatInteger" | "fromMillis" | "hash", _) => {
                Shape::TEXT
            }
            ("millis" | "random" | "toMillis" | "power" | "average", _) => Shape::NUMBER,
            ("range", _) => Shape::list(Shape::NUMBER),
            _ => Shape::Unknown,
        })
    }

    /// Whether a name is that of a function of the language, and nobody has taken it.
    fn is_function(&self, name: &str) -> bool {
        let is_taken = self.locals.iter().any(|(known, _)| &**known == name)
            || !matches!(self.scene.variable(name), Got::Missing(_));
        is_builtin(name) && !is_taken
    }
}

/// The object that `$merge` makes of these, where all of them are known.
fn merged(array: &Array) -> Option<Shape> {
    let mut members: Vec<(Rc<str>, Member)> = Vec::new();
    let mut from = None;
    let mut open = false;
    for item in array.known.as_ref()? {
        let Shape::Object(object) = item else { return None };
        open |= object.open;
        from.get_or_insert_with(|| object.from.clone());
        for (name, member) in &object.members {
            members.retain(|(known, _)| known != name);
            members.push((name.clone(), member.clone()));
        }
    }
    Some(Shape::object(members, open, from?))
}
