//! Long texts, out of the chains that they stand in: constants, whose names say what they are.

use super::{
    code::{Code, Data},
    scope::short,
};

/// The constants of a file.
#[derive(Default)]
pub(super) struct Constants(pub Vec<Constant>);

/// A constant, for a text.
pub(super) struct Constant {
    pub name: String,
    pub literal: String,
    /// What it is the text of: the entry, and the property.
    owner: String,
    hint: String,
}

/// Fewer lines than that stay in the code.
const FEWEST_LINES: usize = 12;
/// Code of functions is a file of its own sooner.
const FEWEST_LINES_OF_CODE: usize = 3;
/// The properties that hold code.
const CODE: [&str; 3] = ["zip_file", "ZipFile", "InlineCode"];

impl Constant {
    /// The name of the file that the text is in, which is added to the files; none of a text that stays in the code.
    pub fn file(&self, files: &mut Vec<(String, String)>) -> Option<String> {
        let (_, rest) = self.literal.strip_prefix('r')?.split_once('"')?;
        let text = rest.trim_end_matches('#').strip_suffix('"')?;
        let is_code = CODE.contains(&self.hint.as_str());
        if text.lines().count() < if is_code { FEWEST_LINES_OF_CODE } else { FEWEST_LINES } {
            return None;
        }
        let stem = match is_code {
            true => short(&self.owner),
            false => self.name.to_lowercase(),
        };
        let ending = ending(text, is_code);
        let mut name = format!("{stem}.{ending}");
        let mut number = 2;
        while files.iter().any(|(known, _)| *known == name) {
            name = format!("{stem}_{number}.{ending}");
            number += 1;
        }
        files.push((name.clone(), text.to_owned()));
        Some(name)
    }
}

/// The ending of the name of a file, by what its text looks like.
fn ending(text: &str, is_code: bool) -> &'static str {
    let has = |words: &[&str]| text.lines().any(|line| words.iter().any(|word| line.trim_start().starts_with(word)));
    if is_code && has(&["def ", "import ", "from "]) && !has(&["const ", "exports.", "export "]) {
        "py"
    } else if is_code {
        "js"
    } else if text.starts_with("#!") {
        "sh"
    } else if text.trim_start().starts_with('{') && text.trim_end().ends_with('}') {
        "json"
    } else {
        "txt"
    }
}

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
            Data::Leaf(code) => self.code(code, owner, hint, longest.max(60)),
            Data::List(items) => items.iter_mut().for_each(|item| self.data(item, owner, hint, longest)),
            Data::Object(members) => members.iter_mut().for_each(|(key, it)| self.data(it, owner, key, longest)),
        }
    }

    /// The constant of a literal, which is made where there is none yet.
    fn name(&mut self, owner: &str, hint: &str, literal: &str) -> String {
        if let Some(known) = self.0.iter().find(|known| known.literal == literal) {
            return known.name.clone();
        }
        let words = |text: &str| -> String {
            let text: String = text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
            short(&text).to_uppercase()
        };
        let parts = [words(owner), words(hint)];
        let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        let mut plain = parts.join("_");
        if !plain.starts_with(|first: char| first.is_ascii_alphabetic()) {
            plain = format!("TEXT_{plain}");
        }
        let mut name = plain.clone();
        let mut number = 2;
        while self.0.iter().any(|known| known.name == name) {
            name = format!("{plain}_{number}");
            number += 1;
        }
        let (literal, owner, hint) = (literal.to_owned(), owner.to_owned(), hint.to_owned());
        self.0.push(Constant { name: name.clone(), literal, owner, hint });
        name
    }
}

/// The text of a short plain literal.
fn plain(code: &Code) -> Option<String> {
    let Code::Text(text) = code else { return None };
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    (inner.len() < 60 && !inner.contains('\\')).then(|| inner.to_owned())
}
