//! `synth --watch`, with a cargo that takes no time: what `main.rs` holds is the template.

use std::{
    fs,
    io::{BufRead, BufReader, Read},
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::{Duration, Instant},
};

/// How long anything may take on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(30);

const FILES: &str = "files can be made";

/// A watch in a folder of its own.
struct Watch {
    folder: tempfile::TempDir,
    child: Child,
    out: Receiver<String>,
    err: Receiver<String>,
}

fn topic(name: &str) -> String {
    format!("Resources:\n  Mails:\n    Type: AWS::SNS::Topic\n    Properties:\n      DisplayName: {name}\n")
}

fn lines(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            drop(sender.send(line));
        }
    });
    receiver
}

/// Waits for a line that has this text in it.
#[track_caller]
fn await_line(lines: &Receiver<String>, text: &str) {
    let begin = Instant::now();
    let (mut seen, mut is_told) = (Vec::new(), false);
    while !is_told && let Ok(line) = lines.recv_timeout(PATIENCE.saturating_sub(begin.elapsed())) {
        is_told = line.contains(text);
        seen.push(line);
    }
    assert!(is_told, "`{text}` is not among {seen:#?}");
}

/// Waits until something is so.
#[track_caller]
fn await_that(what: &str, is_so: impl Fn() -> bool) {
    let begin = Instant::now();
    while !is_so() {
        assert!(begin.elapsed() < PATIENCE, "{what}");
        thread::sleep(Duration::from_millis(5));
    }
}

fn command(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_coffee-report"));
    command.args(["synth", "--watch"]).args(words).current_dir(folder).env_remove("CARGO_MANIFEST_DIR");
    command
}

impl Watch {
    /// Begins to watch, with a program that is what `source` says.
    fn of(source: &str, words: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect(FILES);
        let at = |name: &str| folder.path().join(name);
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/watch");
        fs::create_dir(at("src")).expect(FILES);
        fs::write(at("Cargo.toml"), "").expect(FILES);
        fs::write(at("src/main.rs"), source).expect(FILES);
        fs::write(at("program.d"), format!("program: {}\n", at("src/main.rs").display())).expect(FILES);
        symlink(here.join("program"), at("program")).expect(FILES);
        let mut command = command(folder.path(), words);
        command.env("CARGO", here.join("cargo")).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary was built for this test");
        let (out, err) =
            (lines(child.stdout.take().expect("it is a pipe")), lines(child.stderr.take().expect("it is a pipe")));
        Self { folder, child, out, err }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Saves the source as editors do: another file takes its place.
    fn save(&self, source: &str) {
        fs::write(self.at("src/main.rs~"), source).expect(FILES);
        fs::rename(self.at("src/main.rs~"), self.at("src/main.rs")).expect(FILES);
    }

    fn signal(&self, signal: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().expect("there is `kill`").success());
    }

    /// Waits for the end, and gives the exit code.
    fn ends(mut self) -> Option<i32> {
        let begin = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("it is a child") {
                return status.code();
            }
            assert!(begin.elapsed() < PATIENCE, "the watch does not end");
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[test]
fn each_change_is_told_against_the_last_template_that_was_good() {
    let watch = Watch::of(&topic("News"), &["--output", "template.yaml"]);
    await_line(&watch.err, "coffee-report: 1 resource; watching 1 file of 1 package, until Ctrl-C");
    let written = || fs::read_to_string(watch.at("template.yaml")).unwrap();
    assert_eq!(written(), topic("News"));
    watch.save(&topic("Letters"));
    await_line(&watch.out, "DisplayName: News → Letters");
    assert_eq!(written(), topic("Letters"));

    watch.save("broken");
    await_line(&watch.err, "error: expected a sound program");
    await_line(&watch.err, "the program cannot be built; the last good template is kept, and the sources are watched");
    watch.save("faulty");
    await_line(&watch.err, "error[F1001]: faulty");
    await_line(&watch.err, "the stack cannot be synthesized; the last good template is kept");
    assert_eq!(written(), topic("Letters"));
    watch.save(&topic("Cards"));
    await_line(&watch.out, "DisplayName: Letters → Cards");
    assert_eq!(written(), topic("Cards"));
    assert_eq!(fs::read_to_string(watch.at("arguments")).unwrap(), "synth --quiet --format yaml\n");

    watch.signal("-INT");
    assert_eq!(watch.ends(), Some(0));
}

#[test]
fn a_program_that_is_broken_at_first_is_watched_until_it_is_not() {
    let watch = Watch::of("faulty", &["coffee-report", "--format", "json", "--compact"]);
    await_line(&watch.err, "the stack cannot be synthesized; there is no template yet");
    watch.save(&topic("News"));
    await_line(&watch.err, "coffee-report: 1 resource; watching");
    let arguments = fs::read_to_string(watch.at("arguments")).unwrap();
    assert_eq!(arguments, "synth coffee-report --quiet --format json --compact --no-assets\n");
    watch.signal("-TERM");
    assert_eq!(watch.ends(), Some(0));
}

#[test]
fn a_file_that_comes_into_a_folder_of_sources_is_seen_and_one_of_an_editor_is_not() {
    let watch = Watch::of(&topic("News"), &[]);
    await_line(&watch.err, "watching");
    fs::remove_file(watch.at("built")).unwrap();
    fs::write(watch.at("src/.main.rs.swp"), "").unwrap();
    fs::write(watch.at("notes"), "").unwrap();
    thread::sleep(Duration::from_millis(400));
    assert!(!watch.at("built").exists(), "neither is a source");
    fs::create_dir(watch.at("src/mails")).unwrap();
    fs::write(watch.at("src/mails/new.rs"), "").unwrap();
    await_that("a new source is one", || watch.at("built").exists());
}

#[test]
fn what_a_watch_has_started_ends_with_it() {
    let watch = Watch::of(&topic("News"), &[]);
    await_line(&watch.err, "watching");
    watch.save("slow");
    await_that("the build begins", || fs::read_to_string(watch.at("child")).is_ok_and(|pid| pid.ends_with('\n')));
    let pid = fs::read_to_string(watch.at("child")).unwrap();
    let is_alive = || {
        // One that nobody waits for any more is a zombie, and dead.
        let status = fs::read_to_string(format!("/proc/{}/stat", pid.trim())).unwrap_or_default();
        !status.is_empty() && !status.contains(") Z ")
    };
    assert!(is_alive());
    watch.signal("-TERM");
    assert_eq!(watch.ends(), Some(0));
    await_that("the program that the build has started ends", || !is_alive());
}

#[test]
fn without_cargo_there_is_nothing_to_watch_with() {
    let folder = tempfile::tempdir().unwrap();
    let output = command(folder.path(), &[]).env("CARGO", "/nowhere/cargo").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.starts_with("error: `/nowhere/cargo` cannot be run: No such file or directory"), "{text}");
    assert!(text.contains("expected Rust's cargo, with which `--watch` builds the program anew"), "{text}");
}

#[test]
fn a_watch_takes_no_stdout_for_the_template() {
    let folder = tempfile::tempdir().unwrap();
    let output = command(folder.path(), &["--output", "-"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8_lossy(&output.stderr);
    let expected =
        "error: `--watch` tells on stdout what changes; expected `--output` with the name of a file, or none\n";
    assert_eq!(text, expected);
}
