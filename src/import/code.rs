//! Rust code as a tree: what `import` writes, before names are imported and lines are broken.

/// An expression.
#[derive(Clone, Debug)]
pub(super) enum Code {
    /// A literal, or a name of a variable: one piece, which is never broken.
    Text(String),
    /// An item by its path, such as `Runtime::PYTHON_3_13`.
    Path(Path),
    /// A call of a function.
    Call(Path, Vec<Code>),
    /// A value, and the methods that are called on it one after the other.
    Chain(Box<Code>, Vec<Method>),
    /// An array.
    Array(Vec<Code>),
    /// A tuple of two or more.
    Tuple(Vec<Code>),
    /// `json!(…)`: JSON, with code where something is referred to.
    Json(Data),
}

/// JSON inside `json!`.
#[derive(Clone, Debug)]
pub(super) enum Data {
    /// A scalar as it is written in Rust, or code that serializes.
    Leaf(Box<Code>),
    /// An array.
    List(Vec<Data>),
    /// An object.
    Object(Vec<(String, Data)>),
}

/// A call of a method, with its arguments.
#[derive(Clone, Debug)]
pub(super) struct Method {
    /// The name, with type arguments where it takes some.
    pub name: String,
    pub arguments: Vec<Code>,
}

/// A path to an item that is imported, such as `aws::sqs::Queue` with `::new` behind it.
#[derive(Clone, Debug)]
pub(super) struct Path {
    /// The item below `formwork::`; empty for what needs no import.
    pub item: String,
    /// What follows: `::new`, `::PYTHON_3_13`, `::<String>`.
    pub rest: String,
}

impl Path {
    pub fn new(item: impl Into<String>, rest: impl Into<String>) -> Self {
        Self { item: item.into(), rest: rest.into() }
    }

    /// A name of the file itself.
    pub fn local(name: impl Into<String>) -> Self {
        Self { item: String::new(), rest: name.into() }
    }
}

impl Code {
    pub fn text(text: impl Into<String>) -> Self {
        Code::Text(text.into())
    }

    /// A literal of a text: raw where quotes, backslashes or lines would have to be escaped otherwise.
    pub fn string(text: &str) -> Self {
        Code::Text(string(text))
    }

    /// `&variable`; the variable alone where it is a reference already, which the function that it stands in knows.
    pub fn borrow(variable: impl Into<String>) -> Self {
        Code::Path(Path::local(format!("&{}", variable.into())))
    }

    /// A call of an item.
    pub fn call(item: impl Into<String>, arguments: impl IntoIterator<Item = Code>) -> Self {
        Code::Call(Path::new(item, ""), arguments.into_iter().collect())
    }

    /// A call of an associated function: `Queue::new(…)`.
    pub fn associated(item: impl Into<String>, name: &str, arguments: impl IntoIterator<Item = Code>) -> Self {
        Code::Call(Path::new(item, format!("::{name}")), arguments.into_iter().collect())
    }

    /// A method called on it.
    pub fn method(self, name: impl Into<String>, arguments: impl IntoIterator<Item = Code>) -> Self {
        let method = Method { name: name.into(), arguments: arguments.into_iter().collect() };
        match self {
            Code::Chain(root, mut methods) => {
                methods.push(method);
                Code::Chain(root, methods)
            }
            root => Code::Chain(Box::new(root), vec![method]),
        }
    }

    /// `.cast()`.
    pub fn cast(self) -> Self {
        self.method("cast", [])
    }

    /// The number of methods that are called in it.
    pub fn setters(&self) -> usize {
        let sum = |codes: &[Code]| codes.iter().map(Code::setters).sum::<usize>();
        match self {
            Code::Text(_) | Code::Path(_) | Code::Json(_) => 0,
            Code::Call(_, arguments) | Code::Array(arguments) | Code::Tuple(arguments) => sum(arguments),
            Code::Chain(root, methods) => {
                root.setters() + methods.iter().map(|method| 1 + sum(&method.arguments)).sum::<usize>()
            }
        }
    }

    /// Visits the paths of it, to note or to change them.
    pub fn paths(&mut self, visit: &mut dyn FnMut(&mut Path)) {
        match self {
            Code::Text(_) => {}
            Code::Path(path) => visit(path),
            Code::Call(path, arguments) => {
                visit(path);
                arguments.iter_mut().for_each(|argument| argument.paths(visit));
            }
            Code::Chain(root, methods) => {
                root.paths(visit);
                methods.iter_mut().flat_map(|method| &mut method.arguments).for_each(|it| it.paths(visit));
            }
            Code::Array(items) | Code::Tuple(items) => items.iter_mut().for_each(|item| item.paths(visit)),
            Code::Json(data) => {
                visit(&mut Path::new("json", ""));
                data.paths(visit);
            }
        }
    }
}

impl Data {
    fn paths(&mut self, visit: &mut dyn FnMut(&mut Path)) {
        match self {
            Data::Leaf(code) => code.paths(visit),
            Data::List(items) => items.iter_mut().for_each(|item| item.paths(visit)),
            Data::Object(members) => members.iter_mut().for_each(|(_, member)| member.paths(visit)),
        }
    }
}

/// A literal of a text. What has lines, or quotes and backslashes, is a raw literal, so that it stands there as it is;
/// what a reader could not see (control characters, what changes the direction of a line) is escaped.
pub(super) fn string(text: &str) -> String {
    let is_plain = |c: char| c == '\n' || c == '\t' || !(c.is_control() || is_invisible(c));
    // A line break at the end alone is no reason to write the next thing at the margin.
    let inner = text.strip_suffix('\n').unwrap_or(text);
    let wants_raw = inner.contains('\n') || text.contains(['"', '\\']);
    if wants_raw && text.chars().all(is_plain) {
        let mut hashes = if text.contains('"') { 1 } else { 0 };
        while hashes > 0 && text.contains(&format!("\"{}", "#".repeat(hashes))) {
            hashes += 1;
        }
        // The language knows no more than that.
        if hashes < 200 {
            let hashes = "#".repeat(hashes);
            return format!("r{hashes}\"{text}\"{hashes}");
        }
    }
    escaped(text)
}

/// A literal of the name of a member, which has no room for lines.
pub(super) fn key(name: &str) -> String {
    if name.contains('\n') { escaped(name) } else { string(name) }
}

fn escaped(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\0' => out.push_str("\\0"),
            c if c.is_control() || is_invisible(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Marks of direction, which the compiler refuses in a literal, and characters without a width.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}
