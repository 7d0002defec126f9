//! What a run is given beside its definition: context objects, files of mocks, files of items.

use std::fs;

use formwork::asl::run::{MockConfig, Status};
use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Value as Json, json};

use crate::{
    again,
    arbitrary::{change, changed, input, json, number, text},
    cases::{cases, damaged},
    diagnostic, finish, jsonata, machine,
};

#[test]
fn a_context_that_is_none_is_refused() {
    let pass = machine("JSONPath", json!({"A": {"Type": "Pass", "Parameters": {"c.$": "$$"}, "End": true}}));
    let run = |context: Json| finish(pass.run(json!({})).context(context));
    for wrong in [
        json!("x"),
        json!([]),
        json!(1),
        json!({"Execution": 5}),
        json!({"StateMachine": null}),
        json!({"Execution": []}),
    ] {
        let (code, message) = diagnostic(&run(wrong));
        assert_eq!(code, "F3005");
        assert_eq!(message, "`Execution` or `StateMachine` of the context is no object; expected objects");
    }
    for (time, shown) in
        [(json!(5), ""), (json!(""), ""), (json!("now"), "now"), (json!("2026-01-01"), "2026-01-01"), (json!(null), "")]
    {
        let message = format!(
            "`Execution.StartTime` of the context is `{shown}`; expected one such as `2026-01-01T00:00:00.000Z`"
        );
        assert_eq!(diagnostic(&run(json!({"Execution": {"StartTime": time}}))), ("F3005".to_owned(), message));
    }
    for time in ["0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999+23:59", "2026-01-01T00:00:00-23:59"] {
        assert_eq!(run(json!({"Execution": {"StartTime": time}})).status(), Status::Succeeded);
    }
    for odd in [
        json!({"Execution": {"Id": 5, "Name": [], "RoleArn": {}, "RedriveCount": "x"}}),
        json!({"StateMachine": {"Id": null, "Name": 7}}),
        json!({"Map": 1, "State": 2, "Task": 3}),
    ] {
        assert_eq!(run(odd).status(), Status::Succeeded);
    }
}

const MOCKS: &str = r#"{
    "StateMachines": {"M": {"TestCases": {"One": {"A": "Good", "B": "Bad"}, "Two": {}}}},
    "MockedResponses": {
        "Good": {"0": {"Return": {"a": 1}}, "1-3": {"Return": [1e300]}},
        "Bad": {"0-1": {"Throw": {"Error": "E", "Cause": "c"}}}
    }
}"#;

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn any_mock_configuration_is_refused_or_used(changes in vec(change(), 0..4), noise in json(), numbers in text()) {
        let mocks: Json = serde_json::from_str(MOCKS).expect("it is JSON");
        let changed = changes.iter().fold(mocks.clone(), |json, (at, change)| changed(&json, *at, change));
        let range = json!({"StateMachines": {}, "MockedResponses": {"X": {numbers: {"Return": noise.clone()}}}});
        for text in [changed.to_string(), noise.to_string(), range.to_string()] {
            let Ok(config) = MockConfig::parse(&text) else { continue };
            for name in config.machines() {
                for case in config.test_cases(name) {
                    let case = config.test_case(name, case).expect("it was checked when it was read");
                    let state = json!({"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Arguments": {"Message": "m"}});
                    finish(machine("JSONata", again("JSONata", state)).run(json!({})).test_case(case));
                }
            }
        }
    }

    #[test]
    fn a_damaged_mock_configuration_is_refused_or_used(at in any::<prop::sample::Index>(), insert in any::<String>()) {
        let _ = MockConfig::parse(&damaged(MOCKS, at, &insert));
    }

    #[test]
    fn any_context_is_refused_or_used(
        context in json(), member in json(),
        field in select(&["/Execution", "/StateMachine", "/Execution/Id", "/Execution/Name", "/Execution/StartTime", "/StateMachine/Id",
            "/StateMachine/Name", "/Execution/Input", "/Execution/RoleArn", "/Map", "/State", "/Task"][..]),
    ) {
        let names: Vec<&str> = field.split('/').skip(1).collect();
        let special = names.iter().rev().fold(member, |inner, name| json!({*name: inner}));
        let read = jsonata("$states.context").expect("it is valid");
        for context in [context.clone(), special] {
            finish(read.run(json!({})).context(context.clone()));
            let map = machine("JSONPath", json!({"M": {
                "Type": "Map", "ItemsPath": "$", "ItemSelector": {"c.$": "$$"}, "End": true,
                "ItemProcessor": {
                    "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                    "StartAt": "P", "States": {"P": {"Type": "Pass", "Parameters": {"c.$": "$$"}, "End": true}},
                },
            }}));
            finish(map.run(json!([1, 2])).context(context));
        }
    }

    #[test]
    fn any_file_of_items_is_refused_or_read(
        kind in select(&["CSV", "JSON", "JSONL", "MANIFEST", "PARQUET"][..]), bytes in vec(any::<u8>(), 0..60),
        pieces in vec(select(&["{", "}", "[", "]", "1", ",", "\n", "\r\n", "\"", "\"a\"", ":", "null", "a,b", "\u{feff}", "1e400", ";", "\t", "\\", "-", "\u{0}"][..]), 0..30),
        max in number(), pointer in text(), given in any::<bool>(), delimiter in select(&["COMMA", "PIPE", "TAB"][..]),
    ) {
        let folder = tempfile::tempdir().expect("there is a place for temporary files");
        let file = folder.path().join("items");
        let mut config = json!({"InputType": kind, "CSVDelimiter": delimiter, "ItemsPointer": pointer});
        config["CSVHeaderLocation"] = if given { "GIVEN" } else { "FIRST_ROW" }.into();
        config["CSVHeaders"] = json!(["a", "b", "a"]);
        let map = machine("JSONPath", json!({"M": {
            "Type": "Map", "End": true, "ToleratedFailurePercentage": 100,
            "ItemReader": {
                "Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "b", "Key": "k"},
                "ReaderConfig": {"InputType": kind, "CSVDelimiter": delimiter, "CSVHeaderLocation": config["CSVHeaderLocation"],
                    "CSVHeaders": config["CSVHeaders"], "ItemsPointer": pointer, "MaxItemsPath": "$"},
            },
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
                "StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}},
            },
        }}));
        for content in [bytes, pieces.concat().into_bytes()] {
            fs::write(&file, content).expect("it can be written");
            finish(map.run(max.clone()).items("M", &file));
            finish(map.run(json!(10)).items("M", &file));
        }
    }
}

proptest! {
    #![proptest_config(cases(15))]

    #[test]
    fn any_input_goes_through_states_of_all_kinds(input in input(), number in number()) {
        let paths = machine("JSONPath", json!({
            "A": {
                "Type": "Choice", "Default": "B",
                "Choices": [
                    {"And": [{"Variable": "$.a", "IsPresent": true}, {"Variable": "$.a", "NumericGreaterThan": number}], "Next": "B"},
                    {"Variable": "$", "StringMatches": "*a*b*", "Next": "B"},
                ],
            },
            "B": {"Type": "Pass", "Parameters": {
                "text.$": "States.JsonToString($)", "all.$": "States.Array($, $)", "same.$": "States.ArrayUnique(States.Array($, $, 1))",
            }, "Next": "C"},
            "C": {"Type": "Map", "ItemsPath": "$.all", "ItemProcessor": {
                "StartAt": "I", "States": {"I": {"Type": "Pass", "Parameters": {"n.$": "$$.Map.Item.Index", "v.$": "$"}, "End": true}},
            }, "End": true},
        }));
        finish(paths.run(input.clone()));
        let back = finish(jsonata("$parse($string($states.input))").expect("it is valid").run(input.clone()));
        let same = finish(jsonata("$states.input").expect("it is valid").run(input));
        if *same.status() == Status::Succeeded && *back.status() == Status::Succeeded && same.output().is_object() {
            prop_assert_eq!(same.output().as_object().map(|it| it.len()), back.output().as_object().map(|it| it.len()));
        }
    }
}

#[test]
fn a_file_that_is_none_is_told() {
    let map = machine(
        "JSONPath",
        json!({"M": {
            "Type": "Map", "End": true, "ItemReader": {"Resource": "arn:aws:states:::s3:getObject",
                "Parameters": {"Bucket": "b", "Key": "k"}},
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}},
            },
        }}),
    );
    let folder = tempfile::tempdir().expect("there is a place for temporary files");
    for file in [folder.path().to_owned(), folder.path().join("nothing"), "\u{0}".into()] {
        let (code, message) = diagnostic(&finish(map.run(json!({})).items("M", &file)));
        assert_eq!(code, "F3002");
        assert!(message.contains("cannot be read"), "{message}");
    }
}
