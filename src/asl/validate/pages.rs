//! The pages of the developer guide that several rules name.

/// How a definition is put together.
pub(super) const STRUCTURE: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html";

/// Retriers and catchers.
pub(super) const ERRORS: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html";
