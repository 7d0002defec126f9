//! F4010: an event pattern that EventBridge refuses.

use std::borrow::Cow;

use crate::{
    check::{
        subject::{Check, Subject},
        value::Seen,
        view::each_view,
    },
    diagnostic::{Diagnostic, Severity, nearest},
    json::{Json, Pointer},
    rule::Rule,
    template::intrinsic::{Place, call},
};

static PATTERN: Rule = Rule {
    code: "F4010",
    severity: Severity::Error,
    title: "an event pattern that matches nothing that there can be",
    why: "\
In an event pattern each field has a map of fields, or a list of what it may be: values, and
matchers such as `{prefix: a}`. EventBridge refuses one with a single value, an empty list or an
unknown matcher (\"Event pattern is not valid\").",
    fails: "\
Resources:
  Started:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: {source: aws.ec2}",
    passes: "\
Resources:
  Started:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: {source: [aws.ec2]}",
    docs: Some("https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html"),
};

/// The matchers that a list may have.
const MATCHERS: [&str; 8] =
    ["anything-but", "cidr", "equals-ignore-case", "exists", "numeric", "prefix", "suffix", "wildcard"];

pub(in crate::check) static CHECK: Check = Check { rules: &[&PATTERN], run: check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let kinds = ["AWS::Events::Rule", "AWS::Events::Archive"];
    each_view(subject, &kinds, found, &mut |view, found| {
        let path = view.at("EventPattern");
        if let Seen::Known(Cow::Borrowed(pattern @ Json::Object(_))) = view.seen("EventPattern") {
            fields(pattern, &Pointer::at(&path), found);
        }
    });
}

fn fields(pattern: &Json, at: &Pointer<'_>, found: &mut Vec<Diagnostic>) {
    for (field, value) in pattern.as_object().into_iter().flatten() {
        let at = at.key(field);
        if call(value, Place::Other).is_some() {
            continue;
        }
        match value {
            // Alternatives: a list of patterns.
            Json::Array(alternatives) if field == "$or" => {
                alternatives.iter().enumerate().for_each(|(nth, each)| fields(each, &at.index(nth), found));
            }
            Json::Array(values) if values.is_empty() => {
                let message = format!("the list of `{field}` is empty; expected what the field may be");
                found.push(PATTERN.at(at.to_string(), message));
            }
            Json::Array(values) => {
                values.iter().enumerate().for_each(|(nth, value)| matcher(field, value, &at.index(nth), found));
            }
            Json::Object(_) => fields(value, &at, found),
            Json::Null => {}
            scalar => {
                let message = format!("`{field}` is {scalar}; expected a list of what it may be, or a map of fields");
                found.push(PATTERN.at(at.to_string(), message).help(format!("write it `[{scalar}]`")));
            }
        }
    }
}

fn matcher(field: &str, value: &Json, at: &Pointer<'_>, found: &mut Vec<Diagnostic>) {
    let Json::Object(members) = value else { return };
    if call(value, Place::Other).is_some() {
        return;
    }
    for name in members.keys().filter(|name| !MATCHERS.contains(&name.as_str()) && !name.starts_with("Fn::")) {
        let message = format!("`{name}` is no matcher for `{field}`; expected one that EventBridge has");
        let fault = PATTERN.at(at.key(name).to_string(), message);
        found.push(match nearest(name, MATCHERS) {
            Some(near) => fault.help(format!("did you mean `{near}`?")),
            None => fault,
        });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::check::assert_finds;

    #[test]
    fn values_stand_in_lists_and_matchers_are_known() {
        let rule = |pattern: Json| json!({"Resources": {"R": {"Type": "AWS::Events::Rule", "Properties": {"EventPattern": pattern}}}});
        let sound = json!({
            "source": ["aws.s3", {"prefix": "own."}],
            "detail": {"size": [{"numeric": [">", 0]}], "bucket": {"name": [{"Ref": "B"}]}, "gone": [null]},
            "$or": [{"detail-type": ["a"]}, {"region": ["b"]}],
        });
        assert_finds(check, rule(sound), &[]);
        let docs = format!("docs {}", PATTERN.docs.unwrap());
        assert_finds(
            check,
            rule(json!({"detail": {"a": [], "b": [{"prefx": "c"}]}})),
            &[
                &format!(
                    "error[F4010]: the list of `a` is empty; expected what the field may be\n  \
                     at   Resources/R/Properties/EventPattern/detail/a\n  {docs}"
                ),
                &format!(
                    "error[F4010]: `prefx` is no matcher for `b`; expected one that EventBridge has\n  \
                     at   Resources/R/Properties/EventPattern/detail/b/0/prefx\n  \
                     help did you mean `prefix`?\n  {docs}"
                ),
            ],
        );
    }
}
