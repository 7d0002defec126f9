//! Sources: the files that a program is made of, and the folders in which a change of them is seen.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::mpsc::Sender,
};

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher, recommended_watcher};

use super::events::Event;
use crate::cli::invocation::Error;

/// Files of a package that cargo reads beside its sources.
const OF_CARGO: [&str; 4] = ["Cargo.toml", "Cargo.lock", "rust-toolchain.toml", "rust-toolchain"];

/// The files of a program, watched.
pub(super) struct Sources {
    watcher: RecommendedWatcher,
    known: Known,
    watched: BTreeSet<(PathBuf, bool)>,
}

/// What belongs to a program.
#[derive(Default)]
pub(super) struct Known {
    files: BTreeSet<PathBuf>,
    /// Folders of packages. What cargo reads there counts, and the sources.
    packages: BTreeSet<PathBuf>,
    /// Folders of sources, in which new ones count too.
    folders: BTreeSet<PathBuf>,
    /// Folders and files of code that the program packs.
    code: Vec<PathBuf>,
}

impl Sources {
    /// Watches this code that the program packs, and tells what changes.
    pub fn new(sender: Sender<Event>, code: Vec<PathBuf>) -> Result<Self, Error> {
        let tell = move |event: notify::Result<notify::Event>| {
            // What is missed is only seen later: with the next change, or never, which is no reason to end.
            if let Ok(event) = event
                && !matches!(event.kind, EventKind::Access(_))
            {
                drop(sender.send(Event::Changed(event.paths)));
            }
        };
        let watcher =
            recommended_watcher(tell).map_err(|error| Error::new(format!("nothing can be watched: {error}")))?;
        let code = code.into_iter().map(|path| path.canonicalize().unwrap_or(path)).collect();
        let known = Known { code, ..Known::default() };
        let mut sources = Self { watcher, known, watched: BTreeSet::new() };
        sources.watch_places()?;
        Ok(sources)
    }

    /// Watches these files from now on.
    pub fn watch(&mut self, files: Vec<PathBuf>) -> Result<(), Error> {
        self.known = Known { code: std::mem::take(&mut self.known.code), ..Known::of(files) };
        self.watch_places()
    }

    fn watch_places(&mut self) -> Result<(), Error> {
        for (folder, is_deep) in self.known.places() {
            // A folder that is gone has nothing to be watched.
            if !folder.is_dir() || !self.watched.insert((folder.clone(), is_deep)) {
                continue;
            }
            let mode = if is_deep { RecursiveMode::Recursive } else { RecursiveMode::NonRecursive };
            self.watcher
                .watch(&folder, mode)
                .map_err(|error| Error::new(format!("`{}` cannot be watched: {error}", folder.display())))?;
        }
        Ok(())
    }

    /// What belongs to the program.
    pub fn known(&self) -> &Known {
        &self.known
    }
}

impl Known {
    fn of(files: Vec<PathBuf>) -> Self {
        let mut known = Self::default();
        for file in files {
            // A change is told by the real name.
            let file = file.canonicalize().unwrap_or(file);
            let package = file.ancestors().skip(1).find(|folder| folder.join("Cargo.toml").is_file());
            // What a build has made changes with each build.
            let mut inside = file.ancestors().take_while(|folder| Some(*folder) != package);
            if inside.any(|folder| folder.join("CACHEDIR.TAG").is_file()) {
                continue;
            }
            if let Some(package) = package {
                known.packages.insert(package.to_owned());
                let inside = file.strip_prefix(package).ok().and_then(|inside| inside.parent()?.components().next());
                known.folders.extend(inside.map(|folder| package.join(folder)));
            }
            known.files.insert(file);
        }
        known
    }

    /// The folders to watch, and whether with the folders in them. A file is watched by its folder: editors put another
    /// in its place.
    fn places(&self) -> Vec<(PathBuf, bool)> {
        let deep = self.folders.iter().map(|folder| (folder.clone(), true));
        let is_inside = |folder: &Path| self.folders.iter().any(|deep| folder.starts_with(deep));
        let flat = self.files.iter().filter_map(|file| file.parent()).filter(|folder| !is_inside(folder));
        let flat = flat.chain(self.packages.iter().map(PathBuf::as_path));
        let code = self.code.iter().filter(|path| !path.is_dir()).filter_map(|file| file.parent());
        let flat: BTreeSet<&Path> = flat.chain(code).collect();
        let deep = deep.chain(self.code.iter().filter(|path| path.is_dir()).map(|folder| (folder.clone(), true)));
        deep.chain(flat.into_iter().map(|folder| (folder.to_owned(), false))).collect()
    }

    /// How many files and packages there are.
    pub fn count(&self) -> (usize, usize) {
        (self.files.len(), self.packages.len())
    }

    /// Whether a file is code that the program packs.
    pub fn is_code(&self, path: &Path) -> bool {
        let inside = self.code.iter().find_map(|code| path.strip_prefix(code).ok());
        inside.is_some_and(|inside| !inside.iter().any(|part| is_passing(&part.to_string_lossy())))
    }

    /// Whether a change of that file may change the template.
    pub fn has(&self, path: &Path) -> bool {
        if self.files.contains(path) || self.is_code(path) {
            return true;
        }
        if let (Some(folder), Some(name)) = (path.parent(), path.file_name())
            && self.packages.contains(folder)
        {
            return OF_CARGO.iter().any(|known| name == *known);
        }
        let inside = self.folders.iter().find_map(|folder| path.strip_prefix(folder).ok());
        inside.is_some_and(|inside| !inside.iter().any(|part| is_passing(&part.to_string_lossy())))
    }
}

/// Whether a name is one of those that editors give to files of their own.
fn is_passing(name: &str) -> bool {
    let is_number = || name.bytes().all(|byte| byte.is_ascii_digit());
    name.starts_with(['.', '#']) || name.ends_with(['~', '#']) || name.ends_with(".tmp") || is_number()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn what_belongs_to_a_program_is_what_cargo_lists_and_what_may_come_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let at = |name: &str| root.join(name);
        for inside in ["post/src/mail", "post/target/out", "texts"] {
            fs::create_dir_all(at(inside)).unwrap();
        }
        for (file, text) in [("post/Cargo.toml", ""), ("post/target/CACHEDIR.TAG", "")] {
            fs::write(at(file), text).unwrap();
        }
        for file in
            ["post/src/main.rs", "post/src/mail/letter.html", "post/build.rs", "post/target/out/made.rs", "texts/a.md"]
        {
            fs::write(at(file), "").unwrap();
        }
        let listed =
            ["post/src/main.rs", "post/src/mail/letter.html", "post/build.rs", "post/target/out/made.rs", "texts/a.md"];
        let known = Known::of(listed.into_iter().map(at).collect());
        assert_eq!(known.count(), (4, 1));
        assert_eq!(known.places(), [(at("post/src"), true), (at("post"), false), (at("texts"), false)]);
        for counts in ["post/src/new.rs", "post/src/mail/new/a.sql", "post/build.rs", "post/Cargo.toml", "texts/a.md"] {
            assert!(known.has(&at(counts)), "{counts}");
        }
        for other in ["post/src/.main.rs.swp", "post/src/main.rs~", "post/src/4913", "post/README.md", "texts/b.md"] {
            assert!(!known.has(&at(other)), "{other}");
        }
        assert!(!known.has(&at("post/target/out/made.rs")));
        // Code that the program packs, wherever it is.
        fs::create_dir_all(at("functions/a")).unwrap();
        fs::write(at("one.py"), "").unwrap();
        let known = Known { code: vec![at("functions"), at("one.py")], ..Known::default() };
        assert_eq!(known.places(), [(at("functions"), true), (root.clone(), false)]);
        assert!(known.is_code(&at("functions/a/new.py")) && known.has(&at("one.py")));
        assert!(!known.has(&at("functions/a/.new.py.swp")) && !known.has(&at("two.py")));
    }
}
