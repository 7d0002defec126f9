//! F5003: a role that the service which is to use it may not assume.

use super::{
    closed::is_closed,
    names::Names,
    place::places,
    role::{Role, roles},
    symbol::Answer,
};
use crate::{
    check::subject::{Check, Subject},
    diagnostic::{Diagnostic, Severity},
    rule::Rule,
};

static WRONG_TRUST: Rule = Rule {
    code: "F5003",
    severity: Severity::Error,
    title: "a role that the service which uses it may not assume",
    why: "\
A resource names a role of the template whose `AssumeRolePolicyDocument` lets in other services,
but not the one that has to assume it. Most services look at that at once (`The role defined for
the function cannot be assumed by Lambda`), and the stack is rolled back.",
    fails: "\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
        - Effect: Allow
          Principal:
            Service: lambda.amazonaws.com
          Action: sts:AssumeRole
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: !GetAtt Role.Arn
      Definition:
        StartAt: Done
        States:
          Done:
            Type: Succeed",
    passes: "\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
        - Effect: Allow
          Principal:
            Service: states.amazonaws.com
          Action: sts:AssumeRole
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: !GetAtt Role.Arn
      Definition:
        StartAt: Done
        States:
          Done:
            Type: Succeed",
    docs: Some("https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_terms-and-concepts.html"),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&WRONG_TRUST], run: check };

/// Which service assumes the role that a property names.
pub(super) const USERS: [(&str, &str, &str); 43] = [
    ("AWS::ApiGateway::Account", "CloudWatchRoleArn", "apigateway.amazonaws.com"),
    ("AWS::ApiGateway::Authorizer", "AuthorizerCredentials", "apigateway.amazonaws.com"),
    ("AWS::ApiGateway::Method", "Integration/Credentials", "apigateway.amazonaws.com"),
    (
        "AWS::ApiGateway::RestApi",
        "Body/paths/*/*/x-amazon-apigateway-integration/credentials",
        "apigateway.amazonaws.com",
    ),
    (
        "AWS::ApiGatewayV2::Api",
        "Body/paths/*/*/x-amazon-apigateway-integration/credentials",
        "apigateway.amazonaws.com",
    ),
    ("AWS::ApiGatewayV2::Authorizer", "AuthorizerCredentialsArn", "apigateway.amazonaws.com"),
    ("AWS::ApiGatewayV2::Integration", "CredentialsArn", "apigateway.amazonaws.com"),
    ("AWS::AppSync::DataSource", "ServiceRoleArn", "appsync.amazonaws.com"),
    ("AWS::AppSync::GraphQLApi", "LogConfig/CloudWatchLogsRoleArn", "appsync.amazonaws.com"),
    ("AWS::Batch::JobDefinition", "ContainerProperties/ExecutionRoleArn", "ecs-tasks.amazonaws.com"),
    ("AWS::Batch::JobDefinition", "ContainerProperties/JobRoleArn", "ecs-tasks.amazonaws.com"),
    ("AWS::CloudTrail::Trail", "CloudWatchLogsRoleArn", "cloudtrail.amazonaws.com"),
    ("AWS::CodeBuild::Project", "ServiceRole", "codebuild.amazonaws.com"),
    ("AWS::CodeDeploy::DeploymentGroup", "ServiceRoleArn", "codedeploy.amazonaws.com"),
    ("AWS::CodePipeline::Pipeline", "RoleArn", "codepipeline.amazonaws.com"),
    ("AWS::Cognito::UserPool", "SmsConfiguration/SnsCallerArn", "cognito-idp.amazonaws.com"),
    ("AWS::Config::ConfigurationRecorder", "RoleARN", "config.amazonaws.com"),
    ("AWS::EC2::FlowLog", "DeliverLogsPermissionArn", "vpc-flow-logs.amazonaws.com"),
    ("AWS::ECS::TaskDefinition", "ExecutionRoleArn", "ecs-tasks.amazonaws.com"),
    ("AWS::ECS::TaskDefinition", "TaskRoleArn", "ecs-tasks.amazonaws.com"),
    ("AWS::EKS::Cluster", "RoleArn", "eks.amazonaws.com"),
    ("AWS::Events::Rule", "RoleArn", "events.amazonaws.com"),
    ("AWS::Events::Rule", "Targets/*/RoleArn", "events.amazonaws.com"),
    ("AWS::Glue::Crawler", "Role", "glue.amazonaws.com"),
    ("AWS::Glue::Job", "Role", "glue.amazonaws.com"),
    ("AWS::IoT::TopicRule", "TopicRulePayload/Actions/*/*/RoleArn", "iot.amazonaws.com"),
    ("AWS::KinesisFirehose::DeliveryStream", "ExtendedS3DestinationConfiguration/RoleARN", "firehose.amazonaws.com"),
    ("AWS::KinesisFirehose::DeliveryStream", "KinesisStreamSourceConfiguration/RoleARN", "firehose.amazonaws.com"),
    ("AWS::KinesisFirehose::DeliveryStream", "S3DestinationConfiguration/RoleARN", "firehose.amazonaws.com"),
    ("AWS::Lambda::Function", "Role", "lambda.amazonaws.com"),
    ("AWS::Logs::Destination", "RoleArn", "logs.amazonaws.com"),
    ("AWS::Logs::SubscriptionFilter", "RoleArn", "logs.amazonaws.com"),
    ("AWS::Pipes::Pipe", "RoleArn", "pipes.amazonaws.com"),
    ("AWS::RDS::DBInstance", "MonitoringRoleArn", "monitoring.rds.amazonaws.com"),
    ("AWS::RDS::DBProxy", "RoleArn", "rds.amazonaws.com"),
    ("AWS::S3::Bucket", "ReplicationConfiguration/Role", "s3.amazonaws.com"),
    ("AWS::SNS::Subscription", "SubscriptionRoleArn", "sns.amazonaws.com"),
    ("AWS::SSM::MaintenanceWindowTask", "ServiceRoleArn", "ssm.amazonaws.com"),
    ("AWS::SageMaker::Model", "ExecutionRoleArn", "sagemaker.amazonaws.com"),
    ("AWS::SageMaker::NotebookInstance", "RoleArn", "sagemaker.amazonaws.com"),
    ("AWS::Scheduler::Schedule", "Target/RoleArn", "scheduler.amazonaws.com"),
    ("AWS::StepFunctions::StateMachine", "RoleArn", "states.amazonaws.com"),
    ("AWS::Transfer::Server", "LoggingRole", "transfer.amazonaws.com"),
];

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    if !is_closed(subject.template) {
        return;
    }
    let names = Names::new(subject.template);
    let roles = roles(names);
    for (kind, property, service) in USERS {
        for place in places(names, kind, property) {
            let Some(id) = names.named(place.value, "AWS::IAM::Role") else { continue };
            let Some(role) = roles.iter().find(|role| role.id == id) else { continue };
            if trusts(role, service, names) != Answer::No {
                continue;
            }
            let message = format!(
                "`{}` names the role `{id}`, which `{service}` may not assume; expected its trust policy to name that service",
                place.id
            );
            let fault = WRONG_TRUST.at(place.path, message);
            found.push(match trusted(role, names).as_slice() {
                [] => fault,
                others => fault.help(format!("it names {}", others.join(", "))),
            });
        }
    }
}

/// Whether a service may assume a role.
fn trusts(role: &Role<'_>, service: &str, names: Names<'_>) -> Answer {
    let Some(statements) = &role.trust else { return Answer::Unknown };
    let allows = statements.iter().filter(|statement| statement.allows);
    let each = allows
        .map(|statement| statement.is_for_service(service, names).and(statement.speaks_of("sts:AssumeRole", None)));
    each.max().unwrap_or(Answer::No)
}

/// The services that a trust policy names.
fn trusted(role: &Role<'_>, names: Names<'_>) -> Vec<String> {
    let statements = role.trust.iter().flatten();
    let services = statements.flat_map(|statement| super::statement::each(&statement.json["Principal"]["Service"]));
    services.map(|service| format!("`{}`", names.symbol(service))).collect()
}
