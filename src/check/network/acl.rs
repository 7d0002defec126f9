//! Network ACLs: numbered rules in both directions, of which the first that fits decides.

use std::collections::BTreeMap;

use super::{
    address::{Address, Range, block},
    answer::Answer,
};
use crate::{
    check::{
        read::{boolean, each, id_of, is_foreign, number},
        subject::Subject,
    },
    json::Json,
};

/// The network ACL of a subnet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::check) enum AclOf<'a> {
    /// The one that the VPC comes with, which lets everything through.
    Default,
    Of(&'a str),
    Unknown,
}

#[derive(Debug, Default)]
pub(in crate::check) struct Acl {
    /// In the order of their numbers.
    inbound: Vec<Entry>,
    outbound: Vec<Entry>,
    /// Whether the number of one is not known, and with it the order of all.
    unordered: bool,
    open: bool,
}

#[derive(Debug)]
struct Entry {
    number: i64,
    allows: Option<bool>,
    /// None where they are not known.
    ports: Option<Range>,
    addresses: Option<Range>,
    certain: bool,
}

pub(in crate::check) fn acls<'a>(subject: &Subject<'a>, open: &dyn Fn(&str) -> bool) -> BTreeMap<&'a str, Acl> {
    let mut acls = BTreeMap::new();
    for (id, ..) in each(subject, "AWS::EC2::NetworkAcl") {
        acls.insert(id, Acl { open: open(id), ..Acl::default() });
    }
    for (_, rule, certain) in each(subject, "AWS::EC2::NetworkAclEntry") {
        if is_foreign(subject, &rule["NetworkAclId"]) {
            continue;
        }
        let acl = id_of(subject, &rule["NetworkAclId"], "AWS::EC2::NetworkAcl");
        for (_, of) in acls.iter_mut().filter(|(id, _)| acl.is_none_or(|acl| acl == **id)) {
            of.add(subject, rule, certain && acl.is_some());
        }
    }
    for entries in acls.values_mut().flat_map(|acl| [&mut acl.inbound, &mut acl.outbound]) {
        entries.sort_by_key(|entry| entry.number);
    }
    acls
}

/// Whether rules of the template change the ACL that a VPC comes with.
pub(in crate::check) fn changes_default(subject: &Subject<'_>) -> bool {
    each(subject, "AWS::EC2::NetworkAclEntry").any(|(_, rule, _)| {
        let acl = &rule["NetworkAclId"];
        id_of(subject, acl, "AWS::EC2::NetworkAcl").is_none() && !is_foreign(subject, acl)
    })
}

impl Acl {
    fn add(&mut self, subject: &Subject<'_>, rule: &Json, certain: bool) {
        let Some(order) = number(&rule["RuleNumber"]) else {
            self.unordered = true;
            return;
        };
        // Without a direction, it is one for what comes in.
        let outbound = if rule["Egress"].is_null() { Some(false) } else { boolean(&rule["Egress"]) };
        let entry = |certain: bool| Entry::new(subject, order, rule, certain);
        match outbound {
            Some(true) => self.outbound.extend(entry(certain)),
            Some(false) => self.inbound.extend(entry(certain)),
            None => {
                self.inbound.extend(entry(false));
                self.outbound.extend(entry(false));
            }
        }
    }

    /// How many entries it has.
    pub fn len(&self) -> usize {
        self.inbound.len() + self.outbound.len()
    }

    /// Whether it lets TCP through in that direction, to those ports, where the peer has that address.
    pub fn allows(&self, outbound: bool, ports: Range, address: Address) -> Answer {
        if self.unordered {
            return Answer::Unknown;
        }
        let entries = if outbound { &self.outbound } else { &self.inbound };
        // From the end, where everything is refused: each rule decides what fits it, and leaves the rest as it was.
        let decided = entries.iter().rev().fold(Answer::No, |rest, entry| {
            let own = entry.allows.map_or(Answer::Unknown, Answer::from);
            let has_ports = entry.ports.map_or(Answer::Unknown, |own| own.covers(ports));
            let has_address = entry.addresses.map_or(Answer::Unknown, |own| address.is_in(own));
            match has_ports.and(has_address).if_certain(entry.certain) {
                Answer::Yes => own,
                Answer::No => rest,
                Answer::Unknown if own == rest => rest,
                Answer::Unknown => Answer::Unknown,
            }
        });
        decided.unless_open(self.open)
    }
}

impl Entry {
    /// The entry; none for one that TCP over IPv4 never meets.
    fn new(subject: &Subject<'_>, order: i64, rule: &Json, certain: bool) -> Option<Self> {
        let ports = match number(&rule["Protocol"]) {
            Some(-1) => Some(Range::ALL),
            Some(6) => {
                let port = |name: &str| number(&rule["PortRange"][name]).and_then(|port| u32::try_from(port).ok());
                port("From").zip(port("To")).map(|(first, last)| Range { first, last })
            }
            Some(_) => return None,
            None => None,
        };
        let addresses = match &rule["CidrBlock"] {
            Json::Null if !rule["Ipv6CidrBlock"].is_null() => return None,
            addresses => block(subject, addresses),
        };
        let allows = match rule["RuleAction"].as_str() {
            Some("allow") => Some(true),
            Some("deny") => Some(false),
            _ => None,
        };
        Some(Self { number: order, allows, ports, addresses, certain })
    }
}
