//! Where a reader is in a definition: a JSON pointer that is written only when something is to be said of it.

use std::fmt;

use crate::json::escape;

/// A JSON pointer into a definition, as a chain from the inside out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pointer<'a> {
    around: Option<&'a Pointer<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy, Debug)]
enum Step<'a> {
    Start,
    Key(&'a str),
    Index(usize),
}

impl<'a> Pointer<'a> {
    /// The definition itself.
    pub const START: Pointer<'static> = Pointer { around: None, step: Step::Start };

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
            Step::Start => Ok(()),
            Step::Key(key) => write!(f, "/{}", escape(key)),
            Step::Index(index) => write!(f, "/{index}"),
        }
    }
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
