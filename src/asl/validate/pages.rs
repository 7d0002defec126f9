//! The pages of the developer guide that several rules name.

/// The page on the structure of a definition.
pub(super) const STRUCTURE: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html";

/// The page on retriers and catchers.
pub(super) const ERRORS: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html";

/// The page on what the integrations offer.
pub(super) const INTEGRATIONS: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html";

/// The page on what the AWS SDK integrations call.
pub(super) const SDK: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html";
