//! The stack `policies`, imported from `policies.yaml`.

use formwork::{
    Stack,
    aws::{
        iam::{Role, role},
        s3::{Bucket, BucketPolicy},
    },
    iam::{Operator, Policy, Principal, allow, assume_role, deny, deny_except, trust},
    intrinsic::{equals, if_, join, sub, url_suffix},
    json,
    stack::Parameter,
};

/// Composes the stack.
pub fn stack() -> Stack {
    let mut stack = Stack::new("policies");

    let account = stack.parameter("Account", Parameter::string());

    let never = stack.condition("Never", equals("a", "b"));

    let bucket = stack.add("Bucket", Bucket::new());
    stack.add(
        "Role",
        Role::new(trust("lambda.amazonaws.com"))
            .managed_policy_arns([sub(
                "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
            )])
            .policy(
                "Write",
                [
                    allow(["s3:PutObject", "s3:AbortMultipartUpload"]).on(sub("${Bucket.Arn}/reports/*")).sid("Put"),
                    deny_except("s3:*")
                        .on_all_except([bucket.arn(), "arn:aws:s3:::other".into()])
                        .when_any(Operator::STRING_EQUALS, "aws:RequestedRegion", ["eu-central-1", "eu-west-1"])
                        .when(Operator::STRING_EQUALS, "aws:PrincipalAccount", account.reference())
                        .when(Operator::STRING_LIKE.if_exists().for_any_value(), "aws:TagKeys", "a*")
                        .when(Operator::BOOL, "aws:SecureTransport", "true"),
                ],
            )
            .policy("Other", [allow("sqs:*").on("*")]),
    );
    // Policies: One whose document is of another form.
    stack.add(
        "Federated",
        Role::new(Policy::document(json!({
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Federated": "cognito-identity.amazonaws.com"},
                    "Action": "sts:AssumeRoleWithWebIdentity",
                    "Condition": {"StringEquals": {"cognito-identity.amazonaws.com:aud": "x"}}
                }
            ]
        })))
        .policies([role::Policy::new(
            Policy::document(json!({
                "Version": "2008-10-17",
                "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]
            })),
            "Old",
        )]),
    );
    stack.add(
        "Trusted",
        Role::new([assume_role(Principal::service("ecs-tasks.amazonaws.com"))
            .to(Principal::service("events.amazonaws.com"))
            .to(Principal::aws(account.reference()))
            .to(Principal::aws(sub("arn:aws:iam::${Account}:root")))
            .when(Operator::STRING_EQUALS, "sts:ExternalId", "secret")]),
    );
    stack.add(
        "BucketPolicy",
        BucketPolicy::new(
            bucket.bucket_name(),
            [
                deny("s3:*").on_all([bucket.arn(), sub("${Bucket.Arn}/*")]).to(Principal::anyone()).when(
                    Operator::BOOL,
                    "aws:SecureTransport",
                    "false",
                ),
                allow("s3:GetObject")
                    .on(if_(&never, "*", bucket.arn()))
                    .to_all_except(Principal::aws("*"))
                    .to_all_except(Principal::canonical_user("79a5")),
            ],
        ),
    );
    stack.add("Composed", Role::new(trust(join("", ["ec2.".into(), url_suffix()]))));
    stack
}
