//! The parser of paths, and of the filters in them.

use std::sync::LazyLock;

use regex::Regex;

use super::step::{Filter, Operand, Operator, Query, Root, Step};
use crate::json::Json;

/// Parentheses, negations and filters that may stand in each other: the parser recurses.
const MAX_NESTED_FILTERS: usize = 64;

/// The parts of a path; the error says in a sentence what stands where, and what was expected.
pub(super) fn path(text: &str) -> Result<(Root, Vec<Step>), String> {
    let mut parser = Parser { text, at: 0, depth: 0 };
    let root = parser.root()?;
    let steps = parser.steps(false)?;
    match parser.peek() {
        Some(_) => Err(parser.expected("`.`, `[` or the end of the path")),
        None => Ok((root, steps)),
    }
}

struct Parser<'a> {
    text: &'a str,
    /// In bytes, always at the start of a character.
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let char = self.peek()?;
        self.at += char.len_utf8();
        Some(char)
    }

    fn eat(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    fn space(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.next();
        }
    }

    /// Takes characters for as long as they fit.
    fn take(&mut self, fits: impl Fn(char) -> bool) -> String {
        let taken: String = self.rest().chars().take_while(|char| fits(*char)).collect();
        self.at += taken.len();
        taken
    }

    /// Takes a token and the spaces before it, or reports that it is expected.
    fn need(&mut self, token: &str) -> Result<(), String> {
        self.space();
        if self.eat(token) { Ok(()) } else { Err(self.expected(&format!("`{token}`"))) }
    }

    fn expected(&self, expected: &str) -> String {
        let column = self.text.get(..self.at).unwrap_or_default().chars().count() + 1;
        match self.peek() {
            Some(char) => format!("`{char}` stands at column {column} of `{}`; expected {expected}", self.text),
            None => format!("`{}` ends at column {column}; expected {expected}", self.text),
        }
    }

    fn root(&mut self) -> Result<Root, String> {
        static NAME: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^[\p{XID_Start}_]\p{XID_Continue}*").expect("the pattern is constant, and a test compiles it")
        });
        if self.eat("$$") {
            return Ok(Root::Context);
        }
        if !self.eat("$") {
            return Err(self.expected("`$`"));
        }
        let name = NAME.find(self.rest()).map(|name| name.as_str().to_owned());
        Ok(name.map_or(Root::Input, |name| {
            self.at += name.len();
            Root::Variable(name)
        }))
    }

    /// The steps as far as they go. In a filter a field ends before an operator.
    fn steps(&mut self, in_filter: bool) -> Result<Vec<Step>, String> {
        let mut steps = Vec::new();
        loop {
            if self.eat("..") {
                steps.push(Step::Descent);
            } else if self.eat(".") {
                // `$.a.['b']` is in AWS's own guide.
            } else if self.peek() != Some('[') {
                return Ok(steps);
            }
            let step = if self.eat("[") {
                self.bracket()?
            } else if self.eat("*") {
                Step::Wildcard
            } else {
                Step::Field(self.field(in_filter)?)
            };
            steps.push(step);
        }
    }

    fn field(&mut self, in_filter: bool) -> Result<String, String> {
        let ends = if in_filter { ".[]()'\"*,?@=<>!&|" } else { ".[]()'\"*,?@" };
        let mut name = self.take(|char| !ends.contains(char) && !char.is_whitespace());
        if name.is_empty() {
            return Err(self.expected("the name of a field, `*` or `[`"));
        }
        if self.eat("()") {
            name.push_str("()");
        } else if self.peek() == Some('(') {
            return Err(self.expected("`.`, `[` or the end: Step Functions has no functions in paths"));
        }
        Ok(name)
    }

    /// The step in brackets, the closing one included.
    fn bracket(&mut self) -> Result<Step, String> {
        self.space();
        let step = match self.peek() {
            Some('*') => {
                self.next();
                Step::Wildcard
            }
            Some('\'' | '"') => self.names()?,
            Some('?') => {
                self.next();
                self.need("(")?;
                let filter = self.nested(Self::any)?;
                self.need(")")?;
                Step::Filter(filter)
            }
            Some('(') => self.length_minus()?,
            Some(char) if char.is_ascii_digit() || matches!(char, '-' | ':') => self.indices()?,
            _ => return Err(self.expected("a name in quotes, an index, `*`, `:` or `?`")),
        };
        self.need("]")?;
        Ok(step)
    }

    fn names(&mut self) -> Result<Step, String> {
        let mut names = Vec::new();
        loop {
            self.space();
            let name = self.quoted()?;
            self.space();
            if !self.eat(",") {
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
        let quote = match self.peek() {
            Some(quote @ ('\'' | '"')) => quote,
            _ => return Err(self.expected("a name in quotes")),
        };
        self.next();
        let mut text = String::new();
        loop {
            match self.next() {
                None => return Err(self.expected(&format!("`{quote}`"))),
                Some(char) if char == quote => return Ok(text),
                Some('\\') => match self.peek() {
                    Some(char) if char == quote => {
                        self.next();
                        text.push(quote);
                    }
                    Some('\\') => {
                        self.next();
                        text.push_str("\\\\");
                    }
                    _ => text.push('\\'),
                },
                Some(char) => text.push(char),
            }
        }
    }

    /// The index `(@.length-1)`, older than negative indices.
    fn length_minus(&mut self) -> Result<Step, String> {
        for token in ["(", "@", "."] {
            self.need(token)?;
        }
        if !["length()", "length", "size()"].into_iter().any(|name| self.eat(name)) {
            return Err(self.expected("`length`"));
        }
        self.need("-")?;
        self.space();
        let index = self.integer()?;
        if index < 1 {
            return Err(format!("`{}` counts {index} from the end; expected 1 or more", self.text));
        }
        self.need(")")?;
        Ok(Step::Index(-index))
    }

    fn integer(&mut self) -> Result<i64, String> {
        let start = self.at;
        let sign = if self.eat("-") { "-" } else { "" };
        let digits = self.take(|char| char.is_ascii_digit());
        format!("{sign}{digits}").parse().map_err(|_| {
            self.at = start;
            self.expected("an index")
        })
    }

    /// An index, a list of indices or a slice: `0`, `0,2`, `1:`, `:2`, `1:2`, `::2`.
    fn indices(&mut self) -> Result<Step, String> {
        let first = if self.peek() == Some(':') { None } else { Some(self.integer()?) };
        self.space();
        let Some(index) = first.filter(|_| self.peek() != Some(':')) else {
            let (to, by) = (self.bound()?, self.bound()?);
            if by == Some(0) {
                return Err(format!("a slice of `{}` goes by 0; expected another step", self.text));
            }
            return Ok(Step::Slice { from: first, to, by: by.unwrap_or(1) });
        };
        let mut indices = vec![index];
        while self.eat(",") {
            self.space();
            indices.push(self.integer()?);
            self.space();
        }
        Ok(if indices.len() == 1 { Step::Index(index) } else { Step::Indices(indices) })
    }

    fn bound(&mut self) -> Result<Option<i64>, String> {
        if !self.eat(":") {
            return Ok(None);
        }
        self.space();
        let bound = if matches!(self.peek(), Some(':' | ']') | None) { None } else { Some(self.integer()?) };
        self.space();
        Ok(bound)
    }

    /// Parses one level deeper.
    fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Result<T, String>) -> Result<T, String> {
        if self.depth == MAX_NESTED_FILTERS {
            return Err(format!("the filters of `{}` nest more than {MAX_NESTED_FILTERS} deep", self.text));
        }
        self.depth += 1;
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    fn any(&mut self) -> Result<Filter, String> {
        let mut filters = vec![self.all()?];
        while self.eat("||") {
            filters.push(self.all()?);
        }
        Ok(Filter::Any(filters))
    }

    fn all(&mut self) -> Result<Filter, String> {
        let mut filters = vec![self.test()?];
        while self.eat("&&") {
            filters.push(self.test()?);
        }
        Ok(Filter::All(filters))
    }

    fn test(&mut self) -> Result<Filter, String> {
        self.space();
        let filter = if self.eat("!") {
            Filter::Not(Box::new(self.nested(Self::test)?))
        } else if self.eat("(") {
            let filter = self.nested(Self::any)?;
            self.need(")")?;
            filter
        } else {
            self.comparison()?
        };
        self.space();
        Ok(filter)
    }

    fn comparison(&mut self) -> Result<Filter, String> {
        let left = self.operand()?;
        self.space();
        if self.eat("=~") {
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
        match (operators.into_iter().find(|(token, _)| self.rest().starts_with(token)), left) {
            (Some((token, operator)), left) => {
                self.at += token.trim_end_matches(['[', ' ']).len();
                self.space();
                Ok(Filter::Compare(left, operator, self.operand()?))
            }
            (None, Operand::Query(query)) => Ok(Filter::Exists(query)),
            (None, Operand::Literal(_)) => Err(self.expected("an operator, such as `==`")),
        }
    }

    fn operand(&mut self) -> Result<Operand, String> {
        match self.peek() {
            Some(start @ ('@' | '$')) => {
                self.next();
                let steps = self.steps(true)?;
                Ok(Operand::Query(Query { current: start == '@', steps }))
            }
            Some('[') => {
                self.next();
                self.list().map(Operand::Literal)
            }
            _ => self.literal().map(Operand::Literal),
        }
    }

    fn list(&mut self) -> Result<Json, String> {
        let mut list = Vec::new();
        self.space();
        while !self.eat("]") {
            if !list.is_empty() {
                self.need(",")?;
                self.space();
            }
            list.push(self.literal()?);
            self.space();
        }
        Ok(Json::Array(list))
    }

    /// A text in quotes, or a word: a number, a constant, and otherwise a text too, as in
    /// `[?(@.OutputKey == FizzBuzz)]`.
    fn literal(&mut self) -> Result<Json, String> {
        if matches!(self.peek(), Some('\'' | '"')) {
            return self.quoted().map(Json::String);
        }
        let word = self.take(|char| !char.is_whitespace() && !"()[]=<>!~&|,'\"".contains(char));
        Ok(match word.as_str() {
            "" => return Err(self.expected("a path, a text, a number, `true`, `false` or `null`")),
            "true" => Json::Bool(true),
            "false" => Json::Bool(false),
            "null" => Json::Null,
            _ => serde_json::from_str(&word).map(Json::Number).unwrap_or(Json::String(word)),
        })
    }

    /// A pattern, `/…/i`: like Java's `matches`, of the whole text.
    fn pattern(&mut self) -> Result<Regex, String> {
        self.need("/")?;
        let mut pattern = String::new();
        loop {
            match self.next() {
                None => return Err(self.expected("`/`")),
                Some('/') => break,
                Some('\\') => {
                    pattern.push('\\');
                    pattern.extend(self.next());
                }
                Some(char) => pattern.push(char),
            }
        }
        let flags = self.take(|char| char.is_ascii_alphabetic());
        if let Some(flag) = flags.chars().find(|flag| !"imsux".contains(*flag)) {
            return Err(format!("`{flag}` is a flag of `/{pattern}/{flags}`; expected some of i, m, s, u, x"));
        }
        let flags = if flags.is_empty() { String::new() } else { format!("(?{flags})") };
        Regex::new(&format!(r"{flags}\A(?:{pattern})\z"))
            .map_err(|fault| format!("`/{pattern}/` of `{}` is no regular expression: {fault}", self.text))
    }
}
