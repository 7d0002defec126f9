//! The functions of the template, each in processes of its own.

use std::path::PathBuf;

use super::{request::Request, resources::Resources};
use crate::{
    asl::run::{Answer, Unavailable},
    template::Template,
};

/// The functions that can be invoked here.
pub(super) struct Functions;

/// A function.
pub(super) struct Function;

impl Functions {
    pub fn new(
        _template: Option<&Template>,
        _code: &[(String, PathBuf)],
        _resources: &Resources,
    ) -> Result<Self, Unavailable> {
        Ok(Self)
    }

    /// The function that a task calls, if it is one of these.
    pub fn called_by(&self, _request: &Request) -> Option<&Function> {
        None
    }

    pub fn invoke(&self, _function: &Function, _request: &Request) -> Result<Answer, Unavailable> {
        Ok(Answer::never())
    }
}
