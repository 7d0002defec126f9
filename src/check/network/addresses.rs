//! E3059, E3060 and F7006: ranges of addresses that do not fit: subnets in their VPC and beside each other, routes.

use super::model::{Destination, Network};
use crate::{
    check::{
        read::each,
        subject::{Check, Subject},
    },
    diagnostic::{Diagnostic, Severity},
    rule::Rule,
};

const TWO_SUBNETS: &str = "\
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}
  First:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}
  Second:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24}";

static OUTSIDE: Rule = Rule {
    code: "E3059",
    severity: Severity::Error,
    title: "a subnet whose addresses are not those of its VPC",
    why: "\
The range of the subnet is not within one of the ranges of its VPC. EC2 refuses it
(`InvalidSubnet.Range`), and the stack is rolled back.",
    fails: "\
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}
  First:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.1.0.0/24}",
    passes: TWO_SUBNETS,
    docs: Some("https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html"),
};

static OVERLAP: Rule = Rule {
    code: "E3060",
    severity: Severity::Error,
    title: "two subnets that share addresses",
    why: "\
Two subnets of a VPC have ranges that overlap. EC2 refuses the second (`InvalidSubnet.Conflict`),
and the stack is rolled back.",
    fails: "\
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}
  First:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/23}
  Second:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24}",
    passes: TWO_SUBNETS,
    docs: Some("https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html"),
};

static SAME_DESTINATION: Rule = Rule {
    code: "F7006",
    severity: Severity::Error,
    title: "two routes of a table with the same destination",
    why: "\
A route table has one route for a destination. EC2 refuses the second (`RouteAlreadyExists`), and
the stack is rolled back. A second way out is a table of its own.",
    fails: "\
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}
  Table:
    Type: AWS::EC2::RouteTable
    Properties: {VpcId: !Ref Vpc}
  ToOffice:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 10.9.0.0/16, TransitGatewayId: tgw-1}
  ToOther:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 10.9.0.0/16, TransitGatewayId: tgw-2}",
    passes: "\
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}
  Table:
    Type: AWS::EC2::RouteTable
    Properties: {VpcId: !Ref Vpc}
  ToOffice:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 10.9.0.0/16, TransitGatewayId: tgw-1}
  ToOther:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 10.8.0.0/16, TransitGatewayId: tgw-2}",
    docs: Some("https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html"),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&OUTSIDE, &OVERLAP, &SAME_DESTINATION], run: check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(network) = Network::new(subject) else { return };
    subnets(subject, &network, found);
    for (id, table) in &network.tables {
        let mut taken = Vec::new();
        for route in table.routes.iter().filter(|route| route.certain) {
            let Destination::Addresses(range) = route.destination else { continue };
            if let Some((_, first)) = taken.iter().find(|(other, _)| *other == range) {
                let message = format!("`{id}` has a route with this destination already, `{first}`; expected one");
                let path = format!("Resources/{}/Properties/DestinationCidrBlock", route.id);
                found.push(SAME_DESTINATION.at(path, message));
            } else {
                taken.push((range, route.id));
            }
        }
    }
}

fn subnets(subject: &Subject<'_>, network: &Network<'_>, found: &mut Vec<Diagnostic>) {
    let mut placed = Vec::new();
    for (id, properties, certain) in each(subject, "AWS::EC2::Subnet") {
        let Some((range, vpc)) = network.subnets.get(id).and_then(|subnet| Some((subnet.range?, subnet.vpc?))) else {
            continue;
        };
        let path = format!("Resources/{id}/Properties/CidrBlock");
        let shown = properties["CidrBlock"].as_str().unwrap_or("the range");
        // Another stack may have added a range to one that it knows.
        if let Some(ranges) = network.vpcs.get(vpc).filter(|vpc| !vpc.open).and_then(|vpc| vpc.ranges.as_ref())
            && !ranges.iter().any(|of_vpc| of_vpc.contains(range))
        {
            found
                .push(OUTSIDE.at(path.clone(), format!("{shown} is not within `{vpc}`; expected a part of its range")));
        }
        // Subnets under a condition may never be made together.
        if !certain {
            continue;
        }
        if let Some((other, ..)) = placed.iter().find(|(_, of, other)| *of == vpc && range.overlaps(*other)) {
            found.push(OVERLAP.at(path, format!("{shown} overlaps with `{other}`; expected addresses of its own")));
        }
        placed.push((id, vpc, range));
    }
}
