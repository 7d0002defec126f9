//! Principals: who a statement is about.

use crate::value::{IntoValue, Value};

/// A principal: who a statement allows or denies.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>
#[derive(Clone, Debug, PartialEq)]
pub struct Principal {
    pub(super) kind: &'static str,
    pub(super) id: Value<String>,
}

impl Principal {
    /// An AWS service, such as `apigateway.amazonaws.com`.
    pub fn service(name: impl IntoValue<String>) -> Self {
        Self { kind: "Service", id: name.into_value() }
    }

    /// An account by its 12 digits, or a role or user by its ARN.
    pub fn aws(id: impl IntoValue<String>) -> Self {
        Self { kind: "AWS", id: id.into_value() }
    }

    /// An identity provider: a SAML or OIDC provider's ARN, or `cognito-identity.amazonaws.com`.
    pub fn federated(provider: impl IntoValue<String>) -> Self {
        Self { kind: "Federated", id: provider.into_value() }
    }

    /// A canonical user id of S3.
    pub fn canonical_user(id: impl IntoValue<String>) -> Self {
        Self { kind: "CanonicalUser", id: id.into_value() }
    }

    /// Everyone. In an allowance without a condition this makes the resource public.
    pub fn anyone() -> Self {
        Self { kind: "*", id: "*".into_value() }
    }
}
