//! Exports: values of a stack that other stacks of the region take, under names that follow from what they are.

use std::panic::Location;

use super::{Output, Stack};
use crate::{
    diagnostic::{Diagnostic, Path, Source},
    json::Json,
    value::{Entries, Intrinsic, List, Number, Value, record},
};

/// The types that an export carries from one stack to another: an export is a text, a list goes as one with commas.
#[diagnostic::on_unimplemented(
    message = "a value of type `{Self}` cannot be exported",
    label = "expected a text, a number, a boolean or a list of texts"
)]
pub trait Exported: Sized {
    /// The text that is exported.
    #[doc(hidden)]
    fn out(value: &Value<Self>) -> Value<String>;

    /// The value of what is imported.
    #[doc(hidden)]
    fn back(text: Intrinsic) -> Value<Self>;
}

macro_rules! plain {
    ($($type:ty),*) => {$(
        impl Exported for $type {
            fn out(value: &Value<Self>) -> Value<String> {
                value.clone().cast()
            }

            fn back(text: Intrinsic) -> Value<Self> {
                Value::Intrinsic(text)
            }
        }
    )*};
}

plain!(String, bool, i64, f64, Number);

impl Exported for List<String> {
    fn out(value: &Value<Self>) -> Value<String> {
        Value::Intrinsic(Intrinsic::new("Fn::Join", &(",", value)))
    }

    fn back(text: Intrinsic) -> Value<Self> {
        Value::Intrinsic(Intrinsic::new("Fn::Split", &(",", text)))
    }
}

impl Stack {
    /// Exports what a handle of this stack gives, and returns what any other stack of the region takes in its place: an
    /// `Fn::ImportValue`. A second call for the same gives the same. A literal needs no export and comes back as it is.
    ///
    /// The output is named after the resource and its attribute, the export after the stack too: `network:Vpc`, `mail:MailsTopicName`. Both
    /// must stay while another stack imports it. Anything else than one attribute or `Ref` has no name to take: that is
    /// [`export_as`](Self::export_as).
    ///
    /// ```
    /// use formwork::{Stack, aws::ec2::{SecurityGroup, VPC}};
    ///
    /// let mut network = Stack::new("network");
    /// let vpc = network.add("Vpc", VPC::new().cidr_block("10.0.0.0/16"));
    /// let vpc_id = network.export(&vpc.vpc_id());
    ///
    /// let mut service = Stack::new("service");
    /// service.add("Clients", SecurityGroup::new("Clients").vpc_id(vpc_id));
    ///
    /// assert!(network.template().to_yaml().contains("Name: network:Vpc"));
    /// assert!(service.template().to_yaml().contains("!ImportValue network:Vpc"));
    /// ```
    ///
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html>
    #[doc(alias("Fn::ImportValue", "!ImportValue", "Export"))]
    #[track_caller]
    pub fn export<T: Exported + Clone>(&mut self, value: &Value<T>) -> Value<T> {
        let Value::Intrinsic(intrinsic) = value else { return value.clone() };
        match intrinsic.json().and_then(name) {
            Some(id) => self.export_as(&id, value),
            None => {
                let message = "the value is no attribute and no `Ref`, so that its export has no name of its own; \
                               expected `export_as` with a name";
                let source = Source::from(Location::caller());
                self.problems.push(Diagnostic::error("F1030", Path::from("Outputs"), message).declared_at(source));
                value.clone()
            }
        }
    }

    /// The same for a value of any kind, under that id of the output: the export of `Address` of the stack `network`
    /// is `network:Address`.
    #[track_caller]
    pub fn export_as<T: Exported + Clone>(&mut self, id: &str, value: &Value<T>) -> Value<T> {
        if value.literal().is_some() {
            return value.clone();
        }
        let name = format!("{}:{id}", self.name);
        let exported = T::out(value);
        let (json, _) = record(&exported);
        let export = Entries::new().entry("Name", name.as_str());
        let is_there = |output: &Output| json.as_ref().is_ok_and(|json| output.is_export(id, json, &export));
        if !self.outputs.iter().any(is_there) {
            self.output(id, exported).export(name.as_str());
        }
        T::back(Intrinsic::new("Fn::ImportValue", &name))
    }

    /// Whether an output of it is an export.
    pub(crate) fn exports(&self) -> bool {
        self.outputs.iter().any(Output::is_exported)
    }
}

/// The name of what an attribute or a `Ref` gives: that of the resource, and that of the attribute.
fn name(value: &Json) -> Option<String> {
    let (function, argument) = value.as_object()?.iter().next()?;
    let name = match (function.as_str(), argument) {
        ("Ref", Json::String(id)) if !id.contains(':') => id.clone(),
        ("Fn::GetAtt", Json::Array(parts)) => parts.iter().map(Json::as_str).collect::<Option<Vec<_>>>()?.concat(),
        _ => return None,
    };
    Some(name.split('.').collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        aws::{ec2::VPC, sns::Topic, sqs::Queue},
        intrinsic::{join, region},
        stack::Parameter,
    };

    fn outputs(stack: &Stack) -> String {
        stack.template().as_json()["Outputs"].to_string()
    }

    fn of<T: serde::Serialize>(value: &Value<T>) -> String {
        serde_json::to_string(value).unwrap()
    }

    #[test]
    fn an_export_is_named_after_what_it_gives() {
        let mut stack = Stack::new("net");
        let vpc = stack.add("Vpc", VPC::new().cidr_block("10.0.0.0/16"));
        let topic = stack.add("Mails", Topic::new());
        assert_eq!(of(&stack.export(&vpc.vpc_id())), r#"{"Fn::ImportValue":"net:Vpc"}"#);
        assert_eq!(of(&stack.export(&topic.reference())), r#"{"Fn::ImportValue":"net:Mails"}"#);
        assert_eq!(
            of(&stack.export(&vpc.cidr_block_associations())),
            r#"{"Fn::Split":[",",{"Fn::ImportValue":"net:VpcCidrBlockAssociations"}]}"#
        );
        assert_eq!(
            outputs(&stack),
            r#"{"Vpc":{"Value":{"Ref":"Vpc"},"Export":{"Name":"net:Vpc"}},"Mails":{"Value":{"Ref":"Mails"},"Export":{"Name":"net:Mails"}},"VpcCidrBlockAssociations":{"Value":{"Fn::Join":[",",{"Fn::GetAtt":["Vpc","CidrBlockAssociations"]}]},"Export":{"Name":"net:VpcCidrBlockAssociations"}}}"#
        );
        stack.assert_clean();
    }

    #[test]
    fn the_same_is_exported_once_and_a_literal_not_at_all() {
        let mut stack = Stack::new("mail");
        let topic = stack.add("Mails", Topic::new());
        let first = stack.export(&topic.topic_arn());
        assert_eq!(stack.export(&topic.topic_arn()), first);
        assert_eq!(stack.export(&Value::Literal(5_i64)), Value::Literal(5));
        assert_eq!(stack.template().section("Outputs").count(), 1);
        stack.assert_clean();
    }

    #[test]
    fn a_value_without_a_name_is_given_one() {
        let mut stack = Stack::new("mail");
        let topic = stack.add("Mails", Topic::new());
        let address = join("/", [region(), topic.topic_name()]);
        assert_eq!(of(&stack.export_as("Address", &address)), r#"{"Fn::ImportValue":"mail:Address"}"#);
        stack.assert_clean();
        let line = line!() + 1;
        stack.export(&address);
        let found = stack.diagnostics();
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].code, found[0].declared_at.as_ref().map(|at| at.line)), ("F1030", Some(line)));
    }

    #[test]
    fn a_name_that_another_value_has_is_reported() {
        let mut stack = Stack::new("mail");
        let topic = stack.add("Mails", Topic::new());
        stack.output("MailsTopicName", topic.topic_arn());
        stack.export(&topic.topic_name());
        assert_eq!(stack.diagnostics().iter().map(|fault| fault.code).collect::<Vec<_>>(), ["F1001"]);
    }

    #[test]
    fn what_is_of_another_stack_is_no_export_of_this_one() {
        let (mut stack, mut other) = (Stack::new("mail"), Stack::new("other"));
        stack.add("Letters", Queue::new());
        let topic = other.add("Mails", Topic::new());
        stack.export(&topic.topic_arn());
        assert_eq!(stack.diagnostics().iter().map(|fault| fault.code).collect::<Vec<_>>(), ["F1003"]);
    }

    #[test]
    fn a_parameter_is_exported_too() {
        let mut stack = Stack::new("mail");
        stack.add("Letters", Queue::new());
        let stage = stack.parameter("Stage", Parameter::string());
        assert_eq!(of(&stack.export(&stage.reference())), r#"{"Fn::ImportValue":"mail:Stage"}"#);
        stack.assert_clean();
    }
}
