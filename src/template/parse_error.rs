//! Why a text cannot be read.

use std::{error::Error, fmt};

/// Why a text is not a template: what is, and what was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// One sentence, without the place.
    pub message: String,
    /// Line, counted from 1.
    pub line: Option<usize>,
    /// Column, counted from 1: in characters, for JSON in bytes.
    pub column: Option<usize>,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let (Some(line), Some(column)) = (self.line, self.column) {
            write!(f, "line {line}, column {column}: ")?;
        }
        f.write_str(&self.message)
    }
}

impl Error for ParseError {}
