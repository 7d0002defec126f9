//! Synthesis: a stack becomes a template, and every check looks at it.

use crate::{
    asl::build,
    check,
    diagnostic::{Diagnostic, sort},
    stack::Stack,
    template::Template,
};

impl Stack {
    /// Everything that is wrong with the stack, sorted by path.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        self.synthesize().1
    }

    /// The template, and everything that is wrong with it, sorted by path; the one is of use only if the other holds
    /// no error.
    pub fn synthesize(&self) -> (Template, Vec<Diagnostic>) {
        let template = self.template();
        let mut found = self.problems();
        let mut checked = check::all(&template);
        // What cannot be rendered leaves a null behind, which is no second fault.
        checked.retain(|null| null.code != "F1013" || !found.iter().any(|f| f.code == "F1004" && f.path == null.path));
        checked.iter_mut().filter_map(|fault| fault.help.as_mut()).for_each(in_rust);
        found.extend(checked);
        for diagnostic in found.iter_mut().filter(|diagnostic| diagnostic.declared_at.is_none()) {
            diagnostic.declared_at = self.declared_at(&diagnostic.path);
        }
        sort(&mut found);
        (template, found)
    }
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
    use crate::{
        aws::sqs::Queue,
        intrinsic::{length, no_value},
        stack::Stack,
        value::List,
    };

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
