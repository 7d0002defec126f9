//! E2015: a parameter's default that the parameter itself does not allow.

use super::pattern;
use crate::{
    check::subject::{Check, Subject},
    diagnostic::{Diagnostic, Severity},
    json::{Json, Pointer},
    rule::Rule,
};

static DEFAULT: Rule = Rule {
    code: "E2015",
    severity: Severity::Error,
    title: "a default that the parameter does not allow",
    why: "\
The default of a parameter is not one of its `AllowedValues`, does not match its `AllowedPattern`,
or is out of its range. CloudFormation refuses the template, whether the default is used or not.",
    fails: "\
Parameters:
  Stage: {Type: String, Default: prod, AllowedValues: [test, live]}
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties: {QueueName: !Ref Stage}",
    passes: "\
Parameters:
  Stage: {Type: String, Default: live, AllowedValues: [test, live]}
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties: {QueueName: !Ref Stage}",
    docs: Some("https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html"),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&DEFAULT], run: check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for (name, parameter) in subject.template.section("Parameters") {
        let Some(default) = parameter.get("Default").and_then(text) else { continue };
        let kind = parameter.get("Type").and_then(Json::as_str).unwrap_or("String");
        let is_list = kind == "CommaDelimitedList" || kind.starts_with("List<");
        // Each element of a list is judged by itself.
        let elements: Vec<&str> =
            if is_list { default.split(',').map(str::trim).collect() } else { vec![default.as_str()] };
        let near = |value: &str| allowed(parameter).filter(|allowed| *allowed != value).collect::<Vec<_>>();
        // An allowed value may be a list of its own.
        if is_list && allowed(parameter).any(|allowed| allowed == default) {
            continue;
        }
        if let Some((value, expected)) =
            elements.iter().find_map(|value| Some((*value, not_allowed(parameter, kind, value)?)))
        {
            let section = Pointer::at("Parameters");
            let message = format!("`Default` is \"{value}\"; expected {expected}");
            let known = near(value);
            found.push(
                DEFAULT
                    .at(section.key(name).key("Default").to_string(), message)
                    .did_you_mean(value, known.iter().map(String::as_str)),
            );
        }
    }
}

/// The text that a scalar is for CloudFormation.
fn text(json: &Json) -> Option<String> {
    match json {
        Json::String(text) => Some(text.clone()),
        Json::Number(_) | Json::Bool(_) => Some(json.to_string()),
        _ => None,
    }
}

fn allowed(parameter: &Json) -> impl Iterator<Item = String> {
    parameter.get("AllowedValues").and_then(Json::as_array).into_iter().flatten().filter_map(text)
}

/// What was expected of a value that a parameter does not allow.
fn not_allowed(parameter: &Json, kind: &str, value: &str) -> Option<String> {
    let is_number = kind == "Number" || kind == "List<Number>";
    let as_number = |json: &Json| text(json).and_then(|text| text.trim().parse::<f64>().ok());
    let limit = |name: &str| parameter.get(name).and_then(as_number);
    let number = value.trim().parse::<f64>().ok();
    let values: Vec<String> = allowed(parameter).collect();
    let is_same =
        |allowed: &String| allowed == value || (is_number && number.is_some() && allowed.trim().parse().ok() == number);
    if !values.is_empty() && !values.iter().any(is_same) {
        return Some(format!("one of its `AllowedValues`: {}", values.join(", ")));
    }
    if is_number {
        let Some(number) = number else { return Some("a number".to_owned()) };
        return match (limit("MinValue"), limit("MaxValue")) {
            (Some(least), _) if number < least => Some(format!("at least its `MinValue`, {least}")),
            (_, Some(most)) if number > most => Some(format!("at most its `MaxValue`, {most}")),
            _ => None,
        };
    }
    if kind == "String" {
        let length = value.chars().count() as f64;
        match (limit("MinLength"), limit("MaxLength")) {
            (Some(least), _) if length < least => return Some(format!("at least its `MinLength`, {least} characters")),
            (_, Some(most)) if length > most => return Some(format!("at most its `MaxLength`, {most} characters")),
            _ => {}
        }
    }
    // A parameter's pattern matches the whole.
    let pattern = parameter.get("AllowedPattern").and_then(Json::as_str)?;
    let whole = format!("^(?:{pattern})$");
    (pattern::is_found(&whole, value) == Some(false))
        .then(|| format!("one that its `AllowedPattern` matches, `{pattern}`"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::check::assert_finds;

    fn give(parameter: Json, expected: Option<&str>) {
        let lines: Vec<String> = expected
            .iter()
            .map(|expected| {
                format!("error[E2015]: {expected}\n  at   Parameters/P/Default\n  docs {}", DEFAULT.docs.unwrap())
            })
            .collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        assert_finds(check, json!({"Parameters": {"P": parameter}}), &lines);
    }

    #[test]
    fn a_default_is_held_against_everything_that_the_parameter_says() {
        give(json!({"Type": "Number", "Default": 5, "MinValue": "1", "MaxValue": 10}), None);
        give(json!({"Type": "Number", "Default": 5, "AllowedValues": ["5.0", 7]}), None);
        give(json!({"Type": "CommaDelimitedList", "Default": "a, b", "AllowedValues": ["a", "b"]}), None);
        give(json!({"Type": "String", "Default": "ab", "AllowedPattern": "[a-z]+"}), None);
        give(
            json!({"Type": "Number", "Default": "11", "MaxValue": 10}),
            Some("`Default` is \"11\"; expected at most its `MaxValue`, 10"),
        );
        give(json!({"Type": "Number", "Default": "x"}), Some("`Default` is \"x\"; expected a number"));
        give(
            json!({"Type": "String", "Default": "a1", "AllowedPattern": "[a-z]+"}),
            Some("`Default` is \"a1\"; expected one that its `AllowedPattern` matches, `[a-z]+`"),
        );
        give(
            json!({"Type": "String", "Default": "", "MinLength": 1}),
            Some("`Default` is \"\"; expected at least its `MinLength`, 1 characters"),
        );
        give(
            json!({"Type": "CommaDelimitedList", "Default": "a,c", "AllowedValues": ["a", "b"]}),
            Some("`Default` is \"c\"; expected one of its `AllowedValues`: a, b"),
        );
    }
}
