//! Boxes: the VPC that a resource is in, the concern that it belongs to, the service of what stands alone.

use std::collections::{BTreeMap, BTreeSet};

use super::{content::Content, drawing::Drawing};
use crate::graph::kind;

/// A box around a node: its id, its label, and the VPC that it is.
pub(super) type Around = (String, String, Option<usize>);

/// How many that no edge reaches are put into boxes by their services.
const APART: usize = 6;

/// The VPC of each resource that is in one, by what it or one of its helpers names.
pub(super) fn vpcs(content: &Content<'_>, helpers: &[usize], shown: &[usize]) -> BTreeMap<usize, usize> {
    let shown: BTreeSet<usize> = shown.iter().copied().collect();
    let mut found = BTreeMap::new();
    for link in &content.links {
        let vpc = helpers[link.to];
        let kind = content.resources[link.from].kind;
        let is_apart =
            kind.starts_with("AWS::IAM::") || kind.starts_with("AWS::CloudWatch::") || kind.contains("Policy");
        if content.resources[vpc].kind != "AWS::EC2::VPC" || is_apart {
            continue;
        }
        for root in [helpers[link.from], link.from] {
            if root != vpc && shown.contains(&root) {
                found.entry(root).or_insert(vpc);
            }
        }
    }
    found
}

/// The boxes around each group, from the outside in.
pub(super) fn boxes(drawing: &Drawing<'_>, groups: &[Vec<usize>]) -> Vec<Vec<Around>> {
    let resources = &drawing.content.resources;
    let concerns = concerns(drawing, groups);
    let joined: BTreeSet<usize> = drawing.bonds.keys().flat_map(|&(from, to, _)| [from, to]).collect();
    let is_apart = |group: &Vec<usize>| {
        !group.iter().any(|root| joined.contains(root) || drawing.vpcs.contains_key(root)) && concerns.is_none()
    };
    let mut apart: BTreeMap<&str, usize> = BTreeMap::new();
    for group in groups.iter().filter(|group| is_apart(group)) {
        *apart.entry(kind::service(resources[group[0]].kind)).or_default() += 1;
    }
    let are_many = apart.values().sum::<usize>() >= APART;
    let around = |group: &Vec<usize>| {
        let mut around = Vec::new();
        if let Some(concern) = concerns.as_ref().and_then(|concerns| concerns.get(&group[0])) {
            around.push((format!("concern {concern}"), (*concern).to_owned(), None));
        }
        let service = kind::service(resources[group[0]].kind);
        match drawing.vpcs.get(&group[0]) {
            Some(&vpc) => around = vec![(resources[vpc].id.to_owned(), resources[vpc].id.to_owned(), Some(vpc))],
            None if are_many && is_apart(group) && apart[service] > 1 => {
                around.push((format!("service {service}"), service.to_owned(), None));
            }
            None => {}
        }
        around
    };
    groups.iter().map(around).collect()
}

/// The concern of each resource, where the template was made of constructs and tells: the second part of `aws:cdk:path`.
fn concerns<'a>(drawing: &Drawing<'a>, groups: &[Vec<usize>]) -> Option<BTreeMap<usize, &'a str>> {
    let mut found = BTreeMap::new();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for &root in groups.iter().map(|group| &group[0]) {
        let path = drawing.content.resources[root].json["Metadata"]["aws:cdk:path"].as_str();
        // `Stack/Concern/Thing/Resource`; a thing that is in no construct of its own has one part less.
        let parts: Vec<&str> = path.unwrap_or_default().split('/').collect();
        if let [_, concern, _, _, ..] = parts.as_slice() {
            found.insert(root, *concern);
            *counts.entry(concern).or_default() += 1;
        }
    }
    found.retain(|_, concern| counts[concern] > 1);
    let several = found.values().collect::<BTreeSet<_>>().len() > 1;
    several.then_some(found)
}
