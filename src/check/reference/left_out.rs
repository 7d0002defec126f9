//! W1001: a reference to a resource that its condition may leave out.

use std::collections::BTreeSet;

use crate::{
    check::subject::{Check, Subject},
    diagnostic::{Diagnostic, Severity},
    json::Json,
    rule::Rule,
    template::reference::{Reference, ReferenceKind},
};

static LEFT_OUT: Rule = Rule {
    code: "W1001",
    severity: Severity::Warning,
    title: "a reference to a resource that its condition may leave out",
    why: "\
The resource that is named has a condition, and what names it may be there when the condition does
not hold. CloudFormation refuses the template then (\"Unresolved resource dependencies\"). It is a
warning, since it depends on the parameters.",
    fails: "\
Conditions:
  Frankfurt: !Equals [!Ref AWS::Region, eu-central-1]
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Condition: Frankfurt
Outputs:
  OrdersArn: {Value: !GetAtt Orders.Arn}",
    passes: "\
Conditions:
  Frankfurt: !Equals [!Ref AWS::Region, eu-central-1]
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Condition: Frankfurt
Outputs:
  OrdersArn: {Condition: Frankfurt, Value: !GetAtt Orders.Arn}",
    docs: Some("https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/conditions-section-structure.html"),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&LEFT_OUT], run: check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    found.extend(subject.references.iter().filter_map(|reference| may_be_left_out(subject, reference)));
}

fn may_be_left_out(subject: &Subject<'_>, reference: &Reference<'_>) -> Option<Diagnostic> {
    if !matches!(reference.kind, ReferenceKind::Ref | ReferenceKind::GetAtt | ReferenceKind::Sub) {
        return None;
    }
    let template = subject.template.as_json();
    let needed = template.get("Resources")?.get(reference.to)?.get("Condition")?.as_str()?;
    let (own, branches) = around(template, &reference.path);
    if own == Some(needed) || branches.contains(&(needed, true)) {
        return None;
    }
    let names: BTreeSet<&str> = branches.iter().map(|(name, _)| *name).chain([needed]).collect();
    let worlds = subject.conditions.worlds(&names, own.as_slice());
    let is_here = |name: &str, branch: bool| worlds_hold(&branches, name, branch);
    worlds
        .iter()
        .any(|world| {
            world.holds(needed) == Some(false)
                && branches.iter().all(|(name, branch)| world.holds(name) == Some(*branch) && is_here(name, *branch))
        })
        .then(|| {
            let message = format!(
                "`{}` is not there when its condition `{needed}` does not hold; expected a reference only when it does",
                reference.to
            );
            LEFT_OUT.at(&reference.path, message)
        })
}

/// Whether no other branch around contradicts one.
fn worlds_hold(branches: &[(&str, bool)], name: &str, branch: bool) -> bool {
    branches.iter().all(|(other, taken)| *other != name || *taken == branch)
}

/// The condition of the entry that a path leads into, and the branches of `Fn::If` that it goes through.
fn around<'a>(template: &'a Json, path: &str) -> (Option<&'a str>, Vec<(&'a str, bool)>) {
    let mut here = template;
    let mut own = None;
    let mut branches = Vec::new();
    let mut function = None;
    for segment in path.split('/') {
        let key = segment.replace("~1", "/").replace("~0", "~");
        if let Some(name) = function.take() {
            branches.push((name, key == "1"));
        }
        let next = match here {
            Json::Array(items) => key.parse().ok().and_then(|position: usize| items.get(position)),
            other => other.get(&key),
        };
        let Some(next) = next else { break };
        here = next;
        if key == "Fn::If" {
            function = here.get(0).and_then(Json::as_str);
        }
        let is_entry = here.get("Type").is_some() || here.get("Value").is_some();
        own = own.or_else(|| here.get("Condition").filter(|_| is_entry)?.as_str());
    }
    (own, branches)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::check::assert_finds;

    fn template(value: Json) -> Json {
        json!({
            "Conditions": {
                "Live": {"Fn::Equals": [{"Ref": "AWS::Region"}, "a"]},
                "Test": {"Fn::Not": [{"Condition": "Live"}]},
                "Both": {"Fn::And": [{"Condition": "Live"}, {"Fn::Equals": [{"Ref": "AWS::Partition"}, "aws"]}]},
            },
            "Resources": {"Q": {"Type": "AWS::SQS::Queue", "Condition": "Live"}},
            "Outputs": {"O": value},
        })
    }

    #[test]
    fn a_reference_is_sound_where_the_condition_holds() {
        let q = json!({"Ref": "Q"});
        assert_finds(check, template(json!({"Condition": "Live", "Value": q})), &[]);
        assert_finds(check, template(json!({"Condition": "Both", "Value": q})), &[]);
        assert_finds(check, template(json!({"Value": {"Fn::If": ["Live", q, "none"]}})), &[]);
        assert_finds(check, template(json!({"Value": {"Fn::If": ["Test", "none", q]}})), &[]);
    }

    #[test]
    fn a_reference_that_may_find_nothing_is_reported() {
        let at = |path: &str| {
            format!(
                "warning[W1001]: `Q` is not there when its condition `Live` does not hold; expected a reference only when it does\n  \
                 at   {path}\n  docs {}",
                LEFT_OUT.docs.unwrap()
            )
        };
        let q = json!({"Ref": "Q"});
        assert_finds(check, template(json!({"Value": q})), &[&at("Outputs/O/Value")]);
        assert_finds(
            check,
            template(json!({"Value": {"Fn::If": ["Test", q, "none"]}})),
            &[&at("Outputs/O/Value/Fn::If/1")],
        );
    }
}
