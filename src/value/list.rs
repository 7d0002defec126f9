//! Lists.

use serde::{Serialize, Serializer};

use super::{IntoValue, Value};

/// A list property. Each element may be an intrinsic, and so may the whole list.
///
/// An array or a `Vec` converts into it. The elements of an array have one type: [`item`](Self::item) mixes literals and
/// intrinsics, as does `[topic.topic_arn(), "arn:aws:sns:…".into()]`.
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
