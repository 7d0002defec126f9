//! What `import` refuses.

use crate::{diagnostic::Severity, rule::Rule};

pub(super) static REFUSED: Rule = Rule {
    code: "F1040",
    severity: Severity::Error,
    title: "a template that no stack can have",
    why: "\
A section of the template is not of the form that CloudFormation reads: a list in place of
entries, a description that is no text, another version of the format; or a parameter has the name
of a resource. Code that composes a stack would give another template, so none is written.",
    fails: r#"
Resources:
- Type: AWS::SNS::Topic"#,
    passes: r#"
Resources:
  Mails:
    Type: AWS::SNS::Topic"#,
    docs: Some("https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html"),
};

/// The rules whose faults an import reports.
pub(crate) static RULES: [&Rule; 1] = [&REFUSED];
