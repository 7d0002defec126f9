//! The values that custom resources and nested stacks give back, which the registry cannot know.

use crate::{
    aws::cloudformation::{CustomResource, Stack},
    stack::Handle,
    value::Value,
};

impl Handle<CustomResource> {
    /// `!GetAtt`: a value of the `Data` that the custom resource's provider answers with.
    #[doc(alias = "!GetAtt")]
    #[doc(alias = "Fn::GetAtt")]
    pub fn get_att<T>(&self, name: &str) -> Value<T> {
        self.attribute(name)
    }
}

impl Handle<Stack> {
    /// `!GetAtt Outputs.…`: an output of the nested stack.
    pub fn output<T>(&self, name: &str) -> Value<T> {
        self.attribute(&format!("Outputs.{name}"))
    }
}
