//! The resources of `AWS::EC2`.

use formwork::{
    Handle, Stack,
    aws::ec2::{
        EIP, InternetGateway, NatGateway, Route, RouteTable, Subnet, VPC, VPCGatewayAttachment, eip::EIPDomain,
    },
    intrinsic::{cidr, get_azs, select},
    stack::{ConditionRef, ParameterRef},
};

/// The network
pub fn vpc(stack: &mut Stack, cidr_parameter: &ParameterRef<String>) -> Handle<VPC> {
    stack.add("Vpc", VPC::new().cidr_block(cidr_parameter.reference()).enable_dns_support(true))
}

pub fn gateway(stack: &mut Stack) -> Handle<InternetGateway> {
    stack.add("Gateway", InternetGateway::new())
}

pub fn attachment(
    stack: &mut Stack,
    vpc: &Handle<VPC>,
    gateway: &Handle<InternetGateway>,
) -> Handle<VPCGatewayAttachment> {
    stack.add("Attachment", VPCGatewayAttachment::new(vpc.vpc_id()).internet_gateway_id(gateway.internet_gateway_id()))
}

/// Zone A
pub fn public_a(stack: &mut Stack, vpc: &Handle<VPC>, cidr_parameter: &ParameterRef<String>) -> Handle<Subnet> {
    stack.add(
        "PublicA",
        Subnet::new(vpc.vpc_id())
            .availability_zone(select(0, get_azs("")))
            .cidr_block(select(0, cidr(cidr_parameter.reference(), 4, 8)))
            .map_public_ip_on_launch(true),
    )
}

pub fn address_a(stack: &mut Stack, has_nat: &ConditionRef, attachment: &Handle<VPCGatewayAttachment>) -> Handle<EIP> {
    let address_a = stack.add("AddressA", EIP::new().domain(EIPDomain::VPC));
    stack.resource(&address_a).condition(has_nat).depends_on(attachment);
    address_a
}

pub fn nat_a(
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

pub fn table_a(stack: &mut Stack, vpc: &Handle<VPC>) -> Handle<RouteTable> {
    stack.add("TableA", RouteTable::new(vpc.vpc_id()))
}

pub fn route_a(
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
pub fn public_b(stack: &mut Stack, vpc: &Handle<VPC>, cidr_parameter: &ParameterRef<String>) -> Handle<Subnet> {
    stack.add(
        "PublicB",
        Subnet::new(vpc.vpc_id())
            .availability_zone(select(1, get_azs("")))
            .cidr_block(select(1, cidr(cidr_parameter.reference(), 4, 8)))
            .map_public_ip_on_launch(true),
    )
}

pub fn address_b(stack: &mut Stack, has_nat: &ConditionRef, attachment: &Handle<VPCGatewayAttachment>) -> Handle<EIP> {
    let address_b = stack.add("AddressB", EIP::new().domain(EIPDomain::VPC));
    stack.resource(&address_b).condition(has_nat).depends_on(attachment);
    address_b
}

pub fn nat_b(
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

pub fn table_b(stack: &mut Stack, vpc: &Handle<VPC>) -> Handle<RouteTable> {
    stack.add("TableB", RouteTable::new(vpc.vpc_id()))
}

pub fn route_b(
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
