//! What is given of a deployment: physical ids, attributes, parameters; in a file, or by the stack itself.

use std::collections::BTreeMap;

use serde_json::json;

use super::super::aws::Bridge;
use crate::{asl::run::Unavailable, json::Json};

/// What the user says of the deployment.
#[derive(Clone, Debug, Default)]
pub(in crate::live) struct Given {
    pub region: Option<String>,
    /// Values of parameters, which count before their defaults.
    pub parameters: Vec<(String, String)>,
    /// The stack that the CLI is asked for.
    pub stack: Option<String>,
    pub deployed: Deployed,
}

/// What a stack has: its resources, its parameters.
#[derive(Clone, Debug, Default)]
pub(in crate::live) struct Deployed {
    resources: BTreeMap<String, Physical>,
    parameters: BTreeMap<String, String>,
    stack_id: Option<String>,
}

/// A resource that is deployed.
#[derive(Clone, Debug, Default)]
struct Physical {
    id: String,
    attributes: BTreeMap<String, Json>,
}

impl Given {
    pub(super) fn stack_id(&self) -> Option<&str> {
        self.deployed.stack_id.as_deref()
    }
}

impl Deployed {
    /// Reads an object of physical ids by logical ids, or what `describe-stack-resources` or `list-stack-resources` gave.
    /// In place of an id may stand `{"PhysicalResourceId": …, "Attributes": {"Arn": …}}`.
    pub fn read(json: &Json) -> Result<Self, String> {
        let mut deployed = Self::default();
        let listed = ["StackResources", "StackResourceSummaries"].iter().find_map(|name| json.get(name)?.as_array());
        if let Some(listed) = listed {
            for (position, resource) in listed.iter().enumerate() {
                let text = |name: &str| resource[name].as_str();
                let id = text("LogicalResourceId")
                    .ok_or_else(|| format!("the resource {position} has no `LogicalResourceId`; expected one"))?;
                deployed.stack_id = deployed.stack_id.or_else(|| text("StackId").map(str::to_owned));
                // A resource that is not there yet has none.
                if let Some(physical) = text("PhysicalResourceId") {
                    let physical = Physical { id: physical.to_owned(), ..Physical::default() };
                    deployed.resources.insert(id.to_owned(), physical);
                }
            }
            return Ok(deployed);
        }
        let members = json.as_object().ok_or("it holds no object; expected physical ids by logical ids")?;
        for (id, value) in members {
            let expected =
                || format!("`{id}` has no physical id; expected a text, or an object with `PhysicalResourceId`");
            let physical = match value {
                Json::String(text) => Physical { id: text.clone(), ..Physical::default() },
                Json::Object(_) => Physical {
                    id: value["PhysicalResourceId"].as_str().ok_or_else(expected)?.to_owned(),
                    attributes: match &value["Attributes"] {
                        Json::Null => BTreeMap::new(),
                        Json::Object(all) => all.iter().map(|(name, value)| (name.clone(), value.clone())).collect(),
                        _ => {
                            return Err(format!(
                                "the `Attributes` of `{id}` are no object; expected their values by name"
                            ));
                        }
                    },
                },
                _ => return Err(expected()),
            };
            deployed.resources.insert(id.clone(), physical);
        }
        Ok(deployed)
    }

    /// What the CLI says of a stack.
    pub(super) fn ask(stack: &str, bridge: &Bridge, region: &str) -> Result<Self, Unavailable> {
        let wrong = |why: String| Unavailable::new(format!("the resources of the stack `{stack}`: {why}"));
        let input = json!({"StackName": stack});
        let mut deployed =
            Self::read(&bridge.ask("cloudformation", "describeStackResources", input.clone(), region)?)
                .map_err(wrong)?;
        let described = bridge.ask("cloudformation", "describeStacks", input, region)?;
        let parameters = described["Stacks"][0]["Parameters"].as_array();
        for parameter in parameters.into_iter().flatten() {
            let value = parameter["ResolvedValue"].as_str().or_else(|| parameter["ParameterValue"].as_str());
            if let (Some(name), Some(value)) = (parameter["ParameterKey"].as_str(), value) {
                deployed.parameters.insert(name.to_owned(), value.to_owned());
            }
        }
        Ok(deployed)
    }

    /// The same with what was given besides, which counts before it.
    pub(super) fn under(mut self, given: &Self) -> Self {
        self.resources.extend(given.resources.clone());
        self
    }

    pub(super) fn physical_id(&self, logical_id: &str) -> Option<&str> {
        self.resources.get(logical_id).map(|physical| physical.id.as_str())
    }

    pub(super) fn attribute(&self, logical_id: &str, name: &str) -> Option<&Json> {
        self.resources.get(logical_id)?.attributes.get(name)
    }

    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).map(String::as_str)
    }

    /// Whether it says anything of any resource.
    pub(super) fn is_empty(&self) -> bool {
        self.resources.is_empty()
    }
}

/// What the CLI says that the stacks of a region export.
pub(super) fn exports(bridge: &Bridge, region: &str) -> Result<BTreeMap<String, String>, Unavailable> {
    let mut exports = BTreeMap::new();
    let mut input = json!({});
    loop {
        let page = bridge.ask("cloudformation", "listExports", input, region)?;
        for export in page["Exports"].as_array().into_iter().flatten() {
            if let (Some(name), Some(value)) = (export["Name"].as_str(), export["Value"].as_str()) {
                exports.insert(name.to_owned(), value.to_owned());
            }
        }
        match page["NextToken"].as_str() {
            Some(token) => input = json!({"NextToken": token}),
            None => return Ok(exports),
        }
    }
}

/// What the CLI says that a stack puts out under a name.
pub(super) fn output(bridge: &Bridge, region: &str, stack: &str, name: &str) -> Result<Option<Json>, Unavailable> {
    let described = bridge.ask("cloudformation", "describeStacks", json!({"StackName": stack}), region)?;
    let outputs = described["Stacks"][0]["Outputs"].as_array();
    let output = outputs.into_iter().flatten().find(|output| output["OutputKey"] == name);
    Ok(output.map(|output| output["OutputValue"].clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn physical_ids_come_plain_or_as_the_cli_prints_them() {
        let plain =
            json!({"Bucket": "b-1", "Cluster": {"PhysicalResourceId": "c-1", "Attributes": {"DBClusterArn": "arn:c"}}});
        let plain = Deployed::read(&plain).unwrap();
        assert_eq!((plain.physical_id("Bucket"), plain.physical_id("Cluster")), (Some("b-1"), Some("c-1")));
        assert_eq!(plain.attribute("Cluster", "DBClusterArn"), Some(&json!("arn:c")));
        let id = "arn:aws:cloudformation:eu-west-1:111122223333:stack/s/1";
        let printed = json!({"StackResources": [
            {"StackId": id, "LogicalResourceId": "Bucket", "PhysicalResourceId": "b-1", "ResourceType": "AWS::S3::Bucket"},
            {"StackId": id, "LogicalResourceId": "Failed", "ResourceType": "AWS::S3::Bucket"},
        ]});
        let printed = Deployed::read(&printed).unwrap();
        assert_eq!((printed.physical_id("Bucket"), printed.physical_id("Failed")), (Some("b-1"), None));
        assert_eq!(printed.stack_id.as_deref(), Some(id));
        let listed = json!({"StackResourceSummaries": [{"LogicalResourceId": "A", "PhysicalResourceId": "1"}]});
        assert_eq!(Deployed::read(&listed).unwrap().physical_id("A"), Some("1"));
    }

    #[test]
    fn what_is_none_is_said() {
        let refused = |json: Json| Deployed::read(&json).unwrap_err();
        assert_eq!(refused(json!([])), "it holds no object; expected physical ids by logical ids");
        assert!(refused(json!({"A": 5})).starts_with("`A` has no physical id"));
        assert!(refused(json!({"A": {"Attributes": {}}})).starts_with("`A` has no physical id"));
        assert!(refused(json!({"A": {"PhysicalResourceId": "a", "Attributes": 1}})).contains("are no object"));
        assert!(refused(json!({"StackResources": [{}]})).contains("has no `LogicalResourceId`"));
    }
}
