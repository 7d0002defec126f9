//! What an expression reads that the service does not offer where it stands, found in its tree.
//!
//! An expression has no input of its own: a name, `$` or `$$` that stands for it reads nothing, and the service refuses
//! the definition. Only the first step of a path is read from there; later steps, predicates, sort terms and groups are
//! read from what comes before them, and a function's body from where the function is written.

use jsonata_core::{
    ast::{AstNode, BinaryOp, PathStep, Stage},
    value::with_stack,
};

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
pub(super) fn unavailable(tree: &AstNode, members: &[&str]) -> Vec<Unavailable> {
    let mut search = Search { members, found: Vec::new() };
    search.node(tree, true);
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

    fn name(&mut self, name: &str, outermost: bool) {
        if outermost {
            self.report(Unavailable::Input(name.to_owned()));
        }
    }

    fn nodes<'t>(&mut self, nodes: impl IntoIterator<Item = &'t AstNode>, outermost: bool) {
        for node in nodes {
            self.node(node, outermost);
        }
    }

    /// Looks at a node; `outermost` says that its input is that of the whole expression, which is nothing.
    fn node(&mut self, node: &AstNode, outermost: bool) {
        with_stack(|| match node {
            AstNode::Name(name) => self.name(name, outermost),
            AstNode::Variable(name) if name.is_empty() => self.name("$", outermost),
            AstNode::ParentVariable(_) => self.report(Unavailable::Root),
            AstNode::Path { steps } => self.path(steps, outermost),
            AstNode::Binary { op, lhs, rhs } => {
                if *op != BinaryOp::ColonEqual {
                    self.node(lhs, outermost);
                }
                self.node(rhs, outermost);
            }
            AstNode::Unary { operand, .. } => self.node(operand, outermost),
            AstNode::Function { name, args, is_builtin } => {
                if !is_builtin {
                    self.name(name, outermost);
                }
                self.nodes(args, outermost);
            }
            AstNode::Call { procedure, args } => {
                self.node(procedure, outermost);
                self.nodes(args, outermost);
            }
            AstNode::Lambda { body, .. } => self.node(body, outermost),
            AstNode::Array(items) | AstNode::ArrayGroup(items) | AstNode::Block(items) => {
                self.nodes(items, outermost);
            }
            AstNode::Object(members) => self.nodes(members.iter().flat_map(|(key, value)| [key, value]), outermost),
            AstNode::ObjectTransform { input, pattern } => {
                self.node(input, outermost);
                self.nodes(pattern.iter().flat_map(|(key, value)| [key, value]), false);
            }
            AstNode::Conditional { condition, then_branch, else_branch } => {
                self.nodes([condition, then_branch].map(|node| &**node), outermost);
                self.nodes(else_branch.as_deref(), outermost);
            }
            AstNode::FunctionApplication(inner) => self.node(inner, outermost),
            AstNode::Sort { input, terms } => {
                self.node(input, outermost);
                self.nodes(terms.iter().map(|(term, _)| term), false);
            }
            AstNode::Transform { location, update, delete } => {
                self.nodes([location, update].map(|node| &**node), false);
                self.nodes(delete.as_deref(), false);
            }
            AstNode::String(_)
            | AstNode::Number(_)
            | AstNode::Boolean(_)
            | AstNode::Null
            | AstNode::Undefined
            | AstNode::Placeholder
            | AstNode::Regex { .. }
            | AstNode::Variable(_)
            | AstNode::Wildcard
            | AstNode::Descendant
            | AstNode::Parent(_) => {}
        });
    }

    fn path(&mut self, steps: &[PathStep], outermost: bool) {
        if let [first, second, ..] = steps
            && matches!(&first.node, AstNode::Variable(name) if name == "states")
            && let AstNode::Name(member) = &second.node
            && !self.members.contains(&member.as_str())
        {
            self.report(Unavailable::Member(member.clone()));
        }
        for (position, step) in steps.iter().enumerate() {
            self.node(&step.node, outermost && position == 0);
            for stage in &step.stages {
                if let Stage::Filter(predicate) = stage {
                    self.node(predicate, false);
                }
            }
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
