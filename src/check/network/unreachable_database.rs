//! F7001: a function or service that cannot connect to the database whose address it is given.

use super::{
    answer::Answer,
    client::{Client, Place, clients},
    database::{Database, Port},
    group::{Member, Side},
    model::{Network, members, subnets},
    reach::{End, Hop},
};
use crate::{
    check::{
        read::{Listed, boolean, each, list, named, resource},
        subject::{Check, Subject},
    },
    diagnostic::{Budget, Diagnostic, Severity},
    json::Json,
    rule::Rule,
};

static UNREACHABLE_DATABASE: Rule = Rule {
    code: "F7001",
    severity: Severity::Error,
    title: "a function, service or proxy that cannot connect to its database",
    why: "\
The environment of a function, or of a service's container, has the address of a database, cache or
proxy of the template, or a proxy has it as a target, but no packet gets there and back: a security
group does not let it out or in, a network ACL refuses it or the answer, the two are in different
VPCs, or the function is in none while the database has no public address. Every connection times
out. Where a rule, route or subnet is not known from the template, or may come from another stack,
nothing is said.",
    fails: "\
Parameters:
  Subnet: {Type: 'AWS::EC2::Subnet::Id'}
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}
  FunctionGroup:
    Type: AWS::EC2::SecurityGroup
    Properties: {GroupDescription: Functions, VpcId: !Ref Vpc}
  AdminGroup:
    Type: AWS::EC2::SecurityGroup
    Properties: {GroupDescription: Administrators, VpcId: !Ref Vpc}
  CacheGroup:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: Cache
      VpcId: !Ref Vpc
      SecurityGroupIngress:
      - {IpProtocol: tcp, FromPort: 6379, ToPort: 6380, SourceSecurityGroupId: !Ref AdminGroup}
  Cache:
    Type: AWS::ElastiCache::ServerlessCache
    Properties:
      Engine: valkey
      ServerlessCacheName: cache
      SecurityGroupIds: [!Ref CacheGroup]
      SubnetIds: [!Ref Subnet]
  Render:
    Type: AWS::Lambda::Function
    Properties:
      Code: {ZipFile: 'def handler(event, context): pass'}
      Handler: index.handler
      Runtime: python3.13
      Role: arn:aws:iam::123456789012:role/Render
      Environment: {Variables: {CACHE: !GetAtt Cache.Endpoint.Address}}
      VpcConfig: {SubnetIds: [!Ref Subnet], SecurityGroupIds: [!Ref FunctionGroup]}",
    passes: "\
Parameters:
  Subnet: {Type: 'AWS::EC2::Subnet::Id'}
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}
  FunctionGroup:
    Type: AWS::EC2::SecurityGroup
    Properties: {GroupDescription: Functions, VpcId: !Ref Vpc}
  AdminGroup:
    Type: AWS::EC2::SecurityGroup
    Properties: {GroupDescription: Administrators, VpcId: !Ref Vpc}
  CacheGroup:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: Cache
      VpcId: !Ref Vpc
      SecurityGroupIngress:
      - {IpProtocol: tcp, FromPort: 6379, ToPort: 6380, SourceSecurityGroupId: !Ref FunctionGroup}
  Cache:
    Type: AWS::ElastiCache::ServerlessCache
    Properties:
      Engine: valkey
      ServerlessCacheName: cache
      SecurityGroupIds: [!Ref CacheGroup]
      SubnetIds: [!Ref Subnet]
  Render:
    Type: AWS::Lambda::Function
    Properties:
      Code: {ZipFile: 'def handler(event, context): pass'}
      Handler: index.handler
      Runtime: python3.13
      Role: arn:aws:iam::123456789012:role/Render
      Environment: {Variables: {CACHE: !GetAtt Cache.Endpoint.Address}}
      VpcConfig: {SubnetIds: [!Ref Subnet], SecurityGroupIds: [!Ref FunctionGroup]}",
    docs: Some("https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html"),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&UNREACHABLE_DATABASE], run: check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let clients = clients(subject);
    let proxies: Vec<_> = each(subject, "AWS::RDS::DBProxyTargetGroup").collect();
    if clients.is_empty() && proxies.is_empty() {
        return;
    }
    let Some(network) = Network::new(subject) else { return };
    for client in &clients {
        for (path, database) in databases(subject, client, &network.looks) {
            let fault = match &client.place {
                Place::Unknown => None,
                Place::NoVpc => outside(subject, &network, database),
                Place::Vpc(from, _) => refused(subject, &network, from, database),
            };
            if let Some((why, help)) = fault {
                let (id, database) = (client.id, database.id);
                let message = format!("`{id}` has the address of `{database}` and cannot connect to {why}");
                found.push(UNREACHABLE_DATABASE.at(path, message).help(help));
            }
        }
    }
    for (id, group, _) in proxies {
        let proxy = named(&group["DBProxyName"]).and_then(|(proxy, _)| Database::find(subject, proxy));
        let Some(proxy) = proxy.filter(|proxy| proxy.kind.type_name == "AWS::RDS::DBProxy") else { continue };
        let from = end(subject, &network, proxy);
        for property in ["DBClusterIdentifiers", "DBInstanceIdentifiers"] {
            let Listed::Known(targets) = list(&group[property]) else { continue };
            for (position, target) in targets.iter().enumerate() {
                let target = named(target).and_then(|(target, _)| Database::find(subject, target));
                let Some(target) = target else { continue };
                if let Some((why, help)) = refused(subject, &network, &from, target) {
                    let path = format!("Resources/{id}/Properties/{property}/{position}");
                    let message = format!("`{}` is a proxy of `{}` and cannot connect to {why}", proxy.id, target.id);
                    found.push(UNREACHABLE_DATABASE.at(path, message).help(help));
                }
            }
        }
    }
}

/// The databases whose address the environment of a client has for certain, each with its first place there.
pub(super) fn databases<'s, 'a>(
    subject: &'s Subject<'a>,
    client: &Client<'a>,
    looks: &Budget,
) -> Vec<(&'s str, Database<'a>)> {
    let (of, beginning) = &client.environment;
    let mut databases: Vec<(&str, Database<'a>)> = Vec::new();
    for reference in subject.references_of(of) {
        if !looks.spend(1 + databases.len()) {
            break;
        }
        let named = reference.path.starts_with(beginning)
            && (client.id == *of || reference.path.contains("/Environment/"))
            && !reference.path.contains("/Fn::If");
        if let Some(database) =
            reference.attribute.filter(|_| named).and_then(|name| Database::at(subject, reference.to, name))
            && databases.iter().all(|(_, other)| other.id != database.id)
        {
            databases.push((&reference.path, database));
        }
    }
    databases
}

/// Why a client in a VPC cannot connect to a database, and what to do.
fn refused<'a>(
    subject: &Subject<'a>,
    network: &Network<'a>,
    from: &End<'a>,
    database: Database<'a>,
) -> Option<(String, String)> {
    if !network.looks.spend(1) {
        return None;
    }
    let port = database.port();
    let verdict = network.can(from, &end(subject, network, holder(subject, database)), port);
    let hop = verdict.hop.filter(|_| verdict.answer == Answer::No)?;
    Some((format!("{port}: {hop}; expected a way there and back"), advice(&hop, port)))
}

/// The same for a client in no VPC.
fn outside<'a>(subject: &Subject<'a>, network: &Network<'a>, database: Database<'a>) -> Option<(String, String)> {
    let is_asked = network.looks.spend(1 + subject.of_type("AWS::RDS::DBInstance").len());
    (is_asked && is_private(subject, network, holder(subject, database))).then(|| {
        let why = format!(
            "{}: it is in no VPC, and `{}` has no public address; expected both in one VPC",
            database.port(),
            database.id
        );
        (why, "give the function a `VpcConfig` with subnets and a security group of the database's VPC".to_owned())
    })
}

/// The resource that has the network of a database: the cluster, of an instance in one.
pub(super) fn holder<'a>(subject: &Subject<'a>, database: Database<'a>) -> Database<'a> {
    let cluster = named(&database.properties["DBClusterIdentifier"]);
    cluster.and_then(|(id, _)| Database::find(subject, id)).unwrap_or(database)
}

/// Where a database is.
pub(super) fn end<'a>(subject: &Subject<'a>, network: &Network<'a>, database: Database<'a>) -> End<'a> {
    let named_there = database.property(database.kind.subnets);
    let ids = match database.kind.subnet_group {
        None => subnets(subject, named_there),
        Some((kind, property)) => named(named_there)
            .and_then(|(id, _)| resource(subject, id))
            .filter(|group| group["Type"] == kind)
            .map_or_else(|| vec![None], |group| subnets(subject, &group["Properties"][property])),
    };
    let vpc = ids.iter().find_map(|id| network.subnets.get((*id)?)?.vpc);
    let copied = ["SnapshotIdentifier", "DBSnapshotIdentifier", "SourceDBInstanceIdentifier"]
        .iter()
        .any(|name| !database.properties[name].is_null());
    let groups = match members(subject, database.property(database.kind.groups), vpc) {
        groups if copied && groups.iter().any(|group| matches!(group, Member::DefaultOf(_))) => vec![Member::Unknown],
        groups => groups,
    };
    network.looks.spend(ids.len() + groups.len());
    End { subnets: ids, groups }
}

/// Whether a database has no public address for certain.
fn is_private<'a>(subject: &Subject<'a>, network: &Network<'a>, database: Database<'a>) -> bool {
    let isolated = |database: Database<'a>| {
        end(subject, network, database).subnets.iter().all(|id| {
            let vpc = id.and_then(|id| network.subnets.get(id)?.vpc).and_then(|vpc| network.vpcs.get(vpc));
            vpc.is_some_and(|vpc| !vpc.open && vpc.gateways.values().all(|attached| *attached == Answer::No))
        })
    };
    match database.kind.type_name {
        "AWS::RDS::DBCluster" => {
            let instances: Vec<_> = each(subject, "AWS::RDS::DBInstance")
                .filter(|(_, instance, _)| {
                    named(&instance["DBClusterIdentifier"]).is_none_or(|(id, _)| id == database.id)
                })
                .collect();
            let private = |(_, instance, _): &(_, &Json, _)| boolean(&instance["PubliclyAccessible"]) == Some(false);
            (!instances.is_empty() && instances.iter().all(private)) || isolated(database)
        }
        "AWS::RDS::DBInstance" | "AWS::Redshift::Cluster" => {
            boolean(&database.properties["PubliclyAccessible"]) == Some(false) || isolated(database)
        }
        "AWS::OpenSearchService::Domain" => database.properties["VPCOptions"]["SubnetIds"].is_array(),
        "AWS::DocDB::DBCluster" | "AWS::Neptune::DBCluster" => isolated(database),
        _ => true,
    }
}

/// What to add, by the hop that refuses.
fn advice(hop: &Hop<'_>, port: Port<'_>) -> String {
    match hop {
        Hop::Groups(_, Side::Ingress) => format!("add an ingress rule for {port} from the client's security group"),
        Hop::Groups(_, Side::Egress) => format!("add an egress rule for {port} to the database's security group"),
        Hop::Acl { answer: true, .. } => "allow ports 1024 to 65535 back: an ACL knows no connections".to_owned(),
        Hop::Acl { .. } => format!("allow {port} in the ACL, before the rule that denies it"),
        _ => "put both into one VPC, or peer the two with a route each way".to_owned(),
    }
}
