//! The managed policies of AWS that templates use most, as of November 2025: what they allow on all resources.
//!
//! <https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html>

/// A managed policy.
#[derive(Debug)]
pub(crate) struct Managed {
    /// What follows `arn:aws:iam::aws:policy/`.
    pub name: &'static str,
    /// The actions, some of them with wildcards.
    pub actions: &'static [&'static str],
    /// Whether it allows nothing else, and these actions on everything.
    pub is_whole: bool,
}

/// The policy of that ARN.
pub(crate) fn of(arn: &str) -> Option<&'static Managed> {
    named(arn.strip_prefix("arn:aws:iam::aws:policy/")?)
}

/// The policy of that name, with its path.
pub(super) fn named(name: &str) -> Option<&'static Managed> {
    POLICIES.iter().find(|policy| policy.name == name)
}

const fn whole(name: &'static str, actions: &'static [&'static str]) -> Managed {
    Managed { name, actions, is_whole: true }
}

/// One that allows more than is listed.
const fn part(name: &'static str, actions: &'static [&'static str]) -> Managed {
    Managed { name, actions, is_whole: false }
}

static POLICIES: [Managed; 25] = [
    whole("AdministratorAccess", &["*"]),
    part("AmazonDynamoDBFullAccess", &["dynamodb:*"]),
    part("AmazonEventBridgeFullAccess", &["events:*"]),
    part("AmazonKinesisFullAccess", &["kinesis:*"]),
    part("AmazonS3FullAccess", &["s3:*"]),
    part("AmazonS3ReadOnlyAccess", &["s3:get*", "s3:list*", "s3:describe*"]),
    part("AmazonSNSFullAccess", &["sns:*"]),
    part("AmazonSQSFullAccess", &["sqs:*"]),
    part("AWSLambda_FullAccess", &["lambda:*"]),
    part("AWSLambdaExecute", &["logs:*", "s3:getobject", "s3:putobject"]),
    part("AWSStepFunctionsFullAccess", &["states:*"]),
    whole("AWSXRayDaemonWriteAccess", TRACES),
    whole("AWSXrayWriteOnlyAccess", TRACES),
    part("CloudWatchLogsFullAccess", &["logs:*"]),
    part("PowerUserAccess", &[]),
    part("SecretsManagerReadWrite", &["secretsmanager:*"]),
    part("service-role/AmazonAPIGatewayPushToCloudWatchLogs", &["logs:putlogevents", "logs:createlogstream"]),
    whole(
        "service-role/AWSLambdaBasicExecutionRole",
        &["logs:createloggroup", "logs:createlogstream", "logs:putlogevents"],
    ),
    whole(
        "service-role/AWSLambdaDynamoDBExecutionRole",
        &[
            "dynamodb:describestream",
            "dynamodb:getrecords",
            "dynamodb:getsharditerator",
            "dynamodb:liststreams",
            "logs:createloggroup",
            "logs:createlogstream",
            "logs:putlogevents",
        ],
    ),
    whole(
        "service-role/AWSLambdaENIManagementAccess",
        &[
            "ec2:createnetworkinterface",
            "ec2:describenetworkinterfaces",
            "ec2:deletenetworkinterface",
            "ec2:describesubnets",
            "ec2:assignprivateipaddresses",
            "ec2:unassignprivateipaddresses",
        ],
    ),
    whole(
        "service-role/AWSLambdaKinesisExecutionRole",
        &[
            "kinesis:describestream",
            "kinesis:describestreamsummary",
            "kinesis:getrecords",
            "kinesis:getsharditerator",
            "kinesis:listshards",
            "kinesis:liststreams",
            "kinesis:subscribetoshard",
            "logs:createloggroup",
            "logs:createlogstream",
            "logs:putlogevents",
        ],
    ),
    whole("service-role/AWSLambdaRole", &["lambda:invokefunction"]),
    whole(
        "service-role/AWSLambdaSQSQueueExecutionRole",
        &[
            "sqs:receivemessage",
            "sqs:deletemessage",
            "sqs:getqueueattributes",
            "logs:createloggroup",
            "logs:createlogstream",
            "logs:putlogevents",
        ],
    ),
    whole(
        "service-role/AWSLambdaVPCAccessExecutionRole",
        &[
            "logs:createloggroup",
            "logs:createlogstream",
            "logs:putlogevents",
            "ec2:createnetworkinterface",
            "ec2:describenetworkinterfaces",
            "ec2:describesubnets",
            "ec2:deletenetworkinterface",
            "ec2:assignprivateipaddresses",
            "ec2:unassignprivateipaddresses",
        ],
    ),
    part("service-role/AmazonECSTaskExecutionRolePolicy", &["ecr:getauthorizationtoken", "logs:createlogstream"]),
];

const TRACES: &[&str] = &[
    "xray:puttracesegments",
    "xray:puttelemetryrecords",
    "xray:getsamplingrules",
    "xray:getsamplingtargets",
    "xray:getsamplingstatisticsummaries",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::policy::is_managed;

    #[test]
    fn a_policy_is_found_by_its_arn_and_its_actions_are_in_lower_case() {
        assert!(of("arn:aws:iam::aws:policy/service-role/AWSLambdaRole").is_some_and(|policy| policy.is_whole));
        assert!(of("arn:aws:iam::aws:policy/Nothing").is_none());
        for policy in &POLICIES {
            assert!(policy.actions.iter().all(|action| *action == action.to_ascii_lowercase()), "{}", policy.name);
            assert!(is_managed(policy.name), "{}", policy.name);
        }
    }
}
