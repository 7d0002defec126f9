//! The stack `sam`, imported from `sam.yaml`.

use formwork::{
    Stack,
    aws::s3::Bucket,
    intrinsic::sub,
    json,
    stack::{Parameter, RawResource},
};

/// Composes the stack.
pub fn stack() -> Stack {
    let mut stack = Stack::new("sam");
    stack.transform("AWS::Serverless-2016-10-31");

    stack.raw("Globals", "Function", json!({"Timeout": 5, "Runtime": "python3.13"}));
    stack.raw("Globals", "Api", json!({"TracingEnabled": true}));

    let stage = stack.parameter("Stage", Parameter::string().default("test"));

    let reports = stack.add("Reports", Bucket::new());
    stack.add(
        "Render",
        RawResource::new("AWS::Serverless::Function")
            .property("CodeUri", "render/")
            .property("Handler", "app.handler")
            .property("Policies", json!([{"S3ReadPolicy": {"BucketName": reports.bucket_name()}}]))
            .property("Events", json!({"Get": {"Type": "Api", "Properties": {"Path": "/report", "Method": "get"}}}))
            .property(
                "Environment",
                json!({"Variables": {"BUCKET": reports.bucket_name(), "STAGE": stage.reference()}}),
            ),
    );
    stack.add("Tables", RawResource::new("AWS::Serverless::SimpleTable"));

    stack.output("Url", sub("https://${ServerlessRestApi}.execute-api.${AWS::Region}.amazonaws.com/Prod/"));
    stack.output("Role", sub("${RenderRole.Arn}"));
    stack
}
