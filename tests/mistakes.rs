//! Mistakes that do not compile, and what the compiler says to each: a promise of the types. The mistakes stand in
//! `tests/mistakes/`, each with the whole message beside it; `UPDATE=1 cargo test --test mistakes` writes the messages.

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use serde_json::Value as Json;

/// The arguments by which the compiler finds the library and what the library needs. Cargo names the files, since the
/// target folder has older ones too: those that this very program was built with, so that it has nothing to build.
fn library() -> Vec<String> {
    let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["test", "--no-run", "--test", env!("CARGO_CRATE_NAME"), "--message-format", "json"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo can be run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut folders = BTreeSet::new();
    let mut library = None;
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let artifact: Json = serde_json::from_str(line).expect("cargo writes a line of JSON an artifact");
        let files = artifact["filenames"].as_array().into_iter().flatten().filter_map(Json::as_str).map(Path::new);
        for file in files.filter(|file| file.extension().is_some_and(|extension| extension == "rlib")) {
            folders.extend(file.parent().map(|folder| format!("-Ldependency={}", folder.display())));
            if artifact["target"]["name"] == env!("CARGO_PKG_NAME") {
                library = Some(format!("--extern={}={}", env!("CARGO_PKG_NAME"), file.display()));
            }
        }
    }
    folders.into_iter().chain(library).collect()
}

/// The compiler at work on a mistake.
fn compiler(mistake: &Path, library: &[String]) -> Child {
    Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .args(["--edition=2024", "--emit=metadata", "--color=never", "--out-dir", env!("CARGO_TARGET_TMPDIR")])
        .args(library)
        .arg(mistake)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stderr(Stdio::piped())
        .spawn()
        .expect("the compiler can be run")
}

/// What the compiler says, without its counts at the end.
fn message(stderr: &str) -> String {
    let faults = stderr.split("error: aborting due to").next().unwrap_or_default().trim_end().split("\n\n");
    faults.map(fault).collect::<Vec<_>>().join("\n\n") + "\n"
}

/// A fault without what any change of the library changes: the numbers of its lines, the margin that is as wide as the
/// widest of them, and how many types there are.
fn fault(text: &str) -> String {
    let margin = text.lines().find_map(|line| line.find("--> ")).unwrap_or(1);
    let (mut in_library, mut in_snippet) = (false, false);
    let mut lines = Vec::new();
    for line in text.lines() {
        let is_number = |margin: &str| margin.trim_start().bytes().all(|letter| letter.is_ascii_digit());
        let Some((number, mut rest)) = line.split_at_checked(margin).filter(|(margin, _)| is_number(margin)) else {
            // `...` stands for lines that are left out of a snippet, anything else begins a new part.
            let goes_on = line.starts_with("...");
            (in_library, in_snippet) = (in_library && goes_on, in_snippet && goes_on);
            lines.push(line.to_owned());
            continue;
        };
        in_snippet |= ["--> ", "::: ", " |", " = "].iter().any(|mark| rest.starts_with(mark));
        if !in_snippet {
            lines.push(line.to_owned());
            continue;
        }
        if let Some(place) = rest.strip_prefix("--> ").or_else(|| rest.strip_prefix("::: ")) {
            in_library = !place.starts_with("tests/");
            if in_library {
                rest = rest.trim_end_matches(|letter: char| letter == ':' || letter.is_ascii_digit());
            }
        }
        let number = if in_library { "" } else { number.trim_start() };
        let others = rest.trim_start().strip_prefix("and ").and_then(|rest| rest.strip_suffix(" others"));
        let rest = others.map_or_else(|| rest.to_owned(), |count| rest.replace(count, "$N"));
        lines.push(format!("{number:1}{rest}"));
    }
    lines.join("\n")
}

fn files(ending: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mistakes");
    let files =
        fs::read_dir(folder).expect("the folder is checked in").map(|file| file.expect("it can be read").path());
    let mut files: Vec<_> =
        files.filter(|file| file.extension().is_some_and(|extension| extension == ending)).collect();
    files.sort();
    files
}

#[test]
fn a_mistake_explains_itself() {
    let library = library();
    let (mistakes, mut wrong) = (files("rs"), Vec::new());
    let compilers: Vec<_> = mistakes
        .iter()
        .map(|mistake| {
            let name = mistake.file_name().expect("it is a file");
            compiler(&Path::new("tests/mistakes").join(name), &library)
        })
        .collect();
    for (mistake, compiler) in mistakes.iter().zip(compilers) {
        let output = compiler.wait_with_output().expect("the compiler ends");
        assert!(!output.status.success(), "{} compiles", mistake.display());
        let actual = message(&String::from_utf8_lossy(&output.stderr));
        let file = mistake.with_extension("stderr");
        if env::var_os("UPDATE").is_some() {
            fs::write(&file, &actual).expect("the folder can be written to");
        }
        let expected = fs::read_to_string(&file).unwrap_or_default();
        if actual != expected {
            wrong.push(format!("{}\nexpected:\n{expected}\nbut got:\n{actual}", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{}\nto update: UPDATE=1 cargo test --test mistakes", wrong.join("\n"));
    let told: Vec<_> = mistakes.iter().map(|mistake| mistake.with_extension("stderr")).collect();
    assert_eq!(told, files("stderr"), "every message is one of a mistake");
}
