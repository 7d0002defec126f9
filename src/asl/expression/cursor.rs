//! The cursor of a parser: a text, and the place in it.

/// The place in a text that is being parsed.
pub(super) struct Cursor<'a> {
    pub text: &'a str,
    /// In bytes, always at the start of a character.
    pub at: usize,
}

impl<'a> Cursor<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    pub fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The text from a place up to this one.
    pub fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    pub fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub fn next(&mut self) -> Option<char> {
        let char = self.peek()?;
        self.at += char.len_utf8();
        Some(char)
    }

    /// Takes a token, if it stands here.
    pub fn eat(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    /// Takes the spaces that stand here.
    pub fn space(&mut self) {
        self.take(char::is_whitespace);
    }

    /// Takes characters for as long as they fit.
    pub fn take(&mut self, fits: impl Fn(char) -> bool) -> &'a str {
        let start = self.at;
        while self.peek().is_some_and(&fits) {
            self.next();
        }
        self.since(start)
    }

    /// The sentence that something else was expected here.
    pub fn expected(&self, expected: &str) -> String {
        let text = self.text.trim();
        let column = self.text.get(..self.at).unwrap_or_default().chars().count() + 1;
        match self.peek() {
            Some(char) => format!("`{char}` stands at column {column} of `{text}`; expected {expected}"),
            None => format!("`{text}` ends at column {column}; expected {expected}"),
        }
    }
}
