//! What is known of a template's resources before any are folded.

use std::collections::{BTreeMap, BTreeSet};

use super::content::Content;
use crate::{diagnostic::Path, graph::model::EdgeKind};

/// An edge between two resources, before any are folded.
#[derive(Default)]
pub(super) struct Bond {
    pub labels: BTreeSet<String>,
    pub actions: BTreeSet<String>,
    pub notes: BTreeSet<String>,
    pub path: Option<Path>,
}

pub(super) type Bonds = BTreeMap<(usize, usize, EdgeKind), Bond>;

/// What the picture is drawn from.
pub(super) struct Drawing<'a> {
    pub content: &'a Content<'a>,
    pub owners: &'a [usize],
    /// The VPC that a resource is in.
    pub vpcs: &'a BTreeMap<usize, usize>,
    pub bonds: &'a Bonds,
    pub all: bool,
}
