//! The stack `network`, imported from `network.yaml`.
//!
//! A network in two zones, with a service in it.

use formwork::{
    Handle, Stack,
    aws::{
        ec2::{EIP, InternetGateway, NatGateway, Route, RouteTable, Subnet, VPC, VPCGatewayAttachment, eip::EIPDomain},
        logs::LogGroup,
    },
    intrinsic::{cidr, equals, get_azs, join, select},
    json,
    stack::{ConditionRef, Parameter, ParameterRef, RawResource},
};

/// Composes the stack.
pub fn stack() -> Stack {
    let mut stack = Stack::new("network");

    let cidr_parameter = stack.parameter("Cidr", Parameter::string().default("10.0.0.0/16"));

    let has_nat = stack.condition("HasNat", equals(cidr_parameter.reference(), "10.0.0.0/16"));

    let vpc = vpc(&mut stack, &cidr_parameter);
    let gateway = gateway(&mut stack);
    let attachment = attachment(&mut stack, &vpc, &gateway);
    let public_a = public_a(&mut stack, &vpc, &cidr_parameter);
    let address_a = address_a(&mut stack, &has_nat, &attachment);
    let nat_a = nat_a(&mut stack, &public_a, &address_a, &has_nat);
    let table_a = table_a(&mut stack, &vpc);
    let route_a = route_a(&mut stack, &table_a, &nat_a, &has_nat);
    let public_b = public_b(&mut stack, &vpc, &cidr_parameter);
    let address_b = address_b(&mut stack, &has_nat, &attachment);
    let nat_b = nat_b(&mut stack, &public_b, &address_b, &has_nat);
    let table_b = table_b(&mut stack, &vpc);
    let route_b = route_b(&mut stack, &table_b, &nat_b, &has_nat);
    let cluster = cluster(&mut stack);
    let log = log(&mut stack);
    let service = service(
        &mut stack, &cluster, &public_a, &public_b, &vpc, &gateway, &nat_a, &nat_b, &table_a, &log, &route_a, &route_b,
    );

    stack.output("Service", service.reference()).condition(&has_nat);
    stack
}

/// The network
fn vpc(stack: &mut Stack, cidr_parameter: &ParameterRef<String>) -> Handle<VPC> {
    stack.add("Vpc", VPC::new().cidr_block(cidr_parameter.reference()).enable_dns_support(true))
}

fn gateway(stack: &mut Stack) -> Handle<InternetGateway> {
    stack.add("Gateway", InternetGateway::new())
}

fn attachment(stack: &mut Stack, vpc: &Handle<VPC>, gateway: &Handle<InternetGateway>) -> Handle<VPCGatewayAttachment> {
    stack.add("Attachment", VPCGatewayAttachment::new(vpc.vpc_id()).internet_gateway_id(gateway.internet_gateway_id()))
}

/// Zone A
fn public_a(stack: &mut Stack, vpc: &Handle<VPC>, cidr_parameter: &ParameterRef<String>) -> Handle<Subnet> {
    stack.add(
        "PublicA",
        Subnet::new(vpc.vpc_id())
            .availability_zone(select(0, get_azs("")))
            .cidr_block(select(0, cidr(cidr_parameter.reference(), 4, 8)))
            .map_public_ip_on_launch(true),
    )
}

fn address_a(stack: &mut Stack, has_nat: &ConditionRef, attachment: &Handle<VPCGatewayAttachment>) -> Handle<EIP> {
    let address_a = stack.add("AddressA", EIP::new().domain(EIPDomain::VPC));
    stack.resource(&address_a).condition(has_nat).depends_on(attachment);
    address_a
}

fn nat_a(
    stack: &mut Stack,
    public_a: &Handle<Subnet>,
    address_a: &Handle<EIP>,
    has_nat: &ConditionRef,
) -> Handle<NatGateway> {
    let nat_a =
        stack.add("NatA", NatGateway::new().subnet_id(public_a.subnet_id()).allocation_id(address_a.allocation_id()));
    stack.resource(&nat_a).condition(has_nat);
    nat_a
}

fn table_a(stack: &mut Stack, vpc: &Handle<VPC>) -> Handle<RouteTable> {
    stack.add("TableA", RouteTable::new(vpc.vpc_id()))
}

fn route_a(
    stack: &mut Stack,
    table_a: &Handle<RouteTable>,
    nat_a: &Handle<NatGateway>,
    has_nat: &ConditionRef,
) -> Handle<Route> {
    let route_a = stack.add(
        "RouteA",
        Route::new(table_a.route_table_id()).destination_cidr_block("0.0.0.0/0").nat_gateway_id(nat_a.nat_gateway_id()),
    );
    stack.resource(&route_a).condition(has_nat);
    route_a
}

/// Zone B
fn public_b(stack: &mut Stack, vpc: &Handle<VPC>, cidr_parameter: &ParameterRef<String>) -> Handle<Subnet> {
    stack.add(
        "PublicB",
        Subnet::new(vpc.vpc_id())
            .availability_zone(select(1, get_azs("")))
            .cidr_block(select(1, cidr(cidr_parameter.reference(), 4, 8)))
            .map_public_ip_on_launch(true),
    )
}

fn address_b(stack: &mut Stack, has_nat: &ConditionRef, attachment: &Handle<VPCGatewayAttachment>) -> Handle<EIP> {
    let address_b = stack.add("AddressB", EIP::new().domain(EIPDomain::VPC));
    stack.resource(&address_b).condition(has_nat).depends_on(attachment);
    address_b
}

fn nat_b(
    stack: &mut Stack,
    public_b: &Handle<Subnet>,
    address_b: &Handle<EIP>,
    has_nat: &ConditionRef,
) -> Handle<NatGateway> {
    let nat_b =
        stack.add("NatB", NatGateway::new().subnet_id(public_b.subnet_id()).allocation_id(address_b.allocation_id()));
    stack.resource(&nat_b).condition(has_nat);
    nat_b
}

fn table_b(stack: &mut Stack, vpc: &Handle<VPC>) -> Handle<RouteTable> {
    stack.add("TableB", RouteTable::new(vpc.vpc_id()))
}

fn route_b(
    stack: &mut Stack,
    table_b: &Handle<RouteTable>,
    nat_b: &Handle<NatGateway>,
    has_nat: &ConditionRef,
) -> Handle<Route> {
    let route_b = stack.add(
        "RouteB",
        Route::new(table_b.route_table_id()).destination_cidr_block("0.0.0.0/0").nat_gateway_id(nat_b.nat_gateway_id()),
    );
    stack.resource(&route_b).condition(has_nat);
    route_b
}

fn cluster(stack: &mut Stack) -> Handle<RawResource> {
    stack.add("Cluster", RawResource::new("AWS::ECS::Cluster"))
}

fn log(stack: &mut Stack) -> Handle<LogGroup> {
    stack.add("Log", LogGroup::new().retention_in_days(30))
}

#[expect(clippy::too_many_arguments, reason = "the resource refers to as many")]
fn service(
    stack: &mut Stack,
    cluster: &Handle<RawResource>,
    public_a: &Handle<Subnet>,
    public_b: &Handle<Subnet>,
    vpc: &Handle<VPC>,
    gateway: &Handle<InternetGateway>,
    nat_a: &Handle<NatGateway>,
    nat_b: &Handle<NatGateway>,
    table_a: &Handle<RouteTable>,
    log: &Handle<LogGroup>,
    route_a: &Handle<Route>,
    route_b: &Handle<Route>,
) -> Handle<RawResource> {
    let service = stack.add(
        "Service",
        RawResource::new("AWS::ECS::Service")
            .property("Cluster", cluster.reference())
            .property(
                "NetworkConfiguration",
                json!({"AwsvpcConfiguration": {"Subnets": [public_a.subnet_id(), public_b.subnet_id()]}}),
            )
            .property(
                "ServiceName",
                join(
                    "-",
                    [
                        vpc.vpc_id(),
                        gateway.internet_gateway_id(),
                        nat_a.nat_gateway_id(),
                        nat_b.nat_gateway_id(),
                        table_a.route_table_id(),
                        log.log_group_name(),
                    ],
                ),
            ),
    );
    stack.resource(&service).depends_on(route_a).depends_on(route_b);
    service
}
