//! The rules about files as such: what cannot be read, cannot be parsed, or is none that can be checked.

use crate::{diagnostic::Severity, rule::Rule};

pub(super) static UNPARSED: Rule = Rule {
    code: "E0000",
    severity: Severity::Error,
    title: "a file that is no YAML and no JSON, as AWS reads them",
    why: "\
The text breaks the rules of its language, or is what CloudFormation and Step Functions refuse: a
key that is written twice, a tag that is no function, a second document, bytes that are no UTF-8,
more than 100 levels, and, outside of SAM's templates, an anchor or alias and a merge key. Nothing
else is said of such a file.",
    fails: "\
Resources:
  Letters:
    Type: AWS::SQS::Queue
    Type: AWS::SNS::Topic",
    passes: "\
Resources:
  Letters:
    Type: AWS::SQS::Queue",
    docs: Some("https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html"),
};

pub(super) static UNREADABLE: Rule = Rule {
    code: "F0001",
    severity: Severity::Error,
    title: "a file or folder that cannot be read",
    why: "\
It does not exist, permission is missing, it is larger than 64 MiB, or it is no file: a named pipe
would be waited for, and a device has no end. What a command writes is given as `-`.",
    fails: "formwork check --template missing.yaml",
    passes: "formwork check --template template.yaml",
    docs: None,
};

pub(super) static NEITHER: Rule = Rule {
    code: "F0002",
    severity: Severity::Error,
    title: "a file that is neither a template nor a definition",
    why: "\
A template of CloudFormation has `Resources`, a definition of the States Language `StartAt` and
`States`. A file that is named has to be one of them; in a folder others are passed over. A folder
or a pattern that stands for no file at all is told too: most likely its name is not the one meant.",
    fails: "formwork check --template package.json",
    passes: "formwork check --template template.json",
    docs: None,
};

pub(super) static NOT_FOLLOWED: Rule = Rule {
    code: "F0006",
    severity: Severity::Warning,
    title: "a file of a template that cannot be looked at",
    why: "\
A definition or the description of an API may be a file beside the template, which `aws
cloudformation package` and SAM put in its place before they deploy. The file is not there, or
cannot be read as one, so that it is not checked. It may be made later, by a build.",
    fails: "DefinitionUri: missing.asl.json",
    passes: "DefinitionUri: orders.asl.json # beside the template",
    docs: Some("https://docs.aws.amazon.com/cli/latest/reference/cloudformation/package.html"),
};

/// The rules of files.
pub(in crate::cli) static RULES: [&Rule; 4] = [&UNPARSED, &UNREADABLE, &NEITHER, &NOT_FOLLOWED];
