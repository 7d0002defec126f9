//! Security groups: what they let in and out.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    address::{Address, Range, block},
    answer::Answer,
    database::{Port, port_of},
};
use crate::{
    check::{
        read::{Listed, each, id_of, is_foreign, list, named, number},
        subject::Subject,
    },
    json::Json,
};

/// A security group that something has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::check) enum Member<'a> {
    Of(&'a str),
    /// The group that this VPC comes with.
    DefaultOf(&'a str),
    Unknown,
}

/// The side of a security group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::check) enum Side {
    Ingress,
    Egress,
}

#[derive(Debug, Default)]
pub(in crate::check) struct Group<'a> {
    ingress: Vec<Permission<'a>>,
    egress: Vec<Permission<'a>>,
    /// Whether rules may come from outside of the template.
    open: bool,
}

/// The security groups of a template, those that its VPCs come with among them.
pub(in crate::check) type Groups<'a> = BTreeMap<Member<'a>, Group<'a>>;

#[derive(Debug)]
struct Permission<'a> {
    ports: Ports<'a>,
    peer: Peer<'a>,
    /// Whether it is certain that the rule is there.
    certain: bool,
}

#[derive(Debug)]
enum Ports<'a> {
    All,
    Between(Range),
    /// The port of a database of the template.
    Of(Port<'a>),
    /// Another protocol than TCP.
    None,
    Unknown,
}

#[derive(Debug)]
enum Peer<'a> {
    Addresses(Range),
    Group(Member<'a>),
    /// IPv6, which nothing here speaks.
    Other,
    Unknown,
}

/// Reads the groups; `open` says of a resource whether something outside of the template has its id.
pub(in crate::check) fn groups<'a>(subject: &Subject<'a>, open: &dyn Fn(&str) -> bool) -> Groups<'a> {
    let mut groups = Groups::new();
    for (vpc, ..) in each(subject, "AWS::EC2::VPC") {
        let every = |peer| vec![Permission { ports: Ports::All, peer, certain: true }];
        let group = Group {
            ingress: every(Peer::Group(Member::DefaultOf(vpc))),
            egress: every(Peer::Addresses(Range::ALL)),
            open: open(vpc),
        };
        groups.insert(Member::DefaultOf(vpc), group);
    }
    let apart: Vec<_> =
        [(Side::Ingress, "AWS::EC2::SecurityGroupIngress"), (Side::Egress, "AWS::EC2::SecurityGroupEgress")]
            .into_iter()
            .flat_map(|(side, kind)| each(subject, kind).map(move |(_, rule, certain)| (side, rule, certain)))
            .filter(|(_, rule, _)| !is_foreign(subject, &rule["GroupId"]))
            .map(|(side, rule, certain)| (side, member(subject, &rule["GroupId"]), rule, certain))
            .collect();
    let with_egress: BTreeSet<Member<'_>> =
        apart.iter().filter(|(side, ..)| *side == Side::Egress).map(|(_, of, ..)| *of).collect();
    for (id, properties, _) in each(subject, "AWS::EC2::SecurityGroup") {
        let mut group = Group { open: open(id), ..Group::default() };
        group.ingress = permissions(subject, &properties["SecurityGroupIngress"], Side::Ingress);
        group.egress = match list(&properties["SecurityGroupEgress"]) {
            // The default rule; one that is a resource of its own takes it away.
            Listed::Absent | Listed::Known([]) => {
                let alone = [Member::Of(id), Member::Unknown].iter().all(|of| !with_egress.contains(of));
                vec![Permission { ports: Ports::All, peer: Peer::Addresses(Range::ALL), certain: alone }]
            }
            _ => permissions(subject, &properties["SecurityGroupEgress"], Side::Egress),
        };
        groups.insert(Member::Of(id), group);
    }
    for (side, of, rule, certain) in apart {
        if of == Member::Unknown {
            groups.values_mut().for_each(|group| group.side_mut(side).push(permission(subject, rule, side, false)));
        } else if let Some(group) = groups.get_mut(&of) {
            group.side_mut(side).push(permission(subject, rule, side, certain));
        }
    }
    groups
}

/// The group that a value names.
pub(in crate::check) fn member<'a>(subject: &Subject<'a>, json: &'a Json) -> Member<'a> {
    match (id_of(subject, json, "AWS::EC2::SecurityGroup"), named(json)) {
        (Some(id), _) => Member::Of(id),
        (None, Some((vpc, Some("DefaultSecurityGroup")))) => Member::DefaultOf(vpc),
        _ => Member::Unknown,
    }
}

/// Rules of the longest list that is read; EC2 takes no more of all groups of a network interface.
const MOST_RULES: usize = 1_000;

fn permissions<'a>(subject: &Subject<'a>, rules: &'a Json, side: Side) -> Vec<Permission<'a>> {
    match list(rules) {
        Listed::Known(rules) if rules.len() <= MOST_RULES => {
            rules.iter().map(|rule| permission(subject, rule, side, true)).collect()
        }
        Listed::Absent => Vec::new(),
        Listed::Known(_) | Listed::Unknown => {
            vec![Permission { ports: Ports::Unknown, peer: Peer::Unknown, certain: false }]
        }
    }
}

fn permission<'a>(subject: &Subject<'a>, rule: &'a Json, side: Side, certain: bool) -> Permission<'a> {
    if rule["IpProtocol"].is_null() {
        return Permission { ports: Ports::Unknown, peer: Peer::Unknown, certain: false };
    }
    let group = match side {
        Side::Ingress => &rule["SourceSecurityGroupId"],
        Side::Egress => &rule["DestinationSecurityGroupId"],
    };
    let peer = match (&rule["CidrIp"], group) {
        (Json::Null, Json::Null) if !rule["CidrIpv6"].is_null() => Peer::Other,
        (Json::Null, group) if !group.is_null() => Peer::Group(member(subject, group)),
        (addresses, Json::Null) => block(subject, addresses).map_or(Peer::Unknown, Peer::Addresses),
        _ => Peer::Unknown,
    };
    Permission { ports: ports(subject, rule), peer, certain }
}

fn ports<'a>(subject: &Subject<'a>, rule: &'a Json) -> Ports<'a> {
    let protocol = match &rule["IpProtocol"] {
        Json::String(text) => text.to_ascii_lowercase(),
        Json::Number(number) => number.to_string(),
        _ => return Ports::Unknown,
    };
    match protocol.as_str() {
        "-1" | "all" => return Ports::All,
        "tcp" | "6" => {}
        _ => return Ports::None,
    }
    let (from, to) = (&rule["FromPort"], &rule["ToPort"]);
    if from == to
        && let Some(port) = port_of(subject, from)
    {
        return Ports::Of(port);
    }
    match (number(from), number(to)) {
        (Some(-1), Some(-1)) => Ports::All,
        (Some(from), Some(to)) => match (u32::try_from(from), u32::try_from(to)) {
            (Ok(first), Ok(last)) if first <= last => Ports::Between(Range { first, last }),
            _ => Ports::Unknown,
        },
        _ => Ports::Unknown,
    }
}

impl Ports<'_> {
    fn have(&self, port: Port<'_>) -> Answer {
        match (self, port.number) {
            (Ports::All, _) => Answer::Yes,
            (Ports::None, _) => Answer::No,
            (Ports::Of(own), _) if own.of.is_some() && own.of == port.of => Answer::Yes,
            (Ports::Of(Port { number: Some(own), .. }), Some(number)) => (*own == number).into(),
            (Ports::Between(range), Some(number)) => range.covers(Range::one(number.into())),
            _ => Answer::Unknown,
        }
    }
}

impl<'a> Group<'a> {
    fn side(&self, side: Side) -> &[Permission<'a>] {
        match side {
            Side::Ingress => &self.ingress,
            Side::Egress => &self.egress,
        }
    }

    fn side_mut(&mut self, side: Side) -> &mut Vec<Permission<'a>> {
        match side {
            Side::Ingress => &mut self.ingress,
            Side::Egress => &mut self.egress,
        }
    }

    /// How many rules it has.
    pub fn len(&self) -> usize {
        self.ingress.len() + self.egress.len()
    }

    /// Whether it lets TCP through to the port, where the peer has that address and those groups.
    pub fn allows(&self, side: Side, port: Port<'_>, address: Address, peers: &[Member<'_>]) -> Answer {
        let permitted = self.side(side).iter().map(|permission| {
            let peer = match &permission.peer {
                Peer::Addresses(range) => address.is_in(*range),
                Peer::Group(Member::Unknown) | Peer::Unknown => Answer::Unknown,
                Peer::Group(_) if matches!(address, Address::Public) => Answer::No,
                Peer::Group(group) if peers.contains(group) => Answer::Yes,
                Peer::Group(_) if peers.contains(&Member::Unknown) => Answer::Unknown,
                Peer::Group(_) | Peer::Other => Answer::No,
            };
            peer.and(permission.ports.have(port)).if_certain(permission.certain)
        });
        Answer::any(permitted).unless_open(self.open)
    }

    /// The ports of TCP that it lets through where the given one is not among them for certain, in words; none where it
    /// may be.
    pub fn other_ports(&self, side: Side, port: Port<'_>) -> Option<String> {
        let mut others = Vec::new();
        for permission in self.side(side) {
            if permission.ports.have(port) != Answer::No {
                return None;
            }
            let text = match &permission.ports {
                Ports::Between(range) if range.first == range.last => format!("port {}", range.first),
                Ports::Between(range) => format!("ports {} to {}", range.first, range.last),
                Ports::Of(Port { number: Some(number), .. }) => format!("port {number}"),
                _ => continue,
            };
            if !others.contains(&text) {
                others.push(text);
            }
        }
        (!self.open).then(|| others.join(" and "))
    }
}

/// Whether one of the groups lets TCP through: their rules add up.
pub(in crate::check) fn allow(
    groups: &Groups<'_>,
    own: &[Member<'_>],
    side: Side,
    port: Port<'_>,
    (address, peers): (Address, &[Member<'_>]),
) -> Answer {
    Answer::any(own.iter().map(|member| match groups.get(member) {
        Some(group) => group.allows(side, port, address, peers),
        None => Answer::Unknown,
    }))
}
