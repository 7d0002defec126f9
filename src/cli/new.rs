//! `new`: a project of its own, which builds, tests and synthesizes at once.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{
    file,
    import::imported,
    invocation::{Done, Error, Invocation, Stop},
    synth::quoted,
};

/// Makes a project: a crate with a small stack, a workflow and its tests
///
/// The folder gets a stack of the same name, tests of it and of its workflow, its template as a snapshot, workflows of
/// GitHub that test a pull request and post what it does to the stack, and a README. A folder that has something in it
/// already is left alone.
#[derive(clap::Args)]
#[command(after_long_help = "Examples:
  PROGRAM new orders
  PROGRAM new orders --from template.yaml
  PROGRAM new services/orders --formwork-path ../formwork")]
pub(super) struct Arguments {
    /// Folder of the project; its name is that of the crate and of the stack: lowercase letters, digits and hyphens
    #[arg(value_name = "NAME")]
    folder: PathBuf,
    /// File with a CloudFormation or SAM template that the stack is made of, in place of the small one: see `import`
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// Folder of a checkout of formwork that the project builds with [default: the release of this program]
    #[arg(long, value_name = "DIR")]
    formwork_path: Option<PathBuf>,
}

/// What the files of the sample call it, and the tests compile it by.
const SAMPLE: &str = "newsletter";

/// The files of every project, but for its `Cargo.toml`. Those that this repository uses too are copies, which are no part
/// of its package there; a test compares them.
const FILES: [(&str, &str); 4] = [
    (".github/workflows/ci.yml", include_str!("new/ci.yml")),
    (".github/workflows/diff.yml", include_str!("new/diff.yml")),
    (".gitignore", "assets/\ntarget/\n"),
    ("rustfmt.toml", include_str!("../../rustfmt.toml")),
];

/// The small stack that the README shows; a test compares it.
const STACK: [(&str, &str); 4] = [
    ("README.md", README),
    ("snapshots/newsletter.yaml", include_str!("new/newsletter.yaml")),
    ("src/main.rs", include_str!("new/main.rs.txt")),
    ("src/newsletter.rs", include_str!("new/newsletter.rs.txt")),
];

const README: &str = include_str!("new/README.md");

/// What the README says of the small stack.
const SAID: &str = "`src/newsletter.rs` is the stack, with a workflow and its tests.";

/// The program of a stack that was imported, with the test that it says what its template does.
const IMPORTED: &str = include_str!("new/imported.rs.txt");

/// Names that are no module or no crate: words of Rust, and what a crate is made of.
#[rustfmt::skip]
const TAKEN: [&str; 53] = [
    "abstract", "alloc", "as", "async", "await", "become", "box", "break", "const", "continue", "core", "crate", "do",
    "dyn", "else", "enum", "extern", "final", "fn", "for", "formwork", "gen", "if", "impl", "in", "let", "lib", "loop",
    "macro", "main", "match", "mod", "move", "mut", "override", "priv", "proc-macro", "pub", "ref", "return", "self",
    "static", "std", "struct", "super", "test", "trait", "try", "type", "unsafe", "use", "where", "while",
];

/// Letters that a name has at most.
const LONGEST: usize = 40;

pub(super) fn run(invocation: &mut Invocation<'_>, arguments: &Arguments) -> Done {
    let folder = &arguments.folder;
    let shown = folder.display();
    let name = folder.file_name().and_then(|name| name.to_str()).filter(|name| is_name(name)).ok_or_else(|| {
        Error::new(format!(
            "`{shown}` is no name of a project; expected 1 to {LONGEST} lowercase letters, digits and hyphens, a letter \
             first, and no word of Rust"
        ))
    })?;
    let (features, stack) = match &arguments.from {
        None => (String::new(), STACK.iter().map(|(file, text)| (renamed(file, name), renamed(text, name))).collect()),
        Some(from) => stack_of(invocation, from, name)?,
    };
    let dependency = match &arguments.formwork_path {
        None if features.is_empty() => format!("formwork = {:?}", env!("CARGO_PKG_VERSION")),
        None => format!("formwork = {{ version = {:?}{features} }}", env!("CARGO_PKG_VERSION")),
        Some(path) => {
            let manifest = path.join("Cargo.toml");
            let whole = fs::canonicalize(path).ok().filter(|_| manifest.is_file());
            let whole = whole.ok_or_else(|| {
                Error::new(format!(
                    "`{}` is no checkout of formwork; expected a folder with its `Cargo.toml`",
                    path.display()
                ))
            })?;
            format!("formwork = {{ path = {:?}{features} }}", whole.to_string_lossy())
        }
    };
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n{dependency}\n"
    );
    let mut files = vec![("Cargo.toml".to_owned(), manifest)];
    files.extend(FILES.iter().map(|(file, text)| (renamed(file, name), renamed(text, name))));
    files.extend(stack);
    write(folder, &files)?;
    let folder = folder.to_string_lossy();
    // It is there, whether this is read or not.
    let _ = writeln!(invocation.err, "{shown}: {} files\nNext:\n  cd {} && cargo test", files.len(), quoted(&folder));
    Ok(())
}

/// The features that a stack needs which is made of a template, and its files with the template as it is.
fn stack_of(invocation: &mut Invocation<'_>, from: &Path, name: &str) -> Result<(String, Vec<(String, String)>), Stop> {
    let text = file::text(from)?;
    let imported = imported(invocation, from, &text, name, true)?;
    let features: Vec<String> = imported.features().iter().map(|feature| format!("{feature:?}")).collect();
    let features = if features.is_empty() { String::new() } else { format!(", features = [{}]", features.join(", ")) };
    let code = imported.files();
    let module = name.replace('-', "_");
    let mut files = vec![(format!("snapshots/{name}.yaml"), text), ("src/main.rs".to_owned(), renamed(IMPORTED, name))];
    let stack = format!("`src/{module}/` is the stack, made of a template that `snapshots/{name}.yaml` has as it was.");
    files.push(("README.md".to_owned(), renamed(README, name).replace(&renamed(SAID, name), &stack)));
    files.extend(code.into_iter().map(|(file, text)| (format!("src/{module}/{file}"), text)));
    Ok((features, files))
}

fn is_name(name: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    name.len() <= LONGEST
        && name.as_bytes().first().is_some_and(u8::is_ascii_lowercase)
        && name.bytes().all(is_letter)
        && !name.ends_with('-')
        && !name.contains("--")
        && !TAKEN.contains(&name)
}

/// A text of the sample with the name of the project: as it is in texts, with underscores where it is one of Rust.
fn renamed(text: &str, name: &str) -> String {
    let module = name.replace('-', "_");
    let in_rust = ["mod newsletter;", "newsletter::", "src/newsletter.rs"];
    let text = in_rust.iter().fold(text.to_owned(), |text, words| text.replace(words, &words.replace(SAMPLE, &module)));
    text.replace("A newsletter:", &format!("The stack `{name}`:")).replace(SAMPLE, name)
}

/// Writes the files of a folder that is not there yet, or empty: all of them, or none.
fn write(folder: &Path, files: &[(String, String)]) -> Result<(), Error> {
    let shown = folder.display();
    let failed = |error: io::Error| Error::new(format!("`{shown}` cannot be written: {error}"));
    match fs::read_dir(folder).map(|mut entries| entries.next().is_none()) {
        Ok(true) => {}
        Ok(false) => {
            return Err(Error::new(format!("`{shown}` has something in it; expected a folder that is new or empty")));
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(failed(error)),
    }
    // Complete beside it, and then in its place.
    let mut name = folder.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part = folder.with_file_name(name);
    let written = files.iter().try_for_each(|(file, text)| {
        let file = part.join(file);
        fs::create_dir_all(file.parent().unwrap_or(&part))?;
        fs::write(file, text)
    });
    let moved = written.and_then(|()| {
        // Not every system puts a folder in the place of an empty one.
        let _ = fs::remove_dir(folder);
        fs::rename(&part, folder)
    });
    moved.map_err(|error| {
        // The error that counts is the first one.
        let _ = fs::remove_dir_all(&part);
        failed(error)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_of_crates_modules_and_stacks() {
        for name in ["orders", "a", "coffee-report-2", &"a".repeat(LONGEST)] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "Orders", "2nd", "-a", "a-", "a--b", "a_b", "a.b", "type", "main", "formwork", "caf\u{e9}"] {
            assert!(!is_name(name), "{name}");
        }
        assert!(!is_name(&"a".repeat(LONGEST + 1)));
        assert!(TAKEN.is_sorted());
    }

    #[test]
    fn a_sample_gets_the_name_of_the_project() {
        assert_eq!(renamed("mod newsletter;\n.stack(newsletter::stack)", "a-b"), "mod a_b;\n.stack(a_b::stack)");
        assert_eq!(renamed("Stack::new(\"newsletter\")", "a-b"), "Stack::new(\"a-b\")");
        assert_eq!(renamed("src/newsletter.rs snapshots/newsletter.yaml", "a-b"), "src/a_b.rs snapshots/a-b.yaml");
        for (file, text) in FILES.into_iter().chain(STACK).chain([("main.rs", IMPORTED)]) {
            assert!(!renamed(text, "a-b").contains(SAMPLE), "{file}");
        }
    }
}
