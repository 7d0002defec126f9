//! What differs between two graphs, in the picture of the newer one.

use std::collections::{HashMap, HashSet};

use super::model::{Change, Edge, Graph, Mark, Node, NodeIndex};

impl Graph {
    /// Marks what another graph does not have as added, adds what only that one has as removed, and asks of each node
    /// that both have whether it has changed. Nodes are the same where their ids are.
    pub fn compare(&mut self, old: &Self, change: impl Fn(&Node, &Node) -> Option<Change>) {
        let ids: HashMap<String, NodeIndex> = self.nodes().map(|(index, node)| (node.id.clone(), index)).collect();
        let old_ids: HashMap<&str, NodeIndex> = old.nodes().map(|(index, node)| (node.id.as_str(), index)).collect();
        for index in ids.values() {
            let node = self.node_mut(*index);
            node.mark = match old_ids.get(node.id.as_str()) {
                Some(before) => change(old.node(*before), node),
                None => Some(Change::Added),
            }
            .map(Mark::Change);
        }
        // The place of each old node in this graph.
        let mut places = Vec::new();
        for (_, node) in old.nodes() {
            let place = ids.get(&node.id).copied().unwrap_or_else(|| {
                let parent = node.parent.map(|parent| places[parent.0]);
                self.add(Node { parent, mark: Some(Mark::Change(Change::Removed)), ..node.clone() })
            });
            places.push(place);
        }
        let place = |edge: &Edge| (places[edge.from.0], places[edge.to.0], edge.kind, edge.label.clone());
        let before: HashSet<_> = old.edges().iter().map(place).collect();
        let key = |edge: &Edge| (edge.from, edge.to, edge.kind, edge.label.clone());
        let now: HashSet<_> = self.edges().iter().map(key).collect();
        for edge in self.edges_mut().iter_mut().filter(|edge| !before.contains(&key(edge))) {
            edge.mark = Some(Mark::Change(Change::Added));
        }
        for edge in old.edges().iter().filter(|edge| !now.contains(&place(edge))) {
            let (from, to) = (places[edge.from.0], places[edge.to.0]);
            self.connect(Edge { from, to, mark: Some(Mark::Change(Change::Removed)), ..edge.clone() });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::model::{Direction, EdgeKind};

    fn graph(ids: &[&str], edges: &[(usize, usize)]) -> Graph {
        let mut graph = Graph::new("test", Direction::Down);
        let nodes: Vec<NodeIndex> = ids.iter().map(|id| graph.add(Node::new(*id, *id))).collect();
        for (from, to) in edges {
            graph.connect(Edge::new(nodes[*from], nodes[*to], EdgeKind::Next));
        }
        graph
    }

    fn marks<'a>(marks: impl Iterator<Item = &'a Option<Mark>>) -> Vec<Option<&'static str>> {
        let name = |mark: &Mark| match mark {
            Mark::Change(change) => change.name(),
            Mark::Visit(_) => "visited",
        };
        marks.map(|mark| mark.as_ref().map(name)).collect()
    }

    #[test]
    fn what_differs_is_marked() {
        let mut new = graph(&["A", "B", "C"], &[(0, 1), (1, 2)]);
        new.compare(&graph(&["A", "X", "B"], &[(0, 2), (0, 1), (1, 2)]), |before, _| {
            (before.id == "B").then_some(Change::Replaced)
        });
        assert_eq!(
            marks(new.nodes().map(|(_, node)| &node.mark)),
            [None, Some("replaced"), Some("added"), Some("removed")]
        );
        let edges = marks(new.edges().iter().map(|edge| &edge.mark));
        assert_eq!(edges, [None, Some("added"), Some("removed"), Some("removed")]);
    }

    #[test]
    fn a_graph_does_not_differ_from_itself() {
        let mut new = graph(&["A", "B"], &[(0, 1)]);
        new.compare(&new.clone(), |_, _| None);
        assert_eq!(new, graph(&["A", "B"], &[(0, 1)]));
    }
}
