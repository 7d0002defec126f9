//! E3038: a type of the Serverless Application Model in a template that does not name its transform.

use crate::{
    check::subject::{Check, Subject},
    diagnostic::{Diagnostic, Severity},
    rule::Rule,
    template::Template,
};

/// The name of the transform.
pub(in crate::check) const SERVERLESS: &str = "AWS::Serverless-2016-10-31";

static NO_TRANSFORM: Rule = Rule {
    code: "E3038",
    severity: Severity::Error,
    title: "a type of the Serverless Application Model without its transform",
    why: "\
`AWS::Serverless::…` are no resource types of CloudFormation: the transform
`AWS::Serverless-2016-10-31` makes resources of them before the template is deployed. Without it
CloudFormation refuses the template (\"Unrecognized resource types\").",
    fails: "\
Resources:
  Worker:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: worker, Runtime: python3.13, Handler: worker.handle}",
    passes: "\
Transform: AWS::Serverless-2016-10-31
Resources:
  Worker:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: worker, Runtime: python3.13, Handler: worker.handle}",
    docs: Some(
        "https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy.html",
    ),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&NO_TRANSFORM], run: check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    if subject.is_open() || is_serverless(subject.template) {
        return;
    }
    for entry in subject.resources.iter().filter(|entry| entry.kind.starts_with("AWS::Serverless::")) {
        let message = format!(
            "`{}` is of the Serverless Application Model; expected `Transform: {SERVERLESS}` in the template",
            entry.kind
        );
        found.push(NO_TRANSFORM.at(format!("{}/Type", entry.path), message));
    }
}

/// Tells whether the transform of the Serverless Application Model reads the template.
pub(in crate::check) fn is_serverless(template: &Template) -> bool {
    template.transforms().any(|name| name == Some(SERVERLESS))
}
