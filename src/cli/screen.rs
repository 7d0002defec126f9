//! Screens: what a command writes on.

use std::{
    ffi::OsString,
    io::{self, IsTerminal},
};

/// What a text is written on.
#[derive(Clone, Copy)]
pub(super) struct Screen {
    /// Columns of a line.
    pub(super) width: usize,
    pub(super) colour: bool,
    /// Whether someone watches, who wants to see how far a long command is.
    pub(super) is_watched: bool,
}

impl Screen {
    /// Where there is no terminal: a file, or a pipe.
    pub(super) const NONE: Self = Self { width: 120, colour: false, is_watched: false };

    fn of(stream: &impl IsTerminal) -> Self {
        let is_terminal = stream.is_terminal();
        let colour = is_coloured(is_terminal, |name| std::env::var_os(name));
        if !is_terminal {
            return Self { colour, ..Self::NONE };
        }
        let width = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        Self { width: width.unwrap_or(Self::NONE.width).max(40), colour, is_watched: true }
    }

    /// A text that stands out.
    pub(super) fn bold(self, text: &str) -> String {
        self.styled(1, text)
    }

    /// A text that stands back.
    pub(super) fn dim(self, text: &str) -> String {
        self.styled(2, text)
    }

    fn styled(self, code: u8, text: &str) -> String {
        if self.colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// Whether a stream has colours, by the variables that the user has set: the first that says something decides.
///
/// <https://no-color.org>, <https://bixense.com/clicolors>
fn is_coloured(is_terminal: bool, variable: impl Fn(&str) -> Option<OsString>) -> bool {
    let value = |name| variable(name).filter(|value| !value.is_empty());
    if value("NO_COLOR").is_some() {
        return false;
    }
    if value("CLICOLOR_FORCE").is_some_and(|value| value != "0") {
        return true;
    }
    is_terminal && value("CLICOLOR").is_none_or(|value| value != "0") && value("TERM").is_none_or(|term| term != "dumb")
}

/// What artefacts and messages are written on.
#[derive(Clone, Copy)]
pub(super) struct Screens {
    pub(super) out: Screen,
    pub(super) err: Screen,
}

impl Screens {
    pub(super) const NONE: Self = Self { out: Screen::NONE, err: Screen::NONE };

    pub(super) fn of_process() -> Self {
        Self { out: Screen::of(&io::stdout()), err: Screen::of(&io::stderr()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether there are colours with these variables: on a terminal, and elsewhere.
    fn colours(variables: &[(&str, &str)]) -> [bool; 2] {
        [true, false].map(|is_terminal| {
            is_coloured(is_terminal, |name| {
                variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into())
            })
        })
    }

    #[test]
    fn colours_are_for_a_terminal_unless_the_user_says_otherwise() {
        assert_eq!(colours(&[]), [true, false]);
        assert_eq!(colours(&[("NO_COLOR", "1")]), [false, false]);
        assert_eq!(colours(&[("NO_COLOR", "")]), [true, false]);
        assert_eq!(colours(&[("CLICOLOR", "0")]), [false, false]);
        assert_eq!(colours(&[("CLICOLOR", "1")]), [true, false]);
        assert_eq!(colours(&[("CLICOLOR_FORCE", "1")]), [true, true]);
        assert_eq!(colours(&[("CLICOLOR_FORCE", "0")]), [true, false]);
        assert_eq!(colours(&[("TERM", "dumb")]), [false, false]);
    }

    #[test]
    fn no_colour_goes_before_colours_at_any_price_and_these_before_the_rest() {
        assert_eq!(colours(&[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")]), [false, false]);
        assert_eq!(colours(&[("CLICOLOR", "0"), ("CLICOLOR_FORCE", "1")]), [true, true]);
        assert_eq!(colours(&[("TERM", "dumb"), ("CLICOLOR_FORCE", "1")]), [true, true]);
    }
}
