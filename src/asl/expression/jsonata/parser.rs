//! The parser: an operator takes the operands around it by how strongly it binds.

use std::sync::Arc;

use super::{
    ancestry::{Ancestry, underivable},
    ast::{Call, Condition, Kind, Lambda, Node, Op, Pairs, Stage, Term, Text, Transform, Tree},
    error::{Error, Given},
    number::decimal,
    signature::Signature,
    token::{Token, TokenKind, Tokens},
};

/// Brackets that may stand in each other.
const MAX_BRACKETS: usize = 1_000;
/// Operators that may stand in each other: many more than an evaluation may nest.
const MAX_HEIGHT: u16 = 1_000;

/// The tree of an expression.
pub(super) fn parse(text: &str) -> Given<Tree> {
    let mut tokens = Tokens::new(text);
    let token = tokens.next(false)?;
    let mut parser =
        Parser { tokens, token, ancestry: Ancestry::default(), brackets: 0, is_too_deep: false, is_cut: false };
    let root = parser.expression(0)?;
    if !matches!(parser.token.kind, TokenKind::End) {
        return Error::fail("S0201", format!("Syntax error: {}", parser.token.kind.named()));
    }
    if parser.is_cut {
        return Error::fail("S0207", "Unexpected end of expression");
    }
    if matches!(root.kind, Kind::Parent(_)) || root.step.as_deref().is_some_and(|step| !step.seeking.is_empty()) {
        return Err(underivable());
    }
    Ok(Tree { root, parents: parser.ancestry.names(), is_too_deep: parser.is_too_deep })
}

struct Parser<'a> {
    tokens: Tokens<'a>,
    /// The token that is looked at.
    token: Token,
    ancestry: Ancestry,
    brackets: usize,
    is_too_deep: bool,
    /// Whether the expression ended where a value was expected.
    is_cut: bool,
}

/// How strongly an operator binds what is left of it.
fn strength(token: &TokenKind) -> u8 {
    let TokenKind::Sign(sign) = token else { return 0 };
    match *sign {
        "(" | "[" | "@" | "#" => 80,
        "." => 75,
        "{" => 70,
        "*" | "/" | "%" => 60,
        "+" | "-" | "&" => 50,
        "=" | "!=" | "<" | "<=" | ">" | ">=" | "~>" | "in" | "^" => 40,
        "and" => 30,
        "or" => 25,
        "?" => 20,
        ":=" => 10,
        _ => 0,
    }
}

impl Parser<'_> {
    fn is(&self, sign: &str) -> bool {
        matches!(self.token.kind, TokenKind::Sign(it) if it == sign)
    }

    /// Goes on to the next token.
    fn next(&mut self, after_value: bool) -> Given<Token> {
        let token = self.tokens.next(after_value)?;
        if let TokenKind::Sign(sign @ ("!" | "~")) = token.kind {
            return Error::fail("S0204", format!("Unknown operator: \"{sign}\""));
        }
        Ok(std::mem::replace(&mut self.token, token))
    }

    /// Goes on behind a sign that must stand here.
    fn expect(&mut self, sign: &'static str, after_value: bool) -> Given<()> {
        if self.is(sign) {
            return self.next(after_value).map(drop);
        }
        match &self.token.kind {
            TokenKind::End => Error::fail("S0203", format!("Expected \"{sign}\" before end of expression")),
            other => Error::fail("S0202", format!("Expected \"{sign}\", got {}", other.named())),
        }
    }

    /// Goes on behind a sign if it stands here.
    fn take(&mut self, sign: &str) -> Given<bool> {
        let is_it = self.is(sign);
        if is_it {
            self.next(false)?;
        }
        Ok(is_it)
    }

    /// An expression that ends before an operator which binds no stronger than that.
    fn expression(&mut self, strongest: u8) -> Given<Node> {
        self.brackets += 1;
        if self.brackets > MAX_BRACKETS {
            return Error::fail(
                "S0201",
                format!("Syntax error: more than {MAX_BRACKETS} brackets stand in each other"),
            );
        }
        let node = stacker::maybe_grow(1 << 16, 1 << 20, || {
            let token = self.next(true)?;
            let mut left = self.begin(token)?;
            while strongest < strength(&self.token.kind) {
                let token = self.next(false)?;
                left = self.go_on(left, &token)?;
                if left.height > MAX_HEIGHT {
                    // It is known to fail when it is evaluated; the rest of it is only read for its syntax.
                    self.is_too_deep = true;
                    left = Node::new(Kind::Null, token.at);
                }
            }
            Ok(left)
        });
        self.brackets -= 1;
        node
    }

    /// What begins with a token.
    fn begin(&mut self, token: Token) -> Given<Node> {
        let at = token.at;
        let kind = match token.kind {
            TokenKind::Name(name) => return Ok(path(name, at)),
            TokenKind::Variable(name) => Kind::Variable(name),
            TokenKind::Text(text) => Kind::Text(text),
            TokenKind::Number(number) => Kind::Number(number),
            TokenKind::Bool(value) => Kind::Bool(value),
            TokenKind::Null => Kind::Null,
            TokenKind::Regex(pattern) => Kind::Regex(pattern),
            TokenKind::End => {
                self.is_cut = true;
                Kind::Null
            }
            TokenKind::Sign(sign) => match sign {
                "and" | "or" | "in" => return Ok(path(sign.into(), at)),
                "*" => Kind::Wildcard,
                "**" => Kind::Descendants,
                "%" => Kind::Parent(self.ancestry.slot()),
                "-" => {
                    let inner = self.expression(70)?;
                    match inner.kind {
                        Kind::Number(number) => Kind::Number(-number),
                        _ => return Ok(holding(Kind::Negate(Box::new(inner)), at)),
                    }
                }
                "(" => return self.block(at),
                "[" => return self.list(at),
                "{" => return Ok(holding(Kind::Object(self.pairs()?), at)),
                "|" => return self.transform(at),
                sign => {
                    let text = format!("The symbol \"{sign}\" cannot be used as a unary operator");
                    return Error::fail("S0211", text);
                }
            },
        };
        Ok(Node::new(kind, at))
    }

    /// What an operator makes of the node on its left.
    fn go_on(&mut self, left: Node, token: &Token) -> Given<Node> {
        let TokenKind::Sign(sign) = token.kind else { return Ok(left) };
        let at = token.at;
        let op = match sign {
            "." => {
                let right = self.expression(75)?;
                return self.joined(left, right);
            }
            "[" => return self.predicate(left),
            "(" => return self.call(left, at),
            "{" => return self.group(left),
            "^" => return self.order(left, at),
            "@" => return self.focus(left),
            "#" => return self.index(left),
            "?" => return self.condition(left, at),
            ":=" => {
                let Kind::Variable(name) = left.kind else {
                    return Error::fail("S0212", "The left side of := must be a variable name (start with $)");
                };
                let value = self.expression(9)?;
                return Ok(holding(Kind::Bind(name, Box::new(value)), at));
            }
            "~>" => {
                let right = self.expression(40)?;
                let keep = left.keep || right.keep;
                let mut node = Node::new(Kind::Apply(Box::new([left, right])), at);
                node.keep = keep;
                return Ok(node);
            }
            "+" => Op::Add,
            "-" => Op::Subtract,
            "*" => Op::Multiply,
            "/" => Op::Divide,
            "%" => Op::Remainder,
            "=" => Op::Equal,
            "!=" => Op::NotEqual,
            "<" => Op::Less,
            "<=" => Op::LessOrEqual,
            ">" => Op::Greater,
            ">=" => Op::GreaterOrEqual,
            "&" => Op::Concatenate,
            "and" => Op::And,
            "or" => Op::Or,
            _ => Op::In,
        };
        let right = self.expression(strength(&token.kind))?;
        Ok(holding(Kind::Binary(op, Box::new([left, right])), at))
    }

    fn block(&mut self, at: usize) -> Given<Node> {
        let mut nodes = Vec::new();
        while !self.is(")") {
            nodes.push(self.expression(0)?);
            if !self.take(";")? {
                break;
            }
        }
        self.expect(")", true)?;
        let is_written = |node: &Node| match &node.kind {
            Kind::Path(steps, _) => steps.first().is_some_and(|step| step.is_written),
            _ => node.is_written,
        };
        let is_written = nodes.iter().any(is_written);
        let mut node = holding(Kind::Block(nodes), at);
        node.is_written = is_written;
        Ok(node)
    }

    fn list(&mut self, at: usize) -> Given<Node> {
        let mut items = Vec::new();
        if !self.is("]") {
            loop {
                let item = self.expression(0)?;
                let at = self.token.at;
                items.push(match self.take("..")? {
                    true => {
                        let last = self.expression(0)?;
                        holding(Kind::Binary(Op::Range, Box::new([item, last])), at)
                    }
                    false => item,
                });
                if !self.take(",")? {
                    break;
                }
            }
        }
        self.expect("]", true)?;
        Ok(holding(Kind::List(items), at))
    }

    fn pairs(&mut self) -> Given<Pairs> {
        let mut pairs = Vec::new();
        if !self.is("}") {
            loop {
                let key = self.expression(0)?;
                self.expect(":", false)?;
                pairs.push((key, self.expression(0)?));
                if !self.take(",")? {
                    break;
                }
            }
        }
        self.expect("}", true)?;
        Ok(pairs)
    }

    fn transform(&mut self, at: usize) -> Given<Node> {
        let pattern = self.expression(0)?;
        self.expect("|", false)?;
        let update = self.expression(0)?;
        let delete = if self.take(",")? { Some(self.expression(0)?) } else { None };
        self.expect("|", false)?;
        Ok(Node::new(Kind::Transform(Arc::new(Transform { pattern, update, delete })), at))
    }

    fn condition(&mut self, condition: Node, at: usize) -> Given<Node> {
        let then = self.expression(0)?;
        let otherwise = if self.take(":")? { Some(self.expression(0)?) } else { None };
        Ok(holding(Kind::Condition(Box::new(Condition { condition, then, otherwise })), at))
    }

    fn call(&mut self, procedure: Node, at: usize) -> Given<Node> {
        let mut arguments = Vec::new();
        let mut is_partial = false;
        if !self.is(")") {
            loop {
                let at = self.token.at;
                if self.take("?")? {
                    is_partial = true;
                    arguments.push(Node::new(Kind::Placeholder, at));
                } else {
                    arguments.push(self.expression(0)?);
                }
                if !self.take(",")? {
                    break;
                }
            }
        }
        self.expect(")", true)?;
        if let Some("function" | "λ") = procedure.name() {
            return self.lambda(arguments, at);
        }
        let seeking: Vec<usize> = arguments.iter().flat_map(|node| node.slots()).collect();
        let call = Box::new(Call { procedure, arguments });
        let mut node = Node::new(if is_partial { Kind::Partial(call) } else { Kind::Call(call) }, at);
        node.seek(seeking);
        Ok(node)
    }

    fn lambda(&mut self, arguments: Vec<Node>, at: usize) -> Given<Node> {
        let parameters = arguments.into_iter().enumerate().map(|(position, argument)| match argument.kind {
            Kind::Variable(name) => Ok(name),
            _ => {
                let position = position + 1;
                let text =
                    format!("Parameter {position} of function definition must be a variable name (start with $)");
                Error::fail("S0208", text)
            }
        });
        let parameters = parameters.collect::<Given<Vec<Text>>>()?;
        let signature = if self.is("<") { Some(self.signature()?) } else { None };
        self.expect("{", false)?;
        let body = self.expression(0)?;
        self.expect("}", false)?;
        Ok(Node::new(Kind::Lambda(Arc::new(Lambda { parameters, signature, body })), at))
    }

    fn signature(&mut self) -> Given<Signature> {
        let mut text = "<".to_owned();
        let mut depth = 1;
        self.next(false)?;
        while depth > 0 && !self.is("{") && !matches!(self.token.kind, TokenKind::End) {
            match &self.token.kind {
                TokenKind::Sign(sign) => {
                    match *sign {
                        ">" => depth -= 1,
                        "<" => depth += 1,
                        _ => {}
                    }
                    text.push_str(sign);
                }
                TokenKind::Name(name) | TokenKind::Variable(name) => text.push_str(name),
                other => text.push_str(&other.named()),
            }
            if depth > 0 {
                self.next(false)?;
            }
        }
        self.expect(">", false)?;
        Signature::parse(&text)
    }

    fn predicate(&mut self, mut left: Node) -> Given<Node> {
        if self.is("]") {
            self.expect("]", false)?;
            left.keep = true;
            if let Kind::Path(steps, keep) = &mut left.kind
                && let [.., last] = steps.as_mut_slice()
                && matches!(last.kind, Kind::Name(_))
                && left.group.is_none()
                && !last.step.as_deref().is_some_and(|step| step.index.is_some())
            {
                last.keep = true;
                *keep = true;
            }
            return Ok(left);
        }
        let predicate = self.expression(0)?;
        self.expect("]", true)?;
        left.with_last_step(|step| {
            if step.group.is_some() {
                return Error::fail("S0209", "A predicate cannot follow a grouping expression in a step");
            }
            let mut slots = predicate.step.iter().flat_map(|step| step.seeking.iter().copied());
            slots.try_for_each(|slot| self.ancestry.seek_in_predicate(step, slot))
        })?;
        let outer: Vec<usize> = predicate.slots().collect();
        let height = predicate.height + 1;
        match &mut left.kind {
            Kind::Path(steps, _) => {
                if let Some(step) = steps.last_mut() {
                    step.seek(outer);
                    step.step_mut().stages.push(Stage::Filter(predicate));
                }
            }
            _ => {
                left.seek(outer);
                left.predicates.push(predicate);
            }
        }
        left.height = left.height.max(height);
        Ok(left)
    }

    fn group(&mut self, mut left: Node) -> Given<Node> {
        let pairs = self.pairs()?;
        if left.group.is_some() {
            return Error::fail("S0210", "Each step can only have one grouping expression");
        }
        let height = pairs.iter().flat_map(|(key, value)| [key.height, value.height]).max().unwrap_or(0) + 1;
        left.height = left.height.max(height);
        left.group = Some(Box::new(pairs));
        Ok(left)
    }

    fn order(&mut self, left: Node, at: usize) -> Given<Node> {
        self.expect("(", false)?;
        let mut terms = Vec::new();
        loop {
            let is_descending = self.is(">");
            if is_descending || self.is("<") {
                self.next(false)?;
            }
            terms.push(Term { node: self.expression(0)?, is_descending });
            if !self.take(",")? {
                break;
            }
        }
        self.expect(")", false)?;
        let mut result = into_path(left);
        let seeking: Vec<usize> = terms.iter().flat_map(|term| term.node.slots()).collect();
        let mut sort = Node::new(Kind::Sort(terms), at);
        sort.seek(seeking);
        result.height = result.height.max(sort.height + 1);
        if let Kind::Path(steps, _) = &mut result.kind {
            steps.push(sort);
        }
        self.ancestry.resolve(&mut result)?;
        Ok(result)
    }

    fn bound_name(&mut self, sign: &str) -> Given<Text> {
        match self.expression(80)?.kind {
            Kind::Variable(name) => Ok(name),
            _ => {
                let text = format!("The right side of \"{sign}\" must be a variable name (start with $)");
                Error::fail("S0214", text)
            }
        }
    }

    fn focus(&mut self, mut left: Node) -> Given<Node> {
        let name = self.bound_name("@")?;
        left.with_last_step(|step| {
            if !step.stages().is_empty() || !step.predicates.is_empty() {
                return Error::fail("S0215", "A context variable binding must precede any predicates on a step");
            }
            if matches!(step.kind, Kind::Sort(_)) {
                let text = "A context variable binding must precede the 'order-by' clause on a step";
                return Error::fail("S0216", text);
            }
            step.tuple = true;
            step.step_mut().focus = Some(name);
            Ok(())
        })?;
        Ok(left)
    }

    fn index(&mut self, left: Node) -> Given<Node> {
        let name = self.bound_name("#")?;
        let mut left = into_path(left);
        left.with_last_step(|step| {
            step.tuple = true;
            let predicates = std::mem::take(&mut step.predicates);
            let step = step.step_mut();
            step.stages.extend(predicates.into_iter().map(Stage::Filter));
            match step.stages.is_empty() {
                true => step.index = Some(name),
                false => step.stages.push(Stage::Index(name)),
            }
        });
        Ok(left)
    }

    /// A path whose last steps are those on the right of a dot.
    fn joined(&mut self, left: Node, right: Node) -> Given<Node> {
        let mut result = into_path(left);
        result.height = result.height.max(right.height.saturating_add(1));
        let Kind::Path(steps, keep) = &mut result.kind else { return Ok(result) };
        match right.kind {
            Kind::Path(more, _) => steps.extend(more),
            _ => steps.push(into_step(right)),
        }
        for step in steps.iter_mut() {
            match &step.kind {
                Kind::Number(_) | Kind::Bool(_) | Kind::Null => {
                    let literal = match step.kind {
                        Kind::Number(number) => decimal(number),
                        Kind::Bool(value) => value.to_string(),
                        _ => "null".to_owned(),
                    };
                    let text = format!("The literal value {literal} cannot be used as a step within a path expression");
                    return if self.is_cut {
                        Error::fail("S0207", "Unexpected end of expression")
                    } else {
                        Error::fail("S0213", text)
                    };
                }
                Kind::Text(name) => step.kind = Kind::Name(Text::clone(name)),
                _ => {}
            }
        }
        *keep |= steps.iter().any(|step| step.keep);
        let count = steps.len();
        for position in [0, count - 1] {
            if matches!(steps[position].kind, Kind::List(_)) {
                steps[position].is_written = true;
            }
        }
        self.ancestry.resolve(&mut result)?;
        Ok(result)
    }
}

/// A node with the slots that those in it seek.
fn holding(kind: Kind, at: usize) -> Node {
    let seeking: Vec<usize> = match &kind {
        // Only the last of a path is sought for beyond it, and that is known already.
        Kind::Lambda(_) | Kind::Transform(_) => Vec::new(),
        kind => kind.children().flat_map(Node::slots).collect(),
    };
    let mut node = Node::new(kind, at);
    node.seek(seeking);
    node
}

/// The path that a name alone is.
fn path(name: Text, at: usize) -> Node {
    Node::new(Kind::Path(vec![Node::new(Kind::Name(name), at)], false), at)
}

/// The node as a path: itself, or one of a single step.
fn into_path(node: Node) -> Node {
    if matches!(node.kind, Kind::Path(..)) {
        return node;
    }
    let at = node.at as usize;
    let seeking: Vec<usize> = match node.kind {
        Kind::Parent(slot) => vec![slot],
        _ => Vec::new(),
    };
    let mut path = Node::new(Kind::Path(vec![node], false), at);
    path.seek(seeking);
    path
}

/// The node as a later step of a path, which its predicates follow.
fn into_step(mut node: Node) -> Node {
    if !node.predicates.is_empty() {
        let predicates = std::mem::take(&mut node.predicates);
        node.step_mut().stages.extend(predicates.into_iter().map(Stage::Filter));
    }
    node
}

impl Node {
    /// The name that this is, and nothing else.
    pub(super) fn name(&self) -> Option<&str> {
        match &self.kind {
            Kind::Path(steps, _) => match steps.as_slice() {
                [Node { kind: Kind::Name(name), .. }] => Some(name),
                _ => None,
            },
            _ => None,
        }
    }

    /// Works on the last step of a path, or on the node itself.
    fn with_last_step<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        match &mut self.kind {
            Kind::Path(steps, _) => match steps.last_mut() {
                Some(last) => work(last),
                None => work(self),
            },
            _ => work(self),
        }
    }

    /// The parents that this means, or that a node in it seeks.
    fn slots(&self) -> impl Iterator<Item = usize> + '_ {
        let own = match self.kind {
            Kind::Parent(slot) => Some(slot),
            _ => None,
        };
        self.step.iter().flat_map(|step| step.seeking.iter().copied()).chain(own)
    }

    fn seek(&mut self, slots: Vec<usize>) {
        if !slots.is_empty() {
            self.step_mut().seeking.extend(slots);
        }
    }
}
