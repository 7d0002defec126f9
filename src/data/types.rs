//! The resource types and their structs: which struct is which type's, and what it is behind. `list --types` names them.
//!
//! ```text
//! AWS::ECS::Service ecs Service ecs    a type, the module of its service, its struct, and the cargo feature or `-`
//! ```

use std::{collections::BTreeMap, sync::OnceLock};

use super::archive::Archive;

static ARCHIVE: Archive = Archive::new(include_bytes!("types.bin"));

/// The archive: where the structs are from.
pub fn archive() -> Archive {
    ARCHIVE
}

/// Where the struct of a resource type is.
#[derive(Debug)]
pub(crate) struct Place {
    /// The module of the service: `lambda`.
    pub service: String,
    /// The name of the struct: `Function`.
    pub name: String,
    /// The cargo feature that it is behind, if it is not always there.
    pub feature: Option<String>,
}

impl Place {
    /// The path of the struct within the crate: `aws::lambda::Function`.
    pub fn path(&self) -> String {
        format!("aws::{}::{}", self.service, self.name)
    }
}

/// The place of the struct of a resource type, with the name of the type as the list has it; none of a type that has none.
pub(super) fn of(resource_type: &str) -> Option<(&'static str, &'static Place)> {
    places().get_key_value(resource_type).map(|(name, place)| (name.as_str(), place))
}

/// The types that have structs, sorted by their names.
pub(crate) fn all() -> impl Iterator<Item = (&'static str, &'static Place)> {
    places().iter().map(|(name, place)| (name.as_str(), place))
}

fn places() -> &'static BTreeMap<String, Place> {
    static READ: OnceLock<BTreeMap<String, Place>> = OnceLock::new();
    READ.get_or_init(|| {
        let text = ARCHIVE.read("aws").map_or_else(String::new, |(_, text)| text);
        text.lines().filter_map(place).collect()
    })
}

fn place(line: &str) -> Option<(String, Place)> {
    let mut words = line.split(' ').map(str::to_owned);
    let resource_type = words.next()?;
    let place = Place { service: words.next()?, name: words.next()?, feature: words.next().filter(|it| it != "-") };
    Some((resource_type, place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_has_a_struct_and_a_feature_unless_it_is_always_there() {
        assert!(all().count() > 1_800);
        let (_, function) = of("AWS::Lambda::Function").unwrap();
        assert_eq!((function.path().as_str(), &function.feature), ("aws::lambda::Function", &None));
        let (_, service) = of("AWS::ECS::Service").unwrap();
        assert_eq!((service.path().as_str(), service.feature.as_deref()), ("aws::ecs::Service", Some("ecs")));
        assert!(of("AWS::ECS::Servise").is_none());
    }
}
