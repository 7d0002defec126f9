//! E1020, E1010, E1019, E1011, E1028, E3005, E3015, E6005, E8007: a reference names something that the template
//! does not declare, or an attribute that the resource does not have.

use serde_json::json;

use crate::{
    diagnostic::Diagnostic,
    json::Json,
    schema,
    template::{
        Template,
        reference::{Call, each_call, variables},
    },
};

const DOCS: &str =
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html";

const PSEUDO_PARAMETERS: [&str; 8] = [
    "AWS::AccountId",
    "AWS::NoValue",
    "AWS::NotificationARNs",
    "AWS::Partition",
    "AWS::Region",
    "AWS::StackId",
    "AWS::StackName",
    "AWS::URLSuffix",
];

pub(in crate::check) fn check(template: &Template, found: &mut Vec<Diagnostic>) {
    // A macro may declare anything: what it adds cannot be known here.
    let transforms = template.as_json().get("Transform").unwrap_or(&Json::Null);
    if [transforms]
        .into_iter()
        .chain(transforms.as_array().into_iter().flatten())
        .any(|name| !name.is_null() && !name.is_array() && *name != json!("AWS::LanguageExtensions"))
    {
        return;
    }
    let mut names = Names { template, found };
    each_call(template, &mut |call| names.call(&call));
    for (id, resource) in template.section("Resources") {
        let path = format!("Resources/{id}");
        let depends_on = &resource["DependsOn"];
        for name in depends_on.as_array().map_or(std::slice::from_ref(depends_on), Vec::as_slice) {
            if let Some(name) = name.as_str() {
                names.expect("E3005", "`DependsOn`", name, &["Resources"], &format!("{path}/DependsOn"));
            }
        }
        names.condition("E3015", resource, &path);
    }
    for (id, output) in template.section("Outputs") {
        names.condition("E6005", output, &format!("Outputs/{id}"));
    }
}

struct Names<'a> {
    template: &'a Template,
    found: &'a mut Vec<Diagnostic>,
}

impl Names<'_> {
    fn call(&mut self, call: &Call<'_>) {
        let Call { function, argument, path } = *call;
        match (function, argument) {
            ("Ref", Json::String(name)) => self.reference("E1020", "`Ref`", name, path),
            ("Condition", Json::String(name)) if in_condition(path) => {
                self.expect("E8007", "`Condition`", name, &["Conditions"], path);
            }
            ("Fn::GetAtt", Json::String(dotted)) => {
                let (name, attribute) = dotted.split_once('.').unwrap_or((dotted, ""));
                self.attribute("E1010", "`Fn::GetAtt`", name, attribute, path);
            }
            ("Fn::GetAtt", Json::Array(parts)) => {
                if let [Json::String(name), attribute] = parts.as_slice() {
                    self.attribute("E1010", "`Fn::GetAtt`", name, attribute.as_str().unwrap_or_default(), path);
                }
            }
            ("Fn::If", Json::Array(parts)) => {
                if let Some(name) = parts.first().and_then(Json::as_str) {
                    self.expect("E1028", "`Fn::If`", name, &["Conditions"], path);
                }
            }
            ("Fn::FindInMap", Json::Array(parts)) => {
                if let Some(name) = parts.first().and_then(Json::as_str) {
                    self.expect("E1011", "`Fn::FindInMap`", name, &["Mappings"], path);
                }
            }
            ("Fn::Sub", Json::String(text)) => self.substitution(text, &Json::Null, path),
            ("Fn::Sub", Json::Array(parts)) => {
                if let [Json::String(text), values] = parts.as_slice() {
                    self.substitution(text, values, path);
                }
            }
            _ => {}
        }
    }

    fn reference(&mut self, code: &'static str, what: &str, name: &str, path: &str) {
        if !PSEUDO_PARAMETERS.contains(&name) {
            self.expect(code, what, name, &["Resources", "Parameters"], path);
        }
    }

    /// `attribute` is empty where it is not known here.
    fn attribute(&mut self, code: &'static str, what: &str, name: &str, attribute: &str, path: &str) {
        self.expect(code, what, name, &["Resources"], path);
        let kind = self.template.as_json()["Resources"][name]["Type"].as_str().unwrap_or_default();
        if let Some(schema) = schema::of(kind)
            && !attribute.is_empty()
            && schema.attribute(attribute).is_none()
        {
            let message = format!("{what} asks `{name}` for `{attribute}`; expected an attribute that `{kind}` has");
            self.found
                .push(Diagnostic::error(code, path, message).did_you_mean(attribute, schema.attributes()).docs(DOCS));
        }
    }

    fn substitution(&mut self, text: &str, values: &Json, path: &str) {
        for name in variables(text) {
            if values.get(name).is_some() {
                continue;
            }
            match name.split_once('.') {
                Some((resource, attribute)) => self.attribute("E1019", "`Fn::Sub`", resource, attribute, path),
                None => self.reference("E1019", "`Fn::Sub`", name, path),
            }
        }
    }

    fn condition(&mut self, code: &'static str, entry: &Json, path: &str) {
        if let Some(name) = entry["Condition"].as_str() {
            self.expect(code, "`Condition`", name, &["Conditions"], &format!("{path}/Condition"));
        }
    }

    fn expect(&mut self, code: &'static str, what: &str, name: &str, sections: &[&str], path: &str) {
        if sections.iter().any(|section| self.template.as_json()[section].get(name).is_some()) {
            return;
        }
        let kind = match sections {
            ["Resources", "Parameters"] => "resource or parameter",
            ["Conditions"] => "condition",
            ["Mappings"] => "mapping",
            _ => "resource",
        };
        let message = format!("{what} names `{name}`, which the stack does not declare; expected a {kind} of it");
        let known = sections.iter().flat_map(|section| self.template.section(section).map(|(known, _)| known));
        self.found.push(Diagnostic::error(code, path, message).did_you_mean(name, known).docs(DOCS));
    }
}

/// Whether `{"Condition": name}` is the function there, and not IAM's element or a free key.
fn in_condition(path: &str) -> bool {
    path.starts_with("Conditions/")
        || ["/Fn::And/", "/Fn::Or/", "/Fn::Not/"].iter().any(|function| path.contains(function))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::assert_finds;

    #[test]
    fn every_kind_of_reference_is_resolved() {
        let template = json!({
            "Parameters": {"Days": {"Type": "Number"}},
            "Mappings": {"Zones": {"eu": {"Name": "Berlin"}}},
            "Conditions": {"Long": {"Fn::Equals": [{"Ref": "Days"}, "30"]}, "Both": {"Fn::And": [{"Condition": "Long"}, {"Condition": "Long"}]}},
            "Resources": {
                "Topic": {"Type": "AWS::SNS::Topic", "Condition": "Long", "Properties": {
                    "TopicName": {"Fn::Sub": ["${AWS::StackName}-${Days}-${Own}-${!Kept}-${Queue.Arn}", {"Own": "x"}]},
                    "DisplayName": {"Fn::If": ["Both", {"Fn::FindInMap": ["Zones", "eu", "Name"]}, {"Ref": "AWS::NoValue"}]},
                }},
                "Queue": {"Type": "AWS::SQS::Queue", "DependsOn": ["Topic"]},
            },
            "Outputs": {"Arn": {"Condition": "Long", "Value": {"Fn::GetAtt": ["Queue", "Arn"]}}},
        });
        assert_finds(check, template, &[]);
    }

    #[test]
    fn a_name_that_is_not_declared_is_reported_with_the_nearest_one() {
        let template = json!({
            "Resources": {
                "ReportTopic": {"Type": "AWS::SNS::Topic"},
                "Publish": {"Type": "Custom::Publish", "DependsOn": "Nothing", "Properties": {
                    "Topic": {"Ref": "ReportTopik"},
                    "Text": {"Fn::Sub": "to ${ReportTopic.TopicName} of ${Stage}"},
                }},
            },
        });
        assert_finds(
            check,
            template,
            &[
                "error[E3005]: `DependsOn` names `Nothing`, which the stack does not declare; expected a resource of it\n  \
                 at   Resources/Publish/DependsOn\n  \
                 docs https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html",
                "error[E1019]: `Fn::Sub` names `Stage`, which the stack does not declare; expected a resource or parameter of it\n  \
                 at   Resources/Publish/Properties/Text\n  \
                 docs https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html",
                "error[E1020]: `Ref` names `ReportTopik`, which the stack does not declare; expected a resource or parameter of it\n  \
                 at   Resources/Publish/Properties/Topic\n  \
                 help did you mean `ReportTopic`?\n  \
                 docs https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html",
            ],
        );
    }

    #[test]
    fn an_attribute_that_the_resource_does_not_have_is_reported() {
        let template = json!({"Resources": {
            "Queue": {"Type": "AWS::SQS::Queue"},
            "Own": {"Type": "Custom::Own", "Properties": {
                "A": {"Fn::GetAtt": ["Queue", "Arm"]},
                "B": {"Fn::Sub": "${Queue.Arn} and ${Queue.Url}"},
                "C": {"Fn::GetAtt": "Own.Anything"},
            }},
        }});
        assert_finds(
            check,
            template,
            &[
                "error[E1010]: `Fn::GetAtt` asks `Queue` for `Arm`; expected an attribute that `AWS::SQS::Queue` has\n  \
                 at   Resources/Own/Properties/A\n  \
                 help did you mean `Arn`?\n  \
                 docs https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html",
                "error[E1019]: `Fn::Sub` asks `Queue` for `Url`; expected an attribute that `AWS::SQS::Queue` has\n  \
                 at   Resources/Own/Properties/B\n  \
                 docs https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html",
            ],
        );
    }

    #[test]
    fn an_iam_condition_is_no_reference() {
        let statement = json!({"Condition": {"StringEquals": {"a": "b"}}});
        let template = json!({"Resources": {"R": {"Type": "X::Y::Z", "Properties": {"P": statement, "Choice": {"Condition": "{% true %}"}}}}});
        assert_finds(check, template, &[]);
    }

    #[test]
    fn what_a_macro_may_add_is_not_reported() {
        let template = json!({"Transform": "AWS::Serverless-2016-10-31", "Resources": {"R": {"Type": "X::Y::Z", "Properties": {"P": {"Ref": "FRole"}}}}});
        assert_finds(check, template, &[]);
    }
}
