//! Shapes: what is known of a value that reaches a state.
//!
//! A shape claims what a value does not have, never that it is there: a closed object has no other members than its own,
//! a value without members has none. So a shape holds of `null` too, and what is not known is [`Shape::Unknown`].

use std::rc::Rc;

use crate::{data::api, json::Json};

/// Members that are kept of an object, and items of an array.
const MOST: usize = 128;
/// Values that are kept in each other; in a loop an object may grow with each turn.
const MOST_DEEP: u16 = 16;
/// States that are named as those that give an object.
const MOST_NAMED: usize = 3;

/// Whom an object is from, in the words of a message: "`GetReportData`", "the input of the execution".
pub(super) type Origin = Rc<[Rc<str>]>;

/// What is known of a value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shape {
    Unknown,
    /// A value without members, in the words of a message: "a text".
    Scalar(&'static str),
    Array(Rc<Array>),
    Object(Rc<Object>),
    /// A structure of an API, whose members are looked up in its model.
    Modelled(Modelled),
}

/// An array.
#[derive(Debug, PartialEq)]
pub(super) struct Array {
    /// All of its items, where it is known how many there are.
    pub known: Option<Vec<Shape>>,
    /// What each of them is.
    pub item: Shape,
    height: u16,
}

/// An object.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Object {
    pub members: Vec<(Rc<str>, Member)>,
    /// Whether it may have others.
    pub open: bool,
    pub from: Origin,
    /// Whether a type says what it has.
    pub declared: bool,
    height: u16,
}

/// A member of an object.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Member {
    pub shape: Shape,
    /// A route on which it is not there for certain.
    pub lacking: Option<Rc<Lack>>,
}

/// A route on which a member is not there.
#[derive(Debug, PartialEq)]
pub(super) struct Lack {
    pub from: Origin,
    pub names: Vec<Rc<str>>,
}

/// A structure of an API.
#[derive(Clone, Debug)]
pub(super) struct Modelled {
    pub structure: api::Structure<'static>,
    pub from: Origin,
}

impl PartialEq for Modelled {
    fn eq(&self, other: &Self) -> bool {
        self.structure.is_same(&other.structure) && self.from == other.from
    }
}

/// What is found under a name.
pub(super) enum Look {
    Found(Shape),
    /// It is not there on one of the routes.
    Lacking(Shape, Rc<Lack>),
    Absent,
}

/// The origin that is a single one.
pub(super) fn origin(text: &str) -> Origin {
    Rc::new([Rc::from(text)])
}

impl Shape {
    pub const TEXT: Self = Self::Scalar("a text");
    pub const NUMBER: Self = Self::Scalar("a number");
    pub const BOOLEAN: Self = Self::Scalar("true or false");

    /// An array of any number of items.
    pub fn list(item: Self) -> Self {
        Self::array(None, item)
    }

    /// An array of exactly these items.
    pub fn tuple(items: Vec<Self>) -> Self {
        let item = items.iter().cloned().reduce(|a, b| a.join(&b)).unwrap_or(Self::Unknown).without_lacks();
        Self::array((items.len() <= MOST).then_some(items), item)
    }

    fn array(known: Option<Vec<Self>>, item: Self) -> Self {
        let heights = known.iter().flatten().map(Self::height);
        let height = 1 + heights.max().unwrap_or(0).max(item.height());
        if height > MOST_DEEP { Self::Unknown } else { Self::Array(Rc::new(Array { known, item, height })) }
    }

    /// An object with these members, which are all that it has unless it is open.
    pub fn object(members: Vec<(Rc<str>, Member)>, open: bool, from: Origin) -> Self {
        let height = 1 + members.iter().map(|(_, member)| member.shape.height()).max().unwrap_or(0);
        if height > MOST_DEEP || members.len() > MOST {
            return Self::Unknown;
        }
        Self::Object(Rc::new(Object { members, open, from, declared: false, height }))
    }

    /// The same as a type says it.
    pub fn declared(self) -> Self {
        match self {
            Self::Object(object) => Self::Object(Rc::new(Object { declared: true, ..Object::clone(&object) })),
            other => other,
        }
    }

    /// An object with just these members.
    pub fn closed<'a>(members: impl IntoIterator<Item = (&'a str, Self)>, from: &Origin) -> Self {
        let members = members.into_iter().map(|(name, shape)| (Rc::from(name), Member::new(shape)));
        Self::object(members.collect(), false, from.clone())
    }

    fn height(&self) -> u16 {
        match self {
            Self::Array(array) => array.height,
            Self::Object(object) => object.height,
            _ => 0,
        }
    }

    /// The shape of a literal. A text with a `${Token}` may become anything.
    pub fn of(json: &Json, from: &Origin) -> Self {
        Self::literal(json, from, 0)
    }

    fn literal(json: &Json, from: &Origin, depth: u16) -> Self {
        if depth > MOST_DEEP {
            return Self::Unknown;
        }
        match json {
            Json::Null => Self::Scalar("null"),
            Json::Bool(_) => Self::BOOLEAN,
            Json::Number(_) => Self::NUMBER,
            Json::String(text) if text.contains("${") => Self::Unknown,
            Json::String(_) => Self::TEXT,
            Json::Array(items) if items.len() > MOST => Self::list(Self::Unknown),
            Json::Array(items) => Self::tuple(items.iter().map(|item| Self::literal(item, from, depth + 1)).collect()),
            Json::Object(members) if members.len() > MOST => Self::Unknown,
            Json::Object(members) => {
                let open = members.keys().any(|name| name.contains("${"));
                let members = members
                    .iter()
                    .map(|(name, value)| (Rc::from(name.as_str()), Member::new(Self::literal(value, from, depth + 1))));
                Self::object(members.collect(), open, from.clone())
            }
        }
    }

    /// What it has under a name; of an array, nothing.
    pub fn member(&self, name: &str) -> Look {
        match self {
            Self::Unknown => Look::Found(Self::Unknown),
            Self::Scalar(_) | Self::Array(_) => Look::Absent,
            Self::Object(object) => match object.members.iter().find(|(known, _)| &**known == name) {
                Some((_, Member { shape, lacking: None })) => Look::Found(shape.clone()),
                Some((_, Member { shape, lacking: Some(lack) })) => Look::Lacking(shape.clone(), lack.clone()),
                None if object.open => Look::Found(Self::Unknown),
                None => Look::Absent,
            },
            Self::Modelled(modelled) => match modelled.member(name) {
                Some(shape) => Look::Found(shape),
                None => Look::Absent,
            },
        }
    }

    /// The names of its members, for a message.
    pub fn names(&self) -> Vec<Rc<str>> {
        match self {
            Self::Object(object) => object.members.iter().map(|(name, _)| name.clone()).collect(),
            Self::Modelled(modelled) => modelled.structure.members().map(|it| Rc::from(&*it.name())).collect(),
            _ => Vec::new(),
        }
    }

    /// What is known where two routes meet.
    pub fn join(&self, other: &Self) -> Self {
        match (self, other) {
            (a, b) if a == b => a.clone(),
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Scalar("null"), other) | (other, Self::Scalar("null")) => other.clone(),
            (Self::Scalar(_), Self::Scalar(_)) => Self::Scalar("a value without members"),
            // What an object does not have, a value without members does not have either.
            (Self::Scalar(_), object @ (Self::Object(_) | Self::Modelled(_)))
            | (object @ (Self::Object(_) | Self::Modelled(_)), Self::Scalar(_)) => object.clone(),
            (Self::Array(a), Self::Array(b)) => {
                let known = match (&a.known, &b.known) {
                    (Some(a), Some(b)) if a.len() == b.len() => Some(a.iter().zip(b).map(|(a, b)| a.join(b)).collect()),
                    _ => None,
                };
                let item = match (&a.known, &b.known) {
                    // None of an empty array is anything.
                    (Some(items), _) if items.is_empty() => b.item.clone(),
                    (_, Some(items)) if items.is_empty() => a.item.clone(),
                    _ => a.item.join(&b.item).without_lacks(),
                };
                Self::array(known, item)
            }
            (Self::Object(a), Self::Object(b)) => a.join(b),
            (Self::Modelled(a), Self::Object(b)) => a.expanded().join(b),
            (Self::Object(a), Self::Modelled(b)) => a.join(&b.expanded()),
            (Self::Modelled(a), Self::Modelled(b)) => a.expanded().join(&b.expanded()),
            _ => Self::Unknown,
        }
    }

    /// The same after a `Choice`, which may have sent another route elsewhere: what may be missing is not missing for
    /// certain any more.
    pub fn without_lacks(&self) -> Self {
        self.changed(false)
    }

    /// The same after a `Choice` that asks for what is not there: nothing is known to be missing behind it.
    pub fn opened(&self) -> Self {
        self.changed(true)
    }

    fn changed(&self, opens: bool) -> Self {
        match self {
            Self::Unknown | Self::Scalar(_) => self.clone(),
            Self::Modelled(_) if opens => Self::Unknown,
            Self::Modelled(_) => self.clone(),
            _ if !opens && !self.has_lacks() => self.clone(),
            Self::Array(_) if opens => Self::Unknown,
            Self::Array(array) => {
                let known = array.known.as_ref();
                let known = known.map(|items| items.iter().map(|item| item.changed(opens)).collect());
                Self::array(known, array.item.changed(opens))
            }
            Self::Object(object) => {
                let members = object.members.iter();
                let members = members.map(|(name, it)| (name.clone(), Member::new(it.shape.changed(opens))));
                Self::object(members.collect(), object.open || opens, object.from.clone())
            }
        }
    }

    fn has_lacks(&self) -> bool {
        match self {
            Self::Array(array) => array.item.has_lacks() || array.known.iter().flatten().any(Self::has_lacks),
            Self::Object(object) => {
                object.members.iter().any(|(_, member)| member.lacking.is_some() || member.shape.has_lacks())
            }
            _ => false,
        }
    }

    /// The same with a value in the place of the path, as `ResultPath` puts it there.
    pub fn with(&self, path: &[&str], value: Self, by: &Origin) -> Self {
        let Some((first, rest)) = path.split_first() else { return value };
        let (mut members, open, from) = match self {
            Self::Object(object) => (object.members.clone(), object.open, and(&object.from, by)),
            Self::Modelled(modelled) => {
                let object = modelled.expanded();
                (object.members, object.open, and(&object.from, by))
            }
            // Whatever it is must be an object, or the state fails.
            _ => (Vec::new(), true, by.clone()),
        };
        let inner = |shape: &Self| shape.with(rest, value.clone(), by);
        match members.iter_mut().find(|(name, _)| **name == **first) {
            Some((_, member)) => *member = Member::new(inner(&member.shape)),
            None => {
                let made = match rest {
                    [] => value.clone(),
                    _ if open => inner(&Self::Unknown),
                    _ => inner(&Self::object(Vec::new(), false, by.clone())),
                };
                members.push((Rc::from(*first), Member::new(made)));
            }
        }
        Self::object(members, open, from)
    }
}

impl Member {
    pub fn new(shape: Shape) -> Self {
        Self { shape, lacking: None }
    }

    /// The member on a route besides one on which there is none.
    fn lacking_from(&self, other: &Object) -> Self {
        if other.open {
            return Self::new(Shape::Unknown);
        }
        let names = || other.members.iter().map(|(name, _)| name.clone()).collect();
        let lack = || Rc::new(Lack { from: other.from.clone(), names: names() });
        Self { shape: self.shape.clone(), lacking: self.lacking.clone().or_else(|| Some(lack())) }
    }
}

impl Object {
    fn join(&self, other: &Self) -> Shape {
        let mut members: Vec<(Rc<str>, Member)> = Vec::with_capacity(self.members.len());
        for (name, member) in &self.members {
            let joined = match other.members.iter().find(|(known, _)| known == name) {
                Some((_, twin)) => Member {
                    shape: member.shape.join(&twin.shape),
                    lacking: member.lacking.clone().or_else(|| twin.lacking.clone()),
                },
                None => member.lacking_from(other),
            };
            members.push((name.clone(), joined));
        }
        for (name, member) in &other.members {
            if !self.members.iter().any(|(known, _)| known == name) {
                members.push((name.clone(), member.lacking_from(self)));
            }
        }
        Shape::object(members, self.open || other.open, and(&self.from, &other.from))
    }
}

/// Both origins.
fn and(a: &Origin, b: &Origin) -> Origin {
    let more: Vec<_> = b.iter().filter(|name| !a.contains(name)).cloned().collect();
    if more.is_empty() || a.len() >= MOST_NAMED {
        return a.clone();
    }
    a.iter().cloned().chain(more).take(MOST_NAMED).collect()
}

impl Modelled {
    /// The member of a name in either spelling: that of the integrations, or that of the API with a capital.
    fn member(&self, name: &str) -> Option<Shape> {
        let is_named = |member: &api::Member<'_>| member.name() == name || capitalised(member.api_name()) == name;
        self.structure.members().find(is_named).map(|member| of_api(member.shape(), &self.from))
    }

    /// Its members, one level of them, in both spellings: that of the API first.
    pub fn expanded(&self) -> Object {
        let members = self.structure.members().flat_map(|member| {
            let shape = of_api(member.shape(), &self.from);
            let first = capitalised(member.api_name());
            let own = member.name();
            let other = (first != *own).then(|| (Rc::from(&*own), Member::new(shape.clone())));
            std::iter::once((Rc::from(first), Member::new(shape))).chain(other)
        });
        Object { members: members.collect(), open: false, from: self.from.clone(), declared: false, height: 1 }
    }
}

/// The name of the API with a capital.
fn capitalised(api_name: &str) -> String {
    let mut name = api_name.to_owned();
    if let Some(letter) = name.get_mut(..1) {
        letter.make_ascii_uppercase();
    }
    name
}

/// The shape of a value of an API.
pub(super) fn of_api(shape: api::Shape<'static>, from: &Origin) -> Shape {
    match shape {
        api::Shape::Structure(structure) => Shape::Modelled(Modelled { structure, from: from.clone() }),
        api::Shape::Array(item) => match item.shape() {
            api::Shape::Array(_) => Shape::list(Shape::Unknown),
            other => Shape::list(of_api(other, from)),
        },
        api::Shape::Boolean => Shape::BOOLEAN,
        api::Shape::Integer | api::Shape::Long | api::Shape::Float | api::Shape::Double => Shape::NUMBER,
        api::Shape::String | api::Shape::Enumeration(_) => Shape::TEXT,
        // How the service writes these is not known of every API.
        api::Shape::Timestamp | api::Shape::Blob | api::Shape::Document | api::Shape::Map(_) => Shape::Unknown,
    }
}
