//! The cases that were recorded from AWS Step Functions: `tests/asl_cases/README.md`.

use std::{fs, path::Path};

use serde_json::Value as Json;

/// All cases, in the order of their files.
pub fn cases() -> Vec<Json> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/asl_cases/recorded");
    let files =
        fs::read_dir(folder).expect("the folder is checked in").map(|file| file.expect("it can be read").path());
    let mut files: Vec<_> = files.collect();
    files.sort();
    let cases = files.iter().flat_map(|file| {
        let text = fs::read_to_string(file).expect("the file is checked in");
        serde_json::from_str::<Vec<Json>>(&text).expect("a file is a list of cases")
    });
    cases.collect()
}
