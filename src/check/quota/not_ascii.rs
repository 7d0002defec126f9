//! F1021: a file that is not ASCII, which not every way to deploy it reads alike.

use crate::{
    check::subject::{Check, Subject, Written},
    diagnostic::{Diagnostic, Path, Severity},
    json::{Json, Pointer, walk},
    rule::Rule,
};

static NOT_ASCII: Rule = Rule {
    code: "F1021",
    severity: Severity::Warning,
    title: "a template that is not ASCII",
    why: "\
The file has letters that are not ASCII. The AWS CLI reads a template in the encoding of the locale,
so that on another machine (Windows, a bare container) the same file is refused or deploys other
letters. Escapes (`\\u00e9` in JSON and in double quotes in YAML) are read alike everywhere;
`AWS_CLI_FILE_ENCODING=UTF-8` tells the CLI. Only the first place of a file is shown.",
    fails: "Description: # Zürich",
    passes: "Description: # Z\\u00fcrich, in double quotes",
    docs: Some("https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-envvars.html"),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&NOT_ASCII], run: check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    // What only a comment has, nothing deploys.
    if matches!(subject.written, Written::File { is_ascii: false, .. })
        && let Some((path, letter)) = first(subject.template.as_json())
    {
        let message =
            format!("the template has `{letter}`, which is not ASCII; expected its escape, \\u and its number");
        found.push(NOT_ASCII.at(path, message).help("or tell the AWS CLI: `AWS_CLI_FILE_ENCODING=UTF-8`"));
    }
}

/// The first letter that is not ASCII, with its place.
fn first(template: &Json) -> Option<(Path, char)> {
    let mut first = None;
    let letter = |text: &str| text.chars().find(|letter| !letter.is_ascii());
    let mut visit = |json: &Json, at: &Pointer<'_>| {
        if first.is_some() {
            return;
        }
        first = match json {
            Json::String(text) => letter(text).map(|letter| (at.to_string().into(), letter)),
            Json::Object(members) => {
                members.keys().find_map(|key| letter(key).map(|letter| (at.key(key).to_string().into(), letter)))
            }
            _ => None,
        };
    };
    for (section, json) in template.as_object().into_iter().flatten() {
        walk(json, &Pointer::at(section), &mut visit);
    }
    first
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::template::Template;

    fn found(template: &Json, is_ascii: bool) -> Vec<String> {
        let template = Template::new(template.clone());
        let mut found = Vec::new();
        check(&Subject::new(&template).written(Written::File { bytes: 100, is_ascii }), &mut found);
        found.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_first_letter_of_a_file_is_told() {
        let template = json!({
            "Description": "Letters",
            "Resources": {"R": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "Caf\u{e9}, \u{2019}"}}},
            "Outputs": {"O": {"Value": "\u{e9}"}},
        });
        let expected = "warning[F1021]: the template has `\u{e9}`, which is not ASCII; expected its escape, \\u and its \
                        number\n  at   Resources/R/Properties/DisplayName\n  \
                        help or tell the AWS CLI: `AWS_CLI_FILE_ENCODING=UTF-8`\n  \
                        docs https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-envvars.html";
        assert_eq!(found(&template, false), [expected]);
        assert_eq!(found(&json!({"Metadata": {"\u{e9}": 1}}), false).len(), 1);
    }

    #[test]
    fn escapes_and_comments_are_not_told() {
        assert_eq!(found(&json!({"Description": "\u{e9}"}), true), [""; 0]);
        assert_eq!(found(&json!({"Description": "e"}), false), [""; 0]);
    }
}
