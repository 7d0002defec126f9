//! The rules that stacks can break only together.

use crate::{diagnostic::Severity, rule::Rule};

const EXPORTS: Option<&str> =
    Some("https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html");
const NESTED: Option<&str> =
    Some("https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html");

pub(super) static MISSING_EXPORT: Rule = Rule {
    code: "F1031",
    severity: Severity::Error,
    title: "an import of what a stack of the project does not export",
    why: "\
The name begins with that of a stack of the project, as `export` makes it, and that stack exports
nothing by it: the export has gone, or the name is mistyped. The deployment fails (\"No export named
... found\"). While the deployed stack still exports it, the update that takes it away fails in its
turn, until nothing imports it any more.",
    fails: r#"
network.export(&vpc.vpc_id());
service.output("Vpc", import_value::<String>("network:Vcp"));"#,
    passes: r#"
let vpc_id = network.export(&vpc.vpc_id());
service.output("Vpc", vpc_id);"#,
    docs: EXPORTS,
};

pub(super) static CIRCLE: Rule = Rule {
    code: "F1032",
    severity: Severity::Error,
    title: "stacks that import from each other in a circle",
    why: "\
Each of the stacks imports something that the next exports, and the last one of the first: none of
them can be deployed before the others. What both need belongs into a stack of its own, or one of
them gets the value as a parameter later.",
    fails: r#"
a.output("Of", import_value::<String>("b:Topic"));
b.output("Of", import_value::<String>("a:Topic"));"#,
    passes: r#"
b.output("Of", import_value::<String>("a:Topic"));"#,
    docs: EXPORTS,
};

pub(super) static NESTED_PARAMETER: Rule = Rule {
    code: "F1033",
    severity: Severity::Error,
    title: "parameters that do not fit a nested stack of the project",
    why: "\
The template of a nested stack is a stack of the project. It is given a value for a parameter that
it has not, or none for one without a default. The deployment of the outer stack fails.",
    fails: r#"
mail.parameter("Address", Parameter::string());
shop.add("Mail", NestedStack::of(&mail));"#,
    passes: r#"
mail.parameter("Address", Parameter::string());
shop.add("Mail", NestedStack::of(&mail).parameters([("Address", "ada@example.com")]));"#,
    docs: NESTED,
};

pub(super) static NESTED_OUTPUT: Rule = Rule {
    code: "F1034",
    severity: Severity::Error,
    title: "an output that a stack of the project has not",
    why: "\
What is read of a nested stack whose template is a stack of the project, or by `get_stack_output` of
one that is deployed before, is no output of that stack. The deployment fails.",
    fails: r#"
mail.output("TopicArn", topic.topic_arn());
shop.output("Topic", nested.output("Topic"));"#,
    passes: r#"
mail.output("TopicArn", topic.topic_arn());
shop.output("Topic", nested.output("TopicArn"));"#,
    docs: NESTED,
};

pub(super) static NO_NAME: Rule = Rule {
    code: "F1042",
    severity: Severity::Error,
    title: "a name that no stack can have",
    why: "\
The name of a stack begins with a letter, and has letters, digits and hyphens, at most 128 of them.
CloudFormation refuses any other (\"1 validation error detected: Value ... at 'stackName' failed to
satisfy constraint\"). The template does not show it. A stack that is only ever nested is named by
CloudFormation.",
    fails: r#"Stack::new("coffee_report")"#,
    passes: r#"Stack::new("coffee-report")"#,
    docs: Some("https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html"),
};

pub(super) static EXPORTED_TWICE: Rule = Rule {
    code: "F1038",
    severity: Severity::Error,
    title: "an export by a name that another one has",
    why: "\
A region of an account has one export of a name. The second stack that exports it cannot be
deployed (\"Export with name ... is already exported by stack ...\"), nor can one that is nested
twice and exports something by a fixed name. `export` begins each name with that of the stack.",
    fails: r#"
mail.output("Topic", topic.topic_arn()).export("topic");
shop.output("Sales", sales.topic_arn()).export("topic");"#,
    passes: r#"
let topic = mail.export(&topic.topic_arn());
let sales = shop.export(&sales.topic_arn());"#,
    docs: EXPORTS,
};

pub(super) static APART: Rule = Rule {
    code: "F1039",
    severity: Severity::Error,
    title: "an import from another region or account",
    why: "\
An import finds the exports of its own region and account alone. An output of a stack in another
region or account is read by `get_stack_output`, which needs no export, or the value goes as a
parameter of the stack.",
    fails: r#"
Project::new()
    .stack(Composition::new(&network).region("eu-west-1"))
    .stack(Composition::new(move || service(network.handed())).region("us-east-1"))"#,
    passes: r#"
Project::new()
    .stack(Composition::new(&network).region("eu-west-1"))
    .stack(Composition::new(move || service(network.handed())).region("eu-west-1"))"#,
    docs: EXPORTS,
};

pub(super) static WITHIN: Rule = Rule {
    code: "F1041",
    severity: Severity::Error,
    title: "a stack that imports from one it is nested in, or is nested in itself",
    why: "\
A nested stack is deployed as a resource of the outer one, whose exports are there once all of its
resources are: neither can import what the other exports. The inner stack gets a value as a
parameter, the outer one reads an output of the inner. And a stack that is nested in itself, through
others too, would never end.",
    fails: r#"
shop.add("Mail", NestedStack::of(&mail));
shop.output("Topic", import_value::<String>("mail:Topic"));"#,
    passes: r#"
let nested = shop.add("Mail", NestedStack::of(&mail));
shop.output("Topic", nested.output("Topic"));"#,
    docs: NESTED,
};

/// The rules whose faults a project reports.
pub(crate) static RULES: [&Rule; 8] =
    [&NO_NAME, &MISSING_EXPORT, &CIRCLE, &NESTED_PARAMETER, &NESTED_OUTPUT, &EXPORTED_TWICE, &APART, &WITHIN];
