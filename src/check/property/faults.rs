//! The rules about a resource's properties: what AWS's schema of its type says.

use crate::{diagnostic::Severity, rule::Rule};

const DOCS: Option<&str> =
    Some("https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html");

macro_rules! rules {
    ($($name:ident $code:literal $severity:ident $title:literal, $why:literal, $fails:literal, $passes:literal;)*) => {
        $(pub(super) static $name: Rule = Rule {
            code: $code,
            severity: Severity::$severity,
            title: $title,
            why: $why,
            fails: $fails,
            passes: $passes,
            docs: DOCS,
        };)*
        /// All of them.
        pub(super) static ALL: &[&Rule] = &[$(&$name),*];
    };
}

rules! {
    SECURITY_GROUP "E1150" Error "a text that is no id of a security group",
    "\
The id is `sg-` with eight or seventeen digits, and this text is another one, so that EC2 refuses
it.",
    "Id: sg-mine # of a security group",
    "Id: sg-0123456789abcdef0";

    VPC "E1151" Error "a text that is no id of a VPC",
    "\
The id is `vpc-` with eight or seventeen digits, and this text is another one, so that EC2 refuses
it.",
    "Id: vpc-mine # of a VPC",
    "Id: vpc-0123456789abcdef0";

    IMAGE "E1152" Error "a text that is no id of an image",
    "\
The id is `ami-` with eight or seventeen digits, and this text is another one, so that EC2 refuses
it.",
    "Id: ami-mine # of a image",
    "Id: ami-0123456789abcdef0";

    SUBNET "E1154" Error "a text that is no id of a subnet",
    "\
The id is `subnet-` with eight or seventeen digits, and this text is another one, so that EC2
refuses it.",
    "Id: subnet-mine # of a subnet",
    "Id: subnet-0123456789abcdef0";

    UNKNOWN "E3002" Error "a property that the resource type does not have",
    "\
The name of the property is not one that AWS's schema of the resource type has in this place.
CloudFormation refuses the resource (\"extraneous key is not permitted\"). Names are read with their
case of letters.",
    "\
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      DelaySecond: 5",
    "\
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      DelaySeconds: 5";

    IGNORED "F8003" Warning "a property that the transform passes over",
    "\
The transform of the Serverless Application Model reads the properties that it knows in this place,
and passes over any other without a word: what is written has no effect, because its name is
another one or it belongs elsewhere.",
    "\
Transform: AWS::Serverless-2016-10-31
Resources:
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: worker
      Runtime: python3.13
      Handler: worker.handle
      AutoPublishAlias: live
      DeploymentPreference: {Type: AllAtOnce, Alarm: [!Ref Failures]}
  Failures:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/Lambda
      MetricName: Errors
      ComparisonOperator: GreaterThanThreshold
      EvaluationPeriods: 1
      Period: 60
      Statistic: Sum
      Threshold: 0",
    "\
Transform: AWS::Serverless-2016-10-31
Resources:
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: worker
      Runtime: python3.13
      Handler: worker.handle
      AutoPublishAlias: live
      DeploymentPreference: {Type: AllAtOnce, Alarms: [!Ref Failures]}
  Failures:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/Lambda
      MetricName: Errors
      ComparisonOperator: GreaterThanThreshold
      EvaluationPeriods: 1
      Period: 60
      Statistic: Sum
      Threshold: 0";

    REQUIRED "E3003" Error "a required property that is missing",
    "\
The resource, or a part of it, has not got a property that AWS requires, so that CloudFormation
refuses it (\"required key is not found\"). A property that is `!Ref AWS::NoValue` is not there.",
    "\
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: Retain
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions:
      - {AttributeName: id, AttributeType: S}",
    "\
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: Retain
    Properties:
      BillingMode: PAY_PER_REQUEST
      KeySchema:
      - {AttributeName: id, KeyType: HASH}
      AttributeDefinitions:
      - {AttributeName: id, AttributeType: S}";

    TYPE "E3012" Error "a value of a wrong type",
    "\
The value is of another type than the property takes: one value where a list belongs, a map where
a text belongs. CloudFormation turns scalars into each other (\"5\" for 5, true for \"true\"), and
nothing else.",
    "\
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      DelaySeconds: soon",
    "\
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      DelaySeconds: \"5\"";

    ONE_OF_GROUP "E3014" Error "none, or more than one, of properties of which one is needed",
    "\
AWS takes exactly one property of a group, and the resource has none of them or several, so that it
is refused.",
    "\
Resources:
  Policy:
    Type: AWS::EC2::SecurityGroupIngress
    Properties:
      GroupId: sg-0123456789abcdef0
      IpProtocol: \"-1\"
      CidrIp: 10.0.0.0/8
      CidrIpv6: ::/0",
    "\
Resources:
  Policy:
    Type: AWS::EC2::SecurityGroupIngress
    Properties:
      GroupId: sg-0123456789abcdef0
      IpProtocol: \"-1\"
      CidrIp: 10.0.0.0/8";

    ANY_OF "E3017" Error "a value that fits none of the forms that there are",
    "\
AWS takes the value in several forms, each with properties of its own, and it fits none of them, so
that the resource is refused.",
    "Options: {} # where `A` or `B` is needed",
    "Options: {A: 1}";

    ONE_OF "E3018" Error "a value that does not fit exactly one of its forms",
    "\
AWS takes the value in one of several forms, and it fits none of them, or has the properties of more
than one, so that the resource is refused.",
    "Options: {A: 1, B: 2} # where `A` or `B` is needed",
    "Options: {A: 1}";

    EXCLUDED "E3020" Error "properties that exclude each other",
    "\
The resource has two properties of which AWS takes only one, so that it is refused.",
    "\
Resources:
  Late:
    Type: AWS::CloudWatch::Alarm
    Properties:
      ComparisonOperator: GreaterThanThreshold
      EvaluationPeriods: 1
      MetricName: Errors
      Namespace: AWS/Lambda
      Period: 60
      Threshold: 1
      Statistic: Sum
      ExtendedStatistic: p90",
    "\
Resources:
  Late:
    Type: AWS::CloudWatch::Alarm
    Properties:
      ComparisonOperator: GreaterThanThreshold
      EvaluationPeriods: 1
      MetricName: Errors
      Namespace: AWS/Lambda
      Period: 60
      Threshold: 1
      Statistic: Sum";

    DEPENDENT "E3021" Error "a property without the one that it needs",
    "\
The resource has a property that AWS takes only together with another one, which is missing, so that
it is refused.",
    "Options: {A: 1} # where `A` needs `B`",
    "Options: {A: 1, B: 2}";

    VALUE "E3030" Error "a value that is not one of those allowed",
    "\
AWS takes one of a list of values here, and this is another one, so that the resource is refused.
Values are read with their case of letters.",
    "\
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: Retain
    Properties:
      BillingMode: ON_DEMAND
      KeySchema:
      - {AttributeName: id, KeyType: HASH}
      AttributeDefinitions:
      - {AttributeName: id, AttributeType: S}
      ProvisionedThroughput: {ReadCapacityUnits: 1, WriteCapacityUnits: 1}",
    "\
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: Retain
    Properties:
      BillingMode: PROVISIONED
      KeySchema:
      - {AttributeName: id, KeyType: HASH}
      AttributeDefinitions:
      - {AttributeName: id, AttributeType: S}
      ProvisionedThroughput: {ReadCapacityUnits: 1, WriteCapacityUnits: 1}";

    PATTERN "E3031" Error "a text that the pattern of the property does not match",
    "\
AWS's schema has a regular expression for the text, which it does not match, so that the resource is
refused.",
    "\
Resources:
  Worker:
    Type: AWS::Lambda::Alias
    Properties:
      FunctionName: worker
      FunctionVersion: newest
      Name: live",
    "\
Resources:
  Worker:
    Type: AWS::Lambda::Alias
    Properties:
      FunctionName: worker
      FunctionVersion: $LATEST
      Name: live";

    COUNT "E3032" Error "too few or too many elements",
    "\
The list or map has fewer or more elements than AWS takes, so that the resource is refused. Elements
that are `!Ref AWS::NoValue` do not count.",
    "\
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: Retain
    Properties:
      BillingMode: PAY_PER_REQUEST
      KeySchema: []
      AttributeDefinitions: []",
    "\
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: Retain
    Properties:
      BillingMode: PAY_PER_REQUEST
      KeySchema:
      - {AttributeName: id, KeyType: HASH}
      AttributeDefinitions:
      - {AttributeName: id, AttributeType: S}";

    LENGTH "E3033" Error "a text that is too short or too long",
    "\
The text has fewer or more characters than AWS takes, so that the resource is refused.",
    "\
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      Tags: [{Key: \"\", Value: live}]",
    "\
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      Tags: [{Key: stage, Value: live}]";

    RANGE "E3034" Error "a number that is out of its range",
    "\
The number is smaller or larger than AWS takes, so that the resource is refused. CloudFormation
turns a text into a number where a number belongs, so that \"901\" is one too.",
    "\
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      DelaySeconds: 901",
    "\
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      DelaySeconds: 900";

    UNIQUE "E3037" Error "an element that is in the list twice",
    "\
AWS takes each element of the list once, and two are equal, so that the resource is refused.",
    "\
Resources:
  Orders:
    Type: AWS::Lambda::CapacityProvider
    Properties:
      PermissionsConfig: {CapacityProviderOperatorRoleArn: # the ARN of a role, and the same tag twice",
    "\
Resources:
  Orders:
    Type: AWS::Lambda::CapacityProvider
    Properties:
      PermissionsConfig: {CapacityProviderOperatorRoleArn: # the ARN of a role, and each tag once";

    READ_ONLY "E3040" Error "a property that AWS sets itself",
    "\
The property is what AWS says of the resource once it is there (its ARN, say), which a template can
read and never set. CloudFormation refuses it, or leaves it out and finds a drift ever after.",
    "\
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      Arn: arn:aws:sqs:eu-central-1:111122223333:orders",
    "\
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: orders";

    ANY_OF_GROUP "E3058" Error "none of properties of which one is needed",
    "\
AWS takes the value only with at least one property of a group, and it has none of them, so that the
resource is refused.",
    "Options: {} # where `A` or `B` is needed",
    "Options: {A: 1, B: 2}";

    UNKNOWN_TYPE "F4001" Warning "a resource type that is not known",
    "\
The type is named like one of AWS's, and is none that is known here. CloudFormation refuses
a type that it does not know (\"Unrecognized resource types\"). It is a warning, since AWS may
have added the type since.",
    "\
Resources:
  Orders:
    Type: AWS::SQS::Kueue",
    "\
Resources:
  Orders:
    Type: AWS::SQS::Queue";

    DEPRECATED "F4002" Warning "a property that AWS advises against",
    "\
AWS's schema calls the property deprecated: it still takes it, and another one, or none, has taken
its place.",
    "\
Resources:
  Api:
    Type: AWS::RDS::DBInstance
    Properties: {TdeCredentialArn: # an ARN",
    "\
Resources:
  Api:
    Type: AWS::RDS::DBInstance
    Properties: {OptionGroupName: # the name of a group with the option";

    OF_PARAMETER "W2030" Warning "a value of a parameter that a property of a resource does not take",
    "\
The default of a parameter, or a value that it allows, is not one that the property takes for which
it is used. Where it is chosen, CloudFormation refuses the resource.",
    "\
Parameters:
  Delay: {Type: Number, Default: 1000}
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      DelaySeconds: !Ref Delay",
    "\
Parameters:
  Delay: {Type: Number, Default: 900}
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      DelaySeconds: !Ref Delay";

    OF_MAPPING "W1034" Warning "a value of a mapping that a property of a resource does not take",
    "\
Some of the values that an `Fn::FindInMap` may find are not ones that the property takes. Where one
of them is found, CloudFormation refuses the resource.",
    "\
Mappings:
  Delays:
    eu-central-1: {Seconds: 5}
    eu-west-1: {Seconds: 1000}
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      DelaySeconds: !FindInMap [Delays, !Ref AWS::Region, Seconds]",
    "\
Mappings:
  Delays:
    eu-central-1: {Seconds: 5}
    eu-west-1: {Seconds: 10}
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      DelaySeconds: !FindInMap [Delays, !Ref AWS::Region, Seconds]";
}
