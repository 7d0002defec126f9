//! Losses of data: a store that is deleted or replaced and not kept, and what is kept for a shorter time than before.

use std::collections::BTreeMap;

use super::{
    model::{Action, Change, EntryChange, Fate, Loss, PropertyChange, Rename, ResourceChange},
    obstacle::number,
    resource::{find, kind, on_deletion},
    section::{readers, with_readers},
};
use crate::{json::Json, template::Template};

/// A type that holds data.
struct Store {
    kind: &'static str,
    /// What it holds.
    holds: &'static str,
    /// What AWS does when it is deleted, where that is more than to delete what it holds.
    when_deleted: &'static str,
    /// Whether AWS refuses to delete it while it holds anything.
    must_be_empty: bool,
}

const fn store(kind: &'static str, holds: &'static str) -> Store {
    Store { kind, holds, when_deleted: "", must_be_empty: false }
}

const STORES: &[Store] = &[
    store("AWS::AmazonMQ::Broker", "its messages"),
    store("AWS::Athena::DataCatalog", "its tables"),
    store("AWS::Backup::BackupVault", "its recovery points"),
    store("AWS::Cassandra::Keyspace", "its tables"),
    store("AWS::Cassandra::Table", "its rows"),
    store("AWS::CodeCommit::Repository", "its commits"),
    store("AWS::Cognito::IdentityPool", "its identities"),
    store("AWS::Cognito::UserPool", "its users, with their passwords"),
    store("AWS::DAX::Cluster", "its cache"),
    store("AWS::DirectoryService::MicrosoftAD", "its users"),
    store("AWS::DocDB::DBCluster", "its documents"),
    store("AWS::DocDBElastic::Cluster", "its documents"),
    store("AWS::DynamoDB::GlobalTable", "its items"),
    store("AWS::DynamoDB::Table", "its items"),
    store("AWS::EC2::Instance", "what its own volumes hold"),
    store("AWS::EC2::Volume", "its blocks"),
    Store {
        kind: "AWS::ECR::Repository",
        holds: "its images",
        when_deleted: "it is deleted only where it is empty, or `EmptyOnDelete` is `true`; else that fails",
        must_be_empty: true,
    },
    store("AWS::EFS::FileSystem", "its files"),
    store("AWS::ElastiCache::CacheCluster", "its cache"),
    store("AWS::ElastiCache::ReplicationGroup", "its cache"),
    store("AWS::ElastiCache::ServerlessCache", "its cache"),
    store("AWS::Elasticsearch::Domain", "its indexes"),
    store("AWS::FSx::FileSystem", "its files"),
    store("AWS::Glue::Database", "its tables"),
    Store {
        kind: "AWS::KMS::Key",
        holds: "the means to read what it encrypted",
        when_deleted: "it is deleted after `PendingWindowInDays` days, and can be kept until then",
        must_be_empty: false,
    },
    store("AWS::Kinesis::Stream", "its records"),
    store("AWS::Logs::LogGroup", "its log events"),
    store("AWS::MSK::Cluster", "its topics"),
    store("AWS::MemoryDB::Cluster", "its data"),
    store("AWS::Neptune::DBCluster", "its graph"),
    store("AWS::OpenSearchServerless::Collection", "its indexes"),
    store("AWS::OpenSearchService::Domain", "its indexes"),
    store("AWS::QLDB::Ledger", "its documents"),
    store("AWS::RDS::DBCluster", "its databases"),
    store("AWS::RDS::DBInstance", "its databases"),
    store("AWS::Redshift::Cluster", "its tables"),
    store("AWS::RedshiftServerless::Namespace", "its tables"),
    Store {
        kind: "AWS::S3::Bucket",
        holds: "its objects",
        when_deleted: "a bucket is deleted only where it is empty; else that fails",
        must_be_empty: true,
    },
    store("AWS::SDB::Domain", "its items"),
    store("AWS::SQS::Queue", "its messages"),
    store("AWS::Serverless::SimpleTable", "its items"),
    store("AWS::SSM::Parameter", "its value, and those before it"),
    store("AWS::SecretsManager::Secret", "its secret value"),
    store("AWS::Timestream::Database", "its tables"),
    store("AWS::Timestream::Table", "its records"),
];

/// The types that `Snapshot` is a policy of.
const WITH_SNAPSHOTS: [&str; 10] = [
    "AWS::DocDB::DBCluster",
    "AWS::EC2::Volume",
    "AWS::ElastiCache::CacheCluster",
    "AWS::ElastiCache::ReplicationGroup",
    "AWS::MemoryDB::Cluster",
    "AWS::Neptune::DBCluster",
    "AWS::RDS::DBCluster",
    "AWS::RDS::DBInstance",
    "AWS::Redshift::Cluster",
    "AWS::Neptune::DBInstance",
];

/// A property that says how long, or how much, something is kept.
struct Keeping {
    kind: &'static str,
    property: &'static str,
    /// What is kept for that long.
    what: &'static str,
    /// The number that holds where there is none; infinite where nothing is dropped then.
    default: f64,
}

const KEEPINGS: &[Keeping] = &[
    keeping("AWS::DocDB::DBCluster", "BackupRetentionPeriod", "automated backups", 1.0),
    keeping("AWS::DynamoDB::Table", "PointInTimeRecoverySpecification/RecoveryPeriodInDays", "backups", 35.0),
    keeping("AWS::ElastiCache::CacheCluster", "SnapshotRetentionLimit", "snapshots", 0.0),
    keeping("AWS::ElastiCache::ReplicationGroup", "SnapshotRetentionLimit", "snapshots", 0.0),
    keeping("AWS::Kinesis::Stream", "RetentionPeriodHours", "records", 24.0),
    keeping("AWS::Logs::LogGroup", "RetentionInDays", "log events", f64::INFINITY),
    keeping("AWS::Neptune::DBCluster", "BackupRetentionPeriod", "automated backups", 1.0),
    keeping("AWS::RDS::DBCluster", "BackupRetentionPeriod", "automated backups", 1.0),
    keeping("AWS::RDS::DBInstance", "BackupRetentionPeriod", "automated backups", 1.0),
    keeping("AWS::Redshift::Cluster", "AutomatedSnapshotRetentionPeriod", "automated snapshots", 1.0),
    keeping("AWS::SQS::Queue", "MessageRetentionPeriod", "messages", 345_600.0),
    keeping(
        "AWS::Timestream::Table",
        "RetentionProperties/MagneticStoreRetentionPeriodInDays",
        "records",
        f64::INFINITY,
    ),
];

const fn keeping(kind: &'static str, property: &'static str, what: &'static str, default: f64) -> Keeping {
    Keeping { kind, property, what, default }
}

/// The losses, the certain ones first.
pub(super) fn losses(
    changes: &[ResourceChange],
    renames: &[Rename],
    conditions: &[EntryChange],
    old: &Template,
    new: &Template,
) -> Vec<Loss> {
    let mut found = Vec::new();
    let renamed: BTreeMap<&str, &Rename> = renames.iter().map(|rename| (rename.from.as_str(), rename)).collect();
    for change in changes {
        let (was, is) = (find(old, &change.id), find(new, &change.id));
        found.extend(was.and_then(|was| match renamed.get(change.id.as_str()) {
            Some(rename) => of_renamed(change, rename, was),
            None => of_store(change, was),
        }));
        found.extend(change.properties.iter().filter_map(|property| kept_shorter(change, property)));
        found.extend(change.properties.iter().filter_map(|property| turned_off(change, property)));
        if let (Some(was), Some(is)) = (was, is) {
            found.extend(unprotected(change, was, is));
            found.extend(expires(change, was, is));
        }
    }
    found.extend(of_conditions(conditions, changes, old, new));
    found.sort_by_key(|loss| !loss.certain);
    found
}

/// The stores that a change of what their condition says may delete.
fn of_conditions(conditions: &[EntryChange], changes: &[ResourceChange], old: &Template, new: &Template) -> Vec<Loss> {
    if conditions.is_empty() {
        return Vec::new();
    }
    let changed = conditions.iter().filter(|change| change.change == Change::Changed);
    let other = with_readers(changed.map(|change| change.name.as_str()), &readers(new));
    let has_it = |resource: &Json| resource["Condition"].as_str().is_some_and(|name| other.contains(name));
    new.section("Resources")
        .filter(|(id, resource)| has_it(resource) && !changes.iter().any(|change| change.id == *id))
        .filter_map(|(id, _)| {
            let was = find(old, id)?;
            let store = store_of(kind(was)).filter(|_| on_deletion(was) == Fate::Delete && !is_of_cluster(was))?;
            Some(Loss {
                id: id.to_owned(),
                kind: kind(was).to_owned(),
                certain: false,
                what: format!("it is deleted where its condition no longer holds, and {} with it", store.holds),
                remedy: "set `DeletionPolicy` to `Retain` in an update of its own, before this one".to_owned(),
            })
        })
        .collect()
}

fn loss(change: &ResourceChange, certain: bool, what: String, remedy: String) -> Loss {
    Loss { id: change.id.clone(), kind: change.kind.clone(), certain, what, remedy }
}

fn store_of(kind: &str) -> Option<&'static Store> {
    STORES.iter().find(|store| store.kind == kind)
}

/// A store that is deleted or replaced, and whose data nothing keeps.
fn of_store(change: &ResourceChange, was: &Json) -> Option<Loss> {
    let store = store_of(&change.kind)?;
    if change.fate != Some(Fate::Delete) || is_of_cluster(was) {
        return None;
    }
    let is_conditional = change.attributes.iter().any(|attribute| attribute.path == *"Condition");
    let (how, along, policy, certain) = match change.action {
        Action::Delete => ("is deleted, and", "with it", "DeletionPolicy", true),
        Action::Replace => ("is replaced by a new one, without", "", "UpdateReplacePolicy", true),
        Action::MaybeReplace if is_conditional => {
            ("is deleted where its condition no longer holds, and", "with it", "DeletionPolicy", false)
        }
        Action::MaybeReplace => ("may be replaced by a new one, without", "", "UpdateReplacePolicy", false),
        _ => return None,
    };
    let note = if store.when_deleted.is_empty() { String::new() } else { format!(": {}", store.when_deleted) };
    let policies = if WITH_SNAPSHOTS.contains(&store.kind) { "`Retain` or `Snapshot`" } else { "`Retain`" };
    let first = if change.action == Action::Delete { " in an update of its own, before this one" } else { "" };
    Some(loss(
        change,
        certain && !store.must_be_empty,
        format!("it {how} {} {along}", store.holds).trim_end().to_owned() + &note,
        format!("set `{policy}` to {policies}{first}"),
    ))
}

/// A store that is made anew, and empty, under another logical id, whatever becomes of the old one.
fn of_renamed(change: &ResourceChange, rename: &Rename, was: &Json) -> Option<Loss> {
    let store = store_of(&change.kind)?;
    if is_of_cluster(was) {
        return None;
    }
    let holds = store.holds;
    let old = match change.fate? {
        Fate::Delete => format!("is deleted, and {holds} with it"),
        Fate::Snapshot => format!("is deleted, and a snapshot alone has {holds}"),
        Fate::Retain => format!("stays outside of the stack, with {holds}"),
    };
    let is_noted = change.fate == Some(Fate::Delete) && !store.when_deleted.is_empty();
    let note = if is_noted { format!(": {}", store.when_deleted) } else { String::new() };
    let what = format!("a new one without {holds} takes its place, `{}`; the old one {old}{note}", rename.to);
    Some(loss(change, true, what, rename.remedy.clone()))
}

/// Whether a database instance is one of a cluster, which holds the data.
fn is_of_cluster(resource: &Json) -> bool {
    kind(resource) == "AWS::RDS::DBInstance" && resource["Properties"].get("DBClusterIdentifier").is_some()
}

/// What is kept for a shorter time.
fn kept_shorter(change: &ResourceChange, property: &PropertyChange) -> Option<Loss> {
    if change.action >= Action::Replace {
        return None;
    }
    let keeping = KEEPINGS.iter().find(|keeping| keeping.kind == change.kind && property.path == *keeping.property)?;
    let [before, after] = [&property.before, &property.after].map(|side| match side {
        None => Some(keeping.default),
        side => number(side.as_ref()),
    });
    let (before, after) = (before?, after?);
    let said = |number: f64| if number.is_finite() { number.to_string() } else { "forever".to_owned() };
    (after < before).then(|| {
        let what = format!(
            "{} that are older than `{}`, which is {} and was {}",
            keeping.what,
            property.path,
            said(after),
            said(before)
        );
        loss(change, true, what, format!("keep `{}` at {}", property.path, said(before)))
    })
}

/// What AWS would restore, and no longer does.
fn turned_off(change: &ResourceChange, property: &PropertyChange) -> Option<Loss> {
    let known = [
        (
            "AWS::DynamoDB::Table",
            "PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled",
            "its continuous backups",
        ),
        ("AWS::DynamoDB::Table", "PointInTimeRecoverySpecification", "its continuous backups"),
        ("AWS::S3::Bucket", "VersioningConfiguration/Status", "the old versions of objects from now on"),
    ];
    let (_, path, what) = known.iter().find(|(kind, path, _)| *kind == change.kind && property.path == **path)?;
    let is_on = |side: &Option<Json>| {
        side.as_ref().is_some_and(|json| {
            let json = json.get("PointInTimeRecoveryEnabled").unwrap_or(json);
            json == "Enabled" || json == true || json == "true"
        })
    };
    let is_off = |side: &Option<Json>| {
        side.as_ref().is_none_or(|json| {
            let json = json.get("PointInTimeRecoveryEnabled").unwrap_or(json);
            json == "Suspended" || json == false || json == "false"
        })
    };
    (is_on(&property.before) && is_off(&property.after))
        .then(|| loss(change, true, format!("{what}, which `{path}` turns off"), format!("keep `{path}` as it is")))
}

/// A store that a policy kept, and no longer does.
fn unprotected(change: &ResourceChange, was: &Json, is: &Json) -> Option<Loss> {
    let store = store_of(&change.kind)?;
    let is_kept = |resource: &Json| on_deletion(resource) != Fate::Delete;
    (change.change == Change::Changed && is_kept(was) && !is_kept(is)).then(|| {
        let what = format!("once it leaves the stack, nothing keeps {}", store.holds);
        loss(change, false, what, "keep `DeletionPolicy` as it is".to_owned())
    })
}

/// Objects that a rule of a bucket deletes sooner than any did.
fn expires(change: &ResourceChange, was: &Json, is: &Json) -> Option<Loss> {
    let is_of_bucket = change.kind == "AWS::S3::Bucket"
        && change.properties.iter().any(|property| property.path.starts_with("LifecycleConfiguration"));
    let soonest = |resource: &Json| {
        let rules = resource["Properties"]["LifecycleConfiguration"]["Rules"].as_array();
        let days = rules.into_iter().flatten().filter(|rule| rule["Status"] == "Enabled");
        days.filter_map(|rule| number(rule.get("ExpirationInDays"))).fold(f64::INFINITY, f64::min)
    };
    let (before, after) = (soonest(was), soonest(is));
    (is_of_bucket && after < before).then(|| {
        let what = format!("objects that are older than {after} days, which a lifecycle rule deletes");
        loss(change, false, what, "narrow the rule with `Prefix`, or leave it out".to_owned())
    })
}
