//! Faults in what a task sends and in the errors that it is ready for, each beside the same without it:
//! `asl_arguments/defects.json`.
//!
//! A case calls something with `arguments`, or retries after `errors`. What must be found stands in `expect`: severity,
//! place below the state, a part of the message, and what was meant. Nothing is found of what is `clean`.

use formwork::asl::validate;
use serde_json::{Value as Json, json};

fn found(case: &Json, given: &Json) -> Vec<(String, String, String, Option<String>)> {
    let language = case["language"].as_str().unwrap_or("JSONata");
    let call = case["call"].as_str().expect("a case names a call");
    let mut state = json!({"Type": "Task", "Resource": format!("arn:aws:states:::{call}"), "End": true});
    match (case.get("errors"), language) {
        (Some(_), _) => state["Retry"] = json!([{"ErrorEquals": given}]),
        (None, "JSONata") => state["Arguments"] = given.clone(),
        (None, _) => state["Parameters"] = given.clone(),
    }
    let definition = json!({"QueryLanguage": language, "StartAt": "A", "States": {"A": state}});
    let found = validate::definition(&definition);
    found
        .into_iter()
        .map(|fault| {
            let path = fault.path.trim_start_matches("/States/A").to_owned();
            (fault.to_string().split('[').next().unwrap_or_default().to_owned(), path, fault.message, fault.help)
        })
        .collect()
}

#[test]
fn each_defect_is_found_and_nothing_in_its_clean_twin() {
    let cases: Vec<Json> =
        serde_json::from_str(include_str!("asl_arguments/defects.json")).expect("the file is a list of cases");
    assert!(cases.len() >= 60, "{}", cases.len());
    let mut wrong = Vec::new();
    for case in &cases {
        let name = case["name"].as_str().expect("a case has a name");
        let bad = case.get("errors").unwrap_or(&case["arguments"]);
        let mut expected: Vec<&Json> = case["expect"].as_array().expect("a case expects something").iter().collect();
        assert!(!expected.is_empty(), "{name}");
        for fault in found(case, bad) {
            let (severity, path, message, help) = &fault;
            let is_it = |expected: &&Json| {
                let help_is = match (expected[3].as_str(), case["help"].as_str()) {
                    (Some(meant), _) => *help == Some(format!("did you mean `{meant}`?")),
                    (None, whole) => help.as_deref() == whole,
                };
                expected[0] == **severity
                    && expected[1] == **path
                    && message.contains(expected[2].as_str().expect("a part of the message"))
                    && help_is
            };
            match expected.iter().position(is_it) {
                Some(position) => drop(expected.remove(position)),
                None => wrong.push(format!("{name}: not expected: {fault:?}")),
            }
        }
        wrong.extend(expected.iter().map(|expected| format!("{name}: not found: {expected}")));
        wrong.extend(found(case, &case["clean"]).iter().map(|fault| format!("{name}: in the clean twin: {fault:?}")));
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}
