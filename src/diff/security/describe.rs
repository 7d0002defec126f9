//! What a subject gains or loses, as changes with their ranks and sentences.

use std::collections::BTreeSet;

use super::{
    action::{folded, level, writes},
    change::{Change, Direction, Rank},
    compare::Comparison,
    condition::Clause,
    gain::{Cause, Gain},
    letters::{exactly, is_hole},
    pattern::{classes, matches},
    principal::{Principal, own_account},
    read::Reader,
    statement::{Effect, Meaning, Rule},
    subject::{Kind, Subject},
};
use crate::{data::iam::AccessLevel, diagnostic::Path};

/// Conditions that say whose calls they are, so that a service or everyone is no stranger.
const SOURCES: [&str; 8] = [
    "aws:principalaccount",
    "aws:principalarn",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceowner",
    "kms:calleraccount",
    "elasticfilesystem:accesspointarn",
    "s3:dataaccesspointaccount",
];

/// A subject on the side that allows more, and on the other.
pub(super) struct Scene<'r> {
    pub direction: Direction,
    pub subject: &'r Subject,
    pub before: Option<&'r Subject>,
    /// The reader of the side that allows more.
    pub reader: &'r Reader<'r>,
    /// The reader of the other side.
    pub other: &'r Reader<'r>,
    /// The statements of the other side.
    pub rules: &'r [Rule],
    /// The statements of the side that allows more.
    pub own: &'r [Rule],
}

impl Scene<'_> {
    /// The changes that gains are.
    pub fn changes(&self, gains: &[Gain<'_>], comparison: &Comparison<'_>) -> Vec<Change> {
        let everyone: BTreeSet<(*const Rule, Cause)> = gains
            .iter()
            .filter(|gain| gain.principal == Principal::Others && gain.means_everyone())
            .map(|gain| (std::ptr::from_ref(gain.rule), gain.cause))
            .collect();
        let rest = gains.iter().filter(|gain| {
            gain.principal == Principal::Others || !everyone.contains(&(std::ptr::from_ref(gain.rule), gain.cause))
        });
        rest.map(|gain| self.change(gain, comparison)).collect()
    }

    fn change(&self, gain: &Gain<'_>, comparison: &Comparison<'_>) -> Change {
        let letters = self.reader.letters;
        let names: BTreeSet<&str> = gain.actions.iter().map(String::as_str).collect();
        let written = gain.denied.iter().flat_map(|rule| &rule.written).chain(&gain.rule.written);
        let written: Vec<String> = written.cloned().collect();
        let actions = folded(&names, &written, &comparison.catalogue.universe, letters);
        let who = self.who(gain);
        let resources = self.resources(gain);
        let conditions: Vec<String> = match gain.rule.meaning.effect {
            Effect::Deny => Vec::new(),
            _ => gain.rule.meaning.clauses.iter().map(|clause| clause.shown().to_owned()).collect(),
        };
        let certain = self.is_certain(gain);
        let (here, there) = (Some(gain.rule.path.clone()), self.there(gain));
        let here = if gain.rule.meaning.effect == Effect::Deny { None } else { here };
        let (old, new) = if self.direction == Direction::Gained { (there, here) } else { (here, there) };
        let rank = self.rank(gain, comparison);
        let sentence = self.sentence(gain, &who, &actions, &resources, &conditions, certain);
        Change { rank, direction: self.direction, certain, who, actions, resources, conditions, old, new, sentence }
    }

    /// Where the other side says otherwise.
    fn there(&self, gain: &Gain<'_>) -> Option<Path> {
        let denied = gain.denied.map(|rule| rule.path.clone());
        let allowed = || gain.allowed.first().map(|rule| rule.path.clone());
        let bounded = || self.before.and_then(|before| before.boundary.clone()).filter(|_| gain.unbound);
        denied.or_else(bounded).or_else(allowed)
    }

    fn who(&self, gain: &Gain<'_>) -> String {
        let letters = self.reader.letters;
        match &gain.principal {
            Principal::Holder => self.subject.shown.clone(),
            Principal::Everyone => "everyone".to_owned(),
            Principal::Others if gain.means_everyone() => "everyone".to_owned(),
            Principal::Others => "everyone else".to_owned(),
            Principal::Account(id) if *id == own_account(self.reader) => "this account".to_owned(),
            Principal::Account(id) => format!("the account {}", letters.show(id)),
            Principal::Arn(arn) => match self.reader.resource(arn) {
                Some((id, _)) => id.to_owned(),
                None => letters.show(arn),
            },
            Principal::Service(name) | Principal::Federated(name) | Principal::Else(name) => letters.show(name),
        }
    }

    fn resources(&self, gain: &Gain<'_>) -> Vec<String> {
        let itself = match self.subject.kind {
            Kind::Identity => None,
            Kind::Trust => Some(self.subject.shown.clone()),
            Kind::Resource | Kind::Key => Some(self.subject.shown.clone()),
        };
        let shown = gain.resources.iter().map(|text| match (&itself, *text) {
            (Some(itself), "*") => itself.clone(),
            (_, text) => self.reader.show(text),
        });
        shown.collect::<BTreeSet<String>>().into_iter().collect()
    }

    fn rank(&self, gain: &Gain<'_>, comparison: &Comparison<'_>) -> Rank {
        let universe = &comparison.catalogue.universe;
        let most = gain.actions.iter().map(|action| level(action, universe, self.reader.letters));
        let most: Vec<AccessLevel> = most.collect();
        let manages = most.contains(&AccessLevel::PermissionsManagement);
        let by_level = match gain.cause {
            Cause::Action if most.iter().any(|level| writes(*level)) => Rank::Write,
            _ => Rank::Wider,
        };
        let is_own = |text: &&str| self.reader.resource(text).is_some();
        let own_resources = self.subject.kind != Kind::Identity && self.reader.has(&self.subject.id)
            || gain.resources.iter().all(is_own);
        let is_made = !self.other.has(&self.subject.id);
        match self.standing(gain) {
            Standing::Stranger if gain.denied.is_some() => Rank::Wider,
            Standing::Stranger => Rank::Public,
            Standing::Own if own_resources && !manages => Rank::Internal,
            Standing::Own if own_resources && self.subject.kind != Kind::Identity => Rank::Internal,
            Standing::Account if is_made && matches!(self.subject.kind, Kind::Resource | Kind::Key) => Rank::Internal,
            Standing::Service if self.subject.kind == Kind::Trust || self.has_source(gain.rule) => Rank::Internal,
            Standing::Service => Rank::Wider,
            Standing::Own | Standing::Account => by_level,
        }
    }

    /// How near a principal is.
    fn standing(&self, gain: &Gain<'_>) -> Standing {
        let own = own_account(self.reader);
        match &gain.principal {
            Principal::Holder => match self.reader.has(&self.subject.id) {
                true => Standing::Own,
                false => Standing::Account,
            },
            Principal::Arn(arn) if self.reader.resource(arn).is_some() => Standing::Own,
            Principal::Service(_) => Standing::Service,
            principal if principal.account(&own) == Some(&own) => Standing::Account,
            Principal::Everyone | Principal::Others if self.has_own_source(gain.rule, &own) => Standing::Account,
            _ => Standing::Stranger,
        }
    }

    /// Whether a statement says whose calls it is for.
    fn has_source(&self, rule: &Rule) -> bool {
        rule.meaning.clauses.iter().any(|clause| {
            SOURCES.contains(&clause.key())
                && !clause.values().is_empty()
                && clause.values().iter().all(|value| value != "*")
        })
    }

    /// Whether it is for calls of this account, or from what is of the template.
    fn has_own_source(&self, rule: &Rule, own: &str) -> bool {
        rule.meaning.clauses.iter().any(|clause| {
            let is_own = |value: &String| {
                value == own || value.split(':').nth(4) == Some(own) || self.reader.resource(value).is_some()
            };
            SOURCES.contains(&clause.key()) && !clause.values().is_empty() && clause.values().iter().all(is_own)
        })
    }

    /// Whether it is gained whatever the deployment makes of the template: no statement of the other side may mean the
    /// same with what only the deployment knows.
    fn is_certain(&self, gain: &Gain<'_>) -> bool {
        // What names a resource of either template is no text that somebody chose.
        let is_open = |letter: char| self.reader.is_open(letter) && self.other.is_open(letter);
        let open = |text: &str| text.chars().any(is_open);
        let any =
            |text: &str| -> String { text.chars().map(|letter| if is_open(letter) { '*' } else { letter }).collect() };
        if gain.actions.iter().any(|action| action.contains(is_hole)) {
            return false;
        }
        // What holds for a whole pattern holds for its `*` as if that were a letter.
        let meets = |one: &str, other: &str| {
            let whole: String = any(&exactly(other));
            one != other
                && (open(one) || open(other))
                && classes(&[&any(one), &whole]).is_none_or(|all| all.contains(&0b11))
        };
        let by_resource = |meaning: &Meaning| {
            let on = |text: &&str| meaning.resources.items.iter().any(|pattern| meets(pattern, text));
            gain.resources.iter().any(on)
        };
        let by_value = |meaning: &Meaning| {
            let same = |clause: &Clause| {
                let of_key = gain.rule.meaning.clauses.iter().filter(|own| own.key() == clause.key());
                let mut pairs = of_key
                    .flat_map(|own| own.values())
                    .flat_map(|one| clause.values().iter().map(move |two| (one, two)));
                pairs.any(|(one, two)| one != two && meets(two, one))
            };
            gain.cause == Cause::Condition && meaning.clauses.iter().any(same)
        };
        let acts = |meaning: &Meaning| {
            gain.actions.iter().any(|action| meaning.actions.means(|pattern| matches(pattern, action)))
        };
        let may_allow = |meaning: &Meaning| {
            let unknown = meaning.actions.items.iter().any(|action| action.contains(is_hole));
            unknown || (acts(meaning) && (by_resource(meaning) || by_value(meaning)))
        };
        let of = |rules: &[Rule], effect: Effect, may: &dyn Fn(&Meaning) -> bool| {
            rules.iter().any(|rule| rule.meaning.effect == effect && may(&rule.meaning))
        };
        let may_deny = |meaning: &Meaning| acts(meaning) && by_resource(meaning);
        let still_denied = gain.denied.is_some() && of(self.own, Effect::Deny, &may_deny);
        !(still_denied || of(self.rules, Effect::Allow, &may_allow))
    }

    fn sentence(
        &self,
        gain: &Gain<'_>,
        who: &str,
        actions: &[String],
        resources: &[String],
        conditions: &[String],
        certain: bool,
    ) -> String {
        let verb = match (self.direction, certain) {
            (Direction::Gained, true) => "can now",
            (Direction::Gained, false) => "may now be able to",
            (Direction::Lost, true) => "can no longer",
            (Direction::Lost, false) => "may no longer be able to",
        };
        let on = if resources.is_empty() { String::new() } else { format!(" on {}", listed(resources)) };
        let mut text = match self.subject.kind {
            Kind::Trust if actions.iter().any(|action| action.contains("AssumeRole")) => {
                format!("{who} {verb} assume {}", self.subject.shown)
            }
            _ => format!("{who} {verb} do {}{on}", listed(actions)),
        };
        if !conditions.is_empty() {
            text.push_str(&format!(", if {}", conditions.join(" and ")));
        }
        text.push_str(&self.reason(gain));
        text
    }

    /// What was otherwise.
    fn reason(&self, gain: &Gain<'_>) -> String {
        let before =
            |was: &str, is: &str| if self.direction == Direction::Gained { was.to_owned() } else { is.to_owned() };
        if let Some(denied) = gain.denied {
            let clauses: Vec<&str> = denied.meaning.clauses.iter().map(|clause| clause.shown()).collect();
            let when = if clauses.is_empty() { String::new() } else { format!(" if {}", clauses.join(" and ")) };
            return format!("; {}{when}", before("it was denied", "it is denied"));
        }
        if gain.unbound {
            return format!("; {}", before("its boundary did not allow it", "its boundary does not allow it"));
        }
        match (gain.cause, gain.allowed.as_slice()) {
            (Cause::Resource, _) => format!("; {}", before("it could on less", "it can on less")),
            (Cause::Condition, [one]) => {
                let known = &gain.rule.meaning.clauses;
                let gone = one.meaning.clauses.iter().filter(|clause| !known.contains(clause));
                let gone: Vec<&str> = gone.map(|clause| clause.shown()).collect();
                match gone.is_empty() {
                    true => String::new(),
                    false => format!("; {} {}", before("before only if", "now only if"), gone.join(" and ")),
                }
            }
            (Cause::Condition, _) => {
                format!("; {}", before("before under other conditions", "now under other conditions"))
            }
            _ => String::new(),
        }
    }
}

impl Gain<'_> {
    /// Whether its statement is for everyone.
    fn means_everyone(&self) -> bool {
        self.rule.meaning.principals.items.contains(&Principal::Everyone) && !self.rule.meaning.principals.except
    }
}

/// How near a principal is to the template.
enum Standing {
    /// Of the template.
    Own,
    /// Of the account.
    Account,
    /// A service of AWS.
    Service,
    /// Nobody knows whose.
    Stranger,
}

/// A list for people: at most a handful, and how many more.
fn listed(items: &[String]) -> String {
    const MOST: usize = 6;
    let shown: Vec<&str> = items.iter().take(MOST).map(String::as_str).collect();
    match items.len().checked_sub(MOST) {
        Some(more @ 1..) => format!("{} and {more} more", shown.join(", ")),
        _ => shown.join(", "),
    }
}
