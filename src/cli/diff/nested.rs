//! Nested stacks whose templates are files beside the one that names them.

use std::path::Path;

use super::{
    compared::{Compared, Pair},
    load,
};
use crate::{cli::invocation::Error, diff::diff, template::Template};

/// Stacks in each other that are followed.
const MOST_LEVELS: usize = 10;

/// Adds the comparisons of the stacks that are nested in a pair.
pub(super) fn compare(pair: &Pair, compared: &mut Vec<Compared>) -> Result<(), Error> {
    let mut waiting: Vec<(Pair, usize)> = children(pair)?.into_iter().map(|child| (child, 1)).rev().collect();
    while let Some((pair, level)) = waiting.pop() {
        compared.push(Compared { name: pair.name.clone(), diff: diff(&pair.old.template, &pair.new.template) });
        if level < MOST_LEVELS {
            waiting.extend(children(&pair)?.into_iter().rev().map(|child| (child, level + 1)));
        }
    }
    Ok(())
}

/// The stacks that both templates name by a file.
fn children(pair: &Pair) -> Result<Vec<Pair>, Error> {
    let (Some(before), Some(after)) = (&pair.old.folder, &pair.new.folder) else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for (id, _) in pair.new.template.section("Resources") {
        let files = [(&pair.old.template, before), (&pair.new.template, after)]
            .map(|(template, folder)| url(template, id).map(|url| folder.join(url)).filter(|file| file.is_file()));
        if let [Some(old), Some(new)] = files {
            let name = format!("{} > {id}", pair.name);
            found.push(Pair { name, old: load::file(&old)?, new: load::file(&new)? });
        }
    }
    Ok(found)
}

/// The file that a nested stack names; none where it is a place in S3.
fn url<'a>(template: &'a Template, id: &str) -> Option<&'a Path> {
    let resource = template.as_json().get("Resources")?.get(id)?;
    let property = match resource.get("Type")?.as_str()? {
        "AWS::CloudFormation::Stack" => "TemplateURL",
        "AWS::Serverless::Application" => "Location",
        _ => return None,
    };
    let url = resource.get("Properties")?.get(property)?.as_str()?;
    (!url.contains("://")).then(|| Path::new(url))
}
