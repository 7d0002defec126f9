//! `man`: the manual pages of the program, one for itself and one for each command.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use clap::Command;
use clap_mangen::{
    Man,
    roff::{Roff, roman},
};

use super::invocation::{Done, Error, Invocation};
use crate::diagnostic::nearest;

/// Writes a page of the manual, as man reads it
#[derive(clap::Args)]
#[command(after_long_help = "Examples:
  PROGRAM man synth | man -l -
  PROGRAM man --output ~/.local/share/man/man1")]
pub(super) struct Arguments {
    /// Command that the page is about; without one, the page is about the program
    #[arg(value_name = "COMMAND", conflicts_with = "output")]
    verb: Option<String>,
    /// Folder to write all pages to, the program's and one for each command; it is made where there is none
    #[arg(long, value_name = "FOLDER")]
    output: Option<PathBuf>,
}

/// `commands` are those of the program.
pub(super) fn run(invocation: &mut Invocation<'_>, arguments: &Arguments, mut commands: Command) -> Done {
    commands = commands.display_name(invocation.program).bin_name(invocation.program);
    // The pages name each command in full, which clap fills in only then.
    commands.build();
    if let Some(folder) = &arguments.output {
        return write_all(&commands, folder)
            .map_err(|error| Error::new(format!("`{}` cannot be written to: {error}", folder.display())).into());
    }
    let command = match &arguments.verb {
        Some(verb) => commands.find_subcommand(verb).ok_or_else(|| unknown(&commands, verb))?,
        None => &commands,
    };
    invocation.out.write_all(&page(command)?)?;
    Ok(())
}

fn shown(commands: &Command) -> impl Iterator<Item = &Command> {
    commands.get_subcommands().filter(|verb| !verb.is_hide_set())
}

fn unknown(commands: &Command, verb: &str) -> Error {
    let near = nearest(verb, shown(commands).map(Command::get_name));
    let hint = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
    Error::new(format!("there is no command `{verb}`{hint}"))
}

fn manual(command: &Command) -> Man {
    let name = command.get_display_name().unwrap_or(command.get_name());
    Man::new(command.clone()).title(name).source(concat!("formwork ", env!("CARGO_PKG_VERSION")))
}

fn write_all(commands: &Command, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for command in [commands].into_iter().chain(shown(commands)) {
        fs::write(folder.join(manual(command).get_filename()), page(command)?)?;
    }
    Ok(())
}

/// The page of a command.
fn page(command: &Command) -> io::Result<Vec<u8>> {
    let mut page = Vec::new();
    let man = manual(command);
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut page)?;
    }
    let after = command.get_after_long_help().or(command.get_after_help()).map(ToString::to_string);
    if let Some((title, text)) = after.as_deref().and_then(|text| text.split_once(':')) {
        section(title, text).to_writer(&mut page)?;
    }
    Ok(page)
}

/// A section that keeps its lines, as examples must: clap has it as a title, a colon and the lines.
fn section(title: &str, text: &str) -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", [title.to_uppercase().as_str()]).control("nf", []);
    for line in text.trim_matches('\n').lines() {
        roff.text([roman(line.trim())]);
    }
    roff.control("fi", []);
    roff
}
