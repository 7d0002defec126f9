//! The types of the Serverless Application Model: what its transform takes, beside the resource type that each becomes.
//!
//! cfn-lint ships the transform's own schemas. They are stricter than the transform is: what it passes over is marked
//! here, so that only what it refuses, or what CloudFormation refuses of its result, is a fault.

use std::{collections::BTreeMap, path::Path};

use serde_json::{Map, Value as Json, json};

use crate::{
    attributes,
    file::{json as read, text},
    keywords::IGNORES_OTHERS,
    model::{Attribute, Curated, Type},
};

/// The types, and what the transform makes of each under the same logical id, whose `Ref` and attributes it has.
const BECOMES: [(&str, &str); 14] = [
    ("Api", "AWS::ApiGateway::RestApi"),
    ("Application", "AWS::CloudFormation::Stack"),
    ("CapacityProvider", "AWS::Lambda::CapacityProvider"),
    ("Connector", ""),
    ("Function", "AWS::Lambda::Function"),
    ("GraphQLApi", "AWS::AppSync::GraphQLApi"),
    ("HttpApi", "AWS::ApiGatewayV2::Api"),
    ("LayerVersion", "AWS::Lambda::LayerVersion"),
    ("MicrovmImage", ""),
    ("NetworkConnector", ""),
    ("SimpleTable", "AWS::DynamoDB::Table"),
    ("StateMachine", "AWS::StepFunctions::StateMachine"),
    ("WebFunction", ""),
    ("WebSocketApi", "AWS::ApiGatewayV2::Api"),
];

/// Properties that the transform hands on as they are: of which type, and to which.
const HANDED_ON: [(&str, &str, &[&str]); 8] = [
    (
        "Function",
        "AWS::Lambda::Function",
        &[
            "Architectures",
            "CodeSigningConfigArn",
            "Description",
            "DurableConfig",
            "EphemeralStorage",
            "FileSystemConfigs",
            "FunctionScalingConfig",
            "Handler",
            "ImageConfig",
            "KmsKeyArn",
            "LoggingConfig",
            "MemorySize",
            "PublishToLatestPublished",
            "RecursiveLoop",
            "ReservedConcurrentExecutions",
            "Runtime",
            "RuntimeManagementConfig",
            "SnapStart",
            "TenancyConfig",
            "Timeout",
            "VpcConfig",
        ],
    ),
    ("Function", "AWS::Lambda::Alias", &["ProvisionedConcurrencyConfig"]),
    ("Api", "AWS::ApiGateway::RestApi", &["MinimumCompressionSize"]),
    ("Api", "AWS::ApiGateway::Stage", &["AccessLogSetting", "CacheClusterSize", "CanarySetting", "MethodSettings"]),
    ("HttpApi", "AWS::ApiGatewayV2::Stage", &["AccessLogSettings", "DefaultRouteSettings"]),
    ("LayerVersion", "AWS::Lambda::LayerVersion", &["CompatibleRuntimes", "LicenseInfo"]),
    ("SimpleTable", "AWS::DynamoDB::Table", &["PointInTimeRecoverySpecification", "ProvisionedThroughput"]),
    ("SimpleTable", "AWS::DynamoDB::Table", &["SSESpecification", "TableName"]),
];

/// Definitions of which the transform reads what it knows, and passes over anything else. So it did in each of them, with
/// a member that it does not know; those that are not listed it refused, or handed on to CloudFormation, which does.
const LENIENT: [&str; 32] = [
    "AccessAssociation",
    "ApiAuth",
    "CodeUri",
    "CognitoAuthorizer",
    "CognitoAuthorizerIdentity",
    "ContentUri",
    "DeadLetterConfig",
    "DeadLetterQueue",
    "DefinitionUri",
    "DeploymentPreference",
    "Domain",
    "EventBridgeRuleTarget",
    "EventInvokeConfig",
    "EventInvokeDestinationConfig",
    "EventInvokeOnFailure",
    "EventInvokeOnSuccess",
    "FunctionUrlConfig",
    "Hooks",
    "LambdaAuthorizer",
    "LambdaAuthorizerIdentity",
    "LambdaRequestAuthorizer",
    "LambdaRequestAuthorizerIdentity",
    "LambdaTokenAuthorizer",
    "LambdaTokenAuthorizerIdentity",
    "OAuth2Authorizer",
    "RequestModel",
    "RequestParameters",
    "ResourcePolicy",
    "Route53",
    "ScheduleTarget",
    "SqsSubscription",
    "WebSocketApiRoute",
];

/// Members that a schema requires and the transform does without.
const NOT_REQUIRED: [(&str, &str); 7] = [
    ("AccessAssociation", "VpcEndpointId"),
    ("Cors", "AllowOrigin"),
    ("EventBridgeRuleTarget", "Id"),
    ("LambdaRequestAuthorizer", "FunctionArn"),
    ("LambdaTokenAuthorizer", "FunctionArn"),
    ("RequestModel", "Model"),
    ("ScheduleTarget", "Id"),
];

type Schemas = BTreeMap<String, Json>;

/// Adds the types to the schemas, and what `Ref` and `Fn::GetAtt` give of them to the curated facts.
pub fn add(
    lint: &Path,
    schemas: &Schemas,
    others: &mut Schemas,
    curated: &mut BTreeMap<String, Curated>,
) -> Result<(), String> {
    let folder = lint.join("data/schemas");
    let types = read(&folder.join("providers/sam.json"))?;
    let mut types = types.as_object().ok_or("sam.json is not an object")?.clone();
    for (name, becomes) in BECOMES {
        let name = format!("AWS::Serverless::{name}");
        let file = types.shift_remove(&name).ok_or_else(|| format!("cfn-lint has no {name} any more"))?;
        let file = file.as_str().ok_or_else(|| format!("{name} has no file name"))?;
        let mut schema = read(&folder.join(format!("resources/{file}.json")))?;
        let target = schemas.get(becomes).or_else(|| others.get(becomes));
        if target.is_none() && !becomes.is_empty() {
            return Err(format!("{name} becomes {becomes}, which has no schema"));
        }
        let given = target.map(|target| facts(becomes, target, curated.get(becomes))).unwrap_or_default();
        without_attributes(&mut schema, &name)?;
        for (of, from, properties) in HANDED_ON {
            if name.ends_with(&format!("::{of}")) {
                let from = schemas.get(from).or_else(|| others.get(from)).ok_or_else(|| format!("no {from}"))?;
                hand_on(&mut schema, from, properties).map_err(|what| format!("{name}: {what}"))?;
            }
        }
        if name.ends_with("::Function") {
            // cfn-lint has it as anything; it becomes `Code.ZipFile`.
            schema["properties"]["InlineCode"] = json!({"type": "string"});
        }
        soften(&mut schema)?;
        schema["definitions"] = used(&schema);
        schema = simpler(&schema, &schema["definitions"]);
        others.insert(name.clone(), schema);
        curated.insert(name, given);
    }
    match types.keys().next() {
        Some(name) => Err(format!("{name} is new; add it to BECOMES")),
        None => Ok(()),
    }
}

/// What `Ref` and `Fn::GetAtt` give of a type.
fn facts(name: &str, schema: &Json, curated: Option<&Curated>) -> Curated {
    let none = Curated::default();
    let curated = curated.unwrap_or(&none);
    let mut named = attributes::named(schema, curated);
    named.extend(attributes::given_too(name, schema));
    let ty = |attribute: &Attribute| match attribute.ty {
        Type::Integer => "integer",
        Type::Number => "number",
        Type::Boolean => "boolean",
        Type::List(_) => "array",
        Type::Json => "json",
        _ => "string",
    };
    let attributes = named.iter().map(|attribute| {
        let element = json!({"type": "string"});
        (attribute.name.clone(), json!({"type": {"type": ty(attribute), "element": element}}))
    });
    Curated {
        attributes: attributes.collect::<Map<_, _>>(),
        reference: Some(attributes::reference(schema, curated).parts),
        ..Curated::default()
    }
}

/// Takes out what cfn-lint has added for `Fn::GetAtt`: nobody can set it, and the transform does not know it.
fn without_attributes(schema: &mut Json, name: &str) -> Result<(), String> {
    let keywords = schema.as_object_mut().ok_or("a schema is no object")?;
    let read_only = keywords.shift_remove("readOnlyProperties").unwrap_or_default();
    keywords.shift_remove("primaryIdentifier");
    for pointer in read_only.as_array().into_iter().flatten().filter_map(Json::as_str) {
        let property = pointer.trim_start_matches("/properties/");
        // The name of a state machine is set by a template as well.
        if !property.contains('/') && (name, property) != ("AWS::Serverless::StateMachine", "Name") {
            schema["properties"].as_object_mut().and_then(|properties| properties.shift_remove(property));
        }
    }
    Ok(())
}

/// Gives properties the schemas that they have in the type that gets them.
fn hand_on(schema: &mut Json, from: &Json, properties: &[&str]) -> Result<(), String> {
    for property in properties {
        let place = schema["properties"].get_mut(*property).ok_or_else(|| format!("there is no {property}"))?;
        let given = from["properties"].get(*property).ok_or_else(|| format!("nothing takes {property}"))?;
        *place = inlined(from, given, 0)?;
    }
    Ok(())
}

/// A schema with its definitions in it.
fn inlined(root: &Json, schema: &Json, depth: usize) -> Result<Json, String> {
    if depth > 20 {
        return Err("a definition holds itself".to_owned());
    }
    match schema {
        Json::Object(keywords) => match keywords.get("$ref").and_then(Json::as_str) {
            Some(target) => inlined(root, &root["definitions"][target.trim_start_matches("#/definitions/")], depth + 1),
            None => keywords.iter().map(|(key, value)| Ok((key.clone(), inlined(root, value, depth)?))).collect(),
        },
        Json::Array(items) => items.iter().map(|item| inlined(root, item, depth)).collect(),
        other => Ok(other.clone()),
    }
}

/// Marks what the transform passes over.
fn soften(schema: &mut Json) -> Result<(), String> {
    // Authorization and CORS are closed, and what of it is of another type is passed over.
    let is_lenient = |name: &str| LENIENT.contains(&name) || name.ends_with("Event");
    let definitions = schema["definitions"].as_object_mut().ok_or("there are no definitions")?;
    for (name, definition) in definitions {
        // A state machine's event has an `Auth` of this form, APIs have another one, which the transform refuses.
        let is_of_event = name == "Auth" && definition["properties"].get("Authorizer").is_some();
        if is_lenient(name) || is_of_event {
            definition["additionalProperties"] = json!(true);
            definition[IGNORES_OTHERS] = json!(true);
        }
        if is_lenient(name) || ["Auth", "Cors"].contains(&name.as_str()) {
            for (_, member) in definition["properties"].as_object_mut().into_iter().flatten() {
                let is_bare = member
                    .as_object()
                    .is_some_and(|it| it.keys().all(|key| ["type", "items", "anyOf"].contains(&key.as_str())));
                if is_bare {
                    *member = json!({});
                }
            }
        }
        // The schema has the map that becomes of the names of triggers, of which the event has one or some.
        if name == "CognitoEventProperties" {
            definition["properties"]["Trigger"] = json!({"type": ["array", "string"]});
        }
        for (_, member) in NOT_REQUIRED.iter().filter(|(of, _)| of == name) {
            let required = definition["required"].as_array_mut().ok_or_else(|| format!("{name} requires nothing"))?;
            let before = required.len();
            required.retain(|it| it != member);
            if required.len() == before {
                return Err(format!("{name} does not require {member}"));
            }
        }
    }
    Ok(())
}

/// The definitions that something refers to.
fn used(schema: &Json) -> Json {
    let mut wanted = Vec::new();
    references(&schema["properties"], &mut wanted);
    let mut next = 0;
    while let Some(name) = wanted.get(next).cloned() {
        references(&schema["definitions"][&name], &mut wanted);
        next += 1;
    }
    let definitions = schema["definitions"].as_object().into_iter().flatten();
    definitions.filter(|(name, _)| wanted.contains(name)).map(|(name, it)| (name.clone(), it.clone())).collect()
}

fn references(schema: &Json, found: &mut Vec<String>) {
    match schema {
        Json::Object(keywords) => {
            let target = keywords.get("$ref").and_then(Json::as_str);
            if let Some(name) = target.and_then(|target| target.strip_prefix("#/definitions/"))
                && !found.iter().any(|known| known == name)
            {
                found.push(name.to_owned());
            }
            keywords.values().for_each(|value| references(value, found));
        }
        Json::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

/// The schema without what its making has left: groups of one, an object that stands for any function, and alternatives
/// that their `Type` tells apart, which are written so that what is wrong with one is said of that one.
fn simpler(schema: &Json, definitions: &Json) -> Json {
    match schema {
        Json::Array(items) => items.iter().map(|item| simpler(item, definitions)).collect(),
        Json::Object(keywords) => {
            if keywords.len() == 1
                && let Some([only]) = keywords.get("allOf").and_then(Json::as_array).map(Vec::as_slice)
            {
                return simpler(only, definitions);
            }
            if let Some([first, rest @ ..]) = keywords.get("anyOf").and_then(Json::as_array).map(Vec::as_slice)
                && keywords.len() == 1
                && !rest.is_empty()
            {
                if *first == json!({"type": "object"}) {
                    return simpler(&json!({"anyOf": rest}), definitions);
                }
                if let Some(told_apart) = by_type(std::iter::once(first).chain(rest), definitions) {
                    return told_apart;
                }
            }
            if let Some([only]) = keywords.get("anyOf").and_then(Json::as_array).map(Vec::as_slice)
                && keywords.len() == 1
            {
                return simpler(only, definitions);
            }
            keywords.iter().map(|(key, value)| (key.clone(), simpler(value, definitions))).collect()
        }
        other => other.clone(),
    }
}

/// Alternatives that are told apart by what their `Type` is.
fn by_type<'a>(alternatives: impl Iterator<Item = &'a Json>, definitions: &Json) -> Option<Json> {
    let mut values = Vec::new();
    let mut cases = Vec::new();
    // What the others are, the cases say.
    let mut properties = Map::new();
    for alternative in alternatives {
        let name = alternative["$ref"].as_str()?.strip_prefix("#/definitions/")?;
        let of_it = definitions[name]["properties"].as_object()?;
        let value = of_it.get("Type")?["enum"].as_array().filter(|values| values.len() == 1)?[0].clone();
        properties.extend(of_it.keys().map(|property| (property.clone(), json!({}))));
        cases.push(json!({
            "if": {"properties": {"Type": {"const": value}}, "required": ["Type"]},
            "then": {"$ref": format!("#/definitions/{name}")},
        }));
        values.push(value);
    }
    properties.insert("Type".to_owned(), json!({"enum": values}));
    Some(json!({
        "type": "object",
        "properties": properties,
        "required": ["Type"],
        "allOf": cases,
    }))
}

/// What the transform takes in `Globals`, and the templates of policies: where it is from, and the texts.
pub fn texts(folder: &Path) -> Result<(String, BTreeMap<String, String>), String> {
    let sections = read(&folder.join("globals.json"))?;
    let mut globals = Vec::new();
    for (name, properties) in sections.as_object().ok_or("globals.json is not an object")? {
        let section = name.strip_prefix("AWS::Serverless::").ok_or_else(|| format!("{name} is no type of SAM"))?;
        let properties = properties.as_array().into_iter().flatten().filter_map(Json::as_str);
        globals.push(std::iter::once(section).chain(properties).collect::<Vec<_>>().join(" "));
    }
    let policies = read(&folder.join("policies.json"))?;
    let mut lines = Vec::new();
    for (name, policy) in policies.as_object().ok_or("policies.json is not an object")? {
        let parameters = policy["Parameters"].as_array().into_iter().flatten().filter_map(Json::as_str);
        let words = std::iter::once(name.as_str()).chain(parameters).collect::<Vec<_>>().join(" ");
        lines.push(format!("{words} {}", policy["Statement"]));
    }
    globals.sort();
    lines.sort();
    let (version, date) = (text(&folder.join("version"))?, text(&folder.join("date"))?);
    let provenance = format!("aws-sam-translator {} of {}", version.trim(), date.trim());
    let texts = [("globals", globals), ("policies", lines)];
    Ok((provenance, texts.into_iter().map(|(name, lines)| (name.to_owned(), lines.join("\n"))).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alternatives_are_told_apart_by_their_type() {
        let of = |name: &str| json!({"properties": {"Type": {"enum": [name]}}});
        let definitions = json!({"AEvent": of("A"), "BEvent": of("B")});
        let either = json!({"anyOf": [{"$ref": "#/definitions/AEvent"}, {"$ref": "#/definitions/BEvent"}]});
        let simple = simpler(&either, &definitions);
        assert_eq!(simple["properties"]["Type"]["enum"], json!(["A", "B"]));
        assert_eq!(simple["allOf"][1]["then"]["$ref"], "#/definitions/BEvent");
    }

    #[test]
    fn an_object_that_stands_for_a_function_is_taken_out() {
        let none = json!({});
        assert_eq!(
            simpler(&json!({"anyOf": [{"type": "object"}, {"type": "string"}]}), &none),
            json!({"type": "string"})
        );
        let policies = json!({"anyOf": [{"type": "string"}, {"type": "object"}]});
        assert_eq!(simpler(&policies, &none), policies);
        assert_eq!(
            simpler(&json!({"allOf": [{"$ref": "#/definitions/A"}]}), &none),
            json!({"$ref": "#/definitions/A"})
        );
    }
}
