//! A rule: what a diagnostic's code stands for, and the page that explains it.

use std::fmt;

use crate::diagnostic::{Diagnostic, Path, Severity};

/// A fault that something here finds. Each is declared beside the code that finds it.
#[derive(Debug)]
pub(crate) struct Rule {
    /// The code of its diagnostics; rules that AWS has no codes of their own for may share one.
    pub code: &'static str,
    pub severity: Severity,
    /// The fault, in half a sentence.
    pub title: &'static str,
    /// What it finds, and why AWS refuses that or what goes wrong with it.
    pub why: &'static str,
    /// Something that has the fault.
    pub fails: &'static str,
    /// The same without it.
    pub passes: &'static str,
    /// The page that states it.
    pub docs: Option<&'static str>,
}

impl Rule {
    /// Its diagnostic at a path.
    pub fn at(&self, path: impl Into<Path>, message: impl Into<String>) -> Diagnostic {
        let diagnostic = match self.severity {
            Severity::Error => Diagnostic::error(self.code, path, message),
            Severity::Warning => Diagnostic::warning(self.code, path, message),
        };
        match self.docs {
            Some(page) => diagnostic.docs(page),
            None => diagnostic,
        }
    }
}

/// The page about it.
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = self.severity.name();
        let Self { code, title, why, fails, passes, docs, .. } = self;
        let indented = |f: &mut fmt::Formatter<'_>, text: &str| {
            text.trim().lines().try_for_each(|line| match line {
                "" => writeln!(f),
                line => writeln!(f, "    {line}"),
            })
        };
        writeln!(f, "{severity}[{code}]: {title}\n\n{}\n\nThis fails:\n", why.trim())?;
        indented(f, fails)?;
        writeln!(f, "\nThis passes:\n")?;
        indented(f, passes)?;
        match docs {
            Some(page) => writeln!(f, "\ndocs {page}"),
            None => Ok(()),
        }
    }
}

/// A check, and the rules whose faults it finds.
pub(crate) struct Check<F> {
    pub rules: &'static [&'static Rule],
    /// Appends to what was found so far.
    pub run: F,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_the_rule_an_example_and_its_source() {
        let rule = Rule {
            code: "F1000",
            severity: Severity::Warning,
            title: "a door is open",
            why: "Heat goes out.",
            fails: "Door:\n\n  Open: true\n",
            passes: "Door: {}",
            docs: Some("https://example.com/doors"),
        };
        assert_eq!(
            rule.to_string(),
            "warning[F1000]: a door is open\n\nHeat goes out.\n\nThis fails:\n\n    Door:\n\n      Open: true\n\n\
             This passes:\n\n    Door: {}\n\ndocs https://example.com/doors\n"
        );
        let found = rule.at("Doors/0", "the door is open; expected it closed");
        assert_eq!(
            found.to_string(),
            "warning[F1000]: the door is open; expected it closed\n  at   Doors/0\n  docs https://example.com/doors"
        );
    }
}
