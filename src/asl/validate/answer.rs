//! What a task may be answered with: whether the API's model allows a mocked result, and an error.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/apireference/API_MockInput.html>

use serde::{Deserialize, Serialize};

use super::{error_name, optimized};
use crate::{
    asl::definition::{Resource, ResourceKind, tokens_of},
    data::api::{self, Bounds, Shape, Structure},
    json::{Json, Pointer, is_too_deep},
};

/// How strictly mocked results are checked against the models of the APIs: `fieldValidationMode` of AWS's `TestState`.
///
/// A field that the model does not have is let through: the model may be older than the service. So is what answers for
/// itself, a function, an activity or a callback, and what no model describes: calls of HTTP endpoints, of API Gateway
/// and of Kubernetes, and jobs that are waited for, but for executions.
///
/// <https://docs.aws.amazon.com/step-functions/latest/apireference/API_MockInput.html>
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum FieldValidation {
    /// Required fields must be there, and all that are there must be as the model has them. An error that begins with
    /// the name of the service must be one that the call has.
    #[default]
    Strict,
    /// The fields that are there must be as the model has them.
    Present,
    /// Nothing is checked.
    None,
}

/// A result that a service could not give: what is wrong with it, in the words of `TestState`, and where in it.
#[derive(Debug, PartialEq)]
pub(crate) struct WrongResult {
    /// JSON pointer into the result.
    pub pointer: String,
    /// `Field 'Entries' must be an array`
    pub message: String,
}

/// Everything that is wrong with the result of a task.
pub(crate) fn wrong_results(resource: &Resource, result: &Json, mode: FieldValidation) -> Vec<WrongResult> {
    let mut found = Vec::new();
    if mode == FieldValidation::None || is_too_deep(result) {
        return found;
    }
    let Some((output, any)) = output(resource) else { return found };
    // What is waited for may be answered with its token too, by anything.
    let may_be_other = matches!(&resource.kind, ResourceKind::Integration { action, .. } if action.contains('.'));
    let is_strict = mode == FieldValidation::Strict && !may_be_other;
    let mut walk = Walk { is_strict, any, found: &mut found };
    match result {
        Json::Object(_) => walk.structure(result, output, &Pointer::START),
        // It has no fields that could be wrong.
        _ if !is_strict => {}
        _ => walk.push(&Pointer::START, "the result must be a JSON object".to_owned()),
    }
    found
}

/// What is wrong with the name of an error that a task is answered with.
pub(crate) fn wrong_error(resource: &Resource, error: &str) -> Option<String> {
    if tokens_of(&resource.arn).next().is_some() {
        return None;
    }
    let (message, meant) = error_name::impossible(resource, error)?;
    Some(match meant {
        Some(meant) => format!("{message}, such as `{meant}`"),
        None => message,
    })
}

/// What the model says of the result of a task, and which members may be any JSON all the same; none where no model does.
fn output(resource: &Resource) -> Option<(Structure<'static>, &'static [&'static str])> {
    let ResourceKind::Integration { service, action } = &resource.kind else { return None };
    if resource.hidden || tokens_of(&resource.arn).next().is_some() {
        return None;
    }
    let (action, pattern) = action.split_once('.').unwrap_or((action, ""));
    let (service, operation, any): (_, _, &[&str]) = match (service.strip_prefix("aws-sdk:"), pattern) {
        (Some(service), "") => (service, action, &[]),
        // An execution that is waited for is answered with its description.
        (None, "sync") if service == "states" => ("sfn", "describeExecution", &[]),
        (None, "sync:2") if service == "states" => ("sfn", "describeExecution", &["Input", "Output"]),
        (None, "") => {
            let (service_of, operation) = optimized::integration(service)?.action(action)?.operation?;
            // The integration reads the JSON that the API gives as bytes.
            let any: &[&str] = match service.as_str() {
                "lambda" => &["Payload"],
                "bedrock" => &["Body"],
                _ => &[],
            };
            (service_of, operation, any)
        }
        _ => return None,
    };
    Some((api::service(service)?.operation(operation)?.output()?, any))
}

/// A walk through a result.
struct Walk<'w> {
    is_strict: bool,
    any: &'static [&'static str],
    found: &'w mut Vec<WrongResult>,
}

impl Walk<'_> {
    fn structure(&mut self, value: &Json, structure: Structure<'static>, at: &Pointer<'_>) {
        let Some(members) = value.as_object() else { return };
        if self.is_strict {
            for member in structure.members().filter(|member| member.is_required()) {
                let name = member.name();
                if !members.contains_key(name.as_ref()) {
                    self.push(at, format!("Required field '{name}' is missing"));
                }
            }
        }
        for (name, value) in members {
            let Some(member) = structure.member(name) else { continue };
            if !self.any.contains(&name.as_str()) {
                self.value(value, member.shape(), member.bounds(), name, &at.key(name));
            }
        }
    }

    /// Looks at the value of a field, or at an item of it.
    fn value(&mut self, value: &Json, shape: Shape<'static>, bounds: Bounds, field: &str, at: &Pointer<'_>) {
        if value.is_null() {
            return;
        }
        let (expected, is_one) = match shape {
            Shape::Document => return,
            Shape::String | Shape::Blob | Shape::Timestamp | Shape::Enumeration(_) => ("a string", value.is_string()),
            Shape::Integer | Shape::Long if value.is_f64() => ("an integer", value.as_f64().is_some_and(is_whole)),
            Shape::Integer | Shape::Long | Shape::Float | Shape::Double => ("a number", value.is_number()),
            Shape::Boolean => ("a boolean", value.is_boolean()),
            Shape::Array(_) => ("an array", value.is_array()),
            Shape::Map(_) | Shape::Structure(_) => ("an object", value.is_object()),
        };
        if !is_one {
            return self.push(at, format!("Field '{field}' must be {expected}"));
        }
        match shape {
            Shape::Enumeration(values) if !value.as_str().is_some_and(|text| values.contains(text)) => {
                self.push(at, format!("Field '{field}' is not an expected value"));
            }
            Shape::String | Shape::Blob => {
                let length = value.as_str().unwrap_or_default().chars().count();
                self.bounds(length as f64, bounds, "length", field, at);
            }
            Shape::Integer | Shape::Long | Shape::Float | Shape::Double => {
                self.bounds(value.as_f64().unwrap_or_default(), bounds, "value", field, at);
            }
            Shape::Array(item) => {
                for (index, value) in value.as_array().into_iter().flatten().enumerate() {
                    self.value(value, item.shape(), item.bounds(), field, &at.index(index));
                }
            }
            Shape::Map(item) => {
                for (key, value) in value.as_object().into_iter().flatten() {
                    self.value(value, item.shape(), item.bounds(), field, &at.key(key));
                }
            }
            Shape::Structure(structure) => self.structure(value, structure, at),
            _ => {}
        }
    }

    fn bounds(&mut self, number: f64, bounds: Bounds, what: &str, field: &str, at: &Pointer<'_>) {
        if bounds.min.is_some_and(|least| number < least) {
            self.push(at, format!("Field '{field}' is smaller than the minimum {what}"));
        }
        if bounds.max.is_some_and(|most| number > most) {
            self.push(at, format!("Field '{field}' exceeds the maximum {what}"));
        }
    }

    fn push(&mut self, at: &Pointer<'_>, message: String) {
        self.found.push(WrongResult { pointer: at.to_string(), message });
    }
}

fn is_whole(number: f64) -> bool {
    number.fract() == 0.0
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::asl::definition::{Definition, StateKind};

    fn resource(arn: &str) -> Definition {
        let task = json!({"Type": "Task", "Resource": arn, "End": true});
        Definition::read(&json!({"StartAt": "Call", "States": {"Call": task}})).0
    }

    fn wrong(arn: &str, result: Json, mode: FieldValidation) -> Vec<String> {
        let definition = resource(arn);
        let StateKind::Task(task) = &definition.scopes[0].states[0].kind else { unreachable!() };
        let found = wrong_results(&task.resource, &result, mode);
        found.into_iter().map(|it| format!("{}: {}", it.pointer, it.message)).collect()
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let strict =
            |action: &str, result| wrong(&format!("arn:aws:states:::{action}"), result, FieldValidation::Strict);
        let none: [&str; 0] = [];
        assert_eq!(
            strict("events:putEvents", json!({"Entries": [{"EventId": 1}], "FailedEntryCount": "0"})),
            [
                "/Entries/0/EventId: Field 'EventId' must be a string",
                "/FailedEntryCount: Field 'FailedEntryCount' must be a number"
            ]
        );
        assert_eq!(strict("events:putEvents", json!([])), [": the result must be a JSON object"]);
        assert_eq!(
            strict(
                "aws-sdk:s3:getObject",
                json!({"StorageClass": "Papyrus", "ContentLength": 1.5, "Metadata": {"a": 1}})
            ),
            [
                "/StorageClass: Field 'StorageClass' is not an expected value",
                "/ContentLength: Field 'ContentLength' must be an integer",
                "/Metadata/a: Field 'Metadata' must be a string",
            ]
        );
        assert_eq!(strict("aws-sdk:s3:getObject", json!({"ContentLength": 2.0, "Body": null, "More": 1})), none);
        assert_eq!(
            strict(
                "aws-sdk:lambda:getFunction",
                json!({"Configuration": {"MemorySize": 1, "Description": "x".repeat(300)}})
            ),
            [
                "/Configuration/MemorySize: Field 'MemorySize' is smaller than the minimum value",
                "/Configuration/Description: Field 'Description' exceeds the maximum length",
            ]
        );
    }

    #[test]
    fn required_fields_are_wanted_where_it_is_strict() {
        let start = "arn:aws:states:::states:startExecution";
        let missing = [": Required field 'ExecutionArn' is missing", ": Required field 'StartDate' is missing"];
        assert_eq!(wrong(start, json!({}), FieldValidation::Strict), missing);
        assert_eq!(wrong(start, json!({}), FieldValidation::Present), [""; 0]);
        assert_eq!(wrong(start, json!({"StartDate": 1}), FieldValidation::None), [""; 0]);
    }

    #[test]
    fn what_answers_for_itself_is_let_through() {
        let function = "arn:aws:lambda:eu-west-1:123456789012:function:f";
        for arn in [
            function,
            "${Called}",
            "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "arn:aws:states:::apigateway:invoke",
            "arn:aws:states:::glue:startJobRun.sync",
        ] {
            assert_eq!(wrong(arn, json!(1), FieldValidation::Strict), [""; 0], "{arn}");
        }
        let payload = json!({"Payload": {"any": [1]}, "StatusCode": 200});
        assert_eq!(wrong("arn:aws:states:::lambda:invoke", payload, FieldValidation::Strict), [""; 0]);
        let done = json!({
            "ExecutionArn": "arn", "StateMachineArn": "arn", "StartDate": "2026-01-01T00:00:00Z", "Status": "SUCCEEDED",
            "Output": {"any": 1},
        });
        assert_eq!(
            wrong("arn:aws:states:::states:startExecution.sync:2", done.clone(), FieldValidation::Strict),
            [""; 0]
        );
        assert_eq!(
            wrong("arn:aws:states:::states:startExecution.sync", done, FieldValidation::Strict),
            ["/Output: Field 'Output' must be a string"]
        );
    }
}
