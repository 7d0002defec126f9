//! Reports: what is wrong, in the form that a person or a program reads.

pub(super) mod github;
mod sarif;
mod sources;
mod text;

use std::io::{self, Write};

use clap::ValueEnum;

pub(super) use self::{sources::Sources, text::render};

use super::screen::Screen;
use crate::{
    diagnostic::{Diagnostic, Severity, visible},
    json,
};

/// The form of a report.
#[derive(Clone, Copy, ValueEnum)]
pub(super) enum Format {
    /// Each fault with the line of the file that has it
    Text,
    /// An array of {severity, code, message, path, file, line, column, help, docs}
    Json,
    /// SARIF 2.1.0, which GitHub's code scanning and editors read
    Sarif,
    /// Commands of GitHub's workflows, which annotate the lines of a pull request
    Github,
}

/// Something that was checked, and what is wrong with it.
pub(super) struct Subject {
    /// What messages call it.
    pub name: String,
    pub found: Vec<Diagnostic>,
}

/// Faults of one subject that a person is told; who wants all of them takes a form for programs.
const MOST_TOLD: usize = 200;

/// Writes what is wrong with all of them.
pub(super) fn write(
    out: &mut dyn Write,
    format: Format,
    subjects: &[Subject],
    sources: &mut Sources,
    screen: Screen,
) -> io::Result<()> {
    let each = || subjects.iter().flat_map(|subject| &subject.found);
    match format {
        Format::Text => {
            for subject in subjects {
                for fault in subject.found.iter().take(MOST_TOLD) {
                    writeln!(out, "{}\n", render(fault, &subject.name, sources, screen))?;
                }
                if let Some(more @ 1..) = subject.found.len().checked_sub(MOST_TOLD) {
                    let faults = if more == 1 { "fault" } else { "faults" };
                    let name = visible(&subject.name);
                    writeln!(out, "and {more} more {faults} of {name}; `--format json` tells all of them\n")?;
                }
            }
            Ok(())
        }
        Format::Json => {
            // One after the other: there may be hundreds of thousands.
            let mut before = "[\n";
            for fault in each() {
                let fault = json::ascii(&serde_json::to_value(fault)?, true);
                write!(out, "{before}  {}", fault.replace('\n', "\n  "))?;
                before = ",\n";
            }
            writeln!(out, "{}", if before == "[\n" { "[]" } else { "\n]" })
        }
        Format::Sarif => writeln!(out, "{}", json::ascii(&sarif::log(each(), sources), true)),
        Format::Github => each().try_for_each(|fault| writeln!(out, "{}", github::command(fault, sources))),
    }
}

/// How many faults are that bad.
pub(super) fn count(subjects: &[Subject], severity: Severity) -> usize {
    subjects.iter().flat_map(|subject| &subject.found).filter(|fault| fault.severity == severity).count()
}
