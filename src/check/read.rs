//! Values of a template, as far as they are known before it is deployed.

use crate::{
    check::subject::Subject,
    json::Json,
    template::{
        Template,
        intrinsic::{LANGUAGE_EXTENSIONS, Part, Substitution, TRANSFORM, attribute, join},
    },
};

/// A list in a template.
pub(in crate::check) enum Listed<'a> {
    Absent,
    Known(&'a [Json]),
    Unknown,
}

/// A list property; a single value stands for a list of one, as CloudFormation takes it.
pub(in crate::check) fn list(json: &Json) -> Listed<'_> {
    match json {
        Json::Null => Listed::Absent,
        Json::Array(items) => Listed::Known(items),
        Json::Object(_) => Listed::Unknown,
        one => Listed::Known(std::slice::from_ref(one)),
    }
}

/// A resource that a value names, with the attribute that it reads: `Ref`, `Fn::GetAtt`, or a `Fn::Sub` of one name.
pub(in crate::check) fn named(json: &Json) -> Option<(&str, Option<&str>)> {
    let members = json.as_object().filter(|members| members.len() == 1)?;
    let (function, argument) = members.iter().next()?;
    match function.as_str() {
        "Ref" => Some((argument.as_str()?, None)),
        "Fn::GetAtt" => attribute(argument).filter(|(_, attribute)| attribute.is_some()),
        "Fn::Sub" => {
            let substitution = Substitution::new(argument)?;
            let mut parts = substitution.parts();
            match (parts.next()?, parts.next()) {
                (Part::Name(name), None) => match substitution.value(name) {
                    Some(value) => named(value),
                    None => Some(name.split_once('.').map_or((name, None), |(id, attribute)| (id, Some(attribute)))),
                },
                _ => None,
            }
        }
        _ => None,
    }
}

/// The attributes that are the id of their resource, as `Ref` is.
const IDS: [&str; 15] = [
    "ApiId",
    "AuthorizerId",
    "DeploymentId",
    "GroupId",
    "Id",
    "IntegrationId",
    "InternetGatewayId",
    "NatGatewayId",
    "NetworkAclId",
    "RequestValidatorId",
    "ResourceId",
    "RestApiId",
    "RouteTableId",
    "SubnetId",
    "VpcId",
];

/// The resource of a type that a value is the id of.
pub(in crate::check) fn id_of<'a>(subject: &Subject<'a>, json: &'a Json, type_name: &str) -> Option<&'a str> {
    let (id, attribute) = named(json)?;
    let is_it =
        attribute.is_none_or(|attribute| IDS.contains(&attribute)) && resource(subject, id)?["Type"] == *type_name;
    is_it.then_some(id)
}

/// A resource by its id.
pub(in crate::check) fn resource<'a>(subject: &Subject<'a>, id: &str) -> Option<&'a Json> {
    subject.template.as_json().get("Resources")?.get(id)
}

/// The resources of a type, each with its properties, and whether it is certain that it is made.
pub(in crate::check) fn each<'a>(
    subject: &Subject<'a>,
    type_name: &str,
) -> impl Iterator<Item = (&'a str, &'a Json, bool)> {
    let resources = subject.of_type(type_name).iter();
    resources.map(|(id, resource)| (*id, &resource["Properties"], resource["Condition"].is_null()))
}

/// A number, which CloudFormation also takes as a text.
pub(in crate::check) fn number(json: &Json) -> Option<i64> {
    json.as_i64().or_else(|| json.as_str()?.trim().parse().ok())
}

/// A boolean, which CloudFormation also takes as a text.
pub(in crate::check) fn boolean(json: &Json) -> Option<bool> {
    json.as_bool().or_else(|| json.as_str()?.to_ascii_lowercase().parse().ok())
}

/// A text with `?` for each part that is known only when the stack is deployed.
pub(in crate::check) fn text(json: &Json) -> Option<String> {
    match json {
        Json::String(text) => Some(text.clone()),
        Json::Object(members) if members.len() == 1 => {
            if let Some(argument) = members.get("Fn::Sub") {
                let part = |part| match part {
                    Part::Text(text) | Part::Kept(text) => text,
                    Part::Name(_) => "?",
                };
                return Some(Substitution::new(argument)?.parts().map(part).collect());
            }
            if let Some(argument) = members.get("Fn::Join") {
                let (delimiter, parts) = join(argument)?;
                let parts: Vec<_> = parts.iter().map(|part| text(part).unwrap_or_else(|| "?".into())).collect();
                return Some(parts.join(delimiter));
            }
            named(json).map(|_| "?".into())
        }
        _ => None,
    }
}

/// Whether a value is a literal, a parameter or an import: something that the template does not make.
pub(in crate::check) fn is_foreign(subject: &Subject<'_>, json: &Json) -> bool {
    !json["Fn::ImportValue"].is_null()
        || json.is_string()
        || named(json).is_some_and(|(name, _)| !subject.template.as_json()["Parameters"][name].is_null())
}

/// Whether resources may be there that the template does not show: loops, macros, modules.
pub(in crate::check) fn is_incomplete(template: &Template) -> bool {
    let known = |name: Option<&str>| {
        name.is_some_and(|name| name == LANGUAGE_EXTENSIONS || name.starts_with("AWS::Serverless-"))
    };
    template.transforms().any(|name| !known(name))
        || template.section("Resources").any(|(id, resource)| {
            id.starts_with("Fn::ForEach::")
                || id == TRANSFORM
                || !resource.is_object()
                || resource.get(TRANSFORM).is_some()
                || resource["Properties"].get(TRANSFORM).is_some()
                || resource["Type"].as_str().is_some_and(|kind| kind.ends_with("::MODULE"))
        })
}
