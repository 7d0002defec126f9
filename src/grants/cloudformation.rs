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

impl Stack {
    /// A nested stack whose template is another stack of the project: `TemplateURL` is the file that `synth --all` writes
    /// beside this one's, and `aws cloudformation package` uploads it. What the nested stack is given and what is read of
    /// it is checked where the [`Project`](crate::Project) has both.
    ///
    /// ```
    /// use formwork::{Stack, aws::{cloudformation::Stack as NestedStack, sns::Topic}};
    ///
    /// let mut mail = Stack::new("mail");
    /// let topic = mail.add("Mails", Topic::new());
    /// mail.output("TopicArn", topic.topic_arn());
    ///
    /// let mut shop = Stack::new("shop");
    /// let nested = shop.add("Mail", NestedStack::of(&mail));
    /// shop.output("TopicArn", nested.output("TopicArn"));
    /// assert!(shop.template().to_yaml().contains("TemplateURL: mail.yaml"));
    /// ```
    ///
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html>
    pub fn of(stack: &crate::stack::Stack) -> Self {
        Self::new(stack.template_file())
    }
}

impl Handle<Stack> {
    /// `!GetAtt Outputs.…`: an output of the nested stack.
    pub fn output<T>(&self, name: &str) -> Value<T> {
        self.attribute(&format!("Outputs.{name}"))
    }
}
