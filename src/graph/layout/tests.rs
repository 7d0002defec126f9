//! The geometry of pictures: of every definition that the other tests have, and of graphs at random.

use std::{collections::BTreeSet, fs, path::Path};

use proptest::prelude::*;
use serde_json::json;

use super::lay_out;
use crate::{
    graph::{
        model::{Arrangement, Direction, Edge, EdgeKind, Graph, Node, NodeIndex, Shape},
        scene::{Point, Rect, Scene, Stroke},
    },
    json::Json,
    template::Template,
};

/// How far a coordinate may be off.
const NEARLY: f64 = 0.05;

/// Whether rectangles have more than a border in common.
fn overlap(one: Rect, other: Rect) -> bool {
    one.x + NEARLY < other.right()
        && other.x + NEARLY < one.right()
        && one.y + NEARLY < other.bottom()
        && other.y + NEARLY < one.bottom()
}

fn holds(outer: Rect, inner: Rect) -> bool {
    inner.x >= outer.x - NEARLY
        && inner.y >= outer.y - NEARLY
        && inner.right() <= outer.right() + NEARLY
        && inner.bottom() <= outer.bottom() + NEARLY
}

/// Points along a line, by steps that nothing in a picture is small enough to slip through.
fn points(strokes: &[Stroke]) -> Vec<Point> {
    let mut points: Vec<Point> = Vec::new();
    for stroke in strokes {
        let from = points.last().copied().unwrap_or(stroke.end());
        let (first, second, end) = match *stroke {
            Stroke::Move(to) => (to, to, to),
            Stroke::Line(to) => (from, to, to),
            Stroke::Curve(first, second, to) => (first, second, to),
        };
        if matches!(stroke, Stroke::Move(_)) {
            points.push(end);
            continue;
        }
        let length =
            (from.x - end.x).abs() + (from.y - end.y).abs() + (first.y - from.y).abs() + (first.x - from.x).abs();
        let steps = (length / 3.0).ceil().max(1.0);
        for step in 1..=steps as usize {
            let t = step as f64 / steps;
            let at = |from: f64, first: f64, second: f64, end: f64| {
                let u = 1.0 - t;
                u * u * u * from + 3.0 * u * u * t * first + 3.0 * u * t * t * second + t * t * t * end
            };
            points.push(Point::new(at(from.x, first.x, second.x, end.x), at(from.y, first.y, second.y, end.y)));
        }
    }
    points
}

fn is_in(rect: Rect, point: Point) -> bool {
    let Point { x, y } = point;
    x > rect.x + NEARLY && x < rect.right() - NEARLY && y > rect.y + NEARLY && y < rect.bottom() - NEARLY
}

/// What a node is in, and itself.
fn around(graph: &Graph, node: NodeIndex) -> BTreeSet<NodeIndex> {
    graph.boxes(node).chain([node]).collect()
}

/// What is wrong with a picture.
fn faults(graph: &Graph, scene: &Scene) -> Vec<String> {
    let mut faults = Vec::new();
    let rect = |index: NodeIndex| scene.nodes[index.0].rect;
    let name = |index: NodeIndex| &graph.node(index).label;
    let whole = Rect { x: 0.0, y: 0.0, width: scene.size.width, height: scene.size.height };
    let header = |index: NodeIndex| {
        let (rect, size) = (rect(index), scene.nodes[index.0].face.size);
        Rect { width: size.width, height: size.height, ..rect }
    };
    let is_box: Vec<bool> = graph.nodes().map(|(index, _)| graph.children(Some(index)).next().is_some()).collect();
    let all: Vec<NodeIndex> = graph.nodes().map(|(index, _)| index).collect();
    for &index in &all {
        if !holds(whole, rect(index)) {
            faults.push(format!("{} is not in the picture", name(index)));
        }
        let face = scene.nodes[index.0].face.size;
        if face.width > rect(index).width + NEARLY || face.height > rect(index).height + NEARLY {
            faults.push(format!("{} has no room for its text", name(index)));
        }
        if let Some(parent) = graph.node(index).parent {
            if !holds(rect(parent), rect(index)) {
                faults.push(format!("{} is not in {}", name(index), name(parent)));
            }
            if overlap(header(parent), rect(index)) {
                faults.push(format!("{} covers the name of {}", name(index), name(parent)));
            }
        }
        for &other in all.iter().filter(|other| **other > index) {
            let are_beside = graph.node(other).parent == graph.node(index).parent;
            if are_beside && overlap(rect(index), rect(other)) {
                faults.push(format!("{} overlaps {}", name(index), name(other)));
            }
        }
    }
    for route in &scene.routes {
        let edge = &graph.edges()[route.edge];
        let said = format!("the edge from {} to {}", name(edge.from), name(edge.to));
        let (from, to) = (around(graph, edge.from), around(graph, edge.to));
        let line = points(&route.strokes);
        for &index in &all {
            let crossed = match (from.contains(&index) || to.contains(&index), is_box[index.0]) {
                // It leaves from a box, or is in it: its name alone is in the way.
                (true, true) => header(index),
                (true, false) | (false, _) => rect(index),
            };
            if line.iter().any(|point| is_in(crossed, *point)) {
                faults.push(format!("{said} runs through {}", name(index)));
            }
        }
        let (first, last) = (line[0], line[line.len() - 1]);
        let touches = |rect: Rect, point: Point| {
            let (left, right) = ((rect.x - NEARLY..=rect.right() + NEARLY).contains(&point.x), rect.bottom() + NEARLY);
            left && (rect.y - NEARLY..=right).contains(&point.y)
        };
        if !touches(rect(edge.from), first) || !touches(rect(edge.to), last) {
            faults.push(format!("{said} does not lead from the one to the other"));
        }
        if !line.iter().all(|point| is_in(whole, *point)) {
            faults.push(format!("{said} leaves the picture"));
        }
        if route.label.is_some() != edge.label.is_some() {
            faults.push(format!("{said} has lost its label"));
        }
    }
    let labels: Vec<(usize, Rect)> =
        scene.routes.iter().filter_map(|route| Some((route.edge, route.label.as_ref()?.rect))).collect();
    for (place, (edge, label)) in labels.iter().enumerate() {
        let said = graph.edges()[*edge].label.clone().unwrap_or_default();
        for &index in &all {
            let covered = if is_box[index.0] { header(index) } else { rect(index) };
            if overlap(*label, covered) {
                faults.push(format!("the label {said} covers {}", name(index)));
            }
        }
        if labels[place + 1..].iter().any(|(_, other)| overlap(*label, *other)) {
            faults.push(format!("the label {said} covers another"));
        }
        for route in &scene.routes {
            if points(&route.strokes).iter().any(|point| is_in(*label, *point)) {
                faults.push(format!("an edge runs through the label {said}"));
            }
        }
    }
    faults
}

/// Every definition in a JSON file of the tests.
fn definitions(json: &Json, found: &mut Vec<Json>) {
    match json {
        Json::Object(members) if members.contains_key("StartAt") && members.contains_key("States") => {
            found.push(json.clone());
        }
        Json::Object(members) => members.values().for_each(|member| definitions(member, found)),
        Json::Array(items) => items.iter().for_each(|item| definitions(item, found)),
        _ => {}
    }
}

#[test]
fn nothing_overlaps_in_the_picture_of_any_definition() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut found = Vec::new();
    for folder in ["asl_cases/recorded", "asl_facts", "data_flow"] {
        let mut files: Vec<_> = fs::read_dir(tests.join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        for file in files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "json")) {
            definitions(&serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap(), &mut found);
        }
    }
    assert!(found.len() > 900, "{}", found.len());
    let mut drawn = 0;
    for definition in &found {
        let graph = Graph::of_workflow("test", definition);
        drawn += graph.nodes().count();
        let faults = faults(&graph, &lay_out(&graph));
        assert!(faults.is_empty(), "{definition:#}\n{}", faults.join("\n"));
    }
    assert!(drawn > 3_000, "{drawn}");
}

/// The templates of the other tests: whole ones, and those of the pairs that a diff is held to.
fn templates() -> Vec<Template> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let read = |file: &Path| Template::parse(&fs::read_to_string(file).unwrap()).unwrap();
    let mut found: Vec<Template> =
        ["permission/application.yaml", "check_hostile/template.yaml"].map(|file| read(&tests.join(file))).into();
    let mut pairs: Vec<_> =
        fs::read_dir(tests.join("diff/pairs")).unwrap().map(|entry| entry.unwrap().path()).collect();
    pairs.sort();
    for pair in &pairs {
        let new = read(pair).as_json()["New"].clone();
        let whole = if new.get("Resources").is_some() { new } else { json!({"Resources": new}) };
        found.push(Template::parse(&whole.to_string()).unwrap());
    }
    found
}

#[test]
fn nothing_overlaps_in_the_pictures_of_any_template() {
    let mut drawn = 0;
    for template in templates() {
        for graph in [
            Graph::of_resources("test", &template, false),
            Graph::of_resources("test", &template, true),
            Graph::of_network("test", &template),
        ] {
            drawn += graph.nodes().count();
            let faults = faults(&graph, &lay_out(&graph));
            assert!(faults.is_empty(), "{}\n{}", template.to_yaml(), faults.join("\n"));
        }
    }
    assert!(drawn > 300, "{drawn}");
}

/// What the other tests rely on.
#[test]
fn what_is_wrong_with_a_picture_is_seen() {
    let mut graph = Graph::new("test", Direction::Down);
    let [first, second, third] = ["First", "Second", "Third"].map(|name| graph.add(Node::new(name, name)));
    graph.connect(Edge::new(first, third, EdgeKind::Next));
    graph.connect(Edge { label: Some("so".to_owned()), ..Edge::new(second, third, EdgeKind::Choice) });
    let scene = lay_out(&graph);
    assert_eq!(faults(&graph, &scene), [""; 0]);
    let seen = |change: &dyn Fn(&mut Scene), fault: &str| {
        let mut scene = scene.clone();
        change(&mut scene);
        let found = faults(&graph, &scene);
        assert!(found.iter().any(|found| found.contains(fault)), "{fault}: {found:?}");
    };
    seen(&|scene| scene.nodes[1].rect = scene.nodes[0].rect, "First overlaps Second");
    seen(&|scene| scene.nodes[2].rect.x += 500.0, "Third is not in the picture");
    seen(&|scene| scene.nodes[0].rect.width = 9.0, "First has no room for its text");
    seen(&|scene| scene.routes[1].strokes = scene.routes[0].strokes.clone(), "does not lead from the one to the other");
    seen(&|scene| scene.routes[1].label.as_mut().unwrap().rect = scene.nodes[0].rect, "the label so covers First");
    let through = |scene: &mut Scene| {
        let (from, to) = (scene.routes[0].strokes[0].end(), scene.routes[0].strokes.last().unwrap().end());
        let second = scene.nodes[1].rect;
        let middle = Point::new(second.x + second.width / 2.0, second.y + second.height / 2.0);
        scene.routes[0].strokes = vec![Stroke::Move(from), Stroke::Line(middle), Stroke::Line(to)];
    };
    seen(&through, "the edge from First to Third runs through Second");
}

/// Nodes with their parents, before them; edges between any two; and whether they lead right.
type Sketch = (Vec<Option<usize>>, Vec<(usize, usize, usize, bool)>, bool);

fn sketch() -> impl Strategy<Value = Sketch> {
    let parents = prop::collection::vec(prop::option::weighted(0.6, 0..100_usize), 1..28);
    let edges = prop::collection::vec((0..100_usize, 0..100_usize, 0..6_usize, prop::bool::weighted(0.3)), 0..40);
    (parents, edges, any::<bool>())
}

fn graph((parents, edges, is_right): &Sketch) -> Graph {
    let mut graph = Graph::new("test", if *is_right { Direction::Right } else { Direction::Down });
    graph.arrangement = Arrangement::Rows;
    let words = ["A", "Publish the report", "AVeryLongNameThatHasNoPlaceInALineOfAnyCardAndWraps", "Write"];
    for (index, parent) in parents.iter().enumerate() {
        // A third of the nodes are boxes.
        let parent = parent.filter(|_| index > 0).map(|parent| parent % index / 3 * 3);
        let shape = if index % 3 == 0 { Shape::Box } else { Shape::Card };
        let arrangement = if index % 2 == 0 { Arrangement::Beside } else { Arrangement::Rows };
        let label = format!("{} {index}", words[index % words.len()]);
        let details = vec!["detail".to_owned(); index % 3];
        graph.add(Node {
            parent: parent.map(NodeIndex),
            shape,
            arrangement,
            details,
            ..Node::new(index.to_string(), label)
        });
    }
    let kinds =
        [EdgeKind::Next, EdgeKind::Catch, EdgeKind::Choice, EdgeKind::Trigger, EdgeKind::Permission, EdgeKind::Data];
    for (from, to, kind, has_label) in edges {
        let [from, to] = [from, to].map(|end| NodeIndex(end % parents.len()));
        let is_inside = graph.boxes(from).any(|around| around == to) || graph.boxes(to).any(|around| around == from);
        if !is_inside {
            let label = has_label.then(|| "when it is so".to_owned());
            graph.connect(Edge { label, ..Edge::new(from, to, kinds[*kind]) });
        }
    }
    graph
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_overlaps_in_the_picture_of_any_graph(sketch in sketch()) {
        let graph = graph(&sketch);
        let faults = faults(&graph, &lay_out(&graph));
        prop_assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
}
