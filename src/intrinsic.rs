//! CloudFormation's intrinsic functions, pseudo parameters and dynamic references, as functions that return a
//! [`Value`].
//!
//! The page of each is below
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html>.
//! `Ref` and `Fn::GetAtt` are not here: a [`Handle`](crate::stack::Handle) has them as methods, so that a reference to
//! something that does not exist cannot be written.

use std::marker::PhantomData;

use serde::Serialize;

use crate::{
    json::Json,
    stack::{Condition, ConditionRef, MappingRef},
    value::{Entries, IntoValue, Intrinsic, List, Value},
};

fn call<T>(function: &str, argument: &(impl Serialize + ?Sized)) -> Value<T> {
    Value::Intrinsic(Intrinsic::new(function, argument))
}

/// `Fn::Sub` of a text with `${LogicalId}`, `${LogicalId.Attribute}` or `${AWS::Region}`; a `${!HOME}` becomes `${HOME}`.
///
/// The names are checked when the stack is synthesized. Where a value is at hand, [`sub_with`] needs no names.
#[doc(alias("Fn::Sub", "!Sub"))]
pub fn sub(text: impl Into<String>) -> Value<String> {
    call("Fn::Sub", &text.into())
}

/// `Fn::Sub` with a map of its own: each `${Key}` of the text is replaced by the value given for it.
///
/// ```
/// use formwork::intrinsic::{region, sub_with};
/// let address = sub_with("https://${Host}/", [("Host", region())]);
/// # assert_eq!(serde_json::to_string(&address).unwrap(),
/// #     r#"{"Fn::Sub":["https://${Host}/",{"Host":{"Ref":"AWS::Region"}}]}"#);
/// ```
#[doc(alias("Fn::Sub", "!Sub"))]
pub fn sub_with(text: impl Into<String>, values: impl IntoValue<Entries<String>>) -> Value<String> {
    call("Fn::Sub", &(text.into(), values.into_value()))
}

/// `Fn::Join`: the strings of a list, with `delimiter` between them.
#[doc(alias("Fn::Join", "!Join"))]
pub fn join(delimiter: &str, values: impl IntoValue<List<String>>) -> Value<String> {
    call("Fn::Join", &(delimiter, values.into_value()))
}

/// `Fn::Select`: the element of a list at `index`, counted from 0.
#[doc(alias("Fn::Select", "!Select"))]
pub fn select<T: Serialize>(index: impl IntoValue<i64>, list: impl IntoValue<List<T>>) -> Value<T> {
    call("Fn::Select", &(index.into_value(), list.into_value()))
}

/// `Fn::Split`: the parts of a string between the delimiters.
#[doc(alias("Fn::Split", "!Split"))]
pub fn split(delimiter: &str, text: impl IntoValue<String>) -> Value<List<String>> {
    call("Fn::Split", &(delimiter, text.into_value()))
}

/// `Fn::If`: `then` while the condition holds, else `otherwise` ([`no_value`] leaves the property out).
#[doc(alias("Fn::If", "!If"))]
pub fn if_<T: Serialize>(condition: &ConditionRef, then: impl IntoValue<T>, otherwise: impl IntoValue<T>) -> Value<T> {
    call("Fn::If", &(condition, then.into_value(), otherwise.into_value()))
}

/// `Fn::Equals`: whether two values are the same.
#[doc(alias("Fn::Equals", "!Equals"))]
pub fn equals(left: impl IntoValue<String>, right: impl IntoValue<String>) -> Condition {
    Condition::new("Fn::Equals", &(left.into_value(), right.into_value()))
}

/// `Fn::And`: whether all of 2 to 10 conditions hold.
#[doc(alias("Fn::And", "!And"))]
pub fn and(conditions: impl IntoIterator<Item = impl Into<Condition>>) -> Condition {
    Condition::new("Fn::And", &all(conditions))
}

/// `Fn::Or`: whether any of 2 to 10 conditions holds.
#[doc(alias("Fn::Or", "!Or"))]
pub fn or(conditions: impl IntoIterator<Item = impl Into<Condition>>) -> Condition {
    Condition::new("Fn::Or", &all(conditions))
}

/// `Fn::Not`: whether the condition does not hold.
#[doc(alias("Fn::Not", "!Not"))]
pub fn not(condition: impl Into<Condition>) -> Condition {
    Condition::new("Fn::Not", &[condition.into()])
}

fn all(conditions: impl IntoIterator<Item = impl Into<Condition>>) -> Vec<Condition> {
    conditions.into_iter().map(Into::into).collect()
}

/// `Fn::FindInMap`: the value of a [`Mapping`](crate::stack::Mapping) at two keys.
#[doc(alias("Fn::FindInMap", "!FindInMap"))]
pub fn find_in_map<T>(mapping: &MappingRef, top: impl IntoValue<String>, second: impl IntoValue<String>) -> Value<T> {
    call("Fn::FindInMap", &(mapping, top.into_value(), second.into_value()))
}

/// `Fn::FindInMap` with `DefaultValue`, for keys that the mapping does not have.
///
/// Needs `stack.transform("AWS::LanguageExtensions")`; synthesis says so where it is missing.
#[doc(alias("Fn::FindInMap", "!FindInMap"))]
pub fn find_in_map_or<T: Serialize>(
    mapping: &MappingRef,
    top: impl IntoValue<String>,
    second: impl IntoValue<String>,
    default: impl IntoValue<T>,
) -> Value<T> {
    let default = Entries::<T>::new().entry("DefaultValue", default.into_value());
    call("Fn::FindInMap", &(mapping, top.into_value(), second.into_value(), default))
}

/// `Fn::GetAZs`: the Availability Zones of a region (`region()` for the stack's own) in which the account has
/// default subnets.
#[doc(alias("Fn::GetAZs", "!GetAZs"))]
pub fn get_azs(region: impl IntoValue<String>) -> Value<List<String>> {
    call("Fn::GetAZs", &region.into_value())
}

/// `Fn::Cidr`: `count` (1 to 256) CIDR blocks of `cidr_bits` subnet bits each (8 for a /24) out of a larger block.
#[doc(alias("Fn::Cidr", "!Cidr"))]
pub fn cidr(
    block: impl IntoValue<String>,
    count: impl IntoValue<i64>,
    cidr_bits: impl IntoValue<i64>,
) -> Value<List<String>> {
    call("Fn::Cidr", &(block.into_value(), count.into_value(), cidr_bits.into_value()))
}

/// `Fn::Base64`: the Base64 form of a string.
#[doc(alias("Fn::Base64", "!Base64"))]
pub fn base64(text: impl IntoValue<String>) -> Value<String> {
    call("Fn::Base64", &text.into_value())
}

/// `Fn::ImportValue`: what another stack of the region exports under a name.
#[doc(alias("Fn::ImportValue", "!ImportValue"))]
pub fn import_value<T>(export: impl IntoValue<String>) -> Value<T> {
    call("Fn::ImportValue", &export.into_value())
}

/// `Fn::GetStackOutput`: an output of another stack, in whatever region and account, which need not export it. It is read
/// when the stack is created or updated, and the other stack may change or lose it afterwards. A project with both stacks
/// deploys the other one first, and an output that it has not is an error.
///
/// ```
/// use formwork::{Stack, aws::{s3::Bucket, sns::Topic}, intrinsic::get_stack_output};
///
/// let mut site = Stack::new("site");
/// let alarms = get_stack_output::<String>("alarms-us-east-1", "Topic").region("us-east-1");
/// site.output("Alarms", alarms);
/// # site.add("Pages", Bucket::new());
/// # assert!(site.template().to_yaml().contains("OutputName: Topic\n        Region: us-east-1"));
/// ```
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html>
#[doc(alias("Fn::GetStackOutput", "!GetStackOutput"))]
pub fn get_stack_output<T>(stack: impl IntoValue<String>, output: &str) -> StackOutput<T> {
    let argument = Entries::new().entry("StackName", stack.into_value()).entry("OutputName", output);
    StackOutput { argument, gives: PhantomData }
}

/// An output of another stack: what [`get_stack_output`] gives, and any property of that type takes.
#[derive(Clone, Debug)]
pub struct StackOutput<T> {
    argument: Entries<String>,
    gives: PhantomData<T>,
}

impl<T> StackOutput<T> {
    /// `Region`: that of the other stack, where it is another one than that of this stack.
    pub fn region(mut self, region: impl IntoValue<String>) -> Self {
        self.argument = self.argument.entry("Region", region.into_value());
        self
    }

    /// `RoleArn`: a role of the other stack's account that may `cloudformation:DescribeStacks`, and which the role that
    /// deploys this stack may assume.
    pub fn role_arn(mut self, role: impl IntoValue<String>) -> Self {
        self.argument = self.argument.entry("RoleArn", role.into_value());
        self
    }
}

impl<T> IntoValue<T> for StackOutput<T> {
    fn into_value(self) -> Value<T> {
        call("Fn::GetStackOutput", &self.argument)
    }
}

/// `Fn::Transform`: the result of a macro, called with parameters.
#[doc(alias("Fn::Transform", "!Transform"))]
pub fn transform<T>(name: impl Into<String>, parameters: impl IntoValue<Entries<Json>>) -> Value<T> {
    let argument = Entries::<Json>::new()
        .entry("Name", Json::from(name.into()))
        .entry("Parameters", parameters.into_value().cast());
    call("Fn::Transform", &argument)
}

/// `Fn::ToJsonString`: an object or array as JSON text.
///
/// Needs `stack.transform("AWS::LanguageExtensions")`; synthesis says so where it is missing.
#[doc(alias = "Fn::ToJsonString")]
pub fn to_json_string(value: impl Serialize) -> Value<String> {
    call("Fn::ToJsonString", &value)
}

/// `Fn::Length`: the number of elements of a list.
///
/// Needs `stack.transform("AWS::LanguageExtensions")`; synthesis says so where it is missing.
#[doc(alias = "Fn::Length")]
pub fn length<T: Serialize>(list: impl IntoValue<List<T>>) -> Value<i64> {
    call("Fn::Length", &list.into_value())
}

/// `AWS::NoValue`: leaves the property out, as one branch of [`if_`].
#[doc(alias = "AWS::NoValue")]
pub fn no_value<T>() -> Value<T> {
    call("Ref", "AWS::NoValue")
}

/// `AWS::AccountId`: the account of the stack, 12 digits.
#[doc(alias = "AWS::AccountId")]
pub fn account_id() -> Value<String> {
    call("Ref", "AWS::AccountId")
}

/// `AWS::NotificationARNs`: the topics that hear of the stack's events.
#[doc(alias = "AWS::NotificationARNs")]
pub fn notification_arns() -> Value<List<String>> {
    call("Ref", "AWS::NotificationARNs")
}

/// `AWS::Partition`: `aws`, `aws-cn` or `aws-us-gov`.
#[doc(alias = "AWS::Partition")]
pub fn partition() -> Value<String> {
    call("Ref", "AWS::Partition")
}

/// `AWS::Region`: the region of the stack, such as `eu-central-1`.
#[doc(alias = "AWS::Region")]
pub fn region() -> Value<String> {
    call("Ref", "AWS::Region")
}

/// `AWS::StackId`: the ARN of the stack.
#[doc(alias = "AWS::StackId")]
pub fn stack_id() -> Value<String> {
    call("Ref", "AWS::StackId")
}

/// `AWS::StackName`: the name that the stack is deployed under.
#[doc(alias = "AWS::StackName")]
pub fn stack_name() -> Value<String> {
    call("Ref", "AWS::StackName")
}

/// `AWS::URLSuffix`: the domain of AWS in the partition, `amazonaws.com` or `amazonaws.com.cn`.
#[doc(alias = "AWS::URLSuffix")]
pub fn url_suffix() -> Value<String> {
    call("Ref", "AWS::URLSuffix")
}

/// Dynamic references: values that CloudFormation looks up in Systems Manager or Secrets Manager while deploying,
/// so that no secret stands in a template.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html>
pub mod dynamic {
    use crate::value::{Entries, IntoValue, Intrinsic, Value};

    /// `{{resolve:ssm:name}}`: the latest version of a plain Systems Manager parameter.
    #[doc(alias = "resolve:ssm")]
    pub fn ssm(name: &str) -> Value<String> {
        Value::Literal(format!("{{{{resolve:ssm:{name}}}}}"))
    }

    /// `{{resolve:ssm:name:version}}`: one version of a plain Systems Manager parameter.
    #[doc(alias = "resolve:ssm")]
    pub fn ssm_version(name: &str, version: u64) -> Value<String> {
        Value::Literal(format!("{{{{resolve:ssm:{name}:{version}}}}}"))
    }

    /// `{{resolve:ssm-secure:name}}`: the latest version of a `SecureString` parameter. Only some properties take it.
    #[doc(alias = "resolve:ssm-secure")]
    pub fn ssm_secure(name: &str) -> Value<String> {
        Value::Literal(format!("{{{{resolve:ssm-secure:{name}}}}}"))
    }

    /// `{{resolve:ssm-secure:name:version}}`: one version of a `SecureString` parameter.
    #[doc(alias = "resolve:ssm-secure")]
    pub fn ssm_secure_version(name: &str, version: u64) -> Value<String> {
        Value::Literal(format!("{{{{resolve:ssm-secure:{name}:{version}}}}}"))
    }

    /// `{{resolve:secretsmanager:secret:SecretString:key}}`: one key of a JSON secret, by name, ARN or
    /// `secret.secret_arn()`.
    ///
    /// ```
    /// use formwork::intrinsic::dynamic::secretsmanager;
    /// let password = secretsmanager("coffee/database", "password");
    /// # assert_eq!(serde_json::to_value(password).unwrap(), "{{resolve:secretsmanager:coffee/database:SecretString:password}}");
    /// ```
    #[doc(alias = "resolve:secretsmanager")]
    pub fn secretsmanager(secret: impl IntoValue<String>, json_key: &str) -> Value<String> {
        match secret.into_value() {
            Value::Literal(secret) => {
                Value::Literal(format!("{{{{resolve:secretsmanager:{secret}:SecretString:{json_key}}}}}"))
            }
            Value::Intrinsic(secret) => Value::Intrinsic(Intrinsic::new(
                "Fn::Sub",
                &(
                    format!("{{{{resolve:secretsmanager:${{Secret}}:SecretString:{json_key}}}}}"),
                    Entries::<String>::new().entry("Secret", Value::Intrinsic(secret)),
                ),
            )),
        }
    }
}
