//! Help and `completions`.

use formwork::cli;

use crate::project::{mail, of, run};

#[test]
fn completions_name_the_program_and_its_commands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (code, script, err) = run(&of([mail]), &format!("completions {shell}"));
        assert_eq!((code, err.as_str()), (0, ""));
        assert!(script.contains("coffee-report") && script.contains("synth"), "{shell}");
    }
}

#[test]
fn the_examples_of_the_help_name_the_program() {
    let mut out = Vec::new();
    assert_eq!(cli::run(&of([mail]), ["/usr/bin/post", "synth", "--help"], &mut out, &mut Vec::new()), 0);
    let help = String::from_utf8(out).unwrap();
    assert!(help.contains("  post synth > template.yaml\n") && help.contains("Usage: post synth"), "{help}");
}
