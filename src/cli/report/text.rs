//! Text: a fault with the line that has it, as compilers show them.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin as At, Renderer, Snippet};

use super::sources::{Line, Sources};
use crate::{
    cli::screen::Screen,
    diagnostic::{Diagnostic, Origin, Severity, visible},
};

/// Bytes of the longest line that is shown from its beginning; of a longer one (a template on one line, say) only that
/// much around the fault is looked at.
const LONGEST: usize = 1_000;

/// The text of a fault. `subject` is what is named where the fault has no place.
pub(in crate::cli) fn render(fault: &Diagnostic, subject: &str, sources: &mut Sources, screen: Screen) -> String {
    let level = match fault.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let note = |name: &'static str, text: &str| Level::NOTE.with_name(name).message(visible(text).into_owned());
    let mut group = Group::with_title(level.primary_title(visible(&fault.message)).id(fault.code));
    match (fault.origin(), sources.line(fault)) {
        (Some(origin), Some(line)) => group = place(group, origin, &line),
        (Some(origin), None) => group = group.element(at(origin)),
        (None, _) => {}
    }
    if !fault.path.is_empty() {
        group = group.element(note("at", &fault.path));
    }
    if fault.origin().is_none() {
        group = group.element(note("in", subject));
    }
    if let Some(help) = &fault.help {
        group = group.element(note("help", help));
    }
    if let Some(docs) = fault.docs {
        group = group.element(note("docs", docs));
    }
    let renderer = if screen.colour { Renderer::styled() } else { Renderer::plain() };
    renderer.term_width(screen.width).render(&[group])
}

/// Adds the line with what is meant underlined.
fn place<'a>(group: Group<'a>, origin: Origin<'a>, line: &Line<'_>) -> Group<'a> {
    let shown = window(line);
    let end = line.span.end.min(shown.end);
    let [before, meant, after] =
        [shown.start..line.span.start, line.span.start..end, end..shown.end].map(|part| printable(&line.text[part]));
    let span = before.len()..before.len() + meant.len();
    let number = usize::try_from(origin.line()).unwrap_or_default();
    let snippet =
        Snippet::source(before + &meant + &after).line_start(number).annotation(AnnotationKind::Primary.span(span));
    match shown.start {
        0 => group.element(snippet.path(visible(origin.file()))),
        // Its own column would be that in what is shown.
        _ => group.element(at(origin)).element(snippet),
    }
}

/// The text without the control characters beyond ASCII, some of which a terminal obeys; of the others `annotate-snippets`
/// shows a picture.
fn printable(text: &str) -> String {
    text.replace(|letter: char| letter.is_control() && !letter.is_ascii(), "\u{fffd}")
}

fn at(origin: Origin<'_>) -> At<'_> {
    let number = |number: u32| usize::try_from(number).unwrap_or_default();
    let at = At::path(visible(origin.file())).line(number(origin.line()));
    match origin.column() {
        Some(column) => at.char_column(number(column)),
        None => at,
    }
}

/// The part of a line that is shown.
fn window(line: &Line<'_>) -> Range<usize> {
    let text = line.text;
    if text.len() <= LONGEST {
        return 0..text.len();
    }
    let start = text.floor_char_boundary(line.span.start.saturating_sub(LONGEST / 2));
    start..text.floor_char_boundary(start + LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{FilePosition, Position, Source};

    fn fault(line: u32, column: u32) -> Diagnostic {
        let mut fault = Diagnostic::error("E1020", "Resources/A", "`Ref` names `B`").help("did you mean `C`?");
        fault.read_at = Some(FilePosition { file: "a.yaml".to_owned(), position: Position { line, column } });
        fault
    }

    fn rendered(fault: &Diagnostic, text: &str) -> String {
        let mut sources = Sources::default();
        sources.add("a.yaml", text.to_owned());
        render(fault, "stack `mail`", &mut sources, Screen::NONE)
    }

    #[test]
    fn a_fault_is_shown_with_its_line() {
        assert_eq!(
            rendered(&fault(2, 3).docs("https://example.com"), "A:\n  Name: !Ref B\n"),
            "error[E1020]: `Ref` names `B`\n \
             --> a.yaml:2:3\n  \
               |\n\
             2 |   Name: !Ref B\n  \
               |   ^^^^\n  \
               |\n  \
               = at: Resources/A\n  \
               = help: did you mean `C`?\n  \
               = docs: https://example.com"
        );
    }

    #[test]
    fn a_fault_without_a_line_names_what_it_is_in() {
        let text = "error[E1020]: `Ref` names `B`\n--> a.yaml:9:3\n = at: Resources/A\n = help: did you mean `C`?";
        assert_eq!(rendered(&fault(9, 3), "A:\n"), text);
        let nowhere = Diagnostic::warning("F1011", "", "the template is large");
        assert_eq!(rendered(&nowhere, ""), "warning[F1011]: the template is large\n |\n = in: stack `mail`");
        let rust = nowhere.declared_at(Source { file: "stacks/gone.rs".into(), line: 7 });
        assert_eq!(rendered(&rust, ""), "warning[F1011]: the template is large\n--> stacks/gone.rs:7");
    }

    #[test]
    fn a_line_of_megabytes_is_cut_around_the_fault() {
        let before = "\"ü\": 1, ".repeat(100_000);
        let column = u32::try_from(before.chars().count() + 1).unwrap();
        let text = rendered(&fault(1, column), &format!("{before}\"Name\": 2{}", ", \"b\": 3".repeat(100_000)));
        assert!(text.len() < 1_000, "{}", text.len());
        assert!(text.contains(&format!("--> a.yaml:1:{column}\n")) && text.contains("\"Name\": 2"), "{text}");
        assert!(text.lines().any(|line| line.trim_start_matches(['|', ' ']) == "^^^^^^"), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 130), "{text}");
        let wide = rendered(&fault(1, 1), &format!("\"{}\"", "ü".repeat(1_000_000)));
        assert!(wide.len() < 2_000, "{}", wide.len());
    }

    #[test]
    fn control_characters_are_made_visible() {
        let mut fault = fault(1, 1);
        fault.message = "`a\u{1b}[31m\nb`".to_owned();
        let text = rendered(&fault, "\u{1b}[31mA\u{0}\u{202e}\tB\u{9b}: 1");
        assert!(!text.contains(['\u{1b}', '\u{0}', '\u{202e}', '\u{9b}']), "{text:?}");
        assert!(text.starts_with("error[E1020]: `a\\u{1b}[31m\\nb`\n"), "{text}");
    }

    #[test]
    fn colour_is_for_a_terminal_alone() {
        let mut sources = Sources::default();
        let coloured = render(&fault(1, 1), "", &mut sources, Screen { colour: true, ..Screen::NONE });
        assert!(coloured.contains("\u{1b}["), "{coloured:?}");
        assert!(!rendered(&fault(1, 1), "A").contains('\u{1b}'));
    }
}
