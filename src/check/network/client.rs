//! Clients: the functions and services of a template that connect to something.

use super::{
    answer::Answer,
    model::{members, subnets},
    reach::{End, HasPublicAddress},
};
use crate::{
    check::{
        read::{each, id_of, named, resource},
        subject::Subject,
    },
    json::Json,
};

/// A function or a service that is in a VPC or in none.
pub(in crate::check) struct Client<'a> {
    pub id: &'a str,
    pub place: Place<'a>,
    /// The resource and the beginning of the path of its environment, inside of which something is named.
    pub environment: (&'a str, String),
    /// The role that its code has, where it is one of the template.
    pub role: Option<&'a str>,
}

pub(in crate::check) enum Place<'a> {
    NoVpc,
    Vpc(End<'a>, HasPublicAddress),
    Unknown,
}

/// The functions and the services with a network of their own.
pub(in crate::check) fn clients<'a>(subject: &Subject<'a>) -> Vec<Client<'a>> {
    let functions = each(subject, "AWS::Lambda::Function").map(|(id, properties, _)| Client {
        id,
        place: function(subject, &properties["VpcConfig"]),
        environment: (id, format!("Resources/{id}/Properties/Environment/Variables/")),
        role: role(subject, &properties["Role"]),
    });
    let services = each(subject, "AWS::ECS::Service").filter_map(|(id, properties, _)| {
        let network = &properties["NetworkConfiguration"]["AwsvpcConfiguration"];
        let task = id_of(subject, &properties["TaskDefinition"], "AWS::ECS::TaskDefinition")?;
        network.is_object().then(|| Client {
            id,
            place: service(subject, network),
            environment: (task, format!("Resources/{task}/Properties/ContainerDefinitions/")),
            role: resource(subject, task).and_then(|task| role(subject, &task["Properties"]["TaskRoleArn"])),
        })
    });
    functions.chain(services).collect()
}

fn function<'a>(subject: &Subject<'a>, network: &'a Json) -> Place<'a> {
    let (ids, groups) = (&network["SubnetIds"], &network["SecurityGroupIds"]);
    let is_empty = |list: &Json| list.as_array().is_some_and(Vec::is_empty);
    if network.is_null() || (is_empty(ids) && is_empty(groups)) {
        return Place::NoVpc;
    }
    if ids.is_null() || groups.is_null() || network["Ipv6AllowedForDualStack"] != Json::Null {
        return Place::Unknown;
    }
    let end = End { subnets: subnets(subject, ids), groups: members(subject, groups, None) };
    // The network interfaces of a function have no public address, in no subnet.
    Place::Vpc(end, HasPublicAddress(Answer::No))
}

fn service<'a>(subject: &Subject<'a>, network: &'a Json) -> Place<'a> {
    let ids = subnets(subject, &network["Subnets"]);
    let public = match network["AssignPublicIp"].as_str() {
        Some("ENABLED") => Answer::Yes,
        Some("DISABLED") => Answer::No,
        // It is disabled where the template says nothing, and enabled in some old versions of the API.
        _ => Answer::Unknown,
    };
    let groups = members(subject, &network["SecurityGroups"], None);
    Place::Vpc(End { subnets: ids, groups }, HasPublicAddress(public))
}

fn role<'a>(subject: &Subject<'a>, json: &'a Json) -> Option<&'a str> {
    let (id, attribute) = named(json)?;
    (attribute == Some("Arn") && resource(subject, id)?["Type"] == "AWS::IAM::Role").then_some(id)
}
