//! Imports of templates that have every construct: what is written for each stands beside it, and is compiled here; what
//! that synthesizes differs from the template in nothing.
//!
//! `UPDATE=1 cargo test --test import` writes them.

#![deny(warnings)]

use std::{fs, path::Path, process::Command};

use formwork::{
    Stack,
    diff::diff,
    import::{Imported, Source, import},
    template::Template,
};

/// A template by its name, and the code that is written for it.
type Case = (&'static str, fn() -> Stack);

macro_rules! templates {
    ($($name:ident $file:literal),* $(,)?) => {
        $(
            #[path = "import"]
            mod $name {
                #[path = $file]
                mod code;
                pub use code::stack;
            }
        )*

        /// The templates, with the code that is written for each.
        const TEMPLATES: &[Case] = &[$((stringify!($name), $name::stack)),*];
    };
}

templates! {
    alarms "alarms.rs",
    api "api.rs",
    attributes "attributes.rs",
    comments "comments.rs",
    forward "forward.rs",
    intrinsics "intrinsics.rs",
    json "json.rs",
    loops "loops.rs",
    machine "machine.rs",
    names "names.rs",
    network "network.rs",
    odd "odd.rs",
    parameters "parameters.rs",
    policies "policies.rs",
    queue "queue.rs",
    raw "raw.rs",
    sam "sam.rs",
    sections "sections.rs",
    texts "texts.rs",
    users "users.rs",
}

/// The templates that are imported as the files of a folder too.
const SEVERAL: &[Case] = &[("comments", several_comments::stack), ("network", several_network::stack)];

#[path = "import/several/comments/mod.rs"]
mod several_comments;
#[path = "import/several/network/mod.rs"]
mod several_network;

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import")
}

fn template(name: &str) -> (String, Template, String) {
    let ending = if name == "json" { "json" } else { "yaml" };
    let file = format!("{name}.{ending}");
    let text = fs::read_to_string(folder().join(&file)).expect("each template has a file");
    let template = Template::parse(&text).expect("it is a template");
    (text, template, file)
}

fn imported(name: &str) -> Imported {
    let (text, template, file) = template(name);
    let source = Source { template: &template, text: Some(&text), name, file: &file, with_features: false };
    import(&source).expect("it can be imported")
}

#[test]
fn the_code_of_each_template_is_what_is_written_today() {
    let update = std::env::var_os("UPDATE").is_some();
    let templates = fs::read_dir(folder()).unwrap().map(|file| file.unwrap().path());
    assert_eq!(
        templates.filter(|file| file.is_file() && file.extension().is_none_or(|it| it != "rs")).count(),
        TEMPLATES.len()
    );
    for (name, _) in TEMPLATES {
        let (code, file) = (imported(name).file(), folder().join(format!("{name}.rs")));
        if update {
            fs::write(&file, code).unwrap();
        } else {
            assert!(fs::read_to_string(&file).unwrap() == code, "{name}.rs differs; UPDATE=1 writes it");
        }
    }
    for (name, _) in SEVERAL {
        let into = folder().join("several").join(name);
        for (file, text) in imported(name).files() {
            if update {
                fs::create_dir_all(&into).unwrap();
                fs::write(into.join(&file), text).unwrap();
            } else {
                assert!(
                    fs::read_to_string(into.join(&file)).unwrap() == text,
                    "{file} of {name} differs; UPDATE=1 writes it"
                );
            }
        }
    }
}

#[test]
fn what_the_code_synthesizes_differs_from_its_template_in_nothing() {
    for (name, stack) in TEMPLATES.iter().chain(SEVERAL) {
        let (_, old, _) = template(name);
        let found = diff(&old, &stack().template());
        assert!(found.is_empty(), "{name}: {found:?}");
    }
}

#[test]
fn rustfmt_would_change_nothing() {
    let files = TEMPLATES.iter().map(|(name, _)| folder().join(format!("{name}.rs")));
    let several = SEVERAL.iter().map(|(name, _)| folder().join("several").join(name).join("mod.rs"));
    let config = Path::new(env!("CARGO_MANIFEST_DIR")).join("rustfmt.toml");
    let mut command = Command::new("rustfmt");
    command.args(["--check", "--edition", "2024", "--config-path"]).arg(config).args(files).args(several);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
