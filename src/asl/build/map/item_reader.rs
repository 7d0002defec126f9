//! `ItemReader`: the items of a distributed `Map` from Amazon S3.

use std::{borrow::Cow, marker::PhantomData};

use crate::{
    asl::build::{Argument, JsonPath, Jsonata, QueryLanguage, body::Body, setters},
    aws::s3::Bucket,
    iam::{Statement, allow},
    json::Json,
    stack::Handle,
};

/// The reader of the items of a distributed [`Map`](super::Map): where it reads them, and how.
///
/// <https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html>
#[derive(Clone, Debug)]
pub struct ItemReader<L> {
    pub(super) body: Body,
    of: PhantomData<fn() -> L>,
}

impl<L: QueryLanguage> ItemReader<L> {
    /// Reads by an action of Amazon S3, by its ARN. What the role needs is said by [`grant`](Self::grant).
    pub fn new(resource: impl Into<String>) -> Self {
        let mut body = Body::default();
        body.set("Resource", resource.into());
        Self { body, of: PhantomData }
    }

    /// Reads the content of an object (`s3:getObject`). The role gets `s3:GetObject` on it, or on all objects of the
    /// bucket where an expression chooses it.
    pub fn s3_get_object(bucket: &Handle<Bucket>, key: impl Argument<L>) -> Self {
        let mut reader = Self::of_bucket("getObject", bucket);
        reader.body.argument::<L>("Key", key);
        let grant = bucket.allow_get(reader.body.known_argument::<L>("Key").unwrap_or("*"));
        reader.grant(grant)
    }

    /// Takes the objects of a bucket below a prefix (`""` for all) as items (`s3:listObjectsV2`). The role gets
    /// `s3:ListBucket` on it, for the prefix where that is known.
    pub fn s3_list_objects_v2(bucket: &Handle<Bucket>, prefix: impl Argument<L>) -> Self {
        let mut reader = Self::of_bucket("listObjectsV2", bucket);
        reader.body.argument::<L>("Prefix", prefix);
        let grant = match reader.body.known_argument::<L>("Prefix").filter(|prefix| !prefix.is_empty()) {
            Some(prefix) => bucket.allow_list(&format!("{prefix}*")),
            None => allow("s3:ListBucket").on(bucket.arn()),
        };
        reader.grant(grant)
    }

    fn of_bucket(action: &str, bucket: &Handle<Bucket>) -> Self {
        let mut reader = Self::new(format!("arn:aws:states:::s3:{action}"));
        let name = reader.body.token(bucket, "BucketName", bucket.bucket_name());
        reader.body.argument::<L>("Bucket", name);
        reader
    }

    /// `ReaderConfig`: what the items look like and how many are read.
    pub fn reader_config(mut self, config: ReaderConfig<L>) -> Self {
        self.body.nest("ReaderConfig", config.body);
        self
    }

    /// Says what the role of the state machine needs for reading.
    pub fn grant(mut self, statement: Statement) -> Self {
        self.body.needs.statements.push(statement);
        self
    }
}

impl ItemReader<Jsonata> {
    setters::argument!();
}

impl ItemReader<JsonPath> {
    setters::parameter!();
}

/// `ReaderConfig` of an [`ItemReader`].
#[derive(Clone, Debug)]
pub struct ReaderConfig<L> {
    body: Body,
    of: PhantomData<fn() -> L>,
}

/// `InputType`: the format that an [`ItemReader`] reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputType(Cow<'static, str>);

impl InputType {
    /// A list in a JSON file.
    pub const JSON: Self = Self(Cow::Borrowed("JSON"));
    /// A file with a JSON value on each line.
    pub const JSONL: Self = Self(Cow::Borrowed("JSONL"));
    /// A delimited text file; each row is an item.
    pub const CSV: Self = Self(Cow::Borrowed("CSV"));
    /// A manifest: an S3 inventory, or one of Athena's.
    pub const MANIFEST: Self = Self(Cow::Borrowed("MANIFEST"));
    /// An Apache Parquet file.
    pub const PARQUET: Self = Self(Cow::Borrowed("PARQUET"));

    /// A format that AWS has added since.
    pub fn other(name: impl Into<String>) -> Self {
        Self(Cow::Owned(name.into()))
    }
}

impl<L: QueryLanguage> Default for ReaderConfig<L> {
    fn default() -> Self {
        Self::new()
    }
}

impl<L: QueryLanguage> ReaderConfig<L> {
    /// A configuration that says nothing yet.
    pub fn new() -> Self {
        Self { body: Body::default(), of: PhantomData }
    }

    /// `InputType`: the format; not for a list of objects.
    pub fn input_type(mut self, input_type: InputType) -> Self {
        self.body.set("InputType", input_type.0);
        self
    }

    /// `CSVHeaders`: the names of the columns, where the file has none. Sets `CSVHeaderLocation` to `GIVEN`.
    pub fn csv_headers<T: Into<String>>(mut self, names: impl IntoIterator<Item = T>) -> Self {
        self.body.set("CSVHeaderLocation", "GIVEN");
        self.body.set("CSVHeaders", names.into_iter().map(Into::into).collect::<Vec<String>>());
        self
    }

    /// `CSVHeaderLocation: FIRST_ROW`: the first row has the names of the columns.
    pub fn csv_headers_in_first_row(mut self) -> Self {
        self.body.fields.shift_remove("CSVHeaders");
        self.body.set("CSVHeaderLocation", "FIRST_ROW");
        self
    }

    setters::texts! {
        csv_delimiter => "CSVDelimiter", "`COMMA` (AWS's default), `PIPE`, `SEMICOLON`, `SPACE` or `TAB`.";
        items_pointer => "ItemsPointer", "a JSON pointer to the list inside a JSON file.";
        manifest_type => "ManifestType", "`S3_INVENTORY` (AWS's default) or `ATHENA_DATA`.";
        transformation => "Transformation",
            "`NONE` (AWS's default), or `LOAD_AND_FLATTEN`: read the content of the objects of a list.";
    }

    setters::integers! {
        max_items => "MaxItems", "how many items are read at most, up to 100,000,000.";
    }

    /// Sets any field: one that AWS has added since.
    pub fn field(mut self, name: &str, value: impl Into<Json>) -> Self {
        self.body.set(name, value.into());
        self
    }
}

impl ReaderConfig<JsonPath> {
    setters::texts! {
        max_items_path => "MaxItemsPath", "reads `MaxItems` from the input.";
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{Stack, asl::jsonata::*, aws::s3::Bucket, json::Json, stack::Handle};

    fn bucket() -> Handle<Bucket> {
        Stack::new("test").handle("Orders")
    }

    fn statements(reader: ItemReader) -> Json {
        let map = Map::distributed(Branch::new().state("Each", Pass::new().end()), ExecutionType::Express);
        let workflow = Workflow::new().state("All", map.item_reader(reader).end());
        serde_json::to_value(workflow.grants()).unwrap()["Statement"].take()
    }

    #[test]
    fn only_the_object_that_is_read_is_granted() {
        let object = |rest: &str| {
            json!([{
                "Effect": "Allow",
                "Action": "s3:GetObject",
                "Resource": {"Fn::Sub": format!("${{Orders.Arn}}{rest}")},
            }])
        };
        assert_eq!(statements(ItemReader::s3_get_object(&bucket(), "in/today.csv")), object("/in/today.csv"));
        assert_eq!(statements(ItemReader::s3_get_object(&bucket(), "{% $states.input.key %}")), object("/*"));
    }

    #[test]
    fn only_the_prefix_that_is_listed_is_granted() {
        assert_eq!(
            statements(ItemReader::s3_list_objects_v2(&bucket(), "in/")),
            json!([{
                "Effect": "Allow",
                "Action": "s3:ListBucket",
                "Resource": {"Fn::GetAtt": ["Orders", "Arn"]},
                "Condition": {"StringLike": {"s3:prefix": "in/*"}},
            }])
        );
    }
}
