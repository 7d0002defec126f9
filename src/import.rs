//! A template as the Rust code that synthesizes it: what a team has, as the start of what it writes.
//!
//! The promise is the round trip: what the code synthesizes differs from the template in nothing, as [`diff`](crate::diff)
//! sees it. What has a struct is one; what the typed API cannot say exactly is JSON as it stands; and a template that no
//! stack can have is refused with the reason.

mod case;
mod code;
mod comment;
mod conditions;
mod file;
mod hoist;
mod imports;
mod layout;
mod order;
mod plan;
mod policy;
mod rules;
mod scope;
mod shape;
mod substituted;
mod value;
mod workflow;

use self::{comment::Comments, file::Contents};
use crate::{diagnostic::Diagnostic, template::Template};

pub(crate) use self::rules::RULES;

/// What is imported: a template, and what is known of it.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The template.
    pub template: &'a Template,
    /// The text that it was read from, whose comments are kept.
    pub text: Option<&'a str>,
    /// The name of the stack.
    pub name: &'a str,
    /// The name of the file, for the first line of the code; nothing where there is none.
    pub file: &'a str,
    /// True where structs that are behind cargo features are wanted too; without them such a resource is a
    /// [`RawResource`](crate::stack::RawResource).
    pub with_features: bool,
}

/// A template as code.
pub struct Imported(Contents);

impl Imported {
    /// The cargo features of this crate that the code needs, sorted.
    pub fn features(&self) -> Vec<&str> {
        plan::features(&self.0.steps, true)
    }

    /// The cargo features that structs are behind of resources which stayed JSON for want of them, sorted.
    pub fn features_left(&self) -> Vec<&str> {
        plan::features(&self.0.steps, false)
    }

    /// The code as one file, with a function `stack`.
    pub fn file(&self) -> String {
        self.0.file()
    }

    /// The code as the files of a folder, by their names: `mod.rs` with the function `stack`, a file for each service
    /// where there are many resources, and long texts as files beside.
    pub fn files(&self) -> Vec<(String, String)> {
        self.0.files()
    }
}

/// The Rust code of a template, which composes the same stack.
///
/// # Errors
///
/// What of the template no stack can have, each with its place.
///
/// ```
/// use formwork::{import::{Source, import}, template::Template};
/// let template = Template::parse("
/// Resources:
///   Orders:
///     Type: AWS::SQS::Queue
///     Properties: {VisibilityTimeout: 30}
/// ")?;
/// let source = Source { template: &template, text: None, name: "orders", file: "", with_features: false };
/// assert_eq!(import(&source).ok().map(|imported| imported.file()).as_deref(), Some(r#"use formwork::{Stack, aws::sqs::Queue};
///
/// /// Composes the stack.
/// pub fn stack() -> Stack {
///     let mut stack = Stack::new("orders");
///
///     stack.add("Orders", Queue::new().visibility_timeout(30));
///     stack
/// }
/// "#));
/// # Ok::<(), formwork::template::ParseError>(())
/// ```
pub fn import(source: &Source<'_>) -> Result<Imported, Vec<Diagnostic>> {
    let comments = source.text.map_or_else(Comments::default, |text| Comments::read(text, source.template));
    let steps = plan::steps(source.template, &comments, source.with_features)?;
    let mut head = Vec::new();
    if !source.file.is_empty() {
        head.push(format!("The stack `{}`, imported from `{}`.", source.name, source.file));
    }
    let features = plan::features(&steps, true);
    if !features.is_empty() {
        let names: Vec<String> = features.iter().map(|feature| format!("\"{feature}\"")).collect();
        head.extend((!head.is_empty()).then(String::new));
        head.push(format!("It needs `features = [{}]` of formwork.", names.join(", ")));
    }
    if !comments.head.is_empty() {
        head.extend((!head.is_empty()).then(String::new));
        head.extend(comments.head.iter().cloned());
    }
    Ok(Imported(Contents { name: source.name.to_owned(), head, steps }))
}
