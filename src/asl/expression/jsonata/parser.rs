//! The parser: an operator takes the operands around it by how strongly it binds.

mod steps;

use std::sync::Arc;

use super::{
    ancestry::{Ancestry, underivable},
    ast::{Call, Condition, Kind, Lambda, Node, Op, Pairs, Text, Transform, Tree},
    error::{Error, Given},
    shape::{holding, path},
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
}
