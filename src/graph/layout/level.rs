//! What is in one box: its parts that no link joins are laid out each for itself, and put beside each other or in rows.

use super::{
    layered,
    link::{Item, Laid, Link, LinkRoute, Role},
};
use crate::graph::{
    model::Arrangement,
    scene::{Point, Size},
};

/// Room between parts that no link joins.
const APART: f64 = 28.0;

/// Lays out what is in a box. `ratio` is how many times as wide as high rows should be.
pub(super) fn lay_out(items: &[Item], links: &[Link], arrangement: Arrangement, ratio: f64) -> Laid {
    let parts = parts(items, links);
    let mut position = vec![0; items.len()];
    for part in &parts {
        part.items.iter().enumerate().for_each(|(index, item)| position[*item] = index);
    }
    let mut laid: Vec<(Laid, &Part)> = Vec::new();
    for part in &parts {
        let own: Vec<Item> = part.items.iter().map(|item| Item { ..items[*item] }).collect();
        let own_links = part.links.iter().map(|link| &links[*link]);
        let own_links: Vec<Link> =
            own_links.map(|link| Link { from: position[link.from], to: position[link.to], ..*link }).collect();
        laid.push((layered::lay_out(&own, &own_links), part));
    }
    let sizes: Vec<Size> = laid.iter().map(|(laid, _)| laid.size).collect();
    let has_ports = parts.first().is_some_and(|part| part.has_ports);
    let (corners, size) = match arrangement {
        Arrangement::Beside => rows(&sizes, f64::INFINITY),
        // What links enter and leave reaches from border to border, and the rest stands beside it.
        Arrangement::Rows if has_ports => {
            let (mut corners, rest) = rows(&sizes[1..], room(&sizes[1..], ratio));
            let first = sizes[0];
            corners.iter_mut().for_each(|corner| corner.x += first.width + APART);
            corners.insert(0, Point::default());
            let width = if rest.width > 0.0 { first.width + APART + rest.width } else { first.width };
            (corners, Size { width, height: first.height.max(rest.height) })
        }
        Arrangement::Rows => rows(&sizes, room(&sizes, ratio)),
    };
    let mut whole =
        Laid { size, at: vec![Point::default(); items.len()], routes: vec![LinkRoute::default(); links.len()] };
    for ((laid, part), corner) in laid.into_iter().zip(corners) {
        for (item, at) in part.items.iter().zip(laid.at) {
            whole.at[*item] = at.plus(corner);
        }
        for (link, route) in part.links.iter().zip(laid.routes) {
            whole.routes[*link] = route.moved(corner);
        }
    }
    whole
}

/// Items that links join.
struct Part {
    items: Vec<usize>,
    links: Vec<usize>,
    has_ports: bool,
}

/// The parts, in the order of their first items; all that have ports are one, the first.
fn parts(items: &[Item], links: &[Link]) -> Vec<Part> {
    let mut leader: Vec<usize> = (0..items.len()).collect();
    let find = |leader: &mut Vec<usize>, mut item: usize| {
        while leader[item] != item {
            leader[item] = leader[leader[item]];
            item = leader[item];
        }
        item
    };
    let mut port = None;
    let ports = (0..items.len()).filter(|item| items[*item].role != Role::Inside);
    let joined = ports.filter_map(|item| Some((port.replace(item)?, item)));
    let joined: Vec<(usize, usize)> = joined.collect();
    for (one, other) in joined.into_iter().chain(links.iter().map(|link| (link.from, link.to))) {
        let (one, other) = (find(&mut leader, one), find(&mut leader, other));
        leader[one.max(other)] = one.min(other);
    }
    let mut parts: Vec<Part> = Vec::new();
    let mut part_of = vec![usize::MAX; items.len()];
    for item in 0..items.len() {
        let first = find(&mut leader, item);
        if part_of[first] == usize::MAX {
            part_of[first] = parts.len();
            parts.push(Part { items: Vec::new(), links: Vec::new(), has_ports: false });
        }
        part_of[item] = part_of[first];
        let part = &mut parts[part_of[item]];
        part.items.push(item);
        part.has_ports |= items[item].role != Role::Inside;
    }
    for (index, link) in links.iter().enumerate() {
        parts[part_of[link.from]].links.push(index);
    }
    parts.sort_by_key(|part| !part.has_ports);
    parts
}

/// The width that makes rows of these about that many times as wide as high.
fn room(sizes: &[Size], ratio: f64) -> f64 {
    let area: f64 = sizes.iter().map(|size| (size.width + APART) * (size.height + APART)).sum();
    let widest = sizes.iter().map(|size| size.width).fold(0.0, f64::max);
    (area * ratio).sqrt().max(widest)
}

/// Rows of at most that width, from the top left: where each begins, and the size of all.
fn rows(sizes: &[Size], room: f64) -> (Vec<Point>, Size) {
    let (mut corner, mut height) = (Point::default(), 0.0_f64);
    let mut whole = Size::default();
    let mut corners = Vec::with_capacity(sizes.len());
    for size in sizes {
        if corner.x > 0.0 && corner.x + size.width > room {
            corner = Point::new(0.0, corner.y + height + APART);
            height = 0.0;
        }
        corners.push(corner);
        whole.width = whole.width.max(corner.x + size.width);
        height = height.max(size.height);
        whole.height = whole.height.max(corner.y + height);
        corner.x += size.width + APART;
    }
    (corners, whole)
}
