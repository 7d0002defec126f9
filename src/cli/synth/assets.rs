//! The files that a template names: they are written below its folder, before it is.

use std::{
    collections::BTreeMap,
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{
    asset::{Architecture, Artifact, Workspace, bootstrap},
    cli::{invocation::Error, output},
    stack::Stack,
    synth::rust_functions,
    template::Template,
};

/// The variable of the environment that says what `--no-assets` does.
pub(in crate::cli) const NO_ASSETS: &str = "FORMWORK_NO_ASSETS";

/// The options about assets.
#[derive(clap::Args)]
#[command(next_help_heading = "Assets")]
#[group(id = "assets")]
pub(super) struct Arguments {
    /// Folder whose `assets` gets the files that the template names [default: that of --output, or the working directory]
    #[arg(long, value_name = "DIR", conflicts_with_all = ["all", "no_assets"])]
    pub asset_dir: Option<PathBuf>,
    /// Write the template alone, as it is where FORMWORK_NO_ASSETS is set in the environment
    #[arg(long)]
    pub no_assets: bool,
    /// Build functions in Rust by plain `cargo build`, for a computer of the kind that they are for, in place of `cargo
    /// lambda`
    #[arg(long, conflicts_with = "no_assets")]
    pub host_target: bool,
}

impl Arguments {
    /// The folder of a template that is written to a file, or to stdout.
    pub fn folder(&self, output: Option<&Path>) -> PathBuf {
        // What is written to a device is no file that stays.
        let output = output.filter(|file| file.is_file() || !file.exists());
        let beside = output.and_then(Path::parent).unwrap_or(Path::new(""));
        self.asset_dir.clone().unwrap_or_else(|| beside.to_owned())
    }

    /// Whether what a template names is written beside it, in a folder that is said.
    pub fn are_beside(&self, output: Option<&Path>) -> bool {
        !self.are_left_out() && (self.asset_dir.is_some() || output.is_some())
    }

    fn are_left_out(&self) -> bool {
        self.no_assets || env::var_os(NO_ASSETS).is_some()
    }

    /// The same options for a synthesis to stdout, whose template comes to that file, if to any.
    pub fn words(&self, output: Option<&Path>) -> Vec<OsString> {
        if self.no_assets || output.is_none() && self.asset_dir.is_none() {
            return vec!["--no-assets".into()];
        }
        let folder = self.folder(output);
        let mut words = Vec::new();
        if !folder.as_os_str().is_empty() {
            words.extend(["--asset-dir".into(), folder.into()]);
        }
        if self.host_target {
            words.push("--host-target".into());
        }
        words
    }

    /// Writes the files that these templates name below a folder, before the output is written; those that are there
    /// already stay as they are.
    pub fn write(&self, folder: &Path, output: Option<&Path>, stacks: &[(&Stack, &Template)]) -> Result<(), Error> {
        if self.are_left_out() {
            return Ok(());
        }
        let mut artifacts: BTreeMap<&str, &Arc<Artifact>> = BTreeMap::new();
        for (stack, _) in stacks {
            artifacts.extend(stack.artifacts().iter().map(|(_, artifact)| (&*artifact.file, artifact)));
        }
        for artifact in artifacts.values() {
            let written = output.map(Path::to_owned).into_iter().chain([folder.join(&artifact.file)]);
            if let Some(file) = written.into_iter().find(|file| artifact.would_take(file)) {
                return Err(Error::new(format!(
                    "`{}` would be in the folder that `{}` is made of, so that its content changed each time; expected \
                     another folder for it, or one that is excluded",
                    file.display(),
                    artifact.file
                )));
            }
        }
        let programs = self.programs(stacks)?;
        for artifact in artifacts.values() {
            let file = folder.join(&artifact.file);
            if fs::read(&file).is_ok_and(|there| artifact.may_be(&there)) {
                continue;
            }
            let bytes = match artifact.binary().and_then(|binary| programs.get(binary)) {
                Some(program) => bootstrap(&read(program)?),
                None => artifact.bytes().map_err(Error::new)?,
            };
            if fs::read(&file).is_ok_and(|there| there == bytes) {
                continue;
            }
            output::write_below(&file, &bytes)?;
        }
        Ok(())
    }

    /// The programs that cargo builds, by the names of their binaries.
    fn programs(&self, stacks: &[(&Stack, &Template)]) -> Result<BTreeMap<String, PathBuf>, Error> {
        let mut wanted: Vec<(&str, Architecture)> = Vec::new();
        for (stack, template) in stacks {
            for (_, binary, properties) in rust_functions(stack, template) {
                let Some(architecture) = Architecture::of(properties) else { continue };
                match wanted.iter().find(|(other, _)| *other == binary) {
                    Some((_, other)) if *other != architecture => {
                        return Err(Error::new(format!(
                            "the binary `{binary}` is for {} in the stack `{}` and for {} in another; expected one \
                             architecture",
                            architecture.name(),
                            stack.name(),
                            other.name()
                        )));
                    }
                    Some(_) => {}
                    None => wanted.push((binary, architecture)),
                }
            }
        }
        if wanted.is_empty() {
            return Ok(BTreeMap::new());
        }
        let workspace = Workspace::read().map_err(Error::new)?;
        let programs = if self.host_target {
            let wanted: Vec<_> = wanted.iter().map(|(binary, architecture)| (*binary, Some(*architecture))).collect();
            workspace.build_for_host(&wanted, "release")
        } else {
            workspace.build_for_lambda(&wanted)
        };
        let names = wanted.iter().map(|(binary, _)| (*binary).to_owned());
        Ok(names.zip(programs.map_err(Error::new)?).collect())
    }
}

fn read(program: &Path) -> Result<Vec<u8>, Error> {
    fs::read(program).map_err(|error| Error::new(format!("`{}` cannot be read: {error}", program.display())))
}
