//! DOT: the language of Graphviz and of tools that read it.

use std::fmt::Write;

use super::{
    model::{Direction, Edge, EdgeKind, Graph, Node, NodeIndex, Shape},
    outline::{self, Outline, Step},
};

impl Graph {
    /// The graph in DOT.
    pub fn dot(&self) -> String {
        let way = match self.direction {
            Direction::Down => "TB",
            Direction::Right => "LR",
        };
        let mut out = format!("digraph {} {{\n  graph [rankdir={way}, compound=true, ", quote(&self.title));
        let _ = writeln!(out, "label={}, labelloc=t, fontname=\"sans-serif\"]", quote(&self.title));
        out.push_str("  node [shape=box, style=rounded, fontname=\"sans-serif\"]\n  edge [fontname=\"sans-serif\"]\n");
        let outline = Outline::of(self);
        outline.visit(&mut |step| self.step(&mut out, step));
        for edge in outline.edges(self) {
            let _ = writeln!(out, "  {}", line(edge, &outline));
        }
        out.push_str("}\n");
        out
    }

    fn step(&self, out: &mut String, step: Step) {
        let indent = |depth: usize| "  ".repeat(depth.min(20) + 1);
        let _ = match step {
            Step::Open(index, depth) => {
                let (node, indent) = (self.node(index), indent(depth));
                let style = if node.shape == Shape::DashedBox { "dashed" } else { "rounded" };
                let label = quote(&label(node));
                writeln!(out, "{indent}subgraph {} {{\n{indent}  label={label}; style={style}", cluster(index))
            }
            Step::Leaf(index, depth) => {
                let node = self.node(index);
                let shape = if node.shape == Shape::Terminal { ", shape=oval" } else { "" };
                writeln!(out, "{}n{} [label={}{shape}]", indent(depth), index.0, quote(&label(node)))
            }
            Step::Close(depth) => writeln!(out, "{}}}", indent(depth)),
        };
    }
}

fn cluster(index: NodeIndex) -> String {
    format!("cluster_n{}", index.0)
}

fn label(node: &Node) -> String {
    let mut lines: Vec<String> = std::iter::once(&node.label).chain(&node.details).cloned().collect();
    lines.extend(outline::said(node.mark.as_ref()));
    lines.join("\n")
}

fn line(edge: &Edge, outline: &Outline) -> String {
    let mut attributes = Vec::new();
    let said = outline::caption(edge);
    if !said.is_empty() {
        attributes.push(format!("label={}", quote(&said)));
    }
    attributes.extend(match edge.kind {
        EdgeKind::Next | EdgeKind::Choice | EdgeKind::Permission => None,
        EdgeKind::Trigger | EdgeKind::Data | EdgeKind::Reach => Some("style=bold".to_owned()),
        EdgeKind::Catch | EdgeKind::Retry | EdgeKind::Reference => Some("style=dashed".to_owned()),
        EdgeKind::Blocked => Some("style=dotted, arrowhead=tee".to_owned()),
    });
    // An edge joins nodes; one of a box is cut off at its border.
    for (end, index) in [("ltail", edge.from), ("lhead", edge.to)] {
        if outline.is_box(index) {
            attributes.push(format!("{end}={}", cluster(index)));
        }
    }
    let (from, to) = (outline.leaf(edge.from).0, outline.leaf(edge.to).0);
    format!("n{from} -> n{to} [{}]", attributes.join(", "))
}

/// A quoted text: its lines stay lines, and what means something in a label means itself.
fn quote(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            '\n' => out.push_str("\\n"),
            _ if letter.is_control() => out.push(' '),
            _ => out.push(letter),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_quoted_and_boxes_are_clusters() {
        let mut graph = Graph::new("a \"b\"", Direction::Down);
        let outer = graph.add(Node { shape: Shape::Box, ..Node::new("box", "C:\\") });
        graph.add(Node { parent: Some(outer), details: vec!["two".to_owned()], ..Node::new("f", "one") });
        let other = graph.add(Node::new("g", "} ]; ->"));
        graph.connect(Edge { label: Some("x\ny".to_owned()), ..Edge::new(other, outer, EdgeKind::Blocked) });
        let dot = graph.dot();
        let (_, body) = dot.split_once("edge [fontname=\"sans-serif\"]\n").expect("it has a head");
        assert_eq!(
            body,
            "  subgraph cluster_n0 {\n    label=\"C:\\\\\"; style=rounded\n    n1 [label=\"one\\ntwo\"]\n  }\n  \
             n2 [label=\"} ]; ->\"]\n  n2 -> n1 [label=\"x y\", style=dotted, arrowhead=tee, lhead=cluster_n0]\n}\n"
        );
    }
}
