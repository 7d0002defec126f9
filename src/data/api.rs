//! The operations of AWS's APIs, as the AWS SDK integrations of Step Functions call them.
//!
//! They come from botocore's models. A name is spelled as Step Functions wants it, which is how the AWS SDK for Java
//! would: the service `cloudwatchlogs`, the action `describeLogGroups`, its argument `LogGroupNamePrefix`, its error
//! `CloudWatchLogs.ResourceNotFoundException`.
//!
//! ```
//! use formwork::data::api::{self, Shape};
//! let operation = api::service("s3").unwrap().operation("putObject").unwrap();
//! let input = operation.input().unwrap();
//! let acl = input.member("Acl").unwrap();
//! assert_eq!((acl.api_name(), acl.is_required()), ("ACL", false));
//! let Shape::Enumeration(values) = acl.shape() else { unreachable!() };
//! assert!(values.contains("private"));
//! let required: Vec<_> = input.members().filter(|member| member.is_required()).map(|member| member.name()).collect();
//! assert_eq!(required, ["Bucket", "Key"]);
//! ```
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html>

mod shape;
mod spelling;

pub use shape::{Bounds, Item, Member, Shape, Structure, Values};

use super::archive::{Archive, Shelf};

static ARCHIVE: Archive = Archive::new(include_bytes!("api.bin"));

/// The archive of the operations: where they are from, and how many services there are.
pub fn archive() -> Archive {
    ARCHIVE
}

/// The names of all services, sorted: `accessanalyzer`, `account`, …
pub fn services() -> impl Iterator<Item = &'static str> {
    ARCHIVE.names()
}

/// The service with a name as it stands in `arn:aws:states:::aws-sdk:serviceName:apiAction`.
pub fn service(name: &str) -> Option<&'static Service> {
    static READ: Shelf<Service> = Shelf::new();
    READ.get(name, || {
        let (name, text) = ARCHIVE.read(name)?;
        let text: &'static str = text.leak();
        let (prefix, rest) = text.split_once('\n')?;
        let (operations, shapes) = rest.split_once("\n\n").unwrap_or((rest, ""));
        Some((name, Service { name, prefix, operations, shapes: shapes.split('\n').collect() }))
    })
}

/// A service: its operations.
#[derive(Debug)]
pub struct Service {
    name: &'static str,
    prefix: &'static str,
    operations: &'static str,
    /// A structure or an enumeration a line; what refers to one has its number.
    shapes: Vec<&'static str>,
}

impl Service {
    /// The name in an ARN: `cloudwatchlogs`.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The name before the errors of the service: `CloudWatchLogs`.
    pub fn error_prefix(&self) -> &'static str {
        self.prefix
    }

    /// True where the operations are known; AWS has retired some services that Step Functions still names.
    pub fn is_known(&self) -> bool {
        !self.operations.is_empty()
    }

    /// All operations, sorted by action.
    pub fn operations(&self) -> impl Iterator<Item = Operation<'_>> {
        self.operations.lines().filter_map(|line| Operation::read(self, line))
    }

    /// The operation with an action as it stands in the ARN: `describeLogGroups`.
    pub fn operation(&self, action: &str) -> Option<Operation<'_>> {
        self.operations().find(|operation| operation.action == action)
    }
}

/// An operation: what it takes, gives and fails with.
#[derive(Clone, Copy, Debug)]
pub struct Operation<'a> {
    service: &'a Service,
    action: &'static str,
    is_offered: bool,
    input: &'static str,
    output: &'static str,
    errors: &'static str,
}

impl<'a> Operation<'a> {
    /// `describeLogGroups 12 13 InvalidParameter ResourceNotFound`; behind an action that is not offered stands `!`.
    fn read(service: &'a Service, line: &'static str) -> Option<Self> {
        let (action, rest) = line.split_once(' ')?;
        let (input, rest) = rest.split_once(' ')?;
        let (output, errors) = rest.split_once(' ').unwrap_or((rest, ""));
        let name = action.strip_suffix('!');
        Some(Self { service, action: name.unwrap_or(action), is_offered: name.is_none(), input, output, errors })
    }

    /// The action as it stands in the ARN.
    pub fn action(&self) -> &'static str {
        self.action
    }

    /// False where Step Functions is documented not to call it (`sts:assumeRole`), or it streams events.
    pub fn is_offered(&self) -> bool {
        self.is_offered
    }

    /// The arguments; none where it takes none.
    pub fn input(&self) -> Option<Structure<'a>> {
        Structure::numbered(self.service, self.input)
    }

    /// The result; none where it gives none.
    pub fn output(&self) -> Option<Structure<'a>> {
        Structure::numbered(self.service, self.output)
    }

    /// The errors that the model lists, as a catcher names them: `S3.NoSuchKeyException`.
    pub fn errors(&self) -> impl Iterator<Item = String> + use<'a> {
        let prefix = self.service.prefix;
        self.errors.split_terminator(' ').map(move |error| format!("{prefix}.{error}Exception"))
    }
}

#[cfg(test)]
mod tests;
