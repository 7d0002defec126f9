//! The answers of a recording, as an outside of a run.

use std::{cell::RefCell, rc::Rc, time::Duration};

use super::{
    super::{
        outside::{Answer, AnswerContent, Outside, TaskCall, Unavailable},
        recording::{Call, Outcome, Recording},
    },
    same::is_same,
};
use crate::json::Json;

/// The answers that are left.
#[derive(Default)]
pub(super) struct Answers {
    /// None in place of those that were given.
    calls: Vec<Option<Call>>,
    /// The name that the recorded execution seems to have had, where the one of this run is another.
    pub name: Option<String>,
    /// The tokens of this run.
    pub tokens: Vec<String>,
}

impl Answers {
    pub fn new(recording: &Recording) -> Self {
        Self { calls: recording.calls().iter().cloned().map(Some).collect(), ..Self::default() }
    }

    fn answer(&mut self, call: &TaskCall<'_>) -> Result<Answer, Unavailable> {
        self.tokens.extend(call.token().map(str::to_owned));
        let tokens = &self.tokens;
        let is_of_state = |known: &Option<Call>| known.as_ref().is_some_and(|known| known.state == call.state());
        let is_sent = |known: &Option<Call>| {
            let sent = known.as_ref().and_then(|known| known.arguments.as_ref());
            is_of_state(known) && sent.is_some_and(|sent| is_same(call.arguments(), sent, tokens))
        };
        let place = self.calls.iter().position(is_sent).or_else(|| self.calls.iter().position(is_of_state));
        let recorded = place.and_then(|place| self.calls[place].take()).ok_or_else(|| {
            Unavailable::new(format!("the recording has no answer for `{}`; expected one to give", call.state()))
        })?;
        if let Some(sent) = recorded.arguments.as_ref().filter(|_| self.name.is_none()) {
            self.name = name_in(call.arguments(), sent, call.execution_name());
        }
        let content = match recorded.outcome {
            Outcome::Result(result) => return Ok(Answer::response(result).after(milliseconds(recorded.took))),
            Outcome::Failed { error, cause } => AnswerContent::Error { error, cause },
            // However long it was, it was too long.
            Outcome::TimedOut | Outcome::Open => return Ok(Answer::never()),
        };
        Ok(Answer::from(content).after(milliseconds(recorded.took)))
    }
}

impl Outside for Rc<RefCell<Answers>> {
    fn call(&mut self, call: &TaskCall<'_>) -> Result<Answer, Unavailable> {
        self.borrow_mut().answer(call)
    }
}

fn milliseconds(time: i64) -> Duration {
    Duration::from_millis(u64::try_from(time).unwrap_or_default())
}

/// The name of the recorded execution: what stands in a text that was sent where the name of this one would.
fn name_in(now: &Json, then: &Json, name: &str) -> Option<String> {
    match (now, then) {
        (Json::String(now), Json::String(then)) if now != then => {
            let (before, after) = now.split_once(name).filter(|_| !name.is_empty())?;
            let found = then.strip_prefix(before)?.strip_suffix(after)?;
            let is_name = (1..=80).contains(&found.len()) && !found.contains(char::is_whitespace);
            is_name.then(|| found.to_owned())
        }
        (Json::Array(now), Json::Array(then)) => now.iter().zip(then).find_map(|(now, then)| name_in(now, then, name)),
        (Json::Object(now), Json::Object(then)) => {
            now.iter().find_map(|(member, now)| name_in(now, then.get(member)?, name))
        }
        _ => None,
    }
}
