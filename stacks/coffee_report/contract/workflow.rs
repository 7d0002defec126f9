//! The stack against the contract: what the workflow hands to each function, and the properties of the custom resource.
//! What it reads of their results is held against their types by the workflow itself.

use std::collections::{BTreeMap, BTreeSet};

use formwork::template::Template;
use serde_json::Value as Json;

use super::{payloads::*, tests::schema};

fn template() -> Template {
    crate::coffee_report::stack().template()
}

/// What each function takes, by the token that stands for it in the definition.
fn events() -> BTreeMap<&'static str, Json> {
    BTreeMap::from([
        ("${GenerateReportDataArn}", schema::<GenerateReportDataEvent>()),
        ("${GenerateHtmlArn}", schema::<GenerateHtmlEvent>()),
        ("${GeneratePresignedUrlArn}", schema::<GeneratePresignedUrlEvent>()),
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

fn definition(template: &Template) -> &Json {
    &template.as_json()["Resources"]["ReportStateMachine"]["Properties"]["Definition"]
}

#[test]
fn each_function_is_called_with_exactly_what_it_takes() {
    let (template, events) = (template(), events());
    let mut all = BTreeMap::new();
    states(definition(&template), &mut all);
    let mut called = BTreeSet::new();
    for (name, state) in all {
        let Some(function) = state["Arguments"]["FunctionName"].as_str() else { continue };
        let event = events.get(function).unwrap_or_else(|| panic!("{name}: {function} has no contract"));
        assert_eq!(keys(&state["Arguments"]["Payload"]), keys(&event["properties"]), "{name}");
        assert!(required(event).is_subset(&keys(&state["Arguments"]["Payload"])), "{name}");
        called.insert(function);
    }
    assert_eq!(called, events.keys().copied().collect());
}

#[test]
fn the_custom_resource_has_exactly_the_properties_that_its_function_takes() {
    let template = template();
    let properties = &template.as_json()["Resources"]["DatabaseTables"]["Properties"];
    let schema = schema::<InitializeDatabaseProperties>();
    assert_eq!(keys(properties), keys(&schema["properties"]));
    assert!(required(&schema).is_subset(&keys(properties)));
}
