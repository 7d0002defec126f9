//! W2531 and E2533: a function whose runtime has come to its end.

use crate::{
    check::subject::{Check, Subject},
    data::runtime,
    diagnostic::{Diagnostic, Severity},
    rule::Rule,
};

const DOCS: Option<&str> = Some("https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html");

static DEPRECATED_RUNTIME: Rule = Rule {
    code: "W2531",
    severity: Severity::Warning,
    title: "a function with a runtime that is deprecated",
    why: "\
From the day on which a runtime is deprecated it gets no more security patches, and Lambda gives no
support; some weeks or years later no function can be made with it, then none be changed. What
counts is the date of the list, which the message names, and not today's, so that the same template
is always judged alike.",
    fails: "\
Resources:
  Render:
    Type: AWS::Lambda::Function
    Properties:
      Role: arn:aws:iam::123456789012:role/Render
      Handler: index.handler
      Runtime: nodejs16.x
      Code: {ZipFile: 'exports.handler = async () => 5'}",
    passes: "\
Resources:
  Render:
    Type: AWS::Lambda::Function
    Properties:
      Role: arn:aws:iam::123456789012:role/Render
      Handler: index.handler
      Runtime: nodejs24.x
      Code: {ZipFile: 'exports.handler = async () => 5'}",
    docs: DOCS,
};

static BLOCKED_RUNTIME: Rule = Rule {
    code: "E2533",
    severity: Severity::Error,
    title: "a function with a runtime that Lambda no longer takes",
    why: "\
Some time after a runtime was deprecated, functions with it can neither be made nor changed. Lambda
refuses the function while the stack deploys, and the stack is rolled back.",
    fails: "\
Resources:
  Render:
    Type: AWS::Lambda::Function
    Properties:
      Role: arn:aws:iam::123456789012:role/Render
      Handler: index.handler
      Runtime: python2.7
      Code: {ZipFile: 'def handler(event, context): return 5'}",
    passes: "\
Resources:
  Render:
    Type: AWS::Lambda::Function
    Properties:
      Role: arn:aws:iam::123456789012:role/Render
      Handler: index.handler
      Runtime: python3.13
      Code: {ZipFile: 'def handler(event, context): return 5'}",
    docs: DOCS,
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&DEPRECATED_RUNTIME, &BLOCKED_RUNTIME], run: check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let functions = ["AWS::Lambda::Function", "AWS::Serverless::Function"];
    for (id, resource) in functions.into_iter().flat_map(|kind| subject.of_type(kind)) {
        let name = resource["Properties"]["Runtime"].as_str();
        found.extend(name.and_then(|name| ended(name, &format!("Resources/{id}/Properties/Runtime"))));
    }
}

fn ended(name: &str, path: &str) -> Option<Diagnostic> {
    let runtime = runtime::runtime(name)?;
    let today = runtime::archive().date();
    let passed = |date: Option<&'static str>| date.filter(|date| *date <= today);
    let since = passed(runtime.deprecated())?;
    let source = runtime::archive().provenance();
    let fault = match (passed(runtime.blocks_update()), runtime.blocks_creation()) {
        (Some(end), _) => {
            let message =
                format!("no function can be made or changed with `{name}` since {end}; expected a later runtime");
            BLOCKED_RUNTIME.at(path, message)
        }
        (None, end) => {
            let end = end.map(|end| match passed(Some(end)) {
                Some(end) => format!(", and no function can be made with it since {end}"),
                None => format!(", and no function can be made with it from {end} on"),
            });
            let end = end.unwrap_or_default();
            DEPRECATED_RUNTIME
                .at(path, format!("`{name}` is deprecated since {since}{end} ({source}); expected a later runtime"))
        }
    };
    Some(match runtime.successor() {
        Some(next) => fault.help(format!("the newest of its language is `{next}`")),
        None => fault,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{check::assert_finds, json::Json};

    fn function(kind: &str, runtime: Json) -> Json {
        json!({"Resources": {"F": {"Type": kind, "Properties": {"Runtime": runtime}}}})
    }

    #[test]
    fn a_runtime_that_lives_or_that_nobody_knows_passes() {
        for runtime in [json!("python3.13"), json!("nodejs24.x"), json!("cobol85"), json!({"Ref": "Runtime"}), json!(7)]
        {
            assert_finds(check, function("AWS::Lambda::Function", runtime), &[]);
        }
        assert_finds(check, function("AWS::Synthetics::Canary", json!("python2.7")), &[]);
    }

    #[test]
    fn a_runtime_that_has_ended_is_found() {
        let rest = |help: &str| {
            format!(
                "at   Resources/F/Properties/Runtime\n  help the newest of its language is `{help}`\n  docs {}",
                DOCS.unwrap_or_default()
            )
        };
        let source = runtime::archive().provenance();
        for (name, fault) in [
            (
                "nodejs16.x",
                format!(
                    "warning[W2531]: `nodejs16.x` is deprecated since 2024-06-12, and no function can be made with it from \
                     2027-02-01 on ({source}); expected a later runtime\n  {}",
                    rest("nodejs24.x")
                ),
            ),
            (
                "go1.x",
                format!(
                    "warning[W2531]: `go1.x` is deprecated since 2024-01-08, and no function can be made with it since \
                     2024-02-08 ({source}); expected a later runtime\n  {}",
                    rest("provided.al2023")
                ),
            ),
            (
                "nodejs",
                format!(
                    "error[E2533]: no function can be made or changed with `nodejs` since 2016-10-31; expected a later \
                     runtime\n  {}",
                    rest("nodejs24.x")
                ),
            ),
        ] {
            assert_finds(check, function("AWS::Lambda::Function", json!(name)), &[&fault]);
        }
    }
}
