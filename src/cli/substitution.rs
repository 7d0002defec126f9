//! Substitutions: the values that the tokens of a definition get for a run.

use std::path::Path;

use super::{
    file::{is_yaml, name, text},
    invocation::Error,
};
use crate::{
    asl::run::{substitute, tokens_of},
    diagnostic::nearest,
    json::Json,
    template::{Document, Template, machine::StateMachine},
};

/// The values of tokens, by name; of two for one name the first counts.
#[derive(Default)]
pub(super) struct Substitutions {
    pub all: Vec<(String, String)>,
}

/// Reads `KEY=VALUE`.
pub(super) fn pair(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("expected the name of a token, `=` and its value")?;
    match key.trim_start_matches("${").trim_end_matches('}') {
        "" => Err("expected the name of a token before the `=`".to_owned()),
        key => Ok((key.to_owned(), value.to_owned())),
    }
}

impl Substitutions {
    /// Those of the command line, which count before those of a file.
    pub fn read(pairs: &[(String, String)], file: Option<&Path>) -> Result<Self, Error> {
        let mut all = pairs.to_vec();
        let Some(file) = file else { return Ok(Self { all }) };
        let text = text(file)?;
        let document = if is_yaml(file) { Document::yaml(&text) } else { Document::json(&text) };
        let wrong = |why: String| Error::new(format!("`{}`: {why}", name(file)));
        let document = document.map_err(|error| wrong(error.to_string()))?;
        let Json::Object(members) = document.as_json() else {
            return Err(wrong("the file holds no object; expected one with the value of each token".to_owned()));
        };
        for (key, value) in members {
            let value = match value {
                Json::Null => return Err(wrong(format!("the value of `{key}` is null; expected a text or a number"))),
                Json::String(text) => text.clone(),
                other => other.to_string(),
            };
            all.push((key.clone(), value));
        }
        Ok(Self { all })
    }

    /// The values of the tokens of a machine in a template: those that are given here, by the name of the token or of
    /// what it reads, and those that the template says: literals, defaults of parameters, and the partition, `aws`.
    pub fn of_machine(&self, template: &Template, machine: &StateMachine<'_>) -> Self {
        let given = |name: &str| self.all.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        let reads = |name: &str| {
            given(name).or_else(|| match name {
                "AWS::Partition" => Some("aws".to_owned()),
                _ => {
                    let mut parameters = template.section("Parameters");
                    let (_, parameter) = parameters.find(|(parameter, _)| *parameter == name)?;
                    scalar(parameter.get("Default")?)
                }
            })
        };
        let mut all = self.all.clone();
        for (token, value) in machine.substitutions.iter() {
            let value = scalar(value).or_else(|| reads(&read_by(value)?));
            all.extend(value.map(|value| (token.to_owned(), value)));
        }
        if let Ok(definition) = &machine.definition {
            let known =
                definition.opaque.references().filter_map(|(token, read)| Some((token.to_owned(), reads(read)?)));
            all.extend(known);
        }
        Self { all }
    }

    /// The definition with the values in its texts.
    pub fn apply(&self, definition: Json) -> Json {
        substitute(definition, &self.all)
    }

    /// What is to be said of those that no token of the definition names. `text` has all of the tokens.
    pub fn unused(&self, text: &str, others: &[String]) -> Vec<String> {
        let mut known: Vec<&str> = tokens_of(text).chain(others.iter().map(String::as_str)).collect();
        known.sort_unstable();
        known.dedup();
        let unused = self.all.iter().map(|(name, _)| name.as_str()).filter(|name| !known.contains(name));
        let said = unused.map(|name| {
            let near = nearest(name, known.iter().copied()).map(|near| format!("; did you mean `{near}`?"));
            let expected = format!("; expected `${{{name}}}` in the definition");
            format!("warning: nothing uses the substitution `{name}`{}", near.unwrap_or(expected))
        });
        said.collect()
    }
}

/// The text that a literal is put in place as.
fn scalar(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(_) | Json::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}

/// What a `Ref` or `Fn::GetAtt` reads.
pub(super) fn read_by(value: &Json) -> Option<String> {
    if let Some(name) = value.get("Ref") {
        return name.as_str().map(str::to_owned);
    }
    match value.get("Fn::GetAtt")? {
        Json::String(path) => Some(path.clone()),
        Json::Array(parts) => Some(parts.iter().filter_map(Json::as_str).collect::<Vec<_>>().join(".")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_is_a_name_and_everything_after_the_first_sign() {
        assert_eq!(pair("Url=https://a?b=c"), Ok(("Url".to_owned(), "https://a?b=c".to_owned())));
        assert_eq!(pair("${N}="), Ok(("N".to_owned(), String::new())));
        assert!(pair("N").is_err() && pair("=5").is_err());
    }
}
