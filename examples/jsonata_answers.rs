//! Answers expressions in JSONata, for another implementation to compare: each line `{"expression": …, "input": …}` on
//! stdin gets one on stdout, `{"value": …}` or `{"error": …}` with the code of the error.
//!
//! `node .ci/jsonata/compare.mjs target/debug/examples/jsonata_answers` generates the lines and compares.

use std::io::{self, BufRead as _, Write as _};

use formwork::asl::run::{Machine, Status};
use serde_json::{Value as Json, json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let mut case: Json = serde_json::from_str(&line?)?;
        let expression = case["expression"].as_str().ok_or("a line without an expression")?.to_owned();
        writeln!(out, "{}", answer(&expression, case["input"].take()))?;
    }
    out.flush()?;
    Ok(())
}

fn answer(expression: &str, input: Json) -> Json {
    let machine = Machine::new(&json!({
        "QueryLanguage": "JSONata",
        "StartAt": "S",
        "States": {"S": {"Type": "Pass", "Output": {"r": format!("{{% {expression} %}}")}, "End": true}},
    }));
    let machine = match machine {
        Ok(machine) => machine,
        Err(faults) => {
            let text = faults.iter().map(|fault| fault.message.as_str()).collect::<Vec<_>>().join("; ");
            return json!({"error": code(&text).unwrap_or(text)});
        }
    };
    let outcome = machine.run(input).finish();
    if outcome.status() == Status::Succeeded {
        return json!({"value": outcome.output()["r"]});
    }
    let cause = outcome.cause().unwrap_or("no cause").to_owned();
    if cause.ends_with("returned nothing (undefined).") {
        return json!({"value": "(undefined)"});
    }
    if cause.ends_with("returned an unsupported result type.") {
        return json!({"error": "function"});
    }
    let after = cause.rsplit_once("threw an error during evaluation").map_or(&*cause, |(_, after)| after);
    json!({"error": code(after).unwrap_or_else(|| after.to_owned())})
}

/// The first word that looks like `T2001`.
fn code(text: &str) -> Option<String> {
    let mut words = text.split(|letter: char| !letter.is_ascii_alphanumeric());
    let is_code = |word: &&str| {
        word.len() == 5 && word.starts_with(['S', 'T', 'D', 'U']) && word[1..].bytes().all(|it| it.is_ascii_digit())
    };
    words.find(is_code).map(str::to_owned)
}
