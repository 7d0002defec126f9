//! Live runs: an [`Outside`] that calls what the template deploys.
//!
//! [`Settings::start`] makes a [`Live`] of a template and of where code lies; [`Run::outside`](crate::asl::run::Run::outside)
//! takes it, and any number of runs may share one.

mod aws;
mod lambda;
mod request;
mod resources;

use std::{path::PathBuf, sync::Arc};

use self::{aws::Bridge, lambda::Functions, request::Request, resources::Resources};
use crate::{
    asl::run::{Answer, Outside, TaskCall, Unavailable},
    template::Template,
};

/// The settings of a [`Live`]: the template whose functions it runs, and what is not in the template.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    template: Option<Template>,
    code: Vec<(String, PathBuf)>,
}

/// An outside that calls what the template deploys: its functions in processes of their own, all else through the AWS
/// CLI. Clones are the same one; what it has started ends with the last of them.
#[derive(Clone)]
pub struct Live(Arc<Parts>);

/// The parts of a live outside, which all its runs share.
struct Parts {
    functions: Functions,
    bridge: Bridge,
}

impl Settings {
    /// No template, no code.
    pub fn new() -> Self {
        Self::default()
    }

    /// The template whose functions are run.
    pub fn template(mut self, template: &Template) -> Self {
        self.template = Some(template.clone());
        self
    }

    /// The code of a function, where the template does not have it: a folder, a `.zip`, or a program that speaks the
    /// Lambda runtime API. The function is named by its logical id, its name or its ARN.
    pub fn code(mut self, function: impl Into<String>, path: impl Into<PathBuf>) -> Self {
        self.code.push((function.into(), path.into()));
        self
    }

    /// Makes the outside; nothing is started before it is called.
    pub fn start(self) -> Result<Live, Unavailable> {
        let resources = Resources::new(self.template.as_ref());
        let functions = Functions::new(self.template.as_ref(), &self.code, &resources)?;
        Ok(Live(Arc::new(Parts { functions, bridge: Bridge::new() })))
    }
}

impl Parts {
    /// Answers a call, in as much time as it takes.
    fn call(&self, request: &Request) -> Result<Answer, Unavailable> {
        match self.functions.called_by(request) {
            Some(function) => self.functions.invoke(function, request),
            None => self.bridge.call(request),
        }
    }
}

impl Outside for Live {
    fn call(&mut self, call: &TaskCall<'_>) -> Result<Answer, Unavailable> {
        let (parts, request) = (Arc::clone(&self.0), Request::new(call));
        Ok(Answer::background(move || parts.call(&request)))
    }
}
