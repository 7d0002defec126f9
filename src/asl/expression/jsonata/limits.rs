//! The service's limits on the memory of an expression, for one that may go beyond them.
//!
//! The library has no such limit, so that the tree is rewritten: a value that is kept, handed on, or looked into as a
//! whole goes through a function that weighs it. The function gives the value back unchanged, and the result of the
//! expression stays the same.

pub(super) mod budget;
mod rewrite;
#[cfg(test)]
pub(super) mod tests;

use std::{collections::BTreeSet, rc::Rc};

use jsonata_core::{
    ast::AstNode,
    evaluator::{Evaluator, EvaluatorError},
    value::JValue,
};

pub(super) use self::budget::{VALUE, exceeded, weigh};

use self::{budget::Budget, rewrite::Rewrite};
use super::natives::Natives;

/// Pairs that `@` and `#` may make.
const PAIRS: f64 = 4_000_000.0;

/// An expression that is watched while it runs.
#[derive(Clone, Debug)]
pub(super) struct Limited {
    pub tree: AstNode,
    natives: Natives,
    /// The depth of calls of the weighing functions, which must not count against the depth of the expression.
    pub depth: usize,
    /// The number of names that `@` and `#` bind: each multiplies the tuples of the others.
    binders: usize,
    /// The most items that a range makes.
    ranges: usize,
    /// Names of the weighing functions that the tree calls.
    calls: BTreeSet<&'static str>,
}

impl Limited {
    pub fn new(tree: &AstNode) -> Self {
        let mut rewrite = Rewrite::default();
        let mut tree = rewrite.node(tree);
        let Rewrite { most: depth, binders, ranges, calls, .. } = rewrite;
        let natives = Natives::install(&mut tree);
        Self { tree, natives, depth, binders, ranges, calls }
    }

    /// Whether lists of that length may make too many pairs.
    pub fn pairs_too_much(&self, longest: impl FnOnce() -> usize) -> bool {
        if self.binders < 2 {
            return false;
        }
        let longest = longest().max(self.ranges);
        (longest as f64).powi(i32::try_from(self.binders).unwrap_or(i32::MAX)) > PAIRS
    }
}

impl Limited {
    /// Registers the weighing functions that the tree calls with the evaluator.
    pub fn register(&self, evaluator: &mut Evaluator) -> Result<(), EvaluatorError> {
        self.natives.register(evaluator)?;
        let budget = Rc::new(Budget::default());
        for &name in &self.calls {
            let budget = Rc::clone(&budget);
            evaluator.register_fn(name, move |arguments: &[JValue]| budget.call(name, arguments))?;
        }
        Ok(())
    }
}
