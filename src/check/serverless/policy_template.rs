//! F8002: a template of a policy that there is none of, or that lacks a parameter.

use crate::{
    check::{
        subject::{Check, Subject},
        value::Seen,
        view::each_view,
    },
    data::serverless::{policies, policy},
    diagnostic::{Diagnostic, Severity},
    json::Json,
    rule::Rule,
    template::intrinsic::{TRANSFORM, is_function},
};

static POLICY_TEMPLATE: Rule = Rule {
    code: "F8002",
    severity: Severity::Error,
    title: "a template of a policy that does not exist, or lacks a parameter",
    why: "\
`Policies` of a function or a state machine are ARNs and names of policies, documents with
`Statement`, and templates of policies by their names, each with all its parameters. The transform
refuses a map that is none of them, and a template without one of its parameters; so the whole
template is refused.",
    fails: "\
Transform: AWS::Serverless-2016-10-31
Resources:
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: worker
      Runtime: python3.13
      Handler: worker.handle
      Policies:
      - SQSPollerPolicy: {Queue: orders}",
    passes: "\
Transform: AWS::Serverless-2016-10-31
Resources:
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: worker
      Runtime: python3.13
      Handler: worker.handle
      Policies:
      - SQSPollerPolicy: {QueueName: orders}",
    docs: Some(
        "https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-template-list.html",
    ),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&POLICY_TEMPLATE], run: check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    each_view(subject, &["AWS::Serverless::Function", "AWS::Serverless::StateMachine"], found, &mut |view, found| {
        // With a role of its own none of them is looked at.
        if !view.is_missing("Role") {
            return;
        }
        if let Some(policies) = view.elements("Policies") {
            for (position, policy) in policies.into_iter().enumerate() {
                one(policy, &format!("{}/{position}", view.at("Policies")), found);
            }
        } else if let Seen::Known(policy) = view.seen("Policies") {
            one(&policy, &view.at("Policies"), found);
        }
    });
}

fn one(given: &Json, at: &str, found: &mut Vec<Diagnostic>) {
    let Some(members) = given.as_object() else { return };
    if members.contains_key("Statement") || members.keys().any(|key| is_function(key) || key == TRANSFORM) {
        return;
    }
    let mut names = members.iter();
    let (Some((name, parameters)), None) = (names.next(), names.next()) else {
        let what = if members.is_empty() { "empty" } else { "no document with `Statement`" };
        let message = format!("the policy is {what}; expected one, or the name of a template with its parameters");
        found.push(POLICY_TEMPLATE.at(at, message));
        return;
    };
    let at = format!("{at}/{}", crate::json::escape(name));
    let Some(template) = policy(name) else {
        let message = format!("`{name}` is no template of a policy; expected one that the transform has");
        found.push(POLICY_TEMPLATE.at(at, message).did_you_mean(name, policies().map(|policy| policy.name)));
        return;
    };
    let Some(given) = parameters.as_object() else {
        found.push(POLICY_TEMPLATE.at(at, format!("what `{name}` is given is no map; expected one of its parameters")));
        return;
    };
    if given.keys().any(|key| is_function(key)) {
        return;
    }
    for parameter in template.parameters().filter(|parameter| !given.contains_key(*parameter)) {
        found.push(POLICY_TEMPLATE.at(&*at, format!("`{name}` lacks its parameter `{parameter}`; expected it")));
    }
}
