//! The legend below a picture: what its colours and lines mean.

use std::fmt::Write;

use super::xml::{escape, number};
use crate::graph::{
    model::{EdgeKind, Graph},
    scene::{Point, Size},
    text::Font,
    theme::class,
};

/// Around the legend, between its entries, and the height of its rows.
const MARGIN: f64 = 20.0;
const GAP: f64 = 18.0;
const ROW: f64 = 22.0;
/// The room of a sample, with what is behind it.
const LINE: f64 = 34.0;
const SQUARE: f64 = 20.0;
/// A legend is this wide at least, if it has that much to say.
const NARROWEST: f64 = 420.0;

/// What the legend says, and where.
pub(super) struct Legend {
    entries: Vec<(Entry, Point)>,
    pub size: Size,
}

struct Entry {
    sample: Sample,
    name: &'static str,
}

enum Sample {
    Line,
    Tile,
    Face,
}

impl Entry {
    fn sample_width(&self) -> f64 {
        match self.sample {
            Sample::Line => LINE,
            Sample::Tile | Sample::Face => SQUARE,
        }
    }
}

impl Legend {
    /// The legend of a graph, in rows as wide as the picture. One that says a single thing of each is left out.
    pub fn of(graph: &Graph, width: f64) -> Self {
        let of = |sample: fn() -> Sample, names: Vec<&'static str>| {
            names.into_iter().map(move |name| Entry { sample: sample(), name })
        };
        let families: Vec<_> = graph.families().into_iter().map(|family| family.name()).collect();
        let kinds: Vec<_> =
            graph.edge_kinds().into_iter().filter(|kind| kind.is_line() && *kind != EdgeKind::Choice).collect();
        let kinds: Vec<_> = kinds.into_iter().map(|kind| kind.name()).collect();
        let changes = graph.changes().into_iter().map(|change| change.name());
        let marks = changes.chain(graph.visit_ends().into_iter().map(|end| end.name())).collect();
        let mut entries: Vec<Entry> = Vec::new();
        entries.extend(of(|| Sample::Tile, if families.len() > 1 { families } else { Vec::new() }));
        entries.extend(of(|| Sample::Line, if kinds.len() > 1 { kinds } else { Vec::new() }));
        entries.extend(of(|| Sample::Face, marks));
        let room = width.max(NARROWEST) - MARGIN;
        let (mut at, mut right) = (Point::new(MARGIN, 0.0), 0.0_f64);
        let mut placed = Vec::new();
        for entry in entries {
            let width = entry.sample_width() + Font::EDGE.width(entry.name);
            if at.x > MARGIN && at.x + width > room {
                at = Point::new(MARGIN, at.y + ROW);
            }
            placed.push((entry, at));
            at.x += width + GAP;
            right = right.max(at.x - GAP);
        }
        let height = if placed.is_empty() { 0.0 } else { at.y + ROW + MARGIN };
        let width = if placed.is_empty() { 0.0 } else { right + MARGIN };
        Self { entries: placed, size: Size { width, height } }
    }

    /// Draws it below that height.
    pub fn draw(&self, out: &mut String, below: f64) {
        if self.entries.is_empty() {
            return;
        }
        put!(out, "<g class=\"legend\">\n");
        for (entry, at) in &self.entries {
            let (left, middle) = (at.x, below + at.y + ROW / 2.0);
            let name = class(entry.name);
            match entry.sample {
                Sample::Tile => {
                    let y = number(middle - 6.0);
                    put!(
                        out,
                        r#"<g class="family-{name}"><rect class="tile" x="{}" y="{y}" width="12" height="12" rx="3"/>"#,
                        number(left)
                    );
                }
                Sample::Face => {
                    let y = number(middle - 6.0);
                    put!(
                        out,
                        r#"<g class="node {name}"><rect class="face" x="{}" y="{y}" width="12" height="12" rx="3" stroke-width="2"/>"#,
                        number(left)
                    );
                }
                Sample::Line => {
                    let (y, end) = (number(middle), left + LINE - 8.0);
                    put!(
                        out,
                        r#"<g class="{name}"><path class="line" d="M{} {y}H{}"/>"#,
                        number(left),
                        number(end - 6.0)
                    );
                    let (above, below) = (number(middle - 4.0), number(middle + 4.0));
                    let (tip, back) = (number(end), number(end - 8.0));
                    put!(out, r#"<path class="head" d="M{tip} {y}L{back} {above}L{back} {below}Z"/>"#);
                }
            }
            let (x, y) = (number(left + entry.sample_width()), number(middle + Font::EDGE.size * 0.36));
            put!(out, "<text x=\"{x}\" y=\"{y}\">{}</text></g>\n", escape(entry.name));
        }
        out.push_str("</g>\n");
    }
}
