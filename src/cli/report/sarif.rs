//! SARIF 2.1.0: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>

use std::path::Path;

use serde_json::json;

use super::sources::Sources;
use crate::{
    cli::explain,
    diagnostic::{Diagnostic, Severity},
    json::Json,
    rule::Rule,
};

/// The log of one run.
pub(super) fn log<'a>(faults: impl Iterator<Item = &'a Diagnostic>, sources: &mut Sources) -> Json {
    let faults: Vec<&Diagnostic> = faults.collect();
    let mut codes: Vec<&str> = faults.iter().map(|fault| fault.code).collect();
    codes.sort_unstable();
    codes.dedup();
    let all = explain::rules();
    let rules: Json = codes.iter().map(|code| descriptor(code, &all)).collect();
    let results: Json = faults
        .iter()
        .map(|fault| {
            let index = codes.binary_search(&fault.code).unwrap_or_default();
            result(fault, index, sources)
        })
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "formwork", "semanticVersion": env!("CARGO_PKG_VERSION"), "rules": rules}},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

/// What a code stands for; several rules may share one.
fn descriptor(code: &str, all: &[&Rule]) -> Json {
    let rules: Vec<&&Rule> = all.iter().filter(|rule| rule.code == code).collect();
    let joined = |text: &dyn Fn(&Rule) -> String, between: &str| {
        rules.iter().map(|rule| text(rule)).collect::<Vec<_>>().join(between)
    };
    let level = rules.first().map_or("error", |rule| level(rule.severity));
    let mut descriptor = json!({
        "id": code,
        "shortDescription": {"text": joined(&|rule| rule.title.to_owned(), "; ")},
        "fullDescription": {"text": joined(&|rule| rule.why.trim().replace('\n', " "), " ")},
        "help": {"text": joined(&|rule| rule.to_string(), "\n")},
        "defaultConfiguration": {"level": level},
    });
    if let Some(page) = rules.iter().find_map(|rule| rule.docs) {
        descriptor["helpUri"] = page.into();
    }
    descriptor
}

fn result(fault: &Diagnostic, index: usize, sources: &mut Sources) -> Json {
    let text = match &fault.help {
        Some(help) => format!("{}\n{help}", fault.message),
        None => fault.message.clone(),
    };
    let mut location = json!({});
    if let Some(origin) = fault.origin() {
        let mut region = json!({"startLine": origin.line()});
        if let Some(column) = origin.column() {
            region["startColumn"] = column.into();
            if let Some(line) = sources.line(fault) {
                region["endColumn"] = line.end_column().into();
            }
        }
        location["physicalLocation"] = json!({"artifactLocation": artifact(origin.file()), "region": region});
    }
    if !fault.path.is_empty() {
        location["logicalLocations"] = json!([{"fullyQualifiedName": fault.path}]);
    }
    json!({
        "ruleId": fault.code,
        "ruleIndex": index,
        "level": level(fault.severity),
        "message": {"text": text},
        "locations": [location],
    })
}

fn level(severity: Severity) -> &'static str {
    severity.name()
}

/// The place of a file: relative to the root of the sources where its name is.
fn artifact(file: &str) -> Json {
    let uri: String = file.replace('\\', "/").bytes().map(escaped).collect();
    match Path::new(file).is_absolute() {
        true => json!({"uri": format!("file://{uri}")}),
        false => json!({"uri": uri, "uriBaseId": "%SRCROOT%"}),
    }
}

/// A byte as the path of a URI has it.
fn escaped(byte: u8) -> String {
    match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    }
}
