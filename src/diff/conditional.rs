//! Conditional replacements: properties of which some changes replace a resource and some do not, each with its
//! condition, and the cases in which the templates decide it.
//!
//! The conditions are those of the types' pages and of the handlers that AWS publishes (November 2026).

use super::model::Action;
use crate::json::Json;

/// What a template says of a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Said<'a> {
    Nothing,
    Text(&'a str),
    /// A function gives it, or it is no scalar.
    Unknown,
}

impl<'a> Said<'a> {
    pub fn of(canonical: Option<&'a Json>) -> Self {
        match canonical {
            None => Self::Nothing,
            Some(Json::String(text)) if text.is_empty() => Self::Nothing,
            Some(Json::String(text)) => Self::Text(text),
            Some(_) => Self::Unknown,
        }
    }
}

/// A change of a property.
pub(super) struct Asked<'a> {
    pub before: Said<'a>,
    pub after: Said<'a>,
    /// The canonical properties of the new template.
    pub new: &'a Json,
}

/// What is known of a property: its condition, and what decides it.
struct Condition {
    kind: &'static str,
    property: &'static str,
    /// When the resource is replaced.
    says: &'static str,
    decide: fn(&Asked<'_>) -> Option<Action>,
}

const CONDITIONS: &[Condition] = &[
    Condition {
        kind: "AWS::EC2::VPC",
        property: "InstanceTenancy",
        says: "only a change from `dedicated` to `default` does not replace it",
        decide: |asked| match (asked.before, asked.after) {
            (Said::Text("dedicated"), Said::Text("default")) => Some(Action::Update),
            (Said::Unknown, _) | (_, Said::Unknown) => None,
            _ => Some(Action::Replace),
        },
    },
    Condition {
        kind: "AWS::RDS::DBInstance",
        property: "Engine",
        says: "it is replaced unless the engine succeeds the old one: `aurora` to `aurora-mysql`, `oracle-se` or \
               `oracle-se1` to `oracle-se2`, an Oracle engine to its `-cdb`",
        decide: engine,
    },
    Condition {
        kind: "AWS::RDS::DBCluster",
        property: "Engine",
        says: "it is replaced unless the engine succeeds the old one: `aurora` to `aurora-mysql`",
        decide: engine,
    },
    Condition {
        kind: "AWS::RDS::DBCluster",
        property: "GlobalClusterIdentifier",
        says: "leaving a global cluster does not replace it, joining one does",
        decide: removed_stays,
    },
    Condition {
        kind: "AWS::RDS::DBCluster",
        property: "MasterUsername",
        says: "another name replaces it, where one was set",
        decide: changed_replaces,
    },
    Condition {
        kind: "AWS::RDS::DBInstance",
        property: "DBSnapshotIdentifier",
        says: "another snapshot replaces it by what was stored in that; where it is left out, the page says that an empty \
               instance takes its place, and the handler that AWS publishes keeps it",
        decide: restored,
    },
    Condition {
        kind: "AWS::RDS::DBInstance",
        property: "DBClusterSnapshotIdentifier",
        says: "another snapshot replaces it by what was stored in that; where it is left out, the page says that an empty \
               instance takes its place, and the handler that AWS publishes keeps it",
        decide: restored,
    },
    Condition {
        kind: "AWS::RDS::DBInstance",
        property: "SourceDBInstanceIdentifier",
        says: "leaving it out promotes the replica, another source replaces it",
        decide: removed_stays,
    },
    Condition {
        kind: "AWS::RDS::DBInstance",
        property: "SourceDBClusterIdentifier",
        says: "leaving it out promotes the replica, another source replaces it",
        decide: removed_stays,
    },
    Condition {
        kind: "AWS::RDS::DBInstance",
        property: "AvailabilityZone",
        says: "it is replaced unless the zone is left out for `MultiAZ`",
        decide: |asked| match (asked.before, asked.after) {
            (Said::Unknown, _) | (_, Said::Unknown) => None,
            (_, Said::Nothing) if asked.new["MultiAZ"] == "true" => Some(Action::Interrupt),
            (_, Said::Nothing) if !matches!(asked.new["MultiAZ"], Json::Null | Json::String(_)) => None,
            _ => Some(Action::Replace),
        },
    },
    Condition {
        kind: "AWS::RDS::DBInstance",
        property: "PerformanceInsightsKMSKeyId",
        says: "it is replaced where a key was set",
        decide: changed_replaces,
    },
    Condition {
        kind: "AWS::RDS::DBInstance",
        property: "BackupRetentionPeriod",
        says: "turning backups on or off interrupts it",
        decide: |asked| match (asked.before, asked.after) {
            (Said::Unknown, _) | (_, Said::Unknown) => Some(Action::Interrupt),
            (before, after) if (before == Said::Text("0")) == (after == Said::Text("0")) => Some(Action::Update),
            _ => Some(Action::Interrupt),
        },
    },
    Condition {
        kind: "AWS::RDS::DBInstance",
        property: "AutoMinorVersionUpgrade",
        says: "it is updated in place",
        decide: |_| Some(Action::Update),
    },
    Condition {
        kind: "AWS::RDS::DBInstance",
        property: "PreferredMaintenanceWindow",
        says: "it is updated in place",
        decide: |_| Some(Action::Update),
    },
    Condition {
        kind: "AWS::RDS::DBInstance",
        property: "MultiAZ",
        says: "it is updated in place",
        decide: |_| Some(Action::Update),
    },
    Condition {
        kind: "AWS::RDS::DBInstance",
        property: "DBParameterGroupName",
        says: "it is restarted where the group has static parameters",
        decide: |_| Some(Action::Interrupt),
    },
    Condition {
        kind: "AWS::RDS::DBInstance",
        property: "StorageType",
        says: "it is interrupted for a while to move to or from `standard`",
        decide: |_| Some(Action::Interrupt),
    },
    Condition {
        kind: "AWS::EC2::Instance",
        property: "InstanceType",
        says: "with an EBS volume as its root it is stopped and started if the types are compatible, else replaced",
        decide: |_| None,
    },
    Condition {
        kind: "AWS::EC2::Instance",
        property: "UserData",
        says: "with an EBS volume as its root it is restarted, else replaced",
        decide: |_| None,
    },
    Condition {
        kind: "AWS::EC2::Instance",
        property: "EbsOptimized",
        says: "with an EBS volume as its root it is stopped and started, else replaced",
        decide: |_| None,
    },
    Condition {
        kind: "AWS::EC2::Instance",
        property: "BlockDeviceMappings",
        says: "only `DeleteOnTermination` can change in place",
        decide: |_| None,
    },
    Condition {
        kind: "AWS::EC2::Instance",
        property: "SecurityGroupIds",
        says: "in a VPC it is updated in place",
        decide: |asked| match asked.new["SubnetId"].is_null() {
            true => None,
            false => Some(Action::Update),
        },
    },
    Condition {
        kind: "AWS::EC2::Instance",
        property: "Tenancy",
        says: "only between `dedicated` and `host` does it stay the same instance",
        decide: |asked| match (asked.before, asked.after) {
            (Said::Text("dedicated"), Said::Text("host")) | (Said::Text("host"), Said::Text("dedicated")) => {
                Some(Action::Interrupt)
            }
            (Said::Unknown, _) | (_, Said::Unknown) => None,
            _ => Some(Action::Replace),
        },
    },
    Condition {
        kind: "AWS::DynamoDB::Table",
        property: "KeySchema",
        says: "another key is another table",
        decide: |_| Some(Action::Replace),
    },
    Condition {
        kind: "AWS::DynamoDB::GlobalTable",
        property: "KeySchema",
        says: "another key is another table",
        decide: |_| Some(Action::Replace),
    },
    Condition {
        kind: "AWS::Events::Rule",
        property: "EventBusName",
        says: "another bus replaces it; `default` is what is meant where there is none",
        decide: |asked| match (asked.before, asked.after) {
            (Said::Nothing, Said::Text("default")) | (Said::Text("default"), Said::Nothing) => None,
            (Said::Unknown, Said::Nothing) | (Said::Nothing, Said::Unknown) => None,
            _ => Some(Action::Replace),
        },
    },
    Condition {
        kind: "AWS::Events::EventBus",
        property: "EventSourceName",
        says: "another partner's source is another bus",
        decide: |_| Some(Action::Replace),
    },
    Condition {
        kind: "AWS::EC2::EIP",
        property: "Domain",
        says: "`vpc` is what is meant where there is none",
        decide: |asked| match (asked.before, asked.after) {
            (Said::Nothing, Said::Text("vpc")) | (Said::Text("vpc"), Said::Nothing) => None,
            _ => Some(Action::Replace),
        },
    },
    Condition {
        kind: "AWS::EC2::Subnet",
        property: "Ipv6CidrBlock",
        says: "a block can be added in place, another one replaces it",
        decide: |asked| match (asked.before, asked.after) {
            (Said::Nothing, _) => Some(Action::Update),
            _ => None,
        },
    },
    Condition {
        kind: "AWS::S3::Bucket",
        property: "ObjectLockEnabled",
        says: "a lock can be set on a bucket in place, and not taken away",
        decide: |asked| match (asked.before, asked.after) {
            (_, Said::Text("true")) => Some(Action::Update),
            (Said::Nothing, Said::Text("false")) | (Said::Text("false"), Said::Nothing) => Some(Action::Update),
            (Said::Text("true"), Said::Text("false") | Said::Nothing) => Some(Action::Replace),
            _ => None,
        },
    },
    Condition {
        kind: "AWS::Lambda::Function",
        property: "DurableConfig",
        says: "turning durable execution on or off is another function; its settings change in place",
        decide: |asked| match (asked.before, asked.after) {
            (Said::Nothing, _) | (_, Said::Nothing) => None,
            _ => Some(Action::Update),
        },
    },
    Condition {
        kind: "AWS::SNS::Subscription",
        property: "Region",
        says: "only a change between none and the stack's own region succeeds",
        decide: |_| None,
    },
];

/// What a change of a property does, with the condition that decides; none where nothing is known of it.
pub(super) fn decide(kind: &str, path: &str, asked: &Asked<'_>) -> Option<(Action, &'static str)> {
    let property = path.split('.').next().unwrap_or_default();
    let known = CONDITIONS.iter().find(|known| known.kind == kind && known.property == property)?;
    Some(((known.decide)(asked).unwrap_or(Action::MaybeReplace), known.says))
}

fn engine(asked: &Asked<'_>) -> Option<Action> {
    let (Said::Text(before), Said::Text(after)) = (asked.before, asked.after) else { return None };
    let succeeds = match (before, after) {
        ("aurora", "aurora-mysql") | ("oracle-se" | "oracle-se1", "oracle-se2") => true,
        _ => before.starts_with("oracle-") && after.strip_suffix("-cdb") == Some(before),
    };
    Some(if succeeds { Action::Interrupt } else { Action::Replace })
}

fn removed_stays(asked: &Asked<'_>) -> Option<Action> {
    match (asked.before, asked.after) {
        (_, Said::Nothing) => Some(Action::Update),
        (Said::Unknown, Said::Unknown) => None,
        _ => Some(Action::Replace),
    }
}

fn restored(asked: &Asked<'_>) -> Option<Action> {
    match (asked.before, asked.after) {
        (_, Said::Nothing) | (Said::Unknown, Said::Unknown) => None,
        _ => Some(Action::Replace),
    }
}

fn changed_replaces(asked: &Asked<'_>) -> Option<Action> {
    match (asked.before, asked.after) {
        (Said::Nothing, _) => Some(Action::Update),
        (Said::Text(_), Said::Text(_) | Said::Nothing) => Some(Action::Replace),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema;

    #[test]
    fn every_condition_is_of_a_property_that_exists() {
        for known in CONDITIONS {
            let types = schema::of(known.kind).unwrap_or_else(|| panic!("{} is no type", known.kind));
            assert!(types.property(known.property).is_some(), "{} {}", known.kind, known.property);
        }
    }

    #[test]
    fn an_engine_that_succeeds_another_does_not_replace() {
        let decide = |before, after| {
            let asked = Asked { before: Said::Text(before), after: Said::Text(after), new: &Json::Null };
            super::decide("AWS::RDS::DBInstance", "Engine", &asked).map(|(action, _)| action)
        };
        assert_eq!(decide("aurora", "aurora-mysql"), Some(Action::Interrupt));
        assert_eq!(decide("oracle-ee", "oracle-ee-cdb"), Some(Action::Interrupt));
        assert_eq!(decide("mysql", "postgres"), Some(Action::Replace));
    }
}
