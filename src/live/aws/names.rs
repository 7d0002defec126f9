//! The names of members: those of Step Functions in what a task sends and gets, those of the API in a call.

use std::borrow::Cow;

use crate::{
    data::api::{Member, Shape, Structure},
    json::Json,
};

/// How a task spells the members.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Spelling {
    /// As the AWS SDK for Java does: `DbInstanceIdentifier`.
    Sdk,
    /// As the API does, with a capital: `DBInstanceIdentifier`, `NumberOfRecordsUpdated`.
    Optimized,
}

impl Spelling {
    fn of(self, member: &Member<'_>) -> Cow<'static, str> {
        match self {
            Self::Sdk => member.name(),
            Self::Optimized => capital(member.api_name()),
        }
    }
}

fn capital(name: &'static str) -> Cow<'static, str> {
    match name.as_bytes().first() {
        Some(first) if first.is_ascii_lowercase() => {
            Cow::Owned(name[..1].to_ascii_uppercase() + name.get(1..).unwrap_or_default())
        }
        _ => Cow::Borrowed(name),
    }
}

/// The arguments of a task in the names of the API. What the API does not know keeps its name: the service refuses it.
pub(super) fn into_api(arguments: &Json, input: Option<Structure<'_>>, spelling: Spelling) -> Json {
    match input {
        Some(input) => rename(arguments, Shape::Structure(input), &|member, name| {
            (spelling.of(member) == name || member.api_name() == name).then(|| member.api_name().to_owned())
        }),
        None => arguments.clone(),
    }
}

/// The output of an operation in the names of the task.
pub(super) fn from_api(output: &Json, shape: Option<Structure<'_>>, spelling: Spelling) -> Json {
    match shape {
        Some(shape) => rename(output, Shape::Structure(shape), &|member, name| {
            (member.api_name() == name).then(|| spelling.of(member).into_owned())
        }),
        None => output.clone(),
    }
}

type Rename<'r> = &'r dyn Fn(&Member<'_>, &str) -> Option<String>;

/// A value with other names for the members of structures; the keys of maps stay.
fn rename(value: &Json, shape: Shape<'_>, other: Rename<'_>) -> Json {
    match (value, shape) {
        (Json::Object(members), Shape::Structure(structure)) => {
            let known: Vec<Member<'_>> = structure.members().collect();
            let renamed = members.iter().map(|(name, value)| {
                let found = known.iter().find_map(|member| Some((other(member, name)?, member)));
                match found {
                    Some((name, member)) => (name, rename(value, member.shape(), other)),
                    None => (name.clone(), value.clone()),
                }
            });
            Json::Object(renamed.collect())
        }
        (Json::Object(members), Shape::Map(item)) => {
            let renamed = members.iter().map(|(key, value)| (key.clone(), rename(value, item.shape(), other)));
            Json::Object(renamed.collect())
        }
        // What is JSON where a text or bytes belong is sent as such.
        (Json::Object(_) | Json::Array(_), Shape::String | Shape::Enumeration(_) | Shape::Blob) => {
            value.to_string().into()
        }
        (Json::Array(items), Shape::Array(item)) => {
            items.iter().map(|value| rename(value, item.shape(), other)).collect()
        }
        (value, _) => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::data::api;

    #[test]
    fn a_call_has_the_names_of_the_api_at_every_depth() {
        let operation = api::service("rds").unwrap().operation("createDBCluster").unwrap();
        let arguments = json!({"DbClusterIdentifier": "a", "Tags": [{"Key": "k", "Value": "v"}], "Nothing": 1});
        let expected = json!({"DBClusterIdentifier": "a", "Tags": [{"Key": "k", "Value": "v"}], "Nothing": 1});
        assert_eq!(into_api(&arguments, operation.input(), Spelling::Sdk), expected);
        // An API that begins its names with a small letter.
        let operation = api::service("rdsdata").unwrap().operation("executeStatement").unwrap();
        let arguments = json!({"ResourceArn": "r", "Parameters": [{"Name": "n", "Value": {"StringValue": "s"}}]});
        let expected = json!({"resourceArn": "r", "parameters": [{"name": "n", "value": {"stringValue": "s"}}]});
        assert_eq!(into_api(&arguments, operation.input(), Spelling::Sdk), expected);
    }

    #[test]
    fn json_in_place_of_a_text_is_one() {
        let operation = api::service("sns").unwrap().operation("publish").unwrap();
        let arguments = json!({"TopicArn": "t", "Message": {"a": [1]}});
        let expected = json!({"TopicArn": "t", "Message": "{\"a\":[1]}"});
        assert_eq!(into_api(&arguments, operation.input(), Spelling::Optimized), expected);
    }

    #[test]
    fn a_response_has_the_names_of_the_task() {
        let operation = api::service("rdsdata").unwrap().operation("executeStatement").unwrap();
        let output = json!({"records": [[{"stringValue": "s"}]], "numberOfRecordsUpdated": 0});
        let expected = json!({"Records": [[{"StringValue": "s"}]], "NumberOfRecordsUpdated": 0});
        assert_eq!(from_api(&output, operation.output(), Spelling::Sdk), expected);
        // The keys of a map are the user's own.
        let operation = api::service("dynamodb").unwrap().operation("getItem").unwrap();
        let output = json!({"Item": {"id": {"S": "1"}, "aB": {"M": {"x": {"N": "1"}}}}});
        assert_eq!(from_api(&output, operation.output(), Spelling::Optimized), output);
    }
}
