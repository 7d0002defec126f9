//! The tables of the resource types whose structs are not always there, as [`schema`](crate::schema) reads them.

use super::archive::{Archive, Shelf};

static ARCHIVE: Archive = Archive::new(include_bytes!("registry.bin"));

/// The text without a name: the names of the types.
const NAMES: &str = "";

/// The archive of the tables: where they are from, and how many there are.
pub fn archive() -> Archive {
    ARCHIVE
}

/// The table of a service, by the middle part of its types' names: `StepFunctions`.
pub(crate) fn table(service: &str) -> Option<&'static str> {
    static READ: Shelf<String> = Shelf::new();
    READ.get(service, || ARCHIVE.read(service)).map(String::as_str)
}

/// The names of the types, sorted.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    table(NAMES).unwrap_or_default().lines()
}
