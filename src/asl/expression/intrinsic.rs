//! The intrinsic functions of JSONPath states, `States.Format('…', $.a)`: reading a call and working it out.
//!
//! What each function does is in [`function`]; paths and chance come from a [`Host`].
//! <https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html>

mod function;
mod host;
mod java;

pub use host::Host;

use serde_json::Number;

use super::{cursor::Cursor, jsonpath::PathExpression};
use crate::{diagnostic::nearest, json::Json};

/// Calls that may stand in each other, as on the service.
const MAX_NESTED_CALLS: usize = 10;

/// A call with its arguments, parsed.
#[derive(Clone, Debug)]
pub struct Intrinsic {
    text: String,
    function: function::Function,
    arguments: Vec<Argument>,
}

/// An argument of a call.
#[derive(Clone, Debug)]
pub enum Argument {
    /// A text as it is written between its quotes, with its escapes: `States.Format` tells `\{` from `{`.
    Text(String),
    /// A number.
    Number(Number),
    /// `true` or `false`.
    Boolean(bool),
    /// `null`.
    Null,
    /// A path, which may be of the input, the context object or a variable.
    Path(PathExpression),
    /// Another call.
    Call(Box<Intrinsic>),
}

/// A call that has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The call that failed, which may be an argument of the one that was evaluated: `States.MathAdd($.a, 1)`.
    pub call: String,
    /// Why, in a sentence.
    pub message: String,
}

impl Intrinsic {
    /// Reads a call; the error says in a sentence what stands where, and what was expected. Spaces around the call and
    /// around arguments mean nothing.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parser = Parser { cursor: Cursor::new(text) };
        let call = parser.call(1)?;
        parser.cursor.space();
        if parser.cursor.peek().is_some() { Err(parser.cursor.expected("the end of the call")) } else { Ok(call) }
    }

    /// The text of the call as it was written, without the spaces around it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The name of the function: `States.Format`.
    pub fn name(&self) -> &str {
        self.text.split('(').next().unwrap_or_default().trim()
    }

    /// The arguments, in their order.
    pub fn arguments(&self) -> &[Argument] {
        &self.arguments
    }

    /// Works out the arguments from left to right, then the call.
    pub fn evaluate(&self, host: &mut dyn Host) -> Result<Json, Failure> {
        let failure = |message| Failure { call: self.text.clone(), message };
        let mut values = Vec::with_capacity(self.arguments.len());
        let too_much = || failure("its values are too large".to_owned());
        for argument in &self.arguments {
            let value = match argument {
                Argument::Text(text) => unescape(text).into(),
                Argument::Number(number) => number.clone().into(),
                Argument::Boolean(flag) => (*flag).into(),
                Argument::Null => Json::Null,
                Argument::Path(path) => host.path(path).map_err(failure)?,
                Argument::Call(call) => call.evaluate(host)?,
            };
            if !host.has_room_for(&value) {
                return Err(too_much());
            }
            values.push(value);
        }
        // A literal template is read before its escapes are: `\{}` is no place for an argument.
        if let (function::Function::Format, Some(Argument::Text(template))) = (self.function, self.arguments.first()) {
            return function::format(template, true, values.get(1..).unwrap_or_default()).map_err(failure);
        }
        let value = self.function.call(&values, host).map_err(failure)?;
        if host.has_room_for(&value) { Ok(value) } else { Err(too_much()) }
    }
}

/// The text without its escapes.
fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(char) = chars.next() {
        plain.extend(if char == '\\' { chars.next() } else { Some(char) });
    }
    plain
}

struct Parser<'a> {
    cursor: Cursor<'a>,
}

impl Parser<'_> {
    fn call(&mut self, depth: usize) -> Result<Intrinsic, String> {
        self.cursor.space();
        let start = self.cursor.at;
        if depth > MAX_NESTED_CALLS {
            return Err(format!("more than {MAX_NESTED_CALLS} functions are nested in `{}`", self.cursor.text.trim()));
        }
        let written = self.cursor.take(|char| char.is_alphanumeric() || matches!(char, '.' | '_' | '-'));
        if written.is_empty() {
            return Err(self.cursor.expected("an intrinsic function, such as `States.Format`"));
        }
        let Some((name, function, (fewest, most))) = function::named(written) else {
            let known = || function::FUNCTIONS.iter().map(|(name, ..)| *name);
            return Err(match nearest(written, known()) {
                Some(name) => format!("`{written}` is no intrinsic function; did you mean `{name}`?"),
                None => {
                    let known = known().collect::<Vec<_>>().join(", ");
                    format!("`{written}` is no intrinsic function; expected one of {known}")
                }
            });
        };
        if !self.cursor.eat("(") {
            return Err(self.cursor.expected("`(`"));
        }
        let arguments = self.arguments(depth)?;
        if !(fewest..=most).contains(&arguments.len()) {
            let expected = match (fewest, most) {
                (fewest, usize::MAX) => format!("{fewest} or more"),
                (fewest, most) if fewest == most => fewest.to_string(),
                (fewest, most) => format!("{fewest} to {most}"),
            };
            let plural = if arguments.len() == 1 { "" } else { "s" };
            return Err(format!("`{name}` has {} argument{plural}; expected {expected}", arguments.len()));
        }
        Ok(Intrinsic { text: self.cursor.since(start).to_owned(), function, arguments })
    }

    /// The arguments after the opening parenthesis, the closing one included.
    fn arguments(&mut self, depth: usize) -> Result<Vec<Argument>, String> {
        let mut arguments = Vec::new();
        self.cursor.space();
        while !self.cursor.eat(")") {
            if !arguments.is_empty() && !self.cursor.eat(",") {
                return Err(self.cursor.expected("`,` or `)`"));
            }
            self.cursor.space();
            arguments.push(self.argument(depth)?);
            self.cursor.space();
        }
        Ok(arguments)
    }

    fn argument(&mut self, depth: usize) -> Result<Argument, String> {
        match self.cursor.peek() {
            Some('\'') => self.quoted().map(Argument::Text),
            Some('$') => {
                let start = self.cursor.at;
                self.path();
                PathExpression::parse(self.cursor.since(start).trim_end()).map(Argument::Path)
            }
            Some(char) if char.is_ascii_digit() || char == '-' => {
                let start = self.cursor.at;
                let number = self.cursor.take(|char| char.is_ascii_alphanumeric() || matches!(char, '.' | '-' | '+'));
                serde_json::from_str(number).map(Argument::Number).map_err(|_| {
                    self.cursor.at = start;
                    self.cursor.expected("a number")
                })
            }
            Some(char) if char.is_alphabetic() => {
                let rest = self.cursor.rest();
                let word = rest.split(|char: char| !char.is_alphanumeric() && char != '.').next().unwrap_or_default();
                let literal = match word {
                    "true" => Argument::Boolean(true),
                    "false" => Argument::Boolean(false),
                    "null" => Argument::Null,
                    _ if word.contains('.') => return Ok(Argument::Call(Box::new(self.call(depth + 1)?))),
                    _ => return Err(self.cursor.expected("an argument; texts stand in single quotes")),
                };
                self.cursor.at += word.len();
                Ok(literal)
            }
            _ => Err(self.cursor.expected("a path, a text in single quotes, a number, a constant or a call")),
        }
    }

    fn quoted(&mut self) -> Result<String, String> {
        self.cursor.next();
        let start = self.cursor.at;
        loop {
            match self.cursor.peek() {
                None => return Err(self.cursor.expected("`'`")),
                Some('\'') => break,
                Some('\\') => {
                    self.cursor.next();
                    if !self.cursor.peek().is_some_and(|char| matches!(char, '\'' | '{' | '}' | '\\')) {
                        return Err(self.cursor.expected(r"`'`, `{`, `}` or `\` after a backslash"));
                    }
                    self.cursor.next();
                }
                Some(_) => {
                    self.cursor.next();
                }
            }
        }
        let text = self.cursor.since(start).to_owned();
        self.cursor.next();
        Ok(text)
    }

    /// Goes to where a path ends: at a comma or parenthesis that is not within its brackets, quotes or parentheses.
    fn path(&mut self) {
        let (mut open, mut quote) = (0_usize, None);
        while let Some(char) = self.cursor.peek() {
            match (char, quote) {
                ('\\', Some(_)) => {
                    self.cursor.next();
                }
                (char, Some(end)) if char == end => quote = None,
                (_, Some(_)) => {}
                ('\'' | '"', None) => quote = Some(char),
                ('[' | '(', None) => open += 1,
                (',' | ')', None) if open == 0 => return,
                (']' | ')', None) => open = open.saturating_sub(1),
                _ => {}
            }
            self.cursor.next();
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*, sample::select, test_runner::RngSeed};
    use serde_json::json;

    use super::*;

    struct Fixed(Json);

    impl Host for Fixed {
        fn path(&mut self, path: &PathExpression) -> Result<Json, String> {
            path.find(&self.0).map(|found| found.into_owned()).map_err(|missing| missing.to_string())
        }

        fn has_room_for(&mut self, _: &Json) -> bool {
            true
        }

        fn random(&mut self) -> f64 {
            0.5
        }

        fn uuid(&mut self) -> [u8; 16] {
            [0xff; 16]
        }
    }

    #[track_caller]
    pub(crate) fn give(input: Json, call: &str, output: Json) {
        assert_eq!(Intrinsic::parse(call).unwrap().evaluate(&mut Fixed(input)).unwrap(), output, "{call}");
    }

    #[track_caller]
    pub(crate) fn fail(input: Json, call: &str, message: &str) {
        let failure = Intrinsic::parse(call).unwrap().evaluate(&mut Fixed(input)).unwrap_err();
        assert_eq!(format!("{}: {}", failure.call, failure.message), message);
    }

    #[track_caller]
    fn refuse(call: &str, message: &str) {
        assert_eq!(Intrinsic::parse(call).unwrap_err(), message);
    }

    #[test]
    fn arguments_are_texts_numbers_constants_paths_and_calls() {
        give(json!({"xyz": [1]}), " States.Array('Foo', $.xyz, 'Bar', 2.3) ", json!(["Foo", [1], "Bar", 2.3]));
        give(json!({}), "States.Array()", json!([]));
        give(json!({}), "States.Array(-1,1e2 ,true, false,null)", json!([-1, 1e2, true, false, null]));
        give(json!({"a,b)": 1}), "States.Array( $['a,b)'] )", json!([1]));
        let filter = "States.ArrayGetItem($.o[?(@.k == Foo)].v, 0)";
        give(json!({"o": [{"k": "Bar", "v": 1}, {"k": "Foo", "v": 2}]}), filter, json!(2));
        give(json!({}), "States.ArrayLength(States.StringSplit('a-b', '-'))", json!(2));
        give(json!({}), r"States.Array('it\'s', '\\', '\{\}')", json!(["it's", "\\", "{}"]));
        let call = Intrinsic::parse(" States.Format('{}', $.a)  ").unwrap();
        assert_eq!(call.text(), "States.Format('{}', $.a)");
    }

    #[test]
    fn what_is_no_call_is_refused() {
        refuse("States.Foramt('x')", "`States.Foramt` is no intrinsic function; did you mean `States.Format`?");
        assert!(
            Intrinsic::parse("Other()").unwrap_err().starts_with("`Other` is no intrinsic function; expected one of")
        );
        refuse("States.UUID(1)", "`States.UUID` has 1 argument; expected 0");
        refuse("States.MathRandom()", "`States.MathRandom` has 0 arguments; expected 2 to 3");
        refuse("States.Format()", "`States.Format` has 0 arguments; expected 1 or more");
        refuse("States.JsonToString($", "`States.JsonToString($` ends at column 22; expected `,` or `)`");
        refuse("States.StringToJson $.a)", "` ` stands at column 20 of `States.StringToJson $.a)`; expected `(`");
        refuse("States.UUID()[0]", "`[` stands at column 14 of `States.UUID()[0]`; expected the end of the call");
        refuse(
            "States.Array(a)",
            "`a` stands at column 14 of `States.Array(a)`; expected an argument; texts stand in single quotes",
        );
        refuse("States.Array('a)", "`States.Array('a)` ends at column 17; expected `'`");
        refuse(
            r"States.Array('\n')",
            r"`n` stands at column 16 of `States.Array('\n')`; expected `'`, `{`, `}` or `\` after a backslash",
        );
        refuse("States.Array($.a.)", "`$.a.` ends at column 5; expected the name of a field, `*` or `[`");
        let nested = |depth| format!("{}{}", "States.Array(".repeat(depth), ")".repeat(depth));
        assert!(Intrinsic::parse(&nested(10)).is_ok());
        refuse(&nested(11), &format!("more than 10 functions are nested in `{}`", nested(11)));
    }

    #[test]
    fn a_failure_names_the_call_that_failed() {
        fail(json!({}), "States.Array(States.Array($.a), 1)", "States.Array($.a): No results for path: $['a']");
    }

    const PIECES: &[&str] = &[
        "$", "$.a", "$.b[0]", "$$", "'", "'x'", "'{}'", "\\", "\\{", "(", ")", ",", ", ", " ", "1", "-2.5", "1e99",
        "null", "true", "false", "é", "'MD5'", "[", "]", "{", "}",
    ];

    const VALUES: &[&str] = &["$.a", "$.b", "$.b[2]", "$.c", "'a{}b'", "3", "-0.5", "9e18", "false", "null"];

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 1_000,
            failure_persistence: None,
            rng_seed: RngSeed::Fixed(2026),
            ..ProptestConfig::default()
        })]

        #[test]
        fn no_text_makes_it_panic(
            name in select(&function::FUNCTIONS[..]),
            pieces in vec(select(PIECES), 0..10),
            arguments in vec(select(VALUES), 0..4),
            noise in any::<String>(),
        ) {
            let input = json!({"a": "[1]", "b": [1, 2.5, {"é": null}], "c": {"d": 1}});
            let texts = [
                noise.clone(),
                format!("{}({noise})", name.0),
                format!("{}({})", name.0, pieces.concat()),
                format!("{}({})", name.0, arguments.join(",")),
            ];
            for text in texts {
                if let Ok(call) = Intrinsic::parse(&text) {
                    prop_assert_eq!(call.text(), text.trim());
                    let _ = call.evaluate(&mut Fixed(input.clone()));
                }
            }
        }
    }
}
