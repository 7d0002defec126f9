//! The world of a state's expressions: its data, the context object and the variables.

use std::{
    borrow::Cow,
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
    sync::Arc,
};

use serde_json::json;

use super::{
    fault::Fault,
    intrinsic::Host,
    jsonata::{Object, Value, Values},
    jsonpath::{NotFound, PathExpression, Root},
    payload::Payload,
    random::Random,
    time::{self, Time},
};
use crate::json::{Json, memory};

/// Variables by name. A branch has those around it, and keeps its own to itself.
pub(crate) type Variables = Rc<BTreeMap<String, Payload>>;

/// The item that an iteration of a `Map` works on: `$$.Map.Item`.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub index: usize,
    /// The name of the member, where the items are those of an object.
    pub key: Option<String>,
    pub value: Payload,
}

/// The part of the context object that changes from state to state.
#[derive(Clone, Debug)]
pub(crate) struct StateContext {
    pub state: Arc<str>,
    pub entered: Time,
    /// How often the state was tried again; only where a task, `Map` or `Parallel` runs.
    pub retry_count: Option<u32>,
    /// The task's token, while it is waited for.
    pub token: Option<String>,
    pub item: Option<Rc<Item>>,
    /// Whether the context object was given as a whole, so that of this only the item is in it which a `Map` selects from.
    pub is_given: bool,
}

impl StateContext {
    /// Whether that part of the context object is its own, and not the given one.
    fn has(&self, name: &str) -> bool {
        CHANGING.contains(&name) && (!self.is_given || name == "Map" && self.item.is_some())
    }

    fn member(&self, name: &str) -> Option<Json> {
        match name {
            _ if !self.has(name) => None,
            "State" => {
                let mut state = json!({"Name": &*self.state, "EnteredTime": time::text(self.entered)});
                if let Some(count) = self.retry_count {
                    state["RetryCount"] = count.into();
                }
                Some(state)
            }
            "Task" => self.token.as_ref().map(|token| json!({"Token": token})),
            "Map" => self.item.as_ref().map(|item| {
                let mut members = json!({"Index": item.index, "Value": item.value.json()});
                if let Some(key) = &item.key {
                    members["Key"] = key.as_str().into();
                }
                json!({"Item": members})
            }),
            _ => None,
        }
    }
}

/// The world of a state's expressions: everything that they can read.
pub(crate) struct World<'a> {
    /// The part of the context object that the whole execution shares.
    pub base: &'a Payload,
    pub place: &'a StateContext,
    pub variables: &'a Variables,
    /// The data that `$` stands for in JSONPath.
    pub data: &'a Payload,
    pub input: &'a Payload,
    pub result: Option<&'a Payload>,
    pub error_output: Option<&'a Payload>,
    pub now: Time,
    pub random: &'a Rc<RefCell<Random>>,
    /// Bytes of memory that the templates of this world have made.
    pub made: Cell<usize>,
}

/// Bytes of memory that a template may make of its paths, calls and expressions: many times what a payload of 256 KiB
/// takes.
const MOST_MADE: usize = 1 << 26;

const CHANGING: [&str; 3] = ["State", "Task", "Map"];

impl World<'_> {
    /// Counts a value that becomes a part of a payload: false where the payload would be far too large.
    pub fn has_room_for(&self, value: &Json) -> bool {
        self.made.set(self.made.get().saturating_add(memory(value)));
        self.made.get() <= MOST_MADE
    }

    /// The value at a path.
    pub fn find(&self, path: &PathExpression) -> Result<Cow<'_, Json>, NotFound> {
        match path.root() {
            Root::Input if self.data.json().is_null() && path.has_steps() => Err(NotFound::in_nothing()),
            Root::Input => path.find(self.data.json()),
            Root::Context => self.find_in_context(path),
            Root::Variable(name) => match self.variables.get(name) {
                Some(value) => path.find(value.json()),
                None => Err(NotFound::variable(name)),
            },
        }
    }

    /// The value at a path into the context object. The whole object is built only for a path that wants it, since the
    /// execution's input in it may be large.
    fn find_in_context(&self, path: &PathExpression) -> Result<Cow<'_, Json>, NotFound> {
        let owned = |found: Cow<'_, Json>| Cow::Owned(found.into_owned());
        match path.first_field() {
            Some(name) if self.place.has(name) => {
                let members = self.place.member(name).map(|value| (name.to_owned(), value));
                path.find(&Json::Object(members.into_iter().collect())).map(owned)
            }
            Some(_) => path.find(self.base.json()),
            None => path.find(&self.context()).map(owned),
        }
    }

    /// The whole context object.
    pub fn context(&self) -> Json {
        let mut context = self.base.json().clone();
        if let Json::Object(members) = &mut context {
            for name in CHANGING {
                members.extend(self.place.member(name).map(|value| (name.to_owned(), value)));
            }
        }
        context
    }

    /// The JSON that a path was looked for in, as an error renders it.
    pub fn searched(&self, path: &PathExpression) -> String {
        match path.root() {
            Root::Input => self.data.json().to_string(),
            Root::Context => self.context().to_string(),
            Root::Variable(name) => self.variables.get(name).map_or_else(String::new, |value| value.json().to_string()),
        }
    }
}

impl Values for World<'_> {
    fn states(&self, member: &str) -> Option<Value> {
        match member {
            "input" => Some(self.input.jsonata()),
            "result" => self.result.map(Payload::jsonata),
            "errorOutput" => self.error_output.map(Payload::jsonata),
            _ => {
                let mut context = match self.base.jsonata() {
                    Value::Object(base) => Object::clone(&base),
                    _ => Object::default(),
                };
                for name in CHANGING {
                    let value = match (name, &self.place.item) {
                        ("Map", Some(item)) => {
                            let mut members =
                                vec![("Index", Value::Number(item.index as f64)), ("Value", item.value.jsonata())];
                            members.extend(item.key.as_ref().map(|key| ("Key", Value::text(key.as_str()))));
                            object([("Item", object(members))])
                        }
                        _ => match self.place.member(name) {
                            Some(member) => Value::from(&member),
                            None => continue,
                        },
                    };
                    context.insert(name.into(), value);
                }
                Some(Value::Object(Rc::new(context)))
            }
        }
    }

    fn variable(&self, name: &str) -> Option<&Payload> {
        self.variables.get(name)
    }

    fn now(&self) -> Time {
        self.now
    }

    fn random(&self) -> &Rc<RefCell<Random>> {
        self.random
    }
}

fn object<'a>(members: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
    members.into_iter().map(|(name, value)| (name.into(), value)).collect()
}

impl Host for World<'_> {
    fn path(&mut self, path: &PathExpression) -> Result<Json, String> {
        self.find(path).map(Cow::into_owned).map_err(|missing| {
            // The service passes on the message of its library about an index into a value that is no array, too.
            let said = missing.to_string();
            if missing.is_in_nothing() || said.starts_with("Filter: ") {
                return said;
            }
            // The service names a path into the context object as if it were one into the input.
            let text = match path.root() {
                Root::Context => path.text().get(1..).unwrap_or_default(),
                _ => path.text(),
            };
            format!(
                "The JsonPath argument for the field '{text}' could not be found in the input '{}'",
                self.data.json()
            )
        })
    }

    fn has_room_for(&mut self, value: &Json) -> bool {
        World::has_room_for(self, value)
    }

    fn random(&mut self) -> f64 {
        self.random.borrow_mut().fraction()
    }

    fn uuid(&mut self) -> [u8; 16] {
        self.random.borrow_mut().bytes()
    }
}

/// The value at a path that must have one, for a field that holds the path itself: `InputPath`, `TimeoutSecondsPath`.
pub(crate) fn required(world: &World<'_>, path: &PathExpression) -> Result<Json, Fault> {
    let found = world.find(path).map(Cow::into_owned);
    found.map_err(|missing| match missing.is_in_nothing() {
        true => Fault::runtime(missing.to_string()),
        false => Fault::runtime(format!("Invalid path '{}' : {missing}", path.text())),
    })
}
