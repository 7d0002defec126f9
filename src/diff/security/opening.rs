//! Rules of security groups and network ACLs, inline and as resources.

use std::collections::BTreeMap;

use super::{
    condition::block,
    read::{Entry, Guards, Reader, each},
};
use crate::{diagnostic::Path, json::Json};

/// The protocol of packets of which no rule names the protocol.
pub(super) const PROTOCOL_OF_OTHERS: &str = "others";

/// What packets have to pass, in one direction.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Wall {
    pub door: Door,
    /// The logical id; empty where it is not of the template.
    pub id: String,
    pub shown: String,
    pub is_out: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Door {
    Group,
    Acl,
}

/// Whom packets come from or go to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Peer {
    /// Addresses, from the first to the last; those of IPv4 as they are in IPv6.
    Block(u128, u128),
    /// A security group, a prefix list, a block that only the deployment knows.
    Named(String),
}

/// A rule.
#[derive(Clone, Debug)]
pub(super) struct Opening {
    /// The place of a rule of an ACL among the others: the first that is about a packet decides.
    pub number: Option<i64>,
    pub allows: bool,
    pub protocol: String,
    pub ports: (u32, u32),
    pub peer: Peer,
    /// The peer as it is written.
    pub shown: String,
    pub guards: Guards,
    pub path: Path,
}

impl Opening {
    /// Whether both mean the same.
    pub fn is_same(&self, other: &Self) -> bool {
        let meaning = |one: &Self| (one.number, one.allows, one.ports, one.protocol.clone(), one.peer.clone());
        meaning(self) == meaning(other) && self.guards == other.guards
    }

    /// The protocol and the ports for people.
    pub fn traffic(&self) -> String {
        let ports = match self.ports {
            ALL_PORTS => "all ports".to_owned(),
            (first, last) if first == last => first.to_string(),
            (first, last) => format!("{first}-{last}"),
        };
        match self.protocol.as_str() {
            "-1" => "all ports and protocols".to_owned(),
            protocol => format!("{protocol} {ports}"),
        }
    }
}

const ALL_PORTS: (u32, u32) = (0, 65_535);

/// The rules of a template by what they open.
pub(super) fn openings(entries: &[Entry<'_>], reader: &Reader<'_>) -> BTreeMap<Wall, Vec<Opening>> {
    let mut found: BTreeMap<Wall, Vec<Opening>> = BTreeMap::new();
    for entry in entries {
        match entry.kind {
            "AWS::EC2::SecurityGroup" => group(entry, reader, &mut found),
            "AWS::EC2::SecurityGroupIngress" => alone(entry, false, reader, &mut found),
            "AWS::EC2::SecurityGroupEgress" => alone(entry, true, reader, &mut found),
            "AWS::EC2::NetworkAclEntry" => acl_entry(entry, reader, &mut found),
            _ => {}
        }
    }
    // The lowest number is the first.
    found.values_mut().for_each(|rules| rules.sort_by_key(|rule| rule.number));
    found
}

fn group(entry: &Entry<'_>, reader: &Reader<'_>, found: &mut BTreeMap<Wall, Vec<Opening>>) {
    for (key, is_out) in [("SecurityGroupIngress", false), ("SecurityGroupEgress", true)] {
        let wall = Wall { door: Door::Group, id: entry.id.to_owned(), shown: entry.id.to_owned(), is_out };
        let all = found.entry(wall).or_default();
        let path = entry.path().join(key);
        let list = &entry.properties[key];
        if list.is_null() && is_out {
            // A group that says nothing lets everything out.
            let everywhere = serde_json::json!({"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"});
            all.extend(opening(&everywhere, entry.path(), &entry.guards, reader));
        }
        for (number, item) in each(list).into_iter().enumerate() {
            for world in reader.worlds(item) {
                let guards = [entry.guards.clone(), world.guards.clone()].concat();
                let rules = each(&world.json).into_iter();
                all.extend(rules.filter_map(|rule| opening(rule, path.join(number), &guards, reader)));
            }
        }
    }
}

fn alone(entry: &Entry<'_>, is_out: bool, reader: &Reader<'_>, found: &mut BTreeMap<Wall, Vec<Opening>>) {
    let of = [&entry.properties["GroupId"], &entry.properties["GroupName"]].into_iter().find(|json| !json.is_null());
    let wall = wall(Door::Group, of.unwrap_or(&Json::Null), is_out, reader);
    found.entry(wall).or_default().extend(opening(entry.properties, entry.path(), &entry.guards, reader));
}

fn wall(door: Door, of: &Json, is_out: bool, reader: &Reader<'_>) -> Wall {
    let text = reader.text(of);
    let id = reader.resource(&text).map_or("", |(id, _)| id).to_owned();
    let shown = if id.is_empty() { reader.show(&text) } else { id.clone() };
    Wall { door, id, shown, is_out }
}

fn opening(json: &Json, path: Path, guards: &Guards, reader: &Reader<'_>) -> Option<Opening> {
    const PEERS: [&str; 8] = [
        "CidrIp",
        "CidrIpv6",
        "SourceSecurityGroupId",
        "DestinationSecurityGroupId",
        "SourcePrefixListId",
        "DestinationPrefixListId",
        "SourceSecurityGroupName",
        "CidrBlock",
    ];
    let text = PEERS.iter().map(|key| &json[*key]).find(|value| !value.is_null()).map(|value| reader.text(value))?;
    let protocol = protocol(&reader.text(&json["IpProtocol"]));
    let port = |key: &str| reader.text(&json[key]).parse::<i64>().ok();
    let ports = match (port("FromPort"), port("ToPort")) {
        _ if protocol == "-1" => ALL_PORTS,
        (Some(from), _) if from < 0 => ALL_PORTS,
        (Some(kind), _) if protocol.starts_with("icmp") => number_pair(kind, kind),
        (Some(from), Some(to)) => number_pair(from, to),
        _ => ALL_PORTS,
    };
    Some(made(None, true, protocol, ports, text, guards, path))
}

fn number_pair(from: i64, to: i64) -> (u32, u32) {
    let number = |value: i64| u32::try_from(value.clamp(0, 65_535)).unwrap_or_default();
    (number(from), number(to))
}

fn made(
    number: Option<i64>,
    allows: bool,
    protocol: String,
    ports: (u32, u32),
    shown: String,
    guards: &Guards,
    path: Path,
) -> Opening {
    let peer = match block(&shown) {
        Some((first, last)) => Peer::Block(first, last),
        None => Peer::Named(shown.clone()),
    };
    Opening { number, allows, protocol, ports, peer, shown, guards: guards.clone(), path }
}

fn protocol(text: &str) -> String {
    match text.to_lowercase().as_str() {
        "6" => "tcp".to_owned(),
        "17" => "udp".to_owned(),
        "1" => "icmp".to_owned(),
        "58" => "icmpv6".to_owned(),
        "all" | "" | "null" => "-1".to_owned(),
        other => other.to_owned(),
    }
}

fn acl_entry(entry: &Entry<'_>, reader: &Reader<'_>, found: &mut BTreeMap<Wall, Vec<Opening>>) {
    let properties = entry.properties;
    let text = |key: &str| reader.text(&properties[key]).to_lowercase();
    let wall = wall(Door::Acl, &properties["NetworkAclId"], text("Egress") == "true", reader);
    let peer = [&properties["CidrBlock"], &properties["Ipv6CidrBlock"]].into_iter().find(|json| !json.is_null());
    let range = |key: &str| reader.text(&properties["PortRange"][key]).parse::<i64>().ok();
    let protocol = protocol(&text("Protocol"));
    let ports = match (range("From"), range("To")) {
        (Some(from), Some(to)) if protocol != "-1" && from >= 0 => number_pair(from, to),
        _ => ALL_PORTS,
    };
    let number = text("RuleNumber").parse().unwrap_or(i64::MAX);
    let allows = text("RuleAction") == "allow";
    let shown = peer.map_or_else(String::new, |peer| reader.text(peer));
    let opening = made(Some(number), allows, protocol, ports, shown, &entry.guards, entry.path());
    found.entry(wall).or_default().push(opening);
}
