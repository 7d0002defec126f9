//! Security groups and network ACLs: what addresses gain or lose a way in or out, packet by packet.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    change::{Change, Direction, Rank},
    condition::block,
    opening::{Door, Opening, PROTOCOL_OF_OTHERS, Peer, Wall, openings},
    read::{Entry, Reader},
};
use crate::diagnostic::Budget;

/// Packets that are looked at for one group.
const MOST_PACKETS: usize = 2_000_000;

/// A packet, or a range of those that no rule tells apart.
struct Packet<'p> {
    protocol: &'p str,
    port: u32,
    peer: &'p Peer,
}

/// What the groups and ACLs of a template gain or lose.
pub(super) fn changes(entries: [&[Entry<'_>]; 2], readers: &[Reader<'_>; 2], found: &mut Vec<Change>) {
    let [old, new] = [0, 1].map(|side: usize| openings(entries[side], &readers[side]));
    let walls: BTreeSet<&Wall> = old.keys().chain(new.keys()).collect();
    for wall in walls {
        let sides = [&old, &new].map(|all: &BTreeMap<Wall, Vec<Opening>>| all.get(wall).map_or(&[][..], Vec::as_slice));
        for (direction, from, to) in [(Direction::Gained, 0, 1), (Direction::Lost, 1, 0)] {
            let mut budget = Budget::new(MOST_PACKETS);
            for opening in sides[to].iter().filter(|opening| opening.allows) {
                if sides[from].iter().any(|other| other.is_same(opening)) && wall.door == Door::Group {
                    continue;
                }
                if gains(opening, sides[to], sides[from], &mut budget) {
                    found.push(change(direction, wall, opening, sides[from], [&readers[to], &readers[from]]));
                }
            }
        }
    }
}

/// Whether an opening lets a packet through that the other side does not.
fn gains(opening: &Opening, own: &[Opening], other: &[Opening], budget: &mut Budget) -> bool {
    let all = || own.iter().chain(other);
    let mut protocols: BTreeSet<&str> = all().map(|one| one.protocol.as_str()).collect();
    protocols.remove("-1");
    protocols.insert(PROTOCOL_OF_OTHERS);
    let ports: BTreeSet<u32> = all().flat_map(|one| [one.ports.0, one.ports.1.saturating_add(1)]).collect();
    let ports: Vec<u32> = ports
        .into_iter()
        .chain([opening.ports.0])
        .filter(|port| (opening.ports.0..=opening.ports.1).contains(port))
        .collect();
    let peers: Vec<Peer> = match &opening.peer {
        Peer::Block(first, last) => {
            let edges = all().filter_map(|one| match &one.peer {
                Peer::Block(first, last) => Some([*first, last.saturating_add(1)]),
                Peer::Named(_) => None,
            });
            let edges: BTreeSet<u128> = edges.flatten().chain([*first]).collect();
            edges
                .into_iter()
                .filter(|edge| (first..=last).contains(&edge))
                .map(|edge| Peer::Block(edge, edge))
                .collect()
        }
        named @ Peer::Named(_) => vec![named.clone()],
    };
    for protocol in protocols {
        for port in &ports {
            for peer in &peers {
                if !budget.spend(own.len() + other.len()) {
                    return true;
                }
                let packet = Packet { protocol, port: *port, peer };
                let decides = own.iter().find(|one| one.matches(&packet, &one.guards));
                let by_this = match opening.number {
                    None => opening.matches(&packet, &opening.guards),
                    Some(_) => decides.is_some_and(|one| std::ptr::eq(one, opening)),
                };
                let other = other.iter().find(|one| one.matches(&packet, &opening.guards));
                if by_this && !other.is_some_and(|one| one.allows) {
                    return true;
                }
            }
        }
    }
    false
}

impl Opening {
    /// Whether a rule is about a packet, where it is there whenever these conditions hold.
    fn matches(&self, packet: &Packet<'_>, guards: &[(String, bool)]) -> bool {
        let protocol = self.protocol == "-1" || self.protocol == packet.protocol;
        let port = (self.ports.0..=self.ports.1).contains(&packet.port);
        let peer = match (&self.peer, packet.peer) {
            (Peer::Block(first, last), Peer::Block(one, _)) => (first..=last).contains(&one),
            (own, other) => own == other,
        };
        protocol && port && peer && self.guards.iter().all(|guard| guards.contains(guard))
    }
}

fn change(
    direction: Direction,
    wall: &Wall,
    opening: &Opening,
    others: &[Opening],
    [reader, other]: [&Reader<'_>; 2],
) -> Change {
    let is_open = |opening: &Opening| match &opening.peer {
        Peer::Named(text) => text.chars().any(|letter| reader.is_open(letter) || other.is_open(letter)),
        Peer::Block(..) => false,
    };
    let meets = |one: &&Opening| {
        (one.protocol == opening.protocol || one.protocol == "-1" || opening.protocol == "-1")
            && one.ports.0 <= opening.ports.1
            && opening.ports.0 <= one.ports.1
    };
    let certain = !others.iter().filter(meets).any(|one| one.allows && (is_open(one) || is_open(opening)));
    let of_template = matches!(&opening.peer, Peer::Named(text) if reader.resource(text).is_some());
    let is_made = !other.has(&wall.id);
    let rank = match (wall.door, wall.is_out) {
        _ if of_template => Rank::Internal,
        (Door::Group, true) if is_made => Rank::Internal,
        (Door::Group, false) if is_public(&opening.peer) => Rank::Public,
        _ => Rank::Wider,
    };
    let who = reader.show(&opening.shown);
    let verb = match (direction, certain) {
        (Direction::Gained, true) => "can now",
        (Direction::Gained, false) => "may now be able to",
        (Direction::Lost, true) => "can no longer",
        (Direction::Lost, false) => "may no longer be able to",
    };
    let ports = opening.traffic();
    let sentence = match wall.is_out {
        false => format!("{who} {verb} reach {} on {ports}", wall.shown),
        true => format!("{} {verb} reach {who} on {ports}", wall.shown),
    };
    let conditions = opening.guards.iter().map(|(name, holds)| {
        if *holds { format!("the condition {name}") } else { format!("not the condition {name}") }
    });
    let (old, new) = match direction {
        Direction::Gained => (None, Some(opening.path.clone())),
        Direction::Lost => (Some(opening.path.clone()), None),
    };
    let (who, on) = if wall.is_out { (wall.shown.clone(), who) } else { (who, wall.shown.clone()) };
    let (actions, resources, conditions) = (vec![ports], vec![on], conditions.collect());
    Change { rank, direction, certain, who, actions, resources, conditions, old, new, sentence }
}

/// Whether a block has addresses that no private network has.
fn is_public(peer: &Peer) -> bool {
    const PRIVATE: [&str; 6] =
        ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "fc00::/7", "fe80::/10"];
    match peer {
        Peer::Block(first, last) => {
            !PRIVATE.iter().filter_map(|text| block(text)).any(|(start, end)| start <= *first && *last <= end)
        }
        Peer::Named(_) => false,
    }
}
