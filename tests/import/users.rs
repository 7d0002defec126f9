//! The stack `users`, imported from `users.yaml`.

use formwork::{
    Stack,
    aws::{
        cognito::{
            UserPool, UserPoolClient,
            user_pool::{
                AttributeDataType, AutoVerifiedAttribute, MfaConfiguration, PasswordPolicy, Policies, SchemaAttribute,
                StringAttributeConstraints,
            },
            user_pool_client::ExplicitAuthFlow,
        },
        kms::{Alias, Key},
    },
    iam::Policy,
    intrinsic::{split, stack_name, sub},
    json,
    value::Entries,
};

/// Composes the stack.
pub fn stack() -> Stack {
    let mut stack = Stack::new("users");

    let pool = stack.add(
        "Pool",
        UserPool::new()
            .auto_verified_attributes([AutoVerifiedAttribute::EMAIL])
            .mfa_configuration(MfaConfiguration::OFF)
            .policies(Policies::new().password_policy(PasswordPolicy::new().minimum_length(12).require_symbols(true)))
            .schema([SchemaAttribute::new()
                .name("email")
                .required(true)
                .attribute_data_type(AttributeDataType::STRING)
                .string_attribute_constraints(StringAttributeConstraints::new().min_length("3"))])
            .user_pool_tags(Entries::new().entry("Team", "coffee").entry("Stack", stack_name())),
    );
    stack.add(
        "Client",
        UserPoolClient::new(pool.user_pool_id())
            .explicit_auth_flows([
                ExplicitAuthFlow::ALLOW_REFRESH_TOKEN_AUTH,
                ExplicitAuthFlow::other("ALLOW_NEW_FLOW"),
            ])
            .callback_urls(split(",", "https://a,https://b"))
            .id_token_validity(60),
    );
    let key = stack.add(
        "Key",
        Key::new().enable_key_rotation(true).key_policy(Policy::document(json!({
            "Version": "2012-10-17",
            "Id": "key",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": sub("arn:aws:iam::${AWS::AccountId}:root")},
                    "Action": "kms:*",
                    "Resource": "*"
                }
            ]
        }))),
    );
    stack.add("Alias", Alias::new("alias/users", key.arn()));
    stack
}
