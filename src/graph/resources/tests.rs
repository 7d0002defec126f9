use super::*;

const ORDERS: &str = "
Resources:
  Orders: {Type: 'AWS::SQS::Queue'}
  Table: {Type: 'AWS::DynamoDB::Table'}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
      - PolicyName: Write
        PolicyDocument:
          Statement: [{Effect: Allow, Action: ['dynamodb:PutItem', 'dynamodb:Query'], Resource: !GetAtt Table.Arn}]
  Store:
    Type: AWS::Lambda::Function
    Properties: {Role: !GetAtt Role.Arn, Environment: {Variables: {TABLE: !Ref Table}}}
  Source:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {FunctionName: !Ref Store, EventSourceArn: !GetAtt Orders.Arn}
";

fn told(graph: &Graph) -> Vec<String> {
    let name = |index| graph.node(index).label.clone();
    let nodes = graph.nodes().map(|(_, node)| format!("{}: {}", node.label, node.details.join(", ")));
    let edges = graph.edges().iter().map(|edge| {
        let label = edge.label.as_ref().map(|label| format!(" ({label})")).unwrap_or_default();
        format!("{} {} {}{label}", name(edge.from), edge.kind.name(), name(edge.to))
    });
    nodes.chain(edges).collect()
}

fn drawn(template: &str, all: bool) -> Graph {
    Graph::of_resources("test", &Template::parse(template).expect("it is a template"), all)
}

#[test]
fn helpers_are_parts_and_roles_are_edges() {
    assert_eq!(
        told(&drawn(ORDERS, false)),
        [
            "Orders: SQS Queue",
            "Table: DynamoDB Table",
            "Store: Lambda Function, with EventSourceMapping",
            "Orders triggers Store",
            "Store may use Table (PutItem, Query)",
        ]
    );
}

#[test]
fn all_has_each_resource() {
    let graph = drawn(ORDERS, true);
    assert_eq!(graph.nodes().count(), 5);
    assert!(told(&graph).contains(&"Role may use Table (PutItem, Query)".to_owned()));
}

#[test]
fn many_that_are_alike_are_one() {
    let mut template = String::from("Resources:\n  Topic: {Type: 'AWS::SNS::Topic'}\n");
    for number in 0..500 {
        template.push_str(&format!(
            "  F{number}: {{Type: 'AWS::Lambda::Function', Properties: {{Environment: {{Variables: {{T: !Ref Topic}}}}}}}}\n"
        ));
    }
    assert_eq!(
        told(&drawn(&template, false)),
        [
            "Topic: SNS Topic",
            "500 × Lambda Function: F0, F1, F2, and 497 more",
            "500 × Lambda Function refers to Topic"
        ]
    );
}

#[test]
fn many_that_are_not_alike_stay_readable() {
    let mut template = String::from("Resources:\n");
    for number in 0..250 {
        template.push_str(&format!("  Q{number}: {{Type: 'AWS::SQS::Queue'}}\n"));
        template.push_str(&format!(
            "  F{number}: {{Type: 'AWS::Lambda::Function', Properties: {{Environment: {{Variables: {{Q: !Ref Q{number}}}}}}}}}\n"
        ));
    }
    assert_eq!(drawn(&template, false).nodes().count(), 2);
}

#[test]
fn what_is_in_a_vpc_is_in_its_box() {
    let graph = drawn(
        "
Resources:
  Vpc: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: 10.0.0.0/16}}
  Subnet: {Type: 'AWS::EC2::Subnet', Properties: {VpcId: !Ref Vpc}}
  Render: {Type: 'AWS::Lambda::Function', Properties: {VpcConfig: {SubnetIds: [!Ref Subnet]}}}
  Apart: {Type: 'AWS::Lambda::Function'}
",
        false,
    );
    let around =
        |id| graph.node(graph.find(id).expect("it is drawn")).parent.map(|parent| graph.node(parent).label.clone());
    assert_eq!((around("Render").as_deref(), around("Apart")), (Some("Vpc"), None));
}

#[test]
fn a_change_of_a_helper_is_one_of_what_it_belongs_to() {
    let old = Template::parse(ORDERS).expect("it is a template");
    let changed = ORDERS.replace("!Ref Store,", "!Ref Store, BatchSize: 5,").replace("Orders", "Letters");
    let new = Template::parse(&changed).expect("it is a template");
    let graph = Graph::of_resources_against("test", &old, &new, false);
    let mark = |id| {
        graph.node(graph.find(id).expect("it is drawn")).mark.as_ref().map(|mark| match mark {
            super::super::model::Mark::Change(change) => change.name(),
            super::super::model::Mark::Visit(_) => "visited",
        })
    };
    assert_eq!(
        [mark("Letters"), mark("Orders"), mark("Store"), mark("Table")],
        [Some("added"), Some("removed"), Some("changed"), None]
    );
}

#[test]
fn owners_in_a_circle_are_drawn_apart() {
    let graph = drawn(
        "
Resources:
  A: {Type: 'AWS::Lambda::Alias', Properties: {FunctionName: !Ref B}}
  B: {Type: 'AWS::Lambda::Alias', Properties: {FunctionName: !Ref A}}
",
        false,
    );
    assert_eq!(graph.nodes().count(), 2);
}
