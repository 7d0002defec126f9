//! Resources as a stack takes them: of a type with a struct, or of any other.

use std::borrow::Cow;

use serde::Serialize;

use crate::value::Extra;

/// A CloudFormation resource type: what [`Stack::add`](super::Stack::add) takes. Implemented by the generated structs
/// and by [`RawResource`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a CloudFormation resource",
    note = "`stack.add` takes a resource such as `sqs::Queue`; a property type such as \
            `lambda::function::Environment` goes into a resource's setter instead"
)]
pub trait Resource: Serialize {
    /// CloudFormation's name of the type, such as `AWS::SQS::Queue`.
    const TYPE: &'static str;
    /// The documentation page of the type.
    const DOCS: &'static str;

    /// The type of this one resource; differs from [`TYPE`](Self::TYPE) only where a struct stands for many types.
    fn resource_type(&self) -> Cow<'static, str> {
        Cow::Borrowed(Self::TYPE)
    }
}

/// A resource of any type, with properties as they are: for types without a struct, such as `Custom::…` or
/// those of other services.
///
/// ```
/// use formwork::{Stack, stack::RawResource};
/// let mut stack = Stack::new("mail");
/// let set = stack.add("Mails", RawResource::new("AWS::SES::ConfigurationSet").property("Name", "mails"));
/// stack.output("SetName", set.reference());
/// # assert!(stack.diagnostics().is_empty());
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RawResource {
    #[serde(skip)]
    resource_type: String,
    #[serde(flatten)]
    properties: Extra,
}

impl RawResource {
    /// A resource of type `resource_type` without properties.
    pub fn new(resource_type: impl Into<String>) -> Self {
        Self { resource_type: resource_type.into(), properties: Extra::default() }
    }

    /// Sets a property to anything that serializes, intrinsics included.
    pub fn property(mut self, name: impl Into<String>, value: impl Serialize) -> Self {
        self.properties.set(name, value);
        self
    }
}

impl Resource for RawResource {
    const TYPE: &'static str = "";
    const DOCS: &'static str =
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html";

    fn resource_type(&self) -> Cow<'static, str> {
        Cow::Owned(self.resource_type.clone())
    }
}
