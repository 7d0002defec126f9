//! The page: all pictures of a template in one file, to look around in, with what is known of each resource.

use std::fmt::Write;

use serde_json::{Map, json};

use super::{Graph, svg::escape};
use crate::{
    check::{self, permission},
    diagnostic::{Diagnostic, Path},
    json::Json,
    template::{Template, machine::state_machines},
};

const STYLE: &str = include_str!("page/page.css");
const SCRIPT: &str = include_str!("page/page.js");

/// Letters of the properties of a resource that a page has.
const MOST_PROPERTIES: usize = 6_000;

/// All pictures of a template, each with a name: its resources, its network, its state machines; with what has changed
/// since an older template where there is one.
pub fn pictures(name: &str, old: Option<&Template>, template: &Template) -> Vec<(String, Graph)> {
    let (resources, network) = (format!("Resources of {name}"), format!("Network of {name}"));
    let [resources, network] = match old {
        None => [Graph::of_resources(resources, template, false), Graph::of_network(network, template)],
        Some(old) => [
            Graph::of_resources_against(resources, old, template, false),
            Graph::of_network_against(network, old, template),
        ],
    };
    let mut pictures = vec![("Resources".to_owned(), resources), ("Network".to_owned(), network)];
    let before: Vec<_> = old.into_iter().flat_map(state_machines).collect();
    for machine in state_machines(template) {
        let Ok(definition) = &machine.definition else { continue };
        let title = format!("State machine {}", machine.logical_id);
        let was = before.iter().find(|was| was.logical_id == machine.logical_id);
        let graph = match was.and_then(|was| was.definition.as_ref().ok()) {
            Some(was) => Graph::of_workflow_against(title, &was.json, &definition.json),
            None => Graph::of_workflow(title, &definition.json),
        };
        pictures.push((machine.logical_id.to_owned(), graph));
    }
    pictures.retain(|(_, graph)| graph.nodes().next().is_some());
    pictures
}

/// A template whose resources a page tells about.
#[derive(Clone, Copy)]
pub struct Told<'a> {
    /// The template.
    pub template: &'a Template,
    /// The place in a source of what a path leads to: `stacks/shop.rs:12`.
    pub place: &'a dyn Fn(&Path) -> Option<String>,
}

/// Makes a page of pictures, each with the name of its tab; it loads nothing, and works with the keyboard and with a
/// screen reader.
pub fn html(title: &str, pictures: &[(String, Graph)], told: Option<Told<'_>>) -> String {
    let title = escape(title);
    let mut out = String::from("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    out.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    out.push_str("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ");
    out.push_str("style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n");
    let _ =
        write!(out, "<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<header>\n<h1>{title}</h1>\n");
    out.push_str("<div role=\"tablist\" aria-label=\"Pictures\">\n");
    for (number, (name, _)) in pictures.iter().enumerate() {
        let name = escape(name);
        let _ = writeln!(out, "<button role=\"tab\" id=\"tab{number}\" aria-controls=\"view{number}\">{name}</button>");
    }
    out.push_str("</div>\n<input type=\"search\" placeholder=\"Search\" aria-label=\"Search the picture\">\n");
    out.push_str("<div class=\"tools\">\n<button id=\"farther\" aria-label=\"Zoom out\">\u{2212}</button>\n");
    out.push_str("<button id=\"nearer\" aria-label=\"Zoom in\">+</button>\n<button id=\"fit\">Fit</button>\n</div>\n");
    out.push_str("<div class=\"announced\" role=\"status\" aria-live=\"polite\"></div>\n</header>\n<main>\n");
    for (number, (_, graph)) in pictures.iter().enumerate() {
        let _ =
            write!(out, "<div class=\"view\" role=\"tabpanel\" id=\"view{number}\" aria-labelledby=\"tab{number}\"");
        let _ = write!(out, " tabindex=\"0\">\n{}</div>\n", graph.svg());
    }
    out.push_str("<aside aria-label=\"Details\" aria-live=\"polite\" tabindex=\"-1\" hidden></aside>\n</main>\n");
    let facts = told.map_or_else(|| json!({}), facts).to_string();
    // Nothing in it ends the element.
    let facts = facts.replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029");
    let _ =
        write!(out, "<script type=\"application/json\" id=\"facts\">{facts}</script>\n<script>\n{SCRIPT}</script>\n");
    out.push_str("</body>\n</html>\n");
    out
}

/// What is known of each resource, by its logical id.
fn facts(Told { template, place }: Told<'_>) -> Json {
    let findings = check::all(template);
    let rights = permission::rights(template);
    let mut facts = Map::new();
    for (id, resource) in template.section("Resources") {
        let path = Path::from("Resources").join(id);
        let is_here = |found: &&Diagnostic| found.path == path || found.path.strip_prefix(&path).is_some();
        let said = |found: &Diagnostic| format!("{} {}: {}", found.severity.name(), found.code, found.message);
        let roles = named_roles(template, id, resource);
        let may = rights.iter().filter(|right| roles.contains(&right.role.as_str())).map(|right| {
            let on = right.on.clone().unwrap_or_else(|| right.resources.join(", "));
            format!("{} on {on}", right.actions.join(", "))
        });
        let properties = serde_json::to_string_pretty(&resource["Properties"]).unwrap_or_default();
        let properties: String = match properties.char_indices().nth(MOST_PROPERTIES) {
            Some((end, _)) => format!("{}\n…", &properties[..end]),
            None => properties,
        };
        let fact = json!({
            "type": resource["Type"],
            "place": place(&path),
            "findings": findings.iter().filter(is_here).map(said).collect::<Vec<_>>(),
            "permissions": may.collect::<Vec<_>>(),
            "properties": if resource["Properties"].is_null() { Json::Null } else { properties.into() },
        });
        facts.insert(id.to_owned(), fact);
    }
    Json::Object(facts)
}

/// The roles whose permissions a resource has: itself, or those that it names.
fn named_roles<'a>(template: &'a Template, id: &'a str, resource: &Json) -> Vec<&'a str> {
    let Some(resources) = template.as_json()["Resources"].as_object() else { return Vec::new() };
    let is_role = |json: &Json| json["Type"] == "AWS::IAM::Role";
    if is_role(resource) {
        return vec![id];
    }
    let values = resource["Properties"].as_object().into_iter().flatten();
    let of_roles = values.filter(|(name, _)| name.contains("Role"));
    let names = of_roles.filter_map(|(_, value)| {
        let name = value["Ref"].as_str().or_else(|| value["Fn::GetAtt"][0].as_str())?;
        resources.get_key_value(name).filter(|(_, role)| is_role(role)).map(|(name, _)| name.as_str())
    });
    names.collect()
}
