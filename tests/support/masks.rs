//! Comparing with what was recorded from AWS Step Functions, where parts are masked: `tests/asl_cases/README.md`.

use serde_json::Value as Json;

/// Texts that stand for any value.
const ANYTHING: [&str; 16] = [
    "timestamp",
    "md5_of_message_body",
    "date",
    "RequestId",
    "x-amzn-RequestId",
    "X-Amzn-Trace-Id",
    "x-amz-crc32",
    "start-date",
    "stop-date",
    "entered-time",
    "start-time",
    "sfn_role_arn",
    "snf_role_arn",
    "ArnPart_0idx",
    "ExecArnPart_0idx",
    "RandomNumberGenerated",
];

/// Compares with what was recorded, where parts are masked.
pub struct Masks(Vec<String>);

impl Masks {
    /// The masks of a case.
    pub fn of(case: &Json) -> Self {
        let words = case["mask_words"].as_array().into_iter().flatten().filter_map(Json::as_str).map(str::to_owned);
        Self(words.chain(ANYTHING.map(str::to_owned)).collect())
    }

    /// Whether a value is as expected.
    pub fn fits(&self, expected: &Json, actual: &Json) -> bool {
        match (expected, actual) {
            (Json::String(text), _) if self.0.contains(text) => true,
            (Json::String(text), Json::String(actual)) => text == actual || fits_text(&named(text), actual),
            // A lone mask stands for a value of any type.
            (Json::String(text), _) => {
                text.starts_with('<') && text.ends_with('>') && is_mask(&text[1..text.len() - 1])
            }
            (Json::Array(expected), Json::Array(actual)) => {
                expected.len() == actual.len() && expected.iter().zip(actual).all(|(a, b)| self.fits(a, b))
            }
            (Json::Object(expected), Json::Object(actual)) => {
                expected.len() == actual.len()
                    && expected.iter().all(|(key, value)| actual.get(key).is_some_and(|other| self.fits(value, other)))
            }
            (Json::Number(expected), Json::Number(actual)) => expected.as_f64() == actual.as_f64(),
            _ => expected == actual,
        }
    }
}

fn is_mask(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-:".contains(letter))
}

/// A text with the names that the recorder made up, `SyncExecArn_Part1_0idx`, as masks. The context has the others.
fn named(text: &str) -> String {
    let words = text.split_inclusive([':', '/']).map(|word| {
        let name = word.trim_end_matches([':', '/']);
        let known = ["ArnPart_0idx", "ExecArnPart_0idx"].contains(&name);
        if name.ends_with("idx") && !known { word.replace(name, "<name>") } else { word.to_owned() }
    });
    words.collect()
}

/// Whether a text is as expected, `<word>` and `<word:1>` standing for anything, and `timestamp` at the end too.
fn fits_text(expected: &str, actual: &str) -> bool {
    if let Some(before) = expected.strip_suffix("== timestamp") {
        return actual.starts_with(before);
    }
    let mut parts = Vec::new();
    let mut rest = expected;
    let mut literal = String::new();
    while let Some(start) = rest.find('<') {
        match rest[start + 1..].find('>').map(|end| &rest[start + 1..start + 1 + end]) {
            Some(word) if is_mask(word) => {
                literal.push_str(&rest[..start]);
                parts.push(std::mem::take(&mut literal));
                rest = &rest[start + word.len() + 2..];
            }
            _ => {
                literal.push_str(&rest[..=start]);
                rest = &rest[start + 1..];
            }
        }
    }
    literal.push_str(rest);
    let Some((first, last)) = parts.split_first().map(|(first, middle)| (first, (middle, literal))) else {
        return false;
    };
    let (middle, end) = last;
    let Some(mut actual) = actual.strip_prefix(first.as_str()) else { return false };
    for part in middle {
        match actual.find(part.as_str()) {
            Some(at) => actual = &actual[at + part.len()..],
            None => return false,
        }
    }
    actual.len() >= end.len() && actual.ends_with(&end)
}
