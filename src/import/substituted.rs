//! A text that is put together, as the text of one `Fn::Sub`: JSON in it can then be read, as each value stands in a
//! string.

use crate::{
    json::Json,
    template::intrinsic::{Part, Place, Substitution, attribute, call, join},
};

/// The text of a `Fn::Sub`, and the values of its own variables by their names.
pub(super) struct Substituted<'j> {
    pub text: String,
    pub values: Vec<(String, &'j Json)>,
}

/// The one `Fn::Sub` that gives what a `Fn::Sub` or a `Fn::Join` does; none where its text cannot say it.
pub(super) fn substituted(json: &Json) -> Option<Substituted<'_>> {
    let mut maker = Maker { text: String::new(), said: Vec::new(), values: Vec::new() };
    let (function, argument) = call(json, Place::Other)?;
    maker.call(function, argument)?;
    // What follows each other could be read together: `$` and `{Name}`.
    let whole = Json::String(maker.text.clone());
    let mut read = Vec::new();
    for part in Substitution::new(&whole)?.parts() {
        match part {
            Part::Text(text) => Said::literal(&mut read, text),
            Part::Kept(name) => Said::literal(&mut read, &format!("${{{name}}}")),
            Part::Name(name) => read.push(Said::Name(name.to_owned())),
        }
    }
    (read == maker.said).then_some(Substituted { text: maker.text, values: maker.values })
}

/// What a text is to say: nothing else may be read from it.
#[derive(Debug, PartialEq)]
enum Said {
    Text(String),
    Name(String),
}

impl Said {
    fn literal(said: &mut Vec<Self>, text: &str) {
        match said.last_mut() {
            _ if text.is_empty() => {}
            Some(Self::Text(before)) => before.push_str(text),
            _ => said.push(Self::Text(text.to_owned())),
        }
    }
}

struct Maker<'j> {
    text: String,
    said: Vec<Said>,
    values: Vec<(String, &'j Json)>,
}

impl<'j> Maker<'j> {
    fn call(&mut self, function: &str, argument: &'j Json) -> Option<()> {
        match function {
            "Fn::Sub" => {
                let substitution = Substitution::new(argument)?;
                for part in substitution.parts() {
                    match part {
                        Part::Text(text) => self.literal(text),
                        Part::Kept(name) => self.literal(&format!("${{{name}}}")),
                        Part::Name(name) => match substitution.value(name) {
                            Some(value) => self.part(value)?,
                            None => self.name(name),
                        },
                    }
                }
            }
            "Fn::Join" => {
                let (delimiter, parts) = join(argument)?;
                for (at, part) in parts.iter().enumerate() {
                    if at > 0 {
                        self.literal(delimiter);
                    }
                    self.part(part)?;
                }
            }
            _ => return None,
        }
        Some(())
    }

    fn part(&mut self, json: &'j Json) -> Option<()> {
        match (json, call(json, Place::Other)) {
            (Json::String(text), _) => self.literal(text),
            (Json::Number(_) | Json::Bool(_), _) => self.literal(&json.to_string()),
            (_, Some(("Ref", Json::String(name)))) if name != "AWS::NoValue" => self.name(name),
            (_, Some(("Fn::GetAtt", argument))) if let Some((id, Some(attribute))) = attribute(argument) => {
                self.name(&format!("{id}.{attribute}"));
            }
            (_, Some((function @ ("Fn::Sub" | "Fn::Join"), argument))) => self.call(function, argument)?,
            (_, Some(("Fn::Select" | "Fn::ImportValue" | "Fn::FindInMap" | "Fn::If", _))) => {
                let name = format!("Value{}", self.values.len() + 1);
                self.name(&name);
                self.values.push((name, json));
            }
            _ => return None,
        }
        Some(())
    }

    fn literal(&mut self, text: &str) {
        Said::literal(&mut self.said, text);
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            self.text.push_str(before);
            let is_variable = after.split_once('}').is_some_and(|(name, _)| !name.contains("${"));
            self.text.push_str(if is_variable { "${!" } else { "${" });
            rest = after;
        }
        self.text.push_str(rest);
    }

    fn name(&mut self, name: &str) {
        self.said.push(Said::Name(name.to_owned()));
        self.text.push_str(&format!("${{{name}}}"));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_text_of_pieces_is_one_of_fn_sub() {
        let arn = json!({"Fn::GetAtt": ["Send", "Arn"]});
        for (json, expected) in [
            (json!({"Fn::Sub": "a ${Topic} ${!Kept} $ {b}"}), "a ${Topic} ${!Kept} $ {b}"),
            (
                json!({"Fn::Join": ["", ["a ", {"Ref": "Topic"}, " ${Token} ", arn, 3]]}),
                "a ${Topic} ${!Token} ${Send.Arn}3",
            ),
            (json!({"Fn::Join": ["-", [{"Fn::Sub": ["${A}${B}", {"A": "x", "B": arn}]}, "y"]]}), "x${Send.Arn}-y"),
        ] {
            assert_eq!(substituted(&json).map(|found| found.text).as_deref(), Some(expected), "{json}");
        }
        let imported = json!({"Fn::Join": ["", ["a ", {"Fn::ImportValue": "Shared"}]]});
        let found = substituted(&imported).unwrap();
        assert_eq!(
            (found.text.as_str(), found.values),
            ("a ${Value1}", vec![("Value1".to_owned(), &imported["Fn::Join"][1][1])])
        );
        // Lists, and texts that only together are a variable.
        for other in [
            json!({"Fn::Join": ["", {"Ref": "Texts"}]}),
            json!({"Fn::Join": ["", ["$", "{Topic}"]]}),
            json!({"Fn::Join": ["", ["${Topic", "}"]]}),
            json!({"Fn::Join": ["", [{"Fn::Split": [",", "a,b"]}]]}),
        ] {
            assert!(substituted(&other).is_none(), "{other}");
        }
    }
}
