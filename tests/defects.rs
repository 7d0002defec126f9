//! Seeded defects: each template of `tests/defects/` has one, which is found at its place, and a twin that is sound.

use std::{fs, path::Path};

use formwork::{
    check,
    template::{Document, Template},
};
use serde_json::Value as Json;

/// The faults of a template, or of one that has a resource alone: code and path.
fn found(given: &Json) -> Vec<String> {
    let template = match given.get("Resources") {
        Some(_) => given.clone(),
        None => serde_json::json!({"Resources": {"R": given}}),
    };
    let template = Template::parse(&template.to_string()).expect("a template is JSON");
    let mut found: Vec<String> =
        check::all(&template).iter().map(|fault| format!("{} {}", fault.code, fault.path.as_str())).collect();
    found.sort();
    found
}

#[test]
fn each_defect_is_found_at_its_place_and_its_twin_is_sound() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/defects");
    let (mut count, mut wrong) = (0, Vec::new());
    for file in ["properties.yaml", "between.yaml", "references.yaml", "serverless.yaml"] {
        let text = fs::read_to_string(folder.join(file)).expect("the file is there");
        let cases = Document::yaml(&text).expect("the file is YAML");
        for (class, cases) in cases.as_json().as_object().into_iter().flatten() {
            for case in cases.as_array().into_iter().flatten() {
                count += 1;
                let expected = case["at"].as_str().expect("each has a place");
                let (bad, good) = (found(&case["bad"]), found(&case["good"]));
                if bad != [expected] {
                    wrong.push(format!("{file}, {class}: expected {expected}, found {bad:?}"));
                }
                if !good.is_empty() {
                    wrong.push(format!("{file}, {class}: the twin of {expected} has {good:?}"));
                }
            }
        }
    }
    assert_eq!(wrong, [""; 0], "{}", wrong.join("\n"));
    assert!(count >= 80, "{count}");
}
