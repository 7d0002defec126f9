//! The policy that deploying a template needs: what the registry's handlers of its resource types do, on its resources.

use std::{collections::BTreeMap, fmt};

use super::{
    names::Names,
    place::places,
    symbol::{Answer, Symbol},
    unfit_resource::form,
    wrong_trust::USERS,
};
use crate::{
    data::{handlers, iam},
    json::{self, Json},
    template::Template,
};

/// The policy of a role that deploys a template, and what it does not cover.
///
/// It has the actions of all operations, since a deployment that fails deletes what it has made. An action is on the
/// ARN of the resource where that has a form that is known, else on `*`; what only the deployment knows of an ARN (the
/// region, the account, the name of the stack, a parameter) is a `*` in it.
///
/// ```
/// use formwork::{check::permission::deploy_policy, template::Template};
/// let template = Template::parse("Resources: {Letters: {Type: AWS::SQS::Queue}}")?;
/// let text = deploy_policy(&template).to_string();
/// assert!(text.contains("sqs:CreateQueue") && text.contains("arn:*:sqs:*:*:*-Letters-*"));
/// # Ok::<(), formwork::template::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct DeployPolicy {
    /// The policy document.
    pub document: Json,
    /// The resource types that the registry lists no actions of, sorted: macros, modules, types of others.
    pub uncovered: Vec<String>,
}

/// The policy that deploying a template needs.
pub fn deploy_policy(template: &Template) -> DeployPolicy {
    let names = Names::new(template);
    // What each action is on; no entry stands for everything.
    let mut needed: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    let mut uncovered = Vec::new();
    for (id, resource) in template.section("Resources") {
        let kind = resource["Type"].as_str().unwrap_or(id);
        if kind.starts_with("Custom::") || kind == "AWS::CloudFormation::CustomResource" {
            let token = names.symbol(&resource["Properties"]["ServiceToken"]);
            let action =
                if token.prefix().starts_with("arn:aws:sns:") { "sns:Publish" } else { "lambda:InvokeFunction" };
            needed.entry(action).or_default().push(token.as_pattern());
            continue;
        }
        let mut actions: Vec<&'static str> = handlers::of(kind).flat_map(|(_, actions)| actions).collect();
        // The registry has some that IAM does not know: they would allow nothing.
        actions.retain(|action| action.contains('*') || iam::action(action).is_some());
        actions.sort_unstable();
        actions.dedup();
        if actions.is_empty() && handlers::of(kind).next().is_none() {
            uncovered.push(kind.to_owned());
        }
        let arn = names.arn(id);
        for action in actions {
            let on = match action {
                "iam:PassRole" => passed(names, kind),
                action => match arn.as_ref().filter(|arn| fits(arn, action)) {
                    // The ARN of a log group is asked for with and without `:*`.
                    Some(arn) => arn.without_suffix(":*").iter().chain([arn]).map(Symbol::as_pattern).collect(),
                    None => vec!["*".to_owned()],
                },
            };
            needed.entry(action).or_default().extend(on);
        }
    }
    uncovered.sort_unstable();
    uncovered.dedup();
    DeployPolicy { document: document(needed), uncovered }
}

/// Whether an action has resources of the kind of an ARN, and no others that it must be allowed on too.
fn fits(arn: &Symbol, action: &str) -> bool {
    let Some(action) = iam::action(action) else { return false };
    let is_of = |kind: &iam::Resource| kind.arns().any(|known| form(known).covers(arn) != Answer::No);
    let mut others = action.resources().filter(|kind| kind.is_required() && !is_of(kind));
    action.resources().any(|kind| is_of(&kind)) && others.next().is_none()
}

/// The roles that resources of a type are given; everything where the template has none.
fn passed(names: Names<'_>, kind: &str) -> Vec<String> {
    let properties = USERS.iter().filter(|(user, _, _)| *user == kind);
    let roles = properties.flat_map(|(user, property, _)| places(names, user, property));
    let mut roles: Vec<String> = roles.map(|place| names.symbol(place.value).as_pattern()).collect();
    if roles.is_empty() {
        roles.push("*".to_owned());
    }
    roles
}

/// A statement for all actions on the same resources.
fn document(needed: BTreeMap<&'static str, Vec<String>>) -> Json {
    let mut by_resources: BTreeMap<Vec<String>, Vec<&str>> = BTreeMap::new();
    for (action, mut on) in needed {
        on.sort_unstable();
        on.dedup();
        if on.iter().any(|on| on == "*") {
            on = vec!["*".to_owned()];
        }
        by_resources.entry(on).or_default().push(action);
    }
    let statements = by_resources
        .into_iter()
        .map(|(on, actions)| serde_json::json!({"Effect": "Allow", "Action": actions, "Resource": on}));
    serde_json::json!({"Version": "2012-10-17", "Statement": statements.collect::<Vec<_>>()})
}

/// The document as JSON.
impl fmt::Display for DeployPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", json::ascii(&self.document, true))
    }
}
