//! The files of a folder that go into an archive.

use std::{
    collections::BTreeMap,
    fs::{self, Metadata},
    io::Read,
    path::{Path, PathBuf},
};

use glob::{MatchOptions, Pattern};

use super::{unzip::MOST, zip::MOST_FILES};

/// A file of an archive.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct File {
    /// Where its content is.
    pub path: PathBuf,
    pub is_executable: bool,
    pub size: u64,
}

/// The files of an archive by their names, which have `/` between their parts.
pub(super) type Files = BTreeMap<String, File>;

/// What is never part of the code: the stores of version control, what interpreters and test programs keep, and what
/// editors and file managers leave behind.
const LEFTOVERS: [&str; 12] = [
    ".git",
    ".hg",
    ".svn",
    "__pycache__",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
    ".idea",
    ".vscode",
    ".DS_Store",
    "Thumbs.db",
    "desktop.ini",
];

/// Problems that are told of one folder.
const MOST_PROBLEMS: usize = 10;

/// Lists the files of a folder, but for leftovers and what the patterns exclude.
pub(super) fn files(root: &Path, excluded: &[String]) -> Result<Files, Vec<String>> {
    let (exclusions, problems) = exclusions(excluded);
    let root = match fs::canonicalize(root) {
        Ok(root) => root,
        Err(error) => return Err(vec![unreadable(&root.display().to_string(), &error)]),
    };
    let mut walk = Walk { root: &root, exclusions, files: Files::new(), size: 0, problems };
    walk.run();
    let Walk { files, size, mut problems, .. } = walk;
    if problems.is_empty() && files.is_empty() {
        problems.push(format!("the folder `{}` has no file; expected the code", root.display()));
    }
    if problems.is_empty() && size > MOST as u64 {
        problems.push(too_large(size));
    }
    if problems.is_empty() { Ok(files) } else { Err(problems) }
}

/// Whether a file would be among those of a folder, were it there.
pub(super) fn takes(root: &Path, excluded: &[String], file: &Path) -> bool {
    let Ok(root) = fs::canonicalize(root) else { return false };
    // The folders on the way to it may still have to be made.
    let Ok(file) = std::path::absolute(file) else { return false };
    let there = file.ancestors().find_map(|folder| Some((folder, fs::canonicalize(folder).ok()?)));
    let whole = there.and_then(|(folder, real)| Some(real.join(file.strip_prefix(folder).ok()?)));
    let Some(Ok(inner)) = whole.as_ref().map(|whole| whole.strip_prefix(&root)) else { return false };
    let (exclusions, _) = exclusions(excluded);
    let mut way = String::new();
    // Whoever is excluded takes all below it along.
    root.is_dir()
        && inner.iter().all(|name| {
            let name = name.to_string_lossy();
            way += &name;
            let is_out = is_leftover(&name) || exclusions.iter().any(|it| it.matches(&name, &way));
            way += "/";
            !is_out
        })
}

/// The patterns of what is excluded, and what is wrong with them.
fn exclusions(excluded: &[String]) -> (Vec<Exclusion>, Vec<String>) {
    let (mut exclusions, mut problems) = (Vec::new(), Vec::new());
    for text in excluded {
        let pattern = text.trim_end_matches('/');
        let is_from_top = pattern.contains('/');
        match Pattern::new(pattern.trim_start_matches('/')) {
            Ok(pattern) => exclusions.push(Exclusion { pattern, is_from_top }),
            Err(error) => problems.push(format!("`{text}`, which is excluded, is no pattern of files: {error}")),
        }
    }
    (exclusions, problems)
}

/// What is said of more than Lambda takes.
pub(super) fn too_large(size: u64) -> String {
    format!("it has {size} bytes when it is unpacked; expected at most {MOST}, which is what Lambda takes")
}

pub(super) fn unreadable(name: &str, error: &std::io::Error) -> String {
    format!("`{name}` cannot be read: {error}")
}

#[cfg(unix)]
pub(super) fn is_executable(about: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    about.permissions().mode() & 0o111 != 0
}

/// Where files have no such mode, any may be a program.
#[cfg(not(unix))]
pub(super) fn is_executable(_about: &Metadata) -> bool {
    true
}

/// A walk through a folder.
struct Walk<'a> {
    /// The folder, without links on the way to it.
    root: &'a Path,
    exclusions: Vec<Exclusion>,
    files: Files,
    /// Bytes of all files.
    size: u64,
    problems: Vec<String>,
}

/// A pattern of what is excluded.
struct Exclusion {
    pattern: Pattern,
    /// Whether it is about the way from the top, and not about the name alone.
    is_from_top: bool,
}

impl Exclusion {
    /// Whether it is about what has that name, and that way to it from the top.
    fn matches(&self, name: &str, whole: &str) -> bool {
        let options = MatchOptions { require_literal_separator: true, ..MatchOptions::new() };
        self.pattern.matches_with(if self.is_from_top { whole } else { name }, options)
    }
}

/// A folder that is still to be walked through.
struct Folder {
    /// Its name from the top, with a `/` at its end unless it is the top.
    name: String,
    /// Where it is, without links, and where those are that it was reached through.
    path: PathBuf,
    above: Vec<PathBuf>,
}

impl Walk<'_> {
    fn run(&mut self) {
        let mut folders = vec![Folder { name: String::new(), path: self.root.to_owned(), above: Vec::new() }];
        let mut walked = 0;
        while let Some(folder) = folders.pop() {
            walked += 1;
            // Links to folders can make many of a few.
            if self.files.len() > MOST_FILES || walked > MOST_FILES {
                self.problems.push(format!("it has more than {MOST_FILES} files; expected fewer"));
                return;
            }
            if self.problems.len() >= MOST_PROBLEMS {
                return;
            }
            let entries = fs::read_dir(&folder.path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
            let mut entries = match entries {
                Ok(entries) => entries,
                Err(error) => {
                    self.problems.push(unreadable(&folder.path.display().to_string(), &error));
                    continue;
                }
            };
            entries.sort_by_key(fs::DirEntry::file_name);
            for entry in entries {
                if let Err(problem) = self.enter(&folder, &entry.path(), &mut folders) {
                    self.problems.push(problem);
                }
            }
        }
    }

    /// Takes what is in a folder.
    fn enter(&mut self, folder: &Folder, path: &Path, folders: &mut Vec<Folder>) -> Result<(), String> {
        let shown = path.display().to_string();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            return Err(format!("`{shown}` has a name that is not UTF-8; expected one that is"));
        };
        let whole = format!("{}{name}", folder.name);
        if is_leftover(name) || self.is_excluded(name, &whole) {
            return Ok(());
        }
        let failed = |error: std::io::Error| unreadable(&shown, &error);
        let is_link = fs::symlink_metadata(path).map_err(failed)?.is_symlink();
        let path = if is_link { self.target(path)? } else { path.to_owned() };
        let about = fs::metadata(&path).map_err(failed)?;
        if about.is_dir() {
            if is_cache(&path) {
                return Ok(());
            }
            let mut above = folder.above.clone();
            above.push(folder.path.clone());
            if above.contains(&path) {
                return Err(format!("the link `{shown}` leads to a folder that it is in; expected no circle"));
            }
            folders.push(Folder { name: format!("{whole}/"), path, above });
        } else if about.is_file() {
            // What cannot be read is told with all else, and not when the archive is written.
            fs::File::open(&path).map_err(failed)?;
            self.size += about.len();
            self.files.insert(whole, File { path, is_executable: is_executable(&about), size: about.len() });
        } else {
            return Err(format!("`{shown}` is neither a file nor a folder; expected one"));
        }
        Ok(())
    }

    /// Where a link leads.
    fn target(&self, link: &Path) -> Result<PathBuf, String> {
        let shown = link.display();
        let target = fs::canonicalize(link).map_err(|error| format!("the link `{shown}` leads nowhere: {error}"))?;
        if target.starts_with(self.root) {
            return Ok(target);
        }
        Err(format!(
            "the link `{shown}` leads out of the folder, to `{}`; expected a file of the folder",
            target.display()
        ))
    }

    fn is_excluded(&self, name: &str, whole: &str) -> bool {
        self.exclusions.iter().any(|it| it.matches(name, whole))
    }
}

/// Whether a folder says of itself that it holds what can be made anew, as `target` of cargo does.
///
/// <https://bford.info/cachedir/>
fn is_cache(folder: &Path) -> bool {
    const SIGNATURE: &[u8] = b"Signature: 8a477f597d28d172789f06886806bc55";
    let mut begin = [0; SIGNATURE.len()];
    let tag = fs::File::open(folder.join("CACHEDIR.TAG"));
    tag.and_then(|mut tag| tag.read_exact(&mut begin)).is_ok() && begin == SIGNATURE
}

fn is_leftover(name: &str) -> bool {
    let is_swap = name.starts_with('.') && (name.ends_with(".swp") || name.ends_with(".swo"));
    LEFTOVERS.contains(&name) || name.ends_with('~') || name.starts_with(".#") || is_swap
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for name in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, name).unwrap();
        }
        folder
    }

    fn names(folder: &Path, excluded: &[&str]) -> Vec<String> {
        let excluded: Vec<String> = excluded.iter().map(|&text| text.to_owned()).collect();
        files(folder, &excluded).unwrap().into_keys().collect()
    }

    #[test]
    fn leftovers_are_no_code() {
        let folder = folder(&[
            "index.py",
            "lib/a.py",
            "lib/__pycache__/a.pyc",
            ".git/HEAD",
            ".index.py.swp",
            "index.py~",
            ".#index.py",
            ".DS_Store",
            "lib/.env",
        ]);
        assert_eq!(names(folder.path(), &[]), ["index.py", "lib/.env", "lib/a.py"]);
    }

    #[test]
    fn a_folder_that_says_it_is_a_cache_is_no_code() {
        let folder = folder(&["index.py", "target/debug/a", "notes/CACHEDIR.TAG", "empty/CACHEDIR.TAG"]);
        let tag = "Signature: 8a477f597d28d172789f06886806bc55\n# made by cargo\n";
        fs::write(folder.path().join("target/CACHEDIR.TAG"), tag).unwrap();
        fs::write(folder.path().join("empty/CACHEDIR.TAG"), "").unwrap();
        assert_eq!(names(folder.path(), &[]), ["empty/CACHEDIR.TAG", "index.py", "notes/CACHEDIR.TAG"]);
    }

    #[test]
    fn what_would_be_written_into_a_folder_is_known() {
        let folder = folder(&["code/index.py"]);
        let takes = |file: &str, excluded: &[&str]| {
            let excluded: Vec<String> = excluded.iter().map(|&text| text.to_owned()).collect();
            takes(&folder.path().join("code"), &excluded, &folder.path().join(file))
        };
        assert!(takes("code/template.yaml", &[]) && takes("code/new/assets/a.zip", &[]));
        assert!(takes("other/../code/a", &[]) || !folder.path().join("other").exists());
        assert!(!takes("template.yaml", &[]) && !takes("codes/template.yaml", &[]));
        assert!(!takes("code/assets/a.zip", &["assets"]) && !takes("code/out/a.yaml", &["out/*.yaml"]));
        assert!(takes("code/template.yaml", &["assets"]) && !takes("code/.git/a", &[]));
    }

    #[test]
    fn a_pattern_excludes_by_name_or_by_the_way_to_it() {
        let folder = folder(&["a.py", "test_a.py", "lib/test_b.py", "lib/tests/c.py", "tests/c.py", "docs/a/b.md"]);
        assert_eq!(names(folder.path(), &["test_*.py", "tests", "docs/**"]), ["a.py"]);
        assert_eq!(names(folder.path(), &["tests/", "docs"]), ["a.py", "lib/test_b.py", "test_a.py"]);
        assert_eq!(names(folder.path(), &["/tests", "/docs", "lib/*.py"]), ["a.py", "lib/tests/c.py", "test_a.py"]);
        assert_eq!(
            files(folder.path(), &["a[".to_owned()]).unwrap_err(),
            [
                "`a[`, which is excluded, is no pattern of files: Pattern syntax error near position 1: invalid range pattern"
            ]
        );
    }

    #[cfg(unix)]
    #[test]
    fn links_lead_to_files_of_the_folder() {
        use std::os::unix::fs::symlink;
        let folder = folder(&["lib/a.py"]);
        let at = |name: &str| folder.path().join(name);
        symlink("lib/a.py", at("a.py")).unwrap();
        symlink("lib", at("package")).unwrap();
        assert_eq!(names(folder.path(), &[]), ["a.py", "lib/a.py", "package/a.py"]);
        symlink("/etc/hostname", at("lib/out")).unwrap();
        symlink("..", at("lib/up")).unwrap();
        symlink("nothing", at("lib/gone")).unwrap();
        let root = fs::canonicalize(folder.path()).unwrap();
        let root = root.display();
        let out = fs::canonicalize("/etc/hostname").unwrap();
        let problems = files(folder.path(), &[]).unwrap_err();
        let expected = [
            format!("the link `{root}/lib/gone` leads nowhere: No such file or directory (os error 2)"),
            format!(
                "the link `{root}/lib/out` leads out of the folder, to `{}`; expected a file of the folder",
                out.display()
            ),
            format!("the link `{root}/lib/up` leads to a folder that it is in; expected no circle"),
        ];
        // Once for each way there is into `lib`.
        assert_eq!(problems[..3], expected);
        assert_eq!(names(folder.path(), &["out", "up", "gone"]), ["a.py", "lib/a.py", "package/a.py"]);
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_code_is_told() {
        let empty = folder(&[".git/HEAD"]);
        let root = fs::canonicalize(empty.path()).unwrap();
        let expected = format!("the folder `{}` has no file; expected the code", root.display());
        assert_eq!(files(empty.path(), &[]).unwrap_err(), [expected]);
        let large = folder(&["a"]);
        fs::File::options().write(true).open(large.path().join("a")).unwrap().set_len(MOST as u64 + 1).unwrap();
        assert_eq!(
            files(large.path(), &[]).unwrap_err(),
            ["it has 262144001 bytes when it is unpacked; expected at most 262144000, which is what Lambda takes"]
        );
        let _socket = std::os::unix::net::UnixListener::bind(large.path().join("socket")).unwrap();
        let found = files(large.path(), &[]).unwrap_err();
        assert!(found[0].ends_with("socket` is neither a file nor a folder; expected one"), "{found:?}");
    }
}
