//! Rights: what each role of a template allows on which of its resources, as it is written.

use std::collections::BTreeSet;

use super::{
    names::Names,
    role::roles,
    statement::Statement,
    symbol::{Answer, Symbol},
};
use crate::{
    diagnostic::Path,
    json::{Json, Pointer, walk},
    template::{
        Template,
        intrinsic::{Place, Substitution, attribute, call},
    },
};

/// What a statement of a role allows on a resource of the template.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Right {
    /// The logical id of the role.
    pub role: String,
    /// The logical id of the resource; none where the statement names none of the template.
    pub on: Option<String>,
    /// The actions as they are written.
    pub actions: Vec<String>,
    /// The resources as they are written.
    pub resources: Vec<String>,
    /// Whether it holds only under a condition.
    pub is_conditional: bool,
    /// Where the statement is.
    pub path: Path,
}

/// Resources that are looked at for all statements: more than any template within the limits of AWS needs.
const MOST_LOOKS: usize = 200_000;

/// What the roles of a template allow.
pub(crate) fn rights(template: &Template) -> Vec<Right> {
    let names = Names::new(template);
    let arns: Vec<(&str, Symbol)> =
        template.section("Resources").filter_map(|(id, _)| Some((id, names.arn(id)?))).collect();
    let mut looks = MOST_LOOKS;
    let mut found = Vec::new();
    for role in roles(names) {
        for statement in role.statements.iter().filter(|statement| statement.allows) {
            let actions: BTreeSet<String> = statement.pairs().map(|(action, _)| action.to_string()).collect();
            let right = Right {
                role: role.id.to_owned(),
                on: None,
                actions: actions.into_iter().collect(),
                resources: statement.resources().iter().map(|on| names.shown(on)).collect(),
                is_conditional: statement.is_conditional,
                path: statement.path.clone(),
            };
            let is_listed = !statement.has_exceptions();
            let on = if is_listed { targets(statement, template, &arns, &mut looks) } else { Vec::new() };
            if on.is_empty() {
                found.push(right);
                continue;
            }
            found.extend(on.into_iter().map(|on| Right { on: Some(on), ..right.clone() }));
        }
    }
    found
}

/// The resources of the template that a statement names, by reference or by a text that covers their ARN.
fn targets(statement: &Statement<'_>, template: &Template, arns: &[(&str, Symbol)], looks: &mut usize) -> Vec<String> {
    let mut found = named(&statement.json["Resource"]);
    found.retain(|id| template.as_json()["Resources"].get(id).is_some());
    for pattern in statement.resources().iter().filter(|pattern| !is_all(pattern)) {
        if *looks < arns.len() {
            break;
        }
        *looks -= arns.len();
        for (id, arn) in arns {
            if pattern.covers(arn) == Answer::Yes && found.iter().all(|known| known != id) {
                found.push((*id).to_owned());
            }
        }
    }
    found
}

/// Whether a pattern means everything there is.
fn is_all(pattern: &Symbol) -> bool {
    pattern.literal().is_some_and(|text| text.chars().all(|letter| letter == '*'))
}

/// What a value refers to, each once, in its order.
fn named(json: &Json) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut add = |id: &str| {
        if found.iter().all(|known| known != id) {
            found.push(id.to_owned());
        }
    };
    walk(json, &Pointer::at(""), &mut |inner, _| match call(inner, Place::Other) {
        Some(("Ref", Json::String(id))) => add(id),
        Some(("Fn::GetAtt", argument)) => {
            if let Some((id, _)) = attribute(argument) {
                add(id);
            }
        }
        Some(("Fn::Sub", argument)) => {
            if let Some(text) = Substitution::new(argument) {
                text.names().for_each(|name| add(name.split('.').next().unwrap_or(name)));
            }
        }
        _ => {}
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_has_what_its_policies_say_on_what_they_name() {
        let template = Template::parse(
            "
Resources:
  Orders: {Type: AWS::DynamoDB::Table}
  Files: {Type: AWS::S3::Bucket}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
      - PolicyName: inline
        PolicyDocument:
          Statement:
          - {Effect: Allow, Action: ['dynamodb:GetItem', 'dynamodb:Query'], Resource: !GetAtt Orders.Arn}
          - {Effect: Deny, Action: 'dynamodb:Query', Resource: !GetAtt Orders.Arn}
          - {Effect: Allow, Action: 'logs:*', Resource: '*'}
  Policy:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: beside
      Roles: [!Ref Role]
      PolicyDocument:
        Statement:
          Effect: Allow
          Action: s3:GetObject
          Resource: !Sub '${Files.Arn}/reports/*'
          Condition: {Bool: {'aws:SecureTransport': 'true'}}
",
        )
        .unwrap();
        let said = rights(&template).into_iter().map(|right| {
            let on = right.on.as_deref().unwrap_or("-");
            format!("{} on {on}: {} {}", right.role, right.actions.join(" "), right.is_conditional)
        });
        let expected = [
            "Role on Orders: dynamodb:GetItem dynamodb:Query false",
            "Role on -: logs:* false",
            "Role on Files: s3:GetObject true",
        ];
        assert_eq!(said.collect::<Vec<_>>(), expected);
    }
}
