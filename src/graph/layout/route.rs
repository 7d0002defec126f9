//! The lines of links: straight through a rank, and curved between two, where nothing else stands.

use super::{
    layers::{Joint, Layers, Stand, Way},
    link::{Item, Laid, Link, LinkRoute},
};
use crate::graph::scene::{Point, Size, Stroke};

/// Room between ranks, and where one has only links in it.
const BETWEEN: f64 = 40.0;
const BETWEEN_BARE: f64 = 20.0;
/// How much more of it there is for a link that goes far aside, and at most.
const SLOPE: f64 = 0.09;
const MOST_SLOPE: f64 = 44.0;
/// How far a turn reaches out, at most.
const TURN: f64 = 44.0;

/// Gives the places of all items, and the lines of all links.
pub(super) fn routes(layers: &Layers, items: &[Item], links: &[Link]) -> Laid {
    let bands = Bands::of(layers);
    let mut at = vec![Point::default(); items.len()];
    for entry in &layers.entries {
        if let Stand::Item(item) = entry.stand {
            at[item] = Point::new(entry.x, bands.middle(entry.rank) - entry.size.height / 2.0);
        }
    }
    let pen = |link: &Link, way: &Way| Pen { layers, bands: &bands, at: &at, items }.draw(link, way);
    let routes = links.iter().zip(&layers.ways).map(|(link, way)| pen(link, way)).collect();
    let right = layers.entries.iter().map(|entry| entry.x + entry.size.width).fold(0.0, f64::max);
    let height = bands.0.last().map_or(0.0, |(_, bottom)| *bottom);
    Laid { size: Size { width: right, height }, at, routes }
}

/// From where to where each rank reaches.
struct Bands(Vec<(f64, f64)>);

impl Bands {
    fn of(layers: &Layers) -> Self {
        let mut aside = vec![0.0_f64; layers.ranks.len()];
        for joint in &layers.joints {
            let rank = layers.entries[joint.upper].rank;
            aside[rank] = aside[rank].max((upper_x(layers, joint) - lower_x(layers, joint)).abs());
        }
        let mut bands = Vec::with_capacity(layers.ranks.len());
        let mut y = 0.0;
        for (rank, entries) in layers.ranks.iter().enumerate() {
            let height = entries.iter().map(|entry| layers.entries[*entry].size.height).fold(0.0, f64::max);
            bands.push((y, y + height));
            let is_bare = layers.is_bare(rank) || rank + 1 < layers.ranks.len() && layers.is_bare(rank + 1);
            let between = if is_bare { BETWEEN_BARE } else { BETWEEN };
            y += height + between + (aside[rank] * SLOPE).min(MOST_SLOPE);
        }
        Self(bands)
    }

    fn top(&self, rank: usize) -> f64 {
        self.0[rank].0
    }

    fn bottom(&self, rank: usize) -> f64 {
        self.0[rank].1
    }

    fn middle(&self, rank: usize) -> f64 {
        (self.top(rank) + self.bottom(rank)) / 2.0
    }

    /// How far a turn may reach into the room above a rank.
    fn above(&self, rank: usize) -> f64 {
        rank.checked_sub(1).map_or(TURN, |before| (self.top(rank) - self.bottom(before)).min(TURN))
    }

    fn below(&self, rank: usize) -> f64 {
        self.0.get(rank + 1).map_or(TURN, |(top, _)| (top - self.bottom(rank)).min(TURN))
    }
}

fn upper_x(layers: &Layers, joint: &Joint) -> f64 {
    layers.entries[joint.upper].x + joint.upper_at
}

fn lower_x(layers: &Layers, joint: &Joint) -> f64 {
    layers.entries[joint.lower].x + joint.lower_at
}

/// What draws a line.
struct Pen<'a> {
    layers: &'a Layers,
    bands: &'a Bands,
    at: &'a [Point],
    items: &'a [Item],
}

impl Pen<'_> {
    fn draw(&self, link: &Link, way: &Way) -> LinkRoute {
        let joints: Vec<&Joint> = way.joints.iter().map(|joint| &self.layers.joints[*joint]).collect();
        let mut route = LinkRoute::default();
        let (Some(first), Some(last)) = (joints.first(), joints.last()) else { return route };
        let begin = Point::new(upper_x(self.layers, first), self.at[link.from].y + self.items[link.from].size.height);
        let end = Point::new(lower_x(self.layers, last), self.at[link.to].y);
        route.strokes.push(Stroke::Move(begin));
        if way.back {
            self.draw_back(&joints, &mut route);
        } else {
            self.draw_ahead(&joints, &mut route);
        }
        line(&mut route.strokes, end);
        route
    }

    fn draw_ahead(&self, joints: &[&Joint], route: &mut LinkRoute) {
        for joint in joints {
            let rank = self.layers.entries[joint.upper].rank;
            let from = Point::new(upper_x(self.layers, joint), self.bands.bottom(rank));
            let to = Point::new(lower_x(self.layers, joint), self.bands.top(rank + 1));
            self.through(joint.upper, from, route);
            curve(&mut route.strokes, from, to);
        }
    }

    /// Draws down and around, up through the ranks, around again and down.
    fn draw_back(&self, joints: &[&Joint], route: &mut LinkRoute) {
        let [down, up, rest @ ..] = joints else { return };
        let below = self.layers.entries[down.upper].rank;
        let from = Point::new(upper_x(self.layers, down), self.bands.bottom(below));
        let to = Point::new(upper_x(self.layers, up), self.bands.bottom(below));
        line(&mut route.strokes, from);
        turn(&mut route.strokes, from, to, self.bands.below(below));
        for joint in rest {
            let (Stand::Through | Stand::Label) = self.layers.entries[joint.lower].stand else {
                // The last, from the turn down to the item: it is drawn with the turn.
                break;
            };
            let rank = self.layers.entries[joint.lower].rank;
            let from = Point::new(lower_x(self.layers, joint), self.bands.top(rank));
            self.through(joint.lower, from, route);
            match self.layers.entries[joint.upper].stand {
                Stand::Turn => {
                    let end = rest.last().map_or(from.x, |last| lower_x(self.layers, last));
                    turn(&mut route.strokes, from, Point::new(end, from.y), -self.bands.above(rank));
                }
                _ => {
                    let to = Point::new(upper_x(self.layers, joint), self.bands.bottom(rank - 1));
                    curve(&mut route.strokes, from, to);
                }
            }
        }
    }

    /// Draws through the rank of an entry, up to a point at the other side, and leaves out its label.
    fn through(&self, entry: usize, to: Point, route: &mut LinkRoute) {
        let entry = &self.layers.entries[entry];
        if entry.stand == Stand::Label {
            let top = self.bands.middle(entry.rank) - entry.size.height / 2.0;
            route.label = Some(Point::new(entry.x, top));
            let (first, second) = (top, top + entry.size.height);
            let leads_down = route.strokes.last().is_none_or(|before| before.end().y < to.y);
            let (first, second) = if leads_down { (first, second) } else { (second, first) };
            line(&mut route.strokes, Point::new(to.x, first));
            route.strokes.push(Stroke::Move(Point::new(to.x, second)));
        }
        line(&mut route.strokes, to);
    }
}

/// A straight line, unless it leads nowhere.
pub(super) fn line(strokes: &mut Vec<Stroke>, to: Point) {
    let from = strokes.last().map_or(to, |before| before.end());
    if (from.x - to.x).abs() + (from.y - to.y).abs() > 0.01 {
        strokes.push(Stroke::Line(to));
    }
}

/// A curve that begins and ends upright.
fn curve(strokes: &mut Vec<Stroke>, from: Point, to: Point) {
    if (from.x - to.x).abs() < 0.5 {
        return line(strokes, to);
    }
    let middle = (from.y + to.y) / 2.0;
    strokes.push(Stroke::Curve(Point::new(from.x, middle), Point::new(to.x, middle), to));
}

/// A curve that goes out and comes back.
fn turn(strokes: &mut Vec<Stroke>, from: Point, to: Point, reach: f64) {
    let y = from.y + reach;
    strokes.push(Stroke::Curve(Point::new(from.x, y), Point::new(to.x, y), to));
}
