//! The struct of a resource type: its path in Rust, and the cargo feature that it is behind.

use super::table;
use crate::aws::RENAMED;

/// The struct of a resource type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Struct {
    /// The path within `formwork::aws`: `ecs::Service`.
    pub path: String,
    /// The cargo feature that has it, unless it is always there: `ecs`.
    pub feature: Option<String>,
}

/// The struct of a resource type, whether its feature is on or not; `None` where there is none: of a type that AWS's
/// registry did not have when the tables were made, of a custom one, and of those of the Serverless Application Model.
/// Such a type is a [`RawResource`](crate::stack::RawResource).
///
/// ```
/// use formwork::schema::struct_of;
/// assert_eq!(struct_of("AWS::SQS::Queue").unwrap().path, "sqs::Queue");
/// let service = struct_of("AWS::ECS::Service").unwrap();
/// assert_eq!((service.path.as_str(), service.feature.as_deref()), ("ecs::Service", Some("ecs")));
/// ```
pub fn struct_of(type_name: &str) -> Option<Struct> {
    let mut parts = type_name.split("::").skip(1);
    let (service, name) = (parts.next()?, parts.next()?);
    if service == "Serverless" || table::find(type_name).is_none() {
        return None;
    }
    let renamed = RENAMED.iter().find(|(known, _)| *known == type_name);
    let (module, name) = (service.to_lowercase(), renamed.map_or(name, |(_, name)| name));
    let feature = (!table::is_always_there(type_name)).then(|| module.clone());
    Some(Struct { path: format!("{module}::{name}"), feature })
}
