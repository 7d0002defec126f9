//! F1010: a function of the transform `AWS::LanguageExtensions` is used without it.

use super::each_call;
use crate::{diagnostic::Diagnostic, template::Template, value::Json};

pub(super) fn check(template: &Template, found: &mut Vec<Diagnostic>) {
    let transform = template.as_json().get("Transform");
    let has = |json: &Json| json == "AWS::LanguageExtensions";
    if transform.is_some_and(|json| has(json) || json.as_array().is_some_and(|names| names.iter().any(has))) {
        return;
    }
    each_call(template, &mut |call| {
        let default = || call.argument.as_array().is_some_and(|parts| parts.len() == 4);
        let extended = match call.function {
            "Fn::Length" | "Fn::ToJsonString" => true,
            "Fn::FindInMap" => default(),
            _ => false,
        };
        if extended {
            let with = if call.function == "Fn::FindInMap" { " with a default" } else { "" };
            let message = format!(
                "`{}`{with} needs the transform `AWS::LanguageExtensions`; expected it in `Transform`",
                call.function
            );
            found.push(
                Diagnostic::error("F1010", call.path, message)
                    .help("declare it: `stack.transform(\"AWS::LanguageExtensions\")`, and deploy with CAPABILITY_AUTO_EXPAND")
                    .docs("https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-languageextensions.html"),
            );
        }
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
                "error[F1010]: `Fn::Length` needs the transform `AWS::LanguageExtensions`; expected it in `Transform`\n  \
               at   Resources/R/Properties/N\n  \
               help declare it: `stack.transform(\"AWS::LanguageExtensions\")`, and deploy with CAPABILITY_AUTO_EXPAND\n  \
               docs https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-languageextensions.html",
            ],
        );
        assert_finds(check, json!({"Transform": "AWS::LanguageExtensions", "Resources": resources}), &[]);
    }
}
