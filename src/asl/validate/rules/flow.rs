//! The rules of what reaches a state.

use crate::{diagnostic::Severity, rule::Rule};

const DOCS: Option<&str> =
    Some("https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html");

pub(in crate::asl::validate) static NOT_THERE: Rule = Rule {
    code: "F2101",
    severity: Severity::Error,
    title: "a state reads what does not reach it",
    why: "\
A path or an expression reads a member or a variable that is not there, on whatever route its state
is reached: what does reach it is known from the literals and templates before it, from the results
of the integrations, from `Catch`, and from the types that a workflow in Rust declares. The state
fails: in JSONPath since a path must lead somewhere, in JSONata since the expression is undefined as
a whole. An `ItemSelector` fails for each item, a rule or a catcher where it is taken. What is not
known is not judged.",
    fails: r#"{"StartAt": "Count", "States": {
  "Count": {"Type": "Pass", "Result": {"pages": 3}, "Next": "Render"},
  "Render": {"Type": "Pass", "Parameters": {"count.$": "$.page"}, "End": true}
}}"#,
    passes: r#"{"StartAt": "Count", "States": {
  "Count": {"Type": "Pass", "Result": {"pages": 3}, "Next": "Render"},
  "Render": {"Type": "Pass", "Parameters": {"count.$": "$.pages"}, "End": true}
}}"#,
    docs: DOCS,
};

pub(in crate::asl::validate) static NOT_ON_EVERY_ROUTE: Rule = Rule {
    code: "F2102",
    severity: Severity::Warning,
    title: "a state reads what does not reach it on one of its routes",
    why: "\
Two routes lead to a state, and what it reads is there on one of them only: an execution that takes
the other fails there. A `Choice` on the way may see to it that no execution does, so that what
comes behind one is not reported.",
    fails: r#"{"QueryLanguage": "JSONata", "StartAt": "Publish", "States": {
  "Publish": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Next": "Say",
              "Arguments": {"TopicArn": "arn:aws:sns:eu-west-1:123456789012:news", "Message": "ready"},
              "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Say"}]},
  "Say": {"Type": "Pass", "Output": "{% $states.input.MessageId %}", "End": true}
}}"#,
    passes: r#"{"QueryLanguage": "JSONata", "StartAt": "Publish", "States": {
  "Publish": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Next": "Say",
              "Arguments": {"TopicArn": "arn:aws:sns:eu-west-1:123456789012:news", "Message": "ready"},
              "Catch": [{"ErrorEquals": ["States.ALL"], "Output": {"MessageId": "none"}, "Next": "Say"}]},
  "Say": {"Type": "Pass", "Output": "{% $states.input.MessageId %}", "End": true}
}}"#,
    docs: DOCS,
};

pub(in crate::asl::validate) static LEFT_OUT: Rule = Rule {
    code: "F2103",
    severity: Severity::Warning,
    title: "a part of an expression, or a later rule, reads what does not reach its state",
    why: "\
What is not there is undefined in JSONata, which does not fail by itself: a text is put together
without it, an object lacks a member. A rule of a `Choice` in JSONPath fails when it is asked, which
an earlier one may prevent. Either is most often a name that is spelled otherwise where it comes
from. A question whether something is there, `$exists(…)` or `IsPresent`, is reported where a
declared type says that it never is.",
    fails: r#"{"QueryLanguage": "JSONata", "StartAt": "Count", "States": {
  "Count": {"Type": "Pass", "Output": {"pages": 3}, "Next": "Say"},
  "Say": {"Type": "Pass", "Output": "{% $states.input.page & ' pages' %}", "End": true}
}}"#,
    passes: r#"{"QueryLanguage": "JSONata", "StartAt": "Count", "States": {
  "Count": {"Type": "Pass", "Output": {"pages": 3}, "Next": "Say"},
  "Say": {"Type": "Pass", "Output": "{% $states.input.pages & ' pages' %}", "End": true}
}}"#,
    docs: Some("https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html"),
};
