//! One call of the program: what every command works on, and how it ends.

use std::io::{self, Write};

use super::{
    report::{Sources, render},
    screen::Screens,
};
use crate::{
    diagnostic::{Diagnostic, Severity},
    project::{Composition, Project},
    stack::Stack,
    template::{Form, Template},
};

/// Why a command ended without doing its work.
pub(super) enum Stop {
    /// The stack has errors, or the execution has failed: that has been printed.
    Faulty,
    /// Ctrl-C or SIGTERM has ended it: what was done by then has been printed.
    Interrupted,
    /// There was nothing that could be checked: that has been printed.
    Idle,
    /// The program could not do its job.
    Failed(Error),
}

/// What the program could not do, and why.
pub(super) struct Error {
    pub(super) message: String,
    pub(super) kind: io::ErrorKind,
}

impl Error {
    pub(super) fn new(message: impl Into<String>) -> Self {
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

pub(super) type Done = Result<(), Stop>;

/// A template without errors.
pub(super) struct Approved {
    pub(super) template: Template,
    /// How many warnings were printed.
    pub(super) warnings: usize,
}

/// One call of the program: what every command works on.
pub(super) struct Invocation<'a> {
    pub(super) project: &'a Project,
    /// Name of the program, for the completion scripts.
    pub(super) program: &'a str,
    pub(super) screens: Screens,
    pub(super) out: &'a mut dyn Write,
    pub(super) err: &'a mut dyn Write,
}

impl<'a> Invocation<'a> {
    /// What one types to call the program: by cargo, where cargo has called it.
    pub(super) fn call(&self) -> String {
        if std::env::var_os("CARGO").is_some() { "cargo run --".to_owned() } else { self.program.to_owned() }
    }

    /// The composition of the stack that a command is about.
    pub(super) fn composition(&self, which: &Which) -> Result<&'a Composition, Error> {
        self.project.composition(which.stack.as_deref()).map_err(Error::new)
    }

    /// The stack that a command is about.
    pub(super) fn stack(&self, which: &Which) -> Result<&'a Stack, Error> {
        Ok(self.composition(which)?.stack())
    }

    /// Ends a command that takes a file in place of a stack, where the program has no stack.
    pub(super) fn expect_stack(&self, name: Option<&str>, instead: &str) -> Result<(), Error> {
        let name = name.map(|name| format!(" `{name}`")).unwrap_or_default();
        match self.project.is_empty() {
            true => {
                Err(Error::new(format!("there is no stack{name}, since this program has none; expected {instead}")))
            }
            false => Ok(()),
        }
    }

    /// The template of a stack, once what is wrong with it is printed; an error among it ends the command.
    pub(super) fn approve(&mut self, stack: &Stack) -> Result<Template, Stop> {
        Ok(self.approve_as(stack, Form::Yaml)?.template)
    }

    /// The same for a template that is written in that form.
    pub(super) fn approve_as(&mut self, stack: &Stack, form: Form) -> Result<Approved, Stop> {
        let (template, diagnostics) = stack.synthesize_as(form);
        let diagnostics = self.project.with_faults(stack, diagnostics);
        self.tell(&diagnostics, &format!("stack `{}`", stack.name()));
        let errors = diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count();
        if errors == 0 {
            return Ok(Approved { template, warnings: diagnostics.len() });
        }
        let plural = if errors == 1 { "" } else { "s" };
        let _ = writeln!(self.err, "{}: {errors} error{plural}, nothing is synthesized", stack.name());
        Err(Stop::Faulty)
    }

    /// Prints what is wrong with the subject, each with the line that has it.
    pub(super) fn tell(&mut self, found: &[Diagnostic], subject: &str) {
        let mut sources = Sources::default();
        for diagnostic in found {
            // It is as wrong when nobody reads why.
            let _ = writeln!(self.err, "{}\n", render(diagnostic, subject, &mut sources, self.screens.err));
        }
    }
}

/// The `STACK` of most commands.
#[derive(clap::Args)]
pub(super) struct Which {
    /// Name of the stack; may be left out while there is only one
    pub(super) stack: Option<String>,
}
