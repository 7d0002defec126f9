//! Handles: what a stack gives for each resource that is added.

use std::{fmt, marker::PhantomData};

use super::resource::RawResource;
use crate::value::{Intrinsic, Reference, Value};

/// A handle to a resource that is in a stack: its logical id, typed so that only its real attributes exist.
///
/// The attributes (`!GetAtt`) are methods named as AWS names them (`queue.arn()`); what `!Ref` gives is one too
/// (`queue.queue_url()`).
pub struct Handle<R> {
    reference: Reference,
    of: PhantomData<fn() -> R>,
}

impl<R> Clone for Handle<R> {
    fn clone(&self) -> Self {
        Self { reference: self.reference.clone(), of: PhantomData }
    }
}

impl<R> fmt::Debug for Handle<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Handle({:?})", self.reference)
    }
}

impl<R> Handle<R> {
    pub(super) fn new(reference: Reference) -> Self {
        Self { reference, of: PhantomData }
    }

    /// The logical id: the resource's name within its stack.
    pub fn logical_id(&self) -> &str {
        &self.reference.id
    }

    /// The `!Ref` of the resource: what it gives is said at the resource type; the method named after that reads
    /// better.
    #[doc(alias = "!Ref")]
    pub fn reference(&self) -> Value<String> {
        Value::Intrinsic(Intrinsic::new("Ref", self.logical_id()).with(self.reference.clone()))
    }

    /// The logical id, with the stack that it belongs to.
    pub(crate) fn referent(&self) -> &Reference {
        &self.reference
    }

    /// An attribute (`!GetAtt`); the generated methods are the way to name one.
    pub(crate) fn attribute<T>(&self, name: &str) -> Value<T> {
        Value::Intrinsic(Intrinsic::new("Fn::GetAtt", &(self.logical_id(), name)).with(self.reference.clone()))
    }
}

impl Handle<RawResource> {
    /// An attribute (`!GetAtt`) of a resource whose type has no struct.
    #[doc(alias = "!GetAtt")]
    #[doc(alias = "Fn::GetAtt")]
    pub fn get_att<T>(&self, name: &str) -> Value<T> {
        self.attribute(name)
    }
}
