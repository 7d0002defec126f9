//! Paths: their steps, their predicates, their order, and the tuples that names are bound in on the way.

use std::rc::Rc;

use super::{Evaluator, operator::compared};
use crate::asl::expression::jsonata::{
    ast::{Kind, Node, Stage, Step, Term},
    builtins::lookup_into,
    error::{Error, Given},
    limits::fits,
    order::sorted,
    text::shown,
    truth::{indexes, truth},
    value::{List, Mark, Scope, Text, Tuple, Value},
};

/// What a step gives to the next one: a sequence of a single item, or a list.
enum Items {
    One(Value),
    Many(Rc<List>),
}

impl Items {
    fn none() -> Self {
        Self::of(Value::sequence(Vec::new()))
    }

    fn of(value: Value) -> Self {
        match value {
            Value::List(list) => Self::Many(list),
            value => Self::One(value),
        }
    }

    fn as_slice(&self) -> &[Value] {
        match self {
            Self::One(value) => std::slice::from_ref(value),
            Self::Many(list) => &list.items,
        }
    }

    /// The items as a value, of which one alone is still a sequence.
    fn into_list(self) -> Value {
        match self {
            Self::One(value) => Value::sequence(vec![value]),
            Self::Many(list) => Value::List(list),
        }
    }
}

impl Evaluator<'_> {
    pub(super) fn path(
        &mut self,
        node: &Node,
        steps: &[Node],
        keep: bool,
        input: &Value,
        scope: &Scope,
    ) -> Given<Value> {
        let mut items = match (input, steps.first()) {
            (Value::List(list), Some(first)) if !matches!(first.kind, Kind::Variable(_)) => Items::Many(list.clone()),
            _ => Items::One(input.clone()),
        };
        let mut found = Items::none();
        let mut is_tuple = false;
        let mut tuples = None;
        for (position, step) in steps.iter().enumerate() {
            is_tuple |= step.tuple;
            if position == 0 && step.is_written {
                let input = std::mem::replace(&mut items, Items::none()).into_list();
                found = match self.evaluate(step, &input, scope)? {
                    Value::List(list) => Items::Many(list),
                    _ => Items::none(),
                };
                items = Items::of(input);
            } else if is_tuple {
                tuples = Some(self.tuple_step(step, &items, tuples, scope)?);
            } else {
                found = self.step(step, &items, scope, position + 1 == steps.len())?;
            }
            if !is_tuple && found.as_slice().is_empty() {
                break;
            }
            let has_focus = step.step.as_deref().is_some_and(|step| step.focus.is_some());
            if !has_focus && position + 1 < steps.len() {
                items = std::mem::replace(&mut found, Items::none());
            }
        }
        let tuples = match tuples {
            Some(tuples) => self.made(tuples, Mark::Tuples)?,
            None => Value::Nothing,
        };
        let found = if !is_tuple {
            found
        } else if node.tuple {
            Items::of(tuples.clone())
        } else {
            let values = tuples.items().iter().map(|tuple| match tuple {
                Value::Tuple(tuple) => tuple.value.clone(),
                other => other.clone(),
            });
            Items::of(self.made(values.collect(), Mark::Sequence)?)
        };
        let found = match found {
            Items::Many(list) if keep && list.mark == Mark::Written => List::value(vec![Value::List(list)], Mark::Kept),
            Items::Many(list) if keep && list.mark == Mark::Sequence => List::marked(list, Mark::Kept),
            Items::One(value) if keep => List::value(vec![value], Mark::Kept),
            Items::One(value @ Value::List(_)) => Value::sequence(vec![value]),
            Items::One(value) => value,
            Items::Many(list) => Value::List(list),
        };
        match &node.group {
            Some(pairs) if is_tuple => self.group(pairs, &tuples, scope),
            Some(pairs) => self.group(pairs, &found, scope),
            None => Ok(found),
        }
    }

    fn step(&mut self, step: &Node, input: &Items, scope: &Scope, is_last: bool) -> Given<Items> {
        if let Kind::Sort(terms) = &step.kind {
            let mut value = match input {
                Items::One(value) => Value::sequence(vec![value.clone()]),
                Items::Many(list) => self.sort(terms, list, scope)?,
            };
            for stage in step.stages() {
                if let Stage::Filter(predicate) = stage {
                    value = self.filter(predicate, value, scope)?;
                }
            }
            return Ok(Items::of(value));
        }
        if let Items::One(item) = input {
            let value = self.staged(step, item, scope)?;
            return match value {
                Value::List(list) if is_last && !list.is_sequence() => Ok(Items::Many(list)),
                Value::List(list) if list.mark == Mark::Written => Ok(Items::One(Value::List(list))),
                Value::List(list) => Ok(Items::of(List::marked(list, Mark::Sequence))),
                Value::Nothing => Ok(Items::none()),
                value => Ok(Items::One(value)),
            };
        }
        let mut values = Vec::new();
        for item in input.as_slice() {
            let value = self.staged(step, item, scope)?;
            if !value.is_nothing() {
                values.push(value);
            }
        }
        if is_last && values.len() == 1 && matches!(&values[0], Value::List(list) if !list.is_sequence()) {
            return Ok(Items::of(values.remove(0)));
        }
        if values.iter().any(|value| matches!(value, Value::List(_))) {
            let mut flat = Vec::with_capacity(values.len());
            for value in values {
                match value {
                    Value::List(list) if list.mark != Mark::Written => {
                        fits(flat.len() + list.items.len())?;
                        flat.extend_from_slice(&list.items);
                    }
                    value => flat.push(value),
                }
            }
            values = flat;
        }
        Ok(Items::of(self.made(values, Mark::Sequence)?))
    }

    /// The value of a step for one item, with what follows the step.
    fn staged(&mut self, step: &Node, item: &Value, scope: &Scope) -> Given<Value> {
        let mut value = self.evaluate(step, item, scope)?;
        for stage in step.stages() {
            if let Stage::Filter(predicate) = stage {
                value = self.filter(predicate, value, scope)?;
            }
        }
        Ok(value)
    }

    fn tuple_step(
        &mut self,
        step: &Node,
        input: &Items,
        tuples: Option<Vec<Value>>,
        scope: &Scope,
    ) -> Given<Vec<Value>> {
        let none = Step::default();
        let bound = step.step.as_deref().unwrap_or(&none);
        let mut made = Vec::new();
        if let Kind::Sort(terms) = &step.kind {
            match tuples {
                Some(tuples) => {
                    let Value::List(list) = self.made(tuples, Mark::Tuples)? else { return Ok(made) };
                    made = self.sort(terms, &list, scope)?.items().to_vec();
                }
                None => {
                    let Value::List(list) = self.made(input.as_slice().to_vec(), Mark::Sequence)? else {
                        return Ok(made);
                    };
                    for (position, item) in self.sort(terms, &list, scope)?.items().iter().enumerate() {
                        let names = bound.index.iter().map(|name| (name.clone(), Value::Number(position as f64)));
                        made.push(tuple(item.clone(), names.collect()));
                    }
                }
            }
            return self.tuple_stages(&bound.stages, made, scope);
        }
        let tuples = match tuples {
            Some(tuples) => tuples,
            None => input.as_slice().iter().map(|item| tuple(item.clone(), Vec::new())).collect(),
        };
        for from in &tuples {
            let Value::Tuple(from) = from else { continue };
            let inner = scope.within(from.names.clone());
            let value = self.evaluate(step, &from.value, &inner)?;
            let is_tuples = matches!(&value, Value::List(list) if list.mark == Mark::Tuples);
            fits(made.len() + value.items().len())?;
            for (position, item) in value.items().iter().enumerate() {
                self.budget.tick()?;
                let mut names = from.names.clone();
                let mut set = |name: &Text, value: Value| match names.iter_mut().find(|(known, _)| known == name) {
                    Some((_, old)) => *old = value,
                    None => names.push((name.clone(), value)),
                };
                let mut own = item.clone();
                if is_tuples {
                    if let Value::Tuple(inner) = item {
                        own = inner.value.clone();
                        inner.names.iter().for_each(|(name, value)| set(name, value.clone()));
                    }
                } else {
                    if let Some(focus) = &bound.focus {
                        set(focus, item.clone());
                        own = from.value.clone();
                    }
                    if let Some(index) = &bound.index {
                        set(index, Value::Number(position as f64));
                    }
                    if let Some(name) = bound.parent.and_then(|slot| self.tree.parents.get(slot)) {
                        set(name, from.value.clone());
                    }
                }
                self.budget.take(size_of::<Tuple>() + names.len() * size_of::<(Text, Value)>())?;
                made.push(tuple(own, names));
            }
        }
        self.tuple_stages(&bound.stages, made, scope)
    }

    fn tuple_stages(&mut self, stages: &[Stage], mut tuples: Vec<Value>, scope: &Scope) -> Given<Vec<Value>> {
        for stage in stages {
            match stage {
                Stage::Filter(predicate) => {
                    let value = self.made(tuples, Mark::Tuples)?;
                    tuples = self.filter(predicate, value, scope)?.items().to_vec();
                }
                Stage::Index(name) => {
                    for (position, tuple) in tuples.iter_mut().enumerate() {
                        if let Value::Tuple(tuple) = tuple {
                            let mut new = Tuple { value: tuple.value.clone(), names: tuple.names.clone() };
                            new.names.retain(|(known, _)| known != name);
                            new.names.push((name.clone(), Value::Number(position as f64)));
                            *tuple = Rc::new(new);
                        }
                    }
                }
            }
        }
        Ok(tuples)
    }

    /// The items of a value that a predicate takes.
    pub(super) fn filter(&mut self, predicate: &Node, value: Value, scope: &Scope) -> Given<Value> {
        let mark = match &value {
            Value::List(list) if list.mark == Mark::Tuples => Mark::Tuples,
            _ => Mark::Sequence,
        };
        let items = Items::of(value);
        let items = items.as_slice();
        if let Kind::Number(number) = predicate.kind {
            let item = place(number, items.len()).and_then(|place| items.get(place));
            return match item {
                None | Some(Value::Nothing) => self.made(Vec::new(), mark),
                Some(list @ Value::List(_)) => Ok(list.clone()),
                Some(item) => self.made(vec![item.clone()], mark),
            };
        }
        let mut taken = Vec::new();
        for (position, item) in items.iter().enumerate() {
            let result = match item {
                Value::Tuple(tuple) => self.evaluate(predicate, &tuple.value, &scope.within(tuple.names.clone()))?,
                item => self.evaluate(predicate, item, scope)?,
            };
            match indexes(&result)? {
                Some(indexes) => {
                    let times = indexes.iter().filter(|index| place(**index, items.len()) == Some(position)).count();
                    fits(taken.len() + times)?;
                    taken.extend(std::iter::repeat_n(item.clone(), times));
                }
                None if truth(&result)? => taken.push(item.clone()),
                None => {}
            }
        }
        self.made(taken, mark)
    }

    fn sort(&mut self, terms: &[Term], list: &Rc<List>, scope: &Scope) -> Given<Value> {
        if list.items.len() < 2 {
            return Ok(Value::List(list.clone()));
        }
        let items = sorted(list.items.clone(), &mut |left, right| self.comes_after(terms, left, right, scope))?;
        let mark = if list.mark == Mark::Tuples { Mark::Tuples } else { Mark::Array };
        self.made(items, mark)
    }

    /// Whether an item comes after another by the terms of an order.
    fn comes_after(&mut self, terms: &[Term], left: &Value, right: &Value, scope: &Scope) -> Given<bool> {
        for term in terms {
            let [left, right] = [left, right].map(|item| match item {
                Value::Tuple(tuple) => self.evaluate(&term.node, &tuple.value, &scope.within(tuple.names.clone())),
                item => self.evaluate(&term.node, item, scope),
            });
            let (left, right) = (left?, right?);
            match (left.is_nothing(), right.is_nothing()) {
                (true, true) => continue,
                (true, false) => return Ok(true),
                (false, true) => return Ok(false),
                (false, false) => {}
            }
            let is_ordered = |value: &Value| matches!(value, Value::Number(_) | Value::Text(_));
            if !is_ordered(&left) || !is_ordered(&right) {
                let text = "The expressions within an order-by clause must evaluate to numeric or string values";
                return Error::fail("T2008", text);
            }
            let Some(order) = compared(&left, &right) else {
                let values = [&left, &right].map(shown);
                let text =
                    format!("Type mismatch when comparing values {} and {} in order-by clause", values[0], values[1]);
                return Error::fail("T2007", text);
            };
            if order.is_eq() {
                continue;
            }
            return Ok(order.is_gt() != term.is_descending);
        }
        Ok(false)
    }

    /// The members of a name, of an object or of the objects in a list.
    pub(super) fn member(&mut self, value: &Value, name: &str) -> Given<Value> {
        Ok(match value {
            Value::Object(object) => object.get(name).cloned().unwrap_or_default(),
            Value::List(_) => {
                let mut found = Vec::new();
                lookup_into(value, name, &mut found, &mut |count| {
                    self.budget.tick()?;
                    fits(count)
                })?;
                self.made(found, Mark::Sequence)?
            }
            _ => Value::Nothing,
        })
    }

    /// All members of an object, those of lists without the lists.
    pub(super) fn wildcard(&mut self, value: &Value) -> Given<Value> {
        let members: Vec<&Value> = match value {
            Value::Object(object) => object.iter().map(|(_, member)| member).collect(),
            Value::List(list) => list.items.iter().collect(),
            _ => return Ok(Value::sequence(Vec::new())),
        };
        let mut found = Vec::new();
        let mut mark = Mark::Sequence;
        for member in members {
            match member {
                Value::List(list) => {
                    mark = Mark::Array;
                    self.flatten(&list.items, &mut found)?;
                }
                member => found.push(member.clone()),
            }
            fits(found.len())?;
        }
        self.made(found, mark)
    }

    fn flatten(&mut self, items: &[Value], found: &mut Vec<Value>) -> Given<()> {
        for item in items {
            self.budget.tick()?;
            match item {
                Value::List(list) => stacker::maybe_grow(1 << 16, 1 << 20, || self.flatten(&list.items, found))?,
                item => found.push(item.clone()),
            }
            fits(found.len())?;
        }
        Ok(())
    }

    /// The value, and all values in it, without the lists.
    pub(super) fn descendants(&mut self, value: &Value) -> Given<Value> {
        let mut found = Vec::new();
        if !value.is_nothing() {
            self.descend(value, &mut found)?;
        }
        if found.len() == 1 {
            return Ok(found.remove(0));
        }
        self.made(found, Mark::Sequence)
    }

    fn descend(&mut self, value: &Value, found: &mut Vec<Value>) -> Given<()> {
        self.budget.tick()?;
        fits(found.len())?;
        stacker::maybe_grow(1 << 16, 1 << 20, || match value {
            Value::List(list) => list.items.iter().try_for_each(|item| self.descend(item, found)),
            Value::Object(object) => {
                found.push(value.clone());
                object.iter().try_for_each(|(_, member)| self.descend(member, found))
            }
            value => {
                found.push(value.clone());
                Ok(())
            }
        })
    }
}

fn tuple(value: Value, names: Vec<(Text, Value)>) -> Value {
    Value::Tuple(Rc::new(Tuple { value, names }))
}

/// The place of an index in a list of that length, where a negative one counts from the end.
fn place(index: f64, length: usize) -> Option<usize> {
    let index = index.floor();
    let index = if index < 0.0 { index + length as f64 } else { index };
    (0.0..length as f64).contains(&index).then_some(index as usize)
}
