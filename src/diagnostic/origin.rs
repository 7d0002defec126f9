//! Origins: the line of Rust that declared a thing, or the place in the file that it was read from.

use std::{borrow::Cow, fmt, panic::Location};

/// A line of Rust source: where the thing at fault was declared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// Path as the compiler saw it, relative to the package.
    pub file: Cow<'static, str>,
    /// Line, counted from 1.
    pub line: u32,
}

impl From<&'static Location<'static>> for Source {
    fn from(location: &'static Location<'static>) -> Self {
        Self { file: location.file().into(), line: location.line() }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// A place in a text, as editors count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, counted from 1.
    pub line: u32,
    /// Column, counted from 1, in characters.
    pub column: u32,
}

/// A place in a file that was read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FilePosition {
    /// Name of the file, as the user gave it.
    pub file: String,
    /// The position in it.
    pub position: Position,
}

impl fmt::Display for FilePosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.position.line, self.position.column)
    }
}

/// The origin of the thing at fault: Rust code, or a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin<'a> {
    /// The line of Rust that declared it.
    Rust(&'a Source),
    /// The place in the file that it was read from.
    File(&'a FilePosition),
}

impl<'a> Origin<'a> {
    /// Name of the file.
    pub fn file(self) -> &'a str {
        match self {
            Self::Rust(source) => &source.file,
            Self::File(place) => &place.file,
        }
    }

    /// Line, counted from 1.
    pub fn line(self) -> u32 {
        match self {
            Self::Rust(source) => source.line,
            Self::File(place) => place.position.line,
        }
    }

    /// Column, counted from 1; Rust code is known by the line.
    pub fn column(self) -> Option<u32> {
        match self {
            Self::Rust(_) => None,
            Self::File(place) => Some(place.position.column),
        }
    }
}

impl fmt::Display for Origin<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rust(source) => source.fmt(f),
            Self::File(place) => place.fmt(f),
        }
    }
}
