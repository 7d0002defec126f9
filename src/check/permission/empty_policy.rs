//! F1012: a policy document without a statement, or a statement without an action or resource, which IAM refuses.

use crate::{
    check::subject::{Check, Subject},
    diagnostic::{Diagnostic, Severity},
    json::{Json, Pointer, walk},
    rule::Rule,
};

static EMPTY_POLICY: Rule = Rule {
    code: "F1012",
    severity: Severity::Error,
    title: "a policy without a statement, or a statement without an action or a resource",
    why: "\
A policy document, or a statement of it, says nothing: `Statement`, `Action`, `NotAction`,
`Resource` or `NotResource` is an empty list. IAM refuses it as a malformed policy
(`MalformedPolicyDocument`) while the stack deploys, and the stack is rolled back.",
    fails: "\
Resources:
  Render:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement: []",
    passes: "\
Resources:
  Render:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
        - Effect: Allow
          Action: s3:GetObject
          Resource: arn:aws:s3:::reports/*",
    docs: Some("https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html"),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&EMPTY_POLICY], run: check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for (id, resource) in subject.template.section("Resources") {
        let properties = format!("Resources/{id}/Properties");
        walk(&resource["Properties"], &Pointer::at(&properties), &mut |json, at| {
            if json["Version"] == "2012-10-17" || json["Version"] == "2008-10-17" {
                document(json, &at.to_string(), found);
            }
        });
    }
}

fn document(json: &Json, path: &str, found: &mut Vec<Diagnostic>) {
    let Some(statements) = json["Statement"].as_array() else { return };
    if statements.is_empty() {
        let message = "the policy has no statement; expected at least one";
        found.push(EMPTY_POLICY.at(path, message).help("leave the policy out"));
    }
    for (number, statement) in statements.iter().enumerate() {
        for key in ["Action", "NotAction", "Resource", "NotResource"] {
            if statement[key].as_array().is_some_and(Vec::is_empty) {
                let path = format!("{path}/Statement/{number}/{key}");
                let message = format!("`{key}` of the statement is empty; expected at least one");
                found.push(EMPTY_POLICY.at(path, message).help("leave the statement out"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::check::assert_finds;

    #[test]
    fn a_policy_without_a_statement_is_refused() {
        let role = |statements: Json| {
            let document = json!({"Version": "2012-10-17", "Statement": statements});
            json!({"Resources": {"R": {"Type": "AWS::IAM::Role", "Properties": {"Policies": [{"PolicyDocument": document}]}}}})
        };
        assert_finds(check, role(json!([{"Effect": "Allow", "Action": "*", "Resource": "*"}])), &[]);
        assert_finds(
            check,
            role(json!([])),
            &["error[F1012]: the policy has no statement; expected at least one\n  \
               at   Resources/R/Properties/Policies/0/PolicyDocument\n  \
               help leave the policy out\n  \
               docs https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html"],
        );
    }

    #[test]
    fn a_statement_on_nothing_is_refused() {
        let statement = json!({"Effect": "Allow", "Action": [], "Resource": []});
        let document = json!({"Version": "2012-10-17", "Statement": [statement]});
        let fault = |key: &str| {
            format!(
                "error[F1012]: `{key}` of the statement is empty; expected at least one\n  \
                 at   Resources/R/Properties/Document/Statement/0/{key}\n  \
                 help leave the statement out\n  \
                 docs https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html"
            )
        };
        assert_finds(
            check,
            json!({"Resources": {"R": {"Type": "X::Y::Z", "Properties": {"Document": document}}}}),
            &[&fault("Action"), &fault("Resource")],
        );
    }
}
