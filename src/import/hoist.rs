//! Long texts, out of the chains that they stand in: constants, whose names say what they are.

use super::{
    case::snake,
    code::{Code, Data},
};

/// The constants of a file: name and literal.
#[derive(Default)]
pub(super) struct Constants(pub Vec<(String, String)>);

/// Methods whose first argument says what the second is.
const NAMING: [&str; 8] = ["property", "entry", "metadata", "attribute", "policy", "raw", "parameter", "output"];

impl Constants {
    /// Takes the texts out of the code that are longer than that, or have several lines. `owner` is what has them.
    pub fn hoist(&mut self, code: &mut Code, owner: &str, longest: usize) {
        self.code(code, owner, "", longest);
    }

    fn code(&mut self, code: &mut Code, owner: &str, hint: &str, longest: usize) {
        match code {
            Code::Text(text) => {
                let is_literal = text.starts_with('"') || text.starts_with("r\"") || text.starts_with("r#");
                if is_literal && (text.contains('\n') || text.chars().count() > longest) {
                    *text = self.name(owner, hint, text);
                }
            }
            Code::Path(_) => {}
            Code::Call(_, arguments) | Code::Array(arguments) => {
                arguments.iter_mut().for_each(|argument| self.code(argument, owner, hint, longest));
            }
            // The key of an entry.
            Code::Tuple(items) => {
                let key = items.first().and_then(plain).unwrap_or_else(|| hint.to_owned());
                items.iter_mut().for_each(|item| self.code(item, owner, &key, longest));
            }
            Code::Chain(root, methods) => {
                self.code(root, owner, hint, longest);
                for method in methods {
                    let name = method.name.split("::").next().unwrap_or_default();
                    let given = NAMING.contains(&name).then(|| method.arguments.first().and_then(plain)).flatten();
                    let is_transparent = matches!(name, "add" | "into" | "cast" | "on" | "item" | "parse");
                    let inner = given.unwrap_or_else(|| if is_transparent { hint.to_owned() } else { name.to_owned() });
                    method.arguments.iter_mut().for_each(|argument| self.code(argument, owner, &inner, longest));
                }
            }
            Code::Json(data) => self.data(data, owner, hint, longest),
        }
    }

    fn data(&mut self, data: &mut Data, owner: &str, hint: &str, longest: usize) {
        match data {
            // rustfmt does not read it: only what has lines of its own would look out of place.
            Data::Leaf(code) => self.code(code, owner, hint, longest.max(200)),
            Data::List(items) => items.iter_mut().for_each(|item| self.data(item, owner, hint, longest)),
            Data::Object(members) => members.iter_mut().for_each(|(key, it)| self.data(it, owner, key, longest)),
        }
    }

    /// The constant of a literal, which is made where there is none yet.
    fn name(&mut self, owner: &str, hint: &str, literal: &str) -> String {
        if let Some((name, _)) = self.0.iter().find(|(_, known)| known == literal) {
            return name.clone();
        }
        let words = |text: &str| -> String {
            let text: String = text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
            snake(&text).to_uppercase()
        };
        let parts = [words(owner), words(hint)];
        let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        let mut plain = parts.join("_");
        if !plain.starts_with(|first: char| first.is_ascii_alphabetic()) {
            plain = format!("TEXT_{plain}");
        }
        let mut name = plain.clone();
        let mut number = 2;
        while self.0.iter().any(|(known, _)| *known == name) {
            name = format!("{plain}_{number}");
            number += 1;
        }
        self.0.push((name.clone(), literal.to_owned()));
        name
    }
}

/// The text of a short plain literal.
fn plain(code: &Code) -> Option<String> {
    let Code::Text(text) = code else { return None };
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    (inner.len() < 60 && !inner.contains('\\')).then(|| inner.to_owned())
}
