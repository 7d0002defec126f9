//! Objects: those that are written out, and those that items are grouped into.

use std::{collections::HashMap, rc::Rc};

use super::Evaluator;
use crate::asl::expression::jsonata::{
    ast::Pairs,
    error::{Error, Given},
    limits::fits,
    text::shown,
    value::{List, Mark, Object, Scope, Text, Tuple, Value},
};

/// A member in the making: the items that have its key, and the place of the pair that gave it.
struct Group {
    key: Text,
    data: Gathered,
    pair: usize,
}

/// A value, or the items of several.
enum Gathered {
    One(Value),
    Many(Vec<Value>),
}

impl Gathered {
    fn add(&mut self, value: &Value) {
        if value.is_nothing() {
            return;
        }
        match self {
            Self::One(Value::Nothing) => *self = Self::One(value.clone()),
            Self::One(first) => *self = Self::Many([first.items(), value.items()].concat()),
            Self::Many(items) => items.extend_from_slice(value.items()),
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::One(_) => 1,
            Self::Many(items) => items.len(),
        }
    }
}

impl Evaluator<'_> {
    /// The object of keys and values, each of which is evaluated for the items that give the key.
    pub(super) fn group(&mut self, pairs: &Pairs, input: &Value, scope: &Scope) -> Given<Value> {
        let (items, is_tuples) = match input {
            Value::List(list) if list.items.is_empty() && list.mark == Mark::Tuples => {
                return Error::fail("T1003", "Key in object structure must evaluate to a string; got: undefined");
            }
            Value::List(list) if list.items.is_empty() => (&[Value::Nothing][..], false),
            Value::List(list) => (list.items.as_slice(), list.mark == Mark::Tuples),
            value => (std::slice::from_ref(value), false),
        };
        let mut groups: Vec<Group> = Vec::new();
        let mut places: HashMap<Text, usize> = HashMap::new();
        for item in items {
            let (context, inner) = within(item, scope);
            for (pair, (key, _)) in pairs.iter().enumerate() {
                let key = match self.evaluate(key, &context, &inner)? {
                    Value::Text(key) => key,
                    Value::Nothing => continue,
                    other => {
                        let text = format!("Key in object structure must evaluate to a string; got: {}", shown(&other));
                        return Error::fail("T1003", text);
                    }
                };
                let Some(place) = places.get(&key) else {
                    places.insert(key.clone(), groups.len());
                    groups.push(Group { key, data: Gathered::One(item.clone()), pair });
                    continue;
                };
                let group = &mut groups[*place];
                if group.pair != pair {
                    let text = format!("Multiple key definitions evaluate to same key: {}", shown(&Value::Text(key)));
                    return Error::fail("D1009", text);
                }
                group.data.add(item);
                let length = group.data.len();
                fits(length)?;
                self.budget.take(size_of::<Value>())?;
            }
        }
        let mut object = Object::default();
        for Group { key, data, pair } in groups {
            let context = match data {
                Gathered::One(value) => value,
                Gathered::Many(items) if is_tuples => reduced(&items),
                Gathered::Many(items) => self.made(items, Mark::Array)?,
            };
            let (context, inner) = within(&context, scope);
            let value = self.evaluate(&pairs[pair].1, &context, &inner)?;
            if !value.is_nothing() {
                self.budget.take(key.len() + 4 * size_of::<Value>())?;
                object.insert(key, value);
            }
        }
        self.weighed(Value::Object(Rc::new(object)))
    }
}

/// The value of an item, and the scope with the names that are bound with it.
fn within(item: &Value, scope: &Scope) -> (Value, Scope) {
    match item {
        Value::Tuple(tuple) => (tuple.value.clone(), scope.within(tuple.names.clone())),
        item => (item.clone(), scope.clone()),
    }
}

/// Tuples as one, with all values of each name.
fn reduced(tuples: &[Value]) -> Value {
    let mut value = Gathered::One(Value::Nothing);
    let mut names: Vec<(Text, Gathered)> = Vec::new();
    for tuple in tuples {
        let Value::Tuple(tuple) = tuple else { continue };
        value.add(&tuple.value);
        for (name, bound) in &tuple.names {
            match names.iter_mut().find(|(known, _)| known == name) {
                Some((_, all)) => all.add(bound),
                None => names.push((name.clone(), Gathered::One(bound.clone()))),
            }
        }
    }
    let whole = |gathered: Gathered| match gathered {
        Gathered::One(value) => value,
        Gathered::Many(items) => List::value(items, Mark::Array),
    };
    let names = names.into_iter().map(|(name, bound)| (name, whole(bound))).collect();
    Value::Tuple(Rc::new(Tuple { value: whole(value), names }))
}
