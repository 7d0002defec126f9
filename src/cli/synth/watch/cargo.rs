//! Cargo: builds the program anew, and says what it is made of.

use std::{
    env,
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
    process::Command,
};

use super::events::Events;
use crate::{cli::invocation::Error, json::Json};

/// The cargo that builds this program.
pub(super) struct Cargo {
    name: OsString,
    /// Name of the program among those of its package.
    binary: String,
    /// The profile that this program was built in, where it is not the one that cargo takes by itself.
    profile: Option<String>,
    is_coloured: bool,
    /// Whether someone sees how far it is.
    is_watched: bool,
}

/// How a build has ended.
pub(super) enum Build {
    /// The program is there; whether it had to be built.
    Done { program: PathBuf, is_new: bool },
    /// It cannot be built; cargo has said why.
    Failed,
    /// The watch ends.
    Ended,
}

impl Cargo {
    /// The cargo that has started this program, or the one that the shell would find.
    pub fn of_process(is_coloured: bool, is_watched: bool) -> Result<Self, Error> {
        let program = current_program()?;
        let binary = program.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let name = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        Ok(Self { name, binary, profile: profile(&program), is_coloured, is_watched })
    }

    /// Builds the program, where it is not what its sources say.
    pub fn build(&self, events: &mut Events) -> Result<Build, Error> {
        let mut command = Command::new(&self.name);
        command.args(["build", "--bin", &self.binary, "--message-format", "json-render-diagnostics"]);
        if let Some(folder) = env::var_os("CARGO_MANIFEST_DIR") {
            command.arg("--manifest-path").arg(Path::new(&folder).join("Cargo.toml"));
        }
        if let Some(profile) = &self.profile {
            command.args(["--profile", profile]);
        }
        if env::var_os("CARGO_TERM_COLOR").is_none() {
            command.args(["--color", if self.is_coloured { "always" } else { "never" }]);
        }
        if !self.is_watched {
            command.arg("--quiet");
        }
        let output = events.run(command).map_err(|error| self.missing(&error))?;
        Ok(match output {
            None => Build::Ended,
            Some(output) if output.status.success() => self.built(&output.printed).unwrap_or(Build::Failed),
            Some(_) => Build::Failed,
        })
    }

    fn missing(&self, error: &io::Error) -> Error {
        let name = self.name.to_string_lossy();
        let expected = "expected Rust's cargo, with which `--watch` builds the program anew (https://rustup.rs)";
        Error::new(format!("`{name}` cannot be run: {error}; {expected}"))
    }

    /// The program among what cargo tells of a build, a JSON object a line.
    fn built(&self, printed: &[u8]) -> Option<Build> {
        let messages =
            printed.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice::<Json>(line).ok());
        let mut programs = messages.filter_map(|message| {
            let program = message["executable"].as_str()?;
            let is_ours = message["reason"] == "compiler-artifact" && message["target"]["name"] == self.binary.as_str();
            is_ours.then(|| Build::Done { program: program.into(), is_new: message["fresh"] != true })
        });
        programs.next()
    }
}

/// The file of this program.
pub(super) fn current_program() -> Result<PathBuf, Error> {
    env::current_exe().map_err(|error| Error::new(format!("the file of this program cannot be found: {error}")))
}

/// The profile whose folder holds a program; none of one that cargo has not put there, or that needs no word.
fn profile(program: &Path) -> Option<String> {
    let folder = program.parent().filter(|folder| folder.join(".fingerprint").is_dir())?;
    let name = folder.file_name()?.to_str()?;
    (name != "debug").then(|| name.to_owned())
}

/// The files that a program is made of, as cargo lists them beside it: the sources of its package and of those that lie
/// beside it, and what they include.
pub(super) fn sources(program: &Path) -> Result<Vec<PathBuf>, Error> {
    let list = program.with_extension("d");
    let text = fs::read_to_string(&list).map_err(|error| {
        let name = list.display();
        Error::new(format!("`{name}`, which says what the program is made of, cannot be read: {error}"))
    })?;
    Ok(listed(&text))
}

/// The files after the colon of a list in make's language, in which a blank of a name follows a backslash.
fn listed(text: &str) -> Vec<PathBuf> {
    let line = text.lines().next().unwrap_or_default();
    let files = line.split_once(": ").map_or("", |(_, files)| files);
    let mut names = vec![String::new()];
    let mut letters = files.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if letters.peek() == Some(&' ') => names.last_mut().into_iter().for_each(|name| name.push(' ')),
            ' ' => names.push(String::new()),
            _ => names.last_mut().into_iter().for_each(|name| name.push(letter)),
        }
        if letter == '\\' && letters.peek() == Some(&' ') {
            letters.next();
        }
    }
    names.into_iter().filter(|name| !name.is_empty()).map(PathBuf::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_cargo_has_files_with_blanks_in_their_names() {
        let text = "/a b/target/debug/post: /a\\ b/src/main.rs /a\\ b/src/mail.rs C:\\src\\x.rs\n";
        assert_eq!(listed(text), ["/a b/src/main.rs", "/a b/src/mail.rs", "C:\\src\\x.rs"].map(PathBuf::from));
        assert!(listed("").is_empty() && listed("/target/debug/post:\n").is_empty());
    }
}
