//! Imports templates into a crate whose program says what the round trip of each gives, for CI to build and run:
//! `import_crate [--with-features] FOLDER FILE…` writes `Cargo.toml` and `src/` below the folder, and prints `refused` or
//! `unread` with the reason for each file that is not among them.
//!
//! The program prints `same` or `different` with the name of each file, and what differs.

use std::{
    fmt::Write as _,
    fs,
    io::{self, Write as _},
    path::Path,
};

use formwork::{
    import::{Source, import},
    template::Template,
};

/// Modules of a crate: each crate is compiled on its own.
const MODULES: usize = 10_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words: Vec<String> = std::env::args().skip(1).collect();
    let with_features = words.first().is_some_and(|word| word == "--with-features");
    words.drain(..usize::from(with_features));
    let [folder, files @ ..] = words.as_slice() else { return Err("expected a folder and files".into()) };
    let source = Path::new(folder).join("src");
    fs::create_dir_all(&source)?;
    let mut out = io::stdout().lock();
    let (mut modules, mut calls) = (String::new(), String::new());
    for (number, file) in files.iter().take(MODULES).enumerate() {
        let text = match fs::read_to_string(file) {
            Ok(text) => text,
            Err(error) => {
                writeln!(out, "unread {file}: {error}")?;
                continue;
            }
        };
        let template = match Template::parse(&text) {
            Ok(template) if template.as_json().get("Resources").is_some() => template,
            Ok(_) => {
                writeln!(out, "unread {file}: no template")?;
                continue;
            }
            Err(error) => {
                writeln!(out, "unread {file}: {error}")?;
                continue;
            }
        };
        match import(&Source { template: &template, text: Some(&text), name: "imported", file: "", with_features }) {
            Ok(imported) => {
                fs::write(source.join(format!("m{number}.rs")), imported.file())?;
                writeln!(modules, "mod m{number};")?;
                let path = fs::canonicalize(file)?;
                writeln!(calls, "    compare({:?}, m{number}::stack);", path.to_string_lossy())?;
            }
            Err(faults) => writeln!(out, "refused {file}: {}", faults[0].message)?,
        }
    }
    let formwork = env!("CARGO_MANIFEST_DIR");
    let features = if with_features { ", features = [\"all\"]" } else { "" };
    fs::write(
        Path::new(folder).join("Cargo.toml"),
        format!(
            "[package]\nname = \"imported\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\nformwork = {{ path = {formwork:?}{features} }}\n\n[profile.dev.package.imported]\ndebug = false\n"
        ),
    )?;
    fs::write(source.join("main.rs"), format!("#![deny(warnings)]\n\n{modules}{PROGRAM}fn main() {{\n{calls}}}\n"))?;
    Ok(())
}

const PROGRAM: &str = r#"
use formwork::{Stack, diff::diff, template::Template};

fn compare(file: &str, stack: fn() -> Stack) {
    let old = Template::parse(&std::fs::read_to_string(file).unwrap()).unwrap();
    let stack = stack();
    let new = stack.template();
    let found = diff(&old, &new);
    if found.is_empty() {
        println!("same {file}");
    } else {
        println!("different {file}: {}", serde_json_text(&found));
    }
}

fn serde_json_text(found: &formwork::diff::Diff) -> String {
    format!("{:?} {:?} {:?} {:?} {:?} {:?}", found.resources, found.parameters, found.mappings, found.conditions, found.outputs, found.others)
}

"#;
