//! Replays: today's definition on the answers of an execution that was recorded, and where the way differs.

mod answers;
mod difference;
mod same;

use std::{cell::RefCell, rc::Rc};

use serde_json::json;

pub use self::difference::{Difference, Place};
use self::{answers::Answers, difference::differences};
use super::{
    Outcome,
    recording::Recording,
    session::{Machine, Run},
};

/// A replay: what a definition does on the answers of a recorded execution.
#[derive(Clone, Debug)]
pub struct Replay {
    outcome: Outcome,
    differences: Vec<Difference>,
}

impl Replay {
    /// What the definition came to.
    pub fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    /// Where its way differs from that of the recording: first what it does now, in its order, then what it does no more.
    pub fn differences(&self) -> &[Difference] {
        &self.differences
    }
}

impl Machine {
    /// Runs this definition on the answers of an execution that was recorded, each as long after its call as it came then.
    ///
    /// A call gets the answer that the same state was given for the same arguments, else the next one of that state. One
    /// that has none stops the run, and is a difference. The execution starts when the recorded one did; where its name is
    /// in what was sent, it has that name too.
    pub fn replay(&self, recording: &Recording) -> Replay {
        self.replay_with(recording, |run| run)
    }

    /// The same, for a run that is given more: a context, items.
    pub fn replay_with(&self, recording: &Recording, prepare: impl Fn(Run) -> Run) -> Replay {
        let (mut outcome, mut answers) = self.once(recording, None, &prepare);
        if let Some(name) = answers.name.take() {
            // Once more, under the name that it had.
            (outcome, answers) = self.once(recording, Some(&name), &prepare);
        }
        let differences = differences(recording, &outcome, &answers.tokens);
        Replay { outcome, differences }
    }

    /// A run, and what was learned of the recorded execution.
    fn once(&self, recording: &Recording, name: Option<&str>, prepare: &dyn Fn(Run) -> Run) -> (Outcome, Answers) {
        let answers = Rc::new(RefCell::new(Answers::new(recording)));
        let mut context = json!({"Execution": {}});
        if let Some(start) = recording.start() {
            context["Execution"]["StartTime"] = start.into();
        }
        if let Some(name) = name {
            context["Execution"]["Name"] = name.into();
        }
        let run = prepare(self.run(recording.input().clone()).context(context));
        let outcome = run.outside(Rc::clone(&answers)).finish();
        let answers = answers.take();
        (outcome, answers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{asl::run::TaskError, json::Json};

    fn definition(message: &str) -> Json {
        let task = |message: &str, next: &str| {
            json!({
                "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {"QueueUrl": "q", "MessageBody.$": message},
                "Catch": [{"ErrorEquals": ["Cold"], "Next": "End"}], "ResultPath": "$.sent", "Next": next,
            })
        };
        json!({"StartAt": "A", "States": {
            "A": task(message, "B"),
            "B": task("$$.Execution.Name", "End"),
            "End": {"Type": "Pass", "End": true},
        }})
    }

    fn machine(definition: &Json) -> Machine {
        Machine::new(definition).unwrap()
    }

    /// The history of a run under a name of its own, in which `B` fails or not.
    fn recorded(fails: bool) -> Recording {
        let b = move |_| if fails { Err(TaskError::new("Cold", "no heat")) } else { Ok(json!({"MessageId": "b"})) };
        let run = machine(&definition("$.bean")).run(json!({"bean": "arabica"}));
        let run = run.context(json!({"Execution": {"Name": "last-night", "StartTime": "2026-11-26T22:00:00Z"}}));
        let outcome = run.task("A", |_| Ok(json!({"MessageId": "a"}))).task("B", b).finish();
        Recording::parse(&json!({"events": outcome.events()}).to_string()).unwrap()
    }

    fn told(replay: &Replay) -> Vec<String> {
        replay.differences().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_same_definition_goes_the_same_way_under_the_name_that_it_had() {
        for fails in [false, true] {
            let replay = machine(&definition("$.bean")).replay(&recorded(fails));
            assert_eq!(told(&replay), [""; 0]);
            assert_eq!(replay.outcome().calls("B")[0], &json!({"QueueUrl": "q", "MessageBody": "last-night"}));
        }
    }

    #[test]
    fn a_token_is_another_each_time() {
        let definition = json!({"StartAt": "A", "States": {"A": {
            "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "End": true,
            "Parameters": {"QueueUrl": "q", "MessageBody": {"token.$": "$$.Task.Token"}},
        }}});
        let run = machine(&definition).run(json!({})).seed(7).task("A", |_| Ok(json!("done")));
        let history = json!({"events": run.finish().events()}).to_string();
        let replay = machine(&definition).replay(&Recording::parse(&history).unwrap());
        assert_eq!(told(&replay), [""; 0]);
        assert!(!history.contains(replay.outcome().calls("A")[0]["MessageBody"]["token"].as_str().unwrap()));
    }

    #[test]
    fn what_is_sent_now_is_told() {
        let replay = machine(&definition("States.Format('{}!', $.bean)")).replay(&recorded(false));
        assert_eq!(
            told(&replay),
            [
                "`A` is sent {\"QueueUrl\":\"q\",\"MessageBody\":\"arabica!\"}; it was sent {\"QueueUrl\":\"q\",\"MessageBody\":\"arabica\"}"
            ]
        );
    }

    #[test]
    fn another_way_is_told_from_where_it_parts() {
        let mut other = definition("$.bean");
        other["States"]["B"].as_object_mut().unwrap().remove("Catch");
        let told = told(&machine(&other).replay(&recorded(true)));
        assert_eq!(told[0], "it fails with `Cold`: no heat; it succeeded", "{told:?}");
        assert!(told.contains(&"`End` is no more entered".to_owned()), "{told:?}");
    }

    #[test]
    fn a_call_that_nobody_made_stops_the_run() {
        let mut other = definition("$.bean");
        other["States"]["New"] = other["States"]["A"].clone();
        other["States"]["A"]["Next"] = "New".into();
        other["States"]["New"]["Next"] = "B".into();
        let told = told(&machine(&other).replay(&recorded(false)));
        assert_eq!(told[0], "`New` is entered, which it was not", "{told:?}");
        assert!(told[1].starts_with("`New` has no answer in the recording"), "{told:?}");
    }

    #[test]
    fn an_output_that_differs_is_told() {
        let mut other = definition("$.bean");
        other["States"]["End"]["Result"] = json!({"done": true});
        let told = told(&machine(&other).replay(&recorded(false)));
        assert!(told[0].starts_with("`End` gives {\"done\":true}; it gave {"), "{told:?}");
        assert!(told[1].starts_with("the output is {\"done\":true}; it was {"), "{told:?}");
        assert_eq!(told.len(), 2);
    }
}
