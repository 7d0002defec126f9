//! Where the database lives: two subnets without a route to anywhere. The functions reach it through the Data API
//! and need no network.

use formwork::{
    Handle, Stack,
    aws::ec2::{SecurityGroup, Subnet, VPC, security_group::Egress},
    intrinsic::{cidr, get_azs, region, select},
};

/// What the database needs of the network.
pub struct Network {
    pub subnets: [Handle<Subnet>; 2],
    pub security_group: Handle<SecurityGroup>,
}

pub fn add(stack: &mut Stack) -> Network {
    let vpc = stack.add("Network", VPC::new().cidr_block("10.0.0.0/24"));
    stack.resource(&vpc).waive("AwsSolutions-VPC7", "Its security group lets no traffic through");
    let subnets = [(0, "IsolatedSubnetA"), (1, "IsolatedSubnetB")].map(|(index, id)| {
        stack.add(
            id,
            Subnet::new(vpc.vpc_id())
                .availability_zone(select(index, get_azs(region())))
                .cidr_block(select(index, cidr(vpc.cidr_block(), 2, 6))),
        )
    });
    let security_group = stack.add(
        "DatabaseSecurityGroup",
        // The Data API does not come by way of the network.
        SecurityGroup::new("Lets nothing in and nothing out")
            .vpc_id(vpc.vpc_id())
            // Without a rule of its own, a group allows everything out.
            .security_group_egress([Egress::new("-1").cidr_ip("127.0.0.1/32").description("Nothing")]),
    );
    Network { subnets, security_group }
}
