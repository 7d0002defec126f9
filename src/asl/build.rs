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
pub use task::{
    DeleteItem, GetItem, Integration, Lambda, PutEvents, PutEventsEntry, PutItem, SnsPublish, SqsSendMessage,
    StartExecution, StartExecutionSync, Task, UpdateItem,
};
pub(crate) use workflow::in_rust;
pub use workflow::{Branch, Workflow};
