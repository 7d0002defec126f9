//! Maps: of keys that users choose, and of the properties that no struct has.

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{IntoValue, Value, intrinsic::Intrinsic};
use crate::json::Json;

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

/// The properties set beside the typed ones, by `.property("Name", …)` on any generated struct: the way to a
/// property that AWS has added since the structs were generated.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extra(Entries<Json>);

impl Extra {
    /// Whether nothing was set.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What was set, in the order of the first setting.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Value<Json>)> {
        self.0.iter()
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
