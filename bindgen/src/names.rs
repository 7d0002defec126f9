//! AWS's names as Rust names.

use crate::case::words;
pub use crate::case::{are_versions, constant, field_ident, ident, snake};

/// Whether a type's name is a single word, such as `Type`.
pub fn is_one_word(name: &str) -> bool {
    words(name).len() == 1
}

/// A type: AWS's own spelling, with a capital first and nothing but letters and digits.
pub fn pascal(name: &str) -> String {
    name.split(|c: char| !c.is_ascii_alphanumeric()).map(capitalized).collect()
}

fn capitalized(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// `Architectures` → `Architecture`, `Policies` → `Policy`, `AssetList` → `Asset`.
pub fn singular(name: &str) -> String {
    if let Some(stem) = name.strip_suffix("List").filter(|stem| !stem.is_empty()) {
        return stem.to_owned();
    }
    if let Some(stem) = name.strip_suffix("ies") {
        return format!("{stem}y");
    }
    for ending in ["sses", "xes", "ches"] {
        if let Some(stem) = name.strip_suffix("es").filter(|_| name.ends_with(ending)) {
            return stem.to_owned();
        }
    }
    match name.strip_suffix('s') {
        Some(stem) if !stem.ends_with(['s', 'u', 'i']) => stem.to_owned(),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_element_is_named_by_the_singular_of_its_list() {
        for (list, element) in [
            ("Architectures", "Architecture"),
            ("Policies", "Policy"),
            ("Addresses", "Address"),
            ("Indexes", "Index"),
            ("AssetList", "Asset"),
            ("Access", "Access"),
            ("Status", "Status"),
        ] {
            assert_eq!(singular(list), element);
        }
    }
}
