//! F0003, F0004 and F0005: faults that are acknowledged are not reported, and acknowledgements are checked in their place.

use std::{cell::Cell, collections::BTreeMap};

use crate::{
    check::subject::{Check, Subject},
    diagnostic::{Acknowledgement, Diagnostic, Path, Severity},
    json::Json,
    rule::Rule,
    template::Template,
};

static STALE: Rule = Rule {
    code: "F0003",
    severity: Severity::Warning,
    title: "an acknowledgement of a fault that is not there",
    why: "\
A resource says that it keeps a fault, and no check finds that fault in it: it has been mended, the
code is misspelt, or the fault is in another resource. It would hide the fault when that comes back.
In the `Metadata` of the whole template an acknowledgement is for what no resource has: a parameter,
an output, the size. What cannot be parsed or rendered cannot be acknowledged.",
    fails: "\
Resources:
  Letters:
    Type: AWS::SQS::Queue
    Metadata:
      Formwork:
        Acknowledge:
          - Code: E1020
            Reason: The parameter comes with the next release",
    passes: "\
Resources:
  Letters:
    Type: AWS::SQS::Queue",
    docs: None,
};

static NO_REASON: Rule = Rule {
    code: "F0004",
    severity: Severity::Warning,
    title: "an acknowledgement without a reason",
    why: "\
Whoever reads the template next must be able to judge whether the fault may still stay. The fault
is not reported; this is, until there is a reason.",
    fails: "\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: []}
    Metadata:
      Formwork:
        Acknowledge:
          - Code: F1012",
    passes: "\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: []}
    Metadata:
      Formwork:
        Acknowledge:
          - Code: F1012
            Reason: A macro adds the statements",
    docs: None,
};

static MALFORMED: Rule = Rule {
    code: "F0005",
    severity: Severity::Warning,
    title: "an acknowledgement that cannot be read",
    why: "\
`Metadata` has `Formwork`, an object with `Acknowledge`, a list of objects with `Code` and `Reason`,
both texts. What has another form acknowledges nothing.",
    fails: "\
Resources:
  Letters:
    Type: AWS::SQS::Queue
    Metadata:
      Formwork:
        Acknowledge: E1020",
    passes: "\
Resources:
  Letters:
    Type: AWS::SQS::Queue
    Metadata:
      Formwork:
        Acknowledge: []",
    docs: None,
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&STALE, &NO_REASON, &MALFORMED], run: check };

/// Finds those that cannot be read; whether the others apply is known when all checks have run.
fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for (of, metadata) in metadata(subject.template) {
        read(&of, metadata, &mut Vec::new(), found);
    }
}

/// The acknowledgements in the `Metadata` of a template and of its resources.
pub(in crate::check) fn of_template(template: &Template) -> Vec<Acknowledgement> {
    let mut all = Vec::new();
    for (of, metadata) in metadata(template) {
        read(&of, metadata, &mut all, &mut Vec::new());
    }
    all
}

/// Drops the faults that are acknowledged, and reports the acknowledgements that are wrong.
pub(crate) fn acknowledge(found: &mut Vec<Diagnostic>, all: &[Acknowledgement]) {
    // By code and place, each with whether there is such a fault.
    let places: BTreeMap<(&str, &str), Cell<bool>> =
        all.iter().map(|one| ((&*one.code, &*one.of), Cell::new(false))).collect();
    found.retain(|fault| {
        let mut is_kept = true;
        for place in Acknowledgement::places(fault) {
            if let Some(is_there) = places.get(&(fault.code, place)) {
                is_there.set(true);
                is_kept = false;
            }
        }
        is_kept
    });
    let mut faults = Vec::new();
    for one in all {
        let at = |rule: &Rule, message: String| rule.at(&one.at, message).declared_at(one.given_at.clone());
        let code = &one.code;
        if !places[&(&**code, &*one.of)].get() {
            let message = format!("`{code}` is acknowledged, and is not found here; expected no acknowledgement of it");
            faults.push(at(&STALE, message));
        } else if one.reason.trim().is_empty() {
            faults.push(at(&NO_REASON, format!("`{code}` is acknowledged for no reason; expected one in some words")));
        }
    }
    found.extend(faults);
}

/// The `Metadata` of the template, for what no resource has, and of each resource.
fn metadata(template: &Template) -> impl Iterator<Item = (Path, &Json)> {
    let whole = template.as_json().get("Metadata").map(|metadata| (Path::default(), metadata));
    let resources = template
        .section("Resources")
        .filter_map(|(id, resource)| Some((Path::from("Resources").join(id), resource.get("Metadata")?)));
    whole.into_iter().chain(resources)
}

/// Reads those of one `Metadata`, and reports what is none.
fn read(of: &Path, metadata: &Json, all: &mut Vec<Acknowledgement>, faults: &mut Vec<Diagnostic>) {
    let Some(list) = metadata.get("Formwork").and_then(|own| own.get("Acknowledge")) else { return };
    let path = of.join("Metadata").join("Formwork").join("Acknowledge");
    let Some(items) = list.as_array() else {
        return faults
            .push(MALFORMED.at(path, "`Acknowledge` is no list; expected one of objects with `Code` and `Reason`"));
    };
    for (index, item) in items.iter().enumerate() {
        let at = path.join(index);
        let code = item.get("Code").and_then(Json::as_str);
        let reason = item.get("Reason").map_or(Some(""), Json::as_str);
        match (code, reason) {
            (Some(code), Some(reason)) => all.push(Acknowledgement {
                code: code.to_owned(),
                reason: reason.to_owned(),
                of: of.clone(),
                at,
                given_at: None,
            }),
            (None, _) => faults.push(MALFORMED.at(at, "there is no `Code`; expected that of a fault, as a text")),
            (_, None) => faults.push(MALFORMED.at(at, "`Reason` is no text; expected one")),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::check::all;

    /// What is found in a template with two queues of a wrong name, the first of which has this metadata.
    fn found(metadata: Json, whole: Json) -> Vec<String> {
        let queue = |metadata: Json| json!({"Type": "AWS::SQS::Queue", "Metadata": metadata, "Properties": {"QueueName": {"Ref": "Stage"}}});
        let template = json!({
            "Metadata": whole,
            "Resources": {"Letters": queue(metadata), "LettersSent": queue(json!({}))},
            "Outputs": {"Name": {"Value": {"Ref": "Stage"}}},
        });
        let mut found = all(&Template::new(template));
        crate::diagnostic::sort(&mut found);
        found.iter().map(|fault| format!("{} {} {}", fault.code, fault.path, fault.message)).collect()
    }

    fn acknowledge(list: Json) -> Json {
        json!({"Formwork": {"Acknowledge": list}})
    }

    #[test]
    fn a_fault_that_is_acknowledged_is_not_reported() {
        let letters = "E1020 Resources/Letters/Properties/QueueName ";
        let sent = "E1020 Resources/LettersSent/Properties/QueueName ";
        let name = "E1020 Outputs/Name/Value ";
        let is = |found: &[String], expected: &[&str]| {
            assert_eq!(found.len(), expected.len(), "{found:?}");
            assert!(found.iter().zip(expected).all(|(text, begin)| text.starts_with(begin)), "{found:?}");
        };
        let known = || acknowledge(json!([{"Code": "E1020", "Reason": "The parameter comes with the next release"}]));
        is(&found(json!({}), json!({})), &[name, letters, sent]);
        is(&found(known(), json!({})), &[name, sent]);
        // What is acknowledged for the whole is what no resource has.
        is(&found(json!({}), known()), &[letters, sent]);
        is(&found(known(), known()), &[sent]);
    }

    #[test]
    fn an_acknowledgement_that_is_wrong_is_a_warning() {
        let own = |list: Json| {
            let mut found = found(acknowledge(list), json!({}));
            found.retain(|fault| !fault.starts_with("E1020"));
            found
        };
        let at = "Resources/Letters/Metadata/Formwork/Acknowledge";
        let reason = "to be mended";
        assert_eq!(
            own(json!([{"Code": "E1010", "Reason": reason}])),
            [format!("F0003 {at}/0 `E1010` is acknowledged, and is not found here; expected no acknowledgement of it")]
        );
        for without in [json!([{"Code": "E1020"}]), json!([{"Code": "E1020", "Reason": " "}])] {
            assert_eq!(
                own(without),
                [format!("F0004 {at}/0 `E1020` is acknowledged for no reason; expected one in some words")]
            );
        }
        let list = format!("F0005 {at} `Acknowledge` is no list; expected one of objects with `Code` and `Reason`");
        assert_eq!(own(json!({"Code": "E1020", "Reason": reason})), [list]);
        assert_eq!(
            own(json!([{"Reason": reason}, "E1020", {"Code": "E1020", "Reason": 1}])),
            [
                format!("F0005 {at}/0 there is no `Code`; expected that of a fault, as a text"),
                format!("F0005 {at}/1 there is no `Code`; expected that of a fault, as a text"),
                format!("F0005 {at}/2 `Reason` is no text; expected one"),
            ]
        );
    }
}
