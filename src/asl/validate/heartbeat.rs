//! SCHEMA_VALIDATION_FAILED: a task's heart beats no sooner than its time is out.

use crate::{
    asl::definition::{Count, Definition, StateKind},
    diagnostic::Diagnostic,
};

const DOCS: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html";

pub(super) fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    for state in definition.states() {
        if let StateKind::Task(task) = &state.kind
            && let (Some(Count::Literal(heartbeat)), Some(Count::Literal(timeout))) =
                (&task.heartbeat_seconds, &task.timeout_seconds)
            && heartbeat >= timeout
        {
            let message = format!("`HeartbeatSeconds` is {heartbeat}; expected less than `TimeoutSeconds`, {timeout}");
            let pointer = format!("{}/HeartbeatSeconds", state.pointer);
            found.push(Diagnostic::error("SCHEMA_VALIDATION_FAILED", pointer, message).docs(DOCS));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::asl::validate::assert_finds;

    fn beating(heartbeat: u32) -> Json {
        let resource = "arn:aws:states:::sqs:sendMessage.waitForTaskToken";
        let task = json!({
            "Type": "Task", "Resource": resource, "TimeoutSeconds": 2, "HeartbeatSeconds": heartbeat, "End": true,
        });
        json!({"StartAt": "Ask", "States": {"Ask": task}})
    }

    #[test]
    fn a_heart_beats_before_the_time_is_out() {
        assert_finds(check, beating(1), &[]);
        assert_finds(
            check,
            beating(2),
            &["error[SCHEMA_VALIDATION_FAILED]: `HeartbeatSeconds` is 2; expected less than `TimeoutSeconds`, 2\n  \
               at   /States/Ask/HeartbeatSeconds\n  \
               docs https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html"],
        );
    }
}
