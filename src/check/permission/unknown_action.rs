//! W3037: a policy names an action that IAM does not know, so that it allows or denies nothing.

use std::collections::BTreeMap;

use crate::{
    check::subject::{Check, Subject},
    data::iam,
    diagnostic::{Diagnostic, Names, Severity},
    json::{Json, Pointer, walk},
    rule::Rule,
};

static UNKNOWN_ACTION: Rule = Rule {
    code: "W3037",
    severity: Severity::Warning,
    title: "a policy names an action that there is not",
    why: "\
IAM takes any name of an action, so that the stack deploys; but a statement with one that no service
has allows and denies nothing. It is a warning, since AWS adds actions every day: the message says
how old the list is. A pattern is right where it matches one action at least. What the list does not
have the service of is left alone.",
    fails: "\
Resources:
  ReadReports:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
        - Effect: Allow
          Action: s3:ListObjects
          Resource: arn:aws:s3:::reports",
    passes: "\
Resources:
  ReadReports:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
        - Effect: Allow
          Action: s3:ListBucket
          Resource: arn:aws:s3:::reports",
    docs: Some(
        "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html",
    ),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&UNKNOWN_ACTION], run: check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let mut near = Near::new();
    for (id, resource) in subject.template.section("Resources") {
        let properties = format!("Resources/{id}/Properties");
        walk(&resource["Properties"], &Pointer::at(&properties), &mut |json, at| {
            if json["Effect"] == "Allow" || json["Effect"] == "Deny" {
                for key in ["Action", "NotAction"] {
                    actions(&json[key], &at.key(key), &mut near, found);
                }
            }
        });
    }
}

/// The names of the actions of services that something was asked of, by prefix.
type Near = BTreeMap<&'static str, Names<'static>>;

/// The actions of a statement: one, or a list of them.
fn actions(json: &Json, at: &Pointer<'_>, near: &mut Near, found: &mut Vec<Diagnostic>) {
    if let Json::String(name) = json {
        found.extend(unknown(name, at, near));
    }
    for (number, name) in json.as_array().into_iter().flatten().enumerate() {
        found.extend(name.as_str().and_then(|name| unknown(name, &at.index(number), near)));
    }
}

fn unknown(full: &str, at: &Pointer<'_>, near: &mut Near) -> Option<Diagnostic> {
    let (prefix, name) = full.split_once(':')?;
    let service = iam::service(prefix)?;
    let is_pattern = name.contains(['*', '?']);
    let is_known = match is_pattern {
        true => service.actions().any(|action| matches(name.as_bytes(), action.name().as_bytes())),
        false => service.action(name).is_some(),
    };
    if is_known {
        return None;
    }
    let source = iam::archive().provenance();
    let what = if is_pattern { "matches no action" } else { "is no action" };
    let message = format!("`{full}` {what} of `{}`; expected one that IAM knows ({source})", service.prefix());
    let fault = UNKNOWN_ACTION.at(at.to_string(), message);
    Some(match is_pattern {
        true => fault,
        false => match same_letters(service, name) {
            Some(right) => fault.help(format!("did you mean `{right}`?")),
            None => {
                let names = || service.actions().map(|action| action.name()).collect();
                fault.propose(near.entry(service.prefix()).or_insert_with(names).nearest(name))
            }
        },
    })
}

/// What is meant by the name of an operation whose action goes by another: `s3:ListObjectsV2`.
fn same_letters(service: &iam::Service, name: &str) -> Option<&'static str> {
    let others: &[(&str, &str)] = match service.prefix() {
        "s3" => &[
            ("HeadBucket", "ListBucket"),
            ("HeadObject", "GetObject"),
            ("ListObjects", "ListBucket"),
            ("ListObjectsV2", "ListBucket"),
            ("ListObjectVersions", "ListBucketVersions"),
            ("CopyObject", "PutObject"),
            ("DeleteObjects", "DeleteObject"),
            ("UploadPart", "PutObject"),
            ("CreateMultipartUpload", "PutObject"),
            ("CompleteMultipartUpload", "PutObject"),
            ("ListBuckets", "ListAllMyBuckets"),
        ],
        "lambda" => &[("Invoke", "InvokeFunction")],
        _ => &[],
    };
    others.iter().find(|(operation, _)| operation.eq_ignore_ascii_case(name)).map(|(_, action)| *action)
}

/// Whether a pattern of IAM matches a name, whatever the case: `*` is any letters, `?` is one.
fn matches(pattern: &[u8], name: &[u8]) -> bool {
    // Where the last star stands, and how much of the name it has taken so far.
    let (mut at, mut letter, mut star) = (0, 0, None);
    while letter < name.len() {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, letter));
                at += 1;
            }
            Some(wanted) if *wanted == b'?' || wanted.eq_ignore_ascii_case(&name[letter]) => {
                at += 1;
                letter += 1;
            }
            _ => {
                let Some((stands, taken)) = star else { return false };
                star = Some((stands, taken + 1));
                (at, letter) = (stands + 1, taken + 1);
            }
        }
    }
    pattern[at..].iter().all(|rest| *rest == b'*')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::check::assert_finds;

    fn role(statement: Json) -> Json {
        json!({"Resources": {"R": {"Type": "AWS::IAM::Role", "Properties": {"Policies": [{"PolicyDocument": {
            "Version": "2012-10-17", "Statement": [statement],
        }}]}}}})
    }

    #[test]
    fn actions_that_there_are_pass() {
        for action in [
            json!("*"),
            json!("s3:*"),
            json!("s3:getobject"),
            json!("S3:Get*"),
            json!("dynamodb:?etItem"),
            json!(["sqs:SendMessage", "kms:Decrypt", {"Fn::Sub": "s3:${Verb}Objekt"}]),
            json!({"Ref": "Actions"}),
            // Nobody knows what a service that is not listed has.
            json!("quantumcoffee:Brew"),
            json!("GetObject"),
            json!("execute-api:Invoke"),
            json!("sts:AssumeRole"),
        ] {
            assert_finds(check, role(json!({"Effect": "Allow", "Action": action, "Resource": "*"})), &[]);
        }
        let no_statement =
            json!({"Resources": {"P": {"Type": "AWS::Lambda::Permission", "Properties": {"Action": "s3:No"}}}});
        assert_finds(check, no_statement, &[]);
    }

    #[test]
    fn an_action_that_there_is_not_is_found_wherever_the_policy_is() {
        let source = iam::archive().provenance();
        let fault = |at: &str, what: &str, help: Option<&str>| {
            let help = help.map(|right| format!("\n  help did you mean `{right}`?")).unwrap_or_default();
            format!(
                "warning[W3037]: {what}; expected one that IAM knows ({source})\n  at   {at}{help}\n  docs {}",
                UNKNOWN_ACTION.docs.unwrap_or_default()
            )
        };
        let place = "Resources/R/Properties/Policies/0/PolicyDocument/Statement/0";
        for (key, action, at, what, help) in [
            ("Action", json!("s3:GetObjekt"), "Action", "`s3:GetObjekt` is no action of `s3`", Some("GetObject")),
            (
                "Action",
                json!(["s3:*", "s3:ListObjectsV2"]),
                "Action/1",
                "`s3:ListObjectsV2` is no action of `s3`",
                Some("ListBucket"),
            ),
            ("NotAction", json!("sqs:Sent*"), "NotAction", "`sqs:Sent*` matches no action of `sqs`", None),
            ("Action", json!("kms:Quark"), "Action", "`kms:Quark` is no action of `kms`", None),
        ] {
            let template = role(json!({"Effect": "Deny", key: action, "Resource": "*"}));
            assert_finds(check, template, &[&fault(&format!("{place}/{at}"), what, help)]);
        }
        let trust = json!({"Resources": {"R": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {
            "Statement": {"Effect": "Allow", "Principal": "*", "Action": "sts:AsumeRole"},
        }}}}});
        let at = "Resources/R/Properties/AssumeRolePolicyDocument/Statement/Action";
        assert_finds(check, trust, &[&fault(at, "`sts:AsumeRole` is no action of `sts`", Some("AssumeRole"))]);
    }

    #[test]
    fn a_pattern_matches_as_iam_does() {
        for (pattern, name, is_match) in [
            ("*", "", true),
            ("Get*", "getobject", true),
            ("*Object", "GetObject", true),
            ("*Object", "GetObjectAcl", false),
            ("G*t*t", "GetObject", true),
            ("G?tObject", "GetObject", true),
            ("G??tObject", "GetObject", false),
            ("GetObject?", "GetObject", false),
            ("*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false),
            ("", "a", false),
        ] {
            assert_eq!(matches(pattern.as_bytes(), name.as_bytes()), is_match, "{pattern} {name}");
        }
    }
}
