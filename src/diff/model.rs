//! The model of a diff: plain data, which every form of output reads.

use serde::Serialize;

use super::security;
use crate::{diagnostic::Path, json::Json};

/// What differs between two templates of one stack, and what CloudFormation does about it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Diff {
    /// The data that is lost, the certain losses first.
    pub losses: Vec<Loss>,
    /// The resources, in the order of the new template, then those that it no longer has.
    pub resources: Vec<ResourceChange>,
    /// The resources that have another logical id alone, and are made anew for it.
    pub renames: Vec<Rename>,
    /// What somebody may do that nobody could, and the other way around.
    pub security: Vec<security::Change>,
    /// The parameters.
    pub parameters: Vec<EntryChange>,
    /// The mappings.
    pub mappings: Vec<EntryChange>,
    /// The conditions.
    pub conditions: Vec<EntryChange>,
    /// The outputs.
    pub outputs: Vec<EntryChange>,
    /// The other sections, such as `Transform` and `Rules`, each as a whole.
    pub others: Vec<EntryChange>,
    /// The state machines whose definitions say something else.
    pub machines: Vec<MachineChange>,
    /// The texts of several lines, such as the code of a function.
    pub code: Vec<CodeChange>,
    /// The steps in which CloudFormation does all of it.
    pub order: Vec<Step>,
}

impl Diff {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        let sections = [&self.parameters, &self.mappings, &self.conditions, &self.outputs, &self.others];
        self.resources.is_empty() && sections.iter().all(|section| section.is_empty())
    }

    /// Whether a resource is replaced for sure.
    pub fn replaces(&self) -> bool {
        self.resources.iter().any(|change| change.action == Action::Replace)
    }

    /// Whether somebody may do more, and not merely parts of the stack among each other.
    pub fn broadens(&self) -> bool {
        self.security.iter().any(security::Change::broadens)
    }
}

/// What CloudFormation does to a resource, in the order of how much it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Nothing.
    None,
    /// It is updated where it is, and works all the while.
    Update,
    /// It is made.
    Create,
    /// It leaves the stack, and stays.
    Retain,
    /// It is updated where it is, and does not work for a while.
    Interrupt,
    /// It is made anew, or updated: that depends on what the template does not say.
    MaybeReplace,
    /// It is made anew, and the old one is given up.
    Replace,
    /// It is deleted.
    Delete,
}

/// How an entry of a template differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// The new template alone has it.
    Added,
    /// The old template alone has it.
    Removed,
    /// Both have it, and it differs.
    Changed,
    /// Both have it, and it is the same; what it refers to is replaced.
    Affected,
}

/// What becomes of a physical resource that a stack gives up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// It is deleted.
    Delete,
    /// It is deleted once a snapshot of it is made.
    Snapshot,
    /// It stays, outside of the stack.
    Retain,
}

/// A change that nobody need look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Quiet {
    /// A text for people: a description, a comment, metadata.
    Description,
    /// The place of an archive of code, named by its hash.
    CodeHash,
    /// The deployment of an API, which follows from a change of its methods.
    Deployment,
    /// The same definition of a state machine, written otherwise.
    Form,
}

/// A resource that differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ResourceChange {
    /// The logical id.
    pub id: String,
    /// The type: that of the new template, where it has the resource.
    #[serde(rename = "type")]
    pub kind: String,
    /// How it differs.
    pub change: Change,
    /// What is done to it: the most of what its properties ask for.
    pub action: Action,
    /// What becomes of the physical resource that is given up; none where none is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fate: Option<Fate>,
    /// The properties that differ, by their paths below `Properties`.
    pub properties: Vec<PropertyChange>,
    /// The attributes that differ, such as `DependsOn` and `DeletionPolicy`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<PropertyChange>,
    /// The whole resource of the old template, where the new one has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Json>,
    /// The whole resource of the new template, where the old one had none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Json>,
    /// Why CloudFormation will refuse or fail to do this, and how to avoid that.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub obstacles: Vec<String>,
    /// Why nobody need look at it: all that differs is of that kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quiet: Option<Quiet>,
}

/// A property or an attribute that differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PropertyChange {
    /// The place below `Properties`, or the name of the attribute: `Tags/0/Value`.
    pub path: Path,
    /// The value of the old template, as it was written; none where there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Json>,
    /// The value of the new template, as it is written; none where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Json>,
    /// What this change asks for.
    pub action: Action,
    /// Why: the condition that decides, or the resource whose replacement changes the value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
    /// Why nobody need look at it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quiet: Option<Quiet>,
}

/// Data that is lost.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Loss {
    /// The logical id of what holds the data.
    pub id: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Whether it is lost in any case; else that depends on what the template does not say.
    pub certain: bool,
    /// What is lost, and by what.
    pub what: String,
    /// How to avoid it.
    pub remedy: String,
}

/// A resource that has another logical id in the new template, and nothing else that differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rename {
    /// The logical id in the old template.
    pub from: String,
    /// The logical id in the new template.
    pub to: String,
    /// The type.
    #[serde(rename = "type")]
    pub kind: String,
    /// How to avoid that it is made anew.
    pub remedy: String,
}

/// An entry of another section that differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EntryChange {
    /// The name of the entry, or of the section.
    pub name: String,
    /// How it differs.
    pub change: Change,
    /// The entry of the old template.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Json>,
    /// The entry of the new template.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Json>,
    /// What it does to the stack, where that is not plain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect: Option<String>,
    /// Of an export that goes or changes: where other stacks import it, as far as they are known. Two templates say
    /// nothing of it; the command `diff` knows the stacks of the project.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub importers: Vec<Importer>,
    /// Why nobody need look at it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quiet: Option<Quiet>,
}

/// A place in the deployed template of another stack that imports an export.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Importer {
    /// The name of the stack.
    pub stack: String,
    /// The path of the `Fn::ImportValue`.
    pub path: Path,
    /// The line of the program that has it, as `src/service.rs:20`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
    /// Whether the new template of that stack imports it no longer, so that the stack is to be deployed first.
    #[serde(rename = "released")]
    pub is_released: bool,
}

/// A state machine whose definition says something else.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MachineChange {
    /// The logical id.
    pub id: String,
    /// The states that differ, those of inner workflows with the path to them.
    pub states: Vec<StateChange>,
    /// The fields of the definition beside its states, such as `StartAt`.
    pub fields: Vec<PropertyChange>,
    /// What happens to the executions that run meanwhile.
    pub executions: String,
}

/// A state that differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StateChange {
    /// The path in the definition: `/States/Render`.
    pub path: Path,
    /// How it differs.
    pub change: Change,
    /// What is different, in words: `goes to`, `retries`, `catches`, `arguments`.
    pub subjects: Vec<String>,
    /// The fields that differ.
    pub fields: Vec<PropertyChange>,
}

/// A text of several lines that differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CodeChange {
    /// The logical id.
    pub id: String,
    /// The place below `Properties`.
    pub path: Path,
    /// The difference, as a unified diff without the names of files.
    pub unified: String,
}

/// What is done in a step of an update.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// A resource is made.
    Create,
    /// A resource is updated.
    Update,
    /// A new resource is made in place of the old one, which stays until the cleanup.
    Replace,
    /// A resource that the stack gave up is deleted, in the cleanup.
    Delete,
    /// A resource that the stack gave up stays.
    Retain,
}

/// A step of an update.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Step {
    /// What is done.
    pub phase: Phase,
    /// The logical id.
    pub id: String,
}
