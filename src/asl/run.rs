//! # Testing workflows
//!
//! An execution is a function call: no account, no server, no waiting. It runs the definition that ships, on a virtual
//! clock, with mocks for the tasks, and gives what AWS Step Functions gives: output or error, and the history.
//!
//! ```
//! use formwork::{Stack, asl::{jsonata::*, run::{Status, TaskError}}, aws::{lambda::{Function, function::Code}, sns::Topic}};
//! use formwork::json;
//!
//! # let mut stack = Stack::new("reports");
//! # let render = stack.add("Render", Function::new(Code::new(), "arn:aws:iam::123456789012:role/render"));
//! # let topic = stack.add("Reports", Topic::new());
//! let workflow = Workflow::new()
//!     .state(
//!         "Render",
//!         Task::lambda(&render)
//!             .retry(Retry::on("Lambda.TooManyRequestsException").interval_seconds(2).max_attempts(3))
//!             .catch("States.ALL", "Failed")
//!             .output("{% $states.result.Payload %}")
//!             .next("Publish"),
//!     )
//!     .state("Publish", Task::sns_publish(&topic).message("{% 'Read ' & $states.input.url %}").end())
//!     .state("Failed", Fail::new().error("ReportFailed"));
//!
//! let outcome = workflow
//!     .run(json!({"title": "Monday"}))
//!     .task("Render", |payload| Ok(json!({"url": format!("https://example.com/{}", payload["title"].as_str().unwrap())})))
//!     .task("Publish", |_| Ok(json!({"MessageId": "1"})))
//!     .finish();
//! assert_eq!(outcome.status(), Status::Succeeded);
//! assert_eq!(outcome.visited(), ["Render", "Publish"]);
//! assert_eq!(outcome.calls("Publish")[0]["Message"], "Read https://example.com/Monday");
//!
//! let outcome = workflow
//!     .run(json!({"title": "Monday"}))
//!     .task("Render", |_| Err(TaskError::new("KeyError", "no title")))
//!     .finish();
//! assert_eq!(outcome.visited(), ["Render", "Failed"]);
//! assert_eq!(outcome.error(), Some("ReportFailed"));
//! ```
//!
//! **Failed assertions show the run.** What an [`Outcome`] gives compares with plain values, and when it differs prints
//! the whole run beside it: states, inputs and outputs, calls, retries, virtual times.
//!
//! # Mocks
//!
//! A task that is called needs one, by the name of its state: [`Run::task`]. The closure stands for what the task
//! calls. For `lambda:invoke` that is the function: it gets the `Payload` and gives what the function returns. For
//! anything else it gets the arguments and gives the response of the service; for `.waitForTaskToken` what the task's
//! token is answered with. A task without a mock ends the run as [`Aborted`](Status::Aborted), with a
//! [diagnostic](Outcome::diagnostics) that names the state and the line where it was declared.
//!
//! [`Run::task_with`] sees which call it is, and answers when it likes. Time is virtual, so that a test of timeouts
//! takes none:
//!
//! ```
//! use std::time::Duration;
//! use formwork::{asl::run::{Answer, Machine}, json};
//!
//! let machine = Machine::new(&json!({
//!     "StartAt": "Ask",
//!     "States": {"Ask": {
//!         "Type": "Task",
//!         "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
//!         "Parameters": {"QueueUrl": "q", "MessageBody": {"Token.$": "$$.Task.Token"}},
//!         "TimeoutSeconds": 3600,
//!         "Retry": [{"ErrorEquals": ["States.Timeout"], "IntervalSeconds": 60, "MaxAttempts": 2}],
//!         "End": true,
//!     }},
//! }))
//! .unwrap();
//! let outcome = machine
//!     .run(json!({}))
//!     .task_with("Ask", |call| match call.number() {
//!         1 => Answer::never(),
//!         2 => Answer::ok(json!("late")).after(Duration::from_secs(7200)),
//!         _ => Answer::ok(json!("yes")).after(Duration::from_secs(5)),
//!     })
//!     .finish();
//! assert_eq!(outcome.output(), json!("yes"));
//! // Two timeouts of an hour, waits of one and of two minutes, five seconds.
//! assert_eq!(outcome.elapsed(), Duration::from_secs(3600 + 60 + 3600 + 120 + 5));
//! ```
//!
//! A mock that the service could not answer with is a fault, `F3008`, with its place: a field of another type, an error
//! that the call does not have. The models of the APIs say so; [`Run::validate_mocks`] says how strictly they are asked.
//!
//! # One state
//!
//! [`Workflow::run_state`](super::jsonata::Workflow::run_state) runs a single state as AWS's `TestState` does, and tells
//! what each of its steps gives; [`Machine::run_state`] one of any definition.
//!
//! # Any definition, and AWS's mock files
//!
//! [`Machine::new`] takes a definition of anyone's, [`MockConfig`] the `MockConfigFile.json` of Step Functions Local. On
//! the command line: `run --definition any.asl.json --mock-config MockConfigFile.json --test-case Happy`; `run
//! --template` takes it out of a template. A response of the mock file may come late or never, too: [`MockConfig`].
//!
//! A distributed `Map` reads the items of its `ItemReader` from a local file: [`Run::items`]. Where it reads Parquet, or
//! what a manifest names, the file holds the rows, as JSON lines or CSV.
//!
//! # Other outsides
//!
//! Mocks are one [`Outside`] of a run, what its tasks call and where its items come from. [`Run::outside`] takes another
//! one, which answers where no mock does: real functions in a local process, a bucket in memory, another account. Its
//! answers may come late, never, or as errors, and the real time that they take becomes virtual. With
//! [`Answer::background`] they overlap. [`live`](crate::live) is one for the functions of a template.
//!
//! # What is as on AWS, and what is not
//!
//! The interpreter is held against executions that were recorded there (`tests/asl_cases/README.md`). As there are all
//! types of states and their fields in both query languages, all intrinsic functions and operators, JSONata with the
//! service's own functions, the names of errors, the texts of causes where they are known, the events of the history
//! with their numbers, and the limits: 262,144 bytes a payload and for what a state assigns, 10 MiB of variables,
//! 25,000 events, a year
//! (five minutes for an express workflow), 40 iterations of an inline `Map` and 10,000 executions of a distributed one
//! at once.
//!
//! * Everything happens at once but for `Wait`, retries, timeouts, and [`Answer::after`]. Of what happens at the same
//!   moment, branches and iterations take turns, state by state, in their order.
//! * Random numbers, UUIDs, names, tokens and jitter follow from a [seed](Run::seed). The clock starts at
//!   2026-01-01T00:00:00Z, or at the `Execution.StartTime` of the [context](Run::context).
//! * Nothing is called but an [`Outside`] that is given. `TaskSubmitted` has no output.
//! * `${Token}`s with a literal value have it, and the partition is `aws`; those that CloudFormation would fill stand in
//!   the arguments as they are. A run stops where it must know one: a number, a path, an expression, the name of a state.
//! * The states of an item of a distributed `Map` are in the trace and not in the history, as there. A `ResultWriter`
//!   writes nothing; the result says where it would have.
//! * Nested executions are tasks like others; redrives and versions do not exist here, and [`Run::interrupt`] is what
//!   `StopExecution` is there.
//! * What the service would leave to an operator ends here: data nested more than 256 levels deep, a run of more than
//!   10,000,000 steps or of 1 GiB of data, an expression that takes five seconds (fifteen in an
//!   unoptimized build). An expression may take the memory that
//!   it may take there, and nest 100 evaluations.
//!
//! A run that cannot begin or go on is `Aborted` with one of these diagnostics, or with those of
//! [`validate`](crate::asl::validate):
//!
//! | code | fault |
//! |---|---|
//! | `F3001` | a task is called that nothing answers: it has no mock, or no further response |
//! | `F3002` | an `ItemReader` whose items cannot be read: it has no file, or not one that can be |
//! | `F3003` | a mock or a file for what the workflow does not have |
//! | `F3004` | an input that is too large or nested too deep |
//! | `F3005` | a context object that is none |
//! | `F3006` | a run that goes beyond what a computer has |
//! | `F3007` | a `${Token}` hides what a state needs, and has no value |
//! | `F3008` | a mock is what the service could not answer |
//! | `F3009` | a state cannot be run alone with what it is given |
//! | `TOO_DEEPLY_NESTED` | a definition that is nested too deep |

mod execution;
mod history;
mod item_reader;
mod mock;
mod mock_config;
mod outcome;
mod outside;
mod recording;
mod replay;
pub(crate) mod rules;
mod session;
mod state_run;
mod trace;

pub use super::validate::FieldValidation;

pub(crate) use super::definition::tokens_of;
pub(crate) use execution::Step;
pub use history::Event;
pub use mock_config::{MockConfig, TestCase};
pub use outcome::{Outcome, Shown, Status};
pub use outside::{Answer, Dataset, Heartbeat, ItemReader, Outside, TaskCall, TaskError, TaskResult, Unavailable};
pub use recording::Recording;
pub use replay::{Difference, Place, Replay};
pub(crate) use session::substitute;
pub use session::{Machine, Run};
pub use state_run::{InspectionLevel, StateMock, StateOutcome, StateRun, StateStatus};
pub(crate) use trace::{End as StateEnd, Visit as StateVisit};

/// Tests may share a machine, and compare outcomes of several threads.
const _: () = {
    const fn is_shared<T: Send + Sync>() {}
    is_shared::<Machine>();
    is_shared::<Outcome>();
    is_shared::<MockConfig>();
};
