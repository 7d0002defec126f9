//! JSONPath as Step Functions reads it: that of Jayway's library 2.0, by its answers and its error texts.
//!
//! A *definite* path (fields and indices) is one value or an error, every other path an array, empty where nothing
//! matches. Functions do not exist: `$.list.length()` is a field named `length()`, as on AWS.
//! <https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html>

use std::{borrow::Cow, cell::Cell, cmp::Ordering, fmt, sync::LazyLock};

use regex::Regex;
use serde_json::{Map as Object, Number};

use super::payload::{MAX_DEPTH, memory};
use crate::value::Json;

/// How deep parentheses, negations and filters may nest: the parser recurses.
const NESTING: usize = 64;
/// How many values a path may pass through at once; `$..*..*..*` would otherwise fill the memory. A payload of 256 KiB
/// cannot hold more.
const MATCHES: usize = 262_144;
/// How many values a path may look at, those that its filters look at included: `$..[?(@..[?(@..a)])]` would otherwise
/// take days.
const LOOKS: usize = 4_000_000;
/// Bytes of memory that the result may take, since `$..` gives each value together with all that hold it.
const RESULT: usize = 1 << 27;

/// Where a path starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Root {
    /// `$`: the input of the state.
    Input,
    /// `$$`: the context object.
    Context,
    /// `$name`: a variable that a state assigned.
    Variable(String),
}

/// A path, parsed.
#[derive(Clone, Debug)]
pub struct JsonPath {
    text: String,
    root: Root,
    steps: Vec<Step>,
}

/// Why a definite path has no value, in the words that AWS takes over from Jayway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotFound {
    message: String,
    past_the_end: bool,
}

impl NotFound {
    fn new(message: String) -> Self {
        Self { message, past_the_end: false }
    }

    /// That no state assigned the variable.
    pub fn variable(name: &str) -> Self {
        Self::new(format!("No results for path: ${name}"))
    }

    /// Whether the path ends with an index that its array does not have, for which AWS has a null in some places.
    pub fn is_past_the_end(&self) -> bool {
        self.past_the_end
    }
}

impl fmt::Display for NotFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for NotFound {}

#[derive(Clone, Debug)]
enum Step {
    Field(String),
    /// `['a','b']`: one object of those that exist; only as the last step.
    Fields(Vec<String>),
    /// Negative from the end; `[(@.length-1)]` is -1.
    Index(i64),
    Indices(Vec<i64>),
    Slice {
        from: Option<i64>,
        to: Option<i64>,
        by: i64,
    },
    Wildcard,
    /// `..`: the value and every object and array in it; the step that it applies to comes next.
    Descent,
    Filter(Filter),
}

#[derive(Clone, Debug)]
enum Filter {
    Any(Vec<Filter>),
    All(Vec<Filter>),
    Not(Box<Filter>),
    Exists(Query),
    Compare(Operand, Operator, Operand),
    Matches(Operand, Regex),
}

#[derive(Clone, Debug)]
enum Operand {
    Query(Query),
    Literal(Json),
}

/// A path within a filter, from the value under test (`@`) or from the root (`$`).
#[derive(Clone, Debug)]
struct Query {
    current: bool,
    steps: Vec<Step>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    NotIn,
}

impl JsonPath {
    /// Reads a path; the error says in a sentence what stands where, and what was expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let mut parser = Parser { text, at: 0, depth: 0 };
        let root = parser.root()?;
        let steps = parser.steps(false)?;
        if parser.peek().is_some() {
            return Err(parser.expected("`.`, `[` or the end of the path"));
        }
        Ok(Self { text: text.to_owned(), root, steps })
    }

    /// As it was written, without spaces around it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where it starts.
    pub fn root(&self) -> &Root {
        &self.root
    }

    /// The member of the root that it goes through, if it is a single one.
    pub fn first_field(&self) -> Option<&str> {
        match self.steps.first() {
            Some(Step::Field(name)) => Some(name),
            _ => None,
        }
    }

    /// Whether it is one value: no wildcard, slice, filter, list of indices, or descent. `['a','b']` is one object.
    pub fn is_definite(&self) -> bool {
        is_definite(&self.steps)
    }

    /// Whether it may stand where a place is meant, as in `ResultPath`: only fields, and indices from the start.
    pub fn is_reference(&self) -> bool {
        self.steps.iter().all(|step| match step {
            Step::Field(_) => true,
            Step::Index(index) => *index >= 0,
            _ => false,
        })
    }

    /// The value of a definite path, or an array with all that another path matches.
    pub fn find<'a>(&self, root: &'a Json) -> Result<Cow<'a, Json>, NotFound> {
        let search = Search { root, looks: Cell::new(0) };
        let found = select(&self.steps, root, &search);
        if search.is_over() {
            return Err(NotFound::new(format!("More than {LOOKS} values were looked at for path: {}", self.text)));
        }
        found
    }

    /// `root` with `value` in the place of the path, which must be a reference path. Objects on the way are made where
    /// they are missing; an array must already have the element.
    pub fn set(&self, mut root: Json, value: Json) -> Result<Json, String> {
        if !self.is_reference() || self.root != Root::Input {
            let expected = "expected `$` with fields and indices only";
            return Err(format!("`{}` is not a reference path; {expected}", self.text));
        }
        // Each step may make an object in the one before.
        if self.steps.len() > MAX_DEPTH {
            return Err(format!("`{}` has more than {MAX_DEPTH} steps", self.text));
        }
        // Checked before anything is changed, because the error quotes the input as it was.
        if !has_room(&self.steps, &root) {
            return Err(format!("Unable to apply ReferencePath {} to input {root}", self.text));
        }
        let mut place = &mut root;
        for step in &self.steps {
            place = match (step, place) {
                (Step::Field(name), Json::Object(object)) => {
                    object.entry(name.as_str()).or_insert_with(|| Json::Object(Object::new()))
                }
                (Step::Index(index), Json::Array(array)) => position(*index, array.len())
                    .and_then(|index| array.get_mut(index))
                    .ok_or_else(|| format!("`{}` has no element {index}", self.text))?,
                _ => return Err(format!("`{}` passes through a value that is no object", self.text)),
            };
        }
        *place = value;
        Ok(root)
    }
}

/// Whether [`JsonPath::set`] can go all the way.
fn has_room(steps: &[Step], root: &Json) -> bool {
    let mut place = Some(root);
    for step in steps {
        place = match (step, place) {
            (Step::Field(name), Some(Json::Object(object))) => object.get(name),
            (Step::Field(_), None) => None,
            (Step::Index(index), Some(Json::Array(array))) => {
                match position(*index, array.len()).and_then(|index| array.get(index)) {
                    Some(element) => Some(element),
                    None => return false,
                }
            }
            _ => return false,
        };
    }
    true
}

fn is_definite(steps: &[Step]) -> bool {
    steps.iter().all(|step| matches!(step, Step::Field(_) | Step::Fields(_) | Step::Index(_)))
}

/// What a path is looked for in, and how much was looked at.
struct Search<'a> {
    root: &'a Json,
    looks: Cell<usize>,
}

impl Search<'_> {
    fn look(&self, values: usize) {
        self.looks.set(self.looks.get().saturating_add(values));
    }

    fn is_over(&self) -> bool {
        self.looks.get() > LOOKS
    }
}

fn select<'a>(steps: &[Step], start: &'a Json, search: &Search<'a>) -> Result<Cow<'a, Json>, NotFound> {
    if let Some(index) = steps.iter().position(|step| matches!(step, Step::Fields(_)))
        && index + 1 < steps.len()
    {
        let (path, _) = steps.split_at(index + 1);
        return Err(NotFound::new(format!("Multi properties can only be used as path leafs: {}", shown(path))));
    }
    if is_definite(steps) { one(steps, start, search) } else { all(steps, start, search) }
}

/// The value of a definite path.
fn one<'a>(steps: &[Step], start: &'a Json, search: &Search<'a>) -> Result<Cow<'a, Json>, NotFound> {
    search.look(1 + steps.len());
    let mut value = start;
    for (index, step) in steps.iter().enumerate() {
        let (before, after) = steps.split_at(index);
        let path = || format!("{}{step}", shown(before));
        value = match (step, value) {
            (Step::Field(name), Json::Object(object)) => object.get(name).ok_or_else(|| {
                NotFound::new(match after.len() {
                    1 => format!("No results for path: {}", path()),
                    _ => format!("Missing property in path {}", path()),
                })
            })?,
            (Step::Fields(names), Json::Object(object)) => return Ok(Cow::Owned(merged(names, object))),
            (Step::Index(index), Json::Array(array)) => {
                match position(*index, array.len()).and_then(|index| array.get(index)) {
                    Some(element) => element,
                    None if after.len() == 1 => {
                        let message = format!("Index out of bounds when evaluating path {}", path());
                        return Err(NotFound { message, past_the_end: true });
                    }
                    // AWS reads a null past the end of an array; its library stumbles over that at the next step.
                    None => &Json::Null,
                }
            }
            (Step::Index(_), Json::Null) => return Err(NotFound::new(format!("The path {} is null", shown(before)))),
            (Step::Index(_), other) => {
                let filter = after.iter().map(Step::to_string).collect::<String>();
                return Err(NotFound::new(format!(
                    "Filter: {filter} can only be applied to arrays. Current context is: {other}"
                )));
            }
            _ => return Err(NotFound::new(format!("Property {step} not found in path {}", shown(before)))),
        };
    }
    Ok(Cow::Borrowed(value))
}

/// All that an indefinite path matches. What is missing is left out, from the first step on: AWS answers `$.no[*]` with
/// an empty array.
fn all<'a>(steps: &[Step], start: &'a Json, search: &Search<'a>) -> Result<Cow<'a, Json>, NotFound> {
    let mut values = vec![start];
    let mut descended = false;
    for step in steps {
        let mut next = Vec::new();
        if let Step::Fields(names) = step {
            let objects = values.iter().filter_map(|value| value.as_object());
            // After a descent an object counts only when it has all of them, or each object would be a match.
            let objects = objects.filter(|object| !descended || names.iter().all(|name| object.contains_key(name)));
            let mut taken = 0;
            let merged = objects.map(|object| {
                let object = merged(names, object);
                taken += memory(&object);
                if taken > RESULT { Err(too_much(steps)) } else { Ok(object) }
            });
            return merged.collect::<Result<Json, NotFound>>().map(Cow::Owned);
        }
        for value in values {
            let before = next.len();
            match (step, value) {
                (Step::Field(name), Json::Object(object)) => next.extend(object.get(name)),
                (Step::Index(index), Json::Array(array)) => {
                    next.extend(position(*index, array.len()).and_then(|index| array.get(index)));
                }
                (Step::Indices(indices), Json::Array(array)) => {
                    let positions = indices.iter().filter_map(|index| position(*index, array.len()));
                    next.extend(positions.filter_map(|index| array.get(index)));
                }
                (Step::Slice { from, to, by }, Json::Array(array)) => slice(array, *from, *to, *by, &mut next),
                (Step::Wildcard, Json::Array(array)) => next.extend(array),
                (Step::Wildcard, Json::Object(object)) => next.extend(object.values()),
                (Step::Descent, value) => descend(value, &mut next),
                (Step::Filter(filter), Json::Array(array)) if !descended => {
                    next.extend(array.iter().filter(|value| filter.accepts(value, search)));
                    search.look(array.len());
                }
                // An object is tested itself, not its members; after a descent so is each array.
                (Step::Filter(filter), value) if filter.accepts(value, search) => next.push(value),
                _ => {}
            }
            if next.len() > MATCHES {
                return Err(NotFound::new(format!("More than {MATCHES} results for path: {}", shown(steps))));
            }
            search.look(1 + next.len() - before);
            if search.is_over() {
                return Err(too_much(steps));
            }
        }
        descended = matches!(step, Step::Descent);
        values = next;
    }
    let mut taken = 0;
    let copied = values.into_iter().map(|value| {
        taken += memory(value);
        if taken > RESULT { Err(too_much(steps)) } else { Ok(value.clone()) }
    });
    copied.collect::<Result<Json, NotFound>>().map(Cow::Owned)
}

fn too_much(steps: &[Step]) -> NotFound {
    NotFound::new(format!("Too many results for path: {}", shown(steps)))
}

/// The value and every object and array in it, each before what it holds.
fn descend<'a>(value: &'a Json, found: &mut Vec<&'a Json>) {
    let mut waiting = vec![value];
    while let Some(value) = waiting.pop() {
        if found.len() > MATCHES {
            return;
        }
        match value {
            Json::Array(array) => waiting.extend(array.iter().rev().filter(|value| is_container(value))),
            Json::Object(object) => waiting.extend(object.values().rev().filter(|value| is_container(value))),
            _ => continue,
        }
        found.push(value);
    }
}

fn is_container(value: &Json) -> bool {
    value.is_array() || value.is_object()
}

/// As Python does it: negative bounds count from the end, and bounds outside are moved to the nearest element.
fn slice<'a>(array: &'a [Json], from: Option<i64>, to: Option<i64>, by: i64, found: &mut Vec<&'a Json>) {
    let length = i64::try_from(array.len()).unwrap_or(i64::MAX);
    let (low, high) = if by > 0 { (0, length) } else { (-1, length - 1) };
    let bound = |given: Option<i64>, otherwise: i64| match given {
        Some(bound) if bound < 0 => bound.saturating_add(length).clamp(low, high),
        Some(bound) => bound.clamp(low, high),
        None => otherwise,
    };
    let (mut index, end) =
        if by > 0 { (bound(from, low), bound(to, high)) } else { (bound(from, high), bound(to, low)) };
    while if by > 0 { index < end } else { index > end } {
        found.extend(usize::try_from(index).ok().and_then(|index| array.get(index)));
        index = index.saturating_add(by);
    }
}

fn position(index: i64, length: usize) -> Option<usize> {
    let from_end = usize::try_from(index.unsigned_abs()).ok()?;
    if index < 0 { length.checked_sub(from_end) } else { Some(from_end) }
}

fn merged(names: &[String], object: &Object<String, Json>) -> Json {
    names.iter().filter_map(|name| Some((name.clone(), object.get(name)?.clone()))).collect()
}

fn shown(steps: &[Step]) -> String {
    steps.iter().fold("$".to_owned(), |text, step| text + &step.to_string())
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bound = |bound: &Option<i64>| bound.map_or(String::new(), |bound| bound.to_string());
        match self {
            Step::Field(name) => write!(f, "['{name}']"),
            Step::Fields(names) => write!(f, "['{}']", names.join("', '")),
            Step::Index(index) => write!(f, "[{index}]"),
            Step::Indices(list) => write!(f, "[{}]", list.iter().map(i64::to_string).collect::<Vec<_>>().join(",")),
            Step::Slice { from, to, by: 1 } => write!(f, "[{}:{}]", bound(from), bound(to)),
            Step::Slice { from, to, by } => write!(f, "[{}:{}:{by}]", bound(from), bound(to)),
            Step::Wildcard => f.write_str("[*]"),
            Step::Descent => f.write_str(".."),
            Step::Filter(_) => f.write_str("[?]"),
        }
    }
}

impl Filter {
    /// Whether a value passes. AWS tests no scalars: "The `@` operator … only matches objects".
    fn accepts<'a>(&self, value: &'a Json, search: &Search<'a>) -> bool {
        is_container(value) && self.holds(value, search)
    }

    fn holds<'a>(&self, current: &'a Json, search: &Search<'a>) -> bool {
        if search.is_over() {
            return false;
        }
        match self {
            Filter::Any(filters) => filters.iter().any(|filter| filter.holds(current, search)),
            Filter::All(filters) => filters.iter().all(|filter| filter.holds(current, search)),
            Filter::Not(filter) => !filter.holds(current, search),
            Filter::Exists(query) => match query.find(current, search) {
                Ok(found) => is_definite(&query.steps) || found.as_array().is_some_and(|found| !found.is_empty()),
                Err(_) => false,
            },
            // A missing value is neither equal nor unequal to anything: Jayway gives up on the whole comparison.
            Filter::Compare(left, operator, right) => match (left.value(current, search), right.value(current, search)) {
                (Some(left), Some(right)) => {
                    // What is compared is looked at.
                    search.look(memory(&left).min(memory(&right)) / size_of::<Json>());
                    operator.holds(&left, &right)
                }
                _ => false,
            },
            Filter::Matches(operand, pattern) => operand
                .value(current, search)
                .is_some_and(|value| value.as_str().is_some_and(|text| pattern.is_match(text))),
        }
    }
}

impl Query {
    fn find<'a>(&self, current: &'a Json, search: &Search<'a>) -> Result<Cow<'a, Json>, NotFound> {
        select(&self.steps, if self.current { current } else { search.root }, search)
    }
}

impl Operand {
    fn value<'a>(&'a self, current: &'a Json, search: &Search<'a>) -> Option<Cow<'a, Json>> {
        match self {
            Operand::Query(query) => query.find(current, search).ok(),
            Operand::Literal(value) => Some(Cow::Borrowed(value)),
        }
    }
}

impl Operator {
    fn holds(self, left: &Json, right: &Json) -> bool {
        let ordering = || compare(left, right);
        let is_in = || right.as_array().map(|list| list.iter().any(|value| is_equal(left, value)));
        match self {
            Operator::Equal => is_equal(left, right),
            Operator::NotEqual => !is_equal(left, right),
            Operator::Less => ordering().is_some_and(Ordering::is_lt),
            Operator::LessOrEqual => ordering().is_some_and(Ordering::is_le),
            Operator::Greater => ordering().is_some_and(Ordering::is_gt),
            Operator::GreaterOrEqual => ordering().is_some_and(Ordering::is_ge),
            Operator::In => is_in() == Some(true),
            Operator::NotIn => is_in() == Some(false),
        }
    }
}

fn is_equal(left: &Json, right: &Json) -> bool {
    same(left, right) || compare(left, right) == Some(Ordering::Equal)
}

/// The order of two scalars. Jayway takes the literals of a filter for texts, so `10` and `'10'` are equal, and so are
/// `true` and `'true'`.
fn compare(left: &Json, right: &Json) -> Option<Ordering> {
    let number = |text: &str| serde_json::from_str::<Number>(text).ok();
    match (left, right) {
        (Json::Number(left), Json::Number(right)) => compare_numbers(left, right),
        (Json::Number(left), Json::String(right)) => compare_numbers(left, &number(right)?),
        (Json::String(left), Json::Number(right)) => compare_numbers(&number(left)?, right),
        (Json::String(left), Json::String(right)) => Some(left.encode_utf16().cmp(right.encode_utf16())),
        (Json::Bool(left), Json::Bool(right)) => Some(left.cmp(right)),
        (Json::Bool(flag), Json::String(text)) | (Json::String(text), Json::Bool(flag)) => {
            (*text == flag.to_string()).then_some(Ordering::Equal)
        }
        (Json::Null, Json::Null) => Some(Ordering::Equal),
        _ => None,
    }
}

/// Whether two values are the same JSON, with numbers by value: `1` is `1.0`.
pub(super) fn same(left: &Json, right: &Json) -> bool {
    match (left, right) {
        (Json::Number(left), Json::Number(right)) => compare_numbers(left, right) == Some(Ordering::Equal),
        (Json::Array(left), Json::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Json::Object(left), Json::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(name, left)| right.get(name).is_some_and(|right| same(left, right)))
        }
        _ => left == right,
    }
}

/// The order of two numbers by value; whole numbers exactly, beyond what an `f64` holds.
pub(super) fn compare_numbers(left: &Number, right: &Number) -> Option<Ordering> {
    match (left.as_i128(), right.as_i128()) {
        (Some(left), Some(right)) => Some(left.cmp(&right)),
        _ => left.as_f64()?.partial_cmp(&right.as_f64()?),
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

    /// `eat`, with spaces before it, or an error.
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

    /// What stands in brackets, the closing one included.
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

    /// `(@.length-1)`, older than negative indices.
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

    /// `0`, `0,2`, `1:`, `:2`, `1:2`, `::2`.
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

    /// One level deeper.
    fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Result<T, String>) -> Result<T, String> {
        if self.depth == NESTING {
            return Err(format!("the filters of `{}` nest more than {NESTING} deep", self.text));
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

    /// `/…/i`: like Java's `matches`, of the whole text.
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

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*, sample::select, test_runner::RngSeed};
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn give(input: Json, path: &str, output: Json) {
        let path = JsonPath::parse(path).unwrap();
        assert_eq!(path.find(&input).unwrap().into_owned(), output, "{}", path.text());
    }

    #[track_caller]
    fn miss(input: Json, path: &str, message: &str) {
        assert_eq!(JsonPath::parse(path).unwrap().find(&input).unwrap_err().to_string(), message);
    }

    #[track_caller]
    fn refuse(path: &str, message: &str) {
        assert_eq!(JsonPath::parse(path).unwrap_err(), message);
    }

    #[track_caller]
    fn set(input: Json, path: &str, output: Json) {
        assert_eq!(JsonPath::parse(path).unwrap().set(input, json!(1)), Ok(output));
    }

    fn books() -> Json {
        json!({"limit": 10, "books": [
            {"title": "Sayings", "price": 8.95},
            {"title": "Sword", "price": 12.99, "isbn": "0-1"},
            {"title": "Moby", "price": 10, "isbn": null, "tags": ["sea", "whale"]},
        ]})
    }

    fn titles(filter: &str, titles: Json) {
        give(books(), &format!("$.books[?({filter})].title"), titles);
    }

    #[test]
    fn a_path_starts_at_the_input_the_context_or_a_variable() {
        let root = |path| JsonPath::parse(path).unwrap().root().clone();
        assert_eq!(root("$"), Root::Input);
        assert_eq!(root("$.a"), Root::Input);
        assert_eq!(root("$$.Execution.Input.input-value"), Root::Context);
        assert_eq!(root("$größe_1[0]"), Root::Variable("größe_1".to_owned()));
        give(json!({"a": 1}), "$x.a", json!(1));
        let first = |path| JsonPath::parse(path).unwrap().first_field().map(str::to_owned);
        assert_eq!(first("$$.Map.Item").as_deref(), Some("Map"));
        assert_eq!(["$$", "$$..Item", "$$[*]", "$$['a','b']"].map(first), [const { None }; 4]);
    }

    #[test]
    fn fields() {
        give(json!({"a": {"b": null}}), "$.a.b", json!(null));
        give(json!({"a": {"b": 1}}), "$['a'][\"b\"]", json!(1));
        give(json!({"abc": {"def ghi": 1}}), "$.abc.['def ghi']", json!(1));
        give(json!({"delivery-partner": 1, "x:y/#z": 2}), "$.delivery-partner", json!(1));
        give(json!({"delivery-partner": 1, "x:y/#z": 2}), "$.x:y/#z", json!(2));
        give(json!({"Test\\\"\"Name\"": 1}), "$['Test\\\"\"Name\"']", json!(1));
        give(json!({"it's": 1}), "$['it\\'s']", json!(1));
        give(json!({"a\\\\": 1}), "$['a\\\\']", json!(1));
        give(json!({"a": 1, "b": 2, "c": 3}), "$['a', 'c', 'x']", json!({"a": 1, "c": 3}));
        give(json!([{"a": 1}, 2, {"a": 3, "b": 4}]), "$[*]['a','b']", json!([{"a": 1}, {"a": 3, "b": 4}]));
    }

    #[test]
    fn elements() {
        give(json!([1, 2, 3]), "$[0]", json!(1));
        give(json!([1, 2, 3]), "$[-2]", json!(2));
        give(json!([1, 2, 3]), "$[(@.length-1)]", json!(3));
        give(json!([1, 2, 3]), "$[ 0 , 2, 7 ]", json!([1, 3]));
        give(json!([1, 2, 3]), "$[*]", json!([1, 2, 3]));
        give(json!({"a": 1, "b": [2]}), "$.*", json!([1, [2]]));
        give(json!([0, 1, 2, 3]), "$[1:]", json!([1, 2, 3]));
        give(json!([0, 1, 2, 3]), "$[:2]", json!([0, 1]));
        give(json!([0, 1, 2, 3]), "$[:-1]", json!([0, 1, 2]));
        give(json!([0, 1, 2, 3]), "$[-3:-1]", json!([1, 2]));
        give(json!([0, 1, 2, 3]), "$[0:9:2]", json!([0, 2]));
        give(json!([0, 1, 2, 3]), "$[::-2]", json!([3, 1]));
        give(json!([0, 1, 2, 3]), "$[9:]", json!([]));
    }

    #[test]
    fn descents() {
        let input = json!({"a": {"n": 1, "b": [{"n": 2}, [3, 4]]}});
        give(input.clone(), "$..n", json!([1, 2]));
        give(input.clone(), "$..[0]", json!([{"n": 2}, 3]));
        give(input.clone(), "$..b[1][*]", json!([3, 4]));
        give(input.clone(), "$..['n']", json!([1, 2]));
        give(input.clone(), "$..[?(@.n > 1)]", json!([{"n": 2}]));
        give(input, "$..['n','b']", json!([{"n": 1, "b": [{"n": 2}, [3, 4]]}]));
        give(json!({"a": [1]}), "$..*", json!([[1], 1]));
    }

    #[test]
    fn filters() {
        titles("@.price < 10", json!(["Sayings"]));
        titles("@.price<=10", json!(["Sayings", "Moby"]));
        titles("@.price >= $.limit", json!(["Sword", "Moby"]));
        titles("10 < @.price", json!(["Sword"]));
        titles("@.title == 'Moby'", json!(["Moby"]));
        titles("@.title == \"Moby\"", json!(["Moby"]));
        titles("@.title == Moby", json!(["Moby"]));
        titles("@.price == '10'", json!(["Moby"]));
        titles("@.isbn", json!(["Sword", "Moby"]));
        titles("!@.isbn", json!(["Sayings"]));
        titles("@.isbn == null", json!(["Moby"]));
        titles("@.isbn != null", json!(["Sword"]));
        titles("@.tags[*]", json!(["Moby"]));
        titles("@.tags[?(@.x)]", json!([]));
        titles("@.tags[1] == 'whale'", json!(["Moby"]));
        titles("@['price'] > 9 && (@.isbn == null || @.title =~ /s.*/i)", json!(["Sword", "Moby"]));
        titles("!(@.price > 9) || @.isbn == null", json!(["Sayings", "Moby"]));
        titles("@.title in ['Moby', 'Sword']", json!(["Sword", "Moby"]));
        titles("@.title nin ['Moby']", json!(["Sayings", "Sword"]));
        titles("'sea' in @.tags", json!(["Moby"]));
        titles("@.title =~ /M/", json!([]));
    }

    #[test]
    fn a_filter_tests_objects_and_arrays_only() {
        give(json!([1, 2, "x"]), "$[?(@ > 1)]", json!([]));
        give(json!([[1], [2]]), "$[?(@[0] == 2)]", json!([[2]]));
        give(json!({"a": 1}), "$[?(@.a == 1)]", json!([{"a": 1}]));
    }

    #[test]
    fn after_an_indefinite_step_all_is_an_array() {
        titles("@.price > 9", json!(["Sword", "Moby"]));
        give(books(), "$.books[?(@.tags)][0]", json!([]));
        give(books(), "$.books[?(@.tags)].tags[0]", json!(["sea"]));
        for path in ["$[*]", "$.items[*]", "$.items[1:]", "$.item.items[:1]", "$.items[1:].itemValue"] {
            give(json!({}), path, json!([]));
        }
        let definite = |path| JsonPath::parse(path).unwrap().is_definite();
        assert!(["$", "$.a[0]['b']", "$[-1]", "$['a','b']"].into_iter().all(definite));
        assert!(!["$[*]", "$..a", "$[0,1]", "$[1:]", "$.*", "$.a[?(@.b)][0]"].into_iter().any(definite));
    }

    #[test]
    fn what_is_missing_is_told_as_jayway_does() {
        miss(json!({"a": {}}), "$.a.b", "No results for path: $['a']['b']");
        miss(json!({}), "$x.a.b", "Missing property in path $['a']");
        miss(json!({"arr": [1]}), "$.arr[5]", "Index out of bounds when evaluating path $['arr'][5]");
        miss(json!({"arr": [1]}), "$.arr[-2]", "Index out of bounds when evaluating path $['arr'][-2]");
        miss(json!({"arr": [1]}), "$.arr[5].x", "Property ['x'] not found in path $['arr'][5]");
        miss(json!({"arr": [1]}), "$.arr[5][0]", "The path $['arr'][5] is null");
        let past_the_end =
            |path| JsonPath::parse(path).unwrap().find(&json!({"arr": [1]})).unwrap_err().is_past_the_end();
        assert!(past_the_end("$.arr[1]") && past_the_end("$.arr[-2]"));
        assert!(!past_the_end("$.arr[1].x") && !past_the_end("$.x"));
        miss(json!({"a": "x"}), "$.a.b", "Property ['b'] not found in path $['a']");
        // Recorded on AWS, which has no functions.
        miss(json!({"list": [1]}), "$.list.length()", "Property ['length()'] not found in path $['list']");
        miss(json!({"a": null}), "$.a[0]", "The path $['a'] is null");
        let context = "Filter: [0]['x'] can only be applied to arrays. Current context is: {\"b\":1}";
        miss(json!({"a": {"b": 1}}), "$.a[0].x", context);
        // Recorded too.
        miss(json!({"a": {"v": 1}}), "$['a', 'b'].v", "Multi properties can only be used as path leafs: $['a', 'b']");
    }

    #[test]
    fn matches_are_limited() {
        let deep = (0..100).fold(json!([1, 2]), |json, _| json!([json, json!({"a": 1})]));
        let path = format!("${}", "..*".repeat(9));
        assert!(JsonPath::parse(&path).unwrap().find(&deep).unwrap_err().to_string().starts_with("More than 262144"));
    }

    #[test]
    fn what_is_no_path_is_refused() {
        refuse("a.b", "`a` stands at column 1 of `a.b`; expected `$`");
        refuse("", "`` ends at column 1; expected `$`");
        refuse("$.", "`$.` ends at column 3; expected the name of a field, `*` or `[`");
        refuse("$...", "`.` stands at column 4 of `$...`; expected the name of a field, `*` or `[`");
        refuse("$.a b", "` ` stands at column 4 of `$.a b`; expected `.`, `[` or the end of the path");
        refuse("$.ä['b", "`$.ä['b` ends at column 7; expected `'`");
        refuse("$[x]", "`x` stands at column 3 of `$[x]`; expected a name in quotes, an index, `*`, `:` or `?`");
        refuse("$[99999999999999999999]", "`9` stands at column 3 of `$[99999999999999999999]`; expected an index");
        refuse("$[0:1:0]", "a slice of `$[0:1:0]` goes by 0; expected another step");
        refuse("$[?@.a]", "`@` stands at column 4 of `$[?@.a]`; expected `(`");
        refuse("$[?('a')]", "`)` stands at column 8 of `$[?('a')]`; expected an operator, such as `==`");
        refuse("$[?(@.a =~ /x/y)]", "`y` is a flag of `/x/y`; expected some of i, m, s, u, x");
        let functions = "expected `.`, `[` or the end: Step Functions has no functions in paths";
        refuse("$.a.concat('b')", &format!("`(` stands at column 11 of `$.a.concat('b')`; {functions}"));
        for deep in
            [format!("${}", "[?(@".repeat(99)), format!("$[?({}", "(".repeat(99)), format!("$[?({}", "!".repeat(99))]
        {
            refuse(&deep, &format!("the filters of `{deep}` nest more than 64 deep"));
        }
    }

    #[test]
    fn filters_nest_64_deep() {
        let path = format!("${}{}", "[?(@".repeat(64), ")]".repeat(64));
        give(
            (0..100).fold(json!(1), |json, _| json!([json])),
            &path,
            json!([(0..99).fold(json!(1), |json, _| json!([json]))]),
        );
    }

    #[test]
    fn a_reference_path_is_a_place_for_a_result() {
        set(json!({"b": 2}), "$", json!(1));
        set(json!({"b": 2}), "$.a", json!({"b": 2, "a": 1}));
        set(json!({}), "$.a['b c'].d", json!({"a": {"b c": {"d": 1}}}));
        set(json!({"a": [0, {"x": 2}]}), "$.a[1].y", json!({"a": [0, {"x": 2, "y": 1}]}));
        let fail = |input, path| JsonPath::parse(path).unwrap().set(input, json!(1)).unwrap_err();
        // Recorded on AWS, as the cause of States.ReferencePathConflict.
        assert_eq!(fail(json!("input1"), "$.result"), "Unable to apply ReferencePath $.result to input \"input1\"");
        assert_eq!(fail(json!({"a": [2]}), "$.a[1]"), "Unable to apply ReferencePath $.a[1] to input {\"a\":[2]}");
        assert_eq!(fail(json!({}), "$.a[0]"), "Unable to apply ReferencePath $.a[0] to input {}");
        let expected = "expected `$` with fields and indices only";
        for path in ["$.a[*]", "$.a[-1]", "$$.a", "$a"] {
            assert_eq!(fail(json!({}), path), format!("`{path}` is not a reference path; {expected}"));
        }
    }

    #[test]
    fn numbers_are_the_same_by_value() {
        assert!(same(&json!({"a": [1, 2.0], "b": 3}), &json!({"b": 3.0, "a": [1.0, 2]})));
        assert!(!same(&json!(9_007_199_254_740_993_u64), &json!(9_007_199_254_740_992_u64)));
        assert!(!same(&json!("1"), &json!(1)));
    }

    const PIECES: &[&str] = &[
        "$",
        "@",
        ".",
        "..",
        "[",
        "]",
        "(",
        ")",
        "?",
        "*",
        ",",
        ":",
        "-",
        "0",
        "1",
        "99",
        "'a'",
        "\"b\"",
        "'",
        "\"",
        "\\",
        "a",
        "b",
        "length",
        "()",
        "==",
        "!=",
        "<",
        ">=",
        "=~",
        "/a/i",
        "/",
        "in ",
        "&&",
        "||",
        "!",
        " ",
        "null",
        "1.5",
        "é",
        "[?(@.a",
        ")]",
        "[0]",
        "$.a",
        "[(@.length-1)]",
        "[::-1]",
    ];

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 2_000,
            failure_persistence: None,
            rng_seed: RngSeed::Fixed(2026),
            ..ProptestConfig::default()
        })]

        #[test]
        fn no_text_makes_it_panic(
            pieces in vec(select(PIECES), 0..14),
            noise in any::<String>(),
            a in -3_i64..5,
            by in -3_i64..4,
        ) {
            let input = json!({"a": [1, {"a": "b", "b": [null, true, [0]]}, "é"], "b": {"a": {"a": 2.5}}, "é": []});
            let soup = pieces.concat();
            let slice = format!("$.a[{a}:{by}:{by}]..{soup}");
            for text in [&noise, &format!("${noise}"), &soup, &format!("${soup}"), &slice] {
                if let Ok(path) = JsonPath::parse(text) {
                    let found = path.find(&input);
                    prop_assert!(path.is_definite() || found.is_ok_and(|found| found.is_array()) || text.contains(','));
                    prop_assert!(path.is_definite() || !path.is_reference());
                    let _ = path.set(input.clone(), json!(1));
                }
            }
        }

        #[test]
        fn what_is_set_is_found(names in vec("[a-c]", 0..4), value in any::<u8>()) {
            let path = names.iter().fold("$".to_owned(), |path, name| format!("{path}['{name}']"));
            let path = JsonPath::parse(&path).unwrap();
            let output = path.set(json!({"b": {}, "c": {"a": {"c": 1}}}), json!(value));
            if let Ok(output) = output {
                prop_assert_eq!(path.find(&output).unwrap().into_owned(), json!(value));
            }
        }
    }
}
