//! E1017: `Fn::Select` of an element that the list does not have.

use crate::{
    check::{
        read::number,
        subject::{Check, Subject},
    },
    diagnostic::{Diagnostic, Severity},
    json::Json,
    rule::Rule,
    template::{
        intrinsic::{Place, call},
        reference::each_call,
    },
};

static BEYOND: Rule = Rule {
    code: "E1017",
    severity: Severity::Error,
    title: "an element that the list does not have",
    why: "\
`Fn::Select` counts from 0, and the list has fewer elements. CloudFormation refuses the template
(\"Fn::Select cannot select nonexistent value at index\").",
    fails: "\
Resources:
  Subnet:
    Type: AWS::EC2::Subnet
    Properties:
      VpcId: vpc-0123456789abcdef0
      CidrBlock: !Select [4, !Cidr [10.0.0.0/16, 4, 8]]",
    passes: "\
Resources:
  Subnet:
    Type: AWS::EC2::Subnet
    Properties:
      VpcId: vpc-0123456789abcdef0
      CidrBlock: !Select [3, !Cidr [10.0.0.0/16, 4, 8]]",
    docs: Some(
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-select.html",
    ),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&BEYOND], run: check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    if subject.is_open() {
        return;
    }
    each_call(subject.template, &mut |call| {
        let Some([index, list]) = call.argument.as_array().map(Vec::as_slice) else { return };
        if call.function != "Fn::Select" {
            return;
        }
        let (Some(index), Some(length)) = (number(index), length(list)) else { return };
        if index < 0 || index >= length {
            let message = format!("`Fn::Select` takes the element {index} of {length}; expected 0 to {}", length - 1);
            found.push(BEYOND.at(call.path(), message));
        }
    });
}

/// The number of elements of a list that is not empty, as far as that is certain.
fn length(list: &Json) -> Option<i64> {
    let length = match (list, call(list, Place::Other)) {
        // A single function may give a list.
        (Json::Array(items), _) => match items.as_slice() {
            [one] if one.is_object() => return None,
            items => i64::try_from(items.len()).ok()?,
        },
        (_, Some(("Fn::Cidr", argument))) => number(argument.get(1)?)?,
        (_, Some(("Fn::Split", argument))) => match argument.as_array()?.as_slice() {
            [Json::String(delimiter), Json::String(text)] if !delimiter.is_empty() && !text.contains("{{resolve:") => {
                i64::try_from(text.split(delimiter.as_str()).count()).ok()?
            }
            _ => return None,
        },
        _ => return None,
    };
    (length > 0).then_some(length)
}
