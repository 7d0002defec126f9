//! The values of JSONata: JSON, and beside it nothing, functions, and what the tree binds while a path is walked.
//!
//! A value is shared and never changes. A list or an object knows what it weighs with everything in it, as if nothing
//! were shared, so that no value grows beyond the limit unseen.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    rc::{Rc, Weak},
    sync::Arc,
};

use serde_json::Value as Json;

pub(crate) use super::ast::Text;

use super::{
    ast::{Lambda, Transform},
    error::Given,
    pattern::Pattern,
};

/// What a number, a boolean or null weighs.
pub(super) const SCALAR: usize = 8;

/// A value.
#[derive(Clone, Debug, Default)]
pub(crate) enum Value {
    /// Nothing: what a path finds where there is no member of that name.
    #[default]
    Nothing,
    /// Null.
    Null,
    /// A boolean.
    Bool(bool),
    /// A number, which may be one that JSON does not have.
    Number(f64),
    /// A text.
    Text(Text),
    /// An array, or a sequence.
    List(Rc<List>),
    /// An object.
    Object(Rc<Object>),
    /// A function.
    Function(Rc<Function>),
    /// An item of a list of tuples, which no expression sees.
    Tuple(Rc<Tuple>),
}

/// An array, or a sequence of results.
#[derive(Debug, Default)]
pub(crate) struct List {
    pub items: Vec<Value>,
    pub mark: Mark,
    weight: usize,
}

/// What a list is beside an array.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Mark {
    /// An array.
    #[default]
    Array,
    /// An array that the expression writes out, which stays one where it is a step of a path.
    Written,
    /// A sequence of results: one alone stands for itself.
    Sequence,
    /// A sequence that stays an array though it has one result only.
    Kept,
    /// A sequence of tuples.
    Tuples,
}

/// An object; its members keep their order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Object {
    members: Vec<(Text, Value)>,
    /// Where the members stand, if there are many.
    places: HashMap<Text, usize>,
    weight: usize,
}

/// Members up to which an object is searched from its begin.
const FEW: usize = 8;

/// A value on its way through a path, with the names that were bound on the way.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tuple {
    pub value: Value,
    pub names: Vec<(Text, Value)>,
}

/// A function.
#[derive(Debug)]
pub(crate) enum Function {
    /// One that the expression writes out.
    Closure(Closure),
    /// One that JSONata or the service has.
    Builtin(&'static Builtin),
    /// One with some of its arguments: none where an argument is still to come.
    Partial(Value, Vec<Option<Value>>),
    /// A function whose result goes to another.
    Composed(Value, Value),
    /// One that was handed on as an argument.
    Handed(Value),
    /// A regular expression.
    Regex(Arc<Pattern>),
    /// The search for the next match in a text, from that byte on.
    Next(Arc<Pattern>, Text, usize),
    /// The change of a part of a value.
    Transform(Arc<Transform>, Scope),
}

/// A function that the expression writes out, and what it sees.
#[derive(Debug)]
pub(crate) struct Closure {
    pub lambda: Arc<Lambda>,
    pub input: Value,
    pub scope: Scope,
}

/// A function that JSONata or the service has.
#[derive(Debug)]
pub(crate) struct Builtin {
    pub name: &'static str,
    /// Its signature, `<s-nn?:s>`; empty where it looks at its arguments itself.
    pub signature: &'static str,
    /// Arguments that a function such as `$map` gives to it.
    pub arity: usize,
    pub run: fn(&mut dyn Host, &[Value]) -> Given<Value>,
}

/// What a function needs of the evaluation that calls it.
pub(crate) trait Host {
    /// Calls a function.
    fn call(&mut self, function: &Value, arguments: &[Value]) -> Given<Value>;
    /// Counts bytes of memory, and a step of time.
    fn charge(&mut self, bytes: usize) -> Given<()>;
    /// Milliseconds since 1970.
    fn now(&self) -> i64;
    /// A random number from 0 to below 1.
    fn random(&mut self) -> f64;
    /// A version 4 UUID.
    fn uuid(&mut self) -> String;
}

/// The names that are bound where an expression stands, and those around them.
#[derive(Clone, Debug)]
pub(crate) struct Scope(Rc<Frame>);

#[derive(Debug, Default)]
struct Frame {
    names: RefCell<Vec<(Text, Value)>>,
    around: RefCell<Option<Scope>>,
    captured: Cell<bool>,
}

/// A scope that a function sees, to be emptied when the evaluation ends: the function may stand in it itself.
#[derive(Debug)]
pub(crate) struct Captured(Weak<Frame>);

impl Scope {
    /// A scope with nothing around it.
    pub fn root() -> Self {
        Self(Rc::default())
    }

    /// A scope within this one, with these names.
    pub fn within(&self, names: Vec<(Text, Value)>) -> Self {
        let around = RefCell::new(Some(self.clone()));
        Self(Rc::new(Frame { names: RefCell::new(names), around, captured: Cell::new(false) }))
    }

    pub fn bind(&self, name: &Text, value: Value) {
        let mut names = self.0.names.borrow_mut();
        match names.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => {
                let old = std::mem::replace(old, value);
                drop(names);
                drop(old);
            }
            None => names.push((Text::clone(name), value)),
        }
    }

    /// The value of a name, if it is bound.
    pub fn find(&self, name: &str) -> Option<Value> {
        let mut scope = self.clone();
        loop {
            let found = scope.0.names.borrow().iter().find(|(known, _)| &**known == name).map(|(_, it)| it.clone());
            if found.is_some() {
                return found;
            }
            let around = scope.0.around.borrow().clone()?;
            scope = around;
        }
    }

    /// The scope as one that a function sees; none where it is known already.
    pub fn capture(&self) -> Option<Captured> {
        (!self.0.captured.replace(true)).then(|| Captured(Rc::downgrade(&self.0)))
    }
}

impl Captured {
    pub fn is_gone(&self) -> bool {
        self.0.strong_count() == 0
    }

    /// Takes all names out of the scope.
    pub fn empty(&self) {
        if let Some(frame) = self.0.upgrade() {
            let names = frame.names.take();
            drop(names);
        }
    }
}

impl Value {
    pub fn text(text: impl Into<Text>) -> Self {
        Self::Text(text.into())
    }

    /// An array.
    pub fn list(items: Vec<Value>) -> Self {
        List::value(items, Mark::Array)
    }

    /// A sequence.
    pub fn sequence(items: Vec<Value>) -> Self {
        List::value(items, Mark::Sequence)
    }

    pub fn function(function: Function) -> Self {
        Self::Function(Rc::new(function))
    }

    pub fn is_nothing(&self) -> bool {
        matches!(self, Self::Nothing)
    }

    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The items of a list; the value itself, where it is none.
    pub fn items(&self) -> &[Value] {
        match self {
            Self::List(list) => &list.items,
            Self::Nothing => &[],
            other => std::slice::from_ref(other),
        }
    }

    /// What the value weighs with everything in it.
    pub fn weight(&self) -> usize {
        match self {
            Self::Nothing | Self::Function(_) => 0,
            Self::Null | Self::Bool(_) | Self::Number(_) => SCALAR,
            Self::Text(text) => text.len(),
            Self::List(list) => list.weight,
            Self::Object(object) => object.weight,
            Self::Tuple(tuple) => {
                tuple.names.iter().fold(tuple.value.weight(), |sum, (_, value)| sum.saturating_add(value.weight()))
            }
        }
    }

    /// Whether other values stand in it.
    fn has_parts(&self) -> bool {
        !matches!(self, Self::Nothing | Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_))
    }
}

impl From<&Json> for Value {
    fn from(json: &Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(*value),
            Json::Number(number) => Self::Number(number.as_f64().unwrap_or(f64::NAN)),
            Json::String(text) => Self::text(text.as_str()),
            Json::Array(items) => {
                stacker::maybe_grow(1 << 16, 1 << 20, || Self::list(items.iter().map(Self::from).collect()))
            }
            Json::Object(members) => stacker::maybe_grow(1 << 16, 1 << 20, || {
                members.iter().map(|(key, member)| (Text::from(key.as_str()), Self::from(member))).collect()
            }),
        }
    }
}

impl FromIterator<(Text, Value)> for Value {
    fn from_iter<I: IntoIterator<Item = (Text, Value)>>(members: I) -> Self {
        let mut object = Object::default();
        for (key, member) in members {
            object.insert(key, member);
        }
        Self::Object(Rc::new(object))
    }
}

impl List {
    pub fn value(items: Vec<Value>, mark: Mark) -> Value {
        // What weighs nothing takes time.
        let weight = items.iter().fold(0_usize, |sum, item| sum.saturating_add(item.weight().max(1)));
        Value::List(Rc::new(Self { items, mark, weight }))
    }

    pub fn is_sequence(&self) -> bool {
        matches!(self.mark, Mark::Sequence | Mark::Kept | Mark::Tuples)
    }

    /// The items with another mark; shared with none, they are not copied.
    pub fn marked(list: Rc<List>, mark: Mark) -> Value {
        if list.mark == mark {
            return Value::List(list);
        }
        let weight = list.weight;
        let items = match Rc::try_unwrap(list) {
            Ok(mut list) => std::mem::take(&mut list.items),
            Err(list) => list.items.clone(),
        };
        Value::List(Rc::new(Self { items, mark, weight }))
    }
}

impl Object {
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.place(key).map(|place| &self.members[place].1)
    }

    fn place(&self, key: &str) -> Option<usize> {
        if self.members.len() <= FEW {
            return self.members.iter().position(|(known, _)| &**known == key);
        }
        self.places.get(key).copied()
    }

    /// Sets a member, at its place if there is one of that name.
    pub fn insert(&mut self, key: Text, member: Value) {
        self.weight = self.weight.saturating_add(member.weight());
        if let Some(place) = self.place(&key) {
            let old = std::mem::replace(&mut self.members[place].1, member);
            self.weight = self.weight.saturating_sub(old.weight());
            return;
        }
        self.weight = self.weight.saturating_add(key.len().max(1));
        if self.members.len() == FEW {
            let members = self.members.iter().enumerate();
            self.places = members.map(|(place, (known, _))| (Text::clone(known), place)).collect();
        }
        if self.members.len() >= FEW {
            self.places.insert(Text::clone(&key), self.members.len());
        }
        self.members.push((key, member));
    }

    /// The object without some members.
    pub fn without(&self, keys: &[Text]) -> Self {
        let mut object = Self::default();
        for (key, member) in self.members.iter().filter(|(key, _)| !keys.contains(key)) {
            object.insert(Text::clone(key), member.clone());
        }
        object
    }

    pub fn iter(&self) -> impl Iterator<Item = (&Text, &Value)> {
        self.members.iter().map(|(key, member)| (key, member))
    }

    pub fn len(&self) -> usize {
        self.members.len()
    }
}

// A value may be nested to any depth, so that its parts are dropped one after the other and not within each other.

impl Drop for List {
    fn drop(&mut self) {
        take_apart(std::mem::take(&mut self.items));
    }
}

impl Drop for Object {
    fn drop(&mut self) {
        if self.members.iter().any(|(_, member)| member.has_parts()) {
            take_apart(self.members.drain(..).map(|(_, member)| member).collect());
        }
    }
}

impl Drop for Tuple {
    fn drop(&mut self) {
        let mut parts: Vec<Value> = self.names.drain(..).map(|(_, value)| value).collect();
        parts.push(std::mem::take(&mut self.value));
        take_apart(parts);
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        let mut parts: Vec<Value> = self.names.get_mut().drain(..).map(|(_, value)| value).collect();
        let mut around = self.around.take();
        while let Some(Scope(frame)) = around {
            let Some(frame) = Rc::into_inner(frame) else { break };
            parts.extend(frame.names.take().into_iter().map(|(_, value)| value));
            around = frame.around.take();
        }
        take_apart(parts);
    }
}

fn take_apart(mut parts: Vec<Value>) {
    if !parts.iter().any(Value::has_parts) {
        return;
    }
    while let Some(part) = parts.pop() {
        match part {
            Value::List(list) => {
                if let Some(mut list) = Rc::into_inner(list) {
                    parts.append(&mut list.items);
                }
            }
            Value::Object(object) => {
                if let Some(mut object) = Rc::into_inner(object) {
                    parts.extend(object.members.drain(..).map(|(_, member)| member));
                }
            }
            Value::Tuple(tuple) => {
                if let Some(mut tuple) = Rc::into_inner(tuple) {
                    parts.extend(tuple.names.drain(..).map(|(_, value)| value));
                    parts.push(std::mem::take(&mut tuple.value));
                }
            }
            Value::Function(function) => match Rc::into_inner(function) {
                Some(Function::Closure(closure)) => {
                    parts.push(closure.input);
                    scope_apart(closure.scope, &mut parts);
                }
                Some(Function::Transform(_, scope)) => scope_apart(scope, &mut parts),
                Some(Function::Partial(function, arguments)) => {
                    parts.push(function);
                    parts.extend(arguments.into_iter().flatten());
                }
                Some(Function::Composed(first, second)) => parts.extend([first, second]),
                Some(Function::Handed(function)) => parts.push(function),
                _ => {}
            },
            _ => {}
        }
    }
}

fn scope_apart(scope: Scope, parts: &mut Vec<Value>) {
    let mut around = Some(scope);
    while let Some(Scope(frame)) = around {
        let Some(frame) = Rc::into_inner(frame) else { break };
        parts.extend(frame.names.take().into_iter().map(|(_, value)| value));
        around = frame.around.take();
    }
}
