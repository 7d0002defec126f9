//! The stack `network`, imported from `network.yaml`.
//!
//! A network in two zones, with a service in it.

mod ec2;
mod ecs;
mod logs;

use formwork::{Stack, intrinsic::equals, stack::Parameter};

/// Composes the stack.
pub fn stack() -> Stack {
    let mut stack = Stack::new("network");

    let cidr_parameter = stack.parameter("Cidr", Parameter::string().default("10.0.0.0/16"));

    let has_nat = stack.condition("HasNat", equals(cidr_parameter.reference(), "10.0.0.0/16"));

    let vpc = ec2::vpc(&mut stack, &cidr_parameter);
    let gateway = ec2::gateway(&mut stack);
    let attachment = ec2::attachment(&mut stack, &vpc, &gateway);
    let public_a = ec2::public_a(&mut stack, &vpc, &cidr_parameter);
    let address_a = ec2::address_a(&mut stack, &has_nat, &attachment);
    let nat_a = ec2::nat_a(&mut stack, &public_a, &address_a, &has_nat);
    let table_a = ec2::table_a(&mut stack, &vpc);
    let route_a = ec2::route_a(&mut stack, &table_a, &nat_a, &has_nat);
    let public_b = ec2::public_b(&mut stack, &vpc, &cidr_parameter);
    let address_b = ec2::address_b(&mut stack, &has_nat, &attachment);
    let nat_b = ec2::nat_b(&mut stack, &public_b, &address_b, &has_nat);
    let table_b = ec2::table_b(&mut stack, &vpc);
    let route_b = ec2::route_b(&mut stack, &table_b, &nat_b, &has_nat);
    let cluster = ecs::cluster(&mut stack);
    let log = logs::log(&mut stack);
    let service = ecs::service(
        &mut stack, &cluster, &public_a, &public_b, &vpc, &gateway, &nat_a, &nat_b, &table_a, &log, &route_a, &route_b,
    );

    stack.output("Service", service.reference()).condition(&has_nat);
    stack
}
