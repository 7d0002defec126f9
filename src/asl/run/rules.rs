//! The rules that a run can break: what stops it, or keeps it from beginning.

use crate::{diagnostic::Severity, rule::Rule};

static NO_MOCK: Rule = Rule {
    code: "F3001",
    severity: Severity::Error,
    title: "a task is called that has no mock, or no further response",
    why: "\
Nothing is called in a run, so that each task which is reached needs a mock; one of a mock file
answers only the attempts that it lists. The run stops there, and shows what was run so far.",
    fails: r#"workflow.run(json!({})).finish()"#,
    passes: r#"workflow.run(json!({})).task("Render", |_| Ok(json!({"url": "https://example.com"}))).finish()"#,
    docs: None,
};

static NO_ITEMS: Rule = Rule {
    code: "F3002",
    severity: Severity::Error,
    title: "an `ItemReader` has no file, or one that cannot be read",
    why: "\
A distributed `Map` that reads its items from S3 takes them from a local file in a run. There is
none for it, it cannot be opened, or its content is not what `InputType` says.",
    fails: "cargo run -- run --definition import.asl.json",
    passes: "cargo run -- run --definition import.asl.json --items EachRow=rows.csv",
    docs: None,
};

static UNKNOWN_NAME: Rule = Rule {
    code: "F3003",
    severity: Severity::Error,
    title: "a mock or a file for what the workflow does not have",
    why: "\
A mock names a state that is no task of the workflow, or a file one that is no distributed `Map`
with an `ItemReader`. It would never be used, which is most often a typing mistake.",
    fails: r#"workflow.run(json!({})).task("Rendr", |_| Ok(json!({}))).finish()"#,
    passes: r#"workflow.run(json!({})).task("Render", |_| Ok(json!({}))).finish()"#,
    docs: None,
};

static INPUT: Rule = Rule {
    code: "F3004",
    severity: Severity::Error,
    title: "an input that is too large or nested too deep",
    why: "\
Step Functions takes an input of at most 262,144 bytes; larger data goes through S3. The nesting is
limited here, to 256 levels, where the service does not publish its limit.",
    fails: r#"workflow.run(json!({"text": "x".repeat(300_000)})).finish()"#,
    passes: r#"workflow.run(json!({"bucket": "texts", "key": "1.txt"})).finish()"#,
    docs: Some("https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html"),
};

static CONTEXT: Rule = Rule {
    code: "F3005",
    severity: Severity::Error,
    title: "a context object that is none",
    why: "\
What is merged over the context object must leave it one: `Execution` and `StateMachine` are
objects, and `Execution.StartTime` is a time such as `2026-01-01T00:00:00.000Z`.",
    fails: r#"workflow.run(json!({})).context(json!({"Execution": {"StartTime": "Monday"}})).finish()"#,
    passes: r#"workflow.run(json!({})).context(json!({"Execution": {"StartTime": "2026-01-05T00:00:00Z"}})).finish()"#,
    docs: Some("https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html"),
};

static BEYOND: Rule = Rule {
    code: "F3006",
    severity: Severity::Error,
    title: "a run that goes beyond what a computer has",
    why: "\
The service would go on, and leave it to an operator to stop the execution. Here a run ends after
10,000,000 steps, with 1 GiB of data, or with an expression that takes too long: most often a loop
without an end.",
    fails: r#"{"StartAt": "Wait", "States": {
  "Wait": {"Type": "Wait", "Seconds": 0, "Next": "Again"},
  "Again": {"Type": "Choice", "Choices": [{"Variable": "$.done", "IsPresent": true, "Next": "Done"}], "Default": "Wait"},
  "Done": {"Type": "Succeed"}
}}"#,
    passes: r#"{"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 0, "Next": "Done"},
                               "Done": {"Type": "Succeed"}}}"#,
    docs: None,
};

static NO_VALUE: Rule = Rule {
    code: "F3007",
    severity: Severity::Error,
    title: "a run comes to a `${Token}` whose value it must know",
    why: "\
CloudFormation puts a value in place of a `${Token}` when the machine is deployed. A run goes on
with one that only stands in a text; it stops where one hides a number, a path, an expression or the
name of a state.",
    fails: "cargo run -- run --definition import.asl.json",
    passes: "cargo run -- run --definition import.asl.json --substitute Seconds=30",
    docs: Some(
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-stepfunctions-statemachine.html",
    ),
};

static IMPOSSIBLE_MOCK: Rule = Rule {
    code: "F3008",
    severity: Severity::Error,
    title: "a mock is what the service could not answer",
    why: "\
The model of the API has the fields of a result, their types and values, and the errors of a call. A
test whose mock is different passes on what never happens. Fields that the model does not have are
let through, since it may be older than the service.",
    fails: r#"workflow.run(json!({})).task("Publish", |_| Ok(json!({"MessageId": 1}))).finish()"#,
    passes: r#"workflow.run(json!({})).task("Publish", |_| Ok(json!({"MessageId": "1"}))).finish()"#,
    docs: Some("https://docs.aws.amazon.com/step-functions/latest/apireference/API_MockInput.html"),
};

static NOT_ALONE: Rule = Rule {
    code: "F3009",
    severity: Severity::Error,
    title: "a state cannot be run alone with what it is given",
    why: "\
A `Map` or `Parallel` that is run alone needs a mock of its result or its error; a state that calls
nothing takes none. Variables are an object, and the state that causes the error of a `Map` or
`Parallel` is one inside of it. TestState refuses the same.",
    fails: r#"workflow.run_state("EachBean", json!({"beans": [1, 2]})).finish()"#,
    passes: r#"workflow.run_state("EachBean", json!({"beans": [1, 2]})).mock(Answer::ok(json!([2, 4]))).finish()"#,
    docs: Some("https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html"),
};

/// What a run reports, beside the rules of definitions.
pub(crate) static RULES: [&Rule; 9] =
    [&NO_MOCK, &NO_ITEMS, &UNKNOWN_NAME, &INPUT, &CONTEXT, &BEYOND, &NO_VALUE, &IMPOSSIBLE_MOCK, &NOT_ALONE];
