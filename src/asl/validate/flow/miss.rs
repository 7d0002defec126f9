//! What is read and is not there.

use std::{borrow::Cow, rc::Rc};

use super::shape::{Lack, Origin, Shape};
use crate::{
    asl::definition::State,
    data::api,
    diagnostic::{Diagnostic, visible},
};

/// Names that a message lists.
const MOST_NAMES: usize = 12;

/// Something that is read where it is not.
#[derive(Clone, Debug)]
pub(super) struct Miss {
    /// The name, or an index in brackets.
    pub name: String,
    /// What it is read of: "its input", "`$states.result.Payload`"; none for a variable.
    pub of: Option<String>,
    /// What is there in its stead.
    pub found: Shape,
    /// The route on which it is missing, where others have it.
    pub route: Option<Rc<Lack>>,
}

/// What becomes of a state that reads what is not there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Effect {
    /// It fails.
    Fails,
    /// It fails if it gets there, which earlier rules of a `Choice` may prevent; or it goes on with less.
    Lacks,
}

/// The value of something that is read.
#[derive(Clone, Debug)]
pub(super) enum Got {
    /// It may be there, and is of that shape then.
    There(Shape),
    /// It is missing on a route.
    Partly(Shape, Box<Miss>),
    /// It is missing on every route.
    Missing(Box<Miss>),
}

impl Got {
    pub const UNKNOWN: Self = Self::There(Shape::Unknown);

    /// The shape of what is there.
    pub fn shape(self) -> Shape {
        match self {
            Self::There(shape) | Self::Partly(shape, _) => shape,
            Self::Missing(_) => Shape::Unknown,
        }
    }

    /// The same of another shape.
    pub fn with_shape(self, new: Shape) -> Self {
        match self {
            Self::There(_) => Self::There(new),
            Self::Partly(_, miss) => Self::Partly(new, miss),
            missing => missing,
        }
    }

    pub fn miss(&self) -> Option<&Miss> {
        match self {
            Self::There(_) => None,
            Self::Partly(_, miss) | Self::Missing(miss) => Some(miss),
        }
    }
}

impl Miss {
    /// Whether a type says that it is not there on any route.
    pub fn is_declared(&self) -> bool {
        self.route.is_none() && matches!(&self.found, Shape::Object(object) if object.declared)
    }

    /// The fault of a state that reads it in the field at `pointer`; none where nothing is certain.
    pub fn diagnostic(&self, state: &State, pointer: &str, effect: Effect) -> Option<Diagnostic> {
        let reads = match &self.of {
            Some(of) => format!("`{}` reads `{}` of {of}", state.name, self.name),
            None => format!("`{}` reads the variable `${}`", state.name, self.name),
        };
        let names = self.route.as_ref().map_or_else(|| self.found.names(), |lack| lack.names.clone());
        let fault = match (&self.route, effect) {
            (Some(lack), Effect::Fails) => {
                let has = match &self.of {
                    Some(_) => format!("{} {}", gives(&lack.from), listed(&names, "")),
                    None => format!("from {} it is not assigned", joined(&lack.from)),
                };
                Diagnostic::warning("F2102", pointer, format!("{reads}, which is not there on every route; {has}"))
            }
            (Some(_), Effect::Lacks) => return None,
            (None, effect) => {
                let message = format!("{reads}{}", self.instead(&names));
                match effect {
                    Effect::Fails => Diagnostic::error("F2101", pointer, message),
                    Effect::Lacks => Diagnostic::warning("F2103", pointer, message),
                }
            }
        };
        Some(fault.did_you_mean(&self.name, names.iter().map(|name| &**name)))
    }

    /// What is there, as the end of the message.
    fn instead(&self, names: &[Rc<str>]) -> String {
        match &self.found {
            Shape::Scalar(what) => format!(", which is {what}; expected an object"),
            Shape::Array(array) => match &array.known {
                Some(items) if self.name.starts_with('[') => format!(", which has {} items", items.len()),
                _ => ", which is an array; expected an object".to_owned(),
            },
            Shape::Object(_) if self.of.is_none() && names.is_empty() => {
                "; no variable is assigned on the way to it".to_owned()
            }
            Shape::Object(_) if self.of.is_none() => format!("; on the way to it are {}", listed(names, "$")),
            Shape::Object(object) => format!("; {} {}", gives(&object.from), listed(names, "")),
            Shape::Modelled(modelled) => {
                let source = api::archive().provenance();
                format!("; {} {} ({source})", gives(&modelled.from), listed(names, ""))
            }
            Shape::Unknown => String::new(),
        }
    }
}

/// "`A` and `B` give".
fn gives(from: &Origin) -> String {
    format!("{} {}", joined(from), if from.len() == 1 { "gives" } else { "give" })
}

fn joined(from: &Origin) -> String {
    match &**from {
        [] => "nothing".to_owned(),
        [one] => one.to_string(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// The names, as far as a message lists them.
fn listed(names: &[Rc<str>], prefix: &str) -> String {
    if names.is_empty() {
        return "no members".to_owned();
    }
    // The other spelling of a name follows it.
    let is_twin = |at: usize| at > 0 && names[at - 1].eq_ignore_ascii_case(&names[at]);
    let names: Vec<_> = (0..names.len()).filter(|&at| !is_twin(at)).map(|at| &names[at]).collect();
    let shown = names.iter().take(MOST_NAMES).map(|name| format!("`{prefix}{}`", visible(&short(name))));
    let more = if names.len() > MOST_NAMES { ", …" } else { "" };
    format!("{}{more}", shown.collect::<Vec<_>>().join(", "))
}

fn short(name: &str) -> Cow<'_, str> {
    match name.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &name[..end]).into(),
        None => name.into(),
    }
}
