//! F5004, F5005, F5006: a function, a queue, a topic or a key that does not let in the service which the template makes
//! call it.

mod rules;

use self::rules::{FUNCTION, KEY, POLICY};
use super::{
    closed::is_closed,
    names::{Names, aws},
    need::function_of,
    place::{Place, places},
    resource_policy::ResourcePolicies,
    symbol::{Answer, Shape, Symbol},
};
use crate::{
    check::subject::{Check, Subject},
    diagnostic::Diagnostic,
    json::Json,
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&FUNCTION, &POLICY, &KEY], run: check };

/// On whose behalf a service calls, as `SourceArn` has it.
#[derive(Clone, Copy)]
enum Source {
    /// The resource that names the function.
    Itself,
    /// What a property of it names: the key, and the type where the property may hold its name.
    Named(&'static str),
    /// The API that a property of it names.
    Api(&'static str),
    /// Not told by the template.
    Unknown,
}

/// Who calls a function: the type and the property that names the function, the service, on whose behalf.
const CALLERS: [(&str, &str, &str, Source); 19] = [
    ("AWS::ApiGateway::Authorizer", "AuthorizerUri", "apigateway.amazonaws.com", Source::Api("RestApiId")),
    ("AWS::ApiGateway::Method", "Integration/Uri", "apigateway.amazonaws.com", Source::Api("RestApiId")),
    ("AWS::ApiGatewayV2::Authorizer", "AuthorizerUri", "apigateway.amazonaws.com", Source::Api("ApiId")),
    ("AWS::ApiGatewayV2::Integration", "IntegrationUri", "apigateway.amazonaws.com", Source::Api("ApiId")),
    ("AWS::AppSync::GraphQLApi", "LambdaAuthorizerConfig/AuthorizerUri", "appsync.amazonaws.com", Source::Unknown),
    ("AWS::Bedrock::Agent", "ActionGroups/*/ActionGroupExecutor/Lambda", "bedrock.amazonaws.com", Source::Unknown),
    ("AWS::CloudWatch::Alarm", "AlarmActions/*", "lambda.alarms.cloudwatch.amazonaws.com", Source::Itself),
    ("AWS::CloudWatch::Alarm", "OKActions/*", "lambda.alarms.cloudwatch.amazonaws.com", Source::Itself),
    ("AWS::Cognito::UserPool", "LambdaConfig/*", "cognito-idp.amazonaws.com", Source::Itself),
    ("AWS::Config::ConfigRule", "Source/SourceIdentifier", "config.amazonaws.com", Source::Unknown),
    ("AWS::ElasticLoadBalancingV2::TargetGroup", "Targets/*/Id", "elasticloadbalancing.amazonaws.com", Source::Unknown),
    ("AWS::Events::Rule", "Targets/*/Arn", "events.amazonaws.com", Source::Itself),
    ("AWS::IoT::TopicRule", "TopicRulePayload/Actions/*/Lambda/FunctionArn", "iot.amazonaws.com", Source::Unknown),
    ("AWS::Logs::SubscriptionFilter", "DestinationArn", "logs.amazonaws.com", Source::Unknown),
    (
        "AWS::S3::Bucket",
        "NotificationConfiguration/LambdaConfigurations/*/Function",
        "s3.amazonaws.com",
        Source::Itself,
    ),
    ("AWS::SES::ReceiptRule", "Rule/Actions/*/LambdaAction/FunctionArn", "ses.amazonaws.com", Source::Unknown),
    ("AWS::SNS::Subscription", "Endpoint", "sns.amazonaws.com", Source::Named("TopicArn")),
    ("AWS::SNS::Topic", "Subscription/*/Endpoint", "sns.amazonaws.com", Source::Itself),
    ("AWS::SecretsManager::RotationSchedule", "RotationLambdaARN", "secretsmanager.amazonaws.com", Source::Unknown),
];

/// Where the description of an API has its integrations.
const INTEGRATIONS: &str = "Body/paths/*/*/x-amazon-apigateway-integration";

/// Who sends to queues and topics: the type, the property that names the target, the service. An alarm may use a topic
/// without a policy: the one that it then has lets it in.
const SENDERS: [(&str, &str, &str); 9] = [
    ("AWS::CloudWatch::Alarm", "AlarmActions/*", ALARMS),
    ("AWS::CloudWatch::Alarm", "InsufficientDataActions/*", ALARMS),
    ("AWS::CloudWatch::Alarm", "OKActions/*", ALARMS),
    ("AWS::CloudWatch::CompositeAlarm", "AlarmActions/*", ALARMS),
    ("AWS::Events::Rule", "Targets/*/Arn", "events.amazonaws.com"),
    ("AWS::S3::Bucket", "NotificationConfiguration/QueueConfigurations/*/Queue", "s3.amazonaws.com"),
    ("AWS::S3::Bucket", "NotificationConfiguration/TopicConfigurations/*/Topic", "s3.amazonaws.com"),
    ("AWS::SNS::Subscription", "Endpoint", "sns.amazonaws.com"),
    ("AWS::SNS::Topic", "Subscription/*/Endpoint", "sns.amazonaws.com"),
];

const ALARMS: &str = "cloudwatch.amazonaws.com";

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    if !is_closed(subject.template) {
        return;
    }
    let names = Names::new(subject.template);
    let policies = ResourcePolicies::new(names);
    for (kind, property, service, source) in CALLERS {
        for place in places(names, kind, property) {
            found.extend(uncalled(&place, service, source, names, &policies));
        }
    }
    for kind in ["AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api"] {
        for place in places(names, kind, INTEGRATIONS) {
            found.extend(uncalled_by_description(&place, names, &policies));
        }
    }
    for (kind, property, service) in SENDERS {
        for place in places(names, kind, property) {
            found.extend(unsent(&place, service, names, &policies));
        }
    }
}

/// A function that its caller may not call.
fn uncalled(
    place: &Place<'_>,
    service: &str,
    source: Source,
    names: Names<'_>,
    policies: &ResourcePolicies<'_>,
) -> Option<Diagnostic> {
    // These are called as the role that they name.
    let as_role = ["AuthorizerCredentials", "AuthorizerCredentialsArn", "CredentialsArn"];
    let integration = &place.properties["Integration"]["Credentials"];
    if as_role.iter().any(|key| !place.properties[*key].is_null()) || !integration.is_null() {
        return None;
    }
    let called = called(&names.symbol(place.value));
    let id = function_of(names, &called)?;
    let source = match source {
        Source::Itself => names.arn(place.id),
        Source::Named(key) => Some(names.symbol(&place.properties[key])),
        Source::Api(key) => {
            let api = aws("arn:aws:execute-api:{here}:").then(names.symbol(&place.properties[key]));
            Some(api.with("/").then(Symbol::hole("", Shape::Any)))
        }
        Source::Unknown => None,
    };
    if policies.lets_call(&names.function_arn(&called), service, source.as_ref()) != Answer::No {
        return None;
    }
    let message = format!(
        "`{}` calls `{id}`, which does not let in `{service}` for it; expected an `AWS::Lambda::Permission` that does",
        place.id
    );
    Some(FUNCTION.at(place.path.clone(), message))
}

/// A function that an API may not call, whose description names it.
fn uncalled_by_description(place: &Place<'_>, names: Names<'_>, policies: &ResourcePolicies<'_>) -> Option<Diagnostic> {
    if !place.value["credentials"].is_null() {
        return None;
    }
    let called = called(&names.symbol(&place.value["uri"]));
    let id = function_of(names, &called)?;
    let api = names.symbol(&serde_json::json!({"Ref": place.id}));
    let source = aws("arn:aws:execute-api:{here}:").then(api).with("/").then(Symbol::hole("", Shape::Any));
    let service = "apigateway.amazonaws.com";
    if policies.lets_call(&names.function_arn(&called), service, Some(&source)) != Answer::No {
        return None;
    }
    let message = format!(
        "`{}` calls `{id}`, which does not let in `{service}` for it; expected an `AWS::Lambda::Permission` that does",
        place.id
    );
    Some(FUNCTION.at(place.path.join("uri"), message))
}

/// The function that a property names, also where it does by the URI of an API.
fn called(symbol: &Symbol) -> Symbol {
    let start = aws("arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/");
    let within = symbol.after(&start).and_then(|rest| rest.without_suffix("/invocations"));
    within.unwrap_or_else(|| symbol.clone())
}

/// A queue or a topic that its sender may not send to, or that it may not encrypt for.
fn unsent(place: &Place<'_>, service: &str, names: Names<'_>, policies: &ResourcePolicies<'_>) -> Option<Diagnostic> {
    let target = names.symbol(place.value);
    let (kind, action) = match target.prefix() {
        start if start.starts_with("arn:aws:sqs:") => ("AWS::SQS::Queue", "sqs:SendMessage"),
        start if start.starts_with("arn:aws:sns:") => ("AWS::SNS::Topic", "sns:Publish"),
        _ => return None,
    };
    let id = names.named_by(&target, kind)?;
    let by_rule = service == "events.amazonaws.com";
    // A rule may send as a role.
    let has_role = by_rule && role_of_target(place, &target, names);
    let lets = policies.lets_in(&names.read(id), service, action, &target);
    let is_shut = match lets {
        None => service != ALARMS,
        Some(answer) => answer == Answer::No,
    };
    if is_shut && !has_role {
        let policy = if kind == "AWS::SQS::Queue" { "`AWS::SQS::QueuePolicy`" } else { "`AWS::SNS::TopicPolicy`" };
        let message = format!(
            "`{}` sends to `{id}`, which does not let in `{service}`; expected an {policy} that allows it `{action}`",
            place.id
        );
        return Some(POLICY.at(place.path.clone(), message));
    }
    let key = &names.resource(id, kind)?["Properties"]["KmsMasterKeyId"];
    let of_aws = key.as_str().filter(|key| ["alias/aws/sns", "alias/aws/sqs"].contains(key));
    let shut = match (of_aws, names.named(key, "AWS::KMS::Key")) {
        _ if key.is_null() || has_role => return None,
        (Some(alias), _) => format!("the key `{alias}`, which lets in no other service"),
        (None, Some(key)) => {
            let lets = policies.lets_in(&names.read(key), service, "kms:GenerateDataKey", &names.arn(key)?);
            if lets != Some(Answer::No) {
                return None;
            }
            format!("the key `{key}`, which does not let in `{service}`")
        }
        (None, None) => return None,
    };
    let message = format!(
        "`{}` sends to `{id}`, encrypted with {shut}; expected a key whose policy allows it `kms:GenerateDataKey*` and \
         `kms:Decrypt`",
        place.id
    );
    Some(KEY.at(place.path.clone(), message))
}

/// Whether the target of a rule has a role.
fn role_of_target(place: &Place<'_>, target: &Symbol, names: Names<'_>) -> bool {
    let has_role = |json: &Json| !json["RoleArn"].is_null();
    let targets = super::statement::each(&place.properties["Targets"]);
    has_role(place.properties) || targets.filter(|known| names.symbol(&known["Arn"]) == *target).any(has_role)
}
