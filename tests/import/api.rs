//! The stack `api`, imported from `api.yaml`.

use formwork::{
    Stack,
    aws::{
        apigatewayv2::{
            Api, Integration, Route, Stage,
            api::{Cors, ProtocolType},
            integration::IntegrationType,
            stage::RouteSettings,
        },
        dynamodb::{
            Table,
            table::{
                AttributeDefinition, AttributeType, BillingMode, KeyType, PointInTimeRecoverySpecification,
                StreamSpecification, StreamViewType, TableKeySchema, TimeToLiveSpecification,
            },
        },
        lambda::{
            Function, Permission,
            function::{Architecture, Code, Environment, Runtime, TracingConfig, TracingConfigMode},
        },
    },
    intrinsic::{join, sub},
};

/// Composes the stack.
pub fn stack() -> Stack {
    let mut stack = Stack::new("api");

    let api = stack.add(
        "Api",
        Api::new().name("orders").protocol_type(ProtocolType::HTTP).cors_configuration(
            Cors::new().allow_origins(["*"]).allow_methods(["GET", "POST", "OPTIONS"]).max_age(300),
        ),
    );
    let table = stack.add(
        "Table",
        Table::new([TableKeySchema::new("id", KeyType::HASH), TableKeySchema::new("at", KeyType::RANGE)])
            .billing_mode(BillingMode::PAY_PER_REQUEST)
            .attribute_definitions([
                AttributeDefinition::new("id", AttributeType::S),
                AttributeDefinition::new("at", AttributeType::N),
            ])
            .point_in_time_recovery_specification(
                PointInTimeRecoverySpecification::new().point_in_time_recovery_enabled(true),
            )
            .stream_specification(StreamSpecification::new(StreamViewType::NEW_AND_OLD_IMAGES))
            .time_to_live_specification(TimeToLiveSpecification::new(true).attribute_name("ttl")),
    );
    let function = stack.add(
        "Function",
        Function::new(Code::new().s3_bucket("code").s3_key("function.zip"), "arn:aws:iam::123456789012:role/run")
            .runtime(Runtime::JAVA_21)
            .handler("com.example.Handler::handle")
            .architectures([Architecture::ARM64])
            .reserved_concurrent_executions(5)
            .tracing_config(TracingConfig::new().mode(TracingConfigMode::ACTIVE))
            .environment(Environment::new().variables([("TABLE", table.table_name())])),
    );
    let permission = stack.add(
        "Permission",
        Permission::new("lambda:InvokeFunction", function.arn(), "apigateway.amazonaws.com")
            .source_arn(sub("arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*")),
    );
    let integration = stack.add(
        "Integration",
        Integration::new(api.api_id(), IntegrationType::AWS_PROXY)
            .integration_uri(function.arn())
            .payload_format_version("2.0"),
    );
    let route = stack.add(
        "Route",
        Route::new(api.api_id(), "GET /orders")
            .target(join("/", ["integrations".into(), integration.integration_id()])),
    );
    stack.resource(&route).depends_on(&permission);
    stack.add(
        "Stage",
        Stage::new(api.api_id(), "$default")
            .auto_deploy(true)
            .default_route_settings(RouteSettings::new().throttling_burst_limit(5).throttling_rate_limit(2.5)),
    );

    stack.output("Url", api.api_endpoint());
    stack.output("Stream", table.stream_arn()).export("stream");
    stack
}
