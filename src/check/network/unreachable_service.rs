//! F7002: a function or service in a VPC that calls an AWS service to which no way leads.

use super::{
    answer::Answer,
    client::{Client, Place, clients},
    group::Side,
    model::Network,
    reach::Hop,
};
use crate::{
    check::{
        read::{Listed, each, list, named, resource},
        subject::{Check, Subject},
    },
    diagnostic::{Budget, Diagnostic, Severity},
    json::{Json, Pointer, walk},
    rule::Rule,
    template::{intrinsic::Substitution, reference::Reference},
};

static UNREACHABLE_SERVICE: Rule = Rule {
    code: "F7002",
    severity: Severity::Warning,
    title: "a function or service in a VPC without a way to an AWS service that it calls",
    why: "\
The environment of a function, or of a service's container, names a bucket, table, queue, secret or
the like, its role may use that, and from one of its subnets no packet gets to the API of that AWS
service: no route to a NAT gateway and no endpoint, or a security group or network ACL refuses it.
An internet gateway is no way out for a function: it has no public address, in no subnet. Calls
wait until the function's time is over. An endpoint that has the name of the service takes all of
its calls, also where there is a NAT gateway. It is a warning, since an endpoint may also be made
outside of the template.",
    fails: "\
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties: {GroupDescription: Functions, VpcId: !Ref Vpc}
  Letters:
    Type: AWS::SQS::Queue
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}]
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole']
      Policies:
      - PolicyName: Send
        PolicyDocument:
          Version: '2012-10-17'
          Statement: [{Effect: Allow, Action: 'sqs:SendMessage', Resource: !GetAtt Letters.Arn}]
  Send:
    Type: AWS::Lambda::Function
    Properties:
      Code: {ZipFile: 'def handler(event, context): pass'}
      Handler: index.handler
      Runtime: python3.13
      Role: !GetAtt Role.Arn
      Environment: {Variables: {QUEUE: !Ref Letters}}
      VpcConfig: {SubnetIds: [!Ref Subnet], SecurityGroupIds: [!Ref Group]}",
    passes: "\
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16, EnableDnsSupport: true, EnableDnsHostnames: true}
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties: {GroupDescription: Functions, VpcId: !Ref Vpc}
  EndpointGroup:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: Endpoint
      VpcId: !Ref Vpc
      SecurityGroupIngress:
      - {IpProtocol: tcp, FromPort: 443, ToPort: 443, SourceSecurityGroupId: !Ref Group}
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcEndpointType: Interface
      ServiceName: !Sub com.amazonaws.${AWS::Region}.sqs
      VpcId: !Ref Vpc
      SubnetIds: [!Ref Subnet]
      SecurityGroupIds: [!Ref EndpointGroup]
      PrivateDnsEnabled: true
  Letters:
    Type: AWS::SQS::Queue
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}]
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole']
      Policies:
      - PolicyName: Send
        PolicyDocument:
          Version: '2012-10-17'
          Statement: [{Effect: Allow, Action: 'sqs:SendMessage', Resource: !GetAtt Letters.Arn}]
  Send:
    Type: AWS::Lambda::Function
    Properties:
      Code: {ZipFile: 'def handler(event, context): pass'}
      Handler: index.handler
      Runtime: python3.13
      Role: !GetAtt Role.Arn
      Environment: {Variables: {QUEUE: !Ref Letters}}
      VpcConfig: {SubnetIds: [!Ref Subnet], SecurityGroupIds: [!Ref Group]}",
    docs: Some("https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc-internet.html"),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&UNREACHABLE_SERVICE], run: check };

/// A service by a type of its resources: the name of its endpoint, and that of its actions.
pub(super) struct Service {
    type_name: &'static str,
    pub(super) endpoint: &'static str,
    actions: &'static str,
}

const fn service(type_name: &'static str, endpoint: &'static str, actions: &'static str) -> Service {
    Service { type_name, endpoint, actions }
}

const SERVICES: [Service; 13] = [
    service("AWS::S3::Bucket", "s3", "s3"),
    service("AWS::DynamoDB::Table", "dynamodb", "dynamodb"),
    service("AWS::DynamoDB::GlobalTable", "dynamodb", "dynamodb"),
    service("AWS::SQS::Queue", "sqs", "sqs"),
    service("AWS::SNS::Topic", "sns", "sns"),
    service("AWS::SecretsManager::Secret", "secretsmanager", "secretsmanager"),
    service("AWS::StepFunctions::StateMachine", "states", "states"),
    service("AWS::Events::EventBus", "events", "events"),
    service("AWS::Kinesis::Stream", "kinesis-streams", "kinesis"),
    service("AWS::SSM::Parameter", "ssm", "ssm"),
    service("AWS::Lambda::Function", "lambda", "lambda"),
    service("AWS::KMS::Key", "kms", "kms"),
    service("AWS::RDS::DBCluster", "rds-data", "rds-data"),
];

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let clients = clients(subject);
    if clients.is_empty() {
        return;
    }
    let Some(network) = Network::new(subject) else { return };
    for client in &clients {
        let Place::Vpc(end, public) = &client.place else { continue };
        for (path, id, service) in calls(subject, client, &network.looks) {
            let refused = end.subnets.iter().flatten().find_map(|subnet| {
                let verdict = network.can_call(service.endpoint, end, subnet, *public);
                verdict.hop.filter(|_| verdict.answer == Answer::No).map(|hop| (subnet, hop))
            });
            if let Some((subnet, hop)) = refused {
                let message = format!(
                    "`{}` uses `{id}`, and from `{subnet}` no call reaches `{}`: {hop}; expected a way there and back",
                    client.id, service.endpoint
                );
                found.push(UNREACHABLE_SERVICE.at(path, message).help(advice(&hop, service)));
            }
        }
    }
}

/// What a client calls: resources that its environment names and its role may use; one a service, with the path.
pub(super) fn calls<'s, 'a>(
    subject: &'s Subject<'a>,
    client: &Client<'a>,
    looks: &Budget,
) -> Vec<(&'s str, &'a str, &'static Service)> {
    let (of, beginning) = &client.environment;
    let Some(role) = client.role else { return Vec::new() };
    let mut calls: Vec<(&str, &str, &Service)> = Vec::new();
    for Reference { path, to, attribute, .. } in subject.references_of(of) {
        if !looks.spend(1) {
            break;
        }
        let is_there = path.starts_with(beginning) && !path.contains("/Fn::If");
        if !is_there || (client.id != *of && !path.contains("/Environment/")) {
            continue;
        }
        let service =
            resource(subject, to).and_then(|to| SERVICES.iter().find(|service| to["Type"] == service.type_name));
        if let Some(service) = service
            // The address of a cluster is for its port.
            && (service.endpoint != "rds-data" || *attribute == Some("DBClusterArn"))
            && calls.iter().all(|(.., other)| other.endpoint != service.endpoint)
            && may_call(subject, role, service, to, looks)
        {
            calls.push((path, to, service));
        }
    }
    calls
}

/// Whether a role of the template has a statement that allows an action of the service on that resource, or on all.
fn may_call(subject: &Subject<'_>, role: &str, service: &Service, id: &str, looks: &Budget) -> bool {
    let own = resource(subject, role).and_then(|role| role["Properties"]["Policies"].as_array()).into_iter().flatten();
    let apart = each(subject, "AWS::IAM::Policy").filter(|(_, policy, _)| match list(&policy["Roles"]) {
        Listed::Known(roles) if looks.spend(1 + roles.len()) => roles.iter().any(|of| named(of) == Some((role, None))),
        _ => false,
    });
    own.chain(apart.map(|(_, policy, _)| policy)).any(|policy| {
        let statements = &policy["PolicyDocument"]["Statement"];
        let statements = statements.as_array().map_or(std::slice::from_ref(statements), Vec::as_slice);
        statements.iter().any(|statement| allows(statement, service.actions, id, looks))
    })
}

/// Whether a statement allows an action of a service on a resource of the template.
pub(in crate::check) fn allows(statement: &Json, actions: &str, id: &str, looks: &Budget) -> bool {
    let is_action = |action: &Json| {
        let service = action.as_str().and_then(|action| action.split_once(':')).map(|(service, _)| service);
        service.is_some_and(|service| service.eq_ignore_ascii_case(actions))
    };
    let some = |json: &Json, is_it: &dyn Fn(&Json) -> bool| match json {
        Json::Array(items) => items.iter().any(|item| looks.spend(1) && is_it(item)),
        one => is_it(one),
    };
    looks.spend(1)
        && statement["Effect"] == "Allow"
        && some(&statement["Action"], &is_action)
        && some(&statement["Resource"], &|resource| *resource == "*" || names(resource, id, looks))
}

/// Whether a value names a resource in some function.
fn names(json: &Json, id: &str, looks: &Budget) -> bool {
    let mut is_named = false;
    walk(json, &Pointer::at(""), &mut |inner, _| {
        // A text is looked through.
        let text = inner.get("Fn::Sub").map_or(0, |text| text.as_str().map_or(1, str::len));
        if is_named || !looks.spend(1 + text / 32) {
            return;
        }
        let substituted = inner.get("Fn::Sub").and_then(Substitution::new);
        is_named |= named(inner).is_some_and(|(name, _)| name == id)
            || substituted.is_some_and(|text| text.names().any(|name| name.split('.').next() == Some(id)));
    });
    is_named
}

/// What to add, by the hop that refuses.
fn advice(hop: &Hop<'_>, service: &Service) -> String {
    match hop {
        Hop::Groups(_, Side::Egress) => "add an egress rule for port 443".to_owned(),
        Hop::Groups(..) | Hop::Endpoint(..) => {
            "let the client's security group in at port 443 of the endpoint".to_owned()
        }
        Hop::Acl { .. } => "allow port 443 out and ports 1024 to 65535 in".to_owned(),
        Hop::NotAttached(_) => "attach the gateway to the VPC: `AWS::EC2::VPCGatewayAttachment`".to_owned(),
        _ if ["s3", "dynamodb"].contains(&service.endpoint) => {
            format!("add a gateway endpoint for `{}` to the route table, or a route to a NAT gateway", service.endpoint)
        }
        _ => format!("add an interface endpoint for `{}`, or a route to a NAT gateway", service.endpoint),
    }
}
