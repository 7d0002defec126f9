//! Content: the resources of a template, and what names what.

use std::collections::HashMap;

use crate::{
    json::Json,
    template::{
        Template,
        reference::{ReferenceKind, references},
    },
};

/// What a picture of resources is made of.
pub(super) struct Content<'a> {
    pub resources: Vec<Resource<'a>>,
    pub links: Vec<Link>,
    places: HashMap<&'a str, usize>,
    of: Vec<Vec<usize>>,
    to: Vec<Vec<usize>>,
}

/// A resource of the template.
pub(super) struct Resource<'a> {
    pub id: &'a str,
    pub kind: &'a str,
    pub json: &'a Json,
}

/// A place in a resource that names another.
pub(super) struct Link {
    pub from: usize,
    pub to: usize,
    /// The path below the resource: `Properties/Targets/0/Arn`.
    pub path: String,
}

impl Link {
    /// The property that it is in.
    pub fn property(&self) -> &str {
        self.path.strip_prefix("Properties/").and_then(|path| path.split('/').next()).unwrap_or_default()
    }
}

impl<'a> Content<'a> {
    pub fn of(template: &'a Template) -> Self {
        let mut resources = Vec::new();
        for (id, json) in template.section("Resources") {
            if let Some(kind) = json.get("Type").and_then(Json::as_str) {
                resources.push(Resource { id, kind, json });
            }
        }
        let places: HashMap<&str, usize> =
            resources.iter().enumerate().map(|(at, resource)| (resource.id, at)).collect();
        let (mut of, mut to) = (vec![Vec::new(); resources.len()], vec![Vec::new(); resources.len()]);
        let mut links = Vec::new();
        for reference in references(template) {
            let names = matches!(reference.kind, ReferenceKind::Ref | ReferenceKind::GetAtt | ReferenceKind::Sub);
            let (section, id) = reference.from;
            let ends = (places.get(id), places.get(reference.to));
            let (true, "Resources", (Some(&from), Some(&end))) = (names, section, ends) else { continue };
            of[from].push(links.len());
            to[end].push(links.len());
            let path = reference.path.splitn(3, '/').nth(2).unwrap_or_default().to_owned();
            links.push(Link { from, to: end, path });
        }
        Self { resources, links, places, of, to }
    }

    /// The place of a resource by its id.
    pub fn place(&self, id: &str) -> Option<usize> {
        self.places.get(id).copied()
    }

    /// What a resource names.
    pub fn links_of(&self, index: usize) -> impl Iterator<Item = &Link> {
        self.of[index].iter().map(|&link| &self.links[link])
    }

    /// What names a resource.
    pub fn links_to(&self, index: usize) -> impl Iterator<Item = &Link> {
        self.to[index].iter().map(|&link| &self.links[link])
    }
}
