//! `${Token}`s: the places in a definition that CloudFormation fills from `DefinitionSubstitutions`.
//!
//! CloudFormation would resolve an intrinsic inside `Definition` too. Linters, Workflow Studio and the interpreter
//! read only plain ASL, so that a definition here never holds one.

use std::sync::Arc;

use crate::{
    json::Json,
    template::intrinsic::{Place, attribute, call},
    value::{Intrinsic, Loose, Reference, Value, mentions},
};

/// Substitutions by token, in the order of first use. One value has one token, one token one value.
#[derive(Clone, Debug, Default)]
pub(super) struct Tokens(Vec<(String, Intrinsic)>);

/// Tokens of a part that have another name in the whole.
#[must_use = "the part still has the old names"]
#[derive(Debug, Default)]
pub(super) struct Renames(Vec<(String, String)>);

impl Tokens {
    /// The substitutions.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Value<String>)> {
        self.0.iter().map(|(name, value)| (name.as_str(), Value::Intrinsic(value.clone())))
    }

    /// The text `${Token}` that stands for a value: `name`, if that is free.
    pub fn reserve(&mut self, name: String, value: Intrinsic) -> String {
        let known = self.0.iter_mut().find(|(_, other)| *other == value);
        let name = match known {
            Some((name, known)) => {
                // Resources of two stacks may have one name: both are to be seen.
                known.refer_like(&value);
                name.clone()
            }
            None => {
                let name = self.unused(name, &[]);
                self.0.push((name.clone(), value));
                name
            }
        };
        format!("${{{name}}}")
    }

    /// Takes the substitutions of a part.
    pub fn absorb(&mut self, part: Tokens) -> Renames {
        let taken: Vec<String> = part.0.iter().map(|(name, _)| name.clone()).collect();
        let mut renames = Renames::default();
        for (old, value) in part.0 {
            let new = match self.0.iter().position(|(_, other)| *other == value) {
                Some(position) => {
                    let (name, known) = &mut self.0[position];
                    known.refer_like(&value);
                    name.clone()
                }
                None if self.has(&old) => self.unused(old.clone(), &taken),
                None => old.clone(),
            };
            if !self.has(&new) {
                self.0.push((new.clone(), value));
            }
            if new != old {
                renames.0.push((format!("${{{old}}}"), format!("${{{new}}}")));
            }
        }
        renames
    }

    /// `json`, with a token in place of each intrinsic. `key` is the name of the member that holds it.
    pub fn replace(&mut self, json: Json, key: &str, references: &[Reference], loose: &[Arc<Loose>]) -> Json {
        if let Some((function, argument)) = call(&json, Place::Other) {
            let name = name_of(function, argument, key);
            let references = references.iter().filter(|reference| mentions(argument, &reference.id));
            let references = references.cloned().collect();
            let loose = loose.iter().filter(|loose| loose.is_in(&json)).cloned().collect();
            let intrinsic = Intrinsic::part(json, references, loose);
            return self.reserve(name, intrinsic).into();
        }
        match json {
            Json::Object(object) => {
                let members = object.into_iter();
                members.map(|(key, value)| (key.clone(), self.replace(value, &key, references, loose))).collect()
            }
            Json::Array(items) => items.into_iter().map(|item| self.replace(item, key, references, loose)).collect(),
            plain => plain,
        }
    }

    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// `name`, or `name` with the first number that makes it new.
    fn unused(&self, name: String, taken: &[String]) -> String {
        if !self.has(&name) && !taken.contains(&name) {
            return name;
        }
        (2u32..)
            .map(|number| format!("{name}{number}"))
            .find(|candidate| !self.has(candidate) && !taken.contains(candidate))
            .expect("there are more numbers than tokens")
    }
}

impl Renames {
    /// `json` with the new names.
    pub fn apply(&self, json: Json) -> Json {
        if self.0.is_empty() {
            return json;
        }
        match json {
            Json::String(text) => match self.0.iter().find(|(old, _)| *old == text) {
                Some((_, new)) => new.as_str().into(),
                None => Json::String(text),
            },
            Json::Array(items) => items.into_iter().map(|item| self.apply(item)).collect(),
            Json::Object(object) => object.into_iter().map(|(key, value)| (key, self.apply(value))).collect(),
            plain => plain,
        }
    }
}

/// The token for `logical_id` and what is read of it, words that both have said once: `ReportTopic` and `TopicArn`
/// give `ReportTopicArn`.
pub(super) fn name(logical_id: &str, attribute: &str) -> String {
    let attribute = pascal_case(attribute);
    let overlap = (1..=attribute.len().min(logical_id.len()))
        .rev()
        .filter(|length| attribute.is_char_boundary(*length))
        .find(|length| logical_id.ends_with(&attribute[..*length]) && is_word_end(&attribute, *length));
    format!("{logical_id}{}", &attribute[overlap.unwrap_or(0)..])
}

fn is_word_end(text: &str, at: usize) -> bool {
    text[at..].chars().next().is_none_or(|next| !next.is_ascii_lowercase())
}

fn name_of(function: &str, argument: &Json, key: &str) -> String {
    match (function, argument) {
        ("Ref", Json::String(id)) if !id.contains("::") => name(id, key),
        ("Ref", Json::String(id)) => pascal_case(id),
        ("Fn::GetAtt", _) => match attribute(argument) {
            Some((id, Some(attribute))) => name(id, attribute),
            _ => pascal_case(key),
        },
        _ => pascal_case(key),
    }
}

/// The letters and digits of `text`, each part between others with a capital.
pub(super) fn pascal_case(text: &str) -> String {
    let parts = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    let name: String = parts.map(|part| format!("{}{}", part[..1].to_ascii_uppercase(), &part[1..])).collect();
    if name.is_empty() { "Value".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn tokens_of(json: Json) -> (Json, Vec<String>) {
        let mut tokens = Tokens::default();
        let json = tokens.replace(json, "Field", &[], &[]);
        (
            json,
            tokens.iter().map(|(name, value)| format!("{name}={}", serde_json::to_string(&value).unwrap())).collect(),
        )
    }

    #[test]
    fn a_token_is_named_for_what_it_reads() {
        assert_eq!(name("ReportTopic", "TopicArn"), "ReportTopicArn");
        assert_eq!(name("GenerateHtml", "Arn"), "GenerateHtmlArn");
        assert_eq!(name("Database", "Endpoint.Address"), "DatabaseEndpointAddress");
        assert_eq!(name("Reports", "bucket_name"), "ReportsBucketName");
        assert_eq!(name("Planar", "Arn"), "PlanarArn");
    }

    #[test]
    fn an_intrinsic_inside_json_becomes_a_token() {
        let (json, tokens) = tokens_of(json!({
            "TopicArn": {"Ref": "ReportTopic"},
            "Entries": [{"Region": {"Ref": "AWS::Region"}, "Text": "{% $states.input %}"}],
            "Address": {"Fn::Sub": "https://${Api}"},
        }));
        assert_eq!(
            json,
            json!({
                "TopicArn": "${ReportTopicArn}",
                "Entries": [{"Region": "${AWSRegion}", "Text": "{% $states.input %}"}],
                "Address": "${Address}",
            })
        );
        assert_eq!(
            tokens,
            [
                r#"ReportTopicArn={"Ref":"ReportTopic"}"#,
                r#"AWSRegion={"Ref":"AWS::Region"}"#,
                r#"Address={"Fn::Sub":"https://${Api}"}"#
            ]
        );
    }

    #[test]
    fn two_values_never_share_a_token_and_one_value_never_has_two() {
        let (json, tokens) = tokens_of(json!({
            "a": {"Fn::GetAtt": ["Report", "TopicArn"]},
            "b": {"Fn::GetAtt": ["ReportTopic", "Arn"]},
            "c": {"Fn::GetAtt": ["Report", "TopicArn"]},
        }));
        assert_eq!(json, json!({"a": "${ReportTopicArn}", "b": "${ReportTopicArn2}", "c": "${ReportTopicArn}"}));
        assert_eq!(tokens.len(), 2);
    }

    #[test]
    fn tokens_of_two_parts_are_told_apart_in_the_whole() {
        let (mut whole, mut part) = (Tokens::default(), Tokens::default());
        whole.reserve("Arn".into(), Intrinsic::new("Ref", "A"));
        part.reserve("Arn".into(), Intrinsic::new("Ref", "B"));
        part.reserve("Arn2".into(), Intrinsic::new("Ref", "C"));
        part.reserve("Mine".into(), Intrinsic::new("Ref", "A"));
        let renames = whole.absorb(part);
        assert_eq!(renames.apply(json!(["${Arn}", "${Arn2}", "${Mine}"])), json!(["${Arn3}", "${Arn2}", "${Arn}"]));
        assert_eq!(whole.iter().map(|(name, _)| name).collect::<Vec<_>>(), ["Arn", "Arn3", "Arn2"]);
    }
}
