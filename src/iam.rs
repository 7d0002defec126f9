//! IAM policy documents as values: statements written where the role is written.
//!
//! A permission starts with [`allow`] or [`deny`], and is a [`Statement`] once it says on what:
//!
//! ```
//! use formwork::{Stack, aws::{iam::Role, sqs::Queue}, iam::{allow, trust}};
//! let mut stack = Stack::new("orders");
//! let queue = stack.add("Orders", Queue::new());
//! stack.add(
//!     "SenderRole",
//!     Role::new(trust("lambda.amazonaws.com"))
//!         .policy("SendOrders", [queue.allow_send(), allow("sqs:ListQueues").on("*")]),
//! );
//! # assert!(stack.diagnostics().is_empty());
//! ```
//!
//! What one commonly grants has a name on the handle ([`queue.allow_send()`](crate::Handle#method.allow_send)):
//! the list is in [`grants`](crate::grants).

mod operator;
mod principal;

use serde::{Serialize, Serializer, ser::SerializeMap};

pub use operator::Operator;
pub use principal::Principal;

use crate::{
    json::Json,
    value::{Entries, IntoValue, Intrinsic, List, Value},
};

/// A policy document, version 2012-10-17.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html>
#[derive(Clone, Debug, PartialEq)]
pub struct Policy(Content);

#[derive(Clone, Debug, PartialEq)]
enum Content {
    Statements(Vec<Statement>),
    Document(Json),
}

impl Policy {
    /// A document of these statements.
    pub fn new(statements: impl IntoIterator<Item = Statement>) -> Self {
        Self(Content::Statements(statements.into_iter().flat_map(Statement::parts).collect()))
    }

    /// A document that is there already, as JSON.
    pub fn document(json: Json) -> Self {
        Self(Content::Document(json))
    }

    /// The statements; none of a document that was given as JSON.
    pub fn statements(&self) -> &[Statement] {
        match &self.0 {
            Content::Statements(statements) => statements,
            Content::Document(_) => &[],
        }
    }
}

impl Serialize for Policy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Content::Document(json) => json.serialize(serializer),
            Content::Statements(statements) => {
                let mut document = serializer.serialize_map(Some(2))?;
                document.serialize_entry("Version", "2012-10-17")?;
                document.serialize_entry("Statement", statements)?;
                document.end()
            }
        }
    }
}

impl IntoIterator for Policy {
    type Item = Statement;
    type IntoIter = std::vec::IntoIter<Statement>;

    fn into_iter(self) -> Self::IntoIter {
        match self.0 {
            Content::Statements(statements) => statements.into_iter(),
            // Dropping it in silence would drop denials too.
            Content::Document(_) => vec![allow(Vec::new()).on(Value::Intrinsic(Intrinsic::broken(
                "a policy that was given as JSON has no statements to take; expected `Policy::new`, or it as a whole",
            )))]
            .into_iter(),
        }
    }
}

impl<const N: usize> IntoValue<Policy> for [Statement; N] {
    fn into_value(self) -> Value<Policy> {
        Value::Literal(Policy::new(self))
    }
}

impl IntoValue<Policy> for Vec<Statement> {
    fn into_value(self) -> Value<Policy> {
        Value::Literal(Policy::new(self))
    }
}

impl IntoValue<Json> for Policy {
    fn into_value(self) -> Value<Json> {
        Value::<Policy>::Literal(self).cast()
    }
}

/// The trust policy of a role that one AWS service assumes, such as `lambda.amazonaws.com`.
pub fn trust(service: impl IntoValue<String>) -> Policy {
    Policy::new([assume_role(Principal::service(service))])
}

/// The statement of a trust policy: `principal` may assume the role. [`Statement::when`] narrows it.
pub fn assume_role(principal: Principal) -> Statement {
    Permission::new("Allow", Actions { list: vec!["sts:AssumeRole".to_owned()], except: false })
        .statement()
        .to(principal)
}

/// Names of actions: `"sqs:SendMessage"`, or an array or `Vec` of such.
pub trait ActionNames {
    /// The names, in order.
    fn names(self) -> Vec<String>;
}

impl ActionNames for &str {
    fn names(self) -> Vec<String> {
        vec![self.to_owned()]
    }
}

impl<const N: usize> ActionNames for [&str; N] {
    fn names(self) -> Vec<String> {
        self.map(str::to_owned).into()
    }
}

impl ActionNames for Vec<String> {
    fn names(self) -> Vec<String> {
        self
    }
}

/// Allows actions, once [`Permission::on`] says on what.
pub fn allow(actions: impl ActionNames) -> Permission {
    Permission::new("Allow", Actions { list: actions.names(), except: false })
}

/// Denies actions, once [`Permission::on`] says on what. A denial wins over every allowance.
pub fn deny(actions: impl ActionNames) -> Permission {
    Permission::new("Deny", Actions { list: actions.names(), except: false })
}

/// Allows every action but these (`NotAction`).
pub fn allow_except(actions: impl ActionNames) -> Permission {
    Permission::new("Allow", Actions { list: actions.names(), except: true })
}

/// Denies every action but these (`NotAction`).
pub fn deny_except(actions: impl ActionNames) -> Permission {
    Permission::new("Deny", Actions { list: actions.names(), except: true })
}

/// An effect and actions that still lack a resource: not yet a [`Statement`].
#[derive(Clone, Debug)]
#[must_use = "a permission is nothing until `.on(resource)`"]
pub struct Permission {
    effect: &'static str,
    actions: Actions,
}

#[derive(Clone, Debug, PartialEq)]
struct Actions {
    list: Vec<String>,
    except: bool,
}

impl Permission {
    fn new(effect: &'static str, actions: Actions) -> Self {
        Self { effect, actions }
    }

    /// On one resource: an ARN, which may have `*` in it, or `"*"`.
    pub fn on(self, resource: impl IntoValue<String>) -> Statement {
        self.on_all([resource.into_value()])
    }

    /// On several resources.
    pub fn on_all(self, resources: impl IntoValue<List<String>>) -> Statement {
        Statement { resources: Some(resources.into_value()), ..self.statement() }
    }

    /// On every resource but these (`NotResource`).
    pub fn on_all_except(self, resources: impl IntoValue<List<String>>) -> Statement {
        Statement { not_resources: Some(resources.into_value()), ..self.statement() }
    }

    fn statement(self) -> Statement {
        Statement {
            sid: None,
            effect: self.effect,
            principals: Vec::new(),
            not_principals: Vec::new(),
            actions: self.actions,
            resources: None,
            not_resources: None,
            conditions: Entries::new(),
            beside: Vec::new(),
        }
    }
}

/// One statement of a policy, with those that it is of no use without ([`and`](Self::and)).
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_statement.html>
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    sid: Option<String>,
    effect: &'static str,
    principals: Vec<Principal>,
    not_principals: Vec<Principal>,
    actions: Actions,
    resources: Option<Value<List<String>>>,
    not_resources: Option<Value<List<String>>>,
    conditions: Entries<Entries<Json>>,
    /// The statements that go with it into every policy.
    beside: Vec<Statement>,
}

impl Statement {
    /// `Sid`: a name of letters and digits, unique within the policy.
    pub fn sid(mut self, name: impl Into<String>) -> Self {
        self.sid = Some(name.into());
        self
    }

    /// A statement that a policy gets beside this one, wherever this one goes: for what one grant needs on two
    /// resources. Conditions and principals that are added later are those of both.
    ///
    /// ```
    /// use formwork::iam::{Policy, allow};
    /// let read = allow("dynamodb:GetRecords").on("stream").and(allow("dynamodb:ListStreams").on("*"));
    /// assert_eq!(Policy::new([read]).statements().len(), 2);
    /// ```
    pub fn and(mut self, other: Statement) -> Self {
        self.beside.push(other);
        self
    }

    /// The statement itself, and those beside it.
    pub(crate) fn parts(mut self) -> impl Iterator<Item = Statement> {
        let beside: Vec<Statement> =
            self.beside.drain(..).flat_map(|other| other.parts().collect::<Vec<_>>()).collect();
        std::iter::once(self).chain(beside)
    }

    /// `Principal`: to whom it applies; only in policies of resources and in trust policies. Repeatable.
    pub fn to(mut self, principal: Principal) -> Self {
        self.beside = self.beside.into_iter().map(|other| other.to(principal.clone())).collect();
        self.principals.push(principal);
        self
    }

    /// `NotPrincipal`: to whom it does not apply. Repeatable.
    pub fn to_all_except(mut self, principal: Principal) -> Self {
        self.beside = self.beside.into_iter().map(|other| other.to_all_except(principal.clone())).collect();
        self.not_principals.push(principal);
        self
    }

    /// `Condition`: applies only where the key of the request compares so with the value. All conditions must hold.
    pub fn when(self, operator: Operator, key: &str, value: impl IntoValue<String>) -> Self {
        self.compare(operator, key, value.into_value().cast())
    }

    /// `Condition` with several values, of which one must match.
    pub fn when_any(self, operator: Operator, key: &str, values: impl IntoValue<List<String>>) -> Self {
        self.compare(operator, key, values.into_value().cast())
    }

    fn compare(mut self, operator: Operator, key: &str, value: Value<Json>) -> Self {
        self.beside =
            self.beside.into_iter().map(|other| other.compare(operator.clone(), key, value.clone())).collect();
        let keys = match self.conditions.iter().find(|(known, _)| *known == operator.0) {
            Some((_, Value::Literal(keys))) => keys.clone(),
            _ => Entries::new(),
        };
        // A second entry would take the place of the first, and allow more than was written.
        let value = match keys.iter().any(|(known, _)| known.eq_ignore_ascii_case(key)) {
            true => Value::Intrinsic(Intrinsic::broken(format!(
                "the condition `{}` compares `{key}` twice; expected it once, with `when_any` for several values",
                operator.0
            ))),
            false => value,
        };
        self.conditions = self.conditions.entry(operator.0, keys.entry(key, value));
        self
    }

    /// Takes in `other` if the two differ in nothing but the actions, or in nothing but the resources; says whether it
    /// did.
    pub(crate) fn absorb(&mut self, other: &Statement) -> bool {
        let named = !self.actions.except && !other.actions.except;
        if named && *self == (Statement { actions: self.actions.clone(), ..other.clone() }) {
            let new = other.actions.list.iter().filter(|action| !self.actions.list.contains(action));
            self.actions.list.extend(new.cloned().collect::<Vec<_>>());
            return true;
        }
        match (&self.resources, &other.resources) {
            (Some(Value::Literal(own)), Some(Value::Literal(others)))
                if *self == (Statement { resources: self.resources.clone(), ..other.clone() }) =>
            {
                let new = others.iter().filter(|resource| !own.iter().any(|known| known == *resource));
                self.resources = Some(Value::Literal(own.iter().chain(new).collect()));
                true
            }
            _ => false,
        }
    }
}

impl Serialize for Statement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(sid) = &self.sid {
            map.serialize_entry("Sid", sid)?;
        }
        map.serialize_entry("Effect", self.effect)?;
        for (key, principals) in [("Principal", &self.principals), ("NotPrincipal", &self.not_principals)] {
            if !principals.is_empty() {
                map.serialize_entry(key, &by_kind(principals))?;
            }
        }
        let actions = if self.actions.except { "NotAction" } else { "Action" };
        map.serialize_entry(actions, &OneOrMany(&self.actions.list))?;
        for (key, resources) in [("Resource", &self.resources), ("NotResource", &self.not_resources)] {
            match resources {
                None => {}
                Some(Value::Literal(list)) => {
                    map.serialize_entry(key, &OneOrMany(&list.iter().collect::<Vec<_>>()))?;
                }
                Some(intrinsic) => map.serialize_entry(key, intrinsic)?,
            }
        }
        if !self.conditions.is_empty() {
            map.serialize_entry("Condition", &self.conditions)?;
        }
        map.end()
    }
}

/// A list that is a bare value where it has one: IAM takes that for a list of one, and it is what people write.
struct OneOrMany<'a, T>(&'a [T]);

impl<T: Serialize> Serialize for OneOrMany<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            [one] => one.serialize(serializer),
            many => many.serialize(serializer),
        }
    }
}

fn by_kind(principals: &[Principal]) -> Value<Json> {
    if principals.iter().any(|principal| principal.kind == "*") {
        return Value::Literal("*".into());
    }
    let ids = |kind: &str| principals.iter().filter(|p| p.kind == kind).map(|p| &p.id).collect::<Vec<_>>();
    let entries = principals.iter().map(|p| (p.kind, Intrinsic::capture(&OneOrMany(&ids(p.kind)))));
    Value::Literal(entries.map(|(kind, ids)| (kind, Value::<Json>::Intrinsic(ids))).collect::<Entries<Json>>()).cast()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::intrinsic::account_id;

    fn give(value: impl Serialize, expected: &str) {
        assert_eq!(serde_json::to_string(&value).unwrap(), expected);
    }

    #[test]
    fn a_list_of_one_is_written_bare() {
        give(allow("s3:GetObject").on("a"), r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"a"}"#);
        give(
            deny(["s3:GetObject", "s3:PutObject"]).on_all(["a", "b"]).sid("No"),
            r#"{"Sid":"No","Effect":"Deny","Action":["s3:GetObject","s3:PutObject"],"Resource":["a","b"]}"#,
        );
    }

    #[test]
    fn what_goes_with_a_statement_is_in_its_policy_under_the_same_conditions() {
        let read = allow("dynamodb:GetRecords").on("stream").and(allow("dynamodb:ListStreams").on("*"));
        let policy = Policy::new([read.when(Operator::STRING_EQUALS, "aws:PrincipalTag/Team", "coffee")]);
        let condition = r#""Condition":{"StringEquals":{"aws:PrincipalTag/Team":"coffee"}}"#;
        give(
            policy,
            &format!(
                r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"dynamodb:GetRecords","Resource":"stream",{condition}}},{{"Effect":"Allow","Action":"dynamodb:ListStreams","Resource":"*",{condition}}}]}}"#
            ),
        );
    }

    #[test]
    fn what_is_excepted_has_the_elements_with_not() {
        give(allow_except("iam:*").on_all_except(["a"]), r#"{"Effect":"Allow","NotAction":"iam:*","NotResource":"a"}"#);
        give(
            deny_except(vec!["s3:GetObject".to_owned()]).on("*").to_all_except(Principal::aws("123456789012")),
            r#"{"Effect":"Deny","NotPrincipal":{"AWS":"123456789012"},"NotAction":"s3:GetObject","Resource":"*"}"#,
        );
    }

    #[test]
    fn principals_stand_by_kind_and_anyone_is_everyone() {
        let statement = allow("sns:Publish")
            .on("*")
            .to(Principal::service("events.amazonaws.com"))
            .to(Principal::aws(account_id()))
            .to(Principal::service("s3.amazonaws.com"))
            .to(Principal::federated("cognito-identity.amazonaws.com"))
            .to(Principal::canonical_user("79a5"));
        assert_eq!(
            serde_json::to_value(&statement).unwrap()["Principal"].to_string(),
            r#"{"Service":["events.amazonaws.com","s3.amazonaws.com"],"AWS":{"Ref":"AWS::AccountId"},"Federated":"cognito-identity.amazonaws.com","CanonicalUser":"79a5"}"#
        );
        assert_eq!(serde_json::to_value(statement.to(Principal::anyone())).unwrap()["Principal"], "*");
    }

    #[test]
    fn all_conditions_must_hold_and_any_value_of_one() {
        let statement = allow("s3:GetObject")
            .on("*")
            .when(Operator::BOOL, "aws:SecureTransport", "true")
            .when(Operator::STRING_EQUALS, "aws:SourceAccount", account_id())
            .when_any(Operator::STRING_EQUALS.if_exists().for_any_value(), "aws:TagKeys", ["a", "b"])
            .when(Operator::BOOL, "aws:MultiFactorAuthPresent", "true");
        assert_eq!(
            serde_json::to_value(statement).unwrap()["Condition"].to_string(),
            r#"{"Bool":{"aws:SecureTransport":"true","aws:MultiFactorAuthPresent":"true"},"StringEquals":{"aws:SourceAccount":{"Ref":"AWS::AccountId"}},"ForAnyValue:StringEqualsIfExists":{"aws:TagKeys":["a","b"]}}"#
        );
    }

    #[test]
    fn a_trust_policy_names_who_may_assume_the_role() {
        give(
            trust("lambda.amazonaws.com"),
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#,
        );
    }

    #[test]
    fn a_document_of_ones_own_is_taken_as_it_is() {
        let document = json!({"Version": "2008-10-17", "Statement": {"Effect": "Allow"}});
        assert_eq!(serde_json::to_value(Policy::document(document.clone())).unwrap(), document);
    }
}
