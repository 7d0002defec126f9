//! `completions`: a script for the shell.

use clap::CommandFactory;
use clap_complete::{Shell, generate};

use super::{Done, Invocation};

/// Writes a completion script for a shell
#[derive(clap::Args)]
#[command(after_long_help = "Examples:
  PROGRAM completions bash > ~/.local/share/bash-completion/completions/PROGRAM
  PROGRAM completions fish > ~/.config/fish/completions/PROGRAM.fish")]
pub(super) struct Arguments {
    /// The shell
    shell: Shell,
}

pub(super) fn run(invocation: &mut Invocation<'_>, arguments: &Arguments) -> Done {
    let mut script = Vec::new();
    generate(arguments.shell, &mut super::Arguments::command(), invocation.program, &mut script);
    invocation.out.write_all(&script)?;
    Ok(())
}
