//! Signatures of functions, such as `<s-nn?:s>`: which arguments a call may have, and where the context stands for one
//! that is left out.

use super::error::{Error, Given};

/// A signature.
#[derive(Clone, Debug)]
pub(crate) struct Signature(pub(super) Vec<Parameter>);

/// A parameter of a signature.
#[derive(Clone, Debug)]
pub(super) struct Parameter {
    /// Letters of the types that it takes; `m` is for a value that is missing.
    pub takes: String,
    /// Whether what is no array is taken for an array of one.
    pub is_array: bool,
    /// The letter of the items of an array, if only that type may stand in it.
    pub items: Option<char>,
    pub is_optional: bool,
    pub is_repeated: bool,
    pub takes_context: bool,
}

impl Signature {
    /// Reads `<…>`; what it has no meaning for is left out.
    pub fn parse(text: &str) -> Given<Self> {
        let mut parameters: Vec<Parameter> = Vec::new();
        let mut letters = text.trim_start_matches('<').chars();
        while let Some(letter) = letters.next() {
            let takes = match letter {
                ':' => break,
                's' | 'n' | 'b' | 'l' | 'o' => format!("{letter}m"),
                'a' | 'x' => "asnblfom".to_owned(),
                'j' => "asnblom".to_owned(),
                'f' => "f".to_owned(),
                '(' => {
                    let choice: String = letters.by_ref().take_while(|letter| *letter != ')').collect();
                    if choice.contains('<') {
                        let text = "Choice groups containing parameterized types are not supported";
                        return Error::fail("S0402", text);
                    }
                    choice + "m"
                }
                '-' | '?' | '+' => {
                    if let Some(last) = parameters.last_mut() {
                        last.takes_context |= letter == '-';
                        last.is_optional |= letter != '+';
                        last.is_repeated |= letter == '+';
                    }
                    continue;
                }
                '<' => {
                    let inner = inner(&mut letters);
                    match parameters.last_mut() {
                        Some(last) if last.is_array => last.items = inner.chars().next(),
                        Some(last) if last.takes == "f" => {}
                        _ => {
                            let text = "Type parameters can only be applied to functions and arrays";
                            return Error::fail("S0401", text);
                        }
                    }
                    continue;
                }
                _ => continue,
            };
            parameters.push(Parameter {
                takes,
                is_array: letter == 'a',
                items: None,
                is_optional: false,
                is_repeated: false,
                takes_context: false,
            });
        }
        Ok(Self(parameters))
    }
}

/// What stands between this and the `>` of its `<`.
fn inner(letters: &mut std::str::Chars<'_>) -> String {
    let mut depth = 1;
    letters
        .take_while(|letter| {
            match letter {
                '<' => depth += 1,
                '>' => depth -= 1,
                _ => {}
            }
            depth > 0
        })
        .collect()
}

/// How many letters each parameter takes, as many as it can; all of them where they must be `whole`.
pub(super) fn fit(parameters: &[Parameter], letters: &[char], whole: bool) -> Option<Vec<usize>> {
    let Some((first, rest)) = parameters.split_first() else {
        return (!whole || letters.is_empty()).then(Vec::new);
    };
    let most = letters.iter().take_while(|letter| first.takes.contains(**letter)).count();
    let most = if first.is_repeated { most } else { most.min(1) };
    (usize::from(!first.is_optional)..=most).rev().find_map(|count| {
        let mut counts = fit(rest, &letters[count..], whole)?;
        counts.insert(0, count);
        Some(counts)
    })
}
