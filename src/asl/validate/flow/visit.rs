//! A visit of a state: what it reads of the shapes that reach it, and what it hands on.

use super::{
    jsonata::misses,
    known::{Inside, Known},
    miss::Effect,
    reads::Reads,
    result,
    scene::Scene,
    shape::{Member, Origin, Shape, origin},
};
use crate::{
    asl::{
        definition::{
            Catcher, Choice, Items, Language, Map, PathField, Right, Sent, State, StateKind, Target, Template, Test,
            Wait, operator::Property,
        },
        expression::jsonpath::PathExpression,
    },
    json::Pointer,
};

/// What is known on a route.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Facts {
    pub input: Shape,
    /// An object of all variables.
    pub variables: Shape,
}

impl Facts {
    pub const UNKNOWN: Self = Self { input: Shape::Unknown, variables: Shape::Unknown };

    pub fn join(&self, other: &Self) -> Self {
        Self { input: self.input.join(&other.input), variables: self.variables.join(&other.variables) }
    }
}

/// What a state hands on.
#[derive(Default)]
pub(super) struct Visit<'a> {
    /// To the state that follows, or to the end of the scope.
    pub ways: Vec<(Option<&'a Target>, Facts)>,
    /// To the scopes inside of it, with the item that an iteration works on.
    pub inner: Vec<(usize, Facts, Inside)>,
}

/// A visit in the making.
pub(super) struct Visitor<'v, 'a> {
    pub known: &'v Known,
    pub state: &'a State,
    pub facts: &'v Facts,
    pub context: &'v Shape,
    pub origin: Origin,
    pub reads: Reads,
    pub visit: Visit<'a>,
}

impl<'v, 'a> Visitor<'v, 'a> {
    pub fn new(known: &'v Known, state: &'a State, facts: &'v Facts, context: &'v Shape) -> Self {
        let origin = origin(&format!("`{}`", state.name));
        Self { known, state, facts, context, origin, reads: Reads::default(), visit: Visit::default() }
    }

    /// Looks at the state.
    pub fn look(&mut self) {
        let state = self.state;
        if !state.unresolved.entering.is_empty() {
            return self.hidden();
        }
        let at = Pointer::at(&state.pointer);
        let (facts, origin) = (self.facts, self.origin.clone());
        let mut scene = scene(facts, &facts.input, self.context, &origin);
        scene.data = scene.filtered(&state.input_path, &at.key("InputPath"), &mut self.reads);
        match &state.kind {
            StateKind::Choice(choice) => self.choice(choice, scene),
            StateKind::Fail { error, cause } => {
                scene.text(error.as_ref(), &at, &mut self.reads);
                scene.text(cause.as_ref(), &at, &mut self.reads);
            }
            StateKind::Pass { parameters, result, result_path } => {
                let made = match (result, parameters) {
                    (Some(json), _) => Shape::of(json, &self.origin),
                    (None, Some(template)) => scene.template(template, &at.key("Parameters"), &mut self.reads),
                    (None, None) => scene.data.clone(),
                };
                self.leave(made, None, result_path, false);
            }
            StateKind::Wait(wait) => {
                match wait {
                    Wait::Seconds(count) => scene.count(Some(count), &at, &mut self.reads),
                    Wait::UntilPath(path) => {
                        self.reads.required(scene.find(path), &at.key("TimestampPath"));
                    }
                    Wait::UntilExpression(expression) => {
                        scene.expression(expression, &at.key("Timestamp"), &mut self.reads);
                    }
                    Wait::Until(_) | Wait::Unknown => {}
                }
                self.leave(scene.data.clone(), None, &PathField::Whole, false);
            }
            StateKind::Succeed | StateKind::Unknown => {
                self.leave(scene.data.clone(), None, &PathField::Whole, false);
            }
            StateKind::Task(task) => {
                self.sent(&scene, &task.sent);
                scene.count(task.timeout_seconds.as_ref(), &at, &mut self.reads);
                scene.count(task.heartbeat_seconds.as_ref(), &at, &mut self.reads);
                if let Some(credentials) = &task.credentials {
                    scene.template(credentials, &at.key("Credentials"), &mut self.reads);
                }
                let returns = self.known.returns(state);
                let made = result::shape(state, task, returns);
                self.leave(made, task.sent.result_selector.as_ref(), &task.sent.result_path, true);
                self.catch();
            }
            StateKind::Parallel { branches, sent } => {
                let input = self.sent(&scene, sent);
                let facts = Facts { input, variables: self.facts.variables.clone() };
                self.visit.inner.extend(branches.iter().map(|&branch| (branch, facts.clone(), Inside::Same)));
                let outputs: Option<Vec<Shape>> =
                    branches.iter().map(|&branch| self.known.output(branch).cloned()).collect();
                if let Some(outputs) = outputs {
                    let made = Shape::tuple(outputs);
                    self.leave(made, sent.result_selector.as_ref(), &sent.result_path, true);
                }
                self.catch();
            }
            StateKind::Map(map) => {
                self.map(map, &scene);
                self.catch();
            }
        }
    }

    /// Hands on that nothing is known.
    fn hidden(&mut self) {
        for (target, ..) in self.state.ways() {
            self.visit.ways.push((target, Facts::UNKNOWN));
        }
        self.visit.inner.extend(self.state.scopes().map(|scope| (scope, Facts::UNKNOWN, Inside::Apart)));
    }

    /// What is sent to a service, a branch or an iteration.
    fn sent(&mut self, scene: &Scene<'_>, sent: &Sent) -> Shape {
        let at = Pointer::at(&self.state.pointer);
        let field = if self.state.language == Language::Jsonata { "Arguments" } else { "Parameters" };
        match &sent.arguments {
            Some(template) => scene.template(template, &at.key(field), &mut self.reads),
            None => scene.data.clone(),
        }
    }

    fn map(&mut self, map: &'a Map, scene: &Scene<'_>) {
        let state = self.state;
        let at = Pointer::at(&state.pointer);
        for count in [&map.max_concurrency, &map.tolerated_count, &map.tolerated_percentage] {
            scene.count(count.as_ref(), &at, &mut self.reads);
        }
        let distributed = map.distributed.as_ref();
        let reader = distributed.and_then(|it| it.reader.as_ref());
        let items = match (reader, &map.items) {
            (Some(reader), _) => {
                let inner = at.key("ItemReader");
                if let Some(arguments) = &reader.arguments {
                    let field = if state.language == Language::Jsonata { "Arguments" } else { "Parameters" };
                    scene.template(arguments, &inner.key(field), &mut self.reads);
                }
                let config = inner.key("ReaderConfig");
                scene.count(reader.max_items.as_ref(), &config, &mut self.reads);
                match (&reader.csv_headers, reader.input_type.as_deref()) {
                    (Some(headers), Some("CSV")) => {
                        let row = headers.iter().map(|name| (name.as_str(), Shape::TEXT));
                        Shape::list(Shape::closed(row, &origin(&format!("the header of `{}`", state.name))))
                    }
                    _ => Shape::Unknown,
                }
            }
            (None, Items::Input) => scene.data.clone(),
            (None, Items::Path(path)) => self.reads.required(scene.find(path), &at.key("ItemsPath")),
            (None, Items::Template(template)) => scene.template(template, &at.key("Items"), &mut self.reads),
        };
        let item = match &items {
            Shape::Array(array) => array.item.clone(),
            _ => Shape::Unknown,
        };
        let mut input = item.clone();
        if let Some((selector, field)) = &map.item_selector {
            let context = self.known.context(&Inside::Item(item.clone()));
            let scene = Scene { context: &context, data: scene.data.clone(), result: None, error: None, ..*scene };
            input = scene.template(selector, &at.key(field), &mut self.reads);
        }
        if let Some(batcher) = distributed.and_then(|it| it.batcher.as_ref()) {
            let inner = at.key("ItemBatcher");
            scene.count(batcher.max_items.as_ref(), &inner, &mut self.reads);
            scene.count(batcher.max_bytes.as_ref(), &inner, &mut self.reads);
            let common = batcher.input.as_ref();
            let common = common.map(|it| ("BatchInput", scene.template(it, &inner.key("BatchInput"), &mut self.reads)));
            input = Shape::closed(common.into_iter().chain([("Items", Shape::list(input))]), &self.origin);
        }
        if let Some(arguments) = distributed.and_then(|it| it.writer.as_ref()?.arguments.as_ref()) {
            let field = if state.language == Language::Jsonata { "Arguments" } else { "Parameters" };
            let inner = at.key("ResultWriter");
            scene.template(arguments, &inner.key(field), &mut self.reads);
        }
        let Some(scope) = state.scopes().next() else { return };
        let (variables, inside) = match distributed {
            Some(_) => (self.known.no_variables(), Inside::Apart),
            None => (self.facts.variables.clone(), Inside::Item(item)),
        };
        self.visit.inner.push((scope, Facts { input, variables }, inside));
        let Some(output) = self.known.output(scope) else { return };
        let made = match distributed {
            None => Shape::list(output.without_lacks()),
            Some(it) => match &it.writer {
                Some(writer) if writer.resource.is_some() && !writer.is_empty => result::written(&self.origin),
                Some(_) => Shape::Unknown,
                // Iterations that may fail leave something else.
                None if map.tolerated_count.is_some() || map.tolerated_percentage.is_some() => {
                    Shape::list(Shape::Unknown)
                }
                None => Shape::list(output.without_lacks()),
            },
        };
        self.leave(made, map.sent.result_selector.as_ref(), &map.sent.result_path, true);
    }

    /// Makes the output of a result, and goes on.
    fn leave(&mut self, made: Shape, selector: Option<&Template>, result_path: &PathField, has_result: bool) {
        let state = self.state;
        let at = Pointer::at(&state.pointer);
        let (facts, origin) = (self.facts, self.origin.clone());
        let mut scene = scene(facts, &facts.input, self.context, &origin);
        scene.data = made.clone();
        scene.data_name = "its result";
        scene.result = has_result.then(|| made.clone());
        let variables = assigned(&scene, state.assign.as_ref(), &at.key("Assign"), &mut self.reads);
        let output = match (state.language, &state.output) {
            (Language::Jsonata, Some(output)) => scene.template(output, &at.key("Output"), &mut self.reads),
            (Language::Jsonata, None) => made,
            (Language::JsonPath, _) => {
                let selected = match selector {
                    Some(selector) => scene.template(selector, &at.key("ResultSelector"), &mut self.reads),
                    None => made,
                };
                scene.data = self.merged(result_path, selected);
                scene.data_name = "its output";
                scene.filtered(&state.output_path, &at.key("OutputPath"), &mut self.reads)
            }
        };
        self.visit.ways.push((state.next.as_ref(), Facts { input: output, variables }));
    }

    /// `ResultPath`: the result in its place in the input.
    fn merged(&self, path: &PathField, result: Shape) -> Shape {
        match path {
            PathField::Whole => result,
            PathField::Nothing => self.facts.input.clone(),
            PathField::Path(path) => match path.fields() {
                Some(fields) => self.facts.input.with(&fields, result, &self.origin),
                None => Shape::Unknown,
            },
        }
    }

    fn catch(&mut self) {
        let state = self.state;
        for (position, catcher) in state.catch.iter().enumerate() {
            self.caught(catcher, position);
        }
    }

    fn caught(&mut self, catcher: &'a Catcher, position: usize) {
        let at = Pointer::at(&self.state.pointer);
        let at = at.key("Catch");
        let at = at.index(position);
        let error = result::error(&origin(&format!("the error of `{}`", self.state.name)));
        let (facts, origin) = (self.facts, self.origin.clone());
        let mut scene = scene(facts, &facts.input, self.context, &origin);
        scene.data = error.clone();
        scene.data_name = "the error";
        scene.error = Some(error.clone());
        let variables = assigned(&scene, catcher.assign.as_ref(), &at.key("Assign"), &mut self.reads);
        let output = match (&catcher.output, self.state.language) {
            (Some(output), _) => scene.template(output, &at.key("Output"), &mut self.reads),
            (None, Language::Jsonata) => error,
            (None, Language::JsonPath) => self.merged(&catcher.result_path, error),
        };
        self.visit.ways.push((catcher.next.as_ref(), Facts { input: output, variables }));
    }

    fn choice(&mut self, choice: &'a Choice, scene: Scene<'_>) {
        let state = self.state;
        let at = Pointer::at(&state.pointer);
        let rules = at.key("Choices");
        let mut asks = Asks { is_first: true, asked: Vec::new(), misses: false };
        for (position, rule) in choice.rules.iter().enumerate() {
            if let Some(test) = &rule.test {
                asks.test(test, &scene, &rules.index(position), &mut self.reads);
            }
        }
        // Behind the rules it is known what they have asked for, which is not followed.
        let changed = |shape: &Shape| if asks.misses { shape.opened() } else { shape.without_lacks() };
        let (input, data) = (changed(&self.facts.input), changed(&scene.data));
        let facts = Facts { input: input.clone(), variables: changed(&self.facts.variables) };
        let mut scene = self::scene(&facts, &input, self.context, &self.origin);
        scene.data = data;
        let mut leave = |target, output: Option<&Template>, assign: Option<&Template>, at: &Pointer<'_>| {
            let variables = assigned(&scene, assign, &at.key("Assign"), &mut self.reads);
            let output = match output {
                Some(output) => scene.template(output, &at.key("Output"), &mut self.reads),
                None => {
                    let own = Pointer::at(&state.pointer);
                    scene.filtered(&state.output_path, &own.key("OutputPath"), &mut self.reads)
                }
            };
            self.visit.ways.push((target, Facts { input: output, variables }));
        };
        for (position, rule) in choice.rules.iter().enumerate() {
            leave(rule.next.as_ref(), rule.output.as_ref(), rule.assign.as_ref(), &rules.index(position));
        }
        if let Some(default) = &choice.default {
            leave(Some(default), state.output.as_ref(), state.assign.as_ref(), &at);
        }
    }
}

/// What the rules of a `Choice` ask.
struct Asks {
    /// Whether nothing was asked so far, so that what comes next is asked for certain.
    is_first: bool,
    /// The paths of which it was asked whether they are there.
    asked: Vec<String>,
    /// Whether anything that was asked is not there, be it only on a route.
    misses: bool,
}

impl Asks {
    fn test(&mut self, test: &Test, scene: &Scene<'_>, at: &Pointer<'_>, reads: &mut Reads) {
        let read = |asks: &mut Self, path: &PathExpression, at: &Pointer<'_>, reads: &mut Reads| {
            let got = scene.find(path);
            let Some(miss) = got.miss() else { return };
            asks.misses = true;
            let effect = if asks.is_first { Effect::Fails } else { Effect::Lacks };
            if !asks.asked.iter().any(|asked| path.text().starts_with(asked.as_str())) {
                reads.add(miss, at, effect);
            }
        };
        match test {
            Test::And(tests) | Test::Or(tests) => {
                let at = at.key(if matches!(test, Test::And(_)) { "And" } else { "Or" });
                for (position, test) in tests.iter().enumerate() {
                    self.test(test, scene, &at.index(position), reads);
                }
            }
            Test::Not(test) => self.test(test, scene, &at.key("Not"), reads),
            Test::Is { variable, property: Property::Present, .. } => {
                let got = scene.find(variable);
                if let Some(miss) = got.miss() {
                    self.misses = true;
                    if miss.is_declared() {
                        reads.add(miss, &at.key("Variable"), Effect::Lacks);
                    }
                }
                self.asked.push(variable.text().to_owned());
                self.is_first = false;
            }
            Test::Is { variable, .. } | Test::Matches { variable, .. } => {
                read(self, variable, &at.key("Variable"), reads);
                self.is_first = false;
            }
            Test::Compare { variable, right, .. } => {
                read(self, variable, &at.key("Variable"), reads);
                if let Right::Path(path) = right {
                    read(self, path, at, reads);
                }
                self.is_first = false;
            }
            Test::Condition(expression) => {
                self.misses |= misses(expression, scene);
                let mut own = Reads::default();
                scene.expression(expression, &at.key("Condition"), &mut own);
                let effect = |effect| if self.is_first { effect } else { Effect::Lacks };
                reads.0.extend(own.0.into_iter().map(|(miss, at, it)| (miss, at, effect(it))));
                self.is_first = false;
            }
            Test::Literal(_) => self.is_first = false,
        }
    }
}

fn scene<'s>(facts: &'s Facts, input: &'s Shape, context: &'s Shape, origin: &'s Origin) -> Scene<'s> {
    let data = input.clone();
    Scene {
        data,
        data_name: "its input",
        input,
        result: None,
        error: None,
        variables: &facts.variables,
        context,
        origin,
    }
}

/// The variables after `Assign`.
fn assigned(scene: &Scene<'_>, assign: Option<&Template>, at: &Pointer<'_>, reads: &mut Reads) -> Shape {
    let Some(assign) = assign else { return scene.variables.clone() };
    let made = scene.template(assign, at, reads);
    let (Shape::Object(old), Shape::Object(new)) = (scene.variables, made) else { return Shape::Unknown };
    let mut members = old.members.clone();
    for (name, member) in &new.members {
        match members.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => *known = Member::new(member.shape.clone()),
            None => members.push((name.clone(), Member::new(member.shape.clone()))),
        }
    }
    Shape::object(members, old.open || new.open, scene.origin.clone())
}
