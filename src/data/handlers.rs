//! What CloudFormation does to make, read, change and delete a resource: the actions that its registry lists.

use std::collections::BTreeSet;

use super::archive::{Archive, Shelf};

static ARCHIVE: Archive = Archive::new(include_bytes!("handlers.bin"));

/// The archive of the actions: where they are from.
pub fn archive() -> Archive {
    ARCHIVE
}

/// The number of resource types whose actions are listed.
pub(super) fn count() -> usize {
    let of_service = |service: &str| {
        let (_, text) = ARCHIVE.read(service)?;
        Some(text.lines().filter_map(|line| line.split(' ').next()).collect::<BTreeSet<_>>().len())
    };
    ARCHIVE.names().filter_map(of_service).sum()
}

/// The actions of each operation (`create`, `read`, `update`, `delete`) that a resource type has; none where the
/// registry lists none of it.
pub fn of(type_name: &str) -> impl Iterator<Item = (&'static str, impl Iterator<Item = &'static str> + use<>)> + use<> {
    static READ: Shelf<String> = Shelf::new();
    let service = type_name.split("::").nth(1).unwrap_or_default();
    let text = READ.get(service, || ARCHIVE.read(service));
    let wanted = type_name.to_owned();
    text.into_iter().flat_map(|text| text.lines()).filter_map(move |line| {
        let mut words = line.split(' ');
        (words.next()? == wanted).then_some(())?;
        Some((words.next()?, words.filter(|word| !word.is_empty())))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_has_the_actions_of_its_handlers() {
        let actions = |operation: &str| -> Vec<&str> {
            of("AWS::SQS::Queue").filter(|(known, _)| *known == operation).flat_map(|(_, actions)| actions).collect()
        };
        assert!(actions("create").contains(&"sqs:CreateQueue") && actions("delete").contains(&"sqs:DeleteQueue"));
        assert_eq!(of("Custom::Thing").count() + of("AWS::SQS::Kueue").count() + of("").count(), 0);
    }
}
