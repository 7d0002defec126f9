//! The stack `odd`, imported from `odd.yaml`.
//!
//! What the typed API cannot say, each in its place.

use formwork::{
    Stack,
    aws::{
        lambda::{
            Function,
            function::{Code, Environment, Runtime},
        },
        rds::{DBInstance, db_instance::DBInstanceEngine},
        s3::{
            Bucket,
            bucket::{LifecycleConfiguration, VersioningConfiguration, VersioningConfigurationStatus},
        },
        sqs::Queue,
    },
    intrinsic::get_azs,
    json,
    stack::{Parameter, RawResource},
    value::Value,
};

/// Composes the stack.
pub fn stack() -> Stack {
    let mut stack = Stack::new("odd");

    stack.parameter("Called", Parameter::string().default(json!(get_azs(""))));

    stack.add("Missing", RawResource::new("AWS::Lambda::Function").property("Handler", "a"));
    stack.add(
        "Unknown",
        Queue::new()
            .property("VisibilityTimeout", "ten")
            .property("Shiny", json!({"New": true}))
            .property("QueueName", json!(["a"]))
            .property("DelaySeconds", "007")
            .fifo_queue(true)
            .kms_master_key_id("12"),
    );
    stack.add(
        "Deprecated",
        DBInstance::new()
            .property("TdeCredentialArn", "a")
            .db_instance_class("db.t9.huge")
            .allocated_storage("20")
            .storage_encrypted(true)
            .engine(DBInstanceEngine::POSTGRES),
    );
    stack.add("Nothing", Queue::new());
    stack.raw("Resources", "Null", json!({"Type": "AWS::SQS::Queue", "Properties": null}));
    stack.add(
        "Partly",
        Bucket::new()
            .versioning_configuration(VersioningConfiguration::new(VersioningConfigurationStatus::ENABLED))
            .lifecycle_configuration(LifecycleConfiguration::new(
                Value::Literal(json!([{"Id": "a"}, {"Status": "Enabled", "Id": "b"}])).cast(),
            ))
            .property("Fn::Transform", json!({"Name": "AWS::Include", "Parameters": {"Location": "s3://a/b"}})),
    );
    stack.add(
        "Typed",
        Function::new(Code::new().zip_file("a"), Value::Literal(json!(["a"])).cast())
            .runtime(Runtime::other("python9.99"))
            .property("MemorySize", json!(128.0))
            .property("Timeout", json!({"Fn::Unheard": 3}))
            .layers(["arn:aws:lambda:eu-central-1:123456789012:layer:one:1"])
            .environment(Environment::new().variables([("A", "1"), ("B", "true"), ("C", "text")])),
    );
    stack.add(
        "Broken",
        Queue::new().property(
            "Shiny",
            json!({
                "two\nlines": {"deep": [1, {"a": 2}, {"b": 3}]},
                "other": {"deep": [1, {"a": 2}, {"b": 3}]}
            }),
        ),
    );

    stack.output("Text", Value::Literal(json!(["\u{202e}", "a"])).cast());
    stack.output("Escaped", "a\u{1}b\tc\\d\"e");
    stack
}
