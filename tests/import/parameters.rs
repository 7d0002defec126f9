//! The stack `parameters`, imported from `parameters.yaml`.

use formwork::{
    Stack,
    aws::{
        cloudwatch::{
            Alarm,
            alarm::{ComparisonOperator, Dimension, Statistic},
        },
        ec2::{SecurityGroup, security_group::Ingress},
        lambda::{
            Function,
            function::{Code, VpcConfig},
        },
        logs::LogGroup,
    },
    intrinsic::{select, sub},
    json,
    stack::Parameter,
    value::List,
};

/// Composes the stack.
pub fn stack() -> Stack {
    let mut stack = Stack::new("parameters");
    stack.description("Parameters of every type, with all that can be said of them.");

    let stage = stack.parameter(
        "Stage",
        Parameter::string()
            .description("Where it runs")
            .default("test")
            .allowed_values(["test", "production"])
            .constraint_description("must be test or production"),
    );
    // A name that a function of the API has.
    let region_parameter =
        stack.parameter("Region", Parameter::string().pattern(r"^[a-z]{2}-[a-z]+-\d$").min_length(9).max_length(20));
    let type_parameter = stack.parameter("Type", Parameter::string().default(7).no_echo());
    let shown = stack.parameter("Shown", Parameter::string().attribute("NoEcho", false).default(""));
    let days = stack.parameter("Days", Parameter::integer().default(30).min_value(1).max_value(365));
    let threshold =
        stack.parameter("Threshold", Parameter::number().default(json!(0.5)).allowed_values([json!(0.5), json!(0.75)]));
    let names = stack.parameter("Names", Parameter::comma_delimited_list().default("a,b"));
    let ports = stack.parameter("Ports", Parameter::list_of_numbers().default("80,443"));
    let vpc = stack.parameter("Vpc", Parameter::<String>::of_type("AWS::EC2::VPC::Id"));
    let subnets = stack.parameter("Subnets", Parameter::<List<String>>::of_type("List<AWS::EC2::Subnet::Id>"));
    let image = stack.parameter(
        "Image",
        Parameter::<String>::of_type("AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>").default("/aws/service/ami"),
    );
    let groups = stack.parameter(
        "Groups",
        Parameter::<List<String>>::of_type("AWS::SSM::Parameter::Value<List<AWS::EC2::SecurityGroup::Id>>"),
    );
    let mixed = stack
        .parameter("Mixed", Parameter::string().allowed_values([json!(1), json!("two"), json!(true)]).default("two"));

    stack.add("Log", LogGroup::new().log_group_name(stage.reference()).retention_in_days(days.reference()));
    stack.add(
        "Alarm",
        Alarm::new()
            .comparison_operator(ComparisonOperator::GREATER_THAN_THRESHOLD)
            .evaluation_periods(1)
            .threshold(threshold.reference())
            .alarm_description(days.reference().cast())
            .alarm_actions(names.reference())
            .metric_name("Errors")
            .namespace(region_parameter.reference())
            .period(60)
            .statistic(Statistic::SUM)
            .dimensions([Dimension::new("Type", type_parameter.reference())]),
    );
    stack.add(
        "Group",
        SecurityGroup::new("Web").vpc_id(vpc.reference()).security_group_ingress([Ingress::new("tcp")
            .from_port(select(0, ports.reference().cast()))
            .to_port(443)
            .cidr_ip("0.0.0.0/0")]),
    );
    stack.add(
        "Function",
        Function::new(Code::new().image_uri(image.reference()), sub("arn:aws:iam::${AWS::AccountId}:role/run"))
            .vpc_config(VpcConfig::new().subnet_ids(subnets.reference()).security_group_ids(groups.reference())),
    );

    stack.output("Shown", shown.reference());
    stack.output("Days", days.reference().cast());
    stack.output("Mixed", mixed.reference());
    stack
}
