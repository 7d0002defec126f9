//! The network of a template: VPCs, subnets, route tables, gateways and endpoints, and what is not known of them.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    acl::{Acl, AclOf, acls, changes_default},
    address::{Range, block},
    answer::Answer,
    group::{Groups, Member, groups, member},
};
use crate::{
    check::{
        read::{Listed, boolean, each, id_of, is_foreign, is_incomplete, list, resource, text},
        subject::{MOST_RESOURCES, Subject},
    },
    diagnostic::Budget,
    json::Json,
    template::reference::{Reference, ReferenceKind},
};

/// What a template says of its network.
pub(in crate::check) struct Network<'a> {
    pub vpcs: BTreeMap<&'a str, Vpc<'a>>,
    pub subnets: BTreeMap<&'a str, Subnet<'a>>,
    pub tables: BTreeMap<&'a str, Table<'a>>,
    /// The NAT gateways, each with its subnet.
    pub nats: BTreeMap<&'a str, Nat<'a>>,
    pub groups: Groups<'a>,
    pub acls: BTreeMap<&'a str, Acl>,
    pub endpoints: Vec<Endpoint<'a>>,
    /// Rules, routes and entries that are looked at.
    pub looks: Budget,
}

pub(in crate::check) struct Vpc<'a> {
    /// Its ranges of addresses; none where they are not known.
    pub ranges: Option<Vec<Range>>,
    /// The internet gateways of the template that are attached to it.
    pub gateways: BTreeMap<&'a str, Answer>,
    /// Whether something outside of the template may add to it.
    pub open: bool,
}

pub(in crate::check) struct Subnet<'a> {
    pub id: &'a str,
    /// The VPC, where it is one of the template.
    pub vpc: Option<&'a str>,
    pub range: Option<Range>,
    pub table: TableOf<'a>,
    pub acl: AclOf<'a>,
}

/// The route table of a subnet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::check) enum TableOf<'a> {
    /// The one that the VPC comes with, which leads nowhere but to the VPC.
    Main,
    Of(&'a str),
    Unknown,
}

#[derive(Default)]
pub(in crate::check) struct Table<'a> {
    pub vpc: Option<&'a str>,
    pub routes: Vec<Route<'a>>,
    pub open: bool,
}

pub(in crate::check) struct Route<'a> {
    pub id: &'a str,
    pub destination: Destination,
    pub target: Target<'a>,
    pub certain: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::check) enum Destination {
    Addresses(Range),
    /// IPv6, which nothing here speaks.
    Other,
    Unknown,
}

/// Where a route leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::check) enum Target<'a> {
    Internet(&'a str),
    Nat(&'a str),
    Elsewhere,
}

pub(in crate::check) struct Nat<'a> {
    pub subnet: Option<&'a str>,
    /// A private one leads to other networks, and never to the internet.
    pub public: bool,
}

/// A VPC endpoint.
pub(in crate::check) struct Endpoint<'a> {
    pub id: &'a str,
    pub vpc: Option<&'a str>,
    /// The service, as `s3` or `secretsmanager`; none where it is not known.
    pub service: Option<String>,
    pub certain: bool,
    pub way: Way<'a>,
}

pub(in crate::check) enum Way<'a> {
    /// Routes in these tables; none where they are not known.
    Gateway(Option<Vec<&'a str>>),
    Interface {
        /// Whether the name of the service leads to it.
        private_dns: Option<bool>,
        groups: Vec<Member<'a>>,
        subnets: Vec<Option<&'a str>>,
    },
    Unknown,
}

impl<'a> Network<'a> {
    /// The network of a template; none where parts of it may not be shown.
    pub fn new(subject: &Subject<'a>) -> Option<Self> {
        if is_incomplete(subject.template) || is_too_large(subject) {
            return None;
        }
        let outside = Outside::new(subject);
        let open = |id: &str| outside.has(id);
        let mut network = Self {
            vpcs: vpcs(subject, &outside),
            subnets: BTreeMap::new(),
            tables: tables(subject, &open),
            nats: BTreeMap::new(),
            groups: groups(subject, &open),
            acls: acls(subject, &open),
            endpoints: each(subject, "AWS::EC2::VPCEndpoint")
                .map(|endpoint| self::endpoint(subject, endpoint))
                .collect(),
            looks: Budget::new(MOST_LOOKS),
        };
        for (id, nat, _) in each(subject, "AWS::EC2::NatGateway") {
            let public = nat["ConnectivityType"].is_null() || nat["ConnectivityType"] == "public";
            network.nats.insert(id, Nat { subnet: id_of(subject, &nat["SubnetId"], SUBNET), public });
        }
        let tables = Associations::new(subject, "AWS::EC2::SubnetRouteTableAssociation", "RouteTableId", TABLE);
        let acls = Associations::new(subject, "AWS::EC2::SubnetNetworkAclAssociation", "NetworkAclId", ACL);
        let default_acl = if changes_default(subject) { AclOf::Unknown } else { AclOf::Default };
        for (id, properties, _) in each(subject, SUBNET) {
            let subnet = Subnet {
                id,
                vpc: id_of(subject, &properties["VpcId"], VPC),
                range: block(subject, &properties["CidrBlock"]),
                table: match tables.get(id) {
                    Some(table) => table.map_or(TableOf::Unknown, TableOf::Of),
                    None if open(id) => TableOf::Unknown,
                    None => TableOf::Main,
                },
                acl: match acls.get(id) {
                    Some(acl) => acl.map_or(AclOf::Unknown, AclOf::Of),
                    None if open(id) => AclOf::Unknown,
                    None => default_acl,
                },
            };
            network.subnets.insert(id, subnet);
        }
        Some(network)
    }
}

/// Whether nothing is said of its network, since each resource may be a part of each.
pub(in crate::check) fn is_too_large(subject: &Subject<'_>) -> bool {
    subject.template.section("Resources").nth(MOST_RESOURCES).is_some()
}

/// Rules, routes and entries that are looked at for all questions: more than any template within the limits of AWS
/// needs. Who asks more gets no certain answer.
pub(in crate::check) const MOST_LOOKS: usize = 10_000_000;

pub(in crate::check) const VPC: &str = "AWS::EC2::VPC";
pub(in crate::check) const SUBNET: &str = "AWS::EC2::Subnet";

/// What something outside of the template knows the id of: other stacks, by outputs or as a part of this one, and what
/// is no resource of AWS.
pub(in crate::check) struct Outside<'a> {
    known: BTreeSet<&'a str>,
    /// The same without outputs that have no name for other stacks, which only who composes stacks reads.
    given: BTreeSet<&'a str>,
}

impl<'a> Outside<'a> {
    pub fn new(subject: &Subject<'a>) -> Self {
        let mut outside = Self { known: BTreeSet::new(), given: BTreeSet::new() };
        for reference in &subject.references {
            let Reference { from: (section, id), kind, to, .. } = reference;
            if *kind == ReferenceKind::DependsOn {
                continue;
            }
            let (known, given) = match *section {
                "Outputs" => (true, !subject.template.as_json()["Outputs"][*id]["Export"].is_null()),
                "Resources" => {
                    let is_foreign =
                        resource(subject, id).and_then(|resource| resource["Type"].as_str()).is_none_or(|kind| {
                            !kind.starts_with("AWS::")
                                || kind.starts_with("AWS::CloudFormation::")
                                || kind.starts_with("AWS::RAM::")
                                || kind == "AWS::SSM::Parameter"
                        });
                    (is_foreign, is_foreign)
                }
                _ => (false, false),
            };
            if known {
                outside.known.insert(to);
            }
            if given {
                outside.given.insert(to);
            }
        }
        outside
    }

    /// Whether the template itself hands it on: to a part of it, to code, to who imports it by name.
    pub fn gives(&self, id: &str) -> bool {
        self.given.contains(id)
    }

    pub fn has(&self, id: &str) -> bool {
        self.known.contains(id)
    }
}

fn vpcs<'a>(subject: &Subject<'a>, outside: &Outside<'a>) -> BTreeMap<&'a str, Vpc<'a>> {
    let mut vpcs = BTreeMap::new();
    let more_ranges: Vec<&Json> = each(subject, "AWS::EC2::VPCCidrBlock").map(|(_, more, _)| more).collect();
    for (id, properties, _) in each(subject, VPC) {
        let mut ranges = block(subject, &properties["CidrBlock"]).map(|range| vec![range]);
        for more in &more_ranges {
            if more["Ipv6CidrBlock"].is_null() && more["AmazonProvidedIpv6CidrBlock"].is_null() {
                let of_this = id_of(subject, &more["VpcId"], VPC).is_none_or(|vpc| vpc == id);
                match (of_this, block(subject, &more["CidrBlock"])) {
                    (false, _) => {}
                    (true, Some(range)) => ranges.iter_mut().for_each(|ranges| ranges.push(range)),
                    (true, None) => ranges = None,
                }
            }
        }
        vpcs.insert(id, Vpc { ranges, gateways: BTreeMap::new(), open: outside.gives(id) });
    }
    let gateways: Vec<&str> = each(subject, "AWS::EC2::InternetGateway").map(|(id, ..)| id).collect();
    // By VPC and gateway, none where they are not known.
    let mut attachments: BTreeMap<(Option<&str>, Option<&str>), Answer> = BTreeMap::new();
    for (_, attachment, certain) in each(subject, "AWS::EC2::VPCGatewayAttachment") {
        let vpc = id_of(subject, &attachment["VpcId"], VPC);
        let gateway = id_of(subject, &attachment["InternetGatewayId"], "AWS::EC2::InternetGateway");
        let answer = Answer::Yes.if_certain(certain && vpc.is_some() && gateway.is_some());
        if gateway.is_some() || !attachment["InternetGatewayId"].is_null() {
            let known = attachments.entry((vpc, gateway)).or_insert(Answer::No);
            *known = known.or(answer);
        }
    }
    for ((vpc, gateway), answer) in attachments {
        for (_, of) in vpcs.iter_mut().filter(|(id, _)| vpc.is_none_or(|vpc| vpc == **id)) {
            for gateway in gateway.as_ref().map_or(&*gateways, std::slice::from_ref) {
                let attached = of.gateways.entry(*gateway).or_insert(Answer::No);
                *attached = attached.or(answer);
            }
        }
    }
    for vpc in vpcs.values_mut() {
        for gateway in &gateways {
            let attached = vpc.gateways.entry(*gateway).or_insert(Answer::No);
            *attached = attached.unless_open(outside.has(gateway));
        }
    }
    vpcs
}

fn tables<'a>(subject: &Subject<'a>, open: &dyn Fn(&str) -> bool) -> BTreeMap<&'a str, Table<'a>> {
    let mut tables = BTreeMap::new();
    for (id, properties, _) in each(subject, TABLE) {
        let vpc = id_of(subject, &properties["VpcId"], VPC);
        tables.insert(id, Table { vpc, routes: Vec::new(), open: open(id) });
    }
    for (id, route, certain) in each(subject, "AWS::EC2::Route") {
        let table = id_of(subject, &route["RouteTableId"], TABLE);
        let destination = match &route["DestinationCidrBlock"] {
            Json::String(text) => Range::parse(text).map_or(Destination::Unknown, Destination::Addresses),
            Json::Null if !route["DestinationIpv6CidrBlock"].is_null() => Destination::Other,
            _ => Destination::Unknown,
        };
        let target = match (&route["GatewayId"], &route["NatGatewayId"]) {
            (gateway, Json::Null) => {
                id_of(subject, gateway, "AWS::EC2::InternetGateway").map_or(Target::Elsewhere, Target::Internet)
            }
            (Json::Null, nat) => id_of(subject, nat, "AWS::EC2::NatGateway").map_or(Target::Elsewhere, Target::Nat),
            _ => Target::Elsewhere,
        };
        for (_, of) in tables.iter_mut().filter(|(id, _)| table.is_none_or(|table| table == **id)) {
            of.routes.push(Route { id, destination, target, certain: certain && table.is_some() });
        }
    }
    tables
}

const TABLE: &str = "AWS::EC2::RouteTable";
const ACL: &str = "AWS::EC2::NetworkAcl";

/// What subnets are associated with: the last of each, and whether it is certain that it is the only one.
struct Associations<'a> {
    of: BTreeMap<&'a str, Option<&'a str>>,
    /// Whether one is of a subnet that is not known.
    unknown: bool,
}

impl<'a> Associations<'a> {
    fn new(subject: &Subject<'a>, type_name: &'static str, property: &str, part: &str) -> Self {
        let mut associations = Self { of: BTreeMap::new(), unknown: false };
        for (_, association, certain) in each(subject, type_name) {
            let Some(subnet) = id_of(subject, &association["SubnetId"], SUBNET) else {
                associations.unknown |= !is_foreign(subject, &association["SubnetId"]);
                continue;
            };
            let own = id_of(subject, &association[property], part).filter(|_| certain);
            associations.of.entry(subnet).and_modify(|both| *both = None).or_insert(own);
        }
        associations
    }

    /// What a subnet is associated with; within, none where that is not known.
    fn get(&self, subnet: &str) -> Option<Option<&'a str>> {
        if self.unknown { Some(None) } else { self.of.get(subnet).copied() }
    }
}

fn endpoint<'a>(subject: &Subject<'a>, (id, properties, certain): (&'a str, &'a Json, bool)) -> Endpoint<'a> {
    let way = match properties["VpcEndpointType"].as_str() {
        Some("Gateway") => gateway(subject, properties),
        None if properties["VpcEndpointType"].is_null() => gateway(subject, properties),
        Some("Interface") => Way::Interface {
            private_dns: boolean(&properties["PrivateDnsEnabled"]),
            groups: members(subject, &properties["SecurityGroupIds"], id_of(subject, &properties["VpcId"], VPC)),
            subnets: subnets(subject, &properties["SubnetIds"]),
        },
        _ => Way::Unknown,
    };
    let service = text(&properties["ServiceName"]).and_then(|name| {
        let parts: Vec<_> = name.split('.').collect();
        let rest = parts.strip_prefix(&["com", "amazonaws"])?.get(1..)?;
        (!rest.is_empty() && !rest.join(".").contains('?')).then(|| rest.join("."))
    });
    Endpoint { id, vpc: id_of(subject, &properties["VpcId"], VPC), service, certain, way }
}

fn gateway<'a>(subject: &Subject<'a>, properties: &'a Json) -> Way<'a> {
    Way::Gateway(match list(&properties["RouteTableIds"]) {
        Listed::Absent => Some(Vec::new()),
        Listed::Known(tables) => tables.iter().map(|table| id_of(subject, table, TABLE)).collect(),
        Listed::Unknown => None,
    })
}

/// Subnets and security groups of the longest lists that are read; nothing takes so many.
const MOST_SUBNETS: usize = 1_000;
const MOST_GROUPS: usize = 100;

/// The subnets of a list, none for each that is not known.
pub(in crate::check) fn subnets<'a>(subject: &Subject<'a>, json: &'a Json) -> Vec<Option<&'a str>> {
    match list(json) {
        Listed::Known(subnets) if subnets.len() <= MOST_SUBNETS => {
            subnets.iter().map(|subnet| id_of(subject, subnet, SUBNET)).collect()
        }
        _ => vec![None],
    }
}

/// The security groups of a list; without one, that of the VPC.
pub(in crate::check) fn members<'a>(subject: &Subject<'a>, json: &'a Json, vpc: Option<&'a str>) -> Vec<Member<'a>> {
    match list(json) {
        Listed::Known(groups) if groups.len() > MOST_GROUPS => vec![Member::Unknown],
        Listed::Known(groups) if !groups.is_empty() => groups.iter().map(|group| member(subject, group)).collect(),
        Listed::Known(_) | Listed::Absent => vec![vpc.map_or(Member::Unknown, Member::DefaultOf)],
        Listed::Unknown => vec![Member::Unknown],
    }
}
