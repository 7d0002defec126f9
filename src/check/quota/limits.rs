//! E1002, E1003, E2010, E3010, E6010, E7010 and F1011: CloudFormation's quotas.

use crate::{diagnostic::Diagnostic, template::Template};

const DOCS: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html";

/// The largest template that CloudFormation reads at all, from S3, in bytes.
const TEMPLATE_BYTES: usize = 1_000_000;
/// The largest one that a request may carry itself, which is what a plain `aws cloudformation deploy` does.
const REQUEST_BYTES: usize = 51_200;

pub(in crate::check) fn check(template: &Template, found: &mut Vec<Diagnostic>) {
    for (code, section, limit) in [
        ("E2010", "Parameters", 200),
        ("E7010", "Mappings", 200),
        ("E3010", "Resources", 500),
        ("E6010", "Outputs", 200),
    ] {
        let count = template.section(section).count();
        if count > limit {
            let message = format!("the template has {count} {}; expected at most {limit}", section.to_lowercase());
            found.push(Diagnostic::error(code, section, message).docs(DOCS));
        }
    }
    if template.section("Resources").next().is_none() {
        let message = "the template has no resources; expected at least one";
        found.push(Diagnostic::error("E1001", "Resources", message).docs(DOCS));
    }
    let description = template.as_json()["Description"].as_str().unwrap_or_default().len();
    if description > 1_024 {
        let message = format!("`Description` has {description} bytes; expected at most 1024");
        found.push(Diagnostic::error("E1003", "Description", message).docs(DOCS));
    }
    let bytes = template.yaml().len();
    if bytes > TEMPLATE_BYTES {
        let message = format!("the template has {bytes} bytes as YAML; expected at most {TEMPLATE_BYTES}");
        found.push(Diagnostic::error("E1002", "", message).help("split it into nested stacks").docs(DOCS));
    } else if bytes > REQUEST_BYTES {
        let message = format!("the template has {bytes} bytes as YAML; expected at most {REQUEST_BYTES} in a request");
        found.push(
            Diagnostic::warning("F1011", "", message)
                .help("deploy it by way of S3: `aws cloudformation deploy --s3-bucket …`")
                .docs(DOCS),
        );
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value as Json, json};

    use super::*;
    use crate::check::assert_finds;

    fn topics(count: usize, name: &str) -> Json {
        let topic = json!({"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": name}});
        (0..count).map(|i| (format!("T{i}"), topic.clone())).collect::<Map<_, _>>().into()
    }

    #[test]
    fn five_hundred_resources_fit_and_one_more_does_not() {
        assert_finds(check, json!({"Resources": topics(500, "a")}), &[]);
        assert_finds(
            check,
            json!({"Resources": topics(501, "a")}),
            &["error[E3010]: the template has 501 resources; expected at most 500\n  \
               at   Resources\n  \
               docs https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html"],
        );
    }

    #[test]
    fn a_template_too_large_for_a_request_is_a_warning_and_for_s3_an_error() {
        assert_finds(
            check,
            json!({"Resources": topics(1, &"x".repeat(60_000))}),
            &["warning[F1011]: the template has 60079 bytes as YAML; expected at most 51200 in a request\n  \
               help deploy it by way of S3: `aws cloudformation deploy --s3-bucket …`\n  \
               docs https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html"],
        );
        assert_finds(
            check,
            json!({"Resources": topics(1, &"x".repeat(1_000_000))}),
            &["error[E1002]: the template has 1000079 bytes as YAML; expected at most 1000000\n  \
               help split it into nested stacks\n  \
               docs https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html"],
        );
    }

    #[test]
    fn a_template_needs_a_resource_and_a_short_description() {
        assert_finds(
            check,
            json!({"Description": "x".repeat(1_025)}),
            &[
                "error[E1003]: `Description` has 1025 bytes; expected at most 1024\n  \
                 at   Description\n  \
                 docs https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html",
                "error[E1001]: the template has no resources; expected at least one\n  \
                 at   Resources\n  \
                 docs https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html",
            ],
        );
    }
}
