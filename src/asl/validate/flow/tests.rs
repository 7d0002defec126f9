//! Shapes where routes meet, and what functions give of nothing.

use super::{
    Declared,
    jsonata::STRICT,
    schema,
    shape::{Look, Shape, origin},
};
use crate::{
    asl::{
        run::Machine,
        validate::{checked, definition},
    },
    json::Json,
    json_schema,
};
use serde_json::json;

fn shape(json: &Json, from: &str) -> Shape {
    Shape::of(json, &origin(from))
}

#[test]
fn what_one_route_lacks_is_lacking_where_they_meet() {
    let (one, other) = (shape(&json!({"a": 1, "b": {"c": 2}}), "one"), shape(&json!({"a": "x", "b": {}}), "other"));
    let joined = one.join(&other);
    assert!(matches!(joined.member("a"), Look::Found(Shape::Scalar(_))));
    assert!(matches!(joined.member("d"), Look::Absent));
    let Look::Found(inner) = joined.member("b") else { panic!("both have `b`") };
    let Look::Lacking(_, lack) = inner.member("c") else { panic!("one lacks `c`") };
    assert_eq!(lack.from, origin("other"));
    assert!(matches!(joined.without_lacks().member("d"), Look::Absent));
    let Look::Found(inner) = joined.without_lacks().member("b") else { panic!("both have `b`") };
    assert!(matches!(inner.member("c"), Look::Found(_)));
    assert!(matches!(joined.opened().member("d"), Look::Found(Shape::Unknown)));
}

#[test]
fn a_join_changes_nothing_twice_and_holds_what_it_was_made_of() {
    let values = [
        json!(null),
        json!("text"),
        json!([]),
        json!([1, {"a": 1}]),
        json!({}),
        json!({"a": {"b": [1]}}),
        json!({"a": {"c": [1, 2]}, "d": null}),
    ];
    for a in &values {
        for b in &values {
            let joined = shape(a, "a").join(&shape(b, "b"));
            assert_eq!(joined.join(&shape(a, "a")), joined, "{a} {b}");
            assert_eq!(joined.join(&shape(b, "b")), joined, "{a} {b}");
        }
    }
}

#[test]
fn a_value_that_grows_without_end_is_not_known() {
    let mut grown = shape(&json!({}), "start");
    for _ in 0..100 {
        grown = Shape::closed([("inner", grown)], &origin("state"));
    }
    let mut depth = 0;
    while let Look::Found(inner) = grown.member("inner") {
        if inner == Shape::Unknown {
            break;
        }
        (grown, depth) = (inner, depth + 1);
    }
    assert!(depth < 32, "{depth}");
}

#[test]
fn a_strict_function_gives_nothing_of_nothing() {
    for (name, _) in &STRICT {
        let more = match *name {
            "contains" | "substringAfter" | "substringBefore" => ", 'x'",
            "substring" => ", 1",
            _ => "",
        };
        let output = format!("{{% ${name}($states.input.no{more}) %}}");
        let machine = json!({"QueryLanguage": "JSONata", "StartAt": "A", "States": {
            "A": {"Type": "Pass", "Output": output, "End": true},
        }});
        let outcome = Machine::new(&machine).unwrap().run(json!({})).finish();
        let outcome = outcome.to_json();
        assert!(outcome["cause"].as_str().unwrap_or_default().contains("returned nothing"), "{name}: {outcome}");
    }
}

#[test]
fn a_definition_that_cannot_be_read_has_no_flow() {
    let mut machine = json!({"StartAt": "A", "States": {
        "A": {"Type": "Pass", "Result": {"a": 1}, "Next": "B"},
        "B": {"Type": "Pass", "InputPath": "$.b", "Next": "C"},
        "C": {"Type": "Succeed"},
    }});
    let codes = |machine: &Json| definition(machine).iter().map(|fault| fault.code).collect::<Vec<_>>();
    assert_eq!(codes(&machine), ["F2101"]);
    machine["States"]["C"]["Next"] = "A".into();
    assert_eq!(codes(&machine), ["SCHEMA_VALIDATION_FAILED"]);
}

#[test]
fn a_chain_of_meeting_routes_takes_time_in_proportion() {
    let mut states = serde_json::Map::new();
    for n in 0..2_000 {
        let next = |name: &str| format!("{name}{n}");
        states.insert(
            format!("S{n}"),
            json!({"Type": "Task", "Resource": "arn:aws:states:::sns:publish",
            "Parameters": {"Message": "m"}, "ResultPath": format!("$.r{}", n % 60), "Next": next("P"),
            "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": next("Q")}]}),
        );
        let after = if n == 1_999 { "End".to_owned() } else { format!("S{}", n + 1) };
        for name in ["P", "Q"] {
            states.insert(next(name), json!({"Type": "Pass", "Assign": {"x": 1}, "Next": after}));
        }
    }
    states.insert("End".into(), json!({"Type": "Succeed"}));
    let machine = json!({"StartAt": "S0", "States": states});
    let before = std::time::Instant::now();
    assert!(definition(&machine).iter().all(|fault| !fault.code.starts_with("F210")));
    assert!(before.elapsed().as_secs() < 20, "{:?}", before.elapsed());
}

#[derive(schemars::JsonSchema)]
#[expect(dead_code, reason = "only its schema is asked for")]
struct Order {
    bean: String,
    note: Option<String>,
    buyer: Option<Buyer>,
    lines: Vec<Line>,
    kind: Kind,
    more: std::collections::BTreeMap<String, u8>,
    any: serde_json::Value,
}

#[derive(schemars::JsonSchema)]
#[expect(dead_code, reason = "only its schema is asked for")]
struct Buyer {
    name: String,
    parent: Option<Box<Buyer>>,
}

#[derive(schemars::JsonSchema)]
#[expect(dead_code, reason = "only its schema is asked for")]
struct Line {
    bags: u8,
}

#[derive(schemars::JsonSchema)]
#[expect(dead_code, reason = "only its schema is asked for")]
enum Kind {
    New,
    Again { of: String },
}

#[test]
fn a_type_says_what_is_there_and_nothing_of_what_it_collects() {
    let order = schema::shape(&json_schema::inline::<Order>(), &origin("order"));
    let look = |path: &str| {
        path.split('.').try_fold(order.clone(), |shape, name| match (name, shape) {
            ("0", Shape::Array(array)) => Some(array.item.clone()),
            (name, shape) => match shape.member(name) {
                Look::Found(shape) => Some(shape),
                Look::Lacking(..) | Look::Absent => None,
            },
        })
    };
    for there in ["bean", "note", "buyer.name", "buyer.parent.name", "lines.0.bags", "kind", "more.x", "any.x.y"] {
        assert!(look(there).is_some(), "{there}");
    }
    for absent in ["beans", "bean.x", "note.x", "buyer.nam", "lines.bags", "lines.0.bag"] {
        assert!(look(absent).is_none(), "{absent}");
    }
}

#[test]
fn what_a_type_never_has_need_not_be_asked_for() {
    let declared = Declared { input: Some(json_schema::inline::<Line>()), ..Declared::default() };
    let machine = |asks: &str| {
        json!({"QueryLanguage": "JSONata", "StartAt": "A", "States": {
            "A": {"Type": "Pass", "Output": format!("{{% $exists($states.input.{asks}) ? 1 : 2 %}}"), "End": true},
        }})
    };
    assert_eq!(checked(&machine("bags"), false, &declared), []);
    let codes =
        |asks, declared| checked(&machine(asks), false, declared).iter().map(|fault| fault.code).collect::<Vec<_>>();
    assert_eq!(codes("bag", &declared), ["F2103"]);
    assert_eq!(codes("bag", &Declared::default()), [""; 0]);
}

#[test]
fn what_only_one_branch_binds_is_not_known_behind_it() {
    let output = "{% ($states.input.a = 2 ? $x := $states.input.no : $x := 1; $x) %}";
    let machine = json!({"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Pass", "Output": {"a": 1}, "Next": "B"},
        "B": {"Type": "Pass", "Output": output, "End": true},
    }});
    assert_eq!(Machine::new(&machine).unwrap().run(json!({})).finish().to_json()["output"], 1);
    assert_eq!(definition(&machine).iter().map(|fault| fault.code).collect::<Vec<_>>(), ["F2103"]);
}

#[test]
fn a_state_that_is_not_reached_reads_nothing() {
    let fails = json!({"StartAt": "F", "States": {"F": {"Type": "Fail"}}});
    let mut machine = json!({"StartAt": "P", "States": {
        "P": {"Type": "Parallel", "Branches": [fails], "Next": "B"},
        "B": {"Type": "Pass", "InputPath": "$[0].x.y", "End": true},
    }});
    assert_eq!(definition(&machine), []);
    machine["States"]["P"]["Branches"][0]["States"]["F"] = json!({"Type": "Pass", "Result": {"x": 1}, "End": true});
    let found = definition(&machine);
    assert_eq!(found[0].message, "`B` reads `y` of `$[0].x`, which is a number; expected an object");
}
