//! Evaluation of intrinsic functions, as CloudFormation does it while deploying.

use serde_json::json;

use super::Resources;
use crate::{asl::run::Unavailable, json::Json};

impl Resources {
    /// A value with all functions in it evaluated; none where it is `AWS::NoValue`.
    pub(super) fn evaluate(&self, value: &Json) -> Result<Option<Json>, Unavailable> {
        match value {
            Json::Array(items) => {
                let items = items.iter().filter_map(|item| self.evaluate(item).transpose());
                Ok(Some(items.collect::<Result<_, _>>()?))
            }
            Json::Object(members) => {
                if let Some((function, argument)) = members.iter().next().filter(|_| members.len() == 1)
                    && (function == "Ref" || function.starts_with("Fn::"))
                {
                    return self.call(function, argument);
                }
                let members = members.iter().filter_map(|(name, member)| match self.evaluate(member) {
                    Ok(member) => Some(Ok((name.clone(), member?))),
                    Err(error) => Some(Err(error)),
                });
                Ok(Some(Json::Object(members.collect::<Result<_, Unavailable>>()?)))
            }
            plain => Ok(Some(plain.clone())),
        }
    }

    fn call(&self, function: &str, argument: &Json) -> Result<Option<Json>, Unavailable> {
        let malformed =
            || Unavailable::new(format!("`{function}` of `{argument}` cannot be resolved; expected its form"));
        let resolved = |value: Option<&Json>| -> Result<Json, Unavailable> {
            self.evaluate(value.ok_or_else(malformed)?)?.ok_or_else(malformed)
        };
        let text = |value: Option<&Json>| scalar(&resolved(value)?).ok_or_else(malformed);
        let value: Json = match function {
            "Ref" => return self.reference(argument.as_str().ok_or_else(malformed)?),
            "Fn::GetAtt" => {
                let (id, attribute) = match argument {
                    Json::String(path) => path.split_once('.').map(|(id, name)| (id.to_owned(), name.to_owned())),
                    Json::Array(parts) => parts.split_first().and_then(|(id, names)| {
                        let names = names.iter().map(Json::as_str).collect::<Option<Vec<_>>>()?;
                        Some((id.as_str()?.to_owned(), names.join(".")))
                    }),
                    _ => None,
                }
                .ok_or_else(malformed)?;
                self.attribute(&id, &attribute)?
            }
            "Fn::Sub" => {
                let (template, own) = match argument {
                    Json::Array(parts) => {
                        (parts.first().and_then(Json::as_str), parts.get(1).and_then(Json::as_object))
                    }
                    text => (text.as_str(), None),
                };
                self.substituted(template.ok_or_else(malformed)?, own)?.into()
            }
            "Fn::Join" => {
                let list = resolved(argument.get(1))?;
                let parts = list.as_array().ok_or_else(malformed)?.iter().map(scalar);
                let parts = parts.collect::<Option<Vec<_>>>().ok_or_else(malformed)?;
                parts.join(argument[0].as_str().ok_or_else(malformed)?).into()
            }
            "Fn::Split" => {
                let delimiter = argument[0].as_str().filter(|it| !it.is_empty()).ok_or_else(malformed)?;
                text(argument.get(1))?.split(delimiter).collect()
            }
            "Fn::Select" => {
                let index: usize = text(argument.get(0))?.parse().map_err(|_| malformed())?;
                resolved(argument.get(1))?.get(index).cloned().ok_or_else(malformed)?
            }
            "Fn::If" => {
                let holds = self.condition(argument[0].as_str().ok_or_else(malformed)?, 0)?;
                return self.evaluate(argument.get(if holds { 1 } else { 2 }).ok_or_else(malformed)?);
            }
            "Fn::FindInMap" => {
                let [map, top, second] = [text(argument.get(0))?, text(argument.get(1))?, text(argument.get(2))?];
                match self.template.as_json()["Mappings"][&map][&top].get(&second) {
                    Some(value) => value.clone(),
                    None => resolved(argument.get(3).and_then(|it| it.get("DefaultValue")))?,
                }
            }
            "Fn::Base64" => {
                use base64::Engine;
                base64::engine::general_purpose::STANDARD.encode(text(Some(argument))?).into()
            }
            "Fn::GetAZs" => ["a", "b", "c"].iter().map(|zone| format!("{}{zone}", self.region)).collect(),
            "Fn::Length" => resolved(Some(argument))?.as_array().ok_or_else(malformed)?.len().into(),
            "Fn::ToJsonString" => resolved(Some(argument))?.to_string().into(),
            "Fn::ImportValue" => {
                let name = text(Some(argument))?;
                let value = match self.given_parameter(&name) {
                    Some(value) => Some(value),
                    None => self.import(&name)?,
                };
                value.map(Json::from).ok_or_else(|| {
                    Unavailable::new(format!(
                        "what is exported as `{name}` is not known; expected `--parameter {name}=…`"
                    ))
                })?
            }
            _ => {
                return Err(Unavailable::new(format!(
                    "`{function}` cannot be resolved here; expected a value without it"
                )));
            }
        };
        Ok(Some(value))
    }

    /// What `Ref` gives; none for `AWS::NoValue`.
    pub(super) fn reference(&self, name: &str) -> Result<Option<Json>, Unavailable> {
        let stack = || self.given.stack.clone().unwrap_or_else(|| "stack".to_owned());
        Ok(Some(match name {
            "AWS::NoValue" => return Ok(None),
            "AWS::Region" => self.region.as_str().into(),
            "AWS::AccountId" => self.account.as_str().into(),
            "AWS::Partition" => "aws".into(),
            "AWS::URLSuffix" => "amazonaws.com".into(),
            "AWS::NotificationARNs" => json!([]),
            "AWS::StackName" => match self.given.stack_id() {
                Some(id) => id.split('/').nth(1).unwrap_or_default().into(),
                None => stack().into(),
            },
            "AWS::StackId" => match self.given.stack_id() {
                Some(id) => id.into(),
                None => format!("arn:aws:cloudformation:{}:{}:stack/{}/0", self.region, self.account, stack()).into(),
            },
            _ => {
                let template = self.template.as_json();
                match (template["Parameters"].get(name), template["Resources"].get(name)) {
                    (Some(parameter), _) => self.parameter(name, parameter)?,
                    (None, Some(resource)) => self.reference_of(name, resource)?,
                    (None, None) => {
                        return Err(Unavailable::new(format!(
                            "the template has no `{name}`; expected a parameter or a resource"
                        )));
                    }
                }
            }
        }))
    }

    /// What `Fn::GetAtt` gives.
    pub(super) fn attribute(&self, id: &str, attribute: &str) -> Result<Json, Unavailable> {
        let resource = self.template.as_json()["Resources"].get(id);
        let resource =
            resource.ok_or_else(|| Unavailable::new(format!("the template has no resource `{id}`; expected one")))?;
        self.attribute_of(id, resource, attribute)
    }

    fn given_parameter(&self, name: &str) -> Option<String> {
        let given = self.given.parameters.iter().rfind(|(known, _)| known == name);
        given.map(|(_, value)| value.clone())
    }

    fn parameter(&self, name: &str, parameter: &Json) -> Result<Json, Unavailable> {
        let deployed = || Ok::<_, Unavailable>(self.deployed()?.parameter(name).map(str::to_owned));
        let kind = parameter["Type"].as_str().unwrap_or_default();
        let value = match self.given_parameter(name) {
            Some(value) => Some(value),
            None => deployed()?.or_else(|| scalar(&parameter["Default"]).filter(|_| !kind.starts_with("AWS::SSM::"))),
        };
        let value = value.ok_or_else(|| {
            Unavailable::new(format!("the parameter `{name}` has no value; expected `--parameter {name}=…`"))
        })?;
        let is_list = kind == "CommaDelimitedList" || kind.starts_with("List<") || kind.contains("<List<");
        Ok(if is_list { value.split(',').map(str::trim).collect() } else { value.into() })
    }

    fn substituted(&self, template: &str, own: Option<&serde_json::Map<String, Json>>) -> Result<String, Unavailable> {
        let (mut text, mut rest) = (String::new(), template);
        while let Some((before, after)) = rest.split_once("${") {
            text += before;
            let Some((name, after)) = after.split_once('}') else {
                return Ok(text + "${" + after);
            };
            match (name.strip_prefix('!'), own.and_then(|own| own.get(name.trim()))) {
                (Some(literal), _) => text += &format!("${{{literal}}}"),
                (None, Some(value)) => text += &scalar(&self.value(value)?).unwrap_or_default(),
                (None, None) => text += &scalar(&self.read(name.trim())?).unwrap_or_default(),
            }
            rest = after;
        }
        Ok(text + rest)
    }

    /// Whether a condition holds.
    fn condition(&self, name: &str, depth: usize) -> Result<bool, Unavailable> {
        let condition = self.template.as_json()["Conditions"].get(name);
        let unknown =
            || Unavailable::new(format!("the condition `{name}` cannot be resolved; expected one of the template"));
        self.holds(condition.ok_or_else(unknown)?, depth).ok_or_else(unknown)?
    }

    fn holds(&self, condition: &Json, depth: usize) -> Option<Result<bool, Unavailable>> {
        /// How many conditions may be made of each other.
        const DEPTH: usize = 50;
        let (function, argument) = condition.as_object().filter(|_| depth < DEPTH)?.iter().next()?;
        let all = || argument.as_array().map(|all| all.iter().map(|it| self.holds(it, depth + 1)));
        Some(match function.as_str() {
            "Condition" => self.condition(argument.as_str()?, depth + 1),
            "Fn::Equals" => {
                let side = |at: usize| {
                    Some(self.value(argument.get(at)?).map(|it| scalar(&it).unwrap_or_else(|| it.to_string())))
                };
                match (side(0)?, side(1)?) {
                    (Ok(left), Ok(right)) => Ok(left == right),
                    (Err(error), _) | (_, Err(error)) => Err(error),
                }
            }
            "Fn::Not" => self.holds(argument.get(0)?, depth + 1)?.map(|holds| !holds),
            "Fn::And" => all()?.collect::<Option<Result<Vec<bool>, _>>>()?.map(|all| all.into_iter().all(|it| it)),
            "Fn::Or" => all()?.collect::<Option<Result<Vec<bool>, _>>>()?.map(|all| all.into_iter().any(|it| it)),
            _ => return None,
        })
    }
}

/// A value as the text that a function puts in place of it.
pub(super) fn scalar(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(_) | Json::Bool(_) => Some(value.to_string()),
        Json::Array(items) => Some(items.iter().map(scalar).collect::<Option<Vec<_>>>()?.join(",")),
        _ => None,
    }
}
