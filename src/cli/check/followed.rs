//! The files that a template has its definitions in: each is put in its place before the template is checked, and what is
//! found there has its place in the file.

use std::path::{Path, PathBuf};

use super::{bytes::bytes, rules::NOT_FOLLOWED};
use crate::{
    cli::file::{is_yaml, name},
    diagnostic::Diagnostic,
    json::Json,
    template::{Document, ParseError, Template},
};

/// The properties that may be a file beside the template, by type, and the property that has the same in the template.
const PROPERTIES: [(&str, &str, &str); 6] = [
    ("AWS::ApiGateway::RestApi", "BodyS3Location", "Body"),
    ("AWS::ApiGatewayV2::Api", "BodyS3Location", "Body"),
    ("AWS::Serverless::Api", "DefinitionUri", "DefinitionBody"),
    ("AWS::Serverless::HttpApi", "DefinitionUri", "DefinitionBody"),
    ("AWS::Serverless::StateMachine", "DefinitionUri", "Definition"),
    ("AWS::StepFunctions::StateMachine", "DefinitionS3Location", "Definition"),
];

/// A file that stands in its place.
struct Followed {
    /// The path in the template of what it holds.
    path: String,
    name: String,
    text: String,
    document: Document,
}

/// A template with the files that belong to it.
pub(super) struct Whole<'t> {
    written: &'t Template,
    whole: Option<Template>,
    files: Vec<Followed>,
    /// What could not be followed.
    faults: Vec<Diagnostic>,
}

/// What is found in one of the files.
pub(super) struct InFile {
    pub name: String,
    pub text: String,
    pub faults: Vec<Diagnostic>,
}

impl<'t> Whole<'t> {
    /// The template that was read from a file, with those beside it.
    pub fn new(template: &'t Template, file: &Path) -> Self {
        let mut whole = Self { written: template, whole: None, files: Vec::new(), faults: Vec::new() };
        // What comes from stdin lies nowhere.
        if file.as_os_str() == "-" {
            return whole;
        }
        let mut json = None;
        for (id, resource) in template.section("Resources") {
            let Some((from, to, own)) = local(resource) else { continue };
            let properties = format!("Resources/{}/Properties", crate::json::escape(id));
            // Without `.` within, so that one file has one name.
            let beside: PathBuf = file.parent().unwrap_or(Path::new("")).join(own).components().collect();
            match read(&beside) {
                Ok((text, document)) => {
                    let json: &mut Json = json.get_or_insert_with(|| template.as_json().clone());
                    if let Some(place) = json["Resources"][id]["Properties"].as_object_mut() {
                        place.shift_remove(from);
                        place.insert(to.to_owned(), document.as_json().clone());
                    }
                    whole.files.push(Followed {
                        path: format!("{properties}/{to}"),
                        name: name(&beside),
                        text,
                        document,
                    });
                }
                Err(why) => whole.faults.push(NOT_FOLLOWED.at(
                    format!("{properties}/{from}"),
                    format!("`{}` {why}, and is not checked; expected a file beside the template", name(&beside)),
                )),
            }
        }
        whole.whole = json.map(Template::new);
        whole
    }

    /// The template to check.
    pub fn template(&self) -> &Template {
        self.whole.as_ref().unwrap_or(self.written)
    }

    /// Gives each fault its place, and takes out those that are in other files.
    pub fn locate(self, faults: &mut Vec<Diagnostic>, called: &str) -> Vec<InFile> {
        faults.extend(self.faults);
        let mut others = Vec::new();
        for Followed { path, name, text, document } in self.files {
            let inside = |fault: &mut Diagnostic| fault.path.strip_prefix(&path).is_some();
            let mut found: Vec<Diagnostic> = faults.extract_if(.., inside).collect();
            for fault in &mut found {
                let rest = fault.path.strip_prefix(&path).unwrap_or_default();
                fault.path = format!("/{rest}").into();
            }
            document.locate(&mut found, &name);
            others.push(InFile { name, text, faults: found });
        }
        self.written.locate(faults, called);
        others
    }
}

/// The property of a resource that names a file, the one that it stands for, and the file.
fn local(resource: &Json) -> Option<(&'static str, &'static str, &str)> {
    let kind = resource.get("Type")?.as_str()?;
    let properties = resource.get("Properties")?;
    PROPERTIES.iter().filter(|(of, ..)| *of == kind).find_map(|(_, from, to)| {
        let file = properties.get(*from)?.as_str()?;
        // What is a place on the network is there already, and what has a variable nobody knows.
        let is_local = !file.contains("://") && !file.contains("{{") && !file.contains("${") && !file.is_empty();
        (is_local && properties.get(*to).is_none()).then_some((*from, *to, file))
    })
}

fn read(file: &Path) -> Result<(String, Document), String> {
    let bytes = bytes(file).map_err(|why| format!("cannot be read ({why})"))?;
    let text = String::from_utf8(bytes).map_err(|_| "is no UTF-8".to_owned())?;
    let is_json = !is_yaml(file) && text.trim_start_matches('\u{feff}').trim_start().starts_with('{');
    let document = if is_json { Document::json(&text) } else { Document::yaml(&text) };
    document.map(|document| (text, document)).map_err(|error: ParseError| format!("cannot be read ({error})"))
}
