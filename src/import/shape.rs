//! The place that code is laid out in, and the lines of a text that is to fit into it.

/// `max_width`.
pub(super) const WIDTH: usize = 120;
/// `tab_spaces`.
pub(super) const TAB: usize = 4;

/// The place of code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Shape {
    /// The columns before its lines.
    pub indent: usize,
    /// The columns before it on its first line, beyond the indentation.
    pub offset: usize,
    /// The columns that it may take on its first line.
    pub width: usize,
}

impl Shape {
    /// At the beginning of a line.
    pub fn indented(indent: usize) -> Self {
        Self { indent, offset: 0, width: WIDTH.saturating_sub(indent) }
    }

    pub fn minus(self, columns: usize) -> Option<Self> {
        Some(Self { width: self.width.checked_sub(columns)?, ..self })
    }

    pub fn after(self, columns: usize) -> Option<Self> {
        Some(Self { offset: self.offset + columns, ..self.minus(columns)? })
    }

    /// What stands behind it on its line.
    pub fn overhead(self) -> usize {
        WIDTH.saturating_sub(self.indent + self.offset + self.width)
    }

    pub fn newline(self) -> String {
        newline(self.indent)
    }
}

pub(super) fn newline(indent: usize) -> String {
    format!("\n{}", " ".repeat(indent))
}

pub(super) fn width(text: &str) -> usize {
    text.chars().count()
}

pub(super) fn first_line(text: &str) -> &str {
    text.split('\n').next().unwrap_or_default()
}

pub(super) fn last_line(text: &str) -> &str {
    text.rsplit('\n').next().unwrap_or_default()
}

pub(super) fn lines(text: &str) -> usize {
    text.lines().count()
}

/// Whether a text fits into its shape: the first line into the room of it, the others into the width.
pub(super) fn fits(text: &str, shape: Shape) -> bool {
    let multiline = text.contains('\n');
    width(first_line(text)) <= shape.width
        && (!multiline
            || text.split('\n').skip(1).all(|line| width(line) <= WIDTH)
                && width(last_line(text)) <= shape.indent + shape.offset + shape.width)
}
