//! Faults that are put into templates that have none: each is found where it is, and nothing else.

use std::collections::BTreeSet;

use formwork::{check, template::Template};
use serde_json::Value as Json;

/// What a part leaves behind that is taken away: a name that nothing uses, or one that may be left out.
const OF_OTHERS: [&str; 4] = ["W1001", "W2001", "W7001", "W8001"];

/// What is found in a template, as `F7001 Resources/Render`, in no particular order.
fn found(template: &Json) -> BTreeSet<String> {
    let template = Template::parse(&template.to_string()).expect("a case is a template");
    let found = check::all(&template).into_iter().filter(|fault| !OF_OTHERS.contains(&fault.code));
    found.map(|fault| format!("{} {}", fault.code, &*fault.path)).collect()
}

/// The value at a path, made where there is none.
fn at<'a>(json: &'a mut Json, path: &str) -> &'a mut Json {
    path.split('/').fold(json, |json, name| match json {
        Json::Array(items) => &mut items[name.parse::<usize>().expect("a position")],
        other => &mut other[name],
    })
}

fn remove(json: &mut Json, path: &str) {
    let (holder, name) = path.rsplit_once('/').unwrap();
    let gone = match at(json, holder) {
        Json::Array(items) => Some(items.remove(name.parse().unwrap())),
        holder => holder.as_object_mut().and_then(|members| members.remove(name)),
    };
    assert!(gone.is_some(), "there is no {path}");
}

/// Runs the cases of a file, of which so many have a fault.
fn run(text: &str, faults: usize) {
    let file = Template::parse(text).unwrap();
    let file = file.as_json();
    for (name, base) in file["Bases"].as_object().unwrap() {
        assert_eq!(found(base), BTreeSet::new(), "{name} has no fault");
    }
    let mut seeded = 0;
    let mut wrong = Vec::new();
    for case in file["Cases"].as_array().unwrap() {
        let mut template = file["Bases"][case["Base"].as_str().unwrap()].clone();
        assert!(template.is_object(), "{case}");
        for path in case["Remove"].as_array().into_iter().flatten() {
            remove(&mut template, path.as_str().unwrap());
        }
        for (path, value) in case["Set"].as_object().into_iter().flatten() {
            *at(&mut template, path) = value.clone();
        }
        let expected: BTreeSet<String> =
            case["Finds"].as_array().into_iter().flatten().map(|fault| fault.as_str().unwrap().to_owned()).collect();
        seeded += usize::from(!expected.is_empty());
        let found = found(&template);
        if found != expected {
            wrong.push(format!("{}: {found:#?}, expected {expected:#?}", case["Fault"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seeded >= faults, "{seeded}");
}

#[test]
fn faults_of_networks() {
    run(include_str!("seeded_faults/network.yaml"), 35);
}
