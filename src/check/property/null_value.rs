//! F1013: a null, which CloudFormation refuses wherever it stands.

use crate::{
    check::subject::{Check, Subject},
    diagnostic::{Diagnostic, Severity},
    json::{Pointer, walk},
    rule::Rule,
};

static NULL_VALUE: Rule = Rule {
    code: "F1013",
    severity: Severity::Error,
    title: "a null",
    why: "\
A value of the template is null. CloudFormation takes a null nowhere and refuses the whole template
before it makes anything (\"Null values are not allowed in templates\"). In YAML a key with nothing
behind it is null too. A property that is to be left out in some cases is `!Ref AWS::NoValue` in one
branch of `Fn::If`.",
    fails: "\
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      QueueName:",
    passes: "\
Resources:
  Orders:
    Type: AWS::SQS::Queue",
    docs: Some("https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html"),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&NULL_VALUE], run: check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for (section, entries) in subject.template.as_json().as_object().into_iter().flatten() {
        walk(entries, &Pointer::at(section), &mut |json, at| {
            if json.is_null() {
                let message = "the value is null; expected one, since CloudFormation takes no null in a template";
                found.push(
                    NULL_VALUE
                        .at(at.to_string(), message)
                        .help("leave it out; a number that is not finite is null too"),
                );
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{check::assert_finds, stack::RawResource, stack::Stack};

    const DOCS: &str = "docs https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html";

    #[test]
    fn a_null_is_refused_wherever_it_stands() {
        let fault = |path: &str| {
            format!(
                "error[F1013]: the value is null; expected one, since CloudFormation takes no null in a template\n  \
                 at   {path}\n  help leave it out; a number that is not finite is null too\n  {DOCS}"
            )
        };
        assert_finds(
            check,
            json!({
                "Parameters": {"P": {"Type": "Number", "Default": null}},
                "Resources": {"R": {"Type": "X::Y::Z", "Properties": {"A": "null", "B": [{"C": null}]}}},
            }),
            &[&fault("Parameters/P/Default"), &fault("Resources/R/Properties/B/0/C")],
        );
    }

    #[test]
    fn a_number_that_json_cannot_hold_is_told_with_the_rust_line() {
        let mut stack = Stack::new("numbers");
        let line = line!() + 1;
        stack.add("R", RawResource::new("X::Y::Z").property("Rate", f64::NAN));
        let found = stack.diagnostics();
        let [fault] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!((fault.code, fault.path.as_str()), ("F1013", "Resources/R/Properties/Rate"));
        assert_eq!(fault.declared_at.as_ref().unwrap().line, line);
    }
}
