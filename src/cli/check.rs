//! `check`: what is wrong with stacks, and with anyone's templates and definitions.

mod bytes;
mod content;
mod files;
mod followed;
mod parallel;
pub(super) mod rules;

pub(super) use content::template_in;

use std::{collections::BTreeMap, path::PathBuf};

use self::content::Checked;
use super::{
    invocation::{Done, Error, Invocation, Stop},
    progress::Progress,
    report::{self, Format, Sources, Subject},
};
use crate::{
    check::permission,
    diagnostic::{Diagnostic, Severity},
    project::{Composition, Project},
    template::Template,
};

/// Checks stacks, CloudFormation templates and definitions of state machines
///
/// Without a name and without files, all stacks of the project are checked. A template may be YAML or JSON, of
/// CloudFormation or SAM, whoever wrote it; its state machines are checked with it. What is wrong goes to stdout, how
/// much was checked to stderr. As text, the first 200 faults of each are told; the other forms tell all of them.
///
/// A folder is looked through, and the folders in it: *.yaml, *.yml, *.json and *.template are checked if they are a
/// template or a definition. What a template has in a file beside it (`DefinitionUri`, `DefinitionS3Location`,
/// `BodyS3Location`) is checked in its place, and told of that file. Hidden folders, node_modules and links to folders are passed over.
///
/// Exit codes: 0 no error, though there may be warnings; 1 an error, also in a file that cannot be parsed; 2 nothing
/// could be checked: no file could be read, or none is a template or a definition.
#[derive(clap::Args)]
#[command(after_long_help = "Examples:
  PROGRAM check
  PROGRAM check --template template.yaml
  PROGRAM check --template infrastructure --definition 'workflows/**/*.asl.json'
  cat template.yaml | PROGRAM check --template -
  PROGRAM check --template template.yaml --permissions
  PROGRAM check --template infrastructure --format sarif > formwork.sarif")]
pub(super) struct Arguments {
    /// Names of stacks
    #[arg(value_name = "STACK")]
    stacks: Vec<String>,
    /// Templates: files, folders, patterns such as 'infrastructure/**/*.yaml', or - for stdin
    #[arg(long, value_name = "FILE", num_args = 1..)]
    template: Vec<PathBuf>,
    /// Definitions of state machines (Amazon States Language): files, folders, patterns, or - for stdin
    #[arg(long, value_name = "FILE", num_args = 1..)]
    definition: Vec<PathBuf>,
    /// Form of the report
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Tell also what the roles of each template need, whether they are allowed it, and what nothing needs
    #[arg(long, conflicts_with_all = ["format", "definition"])]
    permissions: bool,
    /// Print instead the policy that a role needs to deploy the one stack or template, as the registry lists its actions
    #[arg(long, conflicts_with_all = ["format", "definition", "permissions"])]
    deploy_policy: bool,
}

pub(super) fn run(invocation: &mut Invocation<'_>, arguments: &Arguments) -> Done {
    let of_files = !arguments.template.is_empty() || !arguments.definition.is_empty();
    let stacks = match of_files && arguments.stacks.is_empty() {
        true => Vec::new(),
        false => stacks(invocation, &arguments.stacks)?,
    };
    if arguments.deploy_policy {
        return deploy_policy(invocation, &stacks, &arguments.template);
    }
    let mut sources = Sources::default();
    let mut subjects: Vec<Subject> = stacks.iter().map(|stack| of_stack(invocation.project, stack)).collect();
    let mut is_checked = !subjects.is_empty();
    let mut roles = Roles { is_wanted: arguments.permissions, text: String::new() };
    for composition in &stacks {
        let stack = composition.stack();
        roles.of(&format!("stack `{}`", stack.name()), &stack.template());
    }
    let found = files::find(&arguments.template, &arguments.definition);
    let mut progress = invocation.screens.err.is_watched.then(Progress::default);
    let read = parallel::map(&found.files, content::check, |done, all| {
        if let Some(progress) = &mut progress {
            progress.of_files(done, all);
        }
    });
    let mut count = 0;
    // A file may belong to several templates, and be checked by itself.
    let mut in_files: BTreeMap<String, Vec<Diagnostic>> = BTreeMap::new();
    let faults = found.faults.into_iter().map(|(name, fault)| Checked::not(name, fault));
    for file in read.into_iter().flatten().chain(faults) {
        is_checked |= file.is_checked;
        count += usize::from(file.is_checked);
        if let (Some(text), true) = (&file.text, roles.is_wanted)
            && let Ok(template) = Template::parse(text)
        {
            roles.of(&format!("`{}`", file.name), &template);
        }
        if let (Some(text), false) = (file.text, file.faults.is_empty()) {
            sources.add(&file.name, text);
        }
        subjects.push(Subject { name: format!("`{}`", file.name), found: file.faults });
        for other in file.others.into_iter().filter(|other| !other.faults.is_empty()) {
            sources.add(&other.name, other.text);
            in_files.entry(other.name).or_default().extend(other.faults);
        }
    }
    for (name, found) in in_files {
        let name = format!("`{name}`");
        let place = subjects.iter().position(|subject| subject.name == name).unwrap_or_else(|| {
            subjects.push(Subject { name, found: Vec::new() });
            subjects.len() - 1
        });
        for fault in found {
            if !subjects[place].found.contains(&fault) {
                subjects[place].found.push(fault);
            }
        }
        content::sort(&mut subjects[place].found);
    }
    report::write(invocation.out, arguments.format, &subjects, &mut sources, invocation.screens.out)?;
    invocation.out.write_all(roles.text.as_bytes())?;
    let summary = summary(stacks.len(), count, &subjects);
    // Nobody is left to tell when this cannot be written.
    let _ = writeln!(invocation.err, "{summary}");
    match (is_checked, report::count(&subjects, Severity::Error)) {
        (false, _) => Err(Stop::Idle),
        (true, 0) => Ok(()),
        (true, _) => Err(Stop::Faulty),
    }
}

/// Prints the policy that deploying one stack or template needs; what it does not cover goes to stderr.
fn deploy_policy(invocation: &mut Invocation<'_>, stacks: &[&Composition], files: &[PathBuf]) -> Done {
    let template = match (stacks, files) {
        ([stack], []) => stack.stack().template(),
        ([], [file]) => content::template_in(file).map_err(Error::new)?,
        _ => {
            let count = stacks.len() + files.len();
            return Err(Error::new(format!(
                "there are {count} stacks and templates; expected one for `--deploy-policy`"
            ))
            .into());
        }
    };
    let policy = permission::deploy_policy(&template);
    invocation.out.write_all(policy.to_string().as_bytes())?;
    for kind in &policy.uncovered {
        // Nobody is left to tell when this cannot be written.
        let _ = writeln!(invocation.err, "not covered: `{kind}`, whose actions the registry does not list");
    }
    Ok(())
}

/// What the roles of the templates need, where that is wanted.
struct Roles {
    is_wanted: bool,
    text: String,
}

impl Roles {
    fn of(&mut self, name: &str, template: &Template) {
        if self.is_wanted {
            self.text.push_str(&format!("permissions of {name}\n{}\n", permission::report(template)));
        }
    }
}

/// The stacks of those names, or all of the project.
fn stacks<'p>(invocation: &Invocation<'p>, names: &[String]) -> Result<Vec<&'p Composition>, Error> {
    let project = invocation.project;
    let name = names.first().map(String::as_str);
    let file = name.unwrap_or("FILE");
    invocation.expect_stack(name, &format!("`--template {file}` or `--definition {file}`"))?;
    if names.is_empty() {
        return Ok(project.compositions().map_err(Error::new)?.iter().collect());
    }
    let mut stacks: Vec<&Composition> = Vec::new();
    for name in names {
        let stack = project.composition(Some(name)).map_err(|message| {
            let hint = if std::path::Path::new(name).exists() { "; a file is given with `--template`" } else { "" };
            Error::new(message + hint)
        })?;
        if !stacks.iter().any(|known| std::ptr::eq(*known, stack)) {
            stacks.push(stack);
        }
    }
    Ok(stacks)
}

fn of_stack(project: &Project, composition: &Composition) -> Subject {
    let stack = composition.stack();
    let found = project.with_faults(stack, stack.diagnostics());
    Subject { name: format!("stack `{}`", stack.name()), found }
}

/// What was checked, and how much is wrong.
fn summary(stacks: usize, files: usize, subjects: &[Subject]) -> String {
    let of = |count: usize, noun: &str| match count {
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    };
    let checked = match (stacks, files) {
        (0, files) => of(files, "file"),
        (stacks, 0) => of(stacks, "stack"),
        (stacks, files) => format!("{} and {}", of(stacks, "stack"), of(files, "file")),
    };
    let errors = of(report::count(subjects, Severity::Error), "error");
    let warnings = of(report::count(subjects, Severity::Warning), "warning");
    format!("{checked} checked: {errors}, {warnings}")
}
