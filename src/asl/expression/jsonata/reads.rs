//! What an expression reads that the service does not offer where it stands, found in its tree.
//!
//! An expression has no input of its own: a name, `$` or `$$` that stands for it reads nothing, and the service refuses
//! the definition. Only the first step of a path is read from there; later steps, predicates, sort terms and groups are
//! read from what comes before them, and a function's body from where the function is written.

use std::collections::BTreeSet;

use super::ast::{Kind, Node, Stage, Text, Tree};

/// Members that `$states` may have.
pub(super) const STATES: [&str; 4] = ["input", "result", "errorOutput", "context"];

/// What an expression may read.
#[derive(Clone, Debug, Default)]
pub(super) struct Reads {
    /// Members of `$states`, by their place in the list of them.
    pub states: [bool; 4],
    /// Names of variables, some of which may be its own.
    pub names: BTreeSet<Text>,
}

impl Reads {
    pub fn of(tree: &Tree) -> Self {
        let mut reads = Self::default();
        reads.add(&tree.root);
        reads
    }

    fn add(&mut self, node: &Node) {
        match &node.kind {
            Kind::Path(steps, _) => {
                if let [first, rest @ ..] = steps.as_slice()
                    && matches!(&first.kind, Kind::Variable(name) if &**name == "states")
                {
                    let member = match rest.first() {
                        Some(Node { kind: Kind::Name(name), .. }) => Some(name),
                        _ => None,
                    };
                    match STATES.iter().position(|known| member.is_some_and(|name| *known == &**name)) {
                        Some(member) => self.states[member] = true,
                        // A member that is not there reads none of them.
                        None if member.is_some() && first.children().next().is_none() => {}
                        None => self.states = [true; 4],
                    }
                    return stacker::maybe_grow(1 << 16, 1 << 20, || {
                        first.children().chain(rest).for_each(|child| self.add(child));
                        node.group.iter().flat_map(|pairs| pairs.iter()).for_each(|(key, value)| {
                            self.add(key);
                            self.add(value);
                        });
                    });
                }
            }
            Kind::Variable(name) if &**name == "states" => self.states = [true; 4],
            Kind::Variable(name) if !name.is_empty() => {
                self.names.insert(name.clone());
            }
            _ => {}
        }
        stacker::maybe_grow(1 << 16, 1 << 20, || node.children().for_each(|child| self.add(child)));
    }
}

/// Something that an expression reads in vain.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Unavailable {
    /// A name, or `$`, where there is no input to read it from.
    Input(String),
    /// `$$`.
    Root,
    /// A member of `$states` that is not there.
    Member(String),
}

/// What of it is not there, each once, where `$states` has these members.
pub(super) fn unavailable(tree: &Tree, members: &[&str]) -> Vec<Unavailable> {
    let mut search = Search { members, found: Vec::new() };
    search.node(&tree.root, true);
    search.found
}

struct Search<'a> {
    members: &'a [&'a str],
    found: Vec<Unavailable>,
}

impl Search<'_> {
    fn report(&mut self, what: Unavailable) {
        if !self.found.contains(&what) {
            self.found.push(what);
        }
    }

    fn nodes<'t>(&mut self, nodes: impl IntoIterator<Item = &'t Node>, outermost: bool) {
        for node in nodes {
            self.node(node, outermost);
        }
    }

    /// Looks at a node; `outermost` says that its input is that of the whole expression, which is nothing.
    fn node(&mut self, node: &Node, outermost: bool) {
        stacker::maybe_grow(1 << 16, 1 << 20, || {
            match &node.kind {
                Kind::Name(name) if outermost => self.report(Unavailable::Input(name.to_string())),
                Kind::Variable(name) if name.is_empty() && outermost => {
                    self.report(Unavailable::Input("$".to_owned()));
                }
                Kind::Variable(name) if &**name == "$" => self.report(Unavailable::Root),
                Kind::Path(steps, _) => self.path(steps, outermost),
                Kind::Sort(terms) => self.nodes(terms.iter().map(|term| &term.node), false),
                Kind::Transform(_) => self.nodes(node.kind.children(), false),
                kind => self.nodes(kind.children(), outermost),
            }
            let stages = node.stages().iter().filter_map(|stage| match stage {
                Stage::Filter(predicate) => Some(predicate),
                Stage::Index(_) => None,
            });
            let group = node.group.iter().flat_map(|pairs| pairs.iter().flat_map(|(key, value)| [key, value]));
            self.nodes(node.predicates.iter().chain(stages).chain(group), false);
        });
    }

    fn path(&mut self, steps: &[Node], outermost: bool) {
        if let [first, second, ..] = steps
            && matches!(&first.kind, Kind::Variable(name) if &**name == "states")
            && let Kind::Name(member) = &second.kind
            && !self.members.contains(&&**member)
        {
            self.report(Unavailable::Member(member.to_string()));
        }
        for (position, step) in steps.iter().enumerate() {
            self.node(step, outermost && position == 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Expression, Unavailable};

    /// Asserts what an expression reads in vain, where `$states` has `input` and `context`.
    fn misses(text: &str, expected: &[&str]) {
        let found = Expression::parse(text).unwrap().unavailable(&["input", "context"]);
        let found: Vec<String> = found
            .into_iter()
            .map(|what| match what {
                Unavailable::Input(name) => name,
                Unavailable::Root => "$$".to_owned(),
                Unavailable::Member(name) => format!("$states.{name}"),
            })
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    // What ValidateStateMachineDefinition was seen to refuse and to take.

    #[test]
    fn a_name_that_is_read_from_no_input_is_found() {
        for text in [
            "phone",
            "phone[0].number",
            "-phone",
            "phone ? 1 : 2",
            "$states.input.a ? phone : 2",
            "phone & 'x'",
            "phone in $states.input.b",
            "$sum(phone)",
            "phone(1)",
            "phone ~> $string()",
            "[1..phone]",
            "(phone).other",
            "[phone].other",
            "{phone: 1}",
            "{'a': phone}",
            "($x := phone; $x)",
            "$map($states.input.a, function($y){ phone })",
            "$count(phone[inner])",
            "phone.**.deeper",
            "phone^(price)",
            "phone{kind: price}",
            "`phone`",
        ] {
            misses(text, &["phone"]);
        }
        misses("bbb + aaa + bbb", &["bbb", "aaa"]);
    }

    #[test]
    fn what_an_item_is_asked_for_is_there() {
        for text in [
            "$states.input.a[0].phone",
            "$states.input.items[phone > 3]",
            "$states.input.a[0][phone]",
            "$states.input.a[$ > 1]",
            "$states.input.a^(phone)",
            "$states.input.a^(>phone, <size).phone",
            "$states.input.a{'k': phone}",
            "$states.input.a{kind: $sum(phone)}",
            "$states.input.a.(phone + $.b)",
            "$states.input.a.{'k': phone}",
            "$states.input.a.[phone, $]",
            "$states.input.a.$phone",
            "$states.input.a.$string($)",
            "$states.input.a.b.%.phone",
            "$states.input.a@$x.b#$i[phone = $x.c]",
            "$states.input ~> |phone|{'b': other}, ['c']|",
            "$phone.street",
            "**.phone",
            "{'k': 1}.phone",
            "[1, 2][$ > 1]",
            "function($x){ $x.phone }",
            "$map($states.input.a, function($x){ $x.phone[size > 1] })",
            "$states.input.a.$map(b, function($x){ phone })",
            "($f := function($x){ $x }; $f(1))",
            "'phone' & $now()",
            "$keys($states)",
            "($states).result",
            "$states.input.result",
        ] {
            misses(text, &[]);
        }
    }

    #[test]
    fn the_input_of_the_whole_expression_is_nothing() {
        for text in ["$", "$.phone", "$[0]", "$string($)", "$map($states.input.a, function($x){ $ })"] {
            misses(text, &["$"]);
        }
        for text in ["$$", "$$.phone", "$count($$)", "$states.input.a[$$.b = c]"] {
            misses(text, &["$$"]);
        }
    }

    #[test]
    fn members_of_states_that_are_not_there_are_found_wherever_they_are_read() {
        misses("$states.result", &["$states.result"]);
        misses("$map([1], function($v) { $states.result + $v })", &["$states.result"]);
        misses("$states.input.a[b = $states.errorOutput.Cause]", &["$states.errorOutput"]);
        misses("$states.input.a ~> |b|{'c': $states.output}|", &["$states.output"]);
        misses("$states.Input", &["$states.Input"]);
    }
}
