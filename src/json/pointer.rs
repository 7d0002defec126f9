//! A place in JSON: a pointer that is written only when something is to be said of it.

use std::{borrow::Cow, fmt};

/// A JSON pointer, as a chain from the inside out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pointer<'a> {
    around: Option<&'a Pointer<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy, Debug)]
enum Step<'a> {
    /// What the pointer begins with.
    Start(&'a str),
    Key(&'a str),
    Index(usize),
}

impl<'a> Pointer<'a> {
    /// The whole.
    pub const START: Pointer<'static> = Pointer { around: None, step: Step::Start("") };

    /// A place that is known by its text.
    pub fn at(text: &'a str) -> Self {
        Self { around: None, step: Step::Start(text) }
    }

    /// A member of the object here.
    pub fn key(&'a self, key: &'a str) -> Pointer<'a> {
        Pointer { around: Some(self), step: Step::Key(key) }
    }

    /// An element of the array here.
    pub fn index(&'a self, index: usize) -> Pointer<'a> {
        Pointer { around: Some(self), step: Step::Index(index) }
    }
}

impl fmt::Display for Pointer<'_> {
    /// The JSON pointer.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(around) = self.around {
            around.fmt(f)?;
        }
        match self.step {
            Step::Start(text) => f.write_str(text),
            Step::Key(key) => write!(f, "/{}", escape(key)),
            Step::Index(index) => write!(f, "/{index}"),
        }
    }
}

/// A name as part of a JSON pointer.
pub(crate) fn escape(name: &str) -> Cow<'_, str> {
    if name.contains(['~', '/']) { name.replace('~', "~0").replace('/', "~1").into() } else { name.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_written_as_a_json_pointer() {
        let states = Pointer::START.key("States");
        let state = states.key("a/b~");
        let retry = state.key("Retry");
        assert_eq!(retry.index(0).to_string(), "/States/a~1b~0/Retry/0");
        assert_eq!(Pointer::START.to_string(), "");
    }
}
