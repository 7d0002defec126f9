//! A template as the Rust code that synthesizes it: what a team has, as the start of what it writes.
//!
//! The promise is the round trip: what the code synthesizes differs from the template in nothing, as [`diff`](crate::diff)
//! sees it. What has a struct is one; what the typed API cannot say exactly is JSON as it stands; and a template that a
//! stack cannot have is refused with the reason.

mod case;
mod code;
mod file;
mod hoist;
mod imports;
mod layout;
mod order;
mod plan;
mod policy;
mod scope;
mod value;

use crate::{diagnostic::Diagnostic, template::Template};

/// The Rust code of a template: a module with a function `stack`, which composes a stack of that name.
///
/// # Errors
///
/// What of the template no stack can have, each with its place.
///
/// ```
/// use formwork::{import::import, template::Template};
/// let template = Template::parse("
/// Resources:
///   Orders:
///     Type: AWS::SQS::Queue
///     Properties: {VisibilityTimeout: 30}
/// ")?;
/// assert_eq!(import(&template, "orders").unwrap(), r#"use formwork::{Stack, aws::sqs::Queue};
///
/// /// Composes the stack.
/// pub fn stack() -> Stack {
///     let mut stack = Stack::new("orders");
///
///     stack.add("Orders", Queue::new().visibility_timeout(30));
///     stack
/// }
/// "#);
/// # Ok::<(), formwork::template::ParseError>(())
/// ```
pub fn import(template: &Template, name: &str) -> Result<String, Vec<Diagnostic>> {
    let steps = plan::steps(template)?;
    Ok(file::render(name, "", steps))
}
