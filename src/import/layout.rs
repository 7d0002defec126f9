//! Where lines are broken: as rustfmt does it with this project's `rustfmt.toml`, so that it would leave alone what
//! `import` writes.
//!
//! This follows the parts of rustfmt that lay out calls, chains and lists. Code is laid out in a [`Shape`]: the
//! indentation of its lines, and the room on the first of them. What does not fit is `None`, and whoever asked tries
//! another way.

use std::{cell::RefCell, collections::HashMap};

use super::{
    code::{Code, Data, Method, Path},
    shape::{Shape, TAB, WIDTH, first_line, fits, last_line, lines, newline, width},
};

/// `short_array_element_width_threshold`.
const SHORT: usize = 10;

/// Gives the text of a path, as its file has imported it.
pub(super) type Names<'a> = &'a dyn Fn(&Path) -> String;

/// A statement: an expression with `;`, or `let name = …;`.
pub(super) fn statement(binding: Option<&str>, code: &Code, depth: usize, names: Names<'_>) -> String {
    let indent = depth * TAB;
    let writer = Writer::new(names);
    let Some(name) = binding else {
        let shape = Shape { width: WIDTH.saturating_sub(indent + 1), ..Shape::indented(indent) };
        return format!("{}{};", " ".repeat(indent), writer.whatever(code, shape));
    };
    let left = format!("let {name} =");
    let pad = " ".repeat(indent);
    format!("{pad}{left}{};", assigned(&writer, &left, code, indent, 1))
}

/// Whether rustfmt could lay out a statement: no text in it is too long for its place.
pub(super) fn is_possible(binding: Option<&str>, code: &Code, depth: usize, names: Names<'_>) -> bool {
    let writer = Writer::new(names);
    let shape = Shape::indented(depth * TAB).minus(1);
    let left = binding.map_or(0, |name| "let  = ".len() + width(name));
    let same = shape.and_then(|shape| shape.after(left)).and_then(|shape| writer.code(code, shape, false));
    let below = || Shape::indented((depth + 1) * TAB).minus(1).and_then(|shape| writer.code(code, shape, false));
    same.is_some() || binding.is_some() && below().is_some()
}

/// A constant: `const NAME: type = …;`.
pub(super) fn constant(left: &str, code: &Code, names: Names<'_>) -> String {
    let writer = Writer::new(names);
    match code {
        // A text with lines begins where it is assigned, however long the first of them is.
        Code::Text(text) if text.contains('\n') => format!("{left} {text};"),
        code => format!("{left}{};", assigned(&writer, left, code, 0, 1)),
    }
}

/// The value of a function, at the end of its body.
pub(super) fn value(code: &Code, depth: usize, names: Names<'_>) -> String {
    let indent = depth * TAB;
    format!("{}{}", " ".repeat(indent), Writer::new(names).whatever(code, Shape::indented(indent)))
}

/// What stands behind `=`: on the same line, or on the next.
fn assigned(writer: &Writer<'_>, left: &str, code: &Code, indent: usize, behind: usize) -> String {
    let same = Shape::indented(indent).minus(behind).and_then(|shape| shape.after(width(left) + 1));
    let next = Shape::indented(indent + TAB).minus(behind);
    let on_same = same.and_then(|shape| writer.code(code, shape, false));
    if let (Some(text), Some(shape)) = (&on_same, same)
        && !text.contains('\n')
        && width(text) <= shape.width
    {
        return format!(" {text}");
    }
    let on_next = next.and_then(|shape| writer.code(code, shape, false));
    let below = |text: String| newline(indent + TAB) + &text;
    match (on_same, on_next) {
        (Some(same), Some(other)) if next.is_some_and(|shape| !fits(&other, shape)) => format!(" {same}"),
        (Some(same), Some(other)) if prefers_next_line(&same, &other) => below(other),
        (Some(same), _) => format!(" {same}"),
        (None, Some(other)) => below(other),
        (None, None) => format!(" {}", writer.anyhow(code, indent)),
    }
}

fn prefers_next_line(same: &str, next: &str) -> bool {
    let newlines = |text: &str| text.matches('\n').count();
    let opens = |bracket: char| first_line(same).ends_with(bracket) && !first_line(next).ends_with(bracket);
    !next.contains('\n') || newlines(same) > newlines(next) + 1 || ['(', '{', '['].into_iter().any(opens)
}

struct Writer<'a> {
    names: Names<'a>,
    /// What was laid out already. Each level of nested calls is tried in several shapes, and most of them again by the
    /// level above.
    known: RefCell<HashMap<Asked, Option<String>>>,
}

/// Code by its address, which is its own while the writer lives, the shape that it is wanted in, and `one_line`.
type Asked = (usize, Shape, bool);

/// An element of a list, laid out.
struct Item<'a> {
    code: &'a Code,
    text: String,
}

impl<'a> Writer<'a> {
    fn new(names: Names<'a>) -> Self {
        Writer { names, known: RefCell::default() }
    }

    /// The code in its shape; where rustfmt would give up, as it is most readable, which rustfmt then leaves alone.
    fn whatever(&self, code: &Code, shape: Shape) -> String {
        self.code(code, shape, false).unwrap_or_else(|| self.anyhow(code, shape.indent))
    }

    /// The code in a shape. `one_line` is asked of a chain that is the last argument of a call: its methods may not each
    /// have a line.
    fn code(&self, code: &Code, shape: Shape, one_line: bool) -> Option<String> {
        // What fits has one line, and most does.
        let mut flat = String::new();
        if self.flat_code(&mut flat, code, shape.width).is_some() {
            return Some(flat);
        }
        let asked = (std::ptr::from_ref(code).addr(), shape, one_line);
        if let Some(known) = self.known.borrow().get(&asked) {
            return known.clone();
        }
        let found = self.in_lines(code, shape, one_line);
        self.known.borrow_mut().insert(asked, found.clone());
        found
    }

    /// The code, which has no room on one line.
    fn in_lines(&self, code: &Code, shape: Shape, one_line: bool) -> Option<String> {
        match code {
            Code::Text(text) => Some(text.clone()).filter(|text| fits(text, shape)),
            Code::Path(path) => Some((self.names)(path)).filter(|text| fits(text, shape)),
            Code::Call(path, arguments) => self.list(&(self.names)(path), "(", ")", arguments, shape, one_line),
            Code::Array(items) => self.list("", "[", "]", items, shape, one_line),
            Code::Tuple(items) => self.list("", "(", ")", items, shape, one_line),
            Code::Chain(root, methods) => self.chain(root, methods, shape, one_line),
            Code::Json(data) => self.json(data, shape, one_line),
        }
    }

    /// Writes the code on one line; none where it does not fit.
    fn flat_code(&self, out: &mut String, code: &Code, room: usize) -> Option<()> {
        match code {
            Code::Text(text) if text.contains('\n') => return None,
            Code::Text(text) => out.push_str(text),
            Code::Path(path) => out.push_str(&(self.names)(path)),
            Code::Call(path, arguments) => {
                out.push_str(&(self.names)(path));
                self.flat_list(out, ['(', ')'], arguments, room)?;
            }
            Code::Array(items) => self.flat_list(out, ['[', ']'], items, room)?,
            Code::Tuple(items) => self.flat_list(out, ['(', ')'], items, room)?,
            Code::Chain(root, methods) => {
                self.flat_code(out, root, room)?;
                for method in methods {
                    out.push('.');
                    out.push_str(&method.name);
                    self.flat_list(out, ['(', ')'], &method.arguments, room)?;
                }
            }
            Code::Json(data) if data_is_small(data) || is_code(data) => {
                out.push_str("json!(");
                out.push_str(&self.flat(data)?);
                out.push(')');
            }
            Code::Json(_) => return None,
        }
        // Bytes are never fewer than columns.
        (out.len() <= room || width(out) <= room).then_some(())
    }

    fn flat_list(&self, out: &mut String, [open, close]: [char; 2], items: &[Code], room: usize) -> Option<()> {
        out.push(open);
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                out.push_str(", ");
            }
            self.flat_code(out, item, room)?;
        }
        out.push(close);
        Some(())
    }

    fn chain(&self, root: &Code, methods: &[Method], shape: Shape, one_line: bool) -> Option<String> {
        let mut methods = methods;
        let mut first = self.code(root, shape, one_line)?;
        let mut is_block = first.contains('\n') && !matches!(root, Code::Text(_) | Code::Path(_));
        // A short root has its first method on its line.
        while width(&first) <= TAB.saturating_sub(shape.offset) && !first.contains('\n') {
            let [method, rest @ ..] = methods else { break };
            let Some(text) = self.method(method, shape.after(width(&first))?, one_line) else { break };
            first.push_str(&text);
            is_block = is_extendable(last_line(&first));
            methods = rest;
        }
        let [others @ .., last] = methods else { return Some(first).filter(|text| fits(text, shape)) };
        let child = Shape::indented(shape.indent + if is_block { 0 } else { TAB });
        let mut parts = vec![first];
        for method in others {
            parts.push(self.method(method, child, one_line)?);
        }
        let (last, fits_one_line) =
            self.last_of_chain(&parts, last, is_block, methods.len(), [shape, child], one_line)?;
        parts.push(last);
        if !fits_one_line && one_line {
            return None;
        }
        let connector = if fits_one_line { String::new() } else { child.newline() };
        Some(parts.join(&connector)).filter(|text| fits(text, shape))
    }

    /// The last method of a chain, and whether the whole stands on one line but for its arguments.
    fn last_of_chain(
        &self,
        parts: &[String],
        last: &Method,
        may_extend: bool,
        count: usize,
        [shape, child]: [Shape; 2],
        one_line: bool,
    ) -> Option<(String, bool)> {
        let extendable = may_extend && is_extendable(last_line(&parts[0]));
        let total = if extendable { width(last_line(&parts[0])) } else { parts.iter().map(|part| width(part)).sum() };
        let whole = if count == 1 { shape.width } else { shape.width.min(WIDTH) };
        let budget = whole.saturating_sub(total);
        let all_in_one_line = parts.iter().all(|part| !part.contains('\n')) && budget > 0;
        let on_own_line = child.minus(shape.overhead());
        if (all_in_one_line || extendable)
            && let Some(text) = shape.after(total).and_then(|shape| self.method(last, shape, one_line))
        {
            let count = lines(&text);
            let fits_in_line = width(first_line(&text)) <= budget;
            if fits_in_line && count >= 5 {
                return Some((text, all_in_one_line));
            }
            return Some(match on_own_line.and_then(|shape| self.method(last, shape, one_line)) {
                Some(own) if !fits_in_line => (own, false),
                Some(own) if lines(&own) >= count => (text, fits_in_line && all_in_one_line),
                Some(own) => (own, false),
                None => (text, fits_in_line && all_in_one_line),
            });
        }
        let shape = if all_in_one_line || extendable { shape } else { on_own_line? };
        Some((self.method(last, shape, one_line)?, false))
    }

    fn method(&self, method: &Method, shape: Shape, one_line: bool) -> Option<String> {
        self.list(&format!(".{}", method.name), "(", ")", &method.arguments, shape, one_line)
    }

    /// A list between brackets behind a name: arguments, elements.
    fn list(
        &self,
        name: &str,
        open: &str,
        close: &str,
        items: &[Code],
        shape: Shape,
        one_line_chains: bool,
    ) -> Option<String> {
        let used = width(name);
        // The name of a function needs room; that of a method is written in any case.
        if used > shape.width && !name.starts_with('.') {
            return None;
        }
        if items.is_empty() {
            return Some(format!("{name}{open}{close}")).filter(|text| fits(text, shape));
        }
        let one_line_width = shape.width.saturating_sub(used + 2);
        let one_line = shape.after(used + 1).and_then(|shape| shape.minus(1)).unwrap_or(Shape { width: 0, ..shape });
        let inner = Shape::indented(shape.indent + TAB);
        let nested = Shape { width: inner.width.saturating_sub(1), ..inner };
        let mut list: Vec<Item<'_>> = Vec::with_capacity(items.len());
        for code in items {
            list.push(Item { code, text: self.code(code, nested, one_line_chains).unwrap_or_default() });
        }
        let horizontal = self.overflow(name, &mut list, one_line_width, [one_line, nested], one_line_chains)?;
        // What was not laid out has no room anywhere.
        if list.iter().any(|item| item.text.is_empty()) {
            return None;
        }
        let text = match horizontal {
            Tactic::Horizontal => list.iter().map(|item| item.text.as_str()).collect::<Vec<_>>().join(", "),
            Tactic::Vertical => {
                list.iter().map(|item| format!("{},", item.text)).collect::<Vec<_>>().join(&nested.newline())
            }
            Tactic::Mixed => mixed(list.iter().map(|item| item.text.as_str()), nested.indent, nested.width),
        };
        let room = shape.width.saturating_sub(used);
        if matches!(horizontal, Tactic::Horizontal) && width(first_line(&text)) < room {
            return Some(format!("{name}{open}{text}{close}"));
        }
        Some(format!("{name}{open}{}{text}{}{close}", nested.newline(), shape.newline()))
    }

    /// Tries to have a list on one line, of which the last element may go on below; says how it is laid out.
    fn overflow(
        &self,
        name: &str,
        list: &mut [Item<'_>],
        one_line_width: usize,
        [one_line, nested]: [Shape; 2],
        one_line_chains: bool,
    ) -> Option<Tactic> {
        let count = list.len();
        let combine = count == 1 && width(name) < TAB;
        let last = list[count - 1].code;
        let may_overflow = combine || can_overflow(last, count);
        let mut whole = None;
        if may_overflow {
            let room = if count == 1 && !is_nested_call(last) {
                Some(one_line)
            } else {
                let before: usize = list[..count - 1].iter().map(|item| 2 + width(&item.text)).sum();
                Shape { width: one_line.width.min(WIDTH), ..one_line }.after(before)
            };
            let forced = one_line_chains || !combine && matches!(last, Code::Chain(..));
            whole = room.and_then(|room| self.code(last, room, forced));
            if let Some(text) = &whole {
                list[count - 1].text = first_line(text).to_owned();
            }
        }
        let tactic = tactic(list, one_line_width);
        match (tactic, whole) {
            (Tactic::Horizontal, Some(text)) if count == 1 && text.matches('\n').count() == 1 => {
                list[0].text = match self.code(last, nested, one_line_chains) {
                    Some(flat) if !flat.contains('\n') => flat,
                    _ => text,
                };
                Some(Tactic::Horizontal)
            }
            (Tactic::Horizontal, Some(text)) => {
                list[count - 1].text = text;
                Some(Tactic::Horizontal)
            }
            _ => {
                list[count - 1].text = self.code(last, nested, one_line_chains)?;
                if count == 1
                    && one_line_width != 0
                    && !list[0].text.contains('\n')
                    && width(&list[0].text) <= one_line_width
                {
                    return Some(Tactic::Horizontal);
                }
                let found = self::tactic(list, one_line_width);
                let is_short = |item: &Item<'_>| is_simple(item.code) && width(&item.text) <= SHORT;
                Some(match found {
                    Tactic::Vertical if list.iter().all(is_short) => Tactic::Mixed,
                    found => found,
                })
            }
        }
    }

    /// `json!(…)`: an object rustfmt does not read, and leaves as it is; an array of plain values is code to it.
    fn json(&self, data: &Data, shape: Shape, one_line: bool) -> Option<String> {
        match data {
            Data::Leaf(code) => self.list("json!", "(", ")", std::slice::from_ref(code), shape, one_line),
            Data::List(items) if items.iter().all(is_code) => {
                let array = Code::Array(items.iter().filter_map(as_code).collect());
                // What is known by its address goes with the array.
                Writer::new(self.names).list("json!", "(", ")", &[array], shape, one_line)
            }
            data => {
                let flat = format!("json!({})", self.flat(data)?);
                if data_is_small(data) && width(&flat) <= shape.width {
                    return Some(flat);
                }
                let mut text = String::from("json!(");
                self.lines(&mut text, data, shape.indent);
                text.push(')');
                Some(text).filter(|text| width(first_line(text)) <= shape.width)
            }
        }
    }

    /// JSON on one line, where nothing in it has several.
    fn flat(&self, data: &Data) -> Option<String> {
        Some(match data {
            Data::Leaf(code) => {
                let wide = Shape { indent: 0, offset: 0, width: 10 * WIDTH };
                self.code(code, wide, false).filter(|text| !text.contains('\n'))?
            }
            Data::List(items) => {
                let items: Option<Vec<String>> = items.iter().map(|item| self.flat(item)).collect();
                format!("[{}]", items?.join(", "))
            }
            Data::Object(members) => {
                let members: Option<Vec<String>> = members
                    .iter()
                    .map(|(key, member)| Some(format!("{}: {}", super::code::key(key), self.flat(member)?)))
                    .collect();
                format!("{{{}}}", members?.join(", "))
            }
        })
    }

    /// JSON in lines: what fits into one has one.
    fn data(&self, out: &mut String, data: &Data, indent: usize) {
        let room = WIDTH.saturating_sub(width(last_line(out)) + 2);
        match data {
            Data::Leaf(code) => {
                let used = width(last_line(out)).saturating_sub(indent);
                let shape = Shape { indent, offset: used, width: room };
                out.push_str(&self.whatever(code, shape));
            }
            _ => match data_is_small(data).then(|| self.flat(data)).flatten().filter(|flat| width(flat) <= room) {
                Some(flat) => out.push_str(&flat),
                None => self.lines(out, data, indent),
            },
        }
    }

    /// A list or an object with a line for each member.
    fn lines(&self, out: &mut String, data: &Data, indent: usize) {
        let line = newline(indent + TAB);
        let mut next = "";
        match data {
            Data::Leaf(_) => self.data(out, data, indent),
            Data::List(items) if items.is_empty() => out.push_str("[]"),
            Data::Object(members) if members.is_empty() => out.push_str("{}"),
            Data::List(items) => {
                out.push('[');
                for item in items {
                    out.push_str(next);
                    out.push_str(&line);
                    self.data(out, item, indent + TAB);
                    next = ",";
                }
                out.push_str(&newline(indent));
                out.push(']');
            }
            Data::Object(members) => {
                out.push('{');
                for (key, member) in members {
                    out.push_str(next);
                    out.push_str(&line);
                    out.push_str(&super::code::key(key));
                    out.push_str(": ");
                    self.data(out, member, indent + TAB);
                    next = ",";
                }
                out.push_str(&newline(indent));
                out.push('}');
            }
        }
    }

    /// Code with a text that is too long for any line: chains by method, arguments by line.
    fn anyhow(&self, code: &Code, indent: usize) -> String {
        let shape = Shape::indented(indent);
        if let Some(text) = self.code(code, Shape { width: shape.width.saturating_sub(2), ..shape }, false) {
            return text;
        }
        let list = |name: String, open: &str, close: &str, items: &[Code]| {
            let flat = items.iter().map(|item| self.code(item, Shape::indented(indent + TAB), false));
            let flat: Option<Vec<String>> = flat.collect();
            match (flat, items) {
                (_, []) => format!("{name}{open}{close}"),
                (_, [one]) => format!("{name}{open}{}{close}", self.anyhow(one, indent)),
                (Some(flat), _)
                    if flat.iter().all(|item| !item.contains('\n'))
                        && flat.iter().map(|item| width(item) + 2).sum::<usize>() + width(&name) + indent < WIDTH =>
                {
                    format!("{name}{open}{}{close}", flat.join(", "))
                }
                _ => {
                    let line = newline(indent + TAB);
                    let items: String =
                        items.iter().map(|item| format!("{line}{},", self.anyhow(item, indent + TAB))).collect();
                    format!("{name}{open}{items}{}{close}", newline(indent))
                }
            }
        };
        match code {
            Code::Text(text) => text.clone(),
            Code::Path(path) => (self.names)(path),
            Code::Call(path, arguments) => list((self.names)(path), "(", ")", arguments),
            Code::Array(items) => list(String::new(), "[", "]", items),
            Code::Tuple(items) => list(String::new(), "(", ")", items),
            Code::Chain(root, methods) => {
                let root = self.anyhow(root, indent);
                let call = |method: &Method, indent| {
                    let flat = self.method(method, Shape::indented(indent), false);
                    flat.unwrap_or_else(|| {
                        let name = Path::local(format!(".{}", method.name));
                        let without = Code::Call(name, method.arguments.clone());
                        Writer::new(self.names).anyhow(&without, indent)
                    })
                };
                match methods.as_slice() {
                    [one] => root + &call(one, indent),
                    many => {
                        let line = newline(indent + TAB);
                        let calls: String = many.iter().map(|it| format!("{line}{}", call(it, indent + TAB))).collect();
                        root + &calls
                    }
                }
            }
            Code::Json(data) => {
                let mut text = String::from("json!(");
                self.lines(&mut text, data, indent);
                text + ")"
            }
        }
    }
}

#[derive(Clone, Copy)]
enum Tactic {
    Horizontal,
    Vertical,
    /// As many to a line as there is room for.
    Mixed,
}

fn tactic(list: &[Item<'_>], room: usize) -> Tactic {
    let total: usize = list.iter().map(|item| width(&item.text)).sum::<usize>() + 2 * (list.len() - 1);
    let fits = total <= room.min(WIDTH) && list.iter().all(|item| !item.text.contains('\n'));
    if fits { Tactic::Horizontal } else { Tactic::Vertical }
}

/// Elements with commas, as many to a line as there is room for.
pub(super) fn mixed<'a>(items: impl Iterator<Item = &'a str>, indent: usize, room: usize) -> String {
    let (mut out, mut used) = (String::new(), 0);
    let mut items = items.peekable();
    while let Some(item) = items.next() {
        // On a single line the comma behind the last is not counted.
        let counts = items.peek().is_some() || out.contains('\n');
        let this = width(item) + usize::from(counts);
        if used > 0 && used + 1 + this > room {
            out.push_str(&newline(indent));
            used = 0;
        }
        if used > 0 {
            out.push(' ');
            used += 1;
        }
        out.push_str(item);
        out.push(',');
        used += this;
    }
    out
}

fn is_extendable(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && line.chars().all(|c| matches!(c, ')' | ']' | '}' | '?'))
}

/// Whether the last of several arguments, or the only one, may begin on the line of the call and go on below.
fn can_overflow(code: &Code, count: usize) -> bool {
    match code {
        Code::Text(_) | Code::Path(_) => false,
        _ => count == 1,
    }
}

fn is_nested_call(code: &Code) -> bool {
    matches!(code, Code::Call(..) | Code::Json(_))
}

fn is_simple(code: &Code) -> bool {
    match code {
        Code::Text(_) => true,
        Code::Path(path) => path.item.is_empty(),
        _ => false,
    }
}

/// Whether rustfmt reads it as code: nothing in it is an object.
fn is_code(data: &Data) -> bool {
    match data {
        Data::Leaf(_) => true,
        Data::List(items) => items.iter().all(is_code),
        Data::Object(_) => false,
    }
}

fn as_code(data: &Data) -> Option<Code> {
    match data {
        Data::Leaf(code) => Some((**code).clone()),
        Data::List(items) => Some(Code::Array(items.iter().filter_map(as_code).collect())),
        Data::Object(_) => None,
    }
}

/// Whether JSON reads well on one line: few values, not deep.
fn data_is_small(data: &Data) -> bool {
    let (leaves, depth) = extent(data);
    let is_flat = match data {
        Data::Leaf(_) => true,
        Data::List(items) => items.iter().all(|item| matches!(item, Data::Leaf(_))),
        Data::Object(members) => members.len() <= 3 && members.iter().all(|(_, it)| extent(it).1 <= 1),
    };
    is_flat || leaves <= 4 && depth <= 3
}

/// The number of values in JSON, and how deep they are.
fn extent(data: &Data) -> (usize, usize) {
    let add = |(leaves, depth): (usize, usize), (more, deep): (usize, usize)| (leaves + more, depth.max(deep + 1));
    match data {
        Data::Leaf(_) => (1, 0),
        Data::List(items) => items.iter().map(extent).fold((0, 1), add),
        Data::Object(members) => members.iter().map(|(_, member)| extent(member)).fold((0, 1), add),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn laid_out(code: &Code, expected: &str) {
        assert_eq!(statement(None, code, 1, &|path: &Path| path.rest.clone()), expected);
    }

    fn queue(setters: usize) -> Code {
        let new = Code::Call(Path::local("Queue::new"), Vec::new());
        (0..setters).fold(new, |code, at| code.method(format!("setter_{at}"), [Code::text("\"a text\"")]))
    }

    #[test]
    fn what_fits_has_one_line() {
        laid_out(
            &Code::text("stack").method("add", [Code::text("\"Q\""), queue(2)]),
            "    stack.add(\"Q\", Queue::new().setter_0(\"a text\").setter_1(\"a text\"));",
        );
    }

    #[test]
    fn arguments_and_methods_have_lines_of_their_own_where_it_does_not() {
        let lines: String = (0..6).map(|at| format!("            .setter_{at}(\"a text\")\n")).collect();
        let expected = format!("    stack.add(\n        \"Q\",\n        Queue::new()\n{},\n    );", lines.trim_end());
        laid_out(&Code::text("stack").method("add", [Code::text("\"Q\""), queue(6)]), &expected);
    }

    #[test]
    fn the_last_call_of_a_chain_goes_on_below_where_all_before_it_is_on_the_line() {
        let leaf = |text: &str| Data::Leaf(Box::new(Code::string(text)));
        let object = |at| {
            let long = "a text that has some length";
            Data::Object(vec![("key".to_owned(), leaf(&format!("value {at}"))), ("b".to_owned(), leaf(long))])
        };
        let json = Code::Json(Data::Object(vec![("a".to_owned(), Data::List((0..2).map(object).collect()))]));
        let code = Code::text("stack")
            .method("resource", [Code::text("&orders")])
            .method("metadata", [Code::text("KEY"), json]);
        laid_out(
            &code,
            r#"    stack.resource(&orders).metadata(
        KEY,
        json!({
            "a": [
                {"key": "value 0", "b": "a text that has some length"},
                {"key": "value 1", "b": "a text that has some length"}
            ]
        }),
    );"#,
        );
    }

    #[test]
    fn each_level_of_nested_calls_is_laid_out_a_few_times_and_no_more() {
        let text = Code::text("\"a text that has some length\"");
        let call = |inner| Code::Call(Path::local("if_"), vec![Code::text("&condition"), text.clone(), inner]);
        let deep = (0..60).fold(text.clone(), |inner, _| call(inner));
        let lines = statement(None, &deep, 1, &|path: &Path| path.rest.clone());
        assert_eq!(lines.matches("if_(").count(), 60);
    }
}
