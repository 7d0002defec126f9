//! Worlds: which conditions of a template can hold together.
//!
//! In one world every `Fn::If` has a branch. What is wrong in a world that can be is wrong; a value that no world has
//! is no fault.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    json::Json,
    template::{
        Template,
        intrinsic::{Place, call},
    },
};

/// The most combinations of values that are gone through.
const MAX_COMBINATIONS: usize = 256;
/// The most worlds that something is looked at in.
const MAX_WORLDS: usize = 32;

/// What is known of the conditions named, and of what they compare.
#[derive(Clone, Debug, Default)]
pub(in crate::check) struct World<'a> {
    holds: BTreeMap<&'a str, bool>,
    /// The values that the variables have in it, and all that they can have.
    values: Variables<'a>,
    domains: Variables<'a>,
}

impl World<'_> {
    /// Whether a condition holds, where that was asked for.
    pub fn holds(&self, condition: &str) -> Option<bool> {
        self.holds.get(condition).copied()
    }

    /// Whether a parameter can have that value, as far as the conditions tell.
    pub fn may_be(&self, parameter: &str, value: &str) -> bool {
        if self.values.is_empty() {
            return true;
        }
        let key = serde_json::json!({"Ref": parameter}).to_string();
        let (Some(here), Some(all)) = (self.values.get(&key), self.domains.get(&key)) else { return true };
        here.contains(&Some(value)) || (here.contains(&None) && !all.contains(&Some(value)))
    }
}

/// The conditions of a template.
pub(in crate::check) struct Conditions<'a> {
    template: &'a Template,
}

/// What a condition compares: a value, by its JSON, or a comparison of which nothing else is known.
type Variables<'a> = BTreeMap<String, BTreeSet<Option<&'a str>>>;

/// The values of the variables in one combination; none stands for any that the template does not name.
type Combination<'a, 'v> = BTreeMap<&'v str, Option<&'a str>>;

/// The value of a variable that is a comparison which holds.
const TRUE: Option<&str> = Some("true");

impl<'a> Conditions<'a> {
    pub fn new(template: &'a Template) -> Self {
        Self { template }
    }

    /// The worlds that differ in the conditions named, and in which all of `given` hold; some of them where there are
    /// very many, and none where what is given can never be.
    pub fn worlds(&self, names: &BTreeSet<&'a str>, given: &[&'a str]) -> Vec<World<'a>> {
        if names.is_empty() && given.is_empty() {
            return vec![World::default()];
        }
        let mut variables = Variables::new();
        for name in names.iter().chain(given) {
            self.variables(&serde_json::json!({"Condition": name}), self.get(name), 0, &mut variables);
        }
        let mut worlds: BTreeMap<BTreeMap<&str, bool>, Variables<'a>> = BTreeMap::new();
        for combination in combinations(&variables) {
            if !given.iter().all(|name| self.holds(name, 0, &combination)) {
                continue;
            }
            let holds = names.iter().chain(given).map(|name| (*name, self.holds(name, 0, &combination))).collect();
            if worlds.len() == MAX_WORLDS && !worlds.contains_key(&holds) {
                break;
            }
            let values = worlds.entry(holds).or_default();
            for (variable, value) in combination {
                values.entry(variable.to_owned()).or_default().insert(value);
            }
        }
        worlds.into_iter().map(|(holds, values)| World { holds, values, domains: variables.clone() }).collect()
    }

    fn get(&self, name: &str) -> Option<&'a Json> {
        self.template.as_json().get("Conditions")?.get(name)
    }

    /// Collects what a condition depends on. One that is not declared, or is made of itself, may be either.
    fn variables(&self, itself: &Json, condition: Option<&'a Json>, depth: usize, found: &mut Variables<'a>) {
        match condition.map(|condition| self.form(condition)) {
            Some(Form::Fixed(_)) => {}
            Some(Form::Compared { value, with }) if depth <= MAX_DEPTH => {
                let domain = found.entry(value.to_string()).or_insert_with(|| self.domain(value));
                if !domain.contains(&Some(with)) && domain.contains(&None) {
                    domain.insert(Some(with));
                }
            }
            Some(Form::All(parts) | Form::Any(parts)) if depth <= MAX_DEPTH => {
                parts.iter().for_each(|part| self.variables(part, Some(part), depth + 1, found));
            }
            Some(Form::Not(part)) if depth <= MAX_DEPTH => self.variables(part, Some(part), depth + 1, found),
            Some(Form::Named(name)) if depth <= MAX_DEPTH => {
                self.variables(condition.unwrap_or(itself), self.get(name), depth + 1, found);
            }
            _ => {
                let text = condition.unwrap_or(itself).to_string();
                found.entry(text).or_insert_with(|| [None, TRUE].into());
            }
        }
    }

    /// What a value can be, as far as the template says.
    fn domain(&self, value: &Json) -> BTreeSet<Option<&'a str>> {
        let parameter = value.get("Ref").and_then(Json::as_str);
        let parameter = parameter.and_then(|name| self.template.as_json().get("Parameters")?.get(name));
        let allowed = parameter.and_then(|parameter| parameter.get("AllowedValues")?.as_array());
        match allowed {
            // What is not a text is written in more than one way.
            Some(allowed) if !allowed.is_empty() && allowed.iter().all(Json::is_string) => {
                allowed.iter().map(Json::as_str).collect()
            }
            _ => [None].into(),
        }
    }

    fn holds(&self, name: &str, depth: usize, in_it: &Combination<'a, '_>) -> bool {
        match self.get(name) {
            Some(condition) => self.is_true(condition, depth, in_it),
            None => in_it.get(serde_json::json!({"Condition": name}).to_string().as_str()) == Some(&TRUE),
        }
    }

    fn is_true(&self, condition: &'a Json, depth: usize, in_it: &Combination<'a, '_>) -> bool {
        let as_a_whole = || in_it.get(condition.to_string().as_str()) == Some(&TRUE);
        match self.form(condition) {
            Form::Fixed(fixed) => fixed,
            _ if depth > MAX_DEPTH => as_a_whole(),
            Form::Compared { value, with } => in_it.get(value.to_string().as_str()) == Some(&Some(with)),
            Form::All(parts) => parts.iter().all(|part| self.is_true(part, depth + 1, in_it)),
            Form::Any(parts) => parts.iter().any(|part| self.is_true(part, depth + 1, in_it)),
            Form::Not(part) => !self.is_true(part, depth + 1, in_it),
            Form::Named(name) if self.get(name).is_some() => self.holds(name, depth + 1, in_it),
            Form::Named(_) | Form::Other => as_a_whole(),
        }
    }

    fn form(&self, condition: &'a Json) -> Form<'a> {
        let Some((function, argument)) = call(condition, Place::Operand) else { return Form::Other };
        let parts = argument.as_array().map(Vec::as_slice);
        match (function, parts) {
            ("Fn::Equals", Some([a, b])) => match (a, b) {
                (value @ Json::Object(_), Json::String(with)) | (Json::String(with), value @ Json::Object(_)) => {
                    Form::Compared { value, with }
                }
                (a, b) if is_scalar(a) && is_scalar(b) => Form::Fixed(text(a) == text(b)),
                _ => Form::Other,
            },
            ("Fn::And", Some(parts)) => Form::All(parts),
            ("Fn::Or", Some(parts)) => Form::Any(parts),
            ("Fn::Not", Some([part])) => Form::Not(part),
            ("Condition", None) => argument.as_str().map_or(Form::Other, Form::Named),
            _ => Form::Other,
        }
    }
}

/// How deep conditions are made of others.
const MAX_DEPTH: usize = 32;

enum Form<'a> {
    Fixed(bool),
    Compared { value: &'a Json, with: &'a str },
    All(&'a [Json]),
    Any(&'a [Json]),
    Not(&'a Json),
    Named(&'a str),
    Other,
}

fn is_scalar(json: &Json) -> bool {
    !json.is_array() && !json.is_object() && !json.is_null()
}

fn text(json: &Json) -> String {
    json.as_str().map_or_else(|| json.to_string(), str::to_owned)
}

/// Every combination of the variables' values; where they are too many, one, and those that differ from it in one value.
fn combinations<'a, 'v>(variables: &'v Variables<'a>) -> Vec<Combination<'a, 'v>> {
    let first = |domain: &BTreeSet<Option<&'a str>>| domain.first().copied().flatten();
    let start: Combination<'a, 'v> = variables.iter().map(|(name, domain)| (name.as_str(), first(domain))).collect();
    let count = variables.values().try_fold(1usize, |count, domain| count.checked_mul(domain.len()));
    let mut all = vec![start];
    for (name, domain) in variables {
        let so_far = match count {
            Some(count) if count <= MAX_COMBINATIONS => all.len(),
            _ => 1,
        };
        for value in domain.iter().skip(1) {
            for at in 0..so_far {
                let mut other = all[at].clone();
                other.insert(name, *value);
                all.push(other);
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn worlds(conditions: Json, parameters: Json, names: &[&'static str], given: &[&'static str]) -> Vec<String> {
        let template = Template::new(json!({"Parameters": parameters, "Conditions": conditions}));
        let conditions = Conditions::new(&template);
        let names = names.iter().copied().collect();
        let line = |world: &World<'_>| {
            let each = world.holds.iter().map(|(name, holds)| format!("{}{name}", if *holds { "" } else { "not " }));
            each.collect::<Vec<_>>().join(", ")
        };
        conditions.worlds(&names, given).iter().map(line).collect()
    }

    #[test]
    fn conditions_that_exclude_each_other_never_hold_together() {
        let is = |value: &str| json!({"Fn::Equals": [{"Ref": "Stage"}, value]});
        let conditions = json!({"Prod": is("prod"), "Test": is("test"), "Other": {"Fn::Not": [{"Condition": "Prod"}]}});
        assert_eq!(
            worlds(conditions.clone(), json!({"Stage": {"Type": "String"}}), &["Prod", "Test"], &[]),
            ["not Prod, not Test", "not Prod, Test", "Prod, not Test"]
        );
        let allowed = json!({"Stage": {"Type": "String", "AllowedValues": ["prod", "test"]}});
        assert_eq!(
            worlds(conditions.clone(), allowed.clone(), &["Prod", "Test"], &[]),
            ["not Prod, Test", "Prod, not Test"]
        );
        assert_eq!(worlds(conditions, allowed, &["Other"], &["Prod"]), ["not Other, Prod"]);
    }

    #[test]
    fn what_is_made_of_itself_or_not_declared_may_be_either() {
        let conditions = json!({"A": {"Fn::Not": [{"Condition": "A"}]}, "Never": {"Fn::Equals": ["a", "b"]}});
        assert_eq!(worlds(conditions.clone(), json!({}), &["A"], &[]).len(), 2);
        assert_eq!(worlds(conditions.clone(), json!({}), &["Nowhere"], &[]), ["not Nowhere", "Nowhere"]);
        assert_eq!(worlds(conditions, json!({}), &[], &["Never"]), [""; 0]);
    }

    #[test]
    fn very_many_conditions_are_looked_at_one_by_one() {
        let names: Vec<&'static str> = (0..40).map(|at| &*format!("C{at:02}").leak()).collect();
        let each = names.iter().map(|name| ((*name).to_owned(), json!({"Fn::Equals": [{"Ref": name}, "x"]})));
        let conditions = Json::Object(each.collect());
        assert_eq!(worlds(conditions, json!({}), &names, &[]).len(), MAX_WORLDS);
    }
}
