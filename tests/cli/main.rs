//! The command line, run inside the test; and the real binary for its exit codes and streams.
//!
//! A file for each verb; here is what holds for all of them.

#[path = "../support/coffee_report.rs"]
mod coffee_report;

mod asl;
mod assets;
mod binary;
mod check;
mod diff;
mod explain;
mod graph;
mod help;
mod histories;
mod import;
mod list;
mod new;
mod project;
mod run;
mod source;
mod state;
mod synth;
#[cfg(target_os = "linux")]
mod terminal;
#[cfg(target_os = "linux")]
mod watch;

use formwork::{Composition, Project, json};
use serde_json::Value as Json;

use project::{MOCKS, broken, letters, mail, of, run, two_stacks, workflow};

#[test]
fn a_stack_with_an_error_gives_code_1_and_nothing_on_stdout() {
    for words in ["synth", "asl"] {
        let (code, out, err) = run(&of([broken]), words);
        assert_eq!((code, out.as_str()), (1, ""));
        assert!(err.starts_with("error[F1001]: the logical id `Mails` is used twice"), "{err}");
        assert!(err.ends_with("broken: 1 error, nothing is synthesized\n"), "{err}");
    }
}

#[test]
fn what_cannot_be_done_gives_code_2_and_says_what_was_expected() {
    let cases: [(&Project, &str, &str); 4] = [
        (&of([mail, letters]), "synth", "error: no stack is named; expected one of `mail`, `letters-on-paper`\n"),
        (&of([mail]), "synth post", "error: there is no stack `post`; expected one of `mail`\n"),
        (&of([]), "synth", "error: this program has no stack; expected one in its `main`: `Project::new().stack(…)`\n"),
        (&of([mail]), "asl", "error: stack `mail` has no state machine with a definition\n"),
    ];
    for (project, words, message) in cases {
        assert_eq!(run(project, words), (2, String::new(), message.into()));
    }
    let (code, _, err) = run(&of([mail]), "synth --output /nonexistent/folder/template.yaml");
    assert_eq!(code, 2);
    assert!(err.starts_with("error: `/nonexistent/folder/template.yaml` cannot be written: "), "{err}");
    let (code, _, err) = run(&of([mail]), "synth --format toml");
    assert_eq!(code, 2);
    assert!(err.contains("[possible values: yaml, json]"), "{err}");
}

#[test]
fn each_stack_of_a_project_has_its_own_template_machine_and_mocks() {
    let project = two_stacks();
    project.assert_clean();
    assert_eq!(run(&project, "list").1, "greetings\nfarewells\nmail       Sends mails\n");
    for (stack, resource) in [("greetings", "GreetingsTopicArn"), ("farewells", "FarewellsTopicArn")] {
        for verb in ["synth", "asl"] {
            let (code, out, err) = run(&project, &format!("{verb} {stack}"));
            assert_eq!((code, err.as_str()), (0, ""));
            assert!(out.contains(resource), "{verb} {stack}: {out}");
        }
    }
    let (code, out, err) = run(&project, "run farewells --format json");
    assert_eq!((code, err.as_str()), (0, ""));
    let json: Json = serde_json::from_str(&out).unwrap();
    assert_eq!(json["output"], json!({"MessageId": "2"}));
    assert_eq!(run(&project, "run greetings --test-case Refused").0, 1, "the execution fails as that test case says");
    let message = "error: no stack is named; expected one of `greetings`, `farewells`, `mail`\n";
    assert_eq!(run(&project, "run"), (2, String::new(), message.into()));
}

#[test]
fn a_project_that_is_wrong_gives_code_2_and_says_where() {
    let line = line!() + 1;
    let twice = Project::new().stack(mail).stack(letters).stack(mail);
    let message = format!(
        "error: two stacks are named `mail` (tests/cli/main.rs:{line} and tests/cli/main.rs:{line}); expected a name for each\n"
    );
    for words in ["list", "synth letters-on-paper", "asl mail", "run"] {
        assert_eq!(run(&twice, words), (2, String::new(), message.clone()), "{words}");
    }
    assert_eq!(run(&twice, "completions bash").0, 0, "no stack matters to it");
    let message = "error: this program has no stack; expected one in its `main`: `Project::new().stack(…)`\n";
    for words in ["list", "synth", "synth mail"] {
        assert_eq!(run(&Project::new(), words), (2, String::new(), message.into()), "{words}");
    }
    let line = line!() + 1;
    let unread = Project::new().stack(Composition::new(workflow).mocks(MOCKS.replace("\"0\"", "\"first\"")));
    let message = format!(
        "error: the mocks of `greetings` (tests/cli/main.rs:{line}): `MockedResponses/Sent/first` is not a number; expected \
         one such as `0`, or a range such as `1-3`\n"
    );
    assert_eq!(run(&unread, "run"), (2, String::new(), message));
    assert_eq!(run(&unread, "asl").0, 0, "the mocks matter to `run` alone");
}
