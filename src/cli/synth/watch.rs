//! `synth --watch`: the program is built anew with every change of its sources, and tells what that does to the stack.

mod cargo;
mod events;
mod sources;

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::Command,
};

use self::{
    cargo::{Build, Cargo, current_program},
    events::Events,
    sources::Sources,
};
use crate::{
    cli::{
        diff,
        invocation::{Done, Error, Invocation},
        output,
    },
    template::Template,
};

/// What one look at the sources gives.
enum Look {
    /// The template as it is now.
    Good(String),
    /// The program is what it was.
    Same,
    /// Somebody has said what is wrong.
    Faulty(&'static str),
    Ended,
}

/// What is synthesized again and again.
pub(super) struct Synthesis<'a> {
    /// Name of the stack.
    pub stack: &'a str,
    /// The command line by which the program prints the template alone.
    pub words: Vec<OsString>,
    /// The file that follows.
    pub output: Option<&'a Path>,
    /// Folders and files of the code that it packs.
    pub code: Vec<PathBuf>,
}

pub(super) fn run(invocation: &mut Invocation<'_>, synthesis: Synthesis<'_>) -> Done {
    let screen = invocation.screens.err;
    let cargo = Cargo::of_process(screen.colour, screen.is_watched)?;
    let mut events = Events::new()?;
    let mut sources = Sources::new(events.sender(), synthesis.code)?;
    // They are watched before the first look, so that what changes meanwhile is seen too.
    if let Ok(files) = current_program().and_then(|program| cargo::sources(&program)) {
        sources.watch(files)?;
    }
    let mut good: Option<Template> = None;
    let mut has_new_code = false;
    loop {
        let is_new = good.is_none() || has_new_code;
        match look(&cargo, &mut events, &mut sources, &synthesis.words, is_new)? {
            Look::Good(text) => {
                let new = template(&text)?;
                if let Some(file) = synthesis.output {
                    output::write(file, &text)?;
                }
                tell(invocation, synthesis.stack, good.as_ref(), &new, &sources)?;
                good = Some(new);
            }
            Look::Same => {}
            Look::Faulty(problem) => {
                let kept = if good.is_some() { "the last good template is kept" } else { "there is no template yet" };
                let _ = writeln!(invocation.err, "{problem}; {kept}, and the sources are watched");
            }
            Look::Ended => break,
        }
        let Some(changed) = events.changed(|path| sources.known().has(path)) else { break };
        has_new_code = changed.iter().any(|path| sources.known().is_code(path));
    }
    if screen.is_watched {
        // The shell begins a line of its own after `^C`.
        let _ = writeln!(invocation.err);
    }
    Ok(())
}

/// Builds the program where it has changed, and lets it synthesize the stack.
fn look(
    cargo: &Cargo,
    events: &mut Events,
    sources: &mut Sources,
    words: &[OsString],
    // Whether it has something to tell though the program is what it was.
    is_new: bool,
) -> Result<Look, Error> {
    let program = match cargo.build(events)? {
        Build::Done { program, is_new: is_built } => {
            sources.watch(cargo::sources(&program)?)?;
            if !is_built && !is_new {
                return Ok(Look::Same);
            }
            program
        }
        Build::Failed if sources.known().count().0 == 0 => {
            let problem = "cargo cannot build the program; expected `--watch` in the folder of its package";
            return Err(Error::new(problem));
        }
        Build::Failed => return Ok(Look::Faulty("the program cannot be built")),
        Build::Ended => return Ok(Look::Ended),
    };
    let mut command = Command::new(&program);
    command.args(words);
    let output = events.run(command);
    match output.map_err(|error| Error::new(format!("`{}` cannot be run: {error}", program.display())))? {
        None => Ok(Look::Ended),
        Some(output) if output.status.success() => {
            Ok(Look::Good(String::from_utf8_lossy(&output.printed).into_owned()))
        }
        Some(_) => Ok(Look::Faulty("the stack cannot be synthesized")),
    }
}

fn template(text: &str) -> Result<Template, Error> {
    Template::parse(text).map_err(|error| Error::new(format!("the program prints what is no template: {error}")))
}

/// Tells what the change does, or, of the first template, what is watched.
fn tell(
    invocation: &mut Invocation<'_>,
    name: &str,
    old: Option<&Template>,
    new: &Template,
    sources: &Sources,
) -> Done {
    let Some(old) = old else {
        let (files, packages) = sources.known().count();
        let resources = new.section("Resources").count();
        let plural = |count, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
        let _ = writeln!(
            invocation.err,
            "{name}: {}; watching {} of {}, until Ctrl-C",
            plural(resources, "resource"),
            plural(files, "file"),
            plural(packages, "package")
        );
        return Ok(());
    };
    let told = diff::text(name, old, new, invocation.screens.out);
    writeln!(invocation.out, "{told}")?;
    invocation.out.flush()?;
    Ok(())
}
