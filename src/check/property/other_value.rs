//! E1040 and E1041: a reference that gives another kind of value than the property takes, as a URL for an ARN.

mod given;
mod taken;

use self::{
    given::{Given, given, rows},
    taken::refusal,
};
use crate::{
    check::subject::{Check, Entry, Subject},
    diagnostic::{Diagnostic, Path, Severity},
    rule::Rule,
    schema::{self, ResourceSchema},
    template::reference::{Reference, ReferenceKind},
};

const WHY: &str = "\
What `Ref` and an attribute give differs from type to type: the name of a role, the URL of a
queue, the ARN of a topic. The property takes another kind of value, so that AWS refuses it, or
finds nothing that has it.";

const DOCS: Option<&str> = Some(
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-ref.html",
);

const PASSES: &str = "\
Resources:
  Failed: {Type: AWS::SQS::Queue}
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 3}";

static ATTRIBUTE: Rule = Rule {
    code: "E1040",
    severity: Severity::Error,
    title: "an attribute that is not what the property takes",
    why: WHY,
    fails: "\
Resources:
  Failed: {Type: AWS::SQS::Queue}
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.QueueName, maxReceiveCount: 3}",
    passes: PASSES,
    docs: DOCS,
};

static REFERENCE: Rule = Rule {
    code: "E1041",
    severity: Severity::Error,
    title: "a `Ref` that does not give what the property takes",
    why: WHY,
    fails: "\
Resources:
  Failed: {Type: AWS::SQS::Queue}
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      RedrivePolicy: {deadLetterTargetArn: !Ref Failed, maxReceiveCount: 3}",
    passes: PASSES,
    docs: DOCS,
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&ATTRIBUTE, &REFERENCE], run: check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    if subject.is_open() {
        return;
    }
    for entry in &subject.resources {
        let kind = if entry.kind.starts_with("Custom::") { "AWS::CloudFormation::CustomResource" } else { entry.kind };
        let Some(schema) = schema::of(kind) else { continue };
        let references = subject.references_of(entry.name);
        found.extend(references.filter_map(|reference| of_reference(subject, entry, kind, schema, reference)));
    }
}

fn of_reference(
    subject: &Subject<'_>,
    entry: &Entry<'_>,
    kind: &str,
    schema: &ResourceSchema,
    reference: &Reference<'_>,
) -> Option<Diagnostic> {
    let rule = match reference.kind {
        ReferenceKind::Ref => &REFERENCE,
        ReferenceKind::GetAtt => &ATTRIBUTE,
        _ => return None,
    };
    let inner = reference.path.strip_prefix(&entry.path)?.strip_prefix("/Properties/")?;
    let target = subject.template.as_json().get("Resources")?.get(reference.to)?.get("Type")?.as_str()?;
    let gives = given(target, reference.attribute)?;
    let refuses = taker(entry, kind, schema, inner)?;
    let expected = refuses(gives)?;
    let name = reference.to;
    let is = match reference.attribute {
        Some(attribute) => format!("`Fn::GetAtt` of `{name}.{attribute}` gives {}", called(gives)),
        None => format!("`Ref` of `{name}` gives {}", called(gives)),
    };
    let diagnostic = rule.at(reference.path.as_str(), format!("{is}; expected {expected}"));
    let better = rows(target).find(|(.., other)| refuses(*other).is_none());
    Some(match better {
        Some((_, "Ref", _)) => diagnostic.help(format!("`!Ref {name}` gives it")),
        Some((_, attribute, _)) => diagnostic.help(format!("`!GetAtt {name}.{attribute}` gives it")),
        None => diagnostic,
    })
}

/// What tells whether the property at a place refuses a value, and what it takes instead; none where the place is not
/// all of a property or of an element.
fn taker<'s>(
    entry: &Entry<'_>,
    kind: &'s str,
    schema: &'s ResourceSchema,
    place: &str,
) -> Option<impl Fn(Given) -> Option<&'static str> + 's> {
    let place = Path::from(place);
    let mut segments = place.segments();
    let mut names = Vec::new();
    while let Some(segment) = segments.next() {
        if segment == "Fn::If" {
            segments.next();
        } else if segment.starts_with("Fn::") {
            return None;
        } else if !segment.bytes().all(|byte| byte.is_ascii_digit()) {
            names.push(segment);
        }
    }
    let path = names.join(".");
    let property = schema.resolve(schema.property(&path)?);
    let takes_arn = path.ends_with("Endpoint") && kind.starts_with("AWS::SNS::") && is_for_arns(entry, &place);
    Some(move |given| refusal(kind, schema, property, if takes_arn { "EndpointArn" } else { &path }, given))
}

/// Whether the protocol beside the endpoint of a subscription is one whose endpoints are ARNs.
fn is_for_arns(entry: &Entry<'_>, endpoint: &Path) -> bool {
    let holder = endpoint.within("/Properties").parent();
    let protocol = holder.and_then(|holder| entry.json.pointer(holder.as_str())?.get("Protocol")?.as_str());
    protocol.is_some_and(|protocol| ["sqs", "lambda", "firehose"].contains(&protocol))
}

fn called(given: Given) -> String {
    match given {
        Given::Name => "a name".to_owned(),
        Given::Like(text) if text.starts_with("arn:") => "an ARN".to_owned(),
        Given::Like(text) if text.starts_with("http") => "a URL".to_owned(),
        Given::Like(text) => format!("a text like `{text}`"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::check::assert_finds;

    #[test]
    fn a_url_where_an_arn_belongs_is_a_fault_and_a_role_of_a_task_may_be_a_name() {
        let template = |alarm: &str| {
            json!({"Resources": {
                "Queue": {"Type": "AWS::SQS::Queue"},
                "Role": {"Type": "AWS::IAM::Role"},
                "Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": {"AlarmActions": [{alarm: "Queue"}]}},
                "Task": {"Type": "AWS::ECS::TaskDefinition", "Properties": {"TaskRoleArn": {"Ref": "Role"}}},
            }})
        };
        assert_finds(
            check,
            template("Ref"),
            &[&format!(
                "error[E1041]: `Ref` of `Queue` gives a URL; expected an ARN\n  \
                 at   Resources/Alarm/Properties/AlarmActions/0\n  help `!GetAtt Queue.Arn` gives it\n  docs {}",
                DOCS.unwrap()
            )],
        );
        assert_finds(check, template("Fn::ImportValue"), &[]);
    }
}
