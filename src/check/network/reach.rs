//! Reachability: whether a connection comes about, and which hop refuses it.

#[cfg(test)]
mod tests;

use std::fmt;

use super::{
    acl::AclOf,
    address::{Address, EPHEMERAL, Range},
    answer::Answer,
    database::Port,
    group::{Group, Member, Side, allow},
    model::{Destination, Endpoint, Network, Subnet, TableOf, Target, Way},
};

/// One end of a connection: where its network interfaces are, and the groups that they have.
#[derive(Clone, Debug)]
pub(in crate::check) struct End<'a> {
    /// None for a subnet that is not known.
    pub subnets: Vec<Option<&'a str>>,
    pub groups: Vec<Member<'a>>,
}

/// Whether it has a public address of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::check) struct HasPublicAddress(pub Answer);

/// An answer with the first hop that gives it.
#[derive(Clone, Debug)]
pub(in crate::check) struct Verdict<'a> {
    pub answer: Answer,
    pub hop: Option<Hop<'a>>,
}

/// A hop that lets nothing through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::check) enum Hop<'a> {
    /// Security groups.
    Groups(Vec<Member<'a>>, Side),
    /// No route from this subnet to the other VPC.
    OtherVpc(&'a str),
    /// The ACL of a subnet, outbound or not, and whether it is the answer that is refused.
    Acl { subnet: &'a str, acl: &'a str, outbound: bool, answer: bool },
    /// A table has no route to the internet.
    NoRoute(&'a str, TableOf<'a>),
    /// The route leads to an internet gateway, but there is no public address.
    NoPublicAddress(&'a str),
    /// The internet gateway is attached to no VPC, or to another one.
    NotAttached(&'a str),
    /// The NAT gateway has no way to the internet.
    Nat(&'a str),
    /// The endpoint refuses it, for a reason of its own.
    Endpoint(&'a str, Box<Hop<'a>>),
}

impl<'a> Verdict<'a> {
    fn of(answer: Answer, hop: impl FnOnce() -> Hop<'a>) -> Self {
        Self { answer, hop: (answer != Answer::Yes).then(hop) }
    }

    const YES: Self = Self { answer: Answer::Yes, hop: None };
    const UNKNOWN: Self = Self { answer: Answer::Unknown, hop: None };

    /// The weaker one: where one hop of a way refuses, all of it does.
    fn and(self, other: impl FnOnce() -> Self) -> Self {
        if self.answer == Answer::No {
            return self;
        }
        let other = other();
        if other.answer < self.answer { other } else { self }
    }

    /// The stronger one, the first of two that are as strong.
    fn or(self, other: Self) -> Self {
        if other.answer > self.answer { other } else { self }
    }
}

/// Ways from subnets to subnets that are looked at. No service takes so many subnets.
const MOST_WAYS: usize = 1000;

impl<'a> Network<'a> {
    /// Whether a connection from one end to a port of another comes about: from any subnet to any.
    pub fn can(&self, from: &End<'a>, to: &End<'a>, port: Port<'a>) -> Verdict<'a> {
        if from.subnets.len() * to.subnets.len() > MOST_WAYS {
            return Verdict::UNKNOWN;
        }
        let ways = from.subnets.iter().flat_map(|here| to.subnets.iter().map(move |there| (here, there)));
        let verdicts = ways.map(|(here, there)| self.hops(from, *here, to, *there, port));
        verdicts.reduce(Verdict::or).unwrap_or(Verdict::UNKNOWN)
    }

    /// The rules of all groups of an end.
    fn rules(&self, end: &End<'a>) -> usize {
        1 + end.groups.iter().filter_map(|group| self.groups.get(group)).map(Group::len).sum::<usize>()
    }

    fn hops(
        &self,
        from: &End<'a>,
        here: Option<&'a str>,
        to: &End<'a>,
        there: Option<&'a str>,
        port: Port<'a>,
    ) -> Verdict<'a> {
        let (here, there) = (here.and_then(|id| self.subnets.get(id)), there.and_then(|id| self.subnets.get(id)));
        let address =
            |subnet: Option<&Subnet<'_>>| subnet.and_then(|subnet| subnet.range).map_or(Address::Unknown, Address::In);
        let looks = self.rules(from) + self.rules(to);
        if !self.looks.spend(looks * (from.groups.len() + to.groups.len() + 1)) {
            return Verdict::UNKNOWN;
        }
        let out = allow(&self.groups, &from.groups, Side::Egress, port, (address(there), &to.groups));
        let into = allow(&self.groups, &to.groups, Side::Ingress, port, (address(here), &from.groups));
        Verdict::of(out, || Hop::Groups(from.groups.clone(), Side::Egress))
            .and(|| self.between(here, there, port))
            .and(|| Verdict::of(into, || Hop::Groups(to.groups.clone(), Side::Ingress)))
    }

    /// The way from one subnet to another: routes, and the ACLs of both in both directions.
    fn between(&self, here: Option<&Subnet<'a>>, there: Option<&Subnet<'a>>, port: Port<'a>) -> Verdict<'a> {
        let (Some(here), Some(there)) = (here, there) else { return Verdict::UNKNOWN };
        if here.id == there.id {
            return Verdict::YES;
        }
        let routed = match (here.vpc, there.vpc) {
            (Some(here), Some(there)) if here == there => Answer::Yes,
            (Some(_), Some(_)) => self.leads_elsewhere(here, there).and(self.leads_elsewhere(there, here)),
            _ => Answer::Unknown,
        };
        let address = |subnet: &Subnet<'_>| subnet.range.map_or(Address::Unknown, Address::In);
        let ports = port.number.map(|number| Range::one(number.into()));
        Verdict::of(routed, || Hop::OtherVpc(here.id))
            .and(|| self.passes(here, true, ports, address(there), false))
            .and(|| self.passes(there, false, ports, address(here), false))
            .and(|| self.passes(there, true, Some(EPHEMERAL), address(here), true))
            .and(|| self.passes(here, false, Some(EPHEMERAL), address(there), true))
    }

    /// Whether a route of a subnet may lead to another VPC: by peering, a transit gateway or whatever else.
    fn leads_elsewhere(&self, here: &Subnet<'a>, there: &Subnet<'a>) -> Answer {
        let TableOf::Of(table) = here.table else {
            return if here.table == TableOf::Main { Answer::No } else { Answer::Unknown };
        };
        let Some(table) = self.tables.get(table) else { return Answer::Unknown };
        if !self.looks.spend(table.routes.len()) {
            return Answer::Unknown;
        }
        let may_lead = table.routes.iter().any(|route| {
            route.target == Target::Elsewhere
                && match (route.destination, there.range) {
                    (Destination::Addresses(range), Some(there)) => range.overlaps(there),
                    (Destination::Other, _) => false,
                    _ => true,
                }
        });
        Answer::No.unless_open(table.open || may_lead)
    }

    /// Whether the ACL of a subnet lets TCP through.
    fn passes(
        &self,
        subnet: &Subnet<'a>,
        outbound: bool,
        ports: Option<Range>,
        address: Address,
        answer: bool,
    ) -> Verdict<'a> {
        let AclOf::Of(acl) = subnet.acl else {
            return if subnet.acl == AclOf::Default { Verdict::YES } else { Verdict::UNKNOWN };
        };
        let allowed = match (self.acls.get(acl), ports) {
            (None, _) => Answer::Unknown,
            (Some(acl), _) if !self.looks.spend(acl.len()) => Answer::Unknown,
            (Some(acl), Some(ports)) => acl.allows(outbound, ports, address),
            // Some port: only what refuses or allows all of them is known.
            (Some(acl), None) => acl.allows(outbound, Range { first: 0, last: 65_535 }, address),
        };
        Verdict::of(allowed, || Hop::Acl { subnet: subnet.id, acl, outbound, answer })
    }

    /// Whether calls of an AWS service from a subnet reach it.
    pub fn can_call(&self, service: &str, from: &End<'a>, subnet: &'a str, public: HasPublicAddress) -> Verdict<'a> {
        let Some(here) = self.subnets.get(subnet) else { return Verdict::UNKNOWN };
        let Some((vpc_id, vpc)) = here.vpc.and_then(|vpc| self.vpcs.get_key_value(vpc)) else {
            return Verdict::UNKNOWN;
        };
        let looks = self.endpoints.len() + self.rules(from);
        if !self.looks.spend(looks) {
            return Verdict::UNKNOWN;
        }
        let mut by_gateway = Answer::No;
        // Another way, by what the template does not say.
        let mut otherwise = vpc.open;
        for endpoint in self.endpoints.iter().filter(|endpoint| endpoint.vpc.is_none_or(|vpc| vpc == *vpc_id)) {
            let Endpoint { id, service: of, certain, way, .. } = endpoint;
            if of.as_deref().is_some_and(|of| of != service) {
                continue;
            }
            let certain = *certain && of.is_some() && endpoint.vpc.is_some();
            match way {
                Way::Gateway(Some(tables)) => {
                    if !self.looks.spend(tables.len()) {
                        return Verdict::UNKNOWN;
                    }
                    let is_routed = match here.table {
                        TableOf::Of(table) => tables.contains(&table).into(),
                        TableOf::Main => Answer::No,
                        TableOf::Unknown => Answer::Unknown,
                    };
                    by_gateway = by_gateway.or(is_routed.if_certain(certain));
                }
                // The name of the service has the addresses of the endpoint then, and no others. Those of these two may
                // have their gateway's.
                Way::Interface { private_dns: Some(true), groups, subnets }
                    if certain && !["s3", "dynamodb"].contains(&service) =>
                {
                    let near = End { subnets: vec![Some(subnet)], groups: from.groups.clone() };
                    return self.endpoint(id, &near, subnets, groups);
                }
                Way::Gateway(None) | Way::Unknown | Way::Interface { .. } => otherwise = true,
            }
        }
        let groups = allow(&self.groups, &from.groups, Side::Egress, Port::HTTPS, (Address::Public, &[]));
        let https = Some(Range::one(443));
        let way = match by_gateway {
            Answer::Yes => Verdict::YES,
            Answer::Unknown => Verdict::UNKNOWN.or(self.to_internet(here, public)),
            Answer::No => self.to_internet(here, public),
        };
        let verdict = Verdict::of(groups, || Hop::Groups(from.groups.clone(), Side::Egress))
            .and(|| way)
            .and(|| self.passes(here, true, https, Address::Public, false))
            .and(|| self.passes(here, false, Some(EPHEMERAL), Address::Public, true));
        Verdict { answer: verdict.answer.unless_open(otherwise), ..verdict }
    }

    /// Whether a call reaches an interface endpoint, of whose addresses it takes any.
    fn endpoint(&self, id: &'a str, from: &End<'a>, subnets: &[Option<&'a str>], groups: &[Member<'a>]) -> Verdict<'a> {
        if !self.looks.spend(subnets.len() * (groups.len() + 1)) {
            return Verdict::UNKNOWN;
        }
        let each = subnets.iter().map(|subnet| {
            let to = End { subnets: vec![*subnet], groups: groups.to_vec() };
            let verdict = self.can(from, &to, Port::HTTPS);
            Verdict { answer: verdict.answer, hop: verdict.hop.map(|hop| Hop::Endpoint(id, Box::new(hop))) }
        });
        let same =
            |one: Verdict<'a>, other: Verdict<'a>| if one.answer == other.answer { one } else { Verdict::UNKNOWN };
        each.reduce(same).unwrap_or(Verdict::UNKNOWN)
    }

    /// Whether the routes of a subnet lead to the internet, for who has a public address or not.
    fn to_internet(&self, subnet: &Subnet<'a>, public: HasPublicAddress) -> Verdict<'a> {
        self.by_routes(subnet, &|target| self.behind(subnet, target, public))
    }

    /// Whether they lead a NAT gateway in the subnet to the internet: to another one is no way.
    pub fn nat_to_internet(&self, subnet: &Subnet<'a>) -> Verdict<'a> {
        self.by_routes(subnet, &|target| match target {
            Target::Nat(other) => Verdict::of(Answer::No, || Hop::Nat(other)),
            _ => self.behind(subnet, target, HasPublicAddress(Answer::Yes)),
        })
    }

    fn by_routes(&self, subnet: &Subnet<'a>, behind: &dyn Fn(Target<'a>) -> Verdict<'a>) -> Verdict<'a> {
        let routes = match subnet.table {
            TableOf::Unknown => return Verdict::UNKNOWN,
            TableOf::Main => return Verdict::of(Answer::No, || Hop::NoRoute(subnet.id, TableOf::Main)),
            TableOf::Of(id) => match self.tables.get(id) {
                Some(table) if !table.open && self.looks.spend(table.routes.len()) => &table.routes,
                _ => return Verdict::UNKNOWN,
            },
        };
        let mut verdict: Option<Verdict<'a>> = None;
        for route in routes {
            let next = match route.destination {
                Destination::Other => continue,
                Destination::Addresses(range) if Address::Public.is_in(range) == Answer::No => continue,
                Destination::Addresses(Range::ALL) if route.certain => behind(route.target),
                _ => Verdict::UNKNOWN,
            };
            verdict = Some(match verdict {
                None => next,
                // Two of them: which one is taken is not known.
                Some(before) if before.answer == next.answer => before,
                Some(_) => Verdict::UNKNOWN,
            });
        }
        verdict.unwrap_or_else(|| Verdict::of(Answer::No, || Hop::NoRoute(subnet.id, subnet.table)))
    }

    /// Whether the target of the default route leads to the internet.
    fn behind(&self, subnet: &Subnet<'a>, target: Target<'a>, public: HasPublicAddress) -> Verdict<'a> {
        match target {
            Target::Elsewhere => Verdict::UNKNOWN,
            Target::Internet(gateway) => {
                let attached = subnet.vpc.and_then(|vpc| self.vpcs.get(vpc)?.gateways.get(gateway)).copied();
                Verdict::of(attached.unwrap_or(Answer::Unknown), || Hop::NotAttached(gateway))
                    .and(|| Verdict::of(public.0, || Hop::NoPublicAddress(subnet.id)))
            }
            Target::Nat(id) => {
                let Some(nat) = self.nats.get(id) else { return Verdict::UNKNOWN };
                let Some(outer) = nat.subnet.and_then(|subnet| self.subnets.get(subnet)) else {
                    return Verdict::UNKNOWN;
                };
                if !nat.public {
                    return Verdict::UNKNOWN;
                }
                let leads = self.nat_to_internet(outer).answer;
                Verdict::of(leads, || Hop::Nat(id)).and(|| self.through_nat(subnet, outer))
            }
        }
    }

    /// The ACLs between a subnet, its NAT gateway's, and the internet.
    fn through_nat(&self, inner: &Subnet<'a>, outer: &Subnet<'a>) -> Verdict<'a> {
        let https = Some(Range::one(443));
        let address = inner.range.map_or(Address::Unknown, Address::In);
        let inside = || {
            if inner.id == outer.id {
                return Verdict::YES;
            }
            // It is the service that the packets are for and from, also on their way to the gateway.
            self.passes(outer, false, https, address, false)
                .and(|| self.passes(outer, true, Some(EPHEMERAL), address, true))
        };
        inside()
            .and(|| self.passes(outer, true, https, Address::Public, false))
            .and(|| self.passes(outer, false, Some(EPHEMERAL), Address::Public, true))
    }
}

/// The words for groups, as many as there are.
struct Named<'h, 'a>(&'h [Member<'a>]);

impl fmt::Display for Named<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, member) in self.0.iter().enumerate() {
            let before = if position == 0 { "" } else { ", " };
            match member {
                Member::Of(id) => write!(f, "{before}`{id}`")?,
                Member::DefaultOf(vpc) => write!(f, "{before}the default group of `{vpc}`")?,
                Member::Unknown => write!(f, "{before}a group")?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Hop<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let does = |groups: &[Member<'_>]| if groups.len() == 1 { "does" } else { "do" };
        match self {
            Hop::Groups(groups, Side::Ingress) => write!(f, "{} {} not let it in", Named(groups), does(groups)),
            Hop::Groups(groups, Side::Egress) => write!(f, "{} {} not let it out", Named(groups), does(groups)),
            Hop::OtherVpc(subnet) => write!(f, "no route leads from `{subnet}` to the other VPC and back"),
            Hop::Acl { subnet, acl, outbound, answer } => {
                let what = if *answer { "the answers (ports 1024 to 65535)" } else { "it" };
                let way = if *outbound { "out of" } else { "into" };
                write!(f, "the ACL `{acl}` does not let {what} {way} `{subnet}`")
            }
            Hop::NoRoute(subnet, TableOf::Of(table)) => {
                write!(f, "the route table `{table}` of `{subnet}` has no default route")
            }
            Hop::NoRoute(subnet, _) => {
                write!(f, "`{subnet}` has no route table but that of its VPC, which has no default route")
            }
            Hop::NoPublicAddress(subnet) => {
                write!(
                    f,
                    "the default route of `{subnet}` leads to an internet gateway, which takes only who has a public address"
                )
            }
            Hop::NotAttached(gateway) => write!(f, "the internet gateway `{gateway}` is not attached to the VPC"),
            Hop::Nat(nat) => write!(f, "the NAT gateway `{nat}` has no way to the internet itself"),
            Hop::Endpoint(endpoint, hop) => write!(f, "the endpoint `{endpoint}` takes all calls, and {hop}"),
        }
    }
}
