//! Conditions and rules of a template as the code that makes them.

use super::{
    code::Code,
    scope::{Referent, Scope},
    value::{Spot, attempt, function},
};
use crate::{
    data::structs::Type,
    json::Json,
    template::intrinsic::{Place, call},
};

/// A condition of the section of conditions, where CloudFormation `converts` scalars to texts, or of a rule.
pub(super) fn condition(scope: &mut Scope, json: &Json, converts: bool) -> Option<Code> {
    let (name, argument) = call(json, Place::Operand)?;
    if name == "Condition" {
        return Some(Code::borrow(scope.condition(argument.as_str()?)?));
    }
    let items = argument.as_array()?;
    let spot = Spot { converts, ..Spot::TEXT };
    match (name, items.as_slice()) {
        ("Fn::Equals", [left, right]) => {
            Some(function("equals", [attempt(scope, left, spot)?, attempt(scope, right, spot)?]))
        }
        ("Fn::Not", [one]) => Some(function("not", [condition(scope, one, converts)?])),
        ("Fn::And" | "Fn::Or", many) if !many.is_empty() => {
            let mut operands = Vec::new();
            let is_handle = |json: &Json| json.get("Condition").is_some();
            let mixed = many.iter().any(is_handle) && !many.iter().all(is_handle);
            for one in many {
                let code = condition(scope, one, converts)?;
                operands.push(match is_handle(one) && mixed {
                    true => Code::associated("stack::Condition", "from", [code]),
                    false => code,
                });
            }
            Some(function(if name == "Fn::And" { "and" } else { "or" }, [Code::Array(operands)]))
        }
        _ => None,
    }
}

/// A condition of a rule, which knows functions of its own.
fn rule_condition(scope: &mut Scope, json: &Json) -> Option<Code> {
    let (name, argument) = call(json, Place::Operand)?;
    let own = |name: &str, arguments: [Code; 2]| Some(Code::associated("stack::RuleCondition", name, arguments));
    match (name, argument.as_array().map_or(&[][..], Vec::as_slice)) {
        ("Fn::Contains", [list, value]) => own("contains", [rule_list(scope, list)?, rule_text(scope, value)?]),
        ("Fn::EachMemberEquals", [list, value]) => {
            own("each_member_equals", [rule_list(scope, list)?, rule_text(scope, value)?])
        }
        ("Fn::EachMemberIn", [list, of]) => own("each_member_in", [rule_list(scope, list)?, rule_list(scope, of)?]),
        _ => condition(scope, json, false),
    }
}

fn rule_list(scope: &mut Scope, json: &Json) -> Option<Code> {
    let function = |name, arguments| Code::associated("stack::RuleCondition", name, arguments);
    match call(json, Place::Other) {
        Some(("Fn::RefAll", Json::String(kind))) => Some(function("ref_all", vec![Code::string(kind)])),
        Some(("Fn::ValueOfAll", Json::Array(parts))) => match parts.as_slice() {
            [Json::String(kind), Json::String(attribute)] => {
                Some(function("value_of_all", vec![Code::string(kind), Code::string(attribute)]))
            }
            _ => None,
        },
        _ => attempt(scope, json, Spot::free(&Type::List(Box::new(Type::String)))),
    }
}

fn rule_text(scope: &mut Scope, json: &Json) -> Option<Code> {
    match call(json, Place::Other) {
        Some(("Fn::ValueOf", Json::Array(parts))) => match parts.as_slice() {
            [Json::String(parameter), Json::String(attribute)] => {
                let (variable, Referent::Parameter(_)) = scope.refer(parameter)? else { return None };
                let arguments = [Code::borrow(variable), Code::string(attribute)];
                Some(Code::associated("stack::RuleCondition", "value_of", arguments))
            }
            _ => None,
        },
        _ => attempt(scope, json, Spot::TEXT),
    }
}

/// A rule with its assertions.
pub(super) fn rule(scope: &mut Scope, json: &Json) -> Option<Code> {
    let members = json.as_object()?;
    let mut assertions = Vec::new();
    for assertion in members.get("Assertions")?.as_array().filter(|assertions| !assertions.is_empty())? {
        let parts = assertion.as_object().filter(|parts| parts.len() == 2)?;
        let holds = rule_condition(scope, parts.get("Assert")?)?;
        let said = parts.get("AssertDescription")?.as_str()?;
        assertions.push(Code::associated("stack::Assertion", "new", [holds, Code::string(said)]));
    }
    let rule = Code::associated("stack::Rule", "new", [Code::Array(assertions)]);
    match (members.get("RuleCondition"), members.len()) {
        (None, 1) => Some(rule),
        (Some(condition), 2) => {
            let condition = rule_condition(scope, condition)?;
            Some(rule.method("when", [condition]))
        }
        _ => None,
    }
}
