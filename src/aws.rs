//! The resource types of CloudFormation.
/// CloudFormation.
pub mod cloudformation {
    /// Custom resource.
    #[derive(Debug)]
    pub struct CustomResource;
    /// Nested stack.
    #[derive(Debug)]
    pub struct Stack;
}
/// IAM.
pub mod iam {
    /// Role.
    #[derive(Debug)]
    pub struct Role {
        /// Policies.
        pub policies: Option<crate::value::Value<crate::value::List<role::Policy>>>,
    }
    /// Role's parts.
    pub mod role {
        /// Inline policy.
        #[derive(Debug)]
        pub struct Policy;
        impl Policy {
            /// New.
            pub fn new(_document: crate::iam::Policy, _name: &str) -> Self {
                Self
            }
        }
    }
}
