//! Formwork composes AWS architectures from typed structs and synthesizes them into CloudFormation templates and
//! Amazon States Language.
//!
//! # The terms
//!
//! * A **[stack](Stack)** is what CloudFormation deploys as one: everything that a template says, in the order in which
//!   it was said. A function makes it and returns it; nothing is global.
//! * A **resource** is a plain struct of [`aws`], named as CloudFormation names it: `AWS::SQS::Queue` is
//!   [`aws::sqs::Queue`]. What is required is an argument of `new`, the rest are setters. Adding it to a stack under a
//!   **logical id** makes one resource of the template, and nothing that the code does not say.
//! * A **[value](value::Value)** is what a property holds: a literal, or an **[`intrinsic`]** that
//!   CloudFormation resolves while deploying. Setters take either: `"orders"`, `30`, `queue.arn()`, `sub("…")`.
//! * A **[handle](Handle)** is what adding gives back: the only way to refer to a resource, with the attributes that
//!   this type of resource has, and the [grants] that it can make.
//! * A **[policy](iam)** says who may do what. It is written where the role is written: no call changes a role
//!   from afar.
//! * A **[workflow](asl)** is a state machine: named states, each saying where it goes. It knows its definition, the
//!   values that go into it, and what its role must be allowed. It [runs](asl::run) in a test.
//! * A **[diagnostic](diagnostic::Diagnostic)** says what is wrong with a stack, where in the template and where in
//!   the Rust source. Nothing panics and nothing is thrown: [`Stack::diagnostics`] has them all.
//! * A **[template](template::Template)** is what a stack becomes; it is written as YAML or JSON, and read.
//! * A **[project](Project)** is what a program has: its stacks, each with what the commands need beside the template.
//!
//! # Example
//!
//! ```
//! use formwork::{
//!     Stack,
//!     asl::jsonata::*,
//!     aws::{
//!         iam::Role,
//!         lambda::{Function, function::{Code, Runtime}},
//!         s3::Bucket,
//!         stepfunctions::StateMachine,
//!     },
//!     iam::trust,
//! };
//!
//! let mut stack = Stack::new("reports");
//!
//! let reports = stack.add("Reports", Bucket::new());
//! let role = stack.add(
//!     "RenderRole",
//!     Role::new(trust("lambda.amazonaws.com"))
//!         .managed_policy_arns(["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"])
//!         .policy("WriteReports", [reports.allow_put("reports/*")]),
//! );
//! let render = stack.add(
//!     "Render",
//!     Function::new(Code::new().zip_file("def handler(event, context): ..."), role.arn())
//!         .runtime(Runtime::PYTHON_3_13)
//!         .handler("index.handler")
//!         .timeout(60),
//! );
//!
//! let workflow = Workflow::new()
//!     .state("Render", Task::lambda(&render).retry(Retry::on("Lambda.TooManyRequestsException")).end());
//! let role = stack.add(
//!     "WorkflowRole",
//!     Role::new(trust("states.amazonaws.com")).policy("RunTasks", workflow.grants()),
//! );
//! stack.add("Workflow", StateMachine::new(role.arn()).workflow(&workflow));
//!
//! stack.assert_clean();
//! assert!(stack.template().to_yaml().contains("
//!       Policies:
//!       - PolicyDocument:
//!           Version: '2012-10-17'
//!           Statement:
//!           - Effect: Allow
//!             Action: s3:PutObject
//!             Resource: !Sub ${Reports.Arn}/reports/*
//!         PolicyName: WriteReports
//! "));
//! ```
//!
//! # Mistakes
//!
//! What has the wrong type, lacks a required property, refers to an attribute that does not exist, or leaves a state
//! unfinished does not compile, and the compiler's message says what was expected. What only the whole stack can
//! tell (an id used twice, a state that nothing leads to, a name in a `sub` text that nothing declares) is a
//! diagnostic:
//!
//! ```text
//! error[E1019]: `Fn::Sub` names `ReportTopik`, which the stack does not declare; expected a resource of it
//!   at   Resources/Letters/Properties/QueueName
//!   from stacks/mail/mod.rs:21
//!   help did you mean `ReportTopic`? a `${ReportTopik.TopicName}` that is to stay in the text is written `${!ReportTopik.TopicName}`
//! ```
//!
//! # Command line
//!
//! A program's `main` hands its [`Project`] to [`cli::main`], which has the commands `list`, `synth`, `asl`, `check`,
//! `run`, `diff`, `graph`, `import`, `explain` and `completions`.

pub mod asl;
pub mod asset;
#[allow(clippy::should_implement_trait, reason = "a setter is called like its property: `Add`, `Not`")]
pub mod aws;
pub mod check;
pub mod cli;
pub mod data;
pub mod diagnostic;
pub mod diff;
pub mod grants;
pub mod graph;
pub mod iam;
pub mod import;
pub mod intrinsic;
mod json;
pub mod json_schema;
pub mod live;
pub mod project;
mod rule;
pub mod schema;
pub mod stack;
mod synth;
pub mod template;
pub mod value;

pub use project::{Composition, Project, Shared};
/// JSON as one writes it, for the properties whose schema says "an object" and no more, and for a workflow's data:
/// `json!({"title": "{% $title %}"})`. A value of the toolkit, such as `queue.arn()`, may stand in it.
pub use serde_json::json;
pub use stack::{Handle, Stack};
