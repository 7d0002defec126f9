//! The page of `graph`: all kinds of pictures in one file, which a browser opens.

use std::{path::Path, process::Command};

use super::{Arguments, Done, Error, Invocation, of_workflow, template_of};
use crate::graph::{page, pictures};

/// Writes the page, and opens it where that is wanted.
pub(super) fn write(invocation: &mut Invocation<'_>, arguments: &Arguments) -> Done {
    let (name, pictures, template) = match &arguments.definition {
        Some(file) => {
            let picture = of_workflow(invocation, arguments)?;
            (format!("`{}`", file.display()), vec![("Workflow".to_owned(), picture)], None)
        }
        None => {
            let (name, template) = template_of(invocation, arguments)?;
            let pictures = pictures(&name, &template);
            (name, pictures, Some(template))
        }
    };
    if pictures.is_empty() {
        return Err(Error::new(format!("there is nothing to draw in {name}; expected `Resources`")).into());
    }
    let is_named = arguments.output.as_os_str() != "-";
    let file = match is_named {
        true => arguments.output.clone(),
        false => std::env::temp_dir().join(format!("graph-{}.html", std::process::id())),
    };
    super::write(invocation, &file, &page(&format!("Pictures of {name}"), &pictures, template.as_ref()))?;
    if arguments.open {
        writeln!(invocation.out, "{}", file.display())?;
        open(&file)?;
    }
    Ok(())
}

/// Opens a file with what the platform opens files with.
fn open(file: &Path) -> Result<(), Error> {
    let (program, before): (&str, &[&str]) = match std::env::consts::OS {
        "macos" => ("open", &[]),
        "windows" => ("cmd", &["/C", "start", ""]),
        _ => ("xdg-open", &[]),
    };
    match Command::new(program).args(before).arg(file).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Error::new(format!("`{program}` did not open the page: {status}"))),
        Err(error) => Err(Error::new(format!("`{program}`, which opens pages, cannot be run: {error}"))),
    }
}
