//! Conditions of statements: what each asks of a call, and the calls that a set of them tells apart.

use std::{collections::BTreeSet, net::IpAddr};

use super::{
    letters::exactly,
    pattern::{MOST, classes},
    read::{Reader, each},
};
use crate::json::Json;

/// Combinations of what calls may be like that are looked at for one set of statements.
const MOST_CONTEXTS: usize = 4_096;

/// A key and what is asked of it: one line of a `Condition`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Clause {
    /// The key in lower case, with the kind of its values: only those of one kind are compared with each other.
    key: (Kind, String),
    quantifier: Quantifier,
    is_negated: bool,
    /// Whether it holds for a call without the key.
    without: bool,
    test: Test,
    /// Sorted.
    values: Vec<String>,
    shown: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Text,
    Number,
    Date,
    Address,
    /// A condition of the template, which holds or does not.
    Template,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Quantifier {
    One,
    /// `ForAnyValue`
    Any,
    /// `ForAllValues`
    All,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Test {
    Pattern,
    /// `Bool`
    Truth,
    /// `Null`
    Missing,
    Equal,
    Less,
    LessOrEqual,
    Within,
}

/// What a key may be in a call.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Sample {
    /// The patterns that it matches, a bit each.
    Matching(u128),
    /// Above `n / 2` limits, and at one where it is odd.
    Between(usize),
    Address(u128),
}

/// The clauses of a `Condition`.
pub(super) fn clauses(json: &Json, reader: &Reader<'_>) -> Vec<Clause> {
    let mut found = Vec::new();
    for (operator, keys) in json.as_object().into_iter().flatten() {
        for (key, values) in keys.as_object().into_iter().flatten() {
            let values = each(values).into_iter().map(|value| reader.text(value)).collect();
            found.push(clause(operator, key, values, reader));
        }
        if keys.as_object().is_none() {
            found.push(clause("StringEquals", operator, vec![reader.text(keys)], reader));
        }
    }
    found
}

/// A clause for a condition of the template.
pub(super) fn guard((name, holds): &(String, bool)) -> Clause {
    Clause {
        key: (Kind::Template, name.clone()),
        quantifier: Quantifier::One,
        is_negated: !holds,
        without: false,
        test: Test::Pattern,
        values: vec!["true".to_owned()],
        shown: if *holds { format!("the condition {name}") } else { format!("not the condition {name}") },
    }
}

/// The clause of an operator, a key and its values.
pub(super) fn clause(operator: &str, key: &str, values: Vec<String>, reader: &Reader<'_>) -> Clause {
    let texts: Vec<String> = values.iter().map(|value| reader.show(value)).collect();
    let shown = format!("{operator} {key} {}", texts.join(" | "));
    let (quantifier, name) = match operator.split_once(':') {
        Some(("ForAnyValue", name)) => (Quantifier::Any, name),
        Some(("ForAllValues", name)) => (Quantifier::All, name),
        _ => (Quantifier::One, operator),
    };
    let (name, if_exists) = name.strip_suffix("IfExists").map_or((name, false), |name| (name, true));
    let without = if_exists || name.contains("Not");
    let is_negated = name.contains("Not") || name.contains("Greater");
    let (kind, test) = match name {
        "Null" => (Kind::Text, Test::Missing),
        "IpAddress" | "NotIpAddress" => (Kind::Address, Test::Within),
        name => {
            let kind = if name.starts_with("Numeric") {
                Kind::Number
            } else if name.starts_with("Date") {
                Kind::Date
            } else {
                Kind::Text
            };
            let test = match (kind, name) {
                (Kind::Text, "Bool") => Test::Truth,
                (Kind::Text, _) => Test::Pattern,
                // What is not less is greater or equal.
                (_, name) if name.ends_with("LessThan") || name.ends_with("GreaterThanEquals") => Test::Less,
                (_, name) if name.ends_with("LessThanEquals") || name.ends_with("GreaterThan") => Test::LessOrEqual,
                _ => Test::Equal,
            };
            (kind, test)
        }
    };
    let mut key = key.to_lowercase();
    let literal = matches!(name, "StringEquals" | "StringNotEquals" | "BinaryEquals");
    let mut values: Vec<String> = match name {
        _ if literal => values.iter().map(|value| exactly(value)).collect(),
        "StringEqualsIgnoreCase" | "StringNotEqualsIgnoreCase" => {
            key.push_str(" in any case");
            values.iter().map(|value| exactly(&value.to_lowercase())).collect()
        }
        "Bool" | "Null" => values.iter().map(|value| value.to_lowercase()).collect(),
        _ => values,
    };
    values.sort();
    values.dedup();
    let known = |kind: Kind| match kind {
        Kind::Number => values.iter().all(|value| value.parse::<f64>().is_ok_and(f64::is_finite)),
        Kind::Date => values.iter().all(|value| is_date(value)),
        Kind::Address => values.iter().all(|value| block(value).is_some()),
        Kind::Text | Kind::Template => true,
    };
    let (kind, test) = if known(kind) {
        (kind, test)
    } else {
        // What cannot be compared is a text of its own.
        key = format!("{key} {name}");
        (Kind::Text, Test::Pattern)
    };
    Clause { key: (kind, key), quantifier, is_negated, without, test, values, shown }
}

/// Whether a date is written so that texts are in the order of dates.
fn is_date(text: &str) -> bool {
    text.len() == 20
        && text.bytes().zip("0000-00-00T00:00:00Z".bytes()).all(|(byte, form)| match form {
            b'0' => byte.is_ascii_digit(),
            form => byte == form,
        })
}

/// The first and the last address of a block, those of IPv4 as they are in IPv6.
pub(super) fn block(text: &str) -> Option<(u128, u128)> {
    let (address, bits) =
        text.trim().split_once('/').map_or((text.trim(), None), |(address, bits)| (address, Some(bits)));
    let (address, width) = match address.parse::<IpAddr>().ok()? {
        IpAddr::V4(address) => (u128::from(address.to_ipv6_mapped()), 32),
        IpAddr::V6(address) => (u128::from(address), 128),
    };
    let bits = bits.map_or(Some(width), |bits| bits.parse::<u32>().ok())?;
    let host = width.checked_sub(bits)?;
    let mask = if host >= 128 { u128::MAX } else { (1 << host) - 1 };
    Some((address & !mask, address | mask))
}

impl Clause {
    /// The clause for people.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// The key in lower case.
    pub fn key(&self) -> &str {
        &self.key.1
    }

    /// The values that it asks for; none where it asks for others than these.
    pub fn values(&self) -> &[String] {
        if self.is_negated || self.without || self.test == Test::Missing || self.quantifier == Quantifier::All {
            return &[];
        }
        &self.values
    }

    fn holds(&self, samples: &[Sample], world: &World) -> bool {
        if self.test == Test::Missing {
            return self.values.iter().any(|value| (value == "true") == samples.is_empty());
        }
        if samples.is_empty() {
            return self.without || self.quantifier == Quantifier::All;
        }
        let one = |sample: &Sample| self.values.iter().any(|value| self.hits(value, *sample, world)) != self.is_negated;
        match self.quantifier {
            Quantifier::All => samples.iter().all(one),
            Quantifier::Any | Quantifier::One => samples.iter().any(one),
        }
    }

    fn hits(&self, value: &str, sample: Sample, world: &World) -> bool {
        match sample {
            Sample::Matching(bits) => {
                world.limits.iter().position(|limit| limit == value).is_some_and(|at| bits >> at & 1 == 1)
            }
            Sample::Between(place) => {
                let at = world.limits.iter().position(|limit| limit == value).map_or(0, |at| 2 * at + 1);
                match self.test {
                    Test::Less => place < at,
                    Test::LessOrEqual => place <= at,
                    _ => place == at,
                }
            }
            Sample::Address(address) => block(value).is_some_and(|(first, last)| (first..=last).contains(&address)),
        }
    }
}

/// What one key may be.
struct World {
    /// The values that clauses name: patterns, or limits in their order.
    limits: Vec<String>,
    samples: Vec<Vec<Sample>>,
}

impl World {
    fn new(clauses: &[&Clause]) -> Option<Self> {
        let (kind, _) = &clauses.first()?.key;
        let compared = clauses.iter().filter(|clause| clause.test != Test::Missing);
        let limits: BTreeSet<&str> = compared.flat_map(|clause| &clause.values).map(String::as_str).collect();
        let mut limits: Vec<&str> = limits.into_iter().collect();
        let number = |text: &str| text.parse::<f64>().unwrap_or_default();
        if *kind == Kind::Number {
            limits.sort_by(|one, other| number(one).total_cmp(&number(other)));
        }
        let samples: Vec<Sample> = match kind {
            Kind::Text | Kind::Template => {
                let truths = clauses.iter().any(|clause| clause.test == Test::Truth || *kind == Kind::Template);
                let of = |text: &str| {
                    limits
                        .iter()
                        .enumerate()
                        .filter(|(_, limit)| **limit == text)
                        .fold(0, |bits, (at, _)| bits | 1 << at)
                };
                if limits.len() > MOST {
                    return None;
                }
                match truths && limits.iter().all(|limit| ["true", "false"].contains(limit)) {
                    true => vec![Sample::Matching(of("true")), Sample::Matching(of("false"))],
                    false => classes(&limits)?.into_iter().map(Sample::Matching).collect(),
                }
            }
            Kind::Number | Kind::Date => (0..=2 * limits.len()).map(Sample::Between).collect(),
            Kind::Address => {
                let blocks = limits.iter().filter_map(|limit| block(limit));
                let edges =
                    blocks.flat_map(|(first, last)| [first, last, first.saturating_sub(1), last.saturating_add(1)]);
                let edges: BTreeSet<u128> = edges.collect();
                edges.into_iter().map(Sample::Address).collect()
            }
        };
        let mut sets: Vec<Vec<Sample>> = samples.iter().map(|sample| vec![*sample]).collect();
        if *kind != Kind::Template {
            sets.push(Vec::new());
        }
        if clauses.iter().any(|clause| clause.quantifier != Quantifier::One) {
            // A call may have several values.
            const WHOLE: usize = 6;
            if samples.len() <= WHOLE {
                sets = (0..1_usize << samples.len())
                    .map(|bits| (0..samples.len()).filter(|at| bits >> at & 1 == 1).map(|at| samples[at]).collect())
                    .collect();
            } else {
                sets.extend(samples.windows(2).map(<[Sample]>::to_vec));
                sets.push(samples.clone());
            }
        }
        Some(Self { limits: limits.into_iter().map(str::to_owned).collect(), samples: sets })
    }
}

/// The calls that the clauses of some statements tell apart: for each, the statements whose clauses all hold, a bit
/// each. None where there are too many.
pub(super) fn contexts(statements: &[&[Clause]]) -> Option<BTreeSet<u128>> {
    let keys: BTreeSet<&(Kind, String)> =
        statements.iter().flat_map(|all| all.iter()).map(|clause| &clause.key).collect();
    let mut found: BTreeSet<u128> = [u128::MAX].into();
    for key in keys {
        let on = |all: &'_ [Clause]| all.iter().filter(|clause| clause.key == *key).cloned().collect::<Vec<Clause>>();
        let by_statement: Vec<Vec<Clause>> = statements.iter().map(|all| on(all)).collect();
        let world = World::new(&by_statement.iter().flatten().collect::<Vec<_>>())?;
        let mut ways = BTreeSet::new();
        for samples in &world.samples {
            let mut bits = u128::MAX;
            for (at, clauses) in by_statement.iter().enumerate() {
                if !clauses.iter().all(|clause| clause.holds(samples, &world)) {
                    bits &= !(1 << at);
                }
            }
            ways.insert(bits);
        }
        found = found.iter().flat_map(|known| ways.iter().map(move |way| known & way)).collect();
        if found.len() > MOST_CONTEXTS {
            return None;
        }
    }
    Some(found)
}
