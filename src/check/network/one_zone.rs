//! F7008: a group of subnets for databases that is in one Availability Zone.

use super::model::{SUBNET, subnets};
use crate::{
    check::{
        read::{each, resource},
        subject::{Check, Subject},
    },
    diagnostic::{Diagnostic, Severity},
    json::Json,
    rule::Rule,
};

static ONE_ZONE: Rule = Rule {
    code: "F7008",
    severity: Severity::Error,
    title: "a subnet group for databases in only one Availability Zone",
    why: "\
All subnets of the group are in the same Availability Zone. RDS wants two at least, also for a
database that is in one, and refuses the group (`DBSubnetGroupDoesNotCoverEnoughAZs`).",
    fails: "\
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}
  First:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24, AvailabilityZone: !Select [0, !GetAZs '']}
  Second:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, AvailabilityZone: !Select [0, !GetAZs '']}
  Subnets:
    Type: AWS::RDS::DBSubnetGroup
    Properties:
      DBSubnetGroupDescription: Database
      SubnetIds: [!Ref First, !Ref Second]",
    passes: "\
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}
  First:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24, AvailabilityZone: !Select [0, !GetAZs '']}
  Second:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, AvailabilityZone: !Select [1, !GetAZs '']}
  Subnets:
    Type: AWS::RDS::DBSubnetGroup
    Properties:
      DBSubnetGroupDescription: Database
      SubnetIds: [!Ref First, !Ref Second]",
    docs: Some("https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html"),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&ONE_ZONE], run: check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for kind in ["AWS::RDS::DBSubnetGroup", "AWS::DocDB::DBSubnetGroup", "AWS::Neptune::DBSubnetGroup"] {
        for (id, group, _) in each(subject, kind) {
            let subnets: Option<Vec<&str>> = subnets(subject, &group["SubnetIds"]).into_iter().collect();
            let Some((first, rest)) = subnets.as_deref().and_then(<[_]>::split_first) else { continue };
            let Some(zone) = zone(subject, first) else { continue };
            let is_same = |subnet: &&str| *subnet == *first || zone_is(subject, subnet, zone);
            if rest.iter().all(is_same) {
                let message = match rest.len() {
                    0 => format!("`{first}` is the only subnet; expected some in two Availability Zones"),
                    _ => "all subnets are in one Availability Zone; expected some in two".to_owned(),
                };
                found.push(ONE_ZONE.at(format!("Resources/{id}/Properties/SubnetIds"), message));
            }
        }
    }
}

/// The zone of a subnet, as the template says it. In a Local Zone and on an Outpost one is enough.
fn zone<'a>(subject: &Subject<'a>, subnet: &str) -> Option<&'a Json> {
    let resource = resource(subject, subnet).filter(|resource| resource["Type"] == SUBNET)?;
    let properties = &resource["Properties"];
    let zone = &properties["AvailabilityZone"];
    let is_local = zone.as_str().is_some_and(|zone| zone.matches('-').count() > 2);
    (!is_local && properties["OutpostArn"].is_null() && properties["AvailabilityZoneId"].is_null()).then_some(zone)
}

/// Whether a subnet is in that zone for certain.
fn zone_is(subject: &Subject<'_>, subnet: &str, zone: &Json) -> bool {
    // Without one, EC2 takes any.
    let is_said = zone.is_string() || zone.get("Fn::Select").is_some() || zone.get("Ref").is_some();
    is_said && self::zone(subject, subnet) == Some(zone)
}
