//! SVG: a picture that is complete in itself, light or dark as its reader wants it, with text that can be selected.

/// Writes to a text, which cannot fail.
macro_rules! put {
    ($out:expr, $($argument:tt)*) => {{
        let _ = write!($out, $($argument)*);
    }};
}

mod glyph;
mod legend;
mod xml;

use std::fmt::Write;

pub(super) use self::xml::escape;
use self::xml::number;
use super::{
    layout::{
        self,
        face::{EDGE_PAD, PAD_X, PAD_Y, SIGN_GAP, SIGN_HEIGHT, SIGN_PAD, TILE, TILE_GAP, sign_width},
    },
    model::{Direction, Edge, Glyph, Graph, Mark, Node, Shape},
    scene::{Placed, Point, Rect, Route, Scene, Stroke},
    text::Font,
    theme::{class, style},
};

/// The length and half of the width of an arrowhead.
const HEAD: f64 = 8.0;
const HEAD_HALF: f64 = 4.0;

impl Graph {
    /// The picture as a document of SVG.
    pub fn svg(&self) -> String {
        let scene = layout::lay_out(self);
        Drawing { graph: self, scene: &scene, out: String::new() }.draw()
    }
}

/// Writes a scene.
struct Drawing<'a> {
    graph: &'a Graph,
    scene: &'a Scene,
    out: String,
}

impl Drawing<'_> {
    fn draw(mut self) -> String {
        let legend = legend::Legend::of(self.graph, self.scene.size.width);
        let width = self.scene.size.width.max(legend.size.width).ceil();
        let height = (self.scene.size.height + legend.size.height).ceil();
        // What is narrower than the legend stands in the middle.
        let aside = ((width - self.scene.size.width) / 2.0).floor();
        let title = escape(&self.graph.title);
        put!(
            self.out,
            r#"<svg xmlns="http://www.w3.org/2000/svg" class="formwork" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" aria-label="{title}">"#
        );
        put!(self.out, "\n<title>{title}</title>\n<desc>{}</desc>\n", self.described());
        put!(self.out, "<style>{}</style>\n", style(self.graph));
        put!(self.out, "<rect class=\"paper\" width=\"{width}\" height=\"{height}\"/>\n");
        put!(self.out, "<g transform=\"translate({aside} 0)\">\n");
        let placed = || self.graph.nodes().zip(&self.scene.nodes);
        let is_box = |shape: Shape| matches!(shape, Shape::Box | Shape::DashedBox);
        let boxes: Vec<(&Node, &Placed)> =
            placed().filter(|((_, node), _)| is_box(node.shape)).map(|((_, node), placed)| (node, placed)).collect();
        let cards: Vec<(&Node, &Placed)> =
            placed().filter(|((_, node), _)| !is_box(node.shape)).map(|((_, node), placed)| (node, placed)).collect();
        boxes.into_iter().for_each(|(node, placed)| self.node(node, placed));
        // What an execution took lies over what it did not take.
        let mut routes: Vec<(&Route, &Edge)> =
            self.scene.routes.iter().map(|route| (route, &self.graph.edges()[route.edge])).collect();
        routes.sort_by_key(|(_, edge)| matches!(&edge.mark, Some(Mark::Visit(visit)) if visit.times > 0));
        routes.iter().for_each(|(route, edge)| self.edge(route, edge));
        cards.into_iter().for_each(|(node, placed)| self.node(node, placed));
        self.out.push_str("</g>\n");
        legend.draw(&mut self.out, self.scene.size.height);
        self.out.push_str("</svg>\n");
        self.out
    }

    /// What is in the picture, for who cannot see it.
    fn described(&self) -> String {
        let (nodes, edges) = (self.graph.nodes().count(), self.graph.edges().len());
        let mut said = format!("{nodes} nodes, {edges} edges.");
        for edge in self.graph.edges().iter().take(60) {
            let (from, to) = (&self.graph.node(edge.from).label, &self.graph.node(edge.to).label);
            let label = edge.label.as_ref().map(|label| format!(" ({label})")).unwrap_or_default();
            put!(said, " {from} to {to}: {}{label}.", edge.kind.name());
        }
        escape(&said)
    }

    fn node(&mut self, node: &Node, placed: &Placed) {
        let Rect { x, y, width, height } = placed.rect;
        let is_box = matches!(node.shape, Shape::Box | Shape::DashedBox);
        let mut classes = format!("node family-{}", class(node.family.name()));
        if is_box {
            classes.push_str(" box");
        }
        if let Some(mark) = &node.mark {
            classes.push(' ');
            classes.push_str(&class(mark_name(mark)));
        }
        put!(self.out, "<g class=\"{classes}\" data-id=\"{}\"", escape(&node.id));
        if let Some(parent) = node.parent {
            put!(self.out, " data-in=\"{}\"", escape(&self.graph.node(parent).id));
        }
        self.out.push('>');
        put!(self.out, "<title>{}</title>", escape(&tooltip(node)));
        let round = match node.shape {
            Shape::Terminal => height / 2.0,
            _ => 8.0,
        };
        let dashed = if node.shape == Shape::DashedBox { " dashed" } else { "" };
        let bold = if node.mark.is_some() { 2.0 } else { 1.0 };
        let opacity = if is_box { " fill-opacity=\"0.35\"" } else { "" };
        put!(
            self.out,
            r#"<rect class="face{dashed}" x="{}" y="{}" width="{}" height="{}" rx="{}" stroke-width="{bold}"{opacity}/>"#,
            number(x),
            number(y),
            number(width),
            number(height),
            number(round)
        );
        self.face(node, placed);
        self.out.push_str("</g>\n");
    }

    fn face(&mut self, node: &Node, placed: &Placed) {
        let Rect { x, y, width, height } = placed.rect;
        let face = &placed.face;
        if node.shape == Shape::Terminal {
            let middle = x + width / 2.0;
            let top = y + (height - face.label.len() as f64 * Font::LABEL.line) / 2.0;
            self.lines("label", &face.label, Font::LABEL, Point::new(middle, top), true);
            return;
        }
        let is_box = matches!(node.shape, Shape::Box | Shape::DashedBox);
        let content = face.size.height - 2.0 * PAD_Y;
        let top = if is_box { y + PAD_Y } else { y + (height - content) / 2.0 };
        let mut left = x + PAD_X;
        if node.glyph != Glyph::None {
            glyph::draw(&mut self.out, node.glyph, Point::new(left, top));
            left += TILE + TILE_GAP;
        }
        let label = face.label.len() as f64 * Font::LABEL.line;
        let details = face.details.len() as f64 * Font::DETAIL.line;
        // Text that is lower than the tile stands in its middle.
        let aside = if face.signs.is_empty() { ((content - label - details) / 2.0).max(0.0) } else { 0.0 };
        self.lines("label", &face.label, Font::LABEL, Point::new(left, top + aside), false);
        self.lines("detail", &face.details, Font::DETAIL, Point::new(left, top + aside + label), false);
        let right = x + if is_box { face.size.width } else { width } - PAD_X;
        self.signs(&face.signs, Point::new(left, top + label + details + 5.0), right);
    }

    fn signs(&mut self, signs: &[String], at: Point, right: f64) {
        let (mut x, mut y) = (at.x, at.y);
        for sign in signs {
            let width = sign_width(sign);
            if x > at.x && x + width > right + 0.01 {
                (x, y) = (at.x, y + SIGN_HEIGHT + SIGN_GAP);
            }
            put!(
                self.out,
                r#"<rect class="sign" x="{}" y="{}" width="{}" height="{SIGN_HEIGHT}" rx="9"/>"#,
                number(x),
                number(y),
                number(width)
            );
            let text = Point::new(x + SIGN_PAD, y + (SIGN_HEIGHT - Font::EDGE.line) / 2.0);
            self.lines("said", std::slice::from_ref(sign), Font::EDGE, text, false);
            x += width + SIGN_GAP;
        }
    }

    /// Lines of text from a corner on, or below the middle of their upper border.
    fn lines(&mut self, class: &str, lines: &[String], font: Font, at: Point, in_middle: bool) {
        if lines.is_empty() {
            return;
        }
        let anchor = if in_middle { " text-anchor=\"middle\"" } else { "" };
        put!(self.out, "<text class=\"{class}\"{anchor}>");
        for (index, line) in lines.iter().enumerate() {
            let base = at.y + index as f64 * font.line + (font.line + font.size * 0.72) / 2.0;
            put!(self.out, r#"<tspan x="{}" y="{}">{}</tspan>"#, number(at.x), number(base), escape(line));
        }
        self.out.push_str("</text>");
    }

    fn edge(&mut self, route: &Route, edge: &Edge) {
        let mut classes = format!("edge {}", class(edge.kind.name()));
        if let Some(mark) = &edge.mark {
            classes.push(' ');
            classes.push_str(&class(mark_name(mark)));
        }
        let (from, to) = (self.graph.node(edge.from), self.graph.node(edge.to));
        let (from_id, to_id) = (escape(&from.id), escape(&to.id));
        put!(self.out, "<g class=\"{classes}\" data-from=\"{from_id}\" data-to=\"{to_id}\">");
        let (from, to) = (&from.label, &to.label);
        let note = edge.note.as_ref().map(|note| format!("\n{note}")).unwrap_or_default();
        let times = match &edge.mark {
            Some(Mark::Visit(visit)) if visit.times > 1 => format!("\ntaken {} times", visit.times),
            _ => String::new(),
        };
        put!(self.out, "<title>{}</title>", escape(&format!("{from} → {to}{note}{times}")));
        let is_right = self.graph.direction == Direction::Right;
        let path = path(&backwards(&route.strokes, is_right));
        put!(self.out, r#"<path class="hit" d="{path}"/><path class="line" d="{path}"/>"#);
        if let Some(tip) = route.strokes.last().map(|stroke| stroke.end()) {
            let corner = |along: f64, across: f64| {
                let by = if is_right { Point::new(along, across) } else { Point::new(across, along) };
                let point = tip.plus(by);
                format!("{} {}", number(point.x), number(point.y))
            };
            let (one, other) = (corner(-HEAD, -HEAD_HALF), corner(-HEAD, HEAD_HALF));
            put!(self.out, r#"<path class="head" d="M{} L{one} L{other}Z"/>"#, corner(0.0, 0.0));
        }
        if let Some(label) = &route.label {
            let at = Point::new(label.rect.x + label.rect.width / 2.0, label.rect.y + EDGE_PAD);
            self.lines("said", &label.lines, Font::EDGE, at, true);
        }
        self.out.push_str("</g>\n");
    }
}

/// A line from where its arrowhead begins back to its beginning: lines that end in the same way have their dashes at the
/// same places then. All lines end in the direction in which edges lead.
fn backwards(strokes: &[Stroke], is_right: bool) -> Vec<Stroke> {
    let by = if is_right { Point::new(1.0 - HEAD, 0.0) } else { Point::new(0.0, 1.0 - HEAD) };
    let Some((last, before)) = strokes.split_last() else { return Vec::new() };
    let last = match *last {
        Stroke::Curve(first, second, end) => Stroke::Curve(first, second.plus(by), end.plus(by)),
        stroke => stroke.map(|point| point.plus(by)),
    };
    let mut backwards = vec![Stroke::Move(last.end())];
    for (stroke, before) in before.iter().copied().chain([last]).rev().zip(before.iter().rev()) {
        backwards.push(match stroke {
            Stroke::Move(_) => Stroke::Move(before.end()),
            Stroke::Line(_) => Stroke::Line(before.end()),
            Stroke::Curve(first, second, _) => Stroke::Curve(second, first, before.end()),
        });
    }
    backwards
}

fn path(strokes: &[Stroke]) -> String {
    let mut path = String::new();
    let pair = |point: Point| format!("{} {}", number(point.x), number(point.y));
    for stroke in strokes {
        match *stroke {
            Stroke::Move(to) => put!(path, "M{}", pair(to)),
            Stroke::Line(to) => put!(path, "L{}", pair(to)),
            Stroke::Curve(first, second, to) => put!(path, "C{} {} {}", pair(first), pair(second), pair(to)),
        };
    }
    path
}

fn mark_name(mark: &Mark) -> &'static str {
    match mark {
        Mark::Change(change) => change.name(),
        Mark::Visit(visit) => visit.end.name(),
    }
}

fn tooltip(node: &Node) -> String {
    let mut lines = vec![node.label.clone()];
    lines.extend(node.details.iter().cloned());
    lines.extend(node.note.clone());
    lines.extend(node.mark.as_ref().map(|mark| mark_name(mark).to_owned()));
    lines.join("\n")
}
