//! What a property may hold: a literal known now, or an intrinsic that CloudFormation resolves at deploy.
//!
//! Stack code hardly ever names [`Value`]: setters take `impl IntoValue<T>`, so `"orders"`, `30`,
//! `queue.arn()` and `sub("…")` all read the same.

mod asset;
mod entries;
mod enumeration;
mod intrinsic;
mod list;
mod number;
mod properties;
mod reference;

use serde::{Serialize, Serializer};

pub use self::{
    entries::{Entries, Extra},
    intrinsic::Intrinsic,
    list::List,
    number::Number,
};
pub use crate::json::Json;

pub(crate) use self::{
    enumeration::open_enum,
    intrinsic::{Notes, Recorded, record, record_all},
    properties::Properties,
    reference::{Loose, Reference, debugged, mentions},
};

/// A literal of type `T`, or an intrinsic function that yields one at deploy.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<T> {
    /// A value that is known while synthesizing.
    Literal(T),
    /// A value that CloudFormation knows while deploying.
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

/// The conversion of what a setter accepts: a literal, a `&str` for a string, an array or `Vec` for a list, pairs for
/// a map, or an intrinsic.
#[diagnostic::on_unimplemented(
    message = "a property of type `{T}` cannot be set from `{Self}`",
    label = "expected `{T}` or an intrinsic",
    note = "an intrinsic is a typed attribute (`queue.arn()`), a reference (`queue.reference()`) or `sub(\"..\")`",
    note = "`.cast()` fits an intrinsic that yields another type, such as a number parameter for a property that is text",
    note = "`List::new().item(\"..\").item(queue.arn())` is a list of literals and intrinsics"
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

/// What a property can hold that is set from a `&str`.
#[diagnostic::on_unimplemented(
    message = "a property of type `{Self}` cannot be set from a text",
    label = "expected `{Self}` or an intrinsic",
    note = "an intrinsic is a typed attribute (`queue.arn()`), a reference (`queue.reference()`) or `sub(\"..\")`, with \
            `.cast()` where that yields another type; a list is an array or `List::new().item(\"..\").item(queue.arn())`"
)]
pub trait FromText<'a>: Sized {
    /// The value of the text.
    #[doc(hidden)]
    fn from_text(text: &'a str) -> Value<Self>;
}

impl<'a> FromText<'a> for String {
    fn from_text(text: &'a str) -> Value<Self> {
        Value::Literal(text.to_owned())
    }
}

impl<'a, T: FromText<'a>> IntoValue<T> for &'a str {
    fn into_value(self) -> Value<T> {
        T::from_text(self)
    }
}

impl<'a, T: FromText<'a>> IntoValue<T> for &'a String {
    fn into_value(self) -> Value<T> {
        T::from_text(self)
    }
}

/// So that a list may have literals and attributes: the compiler then says to write
/// `[topic.topic_arn(), "arn:aws:sns:…".into()]`.
impl From<&str> for Value<String> {
    fn from(text: &str) -> Self {
        Value::Literal(text.to_owned())
    }
}

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
