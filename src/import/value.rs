//! Values: the JSON of a property as the code that makes it.
//!
//! Each function gives code that synthesizes to what the template has, or none where the typed API cannot say it exactly;
//! then the property is JSON as it stands.

use super::{
    case::{are_versions, constant, field_ident},
    code::{Code, Data, Path},
    policy::{self, Grantee, Permission},
    scope::{Referent, Scope},
    substituted::substituted,
    workflow::workflow,
};
use crate::{
    data::structs::{Enum, Struct, Structs, Type},
    json::Json,
    template::intrinsic::{Place, attribute, call, is_pseudo_parameter},
};

/// The most that `json!` can hold: each member costs the compiler some of the 128 levels of a macro.
const MOST_OF_A_MACRO: usize = 110;

/// The place of a value: the type that is wanted, the structs of its resource, and whether CloudFormation converts a
/// scalar there (`30` for `"30"`), which it does where a schema says the type.
#[derive(Clone, Copy)]
pub(super) struct Spot<'a> {
    pub ty: &'a Type,
    pub structs: Option<&'static Structs>,
    pub converts: bool,
}

impl<'a> Spot<'a> {
    /// A text that stands for itself.
    pub const TEXT: Spot<'static> = Spot { ty: &Type::String, structs: None, converts: false };

    fn of(self, ty: &'a Type) -> Self {
        Spot { ty, ..self }
    }

    pub fn free(ty: &'a Type) -> Self {
        Spot { ty, structs: None, converts: false }
    }
}

/// The type of an expression.
enum Own {
    Is(Type),
    /// Whatever is wanted.
    Any,
}

/// Code of an element of a list, by what it is in Rust.
#[derive(PartialEq, Clone, Copy, Debug)]
enum Form {
    /// `&str`.
    Text,
    Integer,
    Fraction,
    Boolean,
    /// A struct, a constant, JSON.
    Item,
    /// `Value<T>`.
    Value,
}

/// The code of a value for a setter or an argument; what cannot be said exactly is JSON that is cast.
pub(super) fn value(scope: &mut Scope, json: &Json, spot: Spot<'_>) -> Code {
    attempt(scope, json, spot).unwrap_or_else(|| cast_json(scope, json))
}

/// The same, or none.
pub(super) fn attempt(scope: &mut Scope, json: &Json, spot: Spot<'_>) -> Option<Code> {
    let mark = scope.mark();
    let found = formed(scope, json, spot).map(|(code, _)| code);
    if found.is_none() {
        scope.forget(mark);
    }
    found
}

/// `Value::Literal(json!(…)).cast()`: any JSON as a value of any type.
fn cast_json(scope: &mut Scope, json: &Json) -> Code {
    let json = json_code(scope, json);
    Code::Call(Path::new("value::Value", "::Literal"), vec![json]).cast()
}

fn formed(scope: &mut Scope, json: &Json, spot: Spot<'_>) -> Option<(Code, Form)> {
    if let Some((function, argument)) = call(json, Place::Other) {
        return Some((intrinsic(scope, function, argument, spot)?, Form::Value));
    }
    match (spot.ty, json) {
        (Type::String, _) => Some((Code::string(&text(json, spot.converts)?), Form::Text)),
        (Type::Integer, _) => Some((Code::text(integer(json, spot.converts)?.to_string()), Form::Integer)),
        (Type::Number, _) => match integer(json, spot.converts) {
            Some(number) => Some((Code::text(number.to_string()), Form::Integer)),
            None => Some((Code::text(fraction(json, spot.converts)?), Form::Fraction)),
        },
        (Type::Boolean, _) => Some((Code::text(boolean(json, spot.converts)?.to_string()), Form::Boolean)),
        (Type::Json, Json::Null) => None,
        (Type::Json, _) => Some((json_code(scope, json), Form::Item)),
        (Type::Policy, _) => Some((policy_code(scope, json)?, Form::Item)),
        (Type::Enum(name), Json::String(text)) => {
            let structs = spot.structs?;
            Some((enumerated(structs, structs.enumeration(name)?, text), Form::Item))
        }
        (Type::Struct(name), Json::Object(_)) => {
            let structs = spot.structs?;
            Some((structure(scope, json, structs, structs.named(name)?, false)?, Form::Item))
        }
        (Type::List(inner), Json::Array(items)) => Some((list(scope, items, spot.of(inner))?, Form::Item)),
        // CloudFormation takes one for a list of one.
        (Type::List(inner), Json::String(_) | Json::Number(_) | Json::Bool(_)) if spot.converts => {
            Some((list(scope, std::slice::from_ref(json), spot.of(inner))?, Form::Item))
        }
        (Type::Map(inner), Json::Object(members)) => {
            let mut entries = Vec::new();
            for (key, member) in members {
                let (code, form) = formed(scope, member, spot.of(inner))?;
                entries.push((key.as_str(), code, form));
            }
            Some((map(entries), Form::Item))
        }
        _ => None,
    }
}

/// A text; where CloudFormation converts, of a whole number or a boolean too.
fn text(json: &Json, converts: bool) -> Option<String> {
    match json {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) if converts && number.is_i64() => Some(number.to_string()),
        Json::Bool(is) if converts => Some(is.to_string()),
        _ => None,
    }
}

fn integer(json: &Json, converts: bool) -> Option<i64> {
    match json {
        Json::Number(number) => number.as_i64(),
        Json::String(text) if converts => text.parse::<i64>().ok().filter(|number| number.to_string() == *text),
        _ => None,
    }
}

fn fraction(json: &Json, converts: bool) -> Option<String> {
    let number = match json {
        Json::Number(number) if number.is_f64() => number.as_f64()?,
        Json::String(text) if converts => text.parse::<f64>().ok().filter(|number| format!("{number:?}") == *text)?,
        _ => return None,
    };
    let text = format!("{number:?}");
    // What is neither is no literal.
    (number.is_finite() && text.contains(['.', 'e'])).then_some(text)
}

fn boolean(json: &Json, converts: bool) -> Option<bool> {
    match json {
        Json::Bool(is) => Some(*is),
        Json::String(text) if converts && text.eq_ignore_ascii_case("true") => Some(true),
        Json::String(text) if converts && text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// The item of a property type or an enumeration.
fn item(structs: &Structs, name: &str) -> String {
    format!("aws::{}::{}::{name}", structs.place.service, structs.module)
}

fn enumerated(structs: &Structs, of: &Enum, text: &str) -> Code {
    let path = item(structs, &of.name);
    let versions = are_versions(of.values.iter().map(|(value, _)| value.as_str()));
    match of.values.iter().find(|(value, _)| value == text) {
        Some((value, named)) => {
            let name = named.clone().unwrap_or_else(|| constant(value, versions));
            Code::Path(Path::new(path, format!("::{name}")))
        }
        None => Code::associated(path, "other", [Code::string(text)]),
    }
}

/// A struct with its setters. Its resource stands in the module of the service, its property types in one of their own.
pub(super) fn structure(
    scope: &mut Scope,
    json: &Json,
    structs: &'static Structs,
    of: &'static Struct,
    is_resource: bool,
) -> Option<Code> {
    let members = json.as_object()?;
    let path = match is_resource {
        true => structs.place.path(),
        false => item(structs, &of.name),
    };
    let mut arguments = Vec::new();
    for field in of.fields.iter().filter(|field| field.is_required) {
        let member = members.get(&field.name)?;
        arguments.push(value(scope, member, Spot { ty: &field.ty, structs: Some(structs), converts: true }));
    }
    let mut code = Code::associated(path, "new", arguments);
    for (name, member) in members {
        let field = of.field(name);
        if field.is_some_and(|field| field.is_required) {
            continue;
        }
        let is_of_role = structs.place.service == "iam" && of.name == "Role" && name == "Policies";
        if is_of_role && let Some(with) = inline_policies(scope, code.clone(), member) {
            code = with;
            continue;
        }
        if is_resource && let Some(with) = machine(scope, structs, name, member, &code) {
            code = with;
            continue;
        }
        let field = field.filter(|field| !field.is_deprecated);
        let typed = field.and_then(|field| {
            let spot = Spot { ty: &field.ty, structs: Some(structs), converts: true };
            Some((field_ident(&field.name), attempt(scope, member, spot)?))
        });
        code = match typed {
            Some((setter, value)) => code.method(setter, [value]),
            None => {
                let value = free(scope, member);
                code.method("property", [Code::string(name), value])
            }
        };
    }
    Some(code)
}

/// A state machine with its definition as a workflow, which is a variable of its own.
fn machine(scope: &mut Scope, structs: &Structs, name: &str, json: &Json, machine: &Code) -> Option<Code> {
    if structs.place.service != "stepfunctions" || structs.module != "state_machine" {
        return None;
    }
    let substituted = substituted(json);
    let text = match (&substituted, json) {
        (Some(found), _) => Some(&found.text),
        (None, Json::String(text)) => Some(text),
        (None, _) => None,
    };
    let parsed: Json;
    let definition = match (name, text) {
        ("Definition", None) => json,
        ("DefinitionString", Some(text)) => {
            parsed = serde_json::from_str(text).ok()?;
            &parsed
        }
        _ => return None,
    };
    let mark = scope.mark();
    let made = workflow(definition, &mut |json| free(scope, json)).and_then(|workflow| {
        let mut entries = Vec::new();
        for (key, value) in substituted.iter().flat_map(|found| &found.values) {
            let (code, form) = formed(scope, value, Spot::TEXT)?;
            entries.push((key.as_str(), code, form));
        }
        Some((workflow, entries))
    });
    let Some((workflow, entries)) = made else {
        scope.forget(mark);
        return None;
    };
    let variable = scope.prepare(workflow);
    if name == "Definition" {
        return Some(machine.clone().method("workflow", [Code::text(format!("&{variable}"))]));
    }
    let text = Code::text(variable).method("definition", []).method("to_string", []);
    let text = match (&substituted, entries.is_empty()) {
        (None, _) => text,
        (Some(_), true) => function("sub", [text]),
        (Some(_), false) => function("sub_with", [text, map(entries)]),
    };
    Some(machine.clone().method("definition_string", [text]))
}

/// The inline policies of a role, each with its statements.
fn inline_policies(scope: &mut Scope, role: Code, json: &Json) -> Option<Code> {
    let mark = scope.mark();
    let mut code = role;
    let policies = json.as_array().filter(|policies| !policies.is_empty())?;
    for policy in policies {
        let named = policy.as_object().filter(|members| members.len() == 2).and_then(|members| {
            let name = members.get("PolicyName")?;
            Some((name.as_str()?, statements(scope, members.get("PolicyDocument")?)?))
        });
        match named {
            Some((name, statements)) => code = code.method("policy", [Code::string(name), Code::Array(statements)]),
            None => {
                scope.forget(mark);
                return None;
            }
        }
    }
    Some(code)
}

/// A list: an array where its elements are of one type in Rust.
fn list(scope: &mut Scope, items: &[Json], spot: Spot<'_>) -> Option<Code> {
    let mut elements = Vec::with_capacity(items.len());
    for item in items {
        elements.push(formed(scope, item, spot)?);
    }
    let Some((_, first)) = elements.first() else { return Some(Code::associated("value::List", "new", [])) };
    let first = *first;
    if elements.iter().all(|(_, form)| *form == first) {
        return Some(Code::Array(elements.into_iter().map(|(code, _)| code).collect()));
    }
    if elements.iter().all(|(_, form)| matches!(form, Form::Text | Form::Value)) && *spot.ty == Type::String {
        let into = |(code, form): (Code, Form)| if form == Form::Text { code.method("into", []) } else { code };
        return Some(Code::Array(elements.into_iter().map(into).collect()));
    }
    let list = Code::associated("value::List", "new", []);
    Some(elements.into_iter().fold(list, |list, (code, _)| list.method("item", [code])))
}

/// A map: an array of pairs where its values are of one type in Rust.
fn map(entries: Vec<(&str, Code, Form)>) -> Code {
    let forms: Vec<Form> = entries.iter().map(|(_, _, form)| *form).collect();
    if forms.first().is_some_and(|first| forms.iter().all(|form| form == first)) {
        let pair = |(key, code, _): (&str, Code, Form)| Code::Tuple(vec![Code::string(key), code]);
        return Code::Array(entries.into_iter().map(pair).collect());
    }
    let map = Code::associated("value::Entries", "new", []);
    entries.into_iter().fold(map, |map, (key, code, _)| map.method("entry", [Code::string(key), code]))
}

/// A call of a function as code that gives the type that is wanted.
fn intrinsic(scope: &mut Scope, function: &str, argument: &Json, spot: Spot<'_>) -> Option<Code> {
    let (code, own) = called(scope, function, argument, spot)?;
    Some(match own {
        Own::Is(ty) if ty != *spot.ty => code.cast(),
        _ => code,
    })
}

pub(super) fn function(name: &str, arguments: impl IntoIterator<Item = Code>) -> Code {
    Code::call(format!("intrinsic::{name}"), arguments)
}

fn called(scope: &mut Scope, name: &str, argument: &Json, spot: Spot<'_>) -> Option<(Code, Own)> {
    let texts = Type::List(Box::new(Type::String));
    let text = Own::Is(Type::String);
    let items = argument.as_array().map_or(&[][..], Vec::as_slice);
    Some(match (name, items) {
        ("Ref", _) => return reference(scope, argument.as_str()?, spot.ty),
        ("Fn::GetAtt", _) => {
            let (id, attribute) = attribute(argument)?;
            return get_att(scope, id, attribute?, spot.ty);
        }
        ("Fn::Sub", []) => (function("sub", [Code::string(argument.as_str()?)]), text),
        ("Fn::Sub", [Json::String(template), Json::Object(values)]) => {
            let mut entries = Vec::new();
            for (key, value) in values {
                let (code, form) = formed(scope, value, Spot::TEXT)?;
                entries.push((key.as_str(), code, form));
            }
            (function("sub_with", [Code::string(template), map(entries)]), text)
        }
        ("Fn::Join", [Json::String(delimiter), parts]) => {
            let parts = formed(scope, parts, Spot::free(&texts))?.0;
            (function("join", [Code::string(delimiter), parts]), text)
        }
        ("Fn::Split", [Json::String(delimiter), whole]) => {
            let whole = formed(scope, whole, Spot::TEXT)?.0;
            (function("split", [Code::string(delimiter), whole]), Own::Is(texts))
        }
        ("Fn::Select", [index, list]) if is_scalar(spot.ty) => {
            let index = formed(scope, index, Spot { converts: true, ..Spot::free(&Type::Integer) })?.0;
            let of = Type::List(Box::new(spot.ty.clone()));
            let list = formed(scope, list, Spot::free(&of))?.0;
            (function("select", [index, list]), Own::Any)
        }
        ("Fn::If", [Json::String(condition), then, otherwise]) => {
            let condition = scope.condition(condition)?;
            let then = value(scope, then, spot);
            let otherwise = value(scope, otherwise, spot);
            (function("if_", [Code::borrow(condition), then, otherwise]), Own::Any)
        }
        ("Fn::FindInMap", [map, top, second, rest @ ..]) => {
            let default = match rest {
                [] => None,
                [Json::Object(only)] if only.len() == 1 => Some(only.get("DefaultValue")?),
                _ => return None,
            };
            let map = Code::borrow(scope.mapping(map)?);
            let mut arguments = vec![map, formed(scope, top, Spot::TEXT)?.0, formed(scope, second, Spot::TEXT)?.0];
            let name = if default.is_some() { "find_in_map_or" } else { "find_in_map" };
            if let Some(default) = default {
                arguments.push(value(scope, default, Spot { converts: false, ..spot }));
            }
            (function(name, arguments), Own::Any)
        }
        ("Fn::ImportValue", _) => {
            let name = formed(scope, argument, Spot::TEXT)?.0;
            (function("import_value", [name]), Own::Any)
        }
        ("Fn::GetAZs", _) => (function("get_azs", [formed(scope, argument, Spot::TEXT)?.0]), Own::Is(texts)),
        ("Fn::Cidr", [block, count, bits]) => {
            let block = formed(scope, block, Spot::TEXT)?.0;
            let number = |scope: &mut Scope, json| Some(formed(scope, json, Spot::free(&Type::Integer))?.0);
            let (count, bits) = (number(scope, count)?, number(scope, bits)?);
            (function("cidr", [block, count, bits]), Own::Is(texts))
        }
        ("Fn::Base64", _) => (function("base64", [formed(scope, argument, Spot::TEXT)?.0]), text),
        ("Fn::Length", _) => {
            let of = Type::List(Box::new(Type::String));
            // A list of other things would need its type to be said.
            let list =
                formed(scope, argument, Spot::free(&of)).filter(|_| !items.is_empty() || argument.is_object())?;
            (Code::Call(Path::new("intrinsic::length", "::<String>"), vec![list.0]), Own::Is(Type::Integer))
        }
        ("Fn::ToJsonString", _) => (function("to_json_string", [json_code(scope, argument)]), text),
        _ => return None,
    })
}

fn is_scalar(ty: &Type) -> bool {
    !matches!(ty, Type::Struct(_) | Type::List(_) | Type::Map(_) | Type::Policy)
}

/// The function of a pseudo parameter, and its type.
fn pseudo(name: &str) -> Option<(Code, Own)> {
    let plain = |name: &str| Some((function(name, []), Own::Is(Type::String)));
    match name {
        "AWS::NoValue" => Some((function("no_value", []), Own::Any)),
        "AWS::NotificationARNs" => {
            Some((function("notification_arns", []), Own::Is(Type::List(Box::new(Type::String)))))
        }
        "AWS::AccountId" => plain("account_id"),
        "AWS::Partition" => plain("partition"),
        "AWS::Region" => plain("region"),
        "AWS::StackId" => plain("stack_id"),
        "AWS::StackName" => plain("stack_name"),
        "AWS::URLSuffix" => plain("url_suffix"),
        _ => None,
    }
}

fn reference(scope: &mut Scope, id: &str, wanted: &Type) -> Option<(Code, Own)> {
    if is_pseudo_parameter(id) {
        return pseudo(id);
    }
    match scope.refer(id) {
        Some((variable, Referent::Parameter(ty))) => Some((Code::text(variable).method("reference", []), Own::Is(ty))),
        Some((variable, Referent::Resource(structs))) => {
            let method = structs.and_then(|structs| structs.reference.as_deref()).unwrap_or("reference");
            Some((Code::text(variable).method(method, []), Own::Is(Type::String)))
        }
        None => forward(id, wanted),
    }
}

/// A reference to what is declared later, or in a circle: by its name.
fn forward(name: &str, wanted: &Type) -> Option<(Code, Own)> {
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.');
    let is_text = matches!(wanted, Type::String | Type::Integer | Type::Number | Type::Boolean | Type::Enum(_));
    (is_name && is_text).then(|| (function("sub", [Code::string(&format!("${{{name}}}"))]), Own::Is(Type::String)))
}

fn get_att(scope: &mut Scope, id: &str, attribute: &str, wanted: &Type) -> Option<(Code, Own)> {
    let mark = scope.mark();
    match scope.refer(id) {
        Some((variable, Referent::Resource(None))) => {
            Some((Code::text(variable).method("get_att", [Code::string(attribute)]), Own::Any))
        }
        Some((variable, Referent::Resource(Some(structs)))) => {
            let known = structs.attribute(attribute);
            match known.and_then(|known| Some((known.method.clone()?, known.ty.clone()))) {
                Some((method, ty)) => Some((Code::text(variable).method(method, []), Own::Is(ty))),
                None => {
                    scope.forget(mark);
                    forward(&format!("{id}.{attribute}"), wanted)
                }
            }
        }
        _ => {
            scope.forget(mark);
            forward(&format!("{id}.{attribute}"), wanted)
        }
    }
}

/// Code that serializes to the JSON, where any type will do.
pub(super) fn free(scope: &mut Scope, json: &Json) -> Code {
    match json {
        Json::String(text) => Code::string(text),
        Json::Bool(is) => Code::text(is.to_string()),
        Json::Number(number) if number.as_i64().is_some_and(|number| i32::try_from(number).is_ok()) => {
            Code::text(number.to_string())
        }
        json => match call(json, Place::Other).and_then(|(name, argument)| definite(scope, name, argument)) {
            Some(code) => code,
            None => json_code(scope, json),
        },
    }
}

/// A call whose type needs nobody to want it, and that reads better as code than as JSON.
fn definite(scope: &mut Scope, name: &str, argument: &Json) -> Option<Code> {
    let mark = scope.mark();
    let code = match name {
        "Ref" | "Fn::GetAtt" => {
            // What is no text has the type that it has.
            let (code, own) = called(scope, name, argument, Spot::free(&Type::Json))?;
            match (own, code) {
                (Own::Is(_), code) => Some(code),
                (Own::Any, Code::Chain(root, mut methods)) => {
                    methods.last_mut()?.name.push_str("::<String>");
                    Some(Code::Chain(root, methods))
                }
                _ => None,
            }
        }
        "Fn::Sub" | "Fn::Join" | "Fn::Split" | "Fn::GetAZs" | "Fn::Base64" => {
            called(scope, name, argument, Spot::TEXT).map(|(code, _)| code)
        }
        _ => None,
    };
    if code.is_none() {
        scope.forget(mark);
    }
    code
}

/// `json!(…)`, or the text of it where the macro could not take as much.
pub(super) fn json_code(scope: &mut Scope, json: &Json) -> Code {
    let mark = scope.mark();
    let data = data(scope, json);
    if depth(&data) <= MOST_OF_A_MACRO {
        return Code::Json(data);
    }
    scope.forget(mark);
    let text = serde_json::to_string_pretty(json).unwrap_or_default();
    Code::string(&text).method("parse::<formwork::value::Json>", []).method("expect", [Code::string("it is JSON")])
}

/// The levels of macros that JSON takes: one for each token of what stands before, more or less.
fn depth(data: &Data) -> usize {
    match data {
        Data::Leaf(_) => 1,
        Data::List(items) => items.iter().enumerate().map(|(at, item)| 2 * at + 3 + depth(item)).max().unwrap_or(1),
        Data::Object(members) => {
            members.iter().enumerate().map(|(at, (_, member))| 4 * at + 5 + depth(member)).max().unwrap_or(1)
        }
    }
}

fn data(scope: &mut Scope, json: &Json) -> Data {
    let leaf = |code| Data::Leaf(Box::new(code));
    if let Some((name, argument)) = call(json, Place::Other)
        && let Some(code) = definite(scope, name, argument)
    {
        return leaf(code);
    }
    match json {
        Json::Null => leaf(Code::text("null")),
        Json::String(text) => leaf(Code::string(text)),
        Json::Bool(is) => leaf(Code::text(is.to_string())),
        Json::Number(number) => leaf(Code::text(number_literal(number))),
        Json::Array(items) => Data::List(items.iter().map(|item| data(scope, item)).collect()),
        Json::Object(members) => {
            Data::Object(members.iter().map(|(key, member)| (key.clone(), data(scope, member))).collect())
        }
    }
}

fn number_literal(number: &serde_json::Number) -> String {
    let text = number.to_string();
    match (number.as_i64(), number.as_u64()) {
        (Some(small), _) if i32::try_from(small).is_ok() => text,
        (Some(_), _) => format!("{text}_i64"),
        (None, Some(_)) => format!("{text}_u64"),
        _ if text.contains(['.', 'e', 'E']) => text,
        _ => format!("{text}.0"),
    }
}

/// A policy document: statements, where their builders say all of it.
fn policy_code(scope: &mut Scope, json: &Json) -> Option<Code> {
    if json.is_null() {
        return None;
    }
    let mark = scope.mark();
    if let Some(service) = policy::trusted_service(json).and_then(|service| attempt(scope, service, Spot::TEXT)) {
        return Some(Code::call("iam::trust", [service]));
    }
    if let Some(statements) = statements(scope, json) {
        return Some(Code::Array(statements));
    }
    scope.forget(mark);
    let json = json_code(scope, json);
    Some(Code::associated("iam::Policy", "document", [json]))
}

/// The statements of a policy document.
fn statements(scope: &mut Scope, json: &Json) -> Option<Vec<Code>> {
    policy::read(json)?.iter().map(|statement| self::statement(scope, statement)).collect()
}

fn statement(scope: &mut Scope, statement: &policy::Statement<'_>) -> Option<Code> {
    let texts = Type::List(Box::new(Type::String));
    let spot = Spot { converts: false, ..Spot::free(&texts) };
    let mut code = match &statement.permission {
        Permission::AssumeRole => None,
        Permission::On { verb, actions, except, resources } => {
            let names = match actions.as_slice() {
                [one] => Code::string(one),
                many => Code::Array(many.iter().map(|name| Code::string(name)).collect()),
            };
            let code = Code::call(format!("iam::{verb}"), [names]);
            Some(match (except, resources) {
                (false, Json::Array(items)) if items.len() != 1 => {
                    code.method("on_all", [attempt(scope, resources, spot)?])
                }
                (false, one) => {
                    let one = one.as_array().and_then(|items| items.first()).unwrap_or(one);
                    code.method("on", [attempt(scope, one, Spot::TEXT)?])
                }
                (true, Json::Array(_)) => code.method("on_all_except", [attempt(scope, resources, spot)?]),
                (true, one) => {
                    let one = list(scope, std::slice::from_ref(one), Spot::TEXT)?;
                    code.method("on_all_except", [one])
                }
            })
        }
    };
    let mut conditions = Vec::new();
    for (method, grantees) in [("to", &statement.to), ("to_all_except", &statement.to_all_except)] {
        for Grantee { kind, id } in grantees {
            let arguments = match (*kind, id) {
                ("anyone", _) => vec![],
                (_, id) => vec![attempt(scope, id, Spot::TEXT)?],
            };
            let principal = Code::associated("iam::Principal", kind, arguments);
            code = Some(match code {
                None => Code::call("iam::assume_role", [principal]),
                Some(code) => code.method(method, [principal]),
            });
        }
    }
    let mut code = code?;
    if let Some(sid) = statement.sid {
        code = code.method("sid", [Code::string(sid)]);
    }
    for condition in &statement.conditions {
        let mut operator = Code::Path(Path::new("iam::Operator", format!("::{}", condition.operator)));
        for adverb in &condition.adverbs {
            operator = operator.method(*adverb, []);
        }
        let key = Code::string(condition.key);
        conditions.push(match condition.value {
            Json::Array(_) => {
                ("when_any", [operator, key, attempt(scope, condition.value, Spot { converts: true, ..spot })?])
            }
            one => ("when", [operator, key, attempt(scope, one, Spot { converts: true, ..Spot::TEXT })?]),
        });
    }
    Some(conditions.into_iter().fold(code, |code, (method, arguments)| code.method(method, arguments)))
}
