//! The resources of `AWS::ECS`.

use formwork::{
    Handle, Stack,
    aws::{
        ec2::{InternetGateway, NatGateway, Route, RouteTable, Subnet, VPC},
        logs::LogGroup,
    },
    intrinsic::join,
    json,
    stack::RawResource,
};

pub fn cluster(stack: &mut Stack) -> Handle<RawResource> {
    stack.add("Cluster", RawResource::new("AWS::ECS::Cluster"))
}

#[expect(clippy::too_many_arguments, reason = "the resource refers to as many")]
pub fn service(
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
