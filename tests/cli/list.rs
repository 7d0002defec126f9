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
