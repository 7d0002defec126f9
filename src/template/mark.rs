//! Marks: where each value of a text is, in a tree of the same form as the JSON.

use std::collections::HashMap;

use crate::{
    diagnostic::{Path, Position},
    json::Json,
};

/// The position of a value, and of those in it: a tree of the same form as the JSON, members in the same order.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    pub at: Position,
    pub inner: Vec<Mark>,
}

/// A value with the positions of everything in it.
pub(super) type Marked = (Json, Mark);

impl Mark {
    /// The mark of a value without others in it.
    pub fn leaf(at: Position) -> Self {
        Self { at, inner: Vec::new() }
    }
}

/// Members of the largest object that is looked through for a name.
const FEW: usize = 32;

/// A finder of positions: it knows the order of the members of large objects that it has met.
#[derive(Default)]
pub(super) struct Finder<'a>(HashMap<*const Json, HashMap<&'a str, usize>>);

impl<'a> Finder<'a> {
    /// The position of something, or of the nearest thing around it that the text has.
    pub fn find(&mut self, mark: &Mark, json: &'a Json, path: &Path) -> Position {
        let (mut mark, mut json) = (mark, json);
        for segment in path.segments() {
            let member = match json {
                Json::Object(members) if members.len() <= FEW => {
                    let mut members = members.iter().enumerate();
                    members.find(|(_, (name, _))| **name == segment).map(|(index, (_, value))| (index, value))
                }
                Json::Object(members) => {
                    let names = || members.keys().enumerate().map(|(index, name)| (name.as_str(), index)).collect();
                    let order = self.0.entry(std::ptr::from_ref(json)).or_insert_with(names);
                    order.get(&*segment).copied().zip(members.get(&*segment))
                }
                Json::Array(items) => segment.parse().ok().and_then(|index: usize| Some((index, items.get(index)?))),
                _ => None,
            };
            match member.and_then(|(index, value)| Some((mark.inner.get(index)?, value))) {
                Some(found) => (mark, json) = found,
                None => break,
            }
        }
        mark.at
    }
}

/// The positions in a text that is known to be JSON.
pub(super) fn of_json(text: &str) -> Mark {
    Scanner { rest: text.as_bytes(), at: Position { line: 1, column: 1 } }.value(None)
}

/// A scanner that goes through JSON without reading it; what it meets is sound, since `serde_json` has read it before.
struct Scanner<'a> {
    rest: &'a [u8],
    at: Position,
}

impl Scanner<'_> {
    fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    fn step(&mut self) {
        let Some((byte, rest)) = self.rest.split_first() else { return };
        match byte {
            b'\n' => self.at = Position { line: self.at.line + 1, column: 1 },
            // Every byte of a character but the first.
            0x80..0xC0 => {}
            _ => self.at.column += 1,
        }
        self.rest = rest;
    }

    fn space(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.step();
        }
    }

    fn text(&mut self) {
        self.step();
        while let Some(byte) = self.peek() {
            self.step();
            match byte {
                b'"' => break,
                b'\\' => self.step(),
                _ => {}
            }
        }
    }

    /// The value that comes next, which is at `key` if it has one.
    fn value(&mut self, key: Option<Position>) -> Mark {
        self.space();
        let mut mark = Mark::leaf(key.unwrap_or(self.at));
        match self.peek() {
            Some(b'"') => self.text(),
            Some(open @ (b'{' | b'[')) => {
                self.step();
                loop {
                    self.space();
                    match self.peek() {
                        Some(b',') => self.step(),
                        Some(b'"') if open == b'{' => {
                            let key = self.at;
                            self.text();
                            self.space();
                            // The colon.
                            self.step();
                            mark.inner.push(self.value(Some(key)));
                        }
                        Some(b'}' | b']') | None => break self.step(),
                        Some(_) => mark.inner.push(self.value(None)),
                    }
                }
            }
            _ => {
                while self.peek().is_some_and(|byte| !byte.is_ascii_whitespace() && !b",]}".contains(&byte)) {
                    self.step();
                }
            }
        }
        mark
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::Document;

    fn positions(document: &Document, expected: &[(&str, u32, u32)]) {
        for (path, line, column) in expected {
            let position = document.position(&Path::from(*path));
            assert_eq!(position, Some(Position { line: *line, column: *column }), "{path}");
        }
    }

    #[test]
    fn json_is_located_to_the_column() {
        let text = "{\n  \"a/b\": [1, -2.5e3 ,{\"ü\\\"}\": \"]\",\"c\":null}, [[], {}]],\n\t\"d\" : true\n}\n";
        let document = Document::json(text).unwrap();
        positions(
            &document,
            &[
                ("/", 1, 1),
                ("/a~1b", 2, 3),
                ("/a~1b/0", 2, 11),
                ("/a~1b/1", 2, 14),
                ("/a~1b/2", 2, 22),
                ("/a~1b/2/ü\"}", 2, 23),
                ("/a~1b/2/c", 2, 35),
                ("/a~1b/3/0", 2, 47),
                ("/a~1b/3/1", 2, 51),
                ("/d", 3, 2),
                // What is not there is located at what would hold it.
                ("/a~1b/2/c/e", 2, 35),
                ("/a~1b/9", 2, 3),
                ("/f", 1, 1),
            ],
        );
    }
}
