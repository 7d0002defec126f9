//! What an expression may read, what names are for, what an integration can do, and what runs though no way leads to it
//! or out of it.

use crate::{asl::validate::pages, diagnostic::Severity, rule::Rule};

const JSONATA: Option<&str> = Some("https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html");
const DISTRIBUTED: Option<&str> =
    Some("https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html");

pub(super) static INVALID_EXPRESSION: Rule = Rule {
    code: "INVALID_JSONATA_EXPRESSION",
    severity: Severity::Error,
    title: "a JSONata expression that cannot be read",
    why: "\
What stands between `{%` and `%}` is no expression of JSONata 2.0.6. Step Functions refuses the
definition with the message of its parser.",
    fails: r#"{"QueryLanguage": "JSONata", "StartAt": "Render", "States": {
  "Render": {"Type": "Pass", "Output": "{% $states.input.page + %}", "End": true}
}}"#,
    passes: r#"{"QueryLanguage": "JSONata", "StartAt": "Render", "States": {
  "Render": {"Type": "Pass", "Output": "{% $states.input.page + 1 %}", "End": true}
}}"#,
    docs: JSONATA,
};

pub(super) static UNSUPPORTED_EXPRESSION: Rule = Rule {
    code: "UNSUPPORTED_JSONATA_EXPRESSION",
    severity: Severity::Error,
    title: "an expression reads what is not there",
    why: "\
An expression has no input of its own: a name, `$` or `$$` at its outermost level would read
nothing. The input of the state is `$states.input`, a variable is `$name`; inside of a path, a
predicate, a sort or a group a name is read from the item. `$states.result` is there in the
`Output` and `Assign` of a `Task`, a `Parallel` and a `Map`, `$states.errorOutput` in those of a
catcher, and `$states` has `input` and `context` beside them. Step Functions refuses the
definition.",
    fails: r#"{"QueryLanguage": "JSONata", "StartAt": "Render", "States": {
  "Render": {"Type": "Pass", "Output": "{% page + $states.result %}", "End": true}
}}"#,
    passes: r#"{"QueryLanguage": "JSONata", "StartAt": "Render", "States": {
  "Render": {"Type": "Pass", "Output": "{% $states.input.orders[page = 1] %}", "End": true}
}}"#,
    docs: JSONATA,
};

pub(super) static HALF_OPEN: Rule = Rule {
    code: "SCHEMA_VALIDATION_FAILED",
    severity: Severity::Error,
    title: "a text that is half of a JSONata expression",
    why: "\
In a JSONata state a text is an expression where it begins with `{%` and ends with `%}`, without
spaces before and after. Where it has only one of the two, Step Functions refuses the definition.",
    fails: r#"{"QueryLanguage": "JSONata", "StartAt": "Render", "States": {
  "Render": {"Type": "Pass", "Output": {"page": "{% $states.input.page"}, "End": true}
}}"#,
    passes: r#"{"QueryLanguage": "JSONata", "StartAt": "Render", "States": {
  "Render": {"Type": "Pass", "Output": {"page": "{% $states.input.page %}"}, "End": true}
}}"#,
    docs: JSONATA,
};

pub(super) static OUTER_VARIABLE: Rule = Rule {
    code: "SCHEMA_VALIDATION_FAILED",
    severity: Severity::Error,
    title: "a branch or an iteration assigns a variable that was assigned around it",
    why: "\
The states of a branch and of an item processor read the variables around them and assign only
their own: a name that is assigned on any way to the `Parallel` or the `Map`, in the `Assign` of a
state, a catcher or a rule, is taken. Branches beside each other may use the same name, and the
executions of a distributed `Map` see nothing of what is around it. Step Functions refuses the
definition.",
    fails: r#"{"QueryLanguage": "JSONata", "StartAt": "Count", "States": {
  "Count": {"Type": "Pass", "Assign": {"pages": 1}, "Next": "Each"},
  "Each": {"Type": "Map", "End": true, "ItemProcessor": {"StartAt": "Render", "States": {
    "Render": {"Type": "Pass", "Assign": {"pages": 2}, "End": true}
  }}}
}}"#,
    passes: r#"{"QueryLanguage": "JSONata", "StartAt": "Count", "States": {
  "Count": {"Type": "Pass", "Assign": {"pages": 1}, "Next": "Each"},
  "Each": {"Type": "Map", "End": true, "ItemProcessor": {"StartAt": "Render", "States": {
    "Render": {"Type": "Pass", "Assign": {"page": "{% $pages + 1 %}"}, "End": true}
  }}}
}}"#,
    docs: Some("https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html"),
};

pub(super) static LABEL: Rule = Rule {
    code: "SCHEMA_VALIDATION_FAILED",
    severity: Severity::Error,
    title: "a label that is too long, has a character that it may not have, or is used twice",
    why: "\
The `Label` of a distributed `Map` becomes a part of ARNs: at most 40 characters, without white
space, wildcards, brackets, control characters and any of `: ; , \\ | ^ ~ $ # % & \" `` `, and each
label once in the whole workflow. Step Functions refuses the definition.",
    fails: r#"{"StartAt": "Each", "States": {"Each": {"Type": "Map", "Label": "each page", "End": true, "ItemProcessor": {
  "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
  "StartAt": "Render", "States": {"Render": {"Type": "Succeed"}}
}}}}"#,
    passes: r#"{"StartAt": "Each", "States": {"Each": {"Type": "Map", "Label": "each-page", "End": true, "ItemProcessor": {
  "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
  "StartAt": "Render", "States": {"Render": {"Type": "Succeed"}}
}}}}"#,
    docs: DISTRIBUTED,
};

pub(super) static INTEGRATION: Rule = Rule {
    code: "SCHEMA_VALIDATION_FAILED",
    severity: Severity::Error,
    title: "a task calls something in a way that there is not",
    why: "\
A `Resource` is an ARN: of an optimized integration and an action that it has, or of `aws-sdk`,
which has most others. `.sync` waits for a job and `.waitForTaskToken` for an answer where the
action has that: `.sync` for those that run jobs, `.sync:2` only for `states:startExecution`, none
of them for DynamoDB, and no `.sync` for `aws-sdk`. The `Payload` of a function is an object, a
text, an array or null, no number and no boolean. Step Functions refuses the definition.",
    fails: r#"{"StartAt": "Render", "States": {
  "Render": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.sync", "End": true}
}}"#,
    passes: r#"{"StartAt": "Render", "States": {
  "Render": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true}
}}"#,
    docs: Some(pages::INTEGRATIONS),
};

pub(super) static SDK_ACTION: Rule = Rule {
    code: "SCHEMA_VALIDATION_FAILED",
    severity: Severity::Error,
    title: "a task calls a service or an action of the AWS SDK that there is not",
    why: "\
`aws-sdk:serviceName:apiAction` names the service as the AWS SDK for Java does (`sfn`,
`cloudwatchlogs`, `eventbridge`), and the action in camel case. Step Functions refuses the
definition where it knows no such service or action, or does not offer it (`sts:assumeRole`). What
is newer than the list that the message names is refused here too.",
    fails: r#"{"StartAt": "List", "States": {
  "List": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:logs:DescribeLogGroups", "End": true}
}}"#,
    passes: r#"{"StartAt": "List", "States": {
  "List": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:cloudwatchlogs:describeLogGroups", "End": true}
}}"#,
    docs: Some(pages::SDK),
};

pub(super) static ISLAND: Rule = Rule {
    code: "F2006",
    severity: Severity::Warning,
    title: "states that only lead to each other",
    why: "\
Something goes to each of the states, and no way leads to any of them from `StartAt`. Step
Functions takes the definition, and they never run. A state to which nothing goes at all it
refuses.",
    fails: r#"{"StartAt": "Done", "States": {
  "Done": {"Type": "Succeed"},
  "Ask": {"Type": "Pass", "Next": "Wait"},
  "Wait": {"Type": "Wait", "Seconds": 60, "Next": "Ask"}
}}"#,
    passes: r#"{"StartAt": "Ask", "States": {
  "Done": {"Type": "Succeed"},
  "Ask": {"Type": "Choice", "Choices": [{"Variable": "$.done", "BooleanEquals": true, "Next": "Done"}], "Default": "Wait"},
  "Wait": {"Type": "Wait", "Seconds": 60, "Next": "Ask"}
}}"#,
    docs: Some(pages::STRUCTURE),
};

pub(super) static ENDLESS_SCOPE: Rule = Rule {
    code: "F2007",
    severity: Severity::Warning,
    title: "no state ends a branch or an iteration",
    why: "\
Every state of the branch or the item processor goes to another one of it, so that it ends only
with an error. Step Functions takes that; of a whole workflow it refuses it.",
    fails: r#"{"StartAt": "Both", "States": {"Both": {"Type": "Parallel", "End": true, "Branches": [
  {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 60, "Next": "Wait"}}}
]}}}"#,
    passes: r#"{"StartAt": "Both", "States": {"Both": {"Type": "Parallel", "End": true, "Branches": [
  {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 60, "End": true}}}
]}}}"#,
    docs: Some(pages::STRUCTURE),
};
