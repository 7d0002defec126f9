//! JSON that goes through an execution: shared, and converted for JSONata at most once.

use std::{cell::OnceCell, io, rc::Rc, sync::Arc};

use jsonata_core::value::JValue;

use crate::value::Json;

/// Bytes that the input, the output or the result of a state may have, and what a state assigns.
///
/// <https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html>
pub(super) const MAX_BYTES: usize = 262_144;

/// JSON, with what was found out about it.
#[derive(Clone, Debug)]
pub(super) struct Payload(Rc<Inner>);

#[derive(Debug)]
struct Inner {
    json: Arc<Json>,
    jsonata: OnceCell<JValue>,
    bytes: OnceCell<usize>,
}

impl Payload {
    pub fn new(json: Json) -> Self {
        Arc::new(json).into()
    }

    /// The JSON itself.
    pub fn json(&self) -> &Json {
        &self.0.json
    }

    /// The JSON, for an event.
    pub fn share(&self) -> Arc<Json> {
        Arc::clone(&self.0.json)
    }

    /// The JSON as JSONata sees it.
    pub fn jsonata(&self) -> JValue {
        self.0.jsonata.get_or_init(|| JValue::from((*self.0.json).clone())).clone()
    }

    /// The length of the JSON as text.
    pub fn bytes(&self) -> usize {
        *self.0.bytes.get_or_init(|| bytes(&self.0.json))
    }

    /// Whether it is larger than the service hands on.
    pub fn is_too_large(&self) -> bool {
        self.bytes() > MAX_BYTES
    }
}

impl From<Arc<Json>> for Payload {
    fn from(json: Arc<Json>) -> Self {
        Self(Rc::new(Inner { json, jsonata: OnceCell::new(), bytes: OnceCell::new() }))
    }
}

/// The length of the JSON as text.
pub(super) fn bytes(json: &Json) -> usize {
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
    // A counter refuses nothing, and every `Json` can be written.
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
    fn the_limit_itself_is_allowed() {
        let text = |length: usize| Payload::new(Json::String("a".repeat(length - 2)));
        assert!(!text(MAX_BYTES).is_too_large());
        assert!(text(MAX_BYTES + 1).is_too_large());
    }
}
