//! The colours of a picture, light and dark, and its style sheet.

use std::fmt::Write;

use super::model::{Change, EdgeKind, Family, Graph, VisitEnd};

/// Fonts that the widths in [`text`](super::text) hold for.
const FONTS: &str =
    r#"system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans","Liberation Sans",Arial,sans-serif"#;

/// A colour on light paper and on dark.
#[derive(Clone, Copy)]
pub(super) struct Colour {
    pub light: &'static str,
    pub dark: &'static str,
}

const fn colour(light: &'static str, dark: &'static str) -> Colour {
    Colour { light, dark }
}

/// The paper, cards, what is written on them, their borders.
const PAPER: Colour = colour("#ffffff", "#0d1117");
const CARD: Colour = colour("#ffffff", "#161b22");
const INK: Colour = colour("#1f2328", "#e6edf3");
const MUTED: Colour = colour("#57606a", "#a5afb9");
const BORDER: Colour = colour("#afb8c1", "#4a535d");
/// A glyph on its tile.
const GLYPH: Colour = colour("#ffffff", "#0d1117");
/// A sign on a card.
const SIGN: Colour = colour("#eaeef2", "#2b323b");

/// The colour of a family.
fn of_family(family: Family) -> Colour {
    match family {
        Family::Compute => colour("#b45309", "#f0a050"),
        Family::Storage | Family::Success => colour("#15803d", "#4cc38a"),
        Family::Database => colour("#1d4ed8", "#7aa2f7"),
        Family::Messaging => colour("#be185d", "#f28fb8"),
        Family::Api => colour("#7c3aed", "#b79bff"),
        Family::Orchestration => colour("#a21caf", "#e29bea"),
        Family::Security | Family::Failure => colour("#b91c1c", "#ff8f88"),
        Family::Network => colour("#0e7490", "#5cc8e0"),
        Family::Management => colour("#4d7c0f", "#a3cf5f"),
        Family::Analytics => colour("#0f766e", "#5eccc0"),
        Family::Flow => colour("#475569", "#a9b6c8"),
        Family::Data => colour("#0369a1", "#6cbcf0"),
        Family::Other => colour("#57534e", "#b9b3ad"),
    }
}

/// The colour, dashes and width of an edge.
fn of_edge(kind: EdgeKind) -> (Colour, &'static str, f64) {
    match kind {
        EdgeKind::Next | EdgeKind::Choice | EdgeKind::Retry => (MUTED, "", 1.5),
        EdgeKind::Catch => (colour("#b91c1c", "#ff8f88"), "5 4", 1.5),
        EdgeKind::Trigger => (colour("#0550ae", "#79b8ff"), "", 2.0),
        EdgeKind::Data => (colour("#0e7490", "#5cc8e0"), "", 2.0),
        EdgeKind::Permission => (colour("#6d28d9", "#b79bff"), "", 1.25),
        EdgeKind::Reference => (MUTED, "2 3", 1.25),
        EdgeKind::Reach => (colour("#15803d", "#4cc38a"), "", 1.75),
        EdgeKind::Blocked => (colour("#b91c1c", "#ff8f88"), "2 4", 1.75),
    }
}

/// The colour of a change and the paper of its cards.
fn of_change(change: Change) -> (Colour, Colour) {
    match change {
        Change::Added => (colour("#1a7f37", "#4cc38a"), colour("#eefbf1", "#12261a")),
        Change::Removed => (colour("#b91c1c", "#ff8f88"), colour("#fff3f2", "#2d1517")),
        Change::Changed => (colour("#0550ae", "#79b8ff"), colour("#eef6ff", "#121f33")),
        Change::Replaced => (colour("#8a4600", "#f0a050"), colour("#fff6e9", "#2a1e10")),
    }
}

/// The colour of the end of a visit and the paper of its cards.
fn of_end(end: VisitEnd) -> (Colour, Colour) {
    match end {
        VisitEnd::Succeeded => (colour("#1a7f37", "#4cc38a"), colour("#eefbf1", "#12261a")),
        VisitEnd::Caught => (colour("#8a4600", "#f0a050"), colour("#fff6e9", "#2a1e10")),
        VisitEnd::Failed => (colour("#b91c1c", "#ff8f88"), colour("#fff3f2", "#2d1517")),
        VisitEnd::Unfinished => (colour("#0550ae", "#79b8ff"), colour("#eef6ff", "#121f33")),
        VisitEnd::NotReached => (BORDER, PAPER),
    }
}

/// The name of a family, a kind, a change or an end as a class.
pub(super) fn class(name: &str) -> String {
    name.to_lowercase().replace(' ', "-")
}

/// The style sheet of a graph: what is not in the graph is not in it.
pub(super) fn style(graph: &Graph) -> String {
    let mut sheet = format!(".formwork text{{font-family:{FONTS};font-size:11px}}");
    sheet.push_str(
        ".formwork .label{font-size:13px;font-weight:600}.formwork .line,.formwork .hit{fill:none}\
         .formwork .hit{stroke:#000;stroke-opacity:0;stroke-width:12}.formwork .glyph{fill:none;stroke-width:1.6;\
         stroke-linecap:round;stroke-linejoin:round}.formwork .dashed{stroke-dasharray:6 4}\
         .formwork .not-reached .face{stroke-dasharray:3 3}",
    );
    if graph.changes().contains(&Change::Removed) {
        // Colour is not the only sign of it.
        sheet.push_str(".formwork .removed .label{text-decoration:line-through}.formwork .edge.removed>.line{stroke-dasharray:2 4}");
    }
    for kind in graph.edge_kinds() {
        let (_, dashes, width) = of_edge(kind);
        let class = class(kind.name());
        let _ = write!(sheet, ".formwork .{class} .line{{stroke-width:{width}");
        if !dashes.is_empty() {
            let _ = write!(sheet, ";stroke-dasharray:{dashes}");
        }
        sheet.push('}');
    }
    colours(&mut sheet, graph, |colour| colour.light);
    sheet.push_str("@media(prefers-color-scheme:dark){");
    colours(&mut sheet, graph, |colour| colour.dark);
    sheet.push('}');
    sheet
}

/// The rules that differ between light and dark.
fn colours(sheet: &mut String, graph: &Graph, pick: fn(Colour) -> &'static str) {
    let mut rule = |selector: &str, property: &str, colour: Colour| {
        let _ = write!(sheet, ".formwork {selector}{{{property}:{}}}", pick(colour));
    };
    rule(".paper", "fill", PAPER);
    rule("text", "fill", INK);
    rule(".detail", "fill", MUTED);
    rule(".face", "fill", CARD);
    rule(".face", "stroke", BORDER);
    rule(".glyph", "stroke", GLYPH);
    rule(".sign", "fill", SIGN);
    let mut families = graph.nodes().map(|(_, node)| node.family).collect::<Vec<_>>();
    families.sort();
    families.dedup();
    for family in families {
        let class = class(family.name());
        rule(&format!(".family-{class} .tile"), "fill", of_family(family));
        rule(&format!(".box.family-{class}>.face"), "stroke", of_family(family));
    }
    for kind in graph.edge_kinds() {
        let class = class(kind.name());
        rule(&format!(".{class} .line"), "stroke", of_edge(kind).0);
        rule(&format!(".{class} .head"), "fill", of_edge(kind).0);
    }
    let changes = graph.changes().into_iter().map(|change| (class(change.name()), of_change(change)));
    let ends = graph.visit_ends().into_iter().map(|end| (class(end.name()), of_end(end)));
    for (class, (colour, paper)) in changes.chain(ends) {
        rule(&format!(".node.{class}>.face"), "stroke", colour);
        rule(&format!(".node.{class}:not(.box)>.face"), "fill", paper);
        rule(&format!(".{class}>.line"), "stroke", colour);
        rule(&format!(".{class}>.head"), "fill", colour);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAMILIES: [Family; 15] = [
        Family::Compute,
        Family::Storage,
        Family::Database,
        Family::Messaging,
        Family::Api,
        Family::Orchestration,
        Family::Security,
        Family::Network,
        Family::Management,
        Family::Analytics,
        Family::Flow,
        Family::Data,
        Family::Success,
        Family::Failure,
        Family::Other,
    ];

    /// The relative luminance of WCAG 2.2.
    fn luminance(colour: &str) -> f64 {
        let part = |at: usize| {
            let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
    }

    fn contrast(one: Colour, other: Colour) -> f64 {
        let ratio = |one: &str, other: &str| {
            let (one, other) = (luminance(one), luminance(other));
            (one.max(other) + 0.05) / (one.min(other) + 0.05)
        };
        ratio(one.light, other.light).min(ratio(one.dark, other.dark))
    }

    #[test]
    fn what_is_written_can_be_read() {
        let changes = [Change::Added, Change::Removed, Change::Changed, Change::Replaced].map(|one| of_change(one).1);
        let ends =
            [VisitEnd::Succeeded, VisitEnd::Caught, VisitEnd::Failed, VisitEnd::Unfinished, VisitEnd::NotReached];
        let papers = changes.into_iter().chain(ends.map(|end| of_end(end).1)).chain([PAPER, CARD, SIGN]);
        for paper in papers {
            for ink in [INK, MUTED] {
                assert!(contrast(ink, paper) >= 4.5, "{} on {}: {}", ink.light, paper.light, contrast(ink, paper));
            }
        }
    }

    #[test]
    fn what_is_drawn_can_be_told_from_the_paper() {
        for family in FAMILIES {
            let tile = of_family(family);
            assert!(contrast(tile, CARD) >= 3.0 && contrast(GLYPH, tile) >= 4.5, "{}", family.name());
        }
        for kind in [EdgeKind::Next, EdgeKind::Catch, EdgeKind::Trigger, EdgeKind::Data, EdgeKind::Permission] {
            assert!(contrast(of_edge(kind).0, PAPER) >= 4.5, "{}", kind.name());
        }
        for kind in [EdgeKind::Reference, EdgeKind::Reach, EdgeKind::Blocked, EdgeKind::Retry, EdgeKind::Choice] {
            assert!(contrast(of_edge(kind).0, PAPER) >= 4.5, "{}", kind.name());
        }
        for change in [Change::Added, Change::Removed, Change::Changed, Change::Replaced] {
            assert!(contrast(of_change(change).0, PAPER) >= 4.5, "{}", change.name());
        }
    }
}
