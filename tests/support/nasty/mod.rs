//! Templates made to break a YAML writer: every string that some reader takes for something else, in every place.

mod text;

use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Map, Value as Json, json};

pub use text::text;

fn key() -> impl Strategy<Value = String> {
    let long =
        (select(&["k", "k ", "ü", "'", "k\n"][..]), 100..1100_usize).prop_map(|(part, times)| part.repeat(times));
    prop_oneof![8 => "[A-Z][a-z]{0,3}", 8 => text(), 1 => long]
}

fn leaf() -> impl Strategy<Value = Json> {
    let floats = prop_oneof![
        any::<f64>().prop_filter("JSON has no such number", |value| value.is_finite()),
        select(&[0.0, -0.0, 0.5, 1e21, 1e-7, 1.5e300, 5e-324, 100.0][..]),
    ];
    prop_oneof![
        1 => Just(Json::Null),
        1 => any::<bool>().prop_map(Json::from),
        1 => any::<i64>().prop_map(Json::from),
        1 => any::<u64>().prop_map(Json::from),
        1 => (-20..100_i64).prop_map(Json::from),
        1 => floats.prop_map(Json::from),
        8 => text().prop_map(Json::from),
        1 => Just(json!({})),
        1 => Just(json!([])),
        2 => text().prop_map(|name| json!({"Ref": name})),
        1 => text().prop_map(|text| json!({"Fn::Sub": text})),
        1 => text().prop_map(|name| json!({"Condition": name})),
        1 => (text(), text()).prop_map(|(a, b)| json!({"Fn::GetAtt": [a, b]})),
    ]
}

const FUNCTIONS: &[&str] = &[
    "Ref",
    "Condition",
    "Fn::And",
    "Fn::Base64",
    "Fn::Cidr",
    "Fn::Equals",
    "Fn::FindInMap",
    "Fn::GetAZs",
    "Fn::GetAtt",
    "Fn::If",
    "Fn::ImportValue",
    "Fn::Join",
    "Fn::Length",
    "Fn::Not",
    "Fn::Or",
    "Fn::Select",
    "Fn::Split",
    "Fn::Sub",
    "Fn::ToJsonString",
    "Fn::Transform",
    "Fn::Unknown",
    "Fn::ForEach::A",
];

fn map(value: impl Strategy<Value = Json>, size: std::ops::Range<usize>) -> impl Strategy<Value = Map<String, Json>> {
    vec((key(), value), size).prop_map(Map::from_iter)
}

fn value() -> impl Strategy<Value = Json> {
    leaf().prop_recursive(5, 40, 4, |inner| {
        prop_oneof![
            3 => map(inner.clone(), 0..5).prop_map(Json::from),
            2 => vec(inner.clone(), 0..5).prop_map(Json::from),
            2 => (select(FUNCTIONS), inner.clone()).prop_map(|(name, argument)| json!({name: argument})),
            3 => (select(FUNCTIONS), vec(inner, 0..4)).prop_map(|(name, list)| json!({name: list})),
        ]
    })
}

/// Any template: its root is a map, and it may have the sections in which names mean something else.
pub fn template() -> impl Strategy<Value = Json> {
    (map(value(), 0..4), map(value(), 0..4), map(value(), 0..4)).prop_map(|(mut root, conditions, resources)| {
        root.insert("Conditions".to_owned(), conditions.into());
        root.insert("Resources".to_owned(), resources.into());
        root.into()
    })
}
