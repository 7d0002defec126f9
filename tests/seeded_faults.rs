//! Faults that are put into templates that have none: each is found where it is, and nothing else.

use std::collections::BTreeSet;

use formwork::{check, diagnostic::Diagnostic, template::Template};
use serde_json::Value as Json;

/// What a part leaves behind that is taken away: a name that nothing uses, or one that may be left out.
const OF_OTHERS: [&str; 4] = ["W1001", "W2001", "W7001", "W8001"];

/// What is found in a template, in no particular order.
fn found(template: &Json) -> Vec<Diagnostic> {
    let mut found = check::all(&Template::parse(&template.to_string()).expect("a case is a template"));
    found.retain(|fault| !OF_OTHERS.contains(&fault.code));
    found
}

/// The code and the path of each, as `F7001 Resources/Render`.
fn places(found: &[Diagnostic]) -> BTreeSet<String> {
    found.iter().map(|fault| format!("{} {}", fault.code, &*fault.path)).collect()
}

/// The value at a path, made where there is none.
fn at<'a>(json: &'a mut Json, path: &str) -> &'a mut Json {
    path.split('/').fold(json, |json, name| match json {
        Json::Array(items) => &mut items[name.parse::<usize>().expect("a position")],
        other => &mut other[name],
    })
}

fn remove(json: &mut Json, path: &str) {
    let (holder, name) = path.rsplit_once('/').expect("a path of two parts");
    let gone = match at(json, holder) {
        Json::Array(items) => Some(items.remove(name.parse().expect("a position"))),
        holder => holder.as_object_mut().and_then(|members| members.remove(name)),
    };
    assert!(gone.is_some(), "there is no {path}");
}

/// Runs the cases of a file, of which so many have a fault; what is said of them is there to be reviewed.
fn run(name: &str, text: &str, faults: usize) {
    let file = Template::parse(text).expect("the file can be read");
    let file = file.as_json();
    for (name, base) in file["Bases"].as_object().expect("bases") {
        assert_eq!(found(base), [], "{name} has no fault");
    }
    let mut seeded = 0;
    let (mut wrong, mut all) = (Vec::new(), Vec::new());
    for case in file["Cases"].as_array().expect("cases") {
        let mut template = file["Bases"][case["Base"].as_str().expect("a base")].clone();
        assert!(template.is_object(), "{case}");
        for path in case["Remove"].as_array().into_iter().flatten() {
            remove(&mut template, path.as_str().expect("a path"));
        }
        for (path, value) in case["Set"].as_object().into_iter().flatten() {
            *at(&mut template, path) = value.clone();
        }
        let expected: BTreeSet<String> = case["Finds"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|fault| fault.as_str().expect("a code and a path").to_owned())
            .collect();
        seeded += usize::from(!expected.is_empty());
        let found = found(&template);
        let places = places(&found);
        if places != expected {
            wrong.push(format!("{}: {places:#?}, expected {expected:#?}", case["Fault"]));
        }
        let mut said: Vec<String> = found.iter().map(ToString::to_string).collect();
        said.sort();
        if !said.is_empty() {
            all.push(format!("# {}\n{}\n", case["Fault"].as_str().expect("a sentence"), said.join("\n")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seeded >= faults, "{seeded}");
    let mut settings = insta::Settings::new();
    settings.set_snapshot_path("seeded_faults");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, all.join("\n")));
}

#[test]
fn faults_of_apis() {
    run("api", include_str!("seeded_faults/api.yaml"), 33);
}

#[test]
fn faults_of_networks() {
    run("network", include_str!("seeded_faults/network.yaml"), 32);
}

#[test]
fn faults_of_services() {
    run("service", include_str!("seeded_faults/service.yaml"), 10);
}
