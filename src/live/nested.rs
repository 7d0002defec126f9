//! Nested executions: a state machine of the template that another one starts runs here too.

use std::{sync::Arc, time::SystemTime};

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Live, Parts, identifier::uuid, request::Request};
use crate::{
    asl::run::{Answer, Machine, Outcome, Status, Unavailable, substitute},
    json::Json,
    template::machine::state_machines,
};

/// An execution that a task starts.
pub(super) struct Nested {
    /// The machine's logical id, ARN, definition, and whether it is an express one.
    machine: Json,
    arn: String,
    express: bool,
    name: String,
    input: Json,
    /// What the task waits for: nothing, `sync` or `sync:2`.
    pattern: Option<String>,
}

impl Parts {
    /// The execution that a task starts, where its machine is one of the template.
    pub(super) fn nested(self: &Arc<Self>, request: &Request) -> Result<Option<Nested>, Unavailable> {
        let pattern = match request.integration() {
            Some(("states", "startExecution") | ("aws-sdk:sfn", "startExecution")) => None,
            Some(("states", "startExecution.sync")) => Some("sync".to_owned()),
            Some(("states", "startExecution.sync:2")) => Some("sync:2".to_owned()),
            Some(("aws-sdk:sfn", "startSyncExecution")) => Some("express".to_owned()),
            _ => return Ok(None),
        };
        let (Some(template), Some(arn)) = (&self.template, request.arguments["StateMachineArn"].as_str()) else {
            return Ok(None);
        };
        for machine in state_machines(template) {
            if self.resources.read(machine.logical_id).ok().as_ref().and_then(Json::as_str) != Some(arn) {
                continue;
            }
            let definition = machine.definition.as_ref().map_err(|_| {
                let id = machine.logical_id;
                Unavailable::new(format!("the definition of `{id}` is not in the template; expected it there"))
            })?;
            let definition = definition.json.clone().into_owned();
            let values = Live(Arc::clone(self)).tokens(&machine, &definition);
            let values = values.into_iter().filter_map(|(token, value)| Some((token, value.ok()?))).collect::<Vec<_>>();
            let input = match &request.arguments["Input"] {
                Json::Null => json!({}),
                Json::String(text) => serde_json::from_str(text).unwrap_or_else(|_| text.as_str().into()),
                input => input.clone(),
            };
            let name = request.arguments["Name"].as_str().map_or_else(uuid, str::to_owned);
            return Ok(Some(Nested {
                machine: substitute(definition, &values),
                arn: arn.to_owned(),
                express: machine.express,
                name,
                input,
                pattern,
            }));
        }
        Ok(None)
    }

    /// Runs an execution that a task starts, to its end where the task waits for that.
    pub(super) fn run_nested(self: &Arc<Self>, nested: Nested) -> Result<Answer, Unavailable> {
        let machine = Machine::new(&nested.machine).map_err(|faults| {
            let first = faults.first().map(ToString::to_string).unwrap_or_default();
            Unavailable::new(format!("the state machine `{}` cannot run: {first}", nested.arn))
        })?;
        let start = now();
        let Some(pattern) = nested.pattern.clone() else {
            let answer = json!({"ExecutionArn": nested.execution(), "StartDate": start});
            self.begin(move |parts| {
                // Whatever it comes to, nobody sees it.
                let _ = nested.finish(&machine, &parts, &now());
            });
            return Ok(Answer::response(answer));
        };
        let outcome = nested.finish(&machine, self, &start);
        if let Some(problem) = outcome.diagnostics().first() {
            return Err(Unavailable::new(format!("the state machine `{}` cannot go on: {problem}", nested.arn)));
        }
        let described = nested.described(&outcome, &pattern, &start);
        Ok(match *outcome.status() == Status::Succeeded || pattern == "express" {
            true => Answer::response(described),
            false => Answer::error("States.TaskFailed", described.to_string()),
        })
    }
}

impl Nested {
    fn execution(&self) -> String {
        let kind = if self.express { ":express:" } else { ":execution:" };
        format!("{}:{}", self.arn.replace(":stateMachine:", kind), self.name)
    }

    fn finish(&self, machine: &Machine, parts: &Arc<Parts>, start: &str) -> Outcome {
        let name = self.arn.rsplit(':').next().unwrap_or_default();
        let context = json!({
            "Execution": {"Id": self.execution(), "Name": self.name, "StartTime": start},
            "StateMachine": {"Id": self.arn, "Name": name},
        });
        let run = machine.run(self.input.clone()).context(context).express(self.express);
        run.outside(Live(Arc::clone(parts))).finish()
    }

    /// The execution as `DescribeExecution` tells of it: payloads as text, or as JSON for `.sync:2`.
    fn described(&self, outcome: &Outcome, pattern: &str, start: &str) -> Json {
        let payload = |json: &Json| if pattern == "sync:2" { json.clone() } else { json.to_string().into() };
        let included = json!({"Included": true});
        let mut described = json!({
            "ExecutionArn": self.execution(),
            "Input": payload(&self.input),
            "InputDetails": included,
            "Name": self.name,
        });
        match outcome.error() {
            _ if *outcome.status() == Status::Succeeded => {
                described["Output"] = payload(&outcome.output());
                described["OutputDetails"] = included;
            }
            error => {
                for (name, text) in [("Error", *error), ("Cause", *outcome.cause())] {
                    if let Some(text) = text {
                        described[name] = text.into();
                    }
                }
            }
        }
        described["StartDate"] = start.into();
        described["StateMachineArn"] = self.arn.as_str().into();
        described["Status"] = json!(*outcome.status());
        described["StopDate"] = now().into();
        described
    }
}

fn now() -> String {
    DateTime::<Utc>::from(SystemTime::now()).format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}
