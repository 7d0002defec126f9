//! F7009: a gateway endpoint that no route table has.

use crate::{
    check::{
        read::{Listed, each, list},
        subject::{Check, Subject},
    },
    diagnostic::{Diagnostic, Severity},
    rule::Rule,
};

static ENDPOINT_WITHOUT_ROUTE: Rule = Rule {
    code: "F7009",
    severity: Severity::Warning,
    title: "a gateway endpoint without a route table",
    why: "\
A gateway endpoint, which is what an endpoint is whose type is not said, is a route to S3 or
DynamoDB in the tables of `RouteTableIds`. Without one it is made, and nothing goes through it.",
    fails: "\
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties: {VpcId: !Ref Vpc, ServiceName: !Sub 'com.amazonaws.${AWS::Region}.s3'}",
    passes: "\
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}
  Table:
    Type: AWS::EC2::RouteTable
    Properties: {VpcId: !Ref Vpc}
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !Ref Vpc
      ServiceName: !Sub 'com.amazonaws.${AWS::Region}.s3'
      RouteTableIds: [!Ref Table]",
    docs: Some("https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html"),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&ENDPOINT_WITHOUT_ROUTE], run: check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for (id, endpoint, _) in each(subject, "AWS::EC2::VPCEndpoint") {
        let kind = &endpoint["VpcEndpointType"];
        let is_empty = matches!(list(&endpoint["RouteTableIds"]), Listed::Absent | Listed::Known([]));
        if is_empty && (kind.is_null() || kind == "Gateway") {
            let message = "the gateway endpoint is in no route table; expected those of the subnets that use it";
            found.push(
                ENDPOINT_WITHOUT_ROUTE.at(format!("Resources/{id}/Properties"), message).help("add `RouteTableIds`"),
            );
        }
    }
}
