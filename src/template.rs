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
