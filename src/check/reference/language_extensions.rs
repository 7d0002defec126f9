//! E1030, E1031, E1011: a function of the transform `AWS::LanguageExtensions` is used without it.

use crate::{
    check::subject::{Check, Subject},
    diagnostic::{Diagnostic, Severity},
    rule::Rule,
    template::{intrinsic::LANGUAGE_EXTENSIONS, reference::each_call},
};

/// The help; a module that writes templates in another way than as text says how it is done there.
pub(crate) const DECLARE_IT: &str = "declare it, and deploy with CAPABILITY_AUTO_EXPAND";

const WHY: &str = "\
The function, or this form of it, exists only where the transform `AWS::LanguageExtensions` is
declared, which rewrites the template before CloudFormation reads it. Without it CloudFormation
refuses the template. A stack with a transform is deployed with the capability
CAPABILITY_AUTO_EXPAND.";

const DOCS: Option<&str> = Some(
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-languageextensions.html",
);

static LENGTH: Rule = Rule {
    code: "E1030",
    severity: Severity::Error,
    title: "`Fn::Length` without the transform that it belongs to",
    why: WHY,
    fails: "\
Resources:
  Workers:
    Type: AWS::SQS::Queue
    Properties:
      DelaySeconds:
        Fn::Length: [a, b]",
    passes: "\
Transform: AWS::LanguageExtensions
Resources:
  Workers:
    Type: AWS::SQS::Queue
    Properties:
      DelaySeconds:
        Fn::Length: [a, b]",
    docs: DOCS,
};

static TO_JSON_STRING: Rule = Rule {
    code: "E1031",
    severity: Severity::Error,
    title: "`Fn::ToJsonString` without the transform that it belongs to",
    why: WHY,
    fails: "\
Resources:
  Settings:
    Type: AWS::SSM::Parameter
    Properties:
      Type: String
      Value:
        Fn::ToJsonString: {Region: !Ref AWS::Region}",
    passes: "\
Transform: AWS::LanguageExtensions
Resources:
  Settings:
    Type: AWS::SSM::Parameter
    Properties:
      Type: String
      Value:
        Fn::ToJsonString: {Region: !Ref AWS::Region}",
    docs: DOCS,
};

static DEFAULT_VALUE: Rule = Rule {
    code: "E1011",
    severity: Severity::Error,
    title: "a default of `Fn::FindInMap` without the transform that it belongs to",
    why: WHY,
    fails: "\
Mappings:
  Delays:
    eu-central-1: {Seconds: 5}
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      DelaySeconds: !FindInMap [Delays, !Ref AWS::Region, Seconds, {DefaultValue: 0}]",
    passes: "\
Transform: AWS::LanguageExtensions
Mappings:
  Delays:
    eu-central-1: {Seconds: 5}
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      DelaySeconds: !FindInMap [Delays, !Ref AWS::Region, Seconds, {DefaultValue: 0}]",
    docs: DOCS,
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&DEFAULT_VALUE, &LENGTH, &TO_JSON_STRING], run: check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    if subject.template.transforms().any(|name| name == Some(LANGUAGE_EXTENSIONS)) {
        return;
    }
    each_call(subject.template, &mut |call| {
        let default = || call.argument.as_array().map(Vec::len) == Some(4);
        let (rule, with) = match call.function {
            "Fn::Length" => (&LENGTH, ""),
            "Fn::ToJsonString" => (&TO_JSON_STRING, ""),
            "Fn::FindInMap" if default() => (&DEFAULT_VALUE, " with a default"),
            _ => return,
        };
        let function = call.function;
        let message =
            format!("`{function}`{with} needs the transform `{LANGUAGE_EXTENSIONS}`; expected it in `Transform`");
        found.push(rule.at(call.path(), message).help(DECLARE_IT));
    });
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::check::assert_finds;

    #[test]
    fn the_functions_of_the_transform_need_it() {
        let resources = json!({"R": {"Type": "X::Y::Z", "Properties": {"N": {"Fn::Length": [1, 2]}}}});
        assert_finds(
            check,
            json!({"Resources": resources}),
            &[
                "error[E1030]: `Fn::Length` needs the transform `AWS::LanguageExtensions`; expected it in `Transform`\n  \
               at   Resources/R/Properties/N\n  \
               help declare it, and deploy with CAPABILITY_AUTO_EXPAND\n  \
               docs https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-languageextensions.html",
            ],
        );
        assert_finds(check, json!({"Transform": "AWS::LanguageExtensions", "Resources": resources}), &[]);
    }
}
