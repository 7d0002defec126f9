//! The scene of a state: the shapes that its paths and expressions read.

use super::{
    miss::{Got, Miss},
    shape::{Look, Origin, Shape},
};
use crate::asl::expression::jsonpath::{PathExpression, PathPart, Root};

/// What the expressions of a state see.
pub(super) struct Scene<'a> {
    /// What `$` stands for in JSONPath.
    pub data: Shape,
    /// The data in the words of a message.
    pub data_name: &'static str,
    pub input: &'a Shape,
    pub result: Option<Shape>,
    pub error: Option<Shape>,
    /// An object of all variables.
    pub variables: &'a Shape,
    pub context: &'a Shape,
    /// Whom the objects are from that the state makes.
    pub origin: &'a Origin,
}

impl Scene<'_> {
    /// What stands at a path.
    pub fn find(&self, path: &PathExpression) -> Got {
        let (mut shape, mut text, mut of) = match path.root() {
            Root::Input => (self.data.clone(), "$".to_owned(), Some(self.data_name.to_owned())),
            Root::Context => (self.context.clone(), "$$".to_owned(), Some("the context object".to_owned())),
            Root::Variable(name) => match self.variable(name) {
                Got::There(shape) => (shape, format!("${name}"), Some(format!("`${name}`"))),
                other => return other,
            },
        };
        let Some(parts) = path.parts() else {
            // All that matches, which may be nothing.
            return Got::There(if path.is_definite() { Shape::Unknown } else { Shape::list(Shape::Unknown) });
        };
        let mut partly = None;
        for part in parts {
            let missing = |name: String, of: Option<String>, found: &Shape| {
                Got::Missing(Box::new(Miss { name, of, found: found.clone(), route: None }))
            };
            shape = match part {
                PathPart::Field(name) if name.contains("${") => return Got::UNKNOWN,
                PathPart::Field(name) => {
                    let next = match step(&shape, name, &of) {
                        Got::There(shape) => shape,
                        Got::Partly(shape, miss) => {
                            partly.get_or_insert(miss);
                            shape
                        }
                        missing @ Got::Missing(_) => return missing,
                    };
                    text.push('.');
                    text.push_str(name);
                    next
                }
                PathPart::Index(index) => {
                    let next = match &shape {
                        Shape::Unknown => Shape::Unknown,
                        Shape::Array(array) => match &array.known {
                            // What is past the end is null in some fields.
                            Some(items) => items.get(index).cloned().unwrap_or(Shape::Unknown),
                            None => array.item.clone(),
                        },
                        Shape::Scalar("null") => Shape::Unknown,
                        other => return missing(format!("[{index}]"), of, other),
                    };
                    text.push_str(&format!("[{index}]"));
                    next
                }
                PathPart::Other => return Got::UNKNOWN,
            };
            of = Some(format!("`{text}`"));
        }
        match partly {
            Some(miss) => Got::Partly(shape, miss),
            None => Got::There(shape),
        }
    }

    /// A variable.
    pub fn variable(&self, name: &str) -> Got {
        step(self.variables, name, &None)
    }
}

/// The member of a value.
pub(super) fn step(shape: &Shape, name: &str, of: &Option<String>) -> Got {
    let miss = |found: Shape, route| Box::new(Miss { name: name.to_owned(), of: of.clone(), found, route });
    match shape.member(name) {
        Look::Found(shape) => Got::There(shape),
        Look::Lacking(next, lack) => Got::Partly(next, miss(shape.clone(), Some(lack))),
        Look::Absent => Got::Missing(miss(shape.clone(), None)),
    }
}
