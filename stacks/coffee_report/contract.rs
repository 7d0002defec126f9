//! What goes over the wire: the API's request, what the functions take and hand on, what is stored between them.
//!
//! The API's model is made from [`Request`]; the functions' tests hold what they take and give against
//! `contract/schemas`, which is made from these types. Samples and counterexamples stand beside it.

#[cfg(test)]
mod mocks;
#[cfg(test)]
mod payloads;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod workflow;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

/// Body of `POST /create_report`, and input of the workflow. Without a body it is `{}`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Request {
    /// Heading of the report.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", length(min = 1, max = 100))]
    pub title: Option<String>,
    /// A bean of which there are fewer is marked as low in stock; 0 marks those oversold.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u64")]
    pub low_stock_below: Option<u64>,
}

/// A field that may be absent, but is not null when it is there.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}
