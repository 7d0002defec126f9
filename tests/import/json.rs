//! The stack `json`, imported from `json.json`.

use formwork::{
    Stack,
    aws::{
        events::{
            Rule,
            rule::{InputTransformer, Target},
        },
        rds::{
            DBCluster,
            db_cluster::{DBClusterEngine, ServerlessV2ScalingConfiguration},
        },
        s3::{
            Bucket,
            bucket::{EventBridgeConfiguration, NotificationConfiguration, Tag},
        },
        secretsmanager::{Secret, secret::GenerateSecretString},
        sqs::Queue,
    },
    intrinsic::{join, stack_name},
    json,
};

/// Composes the stack.
pub fn stack() -> Stack {
    let mut stack = Stack::new("json");

    let bucket = stack.add(
        "Bucket",
        Bucket::new()
            .notification_configuration(
                NotificationConfiguration::new().event_bridge_configuration(EventBridgeConfiguration::new(true)),
            )
            .tags([Tag::new("a", "1"), Tag::new("b", stack_name())]),
    );
    let queue = stack.add("Queue", Queue::new());
    stack.add(
        "Rule",
        Rule::new()
            .event_pattern(json!({
                "source": ["aws.s3"],
                "detail": {
                    "bucket": {"name": [bucket.bucket_name()]},
                    "size": [{"numeric": [">", 0, "<=", 5000.0]}]
                }
            }))
            .targets([Target::new(queue.arn(), "queue").input_transformer(
                InputTransformer::new(r#""<key> was written""#).input_paths_map([("key", "$.detail.object.key")]),
            )]),
    );
    let secret = stack.add(
        "Secret",
        Secret::new().generate_secret_string(
            GenerateSecretString::new()
                .secret_string_template(r#"{"username": "admin"}"#)
                .generate_string_key("password")
                .exclude_characters(r#""@/\"#),
        ),
    );
    stack.add(
        "User",
        DBCluster::new()
            .engine(DBClusterEngine::AURORA_POSTGRESQL)
            .master_username(join(
                "",
                ["{{resolve:secretsmanager:".into(), secret.id(), ":SecretString:username}}".into()],
            ))
            .master_user_password("{{resolve:ssm-secure:password}}")
            .serverless_v2_scaling_configuration(
                ServerlessV2ScalingConfiguration::new().min_capacity(0.5).max_capacity(4),
            ),
    );
    stack
}
