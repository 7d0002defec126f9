//! F5001, F5002: a role lacks what the template makes it do.

use super::{
    need::{Need, Needs, needs},
    resource_policy::ResourcePolicies,
    role::{Role, roles},
    symbol::Answer,
};
use crate::{
    check::{
        permission::closed::is_closed,
        subject::{Check, Subject},
    },
    diagnostic::{Diagnostic, Severity},
    rule::Rule,
};

static FAILS: Rule = Rule {
    code: "F5001",
    severity: Severity::Error,
    title: "a role that lacks what a task, a source or a target needs",
    why: "\
The template makes a role do something (a task of a state machine, an event source of a function,
a target of a rule) that none of the role's policies allows. It fails with `AccessDenied`: where
the service looks at the role at once, while the stack deploys, else with the first run. Only
roles whose policies all stand in the template, or are well-known ones of AWS, are looked at; what
a parameter or an import may still allow is not reported.",
    fails: "\
Resources:
  Letters:
    Type: AWS::SQS::Queue
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
      Policies:
      - PolicyName: Send
        PolicyDocument:
          Version: '2012-10-17'
          Statement:
          - Effect: Allow
            Action: sqs:ReceiveMessage
            Resource: !GetAtt Letters.Arn
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: !GetAtt Role.Arn
      Definition:
        StartAt: Send
        States:
          Send:
            Type: Task
            Resource: arn:aws:states:::sqs:sendMessage
            Parameters:
              QueueUrl: !Ref Letters
              MessageBody: Hello
            End: true",
    passes: "\
Resources:
  Letters:
    Type: AWS::SQS::Queue
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
      Policies:
      - PolicyName: Send
        PolicyDocument:
          Version: '2012-10-17'
          Statement:
          - Effect: Allow
            Action: sqs:SendMessage
            Resource: !GetAtt Letters.Arn
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: !GetAtt Role.Arn
      Definition:
        StartAt: Send
        States:
          Send:
            Type: Task
            Resource: arn:aws:states:::sqs:sendMessage
            Parameters:
              QueueUrl: !Ref Letters
              MessageBody: Hello
            End: true",
    docs: Some("https://docs.aws.amazon.com/step-functions/latest/dg/service-integration-iam-templates.html"),
};

static LOSES: Rule = Rule {
    code: "F5002",
    severity: Severity::Warning,
    title: "a role that lacks what logs, traces or a waiting task need",
    why: "\
Something of the template goes on without what its role is not allowed, and loses by it: a
function that may not write its log leaves none, a machine that may not send traces has none, a
task that waits for a job cannot stop it.",
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
  Render:
    Type: AWS::Lambda::Function
    Properties:
      Handler: index.handler
      Runtime: python3.13
      Role: !GetAtt Role.Arn
      Code:
        ZipFile: 'def handler(event, context): return event'",
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
            Service: lambda.amazonaws.com
          Action: sts:AssumeRole
      ManagedPolicyArns:
      - arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole
  Render:
    Type: AWS::Lambda::Function
    Properties:
      Handler: index.handler
      Runtime: python3.13
      Role: !GetAtt Role.Arn
      Code:
        ZipFile: 'def handler(event, context): return event'",
    docs: Some("https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html"),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&FAILS, &LOSES], run: check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    if !is_closed(subject.template) {
        return;
    }
    let needs = needs(subject);
    let roles = roles(needs.names);
    let policies = ResourcePolicies::new(needs.names);
    let is_missing = |need: &&Need<'_>| {
        let role = roles.iter().find(|role| role.id == need.role);
        role.is_some_and(|role| need.answer(role, &policies) == Answer::No)
    };
    let missing: Vec<&Need<'_>> = needs.found.iter().filter(is_missing).collect();
    // What one place lacks on one resource is one fault.
    for lack in missing.chunk_by(|one, next| one.is_beside(next)) {
        let Some(first) = lack.first() else { continue };
        let actions: Vec<String> = lack.iter().map(|need| format!("`{}`", need.action)).collect();
        let on = first.resource.as_ref().map(|on| format!(" on `{}`", needs.names.shown(on))).unwrap_or_default();
        let rule = if first.severity == Severity::Error { &FAILS } else { &LOSES };
        let message = format!(
            "{} needs {}{on}, which `{}` does not allow; expected a policy of the role that does",
            first.who,
            actions.join(", "),
            first.role,
        );
        let fault = rule.at(first.path.clone(), message);
        let role = roles.iter().find(|role| role.id == first.role);
        let elsewhere = role.map(|role| elsewhere(role, &first.action, &needs)).unwrap_or_default();
        found.push(match elsewhere.as_slice() {
            [] => fault,
            others => fault.help(format!("it allows `{}` on {}", first.action, others.join(", "))),
        });
    }
}

/// What a role allows an action on.
fn elsewhere(role: &Role<'_>, action: &str, needs: &Needs<'_>) -> Vec<String> {
    let allows = role.statements.iter().filter(|statement| statement.allows && !statement.has_exceptions());
    let allows = allows.filter(|statement| statement.speaks_of(action, None) != Answer::No);
    let resources = allows.flat_map(|statement| statement.pairs()).filter_map(|(_, on)| on);
    let mut shown: Vec<String> = resources.map(|on| format!("`{}`", needs.names.shown(on))).collect();
    shown.dedup();
    shown
}
