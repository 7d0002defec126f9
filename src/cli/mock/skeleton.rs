//! A skeleton of mocks: for each task a response with the members that its service gives, to be filled in.

use serde_json::json;

use crate::{
    asl::validate::operation_of,
    data::api::{self, Shape, Structure},
    json::Json,
};

/// How deep a response is filled in; an API may describe itself for ever.
const DEPTH: usize = 4;

/// A file of mocks with a test case that answers each task of a definition once.
pub(super) fn skeleton(definition: &Json, machine: &str, case: &str) -> Json {
    let mut tasks = Vec::new();
    collect(definition, &mut tasks);
    let (mut states, mut responses) = (json!({}), json!({}));
    for (name, resource) in tasks {
        let words = name.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
        let response = format!("{case}{}", words.collect::<String>());
        responses[&response] = json!({"0": {"Return": sample(resource)}});
        states[name] = response.into();
    }
    json!({"StateMachines": {machine: {"TestCases": {case: states}}}, "MockedResponses": responses})
}

/// The tasks of a definition with their resources, those of branches and iterations too.
fn collect<'d>(scope: &'d Json, tasks: &mut Vec<(&'d str, &'d str)>) {
    // A definition that is run is not nested deeper than a reader takes.
    for (name, state) in scope["States"].as_object().into_iter().flatten() {
        if let Some(resource) = state["Resource"].as_str().filter(|_| state["Type"] == "Task") {
            tasks.push((name, resource));
        }
        for inner in state["Branches"].as_array().into_iter().flatten() {
            collect(inner, tasks);
        }
        for inner in ["ItemProcessor", "Iterator"] {
            collect(&state[inner], tasks);
        }
    }
}

/// A response that a resource could give.
fn sample(resource: &str) -> Json {
    let mut parts = resource.splitn(6, ':').skip(2);
    let is_of_states = parts.next() == Some("states") && parts.next() == Some("") && parts.next() == Some("");
    let Some(called) = parts.next().filter(|_| is_of_states) else { return json!({}) };
    let end = called.strip_suffix(".sync:2").unwrap_or(called).rfind(':').unwrap_or_default();
    let (service, action) = (&called[..end], called.get(end + 1..).unwrap_or_default());
    let (action, pattern) = action.split_once('.').map_or((action, None), |(action, pattern)| (action, Some(pattern)));
    match (service, action, pattern) {
        // What a token is given back with, and what a job ends with, no operation says.
        (_, _, Some("waitForTaskToken")) => json!({}),
        ("lambda", "invoke", _) => json!({"ExecutedVersion": "$LATEST", "Payload": {}, "StatusCode": 200}),
        ("states", "startExecution", Some(pattern)) => {
            let output = if pattern == "sync:2" { json!({}) } else { json!("{}") };
            json!({"ExecutionArn": "text", "Name": "text", "Output": output, "StartDate": TIME, "Status": "SUCCEEDED", "StopDate": TIME})
        }
        (_, _, Some(_)) => json!({}),
        _ => {
            let (of, name, is_sdk) = match service.strip_prefix("aws-sdk:") {
                Some(service) => (service, action, true),
                None => match operation_of(service, action) {
                    Some((service, name)) => (service, name, false),
                    None => return json!({}),
                },
            };
            let output = api::service(of).and_then(|service| service.operation(name)?.output());
            output.map_or_else(|| json!({}), |output| of_structure(output, is_sdk, 0))
        }
    }
}

const TIME: &str = "2026-01-01T00:00:00Z";

fn of_structure(structure: Structure<'_>, is_sdk: bool, depth: usize) -> Json {
    let members = structure.members().take(if structure.is_union() { 1 } else { usize::MAX });
    let members = members.map(|member| {
        let name = if is_sdk { member.name().into_owned() } else { capital(member.api_name()) };
        (name, of_shape(member.shape(), is_sdk, depth + 1))
    });
    Json::Object(members.collect())
}

fn of_shape(shape: Shape<'_>, is_sdk: bool, depth: usize) -> Json {
    match shape {
        Shape::String | Shape::Blob => "text".into(),
        Shape::Enumeration(values) => values.iter().next().unwrap_or_default().into(),
        Shape::Integer | Shape::Long => 0.into(),
        Shape::Float | Shape::Double => json!(0.0),
        Shape::Boolean => false.into(),
        Shape::Timestamp => TIME.into(),
        Shape::Document => json!({}),
        Shape::Array(_) | Shape::Structure(_) | Shape::Map(_) if depth >= DEPTH => match shape {
            Shape::Array(_) => json!([]),
            _ => json!({}),
        },
        Shape::Array(item) => json!([of_shape(item.shape(), is_sdk, depth + 1)]),
        Shape::Map(item) => json!({"key": of_shape(item.shape(), is_sdk, depth + 1)}),
        Shape::Structure(structure) => of_structure(structure, is_sdk, depth),
    }
}

fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_response_has_the_members_that_the_service_gives() {
        assert_eq!(sample("arn:aws:states:::sns:publish"), json!({"MessageId": "text", "SequenceNumber": "text"}));
        let listed = sample("arn:aws:states:::aws-sdk:rdsdata:executeStatement");
        assert_eq!(listed["NumberOfRecordsUpdated"], 0);
        assert!(listed["Records"][0][0].is_object(), "{listed}");
        assert_eq!(sample("arn:aws:states:::lambda:invoke")["Payload"], json!({}));
        assert_eq!(sample("arn:aws:states:::states:startExecution.sync:2")["Output"], json!({}));
        assert_eq!(sample("arn:aws:lambda:us-east-1:123456789012:function:f"), json!({}));
        assert_eq!(sample("${Token}"), json!({}));
    }
}
