//! What the functions return: what the workflow may read of it, and the functions' tests hold them to.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A moment as a reader of the mail says it: weekday, day, month, year, time to the minute, zone.
pub(super) const DATE: &str = r"^[A-Z][a-z]+day, [1-9][0-9]? [A-Z][a-z]+ [0-9]{4}, [0-9]{2}:[0-9]{2} UTC$";
/// Where an inventory lies in the bucket. The functions' roles know the prefix.
pub(super) const INVENTORY_KEY: &str = r"^inventory/.+\.json$";
/// Where a report lies in the bucket.
pub(super) const REPORT_KEY: &str = r"^reports/.+\.html$";

/// What `generate_report_data` returns: where the inventory is, and what it counts.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenerateReportDataResult {
    /// Key of the inventory in the bucket.
    #[schemars(regex(pattern = INVENTORY_KEY))]
    pub key: String,
    pub suppliers: u64,
    pub beans: u64,
}

/// What `generate_html` returns: where the report is, and what it shows.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenerateHtmlResult {
    /// Key of the report in the bucket.
    #[schemars(regex(pattern = REPORT_KEY))]
    pub key: String,
    pub suppliers: u64,
    pub beans: u64,
    /// Beans of which there are fewer than `lowStockBelow`.
    pub low_stock: u64,
}

/// What `generate_presigned_url` returns.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GeneratePresignedUrlResult {
    /// The link: who has it may read the report.
    #[schemars(regex(pattern = r"^https://"))]
    pub url: String,
    /// Until then the link works; the mail says it in these words.
    #[schemars(regex(pattern = DATE))]
    pub expires_at: String,
}
