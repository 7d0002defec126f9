//! `list`: the stacks of the project.

use super::{Done, Project};

/// Lists the stacks of the project, a name and a description a line
#[derive(clap::Args)]
pub(super) struct Arguments {}

pub(super) fn run(project: &mut Project<'_>, _: &Arguments) -> Done {
    let stacks: Vec<_> = project.stacks.iter().map(|compose| compose()).collect();
    let width = stacks.iter().map(|stack| stack.name().chars().count()).max().unwrap_or_default();
    for stack in &stacks {
        let template = stack.template();
        let description = template.as_json()["Description"].as_str().unwrap_or_default();
        let line = format!("{:width$}  {description}", stack.name());
        writeln!(project.out, "{}", line.trim_end())?;
    }
    Ok(())
}
