//! `ecs:runTask`: a task in a cluster.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/connect-ecs.html>

use super::Task;
use crate::{
    asl::build::{QueryLanguage, setters},
    aws::{
        ecs::{Cluster, TaskDefinition},
        iam::Role,
    },
    stack::Handle,
};

/// `arn:aws:states:::ecs:runTask`, or that with `.sync`.
#[derive(Clone, Copy, Debug)]
pub enum EcsRunTask {}

impl<L: QueryLanguage> Task<L, EcsRunTask> {
    /// Runs a task of this revision. The role gets `ecs:RunTask` on it; the roles of the task are handed on by
    /// [`passing`](Self::passing).
    ///
    /// ```
    /// use formwork::{Handle, asl::jsonata::*, aws::{ecs::{Cluster, TaskDefinition}, iam::Role}};
    /// fn render(cluster: &Handle<Cluster>, task: &Handle<TaskDefinition>, role: &Handle<Role>) -> Workflow {
    ///     let render = Task::ecs_run_task_sync(cluster, task).launch_type("FARGATE").passing(role);
    ///     Workflow::new().state("Render", render.end())
    /// }
    /// ```
    pub fn ecs_run_task(cluster: &Handle<Cluster>, definition: &Handle<TaskDefinition>) -> Self {
        let mut task = Self::optimized("ecs:runTask");
        let arn = task.body.token(cluster, "Arn", cluster.arn());
        task.body.argument::<L>("Cluster", arn);
        let arn = task.body.token(definition, "TaskDefinitionArn", definition.task_definition_arn());
        task.body.argument::<L>("TaskDefinition", arn);
        task.granting(definition.allow_run())
    }

    /// Runs a task and waits for its end (`.sync`). The role may also follow and stop tasks of the cluster, and gets the
    /// rule by which Step Functions learns of the end.
    pub fn ecs_run_task_sync(cluster: &Handle<Cluster>, definition: &Handle<TaskDefinition>) -> Self {
        Self::ecs_run_task(cluster, definition).sync(".sync", [cluster.allow_follow_tasks()])
    }

    /// Waits until the token is sent back (`.waitForTaskToken`). The overrides must hand the token on:
    /// `$states.context.Task.Token`, in JSONPath `$$.Task.Token`.
    pub fn wait_for_task_token(self) -> Self {
        self.pattern(super::WAIT_FOR_TASK_TOKEN)
    }

    /// Hands a role of the task definition on, its task role or its execution role: `iam:PassRole` to
    /// `ecs-tasks.amazonaws.com`.
    pub fn passing(self, role: &Handle<Role>) -> Self {
        self.granting(role.allow_pass("ecs-tasks.amazonaws.com"))
    }

    setters::integration_arguments! {
        capacity_provider_strategy => "CapacityProviderStrategy", "a list of `{CapacityProvider, Weight, Base}`, in place of a launch type.";
        count => "Count", "how many, 1 to 10.";
        enable_execute_command => "EnableExecuteCommand", "whether one may log in to the containers.";
        group => "Group", "the name of the task group.";
        launch_type => "LaunchType", "`EC2`, `FARGATE` or `EXTERNAL`.";
        network_configuration => "NetworkConfiguration", "`{AwsvpcConfiguration: {Subnets, SecurityGroups, AssignPublicIp}}`.";
        overrides => "Overrides", "`{ContainerOverrides: [{Name, Command, Environment}], …}`.";
        placement_constraints => "PlacementConstraints", "up to 10 of `{Type, Expression}`.";
        platform_version => "PlatformVersion", "of Fargate; AWS's default is `LATEST`.";
        propagate_tags => "PropagateTags", "`TASK_DEFINITION`.";
        tags => "Tags", "up to 50 of `{Key, Value}`.";
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{Stack, asl::jsonata::*};

    #[test]
    fn a_task_is_run_and_followed_in_its_cluster() {
        let stack = Stack::new("test");
        let task = Task::ecs_run_task_sync(&stack.handle("Cluster"), &stack.handle("Render"))
            .launch_type("FARGATE")
            .passing(&stack.handle("TaskRole"));
        let workflow = Workflow::new().state("Run", task.end());
        assert_eq!(
            workflow.definition()["States"]["Run"],
            json!({
                "Type": "Task",
                "Resource": "${EcsRunTaskSync}",
                "Arguments": {
                    "Cluster": "${ClusterArn}",
                    "TaskDefinition": "${RenderTaskDefinitionArn}",
                    "LaunchType": "FARGATE",
                },
                "End": true,
            })
        );
        let tasks = "arn:${AWS::Partition}:ecs:${AWS::Region}:${AWS::AccountId}:task/${Cluster}/*";
        let rule =
            "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/StepFunctionsGetEventsForECSTaskRule";
        assert_eq!(
            serde_json::to_value(workflow.grants()).unwrap()["Statement"],
            json!([
                {"Effect": "Allow", "Action": "ecs:RunTask", "Resource": {"Ref": "Render"}},
                {"Effect": "Allow", "Action": ["ecs:DescribeTasks", "ecs:StopTask"], "Resource": {"Fn::Sub": tasks}},
                {
                    "Effect": "Allow",
                    "Action": ["events:PutTargets", "events:PutRule", "events:DescribeRule"],
                    "Resource": {"Fn::Sub": rule},
                },
                {
                    "Effect": "Allow",
                    "Action": "iam:PassRole",
                    "Resource": {"Fn::GetAtt": ["TaskRole", "Arn"]},
                    "Condition": {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
                },
            ])
        );
    }
}
