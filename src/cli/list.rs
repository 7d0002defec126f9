//! `list`: the stacks of the invocation, or the data that the program holds.

use super::invocation::{Done, Error, Invocation};
use crate::{data, project::Composition};

/// Lists the stacks of the project, a name and a description a line
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// List what the program knows of AWS instead: how much of it, from where, of which date, and its size
    #[arg(long)]
    data: bool,
}

pub(super) fn run(invocation: &mut Invocation<'_>, arguments: &Arguments) -> Done {
    if arguments.data {
        return data(invocation);
    }
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

/// A line for each set of data.
fn data(invocation: &mut Invocation<'_>) -> Done {
    for set in data::sets() {
        let (count, size) = ((set.count)(), set.archive.size());
        writeln!(invocation.out, "{count:>6} {:<31} {size:>8} bytes  {}", set.what, set.archive.provenance())?;
    }
    Ok(())
}
