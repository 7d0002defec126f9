//! `diff`: what a change of a template does to a stack that is deployed.

mod base;
mod compared;
mod difference;
mod github;
mod importers;
mod load;
mod markdown;
mod nested;
mod packaged;
mod text;
mod value;
mod words;

use std::path::PathBuf;

use clap::ValueEnum;

use self::{
    compared::{Compared, Pair},
    importers::Other,
    load::Loaded,
};
use super::{
    invocation::{Done, Error, Invocation, Stop},
    screen::Screen,
};
use crate::{
    diff::{Diff, diff},
    json,
    project::Composition,
    stack::Stack,
    template::Template,
};

/// Tells what a change of a template does to the stack that is deployed
///
/// Compares by meaning, not by lines: the order of keys, short or long functions, YAML or JSON make no difference. Tells
/// what is created, updated, interrupted, replaced and deleted, in which order, which data is lost, who may do what that
/// nobody could before, and what a state machine does otherwise.
///
/// The deployed template may be a file of any origin: a template, what `aws cloudformation get-template` prints, or a
/// snapshot of insta. A nested stack whose `TemplateURL` is a file beside it is compared too.
///
/// Exit codes: 0 nothing differs, 1 something does (with `--fail-on`: only what that names), 2 it could not be compared.
#[derive(clap::Args)]
#[command(after_long_help = "Examples:
  PROGRAM diff --against template.yaml
  aws cloudformation get-template --stack-name PROGRAM | PROGRAM diff --against -
  PROGRAM diff --base main
  PROGRAM diff --base origin/main --format markdown --fail-on data-loss,broadening
  PROGRAM diff old.yaml new.yaml")]
pub(super) struct Arguments {
    /// Name of a stack; or two files, the old template and the new one
    #[arg(value_name = "STACK | OLD NEW", num_args = 0..=2)]
    names: Vec<String>,
    /// The template that is deployed: a file, or - for stdin
    #[arg(long, value_name = "FILE", conflicts_with = "base")]
    against: Option<PathBuf>,
    /// Revision of git of which the stacks are synthesized and compared with those of now
    #[arg(long, value_name = "REV")]
    base: Option<String>,
    /// Form of the report
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Gives exit code 1 only where one of these is among the changes
    #[arg(long, value_enum, value_name = "WHAT", value_delimiter = ',')]
    fail_on: Vec<Alarm>,
}

/// The form of a report.
#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// For a terminal
    Text,
    /// {resources, losses, security, parameters, conditions, outputs, machines, …}; of several stacks, by their names
    Json,
    /// For a comment on a pull request
    Markdown,
    /// Commands of GitHub's workflows, which annotate a pull request
    Github,
}

/// What a change can be refused for.
#[derive(Clone, Copy, ValueEnum)]
enum Alarm {
    /// Somebody outside may do more, or a part of the stack more outside of it
    Broadening,
    /// A resource is replaced
    Replacement,
    /// Data is lost, or may be
    DataLoss,
}

pub(super) fn run(invocation: &mut Invocation<'_>, arguments: &Arguments) -> Done {
    let pairs = pairs(invocation, arguments)?;
    let mut compared = Vec::new();
    let project = invocation.project;
    for pair in &pairs.shown {
        let mut one = Compared { name: pair.name.clone(), diff: diff(&pair.old.template, &pair.new.template) };
        importers::name(&mut one, pair, &pairs.others(), project);
        compared.push(one);
        nested::compare(pair, &mut compared)?;
    }
    let text = match arguments.format {
        Format::Text => text::render(&compared, invocation.screens.out),
        Format::Json => json_of(&compared)?,
        Format::Markdown => markdown::render(&compared),
        Format::Github => github::render(&compared),
    };
    invocation.out.write_all(text.as_bytes())?;
    let applies = match arguments.fail_on.as_slice() {
        [] => compared.iter().any(|one| !one.diff.is_empty()),
        alarms => alarms.iter().any(|alarm| compared.iter().any(|one| alarm.applies(&one.diff))),
    };
    if applies { Err(Stop::Faulty) } else { Ok(()) }
}

/// What a change of one stack's template does, as text.
pub(super) fn text(name: &str, old: &Template, new: &Template, screen: Screen) -> String {
    text::render(&[Compared { name: name.to_owned(), diff: diff(old, new) }], screen)
}

impl Alarm {
    fn applies(self, diff: &Diff) -> bool {
        match self {
            Self::Broadening => diff.broadens(),
            Self::Replacement => diff.replaces(),
            Self::DataLoss => !diff.losses.is_empty(),
        }
    }
}

/// What is to be compared, and the other stacks.
struct Pairs {
    shown: Vec<Pair>,
    /// What is not compared, and may import what a change takes away.
    others: Vec<Pair>,
}

impl Pairs {
    fn others(&self) -> Vec<Other<'_>> {
        let all = self.shown.iter().chain(&self.others);
        all.map(|pair| Other { name: &pair.name, old: &pair.old.template, new: &pair.new.template }).collect()
    }
}

/// What is to be compared.
fn pairs(invocation: &mut Invocation<'_>, arguments: &Arguments) -> Result<Pairs, Stop> {
    match (arguments.names.as_slice(), &arguments.against, &arguments.base) {
        ([old, new], None, None) => {
            let [old, new] = [old, new].map(|file| load::file(&PathBuf::from(file)));
            let (old, new) = (old?, new?);
            Ok(Pairs { shown: vec![Pair { name: new.name.clone(), old, new }], others: Vec::new() })
        }
        ([..] | [_], Some(file), _) if arguments.names.len() < 2 => {
            let name = arguments.names.first().map(String::as_str);
            invocation.expect_stack(name, "two files: `diff OLD NEW`")?;
            let stack = invocation.project.composition(name).map_err(Error::new)?.stack();
            let template = invocation.approve(stack)?;
            let old = load::file(file)?;
            let new = Loaded::of_stack(stack.name(), packaged::with_uploads(template, stack, &old.template));
            let shown = vec![Pair { name: stack.name().to_owned(), old, new }];
            Ok(Pairs { shown, others: of_now(invocation, stack)? })
        }
        ([..] | [_], None, Some(revision)) if arguments.names.len() < 2 => {
            let name = arguments.names.first().map(String::as_str);
            invocation.expect_stack(name, "two files: `diff OLD NEW`")?;
            of_revision(invocation, revision, name)
        }
        (names, ..) => {
            let count = match names.len() {
                0 => "nothing to compare with is named".to_owned(),
                1 => format!("`{}` alone is named", names[0]),
                _ => "two files and another template are named".to_owned(),
            };
            Err(Error::new(format!("{count}; expected `--against FILE`, `--base REV`, or two files: `diff OLD NEW`"))
                .into())
        }
    }
}

/// The other stacks of a project, each as it is now: what is deployed of them is not known.
fn of_now(invocation: &Invocation<'_>, stack: &Stack) -> Result<Vec<Pair>, Error> {
    let compositions = invocation.project.compositions().map_err(Error::new)?;
    let others = compositions.iter().map(Composition::stack).filter(|other| other.name() != stack.name());
    let pairs = others.map(|other| {
        let [old, new] = [(); 2].map(|()| Loaded::of_stack(other.name(), other.template()));
        Pair { name: other.name().to_owned(), old, new }
    });
    Ok(pairs.collect())
}

/// The stacks of now and of a revision, by their names; one that only one of them has is compared with nothing.
fn of_revision(invocation: &mut Invocation<'_>, revision: &str, name: Option<&str>) -> Result<Pairs, Stop> {
    if let Some(name) = name {
        invocation.project.composition(Some(name)).map_err(Error::new)?;
    }
    let compositions = invocation.project.compositions().map_err(Error::new)?;
    let is_shown = |known: &str| name.is_none_or(|name| name == known);
    let mut base = base::stacks(revision, invocation.program, name)?;
    let mut pairs = Vec::new();
    for composition in compositions {
        let stack = composition.stack();
        let template = if is_shown(stack.name()) { invocation.approve(stack)? } else { stack.template() };
        let new = Loaded::of_stack(stack.name(), template);
        let at = base.iter().position(|(name, _)| name == stack.name());
        let old = at.map_or_else(Template::empty, |at| base.remove(at).1);
        pairs.push(Pair { name: stack.name().to_owned(), old: Loaded::of_stack(revision, old), new });
    }
    for (name, old) in base {
        let new = Loaded::of_stack(&name, Template::empty());
        pairs.push(Pair { name: name.clone(), old: Loaded::of_stack(revision, old), new });
    }
    let (shown, others) = pairs.into_iter().partition(|pair| is_shown(&pair.name));
    Ok(Pairs { shown, others })
}

/// One diff as it is; several by the names of their stacks.
fn json_of(compared: &[Compared]) -> Result<String, Error> {
    let value = |diff: &Diff| serde_json::to_value(diff).map_err(|error| Error::new(error.to_string()));
    let json = match compared {
        [only] => value(&only.diff)?,
        several => {
            let named = several.iter().map(|one| Ok((one.name.clone(), value(&one.diff)?)));
            json::Json::Object(named.collect::<Result<_, Error>>()?)
        }
    };
    Ok(json::ascii(&json, true) + "\n")
}
