//! F8001: `Globals` of the Serverless Application Model, and the template as the transform reads it, with what they say
//! in every resource.

use std::collections::BTreeSet;

use super::transform::is_serverless;
use crate::{
    check::subject::{Check, Subject},
    data::serverless::{section, sections},
    diagnostic::{Diagnostic, Path, Severity},
    json::Json,
    rule::Rule,
    template::{Template, intrinsic::is_function},
};

static GLOBALS: Rule = Rule {
    code: "F8001",
    severity: Severity::Error,
    title: "something in `Globals` that the transform does not take",
    why: "\
`Globals` has a section for each type of the Serverless Application Model that may have one, and a
section has the properties that all resources of the type may have in common: `Role`, `Policies`,
`Events` and `FunctionName` of functions are none. The transform refuses anything else, and so the
whole template.",
    fails: "\
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Timeout: 30
    Role: arn:aws:iam::111122223333:role/worker
Resources:
  Worker:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: worker, Runtime: python3.13, Handler: worker.handle}",
    passes: "\
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Timeout: 30
Resources:
  Worker:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: worker, Runtime: python3.13, Handler: worker.handle}",
    docs: Some(
        "https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html",
    ),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&GLOBALS], run: check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(globals) = subject.template.as_json().get("Globals") else { return };
    if !is_serverless(subject.template) {
        return;
    }
    let at = Path::from("Globals");
    let Some(given) = globals.as_object() else {
        found.push(GLOBALS.at(at, "`Globals` is no map; expected one with a section for each type"));
        return;
    };
    for (name, properties) in given {
        let at = at.join(name);
        let Some(section) = section(name) else {
            let message = format!("`{name}` is no section of `Globals`; expected the name of a type that may have one");
            found.push(GLOBALS.at(at, message).did_you_mean(name, sections().map(|section| section.name)));
            continue;
        };
        let Some(properties) = properties.as_object() else {
            found.push(GLOBALS.at(at, format!("`{name}` is no map; expected one of properties")));
            continue;
        };
        for property in properties.keys().filter(|property| !section.properties().any(|known| known == *property)) {
            let message = format!("`{property}` is no property that `Globals` may have for `{name}`; expected another");
            found.push(GLOBALS.at(at.join(property), message).did_you_mean(property, section.properties()));
        }
    }
}

/// Runs checks on a template as the transform reads it, and gives what they find its place in the one that is written.
pub(in crate::check) fn with_globals(
    template: &Template,
    check: impl Fn(&Template) -> Vec<Diagnostic>,
) -> Vec<Diagnostic> {
    let Some(merged) = merged(template) else { return check(template) };
    let mut found = check(&merged);
    let mut said = BTreeSet::new();
    for fault in &mut found {
        if let Some(place) = written_at(template.as_json(), &fault.path) {
            fault.path = place;
        }
    }
    // What `Globals` say wrongly is wrong in each resource.
    found.retain(|fault| {
        !fault.path.starts_with("Globals/") || said.insert((fault.code, fault.path.clone(), fault.message.clone()))
    });
    found
}

/// The template with what `Globals` say in each resource; none where they say nothing.
fn merged(template: &Template) -> Option<Template> {
    let sections = template.as_json().get("Globals")?.as_object().filter(|sections| !sections.is_empty())?;
    if !is_serverless(template) {
        return None;
    }
    // What is merged has the size of the template, within what the transform would take.
    let resources = template.section("Resources").filter(|(_, resource)| is_of_model(resource)).count();
    if sections.values().map(size).sum::<usize>().saturating_mul(resources) > MOST_VALUES {
        return None;
    }
    let mut json = template.as_json().clone();
    for (_, resource) in json.get_mut("Resources").and_then(Json::as_object_mut)? {
        let kind = resource.get("Type").and_then(Json::as_str).and_then(|kind| kind.strip_prefix("AWS::Serverless::"));
        let Some((kind, given)) = kind.and_then(|kind| Some((kind.to_owned(), sections.get(kind)?.as_object()?)))
        else {
            continue;
        };
        let ignored = resource.get("IgnoreGlobals").cloned().unwrap_or_default();
        let is_ignored =
            |name: &str| ignored == "*" || ignored.as_array().is_some_and(|all| all.iter().any(|it| it == name));
        let Some(resource) = resource.as_object_mut() else { continue };
        let local = resource.entry("Properties").or_insert_with(|| Json::Object(serde_json::Map::new()));
        // What a macro gives, nobody knows here.
        let Some(local) = local.as_object_mut().filter(|local| !local.keys().any(|key| is_function(key))) else {
            continue;
        };
        for (name, value) in given.iter().filter(|(name, _)| !is_ignored(name)) {
            match local.get_mut(name) {
                None => drop(local.insert(name.clone(), value.clone())),
                Some(own) if !is_replaced(&kind, name) => merge(own, value),
                Some(_) => {}
            }
        }
    }
    Some(Template::new(json))
}

/// Values of `Globals` in all resources together, of the largest template that is merged.
const MOST_VALUES: usize = 1_000_000;

fn is_of_model(resource: &Json) -> bool {
    resource.get("Type").and_then(Json::as_str).is_some_and(|kind| kind.starts_with("AWS::Serverless::"))
}

/// The number of values in one, and of the hundreds of characters of its texts.
fn size(json: &Json) -> usize {
    let within: usize = match json {
        Json::Array(items) => items.iter().map(size).sum(),
        Json::Object(members) => members.iter().map(|(key, member)| key.len() / 100 + size(member)).sum(),
        Json::String(text) => text.len() / 100,
        _ => 0,
    };
    within.saturating_add(1)
}

/// Whether a property of a resource is not merged with that of `Globals`, but stands for it.
fn is_replaced(kind: &str, property: &str) -> bool {
    (kind, property) == ("Function", "Architectures")
}

/// Merges a global value into a resource's own: maps member by member, lists one behind the other, and the own value
/// stands where they are of different kinds. A function is no map.
fn merge(own: &mut Json, global: &Json) {
    match (own, global) {
        (Json::Object(own), Json::Object(global)) if !is_call(own) && !is_call(global) => {
            for (name, value) in global {
                match own.get_mut(name) {
                    Some(own) => merge(own, value),
                    None => drop(own.insert(name.clone(), value.clone())),
                }
            }
        }
        (Json::Array(own), Json::Array(global)) => drop(own.splice(0..0, global.iter().cloned())),
        _ => {}
    }
}

fn is_call(members: &serde_json::Map<String, Json>) -> bool {
    members.len() == 1 && members.keys().any(|key| is_function(key))
}

/// The place in the template as it is written, of a place in the one that is merged; none where it is the same.
fn written_at(template: &Json, path: &Path) -> Option<Path> {
    let (id, rest) = path.strip_prefix("Resources")?.split_once('/')?;
    let inner = rest.strip_prefix("Properties/")?;
    let resource = template.get("Resources")?.get(unescape(id))?;
    let kind = resource.get("Type")?.as_str()?.strip_prefix("AWS::Serverless::")?;
    let mut place = Place::Both(resource.get("Properties").unwrap_or(&Json::Null), template.get("Globals")?.get(kind)?);
    let mut written = String::new();
    for (depth, step) in inner.split('/').enumerate() {
        let name = unescape(step);
        let mut step = step.to_owned();
        place = match place {
            Place::Both(Json::Object(own), Json::Object(global))
                if depth == 0 || !(is_call(own) || is_call(global)) =>
            {
                match (own.get(&name), global.get(&name)) {
                    (Some(own), Some(_)) if depth == 0 && is_replaced(kind, &name) => Place::Own(Some(own)),
                    (Some(own), Some(global)) => Place::Both(own, global),
                    (None, Some(global)) => Place::Global(Some(global)),
                    (own, None) => Place::Own(own),
                }
            }
            // A resource's own elements stand behind the global ones.
            Place::Both(Json::Array(own), Json::Array(global)) => {
                let position: usize = step.parse().ok()?;
                match position.checked_sub(global.len()) {
                    None => Place::Global(global.get(position)),
                    Some(position) => {
                        step = position.to_string();
                        Place::Own(own.get(position))
                    }
                }
            }
            Place::Both(Json::Null, global) => Place::Global(member(global, &name)),
            Place::Both(own, _) => Place::Own(member(own, &name)),
            Place::Own(own) => Place::Own(own.and_then(|own| member(own, &name))),
            Place::Global(global) => Place::Global(global.and_then(|global| member(global, &name))),
        };
        written.push('/');
        written.push_str(&step);
    }
    let written = match place {
        Place::Global(_) => format!("Globals/{kind}{written}"),
        Place::Both(..) | Place::Own(_) => format!("Resources/{id}/Properties{written}"),
    };
    (written != path.as_str()).then(|| Path::from(written))
}

/// Where a value of the merged template is from.
enum Place<'a> {
    /// The resource and `Globals`, which are merged.
    Both(&'a Json, &'a Json),
    Own(Option<&'a Json>),
    Global(Option<&'a Json>),
}

fn member<'a>(json: &'a Json, name: &str) -> Option<&'a Json> {
    match json {
        Json::Object(members) => members.get(name),
        Json::Array(items) => items.get(name.parse::<usize>().ok()?),
        _ => None,
    }
}

fn unescape(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_merged_is_found_where_it_is_written() {
        let template = Template::new(json!({
            "Transform": "AWS::Serverless-2016-10-31",
            "Globals": {"Function": {"Timeout": 3, "Layers": ["a"], "Environment": {"Variables": {"A": 1, "B": 2}}}},
            "Resources": {
                "Own": {"Type": "AWS::Serverless::Function", "Properties": {
                    "Timeout": 5, "Layers": ["b"], "Environment": {"Variables": {"B": 3}},
                }},
                "None": {"Type": "AWS::Serverless::Function"},
                "Free": {"Type": "AWS::Serverless::Function", "IgnoreGlobals": ["Timeout"]},
            },
        }));
        let merged = merged(&template).unwrap();
        let resources = &merged.as_json()["Resources"];
        assert_eq!(resources["Own"]["Properties"]["Layers"], json!(["a", "b"]));
        assert_eq!(resources["Own"]["Properties"]["Environment"]["Variables"], json!({"B": 3, "A": 1}));
        assert_eq!(resources["Own"]["Properties"]["Timeout"], 5);
        assert_eq!(resources["None"]["Properties"]["Timeout"], 3);
        assert_eq!(resources["Free"]["Properties"].get("Timeout"), None);
        for (at, written) in [
            ("Own/Properties/Timeout", "Resources/Own/Properties/Timeout"),
            ("Own/Properties/Layers/0", "Globals/Function/Layers/0"),
            ("Own/Properties/Layers/1", "Resources/Own/Properties/Layers/0"),
            ("Own/Properties/Environment/Variables/A", "Globals/Function/Environment/Variables/A"),
            ("Own/Properties/Environment/Variables/B", "Resources/Own/Properties/Environment/Variables/B"),
            ("Own/Properties/Environment", "Resources/Own/Properties/Environment"),
            ("None/Properties/Timeout", "Globals/Function/Timeout"),
            ("None/Properties", "Resources/None/Properties"),
        ] {
            let path = Path::from(format!("Resources/{at}"));
            assert_eq!(written_at(template.as_json(), &path).unwrap_or(path), written, "{at}");
        }
    }
}
