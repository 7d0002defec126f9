//! Template parameters: what is asked for at deployment.

use std::marker::PhantomData;

use serde::Serialize;

use crate::{
    json::Json,
    value::{Extra, IntoValue, Intrinsic, List, Number, Reference, Value},
};

/// A template parameter whose value is a `T`.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html>
///
/// ```
/// use formwork::{Stack, stack::Parameter};
/// let mut stack = Stack::new("reports");
/// let days = stack.parameter("Days", Parameter::integer().default(30).min_value(1).max_value(365));
/// stack.output("Days", days.reference().cast());
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Parameter<T> {
    r#type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed_values: Option<Vec<Json>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed_pattern: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    constraint_description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_length: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_length: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_value: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_value: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    no_echo: Option<bool>,
    #[serde(flatten)]
    attributes: Extra,
    #[serde(skip)]
    of: PhantomData<fn() -> T>,
}

impl<T> Parameter<T> {
    /// A parameter of a type that AWS names, such as `AWS::EC2::VPC::Id` or `AWS::SSM::Parameter::Value<String>`.
    ///
    /// `T` is what a property sees of it: `String`, or `List<String>` for the list types.
    pub fn of_type(name: impl Into<String>) -> Self {
        Self {
            r#type: name.into(),
            description: None,
            default: None,
            allowed_values: None,
            allowed_pattern: None,
            constraint_description: None,
            min_length: None,
            max_length: None,
            min_value: None,
            max_value: None,
            no_echo: None,
            attributes: Extra::default(),
            of: PhantomData,
        }
    }

    /// `Description`: at most 4,000 characters.
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = Some(text.into());
        self
    }

    /// `Default`: the value where none is given.
    pub fn default(mut self, value: impl Into<Json>) -> Self {
        self.default = Some(value.into());
        self
    }

    /// `AllowedValues`: the only values that are taken.
    pub fn allowed_values<V: Into<Json>>(mut self, values: impl IntoIterator<Item = V>) -> Self {
        self.allowed_values = Some(values.into_iter().map(Into::into).collect());
        self
    }

    /// `AllowedPattern`: a regular expression (Java syntax) that the whole value must match.
    pub fn pattern(mut self, expression: impl Into<String>) -> Self {
        self.allowed_pattern = Some(expression.into());
        self
    }

    /// `ConstraintDescription`: what is said when a value is refused.
    pub fn constraint_description(mut self, text: impl Into<String>) -> Self {
        self.constraint_description = Some(text.into());
        self
    }

    /// `NoEcho`: the console and the API show asterisks for the value. A secret belongs into Secrets Manager instead.
    pub fn no_echo(mut self) -> Self {
        self.no_echo = Some(true);
        self
    }

    /// Sets an attribute that has no setter to anything that serializes.
    pub fn attribute(mut self, name: impl Into<String>, value: impl Serialize) -> Self {
        self.attributes.set(name, value);
        self
    }
}

impl Parameter<String> {
    /// `Type: String`.
    pub fn string() -> Self {
        Self::of_type("String")
    }

    /// `MinLength`, in characters.
    pub fn min_length(mut self, characters: u32) -> Self {
        self.min_length = Some(characters);
        self
    }

    /// `MaxLength`, in characters.
    pub fn max_length(mut self, characters: u32) -> Self {
        self.max_length = Some(characters);
        self
    }
}

impl Parameter<i64> {
    /// `Type: Number`, for properties that are integers. CloudFormation takes a fraction for it all the same; where that
    /// goes wrong, a [`string`](Parameter::string) with the [`pattern`](Parameter::pattern) `^[0-9]+$` takes none.
    pub fn integer() -> Self {
        Self::of_type("Number")
    }
}

impl Parameter<Number> {
    /// `Type: Number`, for properties that may have a fraction.
    pub fn number() -> Self {
        Self::of_type("Number")
    }
}

/// The numbers that a parameter of type `Number` holds.
trait Numeric {}
impl Numeric for i64 {}
impl Numeric for Number {}

#[expect(private_bounds, reason = "a closed set: i64 and Number")]
impl<T: Numeric> Parameter<T> {
    /// `MinValue`: the smallest value that is taken.
    pub fn min_value(mut self, value: impl IntoValue<Number>) -> Self {
        self.min_value = value.into_value().literal().copied();
        self
    }

    /// `MaxValue`: the largest value that is taken.
    pub fn max_value(mut self, value: impl IntoValue<Number>) -> Self {
        self.max_value = value.into_value().literal().copied();
        self
    }
}

impl Parameter<List<String>> {
    /// `Type: CommaDelimitedList`.
    pub fn comma_delimited_list() -> Self {
        Self::of_type("CommaDelimitedList")
    }
}

impl Parameter<List<Number>> {
    /// `Type: List<Number>`.
    pub fn list_of_numbers() -> Self {
        Self::of_type("List<Number>")
    }
}

/// A parameter that is in a stack.
#[derive(Debug)]
pub struct ParameterRef<T> {
    reference: Reference,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for ParameterRef<T> {
    fn clone(&self) -> Self {
        Self::new(self.reference.clone())
    }
}

impl<T> ParameterRef<T> {
    pub(super) fn new(reference: Reference) -> Self {
        Self { reference, of: PhantomData }
    }

    /// The parameter's name.
    pub fn logical_id(&self) -> &str {
        &self.reference.id
    }

    /// `!Ref`: the value given at deployment. [`Value::cast`] takes a number into a string property.
    #[doc(alias = "!Ref")]
    pub fn reference(&self) -> Value<T> {
        Value::Intrinsic(Intrinsic::new("Ref", self.logical_id()).with(self.reference.clone()))
    }
}
