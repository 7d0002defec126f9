//! What a property may hold: a literal known now, or an intrinsic that CloudFormation resolves at deploy.
//!
//! Stack code hardly ever names [`Value`]: setters take `impl IntoValue<T>`, so `"orders"`, `30`,
//! `queue.arn()` and `sub("…")` all read the same.

mod reference;

use std::{cell::RefCell, sync::Arc};

use serde::{Serialize, Serializer, ser::Error as _, ser::SerializeMap};

pub use crate::json::Json;

pub(crate) use reference::{Loose, Reference, debugged, mentions};

use self::reference::Recording;
use crate::diagnostic::{Declarations, Diagnostic};

/// A literal of type `T`, or an intrinsic function that yields one at deploy.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<T> {
    /// Known while synthesizing.
    Literal(T),
    /// Known to CloudFormation while deploying.
    Intrinsic(Intrinsic),
}

impl<T> Value<T> {
    /// The literal, if it is one.
    pub fn literal(&self) -> Option<&T> {
        match self {
            Value::Literal(value) => Some(value),
            Value::Intrinsic(_) => None,
        }
    }

    /// The same intrinsic, taken to yield a `U`: a `Number` parameter in a string property, say.
    ///
    /// CloudFormation converts between strings, numbers and booleans itself. A literal is rendered as it is.
    pub fn cast<U>(self) -> Value<U>
    where
        T: Serialize,
    {
        match self {
            Value::Literal(value) => Value::Intrinsic(Intrinsic::capture(&value)),
            Value::Intrinsic(intrinsic) => Value::Intrinsic(intrinsic),
        }
    }
}

impl<T: Serialize> Serialize for Value<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Literal(value) => value.serialize(serializer),
            Value::Intrinsic(intrinsic) => intrinsic.serialize(serializer),
        }
    }
}

/// An intrinsic function in its long form, such as `{"Ref": "Topic"}`; made by [`intrinsic`](crate::intrinsic)
/// and by the attributes of a [`Handle`](crate::stack::Handle).
#[derive(Clone, Debug)]
pub struct Intrinsic {
    json: Result<Json, String>,
    references: Vec<Reference>,
    /// Calls inside of it that were JSON before, and may refer to something too.
    loose: Vec<Arc<Loose>>,
    notes: Vec<Arc<Notes>>,
}

/// What a value knows about itself beside its JSON, for the stack that it reaches. Paths are relative to the
/// properties of the resource: `Definition/States/Render`.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    /// Where its parts were declared.
    pub declared: Declarations,
    /// What is wrong with it and cannot be seen in its JSON.
    pub problems: Vec<Diagnostic>,
}

/// A serialized value with what its intrinsics carry.
pub(crate) struct Recorded {
    pub json: Result<Json, String>,
    pub references: Vec<Reference>,
    pub loose: Vec<Arc<Loose>>,
    pub notes: Vec<Arc<Notes>>,
}

/// What the intrinsics of a value carry.
#[derive(Default)]
struct Met {
    references: Vec<Reference>,
    loose: Vec<Arc<Loose>>,
    notes: Vec<Arc<Notes>>,
    /// Calls that could be taken for strays, and are none.
    accounted: Vec<Json>,
}

impl PartialEq for Intrinsic {
    fn eq(&self, other: &Self) -> bool {
        self.json == other.json
    }
}

thread_local! {
    /// What is met while a value is being serialized: serde hands no context down, so it lies here for the length of
    /// one `record` call.
    static MET: RefCell<Met> = const {
        RefCell::new(Met { references: Vec::new(), loose: Vec::new(), notes: Vec::new(), accounted: Vec::new() })
    };
}

/// Serializes `value` and collects the references that its intrinsics hold.
pub(crate) fn record(value: &(impl Serialize + ?Sized)) -> (Result<Json, String>, Vec<Reference>) {
    let Recorded { json, references, .. } = record_all(value);
    (json, references)
}

/// Serializes `value` and collects what its intrinsics carry.
pub(crate) fn record_all(value: &(impl Serialize + ?Sized)) -> Recorded {
    let outer = MET.take();
    let recording = Recording::begin();
    let json = serde_json::to_value(value).map_err(|error| error.to_string());
    drop(recording);
    let Met { references, mut loose, notes, accounted } = MET.replace(outer);
    loose.extend(json.iter().flat_map(|json| reference::loose(json, accounted.clone())));
    Recorded { json, references, loose, notes }
}

impl Intrinsic {
    /// `{function: argument}`.
    pub(crate) fn new(function: &str, argument: &(impl Serialize + ?Sized)) -> Self {
        let captured = Self::capture(argument);
        let json = captured.json.map(|argument| Json::from_iter([(function.to_owned(), argument)]));
        Self { json, ..captured }
    }

    /// Whatever `value` serializes to, with the references inside it.
    pub(crate) fn capture(value: &(impl Serialize + ?Sized)) -> Self {
        let Recorded { json, references, loose, notes } = record_all(value);
        Self { json, references, loose, notes }
    }

    /// JSON that was part of a recorded value, so that what it refers to is known.
    pub(crate) fn part(json: Json, references: Vec<Reference>, loose: Vec<Arc<Loose>>) -> Self {
        Self { json: Ok(json), references, loose, notes: Vec::new() }
    }

    /// The JSON and what it refers to, apart.
    pub(crate) fn into_parts(self) -> (Result<Json, String>, Vec<Reference>, Vec<Arc<Loose>>) {
        (self.json, self.references, self.loose)
    }

    /// The bare name of something that a stack holds, as `DependsOn` and `Condition` want it.
    pub(crate) fn name(reference: Reference) -> Self {
        Self::capture(&*reference.id).with(reference)
    }

    /// Something that cannot be rendered; becomes a diagnostic when it reaches a stack.
    pub(crate) fn broken(why: impl Into<String>) -> Self {
        Self { json: Err(why.into()), references: Vec::new(), loose: Vec::new(), notes: Vec::new() }
    }

    /// The same function, which also refers to something that a stack holds.
    pub(crate) fn with(mut self, reference: Reference) -> Self {
        self.references.push(reference);
        self
    }

    /// Takes the references of a value that is the same but for them.
    pub(crate) fn refer_like(&mut self, other: &Intrinsic) {
        for new in &other.references {
            if !self.references.iter().any(|known| known.is_of(&new.stack) && known.id == new.id) {
                self.references.push(new.clone());
            }
        }
        self.loose.extend(other.loose.iter().cloned());
    }

    /// The same value, which also tells the stack that it reaches these notes.
    pub(crate) fn noting(mut self, notes: Notes) -> Self {
        self.notes.push(Arc::new(notes));
        self
    }
}

impl Serialize for Intrinsic {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if Recording::is_on() {
            MET.with_borrow_mut(|met| {
                met.references.extend(self.references.iter().cloned());
                met.loose.extend(self.loose.iter().cloned());
                met.notes.extend(self.notes.iter().cloned());
                met.accounted.extend(self.json.iter().flat_map(reference::like_strays));
            });
        } else if size_of::<S::Ok>() > 0
            && let Ok(json) = &self.json
        {
            // A serializer that gives something back makes a value, such as that of `json!`; one that does not, text.
            reference::stray(json, &self.references);
        }
        match &self.json {
            Ok(json) => json.serialize(serializer),
            Err(why) => Err(S::Error::custom(why)),
        }
    }
}

/// What a setter accepts: a literal, a `&str` for a string, an array or `Vec` for a list, pairs for a map,
/// or an intrinsic.
#[diagnostic::on_unimplemented(
    message = "a property of type `{T}` cannot be set from `{Self}`",
    label = "expected `{T}` or an intrinsic",
    note = "an intrinsic is a typed attribute (`queue.arn()`), a reference (`queue.reference()`) or `sub(\"..\")`"
)]
pub trait IntoValue<T> {
    /// The value to store.
    fn into_value(self) -> Value<T>;
}

impl<T> IntoValue<T> for T {
    fn into_value(self) -> Value<T> {
        Value::Literal(self)
    }
}

impl<T> IntoValue<T> for Value<T> {
    fn into_value(self) -> Value<T> {
        self
    }
}

impl<T: Clone> IntoValue<T> for &Value<T> {
    fn into_value(self) -> Value<T> {
        self.clone()
    }
}

impl IntoValue<String> for &str {
    fn into_value(self) -> Value<String> {
        Value::Literal(self.to_owned())
    }
}

impl IntoValue<String> for &String {
    fn into_value(self) -> Value<String> {
        Value::Literal(self.clone())
    }
}

/// A JSON number: an integer stays an integer, a fraction a fraction.
///
/// For properties whose schema type is `number`; an infinite or undefined value is refused when it is added.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// Written without a decimal point.
    Integer(i64),
    /// Written with one.
    Fraction(f64),
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match *self {
            Number::Integer(value) => serializer.serialize_i64(value),
            Number::Fraction(value) if value.is_finite() => serializer.serialize_f64(value),
            Number::Fraction(value) => Err(S::Error::custom(format!("`{value}` is not a number that JSON can hold"))),
        }
    }
}

impl IntoValue<Number> for i64 {
    fn into_value(self) -> Value<Number> {
        Value::Literal(Number::Integer(self))
    }
}

impl IntoValue<Number> for f64 {
    fn into_value(self) -> Value<Number> {
        Value::Literal(Number::Fraction(self))
    }
}

/// A list property. Each element may be an intrinsic, and so may the whole list.
///
/// An array or a `Vec` converts into it; [`item`](Self::item) mixes literals and intrinsics.
///
/// ```
/// use formwork::{intrinsic::account_id, value::List};
/// let principals = List::<String>::new().item("123456789012").item(account_id());
/// # assert_eq!(serde_json::to_value(principals).unwrap(), serde_json::json!(["123456789012", {"Ref": "AWS::AccountId"}]));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct List<T>(Vec<Value<T>>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> List<T> {
    /// An empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends one element.
    pub fn item(mut self, value: impl IntoValue<T>) -> Self {
        self.0.push(value.into_value());
        self
    }

    /// The elements, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Value<T>> {
        self.0.iter()
    }
}

impl<T: Serialize> Serialize for List<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(&self.0)
    }
}

impl<T, U: IntoValue<T>> FromIterator<U> for List<T> {
    fn from_iter<I: IntoIterator<Item = U>>(items: I) -> Self {
        Self(items.into_iter().map(IntoValue::into_value).collect())
    }
}

impl<T, U: IntoValue<T>, const N: usize> IntoValue<List<T>> for [U; N] {
    fn into_value(self) -> Value<List<T>> {
        Value::Literal(self.into_iter().collect())
    }
}

impl<T, U: IntoValue<T>> IntoValue<List<T>> for Vec<U> {
    fn into_value(self) -> Value<List<T>> {
        Value::Literal(self.into_iter().collect())
    }
}

/// A property with keys of the user's choice (environment variables, tags of some services), in insertion order.
///
/// An array of pairs converts into it; [`entry`](Self::entry) mixes literals and intrinsics. A later entry with
/// the same key replaces the earlier one.
///
/// ```
/// use formwork::{intrinsic::region, value::Entries};
/// let variables = Entries::<String>::new().entry("BUCKET", "reports").entry("HOME_REGION", region());
/// # assert_eq!(serde_json::to_string(&variables).unwrap(), r#"{"BUCKET":"reports","HOME_REGION":{"Ref":"AWS::Region"}}"#);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Entries<T>(Vec<(String, Value<T>)>);

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Entries<T> {
    /// An empty map.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets one entry.
    pub fn entry(mut self, key: impl Into<String>, value: impl IntoValue<T>) -> Self {
        self.set(key.into(), value.into_value());
        self
    }

    fn set(&mut self, key: String, value: Value<T>) {
        match self.0.iter_mut().find(|(known, _)| *known == key) {
            Some((_, slot)) => *slot = value,
            None => self.0.push((key, value)),
        }
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The entries, in insertion order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value<T>)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }
}

impl<T: Serialize> Serialize for Entries<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

impl<T, K: Into<String>, U: IntoValue<T>> FromIterator<(K, U)> for Entries<T> {
    fn from_iter<I: IntoIterator<Item = (K, U)>>(entries: I) -> Self {
        let mut map = Self::new();
        for (key, value) in entries {
            map.set(key.into(), value.into_value());
        }
        map
    }
}

impl<T, K: Into<String>, U: IntoValue<T>, const N: usize> IntoValue<Entries<T>> for [(K, U); N] {
    fn into_value(self) -> Value<Entries<T>> {
        Value::Literal(self.into_iter().collect())
    }
}

impl<T, K: Into<String>, U: IntoValue<T>> IntoValue<Entries<T>> for Vec<(K, U)> {
    fn into_value(self) -> Value<Entries<T>> {
        Value::Literal(self.into_iter().collect())
    }
}

/// Properties set beside the typed ones, by `.property("Name", …)` on any generated struct: the way to a
/// property that AWS has added since the structs were generated.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extra(Entries<Json>);

impl Extra {
    /// Whether nothing was set.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Sets the property `name` to anything that serializes, intrinsics included.
    pub(crate) fn set(&mut self, name: impl Into<String>, value: impl Serialize) {
        self.0.set(name.into(), Value::Intrinsic(Intrinsic::capture(&value)));
    }
}

impl Serialize for Extra {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// Defines an enumeration of AWS's as an open set: a constant for each value of the schema, and `other` for the rest.
macro_rules! open_enum {
    ($(#[$doc:meta])* $name:ident { $($constant:ident = $value:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name(std::borrow::Cow<'static, str>);

        impl $name {
            $(
                #[doc = concat!("`", $value, "`.")]
                pub const $constant: Self = Self(std::borrow::Cow::Borrowed($value));
            )*

            /// A value that AWS has added since the constants were generated.
            pub fn other(value: impl Into<std::borrow::Cow<'static, str>>) -> Self {
                Self(value.into())
            }

            /// The value as AWS spells it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }
    };
}
pub(crate) use open_enum;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn json_of<T: Serialize>(value: impl IntoValue<T>) -> Json {
        serde_json::to_value(value.into_value()).unwrap()
    }

    #[test]
    fn numbers_keep_their_form() {
        assert_eq!(json_of::<Number>(5).to_string(), "5");
        assert_eq!(json_of::<Number>(0.5).to_string(), "0.5");
        assert_eq!(json_of::<Number>(-3).to_string(), "-3");
        assert_eq!(json_of::<i64>(9_007_199_254_740_993).to_string(), "9007199254740993");
    }

    #[test]
    fn a_number_that_json_cannot_hold_is_refused() {
        let (json, _) = record(&IntoValue::<Number>::into_value(f64::NAN));
        assert_eq!(json.unwrap_err(), "`NaN` is not a number that JSON can hold");
    }

    #[test]
    fn lists_and_maps_keep_their_order_and_convert_from_what_one_writes() {
        assert_eq!(json_of::<List<String>>(["b", "a"]), json!(["b", "a"]));
        assert_eq!(json_of::<List<i64>>(vec![2, 1]), json!([2, 1]));
        assert_eq!(
            json_of::<Entries<String>>([("z", "1"), ("a", "2"), ("z", "3")]).to_string(),
            r#"{"z":"3","a":"2"}"#
        );
    }

    #[test]
    fn recording_collects_the_references_of_nested_intrinsics() {
        let reference = Reference { stack: "one".into(), id: "Topic".into() };
        let topic = Intrinsic::new("Ref", "Topic").with(reference);
        let joined = Intrinsic::new("Fn::Join", &("/", [&topic, &topic]));
        let (json, met) = record(&vec![Value::<String>::Intrinsic(joined)]);
        assert_eq!(json.unwrap(), json!([{"Fn::Join": ["/", [{"Ref": "Topic"}, {"Ref": "Topic"}]]}]));
        assert_eq!(met.iter().map(|r| &*r.id).collect::<Vec<_>>(), ["Topic", "Topic"]);
    }
}
