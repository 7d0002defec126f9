//! `Task`: a call of a service.

#[cfg(feature = "athena")]
mod athena;
#[cfg(feature = "batch")]
mod batch;
mod bedrock;
#[cfg(feature = "codebuild")]
mod codebuild;
mod dynamodb;
#[cfg(feature = "ecs")]
mod ecs;
#[cfg(feature = "eks")]
mod eks;
#[cfg(feature = "emr")]
mod emr;
#[cfg(feature = "emrserverless")]
mod emrserverless;
mod events;
#[cfg(feature = "glue")]
mod glue;
mod http;
mod lambda;
mod mediaconvert;
mod sagemaker;
mod sns;
mod sqs;
mod states;

use std::marker::PhantomData;

#[cfg(feature = "athena")]
pub use athena::AthenaStartQueryExecution;
#[cfg(feature = "batch")]
pub use batch::BatchSubmitJob;
pub use bedrock::BedrockInvokeModel;
#[cfg(feature = "codebuild")]
pub use codebuild::CodebuildStartBuild;
pub use dynamodb::{DeleteItem, GetItem, PutItem, UpdateItem};
#[cfg(feature = "ecs")]
pub use ecs::EcsRunTask;
#[cfg(feature = "eks")]
pub use eks::EksRunJob;
#[cfg(feature = "emr")]
pub use emr::EmrAddStep;
#[cfg(feature = "emrserverless")]
pub use emrserverless::EmrServerlessStartJobRun;
pub use events::{PutEvents, PutEventsEntry};
#[cfg(feature = "glue")]
pub use glue::GlueStartJobRun;
pub use http::HttpInvoke;
pub use lambda::Lambda;
pub use mediaconvert::MediaconvertCreateJob;
pub use sagemaker::{SagemakerCreateTrainingJob, SagemakerCreateTransformJob};
pub use sns::SnsPublish;
pub use sqs::SqsSendMessage;
pub use states::{StartExecution, StartExecutionSync};

use schemars::JsonSchema;

use super::{JsonPath, Jsonata, QueryLanguage, body::Body, error_handling::error_handling, setters};
use crate::{
    asl::definition::permission::{self, On},
    aws::stepfunctions::Activity,
    diagnostic::{Diagnostic, Path},
    iam::{Statement, allow},
    intrinsic::sub,
    json_schema,
    stack::Handle,
    value::{IntoValue, Value},
};

/// The ARN of a rule of Amazon EventBridge.
fn rule(name: &str) -> Value<String> {
    sub(format!("arn:${{AWS::Partition}}:events:${{AWS::Region}}:${{AWS::AccountId}}:rule/{name}"))
}

/// A state that calls a service. `I` says which integration it is, and so which arguments have a setter of their own.
///
/// A task knows what the role of the state machine needs for it; [`Workflow::grants`](super::Workflow::grants)
/// collects that. A key of a customer for an encrypted queue, topic or table is not part of it: grant that by
/// [`grant`](Self::grant).
///
/// <https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html>
#[derive(Clone, Debug)]
pub struct Task<L, I = Integration> {
    body: Body,
    of: PhantomData<fn() -> (L, I)>,
}

/// A [`Task`] of any integration, whose arguments are given as they are.
#[derive(Clone, Copy, Debug)]
pub enum Integration {}

impl<L: QueryLanguage, I> Task<L, I> {
    fn of_resource(resource: impl IntoValue<String>) -> Self {
        let mut body = Body::of_type("Task");
        body.set("Resource", resource.into_value());
        Self { body, of: PhantomData }
    }

    /// A task of the integration `name`, such as `sns:publish`, and what it does to a resource.
    fn optimized(name: &str) -> Self {
        Self::of_resource(format!("arn:aws:states:::{name}"))
    }

    /// The same task in another form of the integration: `.sync:2`, `.waitForTaskToken`.
    fn pattern<J>(mut self, suffix: &str) -> Task<L, J> {
        let base = self.called().strip_suffix(suffix).unwrap_or(self.called());
        self.body.set("Resource", format!("{base}{suffix}"));
        Task { body: self.body, of: PhantomData }
    }

    /// The same task, waiting for the end of the job: in the form `.sync` of the integration, with what it needs to follow
    /// the job, and with the rule of Amazon EventBridge by which Step Functions learns of the end, where it does not poll.
    fn sync<J>(self, form: &str, following: impl IntoIterator<Item = Statement>) -> Task<L, J> {
        let task = following.into_iter().fold(self.pattern(form), Task::granting);
        let uses = permission::uses_of(task.called()).unwrap_or_default();
        uses.into_iter().fold(task, |task, needed| match needed.on {
            On::Rule(name) => task.granting(allow(needed.actions).on(rule(name))),
            _ => task,
        })
    }

    /// The ARN of the integration.
    fn called(&self) -> &str {
        self.body.fields.get("Resource").and_then(|called| called.as_str()).unwrap_or_default()
    }

    fn granting(mut self, statement: Statement) -> Self {
        self.body.needs.grants.push(statement);
        self
    }

    setters::comment!();
    setters::acknowledge!();
    error_handling!(L);
    setters::assign!(L);
    setters::transition!(L);

    setters::integers! {
        timeout_seconds => "TimeoutSeconds",
            "after how long the task fails with `States.Timeout`, from 1 to 99,999,999; AWS's default is 99,999,999.";
        heartbeat_seconds => "HeartbeatSeconds",
            "the longest time between two heartbeats, shorter than the timeout; with `.waitForTaskToken` and activities.";
    }

    /// `Credentials`: the role, maybe of another account, that the task is run with.
    ///
    /// The state machine's role then needs `sts:AssumeRole` on it and not what the task does; what the other role
    /// needs is said where that role is. For a role that an expression chooses, say by [`grant`](Self::grant) which
    /// may be assumed.
    ///
    /// <https://docs.aws.amazon.com/step-functions/latest/dg/concepts-access-cross-acct-resources.html>
    pub fn credentials(mut self, role_arn: impl IntoValue<String>) -> Self {
        let role_arn = role_arn.into_value();
        let expression = role_arn.literal().is_some_and(|text| text.starts_with("{%") || text.starts_with('$'));
        let suffix = if expression { L::SUFFIX } else { "" };
        self.body.fields.shift_remove("Credentials");
        self.body.member::<L>("Credentials", &format!("RoleArn{suffix}"), &role_arn);
        self.body.needs.grants.clear();
        match expression {
            true => self,
            false => self.granting(allow("sts:AssumeRole").on(role_arn)),
        }
    }

    /// Says what is returned by what the task calls: of `lambda:invoke` the `Payload`, of `startExecution.sync:2` the
    /// `Output`, of `.waitForTaskToken` what is sent back, else the whole result. The definition does not change;
    /// whatever reads something else of it is a [diagnostic](super::Workflow::validate).
    ///
    /// ```
    /// use formwork::asl::jsonata::*;
    /// #[derive(schemars::JsonSchema)]
    /// struct Stock {
    ///     suppliers: u64,
    /// }
    ///
    /// let count = Task::integration("arn:aws:states:::lambda:invoke")
    ///     .argument("FunctionName", "stock")
    ///     .returns::<Stock>()
    ///     .output("{% $states.result.Payload.supplier %}")
    ///     .end();
    /// let found = Workflow::new().state("Count", count).validate();
    /// assert_eq!(found[0].code, "F2101");
    /// assert_eq!(
    ///     found[0].message,
    ///     "`Count` reads `supplier` of `$states.result.Payload`; `Count` gives `suppliers`"
    /// );
    /// ```
    pub fn returns<T: JsonSchema>(mut self) -> Self {
        self.body.needs.returns = vec![(Path::from("/"), json_schema::inline::<T>())];
        self
    }

    /// Says what the role of the state machine needs for this task beside what is known of it.
    pub fn grant(mut self, statement: Statement) -> Self {
        self.body.needs.statements.push(statement);
        self
    }
}

impl<L: QueryLanguage> Task<L> {
    /// A task of any resource: an optimized integration (`arn:aws:states:::ecs:runTask.sync`), a Lambda function or
    /// an activity by its ARN. What its role needs is said by [`grant`](Self::grant). An integration is called in the
    /// partition that the stack is deployed to, whichever that is.
    ///
    /// <https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html>
    ///
    /// ```
    /// use formwork::{asl::jsonata::*, iam::allow};
    /// let run = Task::integration("arn:aws:states:::ecs:runTask.waitForTaskToken")
    ///     .argument("Cluster", "reports")
    ///     .argument("TaskDefinition", "render:1")
    ///     .grant(allow("ecs:RunTask").on("*"))
    ///     .end();
    /// ```
    pub fn integration(resource: impl IntoValue<String>) -> Self {
        Self::of_resource(resource)
    }

    /// A task of an action of the AWS SDK: `aws_sdk("rdsdata", "executeStatement")`. The names are those of the Java
    /// SDK, the service in lower case, the action beginning with a small letter. What its role needs is said by
    /// [`grant_on`](Self::grant_on) or [`grant`](Self::grant).
    ///
    /// <https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html>
    ///
    /// ```
    /// use formwork::{Handle, asl::jsonata::*, aws::s3::Bucket};
    /// fn list(bucket: &Handle<Bucket>) -> Workflow {
    ///     let list = Task::aws_sdk("s3", "listObjectsV2").argument("Bucket", bucket.bucket_name());
    ///     Workflow::new().state("List", list.grant_on(bucket.arn()).end())
    /// }
    /// ```
    pub fn aws_sdk(service: &str, action: &str) -> Self {
        Self::optimized(&format!("aws-sdk:{service}:{action}"))
    }

    /// Lets the role do on a resource, by its ARN, what the integration needs: the actions of its service, those that
    /// follow a job (`.sync`), and the rule by which Step Functions learns of its end. Which those are is known of
    /// what Step Functions optimizes, and of the AWS SDK where IAM has an action of that name; of others it is a
    /// diagnostic, and [`grant`](Self::grant) says it.
    ///
    /// <https://docs.aws.amazon.com/step-functions/latest/dg/service-integration-iam-templates.html>
    pub fn grant_on(mut self, resource: impl IntoValue<String>) -> Self {
        let resource = resource.into_value();
        let Some(uses) = permission::uses_of(self.called()) else {
            let why = format!("what `{}` needs is not known; expected its actions by `.grant(…)`", self.called());
            self.body.needs.problems.push(Diagnostic::error("F1004", Path::from("/Resource"), why));
            return self;
        };
        for needed in uses {
            let on = match needed.on {
                On::Rule(name) => rule(name),
                On::Everything => "*".into_value(),
                _ => resource.clone(),
            };
            self = self.granting(allow(needed.actions).on(on));
        }
        self
    }

    /// A task that a worker of this activity does. The role needs nothing; the worker polls.
    ///
    /// <https://docs.aws.amazon.com/step-functions/latest/dg/concepts-activities.html>
    pub fn activity(activity: &Handle<Activity>) -> Self {
        let mut body = Body::of_type("Task");
        let resource = body.token(activity, "Arn", activity.arn());
        body.set("Resource", resource);
        Self { body, of: PhantomData }
    }

    /// Waits until the task's token is sent back (`.waitForTaskToken`). The arguments must hand the token on:
    /// `$states.context.Task.Token`, in JSONPath `$$.Task.Token`.
    pub fn wait_for_task_token(self) -> Self {
        self.pattern(WAIT_FOR_TASK_TOKEN)
    }
}

const WAIT_FOR_TASK_TOKEN: &str = ".waitForTaskToken";

impl<I> Task<Jsonata, I> {
    setters::argument!();
    setters::output!();
}

impl Task<Jsonata> {
    setters::arguments!();
}

impl<I> Task<JsonPath, I> {
    setters::input_and_output_path!();
    setters::result_path!();
    setters::result_selector!();
    setters::parameter!();
    setters::texts! {
        timeout_seconds_path => "TimeoutSecondsPath", "reads `TimeoutSeconds` from the input.";
        heartbeat_seconds_path => "HeartbeatSecondsPath", "reads `HeartbeatSeconds` from the input.";
    }
}

impl Task<JsonPath> {
    setters::parameters!();
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::asl::jsonata::*;

    fn granted(task: Task) -> crate::json::Json {
        let workflow = Workflow::new().state("A", task.grant_on("arn:x").end());
        serde_json::to_value(workflow.grants()).unwrap()["Statement"].take()
    }

    #[test]
    fn an_integration_of_any_kind_is_granted_on_what_it_works_on() {
        let allowed = |action| json!([{"Effect": "Allow", "Action": action, "Resource": "arn:x"}]);
        assert_eq!(granted(Task::aws_sdk("s3", "listObjectsV2")), allowed("s3:ListBucket"));
        assert_eq!(granted(Task::aws_sdk("rdsdata", "executeStatement")), allowed("rds-data:ExecuteStatement"));
        assert_eq!(granted(Task::aws_sdk("backup", "startBackupJob")), allowed("backup:StartBackupJob"));
        let sync = granted(Task::integration("arn:aws:states:::states:startExecution.sync:2"));
        let actions = json!(["states:StartExecution", "states:DescribeExecution", "states:StopExecution"]);
        assert_eq!(sync[0]["Action"], actions);
        assert_eq!(sync[1]["Action"][0], "events:PutTargets");
        let rule =
            "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/StepFunctionsGetEventsForECSTaskRule";
        assert_eq!(
            granted(Task::integration("arn:aws:states:::ecs:runTask.sync")),
            json!([
                {
                    "Effect": "Allow",
                    "Action": ["ecs:RunTask", "ecs:StopTask", "ecs:DescribeTasks"],
                    "Resource": "arn:x",
                },
                {
                    "Effect": "Allow",
                    "Action": ["events:PutTargets", "events:PutRule", "events:DescribeRule"],
                    "Resource": {"Fn::Sub": rule},
                },
            ])
        );
    }

    #[test]
    fn what_is_not_known_is_not_granted_in_silence() {
        let task = Task::aws_sdk("dynamodb", "executeStatement").argument("Statement", "SELECT 1");
        let found = Workflow::new().state("A", task.grant_on("arn:x").end()).validate();
        assert_eq!(
            (found[0].code, found[0].path.to_string().as_str(), found[0].message.as_str()),
            (
                "F1004",
                "/States/A/Resource",
                "what `arn:aws:states:::aws-sdk:dynamodb:executeStatement` needs is not known; expected its actions by \
                 `.grant(…)`"
            )
        );
    }
}
