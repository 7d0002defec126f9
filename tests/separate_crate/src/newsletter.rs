//! A newsletter: mails the text that the workflow gets, if it gets one.

use formwork::{
    Handle, Stack,
    asl::jsonata::*,
    aws::{iam::Role, sns::Topic, stepfunctions::StateMachine},
    iam::trust,
};

pub fn stack() -> Stack {
    let mut stack = Stack::new("newsletter");
    let readers = stack.add("Readers", Topic::new());
    let workflow = workflow(&readers);
    let role =
        stack.add("SendRole", Role::new(trust("states.amazonaws.com")).policy("SendToReaders", workflow.grants()));
    stack.add("Send", StateMachine::new(role.arn()).workflow(&workflow));
    stack
}

fn workflow(readers: &Handle<Topic>) -> Workflow {
    Workflow::new()
        .state("AnyNews", Choice::new().when("{% $exists($states.input.text) %}", "Publish").otherwise("NoNews"))
        .state("Publish", Task::sns_publish(readers).message("{% $states.input.text %}").end())
        .state("NoNews", Succeed::new())
}

#[cfg(test)]
mod tests {
    use formwork::json;

    use super::*;

    #[test]
    fn nothing_is_wrong_with_the_stack() {
        stack().assert_clean();
    }

    #[test]
    fn the_template_is_the_one_that_was_reviewed() {
        let reviewed = include_str!("../snapshots/newsletter.yaml");
        assert!(
            stack().template().to_yaml() == reviewed,
            "the template has changed: `cargo run -- diff --against snapshots/newsletter.yaml` tells how, and \
             `cargo run -- synth --output snapshots/newsletter.yaml` takes it"
        );
    }

    #[test]
    fn news_go_to_the_readers() {
        let readers = Stack::new("test").add("Readers", Topic::new());
        let outcome = workflow(&readers)
            .run(json!({"text": "The shop is open again"}))
            .task("Publish", |_| Ok(json!({"MessageId": "1"})))
            .finish();
        assert_eq!(outcome.visited(), ["AnyNews", "Publish"]);
        assert_eq!(outcome.calls("Publish")[0]["Message"], "The shop is open again");
    }

    #[test]
    fn nobody_hears_of_no_news() {
        let readers = Stack::new("test").add("Readers", Topic::new());
        assert_eq!(workflow(&readers).run(json!({})).finish().visited(), ["AnyNews", "NoNews"]);
    }
}
