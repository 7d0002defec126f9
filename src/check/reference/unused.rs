//! W2001, W7001 and W8001: a parameter, a mapping or a condition that nothing names.

use std::collections::BTreeSet;

use crate::{
    check::subject::{Check, Subject},
    diagnostic::{Diagnostic, Names, Severity},
    json::{Pointer, has_key},
    rule::Rule,
    template::{
        intrinsic::{LANGUAGE_EXTENSIONS, TRANSFORM},
        reference::{ReferenceKind, each_call},
    },
};

const DOCS: Option<&str> = Some("https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html");

static PARAMETER: Rule = Rule {
    code: "W2001",
    severity: Severity::Warning,
    title: "a parameter that nothing uses",
    why: "\
Nothing in the template reads the parameter. Who deploys is asked for a value that changes nothing,
which is a mistake more often than not: another name was read, or its use has gone.",
    fails: "\
Parameters:
  Stage: {Type: String}
Resources:
  Orders:
    Type: AWS::SQS::Queue",
    passes: "\
Parameters:
  Stage: {Type: String}
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Sub orders-${Stage}",
    docs: DOCS,
};

static MAPPING: Rule = Rule {
    code: "W7001",
    severity: Severity::Warning,
    title: "a mapping that nothing uses",
    why: "No `Fn::FindInMap` of the template looks into the mapping, so that it changes nothing.",
    fails: "\
Mappings:
  Delays:
    eu-central-1: {Seconds: 5}
Resources:
  Orders:
    Type: AWS::SQS::Queue",
    passes: "\
Mappings:
  Delays:
    eu-central-1: {Seconds: 5}
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      DelaySeconds: !FindInMap [Delays, !Ref AWS::Region, Seconds]",
    docs: DOCS,
};

static CONDITION: Rule = Rule {
    code: "W8001",
    severity: Severity::Warning,
    title: "a condition that nothing uses",
    why: "No resource, output, `Fn::If` or other condition names the condition, so that it changes nothing.",
    fails: "\
Conditions:
  Frankfurt: !Equals [!Ref AWS::Region, eu-central-1]
Resources:
  Orders:
    Type: AWS::SQS::Queue",
    passes: "\
Conditions:
  Frankfurt: !Equals [!Ref AWS::Region, eu-central-1]
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Condition: Frankfurt",
    docs: DOCS,
};

const SECTIONS: [&str; 3] = ["Parameters", "Mappings", "Conditions"];

pub(in crate::check) static CHECK: Check = Check { rules: &[&PARAMETER, &MAPPING, &CONDITION], run: check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let template = subject.template;
    // A macro reads the whole template, and may use anything of it.
    if template.transforms().any(|name| name != Some(LANGUAGE_EXTENSIONS))
        || has_key(template.as_json(), |key| key == TRANSFORM)
    {
        return;
    }
    let mut used: [BTreeSet<&str>; 3] = Default::default();
    for reference in &subject.references {
        let section = match reference.kind {
            ReferenceKind::Ref | ReferenceKind::Sub | ReferenceKind::ValueOf => 0,
            ReferenceKind::FindInMap => 1,
            ReferenceKind::Condition | ReferenceKind::ConditionFunction | ReferenceKind::If => 2,
            _ => continue,
        };
        used[section].insert(reference.to);
    }
    for (used, section) in used.iter_mut().zip(SECTIONS) {
        // What a misspelt name was meant to be is used: one fault is enough.
        let is_declared = |name: &str| template.as_json().get(section).is_some_and(|all| all.get(name).is_some());
        let declared: Names<'_> = template.section(section).map(|(name, _)| name).collect();
        let wrong = used.iter().filter(|name| !is_declared(name));
        let meant: Vec<&str> = wrong.filter_map(|name| declared.nearest(name)).collect();
        used.extend(meant);
    }
    // The name of a mapping may be made, as a loop's or by a function; then any may be meant.
    let mut is_made = has_key(template.as_json(), |key| key.starts_with("Fn::ForEach::"));
    each_call(template, &mut |call| {
        let first = call.argument.as_array().and_then(|parts| parts.first());
        is_made |= call.function == "Fn::FindInMap" && first.is_some_and(|name| !name.is_string());
        // What `Fn::RefAll` and `Fn::ValueOfAll` name is a type.
        is_made |= matches!(call.function, "Fn::RefAll" | "Fn::ValueOfAll");
    });
    if is_made {
        return;
    }
    for ((rule, section), used) in [&PARAMETER, &MAPPING, &CONDITION].into_iter().zip(SECTIONS).zip(used) {
        let section_at = Pointer::at(section);
        for (name, _) in template.section(section).filter(|(name, _)| !used.contains(name)) {
            let kind = section.to_lowercase();
            let message =
                format!("nothing uses the {} `{name}`; expected a use, or none of it", kind.trim_end_matches('s'));
            found.push(rule.at(section_at.key(name).to_string(), message));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::check::assert_finds;

    const PAGE: &str = "docs https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html";

    #[test]
    fn what_nothing_names_is_reported() {
        let line = |code: &str, kind: &str, path: &str| {
            let name = path.rsplit('/').next().unwrap();
            format!(
                "warning[{code}]: nothing uses the {kind} `{name}`; expected a use, or none of it\n  at   {path}\n  {PAGE}"
            )
        };
        assert_finds(
            check,
            json!({
                "Parameters": {"Used": {"Type": "String"}, "Unused": {"Type": "String"}},
                "Mappings": {"Sizes": {"a": {"b": 1}}},
                "Conditions": {"Never": {"Fn::Equals": [{"Ref": "Used"}, "x"]}},
                "Resources": {"R": {"Type": "X::Y::Z"}},
            }),
            &[
                &line("W8001", "condition", "Conditions/Never"),
                &line("W7001", "mapping", "Mappings/Sizes"),
                &line("W2001", "parameter", "Parameters/Unused"),
            ],
        );
    }

    #[test]
    fn what_a_macro_may_use_is_not_reported() {
        let parameters = json!({"P": {"Type": "String"}});
        let resources = json!({"R": {"Type": "X::Y::Z"}});
        assert_finds(check, json!({"Transform": "Own", "Parameters": parameters, "Resources": resources}), &[]);
        let resources = json!({"R": {"Type": "X::Y::Z", "Properties": {"Fn::Transform": {"Name": "Own"}}}});
        assert_finds(check, json!({"Parameters": parameters, "Resources": resources}), &[]);
    }
}
