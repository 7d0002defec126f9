//! What AWS publishes of itself, compressed in the binary: the operations of its APIs, the actions of IAM, the
//! policies that it manages, the runtimes of Lambda, what the Serverless Application Model takes, and
//! the resource types whose structs are not always there.
//!
//! Each set of data is an archive of named texts, written by `bindgen`. Nothing of it is read before it is asked for,
//! and then one text: what is said of one service, or a list.

mod archive;

pub mod api;
pub mod handlers;
pub mod iam;
pub mod policy;
pub mod registry;
pub mod runtime;
pub mod serverless;
pub(crate) mod structs;
pub mod types;

pub use archive::{Archive, Shelf};

/// A set of data: what there is of it, and the archive that holds it.
#[derive(Clone, Copy, Debug)]
pub struct Set {
    /// What it is, in the plural: `operations of APIs`.
    pub what: &'static str,
    /// How many there are of them. To count them, all is read.
    pub count: fn() -> usize,
    /// The archive, which says where they are from and how large it is.
    pub archive: Archive,
}

/// All sets of data.
pub fn sets() -> [Set; 8] {
    let operations = || api::services().filter_map(api::service).map(|service| service.operations().count()).sum();
    let actions = || iam::prefixes().filter_map(iam::service).map(|service| service.actions().count()).sum();
    [
        Set {
            what: "resource types behind features",
            count: || registry::names().count(),
            archive: registry::archive(),
        },
        Set { what: "resource types with structs", count: || types::all().count(), archive: types::archive() },
        Set { what: "operations of APIs", count: operations, archive: api::archive() },
        Set { what: "actions of IAM", count: actions, archive: iam::archive() },
        Set { what: "types with deploy actions", count: handlers::count, archive: handlers::archive() },
        Set { what: "managed policies", count: || policy::managed().count(), archive: policy::archive() },
        Set {
            what: "templates of SAM policies",
            count: || serverless::policies().count(),
            archive: serverless::archive(),
        },
        Set { what: "runtimes of Lambda", count: || runtime::runtimes().count(), archive: runtime::archive() },
    ]
}
