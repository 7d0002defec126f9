//! Principals: who a statement is for.

use super::{
    listed::Listed,
    read::{Reader, each},
};
use crate::{
    json::Json,
    template::intrinsic::{Place, call},
};

/// Who may do something.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Principal {
    /// The one that the policy is attached to.
    Holder,
    /// `*`: everyone, with or without an account.
    Everyone,
    /// Everyone that no statement names.
    Others,
    /// An account, by its id.
    Account(String),
    /// A role, a user, a session.
    Arn(String),
    Service(String),
    /// An identity provider.
    Federated(String),
    /// A canonical user, or of a kind that is not known.
    Else(String),
}

impl Principal {
    /// Whether what is meant includes the other.
    pub fn includes(&self, other: &Self, own: &str) -> bool {
        match (self, other) {
            (Self::Everyone, other) => *other != Self::Holder,
            (Self::Account(id), other) => other.account(own) == Some(id),
            (one, other) => one == other,
        }
    }

    /// The account that it is in.
    pub fn account<'s>(&'s self, own: &'s str) -> Option<&'s str> {
        match self {
            Self::Account(id) => Some(id),
            Self::Arn(arn) if arn.starts_with("arn:") => arn.split(':').nth(4),
            // An attribute of a resource of the template.
            Self::Arn(_) => Some(own),
            _ => None,
        }
    }
}

/// The text of the account of the deployment.
pub(super) fn own_account(reader: &Reader<'_>) -> String {
    reader.text(&serde_json::json!({"Ref": "AWS::AccountId"}))
}

/// Whom a statement is for; none where it says nobody, as in the policy of a role.
pub(super) fn principals(statement: &Json, reader: &Reader<'_>) -> Option<Listed<Principal>> {
    let (except, json) = match (&statement["Principal"], &statement["NotPrincipal"]) {
        (Json::Null, Json::Null) => return None,
        (Json::Null, json) => (true, json),
        (json, _) => (false, json),
    };
    let mut items = Vec::new();
    match json {
        Json::Object(kinds) if call(json, Place::Other).is_none() => {
            for (kind, listed) in kinds {
                items.extend(each(listed).into_iter().map(|item| principal(kind, reader.text(item), reader)));
            }
        }
        other => items.extend(each(other).into_iter().map(|item| principal("AWS", reader.text(item), reader))),
    }
    Some(Listed::new(except, items))
}

fn principal(kind: &str, text: String, reader: &Reader<'_>) -> Principal {
    match kind {
        "AWS" => aws(text, reader),
        "Service" => Principal::Service(service(text, reader)),
        "Federated" => Principal::Federated(text),
        _ => Principal::Else(text),
    }
}

/// A principal of an account.
pub(super) fn aws(text: String, reader: &Reader<'_>) -> Principal {
    let own = own_account(reader);
    let is_account = |id: &str| id == own || (id.len() == 12 && id.bytes().all(|byte| byte.is_ascii_digit()));
    if text == "*" {
        return Principal::Everyone;
    }
    if is_account(&text) {
        return Principal::Account(text);
    }
    match text.split(':').collect::<Vec<_>>().as_slice() {
        ["arn", _, "iam", "", account, "root"] => Principal::Account((*account).to_owned()),
        ["arn", _, "iam" | "sts", "", ..] => Principal::Arn(text),
        _ => match reader.resource(&text) {
            Some(_) => Principal::Arn(text),
            None => Principal::Else(text),
        },
    }
}

/// A service by the name that it has in every region and partition.
pub(super) fn service(text: String, reader: &Reader<'_>) -> String {
    let region = reader.text(&serde_json::json!({"Ref": "AWS::Region"}));
    text.replace(&format!(".{region}."), ".")
}
