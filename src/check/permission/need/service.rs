//! What the roles of other services need: rules, schedules, pipes, APIs, log subscriptions, tasks of Amazon ECS.

use super::{
    function::read,
    gathered::{Needs, Needy},
};
use crate::{
    asl::definition::permission,
    check::permission::{statement::each, symbol::Symbol},
    diagnostic::Path,
    json::Json,
};

pub(super) fn gather<'a>(needs: &mut Needs<'a>) {
    rules(needs);
    schedules(needs);
    pipes(needs);
    apis(needs);
    subscriptions(needs);
    containers(needs);
}

fn at(id: &str, property: &str) -> Path {
    Path::from("Resources").join(id).join("Properties").join(property)
}

fn rules(needs: &mut Needs<'_>) {
    let names = needs.names;
    for (id, rule) in names.resources("AWS::Events::Rule") {
        for (number, target) in each(&rule["Targets"]).enumerate() {
            let role = if target["RoleArn"].is_null() { &rule["RoleArn"] } else { &target["RoleArn"] };
            let Some(role) = needs.role(role) else { continue };
            let path = at(id, "Targets").join(number.to_string());
            let needy = Needy { role, who: format!("a target of the rule `{id}`"), path };
            let symbol = names.symbol(&target["Arn"]);
            match target {
                _ if !target["EcsParameters"].is_null() => needs.must(&needy, &["ecs:RunTask"], None),
                _ if !target["BatchParameters"].is_null() => needs.must(&needy, &["batch:SubmitJob"], None),
                // These take what their own policies allow.
                _ if ["arn:aws:lambda:", "arn:aws:sqs:", "arn:aws:sns:"]
                    .iter()
                    .any(|start| symbol.prefix().starts_with(start)) => {}
                _ if symbol.prefix().starts_with("arn:aws:codebuild:") => {
                    needs.must(&needy, &["codebuild:StartBuild"], Some(&symbol));
                }
                _ if symbol.prefix().starts_with("arn:aws:codepipeline:") => {
                    needs.must(&needy, &["codepipeline:StartPipelineExecution"], Some(&symbol));
                }
                _ => needs.deliver(&needy, &symbol),
            }
        }
    }
}

fn schedules(needs: &mut Needs<'_>) {
    let names = needs.names;
    for (id, schedule) in names.resources("AWS::Scheduler::Schedule") {
        let target = &schedule["Target"];
        let Some(role) = needs.role(&target["RoleArn"]) else { continue };
        let needy = Needy { role, who: format!("the target of the schedule `{id}`"), path: at(id, "Target") };
        let symbol = names.symbol(&target["Arn"]);
        let letters = &target["DeadLetterConfig"]["Arn"];
        if !letters.is_null() {
            needs.should(&needy, &["sqs:SendMessage"], Some(&names.symbol(letters)));
        }
        let call = symbol.literal().and_then(|arn| arn.strip_prefix("arn:aws:scheduler:::aws-sdk:"));
        match call.and_then(|call| call.split_once(':')) {
            Some((service, action)) => match permission::sdk(service, action) {
                Some(needed) => {
                    let actions: Vec<&str> = needed.actions.iter().map(String::as_str).collect();
                    needs.must(&needy, &actions, None);
                }
                None => needs.undecided.push((needy.path, format!("what `{service}:{action}` needs"))),
            },
            None if !target["EcsParameters"].is_null() => needs.must(&needy, &["ecs:RunTask"], None),
            None => needs.deliver(&needy, &symbol),
        }
    }
}

fn pipes(needs: &mut Needs<'_>) {
    let names = needs.names;
    for (id, pipe) in names.resources("AWS::Pipes::Pipe") {
        let Some(role) = needs.role(&pipe["RoleArn"]) else { continue };
        for (property, who) in [("Source", "source"), ("Enrichment", "enrichment"), ("Target", "target")] {
            if pipe[property].is_null() {
                continue;
            }
            let needy = Needy { role, who: format!("the {who} of the pipe `{id}`"), path: at(id, property) };
            let symbol = names.symbol(&pipe[property]);
            match property {
                "Source" => read(needs, &needy, &symbol),
                // An express workflow is waited for.
                _ if symbol.prefix().starts_with("arn:aws:states:") => {
                    needs.undecided.push((needy.path.clone(), format!("how {} starts {symbol}", needy.who)));
                }
                _ => needs.deliver(&needy, &symbol),
            }
        }
    }
}

/// The actions of the integrations of HTTP APIs.
const SUBTYPES: [(&str, &str); 7] = [
    ("EventBridge-PutEvents", "events:PutEvents"),
    ("Kinesis-PutRecord", "kinesis:PutRecord"),
    ("SQS-DeleteMessage", "sqs:DeleteMessage"),
    ("SQS-ReceiveMessage", "sqs:ReceiveMessage"),
    ("SQS-SendMessage", "sqs:SendMessage"),
    ("StepFunctions-StartExecution", "states:StartExecution"),
    ("StepFunctions-StartSyncExecution", "states:StartSyncExecution"),
];

/// The names that IAM has for the services of an integration's URI.
const SERVICES: [(&str, &str); 6] = [
    ("dynamodb", "dynamodb"),
    ("events", "events"),
    ("kinesis", "kinesis"),
    ("sns", "sns"),
    ("sqs", "sqs"),
    ("states", "states"),
];

fn apis(needs: &mut Needs<'_>) {
    let names = needs.names;
    for (id, method) in names.resources("AWS::ApiGateway::Method") {
        let integration = &method["Integration"];
        let Some(role) = needs.role(&integration["Credentials"]) else { continue };
        let needy = Needy { role, who: format!("the integration of `{id}`"), path: at(id, "Integration") };
        let uri = names.symbol(&integration["Uri"]).to_string();
        if let Some(call) = uri.split(":action/").nth(1).map(str::to_owned) {
            let service = uri.split(":action/").next().and_then(|start| start.rsplit(':').next());
            match SERVICES.iter().find(|(known, _)| Some(*known) == service) {
                Some((_, prefix)) if call.bytes().all(|letter| letter.is_ascii_alphanumeric()) => {
                    needs.must(&needy, &[&format!("{prefix}:{call}")], None);
                }
                _ => needs.undecided.push((needy.path, format!("what `{uri}` needs"))),
            }
        } else if uri.contains(":lambda:path/") {
            needs.must(&needy, &["lambda:InvokeFunction"], None);
        }
    }
    for (id, integration) in names.resources("AWS::ApiGatewayV2::Integration") {
        let Some(role) = needs.role(&integration["CredentialsArn"]) else { continue };
        let needy = Needy { role, who: format!("the integration `{id}`"), path: at(id, "IntegrationSubtype") };
        let subtype = integration["IntegrationSubtype"].as_str().unwrap_or_default();
        if let Some((_, action)) = SUBTYPES.iter().find(|(known, _)| *known == subtype) {
            needs.must(&needy, &[action], None);
        }
    }
}

fn subscriptions(needs: &mut Needs<'_>) {
    let names = needs.names;
    for (id, filter) in names.resources("AWS::Logs::SubscriptionFilter") {
        let Some(role) = needs.role(&filter["RoleArn"]) else { continue };
        let needy = Needy { role, who: format!("the subscription `{id}`"), path: at(id, "DestinationArn") };
        let target = names.symbol(&filter["DestinationArn"]);
        needs.deliver(&needy, &target);
    }
}

/// What a container is given: without it, it does not start.
fn containers(needs: &mut Needs<'_>) {
    let names = needs.names;
    for (id, task) in names.resources("AWS::ECS::TaskDefinition") {
        let Some(role) = needs.role(&task["ExecutionRoleArn"]) else { continue };
        for (number, container) in each(&task["ContainerDefinitions"]).enumerate() {
            let path = at(id, "ContainerDefinitions").join(number.to_string());
            for secret in each(&container["Secrets"]) {
                let needy = Needy { role, who: format!("a secret of `{id}`"), path: path.join("Secrets") };
                let from = names.symbol(&secret["ValueFrom"]);
                match from.prefix() {
                    start if start.starts_with("arn:aws:secretsmanager:") => {
                        needs.must(&needy, &["secretsmanager:GetSecretValue"], whole_secret(&from, secret).as_ref());
                    }
                    start if start.starts_with("arn:aws:ssm:") => {
                        needs.must(&needy, &["ssm:GetParameters"], Some(&from));
                    }
                    _ => {}
                }
            }
        }
    }
}

/// A secret without the key of it that may follow.
fn whole_secret(from: &Symbol, secret: &Json) -> Option<Symbol> {
    let is_whole = secret["ValueFrom"].get("Ref").is_some() || from.to_string().split(':').count() == 7;
    is_whole.then(|| from.clone())
}
