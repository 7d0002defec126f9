//! What is generated: all resource types of these services always, or a part of them; all others behind features.

use std::collections::BTreeSet;

/// A service that is always there: the middle part of `AWS::Lambda::Function`, and the resource types wanted of it.
pub struct Service {
    /// AWS's name.
    pub name: &'static str,
    /// The resource types, if not all.
    pub only: Option<&'static [&'static str]>,
}

impl Service {
    const fn all(name: &'static str) -> Self {
        Self { name, only: None }
    }

    /// Whether `AWS::<service>::<resource>` is one of those wanted.
    pub fn wants(&self, type_name: &str) -> bool {
        let mut parts = type_name.split("::");
        parts.next() == Some("AWS")
            && parts.next() == Some(self.name)
            && parts.next().is_some_and(|resource| self.only.is_none_or(|only| only.contains(&resource)))
    }
}

/// The service of a resource type: `Lambda` of `AWS::Lambda::Function`.
pub fn service_of(type_name: &str) -> &str {
    type_name.split("::").nth(1).unwrap_or_default()
}

/// The module of a service, and the stem of its files.
pub fn module(service: &str) -> String {
    service.to_lowercase()
}

/// The feature of a service that is not always there: its module, or that of all services that AWS has retired, which
/// makes them few enough for crates.io, which takes 300 features.
pub fn feature(service: &str) -> String {
    match service {
        "CodeStar" | "Evidently" | "IoTAnalytics" | "LookoutMetrics" | "LookoutVision" | "NimbleStudio"
        | "OpsWorks" | "Panorama" | "QLDB" | "RoboMaker" | "SimSpaceWeaver" => "retired".to_owned(),
        _ => module(service),
    }
}

/// The service of the Serverless Application Model, whose types its transform makes into others.
pub const SERVERLESS: &str = "Serverless";

/// The APIs behind a service, of those that botocore has: those that are called like it but for dashes, or these.
pub fn apis(service: &str, known: &BTreeSet<String>) -> Vec<String> {
    let named: &[&str] = match service {
        "APS" => &["amp"],
        "AmazonMQ" => &["mq"],
        "BCM" => &["bcm-dashboards"],
        "Cases" => &["connectcases"],
        "Cassandra" => &["keyspaces"],
        "CertificateManager" => &["acm"],
        "Cognito" => &["cognito-idp", "cognito-identity"],
        "ElasticLoadBalancing" => &["elb"],
        "ElasticLoadBalancingV2" => &["elbv2"],
        "Elasticsearch" => &["es"],
        "EventSchemas" => &["schemas"],
        "FinSpace" => &["finspace"],
        "HealthImaging" => &["medical-imaging"],
        "InspectorV2" => &["inspector2"],
        "KinesisFirehose" => &["firehose"],
        "Lex" => &["lexv2-models"],
        "MSK" => &["kafka"],
        "Macie" => &["macie2"],
        "OpenSearchService" => &["opensearch"],
        "RefactorSpaces" => &["migration-hub-refactor-spaces"],
        "Route53RecoveryControl" => &["route53-recovery-control-config"],
        "S3" => &["s3", "s3control"],
        "S3Express" => &["s3"],
        "SystemsManagerSAP" => &["ssm-sap"],
        "Timestream" => &["timestream-write", "timestream-influxdb"],
        _ => &[],
    };
    if named.is_empty() {
        let is_it = |api: &&String| api.replace('-', "") == module(service);
        return known.iter().filter(is_it).cloned().collect();
    }
    named.iter().filter(|api| known.contains(**api)).map(|api| (*api).to_owned()).collect()
}

/// The services that are always there, in the order of their modules.
///
/// cfn-lint's schemas have every type of these that CloudFormation's registry has. `aws-service-spec` knows the
/// same ones at the pinned versions, or fewer; `main` fails where it knows one that would be left out unseen.
pub const SERVICES: &[Service] = &[
    Service::all("ApiGateway"),
    Service::all("ApiGatewayV2"),
    Service::all("CloudFormation"),
    Service::all("CloudWatch"),
    Service::all("Cognito"),
    Service::all("DynamoDB"),
    // Of EC2's 124 types those that a network is made of; machines are not what these stacks run on.
    Service {
        name: "EC2",
        only: Some(&[
            "EIP",
            "EIPAssociation",
            "EgressOnlyInternetGateway",
            "FlowLog",
            "GatewayRouteTableAssociation",
            "InternetGateway",
            "NatGateway",
            "NetworkAcl",
            "NetworkAclEntry",
            "Route",
            "RouteTable",
            "SecurityGroup",
            "SecurityGroupEgress",
            "SecurityGroupIngress",
            "Subnet",
            "SubnetCidrBlock",
            "SubnetNetworkAclAssociation",
            "SubnetRouteTableAssociation",
            "VPC",
            "VPCCidrBlock",
            "VPCEndpoint",
            "VPCGatewayAttachment",
        ]),
    },
    Service::all("Events"),
    Service::all("IAM"),
    Service::all("KMS"),
    Service::all("Lambda"),
    Service::all("Logs"),
    Service::all("RDS"),
    Service::all("S3"),
    Service::all("SNS"),
    Service::all("SQS"),
    Service::all("SecretsManager"),
    Service::all("StepFunctions"),
];

/// Types that `aws-service-spec` knows, cfn-lint's schemas do not, and AWS has retired.
pub const RETIRED: &[&str] = &[];
