//! What the fields of a state read: templates, expressions and what is computed else; and what they read in vain.

use super::{
    jsonata,
    miss::{Effect, Got, Miss},
    scene::Scene,
    shape::{Member, Shape},
};
use crate::{
    asl::{
        definition::{Count, PathField, Template, Text},
        expression::{
            intrinsic::{Argument, Intrinsic},
            jsonata::Expression,
        },
    },
    json::Pointer,
};

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
