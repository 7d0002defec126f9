//! Cognito user pools.

use crate::{
    aws::cognito,
    iam::{Statement, allow},
    stack::Handle,
};

impl Handle<cognito::UserPool> {
    /// Reads users: `AdminGetUser`, `ListUsers`, `AdminListGroupsForUser`.
    pub fn allow_read_users(&self) -> Statement {
        allow(["cognito-idp:AdminGetUser", "cognito-idp:ListUsers", "cognito-idp:AdminListGroupsForUser"])
            .on(self.arn())
    }

    /// Makes, changes and removes users: `AdminCreateUser`, `AdminUpdateUserAttributes`, `AdminDeleteUser`,
    /// `AdminEnableUser`, `AdminDisableUser`.
    pub fn allow_manage_users(&self) -> Statement {
        allow([
            "cognito-idp:AdminCreateUser",
            "cognito-idp:AdminUpdateUserAttributes",
            "cognito-idp:AdminDeleteUser",
            "cognito-idp:AdminEnableUser",
            "cognito-idp:AdminDisableUser",
        ])
        .on(self.arn())
    }
}
