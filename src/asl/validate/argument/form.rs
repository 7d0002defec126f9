//! What an argument may be: as the model of an API has it, or as an integration of its own does.

use std::borrow::Cow;

use super::super::optimized::{Action, Field, Holds};
use crate::{
    data::api::{self, Shape, Structure},
    json::Json,
};

/// What an argument may be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Form {
    /// The arguments of an action of an integration, with those of the operation behind it.
    Action(&'static Action, Option<Structure<'static>>),
    Api(Shape<'static>),
    Own(Holds),
    Nothing,
}

/// Who spells the names.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Spelling {
    /// The AWS SDK for Java, with a capital.
    Sdk,
    /// The API, with a capital.
    Api,
}

/// A member of an object.
#[derive(Debug)]
pub(super) struct Member {
    pub name: Cow<'static, str>,
    /// As the API has it.
    pub api_name: &'static str,
    pub is_required: bool,
    /// Whether it is the token of an idempotent call.
    pub is_token: bool,
    pub form: Form,
}

/// What a form says of an object.
pub(super) enum Object {
    Members(Vec<Member>),
    /// Every key leads to this.
    Map(Form),
    /// Whatever there is.
    Any,
}

/// The kind of value.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Any,
    Text,
    Whole,
    Number,
    Truth,
    Moment,
    List,
    Object,
}

/// Whether a value is what a form asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Fit {
    Yes,
    /// The service may take it for what it should be.
    Perhaps,
    No,
}

/// A value without its parts.
#[derive(Clone, Copy, Debug)]
pub(super) enum Outline<'v> {
    Scalar(&'v Json),
    List,
    Object,
}

impl Form {
    fn kind(self) -> Kind {
        match self {
            Self::Action(..) | Self::Nothing => Kind::Object,
            Self::Api(shape) => match shape {
                Shape::String | Shape::Enumeration(_) => Kind::Text,
                Shape::Integer | Shape::Long => Kind::Whole,
                Shape::Float | Shape::Double => Kind::Number,
                Shape::Boolean => Kind::Truth,
                Shape::Timestamp => Kind::Moment,
                // What is no text is sent as the text of its JSON.
                Shape::Blob | Shape::Document => Kind::Any,
                Shape::Array(_) => Kind::List,
                Shape::Map(_) | Shape::Structure(_) => Kind::Object,
            },
            Self::Own(holds) => match holds {
                Holds::Any => Kind::Any,
                Holds::Text | Holds::Words(_) => Kind::Text,
                Holds::Truth => Kind::Truth,
                Holds::Object(_) => Kind::Object,
                Holds::Argument { .. } => self.resolved().map_or(Kind::Any, Self::kind),
            },
        }
    }

    /// The form that an argument of an operation has, or an item of it.
    fn resolved(self) -> Option<Self> {
        let Self::Own(Holds::Argument { service, operation, argument }) = self else { return None };
        let input = api::service(service)?.operation(operation)?.input()?;
        Some(match input.members().find(|member| member.api_name() == argument)?.shape() {
            Shape::Array(item) => Self::Api(item.shape()),
            shape => Self::Api(shape),
        })
    }

    /// What it says of an object.
    pub fn object(self, spelling: Spelling) -> Object {
        match self {
            Self::Action(action, input) => Object::Members(arguments(action, input, spelling)),
            Self::Nothing => Object::Members(Vec::new()),
            Self::Api(Shape::Structure(structure)) => Object::Members(members(structure, spelling).collect()),
            Self::Api(Shape::Map(item)) => Object::Map(Self::Api(item.shape())),
            Self::Own(Holds::Object(fields)) => Object::Members(fields.iter().map(Member::own).collect()),
            _ => self.resolved().map_or(Object::Any, |form| form.object(spelling)),
        }
    }

    /// What it says of the items of a list.
    pub fn item(self) -> Option<Self> {
        match self {
            Self::Api(Shape::Array(item)) => Some(Self::Api(item.shape())),
            _ => None,
        }
    }

    /// The words that a text is one of.
    pub fn words(self) -> Option<Vec<&'static str>> {
        match self {
            Self::Api(Shape::Enumeration(values)) => Some(values.iter().collect()),
            Self::Own(Holds::Words(words)) => Some(words.to_vec()),
            _ => None,
        }
    }

    /// What it asks for, in words.
    pub fn expected(self) -> &'static str {
        match self.kind() {
            Kind::Any => "any value",
            Kind::Text => "a text",
            Kind::Whole => "a whole number",
            Kind::Number => "a number",
            Kind::Truth => "true or false",
            Kind::Moment => "a point in time",
            Kind::List => "a list",
            Kind::Object => "an object",
        }
    }

    /// Whether a value is of the kind that it asks for.
    pub fn fits(self, value: Outline<'_>, spelling: Spelling) -> Fit {
        let perhaps = |may: bool| if may { Fit::Perhaps } else { Fit::No };
        match (self.kind(), value) {
            (Kind::Any, _)
            | (Kind::Text | Kind::Moment, Outline::Scalar(Json::String(_)))
            | (Kind::Number | Kind::Moment, Outline::Scalar(Json::Number(_)))
            | (Kind::Truth, Outline::Scalar(Json::Bool(_)))
            | (Kind::List, Outline::List)
            | (Kind::Object, Outline::Object) => Fit::Yes,
            // The SDK integrations send an object as the text of its JSON; an optimized one says where it does.
            (Kind::Text, Outline::List | Outline::Object) if spelling == Spelling::Sdk => Fit::Yes,
            (Kind::Text, _) => perhaps(spelling == Spelling::Sdk),
            (Kind::Whole, Outline::Scalar(Json::Number(number))) => {
                let is_whole = number.as_f64().is_none_or(|number| number.fract() == 0.0);
                if is_whole { Fit::Yes } else { Fit::Perhaps }
            }
            (Kind::Whole | Kind::Number, Outline::Scalar(Json::String(text))) => perhaps(text.parse::<f64>().is_ok()),
            (Kind::Truth, Outline::Scalar(Json::String(text))) => {
                perhaps(["true", "false"].iter().any(|word| text.eq_ignore_ascii_case(word)))
            }
            _ => Fit::No,
        }
    }
}

impl Member {
    fn own(field: &'static Field) -> Self {
        let Field { name, is_required, holds } = field;
        let (is_required, form) = (*is_required, Form::Own(*holds));
        Self { name: Cow::Borrowed(name), api_name: name, is_required, is_token: false, form }
    }

    /// Whether a key is no spelling of it, may be one, or is.
    pub fn is_called(&self, key: &str, spelling: Spelling) -> Fit {
        if self.name == key {
            return Fit::Yes;
        }
        let is_one_of = |other: &str| other.eq_ignore_ascii_case(key);
        if !is_one_of(&self.name) && !is_one_of(self.api_name) {
            return Fit::No;
        }
        let with_capital = capitalized(self.api_name);
        match spelling {
            // A word that Java has for itself goes by another name there; nobody has measured all of those.
            Spelling::Sdk if !self.api_name.eq_ignore_ascii_case(&self.name) => {
                match key == with_capital && self.api_name != "NULL" {
                    true => Fit::Yes,
                    false => Fit::Perhaps,
                }
            }
            // What the API calls it is refused; of what begins with several capitals no one knows all spellings.
            Spelling::Sdk => match key != self.api_name && self.name != with_capital {
                true => Fit::Perhaps,
                false => Fit::No,
            },
            Spelling::Api => {
                match self.name != self.api_name && key.starts_with(|letter: char| letter.is_uppercase()) {
                    true => Fit::Perhaps,
                    false => Fit::No,
                }
            }
        }
    }
}

fn arguments(action: &'static Action, input: Option<Structure<'static>>, spelling: Spelling) -> Vec<Member> {
    let of_the_operation = input.into_iter().flat_map(|input| members(input, spelling));
    let mut all: Vec<Member> =
        of_the_operation.filter(|member| !action.without.contains(&member.name.as_ref())).collect();
    for member in &mut all {
        // The service makes the token of an idempotent call itself.
        member.is_required &= !member.is_token;
        member.is_token = false;
    }
    all.extend(action.fields.iter().map(Member::own));
    all
}

fn members(structure: Structure<'static>, spelling: Spelling) -> impl Iterator<Item = Member> {
    structure.members().map(move |member| Member {
        name: match spelling {
            Spelling::Sdk => member.name(),
            Spelling::Api => capitalized(member.api_name()),
        },
        api_name: member.api_name(),
        is_required: member.is_required(),
        is_token: member.is_token(),
        form: Form::Api(member.shape()),
    })
}

/// A name with a capital at its beginning.
fn capitalized(name: &'static str) -> Cow<'static, str> {
    match name.as_bytes() {
        [first, ..] if first.is_ascii_lowercase() => {
            let (first, rest) = name.split_at(1);
            Cow::Owned(format!("{}{rest}", first.to_ascii_uppercase()))
        }
        _ => Cow::Borrowed(name),
    }
}
