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
//! An artefact goes to stdout, everything else to stderr. Exit codes: 0 clean, 1 the stack has errors or the execution
//! fails, 2 the program could not do what it was asked.

mod asl;
mod completions;
mod explain;
mod list;
mod machine;
mod run;
mod synth;

use std::{
    ffi::OsString,
    io::{self, IsTerminal, Write},
    process::ExitCode,
};

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::{
    diagnostic::Severity,
    project::{Composition, Project},
    stack::Stack,
    template::Template,
};

#[derive(Parser)]
#[command(
    version,
    about = "Synthesizes this project's stacks into CloudFormation templates and state machine definitions, and runs these",
    after_help = "Exit codes: 0 clean, 1 the stack has errors or the execution fails, 2 the command could not run.",
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
    Run(run::Arguments),
    Explain(explain::Arguments),
    Completions(completions::Arguments),
}

/// Runs the command that the process was started with.
pub fn main(project: Project) -> ExitCode {
    let screen = Screen::of_stdout();
    run_on(screen, &project, std::env::args_os(), &mut io::stdout().lock(), &mut io::stderr().lock()).into()
}

/// What a text is written on.
#[derive(Clone, Copy)]
struct Screen {
    /// Columns of a line.
    width: usize,
    colour: bool,
}

impl Screen {
    /// Where there is no terminal: a file, or a pipe.
    const NONE: Self = Self { width: 120, colour: false };

    fn of_stdout() -> Self {
        if !io::stdout().is_terminal() {
            return Self::NONE;
        }
        let width = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        // https://no-color.org
        let colour = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Self { width: width.unwrap_or(Self::NONE.width).max(40), colour }
    }
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
    run_on(Screen::NONE, project, words, out, err)
}

fn run_on(
    screen: Screen,
    project: &Project,
    words: impl IntoIterator<Item = impl Into<OsString>>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> u8 {
    let words: Vec<OsString> = words.into_iter().map(Into::into).collect();
    let program = words.first().map(std::path::Path::new).and_then(|path| path.file_stem()).unwrap_or_default();
    let matches = command(&program.to_string_lossy()).try_get_matches_from(&words);
    let arguments = match matches.and_then(|matches| Arguments::from_arg_matches(&matches)) {
        Ok(arguments) => arguments,
        Err(error) => {
            let to: &mut dyn Write = if error.use_stderr() { err } else { out };
            // Nobody is left to tell when this cannot be written.
            let _ = write!(to, "{}", error.render());
            return if error.use_stderr() { 2 } else { 0 };
        }
    };
    let mut invocation = Invocation { project, program: &program.to_string_lossy(), screen, out, err };
    let done = match arguments.verb {
        Verb::List(arguments) => list::run(&mut invocation, &arguments),
        Verb::Synth(arguments) => synth::run(&mut invocation, &arguments),
        Verb::Asl(arguments) => asl::run(&mut invocation, &arguments),
        Verb::Run(arguments) => run::run(&mut invocation, &arguments),
        Verb::Explain(arguments) => explain::run(&mut invocation, &arguments),
        Verb::Completions(arguments) => completions::run(&mut invocation, &arguments),
    };
    match done {
        Ok(()) => 0,
        Err(Stop::Faulty) => 1,
        Err(Stop::Failed(error)) if error.kind == io::ErrorKind::BrokenPipe => 0,
        Err(Stop::Failed(error)) => {
            let _ = writeln!(invocation.err, "error: {}", error.message);
            2
        }
    }
}

/// The commands, with the name of the project's program in their examples.
fn command(program: &str) -> clap::Command {
    Arguments::command().mut_subcommands(|verb| match verb.get_after_long_help().map(ToString::to_string) {
        Some(examples) => verb.after_long_help(examples.replace("PROGRAM", program)),
        None => verb,
    })
}

/// Why a command ended without doing its work.
enum Stop {
    /// The stack has errors, or the execution has failed: that has been printed.
    Faulty,
    /// The program could not do its job.
    Failed(Error),
}

/// What the program could not do, and why.
struct Error {
    message: String,
    kind: io::ErrorKind,
}

impl Error {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), kind: io::ErrorKind::InvalidInput }
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Failed(Error { kind: error.kind(), ..Error::new(format!("the output cannot be written: {error}")) })
    }
}

type Done = Result<(), Stop>;

/// One call of the program: what every command works on.
struct Invocation<'a> {
    project: &'a Project,
    /// Name of the program, for the completion scripts.
    program: &'a str,
    screen: Screen,
    out: &'a mut dyn Write,
    err: &'a mut dyn Write,
}

impl<'a> Invocation<'a> {
    /// The composition of the stack that a command is about.
    fn composition(&self, which: &Which) -> Result<&'a Composition, Error> {
        self.project.composition(which.stack.as_deref()).map_err(Error::new)
    }

    /// The stack that a command is about.
    fn stack(&self, which: &Which) -> Result<&'a Stack, Error> {
        Ok(self.composition(which)?.stack())
    }

    /// The template of a stack, once what is wrong with it is printed; an error among it ends the command.
    fn approve(&mut self, stack: &Stack) -> Result<Template, Stop> {
        let (template, diagnostics) = stack.synthesize();
        for diagnostic in &diagnostics {
            // The stack is as wrong when nobody reads why.
            let _ = writeln!(self.err, "{diagnostic}\n");
        }
        let errors = diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count();
        if errors == 0 {
            return Ok(template);
        }
        let plural = if errors == 1 { "" } else { "s" };
        let _ = writeln!(self.err, "{}: {errors} error{plural}, nothing is synthesized", stack.name());
        Err(Stop::Faulty)
    }
}

/// The `STACK` of every command.
#[derive(clap::Args)]
struct Which {
    /// Name of the stack; may be left out while there is only one
    stack: Option<String>,
}
