//! The report on permissions: what each role of a template needs, what it lacks, what nothing needs, and what cannot be
//! told.

use std::fmt;

use super::{
    closed::is_closed,
    need::{Need, Needs, needs},
    resource_policy::ResourcePolicies,
    role::{Role, roles},
    statement::is_action,
    symbol::Answer,
};
use crate::{check::subject::Subject, diagnostic::Path, template::Template};

/// What the roles of a template need, as far as the template says it.
///
/// ```
/// use formwork::{check::permission::report, template::Template};
/// let template = Template::parse("
/// Resources:
///   Letters:
///     Type: AWS::SQS::Queue
///   Role:
///     Type: AWS::IAM::Role
///     Properties:
///       AssumeRolePolicyDocument: {}
///       Policies: []
///   Nightly:
///     Type: AWS::Scheduler::Schedule
///     Properties:
///       ScheduleExpression: rate(1 day)
///       FlexibleTimeWindow: {Mode: 'OFF'}
///       Target: {Arn: !GetAtt Letters.Arn, RoleArn: !GetAtt Role.Arn}
/// ")?;
/// assert!(report(&template).to_string().contains("missing  Role  sqs:SendMessage  ${Letters.Arn}"));
/// # Ok::<(), formwork::template::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// What is needed, in the order of the template.
    pub needed: Vec<Needed>,
    /// What is allowed, and nothing of the template needs; of roles alone that no code uses.
    pub excess: Vec<Excess>,
    /// What could not be decided: where, and what it is.
    pub undecided: Vec<(Path, String)>,
}

/// Actions that a role needs on something.
#[derive(Clone, Debug, PartialEq)]
pub struct Needed {
    /// Whether the role is allowed it.
    pub standing: Standing,
    /// The logical id of the role.
    pub role: String,
    /// The action, such as `sqs:SendMessage`.
    pub action: String,
    /// The resource as one would write it in `Fn::Sub`; `?` where only the run knows.
    pub on: String,
    /// Who needs it.
    pub who: String,
    /// Where that is in the template.
    pub path: Path,
}

/// Whether something needed is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is allowed.
    Allowed,
    /// It is not.
    Missing,
    /// The template does not tell: a parameter, a condition or a policy from elsewhere decides.
    Unknown,
}

impl Standing {
    fn name(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Missing => "missing",
            Self::Unknown => "unknown",
        }
    }
}

/// Something that a role is allowed, and nothing needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Excess {
    /// The logical id of the role.
    pub role: String,
    /// The action as it is written, such as `s3:*`.
    pub action: String,
    /// The resource as it is written.
    pub on: String,
    /// The actions of it that are needed, where the pattern is wider.
    pub needed: Vec<String>,
    /// Where the statement is.
    pub path: Path,
}

/// The types whose roles do nothing but what the template says.
const DECLARED: [&str; 10] = [
    "AWS::ApiGateway::Method",
    "AWS::ApiGatewayV2::Integration",
    "AWS::Events::Rule",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::Policy",
    "AWS::IAM::RolePolicy",
    "AWS::Logs::SubscriptionFilter",
    "AWS::Pipes::Pipe",
    "AWS::Scheduler::Schedule",
    "AWS::StepFunctions::StateMachine",
];

/// The report on a template.
pub fn report(template: &Template) -> Report {
    let subject = Subject::new(template);
    let mut needs = needs(&subject);
    let roles = roles(needs.names);
    let policies = ResourcePolicies::new(needs.names);
    if !is_closed(template) {
        let why = "whatever a macro, a loop or a module adds: it may allow more".to_owned();
        needs.undecided.push(("Resources".into(), why));
    }
    for role in roles.iter().filter(|role| needs.found.iter().any(|need| need.role == role.id)) {
        let path = Path::from("Resources").join(role.id);
        needs.undecided.extend(role.unseen.iter().map(|what| (path.clone(), format!("what is allowed by {what}"))));
    }
    let known = |need: &Need<'_>| {
        let role = roles.iter().find(|role| role.id == need.role)?;
        let standing = match need.answer(role, &policies) {
            Answer::Yes => Standing::Allowed,
            Answer::No if is_closed(template) => Standing::Missing,
            Answer::No | Answer::Unknown => Standing::Unknown,
        };
        Some(Needed {
            standing,
            role: need.role.to_owned(),
            action: need.action.clone(),
            on: need.resource.as_ref().map_or("?".to_owned(), |on| needs.names.shown(on)),
            who: need.who.clone(),
            path: need.path.clone(),
        })
    };
    Report {
        needed: needs.found.iter().filter_map(known).collect(),
        excess: roles.iter().flat_map(|role| excess(role, &subject, &needs)).collect(),
        undecided: needs.undecided,
    }
}

/// What a role is allowed, and nothing needs.
fn excess(role: &Role<'_>, subject: &Subject<'_>, needs: &Needs<'_>) -> Vec<Excess> {
    let own: Vec<&Need<'_>> = needs.found.iter().filter(|need| need.role == role.id).collect();
    let resources = &subject.template.as_json()["Resources"];
    let users = || subject.references.iter().filter(|reference| reference.to == role.id);
    let is_declared = users().all(|user| {
        let kind = resources[user.from.1]["Type"].as_str().unwrap_or_default();
        user.from.0 == "Outputs" || DECLARED.contains(&kind)
    });
    let is_open = needs
        .undecided
        .iter()
        .any(|(path, _)| users().any(|user| path.strip_prefix(Path::from("Resources").join(user.from.1)).is_some()));
    if own.is_empty() || !is_declared || is_open {
        return Vec::new();
    }
    let mut found = Vec::new();
    for statement in role.statements.iter().filter(|statement| statement.allows && !statement.has_exceptions()) {
        for (action, on) in statement.pairs() {
            let covered = |need: &&&Need<'_>| {
                let is_action = is_action(action, &need.action) != Answer::No;
                let resource = (on, need.resource.as_ref());
                is_action && !matches!(resource, (Some(on), Some(needed)) if on.covers(needed) == Answer::No)
            };
            let mut needed: Vec<String> = own.iter().filter(covered).map(|need| need.action.clone()).collect();
            needed.sort_unstable();
            needed.dedup();
            let is_pattern = action.literal().is_none_or(|text| text.contains(['*', '?']));
            if needed.is_empty() || is_pattern {
                found.push(Excess {
                    role: role.id.to_owned(),
                    action: action.to_string(),
                    on: on.map_or("?".to_owned(), |on| needs.names.shown(on)),
                    needed,
                    path: statement.path.clone(),
                });
            }
        }
    }
    found
}

/// The report as tables.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = self.needed.iter().map(|row| {
            [row.standing.name().to_owned(), row.role.clone(), row.action.clone(), row.on.clone(), row.who.clone()]
        });
        table(f, "needed", rows.collect())?;
        let rows = self.excess.iter().map(|row| {
            let used = match row.needed.as_slice() {
                [] => "nothing needs it".to_owned(),
                needed => format!("needed of it: {}", needed.join(", ")),
            };
            [row.role.clone(), row.action.clone(), row.on.clone(), used]
        });
        table(f, "allowed in excess", rows.collect())?;
        table(f, "undecided", self.undecided.iter().map(|(path, why)| [path.to_string(), why.clone()]).collect())
    }
}

/// Rows below a title, in columns.
fn table<const N: usize>(f: &mut fmt::Formatter<'_>, title: &str, rows: Vec<[String; N]>) -> fmt::Result {
    writeln!(f, "{title}: {}", rows.len())?;
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    for row in &rows {
        let cells = row.iter().enumerate().map(|(column, cell)| format!("{cell:0$}", width(column)));
        writeln!(f, "  {}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    Ok(())
}
