//! Policy documents, as far as the builders of statements say them exactly.

use crate::json::Json;

/// A statement that a builder can make.
pub(super) struct Statement<'a> {
    pub sid: Option<&'a str>,
    pub permission: Permission<'a>,
    pub to: Vec<Grantee<'a>>,
    pub to_all_except: Vec<Grantee<'a>>,
    pub conditions: Vec<Condition<'a>>,
}

/// What a statement is about.
pub(super) enum Permission<'a> {
    /// `sts:AssumeRole` without a resource: a trust policy.
    AssumeRole,
    On {
        /// `allow`, `deny`, `allow_except` or `deny_except`.
        verb: &'static str,
        actions: Vec<&'a str>,
        /// `NotResource`.
        except: bool,
        resources: &'a Json,
    },
}

/// A principal: the function that makes it, and whom it names.
pub(super) struct Grantee<'a> {
    pub kind: &'static str,
    pub id: &'a Json,
}

/// A comparison of a condition.
pub(super) struct Condition<'a> {
    /// The constant of the operator.
    pub operator: String,
    /// The methods that make another one of it.
    pub adverbs: Vec<&'static str>,
    pub key: &'a str,
    pub value: &'a Json,
}

/// The statements of a document of the current version; none where something in it is not theirs to say.
pub(super) fn read(json: &Json) -> Option<Vec<Statement<'_>>> {
    let members = json.as_object().filter(|members| members.len() == 2)?;
    if members.get("Version")? != "2012-10-17" {
        return None;
    }
    let statements = members.get("Statement")?;
    let statements = statements.as_array().map_or(std::slice::from_ref(statements), Vec::as_slice);
    // A document without a statement has other builders, which warn of it.
    if statements.is_empty() {
        return None;
    }
    statements.iter().map(statement).collect()
}

/// The service that a trust policy is all about.
pub(super) fn trusted_service(json: &Json) -> Option<&Json> {
    let statements = read(json)?;
    let [Statement { sid: None, permission: Permission::AssumeRole, to, to_all_except, conditions }] =
        statements.as_slice()
    else {
        return None;
    };
    match to.as_slice() {
        [Grantee { kind: "service", id }] if to_all_except.is_empty() && conditions.is_empty() => Some(id),
        _ => None,
    }
}

const ELEMENTS: [&str; 9] =
    ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"];

fn statement(json: &Json) -> Option<Statement<'_>> {
    let members = json.as_object()?;
    if members.keys().any(|key| !ELEMENTS.contains(&key.as_str())) {
        return None;
    }
    let sid = match members.get("Sid") {
        None => None,
        Some(sid) => Some(sid.as_str()?),
    };
    let (actions, is_not_action) = match (members.get("Action"), members.get("NotAction")) {
        (Some(actions), None) => (texts(actions)?, false),
        (None, Some(actions)) => (texts(actions)?, true),
        _ => return None,
    };
    let effect = members.get("Effect")?.as_str()?;
    let permission = match (members.get("Resource"), members.get("NotResource")) {
        (None, None) if actions == ["sts:AssumeRole"] && !is_not_action && effect == "Allow" => Permission::AssumeRole,
        (resource, not) => {
            let verb = match (effect, is_not_action) {
                ("Allow", false) => "allow",
                ("Allow", true) => "allow_except",
                ("Deny", false) => "deny",
                ("Deny", true) => "deny_except",
                _ => return None,
            };
            let (resources, except) = match (resource, not) {
                (Some(resources), None) => (resources, false),
                (None, Some(resources)) => (resources, true),
                _ => return None,
            };
            // An empty list allows nothing, and is written otherwise.
            if resources.as_array().is_some_and(Vec::is_empty) {
                return None;
            }
            Permission::On { verb, actions, except, resources }
        }
    };
    let to = principals(members.get("Principal"))?;
    let to_all_except = principals(members.get("NotPrincipal"))?;
    // A statement of a trust policy begins with one who may assume the role, and has no builder for several.
    if matches!(permission, Permission::AssumeRole) && (to.is_empty() || !to_all_except.is_empty()) {
        return None;
    }
    Some(Statement { sid, permission, to, to_all_except, conditions: conditions(members.get("Condition"))? })
}

fn texts(json: &Json) -> Option<Vec<&str>> {
    match json {
        Json::String(text) => Some(vec![text]),
        Json::Array(items) if !items.is_empty() => items.iter().map(Json::as_str).collect(),
        _ => None,
    }
}

fn principals(json: Option<&Json>) -> Option<Vec<Grantee<'_>>> {
    let members = match json {
        None => return Some(Vec::new()),
        Some(all @ Json::String(text)) if text == "*" => return Some(vec![Grantee { kind: "anyone", id: all }]),
        Some(json) => json.as_object().filter(|members| !members.is_empty())?,
    };
    let mut found = Vec::new();
    for (kind, ids) in members {
        let kind = match kind.as_str() {
            "Service" => "service",
            "AWS" => "aws",
            "Federated" => "federated",
            "CanonicalUser" => "canonical_user",
            _ => return None,
        };
        let ids = ids.as_array().map_or(std::slice::from_ref(ids), Vec::as_slice);
        if ids.is_empty() {
            return None;
        }
        found.extend(ids.iter().map(|id| Grantee { kind, id }));
    }
    Some(found)
}

fn conditions(json: Option<&Json>) -> Option<Vec<Condition<'_>>> {
    let Some(json) = json else { return Some(Vec::new()) };
    let mut found: Vec<Condition<'_>> = Vec::new();
    for (operator, keys) in json.as_object().filter(|members| !members.is_empty())? {
        let keys = keys.as_object().filter(|keys| !keys.is_empty())?;
        let (operator, adverbs) = self::operator(operator)?;
        for (key, value) in keys {
            let twice = keys.keys().filter(|other| other.eq_ignore_ascii_case(key)).count() > 1;
            let is_function = key == "Ref" || key.starts_with("Fn::");
            if twice || is_function || value.as_array().is_some_and(Vec::is_empty) {
                return None;
            }
            found.push(Condition { operator: operator.clone(), adverbs: adverbs.clone(), key, value });
        }
    }
    Some(found)
}

/// The operators whose constants are their words in capitals.
const OPERATORS: [&str; 27] = [
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "DateEquals",
    "DateNotEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "NotIpAddress",
    "ArnEquals",
    "ArnNotEquals",
    "ArnLike",
    "ArnNotLike",
    "Null",
];

fn operator(name: &str) -> Option<(String, Vec<&'static str>)> {
    let mut adverbs = Vec::new();
    let mut rest = name;
    let (mut each, mut if_exists) = (None, None);
    if let Some(after) = rest.strip_prefix("ForAnyValue:") {
        (rest, each) = (after, Some("for_any_value"));
    } else if let Some(after) = rest.strip_prefix("ForAllValues:") {
        (rest, each) = (after, Some("for_all_values"));
    }
    if let Some(before) = rest.strip_suffix("IfExists") {
        (rest, if_exists) = (before, Some("if_exists"));
    }
    adverbs.extend(if_exists);
    adverbs.extend(each);
    OPERATORS.contains(&rest).then(|| (super::case::snake(rest).to_uppercase(), adverbs))
}
