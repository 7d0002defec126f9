//! What goes over the wire: the API's request, what the functions take and hand on, what is stored between them.
//!
//! The API's model is made from [`Request`]; the functions' tests hold what they take and give against
//! `contract/schemas`, which is made from these types. Samples and counterexamples stand beside it.

#[cfg(test)]
mod mocks;
#[cfg(test)]
mod payloads;
pub mod results;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod workflow;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

/// What no title has: control characters and line breaks, half a surrogate pair, and what mail programs make a link of.
/// JavaScript, Java and Python read it alike, whether they count characters or units of UTF-16.
const TITLE: &str = r"^(?![\s\S]*([\u0000-\u001f\u007f-\u009f\u2028\u2029]|[\ud800-\udbff](?![\udc00-\udfff])|(^|[^\ud800-\udbff])[\udc00-\udfff]|://|[Ww]{3}\.))";

// No doc comments: the template would carry them, as descriptions of the API's model.
// Body of `POST /create_report`, and input of the workflow. Without a body it is `{}`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Request {
    // Heading of the report; the mail names it.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", length(min = 1, max = 100), regex(pattern = TITLE))]
    pub title: Option<String>,
    // A bean of which there are fewer is marked as low in stock; 0 marks those oversold.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u64")]
    pub low_stock_below: Option<u64>,
}

/// A field that may be absent, but is not null when it is there.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}
