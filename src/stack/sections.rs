//! The sections of a template beside parameters and resources: mappings, conditions, rules, outputs.

use serde::Serialize;
use serde_json::json;

use crate::{
    json::Json,
    value::{Entries, IntoValue, Intrinsic, List, Reference, Value, record},
};

/// Constants by two keys, read with [`find_in_map`](crate::intrinsic::find_in_map).
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/mappings-section-structure.html>
///
/// ```
/// use formwork::{Stack, intrinsic::{find_in_map, region}, stack::Mapping};
/// let mut stack = Stack::new("reports");
/// let zones = stack.mapping("Zones", Mapping::new().entry("eu-central-1", "Name", "Europe/Berlin"));
/// stack.output("Zone", find_in_map(&zones, region(), "Name"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Mapping(serde_json::Map<String, Json>);

impl Mapping {
    /// A mapping without entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// The value at two keys: a string, or a list of strings.
    pub fn entry(mut self, top: &str, second: &str, value: impl Into<Json>) -> Self {
        self.0.entry(top).or_insert_with(|| json!({}))[second] = value.into();
        self
    }
}

/// A mapping that is in a stack.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct MappingRef(Intrinsic);

impl MappingRef {
    pub(super) fn new(reference: Reference) -> Self {
        Self(Intrinsic::name(reference))
    }
}

/// A condition, made by [`equals`](crate::intrinsic::equals), [`and`](crate::intrinsic::and),
/// [`or`](crate::intrinsic::or) and [`not`](crate::intrinsic::not).
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/conditions-section-structure.html>
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Condition(Intrinsic);

impl Condition {
    pub(crate) fn new(function: &str, argument: &(impl Serialize + ?Sized)) -> Self {
        Self(Intrinsic::new(function, argument))
    }
}

/// A condition that is in a stack.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct ConditionRef(Intrinsic);

impl ConditionRef {
    pub(super) fn new(reference: Reference) -> Self {
        Self(Intrinsic::name(reference))
    }
}

impl From<&ConditionRef> for Condition {
    fn from(condition: &ConditionRef) -> Self {
        Self(Intrinsic::new("Condition", condition))
    }
}

/// A rule that the parameters must satisfy before anything is deployed.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html>
///
/// ```
/// use formwork::{Stack, stack::{Assertion, Parameter, Rule, RuleCondition}};
/// let mut stack = Stack::new("reports");
/// let stage = stack.parameter("Stage", Parameter::string());
/// let known = RuleCondition::contains(["test", "production"], stage.reference());
/// stack.rule("KnownStage", Rule::new([Assertion::new(known, "Stage is test or production")]));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Rule {
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_condition: Option<RuleCondition>,
    assertions: Vec<Assertion>,
}

impl Rule {
    /// A rule that always applies.
    pub fn new(assertions: impl IntoIterator<Item = Assertion>) -> Self {
        Self { rule_condition: None, assertions: assertions.into_iter().collect() }
    }

    /// `RuleCondition`: the rule applies only where this holds.
    pub fn when(mut self, condition: impl Into<RuleCondition>) -> Self {
        self.rule_condition = Some(condition.into());
        self
    }
}

/// One assertion of a [`Rule`].
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Assertion {
    assert: RuleCondition,
    assert_description: String,
}

impl Assertion {
    /// An assertion: what must hold, and what is said where it does not.
    pub fn new(condition: impl Into<RuleCondition>, description: impl Into<String>) -> Self {
        Self { assert: condition.into(), assert_description: description.into() }
    }
}

/// A condition of a rule: any [`Condition`], or one of the functions that only rules know.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-rules.html>
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct RuleCondition(Intrinsic);

impl RuleCondition {
    fn new(function: &str, argument: &impl Serialize) -> Self {
        Self(Intrinsic::new(function, argument))
    }

    /// `Fn::Contains`: whether a list has the value.
    pub fn contains(list: impl IntoValue<List<String>>, value: impl IntoValue<String>) -> Self {
        Self::new("Fn::Contains", &(list.into_value(), value.into_value()))
    }

    /// `Fn::EachMemberEquals`: whether every element of a list is the value.
    pub fn each_member_equals(list: impl IntoValue<List<String>>, value: impl IntoValue<String>) -> Self {
        Self::new("Fn::EachMemberEquals", &(list.into_value(), value.into_value()))
    }

    /// `Fn::EachMemberIn`: whether every element of a list is in the other.
    pub fn each_member_in(list: impl IntoValue<List<String>>, of: impl IntoValue<List<String>>) -> Self {
        Self::new("Fn::EachMemberIn", &(list.into_value(), of.into_value()))
    }

    /// `Fn::RefAll`: the values of all parameters of a type, such as `AWS::EC2::VPC::Id`.
    pub fn ref_all(parameter_type: &str) -> Value<List<String>> {
        Value::Intrinsic(Intrinsic::new("Fn::RefAll", parameter_type))
    }

    /// `Fn::ValueOf`: an attribute of a parameter's value, such as `VpcId` of a subnet.
    pub fn value_of<T>(parameter: &super::ParameterRef<T>, attribute: &str) -> Value<String> {
        Value::Intrinsic(Intrinsic::new("Fn::ValueOf", &(parameter.logical_id(), attribute)))
    }

    /// `Fn::ValueOfAll`: an attribute of all parameters of a type.
    pub fn value_of_all(parameter_type: &str, attribute: &str) -> Value<List<String>> {
        Value::Intrinsic(Intrinsic::new("Fn::ValueOfAll", &(parameter_type, attribute)))
    }
}

impl From<Condition> for RuleCondition {
    fn from(condition: Condition) -> Self {
        Self(condition.0)
    }
}

/// An output of a stack: shown after deployment, and importable where it is exported.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/outputs-section-structure.html>
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    #[serde(skip)]
    pub(super) id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    condition: Option<ConditionRef>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    value: Json,
    #[serde(skip_serializing_if = "Option::is_none")]
    export: Option<Entries<String>>,
}

impl Output {
    pub(super) fn new(id: &str, value: Json) -> Self {
        Self { id: id.to_owned(), value, description: None, export: None, condition: None }
    }

    /// The output as the template has it. What cannot be rendered is one of the stack's diagnostics.
    pub(super) fn to_json(&self) -> Json {
        record(self).0.unwrap_or_default()
    }

    /// Whether it is an export.
    pub(super) fn is_exported(&self) -> bool {
        self.export.is_some()
    }

    /// Whether it is the export of that value under that name.
    pub(super) fn is_export(&self, id: &str, value: &Json, name: &Entries<String>) -> bool {
        self.id == id && self.value == *value && self.export.as_ref() == Some(name)
    }

    /// `Description`: at most 1,024 bytes.
    pub fn description(&mut self, text: impl Into<String>) -> &mut Self {
        self.description = Some(text.into());
        self
    }

    /// `Export`: the name under which other stacks of the region import the value.
    pub fn export(&mut self, name: impl IntoValue<String>) -> &mut Self {
        self.export = Some(Entries::new().entry("Name", name.into_value()));
        self
    }

    /// `Condition`: the output is there only where the condition holds.
    pub fn condition(&mut self, condition: &ConditionRef) -> &mut Self {
        self.condition = Some(condition.clone());
        self
    }
}
