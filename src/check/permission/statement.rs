//! Statements: what a policy document of a template allows and denies, as far as that is known.

use super::{
    names::Names,
    symbol::{Answer, Shape, Symbol},
};
use crate::{
    diagnostic::Path,
    json::Json,
    template::intrinsic::{Place, call},
};

/// A statement of a policy document.
#[derive(Debug)]
pub(super) struct Statement<'a> {
    /// Where it is; empty where it is in no template.
    pub path: Path,
    pub json: &'a Json,
    pub allows: bool,
    /// `Action` or `NotAction`.
    actions: Listed,
    /// `Resource` or `NotResource`; none in a policy that needs none.
    resources: Option<Listed>,
    /// Whether it may not hold: it has a `Condition`, or is there only under one.
    pub is_conditional: bool,
}

/// A list of patterns, or of all that is not listed.
#[derive(Debug)]
struct Listed {
    patterns: Vec<Symbol>,
    except: bool,
}

impl Listed {
    fn of(json: &Json, key: &str, names: Names<'_>) -> Option<Self> {
        let negated = format!("Not{key}");
        let (except, list) = match (json.get(key), json.get(&negated)) {
            (Some(list), None) => (false, list),
            (None, Some(list)) => (true, list),
            (None, None) => return None,
            // Both are refused elsewhere.
            (Some(_), Some(_)) => return Some(Self { patterns: vec![anything(json)], except: false }),
        };
        let patterns = each(list).flat_map(|item| alternatives(item)).map(|item| names.symbol(item)).collect();
        Some(Self { patterns, except })
    }

    fn covers(&self, needed: &Symbol) -> Answer {
        self.any(|pattern| pattern.covers(needed))
    }

    fn covers_action(&self, action: &str) -> Answer {
        self.any(|pattern| is_action(pattern, action))
    }

    fn any(&self, covers: impl Fn(&Symbol) -> Answer) -> Answer {
        let covered = self.patterns.iter().map(covers).max().unwrap_or(Answer::No);
        if self.except { covered.not() } else { covered }
    }
}

/// Whether a pattern of actions covers one. IAM takes them in any case.
pub(super) fn is_action(pattern: &Symbol, action: &str) -> Answer {
    let has_wildcard = |text: &str| text.contains(['*', '?']);
    match pattern.literal() {
        Some(only) if !has_wildcard(only) && !has_wildcard(action) => Answer::from(only.eq_ignore_ascii_case(action)),
        _ => pattern.in_lower_case().covers(&Symbol::text(action.to_ascii_lowercase())),
    }
}

fn anything(json: &Json) -> Symbol {
    Symbol::hole(json.to_string(), Shape::Any)
}

/// The items of a list, or the one that stands in its place.
pub(super) fn each(json: &Json) -> impl Iterator<Item = &Json> {
    let items = json.as_array().map_or(std::slice::from_ref(json), Vec::as_slice);
    items.iter().filter(|item| !item.is_null())
}

/// What a value may be: both sides of each `Fn::If`, without what is left out.
pub(super) fn alternatives(json: &Json) -> Vec<&Json> {
    let sides = match call(json, Place::Other) {
        Some(("Fn::If", Json::Array(parts))) if parts.len() == 3 => parts,
        _ => return vec![json],
    };
    let nothing = serde_json::json!({"Ref": "AWS::NoValue"});
    sides[1..].iter().filter(|side| **side != nothing).flat_map(alternatives).collect()
}

/// The statements of a document; none where a function gives it, so that nobody knows them.
pub(super) fn statements<'a>(document: &'a Json, path: &Path, names: Names<'_>) -> Option<Vec<Statement<'a>>> {
    let list = document.as_object()?.get("Statement")?;
    let is_list = list.is_array();
    let mut found = Vec::new();
    for (number, item) in each(list).enumerate() {
        let path = path.join("Statement");
        let path = if is_list { path.join(number.to_string()) } else { path };
        let sides = alternatives(item);
        let is_certain = matches!(sides.as_slice(), [only] if std::ptr::eq(*only, item));
        for json in sides.into_iter().flat_map(each) {
            if call(json, Place::Other).is_some() || !json.is_object() {
                return None;
            }
            found.push(Statement::of(json, path.clone(), is_certain, names));
        }
    }
    Some(found)
}

impl<'a> Statement<'a> {
    fn of(json: &'a Json, path: Path, is_certain: bool, names: Names<'_>) -> Self {
        let actions = Listed::of(json, "Action", names)
            .unwrap_or_else(|| Listed { patterns: vec![anything(json)], except: false });
        Self {
            path,
            json,
            allows: json["Effect"] != "Deny",
            actions,
            resources: Listed::of(json, "Resource", names),
            is_conditional: !is_certain || !json["Condition"].is_null() || !json["Effect"].is_string(),
        }
    }

    /// Whether it speaks of an action on a resource; without one, on any of the service.
    pub fn speaks_of(&self, action: &str, resource: Option<&Symbol>) -> Answer {
        let action = self.actions.covers_action(action);
        if action == Answer::No {
            return Answer::No;
        }
        let resource = match (&self.resources, resource) {
            (None, _) => Answer::Yes,
            (Some(list), Some(resource)) => list.covers(resource),
            (Some(list), None) if list.patterns.iter().any(|pattern| pattern.literal() == Some("*")) => {
                Answer::from(!list.except)
            }
            (Some(_), None) => Answer::Unknown,
        };
        let both = action.and(resource);
        if self.is_conditional { both.perhaps() } else { both }
    }

    /// The actions and the resources as they are written, for people.
    pub fn pairs(&self) -> impl Iterator<Item = (&Symbol, Option<&Symbol>)> {
        let resources = self.resources.iter().flat_map(|list| &list.patterns).map(Some);
        let resources: Vec<_> = if self.resources.is_none() { vec![None] } else { resources.collect() };
        self.actions.patterns.iter().flat_map(move |action| resources.clone().into_iter().map(move |on| (action, on)))
    }

    /// The patterns of the resources that it lists; none where it lists what it does not mean.
    pub fn resources(&self) -> &[Symbol] {
        match &self.resources {
            Some(list) if !list.except => &list.patterns,
            _ => &[],
        }
    }

    /// Whether it lists what it does not mean.
    pub fn has_exceptions(&self) -> bool {
        self.actions.except || self.resources.as_ref().is_some_and(|list| list.except)
    }

    /// Whether it is for a service, such as `lambda.amazonaws.com`.
    pub fn is_for_service(&self, service: &str, names: Names<'_>) -> Answer {
        let principal = match (&self.json["Principal"], &self.json["NotPrincipal"]) {
            (Json::Null, Json::Null) => return Answer::Unknown,
            (Json::Null, _) => return Answer::Unknown,
            (principal, _) => principal,
        };
        if principal == "*" {
            return Answer::Yes;
        }
        if call(principal, Place::Other).is_some() || !principal.is_object() {
            return Answer::Unknown;
        }
        let everyone = each(&principal["AWS"]).any(|who| who == "*");
        let named = each(&principal["Service"]).flat_map(alternatives).map(|item| {
            let symbol = names.symbol(item);
            is_service(&symbol, service)
        });
        named.max().unwrap_or(Answer::No).or(Answer::from(everyone))
    }

    /// Whether it may be for a role: not for services alone, nor for an account, which leaves it to policies of roles.
    pub fn may_be_for_a_role(&self, names: Names<'_>) -> bool {
        let Json::Object(kinds) = &self.json["Principal"] else { return true };
        let is_account = |who: &Json| {
            let who = names.symbol(who).to_string();
            who.ends_with(":root") || who == "${AWS::AccountId}" || who.bytes().all(|letter| letter.is_ascii_digit())
        };
        kinds.iter().any(|(kind, who)| match kind.as_str() {
            "Service" => false,
            "AWS" => !each(who).flat_map(alternatives).all(is_account),
            _ => true,
        })
    }
}

/// Whether a principal is a service, which may be named with the region, or with the suffix of another partition.
pub(super) fn is_service(principal: &Symbol, service: &str) -> Answer {
    let first = service.split('.').next().unwrap_or(service);
    match principal.literal() {
        Some(text) if text == service || text == "*" => Answer::Yes,
        Some(text) => {
            let same = text.split('.').next() == Some(first) && text.contains(".amazonaws.");
            Answer::from(same && !service.strip_suffix(".amazonaws.com").is_some_and(|name| name.contains('.')))
        }
        None if principal.prefix().starts_with(&format!("{first}.")) => Answer::Yes,
        None if principal.prefix().is_empty() => Answer::Unknown,
        None => Answer::No,
    }
}

/// What some statements make of an action on a resource.
pub(super) fn decide<'s, 'a: 's>(
    statements: impl IntoIterator<Item = &'s Statement<'a>>,
    action: &str,
    resource: Option<&Symbol>,
) -> Answer {
    let (mut allowed, mut denied) = (Answer::No, Answer::No);
    for statement in statements {
        let speaks = statement.speaks_of(action, resource);
        match statement.allows {
            true => allowed = allowed.or(speaks),
            false => denied = denied.or(speaks),
        }
    }
    allowed.and(denied.not())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::template::Template;

    fn answer(statement: Json, action: &str, resource: &str) -> Answer {
        let template = Template::new(json!({}));
        let document = json!({"Statement": statement});
        let found = statements(&document, &Path::default(), Names::new(&template)).unwrap();
        decide(&found, action, Some(&Symbol::text(resource)))
    }

    #[test]
    fn statements_allow_and_deny() {
        let allow = |more: Json| {
            let mut statement = json!({"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::b/*"});
            more.as_object().into_iter().flatten().for_each(|(key, value)| statement[key] = value.clone());
            statement
        };
        let deny = json!({"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::b/secret/*"});
        let object = "arn:aws:s3:::b/x";
        for (statement, action, resource, expected) in [
            (allow(json!({})), "s3:GetObject", object, Answer::Yes),
            (allow(json!({"Action": ["S3:getobject"]})), "s3:GetObject", object, Answer::Yes),
            (allow(json!({})), "s3:PutObject", object, Answer::No),
            (allow(json!({})), "s3:GetObject", "arn:aws:s3:::c/x", Answer::No),
            (allow(json!({"Condition": {"Bool": {"a": "true"}}})), "s3:GetObject", object, Answer::Unknown),
            (allow(json!({"Resource": {"Fn::ImportValue": "x"}})), "s3:GetObject", object, Answer::Unknown),
            (json!([allow(json!({})), deny]), "s3:GetObject", "arn:aws:s3:::b/secret/x", Answer::No),
            (json!([allow(json!({})), deny]), "s3:GetObject", object, Answer::Yes),
            (json!({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}), "s3:GetObject", object, Answer::Yes),
            (json!({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}), "iam:PassRole", object, Answer::No),
            (json!({"Effect": "Allow", "Action": "*", "NotResource": object}), "s3:GetObject", object, Answer::No),
            (
                json!([{"Fn::If": ["C", allow(json!({})), {"Ref": "AWS::NoValue"}]}]),
                "s3:GetObject",
                object,
                Answer::Unknown,
            ),
        ] {
            assert_eq!(answer(statement.clone(), action, resource), expected, "{action} on {resource} by {statement}");
        }
    }

    #[test]
    fn a_service_is_named_with_and_without_the_region() {
        let lambda = "lambda.amazonaws.com";
        assert_eq!(is_service(&Symbol::text(lambda), lambda), Answer::Yes);
        assert_eq!(is_service(&Symbol::text("states.eu-west-1.amazonaws.com"), "states.amazonaws.com"), Answer::Yes);
        assert_eq!(is_service(&Symbol::text("ec2.amazonaws.com.cn"), "ec2.amazonaws.com"), Answer::Yes);
        assert_eq!(is_service(&Symbol::text("ec2.amazonaws.com"), lambda), Answer::No);
        let region = Symbol::text("states.").then(Symbol::hole("AWS::Region", Shape::Word)).with(".amazonaws.com");
        assert_eq!(is_service(&region, "states.amazonaws.com"), Answer::Yes);
        assert_eq!(is_service(&Symbol::hole("P", Shape::Any), lambda), Answer::Unknown);
    }
}
