//! What the role of a state machine needs: for its tasks, its distributed maps, its log and its traces.

use super::gathered::{Needs, Needy};
use crate::{
    asl::definition::{
        self, Distributed, ResourceKind, State, StateKind,
        permission::{self, On},
        template::Template,
    },
    check::{
        permission::{
            names::{Names, aws},
            symbol::{Shape, Symbol},
        },
        subject::Subject,
    },
    json::Json,
    template::machine::{Definition, StateMachine},
};

/// What a machine needs to deliver its log, and is not created without.
const LOGS: &[&str] = &[
    "logs:CreateLogDelivery",
    "logs:GetLogDelivery",
    "logs:UpdateLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:DescribeResourcePolicies",
    "logs:DescribeLogGroups",
];

pub(super) const TRACES: &[&str] =
    &["xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets"];

pub(super) fn gather<'a>(subject: &Subject<'a>, needs: &mut Needs<'a>) {
    for machine in &subject.machines {
        let properties = &subject.template.as_json()["Resources"][machine.logical_id]["Properties"];
        let Some(role) = needs.role(&properties["RoleArn"]) else { continue };
        let path = crate::diagnostic::Path::from("Resources").join(machine.logical_id).join("Properties");
        let needy = |property: &str, who: &str| Needy {
            role,
            who: format!("{who} of `{}`", machine.logical_id),
            path: path.join(property),
        };
        let logging = &properties["LoggingConfiguration"];
        if matches!(logging["Level"].as_str(), Some("ALL" | "ERROR" | "FATAL")) && logging["Destinations"].is_array() {
            let needy = needy("LoggingConfiguration", "the log");
            needs.must(&needy, LOGS, Some(&Symbol::text("*")));
            needs.should(&needy, &["logs:DeleteLogDelivery"], Some(&Symbol::text("*")));
        }
        if properties["TracingConfiguration"]["Enabled"] == true {
            needs.should(&needy("TracingConfiguration", "the tracing"), TRACES, Some(&Symbol::text("*")));
        }
        match &machine.definition {
            Ok(read) => Reader { machine, read, role }.states(needs),
            Err(_) => {
                needs.undecided.push((machine.path.clone(), "a definition that is not in the template".to_owned()))
            }
        }
    }
}

/// A definition that is read for what it needs.
struct Reader<'m, 'a> {
    machine: &'m StateMachine<'a>,
    read: &'m Definition<'a>,
    role: &'a str,
}

impl<'a> Reader<'_, 'a> {
    fn states(&self, needs: &mut Needs<'a>) {
        let (model, _) = definition::Definition::read(&self.read.json);
        for state in model.states() {
            let needy = Needy {
                role: self.role,
                who: format!("the state `{}` of `{}`", state.name, self.machine.logical_id),
                path: crate::diagnostic::Path::from(&state.pointer).within(&self.machine.path),
            };
            match &state.kind {
                StateKind::Task(task) => self.task(needs, &needy, task),
                StateKind::Map(map) => {
                    if let Some(distributed) = &map.distributed {
                        self.map(needs, &needy, state, distributed);
                    }
                }
                _ => {}
            }
        }
    }

    fn task(&self, needs: &mut Needs<'a>, needy: &Needy<'a>, task: &definition::Task) {
        if let Some(credentials) = &task.credentials {
            // The other role does the rest.
            let role = self.argument(needs.names, Some(credentials), "RoleArn");
            return needs.must(needy, &["sts:AssumeRole"], role.as_ref());
        }
        let arguments = task.sent.arguments.as_ref();
        match &task.resource.kind {
            ResourceKind::Integration { service, action } => {
                self.integration(needs, needy, service, action, arguments);
            }
            ResourceKind::Lambda | ResourceKind::Activity => {
                let called = self.text(needs.names, &task.resource.arn);
                if called.prefix().starts_with("arn:aws:lambda:") {
                    needs.must(needy, &["lambda:InvokeFunction"], Some(&called));
                } else if !called.prefix().starts_with("arn:aws:states:") {
                    needs.undecided.push((needy.path.clone(), format!("what {} calls: {called}", needy.who)));
                }
            }
        }
    }

    fn integration(
        &self,
        needs: &mut Needs<'a>,
        needy: &Needy<'a>,
        service: &str,
        action: &str,
        arguments: Option<&Template>,
    ) {
        if definition::tokens_of(&format!("{service}{action}")).next().is_some() {
            return needs.undecided.push((needy.path.clone(), format!("what {} calls", needy.who)));
        }
        // An endpoint is called as whoever its `AuthType` says, and a cluster by its own permissions.
        if service == "apigateway" {
            let by_role =
                arguments.and_then(|arguments| arguments.literal("AuthType")) == Some(&Json::from("IAM_ROLE"));
            return if by_role {
                needs.must(needy, &["execute-api:Invoke"], None)
            };
        }
        let Some(uses) = permission::uses(service, action) else {
            let why = format!("what {} needs for `{service}:{action}`", needy.who);
            return needs.undecided.push((needy.path.clone(), why));
        };
        for needed in uses {
            let actions: Vec<&str> = needed.actions.iter().map(String::as_str).collect();
            let resource = self.resource(needs.names, needed.on, arguments);
            match needed.fails {
                true => needs.must(needy, &actions, resource.as_ref()),
                false => needs.should(needy, &actions, resource.as_ref()),
            }
            if let (On::Topic | On::Queue, Some(target)) = (needed.on, &resource) {
                needs.encrypt(needy, target);
            }
        }
        if (service, action.split('.').next()) == ("ecs", Some("runTask")) {
            self.pass_roles(needs, needy, arguments);
        }
    }

    /// A task of Amazon ECS gets roles, which must be passed to it.
    fn pass_roles(&self, needs: &mut Needs<'a>, needy: &Needy<'a>, arguments: Option<&Template>) {
        let names = needs.names;
        let Some(task) = self.argument(names, arguments, "TaskDefinition") else { return };
        let Some(id) = names.named_by(&task, "AWS::ECS::TaskDefinition") else { return };
        let Some(task) = names.resource(id, "AWS::ECS::TaskDefinition") else { return };
        for property in ["TaskRoleArn", "ExecutionRoleArn"] {
            let role = &task["Properties"][property];
            if !role.is_null() {
                needs.must(needy, &["iam:PassRole"], Some(&names.symbol(role)));
            }
        }
    }

    fn map(&self, needs: &mut Needs<'a>, needy: &Needy<'a>, state: &State, distributed: &Distributed) {
        let names = needs.names;
        needs.must(needy, &["states:StartExecution"], names.arn(self.machine.logical_id).as_ref());
        // AWS's pages give these on `execution:Name:*` and on `execution:Name/*`: either will do.
        needs.should(needy, &["states:DescribeExecution", "states:StopExecution"], None);
        let calls = [
            ("ItemReader", distributed.reader.as_ref().map(|reader| (&reader.resource, &reader.arguments))),
            ("ResultWriter", distributed.writer.as_ref().map(|writer| (&writer.resource, &writer.arguments))),
        ];
        for (field, call) in calls {
            let Some((Some(resource), arguments)) = call else { continue };
            let needy = Needy { path: needy.path.join(field), ..needy.clone() };
            let arguments = arguments.as_ref();
            let object = || self.resource(names, On::Object, arguments);
            match self.text(names, resource).literal().and_then(|arn| arn.split(":::").nth(1)) {
                Some("s3:getObject") => needs.must(&needy, &["s3:GetObject"], object().as_ref()),
                Some("s3:listObjectsV2") => {
                    needs.must(&needy, &["s3:ListBucket"], self.resource(names, On::Bucket, arguments).as_ref());
                }
                Some("s3:putObject") => {
                    let written = self.written(names, arguments);
                    needs.must(&needy, &["s3:PutObject"], written.as_ref());
                    let more = ["s3:GetObject", "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload"];
                    needs.should(&needy, &more, written.as_ref());
                }
                _ => needs.undecided.push((needy.path.clone(), format!("what `{field}` of `{}` needs", state.name))),
            }
        }
    }

    /// The objects that a map's results become.
    fn written(&self, names: Names<'a>, arguments: Option<&Template>) -> Option<Symbol> {
        let bucket = self.argument(names, arguments, "Bucket")?;
        let prefix = self.argument(names, arguments, "Prefix");
        let below = match prefix.as_ref().and_then(Symbol::literal) {
            Some(prefix) if !prefix.is_empty() => Symbol::text(prefix.trim_end_matches('/')).with("/*"),
            Some(_) => Symbol::text("*"),
            None => Symbol::hole(format!("the prefix that `{}` chooses", self.machine.logical_id), Shape::Any),
        };
        Some(Symbol::text("arn:aws:s3:::").then(bucket).with("/").then(below))
    }

    /// The ARN of what the arguments name; none where only the run knows it.
    fn resource(&self, names: Names<'a>, on: On, arguments: Option<&Template>) -> Option<Symbol> {
        let argument = |key: &str| self.argument(names, arguments, key);
        let whole_or = |start: &str, symbol: Symbol| match symbol.prefix().starts_with("arn:") || symbol.begins_openly()
        {
            true => symbol,
            false => aws(start).then(symbol),
        };
        match on {
            On::Something => None,
            On::Everything => Some(Symbol::text("*")),
            On::Function(key) => {
                let function = names.function_arn(&argument(key)?);
                match argument("Qualifier") {
                    Some(qualifier) => Some(function.with(":").then(qualifier)),
                    // An expression chooses it.
                    None if self.has(arguments, "Qualifier") => None,
                    None => Some(function),
                }
            }
            On::Topic => match (argument("TopicArn"), self.has(arguments, "PhoneNumber")) {
                (_, true) => Some(Symbol::text("*")),
                (topic, false) => topic,
            },
            On::Queue => {
                let url = argument("QueueUrl")?;
                let queue = names.named_by(&url, "AWS::SQS::Queue");
                queue.and_then(|id| names.arn(id))
            }
            On::Table => Some(whole_or("arn:aws:dynamodb:{here}:table/", argument("TableName")?)),
            On::Machine => argument("StateMachineArn"),
            On::Executions => {
                let machine = names.named_by(&argument("StateMachineArn")?, "AWS::StepFunctions::StateMachine")?;
                Some(aws("arn:aws:states:{here}:execution:").then(names.name(machine)?).with(":*"))
            }
            On::Bucket => Some(Symbol::text("arn:aws:s3:::").then(argument("Bucket")?)),
            On::Object => {
                let bucket = argument("Bucket")?;
                let key = argument("Key").unwrap_or_else(|| Symbol::hole("the key of the object", Shape::Any));
                Some(Symbol::text("arn:aws:s3:::").then(bucket).with("/").then(key))
            }
            On::Bus => {
                let entries = arguments?.literal("Entries")?.as_array()?;
                let [entry] = entries.as_slice() else { return None };
                match &entry["EventBusName"] {
                    Json::Null => Some(aws("arn:aws:events:{here}:event-bus/default")),
                    bus => Some(whole_or("arn:aws:events:{here}:event-bus/", self.text(names, bus.as_str()?))),
                }
            }
            On::Arn(key) => argument(key).filter(|symbol| symbol.prefix().starts_with("arn:")),
            On::Parameter => {
                let name = argument("Name").filter(|name| !name.begins_openly())?;
                Some(
                    aws("arn:aws:ssm:{here}:parameter")
                        .with(if name.prefix().starts_with('/') { "" } else { "/" })
                        .then(name),
                )
            }
            On::Rule(name) => Some(aws("arn:aws:events:{here}:rule/").with(name)),
        }
    }

    fn has(&self, arguments: Option<&Template>, key: &str) -> bool {
        arguments.is_some_and(|arguments| {
            arguments.keys().iter().any(|known| known == key || known.strip_suffix(".$") == Some(key))
        })
    }

    /// An argument, where it is a text that no expression makes.
    fn argument(&self, names: Names<'a>, arguments: Option<&Template>, key: &str) -> Option<Symbol> {
        Some(self.text(names, arguments?.literal(key)?.as_str()?))
    }

    /// A text of the definition, with what stands for its tokens.
    fn text(&self, names: Names<'a>, text: &str) -> Symbol {
        let mut made = Symbol::default();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let Some((token, after)) = after.split_once('}') else { break };
            made = made.with(before).then(self.token(names, token));
            rest = after;
        }
        made.with(rest)
    }

    fn token(&self, names: Names<'a>, token: &str) -> Symbol {
        if let Some((_, value)) = self.machine.substitutions.iter().find(|(known, _)| *known == token) {
            return names.symbol(value);
        }
        match self.read.opaque.references().find(|(known, _)| *known == token) {
            Some((_, reads)) if !reads.contains(' ') => names.read(reads),
            _ => Symbol::hole(token, Shape::Any),
        }
    }
}
