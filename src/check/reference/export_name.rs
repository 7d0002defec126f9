//! F4018: a name of an export that CloudFormation refuses.

use crate::{
    check::subject::{Check, Subject},
    diagnostic::{Diagnostic, Severity},
    json::Json,
    rule::Rule,
    template::{
        intrinsic::{Part, Place, Substitution, call, join},
        reference::{ReferenceKind, each_call, references},
    },
};

static NAME: Rule = Rule {
    code: "F4018",
    severity: Severity::Error,
    title: "a name of an export that cannot be one",
    why: "\
The name under which an output is exported consists of letters, digits, colons and hyphens, and is
known before anything is deployed: it depends on no resource, no imported value and no list of
availability zones. CloudFormation refuses any other (\"Output ... is malformed. The Name field of
every Export member must be specified and consist only of alphanumeric characters, colons, or
hyphens\").",
    fails: "\
Resources:
  Orders:
    Type: AWS::SQS::Queue
Outputs:
  Arn: {Value: !GetAtt Orders.Arn, Export: {Name: 'orders.arn'}}
  Url: {Value: !Ref Orders, Export: {Name: !Sub '${Orders.QueueName}-url'}}",
    passes: "\
Resources:
  Orders:
    Type: AWS::SQS::Queue
Outputs:
  Arn: {Value: !GetAtt Orders.Arn, Export: {Name: 'orders:arn'}}
  Url: {Value: !Ref Orders, Export: {Name: !Sub '${AWS::StackName}-url'}}",
    docs: Some("https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/outputs-section-structure.html"),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&NAME], run: check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let names = subject.template.section("Outputs").filter_map(|(id, output)| {
        let name = output.get("Export")?.get("Name")?;
        Some((format!("Outputs/{id}/Export/Name"), name))
    });
    let names: Vec<(String, &Json)> = names.collect();
    if names.is_empty() {
        return;
    }
    for (path, name) in &names {
        let mut texts = Vec::new();
        literals(name, &mut texts);
        let is_fit = |letter: char| letter.is_ascii_alphanumeric() || letter == ':' || letter == '-';
        if texts.iter().all(|text| text.is_empty()) && name.is_string() {
            found.push(NAME.at(path.as_str(), "the name of the export is empty; expected letters, digits, `:` or `-`"));
        } else if let Some(letter) = texts.iter().flat_map(|text| text.chars()).find(|letter| !is_fit(*letter)) {
            let message = format!("the name of the export has a {letter:?}; expected letters, digits, `:` and `-`");
            found.push(NAME.at(path.as_str(), message));
        }
    }
    let of = |at: &str| {
        names
            .iter()
            .find(|(path, _)| at == path || at.strip_prefix(path.as_str()).is_some_and(|rest| rest.starts_with('/')))
    };
    let resources: Vec<&str> = subject.template.section("Resources").map(|(id, _)| id).collect();
    for reference in references(subject.template) {
        let reads = matches!(reference.kind, ReferenceKind::Ref | ReferenceKind::GetAtt | ReferenceKind::Sub);
        if reads && resources.contains(&reference.to) && of(&reference.path).is_some() {
            let message = format!(
                "the name of the export depends on the resource `{}`; expected one that is known before the deployment",
                reference.to
            );
            found.push(NAME.at(reference.path, message));
        }
    }
    each_call(subject.template, &mut |call| {
        if ["Fn::ImportValue", "Fn::GetAZs"].contains(&call.function) && of(call.path().as_str()).is_some() {
            let message = format!(
                "the name of the export depends on `{}`; expected one that is known before the deployment",
                call.function
            );
            found.push(NAME.at(call.path(), message));
        }
    });
}

/// The texts that a name is made of, as far as they stand in the template.
fn literals<'a>(name: &'a Json, texts: &mut Vec<&'a str>) {
    match (name, call(name, Place::Other)) {
        (Json::String(text), _) if !text.contains("{{resolve:") => texts.push(text),
        (_, Some(("Fn::Sub", argument))) => {
            let parts = Substitution::new(argument).into_iter().flat_map(Substitution::parts);
            texts.extend(parts.filter_map(|part| match part {
                Part::Text(text) => Some(text),
                Part::Kept(_) => Some("${}"),
                Part::Name(_) => None,
            }));
        }
        (_, Some(("Fn::Join", argument))) => {
            if let Some((delimiter, parts)) = join(argument) {
                texts.extend((parts.len() > 1).then_some(delimiter));
                parts.iter().for_each(|part| literals(part, texts));
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::check::assert_finds;

    #[track_caller]
    fn assert_name(name: Json, faults: &[(&str, &str)]) {
        let template = json!({
            "Parameters": {"Stage": {"Type": "String"}},
            "Resources": {"Q": {"Type": "AWS::SQS::Queue"}},
            "Outputs": {"O": {"Value": {"Ref": "Q"}, "Export": {"Name": name}}},
        });
        let docs = NAME.docs.unwrap();
        let faults = faults
            .iter()
            .map(|(at, message)| format!("error[F4018]: {message}\n  at   Outputs/O/Export/Name{at}\n  docs {docs}"));
        let faults: Vec<String> = faults.collect();
        assert_finds(check, template, &faults.iter().map(String::as_str).collect::<Vec<_>>());
    }

    #[test]
    fn a_name_has_letters_digits_colons_and_hyphens() {
        for name in [
            json!("network:Vpc-1"),
            json!({"Fn::Sub": "${AWS::StackName}:${Stage}"}),
            json!({"Fn::Join": ["-", [{"Ref": "AWS::Region"}, "a"]]}),
            json!({"Fn::FindInMap": ["M", "a b", "c d"]}),
        ] {
            assert_name(name, &[]);
        }
        let has =
            |letter: char| format!("the name of the export has a {letter:?}; expected letters, digits, `:` and `-`");
        for (name, letter) in [
            (json!("orders.arn"), '.'),
            (json!("caf\u{e9}"), '\u{e9}'),
            (json!({"Fn::Sub": "${AWS::StackName}_vpc"}), '_'),
            (json!({"Fn::Sub": "a-${!b}"}), '$'),
            (json!({"Fn::Join": ["/", [{"Ref": "Stage"}, "a"]]}), '/'),
            (json!({"Fn::Join": ["", ["a", {"Fn::Sub": "${Stage} b"}]]}), ' '),
        ] {
            assert_name(name, &[("", &has(letter))]);
        }
        assert_name(json!(""), &[("", "the name of the export is empty; expected letters, digits, `:` or `-`")]);
    }

    #[test]
    fn a_name_is_known_before_the_deployment() {
        let expected = "expected one that is known before the deployment";
        let on_resource = format!("the name of the export depends on the resource `Q`; {expected}");
        assert_name(json!({"Ref": "Q"}), &[("", &on_resource)]);
        assert_name(json!({"Fn::Sub": "${Q.QueueName}-url"}), &[("", &on_resource)]);
        let on = |function: &str| format!("the name of the export depends on `{function}`; {expected}");
        assert_name(json!({"Fn::ImportValue": "a"}), &[("", &on("Fn::ImportValue"))]);
        let zones = json!({"Fn::Join": ["-", {"Fn::GetAZs": ""}]});
        assert_name(zones, &[("/Fn::Join/1", &on("Fn::GetAZs"))]);
    }
}
