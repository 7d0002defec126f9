//! E1030, E1031, E1011: a function of the transform `AWS::LanguageExtensions` is used without it.

use crate::{
    diagnostic::Diagnostic,
    json::Json,
    template::{Template, reference::each_call},
};

pub(in crate::check) fn check(template: &Template, found: &mut Vec<Diagnostic>) {
    let transform = template.as_json().get("Transform");
    let has = |json: &Json| json == "AWS::LanguageExtensions";
    if transform.is_some_and(|json| has(json) || json.as_array().is_some_and(|names| names.iter().any(has))) {
        return;
    }
    each_call(template, &mut |call| {
        let default = || call.argument.as_array().is_some_and(|parts| parts.len() == 4);
        let extension = match call.function {
            "Fn::Length" => Some(("E1030", "")),
            "Fn::ToJsonString" => Some(("E1031", "")),
            "Fn::FindInMap" if default() => Some(("E1011", " with a default")),
            _ => None,
        };
        if let Some((code, with)) = extension {
            let message = format!(
                "`{}`{with} needs the transform `AWS::LanguageExtensions`; expected it in `Transform`",
                call.function
            );
            found.push(
                Diagnostic::error(code, call.path, message)
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
                "error[E1030]: `Fn::Length` needs the transform `AWS::LanguageExtensions`; expected it in `Transform`\n  \
               at   Resources/R/Properties/N\n  \
               help declare it: `stack.transform(\"AWS::LanguageExtensions\")`, and deploy with CAPABILITY_AUTO_EXPAND\n  \
               docs https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-languageextensions.html",
            ],
        );
        assert_finds(check, json!({"Transform": "AWS::LanguageExtensions", "Resources": resources}), &[]);
    }
}
