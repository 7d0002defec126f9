//! What follows a node in a path: its steps, and what belongs to each of them.

use super::Parser;
use crate::asl::expression::jsonata::{
    ast::{Kind, Node, Stage, Term, Text},
    error::{Error, Given},
    number::decimal,
    shape::{into_path, into_step},
};

impl Parser<'_> {
    pub(super) fn predicate(&mut self, mut left: Node) -> Given<Node> {
        if self.is("]") {
            self.expect("]", false)?;
            left.keep = true;
            if let Kind::Path(steps, keep) = &mut left.kind
                && let [.., last] = steps.as_mut_slice()
                && matches!(last.kind, Kind::Name(_))
                && left.group.is_none()
                && last.step.as_deref().is_none_or(|step| step.index.is_none())
            {
                last.keep = true;
                *keep = true;
            }
            return Ok(left);
        }
        let predicate = self.expression(0)?;
        self.expect("]", true)?;
        left.with_last_step(|step| {
            if step.group.is_some() {
                return Error::fail("S0209", "A predicate cannot follow a grouping expression in a step");
            }
            let mut slots = predicate.step.iter().flat_map(|step| step.seeking.iter().copied());
            slots.try_for_each(|slot| self.ancestry.seek_in_predicate(step, slot))
        })?;
        let outer: Vec<usize> = predicate.slots().collect();
        let height = predicate.height + 1;
        match &mut left.kind {
            Kind::Path(steps, _) => {
                if let Some(step) = steps.last_mut() {
                    step.seek(outer);
                    step.step_mut().stages.push(Stage::Filter(predicate));
                }
            }
            _ => {
                left.seek(outer);
                left.predicates.push(predicate);
            }
        }
        left.height = left.height.max(height);
        Ok(left)
    }

    pub(super) fn group(&mut self, mut left: Node) -> Given<Node> {
        let pairs = self.pairs()?;
        if left.group.is_some() {
            return Error::fail("S0210", "Each step can only have one grouping expression");
        }
        let height = pairs.iter().flat_map(|(key, value)| [key.height, value.height]).max().unwrap_or(0) + 1;
        left.height = left.height.max(height);
        left.group = Some(Box::new(pairs));
        Ok(left)
    }

    pub(super) fn order(&mut self, left: Node, at: usize) -> Given<Node> {
        self.expect("(", false)?;
        let mut terms = Vec::new();
        loop {
            let is_descending = self.is(">");
            if is_descending || self.is("<") {
                self.next(false)?;
            }
            terms.push(Term { node: self.expression(0)?, is_descending });
            if !self.take(",")? {
                break;
            }
        }
        self.expect(")", false)?;
        let mut result = into_path(left);
        let seeking: Vec<usize> = terms.iter().flat_map(|term| term.node.slots()).collect();
        let mut sort = Node::new(Kind::Sort(terms), at);
        sort.seek(seeking);
        result.height = result.height.max(sort.height + 1);
        if let Kind::Path(steps, _) = &mut result.kind {
            steps.push(sort);
        }
        self.ancestry.resolve(&mut result)?;
        Ok(result)
    }

    fn bound_name(&mut self, sign: &str) -> Given<Text> {
        match self.expression(80)?.kind {
            Kind::Variable(name) => Ok(name),
            _ => {
                let text = format!("The right side of \"{sign}\" must be a variable name (start with $)");
                Error::fail("S0214", text)
            }
        }
    }

    pub(super) fn focus(&mut self, mut left: Node) -> Given<Node> {
        let name = self.bound_name("@")?;
        left.with_last_step(|step| {
            if !step.stages().is_empty() || !step.predicates.is_empty() {
                return Error::fail("S0215", "A context variable binding must precede any predicates on a step");
            }
            if matches!(step.kind, Kind::Sort(_)) {
                let text = "A context variable binding must precede the 'order-by' clause on a step";
                return Error::fail("S0216", text);
            }
            step.tuple = true;
            // `$` alone is no name that could be bound.
            step.step_mut().focus = Some(name).filter(|name| !name.is_empty());
            Ok(())
        })?;
        Ok(left)
    }

    pub(super) fn index(&mut self, left: Node) -> Given<Node> {
        let name = self.bound_name("#")?;
        let mut left = into_path(left);
        left.with_last_step(|step| {
            step.tuple = true;
            let predicates = std::mem::take(&mut step.predicates);
            let step = step.step_mut();
            step.stages.extend(predicates.into_iter().map(Stage::Filter));
            match step.stages.is_empty() {
                true => step.index = Some(name).filter(|name| !name.is_empty()),
                false => step.stages.push(Stage::Index(name)),
            }
        });
        Ok(left)
    }

    /// A path whose last steps are those on the right of a dot.
    pub(super) fn joined(&mut self, left: Node, right: Node) -> Given<Node> {
        let mut result = into_path(left);
        result.height = result.height.max(right.height.saturating_add(1));
        let Kind::Path(steps, keep) = &mut result.kind else { return Ok(result) };
        match right.kind {
            Kind::Path(more, _) => steps.extend(more),
            _ => steps.push(into_step(right)),
        }
        for step in steps.iter_mut() {
            match &step.kind {
                Kind::Number(_) | Kind::Bool(_) | Kind::Null => {
                    let literal = match step.kind {
                        Kind::Number(number) => decimal(number),
                        Kind::Bool(value) => value.to_string(),
                        _ => "null".to_owned(),
                    };
                    let text = format!("The literal value {literal} cannot be used as a step within a path expression");
                    return if self.is_cut {
                        Error::fail("S0207", "Unexpected end of expression")
                    } else {
                        Error::fail("S0213", text)
                    };
                }
                Kind::Text(name) => step.kind = Kind::Name(Text::clone(name)),
                _ => {}
            }
        }
        *keep |= steps.iter().any(|step| step.keep);
        let count = steps.len();
        for position in [0, count - 1] {
            if matches!(steps[position].kind, Kind::List(_)) {
                steps[position].is_written = true;
            }
        }
        self.ancestry.resolve(&mut result)?;
        Ok(result)
    }
}
