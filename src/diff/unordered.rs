//! Lists of which the order means nothing: those that their schema says it of, and what AWS keeps as a set without
//! saying so.

use crate::schema::ResourceSchema;

/// The last names of properties that are sets in every type, as the pages of the types have them (November 2026).
const SETS: [&str; 14] = [
    "AlarmActions",
    "DependsOn",
    "EnableCloudwatchLogsExports",
    "InsufficientDataActions",
    "ManagedPolicyArns",
    "OKActions",
    "SecurityGroupEgress",
    "SecurityGroupIds",
    "SecurityGroupIngress",
    "SecurityGroups",
    "SubnetIds",
    "Tags",
    "VPCSecurityGroups",
    "VpcSecurityGroupIds",
];

/// Whether the order of the elements of a list means nothing; of what has no schema nothing is known.
pub(super) fn is_unordered(types: Option<&ResourceSchema>, path: &str) -> bool {
    let name = path.rsplit('.').next().unwrap_or_default();
    types.is_some_and(|types| types.is_unordered(path) || SETS.contains(&name)) || path == "DependsOn"
}
