//! `synth`: a stack as a CloudFormation template.

mod all;
mod assets;
mod deploy;
mod summary;
mod watch;

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use clap::ValueEnum;

pub(super) use self::{assets::NO_ASSETS, deploy::quoted};
use self::{summary::Summary, watch::Synthesis};
use super::{
    invocation::{Done, Error, Invocation, Stop, Which},
    output,
};
use crate::{
    json,
    stack::Stack,
    template::{self, Template},
};

/// Writes the CloudFormation template of a stack
///
/// The stack is checked first: with an error in it, nothing is written and the exit code is 1. On a terminal, a summary
/// follows on stderr: resources by service, the size, and the command that deploys the template.
///
/// The template of a nested stack that is one of the project, and the files that a template names, are written beside the
/// file of --output.
///
/// With --all, each stack of the project becomes a file NAME.yaml of a folder, once none of them has an error; on a
/// terminal follow the commands that deploy them, in that order.
///
/// With --watch, cargo builds the program anew whenever a file that it is made of changes, and what that does to the
/// stack is printed, as `diff` prints it, against the last template that was good. Ctrl-C ends it.
#[derive(clap::Args)]
#[command(after_long_help = "Examples:
  PROGRAM synth > template.yaml
  aws cloudformation deploy --template-file template.yaml --stack-name PROGRAM --capabilities CAPABILITY_IAM
  PROGRAM synth --format json | jq '.Resources | keys'
  PROGRAM synth --format json --compact --output template.json --waivers waivers.json
  PROGRAM synth --all --output-dir templates
  PROGRAM synth --watch --output template.yaml")]
pub(super) struct Arguments {
    #[command(flatten)]
    which: Which,
    /// Language of the template
    #[arg(long, value_enum, default_value_t = Format::Yaml)]
    format: Format,
    /// Writes JSON on one line, the shortest form of a template; needs `--format json`
    #[arg(long)]
    compact: bool,
    /// File to write, or - for stdout, which is the default; a file is replaced as a whole or not at all
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// File to write the waivers to as well: the rules of scanners that the stack says do not hold for a resource, with
    /// its reasons, as JSON {"LogicalId": {"RULE": "reason"}}
    #[arg(long, value_name = "FILE")]
    waivers: Option<PathBuf>,
    /// Write all stacks of the project, each to a file of --output-dir
    #[arg(long, requires = "output_dir", conflicts_with_all = ["stack", "output", "waivers", "watch"])]
    all: bool,
    /// Folder of --all; it is made if it is not there
    #[arg(long, value_name = "DIR", requires = "all")]
    output_dir: Option<PathBuf>,
    /// Go on with each change of the sources, and print what it does; the file of --output follows
    #[arg(long)]
    watch: bool,
    /// No summary
    #[arg(long)]
    quiet: bool,
    #[command(flatten)]
    assets: assets::Arguments,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// YAML with short tags (`!Ref`), as one writes it by hand
    Yaml,
    /// JSON with long function names (`Fn::Join`), which makes a larger file
    Json,
}

impl Format {
    /// The name that the command line has for it.
    fn name(self) -> &'static str {
        match self {
            Self::Yaml => "yaml",
            Self::Json => "json",
        }
    }

    /// What a file of it is mostly called.
    fn file(self) -> &'static str {
        match self {
            Self::Yaml => "template.yaml",
            Self::Json => "template.json",
        }
    }
}

fn watch(invocation: &mut Invocation<'_>, arguments: &Arguments, stack: &Stack) -> Done {
    if arguments.output.as_deref().is_some_and(|file| file.as_os_str() == "-") {
        let problem = "`--watch` tells on stdout what changes; expected `--output` with the name of a file, or none";
        return Err(Error::new(problem).into());
    }
    let mut words: Vec<OsString> = vec!["synth".into()];
    words.extend(arguments.which.stack.as_ref().map(OsString::from));
    words.extend(["--quiet", "--format", arguments.format.name()].map(OsString::from));
    if arguments.compact {
        words.push("--compact".into());
    }
    if let Some(file) = &arguments.waivers {
        words.extend(["--waivers".into(), file.into()]);
    }
    words.extend(arguments.assets.words(arguments.output.as_deref()));
    let code = stack.artifacts().iter().filter_map(|(_, artifact)| artifact.source().map(Path::to_owned));
    let (stack, output) = (stack.name(), arguments.output.as_deref());
    watch::run(invocation, Synthesis { stack, words, output, code: code.collect() })
}

/// The stacks that are nested in one with their templates, which are written beside its own where that is a file.
fn nested<'a>(
    invocation: &mut Invocation<'a>,
    arguments: &Arguments,
    stack: &Stack,
    file: Option<&Path>,
) -> Result<Vec<(&'a Stack, Template)>, Stop> {
    if !arguments.assets.are_beside(file) {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for nested in invocation.project.nested_in(stack.name()) {
        let name = all::file(nested, template::Form::Yaml)?;
        if file.and_then(Path::file_name).is_some_and(|file| *file == *name) {
            let problem = format!("`{name}` is the template of a nested stack; expected another file for this one");
            return Err(Error::new(problem).into());
        }
        found.push((nested, invocation.approve(nested)?));
    }
    Ok(found)
}

/// The same command as one types it.
fn again(invocation: &Invocation<'_>, arguments: &Arguments) -> String {
    let stack = arguments.which.stack.as_deref().map(|name| format!(" {}", deploy::quoted(name)));
    format!("{} synth{}", invocation.call(), stack.unwrap_or_default())
}

pub(super) fn run(invocation: &mut Invocation<'_>, arguments: &Arguments) -> Done {
    let form = match (arguments.format, arguments.compact) {
        (Format::Yaml, false) => template::Form::Yaml,
        (Format::Json, false) => template::Form::Json,
        (Format::Json, true) => template::Form::CompactJson,
        (Format::Yaml, true) => {
            return Err(Error::new("`--compact` is for JSON; expected `--format json` with it").into());
        }
    };
    if let Some(folder) = &arguments.output_dir {
        return all::run(invocation, folder, form, &arguments.assets, arguments.quiet);
    }
    let composition = invocation.composition(&arguments.which)?;
    let stack = composition.stack();
    if arguments.watch {
        return watch(invocation, arguments, stack);
    }
    let approved = invocation.approve_as(stack, form)?;
    let file = arguments.output.as_deref().filter(|file| file.as_os_str() != "-");
    let nested = nested(invocation, arguments, stack, file)?;
    let mut templates = vec![(stack, &approved.template)];
    templates.extend(nested.iter().map(|(stack, template)| (*stack, template)));
    let folder = arguments.assets.folder(file);
    arguments.assets.write(&folder, file, &templates)?;
    let beside: Vec<_> = nested.iter().map(|(stack, template)| (stack.template_file(), template.to_yaml())).collect();
    if !beside.is_empty() {
        output::write_all(&folder, &beside)?;
    }
    if let Some(file) = &arguments.waivers {
        output::write(file, json::ascii(&stack.waivers(), true) + "\n")?;
    }
    let text = approved.template.text(form);
    match file {
        Some(file) => output::write(file, text.as_bytes())?,
        None => {
            invocation.out.write_all(text.as_bytes())?;
            invocation.out.flush()?;
        }
    }
    if invocation.screens.err.is_watched && !arguments.quiet {
        let is_unkept = file.is_none() && invocation.screens.out.is_watched;
        let summary = Summary {
            again: is_unkept.then(|| again(invocation, arguments)),
            site: composition.site(),
            approved: &approved,
            size: text.len(),
            file: file.unwrap_or(Path::new(arguments.format.file())),
        };
        // Whoever does not read it has the template.
        let _ = invocation.err.write_all(summary.render(invocation.screens.err).as_bytes());
    }
    Ok(())
}
