//! IAM roles, and the inline policies in which their grants stand.

use crate::{
    aws::iam::{Role, role},
    iam::{Operator, Policy, Statement, allow},
    stack::Handle,
    value::{IntoValue, Intrinsic, Value},
};

impl Handle<Role> {
    /// `sts:AssumeRole`; the role's trust policy must allow it too.
    pub fn allow_assume(&self) -> Statement {
        allow("sts:AssumeRole").on(self.arn())
    }

    /// `iam:PassRole` to one service, such as `lambda.amazonaws.com`.
    pub fn allow_pass(&self, service: &str) -> Statement {
        allow("iam:PassRole").on(self.arn()).when(Operator::STRING_EQUALS, "iam:PassedToService", service)
    }
}

impl Role {
    /// Appends an inline policy (`Policies`) with these statements; none where there is no statement, which IAM would
    /// refuse.
    pub fn policy(mut self, name: &str, statements: impl IntoIterator<Item = Statement>) -> Self {
        let document = Policy::new(statements);
        if document.statements().is_empty() {
            return self;
        }
        let policy = role::Policy::new(document, name);
        self.policies = Some(match self.policies {
            None => [policy].into_value(),
            Some(Value::Literal(policies)) => Value::Literal(policies.item(policy)),
            Some(Value::Intrinsic(_)) => Value::Intrinsic(Intrinsic::broken(
                "`policy` cannot append to `Policies`, which was set from an intrinsic; expected a list",
            )),
        });
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{iam::trust, stack::Stack};

    #[test]
    fn a_policy_without_statements_is_left_out() {
        let role = Role::new(trust("states.amazonaws.com")).policy("RunTasks", []);
        assert_eq!(role, Role::new(trust("states.amazonaws.com")));
    }

    #[test]
    fn a_policy_cannot_be_appended_to_an_intrinsic() {
        let mut stack = Stack::new("test");
        let policies = crate::intrinsic::import_value("shared-policies");
        stack
            .add("Role", Role::new(trust("lambda.amazonaws.com")).policies(policies).policy("P", [allow("*").on("*")]));
        let found: Vec<_> = stack.diagnostics().into_iter().map(|fault| (fault.code, fault.message)).collect();
        assert_eq!(
            found,
            [(
                "F1004",
                "`policy` cannot append to `Policies`, which was set from an intrinsic; expected a list".to_owned()
            )]
        );
    }
}
