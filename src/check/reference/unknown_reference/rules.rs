//! The pages of the rules of unknown references.

use crate::{diagnostic::Severity, rule::Rule};

const DOCS: Option<&str> =
    Some("https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html");

const SOUND: &str = "\
Parameters:
  Stage: {Type: String}
Resources:
  Letters:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Ref Stage";

const SOUND_CONDITION: &str = "\
Conditions:
  Frankfurt: !Equals [!Ref AWS::Region, eu-central-1]
Resources:
  Letters:
    Type: AWS::SQS::Queue
    Condition: Frankfurt";

pub(super) static REF: Rule = Rule {
    code: "E1020",
    severity: Severity::Error,
    title: "`Ref` names what the template does not declare",
    why: "\
`Ref` takes the logical id of a resource, the name of a parameter, or one of AWS's pseudo parameters
such as `AWS::Region`. CloudFormation refuses a template with any other name before it makes
anything (\"Unresolved resource dependencies\"). It counts wherever intrinsics are resolved: in the
properties, the metadata and the policies of a resource, in conditions, rules and outputs. Where a
macro rewrites the template, names are not checked.",
    fails: "\
Parameters:
  Stage: {Type: String}
Resources:
  Letters:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Ref Stgae",
    passes: SOUND,
    docs: DOCS,
};

pub(super) static GET_ATT: Rule = Rule {
    code: "E1010",
    severity: Severity::Error,
    title: "`Fn::GetAtt` reads a resource or an attribute that does not exist",
    why: "\
`Fn::GetAtt` takes the logical id of a resource of the template and an attribute that its type has.
CloudFormation refuses another id before it makes anything, another attribute at the latest while it
makes the resource. Custom resources and nested stacks name their attributes themselves; these are
not checked, but for the `Outputs.` in front.",
    fails: "\
Resources:
  Orders:
    Type: AWS::SQS::Queue
  Letters:
    Type: AWS::SNS::Topic
    Properties:
      DisplayName: !GetAtt Orders.Name",
    passes: "\
Resources:
  Orders:
    Type: AWS::SQS::Queue
  Letters:
    Type: AWS::SNS::Topic
    Properties:
      DisplayName: !GetAtt Orders.QueueName",
    docs: DOCS,
};

pub(super) static SUB: Rule = Rule {
    code: "E1019",
    severity: Severity::Error,
    title: "a variable of `Fn::Sub` names what does not exist",
    why: "\
`${Name}` in the text is a `Ref`, `${Name.Attribute}` a `Fn::GetAtt`, unless the second argument
gives `Name` a value. CloudFormation refuses the template where the name is no resource or
parameter, or the resource has no such attribute. A `${Name}` that is to stay as it is, in a shell
script or a state machine's definition, is written `${!Name}`.",
    fails: "\
Resources:
  Orders:
    Type: AWS::SQS::Queue
  Letters:
    Type: AWS::SNS::Topic
    Properties:
      DisplayName: !Sub to ${Order.QueueName}",
    passes: "\
Resources:
  Orders:
    Type: AWS::SQS::Queue
  Letters:
    Type: AWS::SNS::Topic
    Properties:
      DisplayName: !Sub to ${Orders.QueueName}",
    docs: DOCS,
};

pub(super) static FIND_IN_MAP: Rule = Rule {
    code: "E1011",
    severity: Severity::Error,
    title: "`Fn::FindInMap` names a mapping that does not exist",
    why: "\
The first argument of `Fn::FindInMap` is the name of an entry of `Mappings`. CloudFormation refuses
the template where there is no such entry.",
    fails: "\
Mappings:
  Delays:
    eu-central-1: {Seconds: 5}
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      DelaySeconds: !FindInMap [Delay, eu-central-1, Seconds]",
    passes: "\
Mappings:
  Delays:
    eu-central-1: {Seconds: 5}
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      DelaySeconds: !FindInMap [Delays, eu-central-1, Seconds]",
    docs: DOCS,
};

pub(super) static IF: Rule = Rule {
    code: "E1028",
    severity: Severity::Error,
    title: "`Fn::If` names a condition that does not exist",
    why: "\
The first argument of `Fn::If` is the name of an entry of `Conditions`. CloudFormation refuses the
template where there is no such entry.",
    fails: "\
Conditions:
  Frankfurt: !Equals [!Ref AWS::Region, eu-central-1]
Resources:
  Letters:
    Type: AWS::SQS::Queue
    Properties:
      DelaySeconds: !If [Frankfort, 5, 0]",
    passes: "\
Conditions:
  Frankfurt: !Equals [!Ref AWS::Region, eu-central-1]
Resources:
  Letters:
    Type: AWS::SQS::Queue
    Properties:
      DelaySeconds: !If [Frankfurt, 5, 0]",
    docs: DOCS,
};

pub(super) static DEPENDS_ON: Rule = Rule {
    code: "E3005",
    severity: Severity::Error,
    title: "`DependsOn` names a resource that does not exist",
    why: "\
`DependsOn` takes logical ids of resources of the same template, no parameters and nothing of
another stack. CloudFormation refuses the template where there is no such resource.",
    fails: "\
Resources:
  Orders:
    Type: AWS::SQS::Queue
  Letters:
    Type: AWS::SQS::Queue
    DependsOn: Order",
    passes: "\
Resources:
  Orders:
    Type: AWS::SQS::Queue
  Letters:
    Type: AWS::SQS::Queue
    DependsOn: Orders",
    docs: DOCS,
};

pub(super) static CONDITION_OF_RESOURCE: Rule = Rule {
    code: "E3015",
    severity: Severity::Error,
    title: "a resource exists on a condition that does not",
    why: "\
The attribute `Condition` of a resource is the name of an entry of `Conditions`: the resource is
made only while that holds. CloudFormation refuses the template where there is no such entry.",
    fails: "\
Conditions:
  Frankfurt: !Equals [!Ref AWS::Region, eu-central-1]
Resources:
  Letters:
    Type: AWS::SQS::Queue
    Condition: Frankfort",
    passes: SOUND_CONDITION,
    docs: DOCS,
};

pub(super) static CONDITION_OF_OUTPUT: Rule = Rule {
    code: "E6005",
    severity: Severity::Error,
    title: "an output exists on a condition that does not",
    why: "\
`Condition` of an output is the name of an entry of `Conditions`: the stack has the output only
while that holds. CloudFormation refuses the template where there is no such entry.",
    fails: "\
Resources:
  Letters:
    Type: AWS::SQS::Queue
Outputs:
  Arn:
    Condition: Frankfurt
    Value: !GetAtt Letters.Arn",
    passes: "\
Conditions:
  Frankfurt: !Equals [!Ref AWS::Region, eu-central-1]
Resources:
  Letters:
    Type: AWS::SQS::Queue
Outputs:
  Arn:
    Condition: Frankfurt
    Value: !GetAtt Letters.Arn",
    docs: DOCS,
};

pub(super) static CONDITION_FUNCTION: Rule = Rule {
    code: "E8007",
    severity: Severity::Error,
    title: "a condition is made of one that does not exist",
    why: "\
Inside `Fn::And`, `Fn::Or` and `Fn::Not` the function `Condition` takes the name of an entry of
`Conditions`. CloudFormation refuses the template where there is no such entry.",
    fails: "\
Conditions:
  Elsewhere: !Not [!Condition Frankfurt]
Resources:
  Letters:
    Type: AWS::SQS::Queue
    Condition: Elsewhere",
    passes: "\
Conditions:
  Frankfurt: !Equals [!Ref AWS::Region, eu-central-1]
  Elsewhere: !Not [!Condition Frankfurt]
Resources:
  Letters:
    Type: AWS::SQS::Queue
    Condition: Elsewhere",
    docs: DOCS,
};
