//! Screens: what a command writes on.

use std::io::{self, IsTerminal};

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
        if !stream.is_terminal() {
            return Self::NONE;
        }
        let width = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        // https://no-color.org
        let colour = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Self { width: width.unwrap_or(Self::NONE.width).max(40), colour, is_watched: true }
    }
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
