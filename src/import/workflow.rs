//! The definition of a state machine as a typed workflow, where its builder has every field of it.

mod map;

use serde_json::Map as Object;

use super::{
    case::snake,
    code::{Code, Path},
};
use crate::{
    json::{Json, has_key},
    template::intrinsic::is_function,
};

/// Code of JSON that stands in a field.
type Free<'f> = &'f mut dyn FnMut(&Json) -> Code;

/// The workflow; none where something in it has no method, or is decided at deployment.
pub(super) fn workflow(definition: &Json, free: Free<'_>) -> Option<Code> {
    let members = definition.as_object()?;
    // `null` makes the builder write a text, and a call is a template's.
    if has_null(definition) || has_key(definition, is_function) {
        return None;
    }
    let language = match members.get("QueryLanguage") {
        None => "jsonpath",
        Some(language) if language == "JSONata" => "jsonata",
        _ => return None,
    };
    let mut maker = Maker { language, free };
    let mut code = Code::associated(maker.item("Workflow"), "new", []);
    for (name, value) in members {
        code = match name.as_str() {
            "Comment" => code.method("comment", [Code::string(value.as_str()?)]),
            "Version" => code.method("version", [Code::string(value.as_str()?)]),
            "TimeoutSeconds" => code.method("timeout_seconds", [count(value)?]),
            "QueryLanguage" | "StartAt" | "States" => code,
            _ => return None,
        };
    }
    // Otherwise integrations are called in whichever partition the stack is deployed to.
    match partition(definition) {
        Partition::Unnamed => {}
        Partition::Aws => code = code.method("partition", [Code::string("aws")]),
        Partition::Other => return None,
    }
    maker.states(code, members)
}

fn has_null(json: &Json) -> bool {
    match json {
        Json::Null => true,
        Json::Array(items) => items.iter().any(has_null),
        Json::Object(members) => members.values().any(has_null),
        _ => false,
    }
}

/// The partition that integrations are called in by their ARNs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Partition {
    Unnamed,
    Aws,
    Other,
}

fn partition(json: &Json) -> Partition {
    match json {
        Json::Array(items) => items.iter().map(partition).max().unwrap_or(Partition::Unnamed),
        Json::Object(members) => {
            let of_member = |(key, member): (&String, &Json)| match (key.as_str(), member.as_str()) {
                ("Resource", Some(text)) if text.starts_with("arn:aws:states:") => Partition::Aws,
                ("Resource", Some(text)) if text.starts_with("arn:${AWS::Partition}:") => Partition::Unnamed,
                ("Resource", Some(text)) if text.starts_with("arn:") && text.contains(":states:::") => Partition::Other,
                _ => partition(member),
            };
            members.iter().map(of_member).max().unwrap_or(Partition::Unnamed)
        }
        _ => Partition::Unnamed,
    }
}

/// A whole number that fits the fields for seconds and counts.
fn count(json: &Json) -> Option<Code> {
    let number = json.as_u64().and_then(|number| u32::try_from(number).ok())?;
    Some(Code::text(number.to_string()))
}

fn text(json: &Json) -> Option<Code> {
    json.as_str().map(Code::string)
}

/// The names of errors: one, or an array of them.
fn errors(json: &Json) -> Option<Code> {
    let names: Option<Vec<Code>> = json.as_array()?.iter().map(text).collect();
    match names?.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        many => Some(Code::Array(many.to_vec())),
    }
}

struct Maker<'f> {
    language: &'static str,
    free: Free<'f>,
}

impl Maker<'_> {
    fn item(&self, name: &str) -> String {
        format!("asl::{}::{name}", self.language)
    }

    fn is_jsonata(&self) -> bool {
        self.language == "jsonata"
    }

    /// The states of a workflow or a branch, and where it starts if that is not the first.
    fn states(&mut self, mut code: Code, members: &Object<String, Json>) -> Option<Code> {
        let states = members.get("States")?.as_object().filter(|states| !states.is_empty())?;
        let start = members.get("StartAt")?.as_str()?;
        if states.keys().next().is_none_or(|first| first != start) {
            code = code.method("start_at", [Code::string(start)]);
        }
        for (name, state) in states {
            let state = self.state(state.as_object()?)?;
            code = code.method("state", [Code::string(name), state]);
        }
        Some(code)
    }

    fn branch(&mut self, members: &Object<String, Json>, beside: &[&str]) -> Option<Code> {
        let known = |name: &String| name == "StartAt" || name == "States" || beside.contains(&name.as_str());
        if !members.keys().all(known) {
            return None;
        }
        let branch = Code::associated(self.item("Branch"), "new", []);
        self.states(branch, members)
    }

    fn state(&mut self, members: &Object<String, Json>) -> Option<Code> {
        let kind = members.get("Type")?.as_str()?;
        // What the constructor has taken.
        let (mut code, taken): (Code, &[&str]) = match kind {
            "Pass" | "Succeed" | "Fail" | "Choice" => (Code::associated(self.item(kind), "new", []), &[]),
            "Task" => {
                let resource = text(members.get("Resource")?)?;
                (Code::associated(self.item(kind), "integration", [resource]), &["Resource"])
            }
            "Wait" => self.wait(members)?,
            "Parallel" => {
                let mut branches = Vec::new();
                for branch in members.get("Branches")?.as_array()? {
                    branches.push(self.branch(branch.as_object()?, &[])?);
                }
                if branches.is_empty() {
                    return None;
                }
                (Code::associated(self.item(kind), "new", [Code::Array(branches)]), &["Branches"])
            }
            "Map" => self.map(members)?,
            _ => return None,
        };
        let mut last = None;
        for (name, value) in members {
            if name == "Type" || taken.contains(&name.as_str()) {
                continue;
            }
            match (name.as_str(), kind) {
                ("Next", "Pass" | "Task" | "Wait" | "Parallel" | "Map") => last = Some(("next", vec![text(value)?])),
                ("End", "Pass" | "Task" | "Wait" | "Parallel" | "Map") if *value == true => {
                    last = Some(("end", vec![]))
                }
                ("Default", "Choice") => last = Some(("otherwise", vec![text(value)?])),
                (name, "Map") if let Some(next) = self.distributed(&code, members, name, value) => code = next,
                _ => code = self.field(code, kind, name, value)?,
            }
        }
        if kind == "Choice" && !members.contains_key("Choices") {
            return None;
        }
        match (kind, last) {
            ("Succeed" | "Fail", None) => Some(code),
            ("Choice", None) => Some(code.method("without_default", [])),
            (_, Some((method, arguments))) => Some(code.method(method, arguments)),
            (_, None) => None,
        }
    }

    fn wait(&self, members: &Object<String, Json>) -> Option<(Code, &'static [&'static str])> {
        let of = |name: &str, argument| Code::associated(self.item("Wait"), name, [argument]);
        Some(match (members.get("Seconds"), members.get("Timestamp")) {
            (Some(seconds), None) => {
                let expression = || text(seconds).filter(|_| self.is_jsonata());
                (of("seconds", count(seconds).or_else(expression)?), &["Seconds"])
            }
            (None, Some(timestamp)) => (of("timestamp", text(timestamp)?), &["Timestamp"]),
            (None, None) if !self.is_jsonata() => match (members.get("SecondsPath"), members.get("TimestampPath")) {
                (Some(path), None) => (of("seconds_path", text(path)?), &["SecondsPath"]),
                (None, Some(path)) => (of("timestamp_path", text(path)?), &["TimestampPath"]),
                _ => return None,
            },
            _ => return None,
        })
    }

    /// The code with a field of a state set.
    fn field(&mut self, mut code: Code, kind: &str, name: &str, value: &Json) -> Option<Code> {
        let jsonata = self.is_jsonata();
        let calls = matches!(kind, "Task" | "Parallel" | "Map");
        Some(match (name, kind) {
            ("Comment", _) => code.method("comment", [text(value)?]),
            ("Assign", "Pass" | "Wait" | "Choice" | "Task" | "Parallel" | "Map") => self.assign(code, value)?,
            ("Output", "Pass" | "Wait" | "Succeed" | "Choice" | "Task" | "Parallel" | "Map") if jsonata => {
                code.method("output", [(self.free)(value)])
            }
            ("InputPath" | "OutputPath", _) if !jsonata && kind != "Fail" => code.method(snake(name), [text(value)?]),
            ("ResultPath", _) if !jsonata && (calls || kind == "Pass") => code.method("result_path", [text(value)?]),
            ("Parameters", _) if !jsonata && (calls || kind == "Pass") => {
                code.method("parameters", [(self.free)(value)])
            }
            ("ResultSelector", _) if !jsonata && calls => code.method("result_selector", [(self.free)(value)]),
            ("Result", "Pass") if !jsonata => code.method("result", [(self.free)(value)]),
            ("Arguments", "Task" | "Parallel") if jsonata => code.method("arguments", [(self.free)(value)]),
            ("TimeoutSeconds" | "HeartbeatSeconds", "Task") => {
                let expression = || text(value).filter(|_| jsonata);
                code.method(snake(name), [count(value).or_else(expression)?])
            }
            ("MaxConcurrency", "Map") => {
                let expression = || text(value).filter(|_| jsonata);
                code.method("max_concurrency", [count(value).or_else(expression)?])
            }
            ("MaxConcurrencyPath", "Map") if !jsonata => code.method("max_concurrency_path", [text(value)?]),
            ("TimeoutSecondsPath" | "HeartbeatSecondsPath", "Task") if !jsonata => {
                code.method(snake(name), [text(value)?])
            }
            ("Credentials", "Task") => {
                let (name, role) = value.as_object().filter(|members| members.len() == 1)?.iter().next()?;
                // The builder tells an expression by how it begins.
                let is_expression = role.as_str()?.starts_with('$') && !jsonata;
                (name == if is_expression { "RoleArn.$" } else { "RoleArn" }).then_some(())?;
                code.method("credentials", [text(role)?])
            }
            ("ErrorPath" | "CausePath", "Fail") if !jsonata => code.method(snake(name), [text(value)?]),
            ("ItemSelector", "Map") => code.method("item_selector", [(self.free)(value)]),
            ("Items", "Map") if jsonata => code.method("items", [(self.free)(value)]),
            ("ItemsPath", "Map") if !jsonata => code.method("items_path", [text(value)?]),
            ("Error" | "Cause", "Fail") => code.method(snake(name), [text(value)?]),
            ("Choices", "Choice") => {
                for choice in value.as_array().filter(|choices| !choices.is_empty())? {
                    code = self.choice(code, choice.as_object()?)?;
                }
                code
            }
            ("Retry", _) if calls => {
                for retry in value.as_array().filter(|retries| !retries.is_empty())? {
                    code = code.method("retry", [self.retry(retry.as_object()?)?]);
                }
                code
            }
            ("Catch", _) if calls => {
                for catch in value.as_array().filter(|catches| !catches.is_empty())? {
                    code = self.catch(code, catch.as_object()?)?;
                }
                code
            }
            _ => return None,
        })
    }

    /// A name and its value; in JSONPath one that is read at run time is a path.
    fn member(&mut self, name: &str, value: &Json) -> Option<(Code, Code)> {
        match name.strip_suffix(".$").filter(|_| !self.is_jsonata()) {
            Some(name) => Some((Code::string(name), Code::call(self.item("path"), [text(value)?]))),
            None => Some((Code::string(name), (self.free)(value))),
        }
    }

    fn assign(&mut self, mut code: Code, value: &Json) -> Option<Code> {
        for (variable, value) in value.as_object().filter(|variables| !variables.is_empty())? {
            let (variable, value) = self.member(variable, value)?;
            code = code.method("assign", [variable, value]);
        }
        Some(code)
    }

    fn retry(&self, members: &Object<String, Json>) -> Option<Code> {
        let mut code = Code::associated(self.item("Retry"), "on", [errors(members.get("ErrorEquals")?)?]);
        for (name, value) in members {
            code = match name.as_str() {
                "ErrorEquals" => code,
                "Comment" => code.method("comment", [text(value)?]),
                "IntervalSeconds" | "MaxAttempts" | "MaxDelaySeconds" => code.method(snake(name), [count(value)?]),
                "BackoffRate" => {
                    let rate = value.as_f64().filter(|rate| rate.is_finite())?;
                    code.method("backoff_rate", [Code::text(format!("{rate:?}"))])
                }
                "JitterStrategy" => {
                    let strategy = match value.as_str()? {
                        "FULL" => "::Full",
                        "NONE" => "::None",
                        _ => return None,
                    };
                    code.method("jitter_strategy", [Code::Path(Path::new(self.item("JitterStrategy"), strategy))])
                }
                _ => return None,
            };
        }
        Some(code)
    }

    fn catch(&mut self, state: Code, members: &Object<String, Json>) -> Option<Code> {
        let arguments = [errors(members.get("ErrorEquals")?)?, text(members.get("Next")?)?];
        if members.len() == 2 {
            return Some(state.method("catch", arguments));
        }
        let mut code = Code::associated(self.item("Catch"), "new", arguments);
        for (name, value) in members {
            code = match name.as_str() {
                "ErrorEquals" | "Next" => code,
                "ResultPath" if !self.is_jsonata() => code.method("result_path", [text(value)?]),
                name => self.beside(code, name, value)?,
            };
        }
        Some(state.method("catcher", [code]))
    }

    /// A rule of a `Choice`.
    fn choice(&mut self, state: Code, members: &Object<String, Json>) -> Option<Code> {
        const BESIDE: [&str; 4] = ["Next", "Comment", "Assign", "Output"];
        let next = text(members.get("Next")?)?;
        let mut comparison = members.clone();
        comparison.retain(|name, _| !BESIDE.contains(&name.as_str()));
        let condition = match self.is_jsonata() {
            true => text(comparison.get("Condition").filter(|_| comparison.len() == 1)?)?,
            false => self.comparison(&comparison)?,
        };
        if members.len() == comparison.len() + 1 {
            return Some(state.method("when", [condition, next]));
        }
        let mut code = Code::associated(self.item("ChoiceRule"), "new", [condition, next]);
        for (name, value) in members.iter().filter(|(name, _)| BESIDE[1..].contains(&name.as_str())) {
            code = self.beside(code, name, value)?;
        }
        Some(state.method("rule", [code]))
    }

    /// What a catcher and a rule may have too.
    fn beside(&mut self, code: Code, name: &str, value: &Json) -> Option<Code> {
        match name {
            "Comment" => Some(code.method("comment", [text(value)?])),
            "Assign" => self.assign(code, value),
            "Output" if self.is_jsonata() => Some(code.method("output", [(self.free)(value)])),
            _ => None,
        }
    }

    /// A comparison in JSONPath.
    fn comparison(&self, members: &Object<String, Json>) -> Option<Code> {
        let function = |name: &str, argument| Code::call(self.item(name), [argument]);
        if let Some((name, value)) = members.iter().next().filter(|_| members.len() == 1) {
            return match name.as_str() {
                "And" | "Or" => {
                    let operands = value.as_array().filter(|operands| !operands.is_empty())?;
                    let operands: Option<Vec<Code>> =
                        operands.iter().map(|operand| self.comparison(operand.as_object()?)).collect();
                    Some(function(&name.to_lowercase(), Code::Array(operands?)))
                }
                "Not" => Some(function("not", self.comparison(value.as_object()?)?)),
                _ => None,
            };
        }
        let (operator, operand) =
            members.iter().find(|(name, _)| *name != "Variable").filter(|_| members.len() == 2)?;
        let operand = match operand {
            Json::String(text) if is_text_operator(operator) => Code::string(text),
            Json::Bool(is) if is_flag(operator) => Code::text(is.to_string()),
            Json::Number(number) if operator.starts_with("Numeric") && !operator.ends_with("Path") => {
                match (number.as_i64(), number.as_f64()) {
                    (Some(whole), _) => Code::text(whole.to_string()),
                    (None, Some(fraction)) => Code::text(format!("{fraction:?}")),
                    _ => return None,
                }
            }
            _ => return None,
        };
        let variable = function("variable", text(members.get("Variable")?)?);
        Some(variable.method(snake(operator), [operand]))
    }
}

const COMPARED: [&str; 4] = ["Numeric", "String", "Timestamp", "Boolean"];
const ORDERS: [&str; 5] = ["Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals"];

/// Whether an operator compares with a text: a text itself, a time, a path or a pattern.
fn is_text_operator(operator: &str) -> bool {
    let (plain, is_path) = operator.strip_suffix("Path").map_or((operator, false), |plain| (plain, true));
    let split = COMPARED.iter().find_map(|of| Some((*of, plain.strip_prefix(of)?)));
    match split {
        Some(("String" | "Timestamp", order)) => ORDERS.contains(&order) || plain == "StringMatches" && !is_path,
        Some(("Numeric", order)) => is_path && ORDERS.contains(&order),
        Some((_, order)) => is_path && order == "Equals",
        None => false,
    }
}

fn is_flag(operator: &str) -> bool {
    const FLAGS: [&str; 7] =
        ["BooleanEquals", "IsNull", "IsPresent", "IsNumeric", "IsString", "IsBoolean", "IsTimestamp"];
    FLAGS.contains(&operator)
}
