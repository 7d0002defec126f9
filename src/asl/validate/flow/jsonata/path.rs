//! What paths and predicates lead to.

use super::Walk;
use crate::asl::{
    expression::jsonata::{
        ast::{Kind, Node, Stage},
        is_builtin,
    },
    validate::flow::{
        miss::{Got, Miss},
        scene::step,
        shape::Shape,
    },
};

impl Walk<'_, '_> {
    /// The items of a value that a predicate takes.
    pub(super) fn filtered(&mut self, predicate: &Node, got: Got) -> Got {
        let Kind::Number(index) = predicate.kind else {
            self.asked(predicate, &Got::UNKNOWN);
            return match got {
                Got::There(Shape::Array(array)) => Got::There(Shape::list(array.item.clone())),
                Got::There(_) => Got::UNKNOWN,
                other => other.with_shape(Shape::Unknown),
            };
        };
        let (array, miss) = match &got {
            Got::There(Shape::Array(array)) => (array.clone(), None),
            Got::Partly(Shape::Array(array), miss) => (array.clone(), Some(miss.clone())),
            _ => return got.with_shape(Shape::Unknown),
        };
        let shape = match &array.known {
            Some(items) if !items.is_empty() => {
                let index = index.floor();
                let place = if index < 0.0 { index + items.len() as f64 } else { index };
                match items.get(place as usize).filter(|_| place >= 0.0) {
                    Some(item) => item.clone(),
                    None => {
                        let (name, of) = (format!("[{index}]"), Some("an array".to_owned()));
                        let found = Shape::Array(array.clone());
                        return Got::Missing(Box::new(Miss { name, of, found, route: None }));
                    }
                }
            }
            Some(_) => Shape::Unknown,
            None => array.item.clone(),
        };
        match miss {
            Some(miss) => Got::Partly(shape, miss),
            None => Got::There(shape),
        }
    }

    /// What the steps of a path lead to; `alone` where a name or a variable is no path.
    pub(super) fn path(&mut self, steps: &[Node], here: &Got, alone: bool) -> Got {
        let Some((first, mut rest)) = steps.split_first() else { return Got::UNKNOWN };
        let (mut got, mut text) = match &first.kind {
            Kind::Variable(name) if &**name == "states" => match rest.split_first() {
                Some((Node { kind: Kind::Name(member), .. }, _)) if first.children().next().is_none() => {
                    let node = &rest[0];
                    rest = &rest[1..];
                    let mut got = self.states(member);
                    for stage in node.stages() {
                        got = match stage {
                            Stage::Filter(predicate) => self.filtered(predicate, got),
                            Stage::Index(_) => Got::UNKNOWN,
                        };
                    }
                    (self.staged(node, got), format!("$states.{member}"))
                }
                _ => {
                    steps.iter().for_each(|node| node.children().for_each(|child| self.asked(child, &Got::UNKNOWN)));
                    return Got::UNKNOWN;
                }
            },
            Kind::Variable(name) if name.is_empty() => (self.after(first, here.clone(), alone), "$".to_owned()),
            Kind::Variable(name) => {
                let got = self.variable(name);
                (self.after(first, got, alone), format!("${name}"))
            }
            Kind::Name(_) => {
                // A name is read from what is here, which is an item that nothing is known of.
                (self.after(first, Got::UNKNOWN, alone), String::new())
            }
            _ => (self.node(first, here), String::new()),
        };
        let mut many = false;
        let mut partly: Option<Box<Miss>> = None;
        for node in rest {
            let shape = match got {
                Got::There(shape) => shape,
                Got::Partly(shape, miss) => {
                    partly.get_or_insert(miss);
                    shape
                }
                Got::Missing(miss) => {
                    rest.iter().for_each(|node| node.children().for_each(|it| self.asked(it, &Got::UNKNOWN)));
                    return Got::Missing(miss);
                }
            };
            got = match &node.kind {
                Kind::Name(name) if name.contains("${") => Got::UNKNOWN,
                Kind::Name(name) => {
                    let of = match text.as_str() {
                        "" => "a value".to_owned(),
                        "$states.input" => "its input".to_owned(),
                        "$states.result" => "its result".to_owned(),
                        "$states.context" => "the context object".to_owned(),
                        text => format!("`{text}`"),
                    };
                    let item = match &shape {
                        // A list gives what its items have; one without items may be any.
                        Shape::Array(array) => {
                            many = true;
                            match (&array.known, &array.item) {
                                (Some(items), _) if items.is_empty() => &Shape::Unknown,
                                (_, Shape::Array(_)) => &Shape::Unknown,
                                (_, item) => item,
                            }
                        }
                        other => other,
                    };
                    let found = step(item, name, &Some(of));
                    self.staged_of(node, found, many)
                }
                _ => {
                    self.asked(node, &Got::UNKNOWN);
                    Got::UNKNOWN
                }
            };
            if let Kind::Name(name) = &node.kind
                && !text.is_empty()
            {
                text.push('.');
                text.push_str(name);
            } else {
                text.clear();
            }
        }
        let got = if many { got.with_shape(Shape::Unknown) } else { got };
        match (got, partly) {
            (Got::There(shape), Some(miss)) => Got::Partly(shape, miss),
            (got, _) => got,
        }
    }

    /// What follows a step that is looked at here, where nothing else does.
    fn after(&mut self, node: &Node, got: Got, alone: bool) -> Got {
        if alone {
            return got;
        }
        let got = node.predicates.iter().fold(got, |got, predicate| self.filtered(predicate, got));
        self.staged_of(node, got, false)
    }

    fn staged_of(&mut self, node: &Node, mut got: Got, many: bool) -> Got {
        for stage in node.stages() {
            got = match stage {
                Stage::Filter(predicate) if many => {
                    self.asked(predicate, &Got::UNKNOWN);
                    got.with_shape(Shape::Unknown)
                }
                Stage::Filter(predicate) => self.filtered(predicate, got),
                Stage::Index(_) => Got::UNKNOWN,
            };
        }
        self.staged(node, got)
    }

    /// The value of a step, unless names are bound in it.
    fn staged(&mut self, node: &Node, got: Got) -> Got {
        let binds =
            node.step.as_deref().is_some_and(|it| it.focus.is_some() || it.index.is_some() || it.parent.is_some());
        if node.tuple || binds || node.group.is_some() { Got::UNKNOWN } else { got }
    }

    fn variable(&self, name: &str) -> Got {
        if let Some((_, got)) = self.locals.iter().rev().find(|(known, _)| &**known == name) {
            return got.clone();
        }
        match self.scene.variable(name) {
            Got::Missing(_) if name == "$" || is_builtin(name) => Got::UNKNOWN,
            got => got,
        }
    }

    fn states(&self, member: &str) -> Got {
        let shape = match member {
            "input" => Some(self.scene.input),
            "result" => self.scene.result.as_ref(),
            "errorOutput" => self.scene.error.as_ref(),
            "context" => Some(self.scene.context),
            _ => None,
        };
        Got::There(shape.cloned().unwrap_or(Shape::Unknown))
    }
}
