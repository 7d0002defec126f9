//! Mermaid: a flowchart for a page that draws it, such as a pull request.

use std::fmt::Write;

use super::{
    model::{Change, Direction, Edge, EdgeKind, Graph, Mark, Node, NodeIndex, Shape},
    outline::{self, Outline},
};

impl Graph {
    /// The graph as a flowchart of Mermaid.
    pub fn mermaid(&self) -> String {
        let title = serde_json::to_string(&outline::line(&self.title)).unwrap_or_default();
        let way = match self.direction {
            Direction::Down => "TB",
            Direction::Right => "LR",
        };
        let mut out = format!("---\ntitle: {title}\n---\nflowchart {way}\n");
        let outline = Outline::of(self);
        outline.visit(&mut |step| match step {
            outline::Step::Open(index, depth) => {
                let _ = writeln!(out, "{}subgraph {}[\"{}\"]", indent(depth), name(index), label(self.node(index)));
            }
            outline::Step::Close(depth) => {
                let _ = writeln!(out, "{}end", indent(depth));
            }
            outline::Step::Leaf(index, depth) => {
                let node = self.node(index);
                let (open, close) = if node.shape == Shape::Terminal { ("([", "])") } else { ("[", "]") };
                let _ = writeln!(out, "{}{}{open}\"{}\"{close}", indent(depth), name(index), label(node));
            }
        });
        let mut styles = String::new();
        for (number, edge) in outline.edges(self).enumerate() {
            let _ = writeln!(out, "  {}", line(edge));
            if let Some(style) = stroke(edge) {
                let _ = writeln!(styles, "  linkStyle {number} {style}");
            }
        }
        out.push_str(&styles);
        for (index, node) in self.nodes() {
            if let Some(style) = border(node) {
                let _ = writeln!(out, "  style {} {style}", name(index));
            }
        }
        out
    }
}

fn indent(depth: usize) -> String {
    "  ".repeat(depth.min(20) + 1)
}

fn name(index: NodeIndex) -> String {
    format!("n{}", index.0)
}

fn label(node: &Node) -> String {
    let lines = std::iter::once(&node.label).chain(&node.details);
    let mut lines: Vec<String> = lines.map(|line| escape(line)).collect();
    lines.extend(outline::said(node.mark.as_ref()).map(|said| escape(&said)));
    lines.join("<br/>")
}

fn line(edge: &Edge) -> String {
    let arrow = match edge.kind {
        EdgeKind::Next | EdgeKind::Choice | EdgeKind::Permission => "-->",
        EdgeKind::Trigger | EdgeKind::Data | EdgeKind::Reach => "==>",
        EdgeKind::Catch | EdgeKind::Retry | EdgeKind::Reference => "-.->",
        EdgeKind::Blocked => "--x",
    };
    let said = outline::caption(edge);
    let said = if said.is_empty() { said } else { format!("|\"{}\"|", escape(&said)) };
    format!("{} {arrow}{said} {}", name(edge.from), name(edge.to))
}

/// The style of what is marked.
fn border(node: &Node) -> Option<String> {
    change(node.mark.as_ref()).map(|colour| format!("stroke:{colour},stroke-width:3px"))
}

fn stroke(edge: &Edge) -> Option<String> {
    change(edge.mark.as_ref()).map(|colour| format!("stroke:{colour}"))
}

fn change(mark: Option<&Mark>) -> Option<&'static str> {
    match mark? {
        Mark::Change(Change::Added) => Some("#1a7f37"),
        Mark::Change(Change::Removed) => Some("#b91c1c"),
        Mark::Change(Change::Changed) => Some("#0550ae"),
        Mark::Change(Change::Replaced) => Some("#8a4600"),
        Mark::Visit(_) => None,
    }
}

/// A text between quotes: whatever Mermaid or HTML may read as something else is written as its number.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            _ if letter.is_alphanumeric() => out.push(letter),
            ' ' | '.' | ',' | ':' | '_' | '-' | '/' | '+' | '=' | '(' | ')' => out.push(letter),
            _ if letter.is_control() => out.push(' '),
            _ => {
                let _ = write!(out, "#{};", u32::from(letter));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::model::Family;

    #[test]
    fn what_would_end_a_label_is_written_as_its_number() {
        let mut graph = Graph::new("a \"b\"\nc", Direction::Right);
        let outer = graph.add(Node { shape: Shape::Box, ..Node::new("box", "VPC [10.0.0.0/16]") });
        let inner = graph.add(Node {
            parent: Some(outer),
            family: Family::Compute,
            details: vec!["`%%{init}`".to_owned()],
            ..Node::new("f", "say \"hi\"; end <b>")
        });
        let other = graph.add(Node::new("g", "end"));
        graph.connect(Edge { label: Some("a|b".to_owned()), ..Edge::new(inner, other, EdgeKind::Trigger) });
        graph.connect(Edge::new(outer, inner, EdgeKind::Reference));
        assert_eq!(
            graph.mermaid(),
            "---\ntitle: \"a \\\"b\\\" c\"\n---\nflowchart LR\n  \
             subgraph n0[\"VPC #91;10.0.0.0/16#93;\"]\n    \
             n1[\"say #34;hi#34;#59; end #60;b#62;<br/>#96;#37;#37;#123;init#125;#96;\"]\n  end\n  n2[\"end\"]\n  \
             n1 ==>|\"a#124;b\"| n2\n"
        );
    }
}
