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
