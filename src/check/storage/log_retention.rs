//! F1022: a log group that keeps what it has for good.

use crate::{
    check::subject::{Check, Subject},
    diagnostic::{Diagnostic, Severity},
    rule::Rule,
};

static NO_RETENTION: Rule = Rule {
    code: "F1022",
    severity: Severity::Warning,
    title: "a log group that keeps its logs for good",
    why: "\
The log group has no `RetentionInDays`, and CloudWatch Logs then never deletes anything of it: it is
paid for by the month, and grows. Where logs are to be kept for good, the number of days that the
law asks for says so (3653 are ten years), or an acknowledgement.",
    fails: "\
Resources:
  Letters:
    Type: AWS::Logs::LogGroup
    Properties: {LogGroupName: /letters}",
    passes: "\
Resources:
  Letters:
    Type: AWS::Logs::LogGroup
    Properties: {LogGroupName: /letters, RetentionInDays: 30}",
    docs: Some(
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-loggroup.html#cfn-logs-loggroup-retentionindays",
    ),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&NO_RETENTION], run: check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    if subject.is_open() {
        return;
    }
    for entry in subject.resources.iter().filter(|entry| entry.kind == "AWS::Logs::LogGroup") {
        let Some(given) = entry.properties() else { continue };
        // A group of the class DELIVERY keeps logs for a day, whatever is said.
        let is_standard = given.get("LogGroupClass").is_none_or(|class| class == "STANDARD");
        if is_standard && given.get("RetentionInDays").is_none() {
            let message = format!("`{}` keeps its logs for good; expected `RetentionInDays`", entry.name);
            found.push(NO_RETENTION.at(format!("{}/Properties", entry.path), message));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::check::assert_finds;

    #[test]
    fn what_may_have_a_retention_is_not_reported() {
        let group = |properties| json!({"Resources": {"G": {"Type": "AWS::Logs::LogGroup", "Properties": properties}}});
        assert_finds(check, group(json!({"RetentionInDays": {"Ref": "Days"}})), &[]);
        assert_finds(check, group(json!({"LogGroupClass": "DELIVERY"})), &[]);
        assert_finds(check, group(json!({"LogGroupClass": {"Ref": "Class"}})), &[]);
        assert_finds(check, group(json!({"Fn::Transform": {"Name": "Common"}})), &[]);
        let macro_of_ours = json!({"Transform": "Common", "Resources": {"G": {"Type": "AWS::Logs::LogGroup"}}});
        assert_finds(check, macro_of_ours, &[]);
    }

    #[test]
    fn a_group_of_a_loop_is_reported_where_it_stands() {
        assert_finds(
            check,
            json!({
                "Transform": "AWS::LanguageExtensions",
                "Resources": {"Fn::ForEach::Groups": ["Name", ["A", "B"], {"${Name}": {"Type": "AWS::Logs::LogGroup"}}]},
            }),
            &["warning[F1022]: `${Name}` keeps its logs for good; expected `RetentionInDays`\n  \
               at   Resources/Fn::ForEach::Groups/2/${Name}/Properties\n  \
               docs https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-loggroup.html#cfn-logs-loggroup-retentionindays"],
        );
    }
}
