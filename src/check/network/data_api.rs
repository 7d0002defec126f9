//! F7011 and F7012: calls of the Data API of a cluster that has none.

use super::{
    model::{MOST_LOOKS, Outside},
    unreachable_service::allows,
};
use crate::{
    check::{
        read::{boolean, named, resource},
        subject::{Check, Subject},
    },
    diagnostic::{Budget, Diagnostic, Severity},
    json::{Json, Pointer, walk},
    rule::Rule,
    template::machine::{Definition, StateMachine},
};

static DATA_API_IS_OFF: Rule = Rule {
    code: "F7011",
    severity: Severity::Error,
    title: "a task that calls the Data API of a cluster where it is off",
    why: "\
A state machine calls the Data API of a cluster whose `EnableHttpEndpoint` is not true, or whose
engine has no Data API: it is one of Aurora alone, and not of Aurora MySQL 2. Each call fails
(`HttpEndpointNotEnabledException`).",
    fails: "\
Resources:
  Database:
    Type: AWS::RDS::DBCluster
    Properties: {Engine: aurora-mysql, MasterUsername: admin, ManageMasterUserPassword: true}
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::123456789012:role/Machine
      Definition:
        StartAt: Ask
        States:
          Ask:
            Type: Task
            Resource: arn:aws:states:::aws-sdk:rdsdata:executeStatement
            Parameters:
              ResourceArn: !GetAtt Database.DBClusterArn
              SecretArn: !GetAtt Database.MasterUserSecret.SecretArn
              Sql: select 1
            End: true",
    passes: "\
Resources:
  Database:
    Type: AWS::RDS::DBCluster
    Properties:
      Engine: aurora-mysql
      EnableHttpEndpoint: true
      MasterUsername: admin
      ManageMasterUserPassword: true
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::123456789012:role/Machine
      Definition:
        StartAt: Ask
        States:
          Ask:
            Type: Task
            Resource: arn:aws:states:::aws-sdk:rdsdata:executeStatement
            Parameters:
              ResourceArn: !GetAtt Database.DBClusterArn
              SecretArn: !GetAtt Database.MasterUserSecret.SecretArn
              Sql: select 1
            End: true",
    docs: Some("https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.html"),
};

static DATA_API_IS_ALLOWED: Rule = Rule {
    code: "F7012",
    severity: Severity::Warning,
    title: "a policy for the Data API of a cluster where it is off",
    why: "\
A statement allows calls of the Data API of a cluster whose `EnableHttpEndpoint` is not true, or
whose engine has none, so that each such call fails (`HttpEndpointNotEnabledException`). It is a
warning, since a policy calls nothing.",
    fails: "\
Resources:
  Database:
    Type: AWS::RDS::DBCluster
    Properties: {Engine: aurora-mysql, MasterUsername: admin, ManageMasterUserPassword: true}
  Ask:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
        - {Effect: Allow, Action: 'rds-data:ExecuteStatement', Resource: !GetAtt Database.DBClusterArn}",
    passes: "\
Resources:
  Database:
    Type: AWS::RDS::DBCluster
    Properties:
      Engine: aurora-mysql
      EnableHttpEndpoint: true
      MasterUsername: admin
      ManageMasterUserPassword: true
  Ask:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
        - {Effect: Allow, Action: 'rds-data:ExecuteStatement', Resource: !GetAtt Database.DBClusterArn}",
    docs: Some("https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.html"),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&DATA_API_IS_OFF, &DATA_API_IS_ALLOWED], run: check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let looks = Budget::new(MOST_LOOKS);
    let outside = Outside::new(subject);
    let off: Vec<(&str, &str)> = subject
        .template
        .section("Resources")
        .filter(|(_, resource)| resource["Type"] == "AWS::RDS::DBCluster")
        // A custom resource may turn it on.
        .filter(|(id, _)| !outside.gives(id))
        .filter_map(|(id, resource)| Some((id, why_off(&resource["Properties"])?)))
        .collect();
    if off.is_empty() {
        return;
    }
    for machine in &subject.machines {
        if let Ok(definition) = &machine.definition {
            tasks(subject, machine, definition, &off, found);
        }
    }
    for (id, resource) in subject.template.section("Resources") {
        if !resource["Type"].as_str().is_some_and(|kind| kind.starts_with("AWS::IAM::")) {
            continue;
        }
        let properties = format!("Resources/{id}/Properties");
        walk(&resource["Properties"], &Pointer::at(&properties), &mut |json, at| {
            if json["Effect"] != "Allow" {
                return;
            }
            let mut clusters = off.iter().take_while(|_| looks.spend(1));
            let cluster =
                clusters.find(|(cluster, _)| json["Resource"] != "*" && allows(json, "rds-data", cluster, &looks));
            if let Some((cluster, why)) = cluster {
                let message = format!("the policy allows calls of the Data API of `{cluster}`, {why}");
                found.push(DATA_API_IS_ALLOWED.at(at.to_string(), message).help(TURN_ON));
            }
        });
    }
}

const TURN_ON: &str = "set `EnableHttpEndpoint: true` on the cluster, with an engine that has the Data API";

/// Why a cluster has no Data API for certain, and what was expected.
fn why_off(cluster: &Json) -> Option<&'static str> {
    let engine = cluster["Engine"].as_str()?;
    let is_copy = ["SnapshotIdentifier", "SourceDBClusterIdentifier", "GlobalClusterIdentifier"];
    match &cluster["EnableHttpEndpoint"] {
        _ if !engine.starts_with("aurora") => Some("whose engine is not Aurora; expected one with a Data API"),
        Json::Null if is_copy.iter().all(|name| cluster[name].is_null()) => {
            Some("whose `EnableHttpEndpoint` is not set; expected it to be true")
        }
        on if boolean(on) == Some(false) => Some("whose `EnableHttpEndpoint` is false; expected it to be true"),
        _ if engine == "aurora-mysql"
            && cluster["EngineMode"] != "serverless"
            && cluster["EngineVersion"].as_str().is_some_and(|version| version.starts_with("5.7.")) =>
        {
            Some("whose engine is Aurora MySQL 2, which has none; expected Aurora MySQL 3.07 or later")
        }
        _ => None,
    }
}

fn tasks(
    subject: &Subject<'_>,
    machine: &StateMachine<'_>,
    definition: &Definition<'_>,
    off: &[(&str, &str)],
    found: &mut Vec<Diagnostic>,
) {
    walk(&definition.json, &Pointer::at(""), &mut |json, at| {
        let is_call = json["Resource"].as_str().is_some_and(|resource| resource.contains(":aws-sdk:rdsdata:"));
        if !is_call {
            return;
        }
        let given = ["Parameters", "Arguments"].iter().find_map(|field| json[field]["ResourceArn"].as_str());
        let Some(token) = given.and_then(|text| text.strip_prefix("${")?.strip_suffix('}')) else { return };
        let read = definition
            .opaque
            .references()
            .find(|(name, _)| *name == token)
            .and_then(|(_, reads)| reads.split('.').next());
        let substituted =
            machine.substitutions.iter().find(|(name, _)| *name == token).and_then(|(_, value)| named(value));
        let Some(cluster) = read.or(substituted.map(|(id, _)| id)) else { return };
        if let Some((cluster, why)) = off.iter().find(|(id, _)| *id == cluster)
            && resource(subject, cluster).is_some_and(|cluster| cluster["Condition"].is_null())
        {
            let path = machine.path.to_string() + &at.to_string();
            let message = format!("the task calls the Data API of `{cluster}`, {why}");
            found.push(DATA_API_IS_OFF.at(path, message).help(TURN_ON));
        }
    });
}
