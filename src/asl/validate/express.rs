//! SCHEMA_VALIDATION_FAILED: an express workflow waits for a job, a task token or an activity, or distributes a `Map`.

use crate::{
    asl::definition::{Definition, ResourceKind, StateKind},
    diagnostic::Diagnostic,
};

const DOCS: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html";

/// Looks at the iterations that are express executions of their own.
pub(super) fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    for scope in definition.scopes.iter().filter(|scope| scope.is_express()) {
        within(definition, &scope.pointer, found);
    }
}

/// Looks at everything at or below a pointer, which runs as an express workflow.
pub(super) fn within(definition: &Definition, pointer: &str, found: &mut Vec<Diagnostic>) {
    let inside = |other: &str| other.strip_prefix(pointer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    for state in definition.scopes.iter().filter(|scope| inside(&scope.pointer)).flat_map(|scope| &scope.states) {
        if matches!(&state.kind, StateKind::Map(map) if map.distributed.is_some()) {
            let message = "the `Map` is distributed in an express workflow; expected an inline one";
            found.push(
                Diagnostic::error("SCHEMA_VALIDATION_FAILED", state.pointer.as_str(), message)
                    .help("use the type STANDARD, or the mode INLINE")
                    .docs(DOCS),
            );
        }
        let Some(resource) = state.resource() else { continue };
        let suffixes = [".sync", ".sync:2", ".waitForTaskToken"];
        let pattern = suffixes.into_iter().find(|suffix| resource.arn.ends_with(suffix));
        let waits = match pattern {
            Some(suffix) => format!("uses `{suffix}`"),
            None if resource.kind == ResourceKind::Activity => "is an activity".to_owned(),
            None => continue,
        };
        let message = format!("the task {waits} in an express workflow; expected an integration that only answers");
        let pointer = format!("{}/Resource", state.pointer);
        found.push(
            Diagnostic::error("SCHEMA_VALIDATION_FAILED", pointer, message)
                .help("use the type STANDARD, or the integration without that ending")
                .docs(DOCS),
        );
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use crate::asl::validate::{assert_finds, express};

    fn starting(resource: &str, execution_type: &str) -> Json {
        json!({"StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true, "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": execution_type},
            "StartAt": "Start",
            "States": {"Start": {"Type": "Task", "Resource": resource, "End": true}},
        }}}})
    }

    #[test]
    fn an_express_execution_waits_for_nothing() {
        let job = "arn:aws:states:::states:startExecution.sync:2";
        let check = super::check;
        assert_finds(check, starting(job, "STANDARD"), &[]);
        assert_finds(check, starting("arn:aws:states:::states:startExecution", "EXPRESS"), &[]);
        assert_finds(
            check,
            starting(job, "EXPRESS"),
            &[
                "error[SCHEMA_VALIDATION_FAILED]: the task uses `.sync:2` in an express workflow; expected an integration that only answers\n  \
               at   /States/Each/ItemProcessor/States/Start/Resource\n  \
               help use the type STANDARD, or the integration without that ending\n  \
               docs https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html",
            ],
        );
        let found = express(&starting("arn:aws:states:eu-west-1:123456789012:activity:bake", "STANDARD"));
        assert_eq!(
            found[1].message,
            "the task is an activity in an express workflow; expected an integration that only answers"
        );
        let [_, fault] = &express(&starting(job, "STANDARD"))[..] else { panic!("the `Map` and the task") };
        assert_eq!(fault.path, "/States/Each/ItemProcessor/States/Start/Resource");
        let [fault] = &express(&starting("arn:aws:states:::sns:publish", "STANDARD"))[..] else { panic!("one fault") };
        assert_eq!(fault.message, "the `Map` is distributed in an express workflow; expected an inline one");
    }
}
