//! How a generated struct is written: its properties in the order of the schema, then what was set beside them.
//!
//! Serde's derive says the same in four times as much code, which the compiler feels where there are thousands of
//! structs.

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::Extra;

/// The properties that are being written; the first error ends it.
pub(crate) struct Properties<S: Serializer>(Result<S::SerializeMap, S::Error>);

impl<S: Serializer> Properties<S> {
    pub(crate) fn new(to: S) -> Self {
        Self(to.serialize_map(None))
    }

    /// Writes a property that is always there.
    pub(crate) fn set<T: Serialize>(&mut self, name: &'static str, value: &T) {
        if let Ok(map) = &mut self.0
            && let Err(error) = map.serialize_entry(name, value)
        {
            self.0 = Err(error);
        }
    }

    /// Writes a property that may be left out.
    pub(crate) fn set_some<T: Serialize>(&mut self, name: &'static str, value: &Option<T>) {
        if let Some(value) = value {
            self.set(name, value);
        }
    }

    pub(crate) fn end(self, extra: &Extra) -> Result<S::Ok, S::Error> {
        let mut map = self.0?;
        for (name, value) in extra.iter() {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}
