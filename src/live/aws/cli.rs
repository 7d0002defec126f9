//! The AWS CLI: where it is, and how it is called.
//!
//! It takes half a second to start. Where it is a Python program, its own interpreter runs a worker with the library that
//! the CLI is made of, which is called again and again; else the CLI is started for each call.

mod call;
mod process;
mod worker;

use std::{
    env,
    ffi::{OsStr, OsString},
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    sync::Arc,
};

pub(in crate::live) use self::call::Credentials;
pub(super) use self::call::{Call, Failure, Reply};
use self::worker::Worker;
use super::super::guard::Guard;
use crate::asl::run::Unavailable;

/// The AWS CLI of this computer.
pub(super) struct Cli {
    program: PathBuf,
    worker: Option<Worker>,
    guard: Arc<Guard>,
}

impl Cli {
    /// Finds `aws` among the programs of `PATH`.
    pub fn find(guard: &Arc<Guard>) -> Result<Self, Unavailable> {
        let program = on_path("aws", env::var_os("PATH")).ok_or_else(|| {
            Unavailable::new("the AWS CLI is not there: no program `aws` in `PATH`; expected one, which calls the services")
                .help("`pip install awscli`, or https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html")
        })?;
        let worker = interpreter(&program).and_then(|interpreter| Worker::start(&interpreter, guard));
        Ok(Self { program, worker, guard: Arc::clone(guard) })
    }

    /// Calls an operation, and waits for what comes of it.
    pub fn call(&self, call: &Call<'_>) -> Result<Reply, Unavailable> {
        match &self.worker {
            Some(worker) => worker.call(call),
            None => process::call(&self.program, &self.guard, call),
        }
    }

    /// The credentials that the CLI finds by itself: of the environment, of a profile, of a session.
    pub fn credentials(&self) -> Result<Credentials, Unavailable> {
        match &self.worker {
            Some(worker) => worker.credentials(),
            None => process::credentials(&self.program, &self.guard),
        }
    }
}

/// The first program of that name.
fn on_path(name: &str, path: Option<OsString>) -> Option<PathBuf> {
    env::split_paths(&path?).map(|folder| folder.join(name)).find(|file| is_program(file))
}

#[cfg(unix)]
fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(file).is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(file: &Path) -> bool {
    file.is_file()
}

/// The Python that a script says it is run by.
fn interpreter(program: &Path) -> Option<Vec<OsString>> {
    let mut line = Vec::new();
    let mut file = BufReader::new(fs::File::open(program).ok()?);
    std::io::Read::take(&mut file, 4096).read_until(b'\n', &mut line).ok()?;
    let words = String::from_utf8(line).ok()?;
    let words: Vec<&str> = words.strip_prefix("#!")?.split_whitespace().collect();
    let is_python =
        |word: &str| Path::new(word).file_name().and_then(OsStr::to_str).is_some_and(|it| it.starts_with("python"));
    words.iter().any(|word| is_python(word)).then(|| words.iter().map(OsString::from).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_of_python_has_its_interpreter_in_its_first_line() {
        let folder = tempfile::tempdir().unwrap();
        let of = |text: &str| {
            let file = folder.path().join("aws");
            fs::write(&file, text).unwrap();
            interpreter(&file).map(|words| words.iter().map(|it| it.to_string_lossy().into_owned()).collect::<Vec<_>>())
        };
        assert_eq!(of("#!/opt/venv/bin/python3.11\nimport sys\n").unwrap(), ["/opt/venv/bin/python3.11"]);
        assert_eq!(of("#!/usr/bin/env python3\n").unwrap(), ["/usr/bin/env", "python3"]);
        assert_eq!(of("#!/usr/bin/env bash\n# python\n"), None);
        assert_eq!(of("\x7fELF"), None);
        assert_eq!(of(""), None);
    }

    #[cfg(unix)]
    #[test]
    fn the_first_program_of_the_path_counts() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let [first, second] = ["a", "b"].map(|name| folder.path().join(name));
        for place in [&first, &second] {
            fs::create_dir(place).unwrap();
            fs::write(place.join("aws"), "").unwrap();
        }
        let path = || Some(env::join_paths([&first, &second]).unwrap());
        assert_eq!(on_path("aws", path()), None);
        fs::set_permissions(second.join("aws"), fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(on_path("aws", path()), Some(second.join("aws")));
        assert_eq!(on_path("aws", None), None);
    }
}
