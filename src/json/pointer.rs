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
    /// The JSON pointer; a longer one than that is that of what is around.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f).map(|_| ())
    }
}

/// Bytes of the longest pointer that is written: a key of megabytes may have thousands of faults in it.
pub(crate) const LONGEST_POINTER: usize = 10_000;

impl Pointer<'_> {
    /// Writes as much as may be, and says how long all of it is; none where it is cut.
    fn write(&self, f: &mut fmt::Formatter<'_>) -> Result<Option<usize>, fmt::Error> {
        let Some(before) = self.around.map_or(Ok(Some(0)), |around| around.write(f))? else { return Ok(None) };
        let (separator, part) = match self.step {
            Step::Start(text) if text.len() > LONGEST_POINTER => {
                let whole = text[..text.floor_char_boundary(LONGEST_POINTER)].rfind('/').unwrap_or(0);
                f.write_str(&text[..whole])?;
                return Ok(None);
            }
            Step::Start(text) => ("", text.into()),
            // Whether it has something to be escaped need not be known.
            Step::Key(key) if key.len() > LONGEST_POINTER => return Ok(None),
            Step::Key(key) => ("/", escape(key)),
            Step::Index(index) => ("/", index.to_string().into()),
        };
        let length = before + separator.len() + part.len();
        if length > LONGEST_POINTER {
            return Ok(None);
        }
        write!(f, "{separator}{part}")?;
        Ok(Some(length))
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
