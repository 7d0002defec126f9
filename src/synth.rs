//! Synthesis: a stack becomes a template, and every check looks at it.

use crate::{
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
        found.extend(checked);
        self.declared.locate(&mut found);
        sort(&mut found);
        (template, found)
    }
}
