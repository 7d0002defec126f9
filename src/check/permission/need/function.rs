//! What the role of a function needs for what the template says of it: its code says the rest.

use super::{
    gathered::{Needs, Needy},
    machine::TRACES,
};
use crate::{
    check::permission::{
        names::{Names, aws},
        statement::each,
        symbol::Symbol,
    },
    diagnostic::Path,
    json::Json,
};

pub(super) fn gather<'a>(needs: &mut Needs<'a>) {
    let names = needs.names;
    for (id, function) in names.resources("AWS::Lambda::Function") {
        let Some(role) = needs.role(&function["Role"]) else { continue };
        own(needs, id, function, role);
    }
    for (id, mapping) in names.resources("AWS::Lambda::EventSourceMapping") {
        mapped(needs, id, mapping);
    }
    for (id, config) in names.resources("AWS::Lambda::EventInvokeConfig") {
        let Some(role) = role_of(needs, &config["FunctionName"]) else { continue };
        destinations(needs, role, id, "the invocations", config);
    }
}

/// The function of the template that a name, an ARN or one with a qualifier names.
pub(in crate::check::permission) fn function_of<'a>(names: Names<'a>, function: &Symbol) -> Option<&'a str> {
    let called = names.function_arn(function);
    let is = |id: &str| {
        names
            .arn(id)
            .is_some_and(|arn| arn == called || called.after(&arn).is_some_and(|rest| rest.prefix().starts_with(':')))
    };
    names.resources("AWS::Lambda::Function").map(|(id, _)| id).find(|id| is(id))
}

fn role_of<'a>(needs: &Needs<'a>, function: &Json) -> Option<&'a str> {
    let id = function_of(needs.names, &needs.names.symbol(function))?;
    needs.role(&needs.names.resource(id, "AWS::Lambda::Function")?["Properties"]["Role"])
}

fn needy<'a>(role: &'a str, who: &str, id: &str, property: &str) -> Needy<'a> {
    let path = Path::from("Resources").join(id).join("Properties").join(property);
    Needy { role, who: format!("{who} of `{id}`"), path }
}

fn own<'a>(needs: &mut Needs<'a>, id: &'a str, function: &'a Json, role: &'a str) {
    let names = needs.names;
    if each(&function["VpcConfig"]["SubnetIds"]).next().is_some() {
        let actions = ["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface"];
        needs.must(&needy(role, "the network", id, "VpcConfig"), &actions, None);
    }
    let letters = &function["DeadLetterConfig"]["TargetArn"];
    if !letters.is_null() {
        let target = names.symbol(letters);
        needs.deliver(&needy(role, "the dead letters", id, "DeadLetterConfig"), &target);
    }
    if function["TracingConfig"]["Mode"] == "Active" {
        let needy = needy(role, "the tracing", id, "TracingConfig");
        needs.should(&needy, &TRACES[..2], Some(&Symbol::text("*")));
    }
    let (property, group) = match &function["LoggingConfig"]["LogGroup"] {
        Json::Null => {
            let name = names.name(id).unwrap_or_default();
            ("Role", Symbol::text("/aws/lambda/").then(name))
        }
        group => ("LoggingConfig", names.symbol(group)),
    };
    let group = aws("arn:aws:logs:{here}:log-group:").then(group).with(":*");
    needs.should(&needy(role, "the log", id, property), &["logs:CreateLogStream", "logs:PutLogEvents"], Some(&group));
}

fn mapped<'a>(needs: &mut Needs<'a>, id: &'a str, mapping: &'a Json) {
    let names = needs.names;
    let Some(role) = role_of(needs, &mapping["FunctionName"]) else { return };
    if !mapping["EventSourceArn"].is_null() {
        let source = names.symbol(&mapping["EventSourceArn"]);
        read(needs, &needy(role, "the source", id, "EventSourceArn"), &source);
    }
    destinations(needs, role, id, "the failures", mapping);
}

/// What a service needs to read from a queue or a stream.
pub(super) fn read<'a>(needs: &mut Needs<'a>, needy: &Needy<'a>, source: &Symbol) {
    let service = source.prefix().strip_prefix("arn:aws:").and_then(|rest| rest.split(':').next());
    match service {
        Some("sqs") => {
            needs.must(needy, &["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], Some(source));
            if let Some(key) = needs.key_of(source) {
                needs.must(needy, &["kms:Decrypt"], Some(&key));
            }
        }
        Some("kinesis") => {
            needs.must(needy, &["kinesis:GetRecords", "kinesis:GetShardIterator"], Some(source));
        }
        Some("dynamodb") => {
            let actions = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"];
            needs.must(needy, &actions, Some(source));
            // It is asked for a table, and so has no stream that a policy could name.
            needs.must(needy, &["dynamodb:ListStreams"], None);
        }
        _ => needs.undecided.push((needy.path.clone(), format!("what {} needs for {source}", needy.who))),
    }
}

fn destinations<'a>(needs: &mut Needs<'a>, role: &'a str, id: &'a str, who: &str, config: &'a Json) {
    for side in ["OnSuccess", "OnFailure"] {
        let destination = &config["DestinationConfig"][side]["Destination"];
        if !destination.is_null() {
            let target = needs.names.symbol(destination);
            needs.deliver(&needy(role, who, id, "DestinationConfig"), &target);
        }
    }
}
