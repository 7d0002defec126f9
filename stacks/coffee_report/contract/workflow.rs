//! The stack against the contract: what the workflow hands to each function and reads of its result, and the
//! properties of the custom resource.

use std::collections::{BTreeMap, BTreeSet};

use formwork::template::Template;
use schemars::JsonSchema;
use serde_json::{Value as Json, json};

use super::{Request, payloads::*, tests::schema};

fn template() -> Template {
    crate::coffee_report::stack().template()
}

/// What a function takes and returns.
struct Function {
    event: Json,
    result: Json,
}

/// By the token that stands for the function in the definition.
fn functions() -> BTreeMap<&'static str, Function> {
    fn function<E: JsonSchema, R: JsonSchema>() -> Function {
        Function { event: schema::<E>(), result: schema::<R>() }
    }
    BTreeMap::from([
        ("${GenerateReportDataArn}", function::<GenerateReportDataEvent, GenerateReportDataResult>()),
        ("${GenerateHtmlArn}", function::<GenerateHtmlEvent, GenerateHtmlResult>()),
        ("${GeneratePresignedUrlArn}", function::<GeneratePresignedUrlEvent, GeneratePresignedUrlResult>()),
    ])
}

fn keys(object: &Json) -> BTreeSet<&str> {
    object.as_object().into_iter().flat_map(|object| object.keys().map(String::as_str)).collect()
}

fn required(schema: &Json) -> BTreeSet<&str> {
    schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str).collect()
}

/// Every state, however deep.
fn states<'a>(machine: &'a Json, found: &mut BTreeMap<&'a str, &'a Json>) {
    for (name, state) in machine["States"].as_object().into_iter().flatten() {
        found.insert(name, state);
        state["Branches"].as_array().into_iter().flatten().for_each(|branch| states(branch, found));
        states(&state["ItemProcessor"], found);
    }
}

/// The fields that expressions anywhere in `json` read below `path`: `url` of `$states.result.Payload.url`.
fn fields_read<'a>(json: &'a Json, path: &str, found: &mut BTreeSet<&'a str>) {
    match json {
        Json::String(text) if text.starts_with("{%") => found.extend(
            text.split(path)
                .skip(1)
                .filter_map(|rest| rest.strip_prefix('.'))
                .map(|rest| rest.split(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default()),
        ),
        Json::Array(items) => items.iter().for_each(|item| fields_read(item, path, found)),
        Json::Object(fields) => fields.values().for_each(|field| fields_read(field, path, found)),
        _ => {}
    }
}

fn assert_known(json: &Json, path: &str, schema: &Json, place: &str) -> usize {
    let mut read = BTreeSet::new();
    fields_read(json, path, &mut read);
    let known = keys(&schema["properties"]);
    assert!(read.is_subset(&known), "{place} reads {path} of {read:?}, which has {known:?}");
    read.len()
}

fn definition(template: &Template) -> &Json {
    &template.as_json()["Resources"]["ReportStateMachine"]["Properties"]["Definition"]
}

#[test]
fn each_function_is_called_with_exactly_what_it_takes() {
    let (template, functions) = (template(), functions());
    let mut all = BTreeMap::new();
    states(definition(&template), &mut all);
    let mut called = BTreeSet::new();
    for (name, state) in all {
        let Some(function) = state["Arguments"]["FunctionName"].as_str() else { continue };
        let contract = functions.get(function).unwrap_or_else(|| panic!("{name}: {function} has no contract"));
        assert_eq!(keys(&state["Arguments"]["Payload"]), keys(&contract.event["properties"]), "{name}");
        assert!(required(&contract.event).is_subset(&keys(&state["Arguments"]["Payload"])), "{name}");
        called.insert(function);
    }
    assert_eq!(called, functions.keys().copied().collect());
}

#[test]
fn what_the_workflow_reads_is_there() {
    let (template, functions) = (template(), functions());
    let mut all = BTreeMap::new();
    states(definition(&template), &mut all);
    let mut count = 0;
    for (name, state) in &all {
        if let Some(function) = state["Arguments"]["FunctionName"].as_str() {
            count += assert_known(state, "$states.result.Payload", &functions[function].result, name);
        }
    }
    // The input is the request in the first state and the link in the one that mails it.
    count += assert_known(all["GetReportData"], "$states.input", &schema::<Request>(), "GetReportData");
    let link = schema::<GeneratePresignedUrlResult>();
    count += assert_known(all["PublishReport"], "$states.input", &link, "PublishReport");
    assert_eq!(count, 5, "key; title and lowStockBelow; url and expiresAt");
}

#[test]
fn a_field_is_found_wherever_an_expression_reads_it() {
    let json = json!({"a": ["{% $r.one & $r.two.three & $r %}", "$r.text"], "b": {"c": "{% $x($r.four) %}"}});
    let mut found = BTreeSet::new();
    fields_read(&json, "$r", &mut found);
    assert_eq!(found, BTreeSet::from(["one", "two", "four"]));
}

#[test]
fn the_custom_resource_has_exactly_the_properties_that_its_function_takes() {
    let template = template();
    let properties = &template.as_json()["Resources"]["DatabaseTables"]["Properties"];
    let schema = schema::<InitializeDatabaseProperties>();
    assert_eq!(keys(properties), keys(&schema["properties"]));
    assert_eq!(keys(properties), required(&schema));
}
