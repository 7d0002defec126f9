//! `synth --all`: every stack of a project as a file of one folder, and the commands that deploy them in their order.

use std::path::Path;

use super::{
    assets, deploy,
    summary::{self, Deployment},
};
use crate::{
    cli::{
        invocation::{Done, Error, Invocation, Stop},
        output,
    },
    project::Place,
    stack::Stack,
    template::Form,
};

pub(super) fn run(
    invocation: &mut Invocation<'_>,
    folder: &Path,
    form: Form,
    assets: &assets::Arguments,
    quiet: bool,
) -> Done {
    invocation.project.compositions().map_err(Error::new)?;
    let places = invocation.project.places();
    let mut files = Vec::new();
    let mut templates = Vec::new();
    let mut deployments = Vec::new();
    let mut is_faulty = false;
    for place in &places {
        // What another stack nests has the name that is said there, and so its form.
        let form = if place.within.is_empty() { form } else { Form::Yaml };
        let name = file(place.stack, form)?;
        // All that is wrong with any of them is told at once.
        let approved = match invocation.approve_as(place.stack, form) {
            Ok(approved) => approved,
            Err(Stop::Faulty) => {
                is_faulty = true;
                continue;
            }
            Err(stop) => return Err(stop),
        };
        let text = approved.template.text(form).into_owned();
        if place.within.is_empty() {
            let path = folder.join(&name);
            let commands = deploy::commands(&approved.template, place.site, &path.to_string_lossy(), text.len());
            deployments.push(Deployment { stack: place.stack.name(), note: note(place), commands });
        }
        files.push((name, text));
        templates.push((place.stack, approved.template));
    }
    if is_faulty {
        return Err(Stop::Faulty);
    }
    let templates: Vec<_> = templates.iter().map(|(stack, template)| (*stack, template)).collect();
    assets.write(folder, None, &templates)?;
    output::write_all(folder, &files)?;
    if invocation.screens.err.is_watched && !quiet {
        let text = summary::of_all(&deployments, &folder.to_string_lossy(), files.len(), invocation.screens.err);
        // Whoever does not read it has the templates.
        let _ = invocation.err.write_all(text.as_bytes());
    }
    Ok(())
}

/// Why a stack stands where it does in the order.
fn note(place: &Place<'_>) -> Option<String> {
    (!place.after.is_empty()).then(|| format!("after {}", place.after.join(", ")))
}

/// The name of the file of a stack.
pub(super) fn file(stack: &Stack, form: Form) -> Result<String, Error> {
    let name = stack.name();
    if name.is_empty() || name.starts_with('.') || name.contains(['/', '\\', '\0']) {
        let problem = format!("the stack `{name}` cannot be a file of that name; expected a name without `/` and `\\`");
        return Err(Error::new(problem));
    }
    Ok(match form {
        Form::Yaml => stack.template_file(),
        Form::Json | Form::CompactJson => format!("{name}.json"),
    })
}
