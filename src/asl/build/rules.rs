//! The rules that only a workflow written in Rust can break: its definition never shows it.

use crate::{diagnostic::Severity, rule::Rule};

static TWO_VALUES: Rule = Rule {
    code: "F2003",
    severity: Severity::Error,
    title: "a substitution that has two values",
    why: "\
One `${Token}` of the definition is given two values, by `.substitution(…)` or by an attribute of a
handle that makes a token of the same name. `DefinitionSubstitutions` holds one, so that the other
would be lost.",
    fails: r#"
workflow.substitution("Stage", "test").substitution("Stage", "live")"#,
    passes: r#"
workflow.substitution("Stage", "test").substitution("NextStage", "live")"#,
    docs: None,
};

/// The rules whose faults a workflow reports itself.
pub(crate) static RULES: [&Rule; 1] = [&TWO_VALUES];
