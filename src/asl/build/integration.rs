//! The ARNs of integrations, `arn:aws:states:::sns:publish`: they exist in every partition, and are called in the one that
//! the state machine is deployed to.
//!
//! Each is a `${Token}` of its own in what ships, as in the samples of AWS, whose value CloudFormation puts together. A
//! token for the partition alone, inside of the ARN, is what cfn-lint and other linters take for no ARN.

use serde_json::json;

use super::token::pascal_case;
use crate::{json::Json, value::Intrinsic};

const PREFIX: &str = "arn:aws:states:::";

/// An integration and its token.
#[derive(Debug, PartialEq)]
pub(super) struct Integration {
    pub token: String,
    /// What follows the partition: `sns:publish`.
    name: String,
}

impl Integration {
    /// The ARN in the partition of the stack.
    pub fn value(&self) -> Intrinsic {
        Intrinsic::new("Fn::Sub", &format!("arn:${{AWS::Partition}}:states:::{}", self.name))
    }
}

/// The integrations of a definition in the order of first use, with tokens that are not `taken`.
pub(super) fn integrations(definition: &Json, taken: &[&str]) -> Vec<Integration> {
    let mut found: Vec<Integration> = Vec::new();
    // Reading and replacing have one walk, which a copy is cheap enough for.
    each_resource(&mut definition.clone(), &mut |arn| {
        let Some(name) = arn.strip_prefix(PREFIX).filter(|name| found.iter().all(|known| known.name != **name)) else {
            return;
        };
        let token = pascal_case(name);
        let numbered = (2u32..).map(|number| format!("{token}{number}"));
        let token = std::iter::once(token.clone())
            .chain(numbered)
            .find(|token| !taken.contains(&token.as_str()) && found.iter().all(|known| known.token != *token));
        let token = token.expect("there are more numbers than tokens");
        found.push(Integration { token, name: name.to_owned() });
    });
    found
}

/// Puts tokens in place of the integrations.
pub(super) fn tokenize(definition: &mut Json, integrations: &[Integration]) {
    each_resource(definition, &mut |arn| {
        let known = arn.strip_prefix(PREFIX);
        if let Some(known) = integrations.iter().find(|integration| known == Some(&integration.name)) {
            *arn = format!("${{{}}}", known.token);
        }
    });
}

/// Moves the integrations to a partition.
pub(super) fn move_to(definition: &mut Json, partition: &str) {
    each_resource(definition, &mut |arn| {
        if let Some(name) = arn.strip_prefix(PREFIX) {
            *arn = format!("arn:{partition}:states:::{name}");
        }
    });
}

/// Visits the `Resource` of each task, reader and writer of a scope and of those inside.
fn each_resource(scope: &mut Json, visit: &mut dyn FnMut(&mut String)) {
    let states = scope.get_mut("States").and_then(Json::as_object_mut);
    for (_, state) in states.into_iter().flatten() {
        let is_task = state.get("Type") == Some(&json!("Task"));
        for (field, value) in state.as_object_mut().into_iter().flatten() {
            match (field.as_str(), value) {
                ("Resource", Json::String(arn)) if is_task => visit(arn),
                ("ItemReader" | "ResultWriter", part) => {
                    if let Some(Json::String(arn)) = part.get_mut("Resource") {
                        visit(arn);
                    }
                }
                ("Branches", Json::Array(branches)) => branches.iter_mut().for_each(|it| each_resource(it, visit)),
                ("ItemProcessor" | "Iterator", processor) => each_resource(processor, visit),
                _ => {}
            }
        }
    }
}
