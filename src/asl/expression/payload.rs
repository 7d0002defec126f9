//! Payloads: JSON that goes through an execution, shared, and converted for JSONata at most once.

use std::{
    cell::{Cell, OnceCell},
    io,
    rc::Rc,
    sync::Arc,
};

use super::{fault::Fault, jsonata::Value};
use crate::json::{Json, is_too_deep, memory, take_apart};

/// Bytes that the input, the output or the result of a state may have, and what a state assigns.
///
/// <https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html>
pub(crate) const MAX_BYTES: usize = 262_144;

/// A payload: JSON, with what was measured of it.
#[derive(Clone, Debug)]
pub(crate) struct Payload(Rc<Inner>);

#[derive(Debug)]
struct Inner {
    json: Arc<Json>,
    jsonata: OnceCell<Value>,
    bytes: OnceCell<usize>,
    too_deep: OnceCell<bool>,
    /// Whether the memory was counted, or belongs to another payload.
    counted: Cell<bool>,
}

impl Payload {
    pub fn new(json: Json) -> Self {
        Arc::new(json).into()
    }

    /// The payload of a computed value; a fault where that is nested too deep.
    pub fn computed(json: Json) -> Result<Self, Fault> {
        if is_too_deep(&json) {
            take_apart(json);
            return Err(Fault::too_deep());
        }
        let payload = Self::new(json);
        let _ = payload.0.too_deep.set(false);
        Ok(payload)
    }

    /// Whether the value is nested deeper than [`MAX_NESTING`](crate::json::MAX_NESTING).
    pub fn is_too_deep(&self) -> bool {
        *self.0.too_deep.get_or_init(|| is_too_deep(&self.0.json))
    }

    /// The JSON itself.
    pub fn json(&self) -> &Json {
        &self.0.json
    }

    /// The shared JSON, for an event or a trace.
    pub fn share(&self) -> Arc<Json> {
        Arc::clone(&self.0.json)
    }

    /// The value in JSONata's form.
    pub fn jsonata(&self) -> Value {
        self.0.jsonata.get_or_init(|| Value::from(&*self.0.json)).clone()
    }

    /// The length of the JSON as text.
    pub fn bytes(&self) -> usize {
        *self.0.bytes.get_or_init(|| bytes(&self.0.json))
    }

    /// Bytes of memory that the value takes, the first time; later none.
    pub fn new_memory(&self) -> usize {
        if self.0.counted.replace(true) { 0 } else { memory(&self.0.json) }
    }

    /// Whether the JSON is larger than the service hands on.
    pub fn is_too_large(&self) -> bool {
        self.bytes() > MAX_BYTES
    }
}

impl From<Arc<Json>> for Payload {
    fn from(json: Arc<Json>) -> Self {
        let counted = Cell::new(Arc::strong_count(&json) > 1);
        Self(Rc::new(Inner {
            json,
            jsonata: OnceCell::new(),
            bytes: OnceCell::new(),
            too_deep: OnceCell::new(),
            counted,
        }))
    }
}

/// The length of the JSON as text.
pub(crate) fn bytes(json: &Json) -> usize {
    struct Count(usize);
    impl io::Write for Count {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut count = Count(0);
    // The counter takes every byte, and every `Json` can be written.
    let _ = serde_json::to_writer(&mut count, json);
    count.0
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn bytes_are_those_of_the_compact_text() {
        for json in [json!(null), json!("é\n"), json!({"a": [1, 2.5, {"b": "☕"}]})] {
            assert_eq!(bytes(&json), json.to_string().len(), "{json}");
        }
    }

    #[test]
    fn a_computed_value_of_any_depth_is_refused() {
        let deep = |levels: usize| (1..levels).fold(json!([]), |inner, _| Json::Array(vec![inner]));
        let fault = Payload::computed(deep(1_000_000)).unwrap_err();
        assert_eq!(fault.cause.as_deref(), Some("A value is nested more than 256 levels deep."));
    }

    #[test]
    fn memory_is_counted_once() {
        let payload = Payload::new(json!({"a": ["b"]}));
        assert!(payload.new_memory() > 100);
        assert_eq!(payload.clone().new_memory(), 0);
        let shared = Arc::new(json!(1));
        assert_eq!(Payload::from(Arc::clone(&shared)).new_memory(), 0);
    }

    #[test]
    fn the_limit_itself_is_allowed() {
        let text = |length: usize| Payload::new(Json::String("a".repeat(length - 2)));
        assert!(!text(MAX_BYTES).is_too_large());
        assert!(text(MAX_BYTES + 1).is_too_large());
    }
}
