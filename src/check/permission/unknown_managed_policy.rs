//! F1015: a managed policy of AWS that there is not.

use std::cell::LazyCell;

use super::managed;
use crate::{
    check::subject::{Check, Subject},
    data::policy,
    diagnostic::{Diagnostic, Names, Severity},
    json::{Json, Pointer, walk},
    rule::Rule,
};

static UNKNOWN_MANAGED_POLICY: Rule = Rule {
    code: "F1015",
    severity: Severity::Warning,
    title: "a managed policy of AWS that there is not",
    why: "\
A role, user, group or permission set has the ARN of a policy of AWS's own, and the list of them has
no such policy, or only one with another path: `service-role/` is a part of the ARN. IAM refuses
what there is not, and the stack is rolled back. It is a warning, since AWS adds policies: the
message says how old the list is.",
    fails: "\
Resources:
  Render:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
        - Effect: Allow
          Principal: {Service: lambda.amazonaws.com}
          Action: sts:AssumeRole
      ManagedPolicyArns:
      - arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole",
    passes: "\
Resources:
  Render:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
        - Effect: Allow
          Principal: {Service: lambda.amazonaws.com}
          Action: sts:AssumeRole
      ManagedPolicyArns:
      - arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
    docs: Some("https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html"),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&UNKNOWN_MANAGED_POLICY], run: check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let near: LazyCell<Names<'_>> = LazyCell::new(|| policy::managed().collect());
    for (id, resource) in subject.template.section("Resources") {
        let properties = format!("Resources/{id}/Properties");
        walk(&resource["Properties"], &Pointer::at(&properties), &mut |json, at| {
            // Of what a statement allows, policies are the resources, and may be made up of patterns.
            for key in ["ManagedPolicyArns", "ManagedPolicies", "PermissionsBoundary"] {
                let place = at.key(key);
                found.extend(unknown(&json[key], &place, &near));
                for (number, policy) in json[key].as_array().into_iter().flatten().enumerate() {
                    found.extend(unknown(policy, &place.index(number), &near));
                }
            }
        });
    }
}

/// The fault of a policy, if it has one; `near` has the names of all.
fn unknown(json: &Json, at: &Pointer<'_>, near: &LazyCell<Names<'_>>) -> Option<Diagnostic> {
    // `${AWS::Partition}` is the one thing that such an ARN has of a stack.
    let arn = json.as_str().or_else(|| json["Fn::Sub"].as_str())?;
    let (partition, name) = arn.strip_prefix("arn:")?.split_once(":iam::aws:policy/")?;
    // Other partitions have policies of their own.
    let is_listed = matches!(partition, "aws" | "${AWS::Partition}");
    if !is_listed || name.contains("${") || managed::named(name).is_some() || policy::is_managed(name) {
        return None;
    }
    let source = policy::archive().provenance();
    let message = format!("AWS manages no policy `{name}` ({source}); expected one that there is, with its path");
    let fault = UNKNOWN_MANAGED_POLICY.at(at.to_string(), message);
    let bare = name.rsplit('/').next();
    Some(match policy::managed().find(|known| known.rsplit('/').next() == bare) {
        Some(known) => fault.help(format!("did you mean `{known}`?")),
        None => fault.propose(near.nearest(name)),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::check::assert_finds;

    fn role(policies: Json) -> Json {
        json!({"Resources": {"R": {"Type": "AWS::IAM::Role", "Properties": {"ManagedPolicyArns": policies}}}})
    }

    #[test]
    fn policies_that_there_are_or_may_be_pass() {
        for policy in [
            json!("arn:aws:iam::aws:policy/ReadOnlyAccess"),
            json!({"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"}),
            json!({"Fn::Sub": "arn:aws:iam::aws:policy/${Policy}"}),
            json!("arn:aws:iam::123456789012:policy/Own"),
            json!("arn:aws-cn:iam::aws:policy/OfChina"),
            json!({"Ref": "Policy"}),
            json!(5),
        ] {
            assert_finds(check, role(json!([policy])), &[]);
        }
        let statement = json!({"Resources": {"P": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": {
            "Statement": {"Effect": "Deny", "Action": "iam:AttachRolePolicy", "Resource": "arn:aws:iam::aws:policy/Any*"},
        }}}}});
        assert_finds(check, statement, &[]);
    }

    #[test]
    fn a_policy_that_there_is_not_is_found() {
        let source = policy::archive().provenance();
        let fault = |at: &str, name: &str, help: Option<&str>| {
            let help = help.map(|right| format!("\n  help did you mean `{right}`?")).unwrap_or_default();
            format!(
                "warning[F1015]: AWS manages no policy `{name}` ({source}); expected one that there is, with its path\n  \
                 at   Resources/R/Properties/{at}{help}\n  \
                 docs https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html"
            )
        };
        for (name, help) in [
            ("AWSLambdaBasicExecutionRole", Some("service-role/AWSLambdaBasicExecutionRole")),
            ("AdministratorAcces", Some("AdministratorAccess")),
            ("QuantumCoffeeFullAccess", None),
        ] {
            let policies = json!([format!("arn:aws:iam::aws:policy/{name}")]);
            assert_finds(check, role(policies), &[&fault("ManagedPolicyArns/0", name, help)]);
        }
        let boundary = json!({"Resources": {"R": {"Type": "AWS::IAM::User", "Properties": {
            "PermissionsBoundary": {"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/PowerUserAcces"},
        }}}});
        assert_finds(check, boundary, &[&fault("PermissionsBoundary", "PowerUserAcces", Some("PowerUserAccess"))]);
    }
}
