//! F7013, F7014 and F7015: blocks of addresses that are none or of a size that no network has, ports the wrong way round.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::{
    check::{
        read::number,
        subject::{Check, Subject},
        view::{View, each_view},
    },
    diagnostic::{Diagnostic, Severity},
    json::Json,
    rule::Rule,
};

static NO_BLOCK: Rule = Rule {
    code: "F7013",
    severity: Severity::Error,
    title: "a text that is no block of addresses",
    why: "\
A block is an address, `/` and how many of its bits are common to all: one address is
`10.0.0.1/32`, all are `0.0.0.0/0`. EC2 refuses anything else (\"CIDR block is malformed\").",
    fails: "\
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: Web
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0}]",
    passes: "\
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: Web
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}]",
    docs: Some("https://docs.aws.amazon.com/vpc/latest/userguide/vpc-ip-addressing.html"),
};

static SIZE: Rule = Rule {
    code: "F7014",
    severity: Severity::Error,
    title: "a VPC or a subnet of a size that EC2 does not make",
    why: "\
A VPC and a subnet have between 16 addresses (`/28`) and 65,536 (`/16`). EC2 refuses any other
block (`InvalidVpc.Range`, `InvalidSubnet.Range`).",
    fails: "\
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/8}",
    passes: "\
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}",
    docs: Some("https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html"),
};

static PORTS: Rule = Rule {
    code: "F7015",
    severity: Severity::Error,
    title: "a range of ports that is none",
    why: "\
The first port of a range is not after the last one, and ports of TCP and UDP are 0 to 65535. EC2
refuses the rule.",
    fails: "\
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: Web
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 8090, ToPort: 8080, CidrIp: 10.0.0.0/8}]",
    passes: "\
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: Web
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 8080, ToPort: 8090, CidrIp: 10.0.0.0/8}]",
    docs: Some("https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html"),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&NO_BLOCK, &SIZE, &PORTS], run: check };

/// Types with properties that are blocks of addresses.
const BLOCKS: [(&str, &[&str]); 11] = [
    ("AWS::EC2::ClientVpnAuthorizationRule", &["TargetNetworkCidr"]),
    ("AWS::EC2::ClientVpnEndpoint", &["ClientCidrBlock"]),
    ("AWS::EC2::ClientVpnRoute", &["DestinationCidrBlock"]),
    ("AWS::EC2::NetworkAclEntry", &["CidrBlock", "Ipv6CidrBlock"]),
    ("AWS::EC2::Route", &["DestinationCidrBlock", "DestinationIpv6CidrBlock"]),
    ("AWS::EC2::SecurityGroupEgress", &["CidrIp", "CidrIpv6"]),
    ("AWS::EC2::SecurityGroupIngress", &["CidrIp", "CidrIpv6"]),
    ("AWS::EC2::Subnet", &["CidrBlock", "Ipv6CidrBlock"]),
    ("AWS::EC2::TransitGatewayRoute", &["DestinationCidrBlock"]),
    ("AWS::EC2::VPC", &["CidrBlock"]),
    ("AWS::EC2::VPCCidrBlock", &["CidrBlock"]),
];

/// The types whose blocks have a size.
const SIZED: [&str; 3] = ["AWS::EC2::Subnet", "AWS::EC2::VPC", "AWS::EC2::VPCCidrBlock"];

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for (kind, names) in BLOCKS {
        each_view(subject, &[kind], found, &mut |view, found| {
            for name in names {
                let Some(text) = view.text(name) else { continue };
                found.extend(block(name, &text, view.at(name)));
                if SIZED.contains(&kind) && *name == "CidrBlock" {
                    found.extend(size(&text, view.at(name)));
                }
            }
        });
    }
    each_view(subject, &["AWS::EC2::SecurityGroup"], found, &mut |view, found| {
        for list in ["SecurityGroupIngress", "SecurityGroupEgress"] {
            for (position, rule) in view.elements(list).unwrap_or_default().into_iter().enumerate() {
                let at = format!("{}/{position}", view.at(list));
                of_rule(view, rule, &at, found);
            }
        }
    });
    each_view(
        subject,
        &["AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress"],
        found,
        &mut |view, found| {
            let port = |name| view.number(name).map(|port| port as i64);
            let protocol = view.text("IpProtocol");
            found.extend(ports(protocol.as_deref(), port("FromPort"), port("ToPort"), view.at("FromPort")));
        },
    );
    each_view(subject, &["AWS::EC2::NetworkAclEntry"], found, &mut |view, found| {
        let port = |name| view.number(name).map(|port| port as i64);
        let protocol = view.text("Protocol");
        let (first, last) = (port("PortRange.From"), port("PortRange.To"));
        found.extend(ports(protocol.as_deref(), first, last, view.at("PortRange.From")));
    });
}

/// A rule that stands in a security group.
fn of_rule<'a>(view: &View<'a, '_>, rule: &'a Json, at: &str, found: &mut Vec<Diagnostic>) {
    for name in ["CidrIp", "CidrIpv6"] {
        if let Some(text) = view.text_of(rule, name) {
            found.extend(block(name, &text, format!("{at}/{name}")));
        }
    }
    let port = |name| rule.get(name).and_then(number);
    let protocol = rule.get("IpProtocol").and_then(|protocol| match protocol {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    });
    found.extend(ports(protocol.as_deref(), port("FromPort"), port("ToPort"), format!("{at}/FromPort")));
}

fn block(name: &str, text: &str, at: String) -> Option<Diagnostic> {
    let is_of_six = name.contains("v6");
    let parts = text.trim().split_once('/');
    let is_block = parts.is_some_and(|(address, bits)| {
        let bits = bits.parse::<u8>().ok();
        match is_of_six {
            true => address.parse::<Ipv6Addr>().is_ok() && bits.is_some_and(|bits| bits <= 128),
            // Some properties take blocks of both.
            false => {
                address.parse::<Ipv4Addr>().is_ok() && bits.is_some_and(|bits| bits <= 32)
                    || name == "DestinationCidrBlock" && address.parse::<Ipv6Addr>().is_ok()
            }
        }
    });
    let example = if is_of_six { "::/0" } else { "10.0.0.0/16" };
    let message = || format!("`{name}` is \"{text}\"; expected a block of addresses, as `{example}`");
    (!is_block).then(|| NO_BLOCK.at(at, message()))
}

fn size(text: &str, at: String) -> Option<Diagnostic> {
    let (_, bits) = text.split_once('/')?;
    let bits = bits.parse::<u8>().ok().filter(|bits| *bits <= 32)?;
    let message = || format!("the block is a `/{bits}`; expected `/16` to `/28`");
    (!(16..=28).contains(&bits)).then(|| SIZE.at(at, message()))
}

fn ports(protocol: Option<&str>, first: Option<i64>, last: Option<i64>, at: String) -> Option<Diagnostic> {
    let has_ports = ["tcp", "udp", "6", "17"].contains(&protocol?.to_ascii_lowercase().as_str());
    let (first, last) = (first?, last?);
    // That -1 stands for all is another rule.
    let is_range = first <= last && (0..=65_535).contains(&first) && (0..=65_535).contains(&last);
    let message = || format!("the range of ports is {first} to {last}; expected two of 0 to 65535, the smaller first");
    (has_ports && !is_range && first != -1 && last != -1).then(|| PORTS.at(at, message()))
}
