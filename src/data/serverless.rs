//! What the transform of the Serverless Application Model takes beside its types: `Globals`, and templates of policies.

use super::archive::{Archive, Shelf};

static ARCHIVE: Archive = Archive::new(include_bytes!("serverless.bin"));

/// The archive: where the data is from.
pub fn archive() -> Archive {
    ARCHIVE
}

/// A section of `Globals`: properties that all resources of a type have.
#[derive(Clone, Copy, Debug)]
pub struct Section {
    /// Its name, that of the type without `AWS::Serverless::`: `Function`.
    pub name: &'static str,
    properties: &'static str,
}

impl Section {
    /// The properties that it may have, in the order of the transform.
    pub fn properties(&self) -> impl Iterator<Item = &'static str> {
        self.properties.split_terminator(' ')
    }
}

/// The sections of `Globals`, sorted.
pub fn sections() -> impl Iterator<Item = Section> {
    text("globals").lines().map(|line| {
        let (name, properties) = line.split_once(' ').unwrap_or((line, ""));
        Section { name, properties }
    })
}

/// The section of that name.
pub fn section(name: &str) -> Option<Section> {
    sections().find(|section| section.name == name)
}

/// A template of a policy, which a function's `Policies` name with its parameters.
#[derive(Clone, Copy, Debug)]
pub struct PolicyTemplate {
    /// Its name: `DynamoDBReadPolicy`.
    pub name: &'static str,
    parameters: &'static str,
    /// Its statements, a list in JSON in which `{"Ref": …}` names a parameter.
    pub statements: &'static str,
}

impl PolicyTemplate {
    /// The parameters, all of which it needs.
    pub fn parameters(&self) -> impl Iterator<Item = &'static str> {
        self.parameters.split_terminator(' ')
    }
}

/// The templates of policies, sorted.
pub fn policies() -> impl Iterator<Item = PolicyTemplate> {
    text("policies").lines().filter_map(|line| {
        let (words, _) = line.split_once(" [")?;
        let (name, parameters) = words.split_once(' ').unwrap_or((words, ""));
        Some(PolicyTemplate { name, parameters, statements: &line[words.len() + 1..] })
    })
}

/// The template of that name.
pub fn policy(name: &str) -> Option<PolicyTemplate> {
    policies().find(|policy| policy.name == name)
}

fn text(name: &str) -> &'static str {
    static READ: Shelf<String> = Shelf::new();
    READ.get(name, || ARCHIVE.read(name)).map_or("", String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Json;

    #[test]
    fn what_globals_may_have_is_known() {
        let function = section("Function").unwrap();
        assert!(function.properties().any(|name| name == "Timeout"));
        assert!(function.properties().all(|name| name != "Events"));
        assert!(section("Queue").is_none());
        assert!(sections().collect::<Vec<_>>().is_sorted_by_key(|section| section.name));
    }

    #[test]
    fn a_template_of_a_policy_has_parameters_and_statements() {
        assert!(policies().count() > 70);
        assert_eq!(policy("SQSPollerPolicy").unwrap().parameters().collect::<Vec<_>>(), ["QueueName"]);
        assert_eq!(policy("AMIDescribePolicy").unwrap().parameters().count(), 0);
        for policy in policies() {
            let statements: Json = serde_json::from_str(policy.statements).unwrap();
            assert!(statements.as_array().is_some_and(|all| !all.is_empty()), "{}", policy.name);
        }
    }
}
