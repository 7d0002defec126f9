//! The outline of a template: its resources, where each is declared, and what it refers to.

use serde::Serialize;

use crate::{
    diagnostic::Path,
    stack::Stack,
    template::{
        Template,
        reference::{ReferenceKind, references},
    },
};

/// The resources of one stack or template, in its order.
#[derive(Serialize)]
pub(super) struct Outline {
    /// Name of the stack, or of the file.
    pub name: String,
    pub resources: Vec<Entry>,
}

/// A resource.
#[derive(Serialize)]
pub(super) struct Entry {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub service: String,
    /// The file and the line that declare it; none of what was made without one.
    pub file: Option<String>,
    pub line: Option<u32>,
    pub refers: Vec<Link>,
}

/// A place in a resource that names another resource, or a parameter.
#[derive(Serialize)]
pub(super) struct Link {
    pub to: String,
    /// The attribute that is read, where one is named.
    pub attribute: Option<String>,
    /// The function or the attribute of the resource that names it.
    pub by: &'static str,
    /// Where that is in the template.
    pub path: String,
}

impl Outline {
    pub fn of_stack(stack: &Stack) -> Self {
        let place = |path: &Path| stack.declared.nearest(path).map(|source| (source.file.to_string(), source.line));
        Self::new(stack.name(), &stack.template(), place)
    }

    /// The outline of a template that was read from a file.
    pub fn of_file(name: &str, template: &Template) -> Self {
        let place = |path: &Path| template.position(path).map(|position| (name.to_owned(), position.line));
        Self::new(name, template, place)
    }

    fn new(name: &str, template: &Template, place: impl Fn(&Path) -> Option<(String, u32)>) -> Self {
        let mut resources: Vec<Entry> = template
            .section("Resources")
            .map(|(id, resource)| {
                let kind = resource["Type"].as_str().unwrap_or_default();
                let (file, line) = place(&Path::from("Resources").join(id)).unzip();
                let service = service(kind).to_owned();
                Entry { id: id.to_owned(), kind: kind.to_owned(), service, file, line, refers: Vec::new() }
            })
            .collect();
        let index: std::collections::HashMap<String, usize> =
            resources.iter().enumerate().map(|(at, entry)| (entry.id.clone(), at)).collect();
        let is_parameter = |name: &str| template.as_json()["Parameters"].get(name).is_some();
        for reference in references(template) {
            let Some(by) = function(reference.kind) else { continue };
            let is_known = index.contains_key(reference.to) || is_parameter(reference.to);
            if let ("Resources", from) = reference.from
                && let (true, Some(at)) = (is_known, index.get(from))
            {
                resources[*at].refers.push(Link {
                    to: reference.to.to_owned(),
                    attribute: reference.attribute.map(ToOwned::to_owned),
                    by,
                    path: reference.path,
                });
            }
        }
        Self { name: name.to_owned(), resources }
    }
}

/// What names a resource or a parameter; none where a condition, a mapping or an export is named.
fn function(kind: ReferenceKind) -> Option<&'static str> {
    Some(match kind {
        ReferenceKind::Ref => "Ref",
        ReferenceKind::GetAtt => "Fn::GetAtt",
        ReferenceKind::Sub => "Fn::Sub",
        ReferenceKind::DependsOn => "DependsOn",
        ReferenceKind::Condition
        | ReferenceKind::ConditionFunction
        | ReferenceKind::If
        | ReferenceKind::FindInMap
        | ReferenceKind::ImportValue
        | ReferenceKind::ValueOf => return None,
    })
}

/// The service of a resource type: `Lambda` of `AWS::Lambda::Function`, and `Custom` of what is none of AWS.
pub(in crate::cli) fn service(kind: &str) -> &str {
    let mut parts = kind.split("::");
    match (parts.next(), parts.next()) {
        (Some("AWS"), Some(service)) => service,
        (first, _) => first.unwrap_or_default(),
    }
}
