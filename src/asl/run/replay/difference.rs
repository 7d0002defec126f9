//! Differences between a recording and the run that followed it.

use std::fmt;

use serde_json::json;

use super::{
    super::{
        Outcome,
        recording::{Recording, details},
    },
    same::is_same,
};
use crate::json::Json;

/// Letters of a payload that are shown.
const SHOWN: usize = 200;

/// A difference: what is done now, and what was done then.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    place: Place,
    /// The state that it is about; none for the execution as a whole.
    state: Option<String>,
    now: Option<Json>,
    then: Option<Json>,
}

/// What a difference is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A state that is entered, or was.
    Entered,
    /// What a task is sent.
    Sent,
    /// What a state gives.
    Gives,
    /// A call that has no answer.
    Unanswered,
    /// How the execution ends.
    End,
}

impl Difference {
    /// What it is about.
    pub fn place(&self) -> Place {
        self.place
    }

    /// The state that it is about; none for the execution as a whole.
    pub fn state(&self) -> Option<&str> {
        self.state.as_deref()
    }

    /// For programs: `{place, state, now, then}`, without what there is none of.
    pub fn to_json(&self) -> Json {
        let place = match self.place {
            Place::Entered => "entered",
            Place::Sent => "sent",
            Place::Gives => "gives",
            Place::Unanswered => "unanswered",
            Place::End => "end",
        };
        let mut json = json!({"place": place});
        for (name, value) in
            [("state", self.state.clone().map(Json::from)), ("now", self.now.clone()), ("then", self.then.clone())]
        {
            if let Some(value) = value {
                json[name] = value;
            }
        }
        json
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state.as_deref().unwrap_or_default();
        let shown = |value: &Option<Json>| shorten(&value.as_ref().map(Json::to_string).unwrap_or_default());
        let (now, then) = (shown(&self.now), shown(&self.then));
        match (self.place, self.now.is_some(), self.then.is_some()) {
            (Place::Entered, true, _) => write!(f, "`{state}` is entered, which it was not"),
            (Place::Entered, false, _) => write!(f, "`{state}` is no more entered"),
            (Place::Sent, true, true) => write!(f, "`{state}` is sent {now}; it was sent {then}"),
            (Place::Sent, true, false) => write!(f, "`{state}` is sent {now}, which it was not"),
            (Place::Sent, false, _) => write!(f, "`{state}` is no more sent {then}"),
            (Place::Gives, true, true) => write!(f, "`{state}` gives {now}; it gave {then}"),
            (Place::Gives, true, false) => write!(f, "`{state}` gives {now}, which it did not"),
            (Place::Gives, false, _) => write!(f, "`{state}` gives no more {then}"),
            (Place::Unanswered, ..) => {
                write!(f, "`{state}` has no answer in the recording, which ends the replay; it is sent {now}")
            }
            (Place::End, ..) => write!(f, "{}; {}", end(&self.now, false), end(&self.then, true)),
        }
    }
}

/// How an execution ends, or ended, in words.
fn end(end: &Option<Json>, past: bool) -> String {
    let end = end.clone().unwrap_or_default();
    let text = |name: &str| end[name].as_str().unwrap_or_default().to_owned();
    match (end["status"].as_str().unwrap_or_default(), past) {
        ("SUCCEEDED", _) if end.get("output").is_some() => {
            format!("{} {}", if past { "it was" } else { "the output is" }, shorten(&end["output"].to_string()))
        }
        ("SUCCEEDED", false) => "it succeeds".to_owned(),
        ("SUCCEEDED", true) => "it succeeded".to_owned(),
        ("TIMED_OUT", false) => "it times out".to_owned(),
        ("TIMED_OUT", true) => "it timed out".to_owned(),
        ("FAILED", _) => {
            let verb = if past { "it failed" } else { "it fails" };
            format!("{verb} with `{}`: {}", text("error"), shorten(&text("cause")))
        }
        (_, false) => "it cannot go on".to_owned(),
        (_, true) => "it had not ended, or was aborted".to_owned(),
    }
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// Something that an execution did.
#[derive(Clone, Debug)]
struct Step {
    place: Place,
    state: String,
    value: Json,
}

/// Where a run differs from a recording.
pub(super) fn differences(recording: &Recording, outcome: &Outcome, tokens: &[String]) -> Vec<Difference> {
    let now: Vec<Json> = outcome.events().iter().map(|event| json!(event)).collect();
    let (now, mut then) = (steps(&now), steps(recording.events()));
    let mut found = Vec::new();
    let mut parted: Vec<Step> = Vec::new();
    for step in now {
        // Branches and iterations come in any order.
        match then.iter().position(|known| step.is_same(known, tokens)) {
            Some(place) => {
                then.remove(place);
            }
            None => parted.push(step),
        }
    }
    for step in parted {
        // The same state did something else.
        let other = match step.place {
            Place::Entered => None,
            _ => then.iter().position(|known| known.place == step.place && known.state == step.state),
        };
        let other = other.map(|place| then.remove(place).value);
        found.push(Difference { place: step.place, state: Some(step.state), now: Some(step.value), then: other });
    }
    if let Some(problem) = outcome.diagnostics().iter().find(|it| it.message.contains("has no answer for `")) {
        let state = problem.message.split('`').nth(1).unwrap_or_default();
        let sent = found.iter().position(|it| it.place == Place::Sent && it.state.as_deref() == Some(state));
        let now = sent.and_then(|place| found.remove(place).now);
        found.push(Difference { place: Place::Unanswered, state: Some(state.to_owned()), now, then: None });
        // What it did not come to, it was not asked to do otherwise.
        return found;
    }
    if let Some(difference) = of_end(recording, outcome, tokens) {
        // An end of another kind is what there is to know first.
        let is_kind =
            difference.now.as_ref().map(|end| &end["status"]) != difference.then.as_ref().map(|end| &end["status"]);
        found.insert(if is_kind { 0 } else { found.len() }, difference);
    }
    found.extend(then.into_iter().map(|step| Difference {
        place: step.place,
        state: Some(step.state),
        now: None,
        then: Some(step.value),
    }));
    found
}

/// What the events tell of: states entered and left, and what tasks are sent.
fn steps(events: &[Json]) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut state = String::new();
    for event in events {
        let kind = event["type"].as_str().unwrap_or_default();
        let details = details(event);
        let name = details["name"].as_str().unwrap_or_default();
        let payload = |name: &str| details[name].as_str().and_then(|text| serde_json::from_str(text).ok());
        let (place, value) = if kind.ends_with("StateEntered") {
            name.clone_into(&mut state);
            (Place::Entered, Some(Json::Null))
        } else if kind.ends_with("StateExited") {
            (Place::Gives, payload("output"))
        } else if kind.ends_with("Scheduled") {
            (Place::Sent, payload("parameters").or_else(|| payload("input")))
        } else {
            continue;
        };
        let state = if place == Place::Sent {
            state_of(event, events).unwrap_or_else(|| state.clone())
        } else {
            name.to_owned()
        };
        steps.extend(value.map(|value| Step { place, state, value }));
    }
    steps
}

/// The state that an event belongs to: the one that was entered last on the way to it.
fn state_of(event: &Json, events: &[Json]) -> Option<String> {
    let mut at = event;
    loop {
        let (id, previous) = (at["id"].as_u64()?, at["previousEventId"].as_u64()?);
        if previous >= id {
            return None;
        }
        let place = events.binary_search_by_key(&previous, |event| event["id"].as_u64().unwrap_or_default()).ok()?;
        at = &events[place];
        if at["type"].as_str().is_some_and(|kind| kind.ends_with("StateEntered")) {
            return at["stateEnteredEventDetails"]["name"].as_str().map(str::to_owned);
        }
    }
}

impl Step {
    fn is_same(&self, then: &Self, tokens: &[String]) -> bool {
        self.place == then.place && self.state == then.state && is_same(&self.value, &then.value, tokens)
    }
}

fn of_end(recording: &Recording, outcome: &Outcome, tokens: &[String]) -> Option<Difference> {
    let now = outcome.to_json();
    let last = recording.events().iter().rev().find_map(|event| {
        let status = match event["type"].as_str()? {
            "ExecutionSucceeded" => "SUCCEEDED",
            "ExecutionFailed" => "FAILED",
            "ExecutionTimedOut" => "TIMED_OUT",
            "ExecutionAborted" => "ABORTED",
            _ => return None,
        };
        let details = details(event);
        let mut then = json!({"status": status});
        if let Some(output) = details["output"].as_str().and_then(|text| serde_json::from_str::<Json>(text).ok()) {
            then["output"] = output;
        }
        for name in ["error", "cause"] {
            if details[name].is_string() {
                then[name] = details[name].clone();
            }
        }
        Some(then)
    });
    // A history that has no end yet ends nowhere else.
    let then = last?;
    let member = |end: &Json, name: &str| end.get(name).cloned().unwrap_or_default();
    let is_same_status = now["status"] == then["status"];
    let same = is_same_status
        && ["output", "error", "cause"].iter().all(|name| is_same(&member(&now, name), &member(&then, name), tokens));
    if same {
        return None;
    }
    let keep = |end: &Json| {
        let names = ["status", "error", "cause"].into_iter().chain(is_same_status.then_some("output"));
        names.filter_map(|name| Some((name.to_owned(), end.get(name)?.clone()))).collect::<Json>()
    };
    Some(Difference { place: Place::End, state: None, now: Some(keep(&now)), then: Some(keep(&then)) })
}
