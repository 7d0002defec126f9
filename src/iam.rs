//! IAM policy documents.

use serde::Serialize;

/// A policy document.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Policy(crate::value::Json);
