//! The picture of resources: the architecture of a template, with who may do what to whom.

mod content;
mod drawing;
mod fold;
mod helper;
mod meaning;
mod place;
#[cfg(test)]
mod tests;
mod verb;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use self::{
    content::Content,
    drawing::{Bond, Bonds, Drawing},
};
use super::{
    kind,
    model::{Arrangement, Change, Direction, Edge, EdgeKind, Graph, Node, NodeIndex, Shape},
};
use crate::{check::permission, diagnostic::Path, template::Template};

/// Actions that are named in a tooltip.
const MOST_ACTIONS: usize = 30;

impl Graph {
    /// The resources of a template, anyone's. Helpers are folded into what they belong to and roles into edges, and of many
    /// that are alike one stands for all, unless `all` is wanted.
    pub fn of_resources(title: impl Into<String>, template: &Template, all: bool) -> Self {
        draw(title.into(), template, all).0
    }

    /// The same with what has changed since an older template.
    pub fn of_resources_against(title: impl Into<String>, old: &Template, new: &Template, all: bool) -> Self {
        let (mut graph, members) = draw(title.into(), new, all);
        let (before, old_members) = draw(String::new(), old, all);
        let changes = super::change::changes(old, new);
        graph.compare(&before, |_, node| {
            let (now, then) = (members.get(&node.id), old_members.get(&node.id));
            // What became of the resource itself goes before what became of its helpers.
            let own = changes.get(node.id.as_str()).copied();
            let mut of_members = now.into_iter().chain(then).flatten().filter_map(|id| changes.get(id.as_str()));
            own.or_else(|| of_members.next().map(|_| Change::Changed))
        });
        graph
    }
}

/// The graph, and the logical ids that each node stands for.
fn draw(title: String, template: &Template, all: bool) -> (Graph, HashMap<String, Vec<String>>) {
    let content = Content::of(template);
    let helpers = helper::owners(&content);
    let owners = if all { (0..content.resources.len()).collect() } else { helpers.clone() };
    let mut bonds = Bonds::new();
    let hidden = permissions(&content, template, &owners, all, &mut bonds);
    links(&content, &owners, &hidden, &mut bonds);
    thin(&mut bonds);
    let shown: Vec<usize> =
        (0..content.resources.len()).filter(|&index| owners[index] == index && !hidden.contains(&index)).collect();
    let vpcs = place::vpcs(&content, &helpers, &shown);
    // A VPC that something is in is the box around it.
    let shown: Vec<usize> = shown.into_iter().filter(|index| vpcs.values().all(|vpc| vpc != index)).collect();
    bonds.retain(|(from, to, _), _| !vpcs.values().any(|vpc| vpc == from || vpc == to));
    let drawing = Drawing { content: &content, owners: &owners, vpcs: &vpcs, bonds: &bonds, all };
    drawing.draw(title, &shown)
}

/// Makes edges of what roles allow, and tells which roles are nothing but that.
fn permissions(
    content: &Content<'_>,
    template: &Template,
    owners: &[usize],
    all: bool,
    bonds: &mut Bonds,
) -> BTreeSet<usize> {
    let is_identity = |index: usize| content.resources[index].kind.starts_with("AWS::IAM::");
    let mut users: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for link in &content.links {
        let (user, role) = (owners[link.from], owners[link.to]);
        if content.resources[role].kind == "AWS::IAM::Role" && user != role && !is_identity(user) {
            users.entry(role).or_default().insert(user);
        }
    }
    if all {
        users.clear();
    }
    for right in permission::rights(template) {
        let Some(role) = content.place(&right.role) else { continue };
        let Some(on) = right.on.as_deref().and_then(|on| content.place(on)) else { continue };
        let themselves = BTreeSet::from([role]);
        for &user in users.get(&role).unwrap_or(&themselves) {
            // That something may write its own logs is said of nearly all, and tells nothing.
            let is_log = !all && content.resources[on].kind == "AWS::Logs::LogGroup";
            if user == owners[on] || is_identity(owners[on]) || is_log {
                continue;
            }
            let bond = bonds.entry((user, owners[on], EdgeKind::Permission)).or_default();
            bond.actions.extend(right.actions.iter().cloned());
            let only = if right.is_conditional { ", under a condition" } else { "" };
            let actions = right.actions.iter().take(MOST_ACTIONS).cloned().collect::<Vec<_>>().join(", ");
            bond.notes.insert(format!("{}: {actions}{only}", right.role));
            bond.path.get_or_insert(right.path.clone());
        }
    }
    users.into_keys().collect()
}

/// Makes edges of what names what.
fn links(content: &Content<'_>, owners: &[usize], hidden: &BTreeSet<usize>, bonds: &mut Bonds) {
    for link in &content.links {
        let meaning = meaning::of(content, link);
        let (from, to) = if meaning.is_reversed { (link.to, link.from) } else { (link.from, link.to) };
        let (from, to) = (owners[from], owners[to]);
        // A policy names what its role may use, which is an edge of another kind.
        let is_policy = content.resources[link.from].kind.contains("Policy") || link.path.contains("PolicyDocument");
        if from == to || hidden.contains(&from) || hidden.contains(&to) || is_policy {
            continue;
        }
        let bond = bonds.entry((from, to, meaning.kind)).or_default();
        bond.labels.extend(meaning.label.map(str::to_owned));
        if meaning.kind == EdgeKind::Permission {
            // A policy template of the Serverless Application Model: `Policies/0/SQSSendMessagePolicy/QueueName`.
            bond.labels.extend(link.path.split('/').nth(3).map(|policy| policy.trim_end_matches("Policy").to_owned()));
        }
        let path = Path::from("Resources").join(content.resources[link.from].id);
        bond.path.get_or_insert(Path::from(format!("{path}/{}", link.path).as_str()));
    }
}

/// Leaves out edges that say less than others between the same two.
fn thin(bonds: &mut Bonds) {
    let strong = [EdgeKind::Trigger, EdgeKind::Data, EdgeKind::Permission];
    let pairs: BTreeSet<(usize, usize)> =
        bonds.keys().filter(|(.., kind)| strong.contains(kind)).map(|&(from, to, _)| (from, to)).collect();
    bonds.retain(|&(from, to, kind), _| {
        kind != EdgeKind::Reference || !(pairs.contains(&(from, to)) || pairs.contains(&(to, from)))
    });
    // Who sends something to another may do so: the permission is told with it.
    let doubled: Vec<(usize, usize)> = bonds
        .keys()
        .filter(|(from, to, kind)| {
            *kind == EdgeKind::Permission
                && [EdgeKind::Trigger, EdgeKind::Data].iter().any(|kind| bonds.contains_key(&(*from, *to, *kind)))
        })
        .map(|&(from, to, _)| (from, to))
        .collect();
    for (from, to) in doubled {
        let permission = bonds.remove(&(from, to, EdgeKind::Permission)).unwrap_or_default();
        for kind in [EdgeKind::Trigger, EdgeKind::Data] {
            if let Some(bond) = bonds.get_mut(&(from, to, kind)) {
                bond.notes.extend(permission.notes.iter().cloned());
            }
        }
    }
}

impl Drawing<'_> {
    fn draw(&self, title: String, shown: &[usize]) -> (Graph, HashMap<String, Vec<String>>) {
        let mut graph = Graph::new(title, Direction::Right);
        graph.arrangement = Arrangement::Rows;
        let mut members = HashMap::new();
        let groups = fold::groups(self, shown);
        let boxes = place::boxes(self, &groups);
        let mut indices: BTreeMap<String, NodeIndex> = BTreeMap::new();
        let mut places = HashMap::new();
        for (group, around) in groups.iter().zip(&boxes) {
            let mut parent = None;
            for (id, label, vpc) in around {
                let index = indices.get(id).copied().unwrap_or_else(|| {
                    let node = self.around(id, label, *vpc, parent);
                    graph.add(node)
                });
                indices.insert(id.clone(), index);
                parent = Some(index);
            }
            let node = Node { parent, ..self.node(group) };
            let ids = group.iter().flat_map(|&root| self.members(root)).map(str::to_owned).collect();
            members.insert(node.id.clone(), ids);
            let index = graph.add(node);
            places.extend(group.iter().map(|&root| (root, index)));
        }
        self.connect(&mut graph, &places);
        (graph, members)
    }

    /// The logical ids that a root stands for, its own first.
    fn members(&self, root: usize) -> impl Iterator<Item = &str> {
        let held = self.owners.iter().enumerate().filter(move |(index, owner)| **owner == root && *index != root);
        std::iter::once(root).chain(held.map(|(index, _)| index)).map(|index| self.content.resources[index].id)
    }

    fn around(&self, id: &str, label: &str, vpc: Option<usize>, parent: Option<NodeIndex>) -> Node {
        let node = Node { parent, shape: Shape::DashedBox, arrangement: Arrangement::Rows, ..Node::new(id, label) };
        let Some(vpc) = vpc else { return node };
        let resource = &self.content.resources[vpc];
        let (family, glyph) = kind::looks(resource.kind);
        let path = Some(Path::from("Resources").join(resource.id));
        Node { shape: Shape::Box, family, glyph, details: self.helpers(vpc), path, ..node }
    }

    fn node(&self, group: &[usize]) -> Node {
        let first = &self.content.resources[group[0]];
        let (family, glyph) = kind::looks(first.kind);
        let kind = kind::short(first.kind);
        let path = Some(Path::from("Resources").join(first.id));
        if let [only] = group {
            let mut details = vec![kind];
            if !self.all {
                details.extend(self.helpers(*only));
            }
            let note = self.members(*only).skip(1).take(40).collect::<Vec<_>>().join(", ");
            let note = (!note.is_empty()).then(|| format!("With {note}"));
            return Node { family, glyph, details, note, path, ..Node::new(first.id, first.id) };
        }
        let names: Vec<&str> = group.iter().map(|&root| self.content.resources[root].id).collect();
        let is_one_kind = group.iter().all(|&root| self.content.resources[root].kind == first.kind);
        let what = if is_one_kind { kind } else { format!("{} resources", kind::service(first.kind)) };
        let label = format!("{} × {what}", group.len());
        let few = names.iter().take(3).copied().collect::<Vec<_>>().join(", ");
        let more = if names.len() > 3 { format!("and {} more", names.len() - 3) } else { String::new() };
        let details = [few, more].into_iter().filter(|line| !line.is_empty()).collect();
        Node {
            family,
            glyph,
            details,
            note: Some(names.join(", ")),
            path,
            ..Node::new(format!("{}+", first.id), label)
        }
    }

    /// The most frequent helpers of a resource, in one line.
    fn helpers(&self, of: usize) -> Vec<String> {
        let counts = helper::counts(self.content, self.owners, of);
        if counts.is_empty() {
            return Vec::new();
        }
        let count: usize = counts.iter().map(|(_, count)| count).sum();
        let named = counts.iter().take(2).map(|(kind, count)| {
            let kind = kind.split_once(' ').map_or(kind.as_str(), |(_, name)| name);
            if *count == 1 { kind.to_owned() } else { format!("{count} × {kind}") }
        });
        let named: Vec<String> = named.collect();
        vec![match counts.len() {
            1 | 2 => format!("with {}", named.join(", ")),
            _ => format!("with {count} more resources"),
        }]
    }

    fn connect(&self, graph: &mut Graph, places: &HashMap<usize, NodeIndex>) {
        let mut merged: BTreeMap<(NodeIndex, NodeIndex, EdgeKind), Bond> = BTreeMap::new();
        for ((from, to, kind), bond) in self.bonds {
            let (Some(&from), Some(&to)) = (places.get(from), places.get(to)) else { continue };
            if from == to {
                continue;
            }
            let whole = merged.entry((from, to, *kind)).or_default();
            whole.labels.extend(bond.labels.iter().cloned());
            whole.actions.extend(bond.actions.iter().cloned());
            whole.notes.extend(bond.notes.iter().cloned());
            whole.path = whole.path.take().or_else(|| bond.path.clone());
        }
        for ((from, to, kind), bond) in merged {
            let mut said: Vec<String> = bond.labels.into_iter().take(2).collect();
            if !bond.actions.is_empty() {
                said.push(verb::label(&bond.actions));
            }
            let label = (!said.is_empty()).then(|| said.join(", "));
            let notes: Vec<String> = bond.notes.into_iter().collect();
            let note = (!notes.is_empty()).then(|| notes.join("\n"));
            graph.connect(Edge { label, note, path: bond.path, ..Edge::new(from, to, kind) });
        }
    }
}
