//! `list`.

use formwork::Project;

use crate::project::{letters, mail, of, run};

#[test]
fn list_prints_a_line_a_stack() {
    assert_eq!(
        run(&of([mail, letters]), "list"),
        (0, "mail              Sends mails\nletters-on-paper\n".into(), String::new())
    );
}

#[test]
fn list_keeps_a_description_of_several_lines_on_one() {
    let stack = || {
        let mut stack = mail();
        stack.description("Sends mails.\n\n  Also letters.\n");
        stack
    };
    assert_eq!(run(&Project::new().stack(stack), "list").1, "mail  Sends mails. Also letters.\n");
}

#[test]
fn list_says_what_data_there_is_and_of_which_date() {
    let (code, out, err) = run(&Project::new(), "list --data");
    assert_eq!((code, err.as_str()), (0, ""));
    let lines: Vec<&str> = out.lines().collect();
    let sets = ["resource types", "operations", "actions of IAM", "deploy actions", "managed policies", "runtimes"];
    for (line, what) in lines.iter().zip(sets) {
        let words: Vec<&str> = line.split_whitespace().collect();
        assert!(line.contains(what) && words[0].parse::<usize>().unwrap() > 40, "{line}");
        let date = words.last().unwrap();
        assert!(date.len() == 10 && date.starts_with("20") && line.contains(" bytes  "), "{line}");
    }
    assert_eq!(lines.len(), sets.len(), "{out}");
}
