//! The command line of a project: `main` hands over the stacks, everything else is here.
//!
//! ```no_run
//! use formwork::{Project, Stack, aws::sns::Topic, cli};
//!
//! fn stack() -> Stack {
//!     let mut stack = Stack::new("mail");
//!     stack.add("Mails", Topic::new());
//!     stack
//! }
//!
//! fn main() -> std::process::ExitCode {
//!     cli::main(Project::new().stack(stack))
//! }
//! ```
//!
//! An artefact goes to stdout, everything else to stderr. Exit codes: 0 clean, 1 what was
//! checked has errors or the execution fails, 2 the program could not do what it was asked.

mod asl;
mod check;
mod completions;
mod diff;
mod explain;
mod file;
pub mod formwork;
mod graph;
mod import;
mod invocation;
mod list;
mod machine;
mod man;
mod mock;
mod new;
mod output;
mod progress;
mod report;
mod run;
mod screen;
mod source;
mod substitution;
mod synth;

use std::{
    ffi::OsString,
    io::{self, Write},
    process::ExitCode,
};

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use self::{
    invocation::{Done, Invocation, Stop},
    screen::Screens,
};
use crate::project::Project;

#[derive(Parser)]
#[command(
    version,
    about = "Synthesizes this project's stacks into CloudFormation templates and state machine definitions, and runs these",
    after_help = "Exit codes: 0 clean, 1 what was checked has errors or the execution fails, 2 the command could not run.",
    term_width = 100,
    disable_help_subcommand = true
)]
struct Arguments<V: Subcommand> {
    #[command(subcommand)]
    verb: V,
}

/// The commands that a program has.
trait Verbs: Subcommand {
    /// What of the commands is otherwise in this program.
    fn adapted(command: clap::Command, program: &str) -> clap::Command;

    /// Runs the one that the command line names; those that describe all of them are handed them.
    fn run(self, invocation: &mut Invocation<'_>, commands: clap::Command) -> Done;
}

/// The commands of a project.
#[derive(Subcommand)]
enum Verb {
    List(list::Arguments),
    Synth(synth::Arguments),
    Asl(asl::Arguments),
    Check(check::Arguments),
    Run(Box<run::Arguments>),
    Mock(mock::Arguments),
    Diff(diff::Arguments),
    Graph(graph::Arguments),
    Explain(explain::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
}

impl Verbs for Verb {
    fn adapted(command: clap::Command, _: &str) -> clap::Command {
        command
    }

    fn run(self, invocation: &mut Invocation<'_>, commands: clap::Command) -> Done {
        match self {
            Self::List(arguments) => list::run(invocation, &arguments),
            Self::Synth(arguments) => synth::run(invocation, &arguments),
            Self::Asl(arguments) => asl::run(invocation, &arguments),
            Self::Check(arguments) => check::run(invocation, &arguments),
            Self::Run(arguments) => run::run(invocation, &arguments),
            Self::Mock(arguments) => mock::run(invocation, &arguments),
            Self::Diff(arguments) => diff::run(invocation, &arguments),
            Self::Graph(arguments) => graph::run(invocation, &arguments),
            Self::Explain(arguments) => explain::run(invocation, &arguments),
            Self::Completions(arguments) => completions::run(invocation, &arguments, commands),
            Self::Man(arguments) => man::run(invocation, &arguments, commands),
        }
    }
}

/// Runs the command that the process was started with.
pub fn main(project: Project) -> ExitCode {
    start::<Verb>(&project)
}

fn start<V: Verbs>(project: &Project) -> ExitCode {
    let (out, err) = (&mut io::stdout().lock(), &mut io::stderr().lock());
    run_on::<V>(Screens::of_process(), project, std::env::args_os(), out, err).into()
}

/// Runs one command, given as the words of a command line; returns the exit code.
///
/// The first word is the program's name.
pub fn run(
    project: &Project,
    words: impl IntoIterator<Item = impl Into<OsString>>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> u8 {
    run_on::<Verb>(Screens::NONE, project, words, out, err)
}

fn run_on<V: Verbs>(
    screens: Screens,
    project: &Project,
    words: impl IntoIterator<Item = impl Into<OsString>>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> u8 {
    let words: Vec<OsString> = words.into_iter().map(Into::into).collect();
    let program = words.first().map(std::path::Path::new).and_then(|path| path.file_stem()).unwrap_or_default();
    let command = command::<V>(&program.to_string_lossy());
    let matches = command.clone().try_get_matches_from(&words);
    let arguments = match matches.and_then(|matches| Arguments::<V>::from_arg_matches(&matches)) {
        Ok(arguments) => arguments,
        Err(error) => {
            let to: &mut dyn Write = if error.use_stderr() { err } else { out };
            let screen = if error.use_stderr() { screens.err } else { screens.out };
            let text = error.render();
            let text = if screen.colour { text.ansi().to_string() } else { text.to_string() };
            // Nobody is left to tell when this cannot be written.
            let _ = to.write_all(text.as_bytes()).and_then(|()| to.flush());
            return if error.use_stderr() { 2 } else { 0 };
        }
    };
    let mut invocation = Invocation { project, program: &program.to_string_lossy(), screens, out, err };
    let done = arguments.verb.run(&mut invocation, command);
    // What is still held back is written now, while it can be said that it cannot.
    let done = done.and_then(|()| invocation.out.flush().map_err(Stop::from));
    match done {
        Ok(()) => 0,
        Err(Stop::Faulty) => 1,
        Err(Stop::Idle) => 2,
        Err(Stop::Interrupted) => 130,
        Err(Stop::Failed(error)) if error.kind == io::ErrorKind::BrokenPipe => 0,
        Err(Stop::Failed(error)) => {
            let _ = writeln!(invocation.err, "error: {}", error.message);
            2
        }
    }
}

/// The commands, with the name of the program in their examples.
fn command<V: Verbs>(program: &str) -> clap::Command {
    let command =
        Arguments::<V>::command().mut_subcommands(|verb| match verb.get_after_long_help().map(ToString::to_string) {
            Some(examples) => verb.after_long_help(examples.replace("PROGRAM", program)),
            None => verb,
        });
    V::adapted(command, program)
}
