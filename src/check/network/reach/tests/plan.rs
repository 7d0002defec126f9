//! Plans: small networks by chance, as the simulator takes them, and the template of each.

use proptest::{
    prelude::Rng,
    test_runner::{RngAlgorithm, TestRng},
};
use serde_json::{Map, json};

use crate::json::Json;

/// Addresses as EC2 writes them.
#[derive(Clone, Copy, Debug)]
pub struct Cidr(pub u32, pub u32);

impl Cidr {
    pub const ALL: Self = Self(0, 0);

    pub fn text(self) -> String {
        format!("{}/{}", std::net::Ipv4Addr::from(self.0), self.1)
    }

    pub fn has(self, address: u32) -> bool {
        self.1 == 0 || (self.0 ^ address) >> (32 - self.1) == 0
    }
}

#[derive(Clone, Copy, Debug)]
pub enum Peer {
    Cidr(Cidr),
    Group(usize),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Protocol {
    Tcp,
    Udp,
    All,
}

#[derive(Clone, Copy, Debug)]
pub struct Rule {
    pub protocol: Protocol,
    pub ports: (u16, u16),
    pub peer: Peer,
    /// Whether it is a resource of its own.
    pub apart: bool,
}

#[derive(Clone, Debug)]
pub struct Group {
    pub vpc: usize,
    pub ingress: Vec<Rule>,
    /// None for the default.
    pub egress: Option<Vec<Rule>>,
}

#[derive(Clone, Copy, Debug)]
pub struct AclRule {
    pub number: u32,
    pub outbound: bool,
    pub allow: bool,
    pub protocol: Protocol,
    pub ports: (u16, u16),
    pub cidr: Cidr,
}

#[derive(Clone, Copy, Debug)]
pub enum Target {
    Internet,
    Nat(usize),
    Peering,
}

#[derive(Clone, Debug)]
pub struct Subnet {
    pub vpc: usize,
    pub cidr: Cidr,
    pub table: Option<usize>,
    pub acl: Option<usize>,
}

#[derive(Clone, Debug)]
pub struct End {
    pub subnets: Vec<usize>,
    pub groups: Vec<usize>,
}

/// A network with somebody who connects, and what to.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Whether each has its internet gateway attached.
    pub vpcs: Vec<bool>,
    pub subnets: Vec<Subnet>,
    /// The VPC of each, and its routes.
    pub tables: Vec<(usize, Vec<(Cidr, Target)>)>,
    /// The subnet of each.
    pub nats: Vec<usize>,
    pub groups: Vec<Group>,
    pub acls: Vec<Vec<AclRule>>,
    pub client: End,
    pub server: End,
    pub port: u16,
    /// The tables of an endpoint for S3 in the first VPC.
    pub gateway: Option<Vec<usize>>,
    /// An endpoint for SQS in the first VPC.
    pub interface: Option<End>,
    /// The addresses of S3, of which only the simulator knows.
    pub s3: Cidr,
}

const PORTS: [(u16, u16); 8] =
    [(5432, 5432), (3306, 3306), (0, 65_535), (1024, 65_535), (32_768, 65_535), (443, 443), (1024, 5000), (400, 6000)];

/// Where a generator may change what it does: the client's ports that the simulator has to try.
pub const CLIENT_PORTS: [u16; 9] = [1024, 3306, 3307, 5000, 5001, 5432, 6001, 32_767, 65_535];

pub struct Chance(TestRng);

impl Chance {
    pub fn new() -> Self {
        Self(TestRng::deterministic_rng(RngAlgorithm::ChaCha))
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0.next_u32() as usize % limit
    }

    /// True once in so many times.
    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    fn some(&mut self, all: &[usize], most: usize) -> Vec<usize> {
        let mut picked: Vec<usize> = (0..=self.below(most)).map(|_| self.of(all)).collect();
        picked.sort_unstable();
        picked.dedup();
        picked
    }

    fn cidr(&mut self, subnets: &[Subnet]) -> Cidr {
        let subnet = subnets[self.below(subnets.len())].cidr;
        match self.below(8) {
            0..4 => Cidr::ALL,
            4 => Cidr(subnet.0 & !0xFF, 24),
            5 => subnet,
            6 => Cidr(subnet.0 + 4, 30),
            _ => self.of(&[Cidr(subnet.0 + 3, 32), Cidr(0x0A00_0000, 8), Cidr(0, 1), Cidr(0x3400_0000, 8)]),
        }
    }

    fn protocol(&mut self) -> Protocol {
        self.of(&[Protocol::Tcp, Protocol::Tcp, Protocol::Tcp, Protocol::Udp, Protocol::All])
    }

    fn rules(&mut self, subnets: &[Subnet], groups: usize, most: usize) -> Vec<Rule> {
        let one = |chance: &mut Self| Rule {
            protocol: chance.protocol(),
            ports: chance.of(&PORTS),
            peer: if chance.once_in(2) { Peer::Group(chance.below(groups)) } else { Peer::Cidr(chance.cidr(subnets)) },
            apart: chance.once_in(3),
        };
        (0..self.below(most + 1)).map(|_| one(self)).collect()
    }

    fn acl(&mut self, subnets: &[Subnet]) -> Vec<AclRule> {
        let one = |chance: &mut Self, number: u32| AclRule {
            number,
            outbound: number.is_multiple_of(2),
            allow: !chance.once_in(4),
            protocol: chance.protocol(),
            ports: chance.of(&PORTS),
            cidr: chance.cidr(subnets),
        };
        let mut rules: Vec<_> = (0..2 + self.below(7)).map(|number| one(self, 100 + number as u32)).collect();
        // The order in the template says nothing.
        if self.once_in(2) {
            rules.reverse();
        }
        rules
    }

    pub fn plan(&mut self) -> Plan {
        let vpcs: Vec<bool> = (0..if self.once_in(5) { 2 } else { 1 }).map(|_| !self.once_in(4)).collect();
        let (tables, acls) = (self.below(3) + 1, self.below(3));
        let tables: Vec<usize> = (0..tables).map(|_| self.below(vpcs.len())).collect();
        let subnets: Vec<Subnet> = (0..2 + self.below(3))
            .map(|number| {
                let vpc = if number == 0 { 0 } else { self.below(vpcs.len()) };
                let table = self.below(tables.len() + 1);
                Subnet {
                    vpc,
                    cidr: Cidr(0x0A00_0000 + ((vpc as u32) << 16) + ((number as u32) << 3), 29),
                    table: tables.get(table).is_some_and(|of| *of == vpc).then_some(table),
                    acl: Some(self.below(acls + 3)).filter(|acl| *acl < acls),
                }
            })
            .collect();
        let every: Vec<usize> = (0..subnets.len()).collect();
        let nats: Vec<usize> = (0..self.below(3)).map(|_| self.of(&every)).collect();
        let tables = tables
            .iter()
            .map(|vpc| {
                let mut routes = Vec::new();
                if !self.once_in(4) {
                    let own: Vec<usize> = (0..nats.len()).filter(|nat| subnets[nats[*nat]].vpc == *vpc).collect();
                    let nat = (!own.is_empty() && !self.once_in(3)).then(|| Target::Nat(self.of(&own)));
                    routes.push((Cidr::ALL, nat.unwrap_or(Target::Internet)));
                }
                if vpcs.len() > 1 && !self.once_in(3) {
                    routes.push((Cidr(0x0A00_0000 + ((1 - *vpc as u32) << 16), 24), Target::Peering));
                }
                if self.once_in(8) {
                    routes.push((Cidr(0x3400_0000, 8), Target::Internet));
                }
                (*vpc, routes)
            })
            .collect();
        let count = 2 + self.below(2);
        let groups = (0..count)
            .map(|_| Group {
                vpc: 0,
                ingress: self.rules(&subnets, count, 3),
                egress: if self.once_in(2) {
                    None
                } else {
                    Some(self.rules(&subnets, count, 3)).filter(|all| all.iter().any(|rule| !rule.apart))
                },
            })
            .collect();
        let all: Vec<usize> = (0..count).collect();
        let first: Vec<usize> = every.iter().copied().filter(|subnet| subnets[*subnet].vpc == 0).collect();
        let end =
            |chance: &mut Self, within: &[usize]| End { subnets: chance.some(within, 2), groups: chance.some(&all, 2) };
        let (client, server) = (end(self, &first), end(self, &every));
        let acls = (0..acls).map(|_| self.acl(&subnets)).collect();
        let tables: Vec<(usize, Vec<(Cidr, Target)>)> = tables;
        let of_first: Vec<usize> = (0..tables.len()).filter(|table| tables[*table].0 == 0).collect();
        let gateway = (self.once_in(3) && !of_first.is_empty()).then(|| self.some(&of_first, 2));
        let interface = self.once_in(3).then(|| end(self, &first));
        let port = self.of(&[5432, 3306]);
        let s3 = self.of(&[Cidr(0x3400_0000, 16), Cidr(0x0303_0000, 16)]);
        Plan { vpcs, subnets, tables, nats, groups, acls, client, server, port, gateway, interface, s3 }
    }
}

fn reference(kind: &str, number: usize) -> Json {
    json!({"Ref": format!("{kind}{number}")})
}

fn references(kind: &str, numbers: &[usize]) -> Json {
    numbers.iter().map(|number| reference(kind, *number)).collect()
}

impl Plan {
    pub fn template(&self) -> Json {
        let mut resources = Map::new();
        let mut add = |id: String, kind: &str, properties: Json| {
            resources.insert(id, json!({"Type": format!("AWS::EC2::{kind}"), "Properties": properties}));
        };
        for (number, attached) in self.vpcs.iter().enumerate() {
            add(
                format!("Vpc{number}"),
                "VPC",
                json!({"CidrBlock": Cidr(0x0A00_0000 + ((number as u32) << 16), 24).text()}),
            );
            add(format!("Internet{number}"), "InternetGateway", json!({}));
            if *attached {
                let properties =
                    json!({"VpcId": reference("Vpc", number), "InternetGatewayId": reference("Internet", number)});
                add(format!("Attachment{number}"), "VPCGatewayAttachment", properties);
            }
        }
        for (number, Subnet { vpc, cidr, table, acl }) in self.subnets.iter().enumerate() {
            let id = reference("Subnet", number);
            add(
                format!("Subnet{number}"),
                "Subnet",
                json!({"VpcId": reference("Vpc", *vpc), "CidrBlock": cidr.text()}),
            );
            if let Some(table) = table {
                let properties = json!({"SubnetId": id, "RouteTableId": reference("Table", *table)});
                add(format!("TableOf{number}"), "SubnetRouteTableAssociation", properties);
            }
            if let Some(acl) = acl {
                let properties = json!({"SubnetId": id, "NetworkAclId": reference("Acl", *acl)});
                add(format!("AclOf{number}"), "SubnetNetworkAclAssociation", properties);
            }
        }
        for (number, subnet) in self.nats.iter().enumerate() {
            let properties = json!({"SubnetId": reference("Subnet", *subnet), "AllocationId": "eipalloc-1"});
            add(format!("Nat{number}"), "NatGateway", properties);
        }
        for (number, (vpc, routes)) in self.tables.iter().enumerate() {
            add(format!("Table{number}"), "RouteTable", json!({"VpcId": reference("Vpc", *vpc)}));
            for (position, (cidr, target)) in routes.iter().enumerate() {
                let mut route =
                    json!({"RouteTableId": reference("Table", number), "DestinationCidrBlock": cidr.text()});
                match target {
                    Target::Internet => route["GatewayId"] = reference("Internet", *vpc),
                    Target::Nat(nat) => route["NatGatewayId"] = reference("Nat", *nat),
                    Target::Peering => route["VpcPeeringConnectionId"] = json!("pcx-1"),
                }
                add(format!("Route{number}x{position}"), "Route", route);
            }
        }
        for (number, Group { vpc, ingress, egress }) in self.groups.iter().enumerate() {
            let mut group = json!({"GroupDescription": "By chance", "VpcId": reference("Vpc", *vpc)});
            for (side, other, rules) in
                [("Ingress", "Source", Some(ingress)), ("Egress", "Destination", egress.as_ref())]
            {
                for (position, rule) in rules.into_iter().flatten().enumerate() {
                    let mut json = match rule.protocol {
                        Protocol::Tcp => json!({"IpProtocol": "tcp", "FromPort": rule.ports.0, "ToPort": rule.ports.1}),
                        Protocol::Udp => json!({"IpProtocol": "17", "FromPort": rule.ports.0, "ToPort": rule.ports.1}),
                        Protocol::All => json!({"IpProtocol": -1}),
                    };
                    match rule.peer {
                        Peer::Cidr(cidr) => json["CidrIp"] = cidr.text().into(),
                        Peer::Group(peer) => {
                            json[format!("{other}SecurityGroupId")] =
                                json!({"Fn::GetAtt": [format!("Group{peer}"), "GroupId"]});
                        }
                    }
                    if rule.apart {
                        json["GroupId"] = reference("Group", number);
                        add(format!("{side}{number}x{position}"), &format!("SecurityGroup{side}"), json);
                    } else {
                        let list = &mut group[format!("SecurityGroup{side}")];
                        if list.is_null() {
                            *list = json!([]);
                        }
                        list.as_array_mut().unwrap().push(json);
                    }
                }
            }
            add(format!("Group{number}"), "SecurityGroup", group);
        }
        for (number, rules) in self.acls.iter().enumerate() {
            add(format!("Acl{number}"), "NetworkAcl", json!({"VpcId": reference("Vpc", 0)}));
            for rule in rules {
                let protocol = match rule.protocol {
                    Protocol::Tcp => 6,
                    Protocol::Udp => 17,
                    Protocol::All => -1,
                };
                let properties = json!({
                    "NetworkAclId": reference("Acl", number), "RuleNumber": rule.number, "Egress": rule.outbound,
                    "RuleAction": if rule.allow { "allow" } else { "deny" }, "Protocol": protocol,
                    "PortRange": {"From": rule.ports.0, "To": rule.ports.1}, "CidrBlock": rule.cidr.text(),
                });
                add(format!("Acl{number}x{}", rule.number), "NetworkAclEntry", properties);
            }
        }
        if let Some(tables) = &self.gateway {
            let properties = json!({
                "VpcId": reference("Vpc", 0), "RouteTableIds": references("Table", tables),
                "ServiceName": {"Fn::Sub": "com.amazonaws.${AWS::Region}.s3"},
            });
            add("Gateway".to_owned(), "VPCEndpoint", properties);
        }
        if let Some(End { subnets, groups }) = &self.interface {
            let properties = json!({
                "VpcId": reference("Vpc", 0), "VpcEndpointType": "Interface", "PrivateDnsEnabled": true,
                "SubnetIds": references("Subnet", subnets), "SecurityGroupIds": references("Group", groups),
                "ServiceName": {"Fn::Join": [".", ["com.amazonaws", {"Ref": "AWS::Region"}, "sqs"]]},
            });
            add("Interface".to_owned(), "VPCEndpoint", properties);
        }
        json!({"Resources": resources})
    }
}
