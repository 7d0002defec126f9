//! The rules of definitions: what each code stands for.

mod call;
mod creation;
mod flow;

use super::pages;
use crate::{diagnostic::Severity, rule::Rule};

const STRUCTURE: Option<&str> = Some(pages::STRUCTURE);
const ERRORS: Option<&str> = Some(pages::ERRORS);
const SUBSTITUTIONS: Option<&str> = Some(
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-stepfunctions-statemachine.html",
);

const SOUND: &str = r#"{"StartAt": "Render", "States": {
  "Render": {"Type": "Pass", "Next": "Done"},
  "Done": {"Type": "Succeed"}
}}"#;

static DUPLICATE_STATE_NAME: Rule = Rule {
    code: "DUPLICATE_STATE_NAME",
    severity: Severity::Error,
    title: "two states of the same name",
    why: "\
A name is used once in the whole state machine, branches and iterations included, so that the
history of an execution is unambiguous. Step Functions refuses the definition.",
    fails: r#"{"StartAt": "Both", "States": {
  "Both": {"Type": "Parallel", "End": true, "Branches": [
    {"StartAt": "Both", "States": {"Both": {"Type": "Succeed"}}}
  ]}
}}"#,
    passes: r#"{"StartAt": "Both", "States": {
  "Both": {"Type": "Parallel", "End": true, "Branches": [
    {"StartAt": "First", "States": {"First": {"Type": "Succeed"}}}
  ]}
}}"#,
    docs: STRUCTURE,
};

static ERROR_EQUALS: Rule = Rule {
    code: "SCHEMA_VALIDATION_FAILED",
    severity: Severity::Error,
    title: "a retrier or catcher names no error, or `States.ALL` beside or before others",
    why: "\
`ErrorEquals` lists at least one error. `States.ALL` stands for every error, so that it stands alone
in its list, and in the last element of `Retry` or `Catch`: what follows would never be looked at.
Step Functions refuses the definition.",
    fails: r#"{"StartAt": "Call", "States": {
  "Call": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "End": true,
           "Retry": [{"ErrorEquals": ["States.ALL"]}, {"ErrorEquals": ["States.Timeout"]}]}
}}"#,
    passes: r#"{"StartAt": "Call", "States": {
  "Call": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "End": true,
           "Retry": [{"ErrorEquals": ["States.Timeout"]}, {"ErrorEquals": ["States.ALL"]}]}
}}"#,
    docs: ERRORS,
};

static EXPRESS: Rule = Rule {
    code: "SCHEMA_VALIDATION_FAILED",
    severity: Severity::Error,
    title: "an express workflow waits for a job, a task token or an activity, or distributes a `Map`",
    why: "\
An express workflow takes five minutes at most and cannot be woken: `.sync`, `.sync:2`,
`.waitForTaskToken` and activities are for standard workflows. The same holds for the iterations of
a distributed `Map` whose `ExecutionType` is `EXPRESS`. Step Functions refuses the definition.",
    fails: r#"{"StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true, "ItemProcessor": {
  "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
  "StartAt": "Start",
  "States": {"Start": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2", "End": true}}
}}}}"#,
    passes: r#"{"StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true, "ItemProcessor": {
  "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
  "StartAt": "Start",
  "States": {"Start": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2", "End": true}}
}}}}"#,
    docs: Some("https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html"),
};

static INVALID_STATE_NAME: Rule = Rule {
    code: "INVALID_STATE_NAME",
    severity: Severity::Error,
    title: "the name of a state is empty or too long",
    why: "The name of a state has 1 to 80 characters. Step Functions refuses the definition.",
    fails: r#"{"StartAt": "", "States": {"": {"Type": "Succeed"}}}"#,
    passes: r#"{"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}"#,
    docs: STRUCTURE,
};

static MISSING_END_STATE: Rule = Rule {
    code: "MISSING_END_STATE",
    severity: Severity::Error,
    title: "no state ends a workflow",
    why: "\
Every state goes to another one, so that an execution could not end. At least one state of the
workflow is a `Succeed`, a `Fail`, or has `\"End\": true`. Step Functions refuses the definition.",
    fails: r#"{"StartAt": "Wait", "States": {
  "Wait": {"Type": "Wait", "Seconds": 60, "Next": "Wait"}
}}"#,
    passes: r#"{"StartAt": "Wait", "States": {
  "Wait": {"Type": "Wait", "Seconds": 60, "End": true}
}}"#,
    docs: STRUCTURE,
};

static MISSING_FIELD: Rule = Rule {
    code: "SCHEMA_VALIDATION_FAILED",
    severity: Severity::Error,
    title: "a required field is missing, or two exclude each other",
    why: "\
A state has a `Type` and says where it goes, by `Next` or by `End`; a `Task` has a `Resource`, a
`Wait` one of four ways to say how long. Other fields are two ways to say one thing, a literal and a
path, of which there is one. Step Functions refuses the definition.",
    fails: r#"{"StartAt": "Pause", "States": {
  "Pause": {"Type": "Wait", "End": true}
}}"#,
    passes: r#"{"StartAt": "Pause", "States": {
  "Pause": {"Type": "Wait", "Seconds": 60, "End": true}
}}"#,
    docs: STRUCTURE,
};

static MISSING_TRANSITION_TARGET: Rule = Rule {
    code: "MISSING_TRANSITION_TARGET",
    severity: Severity::Error,
    title: "a state goes to one that does not exist",
    why: "\
`StartAt`, `Next` and `Default` name a state of the same workflow, branch or item processor; no
state goes into a branch or out of it. Names are compared letter by letter. Step Functions refuses
the definition.",
    fails: r#"{"StartAt": "Render", "States": {
  "Render": {"Type": "Pass", "Next": "Doen"},
  "Done": {"Type": "Succeed"}
}}"#,
    passes: SOUND,
    docs: STRUCTURE,
};

static UNREACHABLE_STATE: Rule = Rule {
    code: "MISSING_TRANSITION_TARGET",
    severity: Severity::Error,
    title: "no way leads to a state",
    why: "\
Nothing goes to the state: no `StartAt`, `Next`, `Default`, rule or catcher. Step Functions refuses
such a definition by the same code as a missing target.",
    fails: r#"{"StartAt": "Render", "States": {
  "Render": {"Type": "Pass", "End": true},
  "Done": {"Type": "Succeed"}
}}"#,
    passes: SOUND,
    docs: STRUCTURE,
};

static NOTHING_TO_RUN: Rule = Rule {
    code: "SCHEMA_VALIDATION_FAILED",
    severity: Severity::Error,
    title: "something that holds states or rules holds none",
    why: "\
A workflow, a branch and an item processor have `StartAt` and at least one state, a `Parallel` at
least one branch, a `Choice` at least one rule, a `Map` an item processor; a distributed one says
its `ExecutionType`, and its `ItemBatcher` a limit. Step Functions refuses the definition.",
    fails: r#"{"StartAt": "Both", "States": {
  "Both": {"Type": "Parallel", "Branches": [], "End": true}
}}"#,
    passes: r#"{"StartAt": "Both", "States": {
  "Both": {"Type": "Parallel", "Branches": [{"StartAt": "One", "States": {"One": {"Type": "Succeed"}}}], "End": true}
}}"#,
    docs: STRUCTURE,
};

static OUT_OF_RANGE: Rule = Rule {
    code: "SCHEMA_VALIDATION_FAILED",
    severity: Severity::Error,
    title: "a number is smaller or larger than the service takes",
    why: "\
Seconds are 0 or 1 to 99,999,999, a `BackoffRate` at least 1, `MaxDelaySeconds` at most 31,622,400,
a percentage 0 to 100, and a `HeartbeatSeconds` less than the `TimeoutSeconds` beside it. Step
Functions refuses the definition. A number that an expression gives is known only when the state
runs.",
    fails: r#"{"StartAt": "Call", "States": {
  "Call": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "End": true,
           "Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 0}]}
}}"#,
    passes: r#"{"StartAt": "Call", "States": {
  "Call": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "End": true,
           "Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1}]}
}}"#,
    docs: ERRORS,
};

static QUERY_LANGUAGE: Rule = Rule {
    code: "SCHEMA_VALIDATION_FAILED",
    severity: Severity::Error,
    title: "a JSONPath state in a JSONata workflow, or a language that does not exist",
    why: "\
`QueryLanguage` is `JSONPath` or `JSONata`. A workflow in JSONPath, which is what it is without the
field, may hold states in JSONata, so that it can be moved state by state; the reverse Step
Functions refuses.",
    fails: r#"{"QueryLanguage": "JSONata", "StartAt": "Done", "States": {
  "Done": {"Type": "Succeed", "QueryLanguage": "JSONPath"}
}}"#,
    passes: r#"{"QueryLanguage": "JSONPath", "StartAt": "Done", "States": {
  "Done": {"Type": "Succeed", "QueryLanguage": "JSONata"}
}}"#,
    docs: Some("https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html"),
};

static UNKNOWN_FIELD: Rule = Rule {
    code: "SCHEMA_VALIDATION_FAILED",
    severity: Severity::Error,
    title: "a field that a state, or a part of one, of its type and query language does not have",
    why: "\
The field is misspelt, belongs to another type of state, or to the other query language: `Output`
and `Arguments` are JSONata's, `Parameters`, `ResultPath` and the other paths JSONPath's. Step
Functions refuses the definition.",
    fails: r#"{"QueryLanguage": "JSONata", "StartAt": "Render", "States": {
  "Render": {"Type": "Pass", "ResultPath": "$.page", "End": true}
}}"#,
    passes: r#"{"QueryLanguage": "JSONata", "StartAt": "Render", "States": {
  "Render": {"Type": "Pass", "Output": "{% $states.input.page %}", "End": true}
}}"#,
    docs: STRUCTURE,
};

static UNREADABLE: Rule = Rule {
    code: "SCHEMA_VALIDATION_FAILED",
    severity: Severity::Error,
    title: "a path, a time or another value that cannot be read",
    why: "\
A field holds what its place takes: a path begins with `$`, a `ResultPath` has fields and indices
only, a time is as RFC 3339 has it, words such as `FULL` or `DISTRIBUTED` are those that the service
knows, and an operator of a `Choice` takes a value of its own type. Step Functions refuses the
definition.",
    fails: r#"{"StartAt": "Render", "States": {
  "Render": {"Type": "Pass", "InputPath": "page", "End": true}
}}"#,
    passes: r#"{"StartAt": "Render", "States": {
  "Render": {"Type": "Pass", "InputPath": "$.page", "End": true}
}}"#,
    docs: STRUCTURE,
};

static UNKNOWN_TOKEN: Rule = Rule {
    code: "F2001",
    severity: Severity::Error,
    title: "a `${Token}` without a substitution",
    why: "\
CloudFormation replaces the tokens that are keys of `DefinitionSubstitutions`; any other stays in
the definition as it is and is sent to whatever the state calls. A pseudo parameter such as
`${AWS::Region}` is `Fn::Sub`'s, which does not reach into a definition that is an object: give a
token of its own the value `!Ref AWS::Region`.",
    fails: r#"
Resources:
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::123456789012:role/Run
      Definition: {StartAt: Call, States: {Call: {Type: Task, Resource: "${Called}", End: true}}}"#,
    passes: r#"
Resources:
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::123456789012:role/Run
      Definition: {StartAt: Call, States: {Call: {Type: Task, Resource: "${Called}", End: true}}}
      DefinitionSubstitutions: {Called: "arn:aws:states:::sns:publish"}"#,
    docs: SUBSTITUTIONS,
};

static UNUSED_SUBSTITUTION: Rule = Rule {
    code: "F2002",
    severity: Severity::Warning,
    title: "a substitution that nothing uses",
    why: "\
A key of `DefinitionSubstitutions` stands nowhere in the definition as `${Token}`. It deploys, and
is most often the other half of a misspelt token.",
    fails: r#"
Resources:
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::123456789012:role/Run
      Definition: {StartAt: Done, States: {Done: {Type: Succeed}}}
      DefinitionSubstitutions: {Called: "arn:aws:states:::sns:publish"}"#,
    passes: r#"
Resources:
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::123456789012:role/Run
      Definition: {StartAt: Done, States: {Done: {Type: Succeed}}}"#,
    docs: SUBSTITUTIONS,
};

static DEFINITION_SIZE: Rule = Rule {
    code: "F2004",
    severity: Severity::Error,
    title: "a definition of more than 1,048,576 bytes",
    why: "\
`CreateStateMachine` takes no larger definition. A part of it can be a state machine of its own,
which the first one starts with `states:startExecution.sync:2`.",
    fails: r#"{"Comment": "… 1,048,577 bytes in all …", "StartAt": "Render", "States": { … }}"#,
    passes: r#"{"StartAt": "Render", "States": {"Render": {"Type": "Task",
  "Resource": "arn:aws:states:::states:startExecution.sync:2", "Parameters": { … }, "End": true}}}"#,
    docs: Some("https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html"),
};

static TASK_TOKEN: Rule = Rule {
    code: "F2005",
    severity: Severity::Warning,
    title: "a task waits for its token and hands it to nobody",
    why: "\
A task with `.waitForTaskToken` waits until somebody answers with its token, which is in the context
object. No argument reads it, so that the task waits until it times out: without `TimeoutSeconds`
for a year.",
    fails: r#"{"QueryLanguage": "JSONata", "StartAt": "Ask", "States": {
  "Ask": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "End": true,
          "Arguments": {"QueueUrl": "https://example.com/q", "MessageBody": {"question": "{% $states.input %}"}}}
}}"#,
    passes: r#"{"QueryLanguage": "JSONata", "StartAt": "Ask", "States": {
  "Ask": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "End": true,
          "Arguments": {"QueueUrl": "https://example.com/q", "MessageBody": {"token": "{% $states.context.Task.Token %}"}}}
}}"#,
    docs: Some("https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token"),
};

static TOO_DEEP: Rule = Rule {
    code: "TOO_DEEPLY_NESTED",
    severity: Severity::Error,
    title: "a definition that is nested too deep",
    why: "\
Arrays and objects of the definition are nested more than 256 levels deep; a file with more than 100
levels is not read at all. The service has a limit too, which it does not publish; here it keeps
whatever reads the definition from running out of stack.",
    fails: r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": [[[ … ]]], "End": true}}}"#,
    passes: r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": [1, 2, 3], "End": true}}}"#,
    docs: None,
};

static RULES: [&Rule; 33] = [
    &MISSING_TRANSITION_TARGET,
    &UNREACHABLE_STATE,
    &MISSING_END_STATE,
    &DUPLICATE_STATE_NAME,
    &INVALID_STATE_NAME,
    &ERROR_EQUALS,
    &EXPRESS,
    &MISSING_FIELD,
    &NOTHING_TO_RUN,
    &OUT_OF_RANGE,
    &QUERY_LANGUAGE,
    &UNKNOWN_FIELD,
    &UNREADABLE,
    &UNKNOWN_TOKEN,
    &UNUSED_SUBSTITUTION,
    &DEFINITION_SIZE,
    &TASK_TOKEN,
    &TOO_DEEP,
    &creation::INVALID_EXPRESSION,
    &creation::UNSUPPORTED_EXPRESSION,
    &creation::HALF_OPEN,
    &creation::OUTER_VARIABLE,
    &creation::LABEL,
    &creation::INTEGRATION,
    &creation::SDK_ACTION,
    &call::ARGUMENT,
    &call::DOUBTFUL_ARGUMENT,
    &call::ERROR_NAME,
    &creation::ISLAND,
    &creation::ENDLESS_SCOPE,
    &flow::NOT_THERE,
    &flow::NOT_ON_EVERY_ROUTE,
    &flow::LEFT_OUT,
];

/// Every rule of definitions.
pub(crate) fn rules() -> &'static [&'static Rule] {
    &RULES
}
