//! `Wait`, on the virtual clock.

use serde_json::{Value as Json, json};

use super::{alone, chain, fail, in_jsonata, run, seconds, value};

/// A state, its input, and how long it takes. It starts at 2026-01-01T00:00:00Z.
#[track_caller]
fn give(fields: Json, input: Json, expected: f64) {
    let mut state = json!({"Type": "Wait"});
    for (name, value) in fields.as_object().into_iter().flatten() {
        state[name] = value.clone();
    }
    let outcome = run(alone(state), input.clone()).finish();
    assert_eq!((value(&outcome), seconds(&outcome)), (input, expected));
}

#[test]
fn seconds_pass() {
    give(json!({"Seconds": 0}), json!({}), 0.0);
    give(json!({"Seconds": 10}), json!({"a": 1}), 10.0);
    give(json!({"SecondsPath": "$.n"}), json!({"n": 10}), 10.0);
    give(json!({"SecondsPath": "$.n"}), json!({"n": 0}), 0.0);
    give(
        json!({"InputPath": "$.w", "SecondsPath": "$.n", "OutputPath": "$$.Execution.Input"}),
        json!({"w": {"n": 10}}),
        10.0,
    );
}

#[test]
fn a_moment_comes() {
    give(json!({"Timestamp": "2026-01-01T00:01:00Z"}), json!({}), 60.0);
    give(json!({"Timestamp": "2026-01-01T02:00:00+01:00"}), json!({}), 3_600.0);
    for at in [
        "2026-01-01T00:01:00Z",
        "2026-01-01T00:01:00.000Z",
        "2026-01-01T00:01:00.243167252Z",
        "2025-12-31T23:01:00-01:00",
    ] {
        give(json!({"TimestampPath": "$.at"}), json!({"at": at}), 60.0);
    }
}

#[test]
fn a_moment_in_the_past_is_there_at_once() {
    give(json!({"Timestamp": "2016-03-14T01:59:00Z"}), json!({}), 0.0);
    give(json!({"TimestampPath": "$"}), json!("1970-01-01T00:00:00Z"), 0.0);
}

#[test]
fn a_day_less_than_a_year_takes_no_real_time() {
    give(json!({"Seconds": 364 * 86_400}), json!({}), 364.0 * 86_400.0);
}

#[test]
fn a_wait_is_told_when_it_begins_and_when_it_ends() {
    let outcome = run(alone(json!({"Type": "Wait", "Seconds": 1})), json!({})).finish();
    assert_eq!(chain(&outcome), "ExecutionStarted(0) WaitStateEntered(0) WaitStateExited(2) ExecutionSucceeded(3)");
}

fn refuse(fields: Json, input: Json, cause: &str) {
    let mut state = json!({"Type": "Wait"});
    for (name, value) in fields.as_object().into_iter().flatten() {
        state[name] = value.clone();
    }
    fail(state, input, "States.Runtime", cause);
}

#[test]
fn seconds_that_are_no_whole_number_end_the_run() {
    let path = json!({"SecondsPath": "$.n"});
    refuse(path.clone(), json!({"n": 1.5}), "The SecondsPath parameter cannot be parsed as a long value: $.n == 1.5");
    refuse(path.clone(), json!({"n": "x"}), "The SecondsPath parameter cannot be parsed as a long value: $.n == x");
    refuse(path.clone(), json!({"n": -1}), "The SecondsPath parameter references a negative value: $.n == -1");
    refuse(path, json!({}), "The SecondsPath parameter does not reference an input value: $.n");
}

#[test]
fn a_moment_that_is_none_ends_the_run() {
    let path = json!({"TimestampPath": "$.at"});
    for wrong in [
        "05-12-2016T21:29:29Z",
        "2016-12-05T21:29:29",
        "2016-12-05 21:29:29Z",
        "2016-12-05T25:29:29Z",
        "2016-13-05T21:29:29Z",
    ] {
        refuse(
            path.clone(),
            json!({"at": wrong}),
            &format!(
                "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: $.at == {wrong}"
            ),
        );
    }
    refuse(path, json!({}), "The TimestampPath parameter does not reference an input value: $.at");
    let expression = in_jsonata(json!({"Type": "Wait", "Timestamp": "{% $states.input.at %}"}));
    fail(
        expression.clone(),
        json!({"at": "2016-12-05T21:29:29"}),
        "States.QueryEvaluationError",
        "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: 2016-12-05T21:29:29",
    );
    fail(
        expression,
        json!({"at": 5}),
        "States.QueryEvaluationError",
        "The JSONata expression '$states.input.at' specified for the field 'Timestamp' returned an unexpected result \
         type. Expected 'string', but was 'number' for value: 5",
    );
}

#[test]
fn a_wait_may_be_too_long() {
    // Recorded: 24,855 days are accepted, 24,856 are not.
    refuse(json!({"TimestampPath": "$"}), json!("2094-01-20T00:00:00Z"), "Wait state delay is too long.");
    let outcome = run(alone(json!({"Type": "Wait", "TimestampPath": "$"})), json!("2094-01-19T00:00:00Z")).finish();
    assert_eq!(outcome.status(), formwork::asl::run::Status::TimedOut);
}

#[test]
fn seconds_of_an_expression_must_be_whole() {
    let wait = in_jsonata(json!({"Type": "Wait", "Seconds": "{% $states.input.n %}"}));
    for (value, expected, is) in
        [(json!("x"), "number", "string"), (json!(1.5), "integer", "number"), (json!(-1), "integer", "number")]
    {
        fail(
            wait.clone(),
            json!({"n": value}),
            "States.QueryEvaluationError",
            &format!(
                "The JSONata expression '$states.input.n' specified for the field 'Seconds' returned an unexpected \
                 result type. Expected '{expected}', but was '{is}' for value: {value}"
            ),
        );
    }
}
