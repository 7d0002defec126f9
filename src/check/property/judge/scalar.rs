//! Scalars: types, values, patterns, ranges. CloudFormation takes a text for a number or a boolean, and the other way.

use super::verdict::{Fault, Faults, Verdict, fault, name, report};
use crate::{
    check::{
        property::{faults, pattern},
        value::Kind,
    },
    diagnostic::nearest,
    json::{Json, Pointer},
    rule::Rule,
    schema::{Schema, Type},
};

/// Formats of which the form is known: eight or seventeen digits behind the name of the kind.
const FORMATS: [(&str, &Rule, &str, &str); 4] = [
    ("AWS::EC2::Image.Id", &faults::IMAGE, "^ami-([0-9a-z]{8}|[0-9a-z]{17})$", "the id of an image"),
    (
        "AWS::EC2::SecurityGroup.Id",
        &faults::SECURITY_GROUP,
        "^sg-([0-9a-fA-F]{8}|[0-9a-fA-F]{17})$",
        "the id of a security group",
    ),
    ("AWS::EC2::Subnet.Id", &faults::SUBNET, "^subnet-([0-9a-fA-F]{8}|[0-9a-fA-F]{17})$", "the id of a subnet"),
    ("AWS::EC2::VPC.Id", &faults::VPC, "^vpc-([0-9a-fA-F]{8}|[0-9a-fA-F]{17})$", "the id of a VPC"),
];

/// A bound of a number, whether a number keeps it, and the words for it.
type Bound = (Option<f64>, fn(f64, f64) -> bool, &'static str);

/// The longest text that a message shows whole.
const SHOWN: usize = 60;
/// The most values that a message lists.
const LISTED: usize = 8;

/// Whether a value has one of the types.
pub(super) fn has_type(types: &[Type], json: &Json) -> Verdict {
    Verdict::from(types.is_empty() || types.iter().any(|ty| is(*ty, json)))
}

fn is(ty: Type, json: &Json) -> bool {
    match (ty, json) {
        (Type::Array, Json::Array(_)) | (Type::Object, Json::Object(_)) => true,
        (Type::Array | Type::Object, _) | (_, Json::Array(_) | Json::Object(_)) => false,
        // A null is reported as one, wherever it stands.
        (_, Json::Null) | (Type::String, _) => true,
        (Type::Boolean, Json::Bool(_)) => true,
        (Type::Boolean, Json::String(text)) => ["true", "false"].iter().any(|word| text.eq_ignore_ascii_case(word)),
        (Type::Boolean, Json::Number(_)) | (Type::Integer | Type::Number, Json::Bool(_)) => false,
        (Type::Integer, _) => number(json).is_some_and(|number| number.fract() == 0.0),
        (Type::Number, _) => number(json).is_some(),
    }
}

/// The number that a value is, or whose text it is.
fn number(json: &Json) -> Option<f64> {
    match json {
        Json::Number(number) => number.as_f64(),
        Json::String(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
        _ => None,
    }
}

/// The text that a scalar is for CloudFormation.
pub(super) fn text(json: &Json) -> Option<String> {
    match json {
        Json::String(text) => Some(text.clone()),
        Json::Number(_) | Json::Bool(_) => Some(json.to_string()),
        _ => None,
    }
}

/// Whether two values are one for CloudFormation.
pub(super) fn same(a: &Json, b: &Json) -> bool {
    a == b
        || match (text(a), text(b)) {
            (Some(left), Some(right)) => {
                left == right || ((a.is_boolean() || b.is_boolean()) && left.eq_ignore_ascii_case(&right))
            }
            _ => false,
        }
}

/// A value as messages show it.
pub(super) fn shown(json: &Json) -> String {
    match json {
        Json::String(text) if text.chars().count() > SHOWN => {
            let start: String = text.chars().take(SHOWN).collect();
            format!("{:?}…", start)
        }
        Json::Array(_) => "a list".to_owned(),
        Json::Object(_) => "a map".to_owned(),
        scalar => scalar.to_string(),
    }
}

fn type_names(types: &[Type]) -> String {
    let name = |ty: &Type| match ty {
        Type::String => "a text",
        Type::Integer => "a whole number",
        Type::Number => "a number",
        Type::Boolean => "true or false",
        Type::Array => "a list",
        Type::Object => "a map",
    };
    types.iter().map(name).collect::<Vec<_>>().join(" or ")
}

pub(super) fn wrong_type(types: &[Type], json: &Json, at: &Pointer<'_>) -> Fault {
    fault(&faults::TYPE, at, format!("{} is {}", name(at), shown(json)), type_names(types))
}

pub(super) fn wrong_kind(types: &[Type], kind: Kind, at: &Pointer<'_>) -> Fault {
    let gives = match kind {
        Kind::List => "a list",
        Kind::Map => "a map",
        Kind::Scalar | Kind::Any => "one text",
    };
    fault(&faults::TYPE, at, format!("{} is a function that gives {gives}", name(at)), type_names(types))
}

/// Judges a scalar by everything that a schema says of scalars.
pub(super) fn judge(
    schema: &Schema,
    json: &Json,
    at: &Pointer<'_>,
    in_any_case: bool,
    mut faults: Faults<'_>,
) -> Verdict {
    let mut verdict = Verdict::Holds;
    let mut fails = |make: &dyn Fn() -> Fault| {
        verdict = Verdict::Fails;
        report(faults.as_deref_mut(), make);
    };
    if !is_a_value(schema, json, in_any_case) {
        fails(&|| not_a_value(schema, json, at));
    }
    let is = || format!("{} is {}", name(at), shown(json));
    if let Some(number) = number(json) {
        let bounds: [Bound; 5] = [
            (schema.minimum, |number, least| number >= least, "at least"),
            (schema.maximum, |number, most| number <= most, "at most"),
            (schema.exclusive_minimum, |number, least| number > least, "more than"),
            (schema.exclusive_maximum, |number, most| number < most, "less than"),
            (schema.multiple_of, |number, divisor| (number / divisor).fract() == 0.0, "a multiple of"),
        ];
        for (bound, holds, words) in bounds {
            if let Some(bound) = bound.filter(|bound| !holds(number, *bound)) {
                fails(&|| fault(&faults::RANGE, at, is(), format!("{words} {bound}")));
            }
        }
    }
    let Some(text) = text(json) else { return verdict };
    if schema.min_length.is_some() || schema.max_length.is_some() {
        let length = text.chars().count() as u64;
        let has = || format!("{} has {length} characters", name(at));
        if let Some(least) = schema.min_length.filter(|least| length < *least) {
            fails(&|| fault(&faults::LENGTH, at, has(), format!("at least {least}")));
        }
        if let Some(most) = schema.max_length.filter(|most| length > *most) {
            fails(&|| fault(&faults::LENGTH, at, has(), format!("at most {most}")));
        }
    }
    let mut unknown = false;
    if let Some(format) = &schema.format {
        match FORMATS.iter().find(|(known, ..)| known == format) {
            Some((_, rule, pattern, what)) if pattern::is_found(pattern, &text) == Some(false) => {
                fails(&|| fault(rule, at, is(), (*what).to_owned()));
            }
            Some(_) => {}
            None => unknown = true,
        }
    }
    if let Some(pattern) = &schema.pattern {
        match pattern::is_found(pattern, &text) {
            Some(false) => fails(&|| fault(&faults::PATTERN, at, is(), format!("one that `{pattern}` matches"))),
            Some(true) => {}
            None => unknown = true,
        }
    }
    if unknown { verdict.and(Verdict::Unknown) } else { verdict }
}

/// Whether a value is one of those that a schema lists, if it lists any.
pub(super) fn is_a_value(schema: &Schema, json: &Json, any: bool) -> bool {
    let in_any_case = |value: &Json| match (text(value), text(json)) {
        (Some(a), Some(b)) => a.eq_ignore_ascii_case(&b),
        _ => false,
    };
    (schema.values.is_empty() || schema.values.iter().any(|value| same(value, json) || (any && in_any_case(value))))
        && (schema.values_in_any_case.is_empty() || schema.values_in_any_case.iter().any(in_any_case))
        && schema.constant.as_ref().is_none_or(|constant| same(constant, json) || (any && in_any_case(constant)))
}

pub(super) fn not_a_value(schema: &Schema, json: &Json, at: &Pointer<'_>) -> Fault {
    let values: Vec<&Json> = schema.values.iter().chain(&schema.values_in_any_case).chain(&schema.constant).collect();
    let known: Vec<String> = values.iter().filter_map(|value| text(value)).collect();
    let listed = || match values.as_slice() {
        [one] => shown(one),
        few if few.len() <= LISTED => {
            format!("one of {}", few.iter().map(|value| shown(value)).collect::<Vec<_>>().join(", "))
        }
        many => format!("one of {} values", many.len()),
    };
    let near = text(json).filter(|wrong| nearest(wrong, known.iter().map(String::as_str)).is_some());
    Fault {
        near: near.map(|wrong| (wrong, known.clone())),
        ..fault(&faults::VALUE, at, format!("{} is {}", name(at), shown(json)), listed())
    }
}
