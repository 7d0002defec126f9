//! A template: what a stack becomes, and what CloudFormation reads.
//!
//! It is held in the long form (`{"Ref": …}`); YAML is written and read with the short tags (`!Ref`) that people use.
//!
//! ```
//! use formwork::template::Template;
//!
//! let template = Template::parse("
//! Resources:
//!   Orders:
//!     Type: AWS::SQS::Queue
//!     Properties:
//!       QueueName: !Sub ${AWS::StackName}-orders
//! Outputs:
//!   OrdersArn:
//!     Value: !GetAtt Orders.Arn
//! ")?;
//! assert_eq!(
//!     template.as_json()["Outputs"]["OrdersArn"]["Value"],
//!     formwork::json!({"Fn::GetAtt": ["Orders", "Arn"]}),
//! );
//! assert_eq!(template.to_yaml(), "\
//! Resources:
//!   Orders:
//!     Type: AWS::SQS::Queue
//!     Properties:
//!       QueueName: !Sub ${AWS::StackName}-orders
//! Outputs:
//!   OrdersArn:
//!     Value: !GetAtt Orders.Arn
//! ");
//! # Ok::<(), formwork::template::ParseError>(())
//! ```

use std::{borrow::Cow, collections::BTreeMap, sync::OnceLock};

use crate::{
    diagnostic::{Diagnostic, Path, Position},
    json::{self, Json},
};

mod document;
pub(crate) mod intrinsic;
pub(crate) mod machine;
mod mark;
mod parse_error;
mod plain;
mod read;
pub(crate) mod reference;
mod scalar;
mod token;
mod yaml;

pub use document::Document;
pub use parse_error::ParseError;

/// A CloudFormation template in its long form (`{"Ref": …}`), sections in AWS's order.
#[derive(Clone, Debug, PartialEq)]
pub struct Template(Document, Derived);

/// What follows from the JSON of a template, once somebody wanted it; so two are never different.
#[derive(Clone, Debug, Default)]
struct Derived {
    yaml: OnceLock<String>,
    /// The logical ids of the resources of each type, in their order.
    of_type: OnceLock<BTreeMap<String, Vec<String>>>,
}

impl PartialEq for Derived {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Template {
    pub(crate) fn new(json: Json) -> Self {
        Self(Document::made(json), Derived::default())
    }

    /// A template without resources, which a stack that does not exist has.
    pub(crate) fn empty() -> Self {
        Self::new(serde_json::json!({"Resources": {}}))
    }

    /// Reads a template: JSON, or YAML with or without short tags. Order and the form of numbers are kept.
    ///
    /// Unquoted YAML words mean what they mean to CloudFormation, which reads YAML 1.1: `yes` is a boolean, `0777` is
    /// octal, `1e3` is a string. Dates are strings, and keys are taken as they are written.
    ///
    /// # Errors
    ///
    /// Text that is neither YAML nor JSON, or that CloudFormation would refuse or misread: a key written twice, an
    /// anchor or alias, a merge key, an unknown tag, a second document, more than 100 levels, a root that is not a map.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        read::template(text).map(|read| Self(Document::read(read), Derived::default()))
    }

    /// The entries of one section, such as `Resources`, in order; none where there is no such section.
    pub fn section(&self, name: &str) -> impl Iterator<Item = (&str, &Json)> {
        let entries = self.0.json.get(name).and_then(Json::as_object);
        entries.into_iter().flatten().map(|(id, entry)| (id.as_str(), entry))
    }

    /// The resources of a type, in order.
    pub(crate) fn resources_of(&self, kind: &str) -> impl Iterator<Item = (&str, &Json)> {
        let of_type = self.1.of_type.get_or_init(|| {
            let mut of_type: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for (id, resource) in self.section("Resources") {
                if let Some(kind) = resource.get("Type").and_then(Json::as_str) {
                    of_type.entry(kind.to_owned()).or_default().push(id.to_owned());
                }
            }
            of_type
        });
        let resources = self.0.json.get("Resources");
        let ids = of_type.get(kind).map_or(&[][..], Vec::as_slice);
        ids.iter().filter_map(move |id| Some((id.as_str(), resources?.get(id)?)))
    }

    /// The names in `Transform`, which holds one macro or a list of them, each by its name or as a map with `Name` and
    /// `Parameters`; none of one that is neither.
    pub(crate) fn transforms(&self) -> impl Iterator<Item = Option<&str>> {
        let transform = self.as_json().get("Transform");
        let names = transform.map_or(&[][..], |json| json.as_array().map_or(std::slice::from_ref(json), Vec::as_slice));
        names.iter().filter(|name| !name.is_null()).map(|name| name.get("Name").unwrap_or(name).as_str())
    }

    /// The template as JSON.
    pub fn as_json(&self) -> &Json {
        self.0.as_json()
    }

    /// Where something is in the text that the template was read from; none for one that a stack has made.
    ///
    /// What has a key is located at the key, as cfn-lint does: that is the right place for a name that is wrong, and the
    /// beginning of the line that is to be changed for a value that is. An item of a list is located at the item, a
    /// function that a short tag calls at the tag, the whole template at its first key. What is not there is located at
    /// the nearest thing around it: a missing property at its `Properties`, a state of a `DefinitionString` at the text.
    ///
    /// ```
    /// use formwork::{check, template::Template};
    /// let template = Template::parse("\
    /// Resources:
    ///   Letters:
    ///     Type: AWS::SQS::Queue
    ///     Properties:
    ///       QueueName: !Ref Stage
    /// ")?;
    /// let mut found = check::all(&template);
    /// template.locate(&mut found, "template.yaml");
    /// assert_eq!(found[0].origin().unwrap().to_string(), "template.yaml:5:7");
    /// # Ok::<(), formwork::template::ParseError>(())
    /// ```
    pub fn position(&self, path: &Path) -> Option<Position> {
        self.0.position(path)
    }

    /// Gives its place in `file`, which the template was read from, to each diagnostic that has neither a Rust line nor
    /// a place yet.
    pub fn locate(&self, diagnostics: &mut [Diagnostic], file: &str) {
        self.0.locate(diagnostics, file);
    }

    /// The template as YAML text, with short tags, and literal blocks for text of several lines.
    ///
    /// Every string reads back the same with a YAML 1.1 reader (CloudFormation, the AWS CLI) and a YAML 1.2 reader. All
    /// of it is ASCII, since the AWS CLI reads a file in the encoding of the locale: other characters are escaped.
    pub fn to_yaml(&self) -> String {
        self.yaml().to_owned()
    }

    /// The same, written once however often it is asked for.
    pub(crate) fn yaml(&self) -> &str {
        self.1.yaml.get_or_init(|| yaml::write(self.0.as_json()))
    }

    /// The template as JSON text, indented by two spaces, in ASCII.
    pub fn to_json(&self) -> String {
        json::ascii(&self.0.json, true) + "\n"
    }

    /// The template as JSON text on one line, in ASCII: the shortest form.
    pub fn to_compact_json(&self) -> String {
        json::ascii(&self.0.json, false) + "\n"
    }

    /// The text of a form, which the checks want the length of, and a synthesis all of.
    pub(crate) fn text(&self, form: Form) -> Cow<'_, str> {
        match form {
            Form::Yaml => self.yaml().into(),
            Form::Json => self.to_json().into(),
            Form::CompactJson => self.to_compact_json().into(),
        }
    }
}

/// A form that a template is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Yaml,
    Json,
    CompactJson,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_is_indented_by_two_and_ends_its_last_line() {
        let template = Template::new(json!({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}));
        assert_eq!(
            template.to_json(),
            "{\n  \"Resources\": {\n    \"Topic\": {\n      \"Type\": \"AWS::SNS::Topic\"\n    }\n  }\n}\n"
        );
    }

    #[test]
    fn fractions_survive_to_the_last_digit() {
        // Read without care, the second loses its last bit.
        let template = Template::new(json!({"A": [0.1, 5.132_572_711_935_29e-74, f64::MAX, f64::MIN_POSITIVE, -0.0]}));
        assert_eq!(Template::parse(&template.to_json()).unwrap().to_json(), template.to_json());
        assert_eq!(Template::parse(&template.to_yaml()).unwrap().to_json(), template.to_json());
    }

    #[test]
    fn a_parse_error_says_where_it_is() {
        let error = Template::parse("Resources:\n  A: !Refs B\n").unwrap_err();
        assert_eq!((error.line, error.column), (Some(2), Some(6)));
        assert_eq!(
            error.to_string(),
            "line 2, column 6: `!Refs` is not a function of CloudFormation; did you mean `!Ref`?"
        );
    }
}
