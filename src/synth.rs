//! Synthesis: a stack becomes a template, and every check looks at it.

mod handler;
mod rust_function;

use crate::{
    asl::build,
    check,
    diagnostic::{Diagnostic, assert_clean, report, sort},
    rule::Rule,
    stack::{FOREIGN, Stack, TAKEN},
    template::{Form, Template},
};

pub(crate) use self::rust_function::rust_functions;

impl Stack {
    /// Everything that is wrong with the stack, sorted by path.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        diagnostics(self)
    }

    /// For a test: panics when anything is wrong with the stack, an error or a warning, with all of it rendered.
    ///
    /// ```should_panic
    /// use formwork::{Stack, aws::sns::Topic};
    ///
    /// let mut stack = Stack::new("mail");
    /// stack.add("Mails", Topic::new().display_name("Mails"));
    /// stack.assert_clean();
    ///
    /// stack.add("Mails", Topic::new());
    /// stack.assert_clean(); // stack `mail` has 1 error: …
    /// ```
    #[track_caller]
    pub fn assert_clean(&self) {
        assert_clean(report(&format!("stack `{}`", self.name()), &self.diagnostics()));
    }

    /// The template, and everything that is wrong with it, sorted by path; the one is of use only if the other holds
    /// no error.
    ///
    /// How large the template is, is judged of its YAML.
    pub fn synthesize(&self) -> (Template, Vec<Diagnostic>) {
        self.synthesize_as(Form::Yaml)
    }

    /// The same for a template that is written in that form.
    pub(crate) fn synthesize_as(&self, form: Form) -> (Template, Vec<Diagnostic>) {
        let template = self.template();
        let mut found = self.problems();
        found.extend(rust_function::unfit_functions(self, &template));
        found.extend(handler::missing_handlers(self, &template));
        let mut checked = check::written(&template, form);
        // What has the name of a handle that is reported is no second fault, nor is the null that is left of what cannot
        // be rendered.
        let reported: Vec<String> = found.iter().filter_map(name_of_handle).collect();
        let is_reported = |fault: &Diagnostic| reported.iter().any(|name| fault.message.contains(name));
        checked.retain(|fault| !NAMES.contains(&fault.code) || !is_reported(fault));
        checked.retain(|null| null.code != "F1013" || !found.iter().any(|f| f.code == "F1004" && f.path == null.path));
        // What the stack uses in a way that is reported is no more left unused than it is used.
        let is_meant = |unused: &Diagnostic| {
            let name = unused.message.split('`').nth(1).map(|name| format!("handle `{name}`"));
            name.is_some_and(|name| found.iter().any(|fault| fault.message.contains(&name)))
        };
        checked.retain(|fault| !UNUSED.contains(&fault.code) || !is_meant(fault));
        // What a definition reads in vain is told best by the workflow, where it knows more than the template.
        let is_told = |fault: &Diagnostic| found.iter().any(|f| IN_VAIN.contains(&f.code) && f.path == fault.path);
        checked.retain(|fault| !IN_VAIN.contains(&fault.code) || !is_told(fault));
        check::acknowledge(&mut checked, &self.acknowledgements());
        checked.iter_mut().filter_map(|fault| fault.help.as_mut()).for_each(in_rust);
        found.extend(checked);
        self.declared.locate(&mut found);
        sort(&mut found);
        (template, found)
    }
}

/// The rules about what is synthesized beside the template.
pub(crate) static RULES: [&Rule; 2] = [&rust_function::UNFIT_FUNCTION, &handler::MISSING_HANDLER];

/// The codes of what is wrong with the name that something refers by.
const NAMES: [&str; 9] = ["E1010", "E1011", "E1019", "E1020", "E1028", "E3005", "E3015", "E6005", "E8007"];

/// The codes of what nothing uses.
const UNUSED: [&str; 3] = ["W2001", "W7001", "W8001"];

/// The codes of what a definition reads in vain.
const IN_VAIN: [&str; 3] = ["F2101", "F2102", "F2103"];

/// The name, as messages quote it, of the handle that is reported: of another stack, or of what has a name that is taken.
fn name_of_handle(fault: &Diagnostic) -> Option<String> {
    let name = [FOREIGN, TAKEN].contains(&fault.code).then(|| fault.message.split('`').nth(1)).flatten();
    name.map(|name| format!("`{name}`"))
}

/// Everything that is wrong with a stack, sorted by path.
pub(crate) fn diagnostics(stack: &Stack) -> Vec<Diagnostic> {
    stack.synthesize().1
}

/// Says what a rule advises in the words of who writes stacks in Rust.
fn in_rust(help: &mut String) {
    if help == check::DECLARE_IT {
        "declare it: `stack.transform(\"AWS::LanguageExtensions\")`, and deploy with CAPABILITY_AUTO_EXPAND"
            .clone_into(help);
    }
    build::in_rust(help);
}

#[cfg(test)]
mod tests {
    use std::panic;

    use super::*;
    use crate::{
        asl::{jsonata, jsonpath, run::Machine},
        aws::{sns::Topic, sqs::Queue, stepfunctions::StateMachine},
        intrinsic::{equals, find_in_map, if_, join, length, no_value, region},
        json::Json,
        stack::Mapping,
        value::{List, Value},
    };

    /// Asserts that synthesis and the interpreter refuse a definition, for that at the pointer.
    #[track_caller]
    fn refused(definition: Json, machine: StateMachine, pointer: &str, message: &str) {
        let mut stack = Stack::new("test");
        stack.add("Machine", machine);
        let found = stack.diagnostics();
        let path = format!("Resources/Machine/Properties/Definition{pointer}");
        let synthesized: Vec<(&str, &str)> = found.iter().map(|it| (&*it.path, it.message.as_str())).collect();
        assert_eq!(synthesized, [(path.as_str(), message)]);
        let found = Machine::new(&definition).unwrap_err();
        let read: Vec<(&str, &str)> = found.iter().map(|it| (&*it.path, it.message.as_str())).collect();
        assert_eq!(read, [(pointer, message)]);
    }

    #[test]
    fn what_a_run_refuses_synthesis_refuses_in_the_same_words() {
        let role = "arn:aws:iam::123456789012:role/Run";
        macro_rules! refused {
            ($language:ident, $state:expr, $pointer:literal, $message:literal) => {{
                use $language::*;
                let workflow = Workflow::new().state("A", $state).state("B", Succeed::new());
                let machine = StateMachine::new(role).workflow(&workflow);
                refused(workflow.definition(), machine, $pointer, $message);
            }};
        }
        refused!(
            jsonata,
            Pass::new().output("{% 1 + %}").next("B"),
            "/States/A/Output",
            "the JSONata expression `1 +` cannot be read: S0207: Unexpected end of expression"
        );
        refused!(
            jsonpath,
            Pass::new().input_path("nope").next("B"),
            "/States/A/InputPath",
            "`n` stands at column 1 of `nope`; expected `$`"
        );
        refused!(
            jsonata,
            Wait::timestamp("tomorrow").next("B"),
            "/States/A/Timestamp",
            "`Timestamp` is \"tomorrow\"; expected one such as \"2026-01-01T00:00:00Z\""
        );
        refused!(
            jsonpath,
            Pass::new().parameters(serde_json::json!({"a.$": "States.Fromat('b')"})).next("B"),
            "/States/A/Parameters/a.$",
            "`States.Fromat` is no intrinsic function; did you mean `States.Format`?"
        );
        refused!(
            jsonata,
            Choice::new().when("$states.input.a", "B").otherwise("B"),
            "/States/A/Choices/0/Condition",
            "`Condition` is \"$states.input.a\"; expected a JSONata expression between `{%` and `%}`, or true or false"
        );
    }

    #[test]
    fn a_failed_assertion_says_what_is_wrong() {
        let mut stack = Stack::new("mail");
        let line = line!();
        stack.add("Mails", Topic::new());
        stack.assert_clean();
        stack.add("Mails", Topic::new());
        let failure = panic::catch_unwind(|| stack.assert_clean()).expect_err("an id is used twice");
        assert_eq!(
            failure.downcast_ref::<String>().map(String::as_str),
            Some(&*format!(
                "stack `mail` has 1 error:\n\n\
                 error[F1001]: the logical id `Mails` is used twice; expected each to be unique\n  \
                 at   Resources/Mails\n  \
                 from src/synth.rs:{}\n  \
                 help it is first declared at src/synth.rs:{}",
                line + 3,
                line + 1
            ))
        );
    }

    #[test]
    fn a_wrong_handle_is_one_fault() {
        let mut other = Stack::new("other");
        let foreign = other.add("Mails", Topic::new());
        let condition = other.condition("Live", equals(region(), "eu-west-1"));
        let mapping = other.mapping("Names", Mapping::new().entry("eu-west-1", "Queue", "a"));
        let faults = |compose: &dyn Fn(&mut Stack)| {
            let mut stack = Stack::new("orders");
            stack.add("Orders", Queue::new());
            compose(&mut stack);
            stack.diagnostics().iter().map(|fault| fault.code).collect::<Vec<_>>()
        };
        let named = |stack: &mut Stack, name: Value<String>| {
            stack.add("Letters", Queue::new().queue_name(name));
        };
        assert_eq!(faults(&|stack| named(stack, foreign.topic_name())), ["F1003"]);
        assert_eq!(faults(&|stack| named(stack, join("", [foreign.topic_name(), foreign.topic_arn()]))), ["F1003"]);
        assert_eq!(faults(&|stack| named(stack, if_(&condition, "a", "b"))), ["F1003"]);
        assert_eq!(faults(&|stack| named(stack, find_in_map(&mapping, "eu-west-1", "Queue"))), ["F1003"]);
        let twice = |stack: &mut Stack| {
            let dropped = stack.add("Orders", Topic::new());
            named(stack, dropped.topic_name());
        };
        assert_eq!(faults(&twice), ["F1001"]);
    }

    #[test]
    fn what_a_stack_must_do_is_told_in_rust() {
        let mut stack = Stack::new("mail");
        stack.add("Letters", Queue::new().delay_seconds(length::<String>(List::new().item("a").item(no_value()))));
        let found = stack.diagnostics();
        assert_eq!(found[0].code, "E1030");
        assert_eq!(
            found[0].help.as_deref(),
            Some("declare it: `stack.transform(\"AWS::LanguageExtensions\")`, and deploy with CAPABILITY_AUTO_EXPAND")
        );
    }
}
