//! E1011 and F4005: `Fn::FindInMap` with a key that the mapping does not have.

use crate::{
    check::subject::{Check, Subject},
    diagnostic::{Diagnostic, Severity},
    json::Json,
    rule::Rule,
    template::reference::{Call, each_call},
};

const DOCS: Option<&str> = Some(
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-findinmap.html",
);

const SOUND: &str = "\
Parameters:
  Stage: {Type: String, AllowedValues: [test, live]}
Mappings:
  Delays:
    test: {Seconds: 5}
    live: {Seconds: 0}
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      DelaySeconds: !FindInMap [Delays, !Ref Stage, Seconds]";

static MISSING: Rule = Rule {
    code: "E1011",
    severity: Severity::Error,
    title: "a key that the mapping does not have",
    why: "\
`Fn::FindInMap` names a key that the mapping does not have, and has no default. CloudFormation
refuses the template (\"Unable to get mapping for …\").",
    fails: "\
Mappings:
  Delays:
    test: {Seconds: 5}
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      DelaySeconds: !FindInMap [Delays, test, Second]",
    passes: SOUND,
    docs: DOCS,
};

static MISSING_FOR_SOME: Rule = Rule {
    code: "F4005",
    severity: Severity::Warning,
    title: "a parameter that allows a value which is no key of the mapping",
    why: "\
`Fn::FindInMap` looks for a parameter's value, and the parameter allows one that the mapping does
not have as a key. Where it is chosen, CloudFormation refuses the template.",
    fails: "\
Parameters:
  Stage: {Type: String, AllowedValues: [test, live]}
Mappings:
  Delays:
    test: {Seconds: 5}
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      DelaySeconds: !FindInMap [Delays, !Ref Stage, Seconds]",
    passes: SOUND,
    docs: DOCS,
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&MISSING, &MISSING_FOR_SOME], run: check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    each_call(subject.template, &mut |call| {
        if call.function == "Fn::FindInMap" {
            found.extend(missing(subject, call));
        }
    });
}

fn missing(subject: &Subject<'_>, call: &Call<'_, '_>) -> Option<Diagnostic> {
    let template = subject.template.as_json();
    // A fourth part is a default.
    let [Json::String(name), first, second] = call.argument.as_array()?.as_slice() else { return None };
    let mapping = template.get("Mappings")?.get(name)?.as_object()?;
    if mapping.contains_key("Fn::Transform") {
        return None;
    }
    if let Some(key) = first.as_str().filter(|key| !mapping.contains_key(*key)) {
        let message = format!("`{name}` has no key `{key}`; expected one that it has");
        return Some(MISSING.at(call.path(), message).did_you_mean(key, mapping.keys().map(String::as_str)));
    }
    if let Some(key) = allowed(template, first).find(|key| !mapping.contains_key(*key)) {
        let message = format!("`{name}` has no key `{key}`, which the parameter allows; expected one for each value");
        return Some(MISSING_FOR_SOME.at(call.path(), message));
    }
    let inner: Vec<&Json> = match first.as_str() {
        Some(key) => mapping.get(key).into_iter().collect(),
        None => mapping.values().collect(),
    };
    let has = |key: &str| inner.iter().any(|entry| entry.get(key).is_some() || entry.get("Fn::Transform").is_some());
    if let Some(key) = second.as_str().filter(|key| !has(key)) {
        let known = inner.iter().filter_map(|entry| entry.as_object()).flat_map(|entry| entry.keys());
        let message = format!("`{name}` has no second key `{key}`; expected one that it has");
        return Some(MISSING.at(call.path(), message).did_you_mean(key, known.map(String::as_str)));
    }
    let key = allowed(template, second).find(|key| !has(key))?;
    let message =
        format!("`{name}` has no second key `{key}`, which the parameter allows; expected one for each value");
    Some(MISSING_FOR_SOME.at(call.path(), message))
}

/// The values that the parameter allows which a key is read from.
fn allowed<'a>(template: &'a Json, key: &Json) -> impl Iterator<Item = &'a str> {
    let parameter = key.get("Ref").and_then(Json::as_str).and_then(|name| template.get("Parameters")?.get(name));
    let values = parameter.and_then(|parameter| parameter.get("AllowedValues")?.as_array());
    values.into_iter().flatten().filter_map(Json::as_str)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::check::assert_finds;

    #[test]
    fn a_key_that_is_not_there_is_reported_with_the_nearest_one() {
        let call = |first: Json, second: &str| {
            json!({
                "Mappings": {"Zones": {"eu": {"Name": "Berlin"}}},
                "Resources": {"R": {"Type": "X::Y::Z", "Properties": {"P": {"Fn::FindInMap": ["Zones", first, second]}}}},
            })
        };
        let docs = format!("docs {}", DOCS.unwrap());
        let at = "at   Resources/R/Properties/P";
        assert_finds(check, call(json!("eu"), "Name"), &[]);
        assert_finds(check, call(json!({"Ref": "AWS::Region"}), "Name"), &[]);
        assert_finds(
            check,
            call(json!("us"), "Name"),
            &[&format!("error[E1011]: `Zones` has no key `us`; expected one that it has\n  {at}\n  {docs}")],
        );
        assert_finds(
            check,
            call(json!({"Ref": "AWS::Region"}), "Nmae"),
            &[&format!(
                "error[E1011]: `Zones` has no second key `Nmae`; expected one that it has\n  {at}\n  \
                 help did you mean `Name`?\n  {docs}"
            )],
        );
    }
}
