//! Needs: what the roles of a template must be allowed for what it makes them do.

mod function;
mod gathered;
mod machine;
mod service;

pub(super) use self::{
    function::function_of,
    gathered::{Need, Needs},
};

use super::names::Names;
use crate::check::subject::Subject;

/// The needs of a template.
pub(super) fn needs<'a>(subject: &Subject<'a>) -> Needs<'a> {
    let mut needs = Needs::new(Names::new(subject.template));
    machine::gather(subject, &mut needs);
    function::gather(&mut needs);
    service::gather(&mut needs);
    needs
}
