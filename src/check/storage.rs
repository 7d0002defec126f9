//! Stores: what becomes of the data that a resource keeps.

pub(super) mod deletion_policy;
pub(super) mod log_retention;

use super::{read::is_function, subject::Entry};
use crate::json::{Json, Object};
