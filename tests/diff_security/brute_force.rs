//! Verdicts against brute force: every principal, action, resource and call of a small world is asked of both policies.

use formwork::{
    diff::security::{Direction, broadens},
    json,
    template::Template,
};
use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::Value;

/// The actions that are called: one of each kind that the patterns of `ACTIONS` tell apart.
const CALLED: [&str; 9] = [
    "sqs:SendMessage",
    "sqs:ReceiveMessage",
    "sqs:GetQueueUrl",
    "sqs:GetQueueAttributes",
    "sqs:DeleteQueue",
    "sns:Publish",
    "sns:Subscribe",
    "sts:AssumeRole",
    "ec2:RunInstances",
];

const ACTIONS: [&str; 9] = [
    "*",
    "sqs:*",
    "sqs:Get*",
    "sqs:getqueueurl",
    "sqs:SendMessage",
    "sqs:ReceiveMessage",
    "sqs:?endMessage",
    "sns:Publish",
    "s?s:*",
];

const RESOURCES: [&str; 9] = ["*", "a*", "*b", "a*b", "ab", "a?", "??", "b*a*", "?b*"];

const PRINCIPALS: [&str; 5] =
    ["*", "111111111111", "222222222222", "arn:aws:iam::111111111111:role/r", "arn:aws:iam::111111111111:role/s"];

/// Who calls: of each account one that is named, and one that is not, and one of an account that nobody names.
const CALLERS: [(&str, &str); 5] = [
    ("111111111111", "arn:aws:iam::111111111111:role/r"),
    ("111111111111", "arn:aws:iam::111111111111:role/s"),
    ("111111111111", "arn:aws:iam::111111111111:role/other"),
    ("222222222222", "arn:aws:iam::222222222222:role/other"),
    ("333333333333", "arn:aws:iam::333333333333:role/other"),
];

/// The values that `x:key` has in a call, none where it has no such key.
const VALUES: [Option<&str>; 9] =
    [None, Some("a"), Some("ab"), Some("ac"), Some("b"), Some("c"), Some("cc"), Some("a*"), Some("?")];

/// Texts of the letters of the patterns and one more, up to a length that tells all the patterns apart.
fn resources() -> Vec<String> {
    let mut all = Vec::new();
    let mut longest = vec![String::new()];
    for _ in 0..4 {
        longest = longest.iter().flat_map(|text| ["a", "b", "c"].map(|letter| format!("{text}{letter}"))).collect();
        all.extend(longest.iter().cloned());
    }
    all
}

/// Whether a text is what a pattern says, read letter by letter.
fn is_like(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern.first(), text.first()) {
        (None, None) => true,
        (Some(b'*'), _) => is_like(&pattern[1..], text) || (!text.is_empty() && is_like(pattern, &text[1..])),
        (Some(b'?'), Some(_)) => is_like(&pattern[1..], &text[1..]),
        (Some(one), Some(other)) => one == other && is_like(&pattern[1..], &text[1..]),
        _ => false,
    }
}

fn texts(json: &Value) -> Vec<&str> {
    json.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// What a statement is about: for each caller, action, resource and value whether it is one of those.
struct Table {
    allows: bool,
    callers: Vec<bool>,
    actions: Vec<bool>,
    resources: Vec<bool>,
    values: Vec<bool>,
}

impl Table {
    fn of(statement: &Value, callers: &[Option<(&str, &str)>], resources: &[String]) -> Self {
        let either = |key: &str, is: &dyn Fn(&str) -> bool| match (&statement[key], &statement[format!("Not{key}")]) {
            (Value::Null, list) => !texts(list).into_iter().any(is),
            (list, _) => texts(list).into_iter().any(is),
        };
        let who = |caller: &Option<(&str, &str)>| {
            let Some((account, arn)) = caller else { return true };
            let is = |principal: &str| principal == "*" || principal == *account || principal == *arn;
            match (&statement["Principal"], &statement["NotPrincipal"]) {
                (Value::Null, list) => !texts(&list["AWS"]).into_iter().any(is),
                (list, _) => texts(&list["AWS"]).into_iter().any(is),
            }
        };
        let like =
            |pattern: &str, text: &str| is_like(pattern.to_lowercase().as_bytes(), text.to_lowercase().as_bytes());
        Self {
            allows: statement["Effect"] == "Allow",
            callers: callers.iter().map(who).collect(),
            actions: CALLED.iter().map(|action| either("Action", &|pattern| like(pattern, action))).collect(),
            resources: resources.iter().map(|text| either("Resource", &|pattern| like(pattern, text))).collect(),
            values: VALUES.iter().map(|value| holds(&statement["Condition"], *value)).collect(),
        }
    }
}

/// Whether a condition holds for a value of its key.
fn holds(condition: &Value, value: Option<&str>) -> bool {
    condition.as_object().into_iter().flatten().all(|(operator, keys)| {
        let listed = texts(&keys["x:key"]);
        let equal = listed.iter().any(|text| value == Some(text));
        let like = listed.iter().any(|text| value.is_some_and(|value| is_like(text.as_bytes(), value.as_bytes())));
        match operator.as_str() {
            "StringEquals" => equal,
            "StringNotEquals" => !equal,
            "StringLike" => like,
            "StringNotLike" => !like,
            "StringEqualsIfExists" => value.is_none() || equal,
            "Null" => listed.contains(&if value.is_none() { "true" } else { "false" }),
            other => unreachable!("{other}"),
        }
    })
}

/// Whether the second policy allows a call that the first does not. What is allowed elsewhere too, a `Deny` takes back.
fn gains(
    old: &[Value],
    new: &[Value],
    bounds: [Option<&[Value]>; 2],
    callers: &[Option<(&str, &str)>],
    elsewhere: bool,
) -> bool {
    let resources = resources();
    let tables =
        |all: &[Value]| all.iter().map(|statement| Table::of(statement, callers, &resources)).collect::<Vec<_>>();
    let sides = [(tables(old), bounds[0].map(tables)), (tables(new), bounds[1].map(tables))];
    (0..callers.len()).any(|who| {
        (0..CALLED.len()).any(|action| {
            (0..resources.len()).any(|resource| {
                (0..VALUES.len()).any(|value| {
                    let speaks = |table: &Table| {
                        table.callers[who] && table.actions[action] && table.resources[resource] && table.values[value]
                    };
                    let some =
                        |tables: &[Table], allows| tables.iter().any(|table| table.allows == allows && speaks(table));
                    let [was, is] = [0, 1].map(|side: usize| {
                        let (statements, bound) = &sides[side];
                        let denied = some(statements, false);
                        let bound = bound.as_ref().is_none_or(|bound| some(bound, true));
                        (some(statements, true) && !denied && bound, denied)
                    });
                    (is.0 && !was.0) || (elsewhere && was.1 && !is.1)
                })
            })
        })
    })
}

fn condition() -> impl Strategy<Value = Option<Value>> {
    let one = (
        select(&["StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIfExists", "Null"][..]),
        vec(select(&["a", "ab", "b", "a*", "?"][..]), 1..3),
        any::<bool>(),
    );
    let one = one.prop_map(|(operator, values, truth)| match operator {
        "Null" => json!({operator: {"x:key": [truth.to_string()]}}),
        // `*` is a letter in what `StringEquals` asks for.
        _ => json!({operator: {"x:key": values}}),
    });
    prop_oneof![2 => Just(None), 1 => one.prop_map(Some)]
}

fn statement(for_somebody: bool) -> impl Strategy<Value = Value> {
    let parts = (
        prop_oneof![3 => Just("Allow"), 1 => Just("Deny")],
        (prop_oneof![4 => Just("Action"), 1 => Just("NotAction")], vec(select(&ACTIONS[..]), 1..3)),
        (prop_oneof![4 => Just("Resource"), 1 => Just("NotResource")], vec(select(&RESOURCES[..]), 1..3)),
        (prop_oneof![5 => Just("Principal"), 1 => Just("NotPrincipal")], vec(select(&PRINCIPALS[..]), 1..3)),
        condition(),
    );
    parts.prop_map(move |(effect, (action, actions), (resource, resources), (principal, principals), condition)| {
        let mut statement = json!({"Effect": effect, action: actions, resource: resources});
        if for_somebody {
            statement[principal] = json!({"AWS": principals});
        }
        if let Some(condition) = condition {
            statement["Condition"] = condition;
        }
        statement
    })
}

/// Two policies, the second mostly the first with a change.
fn pair(for_somebody: bool) -> impl Strategy<Value = (Vec<Value>, Vec<Value>)> {
    let all = || vec(statement(for_somebody), 0..4);
    (all(), all(), any::<proptest::sample::Index>(), 0..4).prop_map(|(old, other, at, how)| {
        let mut new = old.clone();
        match (how, new.len()) {
            (0, _) => new = other,
            (1, 1..) => _ = new.remove(at.index(new.len())),
            (2, 1..) => {
                let place = at.index(new.len());
                new[place] = other.into_iter().next().unwrap_or(new[place].clone());
            }
            _ => new.extend(other.into_iter().take(1)),
        }
        (old, new)
    })
}

/// Whether the second template is said to allow more, and to allow less.
fn verdict(old: &Value, new: &Value) -> (bool, bool) {
    let [old, new] = [old, new].map(|json| Template::parse(&json.to_string()).expect("it is a template"));
    let found = super::security(&old, &new);
    assert!(found.iter().all(|change| change.certain), "nothing here depends on the deployment: {found:#?}");
    (found.iter().any(broadens), found.iter().any(|change| change.direction == Direction::Lost))
}

fn role(statements: &[Value], bound: Option<&[Value]>) -> Value {
    let mut role = json!({"Type": "AWS::IAM::User", "Properties": {
        "Policies": [{"PolicyName": "P", "PolicyDocument": {"Statement": statements}}],
    }});
    let mut resources = json!({});
    if let Some(bound) = bound {
        role["Properties"]["PermissionsBoundary"] = json!({"Ref": "Bound"});
        resources["Bound"] =
            json!({"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": {"Statement": bound}}});
    }
    resources["User"] = role;
    json!({"Resources": resources})
}

fn bucket(statements: &[Value]) -> Value {
    json!({"Resources": {"Policy": {"Type": "AWS::S3::BucketPolicy", "Properties": {
        "Bucket": "outside", "PolicyDocument": {"Statement": statements},
    }}}})
}

fn config() -> ProptestConfig {
    let cases = std::env::var("BRUTE_FORCE_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(48);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_policy_broadens_if_and_only_if_a_call_is_allowed_that_was_not((old, new) in pair(false)) {
        let gained = gains(&old, &new, [None, None], &[None], false);
        let lost = gains(&new, &old, [None, None], &[None], false);
        prop_assert_eq!(verdict(&role(&old, None), &role(&new, None)), (gained, lost), "{:#?}", (old, new));
    }

    #[test]
    fn a_boundary_takes_back_what_it_does_not_allow((old, new) in pair(false), bounds in pair(false)) {
        let allows = |bound: Vec<Value>| bound.into_iter().filter(|statement| statement["Effect"] == "Allow").collect::<Vec<_>>();
        let (before, after) = (allows(bounds.0), allows(bounds.1));
        let sides = [Some(before.as_slice()), Some(after.as_slice())];
        let gained = gains(&old, &new, sides, &[None], false);
        let lost = gains(&new, &old, [sides[1], sides[0]], &[None], false);
        prop_assert_eq!(verdict(&role(&old, sides[0]), &role(&new, sides[1])), (gained, lost), "{:#?}", (old, new, before, after));
    }

    #[test]
    fn a_policy_of_a_resource_broadens_if_and_only_if_a_caller_gets_more((old, new) in pair(true)) {
        let callers = CALLERS.map(Some);
        let gained = gains(&old, &new, [None, None], &callers, true);
        let lost = gains(&new, &old, [None, None], &callers, true);
        prop_assert_eq!(verdict(&bucket(&old), &bucket(&new)), (gained, lost), "{:#?}", (old, new));
    }
}
