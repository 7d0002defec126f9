//! The payloads that no line of the stack is made from: the workflow that hands them on speaks JSONata, the functions
//! Python. So only tests know these types, and hold the others to them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use super::results::*;
use super::{
    TITLE, present,
    results::{INVENTORY_KEY, REPORT_KEY},
};

/// A moment in UTC, to the second.
const MOMENT: &str = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$";

/// Answer of `POST /create_report` with status 202.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Accepted {
    /// ARN of the execution that makes the report.
    #[schemars(regex(pattern = r"^arn:[^:]+:states:"))]
    pub execution_arn: String,
    /// Seconds since 1970, to the millisecond.
    #[schemars(range(min = 0))]
    pub start_date: f64,
}

/// Answer of `POST /create_report` with status 200: the idempotency key was used before, and this came of it.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Repeated {
    /// ARN of the execution that has the key as its name.
    #[schemars(regex(pattern = r"^arn:[^:]+:states:"))]
    pub execution_arn: String,
}

/// What `generate_report_data` takes.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenerateReportDataEvent {
    /// Name of the workflow's execution, which names what it stores.
    #[schemars(length(min = 1, max = 80))]
    pub execution: String,
}

/// What `generate_html` takes.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenerateHtmlEvent {
    /// Key of the inventory to read.
    #[schemars(regex(pattern = INVENTORY_KEY))]
    pub inventory_key: String,
    /// Key of the report to write.
    #[schemars(regex(pattern = REPORT_KEY))]
    pub report_key: String,
    /// That of the request; without it, the function has its own.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", length(max = 100), regex(pattern = TITLE))]
    pub title: Option<String>,
    /// That of the request; without it, the function has its own.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u64")]
    pub low_stock_below: Option<u64>,
}

/// What `generate_presigned_url` takes.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GeneratePresignedUrlEvent {
    /// Key of the report, which need not be there yet.
    #[schemars(regex(pattern = REPORT_KEY))]
    pub key: String,
}

/// What `initialize_database` takes. CloudFormation, whose event this is, may add to it.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html>
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct InitializeDatabaseEvent {
    pub request_type: RequestType,
    /// Where the answer goes, by PUT.
    #[serde(rename = "ResponseURL")]
    #[schemars(regex(pattern = r"^https?://"))]
    pub response_url: String,
    pub stack_id: String,
    pub request_id: String,
    pub logical_resource_id: String,
    /// That of the last answer; CloudFormation has none when it creates.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub physical_resource_id: Option<String>,
    pub resource_type: String,
    pub resource_properties: InitializeDatabaseProperties,
}

/// What CloudFormation is about to do with the resource.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
pub enum RequestType {
    Create,
    Update,
    Delete,
}

/// Properties of the custom resource `DatabaseTables`. CloudFormation hands on every scalar as text.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct InitializeDatabaseProperties {
    /// ARN of the function itself.
    pub service_token: String,
    /// Seconds that CloudFormation waits for the answer; the function has no use for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_timeout: Option<String>,
    pub cluster_arn: String,
    /// ARN of the secret of the user who makes the tables.
    pub admin_secret_arn: String,
    /// ARN of the secret of the user who may only read them.
    pub reader_secret_arn: String,
    /// Name of the database: what the function puts into SQL without more quoting than backticks.
    #[schemars(regex(pattern = r"^[A-Za-z][A-Za-z0-9]{0,63}$"))]
    pub database: String,
    /// Whether empty tables get sample rows.
    #[schemars(regex(pattern = r"^(true|false)$"))]
    pub sample_data: String,
    /// Follows the function's code, so that a change of it changes the tables.
    pub version: String,
}

/// What `initialize_database` answers CloudFormation.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html>
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct InitializeDatabaseAnswer {
    pub status: Status,
    /// Why it failed; empty when it did not. The whole answer may have 4,096 bytes.
    #[schemars(length(max = 400))]
    pub reason: String,
    /// Another one than before would replace the resource.
    #[schemars(length(min = 1, max = 1024))]
    pub physical_resource_id: String,
    pub stack_id: String,
    pub request_id: String,
    pub logical_resource_id: String,
}

/// Whether CloudFormation may go on.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Status {
    Success,
    Failed,
}

/// What is stored for a report: everything that the database held, in the order of ids. Lengths are those of the
/// tables' columns, and null is what these may be.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Inventory {
    /// When it was read.
    #[schemars(regex(pattern = MOMENT))]
    pub generated_at: String,
    pub suppliers: Vec<Supplier>,
}

/// A row of `suppliers` with its beans.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Supplier {
    pub id: i32,
    #[schemars(length(max = 200))]
    pub name: String,
    #[schemars(length(max = 200))]
    pub address: Option<String>,
    #[schemars(length(max = 100))]
    pub city: Option<String>,
    #[schemars(length(max = 100))]
    pub state: Option<String>,
    #[schemars(length(max = 254))]
    pub email: Option<String>,
    #[schemars(length(max = 50))]
    pub phone: Option<String>,
    /// May be empty.
    pub beans: Vec<Bean>,
}

/// A row of `beans`.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Bean {
    pub id: i32,
    /// Variety, such as Arabica.
    #[schemars(length(max = 100))]
    pub r#type: String,
    #[schemars(length(max = 200))]
    pub product_name: String,
    /// Of one unit, as exact as `DECIMAL(8,2)`: text, since a JSON number is read as a binary fraction. No currency.
    #[schemars(regex(pattern = r"^-?[0-9]{1,6}\.[0-9]{2}$"))]
    pub price: String,
    #[schemars(length(max = 2000))]
    pub description: Option<String>,
    /// Units in stock; negative when oversold.
    pub quantity: i32,
}
