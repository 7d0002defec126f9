//! The picture of a network: VPCs, subnets and what is in them as boxes in boxes, and the paths that are proven.

use std::collections::{BTreeMap, HashMap};

use super::{
    kind,
    model::{Arrangement, Change, Direction, Edge, EdgeKind, Graph, Node, NodeIndex, Shape},
};
use crate::{
    check::network::{Paths, Stands, paths},
    diagnostic::Path,
    json::Json,
    template::Template,
};

/// The id of what is outside of every VPC: the internet, and the APIs of AWS.
const INTERNET: &str = "(internet)";

/// Security groups that are named on a node.
const MOST_GROUPS: usize = 3;

impl Graph {
    /// The network of a template, anyone's. There are no nodes where it has none.
    pub fn of_network(title: impl Into<String>, template: &Template) -> Self {
        let mut graph = Self::new(title, Direction::Right);
        let Some(paths) = paths(template).filter(|paths| !paths.subnets.is_empty()) else {
            return without_paths(graph, template);
        };
        graph.arrangement = Arrangement::Rows;
        let mut drawing = Drawing { template, graph, nodes: HashMap::new(), paths: &paths };
        drawing.boxes();
        for stands in paths.gateways.iter().chain(&paths.ends) {
            drawing.stand(stands);
        }
        drawing.routes();
        drawing.reach();
        drawing.graph
    }

    /// The same with what has changed since an older template.
    pub fn of_network_against(title: impl Into<String>, old: &Template, new: &Template) -> Self {
        let mut graph = Self::of_network(title, new);
        let changes = super::change::changes(old, new);
        graph.compare(&Self::of_network("", old), |_, node| {
            changes.get(node.id.as_str()).copied().filter(|change| *change != Change::Added)
        });
        graph
    }
}

/// The VPCs alone, where macros or loops may add what nobody sees.
fn without_paths(mut graph: Graph, template: &Template) -> Graph {
    for (id, resource) in template.section("Resources").filter(|(_, resource)| resource["Type"] == "AWS::EC2::VPC") {
        graph.add(card(id, resource));
    }
    graph
}

struct Drawing<'a> {
    template: &'a Template,
    graph: Graph,
    nodes: HashMap<String, NodeIndex>,
    paths: &'a Paths,
}

impl Drawing<'_> {
    /// The VPCs, with their subnets in them.
    fn boxes(&mut self) {
        let template = self.template;
        for (id, resource) in template.section("Resources") {
            if resource["Type"] == "AWS::EC2::VPC" {
                self.add(id, Node { shape: Shape::Box, arrangement: Arrangement::Rows, ..card(id, resource) });
            }
        }
        for subnet in &self.paths.subnets {
            let resource = &template.as_json()["Resources"][subnet.id.as_str()];
            let mut node = card(&subnet.id, resource);
            let what = if subnet.is_public { "public subnet" } else { "private subnet" };
            node.details = vec![what.to_owned()];
            node.details.extend(literal(&resource["Properties"]["CidrBlock"]));
            node.details.extend(subnet.table.as_ref().map(|table| format!("routes: {table}")));
            let shape = if subnet.is_public { Shape::Box } else { Shape::DashedBox };
            let parent = subnet.vpc.as_ref().and_then(|vpc| self.nodes.get(vpc)).copied();
            self.add(&subnet.id, Node { parent, shape, arrangement: Arrangement::Rows, ..node });
        }
    }

    fn add(&mut self, id: &str, node: Node) -> NodeIndex {
        let index = self.graph.add(node);
        self.nodes.insert(id.to_owned(), index);
        index
    }

    /// A gateway or an end: in its subnet, or in the VPC where it is in several.
    fn stand(&mut self, stands: &Stands) {
        if self.nodes.contains_key(&stands.id) {
            return;
        }
        let resource = &self.template.as_json()["Resources"][stands.id.as_str()];
        let mut node = card(&stands.id, resource);
        node.details.extend(stands.says.clone());
        if !stands.groups.is_empty() {
            let few = stands.groups.iter().take(MOST_GROUPS).cloned().collect::<Vec<_>>().join(", ");
            let more = stands.groups.len().saturating_sub(MOST_GROUPS);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            node.details.push(format!("groups: {few}{more}"));
        }
        let vpc_of = |id: &String| self.paths.subnets.iter().find(|subnet| subnet.id == *id)?.vpc.as_ref();
        let vpc = stands.vpc.as_ref().or_else(|| stands.subnets.iter().find_map(vpc_of));
        let around = match stands.subnets.as_slice() {
            [only] => Some(only),
            [] => vpc,
            several => {
                node.details.push(format!("in {}", several.join(", ")));
                vpc
            }
        };
        node.parent = around.and_then(|around| self.nodes.get(around)).copied();
        self.add(&stands.id, node);
    }

    /// What is outside.
    fn internet(&mut self) -> NodeIndex {
        if let Some(&index) = self.nodes.get(INTERNET) {
            return index;
        }
        let (family, glyph) = kind::looks("AWS::EC2::InternetGateway");
        let details = vec!["and the APIs of AWS".to_owned()];
        self.add(INTERNET, Node { family, glyph, details, ..Node::new(INTERNET, "Internet") })
    }

    /// The default route of each subnet, and the way from a gateway on.
    fn routes(&mut self) {
        for subnet in &self.paths.subnets {
            let ends = (self.nodes.get(&subnet.id), subnet.leads_to.as_ref().and_then(|to| self.nodes.get(to)));
            if let (Some(&from), Some(&to)) = ends {
                self.connect(from, to, EdgeKind::Reference, Some("default route".to_owned()), None);
            }
        }
        for gateway in &self.paths.gateways {
            let is_internet =
                self.template.as_json()["Resources"][gateway.id.as_str()]["Type"] == "AWS::EC2::InternetGateway";
            if let (true, Some(&from)) = (is_internet, self.nodes.get(&gateway.id)) {
                let to = self.internet();
                self.connect(from, to, EdgeKind::Reference, None, None);
            }
        }
    }

    /// What reaches what, and what does not.
    fn reach(&mut self) {
        let mut said: BTreeMap<_, (Vec<String>, Vec<String>)> = BTreeMap::new();
        for path in &self.paths.paths {
            let Some(&from) = self.nodes.get(&path.from) else { continue };
            let through = path.through.as_ref().and_then(|through| self.nodes.get(through)).copied();
            let known = self.nodes.get(&path.to).copied();
            let to = through.or(known).unwrap_or_else(|| self.internet());
            let kind = match path.comes_about {
                Some(true) => EdgeKind::Reach,
                Some(false) => EdgeKind::Blocked,
                None => EdgeKind::Reference,
            };
            let (labels, notes) = said.entry((from, to, kind)).or_default();
            labels.push(path.by.clone());
            let why = path.why.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
            let sure = if path.comes_about.is_none() { " (the template does not tell whether it does)" } else { "" };
            notes.push(format!("{} to {} by {}{why}{sure}", path.from, path.to, path.by));
        }
        for ((from, to, kind), (mut labels, notes)) in said {
            labels.dedup();
            let mut label = labels.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
            // What is blocked says why on the line itself.
            if let (EdgeKind::Blocked, Some((_, why))) = (kind, notes[0].split_once(": ")) {
                label = format!("{label}: {}", why.replace('`', ""));
            }
            self.connect(from, to, kind, Some(label), Some(notes.join("\n")));
        }
    }

    fn connect(&mut self, from: NodeIndex, to: NodeIndex, kind: EdgeKind, label: Option<String>, note: Option<String>) {
        self.graph.connect(Edge { label, note, ..Edge::new(from, to, kind) });
    }
}

/// A resource with its type, and its range of addresses.
fn card(id: &str, resource: &Json) -> Node {
    let type_name = resource["Type"].as_str().unwrap_or_default();
    let (family, glyph) = kind::looks(type_name);
    let mut details = vec![kind::short(type_name)];
    details.extend(literal(&resource["Properties"]["CidrBlock"]).filter(|_| type_name == "AWS::EC2::VPC"));
    Node { family, glyph, details, path: Some(Path::from("Resources").join(id)), ..Node::new(id, id) }
}

fn literal(json: &Json) -> Option<String> {
    json.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two functions in a private subnet, one of which the database lets in; the way out leads over a gateway.
    const SHOP: &str = "
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Internet: {Type: AWS::EC2::InternetGateway}
  Attached: {Type: AWS::EC2::VPCGatewayAttachment, Properties: {VpcId: !Ref Vpc, InternetGatewayId: !Ref Internet}}
  Public:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24, MapPublicIpOnLaunch: true}
  Private: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24}}
  Other: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.2.0/24}}
  PublicTable: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  PrivateTable: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  PublicRoute:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref PublicTable, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Internet}
  PrivateRoute:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref PrivateTable, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: !Ref Nat}
  PublicIs:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref Public, RouteTableId: !Ref PublicTable}
  PrivateIs:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref Private, RouteTableId: !Ref PrivateTable}
  OtherIs:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref Other, RouteTableId: !Ref PrivateTable}
  Address: {Type: AWS::EC2::EIP, Properties: {Domain: vpc}}
  Nat:
    Type: AWS::EC2::NatGateway
    Properties: {SubnetId: !Ref Public, AllocationId: !GetAtt Address.AllocationId}
  ReaderGroup: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: Readers, VpcId: !Ref Vpc}}
  StrangerGroup: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: Strangers, VpcId: !Ref Vpc}}
  DatabaseGroup:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: Database
      VpcId: !Ref Vpc
      SecurityGroupIngress:
      - {IpProtocol: tcp, FromPort: 3306, ToPort: 3306, SourceSecurityGroupId: !Ref ReaderGroup}
  Subnets:
    Type: AWS::RDS::DBSubnetGroup
    Properties: {DBSubnetGroupDescription: Private, SubnetIds: [!Ref Private, !Ref Other]}
  Database:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: mysql
      DBInstanceClass: db.t4g.micro
      AllocatedStorage: '20'
      MasterUsername: admin
      ManageMasterUserPassword: true
      DBSubnetGroupName: !Ref Subnets
      VPCSecurityGroups: [!Ref DatabaseGroup]
  Reader:
    Type: AWS::Lambda::Function
    Properties:
      Role: arn:aws:iam::111122223333:role/r
      Runtime: python3.13
      Handler: index.handler
      Code: {ZipFile: ''}
      Environment: {Variables: {HOST: !GetAtt Database.Endpoint.Address}}
      VpcConfig: {SubnetIds: [!Ref Private], SecurityGroupIds: [!Ref ReaderGroup]}
  Stranger:
    Type: AWS::Lambda::Function
    Properties:
      Role: arn:aws:iam::111122223333:role/r
      Runtime: python3.13
      Handler: index.handler
      Code: {ZipFile: ''}
      Environment: {Variables: {HOST: !GetAtt Database.Endpoint.Address}}
      VpcConfig: {SubnetIds: [!Ref Private], SecurityGroupIds: [!Ref StrangerGroup]}
";

    #[test]
    fn a_network_says_what_stands_where_and_what_reaches_what() {
        let graph = Graph::of_network("Shop", &Template::parse(SHOP).unwrap());
        let node = |id: &str| graph.node(graph.find(id).unwrap());
        let within = |id: &str| node(id).parent.map(|parent| graph.node(parent).label.clone());
        let in_box = ["Public", "Private", "Nat", "Reader"].map(|id| within(id).unwrap_or_default());
        assert_eq!(in_box, ["Vpc", "Vpc", "Public", "Private"]);
        assert_eq!((&*node("Public").details[0], &*node("Private").details[0]), ("public subnet", "private subnet"));
        let label = |at: NodeIndex| graph.node(at).label.as_str();
        let said = |edge: &Edge| {
            let by = edge.label.as_deref().unwrap_or_default();
            format!("{} to {}, {:?} {by}", label(edge.from), label(edge.to), edge.kind)
        };
        let mut edges: Vec<String> = graph.edges().iter().map(said).collect();
        edges.sort();
        let expected = [
            "Internet to Internet, Reference ",
            "Other to Nat, Reference default route",
            "Private to Nat, Reference default route",
            "Public to Internet, Reference default route",
            "Reader to Database, Reach port 3306",
            "Stranger to Database, Blocked port 3306: DatabaseGroup does not let it in",
        ];
        assert_eq!(edges, expected);
    }
}
