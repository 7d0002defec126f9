//! The policies that AWS manages, `arn:aws:iam::aws:policy/…`.

use super::archive::{Archive, Shelf};

static ARCHIVE: Archive = Archive::new(include_bytes!("policies.bin"));

/// The archive of the list: where it is from.
pub fn archive() -> Archive {
    ARCHIVE
}

/// The names with their paths, as they stand behind `arn:aws:iam::aws:policy/`, sorted:
/// `service-role/AWSLambdaBasicExecutionRole`.
pub fn managed() -> impl Iterator<Item = &'static str> {
    static READ: Shelf<String> = Shelf::new();
    READ.get("aws", || ARCHIVE.read("aws")).into_iter().flat_map(|list| list.lines())
}

/// Tells whether AWS manages a policy of this name, with its path.
pub fn is_managed(name: &str) -> bool {
    managed().any(|known| known == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_known_by_its_path_and_name() {
        assert!(managed().count() > 1500 && managed().collect::<Vec<_>>().is_sorted());
        assert!(is_managed("service-role/AWSLambdaBasicExecutionRole") && is_managed("AdministratorAccess"));
        assert!(!is_managed("AWSLambdaBasicExecutionRole") && !is_managed(""));
    }
}
