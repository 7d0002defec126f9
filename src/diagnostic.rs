//! A diagnostic says that the user's stack or workflow is wrong: collected, sorted by path, never thrown.

mod declarations;
mod path;

use std::{borrow::Cow, fmt, panic::Location};

use serde::Serialize;
use strsim::damerau_levenshtein;

pub(crate) use declarations::Declarations;
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

/// A line of Rust source: where the thing at fault was declared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// Path as the compiler saw it, relative to the package.
    pub file: Cow<'static, str>,
    /// Line, counted from 1.
    pub line: u32,
}

impl From<&'static Location<'static>> for Source {
    fn from(location: &'static Location<'static>) -> Self {
        Self { file: location.file().into(), line: location.line() }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// One fault of a stack or workflow: what is, what was expected, where, and what to do.
///
/// [`Display`](fmt::Display) gives the text form, `Serialize` the JSON form
/// `{severity, code, message, path, file, line, help, docs}`.
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

    /// Says what to do.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Proposes the nearest of the names that would have been right, if one is near.
    pub fn did_you_mean<'a>(self, wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        match nearest(wrong, known) {
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
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(f, "{severity}[{}]: {}", self.code, self.message)?;
        if !self.path.is_empty() {
            write!(f, "\n  at   {}", self.path)?;
        }
        if let Some(source) = &self.declared_at {
            write!(f, "\n  from {source}")?;
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
            help: Option<&'a str>,
            docs: Option<&'a str>,
        }
        Flat {
            severity: self.severity,
            code: self.code,
            message: &self.message,
            path: &self.path,
            file: self.declared_at.as_ref().map(|source| &*source.file),
            line: self.declared_at.as_ref().map(|source| source.line),
            help: self.help.as_deref(),
            docs: self.docs,
        }
        .serialize(serializer)
    }
}

/// Sorts by path, errors before warnings at the same one.
pub(crate) fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by(|a, b| {
        let key = |d: &Diagnostic| (d.path.clone(), d.severity, d.code, d.message.clone());
        key(a).cmp(&key(b))
    });
}

/// The name that `wrong` was most likely meant to be: the one with the fewest edits, at most a third of its length.
pub(crate) fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = (wrong.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|name| (damerau_levenshtein(&wrong.to_lowercase(), &name.to_lowercase()), name))
        .filter(|(edits, _)| *edits <= allowed)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, name)| name)
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
    fn only_a_near_name_is_proposed() {
        assert_eq!(nearest("RenderHtml", ["Publish", "Wait"]), None);
        assert_eq!(nearest("publish", ["Publish", "Polish"]), Some("Publish"));
        assert_eq!(nearest("Stpo", ["Start", "Stop"]), Some("Stop"), "two letters the wrong way round are one edit");
    }
}
