//! Templates that are changed as trees, for as long as is given: each is checked, and soon.
//!
//! `HOSTILE_SECONDS` says for how long, `HOSTILE_SEED` from where; both together tell what failed.

use std::{
    env, fs,
    panic::{self, AssertUnwindSafe},
    path::Path,
    time::{Duration, Instant},
};

use formwork::{
    check::{self, permission},
    diff::diff,
    graph::{Graph, pictures},
    template::{Document, Template},
};
use proptest::{
    prelude::Rng,
    test_runner::{RngAlgorithm, TestRng},
};
use serde_json::{Value as Json, json};

/// What an unoptimized build may take for one template, on a machine that has other things to do.
const SOON: Duration = Duration::from_secs(20);

/// A source of numbers that is the same for the same seed.
struct Random(TestRng);

impl Random {
    fn new(seed: u64) -> Self {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        Self(TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
    }

    fn below(&mut self, end: usize) -> usize {
        (self.0.next_u64() % end.max(1) as u64) as usize
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// The templates that are changed: an application, one that has something of everything, and the seeded defects.
fn seeds() -> Vec<Json> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let read = |file: &str| {
        let text = fs::read_to_string(tests.join(file)).expect("the file is checked in");
        Document::yaml(&text).expect("the file is YAML").as_json().clone()
    };
    let mut seeds = vec![read("permission/application.yaml"), read("check_hostile/template.yaml")];
    for file in ["defects/between.yaml", "defects/properties.yaml", "defects/references.yaml"] {
        let classes = read(file);
        let cases =
            classes.as_object().into_iter().flatten().flat_map(|(_, cases)| cases.as_array().into_iter().flatten());
        seeds.extend(cases.flat_map(|case| [&case["bad"], &case["good"]]).map(|given| match given.get("Resources") {
            Some(_) => given.clone(),
            None => json!({"Resources": {"R": given}}),
        }));
    }
    seeds
}

/// What is put in the place of a value: each kind of JSON and of function, sound and not.
fn parts() -> Vec<Json> {
    let deep = (0..60).fold(json!({"Ref": "A"}), |inner, _| json!({"Fn::If": ["C", inner, {"Ref": "AWS::NoValue"}]}));
    let wide = (0..300).map(|_| json!({"Ref": "R"})).collect::<Vec<_>>();
    vec![
        json!(null),
        json!(true),
        json!(-1),
        json!(1e300),
        json!(u64::MAX),
        json!(""),
        json!("*"),
        json!("\u{0}\u{1b}\u{202e}\u{1f600}"),
        json!("arn:aws:s3:::${A}/*"),
        json!("10.0.0.0/33"),
        json!("cron(* * * * ? *)"),
        json!("{% $states.input.a[ %}"),
        json!("{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Pass\",\"Next\":\"A\"}}}"),
        json!("x".repeat(10_000)),
        json!([]),
        json!([[[[]]]]),
        json!({}),
        json!({"Ref": "R"}),
        json!({"Ref": ["R"]}),
        json!({"Fn::GetAtt": "R.Arn.Arn"}),
        json!({"Fn::GetAtt": ["R", {"Ref": "R"}]}),
        json!({"Fn::Sub": "${R}${R.Arn}${!R}${"}),
        json!({"Fn::Sub": ["${a}", {"a": {"Fn::Sub": ["${a}", {}]}}]}),
        json!({"Fn::Join": ["", ["a", {"Ref": "R"}, 1, null]]}),
        json!({"Fn::Join": [",", {"Ref": "R"}]}),
        json!({"Fn::If": ["C", "a"]}),
        json!({"Fn::FindInMap": ["M", "a", "b", {"DefaultValue": 1}]}),
        json!({"Fn::Select": [99, {"Fn::Split": ["", ""]}]}),
        json!({"Fn::Split": ["", {"Ref": "R"}]}),
        json!({"Fn::Transform": {"Name": "AWS::Include"}}),
        json!({"Fn::ForEach::L": ["X", ["a", "b"], {"${X}": {"Type": "AWS::SNS::Topic"}}]}),
        json!({"Fn::Cidr": ["10.0.0.0/16", 300, 99]}),
        json!({"Statement": {"Effect": "Allow", "Action": "*", "Resource": {"Fn::If": ["C", "*", "a"]}}}),
        deep,
        wide.into(),
    ]
}

/// Makes one change somewhere: something is left out, replaced, put twice, renamed, or what stands elsewhere.
fn change(json: &mut Json, random: &mut Random, parts: &[Json]) {
    let elsewhere = somewhere(json, random).clone();
    let around = somewhere(json, random);
    match around {
        Json::Object(members) if !members.is_empty() => {
            let keys: Vec<String> = members.keys().cloned().collect();
            let (key, other) = (random.of(&keys).clone(), random.of(&keys).clone());
            match random.below(6) {
                0 => drop(members.shift_remove(&key)),
                1 => drop(members.insert(key, random.of(parts).clone())),
                2 => drop(members.insert(key, elsewhere)),
                3 => drop(members.insert(format!("{key}2"), elsewhere)),
                4 => {
                    let value = members.shift_remove(&key).unwrap_or_default();
                    members.insert(
                        ["Fn::Sub", "Ref", "Fn::If", "Condition", "Type", &other][random.below(6)].into(),
                        value,
                    );
                }
                _ => {
                    let value = members[&key].clone();
                    members.insert(other, value);
                }
            }
        }
        Json::Array(items) if !items.is_empty() => {
            let at = random.below(items.len());
            match random.below(4) {
                0 => drop(items.remove(at)),
                1 => items[at] = random.of(parts).clone(),
                2 => items[at] = elsewhere,
                _ => items.push(items[at].clone()),
            }
        }
        leaf => *leaf = random.of(parts).clone(),
    }
}

/// A value anywhere in another.
fn somewhere<'a>(json: &'a mut Json, random: &mut Random) -> &'a mut Json {
    let mut at = json;
    loop {
        let length = match at {
            Json::Object(members) => members.len(),
            Json::Array(items) => items.len(),
            _ => 0,
        };
        if length == 0 || random.below(5) == 0 {
            return at;
        }
        let step = random.below(length);
        at = match at {
            Json::Object(members) => members.values_mut().nth(step).expect("it has so many"),
            Json::Array(items) => &mut items[step],
            leaf => return leaf,
        };
    }
}

/// Whatever can be done with a template from anywhere, and with what it was before.
fn exercise(before: &Template, text: &str) {
    let Ok(template) = Template::parse(text) else { return };
    let found = check::all(&template);
    assert_eq!(found, check::all(&template), "the same is found again");
    drop(permission::report(&template));
    drop(permission::deploy_policy(&template));
    let again = Template::parse(&template.to_yaml()).expect("what is written can be read");
    assert_eq!(again.as_json(), template.as_json(), "what is written reads back");
    assert!(diff(&template, &again).is_empty(), "what is written means the same");
    let [there, back] = [diff(before, &template), diff(&template, before)];
    assert_eq!(there.is_empty(), back.is_empty(), "what differs differs the other way around");
    for old in [None, Some(before)] {
        for (_, graph) in pictures("changed", old, &template) {
            assert!(graph.svg().ends_with("</svg>\n") && !graph.mermaid().is_empty() && !graph.dot().is_empty());
        }
    }
    drop(Graph::of_resources("changed", &template, true).svg());
}

#[test]
fn a_template_that_is_changed_anywhere_is_checked() {
    let number = |name: &str| env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seconds = number("HOSTILE_SECONDS").unwrap_or(5);
    let first = number("HOSTILE_SEED").unwrap_or(2026);
    let (seeds, parts) = (seeds(), parts());
    let end = Instant::now() + Duration::from_secs(seconds);
    let mut count = 0;
    while Instant::now() < end {
        let seed = first.wrapping_add(count);
        let mut random = Random::new(seed);
        let mut template = random.of(&seeds).clone();
        let before = Template::parse(&template.to_string()).expect("it is a template before it is changed");
        for _ in 0..=random.below(6) {
            change(&mut template, &mut random, &parts);
        }
        let text = template.to_string();
        let begin = Instant::now();
        let outcome = panic::catch_unwind(AssertUnwindSafe(|| exercise(&before, &text)));
        assert!(outcome.is_ok() && begin.elapsed() < SOON, "HOSTILE_SEED={seed}, {:?}: {text}", begin.elapsed());
        count += 1;
    }
    println!("{count} templates from seed {first}");
    assert!(count > 0);
}
