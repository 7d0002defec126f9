//! GitHub: workflow commands, each of which becomes an annotation.
//!
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>

use super::sources::{Line, Sources};
use crate::diagnostic::Diagnostic;

/// The command that annotates the line of a fault.
pub(super) fn command(fault: &Diagnostic, sources: &mut Sources) -> String {
    let mut properties = Vec::new();
    if let Some(origin) = fault.origin() {
        properties.push(("file", origin.file().to_owned()));
        properties.push(("line", origin.line().to_string()));
        if let Some(column) = origin.column() {
            properties.push(("col", column.to_string()));
            let end = sources.line(fault).as_ref().map(Line::end_column);
            properties.extend(end.map(|end| ("endColumn", end.to_string())));
        }
    }
    properties.push(("title", fault.code.to_owned()));
    let properties: Vec<String> =
        properties.into_iter().map(|(name, value)| format!("{name}={}", property(&value))).collect();
    let mut message = fault.message.clone();
    let parts = [
        ("at", (!fault.path.is_empty()).then_some(&*fault.path)),
        ("help", fault.help.as_deref()),
        ("docs", fault.docs),
    ];
    for (name, text) in parts {
        message.extend(text.map(|text| format!("\n{name}: {text}")));
    }
    format!("::{} {}::{}", fault.severity.name(), properties.join(","), data(&message))
}

/// The command that annotates nothing in particular.
pub(in crate::cli) fn annotation(level: &str, title: &str, message: &str) -> String {
    format!("::{level} title={}::{}", property(title), data(message))
}

/// The text of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{FilePosition, Position};

    #[test]
    fn what_ends_a_command_or_a_property_is_escaped() {
        let mut fault = Diagnostic::error("E1", "Resources/A", "100 %\r\nof it: wrong").help("mend, it");
        let mut sources = Sources::default();
        sources.add("a,b:c.yaml", "Name: 1\n".to_owned());
        fault.read_at = Some(FilePosition { file: "a,b:c.yaml".to_owned(), position: Position { line: 1, column: 1 } });
        assert_eq!(
            command(&fault, &mut sources),
            "::error file=a%2Cb%3Ac.yaml,line=1,col=1,endColumn=5,title=E1::100 %25%0D%0Aof it: wrong%0Aat: \
             Resources/A%0Ahelp: mend, it"
        );
        let nowhere = Diagnostic::warning("F1", "", "it is large");
        assert_eq!(command(&nowhere, &mut sources), "::warning title=F1::it is large");
    }
}
