//! What is written on a node, and the room that it needs.

use std::time::Duration;

use crate::graph::{
    model::{Edge, EdgeKind, Glyph, Graph, Mark, Node, NodeIndex, Shape},
    scene::{Face, Size},
    text::Font,
};

/// The widest line of a card, and of the header of a box.
const LINE: f64 = 190.0;
const HEADER_LINE: f64 = 320.0;
/// Lines of a label, and of a detail.
const LABEL_LINES: usize = 4;
const DETAIL_LINES: usize = 2;
/// Around the content of a card.
pub(in crate::graph) const PAD_X: f64 = 12.0;
pub(in crate::graph) const PAD_Y: f64 = 10.0;
/// A glyph with its tile, and the room behind it.
pub(in crate::graph) const TILE: f64 = 28.0;
pub(in crate::graph) const TILE_GAP: f64 = 10.0;
/// A sign: its height, the room on both sides of its text, and between signs.
pub(in crate::graph) const SIGN_HEIGHT: f64 = 18.0;
pub(in crate::graph) const SIGN_PAD: f64 = 7.0;
pub(in crate::graph) const SIGN_GAP: f64 = 5.0;

/// The widest line of the label of an edge, and its lines.
const EDGE_LINE: f64 = 170.0;
const EDGE_LINES: usize = 3;
/// Around the label of an edge.
pub(in crate::graph) const EDGE_PAD: f64 = 4.0;

/// The faces of all nodes.
pub(super) fn faces(graph: &Graph) -> Vec<Face> {
    let mut retries: Vec<Vec<&Edge>> = vec![Vec::new(); graph.nodes().count()];
    for edge in graph.edges().iter().filter(|edge| edge.kind == EdgeKind::Retry) {
        retries[edge.from.0].push(edge);
    }
    graph.nodes().map(|(NodeIndex(index), node)| face(node, &retries[index])).collect()
}

fn face(node: &Node, retries: &[&Edge]) -> Face {
    let is_box = matches!(node.shape, Shape::Box | Shape::DashedBox);
    let line = if is_box { HEADER_LINE } else { LINE };
    let label = Font::LABEL.wrap(&node.label, line, LABEL_LINES);
    let details = node.details.iter().flat_map(|detail| Font::DETAIL.wrap(detail, line, DETAIL_LINES)).collect();
    let signs = retries.iter().filter_map(|edge| edge.label.as_ref()).map(|label| format!("↻ {label}"));
    let mut signs: Vec<String> = signs.collect();
    signs.extend(node.mark.as_ref().map(said).unwrap_or_default());
    for sign in &mut signs {
        *sign = Font::EDGE.wrap(sign, line, 1).swap_remove(0);
    }
    let mut face = Face { label, details, signs, size: Size::default() };
    face.size = size(node, &mut face);
    face
}

/// What a mark says in signs.
fn said(mark: &Mark) -> Vec<String> {
    let visit = match mark {
        Mark::Change(change) => return vec![change.name().to_owned()],
        Mark::Visit(visit) => visit,
    };
    let mut said = Vec::new();
    if visit.times > 1 {
        said.push(format!("{}×", visit.times));
    }
    if visit.attempts > visit.times.max(1) {
        said.push(format!("{} attempts", visit.attempts));
    }
    said.extend(visit.took.filter(|took| !took.is_zero()).map(span));
    said.extend(visit.error.clone());
    said
}

/// A time as a person says it.
fn span(time: Duration) -> String {
    let seconds = time.as_secs();
    let parts = [(seconds / 86_400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s")];
    let parts: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).take(2).map(|(count, unit)| format!("{count} {unit}")).collect();
    if parts.is_empty() { format!("{} ms", time.as_millis()) } else { parts.join(" ") }
}

fn size(node: &Node, face: &mut Face) -> Size {
    let signs: Vec<f64> = face.signs.iter().map(|sign| sign_width(sign)).collect();
    let text = Font::LABEL.widest(&face.label).max(Font::DETAIL.widest(&face.details));
    let lines = face.label.len() as f64 * Font::LABEL.line + face.details.len() as f64 * Font::DETAIL.line;
    if node.shape == Shape::Terminal {
        return Size { width: text + 2.0 * 16.0, height: lines + 2.0 * 6.0 };
    }
    let tile = if node.glyph == Glyph::None { 0.0 } else { TILE + TILE_GAP };
    // Signs stand in rows below the text, within its width or that of the widest of them.
    let room = signs.iter().copied().fold(text.max(80.0), f64::max);
    let rows = sign_rows(&signs, room);
    let signs = if rows == 0 { 0.0 } else { 5.0 + rows as f64 * (SIGN_HEIGHT + SIGN_GAP) - SIGN_GAP };
    let text = if rows == 0 { text } else { room };
    let height = (lines + signs).max(if tile > 0.0 { TILE } else { 0.0 });
    Size { width: (2.0 * PAD_X + tile + text).ceil(), height: (height + 2.0 * PAD_Y).ceil() }
}

/// The width of a sign.
pub(in crate::graph) fn sign_width(sign: &str) -> f64 {
    Font::EDGE.width(sign) + 2.0 * SIGN_PAD
}

/// How many rows signs of these widths take.
fn sign_rows(widths: &[f64], room: f64) -> usize {
    let (mut rows, mut used) = (0, f64::INFINITY);
    for width in widths {
        used += SIGN_GAP + width;
        if used > room {
            (rows, used) = (rows + 1, *width);
        }
    }
    rows
}

/// The lines of an edge's label, and their size.
pub(super) fn label(edge: &Edge) -> Option<(Vec<String>, Size)> {
    let lines = Font::EDGE.wrap(edge.label.as_ref()?, EDGE_LINE, EDGE_LINES);
    let width = Font::EDGE.widest(&lines) + 2.0 * EDGE_PAD;
    let height = lines.len() as f64 * Font::EDGE.line + 2.0 * EDGE_PAD;
    Some((lines, Size { width, height }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_said_in_two_units() {
        let said = [0, 90, 1_500, 61_000, 3_600_000, 90_061_000].map(|millis| span(Duration::from_millis(millis)));
        assert_eq!(said, ["0 ms", "90 ms", "1 s", "1 min 1 s", "1 h", "1 d 1 h"]);
    }

    #[test]
    fn signs_take_the_rows_that_they_need() {
        assert_eq!(
            [&[][..], &[30.0], &[30.0, 30.0], &[50.0, 50.0, 50.0]].map(|widths| sign_rows(widths, 100.0)),
            [0, 1, 1, 3]
        );
    }
}
