//! Corrections of the sources, each a named function with its reason, run in the order of [`ALL`].
//!
//! One that does not change anything fails the generator: it has become stale and must go.

use serde_json::{Value as Json, json};

use crate::{keywords::CONSTANTS, model::Sources};

/// The `format` of a property that holds an IAM policy document.
pub const POLICY: &str = "iam-policy";

type Fixup = fn(&mut Sources) -> Result<(), String>;

/// Every fixup, by name.
const ALL: &[(&str, Fixup)] = &[
    ("policy_documents", policy_documents),
    ("environment_variables_are_strings", environment_variables_are_strings),
    ("stack_parameters_are_strings", stack_parameters_are_strings),
    ("substitutions_are_strings", substitutions_are_strings),
    ("method_parameters_are_booleans", method_parameters_are_booleans),
    ("route_parameters_are_a_map", route_parameters_are_a_map),
    ("key_schema_is_a_list", key_schema_is_a_list),
    ("key_schema_constraints_belong_to_the_elements", key_schema_constraints_belong_to_the_elements),
    ("guard_input_parameters_are_a_list", guard_input_parameters_are_a_list),
    ("names_of_constants", names_of_constants),
    ("the_network_of_a_replica_can_be_set", the_network_of_a_replica_can_be_set),
    ("outputs_are_no_attribute", outputs_are_no_attribute),
    ("replacement_may_be_where_one_source_says_so", replacement_may_be_where_one_source_says_so),
];

/// Applies every fixup.
pub fn apply(sources: &mut Sources) -> Result<(), String> {
    for (name, fixup) in ALL {
        fixup(sources).map_err(|what| format!("fixup {name} no longer applies: {what}"))?;
    }
    Ok(())
}

/// The schema at a pointer of a type, which must be there.
fn at<'a>(sources: &'a mut Sources, type_name: &str, pointer: &str) -> Result<&'a mut Json, String> {
    let schema = match sources.schemas.get_mut(type_name) {
        Some(schema) => Some(schema),
        None => sources.others.get_mut(type_name),
    };
    let schema = schema.ok_or_else(|| format!("there is no {type_name}"))?;
    schema.pointer_mut(pointer).ok_or_else(|| format!("{type_name} has no {pointer}"))
}

/// Replaces the schema at a pointer, which must be `old` but for its description.
fn replace(sources: &mut Sources, type_name: &str, pointer: &str, old: Json, new: Json) -> Result<(), String> {
    let found = at(sources, type_name, pointer)?;
    let mut bare = found.clone();
    let description = bare.as_object_mut().and_then(|schema| schema.shift_remove("description"));
    if bare != old {
        return Err(format!("{type_name}{pointer} is {bare}, expected {old}"));
    }
    *found = new;
    if let Some(description) = description {
        found["description"] = description;
    }
    Ok(())
}

/// IAM policy documents are free JSON in the schemas. Those of CloudWatch Logs that must be strings, and policies
/// that are not IAM's (data protection, delivery, filter, redrive, archive, lifecycle), stay what they are.
fn policy_documents(sources: &mut Sources) -> Result<(), String> {
    for (type_name, pointer) in [
        ("AWS::ApiGateway::DomainNameV2", "/properties/Policy"),
        ("AWS::ApiGateway::RestApi", "/properties/Policy"),
        ("AWS::DynamoDB::GlobalTable", "/definitions/ResourcePolicy/properties/PolicyDocument"),
        ("AWS::DynamoDB::Table", "/definitions/ResourcePolicy/properties/PolicyDocument"),
        ("AWS::EC2::VPCEndpoint", "/properties/PolicyDocument"),
        ("AWS::Events::EventBus", "/properties/Policy"),
        ("AWS::IAM::Group", "/definitions/Policy/properties/PolicyDocument"),
        ("AWS::IAM::GroupPolicy", "/properties/PolicyDocument"),
        ("AWS::IAM::ManagedPolicy", "/properties/PolicyDocument"),
        ("AWS::IAM::Policy", "/properties/PolicyDocument"),
        ("AWS::IAM::Role", "/definitions/Policy/properties/PolicyDocument"),
        ("AWS::IAM::Role", "/properties/AssumeRolePolicyDocument"),
        ("AWS::IAM::RolePolicy", "/properties/PolicyDocument"),
        ("AWS::IAM::User", "/definitions/Policy/properties/PolicyDocument"),
        ("AWS::IAM::UserPolicy", "/properties/PolicyDocument"),
        ("AWS::KMS::Key", "/properties/KeyPolicy"),
        ("AWS::KMS::ReplicaKey", "/properties/KeyPolicy"),
        ("AWS::Lambda::ResourcePolicy", "/properties/PolicyDocument"),
        ("AWS::Logs::DeliveryDestination", "/definitions/DestinationPolicy/properties/DeliveryDestinationPolicy"),
        ("AWS::Logs::LogGroup", "/properties/ResourcePolicyDocument"),
        ("AWS::Logs::ResourcePolicy", "/properties/PolicyDocument"),
        ("AWS::S3::AccessPoint", "/properties/Policy"),
        ("AWS::S3::BucketPolicy", "/properties/PolicyDocument"),
        ("AWS::S3::MultiRegionAccessPointPolicy", "/properties/Policy"),
        ("AWS::SNS::TopicInlinePolicy", "/properties/PolicyDocument"),
        ("AWS::SNS::TopicPolicy", "/properties/PolicyDocument"),
        ("AWS::SQS::QueueInlinePolicy", "/properties/PolicyDocument"),
        ("AWS::SQS::QueuePolicy", "/properties/PolicyDocument"),
        ("AWS::SecretsManager::ResourcePolicy", "/properties/ResourcePolicy"),
        // Behind features.
        ("AWS::Backup::BackupVault", "/properties/AccessPolicy"),
        ("AWS::Backup::LogicallyAirGappedBackupVault", "/properties/AccessPolicy"),
        ("AWS::Bedrock::KnowledgeBasePolicy", "/properties/PolicyDocument"),
        ("AWS::Bedrock::ResourcePolicy", "/properties/PolicyDocument"),
        ("AWS::CloudTrail::ResourcePolicy", "/properties/ResourcePolicy"),
        ("AWS::CodeArtifact::Domain", "/properties/PermissionsPolicyDocument"),
        ("AWS::CodeArtifact::Repository", "/properties/PermissionsPolicyDocument"),
        ("AWS::ECR::PublicRepository", "/properties/RepositoryPolicyText"),
        ("AWS::ECR::RegistryPolicy", "/properties/PolicyText"),
        ("AWS::ECR::Repository", "/properties/RepositoryPolicyText"),
        ("AWS::EFS::FileSystem", "/properties/FileSystemPolicy"),
        ("AWS::EventSchemas::RegistryPolicy", "/properties/Policy"),
        ("AWS::EventsV2::ResourcePolicy", "/properties/PolicyDocument"),
        ("AWS::FSx::S3AccessPointAttachment", "/definitions/S3AccessPoint/properties/Policy"),
        ("AWS::IoT::Policy", "/properties/PolicyDocument"),
        ("AWS::Kinesis::ResourcePolicy", "/properties/ResourcePolicy"),
        ("AWS::MSK::ClusterPolicy", "/properties/Policy"),
        ("AWS::MediaPackageV2::ChannelPolicy", "/properties/Policy"),
        ("AWS::MediaPackageV2::OriginEndpointPolicy", "/properties/Policy"),
        ("AWS::MediaTailor::ChannelPolicy", "/properties/Policy"),
        ("AWS::Oam::Sink", "/properties/Policy"),
        ("AWS::Omics::SequenceStore", "/properties/S3AccessPolicy"),
        ("AWS::Redshift::Cluster", "/properties/NamespaceResourcePolicy"),
        ("AWS::RedshiftServerless::Namespace", "/properties/NamespaceResourcePolicy"),
        ("AWS::S3Express::AccessPoint", "/properties/Policy"),
        ("AWS::S3Express::BucketPolicy", "/properties/PolicyDocument"),
        ("AWS::S3Files::FileSystemPolicy", "/properties/Policy"),
        ("AWS::S3ObjectLambda::AccessPointPolicy", "/properties/PolicyDocument"),
        ("AWS::S3Outposts::AccessPoint", "/properties/Policy"),
        ("AWS::S3Outposts::BucketPolicy", "/properties/PolicyDocument"),
        ("AWS::SMSVOICE::ResourcePolicy", "/properties/PolicyDocument"),
        ("AWS::SSM::ResourcePolicy", "/properties/Policy"),
        ("AWS::SSO::PermissionSet", "/properties/InlinePolicy"),
        ("AWS::SageMaker::ModelPackageGroup", "/properties/ModelPackageGroupPolicy"),
        ("AWS::VpcLattice::AuthPolicy", "/properties/Policy"),
        ("AWS::VpcLattice::ResourcePolicy", "/properties/Policy"),
    ] {
        let property = at(sources, type_name, pointer)?;
        if property.get("properties").is_some() || property["type"] == "string" || property["format"] == POLICY {
            return Err(format!("{type_name}{pointer} is no free JSON: {property}"));
        }
        property["format"] = POLICY.into();
        property["type"] = json!(["object", "string"]);
    }
    Ok(())
}

/// cfn-lint lists everything that CloudFormation converts to a string; Lambda takes strings only.
fn environment_variables_are_strings(sources: &mut Sources) -> Result<(), String> {
    let pointer = "/definitions/Environment/properties/Variables/patternProperties/[a-zA-Z][a-zA-Z0-9_]+";
    replace(sources, "AWS::Lambda::Function", pointer, anything(), json!({"type": "string"}))
}

/// As above: what a nested stack gets are strings, lists joined with commas.
fn stack_parameters_are_strings(sources: &mut Sources) -> Result<(), String> {
    let pointer = "/properties/Parameters/patternProperties/[a-zA-Z0-9]+";
    replace(sources, "AWS::CloudFormation::Stack", pointer, anything(), json!({"type": "string"}))
}

fn anything() -> Json {
    json!({"type": ["string", "number", "integer", "object", "array", "boolean"]})
}

/// As above: a substitution replaces text in the definition.
fn substitutions_are_strings(sources: &mut Sources) -> Result<(), String> {
    let old = json!({"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "boolean"}]});
    let pointer = "/definitions/DefinitionSubstitutions/patternProperties/.*";
    replace(sources, "AWS::StepFunctions::StateMachine", pointer, old, json!({"type": "string"}))
}

/// The value says whether the parameter is required; the string is only another spelling of it.
fn method_parameters_are_booleans(sources: &mut Sources) -> Result<(), String> {
    for place in ["/properties/RequestParameters", "/definitions/MethodResponse/properties/ResponseParameters"] {
        let parameters = at(sources, "AWS::ApiGateway::Method", place)?;
        let values = parameters["patternProperties"].as_object_mut().and_then(|patterns| patterns.values_mut().next());
        match values {
            Some(values) if values["type"] == json!(["boolean", "string"]) => values["type"] = "boolean".into(),
            _ => return Err(format!("{place} is {parameters}")),
        }
    }
    Ok(())
}

/// The schema says "an object with items", which is neither; the sibling `RouteResponse` has the same as a map.
fn route_parameters_are_a_map(sources: &mut Sources) -> Result<(), String> {
    let constraints = json!({"$ref": "#/definitions/ParameterConstraints"});
    let old = json!({"format": "json", "items": constraints, "type": "object"});
    let new = json!({"additionalProperties": false, "patternProperties": {"^.+$": constraints}, "type": "object"});
    replace(sources, "AWS::ApiGatewayV2::Route", "/properties/RequestParameters", old, new)
}

/// The registry also lets a table's key schema be free JSON, for templates of before 2012.
fn key_schema_is_a_list(sources: &mut Sources) -> Result<(), String> {
    let list = json!({"$ref": "#/definitions/KeySchema", "maxItems": 2, "minItems": 1});
    let old = json!({"minItems": 1, "oneOf": [list, {"format": "json", "type": ["object", "string"]}]});
    replace(sources, "AWS::DynamoDB::Table", "/properties/KeySchema", old, list)
}

/// The constraints of the elements stand at the list, where they say nothing.
fn key_schema_constraints_belong_to_the_elements(sources: &mut Sources) -> Result<(), String> {
    for type_name in ["AWS::DynamoDB::GlobalTable", "AWS::DynamoDB::Table"] {
        let list = at(sources, type_name, "/definitions/KeySchema")?;
        let stray = list.as_object_mut().and_then(|list| list.shift_remove("properties"));
        let stray = stray.ok_or_else(|| format!("{type_name}: the list has no properties"))?;
        for (name, constraints) in stray.as_object().into_iter().flatten() {
            for (keyword, value) in constraints.as_object().into_iter().flatten() {
                list["items"]["properties"][name.as_str()][keyword.as_str()] = value.clone();
            }
        }
    }
    Ok(())
}

/// One location or a list of them: a list of one says the same.
fn guard_input_parameters_are_a_list(sources: &mut Sources) -> Result<(), String> {
    let one = json!({"$ref": "#/definitions/S3Location"});
    let list = json!({"items": one, "maxItems": 10, "minItems": 1, "type": "array"});
    let old = json!({"oneOf": [one, list]});
    replace(sources, "AWS::CloudFormation::GuardHook", "/properties/Options/properties/InputParams", old, list)
}

/// Values whose constant the rule cannot name: `*`, and a second spelling of a value that has one.
fn names_of_constants(sources: &mut Sources) -> Result<(), String> {
    for (type_name, pointer, value, constant) in [
        ("AWS::Lambda::Url", "/definitions/AllowMethods/items", "*", "ALL"),
        (
            "AWS::Serverless::Function",
            "/definitions/FunctionUrlConfig/properties/Cors/properties/AllowMethods/items",
            "*",
            "ALL",
        ),
        ("AWS::S3::Bucket", "/definitions/Transition/properties/StorageClass", "Glacier", "GLACIER_MIXED_CASE"),
        (
            "AWS::S3::Bucket",
            "/definitions/NoncurrentVersionTransition/properties/StorageClass",
            "Glacier",
            "GLACIER_MIXED_CASE",
        ),
    ] {
        let property = at(sources, type_name, pointer)?;
        if !property["enum"].as_array().is_some_and(|values| values.iter().any(|known| known == value)) {
            return Err(format!("{type_name}{pointer} does not list `{value}`"));
        }
        property[CONSTANTS] = json!({value: constant});
    }
    Ok(())
}

/// The VPC of a canary can be set, that of its replica, which has the same form, cannot: one struct is for both.
fn the_network_of_a_replica_can_be_set(sources: &mut Sources) -> Result<(), String> {
    let list = at(sources, "AWS::Synthetics::Canary", "/readOnlyProperties")?;
    let pointers = list.as_array_mut().ok_or("it is no list")?;
    let before = pointers.len();
    pointers.retain(|pointer| pointer != "/properties/Replicas/*/VpcConfig/VpcId");
    if pointers.len() == before { Err("it can be set".to_owned()) } else { Ok(()) }
}

/// `Outputs` alone cannot be had, only `Outputs.Name`, which `Handle::output` gives.
fn outputs_are_no_attribute(sources: &mut Sources) -> Result<(), String> {
    let stack =
        sources.curated.get_mut("AWS::CloudFormation::Stack").ok_or("there is no AWS::CloudFormation::Stack")?;
    stack.attributes.shift_remove("Outputs").map(drop).ok_or_else(|| "it is not listed".to_owned())
}

/// For a few properties (`DBInstance.Port`, `Bucket.ObjectLockEnabled`) AWS's documentation, which the CDK database
/// follows, says that a change replaces the resource, and the registry does not. To say "may" is on the safe side.
fn replacement_may_be_where_one_source_says_so(sources: &mut Sources) -> Result<(), String> {
    let mut changed = 0;
    for (name, schema) in sources.schemas.iter_mut().chain(&mut sources.others) {
        for property in sources.curated.get(name).into_iter().flat_map(|curated| &curated.replacing) {
            let pointer = Json::from(format!("/properties/{property}"));
            let listed = |list: &str| schema[list].as_array().is_some_and(|pointers| pointers.contains(&pointer));
            let conditional = "conditionalCreateOnlyProperties";
            let known = listed("createOnlyProperties") || listed(conditional) || listed("readOnlyProperties");
            if known || schema["properties"].get(property).is_none() {
                continue;
            }
            match schema[conditional].as_array_mut() {
                Some(pointers) => pointers.push(pointer),
                None => schema[conditional] = json!([pointer]),
            }
            changed += 1;
        }
    }
    if changed == 0 { Err("the sources agree".to_owned()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn a_fixup_that_finds_nothing_says_so() {
        let nothing = || Sources {
            provenance: String::new(),
            tables: String::new(),
            schemas: BTreeMap::new(),
            others: BTreeMap::new(),
            rules: BTreeMap::new(),
            curated: BTreeMap::new(),
            apis: BTreeMap::new(),
        };
        for (name, fixup) in ALL {
            assert!(fixup(&mut nothing()).is_err(), "{name}");
        }
        let error = apply(&mut nothing()).unwrap_err();
        assert_eq!(error, "fixup policy_documents no longer applies: there is no AWS::ApiGateway::DomainNameV2");
    }

    #[test]
    fn a_schema_that_has_changed_is_not_replaced() {
        let parameters = json!({"patternProperties": {"[a-zA-Z0-9]+": {"type": "string"}}});
        let stack = json!({"properties": {"Parameters": parameters}});
        let mut sources = Sources {
            provenance: String::new(),
            tables: String::new(),
            schemas: BTreeMap::from([("AWS::CloudFormation::Stack".to_owned(), stack)]),
            others: BTreeMap::new(),
            rules: BTreeMap::new(),
            curated: BTreeMap::new(),
            apis: BTreeMap::new(),
        };
        let error = stack_parameters_are_strings(&mut sources).unwrap_err();
        assert!(error.contains(r#"is {"type":"string"}, expected {"type":["string","number""#), "{error}");
    }
}
