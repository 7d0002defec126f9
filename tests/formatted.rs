//! That rustfmt can format the stacks: it leaves a whole chain as it was written, at whatever indent, where a text in it
//! does not fit into a line. CONTRIBUTING.md says how such a text is written.

use std::{fs, path::Path};

/// `max_width` of rustfmt.toml.
const WIDTH: usize = 120;

/// The lines of a program that keep rustfmt from a chain: longer than a line may be, and no declaration of their own.
fn in_the_way(source: &str) -> impl Iterator<Item = (usize, &str)> {
    let alone = ["const ", "pub const ", "let ", "//"];
    let lines = source.lines().enumerate().map(|(number, line)| (number + 1, line));
    let lines = lines.filter(|(_, line)| line.chars().count() > WIDTH);
    lines.filter(move |(_, line)| !alone.iter().any(|begin| line.trim_start().starts_with(begin)))
}

fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).expect("the folder is checked in") {
        let path = entry.expect("it can be read").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).expect("it is text");
            found.push((path.display().to_string(), text));
        }
    }
}

#[test]
fn no_text_keeps_rustfmt_from_a_chain() {
    let mut found = Vec::new();
    for folder in ["stacks", "examples/rust_function/src", "tests/separate_crate/src"] {
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut found);
    }
    let lines = found.iter().flat_map(|(file, text)| in_the_way(text).map(move |(line, _)| format!("{file}:{line}")));
    assert_eq!(lines.collect::<Vec<_>>(), [""; 0], "a text that is too long for a line is a constant of its own");
}

#[test]
fn a_long_text_is_in_the_way_of_a_chain_and_not_in_a_constant() {
    let text = "x".repeat(WIDTH);
    let source = format!("const MAIL: &str = \"{text}\";\n    .output(\"{text}\")\n    .output(MAIL)\n");
    assert_eq!(in_the_way(&source).map(|(line, _)| line).collect::<Vec<_>>(), [2]);
}
