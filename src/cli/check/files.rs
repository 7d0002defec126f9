//! The files that a check is about: those that are named, and those in folders and behind patterns.

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    fs, io,
    path::{Component, Path, PathBuf},
};

use glob::{MatchOptions, Pattern};

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
                if !self.folder(argument, meant, usize::MAX, &has_ending) {
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

    /// Adds the files of a folder and of those in it that are taken, so many levels deep; whether there are any. Links to
    /// folders are not followed: they may lead back.
    fn folder(&mut self, folder: &Path, meant: Form, levels: usize, is_taken: &dyn Fn(&Path) -> bool) -> bool {
        let mut is_any = false;
        let mut waiting = vec![(folder.to_owned(), levels)];
        while let Some((folder, levels)) = waiting.pop() {
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
                if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                    let is_looked_into = levels > 1 && !is_passed_over(&entry.file_name());
                    waiting.extend(is_looked_into.then_some((path, levels - 1)));
                } else if is_taken(&path) && path.is_file() {
                    self.add(&path, meant, false);
                    is_any = true;
                }
            }
        }
        is_any
    }

    /// Adds the files that a pattern stands for; a name without `*`, `?` and `[` is that of a file.
    fn pattern(&mut self, argument: &Path, meant: Form) {
        let text = argument.to_string_lossy();
        let is_plain = |part: &Component<'_>| !part.as_os_str().to_string_lossy().contains(['*', '?', '[']);
        let folder: PathBuf = argument.components().take_while(is_plain).collect();
        if folder == argument {
            return self.add(argument, meant, true);
        }
        let pattern = match Pattern::new(&text) {
            Ok(pattern) => pattern,
            Err(error) => {
                let message = format!("the pattern `{text}` cannot be read: {}", error.msg);
                return self.fault(argument, UNREADABLE.at("", message));
            }
        };
        // As a shell does it: a `*` is no `/`, and no hidden name.
        let options =
            MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: true };
        let levels = match text.contains("**") {
            true => usize::MAX,
            false => argument.components().count() - folder.components().count(),
        };
        let here = Path::new(".");
        let is_here = folder.as_os_str().is_empty();
        let is_meant = |path: &Path| {
            let path = if is_here { path.strip_prefix(here).unwrap_or(path) } else { path };
            pattern.matches_path_with(path, options)
        };
        let folder = if is_here { here } else { folder.as_path() };
        if !folder.is_dir() || !self.folder(folder, meant, levels, &is_meant) {
            self.none(argument);
        }
    }

    fn none(&mut self, argument: &Path) {
        let name = relative(argument);
        let message = format!(
            "`{}` stands for no file to check; expected some of *.yaml, *.yml, *.json or *.template",
            name.display()
        );
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
