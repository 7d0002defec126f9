//! The results of tasks: what the integrations give, as far as that is documented or in the model of an API.

use super::shape::{Modelled, Origin, Shape, origin};
use crate::{
    asl::definition::{ResourceKind, State, Task},
    data::api,
};

/// The shape of what a task gives; `returns` is that of what it calls, where that is declared.
pub(super) fn shape(state: &State, task: &Task, returns: Option<&Shape>) -> Shape {
    let declared = || returns.cloned().unwrap_or(Shape::Unknown);
    if task.resource.hidden {
        return Shape::Unknown;
    }
    let ResourceKind::Integration { service, action } = &task.resource.kind else { return declared() };
    if action.ends_with(".waitForTaskToken") {
        return declared();
    }
    let from = origin(&format!("`{}`", state.name));
    match service.strip_prefix("aws-sdk:") {
        Some(service) => declared_or(returns, || sdk(service, action, &from)),
        None => match (service.as_str(), action.as_str()) {
            ("lambda", "invoke") => lambda(declared(), &from),
            ("states", "startExecution.sync") => execution(Shape::TEXT, &from),
            ("states", "startExecution.sync:2") => execution(declared(), &from),
            (service, action) => declared_or(returns, || optimized(service, action, &from)),
        },
    }
}

fn declared_or(returns: Option<&Shape>, known: impl FnOnce() -> Option<Shape>) -> Shape {
    returns.cloned().or_else(known).unwrap_or(Shape::Unknown)
}

/// What the optimized integrations add to the answer of the API.
const METADATA: [(&str, Shape); 2] = [("SdkHttpMetadata", Shape::Unknown), ("SdkResponseMetadata", Shape::Unknown)];

/// <https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html>
fn lambda(payload: Shape, from: &Origin) -> Shape {
    let members = [
        ("ExecutedVersion", Shape::TEXT),
        ("FunctionError", Shape::TEXT),
        ("LogResult", Shape::TEXT),
        ("Payload", payload),
        ("StatusCode", Shape::NUMBER),
    ];
    Shape::closed(members.into_iter().chain(METADATA), from)
}

/// An execution that is done, as `DescribeExecution` describes it.
fn execution(output: Shape, from: &Origin) -> Shape {
    let Some(described) = output_of("sfn", "describeExecution") else { return Shape::Unknown };
    let object = Modelled { structure: described, from: from.clone() }.expanded();
    let members = object.members.iter().map(|(name, member)| match &**name {
        "Output" => (&**name, output.clone()),
        "Input" => (&**name, Shape::Unknown),
        name => (name, member.shape.clone()),
    });
    Shape::closed(members.chain(METADATA), from)
}

/// What an action of the AWS SDK gives.
fn sdk(service: &str, action: &str, from: &Origin) -> Option<Shape> {
    let service = api::service(service).filter(|service| service.is_known())?;
    let operation = service.operation(action)?;
    operation.output().map(|structure| Shape::Modelled(Modelled { structure, from: from.clone() }))
}

/// What an optimized integration that only calls an API gives.
fn optimized(service: &str, action: &str, from: &Origin) -> Option<Shape> {
    let (service, action) = match (service, action) {
        ("apigateway", "invoke") | ("http", "invoke") => {
            let members = [
                ("Headers", Shape::Unknown),
                ("ResponseBody", Shape::Unknown),
                ("StatusCode", Shape::NUMBER),
                ("StatusText", Shape::TEXT),
            ];
            return Some(Shape::closed(members, from));
        }
        ("dynamodb", "getItem" | "putItem" | "updateItem" | "deleteItem") => ("dynamodb", action),
        ("events", "putEvents") => ("eventbridge", action),
        ("sns", "publish") => ("sns", action),
        ("sqs", "sendMessage") => ("sqs", action),
        ("states", "startExecution") => ("sfn", action),
        _ => return None,
    };
    let object = Modelled { structure: output_of(service, action)?, from: from.clone() }.expanded();
    let members = object.members.iter().map(|(name, member)| (&**name, member.shape.clone()));
    Some(Shape::closed(members.chain(METADATA), from))
}

fn output_of(service: &str, action: &str) -> Option<api::Structure<'static>> {
    api::service(service)?.operation(action)?.output()
}

/// What a catcher gets.
pub(super) fn error(from: &Origin) -> Shape {
    Shape::closed([("Error", Shape::TEXT), ("Cause", Shape::TEXT)], from)
}

/// The summary that a `Map` gives whose results are written elsewhere.
pub(super) fn written(from: &Origin) -> Shape {
    let details = Shape::closed([("Bucket", Shape::TEXT), ("Key", Shape::TEXT)], from);
    Shape::closed([("MapRunArn", Shape::TEXT), ("ResultWriterDetails", details)], from)
}
