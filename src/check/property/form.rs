//! F4014: a text of another form than AWS documents, which its schemas leave out.

use super::pattern::is_found;
use crate::{
    check::{
        subject::{Check, Entry, Subject},
        view::{View, each_view},
    },
    diagnostic::{Diagnostic, Severity},
    json::Json,
    rule::Rule,
};

static FORM: Rule = Rule {
    code: "F4014",
    severity: Severity::Error,
    title: "a text that is not of the form that AWS takes",
    why: "\
AWS documents the form of the text, its schema of the resource type does not have it, and the text
is of another one: AWS refuses it when the resource is made.",
    fails: "\
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: orders}}
  Orders:
    Type: AWS::ApiGateway::Resource
    Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: /orders}",
    passes: "\
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: orders}}
  Orders:
    Type: AWS::ApiGateway::Resource
    Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: orders}",
    docs: Some(
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html",
    ),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&FORM], run: check };

const URL: (&str, &str) = (
    r"^(?!(?i:http)://(?!(?i:localhost|127\.0\.0\.1|\[::1\])(?=[:/?]|$)))",
    "a URL with `https`, which only `localhost` is free of",
);
const DESCRIPTION: (&str, &str) =
    (r"^[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]*$", "letters, digits, spaces and `._-:/()#,@[]+=&;{}!$*` alone");
const PASSWORD: (&str, &str) = (r#"^[^/"@]{8,}$"#, "8 characters or more without `/`, `\"` and `@`");
const DURATION: (&str, &str) =
    (r"^P(?=.)([0-9]+D)?(T(?=.)([0-9]+H)?([0-9]+M)?([0-9]+S)?)?$", "a duration of ISO 8601, as `PT15M`");

/// Types, paths, the pattern that is found in what AWS takes, and what that is.
static PROPERTIES: &[(&str, &str, (&str, &str))] = &[
    (
        "AWS::ApiGateway::Resource",
        "PathPart",
        (r"^(\{[^{}/\s]+\}|[^{}/\s?#&]+)$", "one part of a path without `/`, or a variable such as `{id}`"),
    ),
    (
        "AWS::CloudFront::Distribution",
        "DistributionConfig.ViewerCertificate.AcmCertificateArn",
        ("^(?!arn:aws:acm:(?!us-east-1:))", "a certificate of the region us-east-1"),
    ),
    ("AWS::Cognito::UserPoolClient", "CallbackURLs", URL),
    ("AWS::Cognito::UserPoolClient", "DefaultRedirectURI", URL),
    ("AWS::Cognito::UserPoolClient", "LogoutURLs", URL),
    ("AWS::EC2::SecurityGroup", "GroupName", ("^(?!sg-)", "a name that does not begin as an id does")),
    ("AWS::EC2::SecurityGroup", "SecurityGroupEgress.*.Description", DESCRIPTION),
    ("AWS::EC2::SecurityGroup", "SecurityGroupIngress.*.Description", DESCRIPTION),
    ("AWS::EC2::SecurityGroupEgress", "Description", DESCRIPTION),
    ("AWS::EC2::SecurityGroupIngress", "Description", DESCRIPTION),
    (
        "AWS::ElasticLoadBalancing::LoadBalancer",
        "HealthCheck.Target",
        (
            r"^((?i:TCP|SSL):[0-9]+|(?i:HTTPS?):[0-9]+/.*)$",
            "protocol and port, and a path for HTTP: `HTTP:80/` or `TCP:80`",
        ),
    ),
    ("AWS::RDS::DBCluster", "MasterUserPassword", PASSWORD),
    ("AWS::RDS::DBInstance", "MasterUserPassword", PASSWORD),
    ("AWS::SSM::Parameter", "Name", ("^(/|[^/]*$)", "a name without `/`, or one that begins with it")),
    (
        "AWS::SecretsManager::SecretTargetAttachment",
        "TargetType",
        (
            r"^AWS::(RDS::DBInstance|RDS::DBCluster|DocDB::DBInstance|DocDB::DBCluster|Redshift::Cluster|RedshiftServerless::Namespace)$",
            "the type of a database, as `AWS::RDS::DBInstance`",
        ),
    ),
];

/// The attributes of resources that are durations.
const DURATIONS: [&str; 3] = [
    "CreationPolicy/ResourceSignal/Timeout",
    "UpdatePolicy/AutoScalingRollingUpdate/PauseTime",
    "UpdatePolicy/AutoScalingInstanceRefresh/PauseTime",
];

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for (kind, path, form) in PROPERTIES {
        each_view(subject, &[kind], found, &mut |view, found| property(view, path, *form, found));
    }
    if !subject.is_open() {
        for entry in &subject.resources {
            durations(entry, found);
        }
    }
}

fn property(view: &View<'_, '_>, path: &str, form: (&str, &str), found: &mut Vec<Diagnostic>) {
    if let Some((list, member)) = path.split_once(".*.") {
        for (position, element) in view.elements(list).unwrap_or_default().into_iter().enumerate() {
            if let Some(text) = view.text_of(element, member) {
                found.extend(fault(&text, form, format!("{}/{position}/{member}", view.at(list))));
            }
        }
        return;
    }
    if let Some(text) = view.text(path) {
        found.extend(fault(&text, form, view.at(path)));
    }
    for (position, element) in view.elements(path).unwrap_or_default().into_iter().enumerate() {
        if let Some(text) = element.as_str() {
            found.extend(fault(text, form, format!("{}/{position}", view.at(path))));
        }
    }
}

fn durations(entry: &Entry<'_>, found: &mut Vec<Diagnostic>) {
    for path in DURATIONS {
        if let Some(text) = entry.json.pointer(&format!("/{path}")).and_then(Json::as_str) {
            found.extend(fault(text, DURATION, format!("{}/{path}", entry.path)));
        }
    }
}

fn fault(text: &str, (pattern, expected): (&str, &str), at: String) -> Option<Diagnostic> {
    let is_other = is_found(pattern, text) == Some(false);
    let name = at.rsplit('/').find(|step| !step.bytes().all(|byte| byte.is_ascii_digit())).unwrap_or(&at).to_owned();
    let is = match name.ends_with("Password") {
        true => "of another form".to_owned(),
        false => format!("\"{}\"", shown(text)),
    };
    is_other.then(|| FORM.at(at, format!("`{name}` is {is}; expected {expected}")))
}

/// The beginning of a text, on one line.
fn shown(text: &str) -> String {
    text.chars().take(80).flat_map(char::escape_debug).collect()
}
