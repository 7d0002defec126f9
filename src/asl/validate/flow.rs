//! F2101, F2102, F2103: a path or an expression reads what does not reach its state.
//!
//! From the first state on, along every route, it is worked out which [shape](shape) the input and the variables of each
//! state have: from literals and templates, from the models of the APIs that tasks call, from the types that a workflow
//! in Rust declares. Where routes meet, what they have in common is known; what is not known is never guessed at, so
//! that a fault is one on every run that gets there.

mod jsonata;
mod known;
mod miss;
mod reads;
mod result;
mod scene;
mod schema;
mod shape;
#[cfg(test)]
mod tests;
mod visit;

use std::{cmp::Reverse, collections::BTreeSet};

pub(crate) use self::known::Declared;

use self::{
    known::{Inside, Known},
    shape::Shape,
    visit::{Facts, Visitor},
};
use crate::{
    asl::definition::{Definition, Scope, StateKind, Target},
    diagnostic::Diagnostic,
};

/// Visits of one state, after which nothing more is known of what reaches it.
const MOST_VISITS: usize = 32;

/// What the states of a definition without errors read in vain.
pub(super) fn check(definition: &Definition, declared: &Declared, found: &mut Vec<Diagnostic>) {
    let targets = || definition.states().flat_map(|state| state.targets());
    let starts = || definition.scopes.iter().filter_map(|scope| scope.start.as_ref());
    // Where a token hides a way, nothing is known of the routes.
    if !definition.unresolved().is_empty() || starts().chain(targets()).any(|target| target.hidden) {
        return;
    }
    let mut flow = Flow::new(definition, declared);
    flow.run();
    flow.report(found);
}

/// The flow of data through a definition.
struct Flow<'a> {
    definition: &'a Definition,
    known: Known,
    /// What reaches each state of each scope.
    facts: Vec<Vec<Option<Facts>>>,
    visits: Vec<Vec<usize>>,
    /// The context object of each scope.
    contexts: Vec<Shape>,
    /// The state that each scope is in.
    parents: Vec<Option<(usize, usize)>>,
    /// The place of each state on the way through its scope.
    ranks: Vec<Vec<usize>>,
    /// States to visit: those of inner scopes first, then in the order of the way.
    waiting: BTreeSet<(Reverse<usize>, usize, usize)>,
}

impl<'a> Flow<'a> {
    fn new(definition: &'a Definition, declared: &'a Declared) -> Self {
        let scopes = &definition.scopes;
        let mut parents = vec![None; scopes.len()];
        for (scope, it) in scopes.iter().enumerate() {
            for (position, state) in it.states.iter().enumerate() {
                state.scopes().for_each(|inner| parents[inner] = Some((scope, position)));
            }
        }
        let mut flow = Self {
            definition,
            known: Known::new(definition, declared),
            facts: scopes.iter().map(|scope| vec![None; scope.states.len()]).collect(),
            visits: scopes.iter().map(|scope| vec![0; scope.states.len()]).collect(),
            contexts: vec![Shape::Unknown; scopes.len()],
            parents,
            ranks: scopes.iter().map(ranks).collect(),
            waiting: BTreeSet::new(),
        };
        let context = flow.known.context(&Inside::Same);
        flow.contexts[0] = context;
        flow
    }

    fn run(&mut self) {
        let facts = Facts { input: self.known.input.clone(), variables: self.known.no_variables() };
        self.start(0, facts);
        loop {
            while let Some((_, _, position)) = self.waiting.first().copied() {
                let Some((Reverse(scope), _, _)) = self.waiting.pop_first() else { break };
                self.visit(scope, position);
            }
            // The iterations of a `Map` that never come to an end end one only where there are no items.
            let stuck = |&scope: &usize| {
                let Some((outer, position)) = self.parents[scope] else { return false };
                let is_map = matches!(self.definition.scopes[outer].states[position].kind, StateKind::Map(_));
                is_map && self.facts[outer][position].is_some() && self.known.outputs[scope].is_none()
            };
            let Some(scope) = (0..self.known.outputs.len()).find(stuck) else { return };
            self.end(scope, &Shape::Unknown);
        }
    }

    /// Lets something reach the first state of a scope.
    fn start(&mut self, scope: usize, facts: Facts) {
        if let Some(start) = self.definition.scopes[scope].start.as_ref().filter(|start| start.exists()) {
            self.reach(scope, start.position(), facts);
        }
    }

    fn reach(&mut self, scope: usize, position: usize, facts: Facts) {
        let known = &mut self.facts[scope][position];
        let new = match known {
            Some(_) if self.visits[scope][position] >= MOST_VISITS => Facts::UNKNOWN,
            Some(known) => known.join(&facts),
            None => facts,
        };
        if known.as_ref() != Some(&new) {
            *known = Some(new);
            self.wake(scope, position);
        }
    }

    fn wake(&mut self, scope: usize, position: usize) {
        self.waiting.insert((Reverse(scope), self.ranks[scope][position], position));
    }

    /// Lets something come out of a scope.
    fn end(&mut self, scope: usize, output: &Shape) {
        let joined = self.known.outputs[scope].as_ref().map_or_else(|| output.clone(), |known| known.join(output));
        if self.known.outputs[scope].as_ref() != Some(&joined) {
            self.known.outputs[scope] = Some(joined);
            if let Some((outer, position)) = self.parents[scope] {
                self.wake(outer, position);
            }
        }
    }

    fn visit(&mut self, scope: usize, position: usize) {
        let Some(facts) = self.facts[scope][position].clone() else { return };
        self.visits[scope][position] += 1;
        let state = &self.definition.scopes[scope].states[position];
        let mut visitor = Visitor::new(&self.known, state, &facts, &self.contexts[scope]);
        visitor.look();
        let visit = visitor.visit;
        for (inner, facts, inside) in visit.inner {
            let context = match &inside {
                Inside::Same => self.contexts[scope].clone(),
                inside => self.known.context(inside),
            };
            if self.contexts[inner] != context {
                self.contexts[inner] = context;
                // Whatever was reached before sees another context.
                let reached = (0..self.facts[inner].len()).filter(|&at| self.facts[inner][at].is_some());
                reached.collect::<Vec<_>>().into_iter().for_each(|at| self.wake(inner, at));
            }
            self.start(inner, facts);
        }
        for (target, facts) in visit.ways {
            match target {
                Some(target) => self.go(scope, target, facts),
                None => self.end(scope, &facts.input),
            }
        }
    }

    fn go(&mut self, scope: usize, target: &Target, facts: Facts) {
        if target.exists() {
            self.reach(scope, target.position(), facts);
        }
    }

    fn report(&self, found: &mut Vec<Diagnostic>) {
        for (scope, states) in self.facts.iter().enumerate() {
            for (position, facts) in states.iter().enumerate() {
                let Some(facts) = facts else { continue };
                let state = &self.definition.scopes[scope].states[position];
                let mut visitor = Visitor::new(&self.known, state, facts, &self.contexts[scope]);
                visitor.look();
                let first = found.len();
                let reads = visitor.reads.0.iter();
                for fault in reads.filter_map(|(miss, at, effect)| miss.diagnostic(state, at, *effect)) {
                    if !found[first..].contains(&fault) {
                        found.push(fault);
                    }
                }
            }
        }
    }
}

/// The place of each state of a scope on the way from its start: each after those that lead to it, loops aside.
fn ranks(scope: &Scope) -> Vec<usize> {
    let next = |position: usize| -> Vec<usize> {
        scope.states[position].targets().filter(|target| target.exists()).map(Target::position).collect()
    };
    let mut ranks = vec![0; scope.states.len()];
    let Some(start) = scope.start.as_ref().filter(|start| start.exists()).map(Target::position) else { return ranks };
    let mut seen = vec![false; ranks.len()];
    seen[start] = true;
    let mut way = vec![(start, next(start))];
    let mut left = ranks.len();
    while let Some((position, targets)) = way.last_mut() {
        match targets.pop() {
            Some(target) if !std::mem::replace(&mut seen[target], true) => way.push((target, next(target))),
            Some(_) => {}
            None => {
                left = left.saturating_sub(1);
                ranks[*position] = left;
                way.pop();
            }
        }
    }
    ranks
}
