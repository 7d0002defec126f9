//! Interruptions: properties of which a change stops what runs for a while, as the pages of their types say ("Update
//! requires: Some interruptions"; November 2026). The registry does not tell.

/// Types, each with its properties.
const INTERRUPTIONS: &[(&str, &[&str])] = &[
    (
        "AWS::AmazonMQ::Broker",
        &["AutoMinorVersionUpgrade", "Configuration", "EngineVersion", "HostInstanceType", "Users"],
    ),
    ("AWS::AutoScaling::AutoScalingGroup", &["VPCZoneIdentifier"]),
    ("AWS::DocDB::DBInstance", &["DBInstanceClass"]),
    ("AWS::DocDB::DBCluster", &["EngineVersion", "DBClusterParameterGroupName"]),
    ("AWS::DynamoDB::Table", &["AttributeDefinitions"]),
    ("AWS::EC2::Instance", &["SourceDestCheck"]),
    ("AWS::ECS::Service", &["DeploymentController"]),
    ("AWS::ElastiCache::CacheCluster", &["CacheNodeType", "CacheParameterGroupName", "EngineVersion"]),
    (
        "AWS::ElastiCache::ReplicationGroup",
        &["CacheNodeType", "CacheParameterGroupName", "EngineVersion", "NumNodeGroups", "TransitEncryptionMode"],
    ),
    ("AWS::Elasticsearch::Domain", &["ElasticsearchVersion"]),
    ("AWS::Neptune::DBCluster", &["EngineVersion", "DBClusterParameterGroupName"]),
    ("AWS::Neptune::DBInstance", &["DBInstanceClass", "DBParameterGroupName"]),
    ("AWS::OpenSearchService::Domain", &["EngineVersion"]),
    (
        "AWS::RDS::DBCluster",
        &[
            "BackupRetentionPeriod",
            "DBClusterParameterGroupName",
            "EngineVersion",
            "PreferredBackupWindow",
            "PreferredMaintenanceWindow",
            "StorageType",
        ],
    ),
    ("AWS::RDS::DBInstance", &["CACertificateIdentifier", "DBInstanceClass", "EngineVersion", "ProcessorFeatures"]),
    (
        "AWS::Redshift::Cluster",
        &["ClusterParameterGroupName", "ClusterVersion", "NodeType", "NumberOfNodes", "ClusterType"],
    ),
];

/// Whether a change of the property at a path interrupts the resource.
pub(super) fn interrupts(kind: &str, path: &str) -> bool {
    let property = path.split('.').next().unwrap_or_default();
    INTERRUPTIONS.iter().any(|(known, properties)| *known == kind && properties.contains(&property))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema;

    #[test]
    fn every_interruption_is_of_a_property_that_exists() {
        for (kind, properties) in INTERRUPTIONS {
            let types = schema::of(kind).unwrap_or_else(|| panic!("{kind} is no type"));
            for property in *properties {
                assert!(types.property(property).is_some(), "{kind} {property}");
            }
        }
    }
}
