//! The tree of an expression.
//!
//! A path is flat: its steps stand side by side, each with its predicates. What stands for a single name is a path of
//! one step.

use std::sync::Arc;

use super::{pattern::Pattern, signature::Signature};

/// A text, shared between the tree and the values.
pub(crate) type Text = Arc<str>;

/// An expression, parsed.
#[derive(Debug)]
pub(crate) struct Tree {
    pub root: Node,
    /// The names by which `%` finds its parents, by their number.
    pub parents: Vec<Text>,
    /// Whether its operators stand in each other beyond what any evaluation may nest; what is too deep is left out.
    pub is_too_deep: bool,
}

/// A node.
#[derive(Debug)]
pub(crate) struct Node {
    /// The byte of the expression at which its token begins.
    pub at: u32,
    /// Nodes that stand in each other here.
    pub height: u16,
    /// `[]`: a single result stays an array.
    pub keep: bool,
    /// Whether it is an array that stays one as a step of a path.
    pub is_written: bool,
    /// Whether it gives tuples, as a step or to the path around it.
    pub tuple: bool,
    pub kind: Kind,
    /// What stands in brackets after a node that is no step.
    pub predicates: Vec<Node>,
    /// What stands in braces after it.
    pub group: Option<Box<Pairs>>,
    pub step: Option<Box<Step>>,
}

/// Keys and values of an object.
pub(crate) type Pairs = Vec<(Node, Node)>;

/// What belongs to a node as a step of a path.
#[derive(Debug, Default)]
pub(crate) struct Step {
    pub stages: Vec<Stage>,
    /// `@$name`
    pub focus: Option<Text>,
    /// `#$name`
    pub index: Option<Text>,
    /// The `%` of a later step that means the item which this one is read from.
    pub parent: Option<usize>,
    /// Those in the node that mean a step before it.
    pub seeking: Vec<usize>,
}

/// What follows a step, in its order.
#[derive(Debug)]
pub(crate) enum Stage {
    /// A predicate.
    Filter(Node),
    /// `#$name` after a predicate.
    Index(Text),
}

/// The kind of a node.
#[derive(Debug)]
pub(crate) enum Kind {
    Null,
    Bool(bool),
    Number(f64),
    Text(Text),
    Regex(Arc<Pattern>),
    /// The name of a member, which is always a step.
    Name(Text),
    /// `$name`; `$` has no name, that of `$$` is `$`.
    Variable(Text),
    /// `*`
    Wildcard,
    /// `**`
    Descendants,
    /// `%`, by its number.
    Parent(usize),
    /// Steps; true where a single result stays an array.
    Path(Vec<Node>, bool),
    /// `^(…)`, which is always a step.
    Sort(Vec<Term>),
    Binary(Op, Box<[Node; 2]>),
    Negate(Box<Node>),
    List(Vec<Node>),
    Object(Pairs),
    Block(Vec<Node>),
    Condition(Box<Condition>),
    /// `$name := value`
    Bind(Text, Box<Node>),
    /// `value ~> function`
    Apply(Box<[Node; 2]>),
    Call(Box<Call>),
    /// A call with a `?` among its arguments.
    Partial(Box<Call>),
    /// The `?` of a partial call.
    Placeholder,
    Lambda(Arc<Lambda>),
    Transform(Arc<Transform>),
}

/// `condition ? then : otherwise`
#[derive(Debug)]
pub(crate) struct Condition {
    pub condition: Node,
    pub then: Node,
    pub otherwise: Option<Node>,
}

/// `procedure(arguments)`
#[derive(Debug)]
pub(crate) struct Call {
    pub procedure: Node,
    pub arguments: Vec<Node>,
}

/// `function($a, $b)<signature> { body }`
#[derive(Debug)]
pub(crate) struct Lambda {
    pub parameters: Vec<Text>,
    pub signature: Option<Signature>,
    pub body: Node,
}

/// `|pattern|update, delete|`
#[derive(Debug)]
pub(crate) struct Transform {
    pub pattern: Node,
    pub update: Node,
    pub delete: Option<Node>,
}

/// A term of an order.
#[derive(Debug)]
pub(crate) struct Term {
    pub node: Node,
    pub is_descending: bool,
}

/// An operator between two values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Op {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Concatenate,
    And,
    Or,
    In,
    Range,
}

impl Op {
    /// The operator as it is written.
    pub fn text(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Concatenate => "&",
            Self::And => "and",
            Self::Or => "or",
            Self::In => "in",
            Self::Range => "..",
        }
    }
}

impl Node {
    pub fn new(kind: Kind, at: usize) -> Self {
        let height = 1 + kind.children().map(|child| child.height).max().unwrap_or(0);
        Self {
            at: u32::try_from(at).unwrap_or(u32::MAX),
            height,
            keep: false,
            is_written: false,
            tuple: false,
            kind,
            predicates: Vec::new(),
            group: None,
            step: None,
        }
    }

    /// What belongs to it as a step, made where there is none.
    pub fn step_mut(&mut self) -> &mut Step {
        self.step.get_or_insert_default()
    }

    /// What follows it as a step.
    pub fn stages(&self) -> &[Stage] {
        self.step.as_deref().map_or(&[], |step| &step.stages)
    }

    /// The nodes that stand in this one, in their order.
    pub fn children(&self) -> impl Iterator<Item = &Node> {
        let stages = self.stages().iter().filter_map(|stage| match stage {
            Stage::Filter(node) => Some(node),
            Stage::Index(_) => None,
        });
        let group = self.group.iter().flat_map(|pairs| pairs.iter().flat_map(|(key, value)| [key, value]));
        self.kind.children().chain(&self.predicates).chain(stages).chain(group)
    }
}

impl Kind {
    /// The nodes that stand in this kind, in their order.
    pub fn children(&self) -> Box<dyn Iterator<Item = &Node> + '_> {
        match self {
            Self::Path(nodes, _) | Self::List(nodes) | Self::Block(nodes) => Box::new(nodes.iter()),
            Self::Sort(terms) => Box::new(terms.iter().map(|term| &term.node)),
            Self::Binary(_, nodes) | Self::Apply(nodes) => Box::new(nodes.iter()),
            Self::Negate(node) | Self::Bind(_, node) => Box::new(std::iter::once(&**node)),
            Self::Object(pairs) => Box::new(pairs.iter().flat_map(|(key, value)| [key, value])),
            Self::Condition(it) => Box::new([&it.condition, &it.then].into_iter().chain(&it.otherwise)),
            Self::Call(call) | Self::Partial(call) => Box::new(std::iter::once(&call.procedure).chain(&call.arguments)),
            Self::Lambda(lambda) => Box::new(std::iter::once(&lambda.body)),
            Self::Transform(it) => Box::new([&it.pattern, &it.update].into_iter().chain(&it.delete)),
            _ => Box::new(std::iter::empty()),
        }
    }
}
