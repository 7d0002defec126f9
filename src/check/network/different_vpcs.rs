//! F7007: a resource that is given parts of different VPCs.

use super::{
    database::KINDS,
    model::{SUBNET, VPC},
};
use crate::{
    check::{
        read::{Listed, each, id_of, list, named, resource},
        subject::{Check, Subject},
    },
    diagnostic::{Diagnostic, Severity},
    json::Json,
    rule::Rule,
};

static DIFFERENT_VPCS: Rule = Rule {
    code: "F7007",
    severity: Severity::Error,
    title: "parts of different VPCs in one resource",
    why: "\
The subnets, security groups, route tables or network ACLs that a resource is given are in
different VPCs of the template. Its service refuses that (`InvalidParameterValueException`,
`InvalidGroup.NotFound` or the like), and the stack is rolled back.",
    fails: "\
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}
  Other:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.1.0.0/16}
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}
  Table:
    Type: AWS::EC2::RouteTable
    Properties: {VpcId: !Ref Other}
  Association:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref Subnet, RouteTableId: !Ref Table}",
    passes: "\
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}
  Table:
    Type: AWS::EC2::RouteTable
    Properties: {VpcId: !Ref Vpc}
  Association:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref Subnet, RouteTableId: !Ref Table}",
    docs: Some("https://docs.aws.amazon.com/vpc/latest/userguide/what-is-amazon-vpc.html"),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&DIFFERENT_VPCS], run: check };

const GROUP: &str = "AWS::EC2::SecurityGroup";

/// The properties that name parts of a VPC, by type.
const PARTS: [(&str, &[&str]); 10] = [
    ("AWS::Lambda::Function", &["VpcConfig/SubnetIds", "VpcConfig/SecurityGroupIds"]),
    (
        "AWS::ECS::Service",
        &[
            "NetworkConfiguration/AwsvpcConfiguration/Subnets",
            "NetworkConfiguration/AwsvpcConfiguration/SecurityGroups",
        ],
    ),
    ("AWS::EC2::Instance", &["SubnetId", "SecurityGroupIds"]),
    ("AWS::EC2::NetworkInterface", &["SubnetId", "GroupSet"]),
    ("AWS::EC2::SubnetRouteTableAssociation", &["SubnetId", "RouteTableId"]),
    ("AWS::EC2::SubnetNetworkAclAssociation", &["SubnetId", "NetworkAclId"]),
    ("AWS::EC2::VPCEndpoint", &["VpcId", "SubnetIds", "SecurityGroupIds", "RouteTableIds"]),
    ("AWS::ElasticLoadBalancingV2::LoadBalancer", &["Subnets", "SecurityGroups"]),
    ("AWS::EFS::MountTarget", &["SubnetId", "SecurityGroups"]),
    ("AWS::RDS::DBSubnetGroup", &["SubnetIds"]),
];

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    if each(subject, VPC).nth(1).is_none() {
        return;
    }
    for (kind, properties) in PARTS {
        for (id, resource, _) in each(subject, kind) {
            let parts = properties.iter().flat_map(|path| parts(property(resource, path), path));
            report(subject, id, parts, found);
        }
    }
    for kind in &KINDS {
        for (id, resource, _) in each(subject, kind.type_name) {
            let named_there = property(resource, kind.subnets);
            let subnets: Vec<(String, &Json)> = match kind.subnet_group {
                None => parts(named_there, kind.subnets),
                Some((_, list)) => named(named_there)
                    .and_then(|(group, _)| self::resource(subject, group))
                    .map(|group| &group["Properties"][list])
                    // Those of a group are looked at where it is.
                    .and_then(|all| all.as_array().map_or(Some(all), |all| all.first()))
                    .map(|part| (kind.subnets.to_owned(), part))
                    .into_iter()
                    .collect(),
            };
            report(subject, id, subnets.into_iter().chain(parts(property(resource, kind.groups), kind.groups)), found);
        }
    }
}

fn property<'a>(properties: &'a Json, path: &str) -> &'a Json {
    path.split('/').fold(properties, |json, name| &json[name])
}

/// The values of a list, each with its path.
fn parts<'a>(json: &'a Json, path: &str) -> Vec<(String, &'a Json)> {
    match list(json) {
        Listed::Known(items) if json.is_array() => {
            items.iter().enumerate().map(|(position, item)| (format!("{path}/{position}"), item)).collect()
        }
        _ => vec![(path.to_owned(), json)],
    }
}

/// Reports the first part that is in another VPC than the first of which that is known.
fn report<'a>(
    subject: &Subject<'a>,
    id: &str,
    parts: impl IntoIterator<Item = (String, &'a Json)>,
    found: &mut Vec<Diagnostic>,
) {
    let mut placed = parts.into_iter().filter_map(|(path, part)| {
        let (name, vpc) = vpc_of(subject, part)?;
        Some((path, name, vpc))
    });
    let Some((_, first, vpc)) = placed.next() else { return };
    if let Some((path, other, its)) = placed.find(|(.., other)| *other != vpc) {
        let message = format!("`{other}` is in `{its}`, and `{first}` in `{vpc}`; expected both in one VPC");
        found.push(DIFFERENT_VPCS.at(format!("Resources/{id}/Properties/{path}"), message));
    }
}

/// A part of a VPC, with its VPC.
fn vpc_of<'a>(subject: &Subject<'a>, json: &'a Json) -> Option<(&'a str, &'a str)> {
    if let Some((vpc, Some("DefaultSecurityGroup" | "DefaultNetworkAcl"))) = named(json) {
        return (resource(subject, vpc)?["Type"] == VPC).then_some((vpc, vpc));
    }
    if let Some(vpc) = id_of(subject, json, VPC) {
        return Some((vpc, vpc));
    }
    let kinds = [SUBNET, GROUP, "AWS::EC2::RouteTable", "AWS::EC2::NetworkAcl"];
    let part = kinds.iter().find_map(|kind| id_of(subject, json, kind))?;
    Some((part, id_of(subject, &resource(subject, part)?["Properties"]["VpcId"], VPC)?))
}
