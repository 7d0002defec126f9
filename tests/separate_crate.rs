//! A crate of its own that uses this one, `tests/separate_crate/`: its tests, and that the README shows it as it is.
//!
//! Here it is compiled as a module, which costs a second. That it builds from its own `Cargo.toml`, for which cargo
//! compiles this whole library once more, is a step of `.ci/run`.

#[path = "separate_crate/src/main.rs"]
#[expect(dead_code, reason = "its `main` starts the program")]
mod separate_crate;

const README: &str = include_str!("../README.md");

#[test]
fn the_readme_shows_its_files() {
    let files = [
        ("toml", include_str!("separate_crate/Cargo.toml")),
        ("rust", include_str!("separate_crate/src/main.rs")),
        ("rust", include_str!("separate_crate/src/newsletter.rs")),
    ];
    for (language, file) in files {
        let shown = format!("```{language}\n{file}```\n");
        assert!(README.contains(&shown), "the README does not show\n{shown}");
    }
}
