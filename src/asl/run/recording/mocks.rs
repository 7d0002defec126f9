//! The mocks of a recording, in AWS's format.

use serde_json::{Map, json};

use super::call::{Call, Outcome};
use crate::json::Json;

/// The name of the responses of a state: of letters and digits alone.
pub(super) fn name(test_case: &str, state: &str) -> String {
    let words = test_case.split(|letter: char| !letter.is_ascii_alphanumeric());
    let words = words.chain(state.split(|letter: char| !letter.is_alphanumeric())).filter(|word| !word.is_empty());
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default()
    };
    words.map(capital).collect()
}

/// The responses of a state by the numbers of its calls; those that are alike are one.
pub(super) fn responses(calls: &[&Call]) -> Json {
    let mut ranges: Vec<(usize, usize, Json)> = Vec::new();
    for (number, call) in calls.iter().enumerate() {
        let response = response(&call.outcome);
        match ranges.last_mut() {
            Some((_, last, same)) if *same == response => *last = number,
            _ => ranges.push((number, number, response)),
        }
    }
    let members = ranges.into_iter().map(|(first, last, response)| {
        let numbers = if first == last { first.to_string() } else { format!("{first}-{last}") };
        (numbers, response)
    });
    Json::Object(members.collect())
}

fn response(outcome: &Outcome) -> Json {
    match outcome {
        Outcome::Result(result) => json!({"Return": result}),
        Outcome::Failed { error, cause } => {
            let members = [("Error", error), ("Cause", cause)].into_iter();
            let members = members.filter_map(|(name, text)| Some((name.to_owned(), text.as_ref()?.as_str().into())));
            json!({"Throw": members.collect::<Map<_, _>>()})
        }
        Outcome::TimedOut => json!({"Throw": {"Error": "States.Timeout"}}),
        Outcome::Open => json!({"x-never": true}),
    }
}
