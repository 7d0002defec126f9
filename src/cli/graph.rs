//! `graph`: a picture of a stack, a template or a state machine.

use std::path::PathBuf;

use super::{
    check::template_in,
    invocation::{Done, Error, Invocation, Which},
    output,
    source::{self, Form},
    substitution::Substitutions,
};
use crate::{
    diagnostic::Path,
    graph::{Graph, Told, html, pictures},
    json::Json,
    stack::Stack,
    template::Template,
};

/// Draws a picture of a stack or a state machine
///
/// The picture is complete in itself: text can be selected, and it is light or dark as its reader wants it.
#[derive(clap::Args)]
#[command(after_long_help = "Examples:
  PROGRAM graph > workflow.svg
  PROGRAM graph --machine Importer --output importer.svg
  PROGRAM graph --kind resources --output architecture.svg
  PROGRAM graph --kind network --template any.yaml --format mermaid
  PROGRAM graph --definition any.asl.json > any.svg
  PROGRAM graph --definition any.asl.json --against old.asl.json > change.svg")]
pub(super) struct Arguments {
    #[command(flatten)]
    which: Which,
    /// What the picture is of
    ///
    /// [default: workflow]
    #[arg(long, value_enum)]
    kind: Option<Kind>,
    /// Form of what is written
    ///
    /// [default: svg]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// File with a CloudFormation or SAM template (JSON or YAML), in place of a stack
    #[arg(long, value_name = "FILE", conflicts_with = "stack")]
    template: Option<PathBuf>,
    /// File with a definition (Amazon States Language, JSON or YAML), in place of a stack's
    #[arg(long, value_name = "FILE", conflicts_with_all = ["stack", "template"])]
    definition: Option<PathBuf>,
    /// Logical id of the state machine; may be left out while there is only one
    #[arg(long, value_name = "NAME")]
    machine: Option<String>,
    /// Draw each resource on its own, with helpers and roles, however many there are
    #[arg(long)]
    all: bool,
    /// File with an older template or definition, whose differences are marked in the picture
    #[arg(long, value_name = "OLD")]
    against: Option<PathBuf>,
    /// Write a page with all kinds of pictures, to look around in, and open it in the browser
    #[arg(long, conflicts_with_all = ["format", "kind", "all"])]
    open: bool,
    /// File to write to, or - for stdout; a page with all kinds where it ends with .html
    #[arg(long, value_name = "FILE", default_value = "-")]
    output: PathBuf,
}

#[derive(Clone, Copy, PartialEq, clap::ValueEnum)]
enum Kind {
    /// The states of a state machine, as the console of Step Functions draws them
    Workflow,
    /// The resources of a template: what triggers what, and who may do what to whom
    Resources,
    /// The VPCs of a template, and what reaches what in them
    Network,
}

#[derive(Clone, Copy, PartialEq, clap::ValueEnum)]
enum Format {
    /// A picture for a browser
    Svg,
    /// A flowchart for pages that draw it, such as pull requests
    Mermaid,
    /// The language of Graphviz
    Dot,
}

pub(super) fn run(invocation: &mut Invocation<'_>, arguments: &Arguments) -> Done {
    let is_page = arguments.output.extension().is_some_and(|extension| extension == "html");
    if arguments.open || is_page {
        return write_page(invocation, arguments);
    }
    let graph = match arguments.kind.unwrap_or(Kind::Workflow) {
        Kind::Workflow => of_workflow(invocation, arguments)?,
        Kind::Resources | Kind::Network => of_template(invocation, arguments)?,
    };
    let picture = match arguments.format.unwrap_or(Format::Svg) {
        Format::Svg => graph.svg(),
        Format::Mermaid => graph.mermaid(),
        Format::Dot => graph.dot(),
    };
    write(invocation, &arguments.output, &picture)
}

/// Writes a picture to a file, or to stdout.
pub(super) fn write(invocation: &mut Invocation<'_>, file: &std::path::Path, picture: &str) -> Done {
    if file.as_os_str() == "-" {
        invocation.out.write_all(picture.as_bytes())?;
        return Ok(());
    }
    Ok(output::write(file, picture)?)
}

/// The title of the picture of a state machine.
pub(super) fn title(name: Option<&str>) -> String {
    name.map_or_else(|| "State machine".to_owned(), |name| format!("State machine {name}"))
}

/// A template with the name of what has it, and the stack that makes it.
struct Source<'a> {
    name: String,
    template: Template,
    stack: Option<&'a Stack>,
}

impl Source<'_> {
    /// Where what a path leads to is written: in Rust, or in the file.
    fn place(&self, path: &Path) -> Option<String> {
        match self.stack {
            Some(stack) => stack.declared.nearest(path).map(|source| format!("{}:{}", source.file, source.line)),
            None => self.template.position(path).map(|position| format!("line {}", position.line)),
        }
    }
}

fn source_of<'a>(
    invocation: &mut Invocation<'a>,
    arguments: &Arguments,
) -> Result<Source<'a>, super::invocation::Stop> {
    if let Some(file) = &arguments.template {
        let template = template_in(file).map_err(Error::new)?;
        return Ok(Source { name: format!("`{}`", file.display()), template, stack: None });
    }
    invocation.expect_stack(arguments.which.stack.as_deref(), "`--template FILE`")?;
    let stack = invocation.stack(&arguments.which)?;
    Ok(Source { name: format!("stack {}", stack.name()), template: stack.template(), stack: Some(stack) })
}

/// The picture of a template, with what has changed in it.
fn of_template(invocation: &mut Invocation<'_>, arguments: &Arguments) -> Result<Graph, super::invocation::Stop> {
    if arguments.definition.is_some() {
        return Err(Error::new("a definition has no resources; expected `--template FILE` or a stack").into());
    }
    let Source { name, template, .. } = source_of(invocation, arguments)?;
    let old = arguments.against.as_deref().map(template_in).transpose().map_err(Error::new)?;
    let graph = match (arguments.kind, &old) {
        (Some(Kind::Network), None) => Graph::of_network(format!("Network of {name}"), &template),
        (Some(Kind::Network), Some(old)) => Graph::of_network_against(format!("Network of {name}"), old, &template),
        (_, None) => Graph::of_resources(format!("Resources of {name}"), &template, arguments.all),
        (_, Some(old)) => Graph::of_resources_against(format!("Resources of {name}"), old, &template, arguments.all),
    };
    if graph.nodes().next().is_none() {
        let expected = if arguments.kind == Some(Kind::Network) { "a VPC or a subnet" } else { "`Resources`" };
        return Err(Error::new(format!("there is nothing to draw in {name}; expected {expected}")).into());
    }
    Ok(graph)
}

fn of_workflow(invocation: &mut Invocation<'_>, arguments: &Arguments) -> Result<Graph, super::invocation::Stop> {
    let wanted = arguments.machine.as_deref();
    let read = |file: &PathBuf, form: Form| {
        let (machine, _) = source::machine(file, form, wanted, &Substitutions::default())?;
        Ok::<_, Error>((machine.name, machine.definition))
    };
    let (name, definition): (Option<String>, Json) = match (&arguments.definition, &arguments.template) {
        (Some(file), _) => read(file, Form::Definition)?,
        (None, Some(file)) => read(file, Form::Template)?,
        (None, None) => {
            let name = arguments.which.stack.as_deref();
            invocation.expect_stack(name, "`--definition FILE` or `--template FILE`")?;
            let machine = invocation.machine(&arguments.which, wanted, &Substitutions::default())?;
            (machine.name, machine.definition)
        }
    };
    let title = title(name.as_deref());
    let graph = match &arguments.against {
        Some(file) => Graph::of_workflow_against(title, &read(file, Form::Definition)?.1, &definition),
        None => Graph::of_workflow(title, &definition),
    };
    if graph.nodes().next().is_none() {
        return Err(Error::new("the definition has no states that can be read; expected `States`").into());
    }
    Ok(graph)
}

/// Writes the page, and opens it where that is wanted.
fn write_page(invocation: &mut Invocation<'_>, arguments: &Arguments) -> Done {
    let is_said = [
        ("--kind", arguments.kind.is_some()),
        ("--format", arguments.format.is_some()),
        ("--all", arguments.all),
        ("--machine", arguments.machine.is_some() && arguments.definition.is_none()),
    ];
    if let Some((flag, _)) = is_said.iter().find(|(_, is_said)| *is_said) {
        return Err(Error::new(format!("`{flag}` is for one picture, and a page has all; expected no `{flag}`")).into());
    }
    let (name, pictures, source) = match &arguments.definition {
        Some(file) => {
            let picture = of_workflow(invocation, arguments)?;
            (format!("`{}`", file.display()), vec![("Workflow".to_owned(), picture)], None)
        }
        None => {
            let source = source_of(invocation, arguments)?;
            let old = arguments.against.as_deref().map(template_in).transpose().map_err(Error::new)?;
            let pictures = pictures(&source.name, old.as_ref(), &source.template);
            (source.name.clone(), pictures, Some(source))
        }
    };
    if pictures.is_empty() {
        return Err(Error::new(format!("there is nothing to draw in {name}; expected `Resources`")).into());
    }
    let is_named = arguments.output.as_os_str() != "-";
    let file = match is_named {
        true => arguments.output.clone(),
        false => output::temporary("graph", "html")?,
    };
    let place = |path: &Path| source.as_ref()?.place(path);
    let told = source.as_ref().map(|source| Told { template: &source.template, place: &place });
    write(invocation, &file, &html(&format!("Pictures of {name}"), &pictures, told))?;
    if arguments.open {
        writeln!(invocation.out, "{}", file.display())?;
        open(&file)?;
    }
    Ok(())
}

/// Opens a file with what the platform opens files with.
fn open(file: &std::path::Path) -> Result<(), Error> {
    let (program, before): (&str, &[&str]) = match std::env::consts::OS {
        "macos" => ("open", &[]),
        "windows" => ("cmd", &["/C", "start", ""]),
        _ => ("xdg-open", &[]),
    };
    match std::process::Command::new(program).args(before).arg(file).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Error::new(format!("`{program}` did not open the page: {status}"))),
        Err(error) => Err(Error::new(format!("`{program}`, which opens pages, cannot be run: {error}"))),
    }
}
