//! `|pattern|update, delete|`: a copy of a value in which some objects are changed.

use std::{collections::HashMap, rc::Rc};

use super::Evaluator;
use crate::asl::expression::jsonata::{
    ast::Transform,
    error::{Error, Given},
    number::rounded_to_digits,
    text::shown,
    value::{List, Mark, Object, Scope, Text, Value},
};

/// Objects of a copy, by where they are, and what they became. The objects are kept, so that no other takes the place.
type Changes = HashMap<*const Object, (Rc<Object>, Rc<Object>)>;

impl Evaluator<'_> {
    pub(super) fn transformed(&mut self, it: &Transform, value: Value, scope: &Scope) -> Given<Value> {
        if value.is_nothing() {
            return Ok(value);
        }
        let copy = self.copied(&value)?;
        let matches = self.evaluate(&it.pattern, &copy, scope)?;
        let mut changes = Changes::new();
        for found in matches.items() {
            // A copy of its own, which the update may hold without a circle.
            let mut object = match self.changed(found, &changes)? {
                Value::Object(object) => Some(Object::clone(&object)),
                _ => None,
            };
            let context = match &object {
                Some(object) => Value::Object(Rc::new(object.clone())),
                None => found.clone(),
            };
            match self.evaluate(&it.update, &context, scope)? {
                Value::Nothing => {}
                Value::Object(update) => match &mut object {
                    Some(object) => {
                        for (key, member) in update.iter() {
                            object.insert(key.clone(), member.clone());
                        }
                    }
                    None if update.len() > 0 => {
                        let text = format!("Cannot change {}, which is no object", shown(found));
                        return Error::fail("T2011", text);
                    }
                    None => {}
                },
                other => {
                    let text = format!(
                        "The insert/update clause of the transform expression must evaluate to an object: {}",
                        shown(&other)
                    );
                    return Error::fail("T2011", text);
                }
            }
            if let Some(delete) = &it.delete {
                let context = match &object {
                    Some(object) => Value::Object(Rc::new(object.clone())),
                    None => found.clone(),
                };
                let keys = self.evaluate(delete, &context, scope)?;
                let texts: Option<Vec<Text>> = keys
                    .items()
                    .iter()
                    .map(|key| match key {
                        Value::Text(key) => Some(key.clone()),
                        _ => None,
                    })
                    .collect();
                let Some(texts) = texts else {
                    let text = format!(
                        "The delete clause of the transform expression must evaluate to a string or array of strings: {}",
                        shown(&keys)
                    );
                    return Error::fail("T2012", text);
                };
                object = object.map(|object| object.without(&texts));
            }
            if let (Some(object), Value::Object(original)) = (object, found) {
                self.budget.take(object.len() * 4 * size_of::<Value>())?;
                changes.insert(Rc::as_ptr(original), (original.clone(), Rc::new(object)));
            }
        }
        let value = self.changed(&copy, &changes)?;
        self.weighed(value)
    }

    /// A copy that shares nothing; a function in it is an empty text.
    fn copied(&mut self, value: &Value) -> Given<Value> {
        self.budget.tick()?;
        stacker::maybe_grow(1 << 16, 1 << 20, || {
            Ok(match value {
                Value::List(list) => {
                    let items = list.items.iter().map(|item| self.copied(item)).collect::<Given<_>>()?;
                    self.made(items, Mark::Array)?
                }
                Value::Object(object) => {
                    let mut copy = Object::default();
                    for (key, member) in object.iter() {
                        copy.insert(key.clone(), self.copied(member)?);
                    }
                    self.budget.take(object.len() * 4 * size_of::<Value>())?;
                    Value::Object(Rc::new(copy))
                }
                Value::Number(number) if !number.is_finite() => {
                    return Error::fail("D3001", "Attempting to invoke string function on Infinity or NaN");
                }
                Value::Number(number) => Value::Number(rounded_to_digits(*number)),
                Value::Function(_) => Value::text(""),
                Value::Nothing => Value::Null,
                other => other.clone(),
            })
        })
    }

    /// The value with all changes of the objects in it.
    fn changed(&mut self, value: &Value, changes: &Changes) -> Given<Value> {
        if changes.is_empty() {
            return Ok(value.clone());
        }
        self.budget.tick()?;
        stacker::maybe_grow(1 << 16, 1 << 20, || {
            Ok(match value {
                Value::List(list) => {
                    let items = list.items.iter().map(|item| self.changed(item, changes)).collect::<Given<_>>()?;
                    List::value(items, list.mark)
                }
                Value::Object(object) => {
                    let object = match changes.get(&Rc::as_ptr(object)) {
                        Some((_, new)) => new,
                        None => object,
                    };
                    let mut new = Object::default();
                    for (key, member) in object.iter() {
                        new.insert(key.clone(), self.changed(member, changes)?);
                    }
                    Value::Object(Rc::new(new))
                }
                other => other.clone(),
            })
        })
    }
}
