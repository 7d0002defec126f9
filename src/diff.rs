//! What a change of a template does to a stack that is deployed: what is created, updated, interrupted, replaced and
//! deleted, what data is lost, and what a state machine does otherwise.
//!
//! Two templates are compared by what they mean, not by their lines: `canonical.rs` says what means the same.

mod behaviour;
mod canonical;
mod code;
mod compare;
mod conditional;
mod interruption;
mod loss;
mod machine;
mod model;
mod obstacle;
mod order;
mod propagate;
mod quiet;
mod rename;
mod resource;
mod section;
pub mod security;
mod unordered;

pub use model::{
    Action, Change, CodeChange, Diff, EntryChange, Fate, Importer, Loss, MachineChange, Phase, PropertyChange, Quiet,
    Rename, ResourceChange, StateChange, Step,
};
pub(crate) use section::IMPORTED;

use crate::template::Template;

/// Compares two templates of one stack: the one that is deployed, and the one that is to be.
///
/// ```
/// use formwork::{diff::{Action, diff}, template::Template};
/// let old = Template::parse("
/// Resources:
///   Orders:
///     Type: AWS::SQS::Queue
///     Properties: {QueueName: orders, DelaySeconds: 30}
/// ")?;
/// let new = Template::parse(&old.to_yaml().replace("orders", "orders.fifo").replace("30", "'30'"))?;
/// let diff = diff(&old, &new);
/// assert_eq!(diff.resources[0].action, Action::Replace);
/// assert_eq!(diff.resources[0].properties.len(), 1);
/// # Ok::<(), formwork::template::ParseError>(())
/// ```
pub fn diff(old: &Template, new: &Template) -> Diff {
    let mut resources = resource::changes(old, new);
    propagate::replacements(&mut resources, new);
    obstacle::add(&mut resources, old, new);
    let machines = machine::changes(&resources, old, new);
    quiet::machines(&mut resources, &machines, old, new);
    quiet::deployments(&mut resources);
    let renames = rename::renames(&resources);
    let conditions = section::conditions(old, new);
    let losses = loss::losses(&resources, &renames, &conditions, old, new);
    let order = order::steps(&resources, old, new);
    Diff {
        losses,
        renames,
        security: security::changes(old, new),
        parameters: section::parameters(old, new),
        mappings: section::entries(old, new, "Mappings"),
        conditions,
        outputs: section::outputs(&resources, old, new),
        others: section::others(old, new),
        code: code::changes(&resources),
        machines,
        order,
        resources,
    }
}
