//! The stack `texts`, imported from `texts.yaml`.

use formwork::{
    Stack,
    aws::{cloudwatch::Dashboard, logs::QueryDefinition, sns::Topic},
    intrinsic::sub,
    stack::RawResource,
};

const TOPIC_TOPIC_NAME: &str = r"two
lines";

const TOPIC_DISPLAY_NAME: &str =
    "A text that is so long that it would not fit into its line beside the setter that it is given to, whatever";

const PAGE_VALUE: &str = r##"<a href="#top">"#</a>
\d+
"##;

const DASHBOARD: &str = r#"{"widgets": [{"type": "text", "properties": {"markdown": "${AWS::Region}"}}]}
"#;

const QUERY: &str =
    "fields @timestamp, @message | filter @message like /ERROR/ | sort @timestamp desc | limit 20 | stats count(*)";

/// Composes the stack.
pub fn stack() -> Stack {
    let mut stack = Stack::new("texts");

    stack.add("Topic", Topic::new().display_name(TOPIC_DISPLAY_NAME).topic_name(TOPIC_TOPIC_NAME));
    stack.add(
        "Page",
        RawResource::new("AWS::SSM::Parameter")
            .property("Type", "String")
            .property("Description", "line\n")
            .property("Value", PAGE_VALUE)
            .property("AllowedPattern", r#"^\d+"$"#)
            .property("Tier", "tab\there"),
    );
    stack.add("Dashboard", Dashboard::new(sub(DASHBOARD)));
    stack.add(
        "Query",
        QueryDefinition::new("errors", QUERY).log_group_names([
            "/aws/lambda/one-with-a-name-that-is-long",
            "/aws/lambda/another-with-a-name-that-is-long",
            "/aws/c",
        ]),
    );
    stack
}
