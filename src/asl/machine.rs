//! A workflow as the definition of a state machine.

use super::{QueryLanguage, Workflow};
use crate::{
    aws::stepfunctions::StateMachine,
    value::{Intrinsic, Value},
};

impl StateMachine {
    /// Sets `Definition` and `DefinitionSubstitutions`. What is wrong with the workflow is told by the stack's
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
        let definition = Intrinsic::capture(&workflow.definition()).noting(workflow.notes());
        let substitutions = workflow.substitutions();
        let machine = self.definition(Value::Intrinsic(definition));
        if substitutions.is_empty() { machine } else { machine.definition_substitutions(substitutions) }
    }
}
