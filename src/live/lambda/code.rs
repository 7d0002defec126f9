//! The code of a function: where it is, and how it comes to a folder that a process can run it in.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::asset::unpack;

/// Where the code of a function is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Code {
    /// The text of the one file that the template has.
    Inline(String),
    /// A folder.
    Folder(PathBuf),
    /// A zip archive.
    Archive(PathBuf),
    /// A program that speaks the runtime API.
    Program(PathBuf),
    /// A script, which its folder belongs to.
    Script(PathBuf),
}

/// What scripts are called.
const SCRIPTS: [(&str, Language); 4] =
    [("py", Language::Python), ("js", Language::Node), ("mjs", Language::Node), ("cjs", Language::Node)];
/// The files that a handler is looked for in where nothing names it, without their extension.
const MODULES: [&str; 6] = ["lambda_function", "index", "handler", "app", "main", "function"];

/// The language of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Language {
    Python,
    Node,
}

impl Code {
    /// What a path leads to.
    pub fn of(path: &Path) -> Result<Self, String> {
        let shown = path.display();
        let about = fs::metadata(path).map_err(|error| format!("`{shown}` cannot be read: {error}"))?;
        // The process has another folder.
        let path = fs::canonicalize(path).map_err(|error| format!("`{shown}` cannot be read: {error}"))?;
        if about.is_dir() {
            return Ok(Self::Folder(path));
        }
        let extension = path.extension().and_then(|it| it.to_str()).unwrap_or_default().to_ascii_lowercase();
        if extension == "zip" || extension == "jar" {
            return Ok(Self::Archive(path));
        }
        if SCRIPTS.iter().any(|(known, _)| *known == extension) {
            return Ok(Self::Script(path));
        }
        if is_executable(&about) {
            return Ok(Self::Program(path));
        }
        Err(format!("`{shown}` is no code; expected a folder, a `.zip`, a script, or a program that can be executed"))
    }

    /// The folder that has the code, which is made inside of the new one if need be.
    pub fn root(&self, new: &Path, language: Option<Language>) -> Result<PathBuf, String> {
        match self {
            Self::Folder(folder) => Ok(folder.clone()),
            Self::Script(file) | Self::Program(file) => Ok(file.parent().unwrap_or(Path::new("/")).to_owned()),
            Self::Inline(text) => {
                let name = if language == Some(Language::Python) { "index.py" } else { "index.js" };
                let written = fs::write(new.join(name), text);
                written.map_err(|error| format!("the code cannot be written: {error}"))?;
                Ok(new.to_owned())
            }
            Self::Archive(file) => {
                let shown = file.display();
                let archive = fs::read(file).map_err(|error| format!("`{shown}` cannot be read: {error}"))?;
                unpack(&archive, new).map_err(|problem| format!("`{shown}`: {problem}"))?;
                Ok(new.to_owned())
            }
        }
    }

    /// Language and handler of code that no template says anything of.
    pub fn guess(&self) -> Option<(Language, String)> {
        let module = |file: &Path| {
            let extension = file.extension()?.to_str()?;
            let (_, language) = SCRIPTS.iter().find(|(known, _)| *known == extension)?;
            let text = fs::read_to_string(file).ok()?;
            let function = if text.contains("lambda_handler") { "lambda_handler" } else { "handler" };
            Some((*language, format!("{}.{function}", file.file_stem()?.to_str()?)))
        };
        match self {
            Self::Script(file) => module(file),
            Self::Folder(folder) => {
                let names = MODULES.iter().flat_map(|name| SCRIPTS.map(|(extension, _)| format!("{name}.{extension}")));
                names.map(|name| folder.join(name)).find_map(|file| module(&file))
            }
            Self::Inline(_) | Self::Archive(_) | Self::Program(_) => None,
        }
    }
}

#[cfg(unix)]
fn is_executable(about: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    about.is_file() && about.permissions().mode() & 0o111 != 0
}

#[cfg(not(unix))]
fn is_executable(about: &fs::Metadata) -> bool {
    about.is_file()
}
