//! `synth`: a stack as a CloudFormation template.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use clap::ValueEnum;

use super::invocation::{Done, Error, Invocation, Which};
use crate::{json, template};

/// Writes the CloudFormation template of a stack
///
/// The stack is checked first: with an error in it, nothing is written and the exit code is 1.
#[derive(clap::Args)]
#[command(after_long_help = "Examples:
  PROGRAM synth > template.yaml
  aws cloudformation deploy --template-file template.yaml --stack-name PROGRAM --capabilities CAPABILITY_IAM
  PROGRAM synth --format json | jq '.Resources | keys'
  PROGRAM synth --format json --compact --output template.json --waivers waivers.json")]
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
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// YAML with short tags (`!Ref`), as one writes it by hand
    Yaml,
    /// JSON with long function names (`Fn::Join`), which makes a larger file
    Json,
}

pub(super) fn run(invocation: &mut Invocation<'_>, arguments: &Arguments) -> Done {
    let stack = invocation.stack(&arguments.which)?;
    let form = match (arguments.format, arguments.compact) {
        (Format::Yaml, false) => template::Form::Yaml,
        (Format::Json, false) => template::Form::Json,
        (Format::Json, true) => template::Form::CompactJson,
        (Format::Yaml, true) => {
            return Err(Error::new("`--compact` is for JSON; expected `--format json` with it").into());
        }
    };
    let template = invocation.approve_as(stack, form)?;
    if let Some(file) = &arguments.waivers {
        write(file, &(json::ascii(&stack.waivers(), true) + "\n"))?;
    }
    let text = template.text(form);
    match &arguments.output {
        Some(file) if file.as_os_str() != "-" => write(file, &text)?,
        _ => invocation.out.write_all(text.as_bytes())?,
    }
    Ok(())
}

fn write(file: &Path, text: &str) -> Result<(), Error> {
    replace(file, text).map_err(|error| Error::new(format!("`{}` cannot be written: {error}", file.display())))
}

/// Writes beside the file and renames, so that nobody ever sees half of it.
fn replace(file: &Path, text: &str) -> io::Result<()> {
    if fs::metadata(file).is_ok_and(|there| !there.is_file()) {
        // A pipe or a device is written to, and stays what it is.
        return fs::write(file, text);
    }
    // A link stays too: what it leads to is replaced.
    let target = fs::canonicalize(file);
    let file = target.as_deref().unwrap_or(file);
    let name =
        file.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "expected the name of a file"))?;
    let mut part = name.to_owned();
    part.push(format!(".{}.part", std::process::id()));
    let part = file.with_file_name(part);
    fs::write(&part, text).and_then(|()| fs::rename(&part, file)).inspect_err(|_| {
        // The error that counts is the first one.
        let _ = fs::remove_file(&part);
    })
}
