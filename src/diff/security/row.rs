//! The properties that protect a resource: what each is like when it is open.

use super::change::Rank;
use crate::json::Json;

/// A property that protects, or its lack.
pub(super) struct Row {
    pub kind: &'static str,
    pub property: &'static str,
    pub rank: Rank,
    /// Whether resources that are new are reported too.
    pub report: Report,
    /// Whether properties leave the resource open; none where only the deployment knows.
    pub is_open: fn(&Json) -> Option<bool>,
    /// What an open one is: in the words of a sentence.
    pub open: &'static str,
    pub closed: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Report {
    /// A new resource too.
    Always,
    /// A new resource, if it has the property.
    WhereWritten,
    /// Only what changes: a new resource has nothing to lose.
    Changed,
}

/// Whether a flag is set, where it is known; the other value where it is not given.
fn flag(json: &Json, absent: bool) -> Option<bool> {
    match json {
        Json::Null => Some(absent),
        Json::Bool(value) => Some(*value),
        Json::String(text) => text.to_lowercase().parse().ok(),
        _ => None,
    }
}

/// Whether a text is one of these.
fn is_one(json: &Json, of: &[&str], absent: bool) -> Option<bool> {
    match json {
        Json::Null => Some(absent),
        Json::String(text) => Some(of.iter().any(|known| known.eq_ignore_ascii_case(text))),
        _ => None,
    }
}

/// Whether something is not there; an empty text is nothing.
fn lacks(json: &Json) -> Option<bool> {
    Some(json.is_null() || json == "")
}

fn not(answer: Option<bool>) -> Option<bool> {
    answer.map(|yes| !yes)
}

fn blocks(json: &Json) -> Option<bool> {
    let block = &json["PublicAccessBlockConfiguration"];
    let keys = ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"];
    let flags = keys.map(|key| flag(&block[key], false));
    if flags.contains(&Some(false)) {
        Some(true)
    } else {
        not(flags.into_iter().collect::<Option<Vec<_>>>().map(|_| true))
    }
}

const fn public(
    kind: &'static str,
    property: &'static str,
    is_open: fn(&Json) -> Option<bool>,
    open: &'static str,
    closed: &'static str,
) -> Row {
    Row { kind, property, rank: Rank::Public, report: Report::Always, is_open, open, closed }
}

const fn protected(
    kind: &'static str,
    property: &'static str,
    is_open: fn(&Json) -> Option<bool>,
    open: &'static str,
    closed: &'static str,
) -> Row {
    Row { kind, property, rank: Rank::Wider, report: Report::Changed, is_open, open, closed }
}

const fn encrypted(kind: &'static str, property: &'static str, is_open: fn(&Json) -> Option<bool>) -> Row {
    protected(kind, property, is_open, "is no longer encrypted as it was", "is encrypted as it was not")
}

const REACHED: &str = "is publicly accessible";
const HELD: &str = "is not publicly accessible";
const CALLED: &str = "can be called without authorization";
const ASKED: &str = "cannot be called without authorization";
const BARE: &str = "takes connections without TLS";
const SEALED: &str = "takes no connections without TLS";

/// The properties, by type.
pub(super) static ROWS: [Row; 50] = [
    public("AWS::AmazonMQ::Broker", "PubliclyAccessible", |p| flag(&p["PubliclyAccessible"], false), REACHED, HELD),
    public("AWS::ApiGateway::Method", "AuthorizationType", method, CALLED, ASKED),
    protected(
        "AWS::ApiGateway::Method",
        "ApiKeyRequired",
        |p| not(flag(&p["ApiKeyRequired"], false)),
        "needs no API key",
        "needs an API key",
    ),
    protected(
        "AWS::ApiGateway::DomainName",
        "SecurityPolicy",
        |p| is_one(&p["SecurityPolicy"], &["TLS_1_0"], false),
        "takes TLS 1.0",
        "does not take TLS 1.0",
    ),
    public(
        "AWS::ApiGatewayV2::Route",
        "AuthorizationType",
        |p| is_one(&p["AuthorizationType"], &["NONE"], true),
        CALLED,
        ASKED,
    ),
    public(
        "AWS::AppSync::GraphQLApi",
        "AuthenticationType",
        |p| is_one(&p["AuthenticationType"], &["API_KEY"], false),
        "can be called with a key alone",
        "cannot be called with a key alone",
    ),
    protected(
        "AWS::CloudFront::Distribution",
        "DistributionConfig",
        |p| is_one(&p["DistributionConfig"]["DefaultCacheBehavior"]["ViewerProtocolPolicy"], &["allow-all"], false),
        BARE,
        SEALED,
    ),
    encrypted("AWS::CloudTrail::Trail", "KMSKeyId", |p| lacks(&p["KMSKeyId"])),
    public(
        "AWS::Cognito::IdentityPool",
        "AllowUnauthenticatedIdentities",
        |p| flag(&p["AllowUnauthenticatedIdentities"], false),
        "gives credentials to everyone",
        "gives no credentials to everyone",
    ),
    protected(
        "AWS::Cognito::UserPool",
        "MfaConfiguration",
        |p| not(is_one(&p["MfaConfiguration"], &["ON"], false)),
        "requires no second factor",
        "requires a second factor",
    ),
    encrypted("AWS::DAX::Cluster", "SSESpecification", |p| not(flag(&p["SSESpecification"]["SSEEnabled"], false))),
    public(
        "AWS::DMS::ReplicationInstance",
        "PubliclyAccessible",
        |p| flag(&p["PubliclyAccessible"], true),
        REACHED,
        HELD,
    ),
    encrypted("AWS::DocDB::DBCluster", "StorageEncrypted", |p| not(flag(&p["StorageEncrypted"], false))),
    encrypted("AWS::DynamoDB::Table", "SSESpecification", |p| not(flag(&p["SSESpecification"]["SSEEnabled"], false))),
    protected(
        "AWS::EC2::Instance",
        "MetadataOptions",
        |p| not(is_one(&p["MetadataOptions"]["HttpTokens"], &["required"], false)),
        "gives its credentials without a session token (IMDSv1)",
        "gives its credentials for a session token alone (IMDSv2)",
    ),
    protected(
        "AWS::EC2::Subnet",
        "MapPublicIpOnLaunch",
        |p| flag(&p["MapPublicIpOnLaunch"], false),
        "gives what is launched in it public addresses",
        "gives what is launched in it no public addresses",
    ),
    encrypted("AWS::EC2::Volume", "Encrypted", |p| not(flag(&p["Encrypted"], false))),
    encrypted("AWS::EFS::FileSystem", "Encrypted", |p| not(flag(&p["Encrypted"], false))),
    public(
        "AWS::EKS::Cluster",
        "ResourcesVpcConfig",
        |p| flag(&p["ResourcesVpcConfig"]["EndpointPublicAccess"], true),
        REACHED,
        HELD,
    ),
    encrypted("AWS::ECR::Repository", "EncryptionConfiguration", |p| {
        not(is_one(&p["EncryptionConfiguration"]["EncryptionType"], &["KMS", "KMS_DSSE"], false))
    }),
    public(
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "Scheme",
        |p| is_one(&p["Scheme"], &["internet-facing"], true),
        REACHED,
        HELD,
    ),
    protected(
        "AWS::ElasticLoadBalancingV2::Listener",
        "Protocol",
        |p| is_one(&p["Protocol"], &["HTTP", "TCP"], false),
        BARE,
        SEALED,
    ),
    encrypted("AWS::ElastiCache::ReplicationGroup", "AtRestEncryptionEnabled", |p| {
        not(flag(&p["AtRestEncryptionEnabled"], false))
    }),
    protected(
        "AWS::ElastiCache::ReplicationGroup",
        "TransitEncryptionEnabled",
        |p| not(flag(&p["TransitEncryptionEnabled"], false)),
        BARE,
        SEALED,
    ),
    protected(
        "AWS::KMS::Key",
        "EnableKeyRotation",
        |p| not(flag(&p["EnableKeyRotation"], false)),
        "is not rotated",
        "is rotated",
    ),
    encrypted("AWS::Kinesis::Stream", "StreamEncryption", |p| lacks(&p["StreamEncryption"])),
    encrypted("AWS::Lambda::Function", "KmsKeyArn", |p| lacks(&p["KmsKeyArn"])),
    public("AWS::Lambda::Url", "AuthType", |p| is_one(&p["AuthType"], &["NONE"], false), CALLED, ASKED),
    encrypted("AWS::Logs::LogGroup", "KmsKeyId", |p| lacks(&p["KmsKeyId"])),
    public(
        "AWS::MSK::Cluster",
        "BrokerNodeGroupInfo",
        |p| {
            is_one(
                &p["BrokerNodeGroupInfo"]["ConnectivityInfo"]["PublicAccess"]["Type"],
                &["SERVICE_PROVIDED_EIPS"],
                false,
            )
        },
        REACHED,
        HELD,
    ),
    encrypted("AWS::Neptune::DBCluster", "StorageEncrypted", |p| not(flag(&p["StorageEncrypted"], false))),
    encrypted("AWS::OpenSearchService::Domain", "EncryptionAtRestOptions", |p| {
        not(flag(&p["EncryptionAtRestOptions"]["Enabled"], false))
    }),
    protected(
        "AWS::OpenSearchService::Domain",
        "DomainEndpointOptions",
        |p| not(flag(&p["DomainEndpointOptions"]["EnforceHTTPS"], false)),
        BARE,
        SEALED,
    ),
    protected(
        "AWS::OpenSearchService::Domain",
        "NodeToNodeEncryptionOptions",
        |p| not(flag(&p["NodeToNodeEncryptionOptions"]["Enabled"], false)),
        "does not encrypt between its nodes",
        "encrypts between its nodes",
    ),
    encrypted("AWS::RDS::DBCluster", "StorageEncrypted", |p| not(flag(&p["StorageEncrypted"], false))),
    public("AWS::RDS::DBCluster", "PubliclyAccessible", |p| flag(&p["PubliclyAccessible"], false), REACHED, HELD),
    encrypted("AWS::RDS::DBInstance", "StorageEncrypted", |p| not(flag(&p["StorageEncrypted"], false))),
    public("AWS::RDS::DBInstance", "PubliclyAccessible", |p| flag(&p["PubliclyAccessible"], false), REACHED, HELD),
    encrypted("AWS::Redshift::Cluster", "Encrypted", |p| not(flag(&p["Encrypted"], false))),
    public("AWS::Redshift::Cluster", "PubliclyAccessible", |p| flag(&p["PubliclyAccessible"], false), REACHED, HELD),
    public(
        "AWS::RedshiftServerless::Workgroup",
        "PubliclyAccessible",
        |p| flag(&p["PubliclyAccessible"], false),
        REACHED,
        HELD,
    ),
    public(
        "AWS::S3::AccessPoint",
        "PublicAccessBlockConfiguration",
        |p| if p["PublicAccessBlockConfiguration"].is_null() { Some(false) } else { blocks(p) },
        "may be made public",
        "cannot be made public",
    ),
    public(
        "AWS::S3::Bucket",
        "AccessControl",
        |p| is_one(&p["AccessControl"], &["PublicRead", "PublicReadWrite", "AuthenticatedRead"], false),
        "is public by its access control list",
        "is not public by its access control list",
    ),
    encrypted("AWS::S3::Bucket", "BucketEncryption", |p| lacks(&p["BucketEncryption"])),
    Row {
        report: Report::WhereWritten,
        ..public(
            "AWS::S3::Bucket",
            "PublicAccessBlockConfiguration",
            blocks,
            "may be made public",
            "cannot be made public",
        )
    },
    encrypted("AWS::SNS::Topic", "KmsMasterKeyId", |p| lacks(&p["KmsMasterKeyId"])),
    encrypted("AWS::SQS::Queue", "KmsMasterKeyId", |p| lacks(&p["KmsMasterKeyId"])),
    encrypted("AWS::SQS::Queue", "SqsManagedSseEnabled", |p| not(flag(&p["SqsManagedSseEnabled"], true))),
    encrypted("AWS::SecretsManager::Secret", "KmsKeyId", |p| lacks(&p["KmsKeyId"])),
    encrypted("AWS::StepFunctions::StateMachine", "EncryptionConfiguration", |p| lacks(&p["EncryptionConfiguration"])),
];

/// Whether a method asks for no authorization; a preflight never does.
fn method(properties: &Json) -> Option<bool> {
    if properties["HttpMethod"] == "OPTIONS" {
        return Some(false);
    }
    is_one(&properties["AuthorizationType"], &["NONE"], true)
}
