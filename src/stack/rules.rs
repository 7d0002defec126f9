//! The rules that only a stack written in Rust can break: its template never shows it.

use crate::{diagnostic::Severity, rule::Rule};

const IDS: Option<&str> =
    Some("https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html");

static USED_TWICE: Rule = Rule {
    code: "F1001",
    severity: Severity::Error,
    title: "a logical id that is used twice",
    why: "\
Two entries of a section, or a resource and a parameter, have the same id. A template holds each id
once, so that the second declaration would replace the first; it is dropped instead, and both lines
are named. Ids that are made in a loop need something in them that differs.",
    fails: r#"
stack.add("Letters", Queue::new());
stack.add("Letters", Topic::new());"#,
    passes: r#"
stack.add("Letters", Queue::new());
stack.add("LettersSent", Topic::new());"#,
    docs: None,
};

static FOREIGN_HANDLE: Rule = Rule {
    code: "F1003",
    severity: Severity::Error,
    title: "a handle of another stack",
    why: "\
A handle refers to a resource, parameter, condition or mapping of the stack that made it. In another
stack its name means nothing, or something else: CloudFormation refuses the template, or resolves
the wrong resource. What one stack has and another needs is exported and imported, or passed as a
parameter. The same is said of a handle whose resource the stack does not hold: one of a copy of the
stack, say.",
    fails: r#"
let topic = mail.add("Mails", Topic::new());
letters.output("Topic", topic.topic_arn());"#,
    passes: r#"
let topic = mail.add("Mails", Topic::new());
mail.output("Topic", topic.topic_arn()).export("mails");
letters.output("Topic", import_value::<String>("mails"));"#,
    docs: None,
};

static NOT_RENDERED: Rule = Rule {
    code: "F1004",
    severity: Severity::Error,
    title: "a value that cannot be written into a template",
    why: "\
A value has no form in JSON: a number that is infinite or undefined, a map whose keys are no texts,
a type whose `Serialize` fails. Or it would say less than was written, such as a statement whose
condition compares one key twice, of which only the second would count.",
    fails: r#"stack.add("High", Alarm::new().threshold(f64::INFINITY));"#,
    passes: r#"stack.add("High", Alarm::new().threshold(100));"#,
    docs: None,
};

/// A rule about the ids of a section.
const fn id(code: &'static str, title: &'static str, fails: &'static str, passes: &'static str) -> Rule {
    let why = "\
The id has other characters than the letters A to Z, a to z and digits, or not 1 to 255 of them.
CloudFormation refuses the template.";
    Rule { code, severity: Severity::Error, title, why, fails, passes, docs: IDS }
}

static RULE_ID: Rule = id(
    "E1700",
    "the id of a rule that is not letters and digits",
    "stack.rule(\"known-stage\", known);",
    "stack.rule(\"KnownStage\", known);",
);
static PARAMETER_ID: Rule = id(
    "E2001",
    "the id of a parameter that is not letters and digits",
    "stack.parameter(\"report-email\", Parameter::string());",
    "stack.parameter(\"ReportEmail\", Parameter::string());",
);
static RESOURCE_ID: Rule = id(
    "E3001",
    "the id of a resource that is not letters and digits",
    "stack.add(\"dead-letters\", Queue::new());",
    "stack.add(\"DeadLetters\", Queue::new());",
);
static OUTPUT_ID: Rule = id(
    "E6001",
    "the id of an output that is not letters and digits",
    "stack.output(\"queue_arn\", queue.arn());",
    "stack.output(\"QueueArn\", queue.arn());",
);
static MAPPING_ID: Rule = id(
    "E7001",
    "the id of a mapping that is not letters and digits",
    "stack.mapping(\"zone names\", names);",
    "stack.mapping(\"ZoneNames\", names);",
);
static CONDITION_ID: Rule = id(
    "E8001",
    "the id of a condition that is not letters and digits",
    "stack.condition(\"is-live\", equals(&stage, \"live\"));",
    "stack.condition(\"IsLive\", equals(&stage, \"live\"));",
);

static HANDLE_AS_TEXT: Rule = Rule {
    code: "F1005",
    severity: Severity::Error,
    title: "the debug form of a handle in a text",
    why: "\
`{:?}` of a handle is a text for people, `Handle(Queue)`. CloudFormation would put it into the
resource as it stands. An attribute of the handle, or a `sub` text that names the resource, is what
it resolves.",
    fails: "Topic::new().display_name(format!(\"{queue:?} is full\"))",
    passes: "Topic::new().display_name(sub(\"${Queue.QueueName} is full\"))",
    docs: None,
};

static NAMELESS_EXPORT: Rule = Rule {
    code: "F1030",
    severity: Severity::Error,
    title: "an export that has no name to take",
    why: "\
An export is named after the resource and the attribute that it gives. A text that is put together
of several, or chosen by a condition, is named by whoever exports it.",
    fails: r#"network.export(&sub("${Vpc}/${Subnet}"));"#,
    passes: r#"network.export_as("Place", &sub("${Vpc}/${Subnet}"));"#,
    docs: Some("https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html"),
};

static UNFIT_ASSET: Rule = Rule {
    code: "F1035",
    severity: Severity::Error,
    title: "an asset that cannot be written beside the template",
    why: "\
A path of an asset leads to nothing, or to what cannot be packed: files that cannot be read, a
folder without files, links out of the folder, more than Lambda takes. A relative path begins at the
folder of the crate whose program runs, or at the working directory where cargo has not started it.",
    fails: r#"Function::new(Code::asset("functions/reprot"), role.arn())"#,
    passes: r#"Function::new(Code::asset("functions/report"), role.arn())"#,
    docs: Some("https://docs.aws.amazon.com/cli/latest/reference/cloudformation/package.html"),
};

/// The rules whose faults a stack reports itself.
pub(crate) static RULES: [&Rule; 12] = [
    &UNFIT_ASSET,
    &NAMELESS_EXPORT,
    &USED_TWICE,
    &FOREIGN_HANDLE,
    &NOT_RENDERED,
    &HANDLE_AS_TEXT,
    &RULE_ID,
    &PARAMETER_ID,
    &RESOURCE_ID,
    &OUTPUT_ID,
    &MAPPING_ID,
    &CONDITION_ID,
];
