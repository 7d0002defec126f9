//! `import`: a template as Rust code.

use std::path::{Path, PathBuf};

use super::{
    file,
    invocation::{Done, Error, Invocation, Stop},
    output,
};
use crate::{
    import::{Imported, Source, import},
    template::Template,
};

/// Writes a CloudFormation template as the Rust code that composes it
///
/// The code composes the same stack: what becomes of it differs from the template in nothing, as `diff` sees it. Resources
/// are typed structs, references are handles, policies are statements; what the typed API cannot say exactly is JSON as it
/// stands. Comments of YAML stay where they stand before an entry.
///
/// With `--output-dir` the code is a module of several files: `mod.rs` with the function `stack`, a file for each service
/// where the stack is large, and inline code and other long texts beside them.
///
/// Exit codes: 0 the code is written, 1 no stack can have what the template says, 2 it could not be read or written.
#[derive(clap::Args)]
#[command(after_long_help = "Examples:
  PROGRAM import template.yaml > src/orders.rs
  PROGRAM import --template template.yaml --output-dir src/orders
  aws cloudformation get-template --stack-name orders --query TemplateBody | PROGRAM import - --name orders")]
pub(super) struct Arguments {
    /// File with a CloudFormation or SAM template (JSON or YAML), or - for stdin
    #[arg(value_name = "FILE", required_unless_present = "template")]
    file: Option<PathBuf>,
    /// The same, as other commands have it
    #[arg(long, value_name = "FILE", conflicts_with = "file")]
    template: Option<PathBuf>,
    /// Name of the stack; that of the file if it is left out
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Has structs of all resource types, those behind cargo features too; the first lines say which features that needs
    #[arg(long)]
    with_features: bool,
    /// Folder for the code as a module of several files; those of the same names there are replaced
    #[arg(long, value_name = "DIR")]
    output_dir: Option<PathBuf>,
}

pub(super) fn run(invocation: &mut Invocation<'_>, arguments: &Arguments) -> Done {
    let Some(from) = arguments.file.as_deref().or(arguments.template.as_deref()) else {
        return Err(Error::new("no template is named; expected a file").into());
    };
    let name = arguments.name.clone().unwrap_or_else(|| stem(from));
    let imported = imported(invocation, from, &file::text(from)?, &name, arguments.with_features)?;
    match &arguments.output_dir {
        None => invocation.out.write_all(imported.file().as_bytes())?,
        Some(folder) => {
            let files = imported.files();
            output::write_all(folder, &files)?;
            let plural = if files.len() == 1 { "" } else { "s" };
            let _ = writeln!(invocation.err, "{} file{plural} written to `{}`", files.len(), folder.display());
        }
    }
    let left = imported.features_left();
    if !left.is_empty() && !arguments.with_features {
        let _ = writeln!(
            invocation.err,
            "note: resources of {} stay JSON, as their structs are behind features; --with-features writes those",
            left.iter().map(|feature| format!("`{feature}`")).collect::<Vec<_>>().join(", ")
        );
    }
    Ok(())
}

/// The code of a stack with this name, made of the text of a file; tells why there is none.
pub(super) fn imported(
    invocation: &mut Invocation<'_>,
    from: &Path,
    text: &str,
    name: &str,
    with_features: bool,
) -> Result<Imported, Stop> {
    let template =
        Template::parse(text).map_err(|error| Error::new(format!("`{}` is no template: {error}", file::name(from))))?;
    let file = from.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let file = if from.as_os_str() == "-" { "stdin" } else { &*file };
    import(&Source { template: &template, text: Some(text), name, file, with_features }).map_err(|mut faults| {
        template.locate(&mut faults, &file::name(from));
        invocation.tell(&faults, &format!("`{}`", file::name(from)));
        Stop::Faulty
    })
}

/// Letters that the name of a stack has at most.
const LONGEST: usize = 128;

/// The name of a stack by that of a file: letters, digits and hyphens, a letter first.
fn stem(file: &Path) -> String {
    let name =
        file.file_stem().and_then(|name| name.to_str()).and_then(|name| name.split('.').next()).unwrap_or_default();
    let hyphened = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '-' };
    let name: String = name.chars().map(hyphened).take(LONGEST).collect();
    let name = name.trim_start_matches(|letter: char| !letter.is_ascii_alphabetic()).trim_end_matches('-');
    if name.is_empty() { "stack".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_names_a_stack_that_can_be_deployed() {
        for (file, name) in [
            ("letters.template.yaml", "letters"),
            ("my_new_service.json", "my-new-service"),
            ("out/2_API v1.yaml", "API-v1"),
            ("-", "stack"),
            ("42.yaml", "stack"),
            (".yaml", "stack"),
            ("größe.yaml", "gr--e"),
        ] {
            assert_eq!(stem(Path::new(file)), name, "{file}");
        }
    }
}
