//! The files that a check is about: those that are named, and those in folders and behind patterns.

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    fs, io,
    path::{Path, PathBuf},
};

use glob::MatchOptions;

use super::rules::{NEITHER, UNREADABLE};
use crate::{
    cli::{file::name, source::Form},
    diagnostic::Diagnostic,
};

/// The endings of the names of files that are looked at in a folder.
const ENDINGS: [&str; 4] = ["yaml", "yml", "json", "template"];

/// A folder full of other people's files.
const DEPENDENCIES: &str = "node_modules";

/// A file to be checked.
#[derive(Debug, PartialEq)]
pub(super) struct File {
    pub path: PathBuf,
    /// What it is said to be.
    pub meant: Form,
    /// Whether it was named itself, and is expected to be a template or definition.
    pub is_named: bool,
}

/// What there is to be checked.
#[derive(Default)]
pub(super) struct Found {
    /// Sorted by name, each once.
    pub files: Vec<File>,
    /// What cannot be looked into, and why.
    pub faults: Vec<(String, Diagnostic)>,
}

/// The files that the arguments stand for.
pub(super) fn find(templates: &[PathBuf], definitions: &[PathBuf]) -> Found {
    let mut search = Search::default();
    for (arguments, meant) in [(templates, Form::Template), (definitions, Form::Definition)] {
        for argument in arguments {
            search.argument(argument, meant);
        }
    }
    let Search { files, faults } = search;
    let files = files.into_iter().map(|(path, (meant, is_named))| File { path, meant, is_named }).collect();
    Found { files, faults }
}

/// The files that were found so far, by their name.
#[derive(Default)]
struct Search {
    files: BTreeMap<PathBuf, (Form, bool)>,
    faults: Vec<(String, Diagnostic)>,
}

impl Search {
    fn argument(&mut self, argument: &Path, meant: Form) {
        if argument.as_os_str() == "-" {
            return self.add(argument, meant, true);
        }
        match fs::metadata(argument) {
            Ok(there) if there.is_dir() => {
                if !self.folder(argument, meant) {
                    self.none(argument);
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.pattern(argument, meant),
            // What else cannot be read, who reads it says.
            _ => self.add(argument, meant, true),
        }
    }

    fn add(&mut self, path: &Path, meant: Form, is_named: bool) {
        let path = relative(path);
        let (_, named) = self.files.entry(path).or_insert((meant, is_named));
        *named |= is_named;
    }

    /// Adds the files of a folder and of those in it; whether there are any. Links to folders are not followed: they may
    /// lead back.
    fn folder(&mut self, folder: &Path, meant: Form) -> bool {
        let mut is_any = false;
        let mut waiting = vec![folder.to_owned()];
        while let Some(folder) = waiting.pop() {
            let entries = match fs::read_dir(&folder) {
                Ok(entries) => entries,
                Err(error) => {
                    let message = format!("the folder `{}` cannot be read: {error}", relative(&folder).display());
                    self.fault(&folder, UNREADABLE.at("", message));
                    is_any = true;
                    continue;
                }
            };
            for entry in entries.flatten() {
                let path = entry.path();
                let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
                let file_name = entry.file_name();
                if is_folder {
                    waiting.extend((!is_passed_over(&file_name)).then_some(path));
                } else if has_ending(&path) && path.is_file() {
                    self.add(&path, meant, false);
                    is_any = true;
                }
            }
        }
        is_any
    }

    /// Adds what a pattern stands for; a name without `*`, `?` and `[` is that of a file.
    fn pattern(&mut self, pattern: &Path, meant: Form) {
        let text = pattern.to_string_lossy();
        if !text.contains(['*', '?', '[']) {
            return self.add(pattern, meant, true);
        }
        // As a shell does it: a `*` is no hidden name.
        let options = MatchOptions { require_literal_leading_dot: true, ..MatchOptions::default() };
        let paths = match glob::glob_with(&text, options) {
            Ok(paths) => paths,
            Err(error) => {
                let message = format!("the pattern `{text}` cannot be read: {}", error.msg);
                return self.fault(pattern, UNREADABLE.at("", message));
            }
        };
        let mut is_any = false;
        let is_meant = |path: &PathBuf| {
            let mut folders = path.iter().filter(|folder| *folder == DEPENDENCIES);
            folders.next().is_none() || text.contains(DEPENDENCIES)
        };
        for path in paths.filter_map(Result::ok).filter(is_meant) {
            if path.is_dir() {
                is_any |= self.folder(&path, meant);
            } else {
                self.add(&path, meant, false);
                is_any = true;
            }
        }
        if !is_any {
            self.none(pattern);
        }
    }

    fn none(&mut self, argument: &Path) {
        let name = relative(argument);
        let message =
            format!("`{}` has no file to check; expected *.yaml, *.yml, *.json or *.template", name.display());
        self.fault(argument, NEITHER.at("", message));
    }

    fn fault(&mut self, path: &Path, fault: Diagnostic) {
        self.faults.push((name(&relative(path)), fault));
    }
}

/// Whether a folder in another one is passed over.
fn is_passed_over(name: &OsStr) -> bool {
    name == DEPENDENCIES || name.as_encoded_bytes().starts_with(b".")
}

fn has_ending(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ENDINGS.iter().any(|known| ending == *known))
}

/// The path as seen from the working directory, where it is below that, without `./` before it.
fn relative(path: &Path) -> PathBuf {
    let below = std::env::current_dir().ok().and_then(|here| path.strip_prefix(here).ok().map(Path::to_owned));
    let path = below.filter(|below| !below.as_os_str().is_empty()).unwrap_or_else(|| path.to_owned());
    path.strip_prefix(".").ok().filter(|rest| !rest.as_os_str().is_empty()).map(Path::to_owned).unwrap_or(path)
}
