//! The stacks of another revision: they are synthesized in a work tree of its own, which is gone afterwards.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use crate::{
    cli::{invocation::Error, synth::NO_ASSETS},
    json::Json,
    template::Template,
};

/// The stacks of a revision with their templates. Where a name is given, those others that may import something of the
/// stack of that name are among them, and no more.
pub(super) fn stacks(revision: &str, program: &str, name: Option<&str>) -> Result<Vec<(String, Template)>, Error> {
    let root = PathBuf::from(git(&["rev-parse", "--show-toplevel"])?);
    let prefix = git(&["rev-parse", "--show-prefix"])?;
    let commit = git(&["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{revision}^{{commit}}")])
        .map_err(|_| Error::new(format!("git knows no revision `{revision}`; expected a branch, a tag or a commit")))?;
    let tree = WorkTree::new(&commit)?;
    let cargo = Cargo { folder: tree.path.join(prefix), target: root.join("target/diff"), program };
    let listed = cargo.run(&["list"])?;
    let names = listed.lines().filter_map(|line| line.split_whitespace().next());
    let synthesize = |name: &str| {
        let text = cargo.run(&["synth", name, "--format", "json"])?;
        let template = Template::parse(&text)
            .map_err(|error| Error::new(format!("`{name}` of `{revision}` is no template: {error}")))?;
        Ok((name.to_owned(), template))
    };
    let Some(name) = name else { return names.map(synthesize).collect() };
    let (chosen, others): (Vec<&str>, Vec<&str>) = names.partition(|known| *known == name);
    let mut stacks = chosen.into_iter().map(synthesize).collect::<Result<Vec<_>, Error>>()?;
    let is_export = |(_, output): (&str, &Json)| output.get("Export").is_some();
    if stacks.iter().any(|(_, template)| template.section("Outputs").any(is_export)) {
        // One that cannot be synthesized was not deployed so.
        stacks.extend(others.into_iter().filter_map(|other| synthesize(other).ok()));
    }
    Ok(stacks)
}

/// A work tree that is removed when it is no longer needed, or when this program ends in whatever way.
struct WorkTree {
    path: PathBuf,
    guard: Option<Child>,
}

impl WorkTree {
    fn new(commit: &str) -> Result<Self, Error> {
        let short = commit.get(..12).unwrap_or(commit);
        let path = std::env::temp_dir().join(format!("formwork-diff-{short}-{}", std::process::id()));
        // It is removed whatever happens from here on.
        let tree = Self { guard: guard(&path), path };
        let path = tree.path.as_os_str();
        git(&["worktree".as_ref(), "add".as_ref(), "--quiet".as_ref(), "--detach".as_ref(), path, commit.as_ref()])?;
        Ok(tree)
    }
}

/// A process that removes a work tree once this program has closed its input, as it has when it was stopped. Where there
/// is no `sh`, the tree is removed at the end, and not when the program is stopped.
fn guard(path: &Path) -> Option<Child> {
    // The program that is built there may need a moment to stop writing.
    const REMOVE: &str = "trap '' INT TERM HUP; read -r _; for _ in 1 2 3; do \
        git worktree remove --force --force \"$1\"; rm -rf \"$1\"; test -e \"$1\" || break; sleep 1; done; \
        git worktree prune";
    let mut command = Command::new("sh");
    command.args(["-c", REMOVE, "sh"]).arg(path);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()
}

impl Drop for WorkTree {
    fn drop(&mut self) {
        if let Some(guard) = &mut self.guard {
            drop(guard.stdin.take());
            let _ = guard.wait();
        }
        if self.guard.is_none() || self.path.exists() {
            // There is nothing to say where it was never made.
            let _ = git(&["worktree".as_ref(), "remove".as_ref(), "--force".as_ref(), self.path.as_os_str()]);
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

/// The program of the revision.
struct Cargo<'a> {
    folder: PathBuf,
    /// A folder of its own, so that the program of now is not overwritten, and which is kept for the next time.
    target: PathBuf,
    program: &'a str,
}

impl Cargo<'_> {
    fn run(&self, words: &[&str]) -> Result<String, Error> {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.args(["run", "--quiet", "--bin", self.program, "--"]).args(words);
        command.current_dir(&self.folder).env("CARGO_TARGET_DIR", &self.target);
        // The template alone is wanted; a word for it would be unknown to an older program.
        command.env(NO_ASSETS, "1");
        output(command, &format!("`{} {}` of that revision", self.program, words.join(" ")))
    }
}

/// What git prints, without the end of its line.
fn git<S: AsRef<OsStr>>(words: &[S]) -> Result<String, Error> {
    let mut command = Command::new("git");
    command.args(words);
    let called = words.iter().map(|word| word.as_ref().to_string_lossy()).take(2).collect::<Vec<_>>().join(" ");
    Ok(output(command, &format!("`git {called}`"))?.trim_end().to_owned())
}

/// What a program prints, where it ends well; what it complains of, where it does not.
fn output(mut command: Command, called: &str) -> Result<String, Error> {
    let output = command.output().map_err(|error| Error::new(format!("{called} cannot be run: {error}")))?;
    if !output.status.success() {
        let why = String::from_utf8_lossy(&output.stderr);
        return Err(Error::new(format!("{called} fails: {}", why.trim_end())));
    }
    String::from_utf8(output.stdout).map_err(|_| Error::new(format!("{called} prints no text")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_revision_that_git_does_not_know_is_an_error() {
        let error = stacks("no-such-revision", "coffee-report", None).err().map(|error| error.message);
        let expected = "git knows no revision `no-such-revision`; expected a branch, a tag or a commit";
        assert_eq!(error.as_deref(), Some(expected));
    }
}
