//! One state alone, and mocks that no service could answer with.

use formwork::asl::{
    jsonata::{Task, Workflow},
    run::{
        Answer, Dataset, FieldValidation, InspectionLevel, ItemReader, Machine, MockConfig, Outside, StateMock,
        StateOutcome, StateStatus, Status, TaskCall, Unavailable,
    },
};
use serde_json::{Value as Json, json};

use super::{alone, run};

/// A machine with a task in a branch of a `Parallel`, which has a catcher.
fn machine() -> Machine {
    let branch = json!({"StartAt": "Send", "States": {"Send": {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage",
        "Parameters": {"QueueUrl": "q", "MessageBody.$": "$.text"},
        "ResultSelector": {"id.$": "$.MessageId"},
        "ResultPath": "$.sent",
        "TimeoutSeconds": 5,
        "Retry": [
            {"ErrorEquals": ["A"], "MaxAttempts": 1},
            {"ErrorEquals": ["States.Timeout"], "IntervalSeconds": 3, "BackoffRate": 3, "MaxAttempts": 2},
        ],
        "Catch": [{"ErrorEquals": ["B"], "Next": "Never"}, {"ErrorEquals": ["States.ALL"], "ResultPath": "$.e", "Next": "Never"}],
        "End": true,
    }, "Never": {"Type": "Succeed"}}});
    Machine::new(&json!({"StartAt": "Both", "States": {
        "Both": {
            "Type": "Parallel",
            "Branches": [branch, {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 86400, "End": true}}}],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Sorry"}],
            "End": true,
        },
        "Sorry": {"Type": "Fail"},
    }}))
    .expect("the definition is right")
}

fn send(answer: Answer, retries: u32) -> StateOutcome {
    machine().run_state("Send", json!({"text": "Hello"})).mock(answer).retries(retries).finish()
}

#[test]
fn a_state_inside_of_another_runs_alone() {
    let outcome = send(Answer::ok(json!({"MessageId": "1"})), 0);
    assert_eq!(outcome.status(), StateStatus::Succeeded);
    assert_eq!(outcome.output(), Some(&json!({"text": "Hello", "sent": {"id": "1"}})));
    assert_eq!(outcome.next_state(), None);
    assert_eq!(
        outcome.to_json(InspectionLevel::Debug)["inspectionData"],
        json!({
            "input": {"text": "Hello"},
            "afterInputPath": {"text": "Hello"},
            "afterParameters": {"QueueUrl": "q", "MessageBody": "Hello"},
            "result": {"MessageId": "1"},
            "afterResultSelector": {"id": "1"},
            "afterResultPath": {"text": "Hello", "sent": {"id": "1"}},
        })
    );
    let name = json!({"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.context %}", "End": true});
    let named = Machine::of_state("Name", &name).expect("the definition is right");
    let context = json!({"State": {"Name": "Own"}, "Anything": 1});
    assert_eq!(named.run_state("Name", json!({})).context(context.clone()).finish().output(), Some(&context));
    assert_eq!(named.run_state("Name", json!({})).finish().output().unwrap()["State"]["Name"], "StateName");
    // A wait of a day takes no time.
    assert_eq!(machine().run_state("Wait", json!(1)).finish().output(), Some(&json!(1)));
}

#[test]
fn an_error_is_retried_then_caught() {
    let errors = |outcome: &StateOutcome| outcome.inspection()["errorDetails"].clone();
    let outcome = send(Answer::never(), 1);
    assert_eq!((outcome.status(), outcome.error()), (StateStatus::Retriable, Some("States.Timeout")));
    assert_eq!(errors(&outcome), json!({"retryIndex": 1, "retryBackoffIntervalSeconds": 9}));
    let outcome = send(Answer::never(), 2);
    assert_eq!((outcome.status(), outcome.next_state()), (StateStatus::CaughtError, Some("Never")));
    assert_eq!(errors(&outcome), json!({"retryIndex": 1, "catchIndex": 1}));
    assert_eq!(outcome.output().unwrap()["e"], json!({"Error": "States.Timeout", "Cause": ""}));
    let outcome = send(Answer::error("States.Timeout", "of the mock"), 0);
    assert_eq!((outcome.status(), outcome.cause()), (StateStatus::Retriable, Some("of the mock")));
}

#[test]
fn a_parallel_has_a_mock_of_all_its_branches() {
    let both = |answer: Answer| machine().run_state("Both", json!({})).mock(answer);
    let outcome = both(Answer::ok(json!([1, 2]))).finish();
    assert_eq!(outcome.output(), Some(&json!([1, 2])));
    let outcome = both(Answer::error("Any", "why")).error_caused_by("Send").finish();
    assert_eq!((outcome.status(), outcome.next_state()), (StateStatus::CaughtError, Some("Sorry")));
    assert_eq!(outcome.output(), Some(&json!({"Error": "Any", "Cause": "why"})));
    let refused = |outcome: StateOutcome, code, message: &str| {
        assert_eq!(outcome.status(), StateStatus::Refused);
        let found = outcome.diagnostics();
        assert_eq!((found[0].code, found[0].message.as_str()), (code, message));
    };
    let cause = "`Sned` cannot cause the error of `Both`; expected a state inside of it";
    refused(both(Answer::error("Any", "why")).error_caused_by("Sned").finish(), "F3009", cause);
    let cause = "`Send` cannot cause the error of `Wait`, which has no states; expected a `Map` or `Parallel`";
    refused(machine().run_state("Wait", json!({})).error_caused_by("Send").finish(), "F3009", cause);
    let few = "Mocked result must contain the same number of items as number of Parallel branches.";
    refused(both(Answer::ok(json!([1]))).finish(), "F3008", few);
    let why = "State type 'Wait' is not supported when a mock is specified";
    refused(machine().run_state("Wait", json!({})).mock(Answer::ok(json!(1))).finish(), "F3009", why);
    let why = "the variables are no object; expected one, with a value for each name";
    refused(machine().run_state("Wait", json!({})).variables(json!(1)).finish(), "F3009", why);
    let why = "the task `Send` is called and has no mock; expected one";
    refused(machine().run_state("Send", json!({"text": ""})).finish(), "F3001", why);
}

#[test]
fn the_tolerance_of_a_map_is_held_against_the_iterations_that_failed() {
    let state = json!({
        "Type": "Map", "ToleratedFailurePercentage": 50, "End": true,
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "One", "States": {"One": {"Type": "Pass", "End": true}},
        },
    });
    let machine = Machine::of_state("Each", &state).expect("the definition is right");
    let each =
        |failed| machine.run_state("Each", json!([1, 2, 3, 4])).mock(Answer::ok(json!([1]))).failed_iterations(failed);
    let outcome = each(2).finish();
    assert_eq!((outcome.status(), outcome.output()), (StateStatus::Succeeded, Some(&json!([1]))));
    assert_eq!(outcome.inspection()["toleratedFailurePercentage"], json!(50.0));
    let outcome = each(3).finish();
    assert_eq!(
        (outcome.status(), outcome.error()),
        (StateStatus::Failed, Some("States.ExceedToleratedFailureThreshold"))
    );
}

#[test]
fn what_a_map_reads_comes_from_data_or_from_outside() {
    let state = json!({
        "Type": "Map", "End": true,
        "ItemReader": {
            "Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "b", "Key": "k"},
            "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"},
        },
        "ItemSelector": {"bean.$": "$$.Map.Item.Value.name"},
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "One", "States": {"One": {"Type": "Pass", "End": true}},
        },
    });
    struct Bucket;
    impl Outside for Bucket {
        fn call(&mut self, _: &TaskCall<'_>) -> Result<Answer, Unavailable> {
            Err(Unavailable::new("there is no task"))
        }

        fn items(&mut self, _: &ItemReader<'_>) -> Result<Dataset, Unavailable> {
            Ok(Dataset::items([json!({"name": "Mesa"})]))
        }
    }
    let machine = Machine::of_state("Each", &state).expect("the definition is right");
    let each = || machine.run_state("Each", json!({})).mock(Answer::ok(json!([1])));
    let outcome = each().item_reader_data("name\nHarbor\n").finish();
    assert_eq!(outcome.inspection()["afterItemSelector"], json!([{"bean": "Harbor"}]));
    // A context object that is given has no item, and each item has it all the same.
    let outcome = each().item_reader_data("name\nHarbor\n").context(json!({"Execution": {"Name": "e"}})).finish();
    assert_eq!(outcome.inspection()["afterItemSelector"], json!([{"bean": "Harbor"}]));
    let outcome = each().outside(Bucket).finish();
    assert_eq!(outcome.inspection()["afterItemSelector"], json!([{"bean": "Mesa"}]));
    assert_eq!(each().finish().diagnostics()[0].code, "F3002");
}

#[test]
fn a_mock_that_is_nested_too_deep_is_refused() {
    let deep = || (0..100_000).fold(json!(1), |inner, _| Json::Array(vec![inner]));
    let shared = Answer::response(deep());
    for answer in [Answer::ok(deep()), Answer::response(deep()), shared.clone()] {
        let outcome = machine().run_state("Both", json!({})).mock(answer).finish();
        assert_eq!(outcome.diagnostics()[0].message, "the mock is nested too deep; expected at most 256 levels");
    }
    // It cannot be dropped as any other.
    std::mem::forget(shared);
}

#[test]
fn a_mock_says_itself_how_strictly_it_is_checked() {
    let mock = |mode: &str| {
        StateMock::parse(&json!({"result": "{\"MessageId\": 1}", "fieldValidationMode": mode}).to_string())
    };
    let send = |mock| machine().run_state("Send", json!({"text": ""})).mock(mock).finish().status();
    assert_eq!(send(mock("STRICT").unwrap()), StateStatus::Refused);
    assert_eq!(send(mock("NONE").unwrap()), StateStatus::Succeeded);
    assert!(mock("LOOSE").unwrap_err().starts_with("unknown variant `LOOSE`"));
    assert_eq!(StateMock::parse("{}").unwrap_err(), "the mock has no answer; expected `result` or `errorOutput`");
}

#[test]
fn a_mock_of_what_the_service_could_not_answer_stops_a_run() {
    let start = json!({"Type": "Task", "Resource": "arn:aws:states:::states:startExecution", "Parameters": {"StateMachineArn": "arn"}});
    let run = || run(alone(start.clone()), json!({}));
    let fault = |outcome: &formwork::asl::run::Outcome| {
        outcome.diagnostics().first().map(ToString::to_string).unwrap_or_default()
    };
    let outcome = run().task("S", |_| Ok(json!({"ExecutionArn": 1}))).finish();
    assert_eq!(outcome.status(), Status::Aborted);
    let message = "error[F3008]: the mock of `S` is what the service could not answer: Field 'ExecutionArn' must be a string\n  at   /States/S\n";
    assert!(fault(&outcome).starts_with(message), "{outcome}");
    // What is missing counts where it is strict.
    let missing = || run().task("S", |_| Ok(json!({})));
    assert_eq!(missing().finish().status(), Status::Succeeded);
    let outcome = missing().validate_mocks(FieldValidation::Strict).finish();
    assert!(fault(&outcome).contains("Required field 'ExecutionArn' is missing"), "{outcome}");
    let outcome = missing().validate_mocks(FieldValidation::Strict).outside(Elsewhere).finish();
    assert_eq!(outcome.status(), Status::Aborted);
    let outcome = run().validate_mocks(FieldValidation::Strict).outside(Elsewhere).finish();
    assert_eq!(outcome.status(), Status::Succeeded, "what is really answered is believed");
}

struct Elsewhere;

impl Outside for Elsewhere {
    fn call(&mut self, _: &TaskCall<'_>) -> Result<Answer, Unavailable> {
        Ok(Answer::ok(json!("anything")))
    }
}

#[test]
fn a_mock_of_a_workflow_has_errors_that_the_call_has() {
    let get = Task::integration("arn:aws:states:::aws-sdk:s3:getObject").argument("Bucket", "b").argument("Key", "k");
    let workflow = Workflow::new().state("Get", get.end());
    let failed = |error: &str| {
        let error = error.to_owned();
        workflow.run(json!({})).task_with("Get", move |_| Answer::error(error.as_str(), "")).finish()
    };
    assert_eq!(failed("S3.NoSuchKeyException").status(), Status::Failed);
    let outcome = failed("S3.NoSuchKey");
    assert_eq!(outcome.diagnostics()[0].code, "F3008");
    assert!(outcome.diagnostics()[0].message.ends_with("such as `S3.NoSuchKeyException`"), "{outcome}");
}

#[test]
fn the_responses_of_a_test_case_are_looked_at_before_anything_runs() {
    let config = MockConfig::parse(
        &json!({
            "StateMachines": {"M": {"TestCases": {"c": {"S": "sent/twice"}}}},
            "MockedResponses": {"sent/twice": {
                "0": {"Return": {"MessageId": "1"}},
                "1-3": {"Return": {"MessageId": ["2"], "SequenceNumber": 1}},
            }},
        })
        .to_string(),
    );
    let case = config.unwrap().test_case("M", "c").unwrap();
    let publish = json!({"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"TopicArn": "t", "Message": "m"}});
    let outcome = run(alone(publish), json!({})).test_case(case).finish();
    let places: Vec<&str> = outcome.diagnostics().iter().map(|fault| fault.path.as_str()).collect();
    let list = "/MockedResponses/sent~1twice/1-3/Return";
    assert_eq!(places, [format!("{list}/MessageId"), format!("{list}/SequenceNumber")]);
    assert!(outcome.events().is_empty());
}
