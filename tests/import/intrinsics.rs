//! The stack `intrinsics`, imported from `intrinsics.yaml`.

use formwork::{
    Handle, Stack,
    aws::{
        cloudwatch::{Alarm, alarm::ComparisonOperator},
        ec2::{
            SecurityGroup, Subnet, VPC,
            security_group::{Ingress, Tag},
        },
        sns::Topic,
    },
    intrinsic::{
        account_id, base64, equals, find_in_map, find_in_map_or, get_azs, if_, import_value, join, length, no_value,
        notification_arns, partition, region, select, split, stack_id, stack_name, sub, sub_with, url_suffix,
    },
    json,
    stack::{ConditionRef, Mapping, MappingRef, Parameter, ParameterRef, RawResource},
    value::{Entries, List, Value},
};

const INSTANCE_USER_DATA: &str = r#"#!/bin/bash
echo "${Name} ${!HOME} ${Network}"
"#;

/// Composes the stack.
pub fn stack() -> Stack {
    let mut stack = Stack::new("intrinsics");
    stack.transform("AWS::LanguageExtensions");

    let cidr_parameter = stack.parameter("Cidr", Parameter::string());
    let names = stack.parameter("Names", Parameter::comma_delimited_list());

    let ports = stack.mapping("Ports", Mapping::new().entry("web", "Http", 80).entry("web", "Https", 443));

    let is_large = stack.condition("IsLarge", equals(select(0, split(".", cidr_parameter.reference())), "10"));

    let network = network(&mut stack, &cidr_parameter);
    let subnet = subnet(&mut stack, &network);
    other_subnet(&mut stack);
    let group = group(&mut stack, &network, &is_large, &cidr_parameter, &ports);
    instance(&mut stack, &subnet, &group, &names);
    let topic = topic(&mut stack, &ports);
    text(&mut stack, &network, &names);
    count(&mut stack, &names, &is_large, &topic);

    stack.output("Account", join("/", [account_id(), partition(), stack_id(), url_suffix()]));
    stack.output("Arns", join(",", notification_arns()));
    stack.output(
        "Included",
        Value::Literal(json!({"Fn::Transform": {"Name": "Upper", "Parameters": {"Text": "a"}}})).cast(),
    );
    stack
}

fn network(stack: &mut Stack, cidr_parameter: &ParameterRef<String>) -> Handle<VPC> {
    stack.add("Network", VPC::new().cidr_block(cidr_parameter.reference()))
}

fn subnet(stack: &mut Stack, network: &Handle<VPC>) -> Handle<Subnet> {
    stack.add(
        "Subnet",
        Subnet::new(network.vpc_id())
            .availability_zone(select(1, get_azs("")))
            .property(
                "CidrBlock",
                json!({
                    "Fn::Select": [2, {"Fn::Cidr": [network.cidr_block(), 6, "8"]}]
                }),
            )
            .map_public_ip_on_launch(true),
    )
}

fn other_subnet(stack: &mut Stack) {
    stack.add(
        "OtherSubnet",
        Subnet::new(sub("${Network.VpcId}"))
            .availability_zone(select(0, get_azs(region())))
            .cidr_block(import_value(sub("${AWS::StackName}-cidr"))),
    );
}

fn group(
    stack: &mut Stack,
    network: &Handle<VPC>,
    is_large: &ConditionRef,
    cidr_parameter: &ParameterRef<String>,
    ports: &MappingRef,
) -> Handle<SecurityGroup> {
    stack.add(
        "Group",
        SecurityGroup::new(join("-", [stack_name(), "web".into(), region()]))
            .vpc_id(network.vpc_id())
            .security_group_ingress(
                List::new()
                    .item(
                        Ingress::new("tcp")
                            .cidr_ip(if_(is_large, cidr_parameter.reference(), "0.0.0.0/0"))
                            .from_port(find_in_map(ports, "web", "Http"))
                            .to_port(find_in_map(ports, "web", if_(is_large, "Http", "Https"))),
                    )
                    .item(if_(
                        is_large,
                        Ingress::new("udp").cidr_ip("10.0.0.0/8").from_port(53).to_port(53),
                        no_value(),
                    )),
            )
            .tags(if_(is_large, [Tag::new("Size", "large")], no_value())),
    )
}

fn instance(
    stack: &mut Stack,
    subnet: &Handle<Subnet>,
    group: &Handle<SecurityGroup>,
    names: &ParameterRef<List<String>>,
) {
    stack.add(
        "Instance",
        RawResource::new("AWS::EC2::Instance")
            .property("SubnetId", subnet.subnet_id())
            .property("SecurityGroupIds", json!([group.group_id()]))
            .property(
                "UserData",
                base64(sub_with(
                    INSTANCE_USER_DATA,
                    Entries::new().entry("Name", select(0, names.reference())).entry("Zone", "fixed"),
                )),
            ),
    );
}

fn topic(stack: &mut Stack, ports: &MappingRef) -> Handle<Topic> {
    stack.add(
        "Topic",
        Topic::new()
            .display_name(sub("${AWS::StackName}-${Network.CidrBlock}"))
            .topic_name(find_in_map_or(ports, "web", "Gopher", "seventy")),
    )
}

fn text(stack: &mut Stack, network: &Handle<VPC>, names: &ParameterRef<List<String>>) {
    stack.add(
        "Text",
        RawResource::new("AWS::SSM::Parameter")
            .property("Type", "String")
            .property("Value", json!({"Fn::ToJsonString": {"Vpc": network.vpc_id(), "Names": names.reference()}})),
    );
}

fn count(stack: &mut Stack, names: &ParameterRef<List<String>>, is_large: &ConditionRef, topic: &Handle<Topic>) {
    stack.add(
        "Count",
        Alarm::new()
            .comparison_operator(ComparisonOperator::GREATER_THAN_THRESHOLD)
            .evaluation_periods(length::<String>(names.reference()))
            .datapoints_to_alarm(if_(is_large, 1, 2))
            .threshold(1.5)
            .ok_actions([topic.topic_arn(), "arn:aws:sns:eu-central-1:123456789012:all".into()])
            .alarm_actions(split(",", import_value("topics")))
            .insufficient_data_actions([if_(is_large, topic.topic_arn(), no_value())]),
    );
}
