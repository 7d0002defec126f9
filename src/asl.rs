//! The Amazon States Language: workflows of AWS Step Functions as typed states.
//!
//! A *workflow* is a list of named *states* in reading order; the first is where it starts. A state is finished by the
//! call that says where it goes: `.next("…")`, `.end()`, for a `Choice` `.otherwise("…")`. The result is the
//! [definition](Workflow::definition), plain JSON that the template, the checks and every other reader share.
//!
//! ```
//! use formwork::{Stack, asl::jsonata::*, aws::{iam::Role, sns::Topic, stepfunctions::StateMachine}, iam::trust, json};
//!
//! let mut stack = Stack::new("reports");
//! let topic = stack.add("ReportTopic", Topic::new());
//!
//! let workflow = Workflow::new()
//!     .state("Count", Pass::new().assign("count", "{% $count($states.input.beans) %}").next("AnyBeans"))
//!     .state("AnyBeans", Choice::new().when("{% $count > 0 %}", "Publish").otherwise("NoBeans"))
//!     .state(
//!         "Publish",
//!         Task::sns_publish(&topic)
//!             .message("{% $string($count) & ' kinds of beans' %}")
//!             .retry(Retry::on("States.TaskFailed").interval_seconds(5).max_attempts(6))
//!             .catch("States.ALL", "NotPublished")
//!             .end(),
//!     )
//!     .state("NoBeans", Succeed::new())
//!     .state("NotPublished", Fail::new().error("NotPublished"));
//! assert_eq!(workflow.validate(), []);
//!
//! assert_eq!(
//!     workflow.definition()["States"]["AnyBeans"],
//!     json!({
//!         "Type": "Choice",
//!         "Choices": [{"Condition": "{% $count > 0 %}", "Next": "Publish"}],
//!         "Default": "NoBeans",
//!     })
//! );
//! assert_eq!(workflow.definition()["States"]["Publish"]["Arguments"]["TopicArn"], "${ReportTopicArn}");
//!
//! let role = Role::new(trust("states.amazonaws.com")).policy("RunWorkflow", workflow.grants());
//! let role = stack.add("WorkflowRole", role);
//! stack.add("Reports", StateMachine::new(role.arn()).workflow(&workflow));
//! ```
//!
//! **Query languages.** A state is written in [`jsonata`] or in [`jsonpath`]; both modules have the same names. What
//! the other language has is not there: `.result_path("$.x")` on a JSONata task does not compile. A JSONPath workflow
//! may hold JSONata states, and never the reverse. Expressions are the strings of ASL, `"{% … %}"`; in JSONPath a key
//! that ends with `.$`, or [`path`](jsonpath::path).
//!
//! **Tokens.** An attribute of a handle, given as an argument or inside `json!`, stands in the definition as
//! `${ReportTopicArn}`, and its value in [`substitutions`](Workflow::substitutions): the definition stays plain ASL.
//!
//! **Runs.** [`run`](Workflow::run) executes a workflow in a test, on a virtual clock and with mocks for its tasks:
//! [`run`] is the page about it.
//!
//! **Grants.** Each task knows what the role needs for it; [`grants`](Workflow::grants) is all of that, to be written
//! where the role is. Encrypted queues, topics, tables and buckets need a grant on their key beside it.

pub(crate) mod build;
pub(crate) mod definition;
pub(crate) mod expression;
pub mod run;
pub mod validate;

#[cfg(feature = "athena")]
pub use build::AthenaStartQueryExecution;
#[cfg(feature = "batch")]
pub use build::BatchSubmitJob;
#[cfg(feature = "codebuild")]
pub use build::CodebuildStartBuild;
#[cfg(feature = "ecs")]
pub use build::EcsRunTask;
#[cfg(feature = "eks")]
pub use build::EksRunJob;
#[cfg(feature = "emr")]
pub use build::EmrAddStep;
#[cfg(feature = "emrserverless")]
pub use build::EmrServerlessStartJobRun;
#[cfg(feature = "glue")]
pub use build::GlueStartJobRun;
pub use build::{
    Argument, BedrockInvokeModel, Branch, Catch, Choice, ChoiceRule, Comparison, DeleteItem, Distributed, ErrorNames,
    ExecutionType, Fail, Finished, FitsIn, GetItem, HttpInvoke, Inline, InputType, Integer, Integration, ItemBatcher,
    ItemReader, JitterStrategy, JsonPath, Jsonata, Lambda, Map, MediaconvertCreateJob, Number, OutputType, Parallel,
    Pass, Path, PutEvents, PutEventsEntry, PutItem, QueryLanguage, ReaderConfig, ResultWriter, Retry,
    SagemakerCreateTrainingJob, SagemakerCreateTransformJob, SnsPublish, SqsSendMessage, StartExecution,
    StartExecutionSync, State, Succeed, Task, UpdateItem, Variable, Wait, Workflow, WriterConfig,
};

macro_rules! of_language {
    ($language:ident) => {
        pub use $crate::asl::build::{ExecutionType, InputType, JitterStrategy, OutputType, Retry, WriterConfig};

        /// States that run beside others, or once for each item.
        pub type Branch = $crate::asl::build::Branch<$crate::asl::build::$language>;
        /// Where a state goes when it fails.
        pub type Catch = $crate::asl::build::Catch<$crate::asl::build::$language>;
        /// Goes where the first rule that holds says.
        pub type Choice = $crate::asl::build::Choice<$crate::asl::build::$language>;
        /// A rule of a `Choice`.
        pub type ChoiceRule = $crate::asl::build::ChoiceRule<$crate::asl::build::$language>;
        /// Ends the execution as failed.
        pub type Fail = $crate::asl::build::Fail<$crate::asl::build::$language>;
        /// Puts the items of a distributed `Map` together.
        pub type ItemBatcher = $crate::asl::build::ItemBatcher<$crate::asl::build::$language>;
        /// Where a distributed `Map` reads its items.
        pub type ItemReader = $crate::asl::build::ItemReader<$crate::asl::build::$language>;
        /// Runs the same states for each item of a list.
        pub type Map<M = $crate::asl::build::Inline> = $crate::asl::build::Map<$crate::asl::build::$language, M>;
        /// Runs branches side by side.
        pub type Parallel = $crate::asl::build::Parallel<$crate::asl::build::$language>;
        /// Passes its input on, or what it makes of it.
        pub type Pass = $crate::asl::build::Pass<$crate::asl::build::$language>;
        /// One event of `Task::events_put_events`.
        pub type PutEventsEntry = $crate::asl::build::PutEventsEntry<$crate::asl::build::$language>;
        /// What the items of an `ItemReader` look like.
        pub type ReaderConfig = $crate::asl::build::ReaderConfig<$crate::asl::build::$language>;
        /// What is done with the results of a distributed `Map`.
        pub type ResultWriter = $crate::asl::build::ResultWriter<$crate::asl::build::$language>;
        /// A finished state.
        pub type State = $crate::asl::build::State<$crate::asl::build::$language>;
        /// Ends the workflow, or its branch, well.
        pub type Succeed = $crate::asl::build::Succeed<$crate::asl::build::$language>;
        /// Calls a service.
        pub type Task<I = $crate::asl::build::Integration> = $crate::asl::build::Task<$crate::asl::build::$language, I>;
        /// Lets time pass.
        pub type Wait = $crate::asl::build::Wait<$crate::asl::build::$language>;
        /// A state machine's definition.
        pub type Workflow = $crate::asl::build::Workflow<$crate::asl::build::$language>;
    };
}

/// The states in JSONata: `use formwork::asl::jsonata::*;`.
pub mod jsonata {
    of_language!(Jsonata);
}

/// The states in JSONPath: `use formwork::asl::jsonpath::*;`.
pub mod jsonpath {
    pub use crate::asl::build::{and, not, or, path, variable};

    of_language!(JsonPath);
}
