//! `ResultWriter`: the results of a distributed `Map` to Amazon S3.

use std::marker::PhantomData;

use crate::{
    asl::build::{Argument, JsonPath, Jsonata, QueryLanguage, body::Body, setters},
    aws::s3::Bucket,
    grants::attribute_and,
    iam::{Statement, allow},
    stack::Handle,
};

/// The writer of the results of a distributed [`Map`](super::Map): what is done with them.
///
/// <https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html>
#[derive(Clone, Debug)]
pub struct ResultWriter<L> {
    pub(super) body: Body,
    of: PhantomData<fn() -> L>,
}

/// `WriterConfig` of a [`ResultWriter`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriterConfig {
    output_type: &'static str,
    transformation: &'static str,
}

/// `OutputType` of a [`WriterConfig`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputType {
    /// `JSON`: a JSON list.
    Json,
    /// `JSONL`: a JSON value on each line.
    Jsonl,
}

impl WriterConfig {
    /// `Transformation: NONE`: each result with what is known of its execution.
    pub fn unchanged(output_type: OutputType) -> Self {
        Self::new(output_type, "NONE")
    }

    /// `Transformation: COMPACT`: the results alone.
    pub fn compact(output_type: OutputType) -> Self {
        Self::new(output_type, "COMPACT")
    }

    /// `Transformation: FLATTEN`: the results alone, and those that are lists as one list.
    pub fn flatten(output_type: OutputType) -> Self {
        Self::new(output_type, "FLATTEN")
    }

    fn new(output_type: OutputType, transformation: &'static str) -> Self {
        Self { output_type: if output_type == OutputType::Json { "JSON" } else { "JSONL" }, transformation }
    }
}

impl<L: QueryLanguage> ResultWriter<L> {
    /// Forms the results, and passes them on without writing them.
    pub fn formed(config: WriterConfig) -> Self {
        Self { body: Body::default(), of: PhantomData }.writer_config(config)
    }

    /// Writes by an action of Amazon S3, by its ARN. What the role needs is said by [`grant`](Self::grant).
    pub fn new(resource: impl Into<String>) -> Self {
        let mut body = Body::default();
        body.set("Resource", resource.into());
        Self { body, of: PhantomData }
    }

    /// Writes the results below a prefix of a bucket (`s3:putObject`). The role gets `s3:PutObject`, `s3:GetObject`,
    /// `s3:ListMultipartUploadParts` and `s3:AbortMultipartUpload` there, or on all objects of the bucket where an
    /// expression chooses the prefix.
    pub fn s3_put_object(bucket: &Handle<Bucket>, prefix: impl Argument<L>) -> Self {
        let mut writer = Self::new("arn:aws:states:::s3:putObject");
        let name = writer.body.token(bucket, "BucketName", bucket.bucket_name());
        writer.body.argument::<L>("Bucket", name);
        writer.body.argument::<L>("Prefix", prefix);
        let prefix = writer.body.known_argument::<L>("Prefix");
        let objects = match prefix.map(|prefix| prefix.trim_end_matches('/')) {
            Some(prefix) if !prefix.is_empty() => format!("/{prefix}/*"),
            _ => "/*".to_owned(),
        };
        let actions = ["s3:PutObject", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload"];
        writer.grant(allow(actions).on(attribute_and(bucket, "Arn", &objects)))
    }

    /// `WriterConfig`: the form of the results.
    pub fn writer_config(mut self, config: WriterConfig) -> Self {
        self.body.member::<L>("WriterConfig", "OutputType", config.output_type);
        self.body.member::<L>("WriterConfig", "Transformation", config.transformation);
        self
    }

    /// Says what the role of the state machine needs for writing.
    pub fn grant(mut self, statement: Statement) -> Self {
        self.body.needs.statements.push(statement);
        self
    }
}

impl ResultWriter<Jsonata> {
    setters::argument!();
}

impl ResultWriter<JsonPath> {
    setters::parameter!();
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{asl::jsonpath::*, stack::Stack};

    #[test]
    fn results_are_written_below_the_prefix_and_nowhere_else() {
        let writer = ResultWriter::s3_put_object(&Stack::new("test").handle("Results"), "runs/")
            .writer_config(WriterConfig::flatten(OutputType::Jsonl));
        let map = Map::distributed(Branch::new().state("Each", Pass::new().end()), ExecutionType::Standard);
        let workflow = Workflow::new().state("All", map.result_writer(writer).end());
        assert_eq!(
            workflow.definition()["States"]["All"]["ResultWriter"],
            json!({
                "Resource": "${S3PutObject}",
                "Parameters": {"Bucket": "${ResultsBucketName}", "Prefix": "runs/"},
                "WriterConfig": {"OutputType": "JSONL", "Transformation": "FLATTEN"},
            })
        );
        assert_eq!(
            serde_json::to_value(workflow.grants()).unwrap()["Statement"][0]["Resource"],
            json!({"Fn::Sub": "${Results.Arn}/runs/*"})
        );
    }
}
