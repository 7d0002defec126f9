//! Values that are made to break things.

use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Map, Number, Value as Json, json};

/// Numbers at the edges of what some reader takes.
pub fn number() -> impl Strategy<Value = Json> {
    const TEXTS: &[&str] = &[
        "0",
        "-0",
        "-0.0",
        "1",
        "-1",
        "1.5",
        "1e2",
        "1e-2",
        "127",
        "255",
        "256",
        "65536",
        "2147483647",
        "2147483648",
        "4294967295",
        "4294967296",
        "9007199254740991",
        "9007199254740993",
        "9223372036854775807",
        "-9223372036854775808",
        "9223372036854775808",
        "18446744073709551615",
        "18446744073709551616",
        "1e18",
        "1e19",
        "1e300",
        "1.7976931348623157e308",
        "-1.7976931348623157e308",
        "5e-324",
        "0.1",
        "99999999",
        "100000000",
        "25000",
        "31536000",
    ];
    prop_oneof![
        select(TEXTS).prop_map(|text| serde_json::from_str(text).expect("each is a number of JSON")),
        any::<i64>().prop_map(Json::from),
        any::<f64>().prop_map(|number| Number::from_f64(number).map_or(Json::Null, Json::Number)),
    ]
}

/// Texts: what readers take for something else, what looks like a part of a definition, and anything.
pub fn text() -> impl Strategy<Value = String> {
    const TEXTS: &[&str] = &[
        "$",
        "$$",
        "$.a",
        "$.a.b",
        "$.list[*]",
        "$.list[0]",
        "$..a",
        "$$.Map.Item.Value",
        "$$.Execution.Input",
        "$x",
        "$x.a",
        "{% $states.input %}",
        "{% $states.result %}",
        "{% $states.context %}",
        "{% $x %}",
        "{% 1/0 %}",
        "{% [1..100] %}",
        "{% $f := function($x){$f($x)} %}",
        "{%%}",
        "{%}",
        "{% ( %}",
        "States.Format('{}', $.a)",
        "States.UUID()",
        "States.Array(1, $)",
        "States.ALL",
        "States.TaskFailed",
        "States.Timeout",
        "2026-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "JSONata",
        "JSONPath",
        "DISTRIBUTED",
        "INLINE",
        "EXPRESS",
        "STANDARD",
        "A",
        "B",
        "M",
        "P",
        "arn:aws:states:::lambda:invoke",
        "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "arn:aws:lambda:us-east-1:123456789012:function:f",
        "arn:aws:states:us-east-1:123456789012:activity:a",
        "arn:aws:states:::dynamodb:getItem",
        "arn:aws:states:::aws-sdk:s3:listBuckets",
        "arn",
        "::::::",
        "\u{0}",
        "\u{feff}",
        "\u{202e}abc",
        "e\u{301}",
        "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}",
        "\u{10ffff}",
        "\u{ffff}",
        "İ",
        "ß",
        "__proto__",
        "constructor",
        "toString",
        "1e400",
        "NaN",
        "Infinity",
        "-0.0",
    ];
    prop_oneof![4 => select(TEXTS).prop_map(str::to_owned), 1 => crate::nasty::text(), 1 => any::<String>()]
}

/// Names of fields, of definitions and of nothing.
fn key() -> impl Strategy<Value = String> {
    prop_oneof![4 => select(FIELDS).prop_map(str::to_owned), 1 => select(&["a", "b", "list", "x.$", "a.$", ".$", ""][..]).prop_map(str::to_owned), 1 => text()]
}

pub const FIELDS: &[&str] = &[
    "And",
    "Arguments",
    "Assign",
    "BackoffRate",
    "BatchInput",
    "Branches",
    "Catch",
    "Cause",
    "CausePath",
    "Choices",
    "Comment",
    "Condition",
    "Credentials",
    "CSVDelimiter",
    "CSVHeaderLocation",
    "CSVHeaders",
    "Default",
    "End",
    "Error",
    "ErrorEquals",
    "ErrorPath",
    "ExecutionType",
    "HeartbeatSeconds",
    "HeartbeatSecondsPath",
    "InputPath",
    "InputType",
    "IntervalSeconds",
    "IsNull",
    "IsPresent",
    "ItemBatcher",
    "ItemProcessor",
    "ItemReader",
    "Items",
    "ItemSelector",
    "ItemsPath",
    "ItemsPointer",
    "Iterator",
    "JitterStrategy",
    "Label",
    "MaxAttempts",
    "MaxConcurrency",
    "MaxConcurrencyPath",
    "MaxDelaySeconds",
    "MaxInputBytesPerBatch",
    "MaxItems",
    "MaxItemsPerBatch",
    "Mode",
    "Next",
    "Not",
    "NumericEquals",
    "NumericLessThanPath",
    "Or",
    "Output",
    "OutputPath",
    "Parameters",
    "ProcessorConfig",
    "QueryLanguage",
    "ReaderConfig",
    "Resource",
    "Result",
    "ResultPath",
    "ResultSelector",
    "ResultWriter",
    "Retry",
    "Seconds",
    "SecondsPath",
    "StartAt",
    "States",
    "StringEquals",
    "StringMatches",
    "TimeoutSeconds",
    "TimeoutSecondsPath",
    "Timestamp",
    "TimestampEquals",
    "TimestampPath",
    "ToleratedFailureCount",
    "ToleratedFailurePercentage",
    "ToleratedFailurePercentagePath",
    "Transformation",
    "Type",
    "Variable",
    "Version",
    "WriterConfig",
];

/// Any JSON, with fields of definitions among its members.
pub fn json() -> impl Strategy<Value = Json> {
    let leaf =
        prop_oneof![Just(Json::Null), any::<bool>().prop_map(Json::Bool), number(), text().prop_map(Json::String)];
    leaf.prop_recursive(5, 60, 8, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Json::Array),
            vec((key(), inner), 0..6).prop_map(|members| Json::Object(members.into_iter().collect())),
        ]
    })
}

/// Inputs: any JSON, deep ones, wide ones, long ones, and such that paths of [`text`] lead somewhere.
pub fn input() -> impl Strategy<Value = Json> {
    let wrapped = |json: Json, levels: usize| {
        (0..levels).fold(json, |inner, level| if level % 2 == 0 { json!([inner]) } else { json!({"a": inner}) })
    };
    prop_oneof![
        4 => json(),
        2 => (json(), json()).prop_map(|(a, b)| json!({"a": a, "b": b, "list": [a, b, 1, "x"]})),
        1 => (json(), 0..300_usize).prop_map(move |(json, levels)| wrapped(json, levels)),
        1 => (json(), 0..2_000_usize).prop_map(|(json, count)| json!({"list": vec![json; count.min(2_000)]})),
        1 => (0..3_000_usize).prop_map(|count| (0..count).map(|i| (format!("k{i}"), json!(i))).collect::<Map<_, _>>().into()),
        1 => (262_100..262_200_usize).prop_map(|length| Json::String("x".repeat(length - 2))),
    ]
}

/// A change of a value, somewhere in it.
#[derive(Clone, Debug)]
pub enum Change {
    Delete,
    Replace(Json),
    Rename(String),
    /// Once more, under another name or at the end.
    Double(String),
    /// With the value of another place.
    Exchange(prop::sample::Index),
}

pub fn change() -> impl Strategy<Value = (prop::sample::Index, Change)> {
    let change = prop_oneof![
        2 => Just(Change::Delete),
        4 => json().prop_map(Change::Replace),
        2 => number().prop_map(Change::Replace),
        2 => text().prop_map(|text| Change::Replace(Json::String(text))),
        1 => key().prop_map(Change::Rename),
        1 => key().prop_map(Change::Double),
        1 => any::<prop::sample::Index>().prop_map(Change::Exchange),
    ];
    (any::<prop::sample::Index>(), change)
}

/// Makes a change at the place with that number, counted through the whole value.
pub fn changed(json: &Json, at: prop::sample::Index, change: &Change) -> Json {
    let places = places(json);
    let mut json = json.clone();
    let Some(pointer) = (!places.is_empty()).then(|| at.get(&places)) else { return json };
    let other = match change {
        Change::Exchange(other) => json.pointer(other.get(&places).as_str()).cloned(),
        _ => None,
    };
    let (parent, name) = pointer.rsplit_once('/').expect("a place is below the whole");
    let name = name.replace("~1", "/").replace("~0", "~");
    match json.pointer_mut(parent) {
        Some(Json::Object(members)) => match change {
            Change::Delete => drop(members.shift_remove(&name)),
            Change::Replace(value) => drop(members.insert(name, value.clone())),
            Change::Rename(new) => {
                let value = members.shift_remove(&name).unwrap_or_default();
                members.insert(new.clone(), value);
            }
            Change::Double(new) => {
                let value = members[&name].clone();
                members.insert(new.clone(), value);
            }
            Change::Exchange(_) => drop(members.insert(name, other.unwrap_or_default())),
        },
        Some(Json::Array(items)) => {
            let index: usize = name.parse().expect("it is an index");
            match change {
                Change::Delete => drop(items.remove(index)),
                Change::Replace(value) => items[index] = value.clone(),
                Change::Rename(text) => items[index] = text.as_str().into(),
                Change::Double(_) => items.push(items[index].clone()),
                Change::Exchange(_) => items[index] = other.unwrap_or_default(),
            }
        }
        _ => {}
    }
    json
}

/// Pointers to everything in a value.
fn places(json: &Json) -> Vec<String> {
    let mut found = Vec::new();
    let mut waiting = vec![(String::new(), json)];
    while let Some((pointer, json)) = waiting.pop() {
        let mut inside = |name: &str, json| {
            let pointer = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
            found.push(pointer.clone());
            waiting.push((pointer, json));
        };
        match json {
            Json::Array(items) => items.iter().enumerate().for_each(|(i, item)| inside(&i.to_string(), item)),
            Json::Object(members) => members.iter().for_each(|(name, member)| inside(name, member)),
            _ => {}
        }
    }
    found
}
