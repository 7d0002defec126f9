//! `states:startExecution`: another state machine.

use super::{Task, WAIT_FOR_TASK_TOKEN};
use crate::{
    asl::build::{QueryLanguage, setters},
    aws::stepfunctions::StateMachine,
    stack::Handle,
};

/// `arn:aws:states:::states:startExecution`, which does not wait for the end of the execution.
#[derive(Clone, Copy, Debug)]
pub enum StartExecution {}

/// `arn:aws:states:::states:startExecution.sync:2`, which waits for it.
#[derive(Clone, Copy, Debug)]
pub enum StartExecutionSync {}

impl<L: QueryLanguage> Task<L, StartExecution> {
    /// Starts an execution of another state machine, with the state's input unless [`input`](Self::input) says
    /// otherwise. The role gets `states:StartExecution` on it.
    ///
    /// <https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html>
    pub fn states_start_execution(machine: &Handle<StateMachine>) -> Self {
        Self::start_execution(machine)
    }

    /// Waits until the token is sent back (`.waitForTaskToken`). The input must hand the token on:
    /// `$states.context.Task.Token`, in JSONPath `$$.Task.Token`.
    pub fn wait_for_task_token(self) -> Self {
        self.pattern(WAIT_FOR_TASK_TOKEN)
    }

    setters::integration_arguments! {
        input => "Input", "the input of the execution.";
        name => "Name", "of the execution: 1 to 80 characters, unique for 90 days.";
    }
}

impl<L: QueryLanguage> Task<L, StartExecutionSync> {
    /// Starts an execution of another state machine and waits for its end (`.sync:2`): its output, as JSON, is
    /// `Output` of the result. A failed execution fails the task with `States.TaskFailed`.
    ///
    /// The role gets `states:StartExecution` on the machine, `states:DescribeExecution` and `states:StopExecution`
    /// on its executions, and the rule by which Step Functions learns of their end.
    ///
    /// <https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html>
    pub fn states_start_execution_sync(machine: &Handle<StateMachine>) -> Self {
        let following = [machine.allow_describe_executions(), machine.allow_stop_executions()];
        Task::<L, StartExecution>::start_execution(machine).sync(".sync:2", following)
    }

    setters::integration_arguments! {
        input => "Input", "the input of the execution.";
        name => "Name", "of the execution: 1 to 80 characters, unique for 90 days.";
    }
}

impl<L: QueryLanguage, I> Task<L, I> {
    fn start_execution(machine: &Handle<StateMachine>) -> Self {
        let mut task = Self::optimized("states:startExecution");
        let arn = task.body.token(machine, "Arn", machine.arn());
        task.body.argument::<L>("StateMachineArn", arn);
        task.body.argument_from_input::<L>("Input");
        task.granting(machine.allow_start_execution())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{Stack, asl::jsonata::*, aws::stepfunctions::StateMachine, stack::Handle};

    #[test]
    fn waiting_for_an_execution_needs_the_managed_rule() {
        let machine: Handle<StateMachine> = Stack::new("test").handle("Child");
        let workflow = Workflow::new().state("Run", Task::states_start_execution_sync(&machine).name("a").end());
        assert_eq!(
            workflow.definition()["States"]["Run"],
            json!({
                "Type": "Task",
                "Resource": "${StatesStartExecutionSync2}",
                "Arguments": {"StateMachineArn": "${ChildArn}", "Input": "{% $states.input %}", "Name": "a"},
                "End": true,
            })
        );
        let executions = "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:execution:${Child.Name}:*";
        let rule = "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/\
                    StepFunctionsGetEventsForStepFunctionsExecutionRule";
        assert_eq!(
            serde_json::to_value(workflow.grants()).unwrap()["Statement"],
            json!([
                {"Effect": "Allow", "Action": "states:StartExecution", "Resource": machine.arn()},
                {
                    "Effect": "Allow",
                    "Action": ["states:DescribeExecution", "states:StopExecution"],
                    "Resource": {"Fn::Sub": executions},
                },
                {
                    "Effect": "Allow",
                    "Action": ["events:PutTargets", "events:PutRule", "events:DescribeRule"],
                    "Resource": {"Fn::Sub": rule},
                },
            ])
        );
    }
}
