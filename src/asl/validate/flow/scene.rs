//! The scene of a state: the shapes that its paths and expressions read, and what they read in vain.

use super::{
    jsonata,
    miss::{Effect, Got, Miss},
    shape::{Member, Origin, Shape},
};
use crate::{
    asl::{
        definition::{Count, PathField, Template, Text},
        expression::{
            intrinsic::{Argument, Intrinsic},
            jsonata::Expression,
            jsonpath::{PathExpression, PathPart, Root},
        },
    },
    json::Pointer,
};

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

/// What a state reads in vain, where, and what comes of it.
#[derive(Default)]
pub(super) struct Reads(pub Vec<(Miss, String, Effect)>);

impl Reads {
    pub fn add(&mut self, miss: &Miss, at: &Pointer<'_>, effect: Effect) {
        self.0.push((miss.clone(), at.to_string(), effect));
    }

    /// The shape of what must be there.
    pub fn required(&mut self, got: Got, at: &Pointer<'_>) -> Shape {
        if let Some(miss) = got.miss() {
            self.add(miss, at, Effect::Fails);
        }
        got.shape()
    }
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

    /// The data after `InputPath` or `OutputPath`.
    pub fn filtered(&self, field: &PathField, at: &Pointer<'_>, reads: &mut Reads) -> Shape {
        match field {
            PathField::Whole => self.data.clone(),
            PathField::Nothing => Shape::object(Vec::new(), false, self.origin.clone()),
            PathField::Path(path) => reads.required(self.find(path), at),
        }
    }

    /// What a template makes.
    pub fn template(&self, template: &Template, at: &Pointer<'_>, reads: &mut Reads) -> Shape {
        match template {
            Template::Literal(json) => Shape::of(json, self.origin),
            Template::Array(items) => {
                let items = items.iter().enumerate();
                Shape::tuple(items.map(|(index, item)| self.template(item, &at.index(index), reads)).collect())
            }
            Template::Object(members) => {
                let open = members.iter().any(|(name, _)| name.contains("${"));
                let members = members.iter().map(|(name, value)| {
                    let key = match value {
                        Template::Path { .. } | Template::Intrinsic(_) => format!("{name}.$"),
                        _ => name.clone(),
                    };
                    (name.as_str().into(), Member::new(self.template(value, &at.key(&key), reads)))
                });
                Shape::object(members.collect(), open, self.origin.clone())
            }
            Template::Path { path, .. } => reads.required(self.find(path), at),
            Template::Intrinsic(call) => self.intrinsic(call, at, reads),
            Template::Expression(expression) => self.expression(expression, at, reads),
        }
    }

    /// What an expression gives, which must be something.
    pub fn expression(&self, expression: &Expression, at: &Pointer<'_>, reads: &mut Reads) -> Shape {
        let got = jsonata::evaluate(expression, self, &mut |miss| reads.add(miss, at, Effect::Lacks));
        reads.required(got, at)
    }

    fn intrinsic(&self, call: &Intrinsic, at: &Pointer<'_>, reads: &mut Reads) -> Shape {
        let arguments: Vec<Shape> = call
            .arguments()
            .iter()
            .map(|argument| match argument {
                Argument::Text(_) => Shape::TEXT,
                Argument::Number(_) => Shape::NUMBER,
                Argument::Boolean(_) => Shape::BOOLEAN,
                Argument::Null => Shape::Scalar("null"),
                Argument::Path(path) => reads.required(self.find(path), at),
                Argument::Call(call) => self.intrinsic(call, at, reads),
            })
            .collect();
        match call.name() {
            "States.Array" => Shape::tuple(arguments),
            "States.ArrayContains" => Shape::BOOLEAN,
            "States.ArrayGetItem" => match arguments.first() {
                Some(Shape::Array(array)) => array.item.clone(),
                _ => Shape::Unknown,
            },
            "States.ArrayLength" | "States.MathAdd" | "States.MathRandom" => Shape::NUMBER,
            "States.ArrayRange" => Shape::list(Shape::NUMBER),
            "States.ArrayUnique" => match arguments.first() {
                Some(Shape::Array(array)) => Shape::list(array.item.clone()),
                _ => Shape::list(Shape::Unknown),
            },
            "States.ArrayPartition" => Shape::list(Shape::Unknown),
            "States.StringSplit" => Shape::list(Shape::TEXT),
            "States.Base64Decode"
            | "States.Base64Encode"
            | "States.Format"
            | "States.Hash"
            | "States.JsonToString"
            | "States.UUID" => Shape::TEXT,
            _ => Shape::Unknown,
        }
    }

    /// Reads a number that may be computed.
    pub fn count(&self, count: Option<&Count>, at: &Pointer<'_>, reads: &mut Reads) {
        match count {
            Some(Count::Path { field, path }) => {
                reads.required(self.find(path), &at.key(field));
            }
            Some(Count::Expression { field, expression }) => {
                self.expression(expression, &at.key(field), reads);
            }
            Some(Count::Literal(_)) | None => {}
        }
    }

    /// Reads a text that may be computed.
    pub fn text(&self, text: Option<&Text>, at: &Pointer<'_>, reads: &mut Reads) {
        match text {
            Some(Text::Path { field, path }) => {
                reads.required(self.find(path), &at.key(field));
            }
            Some(Text::Intrinsic { field, call }) => {
                self.intrinsic(call, &at.key(field), reads);
            }
            Some(Text::Expression { field, expression }) => {
                self.expression(expression, &at.key(field), reads);
            }
            Some(Text::Literal(_)) | None => {}
        }
    }
}

/// The member of a value.
pub(super) fn step(shape: &Shape, name: &str, of: &Option<String>) -> Got {
    use super::shape::Look;
    let miss = |found: Shape, route| Box::new(Miss { name: name.to_owned(), of: of.clone(), found, route });
    match shape.member(name) {
        Look::Found(shape) => Got::There(shape),
        Look::Lacking(next, lack) => Got::Partly(next, miss(shape.clone(), Some(lack))),
        Look::Absent => Got::Missing(miss(shape.clone(), None)),
    }
}
