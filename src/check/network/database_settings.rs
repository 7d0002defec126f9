//! E3707 and F7010: a database that does not fit its cluster, or its security group.

use super::{
    database::{Database, KINDS},
    group::{Side, groups, member},
    model::{MOST_LOOKS, Outside, is_too_large},
};
use crate::{
    check::{
        read::{Listed, each, is_incomplete, list, named},
        subject::{Check, Subject},
    },
    diagnostic::{Budget, Diagnostic, Severity},
    rule::Rule,
};

static OTHER_ENGINE: Rule = Rule {
    code: "E3707",
    severity: Severity::Error,
    title: "a database instance of another engine than its cluster",
    why: "\
`Engine` of the instance is not that of the cluster that it belongs to. RDS refuses the instance
(`InvalidParameterCombination`), and the stack is rolled back.",
    fails: "\
Resources:
  Cluster:
    Type: AWS::RDS::DBCluster
    Properties: {Engine: aurora-mysql, MasterUsername: admin, ManageMasterUserPassword: true}
  Instance:
    Type: AWS::RDS::DBInstance
    Properties: {DBClusterIdentifier: !Ref Cluster, Engine: aurora-postgresql, DBInstanceClass: db.serverless}",
    passes: "\
Resources:
  Cluster:
    Type: AWS::RDS::DBCluster
    Properties: {Engine: aurora-mysql, MasterUsername: admin, ManageMasterUserPassword: true}
  Instance:
    Type: AWS::RDS::DBInstance
    Properties: {DBClusterIdentifier: !Ref Cluster, Engine: aurora-mysql, DBInstanceClass: db.serverless}",
    docs: Some(
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html",
    ),
};

static OTHER_PORT: Rule = Rule {
    code: "F7010",
    severity: Severity::Warning,
    title: "a database whose security group lets in another port than its own",
    why: "\
The security group lets somebody in, but nobody at the port at which the database listens, so that
nobody can connect. Often the port is that of another engine: MySQL has 3306, PostgreSQL 5432.",
    fails: "\
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: Database
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 3306, ToPort: 3306, CidrIp: 10.0.0.0/16}]
  Database:
    Type: AWS::RDS::DBInstance
    Properties:
      AllocatedStorage: '20'
      DBInstanceClass: db.t4g.micro
      Engine: postgres
      ManageMasterUserPassword: true
      MasterUsername: master
      VPCSecurityGroups: [!GetAtt Group.GroupId]",
    passes: "\
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: Database
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 5432, ToPort: 5432, CidrIp: 10.0.0.0/16}]
  Database:
    Type: AWS::RDS::DBInstance
    Properties:
      AllocatedStorage: '20'
      DBInstanceClass: db.t4g.micro
      Engine: postgres
      ManageMasterUserPassword: true
      MasterUsername: master
      VPCSecurityGroups: [!GetAtt Group.GroupId]",
    docs: Some("https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.RDSSecurityGroups.html"),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&OTHER_ENGINE, &OTHER_PORT], run: check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    engines(subject, found);
    if !is_incomplete(subject.template) {
        ports(subject, found);
    }
}

fn engines(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for (id, instance, _) in each(subject, "AWS::RDS::DBInstance") {
        let cluster = named(&instance["DBClusterIdentifier"]).and_then(|(cluster, _)| Database::find(subject, cluster));
        let Some(cluster) = cluster.filter(|cluster| cluster.kind.type_name == "AWS::RDS::DBCluster") else { continue };
        if let (Some(own), Some(wanted)) = (instance["Engine"].as_str(), cluster.properties["Engine"].as_str())
            && !own.eq_ignore_ascii_case(wanted)
        {
            let message = format!("the engine is `{own}`, that of `{}` `{wanted}`; expected the same", cluster.id);
            found.push(OTHER_ENGINE.at(format!("Resources/{id}/Properties/Engine"), message));
        }
    }
}

fn ports(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    if is_too_large(subject) {
        return;
    }
    let looks = Budget::new(MOST_LOOKS);
    let outside = Outside::new(subject);
    let groups = groups(subject, &|id| outside.has(id));
    for kind in &KINDS {
        for (id, ..) in each(subject, kind.type_name) {
            let Some(database) = Database::find(subject, id) else { continue };
            let port = database.port();
            let (Some(number), Listed::Known(members)) = (port.number, list(database.property(kind.groups))) else {
                continue;
            };
            let members: Vec<_> = members.iter().map(|group| member(subject, group)).collect();
            let others = |member| {
                groups.get(member).filter(|group| looks.spend(group.len().pow(2)))?.other_ports(Side::Ingress, port)
            };
            let others: Option<Vec<String>> = members.iter().map(others).collect();
            let Some(others) = others.map(|others| others.concat()).filter(|others| !others.is_empty()) else {
                continue;
            };
            let message = format!(
                "`{id}` listens at port {number}, and its security group lets in {others} only; expected its port"
            );
            let path = format!("Resources/{id}/Properties/{}", kind.groups);
            found.push(
                OTHER_PORT.at(path, message).help(format!("let in port {number}, or set the port of the database")),
            );
        }
    }
}
