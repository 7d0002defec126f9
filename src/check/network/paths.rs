//! Paths: what of a network a picture shows, and what is proven to reach what in it.

use super::{
    answer::Answer,
    client::{Client, Place, clients},
    model::{Destination, Network, TableOf, Target, Way},
    reach::{End, HasPublicAddress, Verdict},
    unreachable_database::{databases, end, holder},
    unreachable_service::calls,
};
use crate::{
    check::{
        network::{address::Address, database::Database, group::Member},
        read::each,
        subject::Subject,
    },
    template::Template,
};

/// A network for a picture, with the logical ids of what it is made of.
#[derive(Debug, Default)]
pub(crate) struct Paths {
    pub subnets: Vec<Lies>,
    /// NAT gateways and endpoints with what they are in, internet gateways with their VPC.
    pub gateways: Vec<Stands>,
    /// Functions, services and databases.
    pub ends: Vec<Stands>,
    pub paths: Vec<Path>,
}

/// A subnet.
#[derive(Debug)]
pub(crate) struct Lies {
    pub id: String,
    pub vpc: Option<String>,
    pub table: Option<String>,
    /// Where its default route leads to.
    pub leads_to: Option<String>,
    /// Whether it leads to an internet gateway.
    pub is_public: bool,
}

/// Something in subnets, with the groups that it has.
#[derive(Debug)]
pub(crate) struct Stands {
    pub id: String,
    pub vpc: Option<String>,
    pub subnets: Vec<String>,
    pub groups: Vec<String>,
    /// What is to say of it, such as the service of an endpoint.
    pub says: Option<String>,
}

/// A connection that something of the template makes.
#[derive(Debug)]
pub(crate) struct Path {
    pub from: String,
    /// The logical id of what it is made to.
    pub to: String,
    /// The port, or the service whose API is called.
    pub by: String,
    /// The logical id of the gateway or the endpoint that it goes through.
    pub through: Option<String>,
    pub comes_about: Option<bool>,
    /// Why it does not come about.
    pub why: Option<String>,
}

/// The paths of a template; none where parts of its network may not be shown.
pub(crate) fn paths(template: &Template) -> Option<Paths> {
    let subject = Subject::new(template);
    let network = Network::new(&subject)?;
    let mut found = Paths::default();
    subnets(&subject, &network, &mut found);
    gateways(&network, &mut found);
    for client in clients(&subject) {
        of_client(&subject, &network, &client, &mut found);
    }
    others(&subject, &network, &mut found);
    Some(found)
}

/// The properties that say in which subnets something is, with those that say its groups.
const PLACES: [(&str, &str); 5] = [
    ("SubnetId", "SecurityGroupIds"),
    ("SubnetIds", "SecurityGroupIds"),
    ("Subnets", "SecurityGroups"),
    ("VPCZoneIdentifier", "SecurityGroups"),
    ("SubnetIds", "VpcSecurityGroupIds"),
];

/// What is in the network besides: databases that nobody connects to, servers, load balancers.
fn others<'a>(subject: &Subject<'a>, network: &Network<'a>, found: &mut Paths) {
    for (id, resource) in subject.template.section("Resources") {
        let type_name = resource["Type"].as_str().unwrap_or_default();
        let is_network = type_name.starts_with("AWS::EC2::") && type_name != "AWS::EC2::Instance";
        if is_network || type_name.contains("SubnetGroup") || found.ends.iter().any(|end| end.id == id) {
            continue;
        }
        let end = match Database::find(subject, id) {
            // One in a cluster is where the cluster is.
            Some(database) if holder(subject, database).id != id => continue,
            Some(database) => end(subject, network, database),
            None => {
                let properties = &resource["Properties"];
                let Some((subnets, groups)) = PLACES.iter().find(|(subnets, _)| !properties[*subnets].is_null()) else {
                    continue;
                };
                let subnets = super::model::subnets(subject, &properties[*subnets]);
                End { subnets, groups: super::model::members(subject, &properties[*groups], None) }
            }
        };
        if end.subnets.iter().any(Option::is_some) {
            found.ends.push(stands(id, &end));
        }
    }
}

fn subnets(subject: &Subject<'_>, network: &Network<'_>, found: &mut Paths) {
    for (id, ..) in each(subject, super::model::SUBNET) {
        let Some(subnet) = network.subnets.get(id) else { continue };
        let table = match subnet.table {
            TableOf::Of(table) => Some(table),
            TableOf::Main | TableOf::Unknown => None,
        };
        let routes = table.and_then(|table| network.tables.get(table)).map_or(&[][..], |table| &table.routes);
        let default = routes.iter().find(|route| match route.destination {
            Destination::Addresses(range) => Address::Public.is_in(range) == Answer::Yes,
            _ => false,
        });
        let leads_to = match default.map(|route| route.target) {
            Some(Target::Internet(id) | Target::Nat(id)) => Some(id.to_owned()),
            _ => None,
        };
        found.subnets.push(Lies {
            id: id.to_owned(),
            vpc: subnet.vpc.map(str::to_owned),
            table: table.map(str::to_owned),
            leads_to,
            is_public: matches!(default.map(|route| route.target), Some(Target::Internet(_))),
        });
    }
}

fn gateways(network: &Network<'_>, found: &mut Paths) {
    for (vpc, of) in &network.vpcs {
        for (id, attached) in &of.gateways {
            if *attached != Answer::No {
                found.gateways.push(Stands {
                    vpc: Some((*vpc).to_owned()),
                    ..stands(id, &End { subnets: Vec::new(), groups: Vec::new() })
                });
            }
        }
    }
    for (id, nat) in &network.nats {
        found.gateways.push(stands(id, &End { subnets: vec![nat.subnet], groups: Vec::new() }));
    }
    for endpoint in &network.endpoints {
        let (subnets, groups) = match &endpoint.way {
            Way::Interface { groups, subnets, .. } => (subnets.clone(), groups.clone()),
            Way::Gateway(_) | Way::Unknown => (Vec::new(), Vec::new()),
        };
        found.gateways.push(Stands {
            vpc: endpoint.vpc.map(str::to_owned),
            says: endpoint.service.clone(),
            ..stands(endpoint.id, &End { subnets, groups })
        });
    }
}

fn stands(id: &str, end: &End<'_>) -> Stands {
    let groups = end.groups.iter().filter_map(|group| match group {
        Member::Of(id) => Some((*id).to_owned()),
        Member::DefaultOf(_) | Member::Unknown => None,
    });
    let subnets = end.subnets.iter().flatten().map(|id| (*id).to_owned()).collect();
    Stands { id: id.to_owned(), vpc: None, subnets, groups: groups.collect(), says: None }
}

fn of_client<'a>(subject: &Subject<'a>, network: &Network<'a>, client: &Client<'a>, found: &mut Paths) {
    let (from, public) = match &client.place {
        Place::Vpc(from, public) => (Some(from), *public),
        Place::NoVpc | Place::Unknown => (None, HasPublicAddress(Answer::Unknown)),
    };
    let databases = databases(subject, client, &network.looks);
    let nowhere = End { subnets: Vec::new(), groups: Vec::new() };
    if from.is_some() || !databases.is_empty() {
        found.ends.push(stands(client.id, from.unwrap_or(&nowhere)));
    }
    for (_, database) in databases {
        of_database(subject, network, (client, from), database, found);
    }
    let Some(from) = from else { return };
    for (_, id, service) in calls(subject, client, &network.looks) {
        let verdicts = from.subnets.iter().flatten().map(|subnet| {
            let verdict = network.can_call(service.endpoint, from, subnet, public);
            (*subnet, verdict)
        });
        let Some((subnet, verdict)) = verdicts.min_by_key(|(_, verdict)| verdict.answer) else { continue };
        let through = through(network, service.endpoint, subnet).filter(|_| verdict.answer == Answer::Yes);
        found.paths.push(path(client.id, id, service.endpoint.to_owned(), through, &verdict));
    }
}

fn of_database<'a>(
    subject: &Subject<'a>,
    network: &Network<'a>,
    (client, from): (&Client<'a>, Option<&End<'a>>),
    database: Database<'a>,
    found: &mut Paths,
) {
    let holder = holder(subject, database);
    let there = end(subject, network, holder);
    if found.ends.iter().all(|end| end.id != holder.id) {
        found.ends.push(stands(holder.id, &there));
    }
    let port = database.port();
    let verdict = match from {
        Some(from) if network.looks.spend(1) => network.can(from, &there, port),
        _ => Verdict { answer: Answer::Unknown, hop: None },
    };
    found.paths.push(path(client.id, holder.id, port.to_string(), None, &verdict));
}

fn path(from: &str, to: &str, by: String, through: Option<&str>, verdict: &Verdict<'_>) -> Path {
    let comes_about = match verdict.answer {
        Answer::Yes => Some(true),
        Answer::No => Some(false),
        Answer::Unknown => None,
    };
    let why = verdict.hop.as_ref().filter(|_| comes_about == Some(false)).map(ToString::to_string);
    Path { from: from.to_owned(), to: to.to_owned(), by, through: through.map(str::to_owned), comes_about, why }
}

/// The endpoint or the NAT gateway that a call from a subnet goes through.
fn through<'a>(network: &Network<'a>, service: &str, subnet: &str) -> Option<&'a str> {
    let subnet = network.subnets.get(subnet)?;
    let endpoint = network.endpoints.iter().find(|endpoint| {
        endpoint.service.as_deref() == Some(service)
            && (endpoint.vpc.is_none() || endpoint.vpc == subnet.vpc)
            && match (&endpoint.way, subnet.table) {
                (Way::Gateway(Some(tables)), TableOf::Of(table)) => tables.contains(&table),
                (Way::Interface { private_dns, .. }, _) => *private_dns == Some(true),
                _ => false,
            }
    });
    let TableOf::Of(table) = subnet.table else { return endpoint.map(|endpoint| endpoint.id) };
    let default = || {
        let routes = &network.tables.get(table)?.routes;
        routes.iter().find_map(|route| match route.target {
            Target::Nat(id) | Target::Internet(id) => Some(id),
            Target::Elsewhere => None,
        })
    };
    endpoint.map(|endpoint| endpoint.id).or_else(default)
}
