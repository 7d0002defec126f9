//! Whether a payload is that of the recording.

use crate::{asl::definition::tokens_of, json::Json};

/// Whether two payloads are the same: in whatever order the members of an object stand, and whatever stands where the
/// first has the token of a task, which is new each time, or a `${Token}` that only a deployment replaces.
pub(super) fn is_same(now: &Json, then: &Json, tokens: &[String]) -> bool {
    match (now, then) {
        (Json::Number(now), Json::Number(then)) => now == then || now.as_f64() == then.as_f64(),
        (Json::String(now), Json::String(then)) => now == then || is_same_but_for(now, then, tokens),
        (Json::Array(now), Json::Array(then)) => {
            now.len() == then.len() && now.iter().zip(then).all(|(now, then)| is_same(now, then, tokens))
        }
        (Json::Object(now), Json::Object(then)) => {
            now.len() == then.len()
                && now.iter().all(|(name, value)| then.get(name).is_some_and(|then| is_same(value, then, tokens)))
        }
        (now, then) => now == then,
    }
}

fn is_same_but_for(now: &str, then: &str, tokens: &[String]) -> bool {
    let opaque: Vec<String> = tokens_of(now).map(|name| format!("${{{name}}}")).collect();
    // The parts between what may be anything.
    let mut parts = vec![now];
    for hole in tokens.iter().chain(&opaque) {
        parts = parts.iter().flat_map(|part| part.split(hole.as_str())).collect();
    }
    let [first, middle @ .., last] = parts.as_slice() else { return false };
    let Some(mut rest) = then.strip_prefix(first) else { return false };
    for part in middle {
        let Some((_, after)) = rest.split_once(part) else { return false };
        rest = after;
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_token_may_be_anything() {
        let same = |now: Json, then: Json| is_same(&now, &then, &["tok".to_owned()]);
        assert!(same(json!({"a": 1, "b": [2.0]}), json!({"b": [2], "a": 1})));
        assert!(same(json!("x tok y"), json!("x AAA= y")));
        assert!(same(json!("arn:aws:sns:${AWS::Region}:1:${Name}"), json!("arn:aws:sns:eu-west-1:1:mails")));
        assert!(!same(json!("arn:aws:sns:${AWS::Region}:1:a"), json!("arn:aws:sns:eu-west-1:1:b")));
        assert!(!same(json!("plain"), json!("other")) && !same(json!([1]), json!([1, 2])));
    }
}
