//! The pairs of `tests/diff/pairs/` for another implementation to compare: each gives one line on stdout, with both
//! templates as JSON and what is done to each resource.
//!
//! `node .ci/diff/compare.mjs target/debug/examples/diff_pairs` compares.

use std::{
    fs,
    io::{self, Write as _},
    path::Path,
};

use formwork::{diff::diff, template::Template};
use serde_json::{Map, Value as Json, json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diff/pairs");
    let mut files = fs::read_dir(folder)?.map(|file| Ok(file?.path())).collect::<io::Result<Vec<_>>>()?;
    files.sort();
    let mut out = io::BufWriter::new(io::stdout().lock());
    for file in files {
        let pair = Template::parse(&fs::read_to_string(&file)?)?;
        let [old, new] = ["Old", "New"].map(|side| {
            let side = &pair.as_json()[side];
            if side.get("Resources").is_some() { side.clone() } else { json!({"Resources": side}) }
        });
        let found = diff(&Template::parse(&old.to_string())?, &Template::parse(&new.to_string())?);
        let actions: Map<String, Json> =
            found.resources.iter().map(|change| (change.id.clone(), json!(change.action))).collect();
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        writeln!(out, "{}", json!({"name": name, "old": old, "new": new, "actions": actions}))?;
    }
    out.flush()?;
    Ok(())
}
