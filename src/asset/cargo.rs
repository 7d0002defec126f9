//! Cargo: builds the functions that are binaries of the workspace, for Lambda or for this computer.

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::base;
use crate::{diagnostic::nearest, json::Json};

/// The instruction set of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Architecture {
    X86_64,
    Arm64,
}

impl Architecture {
    /// The one that Lambda calls so.
    fn named(name: &str) -> Option<Self> {
        match name {
            "x86_64" => Some(Self::X86_64),
            "arm64" => Some(Self::Arm64),
            _ => None,
        }
    }

    /// That of a function with these properties; none where it is not known before the deployment.
    ///
    /// <https://docs.aws.amazon.com/lambda/latest/dg/foundation-arch.html>
    pub fn of(properties: &Json) -> Option<Self> {
        match &properties["Architectures"] {
            Json::Null => Some(Self::X86_64),
            Json::Array(names) => match names.as_slice() {
                [] => Some(Self::X86_64),
                [name] => Self::named(name.as_str()?),
                _ => None,
            },
            _ => None,
        }
    }

    /// Lambda's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64",
            Self::Arm64 => "arm64",
        }
    }

    /// The option of `cargo lambda build`.
    ///
    /// <https://www.cargo-lambda.info/commands/build.html>
    fn option(self) -> &'static str {
        match self {
            Self::X86_64 => "--x86-64",
            Self::Arm64 => "--arm64",
        }
    }

    /// Whether a program of this computer is one of it.
    fn is_here(self) -> bool {
        env::consts::OS == "linux"
            && match self {
                Self::X86_64 => env::consts::ARCH == "x86_64",
                Self::Arm64 => env::consts::ARCH == "aarch64",
            }
    }
}

/// The cargo workspace of the crate whose program runs.
pub(crate) struct Workspace {
    cargo: OsString,
    /// The folder of the crate.
    folder: PathBuf,
    /// The folder that cargo builds into.
    target: PathBuf,
    binaries: Vec<Binary>,
}

struct Binary {
    name: String,
    package: String,
}

impl Workspace {
    /// Asks cargo what there is.
    pub fn read() -> Result<Self, String> {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let (mut folder, _) = base();
        if folder.as_os_str().is_empty() {
            folder.push(".");
        }
        let mut command = Command::new(&cargo);
        command.current_dir(&folder).args(["metadata", "--no-deps", "--format-version", "1"]);
        let output = command.stderr(Stdio::inherit()).output().map_err(|error| missing(&cargo, &error))?;
        let expected = "expected a folder of a cargo workspace, which has the functions";
        if !output.status.success() {
            return Err(format!("cargo does not know the workspace of `{}`; {expected}", folder.display()));
        }
        let workspace = serde_json::from_slice(&output.stdout).ok();
        let workspace = workspace.and_then(|json| Self::of(&json, &cargo, &folder));
        workspace.ok_or_else(|| format!("cargo says nothing of the workspace of `{}`; {expected}", folder.display()))
    }

    /// What `cargo metadata` has said.
    fn of(metadata: &Json, cargo: &OsString, folder: &Path) -> Option<Self> {
        let mut binaries = Vec::new();
        for package in metadata["packages"].as_array()? {
            for target in package["targets"].as_array()? {
                let is_binary = target["kind"].as_array()?.iter().any(|kind| kind == "bin");
                if is_binary {
                    let (name, package) = (target["name"].as_str()?, package["name"].as_str()?);
                    binaries.push(Binary { name: name.to_owned(), package: package.to_owned() });
                }
            }
        }
        let target = metadata["target_directory"].as_str()?.into();
        Some(Self { cargo: cargo.clone(), folder: folder.to_owned(), target, binaries })
    }

    /// Builds binaries for Lambda, all that are for one architecture by one call of `cargo lambda`. Gives the program of
    /// each.
    pub fn build_for_lambda(&self, wanted: &[(&str, Architecture)]) -> Result<Vec<PathBuf>, String> {
        let names = wanted.iter().map(|(name, _)| *name);
        let all = self.options(names)?;
        let mut command = self.command(&["lambda", "--version"]);
        if !command.stderr(Stdio::null()).output().is_ok_and(|output| output.status.success()) {
            return Err(
                "`cargo lambda`, which builds functions for Lambda, is not there; expected it: `cargo install \
                        cargo-lambda`, or https://www.cargo-lambda.info/guide/installation.html (`--host-target` goes \
                        without it, where this computer is of the functions' kind)"
                    .to_owned(),
            );
        }
        let mut programs = vec![PathBuf::new(); wanted.len()];
        for architecture in [Architecture::X86_64, Architecture::Arm64] {
            let here: Vec<usize> = (0..wanted.len()).filter(|&at| wanted[at].1 == architecture).collect();
            if here.is_empty() {
                continue;
            }
            // The next architecture replaces what it builds too: no binary is wanted for both.
            let mut command = self.command(&["lambda", "build", "--release", architecture.option()]);
            command.args(here.iter().flat_map(|&at| &all[at]));
            self.run(&mut command)?;
            for at in here {
                programs[at] = self.target.join("lambda").join(wanted[at].0).join("bootstrap");
            }
        }
        Ok(programs)
    }

    /// Builds binaries for this computer, in that profile of cargo. Gives the program of each.
    pub fn build_for_host(
        &self,
        wanted: &[(&str, Option<Architecture>)],
        profile: &str,
    ) -> Result<Vec<PathBuf>, String> {
        if let Some((name, architecture)) =
            wanted.iter().find_map(|(name, it)| Some((name, it.filter(|it| !it.is_here())?)))
        {
            let here = format!("{} on {}", env::consts::ARCH, env::consts::OS);
            let wanted = architecture.name();
            return Err(format!("`{name}` is for {wanted}, and this computer is {here}; expected the same, on linux"));
        }
        let mut command = self.command(&["build", "--message-format", "json-render-diagnostics", "--profile", profile]);
        command.args(self.options(wanted.iter().map(|(name, _)| *name))?.concat());
        let printed = self.run(&mut command)?;
        let messages =
            printed.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice::<Json>(line).ok());
        let messages: Vec<Json> = messages
            .filter(|message| message["reason"] == "compiler-artifact" && message["executable"].is_string())
            .collect();
        let program = |name: &str| {
            let built = messages.iter().find(|message| message["target"]["name"] == name);
            let program = built.and_then(|message| message["executable"].as_str()).map(PathBuf::from);
            program.ok_or_else(|| format!("cargo does not say where `{name}` is that it has built"))
        };
        wanted.iter().map(|(name, _)| program(name)).collect()
    }

    /// The options that name each of the binaries.
    fn options<'a>(&self, names: impl Iterator<Item = &'a str>) -> Result<Vec<Vec<String>>, String> {
        let options = |name: &str| {
            let Some(binary) = self.binaries.iter().find(|binary| binary.name == name) else {
                let near = nearest(name, self.binaries.iter().map(|binary| &*binary.name));
                let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                let folder = self.folder.display();
                return Err(format!(
                    "the workspace of `{folder}` has no binary `{name}`; expected one of that name{near}"
                ));
            };
            let packages: Vec<String> = self
                .binaries
                .iter()
                .filter(|binary| binary.name == name)
                .map(|binary| format!("`{}`", binary.package))
                .collect();
            if packages.len() > 1 {
                let packages = packages.join(" and ");
                return Err(format!("the packages {packages} have a binary `{name}` each; expected one of that name"));
            }
            Ok(["--package", &binary.package, "--bin", name].map(str::to_owned).to_vec())
        };
        names.map(options).collect()
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.cargo);
        command.current_dir(&self.folder).args(words).stdin(Stdio::null());
        command
    }

    /// Runs it to its end, where it tells on stderr how far it is; gives what it has printed.
    fn run(&self, command: &mut Command) -> Result<Vec<u8>, String> {
        let output = command.stderr(Stdio::inherit()).output().map_err(|error| missing(&self.cargo, &error))?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let words: Vec<_> = command.get_args().map(|word| word.to_string_lossy()).collect();
        Err(format!("`cargo {}` has failed: {}", words.join(" "), output.status))
    }
}

fn missing(cargo: &OsString, error: &std::io::Error) -> String {
    let name = cargo.to_string_lossy();
    format!("`{name}` cannot be run: {error}; expected Rust's cargo, which builds the functions (https://rustup.rs)")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn workspace() -> Workspace {
        let metadata = json!({
            "target_directory": "/w/target",
            "packages": [
                {"name": "stacks", "targets": [{"name": "stacks", "kind": ["bin"]}, {"name": "lib", "kind": ["lib"]}]},
                {"name": "functions", "targets": [{"name": "report-fn", "kind": ["bin"]}]},
            ],
        });
        Workspace::of(&metadata, &"cargo".into(), Path::new("/w/stacks")).unwrap()
    }

    #[test]
    fn a_binary_is_found_in_whichever_package_has_it() {
        let options = workspace().options(["report-fn", "stacks"].into_iter()).unwrap();
        assert_eq!(options.concat().join(" "), "--package functions --bin report-fn --package stacks --bin stacks");
        assert_eq!(
            workspace().options(["reports-fn"].into_iter()).unwrap_err(),
            "the workspace of `/w/stacks` has no binary `reports-fn`; expected one of that name; did you mean `report-fn`?"
        );
    }

    #[test]
    fn a_binary_of_two_packages_is_neither() {
        let binary = |package: &str| Binary { name: "report-fn".to_owned(), package: package.to_owned() };
        let workspace = Workspace { binaries: vec![binary("a"), binary("b")], ..workspace() };
        assert_eq!(
            workspace.options(["report-fn"].into_iter()).unwrap_err(),
            "the packages `a` and `b` have a binary `report-fn` each; expected one of that name"
        );
    }

    #[test]
    fn a_binary_for_another_computer_is_not_built_here() {
        let other = if env::consts::ARCH == "x86_64" { Architecture::Arm64 } else { Architecture::X86_64 };
        let problem = workspace().build_for_host(&[("report-fn", Some(other))], "dev").unwrap_err();
        let here = format!("{} on {}", env::consts::ARCH, env::consts::OS);
        let expected =
            format!("`report-fn` is for {}, and this computer is {here}; expected the same, on linux", other.name());
        assert_eq!(problem, expected);
    }
}
