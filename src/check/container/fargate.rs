//! E3047, E3048 and F4011: task definitions that Fargate does not take.

use crate::{
    check::{
        read,
        subject::{Check, Subject},
        view::{View, each_view},
    },
    diagnostic::{Diagnostic, Severity},
    json::Json,
    rule::Rule,
};

const DOCS: Option<&str> =
    Some("https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html");

const SOUND: &str = "\
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: 256
      Memory: 512
      ExecutionRoleArn: arn:aws:iam::123456789012:role/ecsTaskExecutionRole
      ContainerDefinitions:
      - Name: web
        Image: nginx
        LogConfiguration:
          LogDriver: awslogs
          Options: {awslogs-group: web, awslogs-region: eu-west-1, awslogs-stream-prefix: web}";

static SIZE: Rule = Rule {
    code: "E3047",
    severity: Severity::Error,
    title: "a size of a task that Fargate does not have",
    why: "\
Fargate has a range of memory for each amount of CPU, and ECS refuses a task definition that is
none of them (\"No Fargate configuration exists for given values\").",
    fails: "\
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: 256
      Memory: 4096
      ContainerDefinitions: [{Name: web, Image: nginx}]",
    passes: SOUND,
    docs: DOCS,
};

static NEEDED: Rule = Rule {
    code: "E3048",
    severity: Severity::Error,
    title: "a task definition for Fargate without what Fargate requires",
    why: "\
On Fargate a task has the network mode `awsvpc`, and the task definition says its CPU and its
memory. ECS refuses one that does not (\"Fargate only supports network mode 'awsvpc'\").",
    fails: "\
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      Cpu: 256
      Memory: 512
      ContainerDefinitions: [{Name: web, Image: nginx}]",
    passes: SOUND,
    docs: DOCS,
};

static EXECUTION_ROLE: Rule = Rule {
    code: "F4011",
    severity: Severity::Error,
    title: "a task definition whose execution needs a role, without one",
    why: "\
Fargate itself fetches an image from ECR and writes the log of a container, and ECS reads the
secrets of one. They do it with the execution role, and ECS refuses the task definition without
it.",
    fails: "\
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: 256
      Memory: 512
      ContainerDefinitions:
      - Name: web
        Image: nginx
        LogConfiguration:
          LogDriver: awslogs
          Options: {awslogs-group: web, awslogs-region: eu-west-1, awslogs-stream-prefix: web}",
    passes: SOUND,
    docs: Some("https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html"),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&SIZE, &NEEDED, &EXECUTION_ROLE], run: check };

/// The units of CPU, and the least memory, the most, and the steps between them, all in MiB.
const SIZES: [(u64, u64, u64, u64); 7] = [
    (256, 512, 2_048, 512),
    (512, 1_024, 4_096, 1_024),
    (1_024, 2_048, 8_192, 1_024),
    (2_048, 4_096, 16_384, 1_024),
    (4_096, 8_192, 30_720, 1_024),
    (8_192, 16_384, 61_440, 4_096),
    (16_384, 32_768, 122_880, 8_192),
];

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    each_view(subject, &["AWS::ECS::TaskDefinition"], found, &mut |view, found| {
        let is_for_fargate = is_for_fargate(view) == Some(true);
        if is_for_fargate {
            needed(view, found);
            size(view, found);
        }
        if view.is_missing("ExecutionRoleArn") {
            execution_role(view, is_for_fargate, found);
        }
    });
}

/// Whether a task definition says that Fargate takes it; none where that is not known.
pub(super) fn is_for_fargate(view: &View<'_, '_>) -> Option<bool> {
    if view.is_missing("RequiresCompatibilities") {
        return Some(false);
    }
    Some(view.elements("RequiresCompatibilities")?.iter().any(|element| **element == "FARGATE"))
}

fn needed(view: &View<'_, '_>, found: &mut Vec<Diagnostic>) {
    match view.text("NetworkMode") {
        Some(mode) if mode != "awsvpc" => {
            let message = format!("`NetworkMode` is `{mode}`; expected `awsvpc`, which Fargate requires");
            found.push(NEEDED.at(view.at("NetworkMode"), message));
        }
        _ => {}
    }
    let missing: Vec<&str> =
        ["NetworkMode", "Cpu", "Memory"].into_iter().filter(|name| view.is_missing(name)).collect();
    if let [first, others @ ..] = missing.as_slice() {
        let names = others.iter().fold(format!("`{first}`"), |names, name| format!("{names}, `{name}`"));
        let message = format!("a task definition for Fargate has no {names}; expected what Fargate requires");
        found.push(NEEDED.at(format!("{}/Properties", view.entry.path), message));
    }
}

fn size(view: &View<'_, '_>, found: &mut Vec<Diagnostic>) {
    let amount = |name, unit, of_one| view.text(name).and_then(|text| amount(&text, unit, of_one));
    let (Some(cpu), Some(memory)) = (amount("Cpu", "vcpu", 1_024.0), amount("Memory", "gb", 1_024.0)) else { return };
    match SIZES.iter().find(|(units, ..)| *units == cpu) {
        Some((_, least, most, step)) => {
            let fits = (*least..=*most).contains(&memory) && (memory - least).is_multiple_of(*step);
            // Of the smallest there is no size between 1024 and 2048.
            if !fits || (cpu, memory) == (256, 1_536) {
                let message = format!(
                    "`Memory` is {memory} and `Cpu` is {cpu}; expected {least} to {most} MiB of memory in steps of {step}"
                );
                found.push(SIZE.at(view.at("Memory"), message));
            }
        }
        // There are larger ones, whose memory is not in the table.
        None if cpu < 32_768 => {
            let message = format!("`Cpu` is {cpu}; expected 256, 512, 1024, 2048, 4096, 8192 or 16384 on Fargate");
            found.push(SIZE.at(view.at("Cpu"), message));
        }
        None => {}
    }
}

/// The amount that a text gives, in the small unit or in the large one: `512`, `0.5 GB`.
fn amount(text: &str, unit: &str, of_one: f64) -> Option<u64> {
    let lower = text.trim().to_ascii_lowercase();
    match lower.strip_suffix(unit) {
        Some(large) => large.trim().parse::<f64>().ok().map(|large| (large * of_one) as u64),
        None => lower.parse().ok(),
    }
}

fn execution_role(view: &View<'_, '_>, is_for_fargate: bool, found: &mut Vec<Diagnostic>) {
    let path = "ContainerDefinitions";
    for (position, container) in view.elements(path).unwrap_or_default().into_iter().enumerate() {
        let has_secrets = container.get("Secrets").and_then(Json::as_array).is_some_and(|secrets| !secrets.is_empty());
        let writes_log = container.pointer("/LogConfiguration/LogDriver").is_some_and(|driver| driver == "awslogs");
        let image = container.get("Image").and_then(read::text);
        let (what, name) = match () {
            () if has_secrets => ("secrets", "Secrets"),
            () if is_for_fargate && writes_log => ("a log in CloudWatch", "LogConfiguration"),
            () if is_for_fargate && image.is_some_and(|image| image.contains(".dkr.ecr.")) => {
                ("an image in ECR", "Image")
            }
            () => continue,
        };
        let message = format!("the container has {what}, and there is no `ExecutionRoleArn`; expected the role for it");
        found.push(EXECUTION_ROLE.at(format!("{}/{position}/{name}", view.at(path)), message));
    }
}
