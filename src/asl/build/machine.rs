//! A workflow as the definition of a state machine.

use super::{QueryLanguage, Workflow};
use crate::{
    aws::stepfunctions::StateMachine,
    diagnostic::Diagnostic,
    json::Json,
    value::{Intrinsic, Value},
};

/// The code of the rule of templates that says the same of two properties.
const GIVEN_TWICE: &str = "F1014";

impl StateMachine {
    /// Sets `Definition` and `DefinitionSubstitutions`; `DefinitionString` in place of the first where the workflow
    /// has a `null` (`ResultPath: null`), which CloudFormation takes only inside of text. A machine that has a definition
    /// already, in whatever form, has two then, which is an error. What is wrong with the workflow is told by the stack's
    /// [`diagnostics`](crate::Stack::diagnostics).
    ///
    /// The role must be allowed what [`Workflow::grants`] says:
    ///
    /// ```
    /// use formwork::{Stack, asl::jsonata::*, aws::{iam::Role, sns::Topic, stepfunctions::StateMachine}, iam::trust};
    /// let mut stack = Stack::new("reports");
    /// let topic = stack.add("ReportTopic", Topic::new());
    /// let workflow = Workflow::new().state("Publish", Task::sns_publish(&topic).end());
    /// let role = Role::new(trust("states.amazonaws.com")).policy("RunWorkflow", workflow.grants());
    /// let role = stack.add("WorkflowRole", role);
    /// stack.add("Reports", StateMachine::new(role.arn()).workflow(&workflow));
    /// # assert_eq!(stack.diagnostics(), []);
    /// ```
    pub fn workflow<L: QueryLanguage>(self, workflow: &Workflow<L>) -> Self {
        let definition = workflow.definition();
        let substitutions = workflow.substitutions();
        // What the check of the template cannot see: a definition in whose place this one stands.
        let notes = |property: &str, is_taken: bool| {
            let mut notes = workflow.notes(property);
            if is_taken {
                let message = "the state machine has a definition already, and the workflow is another; expected one";
                notes.problems.push(Diagnostic::error(GIVEN_TWICE, property, message));
            }
            notes
        };
        let machine = if has_null(&definition) {
            let notes = notes("DefinitionString", self.definition_string.is_some());
            let text = Intrinsic::capture(&format!("{definition:#}\n")).noting(notes);
            self.definition_string(Value::Intrinsic(text))
        } else {
            let notes = notes("Definition", self.definition.is_some());
            let object = Intrinsic::capture(&definition).noting(notes);
            self.definition(Value::Intrinsic(object))
        };
        if substitutions.is_empty() { machine } else { machine.definition_substitutions(substitutions) }
    }
}

fn has_null(json: &Json) -> bool {
    match json {
        Json::Null => true,
        Json::Array(items) => items.iter().any(has_null),
        Json::Object(members) => members.values().any(has_null),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        asl::jsonpath::*,
        aws::{sns::Topic, stepfunctions::StateMachine},
        json::Json,
        stack::Stack,
    };

    #[test]
    fn a_workflow_with_a_null_is_a_text_and_is_checked_all_the_same() {
        let mut stack = Stack::new("reports");
        let topic = stack.add("ReportTopic", Topic::new());
        let line = line!() + 1;
        let workflow = Workflow::new().state("Publish", Task::sns_publish(&topic).result_path(None).next("Dnoe"));
        let workflow = workflow.state("Done", Succeed::new());
        stack.add("Reports", StateMachine::new("arn:aws:iam::123456789012:role/Run").workflow(&workflow));

        let template = stack.template();
        let properties = &template.as_json()["Resources"]["Reports"]["Properties"];
        let text = properties["DefinitionString"].as_str().unwrap();
        assert_eq!(serde_json::from_str::<Json>(text).unwrap(), workflow.definition());
        assert_eq!(properties["DefinitionSubstitutions"]["ReportTopicArn"]["Ref"], "ReportTopic");

        let found = stack.diagnostics();
        let path = "Resources/Reports/Properties/DefinitionString/States/Publish/Next";
        let fault = found.iter().find(|fault| fault.path == path).unwrap();
        assert_eq!(fault.help.as_deref(), Some("did you mean `Done`?"));
        assert_eq!(fault.declared_at.as_ref().unwrap().line, line);
    }
}
