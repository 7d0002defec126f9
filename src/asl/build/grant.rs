//! The grants of a workflow: what its role must be allowed, collected from its tasks.

use crate::iam::{Policy, Statement};

/// The statements, those that differ in their actions alone, or in their resources alone, as one, in the order of first
/// use.
pub(super) fn policy<'a>(statements: impl IntoIterator<Item = &'a Statement>) -> Policy {
    let mut merged: Vec<Statement> = Vec::new();
    for statement in statements.into_iter().cloned().flat_map(Statement::parts) {
        if !merged.iter_mut().any(|known| known.absorb(&statement)) {
            merged.push(statement);
        }
    }
    Policy::new(merged)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iam::allow;

    #[test]
    fn resources_of_the_same_actions_stand_in_one_statement() {
        let except = |resource: &str| crate::iam::allow_except("s3:*").on(resource);
        let statements = [
            allow("lambda:InvokeFunction").on("a"),
            allow("lambda:InvokeFunction").on("b"),
            allow("lambda:InvokeFunction").on("a"),
            except("b"),
            allow("lambda:InvokeFunction").on("a").sid("Other"),
        ];
        assert_eq!(
            policy(&statements),
            Policy::new([
                allow("lambda:InvokeFunction").on_all(["a", "b"]),
                except("b"),
                allow("lambda:InvokeFunction").on("a").sid("Other"),
            ])
        );
    }

    #[test]
    fn actions_on_the_same_resource_stand_in_one_statement() {
        let statements = [
            allow("dynamodb:PutItem").on("table"),
            allow("sqs:SendMessage").on("queue"),
            allow(["dynamodb:GetItem", "dynamodb:PutItem"]).on("table"),
        ];
        assert_eq!(
            policy(&statements),
            Policy::new([
                allow(["dynamodb:PutItem", "dynamodb:GetItem"]).on("table"),
                allow("sqs:SendMessage").on("queue"),
            ])
        );
    }
}
