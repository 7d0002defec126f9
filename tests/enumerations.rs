//! Open enumerations: constants for what AWS documents, and room for what it adds.

use formwork::{
    aws::{
        apigateway::method,
        apigatewayv2::{api, authorizer},
        dynamodb::table,
        lambda::{EventSourceMapping, event_source_mapping},
        rds::db_instance,
        s3::bucket,
        sqs::queue,
        stepfunctions::state_machine,
    },
    intrinsic::import_value,
};
use serde_json::json;

/// The values are those of AWS's documentation of each property; the registry's schemas type them as strings.
#[test]
fn what_aws_documents_as_an_enumeration_has_constants_and_takes_other_values() {
    let values = [
        (event_source_mapping::StartingPosition::TRIM_HORIZON.as_str(), "TRIM_HORIZON"),
        (event_source_mapping::StartingPosition::AT_TIMESTAMP.as_str(), "AT_TIMESTAMP"),
        (api::ProtocolType::WEBSOCKET.as_str(), "WEBSOCKET"),
        (authorizer::AuthorizerType::JWT.as_str(), "JWT"),
        (table::KeyType::RANGE.as_str(), "RANGE"),
        (method::AuthorizationType::COGNITO_USER_POOLS.as_str(), "COGNITO_USER_POOLS"),
        (queue::FifoThroughputLimit::PER_MESSAGE_GROUP_ID.as_str(), "perMessageGroupId"),
        (bucket::Event::S3_OBJECT_CREATED.as_str(), "s3:ObjectCreated:*"),
        (db_instance::DBInstanceStorageType::GP3.as_str(), "gp3"),
        (state_machine::StateMachineType::EXPRESS.as_str(), "EXPRESS"),
        (state_machine::EncryptionConfigurationType::AWS_OWNED_KEY.as_str(), "AWS_OWNED_KEY"),
    ];
    for (constant, value) in values {
        assert_eq!(constant, value);
    }
    let index = table::GlobalSecondaryIndex::new(
        "by-name",
        [table::GlobalSecondaryIndexKeySchema::new("name", table::KeyType::HASH)],
        table::Projection::new(),
    );
    assert_eq!(json!(index)["KeySchema"], json!([{"AttributeName": "name", "KeyType": "HASH"}]));
    let mapping =
        EventSourceMapping::new("orders").starting_position(event_source_mapping::StartingPosition::other("NOW"));
    assert_eq!(json!(mapping)["StartingPosition"], "NOW");
    let position = import_value::<String>("Position").cast();
    let mapping = EventSourceMapping::new("orders").starting_position(position);
    assert_eq!(json!(mapping)["StartingPosition"], json!({"Fn::ImportValue": "Position"}));
}
