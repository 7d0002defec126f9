//! A template as the statements that compose its stack.

use std::collections::HashMap;

use serde_json::Map as Object;

use super::{
    code::{Code, Path},
    comment::Comments,
    conditions::{condition, rule},
    order::order,
    rules,
    scope::{Referent, Scope, Variable, VariableType},
    value::{self, Spot, attempt, free, json_code, structure},
};
use crate::{
    data::structs::{self, Structs, Type},
    diagnostic::{self, Diagnostic},
    json::Json,
    template::{
        Template,
        intrinsic::{Place, TRANSFORM, call},
        reference::{ReferenceKind, references},
    },
};

/// A statement of the function that composes the stack, or the resource that it makes.
pub(super) struct Step {
    /// What the template says of it in comments.
    pub comment: Vec<String>,
    /// The section and the entry that it declares.
    pub section: String,
    pub id: String,
    /// The type of a resource.
    pub kind: String,
    /// The variable that holds what it gives, whether anybody needs it or not.
    pub variable: Option<Variable>,
    /// The variables that stand before it.
    pub before: Vec<(String, Code)>,
    /// The call of the stack's method.
    pub code: Code,
    /// What is set on a resource beside its properties.
    pub beside: Option<Code>,
    /// The variables that it uses.
    pub used: Vec<Variable>,
}

/// The sections that have methods of their own, or are compared in another way.
const SECTIONS: [&str; 10] = [
    "AWSTemplateFormatVersion",
    "Description",
    "Transform",
    "Metadata",
    "Parameters",
    "Rules",
    "Mappings",
    "Conditions",
    "Resources",
    "Outputs",
];

/// The structs of a resource type, if code is to have them: of any other type, properties are JSON. Those behind a cargo
/// feature are wanted by who has it.
fn structs_of(kind: &str, with_features: bool) -> Option<&'static Structs> {
    structs::of(kind).filter(|structs| with_features || structs.place.feature.is_none())
}

/// The cargo features that the structs of these resources are behind, sorted: of those that are structs, or of those that
/// stayed JSON.
pub(super) fn features(steps: &[Step], are_structs: bool) -> Vec<&'static str> {
    let raw = VariableType::Handle("stack::RawResource".to_owned());
    let resources =
        steps.iter().filter(|step| step.variable.as_ref().is_some_and(|variable| (variable.ty != raw) == are_structs));
    let mut features: Vec<&str> =
        resources.filter_map(|step| structs::of(&step.kind)?.place.feature.as_deref()).collect();
    features.sort_unstable();
    features.dedup();
    features
}

/// The statements, in an order in which what is used is there.
pub(super) fn steps(
    template: &Template,
    comments: &Comments,
    with_features: bool,
) -> Result<Vec<Step>, Vec<Diagnostic>> {
    let sections = refusals(template)?;
    let mut plan = Plan { template, comments, with_features, scope: Scope::default(), steps: Vec::new() };
    if let Some(Json::String(text)) = sections.get("Description") {
        plan.push("Description", "", Code::text("stack").method("description", [Code::string(text)]));
    }
    let transforms = sections.get("Transform");
    let transforms =
        transforms.map_or(&[][..], |json| json.as_array().map_or(std::slice::from_ref(json), Vec::as_slice));
    for transform in transforms {
        let name = plain(&mut plan.scope, transform);
        plan.push("Transform", "", Code::text("stack").method("transform", [name]));
    }
    for (key, value) in template.section("Metadata") {
        let value = free(&mut plan.scope, value);
        plan.push("Metadata", key, Code::text("stack").method("metadata", [Code::string(key), value]));
    }
    for (section, entries) in sections.iter().filter(|(name, _)| !SECTIONS.contains(&name.as_str())) {
        for (name, value) in entries.as_object().into_iter().flatten() {
            plan.raw(section, name, value);
        }
    }
    for (id, json) in template.section("Parameters") {
        plan.parameter(id, json);
    }
    for (id, json) in template.section("Mappings") {
        plan.mapping(id, json);
    }
    let conditions = plan.ordered("Conditions", &[ReferenceKind::ConditionFunction]);
    for (id, json) in conditions {
        plan.condition(id, json);
    }
    for (id, json) in template.section("Rules") {
        plan.rule(id, json);
    }
    let resources = plan.ordered("Resources", &[ReferenceKind::Ref, ReferenceKind::GetAtt, ReferenceKind::DependsOn]);
    for (id, json) in resources {
        plan.resource(id, json);
    }
    for (id, json) in template.section("Outputs") {
        plan.output(id, json);
    }
    Ok(plan.steps)
}

/// The sections, where a stack can have them as they are.
fn refusals(template: &Template) -> Result<&Object<String, Json>, Vec<Diagnostic>> {
    let refuse = |path: diagnostic::Path, message: String| rules::REFUSED.at(path, message);
    let Some(sections) = template.as_json().as_object() else {
        return Err(vec![refuse(diagnostic::Path::default(), "the template is no object; expected one".to_owned())]);
    };
    let mut found = Vec::new();
    for (name, json) in sections {
        let at = || diagnostic::Path::from(name.as_str());
        match name.as_str() {
            "AWSTemplateFormatVersion" if json == "2010-09-09" => {}
            "AWSTemplateFormatVersion" => {
                found.push(refuse(
                    at(),
                    format!("the version of the format is {json}; expected \"2010-09-09\", the only one"),
                ));
            }
            "Description" if json.is_string() => {}
            "Description" => found.push(refuse(at(), "the description is no text; expected one".to_owned())),
            "Transform" if is_empty(json) || json.as_array().is_some_and(|macros| macros.iter().any(is_empty)) => {
                found.push(refuse(at(), "`Transform` is empty; expected a macro".to_owned()));
            }
            "Transform" => {}
            _ if json.is_object() || json.is_null() => {}
            name => found.push(refuse(at(), format!("`{name}` is no map; expected entries by their names"))),
        }
    }
    let resources = sections.get("Resources").and_then(Json::as_object);
    for (id, json) in resources.into_iter().flatten() {
        if let Some((function, _)) = call(json, Place::Other).filter(|(function, _)| *function != TRANSFORM) {
            let message = format!("`{id}` is a call of {function}; expected a resource");
            found.push(refuse(diagnostic::Path::from("Resources").join(id), message));
        }
    }
    for (id, _) in template.section("Parameters") {
        if resources.is_some_and(|resources| resources.contains_key(id)) {
            let message = format!("`{id}` is a parameter and a resource; expected names of which `Ref` knows one");
            found.push(refuse(diagnostic::Path::from("Resources").join(id), message));
        }
    }
    if found.is_empty() { Ok(sections) } else { Err(found) }
}

fn is_empty(json: &Json) -> bool {
    match json {
        Json::Array(items) => items.is_empty(),
        Json::Object(members) => members.is_empty(),
        Json::String(text) => text.is_empty(),
        json => json.is_null(),
    }
}

struct Plan<'t> {
    template: &'t Template,
    comments: &'t Comments,
    with_features: bool,
    scope: Scope,
    steps: Vec<Step>,
}

impl<'t> Plan<'t> {
    fn push(&mut self, section: &str, id: &str, code: Code) {
        let used = self.scope.take_used();
        self.steps.push(Step {
            comment: self.comments.of(section, id).to_vec(),
            section: section.to_owned(),
            id: id.to_owned(),
            kind: String::new(),
            variable: None,
            before: self.scope.take_prepared(),
            code,
            beside: None,
            used,
        });
    }

    fn declaring(&mut self, section: &str, id: &str, code: Code, name: &str, ty: VariableType) {
        self.push(section, id, code);
        if let Some(step) = self.steps.last_mut() {
            step.variable = Some(Variable { name: name.to_owned(), ty });
        }
    }

    /// An entry as it stands.
    fn raw(&mut self, section: &str, name: &str, value: &Json) {
        let value = free(&mut self.scope, value);
        let arguments = [Code::string(section), Code::string(name), value];
        self.push(section, name, Code::text("stack").method("raw", arguments));
    }

    /// The entries of a section, each behind those that it refers to in one of these ways.
    fn ordered(&self, section: &str, kinds: &[ReferenceKind]) -> Vec<(&'t str, &'t Json)> {
        let entries: Vec<(&str, &Json)> = self.template.section(section).collect();
        let names: Vec<&str> = entries.iter().map(|(name, _)| *name).collect();
        let mut needs: HashMap<&str, Vec<&str>> = HashMap::new();
        for reference in references(self.template) {
            let (from, name) = reference.from;
            if from == section && kinds.contains(&reference.kind) {
                needs.entry(name).or_default().push(reference.to);
            }
        }
        order(&names, &needs).into_iter().map(|at| entries[at]).collect()
    }

    fn parameter(&mut self, id: &str, json: &Json) {
        let Some((code, ty)) = is_id(id).then(|| parameter(&mut self.scope, json)).flatten() else {
            self.raw("Parameters", id, json);
            return;
        };
        let code = Code::text("stack").method("parameter", [Code::string(id), code]);
        let name = self.scope.name(id, "parameter");
        let variable = VariableType::Parameter(rust_type(&ty));
        self.declaring("Parameters", id, code, &name, variable.clone());
        self.scope.declare(id, &name, Referent::Parameter(ty), variable);
    }

    fn mapping(&mut self, id: &str, json: &Json) {
        let entries = json.as_object().filter(|entries| is_id(id) && !entries.is_empty());
        let is_plain = |inner: &Json| inner.as_object().is_some_and(|inner| !inner.is_empty());
        let Some(entries) = entries.filter(|entries| entries.values().all(is_plain)) else {
            self.raw("Mappings", id, json);
            return;
        };
        let mut code = Code::associated("stack::Mapping", "new", []);
        for (top, inner) in entries {
            for (second, value) in inner.as_object().into_iter().flatten() {
                // A function in a mapping is a macro's, and JSON.
                let value = plain(&mut self.scope, value);
                code = code.method("entry", [Code::string(top), Code::string(second), value]);
            }
        }
        let code = Code::text("stack").method("mapping", [Code::string(id), code]);
        let name = self.scope.name(id, "mapping");
        self.declaring("Mappings", id, code, &name, VariableType::Mapping);
        self.scope.declare_mapping(id, &name);
    }

    fn condition(&mut self, id: &str, json: &Json) {
        let mark = self.scope.mark();
        let Some(code) = is_id(id).then(|| condition(&mut self.scope, json, true)).flatten() else {
            self.scope.forget(mark);
            self.raw("Conditions", id, json);
            return;
        };
        let code = Code::text("stack").method("condition", [Code::string(id), code]);
        let name = self.scope.name(id, "condition");
        self.declaring("Conditions", id, code, &name, VariableType::Condition);
        self.scope.declare_condition(id, &name);
    }

    fn rule(&mut self, id: &str, json: &Json) {
        let mark = self.scope.mark();
        match is_id(id).then(|| rule(&mut self.scope, json)).flatten() {
            Some(code) => self.push("Rules", id, Code::text("stack").method("rule", [Code::string(id), code])),
            None => {
                self.scope.forget(mark);
                self.raw("Rules", id, json);
            }
        }
    }

    fn resource(&mut self, id: &str, json: &Json) {
        self.scope.begin(id);
        let Some((code, structs)) = is_id(id).then(|| resource(&mut self.scope, json, self.with_features)).flatten()
        else {
            self.raw("Resources", id, json);
            return;
        };
        let kind = json["Type"].as_str().unwrap_or_default();
        let item = structs.map(|structs| structs.place.path());
        let name = self.scope.name(id, "resource");
        let beside = beside(&mut self.scope, &name, json);
        let variable = VariableType::Handle(item.unwrap_or_else(|| "stack::RawResource".to_owned()));
        let code = Code::text("stack").method("add", [Code::string(id), code]);
        self.declaring("Resources", id, code, &name, variable.clone());
        if let Some(step) = self.steps.last_mut() {
            step.kind = kind.to_owned();
            step.beside = beside;
        }
        self.scope.declare(id, &name, Referent::Resource(structs), variable);
    }

    fn output(&mut self, id: &str, json: &Json) {
        let mark = self.scope.mark();
        match is_id(id).then(|| output(&mut self.scope, id, json)).flatten() {
            Some(code) => self.push("Outputs", id, code),
            None => {
                self.scope.forget(mark);
                self.raw("Outputs", id, json);
            }
        }
    }
}

/// Whether a stack takes it for an id.
fn is_id(id: &str) -> bool {
    (1..=255).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// A type in Rust, as an argument of `ParameterRef`.
fn rust_type(ty: &Type) -> String {
    match ty {
        Type::Integer => "i64".to_owned(),
        Type::Number => "Number".to_owned(),
        Type::List(inner) => format!("List<{}>", rust_type(inner)),
        _ => "String".to_owned(),
    }
}

/// The parameter, and the type of its handle.
fn parameter(scope: &mut Scope, json: &Json) -> Option<(Code, Type)> {
    let members = json.as_object()?;
    let kind = members.get("Type")?.as_str()?;
    let has_fraction = ["Default", "MinValue", "MaxValue", "AllowedValues"].iter().any(|name| {
        let value = members.get(*name).unwrap_or(&Json::Null);
        let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        values.iter().any(|value| value.is_f64() || value.as_str().is_some_and(|text| text.contains('.')))
    });
    let is_list = kind.starts_with("List<") || kind.contains("<List<") || kind.contains("CommaDelimitedList");
    let (constructor, ty) = match kind {
        "String" => ("::string", Type::String),
        "Number" if has_fraction => ("::number", Type::Number),
        "Number" => ("::integer", Type::Integer),
        "CommaDelimitedList" => ("::comma_delimited_list", Type::List(Box::new(Type::String))),
        "List<Number>" => ("::list_of_numbers", Type::List(Box::new(Type::Number))),
        _ if is_list => ("::<List<String>>::of_type", Type::List(Box::new(Type::String))),
        _ => ("::<String>::of_type", Type::String),
    };
    let arguments = if constructor.ends_with("of_type") { vec![Code::string(kind)] } else { Vec::new() };
    let mut code = Code::Call(Path::new("stack::Parameter", constructor), arguments);
    for (name, value) in members.iter().filter(|(name, _)| *name != "Type") {
        code = match (name.as_str(), value) {
            ("Description", Json::String(text)) => code.method("description", [Code::string(text)]),
            ("ConstraintDescription", Json::String(text)) => {
                code.method("constraint_description", [Code::string(text)])
            }
            ("AllowedPattern", Json::String(text)) => code.method("pattern", [Code::string(text)]),
            ("Default", value) if !value.is_null() => code.method("default", [plain(scope, value)]),
            ("AllowedValues", Json::Array(items)) if !items.is_empty() => {
                code.method("allowed_values", [allowed(scope, items)])
            }
            ("MinLength" | "MaxLength", value) if ty == Type::String && kind == "String" && small(value).is_some() => {
                let setter = if name == "MinLength" { "min_length" } else { "max_length" };
                code.method(setter, [Code::text(small(value)?.to_string())])
            }
            ("MinValue" | "MaxValue", value) if matches!(ty, Type::Integer | Type::Number) => {
                let setter = if name == "MinValue" { "min_value" } else { "max_value" };
                let spot = Spot { ty: &Type::Number, structs: None, converts: true };
                match attempt(scope, value, spot) {
                    Some(number) => code.method(setter, [number]),
                    None => code.method("attribute", [Code::string(name), free(scope, value)]),
                }
            }
            ("NoEcho", Json::Bool(true)) => code.method("no_echo", []),
            ("NoEcho", Json::String(text)) if text == "true" => code.method("no_echo", []),
            (name, value) => code.method("attribute", [Code::string(name), free(scope, value)]),
        };
    }
    Some((code, ty))
}

/// JSON, also of a call: where no value of a property is taken.
fn plain(scope: &mut Scope, json: &Json) -> Code {
    if json.is_object() { json_code(scope, json) } else { free(scope, json) }
}

fn small(json: &Json) -> Option<u32> {
    let text = match json {
        Json::Number(number) => number.to_string(),
        Json::String(text) => text.clone(),
        _ => return None,
    };
    text.parse::<u32>().ok().filter(|number| number.to_string() == text)
}

/// The values of a parameter: an array of texts or of numbers, or of JSON where they differ.
fn allowed(scope: &mut Scope, items: &[Json]) -> Code {
    let uniform =
        items.iter().all(Json::is_string) || items.iter().all(Json::is_i64) || items.iter().all(Json::is_boolean);
    let item = |item: &Json| match uniform {
        true => free(scope, item),
        false => json_code(scope, item),
    };
    Code::Array(items.iter().map(item).collect())
}

/// The resource, and the structs of its type, if it has one of these.
fn resource(scope: &mut Scope, json: &Json, with_features: bool) -> Option<(Code, Option<&'static Structs>)> {
    let empty = Json::Object(Object::new());
    let kind = json.as_object()?.get("Type")?.as_str()?;
    let properties = json.get("Properties").unwrap_or(&empty);
    let members = properties.as_object()?;
    if let Some(structs) = structs_of(kind, with_features)
        && let Some(of) = structs.resource()
    {
        let mark = scope.mark();
        match structure(scope, properties, structs, of, true) {
            Some(code) => return Some((code, Some(structs))),
            None => scope.forget(mark),
        }
    }
    let mut code = Code::associated("stack::RawResource", "new", [Code::string(kind)]);
    for (name, value) in members {
        let value = free(scope, value);
        code = code.method("property", [Code::string(name), value]);
    }
    Some((code, None))
}

const POLICIES: [&str; 4] = ["Delete", "Retain", "RetainExceptOnCreate", "Snapshot"];

/// What is set on a resource beside its properties.
fn beside(scope: &mut Scope, variable: &str, json: &Json) -> Option<Code> {
    let mut code = Code::text("stack").method("resource", [Code::borrow(variable)]);
    let mut is_empty = true;
    for (name, value) in json.as_object()? {
        if name == "Type" || name == "Properties" {
            continue;
        }
        is_empty = false;
        let policy = value.as_str().filter(|policy| POLICIES.contains(policy));
        let named = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        let all_known = |scope: &Scope| named.iter().all(|name| name.as_str().is_some_and(|id| scope.has_resource(id)));
        code = match (name.as_str(), value, policy) {
            ("DependsOn", _, _) if !named.is_empty() && all_known(scope) => {
                let mut code = code;
                for id in named.iter().filter_map(Json::as_str) {
                    if let Some((variable, _)) = scope.refer(id) {
                        code = code.method("depends_on", [Code::borrow(variable)]);
                    }
                }
                code
            }
            ("Condition", Json::String(condition), _) if scope.has_condition(condition) => {
                let condition = scope.condition(condition)?;
                code.method("condition", [Code::borrow(condition)])
            }
            ("DeletionPolicy" | "UpdateReplacePolicy", _, Some(policy)) => {
                let setter = if name == "DeletionPolicy" { "deletion_policy" } else { "update_replace_policy" };
                code.method(setter, [Code::Path(Path::new("stack::DeletionPolicy", format!("::{policy}")))])
            }
            ("Metadata", Json::Object(members), _) if !members.is_empty() => {
                let mut code = code;
                for (key, value) in members {
                    let value = free(scope, value);
                    code = code.method("metadata", [Code::string(key), value]);
                }
                code
            }
            _ => {
                let value = free(scope, value);
                code.method("attribute", [Code::string(name), value])
            }
        };
    }
    (!is_empty).then_some(code)
}

fn output(scope: &mut Scope, id: &str, json: &Json) -> Option<Code> {
    let members = json.as_object()?;
    let spot = Spot { converts: true, ..Spot::TEXT };
    let value = value::value(scope, members.get("Value")?, spot);
    let mut code = Code::text("stack").method("output", [Code::string(id), value]);
    for (name, member) in members.iter().filter(|(name, _)| *name != "Value") {
        code = match (name.as_str(), member) {
            ("Description", Json::String(text)) => code.method("description", [Code::string(text)]),
            ("Export", Json::Object(export)) if export.len() == 1 => {
                let name = value::value(scope, export.get("Name")?, spot);
                code.method("export", [name])
            }
            ("Condition", Json::String(condition)) => {
                let condition = scope.condition(condition)?;
                code.method("condition", [Code::borrow(condition)])
            }
            _ => return None,
        };
    }
    Some(code)
}
