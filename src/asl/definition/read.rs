//! The fields of a definition, each with the fault that it may have.

use super::{
    Batcher, Catcher, Choice, Count, Distributed, Expression, Items, Kind, Language, Map, PathExpression, PathField,
    Problems, Reader as ItemReader, Resource, ResourceKind, Retrier, Scope, Sent, State, Task, Template, Text, Wait,
    Writer, template::expression,
};
use crate::{
    asl::expression::{intrinsic::Intrinsic, jsonata, time},
    json::{Json, escape},
};

/// Reads a definition and collects what is wrong with it.
pub(crate) struct Reader {
    pub problems: Problems,
    pub scopes: Vec<Scope>,
    /// `QueryLanguage` of the workflow.
    pub default: Language,
}

/// A JSON object at its place.
#[derive(Clone, Copy)]
struct Fields<'a> {
    json: &'a Json,
    pointer: &'a str,
    language: Language,
    /// Where the states are that it may go to.
    names: &'a [&'a str],
}

impl<'a> Fields<'a> {
    fn get(&self, field: &str) -> Option<&'a Json> {
        self.json.get(field)
    }

    fn text(&self, field: &str) -> Option<&'a str> {
        self.get(field)?.as_str()
    }

    fn list(&self, field: &str) -> &'a [Json] {
        self.get(field).and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default()
    }

    fn at(&self, field: &str) -> String {
        format!("{}/{field}", self.pointer)
    }

    fn is_jsonata(&self) -> bool {
        self.language == Language::Jsonata
    }
}

impl Reader {
    fn problem(&mut self, pointer: String, problem: impl Into<String>) {
        self.problems.push((pointer, problem.into()));
    }

    /// Reads the states of a workflow, a branch or an iteration; gives their number.
    pub fn scope(&mut self, json: &Json, pointer: &str, depth: usize) -> usize {
        let empty = serde_json::Map::new();
        let states = json.get("States").and_then(Json::as_object).unwrap_or(&empty);
        let names: Vec<&str> = states.keys().map(String::as_str).collect();
        let start =
            json.get("StartAt").and_then(Json::as_str).and_then(|start| names.iter().position(|name| *name == start));
        if start.is_none() {
            self.problem(format!("{pointer}/StartAt"), "`StartAt` names no state; expected one of the states here");
        }
        let Some(depth) = depth.checked_sub(1) else {
            self.problem(
                pointer.to_owned(),
                format!("states are nested too deep; expected at most {} levels", super::MAX_DEPTH),
            );
            return 0;
        };
        let states = states.iter().map(|(name, json)| {
            let pointer = format!("{pointer}/States/{}", escape(name));
            let language = match json.get("QueryLanguage").and_then(Json::as_str) {
                None => self.default,
                named => Language::of(named),
            };
            self.state(name, Fields { json, pointer: &pointer, language, names: &names }, depth)
        });
        let states = states.collect();
        self.scopes.push(Scope { states, start: start.unwrap_or_default() });
        self.scopes.len() - 1
    }

    fn state(&mut self, name: &str, fields: Fields<'_>, depth: usize) -> State {
        let kind = self.kind(fields, depth);
        let retry = fields.list("Retry").iter().map(retrier).collect();
        let catch = fields.list("Catch").iter().enumerate();
        let catch = catch.filter_map(|(index, json)| {
            let pointer = format!("{}/Catch/{index}", fields.pointer);
            self.catcher(Fields { json, pointer: &pointer, ..fields })
        });
        let catch = catch.collect();
        State {
            name: name.into(),
            pointer: fields.pointer.to_owned(),
            language: fields.language,
            kind,
            input_path: self.path_field(fields, "InputPath"),
            output_path: self.path_field(fields, "OutputPath"),
            output: self.template(fields, "Output"),
            assign: self.template(fields, "Assign"),
            next: fields.text("Next").and_then(|next| self.target(fields, "Next", next)),
            retry,
            catch,
        }
    }

    fn kind(&mut self, fields: Fields<'_>, depth: usize) -> Kind {
        match fields.text("Type").unwrap_or_default() {
            "Pass" => Kind::Pass {
                parameters: self.template(fields, "Parameters"),
                result: fields.get("Result").cloned(),
                result_path: self.path_field(fields, "ResultPath"),
            },
            "Task" => Kind::Task(Box::new(self.task(fields))),
            "Choice" => Kind::Choice(self.choice(fields)),
            "Wait" => self.wait(fields).map_or(Kind::Succeed, Kind::Wait),
            "Succeed" => Kind::Succeed,
            "Fail" => Kind::Fail {
                error: self.text(fields, "Error", "ErrorPath"),
                cause: self.text(fields, "Cause", "CausePath"),
            },
            "Parallel" => {
                let branches = fields.list("Branches").iter().enumerate();
                let branches = branches
                    .map(|(index, branch)| self.scope(branch, &format!("{}/Branches/{index}", fields.pointer), depth));
                Kind::Parallel { branches: branches.collect(), sent: self.sent(fields, "Parameters") }
            }
            "Map" => Kind::Map(Box::new(self.map(fields, depth))),
            other => {
                self.problem(fields.at("Type"), format!("`Type` is `{other}`; expected a type of state"));
                Kind::Succeed
            }
        }
    }

    fn target(&mut self, fields: Fields<'_>, field: &str, name: &str) -> Option<usize> {
        let target = fields.names.iter().position(|known| *known == name);
        if target.is_none() {
            self.problem(fields.at(field), format!("`{field}` names `{name}`; expected a state beside this one"));
        }
        target
    }

    fn template(&mut self, fields: Fields<'_>, field: &str) -> Option<Template> {
        let json = fields.get(field)?;
        Some(Template::parse(json, fields.language, &fields.at(field), &mut self.problems))
    }

    fn path(&mut self, fields: Fields<'_>, field: &str) -> Option<PathExpression> {
        let json = fields.get(field)?;
        let parsed = match json.as_str() {
            Some(text) => PathExpression::parse(text),
            None => Err(format!("`{field}` is {json}; expected a path")),
        };
        parsed.map_err(|problem| self.problem(fields.at(field), problem)).ok()
    }

    fn path_field(&mut self, fields: Fields<'_>, field: &str) -> PathField {
        match fields.get(field) {
            None => PathField::Whole,
            Some(Json::Null) => PathField::Nothing,
            Some(Json::String(text)) if text == "$" => PathField::Whole,
            Some(_) => self.path(fields, field).map_or(PathField::Whole, PathField::Path),
        }
    }

    fn sent(&mut self, fields: Fields<'_>, parameters: &str) -> Sent {
        let arguments = if fields.is_jsonata() { "Arguments" } else { parameters };
        Sent {
            arguments: self.template(fields, arguments),
            result_selector: self.template(fields, "ResultSelector"),
            result_path: self.path_field(fields, "ResultPath"),
        }
    }

    /// A whole number, the path to one (`field` followed by `Path`), or an expression for one.
    fn count(&mut self, fields: Fields<'_>, field: &'static str, path_field: &'static str) -> Option<Count> {
        let count = self.number(fields, field, path_field)?;
        if let Count::Literal(number) = count
            && number.fract() != 0.0
        {
            self.problem(fields.at(field), format!("`{field}` is {number}; expected an integer"));
        }
        Some(count)
    }

    fn number(&mut self, fields: Fields<'_>, field: &'static str, path_field: &'static str) -> Option<Count> {
        if let Some(path) = self.path(fields, path_field) {
            return Some(Count::Path { field: path_field, path });
        }
        let json = fields.get(field)?;
        match json {
            Json::String(text) if fields.is_jsonata() && jsonata::inner(text).is_some() => {
                let expression = self.expression(fields, field, text)?;
                Some(Count::Expression { field, expression })
            }
            _ => {
                let number = json.as_f64();
                if number.is_none() {
                    self.problem(fields.at(field), format!("`{field}` is {json}; expected a number"));
                }
                number.map(Count::Literal)
            }
        }
    }

    fn expression(&mut self, fields: Fields<'_>, field: &str, text: &str) -> Option<Box<Expression>> {
        expression(jsonata::inner(text)?, &fields.at(field), &mut self.problems).map(Box::new)
    }

    fn text(&mut self, fields: Fields<'_>, field: &'static str, path_field: &'static str) -> Option<Text> {
        if let Some(text) = fields.text(path_field)
            && text.trim_start().starts_with("States.")
        {
            let call = Intrinsic::parse(text);
            return call
                .map(|call| Text::Intrinsic { field: path_field, call: Box::new(call) })
                .map_err(|problem| self.problem(fields.at(path_field), problem))
                .ok();
        }
        if let Some(path) = self.path(fields, path_field) {
            return Some(Text::Path { field: path_field, path });
        }
        let json = fields.get(field)?;
        match json.as_str() {
            Some(text) if fields.is_jsonata() && jsonata::inner(text).is_some() => {
                let expression = self.expression(fields, field, text)?;
                Some(Text::Expression { field, expression })
            }
            Some(text) => Some(Text::Literal(text.to_owned())),
            None => {
                self.problem(fields.at(field), format!("`{field}` is {json}; expected a string"));
                None
            }
        }
    }

    fn task(&mut self, fields: Fields<'_>) -> Task {
        let arn = fields.text("Resource").unwrap_or_default().to_owned();
        Task {
            resource: Resource { kind: resource_kind(&arn), arn },
            sent: self.sent(fields, "Parameters"),
            timeout_seconds: self.count(fields, "TimeoutSeconds", "TimeoutSecondsPath"),
            heartbeat_seconds: self.count(fields, "HeartbeatSeconds", "HeartbeatSecondsPath"),
            credentials: self.template(fields, "Credentials"),
        }
    }

    fn choice(&mut self, fields: Fields<'_>) -> Choice {
        let mut rules = Vec::new();
        for (index, json) in fields.list("Choices").iter().enumerate() {
            let pointer = format!("{}/Choices/{index}", fields.pointer);
            let rule = Fields { json, pointer: &pointer, ..fields };
            let test = Choice::test(json, fields.language, &pointer, &mut self.problems);
            let next = rule.text("Next").and_then(|next| self.target(rule, "Next", next));
            let (output, assign) = (self.template(rule, "Output"), self.template(rule, "Assign"));
            if let (Some(test), Some(next)) = (test, next) {
                rules.push(super::choice::Rule { test, next, output, assign });
            }
        }
        let default = fields.text("Default").and_then(|next| self.target(fields, "Default", next));
        Choice { rules, default }
    }

    fn wait(&mut self, fields: Fields<'_>) -> Option<Wait> {
        if let Some(seconds) = self.count(fields, "Seconds", "SecondsPath") {
            return Some(Wait::Seconds(seconds));
        }
        if let Some(path) = self.path(fields, "TimestampPath") {
            return Some(Wait::UntilPath(path));
        }
        let json = fields.get("Timestamp")?;
        match json.as_str() {
            Some(text) if fields.is_jsonata() && jsonata::inner(text).is_some() => {
                self.expression(fields, "Timestamp", text).map(Wait::UntilExpression)
            }
            text => {
                let time = text.and_then(time::parse);
                if time.is_none() {
                    let problem = format!("`Timestamp` is {json}; expected one such as \"2026-01-01T00:00:00Z\"");
                    self.problem(fields.at("Timestamp"), problem);
                }
                time.map(Wait::Until)
            }
        }
    }

    fn map(&mut self, fields: Fields<'_>, depth: usize) -> Map {
        let field = if fields.get("ItemProcessor").is_some() { "ItemProcessor" } else { "Iterator" };
        let scope = fields.get(field).map_or(0, |scope| self.scope(scope, &fields.at(field), depth));
        let config = fields.get(field).and_then(|processor| processor.get("ProcessorConfig"));
        let says = |field: &str| config.and_then(|config| config.get(field)).and_then(Json::as_str);
        let distributed = says("Mode") == Some("DISTRIBUTED");
        let items = if fields.is_jsonata() {
            self.template(fields, "Items").map_or(Items::Input, Items::Template)
        } else {
            self.path(fields, "ItemsPath").map_or(Items::Input, Items::Path)
        };
        let item_selector = self.template(fields, "ItemSelector").map(|template| (template, "ItemSelector"));
        let parameters = || self.template(fields, "Parameters").map(|template| (template, "Parameters"));
        let item_selector = if fields.is_jsonata() { item_selector } else { item_selector.or_else(parameters) };
        Map {
            scope,
            items,
            // What a `Map` calls `Parameters` is for its items.
            sent: Sent { arguments: None, ..self.sent(fields, "") },
            item_selector,
            max_concurrency: self.count(fields, "MaxConcurrency", "MaxConcurrencyPath"),
            tolerated_count: self.count(fields, "ToleratedFailureCount", "ToleratedFailureCountPath"),
            tolerated_percentage: self.number(fields, "ToleratedFailurePercentage", "ToleratedFailurePercentagePath"),
            distributed: distributed.then(|| Distributed {
                label: fields.text("Label").map(str::to_owned),
                express: says("ExecutionType") == Some("EXPRESS"),
                reader: fields.get("ItemReader").map(|json| {
                    let pointer = fields.at("ItemReader");
                    self.item_reader(Fields { json, pointer: &pointer, ..fields })
                }),
                batcher: fields.get("ItemBatcher").map(|json| {
                    let pointer = fields.at("ItemBatcher");
                    let fields = Fields { json, pointer: &pointer, ..fields };
                    Batcher {
                        input: self.template(fields, "BatchInput"),
                        max_items: self.count(fields, "MaxItemsPerBatch", "MaxItemsPerBatchPath"),
                        max_bytes: self.count(fields, "MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"),
                    }
                }),
                writer: fields.get("ResultWriter").map(|json| {
                    let pointer = fields.at("ResultWriter");
                    let fields = Fields { json, pointer: &pointer, ..fields };
                    let config = fields.get("WriterConfig");
                    let transformation = config.and_then(|config| config.get("Transformation")).and_then(Json::as_str);
                    Writer {
                        resource: fields.text("Resource").map(str::to_owned),
                        arguments: self.sent(fields, "Parameters").arguments,
                        transformation: transformation.map(str::to_owned),
                    }
                }),
            }),
        }
    }

    fn item_reader(&mut self, fields: Fields<'_>) -> ItemReader {
        let pointer = fields.at("ReaderConfig");
        let empty = Json::Null;
        let config = Fields { json: fields.get("ReaderConfig").unwrap_or(&empty), pointer: &pointer, ..fields };
        let csv_delimiter = match config.text("CSVDelimiter").unwrap_or("COMMA") {
            "COMMA" => b',',
            "PIPE" => b'|',
            "SEMICOLON" => b';',
            "SPACE" => b' ',
            "TAB" => b'\t',
            other => {
                let expected = "expected COMMA, PIPE, SEMICOLON, SPACE or TAB";
                self.problem(config.at("CSVDelimiter"), format!("`CSVDelimiter` is `{other}`; {expected}"));
                b','
            }
        };
        let headers = config.list("CSVHeaders").iter().filter_map(Json::as_str).map(str::to_owned).collect();
        ItemReader {
            resource: fields.text("Resource").map(str::to_owned),
            arguments: self.sent(fields, "Parameters").arguments,
            input_type: config.text("InputType").map(str::to_owned),
            csv_delimiter,
            csv_headers: (config.text("CSVHeaderLocation") == Some("GIVEN")).then_some(headers),
            items_pointer: config.text("ItemsPointer").map(str::to_owned),
            max_items: self.count(config, "MaxItems", "MaxItemsPath"),
        }
    }

    fn catcher(&mut self, fields: Fields<'_>) -> Option<Catcher> {
        let next = self.target(fields, "Next", fields.text("Next").unwrap_or_default())?;
        Some(Catcher {
            errors: errors(fields.json),
            next,
            result_path: self.path_field(fields, "ResultPath"),
            output: self.template(fields, "Output"),
            assign: self.template(fields, "Assign"),
        })
    }
}

fn errors(json: &Json) -> Vec<String> {
    let errors = json.get("ErrorEquals").and_then(Json::as_array).into_iter().flatten();
    errors.filter_map(Json::as_str).map(str::to_owned).collect()
}

fn retrier(json: &Json) -> Retrier {
    let number = |field: &str| json.get(field).and_then(Json::as_f64);
    Retrier {
        errors: errors(json),
        interval_seconds: number("IntervalSeconds").unwrap_or(1.0),
        max_attempts: number("MaxAttempts").map_or(3, |attempts| attempts as u32),
        backoff_rate: number("BackoffRate").unwrap_or(2.0),
        max_delay_seconds: number("MaxDelaySeconds"),
        full_jitter: json.get("JitterStrategy").and_then(Json::as_str) == Some("FULL"),
    }
}

/// What an ARN names. A function's ARN that is still a `${Token}` is taken for one.
fn resource_kind(arn: &str) -> ResourceKind {
    let parts: Vec<&str> = arn.splitn(7, ':').collect();
    match parts.as_slice() {
        ["arn", _, "states", "", "", service, action] => match (*service, action.split_once(':')) {
            ("aws-sdk", Some((service, action))) => {
                ResourceKind::Integration { service: format!("aws-sdk:{service}"), action: action.to_owned() }
            }
            _ => ResourceKind::Integration { service: (*service).to_owned(), action: (*action).to_owned() },
        },
        ["arn", _, "states", _, _, "activity", _] => ResourceKind::Activity,
        _ => ResourceKind::Lambda,
    }
}
