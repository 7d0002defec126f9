//! Recordings: the history of an execution, as `GetExecutionHistory` gave it, and what its tasks were answered.

mod call;
mod event;
mod mocks;
mod read;

use std::collections::BTreeMap;

use serde_json::json;

use self::{call::calls, event::payload, read::events};
pub(super) use self::{
    call::{Call, Outcome},
    event::details,
};
use crate::{asl::expression::time::parse, json::Json};

/// The recording of an execution: its history, event by event.
///
/// ```
/// use formwork::asl::run::{Machine, Recording};
/// use serde_json::json;
///
/// let machine = Machine::new(&json!({
///     "StartAt": "Roast",
///     "States": {"Roast": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {"QueueUrl": "q", "MessageBody.$": "$.bean"}, "End": true}},
/// }))
/// .unwrap();
/// let outcome = machine.run(json!({"bean": "arabica"})).task("Roast", |_| Ok(json!({"MessageId": "m-1"}))).finish();
///
/// // What `aws stepfunctions get-execution-history` prints.
/// let history = json!({"events": outcome.events()}).to_string();
/// let recording = Recording::parse(&history)?;
/// assert_eq!(recording.input(), &json!({"bean": "arabica"}));
/// assert_eq!(recording.mock_config("Roaster", "Recorded")["MockedResponses"]["RecordedRoast"]["0"]["Return"]["MessageId"], "m-1");
///
/// let replay = machine.replay(&recording);
/// assert!(replay.differences().is_empty());
/// # Ok::<(), String>(())
/// ```
///
/// <https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html>
#[derive(Clone, Debug)]
pub struct Recording {
    events: Vec<Json>,
    calls: Vec<Call>,
    input: Json,
    /// When the execution started, as the history says it.
    start: Option<String>,
}

impl Recording {
    /// Reads what `get-execution-history` printed: one page, several pages one after the other or as an array, or an
    /// array of events; in either order. The error says what is wrong, and where.
    pub fn parse(text: &str) -> Result<Self, String> {
        let events = events(text)?;
        let first = events
            .iter()
            .find(|event| event["type"] == "ExecutionStarted")
            .ok_or("the history has no `ExecutionStarted`; expected all pages of it, from the first event on")?;
        let details = &first["executionStartedEventDetails"];
        if details["inputDetails"]["truncated"] == true {
            return Err("the input of the execution is truncated in the history; expected all of it".to_owned());
        }
        let input = payload(&details["input"]).ok_or(
            "the history has no data (`input` of `ExecutionStarted`); expected it with `--include-execution-data`",
        )?;
        let start = first["timestamp"].as_str().map(|text| text.replace("+00:00", "Z"));
        let start = start.filter(|text| parse(text).is_some());
        let calls = calls(&events)?;
        Ok(Self { events, calls, input, start })
    }

    /// The input of the execution.
    pub fn input(&self) -> &Json {
        &self.input
    }

    /// The events, in their order.
    pub(super) fn events(&self) -> &[Json] {
        &self.events
    }

    pub(super) fn calls(&self) -> &[Call] {
        &self.calls
    }

    pub(super) fn start(&self) -> Option<&str> {
        self.start.as_deref()
    }

    /// A file of mocks in AWS's format, in which a test case of a state machine answers every task as it was answered
    /// here, call by call in the order in which they were made. A task that timed out throws `States.Timeout`.
    ///
    /// <https://docs.aws.amazon.com/step-functions/latest/dg/sfn-local-mock-cfg-file.html>
    pub fn mock_config(&self, machine: &str, test_case: &str) -> Json {
        let mut of_states: BTreeMap<&str, Vec<&Call>> = BTreeMap::new();
        let mut order: Vec<&str> = Vec::new();
        for call in &self.calls {
            if !of_states.contains_key(call.state.as_str()) {
                order.push(&call.state);
            }
            of_states.entry(&call.state).or_default().push(call);
        }
        let (mut states, mut responses) = (json!({}), json!({}));
        for state in order {
            let name = mocks::name(test_case, state);
            responses[&name] = mocks::responses(&of_states[state]);
            states[state] = name.into();
        }
        json!({"StateMachines": {machine: {"TestCases": {test_case: states}}}, "MockedResponses": responses})
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asl::run::{Machine, MockConfig, Status, TaskError};

    fn machine() -> Machine {
        let task = |next: &str| {
            json!({
                "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {"QueueUrl": "q", "MessageBody.$": "$"},
                "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 3}], "ResultPath": null, "Next": next,
            })
        };
        Machine::new(&json!({"StartAt": "A", "States": {"A": task("B"), "B": task("C"), "C": {"Type": "Succeed"}}}))
            .unwrap()
    }

    fn history() -> String {
        let mut tries = 0;
        let busy = move |_| {
            tries += 1;
            if tries < 3 { Err(TaskError::new("Busy", "wait")) } else { Ok(json!({"MessageId": "a"})) }
        };
        let outcome = machine().run(json!({"bean": 1})).task("A", busy).task("B", |_| Ok(json!(2))).finish();
        json!({"events": outcome.events()}).to_string()
    }

    #[test]
    fn the_answers_of_an_execution_become_mocks_that_run_to_the_same_end() {
        let recording = Recording::parse(&history()).unwrap();
        let config = recording.mock_config("Machine", "Last night");
        assert_eq!(
            config["MockedResponses"]["LastNightA"],
            json!({
                "0-1": {"Throw": {"Error": "Busy", "Cause": "wait"}},
                "2": {"Return": {"MessageId": "a"}},
            })
        );
        let config = MockConfig::parse(&config.to_string()).unwrap();
        let case = config.test_case("Machine", "Last night").unwrap();
        let outcome = machine().run(recording.input().clone()).test_case(case).finish();
        assert_eq!(outcome.status(), Status::Succeeded);
    }

    #[test]
    fn pages_come_in_any_form_and_order() {
        let whole: Json = serde_json::from_str(&history()).unwrap();
        let events = whole["events"].as_array().unwrap();
        let (first, second) = events.split_at(5);
        let pages = [json!({"events": first, "nextToken": "x"}), json!({"events": second})];
        let forms = [
            whole.to_string(),
            json!(events).to_string(),
            json!(pages).to_string(),
            format!("{}\n{}", pages[0], pages[1]),
            json!({"events": events.iter().rev().collect::<Vec<_>>()}).to_string(),
        ];
        for form in forms {
            let recording = Recording::parse(&form).unwrap();
            assert_eq!((recording.events().len(), recording.calls().len()), (events.len(), 4), "{form}");
        }
    }

    #[test]
    fn what_is_no_history_is_said() {
        let refused = |text: &str| Recording::parse(text).unwrap_err();
        assert!(refused("").starts_with("it is empty"), "{}", refused(""));
        assert!(refused("{").contains("EOF"), "{}", refused("{"));
        assert!(refused("5").starts_with("it holds no events"));
        assert!(refused("{\"events\": [5]}").starts_with("the event 0 is no object"));
        assert!(refused("{\"events\": [{\"type\": \"A\"}]}").starts_with("the event 0 has no `id`"));
        assert!(refused("{\"events\": [{\"id\": 1}]}").starts_with("the event 1 has no `type`"));
        assert!(refused("{\"events\": []}").starts_with("the history has no `ExecutionStarted`"));
        let two = "{\"events\": [{\"id\": 1, \"type\": \"A\"}, {\"id\": 1, \"type\": \"B\"}]}";
        assert!(refused(two).starts_with("two events have the id 1"));
        let bare = "{\"events\": [{\"id\": 1, \"type\": \"ExecutionStarted\"}]}";
        assert!(refused(bare).contains("--include-execution-data"));
        let circle = r#"{"events": [
            {"id": 1, "type": "ExecutionStarted", "executionStartedEventDetails": {"input": "1"}},
            {"id": 2, "previousEventId": 3, "type": "TaskSucceeded"}, {"id": 3, "previousEventId": 2, "type": "TaskStarted"}]}"#;
        assert!(refused(circle).contains("`previousEventId`"), "{}", refused(circle));
    }
}
