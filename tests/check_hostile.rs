//! Whatever a file holds, and whatever it is, `check` ends, and soon: with a fault that says what and where.

#[path = "check_hostile/changes.rs"]
mod changes;
#[path = "check_hostile/sizes.rs"]
mod sizes;

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use formwork::cli;
use proptest::prelude::*;
use serde_json::Value as Json;

/// What an unoptimized build may take for one check, on a machine that has other things to do.
const SOON: Duration = Duration::from_secs(60);

/// The exit code, and the faults. Whatever comes, both forms of a report are sound.
fn check(path: &Path) -> (u8, Vec<Json>) {
    let run = |format: &str| {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let words = ["formwork", "check", "--format", format, "--template"].map(Into::into);
        let words = words.into_iter().chain([path.as_os_str().to_owned()]);
        let code = cli::formwork::run(words, &mut out, &mut err);
        (code, String::from_utf8(out).expect("output is UTF-8"), String::from_utf8(err).expect("output is UTF-8"))
    };
    let begin = Instant::now();
    let (code, out, err) = run("json");
    assert!(err.ends_with(if err.contains("1 warning\n") { "1 warning\n" } else { "warnings\n" }), "{err}");
    let faults: Vec<Json> = serde_json::from_str(&out).expect("it is an array");
    assert_eq!(code == 0, faults.iter().all(|fault| fault["severity"] == "warning"), "{out}");
    for fault in &faults {
        assert!(fault["line"].as_u64() >= Some(1) && fault["column"].as_u64() >= Some(1), "{fault}");
    }
    let (again, text, _) = run("text");
    assert_eq!(again, code);
    let is_printable = |letter: char| letter == '\n' || !letter.is_control();
    assert!(text.chars().all(is_printable), "{text:?}");
    assert!(begin.elapsed() < SOON, "it took {:?}", begin.elapsed());
    (code, faults)
}

fn check_bytes(name: &str, bytes: &[u8]) -> (u8, Vec<Json>) {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path().join(name);
    fs::write(&path, bytes).expect("a file can be written");
    check(&path)
}

/// Asserts that a file is refused, with a fault of that code and place whose message has that text.
#[track_caller]
fn refused(name: &str, bytes: impl AsRef<[u8]>, code: &str, place: (u64, u64), message: &str) {
    let (exit, faults) = check_bytes(name, bytes.as_ref());
    assert_eq!(faults.len(), 1, "{faults:?}");
    let fault = &faults[0];
    assert_eq!((exit, fault["code"].as_str()), (1, Some(code)), "{fault}");
    assert_eq!((fault["line"].as_u64(), fault["column"].as_u64()), (Some(place.0), Some(place.1)), "{fault}");
    assert!(fault["message"].as_str().is_some_and(|text| text.contains(message)), "{fault}");
}

#[test]
fn what_is_no_text_is_refused_at_its_first_byte_that_is_none() {
    refused("a.yaml", b"Resources:\n  A: \xff\n", "E0000", (2, 6), "the byte 0xFF is not UTF-8");
    refused("a.yaml", b"\xff\xfeR\0e\0", "E0000", (1, 1), "the text is UTF-16; expected UTF-8");
    refused("a.yaml", b"Resources:\n  A: \0\n", "E0000", (2, 6), "not YAML");
    refused("a.json", b"{\"Resources\": \"\0\"}", "E0000", (1, 16), "not JSON");
    refused("a.yaml", b"", "E0000", (1, 1), "the template is empty");
    refused("a.json", b" \r\n\t", "E0000", (1, 1), "the template is empty");
    refused("a.yaml", "\u{feff}", "E0000", (1, 1), "the template is empty");
}

#[test]
fn what_grows_when_it_is_read_is_refused() {
    let mut bomb = "A: &A [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (name, of) in ('B'..='Z').zip('A'..) {
        bomb += &format!("{name}: &{name} [{}]\n", vec![format!("*{of}"); 9].join(", "));
    }
    refused("a.yaml", bomb + "Resources: *Z\n", "E0000", (6, 12), "the aliases up to this one make more");
    refused("a.yaml", format!("Resources:\n{}", "[".repeat(1_000_000)), "E0000", (2, 256), "nests too deeply");
    refused("a.json", format!("{{\"Resources\":\n{}", "[".repeat(1_000_000)), "E0000", (2, 100), "nests too deeply");
    refused("a.yaml", format!("Resources:\n{}", "- ".repeat(100_000)), "E0000", (2, 201), "nests too deeply");
}

#[test]
fn a_template_of_ten_megabytes_is_checked() {
    let name = "x".repeat(10_000);
    let resources: String = (0..1_000)
        .map(|number| format!("  R{number}:\n    Type: AWS::SNS::Topic\n    Properties:\n      DisplayName: {name}\n"))
        .collect();
    let text = format!("Resources:\n{resources}Outputs:\n  A: {{Value: !Ref Nope}}\n");
    assert!(text.len() > 10_000_000);
    let (code, faults) = check_bytes("a.yaml", text.as_bytes());
    let codes: Vec<&str> = faults.iter().filter_map(|fault| fault["code"].as_str()).collect();
    assert_eq!((code, codes), (1, vec!["E1002", "E3010", "E1020"]));
    assert_eq!(faults[2]["line"], 4_003);
}

#[test]
fn thousands_of_faults_on_one_line_are_told() {
    let resources: Vec<String> = (0..2_000)
        .map(|number| format!(r#""R{number}": {{"Type": "AWS::SNS::Topic", "DependsOn": "Nope"}}"#))
        .collect();
    let (code, faults) = check_bytes("a.json", format!("{{\"Resources\": {{{}}}}}", resources.join(", ")).as_bytes());
    assert_eq!((code, faults.iter().filter(|fault| fault["code"] == "E3005").count()), (1, 2_000));
}

#[test]
#[cfg(unix)]
fn what_is_no_file_is_not_waited_for() {
    use std::{os::unix::fs::symlink, process::Command};
    let folder = tempfile::tempdir().expect("a folder can be made");
    let pipe = folder.path().join("pipe.yaml");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("there is mkfifo").success());
    for path in [&pipe, Path::new("/dev/zero")] {
        let (code, faults) = check(path);
        assert_eq!((code, faults[0]["code"].as_str()), (2, Some("F0001")));
        let message = faults[0]["message"].as_str().unwrap_or_default();
        assert!(message.ends_with("it is a pipe or a device; expected a file, or - for stdin"), "{message}");
    }
    // In a folder it is passed over, and links that lead back lead nowhere.
    let inner = folder.path().join("inner");
    fs::create_dir(&inner).expect("a folder can be made");
    symlink(folder.path(), inner.join("back")).expect("a link can be made");
    symlink(inner.join("gone.yaml"), inner.join("gone.yaml")).expect("a link can be made");
    fs::write(inner.join("a.yaml"), "Resources: {A: {Type: AWS::SNS::Topic, DependsOn: B}}")
        .expect("it can be written");
    for path in [folder.path().to_owned(), folder.path().join("**/*.yaml")] {
        let (code, faults) = check(&path);
        assert!(code == 1 && faults.iter().filter(|fault| fault["code"] == "E3005").count() == 1, "{faults:?}");
    }
}

#[test]
#[cfg(unix)]
fn a_folder_without_permission_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder can be made");
    let closed = folder.path().join("closed");
    fs::create_dir(&closed).expect("a folder can be made");
    fs::write(folder.path().join("a.yaml"), "Resources: {A: {Type: AWS::SNS::Topic}}").expect("it can be written");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).expect("it can be closed");
    // Whoever may do everything may read it too.
    if fs::read_dir(&closed).is_err() {
        let (code, faults) = check(folder.path());
        assert_eq!((code, faults.len(), faults[0]["code"].as_str()), (1, 1, Some("F0001")));
    }
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).expect("it can be opened");
}

/// Files that have something of everything that is read.
const SEEDS: [(&str, &str); 4] = [
    ("a.yaml", include_str!("check_hostile/template.yaml")),
    ("a.json", include_str!("check_hostile/template.json")),
    ("a.asl.json", include_str!("check_hostile/definition.asl.json")),
    ("a.asl.yaml", include_str!("check_hostile/definition.asl.yaml")),
];

/// What is put in somewhere.
const PARTS: [&str; 24] = [
    "\"",
    "'",
    "{",
    "}",
    "[",
    "]",
    ":",
    ": ",
    ",",
    "\n",
    "\r\n",
    "  ",
    "- ",
    "!Ref ",
    "!Sub '${A}'",
    "&a ",
    "*a",
    "\u{0}",
    "\u{1b}[31m",
    "ü\u{202e}",
    "${",
    "{% ",
    "null",
    "1e999",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_file_that_is_changed_anywhere_is_checked(
        seed in 0..SEEDS.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0..40_usize, 0..PARTS.len() + 1), 1..5),
    ) {
        let (name, text) = SEEDS[seed];
        let mut letters: Vec<char> = text.chars().collect();
        for (place, removed, part) in changes {
            let at = place.index(letters.len() + 1);
            let end = (at + removed).min(letters.len());
            letters.splice(at..end, PARTS.get(part).unwrap_or(&"").chars());
        }
        let (code, _) = check_bytes(name, letters.into_iter().collect::<String>().as_bytes());
        prop_assert!(code <= 2);
    }
}

#[test]
fn the_files_that_are_changed_are_sound() {
    for (name, text) in SEEDS {
        assert_eq!(check_bytes(name, text.as_bytes()), (0, Vec::new()), "{name}");
    }
}
