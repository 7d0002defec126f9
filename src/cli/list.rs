//! `list`: the stacks of the invocation.

use super::invocation::{Done, Error, Invocation};
use crate::project::Composition;

/// Lists the stacks of the project, a name and a description a line
#[derive(clap::Args)]
pub(super) struct Arguments {}

pub(super) fn run(invocation: &mut Invocation<'_>, _: &Arguments) -> Done {
    let stacks: Vec<_> =
        invocation.project.compositions().map_err(Error::new)?.iter().map(Composition::stack).collect();
    let width = stacks.iter().map(|stack| stack.name().chars().count()).max().unwrap_or_default();
    for stack in stacks {
        let template = stack.template();
        // A description of several lines is one line here.
        let description: Vec<_> =
            template.as_json()["Description"].as_str().unwrap_or_default().split_whitespace().collect();
        let line = format!("{:width$}  {}", stack.name(), description.join(" "));
        writeln!(invocation.out, "{}", line.trim_end())?;
    }
    Ok(())
}
