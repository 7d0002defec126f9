//! A change of who may do what: what is gained or lost, and how much it alarms.

use serde::Serialize;

use crate::diagnostic::Path;

/// How much a change alarms, the most first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rank {
    /// Everyone, another account, or an identity provider.
    Public,
    /// Actions that write or give permissions, which were not allowed on anything.
    Write,
    /// More resources, fewer conditions, actions that read, a protection that is dropped.
    Wider,
    /// Between a principal and a resource that are both of the template: no alarm.
    Internal,
}

/// Whether access is gained or lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// The new template allows what the old one did not.
    Gained,
    /// The old template allowed what the new one does not.
    Lost,
}

/// A change of who may do what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// How much it alarms.
    pub rank: Rank,
    /// Whether access is gained or lost.
    pub direction: Direction,
    /// False where it depends on what only the deployment knows.
    pub certain: bool,
    /// Who: the logical id of a role, `everyone`, an account, a service, a range of addresses.
    pub who: String,
    /// The actions, folded: `s3:Get*`, `s3:* beside s3:GetObject`; empty where it is about no actions.
    pub actions: Vec<String>,
    /// On what, as one would write it: `Reports.Arn/monthly/*`.
    pub resources: Vec<String>,
    /// The conditions that it is under: `StringEquals aws:SourceAccount ${AWS::AccountId}`.
    pub conditions: Vec<String>,
    /// The place in the old template.
    pub old: Option<Path>,
    /// The place in the new template.
    pub new: Option<Path>,
    /// The change in a sentence.
    pub sentence: String,
}

impl Change {
    /// Whether it lets somebody do more, and not merely parts of the template among each other.
    pub fn broadens(&self) -> bool {
        self.direction == Direction::Gained && self.rank != Rank::Internal
    }
}
