//! A graph that is laid out: rectangles, texts and routes, in pixels.

/// A picture, from `(0, 0)` on.
#[derive(Clone, Debug, Default)]
pub(super) struct Scene {
    pub size: Size,
    /// By the index of the node.
    pub nodes: Vec<Placed>,
    /// Those that are drawn, in the order of the graph's edges.
    pub routes: Vec<Route>,
}

/// A width and a height.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Size {
    pub width: f64,
    pub height: f64,
}

/// A place.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Point {
    pub x: f64,
    pub y: f64,
}

/// A rectangle.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Rect {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// A node with its place. A box begins with its header.
#[derive(Clone, Debug, Default)]
pub(super) struct Placed {
    pub rect: Rect,
    pub face: Face,
}

/// What is written on a node, broken into lines.
#[derive(Clone, Debug, Default)]
pub(super) struct Face {
    pub label: Vec<String>,
    pub details: Vec<String>,
    /// Small signs after the details: how often it is tried again, what became of it.
    pub signs: Vec<String>,
    /// The size that it needs.
    pub size: Size,
}

/// The line of an edge.
#[derive(Clone, Debug)]
pub(super) struct Route {
    /// The position of its edge in the graph.
    pub edge: usize,
    /// From its beginning to its end.
    pub strokes: Vec<Stroke>,
    pub label: Option<Label>,
}

/// A part of a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Stroke {
    /// Where the line begins, and again after its label.
    Move(Point),
    Line(Point),
    /// A cubic curve: two points that pull it, and where it ends.
    Curve(Point, Point, Point),
}

/// The label of an edge.
#[derive(Clone, Debug)]
pub(super) struct Label {
    pub rect: Rect,
    pub lines: Vec<String>,
}

impl Point {
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// Moved by another.
    pub fn plus(self, by: Self) -> Self {
        Self::new(self.x + by.x, self.y + by.y)
    }

    /// With its coordinates exchanged.
    pub fn swapped(self) -> Self {
        Self::new(self.y, self.x)
    }
}

impl Size {
    /// With its sides exchanged.
    pub fn swapped(self) -> Self {
        Self { width: self.height, height: self.width }
    }
}

impl Rect {
    #[cfg(test)]
    pub fn right(self) -> f64 {
        self.x + self.width
    }

    #[cfg(test)]
    pub fn bottom(self) -> f64 {
        self.y + self.height
    }
}

impl Stroke {
    /// Where it ends.
    pub fn end(self) -> Point {
        match self {
            Self::Move(point) | Self::Line(point) | Self::Curve(_, _, point) => point,
        }
    }

    /// With each of its points changed.
    pub fn map(self, change: impl Fn(Point) -> Point) -> Self {
        match self {
            Self::Move(point) => Self::Move(change(point)),
            Self::Line(point) => Self::Line(change(point)),
            Self::Curve(first, second, end) => Self::Curve(change(first), change(second), change(end)),
        }
    }
}
