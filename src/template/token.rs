//! `${Token}`s in a definition that is a text: CloudFormation puts their values in place before anything reads JSON.

/// Whether it can be the name of a substitution, or is that of a pseudo parameter.
pub(super) fn is_token(name: &str) -> bool {
    let name = name.strip_prefix("AWS::").unwrap_or(name);
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The value that is known of a token.
pub(super) fn value_of<'a>(values: &'a [(String, String)], name: &str) -> Option<&'a str> {
    values.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// A text of JSON without tokens outside of its strings.
pub(super) struct Filled {
    /// With the values of these tokens, or with each as a string where its value is not known.
    pub text: String,
    /// With a string of the same length in place of each, so that everything else stands where it stood.
    pub in_place: String,
    /// The names of those without a value.
    pub unknown: Vec<String>,
}

/// Fills the tokens that stand for whole values (`"Seconds": ${Wait}`); those inside of strings stay as they are.
pub(super) fn fill(json: &str, values: &[(String, String)]) -> Filled {
    let mut filled = Filled {
        text: String::with_capacity(json.len()),
        in_place: String::with_capacity(json.len()),
        unknown: Vec::new(),
    };
    let (mut inside, mut rest) = (false, json);
    while let Some(at) = rest.find(if inside { ['"', '\\'] } else { ['"', '$'] }) {
        let (before, mark) = rest.split_at(at);
        let token = mark.strip_prefix("${").and_then(|mark| mark.split_once('}')).filter(|(name, _)| is_token(name));
        let width = match (mark.as_bytes()[0], token) {
            (b'$', Some((name, after))) => {
                let dashes = "-".repeat(name.len() + "${}".len() - 2);
                filled.in_place.extend([before, "\"", &dashes, "\""]);
                match value_of(values, name) {
                    Some(value) => filled.text.extend([before, value]),
                    None => {
                        filled.text.extend([before, "\"${", name, "}\""]);
                        filled.unknown.push(name.to_owned());
                    }
                }
                rest = after;
                continue;
            }
            (b'\\', _) => 1 + mark[1..].chars().next().map_or(0, char::len_utf8),
            (mark, _) => {
                inside ^= mark == b'"';
                1
            }
        };
        let (kept, after) = rest.split_at(at + width);
        filled.text.push_str(kept);
        filled.in_place.push_str(kept);
        rest = after;
    }
    filled.text.push_str(rest);
    filled.in_place.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_outside_of_strings_is_its_value_or_a_string() {
        let json = r#"{"Seconds": ${N}, "Text": "${N} \" ${", "Max":${Max_1} , "R": [${AWS::Region}, $, ${a.b}]}"#;
        let filled = fill(json, &[("N".to_owned(), "5".to_owned())]);
        assert_eq!(
            filled.text,
            r#"{"Seconds": 5, "Text": "${N} \" ${", "Max":"${Max_1}" , "R": ["${AWS::Region}", $, ${a.b}]}"#
        );
        assert_eq!(
            filled.in_place,
            r#"{"Seconds": "--", "Text": "${N} \" ${", "Max":"------" , "R": ["------------", $, ${a.b}]}"#
        );
        assert_eq!((filled.in_place.len(), filled.unknown.join(" ")), (json.len(), "Max_1 AWS::Region".to_owned()));
    }
}
