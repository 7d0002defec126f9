//! The parser of paths, and of the filters in them.

use std::sync::LazyLock;

use regex::Regex;

use super::step::{Filter, Operand, Operator, Query, Root, Step};
use crate::{asl::expression::cursor::Cursor, json::Json};

/// Parentheses, negations and filters that may stand in each other: the parser recurses.
const MAX_NESTED_FILTERS: usize = 64;

/// The parts of a path; the error says in a sentence what stands where, and what was expected.
pub(super) fn path(text: &str) -> Result<(Root, Vec<Step>), String> {
    let mut parser = Parser { cursor: Cursor::new(text), depth: 0 };
    let root = parser.root()?;
    let steps = parser.steps(false)?;
    match parser.cursor.peek() {
        Some(_) => Err(parser.cursor.expected("`.`, `[` or the end of the path")),
        None => Ok((root, steps)),
    }
}

struct Parser<'a> {
    cursor: Cursor<'a>,
    depth: usize,
}

impl Parser<'_> {
    /// Takes a token and the spaces before it, or reports that it is expected.
    fn need(&mut self, token: &str) -> Result<(), String> {
        self.cursor.space();
        if self.cursor.eat(token) { Ok(()) } else { Err(self.cursor.expected(&format!("`{token}`"))) }
    }

    fn root(&mut self) -> Result<Root, String> {
        static NAME: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^[\p{XID_Start}_]\p{XID_Continue}*").expect("the pattern is constant, and a test compiles it")
        });
        if self.cursor.eat("$$") {
            return Ok(Root::Context);
        }
        if !self.cursor.eat("$") {
            return Err(self.cursor.expected("`$`"));
        }
        let name = NAME.find(self.cursor.rest()).map(|name| name.as_str().to_owned());
        Ok(name.map_or(Root::Input, |name| {
            self.cursor.at += name.len();
            Root::Variable(name)
        }))
    }

    /// The steps as far as they go. In a filter a field ends before an operator.
    fn steps(&mut self, in_filter: bool) -> Result<Vec<Step>, String> {
        let mut steps = Vec::new();
        loop {
            if self.cursor.eat("..") {
                steps.push(Step::Descent);
            } else if self.cursor.eat(".") {
                // `$.a.['b']` is in AWS's own guide.
            } else if self.cursor.peek() != Some('[') {
                return Ok(steps);
            }
            let step = if self.cursor.eat("[") {
                self.bracket()?
            } else if self.cursor.eat("*") {
                Step::Wildcard
            } else {
                Step::Field(self.field(in_filter)?)
            };
            steps.push(step);
        }
    }

    fn field(&mut self, in_filter: bool) -> Result<String, String> {
        let ends = if in_filter { ".[]()'\"*,?@=<>!&|" } else { ".[]()'\"*,?@" };
        let mut name = self.cursor.take(|char| !ends.contains(char) && !char.is_whitespace()).to_owned();
        if name.is_empty() {
            return Err(self.cursor.expected("the name of a field, `*` or `[`"));
        }
        if self.cursor.eat("()") {
            name.push_str("()");
        } else if self.cursor.peek() == Some('(') {
            return Err(self.cursor.expected("`.`, `[` or the end: Step Functions has no functions in paths"));
        }
        Ok(name)
    }

    /// The step in brackets, the closing one included.
    fn bracket(&mut self) -> Result<Step, String> {
        self.cursor.space();
        let step = match self.cursor.peek() {
            Some('*') => {
                self.cursor.next();
                Step::Wildcard
            }
            Some('\'' | '"') => self.names()?,
            Some('?') => {
                self.cursor.next();
                self.need("(")?;
                let filter = self.nested(Self::any)?;
                self.need(")")?;
                Step::Filter(filter)
            }
            Some('(') => self.length_minus()?,
            Some(char) if char.is_ascii_digit() || matches!(char, '-' | ':') => self.indices()?,
            _ => return Err(self.cursor.expected("a name in quotes, an index, `*`, `:` or `?`")),
        };
        self.need("]")?;
        Ok(step)
    }

    fn names(&mut self) -> Result<Step, String> {
        let mut names = Vec::new();
        loop {
            self.cursor.space();
            let name = self.quoted()?;
            self.cursor.space();
            if !self.cursor.eat(",") {
                return Ok(if names.is_empty() {
                    Step::Field(name)
                } else {
                    names.push(name);
                    Step::Fields(names)
                });
            }
            names.push(name);
        }
    }

    /// A text in quotes of either kind. A backslash escapes only the quote that would end it: `$['a\"b']` names a field
    /// with a backslash in it (recorded on AWS).
    fn quoted(&mut self) -> Result<String, String> {
        let quote = match self.cursor.peek() {
            Some(quote @ ('\'' | '"')) => quote,
            _ => return Err(self.cursor.expected("a name in quotes")),
        };
        self.cursor.next();
        let mut text = String::new();
        loop {
            match self.cursor.next() {
                None => return Err(self.cursor.expected(&format!("`{quote}`"))),
                Some(char) if char == quote => return Ok(text),
                Some('\\') => match self.cursor.peek() {
                    Some(char) if char == quote => {
                        self.cursor.next();
                        text.push(quote);
                    }
                    Some('\\') => {
                        self.cursor.next();
                        text.push_str("\\\\");
                    }
                    _ => text.push('\\'),
                },
                Some(char) => text.push(char),
            }
        }
    }

    /// The index `(@.length-1)`.
    fn length_minus(&mut self) -> Result<Step, String> {
        for token in ["(", "@", "."] {
            self.need(token)?;
        }
        if !["length()", "length", "size()"].into_iter().any(|name| self.cursor.eat(name)) {
            return Err(self.cursor.expected("`length`"));
        }
        self.need("-")?;
        self.cursor.space();
        let index = self.integer()?;
        if index < 1 {
            return Err(format!("`{}` counts {index} from the end; expected 1 or more", self.cursor.text));
        }
        self.need(")")?;
        Ok(Step::FromEnd(index))
    }

    fn integer(&mut self) -> Result<i64, String> {
        let start = self.cursor.at;
        let sign = if self.cursor.eat("-") { "-" } else { "" };
        let digits = self.cursor.take(|char| char.is_ascii_digit());
        format!("{sign}{digits}").parse().map_err(|_| {
            self.cursor.at = start;
            self.cursor.expected("an index")
        })
    }

    /// An index, a list of indices or a slice: `0`, `0,2`, `1:`, `:2`, `1:2`, `::2`.
    fn indices(&mut self) -> Result<Step, String> {
        let first = if self.cursor.peek() == Some(':') { None } else { Some(self.integer()?) };
        self.cursor.space();
        let Some(index) = first.filter(|_| self.cursor.peek() != Some(':')) else {
            let (to, by) = (self.bound()?, self.bound()?);
            if by == Some(0) {
                return Err(format!("a slice of `{}` goes by 0; expected another step", self.cursor.text));
            }
            return Ok(Step::Slice { from: first, to, by: by.unwrap_or(1) });
        };
        let mut indices = vec![index];
        while self.cursor.eat(",") {
            self.cursor.space();
            indices.push(self.integer()?);
            self.cursor.space();
        }
        Ok(if indices.len() == 1 { Step::Index(index) } else { Step::Indices(indices) })
    }

    fn bound(&mut self) -> Result<Option<i64>, String> {
        if !self.cursor.eat(":") {
            return Ok(None);
        }
        self.cursor.space();
        let bound = if matches!(self.cursor.peek(), Some(':' | ']') | None) { None } else { Some(self.integer()?) };
        self.cursor.space();
        Ok(bound)
    }

    /// Parses one level deeper.
    fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Result<T, String>) -> Result<T, String> {
        if self.depth == MAX_NESTED_FILTERS {
            return Err(format!("the filters of `{}` nest more than {MAX_NESTED_FILTERS} deep", self.cursor.text));
        }
        self.depth += 1;
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    fn any(&mut self) -> Result<Filter, String> {
        let mut filters = vec![self.all()?];
        while self.cursor.eat("||") {
            filters.push(self.all()?);
        }
        Ok(Filter::Any(filters))
    }

    fn all(&mut self) -> Result<Filter, String> {
        let mut filters = vec![self.test()?];
        while self.cursor.eat("&&") {
            filters.push(self.test()?);
        }
        Ok(Filter::All(filters))
    }

    fn test(&mut self) -> Result<Filter, String> {
        self.cursor.space();
        let filter = if self.cursor.eat("!") {
            Filter::Not(Box::new(self.nested(Self::test)?))
        } else if self.cursor.eat("(") {
            let filter = self.nested(Self::any)?;
            self.need(")")?;
            filter
        } else {
            self.comparison()?
        };
        self.cursor.space();
        Ok(filter)
    }

    fn comparison(&mut self) -> Result<Filter, String> {
        let left = self.operand()?;
        self.cursor.space();
        if self.cursor.eat("=~") {
            return Ok(Filter::Matches(left, self.pattern()?));
        }
        // Longer before shorter: `<=` begins with `<`.
        let operators = [
            ("==", Operator::Equal),
            ("!=", Operator::NotEqual),
            ("<=", Operator::LessOrEqual),
            (">=", Operator::GreaterOrEqual),
            ("<", Operator::Less),
            (">", Operator::Greater),
            ("in ", Operator::In),
            ("in[", Operator::In),
            ("nin ", Operator::NotIn),
            ("nin[", Operator::NotIn),
        ];
        match (operators.into_iter().find(|(token, _)| self.cursor.rest().starts_with(token)), left) {
            (Some((token, operator)), left) => {
                self.cursor.at += token.trim_end_matches(['[', ' ']).len();
                self.cursor.space();
                Ok(Filter::Compare(left, operator, self.operand()?))
            }
            (None, Operand::Query(query)) => Ok(Filter::Exists(query)),
            (None, Operand::Literal(_)) => Err(self.cursor.expected("an operator, such as `==`")),
        }
    }

    fn operand(&mut self) -> Result<Operand, String> {
        match self.cursor.peek() {
            Some(start @ ('@' | '$')) => {
                self.cursor.next();
                let steps = self.steps(true)?;
                Ok(Operand::Query(Query { current: start == '@', steps }))
            }
            Some('[') => {
                self.cursor.next();
                self.list().map(Operand::Literal)
            }
            _ => self.literal().map(Operand::Literal),
        }
    }

    fn list(&mut self) -> Result<Json, String> {
        let mut list = Vec::new();
        self.cursor.space();
        while !self.cursor.eat("]") {
            if !list.is_empty() {
                self.need(",")?;
                self.cursor.space();
            }
            list.push(self.literal()?);
            self.cursor.space();
        }
        Ok(Json::Array(list))
    }

    /// A text in quotes, or a word: a number, a constant, and otherwise a text too, as in
    /// `[?(@.OutputKey == FizzBuzz)]`.
    fn literal(&mut self) -> Result<Json, String> {
        if matches!(self.cursor.peek(), Some('\'' | '"')) {
            return self.quoted().map(Json::String);
        }
        let word = self.cursor.take(|char| !char.is_whitespace() && !"()[]=<>!~&|,'\"".contains(char));
        Ok(match word {
            "" => return Err(self.cursor.expected("a path, a text, a number, `true`, `false` or `null`")),
            "true" => Json::Bool(true),
            "false" => Json::Bool(false),
            "null" => Json::Null,
            _ => serde_json::from_str(word).map(Json::Number).unwrap_or_else(|_| word.into()),
        })
    }

    /// A pattern, `/…/i`: like Java's `matches`, of the whole text.
    fn pattern(&mut self) -> Result<Regex, String> {
        self.need("/")?;
        let mut pattern = String::new();
        loop {
            match self.cursor.next() {
                None => return Err(self.cursor.expected("`/`")),
                Some('/') => break,
                Some('\\') => {
                    pattern.push('\\');
                    pattern.extend(self.cursor.next());
                }
                Some(char) => pattern.push(char),
            }
        }
        let flags = self.cursor.take(|char| char.is_ascii_alphabetic());
        if let Some(flag) = flags.chars().find(|flag| !"imsux".contains(*flag)) {
            return Err(format!("`{flag}` is a flag of `/{pattern}/{flags}`; expected some of i, m, s, u, x"));
        }
        let flags = if flags.is_empty() { String::new() } else { format!("(?{flags})") };
        Regex::new(&format!(r"{flags}\A(?:{pattern})\z"))
            .map_err(|fault| format!("`/{pattern}/` of `{}` is no regular expression: {fault}", self.cursor.text))
    }
}
