//! Roles: everything that the template attaches to each, and who may assume it.

use super::{
    managed,
    names::Names,
    statement::{Statement, alternatives, decide, each, statements},
    symbol::{Answer, Symbol},
};
use crate::{
    diagnostic::Path,
    json::Json,
    template::intrinsic::{Place, call},
};

/// A role of the template.
#[derive(Debug)]
pub(super) struct Role<'a> {
    pub id: &'a str,
    pub statements: Vec<Statement<'a>>,
    /// The managed policies of AWS that are known here.
    managed: Vec<&'static managed::Managed>,
    /// What it may also allow, and nobody can see here: a managed policy, a document that a function gives.
    pub unseen: Vec<String>,
    /// Whether a boundary may take back what it allows.
    is_bounded: bool,
    /// Who may assume it; none where a function says it.
    pub trust: Option<Vec<Statement<'a>>>,
}

impl Role<'_> {
    /// Whether it may do something on a resource; without one, on some of the service.
    pub fn may(&self, action: &str, resource: Option<&Symbol>) -> Answer {
        let named = action.to_ascii_lowercase();
        let text = Symbol::text(named);
        let by_managed = self.managed.iter().flat_map(|policy| policy.actions);
        let by_managed = by_managed.map(|pattern| Symbol::text(*pattern).covers(&text)).max().unwrap_or(Answer::No);
        let own = decide(&self.statements, action, resource);
        let takes = self.statements.iter().filter(|statement| !statement.allows);
        let takes = takes.map(|statement| statement.speaks_of(action, resource)).max().unwrap_or(Answer::No);
        let answer = own.or(by_managed.and(takes.not()));
        match answer {
            Answer::No if takes == Answer::Yes => Answer::No,
            Answer::No if !self.unseen.is_empty() => Answer::Unknown,
            Answer::Yes if self.is_bounded => Answer::Unknown,
            answer => answer,
        }
    }
}

/// The roles of the template, in its order.
pub(super) fn roles<'a>(names: Names<'a>) -> Vec<Role<'a>> {
    let mut roles: Vec<Role<'a>> = names.resources("AWS::IAM::Role").map(|(id, role)| own(id, role, names)).collect();
    for (kind, property) in
        [("AWS::IAM::Policy", "Roles"), ("AWS::IAM::ManagedPolicy", "Roles"), ("AWS::IAM::RolePolicy", "RoleName")]
    {
        for (id, policy) in names.resources(kind) {
            attach(&mut roles, id, policy, property, names);
        }
    }
    roles
}

/// A role with what stands in its own properties.
fn own<'a>(id: &'a str, properties: &'a Json, names: Names<'a>) -> Role<'a> {
    let path = Path::from("Resources").join(id).join("Properties");
    let trust = statements(&properties["AssumeRolePolicyDocument"], &path.join("AssumeRolePolicyDocument"), names);
    let is_bounded = !properties["PermissionsBoundary"].is_null();
    let mut role = Role { id, statements: Vec::new(), managed: Vec::new(), unseen: Vec::new(), is_bounded, trust };
    for (number, policy) in each(&properties["Policies"]).enumerate() {
        let path = path.join("Policies").join(number.to_string()).join("PolicyDocument");
        let sides = alternatives(policy);
        let is_certain = sides.len() == 1 && std::ptr::eq(sides[0], policy);
        for side in sides.into_iter().flat_map(each) {
            take(&mut role, side.get("PolicyDocument"), &path, is_certain, names);
        }
    }
    for item in each(&properties["ManagedPolicyArns"]).flat_map(alternatives) {
        manage(&mut role, item, names);
    }
    role
}

/// Takes a document into a role.
fn take<'a>(role: &mut Role<'a>, document: Option<&'a Json>, path: &Path, is_certain: bool, names: Names<'a>) {
    match document.and_then(|document| statements(document, path, names)) {
        Some(mut found) => {
            found.iter_mut().for_each(|statement| statement.is_conditional |= !is_certain);
            role.statements.extend(found);
        }
        None => role.unseen.push(format!("the policy at {path}")),
    }
}

/// Takes a managed policy into a role.
fn manage<'a>(role: &mut Role<'a>, arn: &'a Json, names: Names<'a>) {
    let own = match call(arn, Place::Other) {
        Some(("Ref", Json::String(id))) => names.resources("AWS::IAM::ManagedPolicy").find(|(known, _)| known == id),
        _ => None,
    };
    if let Some((id, policy)) = own {
        let path = Path::from("Resources").join(id).join("Properties").join("PolicyDocument");
        return take(role, policy.get("PolicyDocument"), &path, true, names);
    }
    let symbol = names.symbol(arn);
    match symbol.literal().and_then(managed::of) {
        Some(policy) => {
            if !policy.is_whole {
                role.unseen.push(format!("the managed policy {}", policy.name));
            }
            role.managed.push(policy);
        }
        None => role.unseen.push(format!("the managed policy {symbol}")),
    }
}

/// Takes a policy that is a resource of its own into the roles that it names.
fn attach<'a>(roles: &mut [Role<'a>], id: &'a str, policy: &'a Json, property: &str, names: Names<'a>) {
    let path = Path::from("Resources").join(id).join("Properties").join("PolicyDocument");
    for role in roles {
        let own = names.name(role.id).unwrap_or_default();
        let reached = each(&policy[property]).flat_map(alternatives).map(|name| names.symbol(name).equals(&own)).max();
        match reached.unwrap_or(Answer::No) {
            Answer::No => {}
            answer => take(role, policy.get("PolicyDocument"), &path, answer == Answer::Yes, names),
        }
    }
}
