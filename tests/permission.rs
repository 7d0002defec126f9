//! Permissions: an application that lacks none, edits of it that each break one, and what the report says.

use std::fs;

use formwork::{check, diagnostic::Severity, json, template::Template, value::Json};

fn read(name: &str) -> Json {
    let path = format!("{}/tests/permission/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(path).expect("the file is there");
    Template::parse(&text).expect("it is a template").as_json().clone()
}

/// What is wrong with the permissions of a template: the code and the path of each.
fn found(template: &Json) -> Vec<String> {
    let template = Template::parse(&template.to_string()).expect("an edit leaves a template");
    let mut found: Vec<String> = check::all(&template)
        .iter()
        .filter(|fault| {
            fault.code.starts_with("F50") || fault.code.starts_with("E35") || fault.severity == Severity::Error
        })
        .map(|fault| format!("{} {}", fault.code, fault.path))
        .collect();
    found.sort();
    found
}

/// Puts a value at a JSON pointer, or takes it away where there is none.
fn edit(template: &mut Json, pointer: &str, value: Option<&Json>) {
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer has a slash");
    let key = key.replace("~1", "/").replace("~0", "~");
    let position = || key.parse::<usize>().expect("a position of a list");
    match (template.pointer_mut(parent), value) {
        (Some(Json::Object(members)), Some(value)) => drop(members.insert(key, value.clone())),
        (Some(Json::Object(members)), None) => assert!(members.shift_remove(&key).is_some(), "there is no {pointer}"),
        (Some(Json::Array(items)), Some(value)) if key == "-" => items.push(value.clone()),
        (Some(Json::Array(items)), Some(value)) => items[position()] = value.clone(),
        (Some(Json::Array(items)), None) => drop(items.remove(position())),
        _ => assert!(pointer.is_empty(), "nothing can be put at {pointer}"),
    }
}

#[test]
fn the_application_lacks_nothing() {
    assert_eq!(found(&read("application.yaml")), [""; 0]);
}

#[test]
fn each_edit_is_found_or_is_none() {
    let application = read("application.yaml");
    let edits = read("edits.yaml");
    let edits = edits.as_object().unwrap();
    let (mut broken, mut same, mut wrong) = (0, 0, Vec::new());
    for (name, each) in edits {
        let mut template = application.clone();
        for (pointer, value) in each["edit"].as_object().unwrap() {
            edit(&mut template, &format!("/Resources/{pointer}"), Some(value).filter(|value| !value.is_null()));
        }
        let expected: Vec<String> = match &each["finds"] {
            Json::Array(all) => all.iter().map(|one| one.as_str().unwrap().to_owned()).collect(),
            one => one.as_str().map(str::to_owned).into_iter().collect(),
        };
        let mut expected: Vec<String> = expected.iter().map(|fault| fault.replacen(' ', " Resources/", 1)).collect();
        expected.sort();
        if expected.is_empty() {
            same += 1
        } else {
            broken += 1
        }
        let found = found(&template);
        if found != expected {
            wrong.push(format!("{name}: found {found:#?}, expected {expected:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(broken >= 40 && same >= 15, "{broken} defects, {same} that say the same otherwise");
}

#[test]
fn the_report_is_a_table() {
    let mut application = read("application.yaml");
    // One of each: missing, unknown, in excess.
    edit(
        &mut application,
        "/Resources/WorkRole/Properties/Policies/0/PolicyDocument/Statement/3/Resource",
        Some(&json!({"Fn::GetAtt": ["Lost", "Arn"]})),
    );
    edit(
        &mut application,
        "/Resources/WorkRole/Properties/Policies/0/PolicyDocument/Statement/1/Resource",
        Some(&json!({"Fn::ImportValue": "News"})),
    );
    edit(
        &mut application,
        "/Resources/WorkRole/Properties/Policies/0/PolicyDocument/Statement/4/Action",
        Some(&json!("dynamodb:*")),
    );
    let template = Template::parse(&application.to_string()).unwrap();
    insta::with_settings!({ snapshot_path => "permission", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("report", check::permission::report(&template));
    });
}

#[test]
fn the_policy_to_deploy_with_is_a_document_on_the_resources_of_the_template() {
    let mut application = read("application.yaml");
    edit(&mut application, "/Resources/Other", Some(&json!({"Type": "Some::Other::Thing"})));
    edit(
        &mut application,
        "/Resources/Own",
        Some(&json!({"Type": "Custom::Own", "Properties": {"ServiceToken": {"Fn::GetAtt": ["Render", "Arn"]}}})),
    );
    let template = Template::parse(&application.to_string()).unwrap();
    let policy = check::permission::deploy_policy(&template);
    assert_eq!(policy.uncovered, ["Some::Other::Thing"]);
    // It is one that the checks have nothing to say about.
    let held = json!({"Resources": {"P": {
        "Type": "AWS::IAM::ManagedPolicy",
        "Properties": {"PolicyDocument": policy.document.clone()},
    }}});
    let mut found = found(&held);
    // The actions of so many types are more than one managed policy takes.
    found.retain(|fault| !fault.starts_with("F5007"));
    assert_eq!(found, [""; 0]);
    insta::with_settings!({ snapshot_path => "permission", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("deploy_policy", policy);
    });
}
