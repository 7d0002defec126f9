//! E1001, E1002, E1003, E2010, E3010, E6010, E7010 and F1011: CloudFormation's quotas; I1002, I2010, I3010, I6010 and
//! I7010: what is left of them.

use crate::{
    check::subject::{Check, Subject, Written},
    diagnostic::{Diagnostic, Severity},
    rule::Rule,
    template::Form,
};

const DOCS: Option<&str> =
    Some("https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html");

/// The largest template that CloudFormation reads at all, from S3, in bytes.
const TEMPLATE_BYTES: usize = 1_000_000;
/// The largest one that a request may carry itself, which is what a plain `aws cloudformation deploy` does.
const REQUEST_BYTES: usize = 51_200;

const ONE: &str = "\
Resources:
  Orders:
    Type: AWS::SQS::Queue";

static NO_RESOURCES: Rule = Rule {
    code: "E1001",
    severity: Severity::Error,
    title: "no resource",
    why: "\
The template has no resources. CloudFormation refuses a template without at least one; where it is
empty for a while, an `AWS::CloudFormation::WaitConditionHandle` costs nothing and does nothing.",
    fails: "Description: to come",
    passes: ONE,
    docs: DOCS,
};

static TEMPLATE_SIZE: Rule = Rule {
    code: "E1002",
    severity: Severity::Error,
    title: "a template of more than 1,000,000 bytes",
    why: "\
The template, in the form in which it is written (YAML where nothing else is said), is larger than
CloudFormation takes from S3, and is refused there. Much of a large template is often code or data
that can lie in S3 itself; else it is two stacks.",
    fails: "Resources: # 1,000,001 bytes in all",
    passes: "Resources: # some of them in an AWS::CloudFormation::Stack",
    docs: DOCS,
};

static DESCRIPTION_SIZE: Rule = Rule {
    code: "E1003",
    severity: Severity::Error,
    title: "a description of more than 1,024 bytes",
    why: "\
`Description` is longer than CloudFormation takes, so that the template is refused. Longer texts go
into `Metadata`.",
    fails: "Description: # 1,025 bytes",
    passes: "Description: Sends letters\nMetadata:\n  About: # as long as it likes",
    docs: DOCS,
};

static REQUEST_SIZE: Rule = Rule {
    code: "F1011",
    severity: Severity::Warning,
    title: "a template of more than 51,200 bytes",
    why: "\
The template, in the form in which it is written (YAML where nothing else is said), is larger than
a request may be: a deployment that sends it is refused, one by way of S3 is not. It is a warning,
since the template itself is sound. JSON is shortest on one line: `synth --format json --compact`.",
    fails: "aws cloudformation deploy --template-file template.yaml --stack-name letters",
    passes: "aws cloudformation deploy --template-file template.yaml --stack-name letters --s3-bucket deployments",
    docs: DOCS,
};

static NEAR_SIZE: Rule = Rule {
    code: "I1002",
    severity: Severity::Warning,
    title: "a template that nearly fills a request, or a file in S3",
    why: "\
Less than a twentieth is left of the 51,200 bytes that a request may carry, or of the 1,000,000 that
CloudFormation reads from S3: a few more resources, and a deployment that worked is refused. It is
better known before. A template that is deployed by way of S3 in any case may acknowledge the first.",
    fails: "Resources: # 49,000 bytes in all",
    passes: "Resources: # 48,000 bytes in all",
    docs: DOCS,
};

/// A rule about the number of entries of a section.
const fn count(code: &'static str, title: &'static str, fails: &'static str) -> Rule {
    let why = "\
The section has more entries than CloudFormation takes in one template, so that it is refused.
Entries that belong together can go into a nested stack, which counts for itself.";
    let passes = "Resources:\n  Letters:\n    Type: AWS::CloudFormation::Stack # with a part of them";
    Rule { code, severity: Severity::Error, title, why, fails, passes, docs: DOCS }
}

/// A rule about a number of entries that is close to that.
const fn near(code: &'static str, title: &'static str, fails: &'static str) -> Rule {
    let why = "\
The section has more than nine tenths of the entries that CloudFormation takes in one template. One
that has them all can only be split by moving resources, which is easier while there is room.";
    Rule { severity: Severity::Warning, why, ..count(code, title, fails) }
}

static PARAMETERS: Rule = count("E2010", "more than 200 parameters", "Parameters: # 201 of them");
static MAPPINGS: Rule = count("E7010", "more than 200 mappings", "Mappings: # 201 of them");
static RESOURCES: Rule = count("E3010", "more than 500 resources", "Resources: # 501 of them");
static OUTPUTS: Rule = count("E6010", "more than 200 outputs", "Outputs: # 201 of them");
static NEAR_PARAMETERS: Rule = near("I2010", "more than 180 parameters", "Parameters: # 181 of them");
static NEAR_MAPPINGS: Rule = near("I7010", "more than 180 mappings", "Mappings: # 181 of them");
static NEAR_RESOURCES: Rule = near("I3010", "more than 450 resources", "Resources: # 451 of them");
static NEAR_OUTPUTS: Rule = near("I6010", "more than 180 outputs", "Outputs: # 181 of them");

pub(in crate::check) static CHECK: Check = Check {
    rules: &[
        &NO_RESOURCES,
        &TEMPLATE_SIZE,
        &DESCRIPTION_SIZE,
        &PARAMETERS,
        &RESOURCES,
        &OUTPUTS,
        &MAPPINGS,
        &REQUEST_SIZE,
        &NEAR_SIZE,
        &NEAR_PARAMETERS,
        &NEAR_RESOURCES,
        &NEAR_OUTPUTS,
        &NEAR_MAPPINGS,
    ],
    run: check,
};

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let template = subject.template;
    for (rule, near, section, limit) in [
        (&PARAMETERS, &NEAR_PARAMETERS, "Parameters", 200),
        (&MAPPINGS, &NEAR_MAPPINGS, "Mappings", 200),
        (&RESOURCES, &NEAR_RESOURCES, "Resources", 500),
        (&OUTPUTS, &NEAR_OUTPUTS, "Outputs", 200),
    ] {
        let (count, entries) = (template.section(section).count(), section.to_lowercase());
        if count > limit {
            found.push(rule.at(section, format!("the template has {count} {entries}; expected at most {limit}")));
        } else if count > limit / 10 * 9 {
            let message = format!("the template has {count} {entries}, of at most {limit}; expected some room");
            found.push(near.at(section, message).help("move what belongs together into a nested stack"));
        }
    }
    if template.section("Resources").next().is_none() {
        found.push(NO_RESOURCES.at("Resources", "the template has no resources; expected at least one"));
    }
    let description = template.as_json()["Description"].as_str().unwrap_or_default().len();
    if description > 1_024 {
        let message = format!("`Description` has {description} bytes; expected at most 1024");
        found.push(DESCRIPTION_SIZE.at("Description", message));
    }
    size(subject, found);
}

/// How large the template is: as a file, or in the form in which it is written.
fn size(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let bytes = |form| subject.template.text(form).len();
    let (written, language) = match subject.written {
        Written::File { bytes, .. } => (bytes, ""),
        Written::As(form @ Form::Yaml) => (bytes(form), " as YAML"),
        Written::As(form @ (Form::Json | Form::CompactJson)) => (bytes(form), " as JSON"),
    };
    near_size(written, language, found);
    let (rule, limit, remedy) = if written > TEMPLATE_BYTES {
        (&TEMPLATE_SIZE, format!("{TEMPLATE_BYTES}"), "split it into nested stacks")
    } else if written > REQUEST_BYTES {
        let remedy = "deploy it by way of S3: `aws cloudformation deploy --s3-bucket …`";
        (&REQUEST_SIZE, format!("{REQUEST_BYTES} in a request"), remedy)
    } else {
        return;
    };
    let message = format!("the template has {written} bytes{language}; expected at most {limit}");
    let compact = if subject.written == Written::As(Form::Json) { bytes(Form::CompactJson) } else { written };
    let fits = if written > TEMPLATE_BYTES { compact <= TEMPLATE_BYTES } else { compact <= REQUEST_BYTES };
    found.push(rule.at("", message).help(if fits {
        format!("write it on one line, which takes {compact} bytes: `--compact`; or {remedy}")
    } else {
        remedy.to_owned()
    }));
}

/// Tells how much is left where that is little.
fn near_size(written: usize, language: &str, found: &mut Vec<Diagnostic>) {
    for (limit, place) in [(REQUEST_BYTES, " in a request"), (TEMPLATE_BYTES, "")] {
        if written > limit / 20 * 19 && written <= limit {
            let message =
                format!("the template has {written} bytes{language}, of at most {limit}{place}; expected some room");
            found.push(NEAR_SIZE.at("", message).help(format!("{} bytes are left", limit - written)));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value as Json, json};

    use super::*;
    use crate::{check::assert_finds, template::Template};

    fn topics(count: usize, name: &str) -> Json {
        let topic = json!({"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": name}});
        (0..count).map(|i| (format!("T{i}"), topic.clone())).collect::<Map<_, _>>().into()
    }

    #[test]
    fn five_hundred_resources_fit_and_one_more_does_not() {
        assert_finds(
            check,
            json!({"Resources": topics(500, "a")}),
            &["warning[I3010]: the template has 500 resources, of at most 500; expected some room\n  \
               at   Resources\n  \
               help move what belongs together into a nested stack\n  \
               docs https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html"],
        );
        assert_finds(
            check,
            json!({"Resources": topics(501, "a")}),
            &["error[E3010]: the template has 501 resources; expected at most 500\n  \
               at   Resources\n  \
               docs https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html"],
        );
    }

    #[test]
    fn little_room_for_entries_is_told() {
        let outputs = |count: usize| {
            let outputs: Map<_, _> = (0..count).map(|i| (format!("O{i}"), json!({"Value": "a"}))).collect();
            json!({"Resources": topics(1, "a"), "Outputs": outputs})
        };
        assert_finds(check, outputs(180), &[]);
        assert_finds(
            check,
            outputs(181),
            &["warning[I6010]: the template has 181 outputs, of at most 200; expected some room\n  \
               at   Outputs\n  \
               help move what belongs together into a nested stack\n  \
               docs https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html"],
        );
    }

    #[test]
    fn little_room_for_bytes_is_told() {
        let messages = |bytes| {
            let template = Template::new(json!({"Resources": topics(1, "a")}));
            let mut found = Vec::new();
            size(&Subject::new(&template).written(Written::File { bytes, is_ascii: true }), &mut found);
            found.into_iter().map(|fault| format!("{} {}", fault.code, fault.message)).collect::<Vec<_>>()
        };
        assert_eq!(messages(48_640), [""; 0]);
        let near = "I1002 the template has 48641 bytes, of at most 51200 in a request; expected some room";
        assert_eq!(messages(48_641), [near]);
        let request = "F1011 the template has 950001 bytes; expected at most 51200 in a request";
        let near = "I1002 the template has 950001 bytes, of at most 1000000; expected some room";
        assert_eq!(messages(950_001), [near, request]);
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
    fn the_form_that_is_written_is_the_one_that_counts() {
        // Each level costs two blanks in pretty JSON, and nothing on one line.
        let template = Template::new(json!({"Resources": topics(480, "a")}));
        let found = |form| {
            let mut found = Vec::new();
            size(&Subject::new(&template).written(Written::As(form)), &mut found);
            found.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(found(Form::Yaml), [""; 0]);
        assert_eq!(found(Form::CompactJson), [""; 0]);
        assert_eq!(
            found(Form::Json),
            ["warning[F1011]: the template has 53194 bytes as JSON; expected at most 51200 in a request\n  \
               help write it on one line, which takes 32066 bytes: `--compact`; or deploy it by way of S3: \
                    `aws cloudformation deploy --s3-bucket …`\n  \
               docs https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html"]
        );
    }

    #[test]
    fn a_file_is_as_large_as_it_is() {
        let template = Template::new(json!({"Resources": topics(1, "a")}));
        let mut found = Vec::new();
        size(&Subject::new(&template).written(Written::File { bytes: 60_000, is_ascii: true }), &mut found);
        let message = "the template has 60000 bytes; expected at most 51200 in a request";
        assert_eq!(found.iter().map(|fault| fault.message.as_str()).collect::<Vec<_>>(), [message]);
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
