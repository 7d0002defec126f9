//! What goes over the wire: the API's request, what the functions hand on, what is stored between them.
//!
//! The API's request model is made from [`Request`].

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Body of `POST /create_report`, and input of the workflow.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Request {
    /// Heading of the report.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 100))]
    pub title: Option<String>,
    /// A bean of which there are fewer is marked as low in stock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub low_stock_below: Option<u32>,
}
