//! F7003, F7004 and F7005: gateways that lead nowhere, or are not there yet.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    answer::Answer,
    model::{Network, TableOf, Target, VPC},
    reach::Hop,
};
use crate::{
    check::{
        read::{each, id_of},
        subject::{Check, Subject},
        waits::Waits,
    },
    diagnostic::{Diagnostic, Severity},
    rule::Rule,
};

static NAT_WITHOUT_INTERNET: Rule = Rule {
    code: "F7003",
    severity: Severity::Warning,
    title: "a NAT gateway in a subnet without a route to an internet gateway",
    why: "\
A public NAT gateway sends what it gets to the internet by the routes of the subnet that it is in.
Without a default route to an internet gateway there, and also where that leads to a NAT gateway,
it is made, costs money, and lets nothing through.",
    fails: "\
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}
  Internet:
    Type: AWS::EC2::InternetGateway
  Attachment:
    Type: AWS::EC2::VPCGatewayAttachment
    Properties: {VpcId: !Ref Vpc, InternetGatewayId: !Ref Internet}
  Address:
    Type: AWS::EC2::EIP
    DependsOn: Attachment
    Properties: {Domain: vpc}
  Nat:
    Type: AWS::EC2::NatGateway
    Properties: {SubnetId: !Ref Subnet, AllocationId: !GetAtt Address.AllocationId}",
    passes: "\
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}
  Internet:
    Type: AWS::EC2::InternetGateway
  Attachment:
    Type: AWS::EC2::VPCGatewayAttachment
    Properties: {VpcId: !Ref Vpc, InternetGatewayId: !Ref Internet}
  Table:
    Type: AWS::EC2::RouteTable
    Properties: {VpcId: !Ref Vpc}
  Route:
    Type: AWS::EC2::Route
    DependsOn: Attachment
    Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Internet}
  Association:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {RouteTableId: !Ref Table, SubnetId: !Ref Subnet}
  Address:
    Type: AWS::EC2::EIP
    DependsOn: Attachment
    Properties: {Domain: vpc}
  Nat:
    Type: AWS::EC2::NatGateway
    Properties: {SubnetId: !Ref Subnet, AllocationId: !GetAtt Address.AllocationId}",
    docs: Some("https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html"),
};

static NOT_ATTACHED: Rule = Rule {
    code: "F7004",
    severity: Severity::Error,
    title: "a route to an internet gateway that is not attached to the VPC",
    why: "\
The route leads to an internet gateway of the template that nothing attaches to the VPC of the
route table. EC2 refuses the route (\"route table and network gateway belong to different
networks\"), and the stack is rolled back.",
    fails: "\
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}
  Internet:
    Type: AWS::EC2::InternetGateway
  Table:
    Type: AWS::EC2::RouteTable
    Properties: {VpcId: !Ref Vpc}
  Route:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Internet}",
    passes: ROUTE,
    docs: Some("https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html"),
};

const ROUTE: &str = "\
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}
  Internet:
    Type: AWS::EC2::InternetGateway
  Attachment:
    Type: AWS::EC2::VPCGatewayAttachment
    Properties: {VpcId: !Ref Vpc, InternetGatewayId: !Ref Internet}
  Table:
    Type: AWS::EC2::RouteTable
    Properties: {VpcId: !Ref Vpc}
  Route:
    Type: AWS::EC2::Route
    DependsOn: Attachment
    Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Internet}";

static NOT_YET_ATTACHED: Rule = Rule {
    code: "F7005",
    severity: Severity::Warning,
    title: "a route that does not wait for the internet gateway to be attached",
    why: "\
A route to an internet gateway can be made only once the gateway is attached to the VPC, and the
route does not refer to the attachment. CloudFormation makes both at the same time then, and which
is first is chance. `DependsOn` on the attachment, of the route itself or of something that it
refers to, makes it wait.",
    fails: "\
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}
  Internet:
    Type: AWS::EC2::InternetGateway
  Attachment:
    Type: AWS::EC2::VPCGatewayAttachment
    Properties: {VpcId: !Ref Vpc, InternetGatewayId: !Ref Internet}
  Table:
    Type: AWS::EC2::RouteTable
    Properties: {VpcId: !Ref Vpc}
  Route:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Internet}",
    passes: ROUTE,
    docs: Some(
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-dependson.html#gatewayattachment",
    ),
};

pub(in crate::check) static CHECK: Check =
    Check { rules: &[&NAT_WITHOUT_INTERNET, &NOT_ATTACHED, &NOT_YET_ATTACHED], run: check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    if each(subject, "AWS::EC2::InternetGateway").next().is_none()
        && each(subject, "AWS::EC2::NatGateway").next().is_none()
    {
        return;
    }
    let Some(network) = Network::new(subject) else { return };
    // By VPC, each with whether it is the only one.
    let mut attachments: BTreeMap<&str, (&str, bool)> = BTreeMap::new();
    let attached = each(subject, "AWS::EC2::VPCGatewayAttachment")
        .filter(|(_, attachment, certain)| *certain && !attachment["InternetGatewayId"].is_null())
        .filter_map(|(id, attachment, _)| Some((id_of(subject, &attachment["VpcId"], VPC)?, id)));
    for (vpc, id) in attached {
        attachments.entry(vpc).and_modify(|(_, is_only)| *is_only = false).or_insert((id, true));
    }
    let waits = Waits::new(subject);
    let mut seen = BTreeSet::new();
    for table in network.tables.values() {
        let Some((vpc_id, vpc)) = table.vpc.and_then(|vpc| network.vpcs.get_key_value(vpc)) else { continue };
        for route in &table.routes {
            let Target::Internet(gateway) = route.target else { continue };
            if !seen.insert(route.id) || !route.certain {
                continue;
            }
            if vpc.gateways.get(gateway) == Some(&Answer::No) {
                let message = format!(
                    "the route leads to `{gateway}`, which is not attached to `{vpc_id}`; expected it attached"
                );
                let help = format!("add an `AWS::EC2::VPCGatewayAttachment` of `{gateway}` to `{vpc_id}`");
                found.push(NOT_ATTACHED.at(format!("Resources/{}/Properties/GatewayId", route.id), message).help(help));
                continue;
            }
            if let Some((attachment, true)) = attachments.get(vpc_id)
                && waits.of(route.id).is_some_and(|waits| !waits.contains(attachment))
            {
                let message = format!(
                    "`{}` does not wait for `{attachment}`, which attaches the internet gateway; expected it to",
                    route.id
                );
                let help = format!("add `DependsOn: {attachment}`");
                found.push(NOT_YET_ATTACHED.at(format!("Resources/{}", route.id), message).help(help));
            }
        }
    }
    for (id, nat) in network.nats.iter().filter(|(_, nat)| nat.public) {
        let Some(subnet) = nat.subnet.and_then(|subnet| network.subnets.get(subnet)) else { continue };
        let path = format!("Resources/{id}/Properties/SubnetId");
        let verdict = network.nat_to_internet(subnet);
        let why = match verdict.hop.filter(|_| verdict.answer == Answer::No) {
            Some(Hop::Nat(other)) => Some(format!("whose default route leads to the NAT gateway `{other}`")),
            Some(Hop::NoRoute(_, TableOf::Of(table))) => {
                Some(format!("whose route table `{table}` has no default route"))
            }
            Some(Hop::NoRoute(..)) => Some("which has no route table of its own, and so no default route".to_owned()),
            _ => None,
        };
        if let Some(why) = why {
            let message = format!("`{id}` is in `{}`, {why}; expected one to an internet gateway", subnet.id);
            found.push(NAT_WITHOUT_INTERNET.at(path, message).help("put it into a public subnet"));
        }
    }
}
