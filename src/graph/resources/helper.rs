//! Helpers: small resources that are drawn as a part of what they belong to.

use std::collections::BTreeMap;

use super::content::Content;

/// Types that belong to what one of these properties names, the first that does.
const OWNED: &[(&str, &[&str])] = &[
    ("AWS::ApiGateway::Account", &[]),
    ("AWS::ApiGateway::BasePathMapping", &["RestApiId", "DomainName"]),
    ("AWS::ApiGateway::DomainName", &[]),
    ("AWS::ApiGateway::ApiKey", &["StageKeys"]),
    ("AWS::ApiGateway::UsagePlanKey", &["UsagePlanId"]),
    ("AWS::ApiGateway::UsagePlan", &["ApiStages"]),
    ("AWS::ApiGateway::RestApi", &[]),
    ("AWS::ApiGateway::", &["RestApiId"]),
    ("AWS::ApiGatewayV2::Api", &[]),
    ("AWS::ApiGatewayV2::VpcLink", &[]),
    ("AWS::ApiGatewayV2::", &["ApiId"]),
    ("AWS::AppSync::GraphQLApi", &[]),
    ("AWS::AppSync::", &["ApiId"]),
    ("AWS::ApplicationAutoScaling::ScalingPolicy", &["ScalingTargetId", "ScalableTargetId", "ResourceId"]),
    ("AWS::ApplicationAutoScaling::ScalableTarget", &["ResourceId"]),
    ("AWS::AutoScaling::AutoScalingGroup", &[]),
    ("AWS::AutoScaling::LaunchConfiguration", &[]),
    ("AWS::AutoScaling::", &["AutoScalingGroupName"]),
    ("AWS::CloudFront::CloudFrontOriginAccessIdentity", &[]),
    ("AWS::Cognito::UserPoolClient", &["UserPoolId"]),
    ("AWS::Cognito::UserPoolDomain", &["UserPoolId"]),
    ("AWS::Cognito::UserPoolGroup", &["UserPoolId"]),
    ("AWS::Cognito::UserPoolResourceServer", &["UserPoolId"]),
    ("AWS::Cognito::IdentityPoolRoleAttachment", &["IdentityPoolId"]),
    ("AWS::EC2::EIPAssociation", &["InstanceId"]),
    ("AWS::EC2::VolumeAttachment", &["VolumeId", "InstanceId"]),
    ("AWS::EFS::MountTarget", &["FileSystemId"]),
    ("AWS::EFS::AccessPoint", &["FileSystemId"]),
    ("AWS::ElasticLoadBalancingV2::Listener", &["LoadBalancerArn"]),
    ("AWS::ElasticLoadBalancingV2::ListenerRule", &["ListenerArn"]),
    ("AWS::ElasticLoadBalancingV2::ListenerCertificate", &["ListenerArn"]),
    ("AWS::Events::EventBusPolicy", &["EventBusName"]),
    ("AWS::KMS::Alias", &["TargetKeyId"]),
    ("AWS::Lambda::Function", &[]),
    ("AWS::Lambda::LayerVersion", &[]),
    ("AWS::Lambda::LayerVersionPermission", &["LayerVersionArn"]),
    ("AWS::Lambda::Url", &["TargetFunctionArn"]),
    ("AWS::Lambda::", &["FunctionName"]),
    ("AWS::Logs::MetricFilter", &["LogGroupName"]),
    ("AWS::Logs::SubscriptionFilter", &["LogGroupName"]),
    ("AWS::Logs::LogStream", &["LogGroupName"]),
    ("AWS::RDS::DBInstance", &["DBClusterIdentifier"]),
    ("AWS::DocDB::DBInstance", &["DBClusterIdentifier"]),
    ("AWS::Neptune::DBInstance", &["DBClusterIdentifier"]),
    ("AWS::RDS::DBProxyTargetGroup", &["DBProxyName"]),
    ("AWS::S3::BucketPolicy", &["Bucket"]),
    ("AWS::SNS::Subscription", &["TopicArn"]),
    ("AWS::SNS::TopicPolicy", &["Topics"]),
    ("AWS::SQS::QueuePolicy", &["Queues"]),
    ("AWS::SecretsManager::ResourcePolicy", &["SecretId"]),
    ("AWS::SecretsManager::RotationSchedule", &["SecretId"]),
    ("AWS::SecretsManager::SecretTargetAttachment", &["SecretId"]),
    ("AWS::WAFv2::WebACLAssociation", &["WebACLArn", "ResourceArn"]),
    ("AWS::EC2::Subnet", &["VpcId"]),
    ("AWS::EC2::RouteTable", &["VpcId"]),
    ("AWS::EC2::Route", &["RouteTableId"]),
    ("AWS::EC2::SubnetRouteTableAssociation", &["RouteTableId", "SubnetId"]),
    ("AWS::EC2::SubnetNetworkAclAssociation", &["NetworkAclId", "SubnetId"]),
    ("AWS::EC2::NetworkAcl", &["VpcId"]),
    ("AWS::EC2::NetworkAclEntry", &["NetworkAclId"]),
    ("AWS::EC2::VPCGatewayAttachment", &["VpcId"]),
    ("AWS::EC2::VPCDHCPOptionsAssociation", &["VpcId"]),
    ("AWS::EC2::VPCCidrBlock", &["VpcId"]),
    ("AWS::EC2::VPCEndpoint", &["VpcId"]),
    ("AWS::EC2::SecurityGroup", &["VpcId"]),
    ("AWS::EC2::SecurityGroupIngress", &["GroupId"]),
    ("AWS::EC2::SecurityGroupEgress", &["GroupId"]),
    ("AWS::EC2::NatGateway", &["SubnetId"]),
    ("AWS::EC2::FlowLog", &["ResourceId"]),
    ("AWS::IAM::Policy", &["Roles", "Users", "Groups"]),
    ("AWS::IAM::RolePolicy", &["RoleName"]),
    ("AWS::IAM::InstanceProfile", &["Roles"]),
    ("AWS::IAM::AccessKey", &["UserName"]),
    ("AWS::IAM::UserToGroupAddition", &["GroupName"]),
];

/// Types that belong to the resource that refers to them, where something of the kind does.
const REFERRED: &[&str] = &[
    "AWS::AutoScaling::LaunchConfiguration",
    "AWS::CloudFront::CachePolicy",
    "AWS::CloudFront::CloudFrontOriginAccessIdentity",
    "AWS::CloudFront::OriginAccessControl",
    "AWS::CloudFront::ResponseHeadersPolicy",
    "AWS::EC2::DHCPOptions",
    "AWS::EC2::EIP",
    "AWS::EC2::InternetGateway",
    "AWS::EC2::EgressOnlyInternetGateway",
    "AWS::EC2::LaunchTemplate",
    "AWS::ECS::TaskDefinition",
    "AWS::ElastiCache::SubnetGroup",
    "AWS::ElastiCache::ParameterGroup",
    "AWS::ElasticLoadBalancingV2::TargetGroup",
    "AWS::IAM::ManagedPolicy",
    "AWS::Lambda::LayerVersion",
    "AWS::Logs::LogGroup",
    "AWS::RDS::DBClusterParameterGroup",
    "AWS::RDS::DBParameterGroup",
    "AWS::RDS::DBSubnetGroup",
    "AWS::DocDB::DBSubnetGroup",
    "AWS::Neptune::DBSubnetGroup",
    "AWS::Redshift::ClusterSubnetGroup",
    "AWS::Scheduler::ScheduleGroup",
];

/// Of each resource, the one that it is drawn as a part of: itself, where it stands alone.
pub(super) fn owners(content: &Content<'_>) -> Vec<usize> {
    let mut owners: Vec<usize> = (0..content.resources.len()).collect();
    for index in 0..content.resources.len() {
        if let Some(owner) =
            named(content, index).or_else(|| referring(content, index)).or_else(|| logged(content, index))
        {
            owners[index] = owner;
        }
    }
    (0..owners.len()).map(|index| last(&owners, index)).collect()
}

/// The end of a chain of owners; its beginning where the chain is a circle.
fn last(owners: &[usize], start: usize) -> usize {
    let mut here = start;
    for _ in 0..8 {
        if owners[here] == here {
            return here;
        }
        here = owners[here];
    }
    if owners[here] == here { here } else { start }
}

fn named(content: &Content<'_>, index: usize) -> Option<usize> {
    let kind = content.resources[index].kind;
    let (_, properties) = OWNED.iter().find(|(begins, _)| match begins.strip_suffix("::") {
        Some(_) => kind.starts_with(begins),
        None => kind == *begins,
    })?;
    properties.iter().find_map(|property| {
        let link = content.links_of(index).find(|link| link.property() == *property)?;
        (link.to != index).then_some(link.to)
    })
}

fn referring(content: &Content<'_>, index: usize) -> Option<usize> {
    let kind = content.resources[index].kind;
    if !REFERRED.contains(&kind) {
        return None;
    }
    // What it belongs to is not merely allowed to use it, and is no output of it.
    let mut referring = content.links_to(index).map(|link| link.from).filter(|&from| {
        let of = content.resources[from].kind;
        from != index && !of.starts_with("AWS::IAM::") && !of.starts_with("AWS::CloudWatch::")
            || kind == "AWS::IAM::ManagedPolicy" && of == "AWS::IAM::Role"
    });
    let first = referring.next();
    // The logs of several are none's own.
    let is_shared = kind == "AWS::Logs::LogGroup" && referring.any(|other| Some(other) != first);
    first.filter(|_| !is_shared).or_else(|| {
        let of_role = content.links_of(index).find(|link| matches!(link.property(), "Roles" | "Users" | "Groups"));
        of_role.filter(|_| kind == "AWS::IAM::ManagedPolicy").map(|link| link.to)
    })
}

/// What a log group has the logs of: its name has the resource's.
fn logged(content: &Content<'_>, index: usize) -> Option<usize> {
    let is_group = content.resources[index].kind == "AWS::Logs::LogGroup";
    is_group.then(|| content.links_of(index).find(|link| link.property() == "LogGroupName").map(|link| link.to))?
}

/// How many helpers of each type belong to a resource, for people: `3 Lambda Permission`.
pub(super) fn counts(content: &Content<'_>, owners: &[usize], of: usize) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let helpers = owners.iter().enumerate().filter(|(index, owner)| **owner == of && *index != of);
    for (index, _) in helpers {
        *counts.entry(super::super::kind::short(content.resources[index].kind)).or_default() += 1;
    }
    counts.into_iter().collect()
}
