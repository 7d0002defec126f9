//! Help and `completions`.

use formwork::cli;

use crate::project::{mail, of, run};

const VERBS: [&str; 11] =
    ["list", "synth", "asl", "check", "run", "mock", "diff", "graph", "explain", "completions", "man"];

#[test]
fn completions_name_the_program_and_its_commands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (code, script, err) = run(&of([mail]), &format!("completions {shell}"));
        assert_eq!((code, err.as_str()), (0, ""));
        assert!(script.contains("coffee-report"), "{shell}");
        for verb in VERBS {
            assert!(script.contains(verb), "{shell}: {verb}");
        }
        for option in ["--watch", "--resources", "--against"] {
            // fish writes its options without hyphens.
            assert!(script.contains(option) || script.contains(&option.replace("--", "-l ")), "{shell}: {option}");
        }
    }
}

#[test]
fn the_examples_of_the_help_name_the_program() {
    let mut out = Vec::new();
    assert_eq!(cli::run(&of([mail]), ["/usr/bin/post", "synth", "--help"], &mut out, &mut Vec::new()), 0);
    let help = String::from_utf8(out).unwrap();
    assert!(help.contains("  post synth > template.yaml\n") && help.contains("Usage: post synth"), "{help}");
}

#[test]
fn the_manual_has_a_page_for_the_program_and_one_for_each_command() {
    let folder = tempfile::tempdir().unwrap();
    let (code, out, err) = run(&of([mail]), &format!("man --output {}/man1", folder.path().display()));
    assert_eq!((code, out.as_str(), err.as_str()), (0, "", ""));
    let page = |name: &str| std::fs::read_to_string(folder.path().join("man1").join(name)).unwrap();
    let whole = page("coffee-report.1");
    for verb in VERBS {
        assert!(whole.contains(&format!("coffee\\-report\\-{verb}(1)")), "{verb}");
        let page = page(&format!("coffee-report-{verb}.1"));
        assert_eq!(run(&of([mail]), &format!("man {verb}")), (0, page.clone(), String::new()));
        assert!(page.contains(&format!(".TH coffee-report-{verb} 1 ")), "{page}");
        assert!(page.contains(&format!("\\fBcoffee\\-report {verb}\\fR")), "{page}");
    }
    assert_eq!(run(&of([mail]), "man").1, whole);
    let example = "\ncoffee\\-report synth > template.yaml\n";
    assert!(
        page("coffee-report-synth.1").contains(&format!(".SH EXAMPLES\n.nf{example}")),
        "{}",
        page("coffee-report-synth.1")
    );
    let files = std::fs::read_dir(folder.path().join("man1")).unwrap().count();
    assert_eq!(files, 1 + VERBS.len());
}

#[test]
fn a_page_of_no_command_is_an_error() {
    let message = "error: there is no command `synht`; did you mean `synth`?\n";
    assert_eq!(run(&of([mail]), "man synht"), (2, String::new(), message.into()));
    let (code, _, err) = run(&of([mail]), "man --output /dev/null/man1");
    assert!(code == 2 && err.starts_with("error: `/dev/null/man1` cannot be written to: "), "{err}");
}
