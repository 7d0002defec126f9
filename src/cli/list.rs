//! `list`: the stacks of the project, the resources in them, or the data that the program holds.

mod outline;
mod tree;

use std::path::{Path, PathBuf};

use clap::ValueEnum;

pub(super) use self::outline::service;
use self::{outline::Outline, tree::By};
use super::{
    file,
    invocation::{Done, Error, Invocation, Stop},
};
use crate::{
    data::{self, types},
    json::{self, Json},
    project::Composition,
    template::Template,
};

/// Lists the stacks of the project, the resources in them, or the structs of AWS's types
///
/// Without --resources, a stack is a line: its name, the region and the account that it is for, the stacks that it is deployed after, its description; in the order in
/// which they are deployed. With it, a stack is a tree: each resource with its type, the line that declares it, and what
/// it refers to.
#[derive(clap::Args)]
#[command(after_long_help = "Examples:
  PROGRAM list
  PROGRAM list --resources
  PROGRAM list --resources --by service
  PROGRAM list --resources --template template.yaml
  PROGRAM list --resources --format json | jq -r '.[].resources[].id'
  PROGRAM list --types ecs
  PROGRAM list --types 'AWS::*::Function'
  PROGRAM list --data")]
pub(super) struct Arguments {
    /// Names of stacks; without one, all of the project
    #[arg(value_name = "STACK")]
    stacks: Vec<String>,
    /// List the resources of each stack, as a tree
    #[arg(long)]
    resources: bool,
    /// What the branches of the tree are
    #[arg(long, value_enum, default_value_t = By::File, requires = "resources")]
    by: By,
    /// List the resources of a template instead: a file, or - for stdin
    #[arg(long, value_name = "FILE", requires = "resources", conflicts_with = "stacks")]
    template: Option<PathBuf>,
    /// Form of the list
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// List the resource types of AWS whose names have this in them, or are like it where it has a *: the struct of each,
    /// and the cargo feature that it is behind
    #[arg(long, value_name = "PATTERN", conflicts_with_all = ["stacks", "resources"])]
    types: Option<String>,
    /// List what the program knows of AWS instead: how much of it, from where, of which date, and its size
    #[arg(long, conflicts_with_all = ["stacks", "resources", "types", "format"])]
    data: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// For a terminal
    Text,
    /// An array of {name, description, region, account, after, nestedIn}; of resources {name, resources: [{id, type, service, file, line, refers}]};
    /// of types {type, struct, feature}
    Json,
}

pub(super) fn run(invocation: &mut Invocation<'_>, arguments: &Arguments) -> Done {
    if arguments.data {
        return data(invocation);
    }
    if let Some(pattern) = &arguments.types {
        return types(invocation, pattern, arguments.format);
    }
    if arguments.resources {
        return resources(invocation, arguments);
    }
    stacks(invocation, arguments)
}

/// A line for each stack, in the order of deployment.
fn stacks(invocation: &mut Invocation<'_>, arguments: &Arguments) -> Done {
    let chosen = compositions(invocation, &arguments.stacks)?;
    let names: Vec<&str> = chosen.iter().map(|composition| composition.stack().name()).collect();
    let mut faults = Vec::new();
    let mut stacks = Vec::new();
    for place in invocation.project.places() {
        let name = place.stack.name();
        if !names.contains(&name) {
            continue;
        }
        faults.push((name, invocation.project.faults(name)));
        let template = place.stack.template();
        // A description of several lines is one line here.
        let description: Vec<_> =
            template.as_json()["Description"].as_str().unwrap_or_default().split_whitespace().collect();
        stacks.push((name, description.join(" "), place));
    }
    for (name, faults) in &faults {
        invocation.tell(faults, &format!("stack `{name}`"));
    }
    if let Format::Json = arguments.format {
        let stacks = stacks.iter().map(|(name, text, place)| {
            let mut json = serde_json::json!({"name": name, "description": text});
            for (word, value) in [("region", place.site.region), ("account", place.site.account)] {
                if let Some(value) = value {
                    json[word] = value.into();
                }
            }
            for (word, others) in [("after", &place.after), ("nestedIn", &place.within)] {
                if !others.is_empty() {
                    json[word] = serde_json::json!(others);
                }
            }
            json
        });
        print(invocation, &stacks.collect())?;
    } else {
        let width = stacks.iter().map(|(name, ..)| name.chars().count()).max().unwrap_or_default();
        for (name, description, place) in &stacks {
            let others = [("after", &place.after), ("nested in", &place.within)];
            let others = others.iter().filter(|(_, names)| !names.is_empty());
            let others = others.map(|(word, names)| format!("{word} {}", names.join(", ")));
            let site = place.site.words();
            let site = (!site.is_empty()).then(|| format!("in {site}"));
            let words: Vec<String> =
                site.into_iter().chain(others).chain((!description.is_empty()).then(|| description.clone())).collect();
            writeln!(invocation.out, "{}", format!("{name:width$}  {}", words.join("  ")).trim_end())?;
        }
    }
    if faults.iter().all(|(_, faults)| faults.is_empty()) { Ok(()) } else { Err(Stop::Faulty) }
}

/// The compositions of those names, or all.
fn compositions<'a>(invocation: &Invocation<'a>, names: &[String]) -> Result<Vec<&'a Composition>, Error> {
    let project = invocation.project;
    match names {
        [] => Ok(project.compositions().map_err(Error::new)?.iter().collect()),
        names => names.iter().map(|name| project.composition(Some(name)).map_err(Error::new)).collect(),
    }
}

fn resources(invocation: &mut Invocation<'_>, arguments: &Arguments) -> Done {
    let outlines = match &arguments.template {
        Some(file) => vec![of_file(file)?],
        None => {
            invocation.expect_stack(arguments.stacks.first().map(String::as_str), "`--template FILE`")?;
            let compositions = compositions(invocation, &arguments.stacks)?;
            compositions.into_iter().map(|composition| Outline::of_stack(composition.stack())).collect()
        }
    };
    if let Format::Json = arguments.format {
        let outlines = serde_json::to_value(&outlines).map_err(|error| Error::new(error.to_string()))?;
        return print(invocation, &outlines);
    }
    for outline in &outlines {
        write!(invocation.out, "{}", tree::render(outline, arguments.by, invocation.screens.out))?;
    }
    Ok(())
}

fn of_file(path: &Path) -> Result<Outline, Error> {
    let name = file::name(path);
    let template = Template::parse(&file::text(path)?).map_err(|error| Error::new(format!("`{name}`: {error}")))?;
    Ok(Outline::of_file(&name, &template))
}

fn print(invocation: &mut Invocation<'_>, json: &Json) -> Done {
    writeln!(invocation.out, "{}", json::ascii(json, true))?;
    Ok(())
}

/// A line for each resource type that a pattern names.
fn types(invocation: &mut Invocation<'_>, pattern: &str, format: Format) -> Done {
    let is_glob = pattern.contains(['*', '?']);
    let wanted = if is_glob { pattern.to_owned() } else { format!("*{pattern}*") };
    let wanted = glob::Pattern::new(&glob_of(&wanted))
        .map_err(|error| Error::new(format!("`--types {pattern}`: {error}; expected a part of a type's name")))?;
    let options = glob::MatchOptions { case_sensitive: false, ..glob::MatchOptions::new() };
    let found: Vec<(&str, &types::Place)> =
        types::all().filter(|(name, _)| wanted.matches_with(name, options)).collect();
    if found.is_empty() {
        return Err(Error::new(format!("no resource type is like `{pattern}`")).into());
    }
    if let Format::Json = format {
        let json = found
            .iter()
            .map(|(name, place)| serde_json::json!({"type": name, "struct": place.path(), "feature": place.feature}));
        return print(invocation, &json.collect());
    }
    let paths: Vec<String> = found.iter().map(|(_, place)| place.path()).collect();
    let width = |lengths: &mut dyn Iterator<Item = usize>| lengths.max().unwrap_or_default();
    let (left, middle) =
        (width(&mut found.iter().map(|(name, _)| name.len())), width(&mut paths.iter().map(String::len)));
    for ((name, place), path) in found.iter().zip(&paths) {
        let feature = place.feature.as_deref().map_or_else(String::new, |feature| format!("feature {feature}"));
        writeln!(invocation.out, "{}", format!("{name:left$}  {path:middle$}  {feature}").trim_end())?;
    }
    Ok(())
}

/// A pattern in which nothing but `*` and `?` has a meaning.
fn glob_of(pattern: &str) -> String {
    pattern.replace('[', "[[]")
}

/// A line for each set of data.
fn data(invocation: &mut Invocation<'_>) -> Done {
    for set in data::sets() {
        let (count, size) = ((set.count)(), set.archive.size());
        writeln!(invocation.out, "{count:>6} {:<31} {size:>8} bytes  {}", set.what, set.archive.provenance())?;
    }
    Ok(())
}
