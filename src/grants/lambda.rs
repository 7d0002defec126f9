//! Lambda functions.

use super::attribute_and;
use crate::{
    aws::lambda::{Alias, Function, Version},
    iam::{Statement, allow},
    stack::Handle,
};

impl Handle<Function> {
    /// `lambda:InvokeFunction` of the unqualified function: what it is now.
    pub fn allow_invoke(&self) -> Statement {
        allow("lambda:InvokeFunction").on(self.arn())
    }

    /// `lambda:InvokeFunction` of every version and alias, not of the unqualified function.
    pub fn allow_invoke_qualified(&self) -> Statement {
        allow("lambda:InvokeFunction").on(attribute_and(self, "Arn", ":*"))
    }
}

impl Handle<Alias> {
    /// `lambda:InvokeFunction` by this alias.
    pub fn allow_invoke(&self) -> Statement {
        allow("lambda:InvokeFunction").on(self.reference())
    }
}

impl Handle<Version> {
    /// `lambda:InvokeFunction` of this version.
    pub fn allow_invoke(&self) -> Statement {
        allow("lambda:InvokeFunction").on(self.reference())
    }
}
