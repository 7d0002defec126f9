//! The programs on this computer that run scripts.

use std::{
    collections::HashMap,
    fs, io,
    path::PathBuf,
    process::{Command, Stdio},
    sync::{Mutex, PoisonError},
};

use super::{super::guard::Guard, code::Language};
use crate::asl::run::Unavailable;

/// The programs that run scripts, as far as they were looked for.
#[derive(Default)]
pub(super) struct Runtimes {
    found: Mutex<HashMap<(Language, String), Interpreter>>,
}

/// A program that runs scripts.
#[derive(Clone, Debug)]
pub(super) struct Interpreter {
    pub program: PathBuf,
    /// The name of the runtime that it is: `python3.11`, `nodejs20.x`.
    pub runtime: String,
    /// The script that takes events and runs handlers.
    pub bootstrap: PathBuf,
    /// Variables that it needs to find what is installed for it.
    pub environment: Vec<(&'static str, String)>,
}

impl Runtimes {
    /// The program for a runtime such as `python3.13`; another version of the same language, where that one is not here.
    pub fn find(&self, language: Language, runtime: &str, guard: &Guard) -> Result<Interpreter, Unavailable> {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (language, runtime.to_owned());
        if let Some(known) = found.get(&key) {
            return Ok(known.clone());
        }
        let names = match language {
            Language::Python => vec![if runtime.is_empty() { "python3" } else { runtime }, "python3"],
            Language::Node => vec!["node"],
        };
        let interpreter = names.iter().find_map(|name| look(language, name)).ok_or_else(|| {
            let name = names.last().copied().unwrap_or_default();
            Unavailable::new(format!("there is no `{name}` on the PATH that works; expected one to run functions"))
                .help(format!("install it, or give the task a mock: `{name} --version` must say which it is"))
        })?;
        let bootstrap = bootstrap(language, guard);
        let bootstrap =
            bootstrap.map_err(|error| Unavailable::new(format!("the runtime cannot be written: {error}")))?;
        let interpreter = Interpreter { bootstrap, ..interpreter };
        found.insert(key, interpreter.clone());
        Ok(interpreter)
    }
}

/// Asks a program which it is: what is on the PATH may be a script that finds it.
fn look(language: Language, name: &str) -> Option<Interpreter> {
    let question = match language {
        Language::Python => [
            "-c",
            "import site, sys; print(sys.executable); print('python%d.%d' % sys.version_info[:2]); print(site.getuserbase())",
        ],
        Language::Node => {
            ["-p", "[process.execPath, `nodejs${process.versions.node.split('.')[0]}.x`, ''].join('\\n')"]
        }
    };
    let output = Command::new(name).args(question).stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok().filter(|_| output.status.success())?;
    let mut lines = text.lines().map(str::to_owned);
    let (program, runtime) = (PathBuf::from(lines.next()?), lines.next()?);
    let environment = match language {
        Language::Python => lines.next().map(|base| ("PYTHONUSERBASE", base)).into_iter().collect(),
        Language::Node => Vec::new(),
    };
    Some(Interpreter { program, runtime, bootstrap: PathBuf::new(), environment })
}

fn bootstrap(language: Language, guard: &Guard) -> io::Result<PathBuf> {
    let (name, text) = match language {
        Language::Python => ("bootstrap.py", include_str!("bootstrap.py")),
        Language::Node => ("bootstrap.js", include_str!("bootstrap.js")),
    };
    let file = guard.new_folder("runtime")?.join(name);
    fs::write(&file, text).map(|()| file)
}
