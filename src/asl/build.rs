//! The typed workflow: states of either language, with what they need of the stack around them.

mod argument;
mod body;
mod choice;
mod comparison;
mod error_handling;
mod grant;
mod integration;
mod language;
mod machine;
mod map;
mod parallel;
mod pass;
mod retry;
pub(crate) mod rules;
mod setters;
mod state;
mod task;
#[cfg(test)]
mod tests;
mod token;
mod workflow;

pub use argument::{Argument, ErrorNames, Integer, Number, Path, path};
pub use choice::{Choice, ChoiceRule};
pub use comparison::{Comparison, Variable, and, not, or, variable};
pub use language::{FitsIn, JsonPath, Jsonata, QueryLanguage};
pub use map::{
    Distributed, ExecutionType, Inline, InputType, ItemBatcher, ItemReader, Map, OutputType, ReaderConfig,
    ResultWriter, WriterConfig,
};
pub use parallel::Parallel;
pub use pass::{Fail, Pass, Succeed, Wait};
pub use retry::{Catch, JitterStrategy, Retry};
pub use state::{Finished, State};
#[cfg(feature = "athena")]
pub use task::AthenaStartQueryExecution;
#[cfg(feature = "batch")]
pub use task::BatchSubmitJob;
#[cfg(feature = "codebuild")]
pub use task::CodebuildStartBuild;
#[cfg(feature = "ecs")]
pub use task::EcsRunTask;
#[cfg(feature = "eks")]
pub use task::EksRunJob;
#[cfg(feature = "emr")]
pub use task::EmrAddStep;
#[cfg(feature = "emrserverless")]
pub use task::EmrServerlessStartJobRun;
#[cfg(feature = "glue")]
pub use task::GlueStartJobRun;
pub use task::{
    BedrockInvokeModel, DeleteItem, GetItem, HttpInvoke, Integration, Lambda, MediaconvertCreateJob, PutEvents,
    PutEventsEntry, PutItem, SagemakerCreateTrainingJob, SagemakerCreateTransformJob, SnsPublish, SqsSendMessage,
    StartExecution, StartExecutionSync, Task, UpdateItem,
};
pub(crate) use workflow::in_rust;
pub use workflow::{Branch, Workflow};
