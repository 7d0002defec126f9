//! The attributes of a resource, beside its properties: dependencies, conditions and policies of its life cycle.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-product-attribute-reference.html>

use std::{borrow::Cow, panic::Location};

use serde::Serialize;
use serde_json::Map;

use super::{ConditionRef, Handle};
use crate::{
    diagnostic::{Acknowledgement, Path},
    json::Json,
    value::{Extra, Intrinsic, record},
};

/// A resource of a stack, as [`Stack::resource`](super::Stack::resource) gives it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Entry {
    #[serde(skip)]
    pub(crate) logical_id: String,
    #[serde(rename = "Type")]
    resource_type: Cow<'static, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    condition: Option<ConditionRef>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    depends_on: Vec<Intrinsic>,
    #[serde(skip_serializing_if = "Option::is_none")]
    creation_policy: Option<CreationPolicy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    update_policy: Option<UpdatePolicy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deletion_policy: Option<DeletionPolicy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    update_replace_policy: Option<DeletionPolicy>,
    #[serde(skip_serializing_if = "Extra::is_empty")]
    metadata: Extra,
    /// Rules of scanners and the reasons why they do not hold here, in the order in which they were given.
    #[serde(skip)]
    waivers: Map<String, Json>,
    /// Faults of the resource that are to stay.
    #[serde(skip)]
    acknowledgements: Vec<Acknowledgement>,
    #[serde(skip)]
    properties: Json,
}

impl Entry {
    pub(super) fn new(logical_id: &str, resource_type: Cow<'static, str>, properties: Json) -> Self {
        Self {
            logical_id: logical_id.to_owned(),
            resource_type,
            condition: None,
            depends_on: Vec::new(),
            creation_policy: None,
            update_policy: None,
            deletion_policy: None,
            update_replace_policy: None,
            metadata: Extra::default(),
            waivers: Map::new(),
            acknowledgements: Vec::new(),
            properties,
        }
    }

    /// The resource as the template has it. What cannot be rendered is one of the stack's diagnostics.
    pub(super) fn to_json(&self) -> Json {
        // A copy: taken through serde the properties would be built anew, which costs several times as much.
        self.with(self.properties.clone())
    }

    /// The logical id, and the resource as the template has it.
    pub(super) fn into_json(mut self) -> (String, Json) {
        let properties = self.properties.take();
        let json = self.with(properties);
        (self.logical_id, json)
    }

    fn with(&self, properties: Json) -> Json {
        let mut json = record(self).0.unwrap_or_default();
        if !properties.as_object().is_some_and(Map::is_empty) {
            json["Properties"] = properties;
        }
        json
    }

    /// The resource type.
    pub(super) fn kind(&self) -> &str {
        &self.resource_type
    }

    /// Type and properties: what the resource is, without what stands beside it.
    pub(super) fn content(&self) -> Json {
        Json::Array(vec![self.resource_type.as_ref().into(), self.properties.clone()])
    }

    /// `DependsOn`: this resource is made after the other, and deleted before it. Needed only where nothing here
    /// refers to the other anyway.
    pub fn depends_on<R>(&mut self, other: &Handle<R>) -> &mut Self {
        self.depends_on.push(Intrinsic::name(other.referent().clone()));
        self
    }

    /// `Condition`: the resource is there only where the condition holds.
    pub fn condition(&mut self, condition: &ConditionRef) -> &mut Self {
        self.condition = Some(condition.clone());
        self
    }

    /// `DeletionPolicy`: what happens to the resource when it leaves the template or the stack is deleted.
    pub fn deletion_policy(&mut self, policy: DeletionPolicy) -> &mut Self {
        self.deletion_policy = Some(policy);
        self
    }

    /// `UpdateReplacePolicy`: what happens to the old resource when a change replaces it.
    pub fn update_replace_policy(&mut self, policy: DeletionPolicy) -> &mut Self {
        self.update_replace_policy = Some(policy);
        self
    }

    /// `UpdatePolicy`: how a change is rolled out.
    pub fn update_policy(&mut self, policy: UpdatePolicy) -> &mut Self {
        self.update_policy = Some(policy);
        self
    }

    /// `CreationPolicy`: which signals CloudFormation waits for before the resource counts as made.
    pub fn creation_policy(&mut self, policy: CreationPolicy) -> &mut Self {
        self.creation_policy = Some(policy);
        self
    }

    /// Sets a key of the resource's `Metadata`.
    pub fn metadata(&mut self, key: impl Into<String>, value: impl Serialize) -> &mut Self {
        self.metadata.set(key, value);
        self
    }

    /// Says why a rule of a scanner (cdk-nag, checkov) does not hold for this resource. The template has nothing of it:
    /// [`Stack::waivers`](super::Stack::waivers) has them all, and `synth --waivers FILE` writes them for whoever weighs
    /// what the scanners find.
    pub fn waive(&mut self, rule: impl Into<String>, reason: impl Into<String>) -> &mut Self {
        self.waivers.insert(rule.into(), reason.into().into());
        self
    }

    /// Says why a fault that a check finds in this resource may stay: of this code, at the resource or below, it is not
    /// reported. The template has nothing of it. One that is not found, and one without a reason, is a warning.
    ///
    /// What the stack cannot make (an id used twice, a value that cannot be rendered) stays an error.
    ///
    /// ```
    /// use formwork::{Stack, aws::iam::Role, iam::Policy};
    /// let mut stack = Stack::new("mail");
    /// let role = stack.add("Role", Role::new(Policy::new([])));
    /// assert_eq!(stack.diagnostics()[0].code, "F1012");
    /// stack.resource(&role).acknowledge("F1012", "A macro adds the statements");
    /// stack.assert_clean();
    /// ```
    #[track_caller]
    pub fn acknowledge(&mut self, code: impl Into<String>, reason: impl Into<String>) -> &mut Self {
        let of = Path::from("Resources").join(&self.logical_id);
        self.acknowledgements.push(Acknowledgement {
            code: code.into(),
            reason: reason.into(),
            at: of.clone(),
            of,
            given_at: Some(Location::caller().into()),
        });
        self
    }

    /// The faults of the resource that are to stay.
    pub(super) fn acknowledgements(&self) -> &[Acknowledgement] {
        &self.acknowledgements
    }

    /// The rules that are waived for the resource, each with its reason.
    pub(super) fn waivers(&self) -> &Map<String, Json> {
        &self.waivers
    }
}

/// `DeletionPolicy` and `UpdateReplacePolicy`.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum DeletionPolicy {
    /// Deleted, as most resources are by default.
    Delete,
    /// Kept, and no longer managed.
    Retain,
    /// Kept, except when its creation is rolled back. Not for `UpdateReplacePolicy`.
    RetainExceptOnCreate,
    /// Deleted after a snapshot: databases, volumes, caches.
    Snapshot,
}

/// `UpdatePolicy`: each part is for the resource types that its name says.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html>
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct UpdatePolicy {
    /// Replaces the whole Auto Scaling group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_scaling_replacing_update: Option<AutoScalingReplacingUpdate>,
    /// Replaces the instances of an Auto Scaling group in batches.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_scaling_rolling_update: Option<AutoScalingRollingUpdate>,
    /// Leaves sizes alone that a scheduled action has changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_scaling_scheduled_action: Option<AutoScalingScheduledAction>,
    /// Shifts the traffic of a Lambda alias by CodeDeploy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code_deploy_lambda_alias_update: Option<CodeDeployLambdaAliasUpdate>,
    /// Upgrades an OpenSearch domain in place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enable_version_upgrade: Option<bool>,
    /// Changes the shards of an ElastiCache replication group in place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub use_online_resharding: Option<bool>,
}

/// `AutoScalingReplacingUpdate`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct AutoScalingReplacingUpdate {
    /// Makes a new group before the old one is deleted.
    pub will_replace: bool,
}

/// `AutoScalingRollingUpdate`. What is `None` keeps AWS's default.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct AutoScalingRollingUpdate {
    /// Instances replaced at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_batch_size: Option<u32>,
    /// Share of the desired capacity in service that counts as success, in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_active_instances_percent: Option<u8>,
    /// Instances that stay in service meanwhile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_instances_in_service: Option<u32>,
    /// Share of the instances that must signal success, in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_successful_instances_percent: Option<u8>,
    /// Pause after each batch: ISO 8601, `PT5M`, at most `PT1H`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pause_time: Option<String>,
    /// Scaling processes suspended meanwhile.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub suspend_processes: Vec<String>,
    /// True where each new instance must signal within the pause.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait_on_resource_signals: Option<bool>,
}

/// `AutoScalingScheduledAction`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct AutoScalingScheduledAction {
    /// Ignores a difference in size that is no change of the template.
    pub ignore_unmodified_group_size_properties: bool,
}

/// `CodeDeployLambdaAliasUpdate`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CodeDeployLambdaAliasUpdate {
    /// Name of the CodeDeploy application.
    pub application_name: String,
    /// Name of the deployment group.
    pub deployment_group_name: String,
    /// Function run before traffic shifts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before_allow_traffic_hook: Option<String>,
    /// Function run after traffic has shifted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after_allow_traffic_hook: Option<String>,
}

/// `CreationPolicy`.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-creationpolicy.html>
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreationPolicy {
    /// For Auto Scaling groups.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_scaling_creation_policy: Option<AutoScalingCreationPolicy>,
    /// The signals that are waited for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_signal: Option<ResourceSignal>,
    /// Starts an AppStream fleet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_fleet: Option<bool>,
}

/// `AutoScalingCreationPolicy`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct AutoScalingCreationPolicy {
    /// Share of the instances that must signal success, in percent; AWS's default is 100.
    pub min_successful_instances_percent: u8,
}

/// `ResourceSignal`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ResourceSignal {
    /// Signals to wait for; AWS's default is 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// The time to wait for them: ISO 8601, `PT15M`; at most `PT12H`, AWS's default is `PT5M`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout: Option<String>,
}
