//! The simulator: single packets, from hop to hop, there and back. It knows addresses, and nothing of ranges or answers.

use super::plan::{CLIENT_PORTS, Cidr, End, Peer, Plan, Protocol, Rule, Target};

#[derive(Clone, Copy)]
struct Packet {
    from: u32,
    to: u32,
    port: u16,
}

/// How many of the packets that were tried came back.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tried {
    pub passed: u32,
    pub lost: u32,
}

impl Tried {
    fn count(&mut self, passed: bool) {
        if passed {
            self.passed += 1;
        } else {
            self.lost += 1;
        }
    }
}

fn addresses(cidr: Cidr) -> impl Iterator<Item = u32> {
    cidr.0..cidr.0 + (1 << (32 - cidr.1))
}

impl Plan {
    /// Every connection from each subnet of one end to each of the other.
    pub fn connect(&self, from: &End, to: &End, port: u16) -> Vec<Tried> {
        let mut all = Vec::new();
        for here in &from.subnets {
            for there in &to.subnets {
                all.push(self.connect_between((from, *here), (to, *there), port));
            }
        }
        all
    }

    fn connect_between(&self, (from, here): (&End, usize), (to, there): (&End, usize), port: u16) -> Tried {
        let mut tried = Tried::default();
        for source in addresses(self.subnets[here].cidr) {
            for target in addresses(self.subnets[there].cidr) {
                let let_out = self.group_lets(from, false, Some(to), target, port);
                let let_in = self.group_lets(to, true, Some(from), source, port);
                let forth = Packet { from: source, to: target, port };
                let arrives = let_out && let_in && self.moves(here, there, forth);
                for own in CLIENT_PORTS {
                    let back = Packet { from: target, to: source, port: own };
                    tried.count(arrives && self.moves(there, here, back));
                }
            }
        }
        tried
    }

    /// Whether the security groups of an end let a connection in or out.
    fn group_lets(&self, end: &End, into: bool, peer: Option<&End>, address: u32, port: u16) -> bool {
        let fits = |rule: &Rule| {
            let is_port = match rule.protocol {
                Protocol::Tcp => rule.ports.0 <= port && port <= rule.ports.1,
                Protocol::Udp => false,
                Protocol::All => true,
            };
            is_port
                && match rule.peer {
                    Peer::Cidr(cidr) => cidr.has(address),
                    Peer::Group(group) => peer.is_some_and(|peer| peer.groups.contains(&group)),
                }
        };
        end.groups.iter().any(|group| {
            let group = &self.groups[*group];
            match (into, &group.egress) {
                (true, _) => group.ingress.iter().any(fits),
                (false, None) => true,
                (false, Some(rules)) => rules.iter().any(fits),
            }
        })
    }

    /// Whether a packet gets from one subnet to another.
    fn moves(&self, here: usize, there: usize, packet: Packet) -> bool {
        if here == there {
            return true;
        }
        let routed = self.subnets[here].vpc == self.subnets[there].vpc
            || matches!(self.route(here, packet.to), Some(Target::Peering));
        self.acl_lets(here, true, packet) && routed && self.acl_lets(there, false, packet)
    }

    /// The most specific route that an address has.
    fn route(&self, subnet: usize, address: u32) -> Option<Target> {
        let table = &self.tables[self.subnets[subnet].table?];
        let fitting = table.1.iter().filter(|(cidr, _)| cidr.has(address));
        fitting.max_by_key(|(cidr, _)| cidr.1).map(|(_, target)| *target)
    }

    fn acl_lets(&self, subnet: usize, outbound: bool, packet: Packet) -> bool {
        let Some(acl) = self.subnets[subnet].acl else { return true };
        let peer = if outbound { packet.to } else { packet.from };
        let fitting = self.acls[acl].iter().filter(|rule| {
            let is_port = match rule.protocol {
                Protocol::Tcp => rule.ports.0 <= packet.port && packet.port <= rule.ports.1,
                Protocol::Udp => false,
                Protocol::All => true,
            };
            rule.outbound == outbound && is_port && rule.cidr.has(peer)
        });
        fitting.min_by_key(|rule| rule.number).is_some_and(|rule| rule.allow)
    }

    /// Calls of a service from a subnet of the client, who has a public address or not.
    pub fn call(&self, service: &str, subnet: usize, has_public: bool) -> Tried {
        let client = End { subnets: vec![subnet], groups: self.client.groups.clone() };
        if let (Some(endpoint), "sqs") = (&self.interface, service) {
            let mut tried = Tried::default();
            for one in self.connect(&client, endpoint, 443) {
                // Which of its addresses the name gives is chance.
                tried.passed += one.passed;
                tried.lost += one.lost;
            }
            return tried;
        }
        let (near, far) = (self.s3.0 + 7, self.s3.0 + 999);
        let targets = if service == "s3" { vec![near, far] } else { vec![0x3401_0203, 0x0304_0506, 0xCB00_7109] };
        let mut tried = Tried::default();
        for target in targets {
            for source in addresses(self.subnets[subnet].cidr) {
                for own in CLIENT_PORTS {
                    tried.count(self.calls(&client, subnet, (source, target, own), (service, has_public)));
                }
            }
        }
        tried
    }

    fn calls(
        &self,
        client: &End,
        subnet: usize,
        (source, target, own): (u32, u32, u16),
        (service, has_public): (&str, bool),
    ) -> bool {
        let forth = Packet { from: source, to: target, port: 443 };
        let back = Packet { from: target, to: source, port: own };
        if !self.group_lets(client, false, None, target, 443)
            || !self.acl_lets(subnet, true, forth)
            || !self.acl_lets(subnet, false, back)
        {
            return false;
        }
        let table = self.subnets[subnet].table;
        if service == "s3" && self.gateway.as_ref().zip(table).is_some_and(|(tables, table)| tables.contains(&table)) {
            return true;
        }
        let attached = self.vpcs[self.subnets[subnet].vpc];
        match self.route(subnet, target) {
            None | Some(Target::Peering) => false,
            Some(Target::Internet) => attached && has_public,
            Some(Target::Nat(nat)) => {
                let outer = self.nats[nat];
                let inside =
                    outer == subnet || (self.acl_lets(outer, false, forth) && self.acl_lets(outer, true, back));
                // With its own address it goes on.
                let nat = self.subnets[outer].cidr.0 + 5;
                let forth = Packet { from: nat, ..forth };
                let back = Packet { to: nat, ..back };
                inside
                    && self.acl_lets(outer, true, forth)
                    && self.acl_lets(outer, false, back)
                    && matches!(self.route(outer, target), Some(Target::Internet))
                    && attached
            }
        }
    }
}
