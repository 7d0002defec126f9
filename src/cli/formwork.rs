//! The program `formwork`: for who has no stack in Rust, and for who makes one.
//!
//! It checks, runs, compares and draws anyone's templates and definitions, writes a template as Rust code, and makes
//! projects. What only it does is no part of a project's own program.

use std::{ffi::OsString, io::Write, process::ExitCode};

use clap::Subcommand;

use super::{
    Verb, Verbs, import,
    invocation::{Done, Invocation},
    new, run_on,
    screen::Screens,
    start,
};
use crate::project::Project;

/// The commands of a project, and those that make one.
#[derive(Subcommand)]
enum All {
    New(new::Arguments),
    Import(import::Arguments),
    #[command(flatten)]
    Of(Verb),
}

impl Verbs for All {
    /// A program without stacks has the commands that need none, and says why the others do.
    fn adapted(command: clap::Command, program: &str) -> clap::Command {
        let about = "Checks and runs CloudFormation templates and definitions of state machines (Amazon States \
                     Language), and makes Rust projects";
        command.about(about).mut_subcommands(|verb| match verb.get_name() {
            "synth" => verb.hide(true),
            "asl" | "check" | "diff" | "graph" | "list" | "run" => without_stacks(verb, program),
            _ => verb,
        })
    }

    fn run(self, invocation: &mut Invocation<'_>, commands: clap::Command) -> Done {
        match self {
            Self::New(arguments) => new::run(invocation, &arguments),
            Self::Import(arguments) => import::run(invocation, &arguments),
            Self::Of(verb) => verb.run(invocation, commands),
        }
    }
}

/// Runs the command that the process was started with.
pub fn main() -> ExitCode {
    start::<All>(&Project::new())
}

/// Runs one command, given as the words of a command line; returns the exit code.
///
/// The first word is the program's name.
pub fn run(words: impl IntoIterator<Item = impl Into<OsString>>, out: &mut dyn Write, err: &mut dyn Write) -> u8 {
    run_on::<All>(Screens::NONE, &Project::new(), words, out, err)
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
