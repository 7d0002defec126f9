//! `ItemReader`, with a file in place of S3.

use std::{fs, io::Write};

use formwork::asl::run::{Outcome, Status};
use serde_json::{Value as Json, json};
use tempfile::NamedTempFile;

use super::{alone, failed, in_jsonata, run};

/// A distributed `Map` that hands on its items, as they are read with that configuration.
fn read_with(config: Json, content: &[u8], fields: Json, input: Json) -> Outcome {
    let mut file = NamedTempFile::new().expect("there is room for a file");
    file.write_all(content).expect("the file can be written");
    let mut state = json!({
        "Type": "Map",
        "ItemReader": {
            "Resource": "arn:aws:states:::s3:getObject",
            "ReaderConfig": config,
            "Parameters": {"Bucket": "b", "Key": "k"},
        },
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "I",
            "States": {"I": {"Type": "Pass", "End": true}},
        },
    });
    for (name, value) in fields.as_object().into_iter().flatten() {
        state[name] = value.clone();
    }
    run(alone(state), input).items("S", file.path()).finish()
}

/// A configuration, the content of the file, and the items.
#[track_caller]
fn give(config: Json, content: &str, expected: Json) {
    assert_eq!(read_with(config, content.as_bytes(), json!({}), json!({})).output(), expected);
}

#[track_caller]
fn refuse(config: Json, content: &str, cause: &str) {
    failed(&read_with(config, content.as_bytes(), json!({}), json!({})), "States.ItemReaderFailed", cause);
}

#[test]
fn a_json_array_has_an_item_an_element() {
    give(json!({"InputType": "JSON"}), r#"[1, {"a": 2}]"#, json!([1, {"a": 2}]));
    give(json!({"InputType": "JSON"}), "[]", json!([]));
    give(json!({"InputType": "JSON", "MaxItems": 2}), "[1, 2, 3]", json!([1, 2]));
    give(json!({"InputType": "JSON", "MaxItems": 0}), "[1, 2, 3]", json!([1, 2, 3]));
}

#[test]
fn a_json_object_has_an_item_a_member() {
    // Measured.
    give(
        json!({"InputType": "JSON"}),
        r#"{"a": {"x": 1}, "b": 2}"#,
        json!([{"Key": "a", "Value": {"x": 1}}, {"Key": "b", "Value": 2}]),
    );
}

#[test]
fn the_selector_sees_the_key_of_a_member() {
    let fields = json!({"ItemSelector": {"k.$": "$$.Map.Item.Key", "v.$": "$$.Map.Item.Value"}});
    let outcome = read_with(json!({"InputType": "JSON"}), br#"{"a": 1}"#, fields, json!({}));
    assert_eq!(outcome.output(), json!([{"k": "a", "v": 1}]));
}

#[test]
fn a_pointer_leads_to_the_items() {
    give(json!({"InputType": "JSON", "ItemsPointer": "/a/b"}), r#"{"a": {"b": [1, 2]}}"#, json!([1, 2]));
    refuse(
        json!({"InputType": "JSON", "ItemsPointer": "/a/c"}),
        r#"{"a": {"b": [1, 2]}}"#,
        "The provided ReaderConfig.ItemsPointer does not match any valid path in the JSON structure.",
    );
    refuse(json!({"InputType": "JSON"}), "5", "Attempting to map over non-iterable node.");
}

#[test]
fn json_lines_have_an_item_a_line() {
    give(json!({"InputType": "JSONL"}), "{\"a\": 1}\n\n2\r\n[3]", json!([{"a": 1}, 2, [3]]));
    give(json!({"InputType": "JSONL", "MaxItems": 1}), "1\n2\n", json!([1]));
}

#[test]
fn a_csv_row_is_an_object_of_strings() {
    let first = json!({"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"});
    give(first.clone(), "a,b\n1,x y\n2,\n", json!([{"a": "1", "b": "x y"}, {"a": "2", "b": ""}]));
    // A row that is too short has empty strings, one that is too long loses the rest.
    give(first.clone(), "a,b\n1\n1,2,3\n", json!([{"a": "1", "b": ""}, {"a": "1", "b": "2"}]));
    give(first.clone(), "a,b\r\n\"x, \"\"y\"\"\",\"two\nlines\"\r\n", json!([{"a": "x, \"y\"", "b": "two\nlines"}]));
    give(first.clone(), "\u{feff}a\n1\n", json!([{"a": "1"}]));
    give(first.clone(), "a\n", json!([]));
    give(first, "", json!([]));
}

#[test]
fn the_header_of_a_csv_may_be_given() {
    let given = json!({"InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": ["x", "y"]});
    give(given, "a,b\n1,2\n", json!([{"x": "a", "y": "b"}, {"x": "1", "y": "2"}]));
    let limited = json!({"InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": ["x"], "MaxItems": 1});
    give(limited, "a\nb\n", json!([{"x": "a"}]));
}

#[test]
fn csv_has_five_delimiters() {
    for (name, letter) in [("COMMA", ","), ("PIPE", "|"), ("SEMICOLON", ";"), ("SPACE", " "), ("TAB", "\t")] {
        let config = json!({"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW", "CSVDelimiter": name});
        give(config, &format!("a{letter}b\n1{letter}2\n"), json!([{"a": "1", "b": "2"}]));
    }
}

#[test]
fn a_backslash_escapes_in_csv() {
    let config = json!({"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"});
    give(config.clone(), "a,b\n\"x\\\"y\",2\n", json!([{"a": "x\"y", "b": "2"}]));
    give(config.clone(), "a,b\nx\\,y,2\n", json!([{"a": "x,y", "b": "2"}]));
    give(config.clone(), "a,b\nx\\\\y,2\n", json!([{"a": "x\\y", "b": "2"}]));
    give(config, "a,b\nx\\ny,2\n", json!([{"a": "xny", "b": "2"}]));
}

#[test]
fn max_items_may_come_from_the_input() {
    let config = json!({"InputType": "JSON", "MaxItemsPath": "$.n"});
    for (most, expected) in [(1, json!([1])), (0, json!([1, 2])), (9, json!([1, 2]))] {
        assert_eq!(read_with(config.clone(), b"[1, 2]", json!({}), json!({"n": most})).output(), expected);
    }
    let outcome = read_with(config, b"[1]", json!({}), json!({"n": -1}));
    failed(&outcome, "States.ItemReaderFailed", "field MaxItems must be positive");
}

#[test]
fn the_selector_sees_the_input_and_the_item() {
    let fields = json!({"ItemSelector": {"v.$": "$$.Map.Item.Value", "n.$": "$$.Map.Item.Index", "k.$": "$.k"}});
    let outcome = read_with(json!({"InputType": "JSONL"}), b"1\n2\n", fields, json!({"k": "all"}));
    assert_eq!(outcome.output(), json!([{"v": 1, "n": 0, "k": "all"}, {"v": 2, "n": 1, "k": "all"}]));
}

#[test]
fn an_items_path_counts_for_nothing_beside_a_reader() {
    let outcome = read_with(json!({"InputType": "JSON"}), b"[1]", json!({"ItemsPath": "$.no"}), json!({}));
    assert_eq!(outcome.output(), json!([1]));
}

#[test]
fn an_object_list_is_a_json_file_of_its_objects() {
    let content =
        json!([{"Etag": "\"e\"", "Key": "k", "LastModified": 1.789180622E9, "Size": 2, "StorageClass": "STANDARD"}]);
    let file = NamedTempFile::new().expect("there is room for a file");
    fs::write(file.path(), content.to_string()).expect("the file can be written");
    let state = in_jsonata(json!({
        "Type": "Map",
        "ItemReader": {"Resource": "arn:aws:states:::s3:listObjectsV2", "Arguments": {"Bucket": "{% $states.input.b %}"}},
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
            "StartAt": "I",
            "States": {"I": {"Type": "Pass", "End": true}},
        },
    }));
    let outcome = run(alone(state.clone()), json!({"b": "bucket"})).items("S", file.path()).finish();
    assert_eq!(outcome.output(), content);
    let outcome = run(alone(state), json!({})).items("S", file.path()).finish();
    failed(
        &outcome,
        "States.QueryEvaluationError",
        "An error occurred while executing the state 'S' (entered at the event id #2). The JSONata expression \
         '$states.input.b' specified for the field 'ItemReader/Arguments/Bucket' returned nothing (undefined).",
    );
}

#[test]
fn a_file_that_is_not_what_it_should_be_fails_the_reader() {
    for (kind, content) in [("JSON", "[1,"), ("JSONL", "{\"a\": 1}\n{")] {
        let outcome = read_with(json!({"InputType": kind}), content.as_bytes(), json!({}), json!({}));
        assert_eq!(outcome.error(), Some("States.ItemReaderFailed"), "{kind}");
    }
    let catch = json!({"Catch": [{"ErrorEquals": ["States.ItemReaderFailed"], "Next": "N"}]});
    let outcome = read_with(json!({"InputType": "JSON"}), b"{", catch, json!({}));
    assert_eq!((*outcome.status(), &outcome.output()["Error"]), (Status::Succeeded, &json!("States.ItemReaderFailed")));
}

#[test]
fn it_is_the_run_that_reads() {
    let outcome = read_with(json!({"InputType": "JSON"}), b"5", json!({}), json!({}));
    assert_eq!(
        super::chain(&outcome),
        "ExecutionStarted(0) MapStateEntered(0) MapStateStarted(2) MapRunStarted(3) MapRunFailed(4) MapStateFailed(5) \
         ExecutionFailed(6)"
    );
    assert_eq!(super::details(&outcome, "MapStateStarted"), [json!({"length": 0})]);
}

#[test]
fn a_reader_without_a_file_is_a_diagnostic() {
    let state = json!({
        "Type": "Map",
        "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "JSON"}, "Parameters": {"Bucket": "b", "Key": "k"}},
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "I",
            "States": {"I": {"Type": "Pass", "End": true}},
        },
    });
    let outcome = run(alone(state.clone()), json!({})).finish();
    assert_eq!(outcome.status(), Status::Aborted);
    assert_eq!(
        outcome.diagnostics()[0].to_string(),
        "error[F3002]: `S` has an `ItemReader` and no items; expected a file that stands in for it\n  \
         at   /States/S/ItemReader\n  \
         help give it one: `.items(\"S\", …)` in a test, `--items S=FILE` on the command line"
    );
    let outcome = run(alone(state), json!({})).items("S", "/no/such/file").finish();
    assert_eq!((*outcome.status(), outcome.diagnostics()[0].code), (Status::Aborted, "F3002"));
}

#[test]
fn rows_stand_in_for_parquet_and_for_what_a_manifest_names() {
    let rows = json!([{"Key": "a.csv", "Size": "5"}, {"Key": "b.csv", "Size": "7"}]);
    for kind in ["PARQUET", "MANIFEST"] {
        give(json!({"InputType": kind}), "Key,Size\na.csv,5\nb.csv,7\n", rows.clone());
        let lines = "\n{\"Key\": \"a.csv\", \"Size\": \"5\"}\n{\"Key\": \"b.csv\", \"Size\": \"7\"}\n";
        give(json!({"InputType": kind}), lines, rows.clone());
        give(json!({"InputType": kind, "MaxItems": 1}), lines, json!([rows[0]]));
        let outcome = read_with(json!({"InputType": kind}), b"PAR1\x15\x04", json!({}), json!({}));
        assert_eq!(
            outcome.diagnostics()[0].message,
            "the file of items is Parquet; expected its rows as JSON lines or CSV, which stand in for it"
        );
    }
}
