//! cfn-lint's rules between the properties of one resource: which of its extension schemas are taken, under which id
//! cfn-lint reports them, and where they apply, all of which stands in cfn-lint's Python code only.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use serde_json::{Value as Json, json};

use crate::{file, keywords};

/// A rule: type, extension file (with its folder where that is another type's), cfn-lint's id, path below the properties,
/// what is wrong in our words.
type Rule = (&'static str, &'static str, &'static str, &'static str, &'static str);

const RULES: &[Rule] = &[
    ("ApiGateway::Authorizer", "ttl", "E3718", "", "the result of an authorizer is kept for 0 to 3600 seconds"),
    (
        "ApiGateway::RestApi",
        "openapi_properties",
        "E3660",
        "",
        "an API without `Body` or `BodyS3Location` needs `Name`",
    ),
    (
        "ApiGateway::Stage",
        "method_settings_resource_path",
        "E3723",
        "MethodSettings.*",
        "the `ResourcePath` of method settings starts with `/`",
    ),
    (
        "AutoScaling::LaunchConfiguration",
        "aws_ec2_instance/blockdevicemappings",
        "E3671",
        "BlockDeviceMappings.*.Ebs",
        IOPS,
    ),
    (
        "AutoScaling::LaunchConfiguration",
        "aws_ec2_instance/virtualname_ephemeral",
        "E3715",
        "BlockDeviceMappings.*",
        EPHEMERAL,
    ),
    ("CloudFront::Distribution", "forward_enum", "E3722", "DistributionConfig.CacheBehaviors.*", COOKIES),
    ("CloudFront::Distribution", "forward_enum", "E3722", "DistributionConfig.DefaultCacheBehavior", COOKIES),
    ("CloudWatch::Alarm", "period", "E3615", "", "`Period` is 10, 30, 60 or a multiple of 60 seconds"),
    (
        "CodeBuild::Project",
        "s3_locations",
        "E3636",
        "Artifacts",
        "what a build takes from S3, or puts there, needs `Location`",
    ),
    (
        "CodeBuild::Project",
        "s3_locations",
        "E3636",
        "Source",
        "what a build takes from S3, or puts there, needs `Location`",
    ),
    (
        "DynamoDB::Table",
        "billingmode_exclusive",
        "E3638",
        "",
        "a table that is paid per request has no `ProvisionedThroughput`",
    ),
    (
        "DynamoDB::Table",
        "billingmode_provisioned_dependent",
        "E3639",
        "",
        "a table that is not paid per request needs `ProvisionedThroughput`",
    ),
    ("EC2::Instance", "aws_ec2_instance/blockdevicemappings", "E3671", "BlockDeviceMappings.*.Ebs", IOPS),
    ("EC2::Instance", "aws_ec2_instance/privateipaddress", "E3674", "", PRIMARY),
    ("EC2::Instance", "aws_ec2_instance/virtualname_ephemeral", "E3715", "BlockDeviceMappings.*", EPHEMERAL),
    (
        "EC2::LaunchTemplate",
        "aws_ec2_instance/blockdevicemappings",
        "E3671",
        "LaunchTemplateData.BlockDeviceMappings.*.Ebs",
        IOPS,
    ),
    (
        "EC2::LaunchTemplate",
        "aws_ec2_instance/virtualname_ephemeral",
        "E3715",
        "LaunchTemplateData.BlockDeviceMappings.*",
        EPHEMERAL,
    ),
    ("EC2::NetworkInterface", "aws_ec2_instance/privateipaddress", "E3674", "", PRIMARY),
    ("EC2::SecurityGroup", "all_to_and_from_ports", "E3688", "SecurityGroupEgress.*", ALL_PORTS),
    ("EC2::SecurityGroup", "all_to_and_from_ports", "E3688", "SecurityGroupIngress.*", ALL_PORTS),
    ("EC2::SecurityGroup", "protocols_and_port_ranges_exclude", "W3687", "SecurityGroupEgress.*", NO_PORTS),
    ("EC2::SecurityGroup", "protocols_and_port_ranges_exclude", "W3687", "SecurityGroupIngress.*", NO_PORTS),
    ("EC2::SecurityGroup", "protocols_and_port_ranges_include", "E3687", "SecurityGroupEgress.*", PORTS),
    ("EC2::SecurityGroup", "protocols_and_port_ranges_include", "E3687", "SecurityGroupIngress.*", PORTS),
    ("EC2::SecurityGroupEgress", "all_to_and_from_ports", "E3688", "", ALL_PORTS),
    ("EC2::SecurityGroupEgress", "protocols_and_port_ranges_exclude", "W3687", "", NO_PORTS),
    ("EC2::SecurityGroupEgress", "protocols_and_port_ranges_include", "E3687", "", PORTS),
    ("EC2::SecurityGroupIngress", "all_to_and_from_ports", "E3688", "", ALL_PORTS),
    ("EC2::SecurityGroupIngress", "protocols_and_port_ranges_exclude", "W3687", "", NO_PORTS),
    ("EC2::SecurityGroupIngress", "protocols_and_port_ranges_include", "E3687", "", PORTS),
    (
        "EC2::SpotFleet",
        "aws_ec2_instance/blockdevicemappings",
        "E3671",
        "SpotFleetRequestConfigData.LaunchSpecifications.*.BlockDeviceMappings.*.Ebs",
        IOPS,
    ),
    (
        "EC2::SpotFleet",
        "aws_ec2_instance/virtualname_ephemeral",
        "E3715",
        "SpotFleetRequestConfigData.LaunchSpecifications.*.BlockDeviceMappings.*",
        EPHEMERAL,
    ),
    (
        "ECS::Service",
        "fargate",
        "E3044",
        "",
        "on Fargate, and where another deploys, `SchedulingStrategy` is `REPLICA`",
    ),
    (
        "ECS::TaskDefinition",
        "logging_configuration",
        "E3046",
        "ContainerDefinitions.*.LogConfiguration",
        "the driver `awslogs` needs the options `awslogs-group` and `awslogs-region`, and takes few others",
    ),
    (
        "ElastiCache::CacheCluster",
        "engine_version",
        "E3695",
        "",
        "ElastiCache does not offer this `EngineVersion` for the `Engine`",
    ),
    (
        "ElastiCache::ReplicationGroup",
        "transitencryptionenabled_valkey",
        "E3704",
        "",
        "the engine `valkey` needs `TransitEncryptionEnabled`",
    ),
    (
        "ElasticLoadBalancing::LoadBalancer",
        "certificate",
        "E3679",
        "Listeners.*",
        "a listener for HTTPS or SSL needs `SSLCertificateId`",
    ),
    (
        "ElasticLoadBalancingV2::Listener",
        "certificate",
        "E3676",
        "",
        "a listener for HTTPS or TLS needs `Certificates`",
    ),
    (
        "ElasticLoadBalancingV2::LoadBalancer",
        "application_subnets",
        "E3680",
        "",
        "an application load balancer is in two subnets at least",
    ),
    (
        "ElasticLoadBalancingV2::TargetGroup",
        "healthcheckprotocol_restrictions",
        "E3684",
        "",
        "`Matcher` and `ProtocolVersion` go with health checks over HTTP or HTTPS",
    ),
    ("ElasticLoadBalancingV2::TargetGroup", "protocol_restrictions", "E3683", "", "the port of GENEVE is 6081"),
    (
        "ElasticLoadBalancingV2::TargetGroup",
        "targettype_restrictions",
        "E3681",
        "",
        "a group of functions takes no port, protocol or VPC, and any other needs them",
    ),
    (
        "FSx::FileSystem",
        "storage_capacity",
        "E3725",
        "",
        "`StorageCapacity` is out of the range of the `FileSystemType`",
    ),
    (
        "Lambda::EventSourceMapping",
        "eventsourcearn_sqs_exclusive",
        "E3634",
        "",
        "a queue as event source takes no `StartingPosition`",
    ),
    (
        "Lambda::EventSourceMapping",
        "eventsourcearn_stream_inclusive",
        "E3633",
        "",
        "a stream as event source needs `StartingPosition`",
    ),
    (
        "Lambda::Function",
        "awslayer",
        "W3702",
        "Layers.*",
        "a layer that AWS provides is given by the ARN of a version of it in the function's region",
    ),
    (
        "Lambda::Function",
        "capacity_provider_timeout",
        "E3717",
        "",
        "`Timeout` is at most 900 seconds without `CapacityProviderConfig`",
    ),
    (
        "Lambda::Function",
        "environment_variable_keys",
        "E3663",
        "Environment.Variables",
        "Lambda reserves the name of this environment variable",
    ),
    ("Lambda::Function", "loglevel_logformat", "E3696", "", "logs in the format `Text` take no `SystemLogLevel`"),
    (
        "Lambda::Function",
        "packagetype_image_exclusions",
        "E3685",
        "",
        "a function from an image takes no `Handler`, `Runtime` or `Layers`",
    ),
    ("Lambda::Function", "zipfile_runtime_enum", "E3677", "", "inline code runs on Node.js or Python only"),
    ("Lambda::Function", "zipfile_runtime_exists", "E3678", "", "inline code needs `Runtime`"),
    ("RDS::DBCluster", "aurora", "E3693", "", "the cluster has a property that Aurora does not take, or its storage"),
    (
        "RDS::DBCluster",
        "aurora_warning",
        "W3693",
        "",
        "a cluster of engine mode `serverless` has no Performance Insights",
    ),
    ("RDS::DBCluster", "engine_version", "E3690", "", "RDS does not offer this `EngineVersion` for the `Engine`"),
    (
        "RDS::DBCluster",
        "engine_version_deprecated",
        "W3690",
        "",
        "RDS no longer offers this `EngineVersion` to new clusters",
    ),
    ("RDS::DBCluster", "monitoring", "E3689", "", "`MonitoringRoleArn` and a `MonitoringInterval` over 0 go together"),
    (
        "RDS::DBCluster",
        "multiaz",
        "E3692",
        "",
        "a Multi-AZ cluster needs instance class and storage, and takes no property of Aurora",
    ),
    (
        "RDS::DBCluster",
        "serverless_exclusive",
        "E3686",
        "",
        "`ScalingConfiguration` goes with engine mode `serverless`, `ServerlessV2ScalingConfiguration` with the others",
    ),
    ("RDS::DBCluster", "snapshotidentifier", "W3688", "", "a cluster from a snapshot keeps its `MasterUsername`"),
    (
        "RDS::DBCluster",
        "sourcedbclusteridentifier",
        "W3689",
        "",
        "a cluster from another keeps its master user and its encryption",
    ),
    (
        "RDS::DBInstance",
        "aurora_exclusive",
        "E3682",
        "",
        "storage, protection and the master user of Aurora are properties of the cluster",
    ),
    (
        "RDS::DBInstance",
        "backupretentionperiod_maximum",
        "E3719",
        "",
        "`BackupRetentionPeriod` is at most 35 days, and a property of the cluster where there is one",
    ),
    ("RDS::DBInstance", "engine_version", "E3691", "", "RDS does not offer this `EngineVersion` for the `Engine`"),
    (
        "RDS::DBInstance",
        "engine_version_deprecated",
        "W3691",
        "",
        "RDS no longer offers this `EngineVersion` to new instances",
    ),
    ("RDS::DBInstance", "kmskey_storageencrypted", "E3720", "", "`KmsKeyId` needs `StorageEncrypted`"),
    ("RDS::DBInstance", "replicamode_enum", "E3721", "", "`ReplicaMode` is `mounted` or `open-read-only`"),
    (
        "Route53::HealthCheck",
        "healthcheckconfig_type_inclusive",
        "E3661",
        "HealthCheckConfig",
        "a health check of the type `CLOUDWATCH_METRIC` needs `AlarmIdentifier`",
    ),
    ("Route53::RecordSet", "aws_route53_recordset/recordset_alias", "E3029", "", ALIAS),
    ("Route53::RecordSetGroup", "aws_route53_recordset/recordset_alias", "E3029", "RecordSets.*", ALIAS),
    (
        "S3::Bucket",
        "ownershipcontrols",
        "E3045",
        "",
        "an `AccessControl` that opens the bucket needs `OwnershipControls` with a rule",
    ),
    ("SNS::Subscription", "subscription_endpoint_protocol", "W3694", "", "`Endpoint` does not fit `Protocol`"),
    (
        "SQS::Queue",
        "properties",
        "E3501",
        "",
        "the name of a FIFO queue ends in `.fifo`, and only FIFO queues take properties of FIFO queues",
    ),
];

const ALIAS: &str = "an alias has the `TTL` of what it stands for, and takes none";
const COOKIES: &str = "without `CachePolicyId`, `Forward` of cookies is `all`, `none` or `whitelist`";
const EPHEMERAL: &str = "a `VirtualName` without `Ebs` is `ephemeral0` to `ephemeral23`";
const IOPS: &str = "`Iops` is missing or out of the range of the `VolumeType`";
const PRIMARY: &str = "`PrivateIpAddress` is the primary address, and no other is";
const ALL_PORTS: &str = "where one port is -1 (all), the other is too";
const NO_PORTS: &str = "a protocol other than TCP, UDP and ICMP has no ports, and always covers all";
const PORTS: &str = "TCP, UDP and ICMP need `FromPort` and `ToPort`";

/// The rules by type name, in the form of the tables.
pub fn read(folder: &Path) -> Result<BTreeMap<String, Vec<Json>>, String> {
    let mut rules: BTreeMap<String, Vec<Json>> = BTreeMap::new();
    for (type_name, file, id, at, says) in RULES {
        // A group's own folder holds the rules of its ingress and egress resources too.
        let owner = type_name.trim_end_matches("Ingress").trim_end_matches("Egress");
        let path = match file.contains('/') {
            true => format!("{file}.json"),
            false => format!("aws_{}/{file}.json", owner.replace("::", "_").to_lowercase()),
        };
        let mut schema = keywords::clean(&file::json(&folder.join(path))?);
        if matches!(*id, "E3690" | "E3691") {
            offer_major_versions(&mut schema)?;
        }
        if !keywords::is_understood(&schema) {
            return Err(format!("the rule {file} of {type_name} has a keyword that src/schema.rs does not know"));
        }
        let rule = json!({"id": id, "at": at, "says": says, "schema": schema});
        rules.entry(format!("AWS::{type_name}")).or_default().push(rule);
    }
    Ok(rules)
}

/// Adds the major versions to the versions that RDS offers: of `8.0`, it takes a recent minor one. The source has them of
/// some engines only.
fn offer_major_versions(schema: &mut Json) -> Result<(), String> {
    let mut is_changed = false;
    let engines = schema["allOf"].as_array_mut().into_iter().flatten();
    for engine in engines {
        let name = engine["if"]["properties"]["Engine"]["const"].as_str().unwrap_or_default().to_owned();
        let Some(offered) = engine.pointer_mut("/then/properties/EngineVersion/enum") else { continue };
        let versions = offered.as_array().into_iter().flatten();
        let texts: BTreeSet<String> = versions.filter_map(Json::as_str).map(str::to_owned).collect();
        let majors: BTreeSet<String> = texts.iter().filter_map(|version| major_version(&name, version)).collect();
        is_changed |= !majors.is_subset(&texts);
        *offered = texts.union(&majors).map(|version| json!(version)).collect();
    }
    if is_changed { Ok(()) } else { Err("the source has the major versions of all engines of RDS".to_owned()) }
}

/// The major version of a version of an engine: `8.0` of MySQL's `8.0.40`, `16` of PostgreSQL's `16.4`; none where RDS wants
/// the whole, as of the engines that are the user's own.
fn major_version(engine: &str, version: &str) -> Option<String> {
    let count = match engine {
        "mysql" | "mariadb" | "db2-ae" | "db2-se" => 2,
        _ if engine.starts_with("sqlserver-") => 2,
        // PostgreSQL counted by two numbers until 9.6.
        "postgres" | "aurora-postgresql" => 1 + usize::from(version.starts_with("9.")),
        _ if engine.starts_with("oracle-") => 1,
        _ => return None,
    };
    let parts: Vec<&str> = version.split('.').take(count).collect();
    (parts.len() == count).then(|| parts.join("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_major_version_is_what_the_engine_counts_by() {
        for (engine, version, expected) in [
            ("mysql", "8.0.40", Some("8.0")),
            ("mariadb", "10.11.9", Some("10.11")),
            ("postgres", "16.4", Some("16")),
            ("postgres", "9.6.22", Some("9.6")),
            ("sqlserver-ex", "15.00.4430.1.v1", Some("15.00")),
            ("oracle-se2", "19.0.0.0.ru-2024-10.rur-2024-10.r1", Some("19")),
            ("custom-sqlserver-ee", "15.00.4430.1.v1", None),
            ("aurora-mysql", "8.0.mysql_aurora.3.08.0", None),
        ] {
            assert_eq!(major_version(engine, version).as_deref(), expected, "{engine} {version}");
        }
    }
}
