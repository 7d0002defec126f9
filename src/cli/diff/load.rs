//! The files that a diff takes: templates, what `get-template` prints, and snapshots.

use std::path::{Path, PathBuf};

use crate::{
    cli::{file, invocation::Error},
    json::Json,
    template::Template,
};

/// What a snapshot of insta begins and ends its own facts with.
const FENCE: &str = "---\n";

/// A template, and where it is from.
pub(super) struct Loaded {
    /// What a report calls it.
    pub name: String,
    pub template: Template,
    /// The folder that paths in it are relative to; none where it is from no file.
    pub folder: Option<PathBuf>,
}

impl Loaded {
    pub fn of_stack(name: &str, template: Template) -> Self {
        Self { name: name.to_owned(), template, folder: None }
    }
}

/// The template in a file.
pub(super) fn file(path: &Path) -> Result<Loaded, Error> {
    let called = file::name(path);
    let text = file::text(path)?;
    let template = template(&text).map_err(|why| Error::new(format!("`{called}`: {why}")))?;
    let folder = (path.as_os_str() != "-").then(|| path.parent().unwrap_or(Path::new("")).to_owned());
    Ok(Loaded { name: called, template, folder })
}

/// The template that a text is, or holds.
fn template(text: &str) -> Result<Template, String> {
    let text = without_facts(text.trim_start_matches('\u{feff}'));
    let read = Template::parse(text).map_err(|error| error.to_string())?;
    let json = read.as_json();
    let read = match json.get("TemplateBody") {
        Some(Json::String(text)) => Template::parse(text).map_err(|error| format!("`TemplateBody`: {error}"))?,
        Some(body @ Json::Object(_)) => Template::new(body.clone()),
        _ => read,
    };
    match read.as_json().get("Resources") {
        Some(Json::Object(_)) => Ok(read),
        Some(_) => Err("`Resources` is no map; expected a template".to_owned()),
        None => Err("there are no `Resources`; expected a template, or what `get-template` prints".to_owned()),
    }
}

/// A snapshot without the facts that insta writes before it.
fn without_facts(text: &str) -> &str {
    let body = text.strip_prefix(FENCE).and_then(|rest| rest.split_once("\n---\n"));
    match body {
        Some((facts, body)) if facts.starts_with("source:") || facts.contains("\nexpression:") => body,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_holds_a_template_is_read() {
        let plain = "Resources:\n  Mails:\n    Type: AWS::SNS::Topic\n";
        let expected = Template::parse(plain).unwrap();
        let texts = [
            format!("---\n{plain}"),
            format!("---\nsource: tests/snapshots.rs\nexpression: template\n---\n{plain}"),
            format!("{{\"TemplateBody\": {}}}", expected.as_json()),
            format!("{{\"StagesAvailable\": [], \"TemplateBody\": {}}}", serde_json::json!(plain)),
        ];
        for text in texts {
            assert_eq!(template(&text), Ok(expected.clone()), "{text}");
        }
        let error = "there are no `Resources`; expected a template, or what `get-template` prints";
        assert_eq!(template("A: 1\n"), Err(error.to_owned()));
    }
}
