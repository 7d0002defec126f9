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
    invocation::{Invocation, Stop},
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
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    List(list::Arguments),
    Synth(synth::Arguments),
    Asl(asl::Arguments),
    Check(check::Arguments),
    Run(Box<run::Arguments>),
    Mock(mock::Arguments),
    New(new::Arguments),
    Diff(diff::Arguments),
    Graph(graph::Arguments),
    Import(import::Arguments),
    Explain(explain::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
}

/// Runs the command that the process was started with.
pub fn main(project: Project) -> ExitCode {
    run_on(Screens::of_process(), &project, std::env::args_os(), &mut io::stdout().lock(), &mut io::stderr().lock())
        .into()
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
    run_on(Screens::NONE, project, words, out, err)
}

fn run_on(
    screens: Screens,
    project: &Project,
    words: impl IntoIterator<Item = impl Into<OsString>>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> u8 {
    let words: Vec<OsString> = words.into_iter().map(Into::into).collect();
    let program = words.first().map(std::path::Path::new).and_then(|path| path.file_stem()).unwrap_or_default();
    let matches = command(&program.to_string_lossy(), project).try_get_matches_from(&words);
    let arguments = match matches.and_then(|matches| Arguments::from_arg_matches(&matches)) {
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
    let done = match arguments.verb {
        Verb::List(arguments) => list::run(&mut invocation, &arguments),
        Verb::Synth(arguments) => synth::run(&mut invocation, &arguments),
        Verb::Asl(arguments) => asl::run(&mut invocation, &arguments),
        Verb::Check(arguments) => check::run(&mut invocation, &arguments),
        Verb::Run(arguments) => run::run(&mut invocation, &arguments),
        Verb::Mock(arguments) => mock::run(&mut invocation, &arguments),
        Verb::New(arguments) => new::run(&mut invocation, &arguments),
        Verb::Diff(arguments) => diff::run(&mut invocation, &arguments),
        Verb::Graph(arguments) => graph::run(&mut invocation, &arguments),
        Verb::Import(arguments) => import::run(&mut invocation, &arguments),
        Verb::Explain(arguments) => explain::run(&mut invocation, &arguments),
        Verb::Completions(arguments) => {
            let commands = command(invocation.program, project);
            completions::run(&mut invocation, &arguments, commands)
        }
        Verb::Man(arguments) => {
            let commands = command(invocation.program, project);
            man::run(&mut invocation, &arguments, commands)
        }
    };
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

/// The commands, with the name of the project's program in their examples. A program without stacks has those that need
/// none, and says why the others do.
fn command(program: &str, project: &Project) -> clap::Command {
    let command =
        Arguments::command().mut_subcommands(|verb| match verb.get_after_long_help().map(ToString::to_string) {
            Some(examples) => verb.after_long_help(examples.replace("PROGRAM", program)),
            None => verb,
        });
    if !project.is_empty() {
        // It is there already.
        return command.mut_subcommand("new", |verb| verb.hide(true));
    }
    let about = "Checks and runs CloudFormation templates and definitions of state machines (Amazon States Language)";
    command.about(about).mut_subcommands(|verb| match verb.get_name() {
        "synth" => verb.hide(true),
        "asl" | "check" | "diff" | "graph" | "list" | "run" => without_stacks(verb, program),
        _ => verb,
    })
}

/// What an example has that needs no stack.
const FILES: [&str; 4] = ["--template", "--definition", "--data", " old."];

/// A command that takes a stack or a file, where there are files alone.
fn without_stacks(verb: clap::Command, program: &str) -> clap::Command {
    let call = format!("{program} {}", verb.get_name());
    let takes_file = |line: &&str| !line.contains(&call) || FILES.iter().any(|word| line.contains(word));
    let examples = verb.get_after_long_help().map(ToString::to_string).unwrap_or_default();
    let examples = examples.lines().filter(takes_file).collect::<Vec<_>>().join("\n");
    verb.after_long_help(examples).mut_args(|argument| match argument.get_id().as_str() {
        "stack" | "stacks" | "against" | "base" => argument.hide(true),
        "names" => argument.value_name("OLD NEW").help("Two files, the old template and the new one"),
        _ => argument,
    })
}
