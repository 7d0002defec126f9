//! `completions`: a script for the shell.

use clap::Command;
use clap_complete::{Shell, generate};

use super::invocation::{Done, Invocation};

/// Writes a completion script for a shell
#[derive(clap::Args)]
#[command(after_long_help = "Examples:
  PROGRAM completions bash > ~/.local/share/bash-completion/completions/PROGRAM
  PROGRAM completions fish > ~/.config/fish/completions/PROGRAM.fish")]
pub(super) struct Arguments {
    /// The shell
    shell: Shell,
}

/// `commands` are those of the program.
pub(super) fn run(invocation: &mut Invocation<'_>, arguments: &Arguments, mut commands: Command) -> Done {
    let mut script = Vec::new();
    generate(arguments.shell, &mut commands, invocation.program, &mut script);
    invocation.out.write_all(&script)?;
    Ok(())
}
