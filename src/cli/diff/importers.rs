//! Importers: the stacks that import what a change of another stack's exports takes away.

use super::compared::{Compared, Pair};
use crate::{
    diagnostic::Source,
    diff::{EntryChange, IMPORTED, Importer},
    project::{
        Composition, Project,
        exchange::{Site, export, imports},
    },
    template::Template,
};

/// A stack that may import something.
pub(super) struct Other<'a> {
    pub name: &'a str,
    /// The template that is deployed, and the one that will be.
    pub old: &'a Template,
    pub new: &'a Template,
}

/// Names the stacks that import what a change of a stack's outputs takes away.
pub(super) fn name(compared: &mut Compared, pair: &Pair, others: &[Other<'_>], project: &Project) {
    let site = site(&pair.name, project);
    for change in &mut compared.diff.outputs {
        let (Some(_), Some(before)) = (&change.effect, &change.before) else { continue };
        let Some(name) = export(before, &pair.old.template, site) else { continue };
        let others = others.iter().filter(|other| other.name != pair.name);
        change.importers = others.flat_map(|other| of(&name, other, site, project)).collect();
        tell(change);
    }
}

/// Where a stack imports what has that name.
fn of(name: &str, other: &Other<'_>, exporter: Site<'_>, project: &Project) -> Vec<Importer> {
    let site = site(other.name, project);
    if site.is_apart_from(exporter) {
        return Vec::new();
    }
    let next = imports(other.new, site);
    let deployed = imports(other.old, site).into_iter().filter(|(_, known)| known == name);
    let importers = deployed.map(|(path, _)| {
        let is_released = next.iter().all(|(_, known)| known != name);
        let stack = composition(other.name, project).filter(|_| !is_released).map(Composition::stack);
        let line = stack.and_then(|stack| stack.declared.nearest(&path)).map(Source::to_string);
        Importer { stack: other.name.to_owned(), path, line, is_released }
    });
    importers.collect()
}

/// Says in the effect of a change who imports what it takes away.
fn tell(change: &mut EntryChange) {
    let Some(effect) = &mut change.effect else { return };
    let places = |is_released: bool| {
        let importers = change.importers.iter().filter(move |importer| importer.is_released == is_released);
        importers.map(|it| format!("`{}` ({})", it.stack, it.line.as_deref().unwrap_or(it.path.as_str())))
    };
    let (staying, released): (Vec<_>, Vec<_>) = (places(false).collect(), places(true).collect());
    if !staying.is_empty() {
        *effect = effect.replace(IMPORTED, &format!("while {} imports", staying.join(", ")));
    }
    if !released.is_empty() {
        if staying.is_empty() {
            *effect = effect.replace(IMPORTED, &format!("while the deployed {} imports", released.join(", ")));
        }
        let mut stacks: Vec<_> =
            change.importers.iter().filter(|it| it.is_released).map(|it| format!("`{}`", it.stack)).collect();
        stacks.dedup();
        *effect += &format!("; deploy {} before it, which no longer does", stacks.join(", "));
    }
}

fn composition<'a>(name: &str, project: &'a Project) -> Option<&'a Composition> {
    project.composition(Some(name)).ok()
}

/// Where a stack of that name is deployed, as far as the project says.
fn site<'a>(name: &'a str, project: &'a Project) -> Site<'a> {
    composition(name, project).map_or(Site::of(name), Composition::site)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{cli::diff::load::Loaded, diff::diff, stack::Stack};

    fn template(text: &str) -> Template {
        Template::parse(text).unwrap()
    }

    /// What is said of an export that goes, where the other stacks have these templates before and after.
    fn effect(others: &[(&str, &str, &str)], project: &Project) -> String {
        let old = "{Resources: {V: {Type: 'AWS::EC2::VPC'}}, Outputs: {V: {Value: !Ref V, Export: {Name: 'net:V'}}}}";
        let (old, new) = (template(old), template("Resources: {V: {Type: 'AWS::EC2::VPC'}}"));
        let mut compared = Compared { name: "net".into(), diff: diff(&old, &new) };
        let [old, new] = [old, new].map(|template| Loaded::of_stack("net", template));
        let others: Vec<_> = others.iter().map(|(name, old, new)| (*name, template(old), template(new))).collect();
        let others: Vec<_> = others.iter().map(|(name, old, new)| Other { name, old, new }).collect();
        super::name(&mut compared, &Pair { name: "net".into(), old, new }, &others, project);
        compared.diff.outputs[0].effect.clone().unwrap()
    }

    #[test]
    fn who_imports_it_still_and_who_no_longer_does_is_told() {
        let with = "Resources: {G: {Type: 'AWS::EC2::SecurityGroup', Properties: {VpcId: !ImportValue 'net:V'}}}";
        let without = "Resources: {G: {Type: 'AWS::EC2::SecurityGroup'}}";
        let at = "(Resources/G/Properties/VpcId)";
        let project = Project::new();
        let effect = |others: &[(&str, &str, &str)]| effect(others, &project);
        let generic = "the update fails while another stack imports the export that is gone";
        assert_eq!(effect(&[]), generic);
        // What only the new template imports is not deployed.
        assert_eq!(effect(&[("a", without, with)]), generic);
        let staying = format!("the update fails while `a` {at} imports the export that is gone");
        assert_eq!(effect(&[("a", with, with)]), staying);
        let released = format!(
            "the update fails while the deployed `a` {at} imports the export that is gone; deploy `a` before it, which \
             no longer does"
        );
        assert_eq!(effect(&[("a", with, without)]), released);
        let both = format!(
            "the update fails while `a` {at} imports the export that is gone; deploy `b` before it, which no longer does"
        );
        assert_eq!(effect(&[("a", with, with), ("b", with, without)]), both);
    }

    #[test]
    fn a_stack_in_another_region_imports_something_else() {
        let of = |name: &'static str, region: &'static str| Composition::new(move || Stack::new(name)).region(region);
        let with = "Resources: {G: {Type: 'AWS::EC2::SecurityGroup', Properties: {VpcId: !ImportValue 'net:V'}}}";
        let told =
            |region| effect(&[("a", with, with)], &Project::new().stack(of("net", "eu-west-1")).stack(of("a", region)));
        assert!(told("eu-west-1").contains("`a`") && !told("us-east-1").contains("`a`"));
    }
}
