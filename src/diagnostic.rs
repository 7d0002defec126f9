//! A diagnostic says that the user's stack or workflow is wrong: collected, sorted by path, never thrown.

mod acknowledgement;
mod budget;
mod declarations;
mod names;
mod origin;
mod path;

use std::{borrow::Cow, cmp::Ordering, fmt};

use serde::Serialize;

pub(crate) use acknowledgement::Acknowledgement;
pub(crate) use budget::Budget;
pub(crate) use declarations::Declarations;
pub(crate) use names::{Names, nearest};
pub use origin::{FilePosition, Origin, Position, Source};
pub use path::Path;

/// How bad it is: an error stops synthesis, a warning does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// AWS would refuse it, or it cannot work.
    Error,
    /// It deploys, and is probably not what was meant.
    Warning,
}

impl Severity {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }
}

/// One fault of a stack or workflow: what is, what was expected, where, and what to do.
///
/// [`Display`](fmt::Display) gives the text form, `Serialize` the JSON form
/// `{severity, code, message, path, file, line, column, help, docs}`.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// Whether it stops synthesis.
    pub severity: Severity,
    /// cfn-lint's id where the rule is theirs (`E1020`), AWS's name for faults of a definition
    /// (`MISSING_TRANSITION_TARGET`), else an own `F…` code.
    pub code: &'static str,
    /// One sentence: what is, then what was expected.
    pub message: String,
    /// Where in the template (`Resources/Topic/Properties/TopicName`) or the definition (`/States/Render/Next`);
    /// empty where it is about the whole.
    pub path: Path,
    /// Where in the Rust source.
    pub declared_at: Option<Source>,
    /// Where in a file that was read.
    pub read_at: Option<FilePosition>,
    /// What to do about it.
    pub help: Option<String>,
    /// The page that states the rule.
    pub docs: Option<&'static str>,
}

impl Diagnostic {
    /// An error at `path`.
    pub fn error(code: &'static str, path: impl Into<Path>, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            code,
            message: message.into(),
            path: path.into(),
            declared_at: None,
            read_at: None,
            help: None,
            docs: None,
        }
    }

    /// A warning at `path`.
    pub fn warning(code: &'static str, path: impl Into<Path>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, path, message) }
    }

    /// The same fault, seen from what holds the template or definition: `outer` is where that is.
    #[must_use]
    pub(crate) fn within(mut self, outer: &Path) -> Self {
        self.path = self.path.within(outer);
        self
    }

    /// Names the Rust line at fault.
    pub fn declared_at(mut self, source: impl Into<Option<Source>>) -> Self {
        self.declared_at = source.into();
        self
    }

    /// Where the thing at fault comes from: the Rust line where there is one, else the place in a file.
    pub fn origin(&self) -> Option<Origin<'_>> {
        self.declared_at.as_ref().map(Origin::Rust).or(self.read_at.as_ref().map(Origin::File))
    }

    /// Says what to do.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Proposes the nearest of the names that would have been right, if one is near.
    pub fn did_you_mean<'a>(self, wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        self.propose(nearest(wrong, known))
    }

    /// Proposes a name, if there is one.
    pub(crate) fn propose(self, name: Option<&str>) -> Self {
        match name {
            Some(name) => self.help(format!("did you mean `{name}`?")),
            None => self,
        }
    }

    /// Names the page that states the rule.
    pub fn docs(mut self, page: &'static str) -> Self {
        self.docs = Some(page);
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]: {}", self.severity.name(), self.code, visible(&self.message))?;
        if !self.path.is_empty() {
            write!(f, "\n  at   {}", visible(&self.path))?;
        }
        if let Some(origin) = self.origin() {
            write!(f, "\n  from {origin}")?;
        }
        if let Some(help) = &self.help {
            write!(f, "\n  help {help}")?;
        }
        if let Some(docs) = self.docs {
            write!(f, "\n  docs {docs}")?;
        }
        Ok(())
    }
}

impl Serialize for Diagnostic {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Flat<'a> {
            severity: Severity,
            code: &'a str,
            message: &'a str,
            path: &'a str,
            file: Option<&'a str>,
            line: Option<u32>,
            column: Option<u32>,
            help: Option<&'a str>,
            docs: Option<&'a str>,
        }
        let origin = self.origin();
        Flat {
            severity: self.severity,
            code: self.code,
            message: &self.message,
            path: &self.path,
            file: origin.map(Origin::file),
            line: origin.map(Origin::line),
            column: origin.and_then(Origin::column),
            help: self.help.as_deref(),
            docs: self.docs,
        }
        .serialize(serializer)
    }
}

/// A text without control characters, which a name in anyone's file may have: they would reach the terminal.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(char::is_control) {
        return text.into();
    }
    let escaped = |letter: char| match letter.is_control() {
        true => letter.escape_default().to_string(),
        false => letter.to_string(),
    };
    text.chars().map(escaped).collect::<String>().into()
}

/// Sorts by path, its numbers as numbers, errors before warnings at the same one.
pub(crate) fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by(|a, b| {
        let key = |d: &Diagnostic| (d.severity, d.code);
        let paths = || compare(&a.path, &b.path);
        paths().then_with(|| key(a).cmp(&key(b))).then_with(|| a.message.cmp(&b.message))
    });
}

/// The order of two paths, part by part.
fn compare(a: &str, b: &str) -> Ordering {
    let number = |part: &str| part.parse::<u64>().ok();
    for (a, b) in a.split('/').zip(b.split('/')) {
        let order = match (number(a), number(b)) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => a.cmp(b),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    a.len().cmp(&b.len())
}

/// What a failed assertion says of `subject`: how many errors and warnings it has, and each of them; nothing where it is
/// clean.
pub(crate) fn report(subject: &str, found: &[Diagnostic]) -> Option<String> {
    let count = |severity: Severity, noun: &str| match found.iter().filter(|one| one.severity == severity).count() {
        0 => None,
        1 => Some(format!("1 {noun}")),
        many => Some(format!("{many} {noun}s")),
    };
    let counts = [count(Severity::Error, "error"), count(Severity::Warning, "warning")];
    let counts: Vec<String> = counts.into_iter().flatten().collect();
    let each: String = found.iter().map(|diagnostic| format!("\n\n{diagnostic}")).collect();
    (!counts.is_empty()).then(|| format!("{subject} has {}:{each}", counts.join(" and ")))
}

/// Panics with what the reports say, if there are any.
#[track_caller]
pub(crate) fn assert_clean(reports: impl IntoIterator<Item = String>) {
    let reports: Vec<String> = reports.into_iter().collect();
    assert!(reports.is_empty(), "{}", reports.join("\n\n"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_form_has_all_seven_parts() {
        let diagnostic = Diagnostic::error(
            "E1020",
            "Resources/Publish/Properties/TopicArn",
            "`Ref` names `ReportTopik`, which the stack does not declare",
        )
        .declared_at(Source { file: "stacks/workflow.rs".into(), line: 66 })
        .did_you_mean("ReportTopik", ["ReportBucket", "ReportTopic"])
        .docs("https://docs.aws.amazon.com/ref");
        assert_eq!(
            diagnostic.to_string(),
            "error[E1020]: `Ref` names `ReportTopik`, which the stack does not declare\n  \
             at   Resources/Publish/Properties/TopicArn\n  \
             from stacks/workflow.rs:66\n  \
             help did you mean `ReportTopic`?\n  \
             docs https://docs.aws.amazon.com/ref"
        );
    }

    #[test]
    fn a_report_counts_and_renders_errors_and_warnings() {
        let error = Diagnostic::error("F1", "Resources/A", "it is wrong");
        let warning = Diagnostic::warning("F2", "Resources/B", "it is odd");
        let report = |found: &[Diagnostic]| report("the stack", found);
        assert_eq!(report(&[]), None);
        let one = "the stack has 1 warning:\n\nwarning[F2]: it is odd\n  at   Resources/B";
        assert_eq!(report(std::slice::from_ref(&warning)).as_deref(), Some(one));
        assert_eq!(
            report(&[error.clone(), error, warning]).as_deref(),
            Some(
                "the stack has 2 errors and 1 warning:\n\n\
                 error[F1]: it is wrong\n  at   Resources/A\n\n\
                 error[F1]: it is wrong\n  at   Resources/A\n\n\
                 warning[F2]: it is odd\n  at   Resources/B"
            )
        );
    }

    #[test]
    fn what_was_read_from_a_file_names_line_and_column_where_no_rust_line_is_known() {
        let position = Position { line: 41, column: 9 };
        let mut diagnostic = Diagnostic::error("F1013", "Resources/R/Properties/P", "the value is null");
        diagnostic.read_at = Some(FilePosition { file: "template.yaml".to_owned(), position });
        assert_eq!(
            diagnostic.to_string(),
            "error[F1013]: the value is null\n  at   Resources/R/Properties/P\n  from template.yaml:41:9"
        );
        assert_eq!(
            serde_json::to_string(&diagnostic).unwrap(),
            r#"{"severity":"error","code":"F1013","message":"the value is null","path":"Resources/R/Properties/P","file":"template.yaml","line":41,"column":9,"help":null,"docs":null}"#
        );
        let diagnostic = diagnostic.declared_at(Source { file: "stacks/mail.rs".into(), line: 7 });
        assert!(diagnostic.to_string().ends_with("\n  from stacks/mail.rs:7"), "{diagnostic}");
        let json = serde_json::to_value(&diagnostic).unwrap();
        assert_eq!((&json["file"], &json["line"], &json["column"]), (&"stacks/mail.rs".into(), &7.into(), &().into()));
    }

    #[test]
    fn control_characters_of_a_name_do_not_reach_the_terminal() {
        let diagnostic = Diagnostic::error("E1", "/States/a\u{1b}[31m", "`a\nb` is wrong");
        assert_eq!(diagnostic.to_string(), "error[E1]: `a\\nb` is wrong\n  at   /States/a\\u{1b}[31m");
    }

    #[test]
    fn numbers_in_paths_are_sorted_as_numbers() {
        let mut found = ["/Choices/10", "/Choices/2", "/Choices", "/Branches/2/States"]
            .map(|path| Diagnostic::error("E1", path, "it is wrong"));
        sort(&mut found);
        let paths: Vec<&str> = found.iter().map(|it| &*it.path).collect();
        assert_eq!(paths, ["/Branches/2/States", "/Choices", "/Choices/2", "/Choices/10"]);
    }
}
