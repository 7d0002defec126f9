//! E3052, E3054, F4012 and F4013: services of ECS that do not fit their task definition or their target groups.

use super::fargate::is_for_fargate;
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
    Some("https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-service.html");

const SOUND: &str = "\
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: 256
      Memory: 512
      ContainerDefinitions: [{Name: web, Image: nginx, PortMappings: [{ContainerPort: 80}]}]
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {TargetType: ip, Port: 80, Protocol: HTTP, VpcId: vpc-0123456789abcdef0}
  Service:
    Type: AWS::ECS::Service
    Properties:
      LaunchType: FARGATE
      TaskDefinition: !Ref Task
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [subnet-0123456789abcdef0]}}
      LoadBalancers: [{ContainerName: web, ContainerPort: 80, TargetGroupArn: !Ref Group}]";

static NETWORK: Rule = Rule {
    code: "E3052",
    severity: Severity::Error,
    title: "a service without the network that its tasks need",
    why: "\
Tasks with the network mode `awsvpc`, which all on Fargate have, get a network interface each, and
the service says in which subnets. ECS refuses it without (\"Network Configuration must be
provided\").",
    fails: "\
Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      LaunchType: FARGATE
      TaskDefinition: web:1",
    passes: SOUND,
    docs: DOCS,
};

static LAUNCH_TYPE: Rule = Rule {
    code: "E3054",
    severity: Severity::Error,
    title: "a service on Fargate with a task definition that is not for it",
    why: "\
Fargate runs tasks of the network mode `awsvpc` only. ECS refuses a service that wants another
task definition there (\"Task definition does not support launch_type FARGATE\").",
    fails: "\
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions: [{Name: web, Image: nginx, Memory: 512}]
  Service:
    Type: AWS::ECS::Service
    Properties:
      LaunchType: FARGATE
      TaskDefinition: !Ref Task
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [subnet-0123456789abcdef0]}}",
    passes: SOUND,
    docs: DOCS,
};

static CONTAINER: Rule = Rule {
    code: "F4012",
    severity: Severity::Error,
    title: "a load balancer for a container or a port that the task does not have",
    why: "\
A service registers a port of one of its containers as target. The container is one of the task
definition, and the port is in its `PortMappings`. ECS refuses the service otherwise (\"The
container does not exist in the task definition\").",
    fails: "\
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions: [{Name: web, Image: nginx, Memory: 512, PortMappings: [{ContainerPort: 80}]}]
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !Ref Task
      LoadBalancers: [{ContainerName: wbe, ContainerPort: 80, LoadBalancerName: front}]",
    passes: SOUND,
    docs: DOCS,
};

static TARGET_TYPE: Rule = Rule {
    code: "F4013",
    severity: Severity::Error,
    title: "a target group of instances for tasks that are none",
    why: "\
A task with the network mode `awsvpc` has an address of its own, and is a target by that: the
target group has the `TargetType` `ip`. It is `instance` where the group does not say, which ECS
refuses for such tasks.",
    fails: "\
Resources:
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {Port: 80, Protocol: HTTP, VpcId: vpc-0123456789abcdef0}
  Service:
    Type: AWS::ECS::Service
    Properties:
      LaunchType: FARGATE
      TaskDefinition: web:1
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [subnet-0123456789abcdef0]}}
      LoadBalancers: [{ContainerName: web, ContainerPort: 80, TargetGroupArn: !Ref Group}]",
    passes: SOUND,
    docs: DOCS,
};

pub(in crate::check) static CHECK: Check =
    Check { rules: &[&NETWORK, &LAUNCH_TYPE, &CONTAINER, &TARGET_TYPE], run: check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    each_view(subject, &["AWS::ECS::Service"], found, &mut |view, found| {
        // What an external controller deploys, its task sets say.
        if view.text("DeploymentController.Type").as_deref() == Some("EXTERNAL") {
            return;
        }
        let tasks = of_type(subject, view.target("TaskDefinition"), "AWS::ECS::TaskDefinition");
        let is_on_fargate = view.text("LaunchType").as_deref() == Some("FARGATE");
        let has_own_addresses =
            is_on_fargate || all(&tasks, |task| task.text("NetworkMode").as_deref() == Some("awsvpc"));
        if has_own_addresses && view.is_missing("NetworkConfiguration") {
            let message = "the service has no `NetworkConfiguration`; expected the subnets that its tasks are in";
            found.push(NETWORK.at(format!("{}/Properties", view.entry.path), message));
        }
        if is_on_fargate && all(&tasks, is_not_for_fargate) {
            let message = "the service is on Fargate, and the network mode of its task definition is not `awsvpc`; \
                           expected one for Fargate";
            found.push(LAUNCH_TYPE.at(view.at("TaskDefinition"), message));
        }
        let path = "LoadBalancers";
        for (position, balancer) in view.elements(path).unwrap_or_default().into_iter().enumerate() {
            let at = format!("{}/{position}", view.at(path));
            container(view, balancer, &tasks, &at, found);
            if has_own_addresses {
                target_type(subject, balancer, &at, found);
            }
        }
    });
}

/// The views of a resource, if it is of a type.
fn of_type<'a, 's>(subject: &'s Subject<'a>, id: Option<&str>, kind: &str) -> Vec<View<'a, 's>> {
    let mut views = id.map(|id| subject.views(id)).unwrap_or_default();
    views.retain(|view| view.entry.kind == kind);
    views
}

fn all(views: &[View<'_, '_>], holds: impl Fn(&View<'_, '_>) -> bool) -> bool {
    !views.is_empty() && views.iter().all(holds)
}

/// Whether the network mode is another one; what says that it is for Fargate has a fault of its own.
fn is_not_for_fargate(task: &View<'_, '_>) -> bool {
    let is_other = task.is_missing("NetworkMode") || task.text("NetworkMode").is_some_and(|mode| mode != "awsvpc");
    is_other && is_for_fargate(task) == Some(false)
}

/// A container, as far as load balancers look at it; no ports where they are not known.
struct Container {
    name: String,
    ports: Option<Vec<i64>>,
}

/// The containers of a task definition, if all are known.
fn containers<'a>(task: &View<'a, '_>) -> Option<Vec<Container>> {
    let container = |element: &'a Json| {
        let ports = match element {
            Json::Object(members) if !members.contains_key("PortMappings") => Some(Vec::new()),
            _ => element["PortMappings"].as_array().and_then(|mappings| mappings.iter().map(port).collect()),
        };
        Some(Container { name: task.text_of(element, "Name")?, ports })
    };
    task.elements("ContainerDefinitions")?.into_iter().map(container).collect()
}

fn port(mapping: &Json) -> Option<i64> {
    // A range of ports is another property.
    read::number(mapping.get("ContainerPort")?)
}

fn container<'a>(
    view: &View<'a, '_>,
    balancer: &'a Json,
    tasks: &[View<'_, '_>],
    at: &str,
    found: &mut Vec<Diagnostic>,
) {
    let [task] = tasks else { return };
    let (Some(name), Some(containers)) = (view.text_of(balancer, "ContainerName"), containers(task)) else { return };
    let Some(container) = containers.iter().find(|container| container.name == name) else {
        let message = format!("`ContainerName` is `{name}`; expected a container of the task definition");
        let known = containers.iter().map(|container| container.name.as_str());
        found.push(CONTAINER.at(format!("{at}/ContainerName"), message).did_you_mean(&name, known));
        return;
    };
    let (Some(port), Some(ports)) = (balancer.get("ContainerPort").and_then(read::number), &container.ports) else {
        return;
    };
    if !ports.contains(&port) {
        let message = format!("`ContainerPort` is {port}; expected a port of `PortMappings` of the container `{name}`");
        found.push(CONTAINER.at(format!("{at}/ContainerPort"), message));
    }
}

fn target_type(subject: &Subject<'_>, balancer: &Json, at: &str, found: &mut Vec<Diagnostic>) {
    let group = balancer.get("TargetGroupArn").and_then(read::named).map(|(id, _)| id);
    let groups = of_type(subject, group, "AWS::ElasticLoadBalancingV2::TargetGroup");
    let is_of_instances = |group: &View<'_, '_>| {
        group.is_missing("TargetType") || group.text("TargetType").as_deref() == Some("instance")
    };
    if all(&groups, is_of_instances) {
        let message = "the `TargetType` of the target group is `instance`, and the tasks have addresses of their own; \
                       expected `ip`";
        found.push(TARGET_TYPE.at(format!("{at}/TargetGroupArn"), message));
    }
}
