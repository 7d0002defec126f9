//! The files beside the contract: schemas are made from the types, samples fit them, counterexamples do not.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use formwork::json_schema;
use schemars::{JsonSchema, generate::SchemaSettings};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value as Json;

use super::{Request, mocks, payloads::*};

struct Payload {
    /// Name of its files.
    name: &'static str,
    schema: fn() -> Json,
    /// Reads the type from JSON and writes it again.
    round_trip: fn(&Json) -> serde_json::Result<Json>,
}

fn payload<T: JsonSchema + Serialize + DeserializeOwned>(name: &'static str) -> Payload {
    Payload {
        name,
        schema: schema::<T>,
        round_trip: |json| serde_json::to_value(serde_json::from_value::<T>(json.clone())?),
    }
}

fn payloads() -> [Payload; 12] {
    [
        payload::<Request>("request"),
        payload::<Accepted>("accepted"),
        payload::<Repeated>("repeated"),
        payload::<GenerateReportDataEvent>("generate_report_data_event"),
        payload::<GenerateReportDataResult>("generate_report_data_result"),
        payload::<Inventory>("inventory"),
        payload::<GenerateHtmlEvent>("generate_html_event"),
        payload::<GenerateHtmlResult>("generate_html_result"),
        payload::<GeneratePresignedUrlEvent>("generate_presigned_url_event"),
        payload::<GeneratePresignedUrlResult>("generate_presigned_url_result"),
        payload::<InitializeDatabaseEvent>("initialize_database_event"),
        payload::<InitializeDatabaseAnswer>("initialize_database_answer"),
    ]
}

/// The schema of `T` as it is written: a field that may be null is there nevertheless.
pub fn schema<T: JsonSchema>() -> Json {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>().to_value()
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("stacks/coffee_report/contract").join(name)
}

/// The files of a folder, each with the payload that it is of: its name up to the first dot.
fn files(name: &str) -> Vec<(String, PathBuf)> {
    let mut files: Vec<_> = fs::read_dir(folder(name))
        .expect("the folder is checked in")
        .map(|entry| {
            let entry = entry.expect("the folder can be read");
            let file = entry.file_name().to_string_lossy().into_owned();
            (file.split('.').next().unwrap_or_default().to_owned(), entry.path())
        })
        .collect();
    files.sort();
    files
}

/// What the files of a folder say of one payload, each after its path.
fn examples(name: &str, payload: &Payload) -> Vec<(String, Json)> {
    let of_payload = files(name).into_iter().filter(|(name, _)| name == payload.name);
    of_payload
        .map(|(_, path)| {
            let text = fs::read_to_string(&path).expect("the file can be read");
            let file = path.display().to_string();
            let json = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
            (file, json)
        })
        .collect()
}

/// Asserts that a file is what is made from the types.
fn assert_generated(path: &Path, json: &Json) {
    let generated = format!("{json:#}\n");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(path, generated).expect("the file can be written");
        return;
    }
    let checked_in = fs::read_to_string(path).unwrap_or_default();
    assert!(
        checked_in == generated,
        "{} is not what the types make; to update: UPDATE=1 cargo test --bin coffee-report contract\n{generated}",
        path.display()
    );
}

#[test]
fn the_schemas_are_those_of_the_types() {
    for payload in payloads() {
        assert_generated(&folder("schemas").join(format!("{}.json", payload.name)), &(payload.schema)());
    }
}

#[test]
fn the_mock_configuration_is_made_of_the_types() {
    assert_generated(&folder("..").join("mock_config.json"), &mocks::mock_config());
}

#[test]
fn every_payload_has_samples_and_counterexamples_and_no_file_is_left_over() {
    let names: BTreeSet<_> = payloads().iter().map(|payload| payload.name.to_owned()).collect();
    for name in ["samples", "invalid"] {
        let found: BTreeSet<_> = files(name).into_iter().map(|(payload, _)| payload).collect();
        assert_eq!(found, names, "{name}");
    }
    let left_over: Vec<_> = files("schemas").into_iter().filter(|(name, _)| !names.contains(name)).collect();
    assert_eq!(left_over, [], "schemas of types that are no more");
}

#[test]
fn a_sample_is_read_and_written_again_as_it_was() {
    for payload in payloads() {
        for (file, sample) in examples("samples", &payload) {
            let written = (payload.round_trip)(&sample).unwrap_or_else(|error| panic!("{file}: {error}"));
            assert_eq!(written, sample, "{file}");
        }
    }
}

/// What serde lets pass, such as a text that is too long, is marked `"schemaOnly": true`. The handlers' tests ask the
/// schema about each.
#[test]
fn a_counterexample_is_refused_unless_it_is_left_to_the_schema() {
    for payload in payloads() {
        for (file, list) in examples("invalid", &payload) {
            for example in list.as_array().expect("a list of counterexamples") {
                let refused = (payload.round_trip)(&example["value"]).is_err();
                let why = &example["why"];
                assert_eq!(refused, example["schemaOnly"] != true, "{file}: {why}");
            }
        }
    }
}

#[test]
fn the_api_and_the_functions_have_the_same_limits() {
    let properties = |schema: Json| schema["properties"].clone();
    let request = properties(schema::<Request>());
    let model = properties(json_schema::draft_4::<Request>());
    let event = properties(schema::<GenerateHtmlEvent>());
    for field in ["title", "lowStockBelow"] {
        for limit in ["type", "maxLength", "pattern", "minimum"] {
            assert_eq!(request[field][limit], event[field][limit], "{field}");
            assert_eq!(request[field][limit], model[field][limit], "{field}");
        }
    }
}
