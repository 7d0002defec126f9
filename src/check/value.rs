//! Values: what stands in a place of a template in one world, as far as that is certain.

use std::borrow::Cow;

use super::world::World;
use crate::{
    json::{Json, Pointer},
    schema::{self, Type},
    template::{
        Template,
        intrinsic::{Part, Place, Substitution, attribute, call, join},
    },
};

/// How many functions stand in each other at most that are followed.
const MAX_DEPTH: usize = 24;

/// What is seen of a value.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::check) enum Seen<'a> {
    /// Nothing: `AWS::NoValue` takes the property or the element away.
    Nothing,
    /// A value that the template has, or that a function makes of such values.
    Known(Cow<'a, Json>),
    /// One of several, each with its place.
    OneOf(Origin, Vec<Possible<'a>>),
    /// Some value of that kind.
    Some(Kind),
}

/// A value that may be chosen, and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::check) struct Possible<'a> {
    pub value: Cow<'a, Json>,
    pub at: String,
}

/// What chooses between several values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::check) enum Origin {
    /// Who deploys: they are the default of a parameter, and the values that it allows.
    Parameter,
    /// The keys of a mapping, which are not known.
    Mapping,
}

/// The kind of a value that is not known. Scalars become each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::check) enum Kind {
    Scalar,
    List,
    Map,
    Any,
}

impl Kind {
    pub fn of(types: Type) -> Self {
        match types {
            Type::Array => Kind::List,
            Type::Object => Kind::Map,
            Type::String | Type::Integer | Type::Number | Type::Boolean => Kind::Scalar,
        }
    }

    pub fn may_be(self, ty: Type) -> bool {
        self == Kind::Any || self == Kind::of(ty)
    }
}

/// The eyes of a check: a template in one world.
#[derive(Clone, Copy)]
pub(in crate::check) struct Eyes<'a, 'w> {
    pub template: &'a Template,
    pub world: &'w World<'a>,
}

impl<'a> Eyes<'a, '_> {
    /// Looks at a value, and hands on what is seen with the place where that stands: a branch of an `Fn::If` is in it.
    pub fn see(&self, json: &'a Json, at: &Pointer<'_>, then: &mut dyn FnMut(Seen<'a>, &Pointer<'_>)) {
        if let Some(("Fn::If", Json::Array(parts))) = call(json, Place::Other)
            && let [Json::String(condition), yes, no] = parts.as_slice()
        {
            return match self.world.holds(condition) {
                Some(holds) => {
                    let (branch, position) = if holds { (yes, 1) } else { (no, 2) };
                    self.see(branch, &at.key("Fn::If").index(position), then)
                }
                None => then(Seen::Some(Kind::Any), at),
            };
        }
        then(self.look(json, 0), at);
    }

    /// The same without the place.
    pub fn look(&self, json: &'a Json, depth: usize) -> Seen<'a> {
        if let Json::String(text) = json
            && text.contains("{{resolve:")
        {
            return Seen::Some(Kind::Scalar);
        }
        let Some((function, argument)) = call(json, Place::Other) else { return Seen::Known(Cow::Borrowed(json)) };
        if depth > MAX_DEPTH {
            return Seen::Some(Kind::Any);
        }
        match function {
            "Ref" => argument.as_str().map_or(Seen::Some(Kind::Any), |name| self.named(name)),
            "Fn::If" => match argument.as_array().map(Vec::as_slice) {
                Some([Json::String(condition), yes, no]) => match self.world.holds(condition) {
                    Some(holds) => self.look(if holds { yes } else { no }, depth + 1),
                    None => Seen::Some(Kind::Any),
                },
                _ => Seen::Some(Kind::Any),
            },
            "Fn::Sub" => self.substituted(argument, depth).map_or(Seen::Some(Kind::Scalar), made),
            "Fn::Join" => self.joined(argument, depth).map_or(Seen::Some(Kind::Scalar), made),
            "Fn::FindInMap" => self.found_in_map(argument),
            "Fn::GetAtt" => Seen::Some(self.of_attribute(argument)),
            "Fn::Select" => self.selected(argument, depth),
            "Fn::Split" => self.split(argument, depth),
            "Fn::Base64" | "Fn::ImportValue" | "Fn::ToJsonString" | "Fn::Length" => Seen::Some(Kind::Scalar),
            "Fn::GetAZs" | "Fn::Cidr" => Seen::Some(Kind::List),
            _ => Seen::Some(Kind::Any),
        }
    }

    fn named(&self, name: &str) -> Seen<'a> {
        match name {
            "AWS::NoValue" => return Seen::Nothing,
            "AWS::NotificationARNs" => return Seen::Some(Kind::List),
            _ if name.starts_with("AWS::") => return Seen::Some(Kind::Scalar),
            _ => {}
        }
        let template = self.template.as_json();
        if let Some(parameter) = template.get("Parameters").and_then(|section| section.get(name)) {
            return self.of_parameter(name, parameter);
        }
        match template.get("Resources").and_then(|section| section.get(name)?.get("Type")?.as_str()) {
            Some(kind) if schema::of(kind).is_some() && !may_give_anything(kind) => Seen::Some(Kind::Scalar),
            _ => Seen::Some(Kind::Any),
        }
    }

    /// What a parameter may be in this world: its default, and one of what it allows.
    fn of_parameter(&self, name: &str, parameter: &'a Json) -> Seen<'a> {
        let kind = parameter.get("Type").and_then(Json::as_str).unwrap_or("String");
        if kind.contains("List") {
            return Seen::Some(Kind::List);
        }
        // The text of these is the name of what has the value.
        if kind.starts_with("AWS::SSM::Parameter::Value<") {
            return Seen::Some(Kind::Scalar);
        }
        let at = Pointer::at("Parameters");
        let at = at.key(name);
        let mut possible = Vec::new();
        let mut add = |value: &'a Json, at: String| {
            let is_dynamic = value.as_str().is_some_and(|text| text.contains("{{resolve:"));
            let is_scalar = value.is_string() || value.is_number() || value.is_boolean();
            let text = value.as_str().map_or_else(|| value.to_string().into(), Cow::Borrowed);
            if is_scalar && !is_dynamic && self.world.may_be(name, &text) {
                possible.push(Possible { value: Cow::Borrowed(value), at });
            }
        };
        if let Some(default) = parameter.get("Default") {
            add(default, at.key("Default").to_string());
        }
        for (position, value) in
            parameter.get("AllowedValues").and_then(Json::as_array).into_iter().flatten().enumerate()
        {
            add(value, at.key("AllowedValues").index(position).to_string());
        }
        if possible.is_empty() { Seen::Some(Kind::Scalar) } else { Seen::OneOf(Origin::Parameter, possible) }
    }

    fn of_attribute(&self, argument: &Json) -> Kind {
        let kind = attribute(argument).and_then(|(id, attribute)| {
            let kind = self.template.as_json().get("Resources")?.get(id)?.get("Type")?.as_str()?;
            if may_give_anything(kind) {
                return None;
            }
            Some(Kind::of(schema::of(kind)?.attribute(attribute?)?))
        });
        kind.unwrap_or(Kind::Any)
    }

    /// The text of a scalar that is certain.
    fn text(&self, json: &'a Json, depth: usize) -> Option<String> {
        match self.look(json, depth + 1) {
            Seen::Known(known) => match known.as_ref() {
                Json::String(text) => Some(text.clone()),
                Json::Number(_) | Json::Bool(_) => Some(known.to_string()),
                _ => None,
            },
            _ => None,
        }
    }

    fn substituted(&self, argument: &'a Json, depth: usize) -> Option<String> {
        let substitution = Substitution::new(argument)?;
        let mut text = String::new();
        for part in substitution.parts() {
            match part {
                Part::Text(part) => text.push_str(part),
                Part::Kept(name) => text.extend(["${", name, "}"]),
                Part::Name(name) => text.push_str(&self.text(substitution.value(name)?, depth)?),
            }
        }
        Some(text)
    }

    fn joined(&self, argument: &'a Json, depth: usize) -> Option<String> {
        let (delimiter, parts) = join(argument)?;
        let parts = parts.iter().filter(|part| self.look(part, depth + 1) != Seen::Nothing);
        Some(parts.map(|part| self.text(part, depth)).collect::<Option<Vec<_>>>()?.join(delimiter))
    }

    fn selected(&self, argument: &'a Json, depth: usize) -> Seen<'a> {
        let unknown = Seen::Some(Kind::Any);
        let Some([position, list]) = argument.as_array().map(Vec::as_slice) else { return unknown };
        let position = self.text(position, depth).and_then(|text| text.parse::<usize>().ok());
        let (Some(position), Seen::Known(list)) = (position, self.look(list, depth + 1)) else { return unknown };
        match list {
            Cow::Borrowed(Json::Array(items)) => {
                // An element that is taken away would move the others.
                let moves = items.iter().take(position + 1).any(|item| self.look(item, depth + 1) == Seen::Nothing);
                items.get(position).filter(|_| !moves).map_or(unknown, |item| self.look(item, depth + 1))
            }
            Cow::Owned(Json::Array(mut items)) if position < items.len() => {
                Seen::Known(Cow::Owned(items.swap_remove(position)))
            }
            _ => unknown,
        }
    }

    fn split(&self, argument: &'a Json, depth: usize) -> Seen<'a> {
        let parts = argument.as_array().and_then(|parts| match parts.as_slice() {
            [Json::String(delimiter), text] if !delimiter.is_empty() => Some((delimiter, self.text(text, depth)?)),
            _ => None,
        });
        match parts {
            Some((delimiter, text)) => Seen::Known(Cow::Owned(text.split(delimiter.as_str()).collect())),
            None => Seen::Some(Kind::List),
        }
    }

    /// The value behind keys that are certain, or all that the mapping has behind them.
    fn found_in_map(&self, argument: &'a Json) -> Seen<'a> {
        let unknown = Seen::Some(Kind::Any);
        let Some([Json::String(mapping), first, second]) = argument.as_array().map(Vec::as_slice) else {
            return unknown;
        };
        let Some(entries) = self.template.as_json().get("Mappings").and_then(|section| section.get(mapping)) else {
            return unknown;
        };
        let mut possible = Vec::new();
        for (first_key, inner) in members(entries, first) {
            for (second_key, value) in members(inner, second) {
                let at = Pointer::at("Mappings");
                let at = at.key(mapping);
                let at = at.key(first_key);
                possible.push(Possible { value: Cow::Borrowed(value), at: at.key(second_key).to_string() });
            }
        }
        let is_dynamic = |value: &Json| value.as_str().is_some_and(|text| text.contains("{{resolve:"));
        if possible.is_empty() || possible.iter().any(|it| is_dynamic(&it.value)) {
            return unknown;
        }
        match (first, second) {
            (Json::String(_), Json::String(_)) => Seen::Known(possible.swap_remove(0).value),
            _ => Seen::OneOf(Origin::Mapping, possible),
        }
    }
}

fn made<'a>(text: String) -> Seen<'a> {
    if text.contains("{{resolve:") { Seen::Some(Kind::Scalar) } else { Seen::Known(Cow::Owned(Json::String(text))) }
}

/// The members of a mapping that a key names: one where it is a literal, else all.
fn members<'a>(json: &'a Json, key: &'a Json) -> impl Iterator<Item = (&'a str, &'a Json)> {
    let wanted = key.as_str();
    let members = json.as_object().into_iter().flatten().map(|(key, value)| (key.as_str(), value));
    members.filter(move |(key, _)| wanted.is_none_or(|wanted| wanted == *key))
}

/// Tells whether the attributes and the name of a resource are what its maker says.
fn may_give_anything(kind: &str) -> bool {
    kind.starts_with("Custom::")
        || ["AWS::CloudFormation::CustomResource", "AWS::CloudFormation::Macro", "AWS::CloudFormation::Stack"]
            .contains(&kind)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::check::world::Conditions;

    /// What is seen of a value in a template where `Live` holds.
    fn seen(value: Json) -> String {
        let template = Template::new(json!({
            "Parameters": {
                "Stage": {"Type": "String", "AllowedValues": ["live", "test"]},
                "Names": {"Type": "CommaDelimitedList", "Default": "a,b"},
            },
            "Mappings": {"Sizes": {"eu": {"Small": 1, "Large": 2}, "us": {"Small": 3}}},
            "Conditions": {"Live": {"Fn::Equals": [{"Ref": "Stage"}, "live"]}},
            "Resources": {
                "Queue": {"Type": "AWS::SQS::Queue"},
                "Vpc": {"Type": "AWS::EC2::VPC"},
                "Own": {"Type": "Custom::Own"},
            },
        }));
        let conditions = Conditions::new(&template);
        let world = &conditions.worlds(&["Live"].into(), &["Live"])[0];
        let eyes = Eyes { template: &template, world };
        let mut text = String::new();
        // It stands in the template for as long as that lives.
        let value: &'static Json = Box::leak(Box::new(value));
        let eyes = Eyes { template: Box::leak(Box::new(eyes.template.clone())), world: &world.clone() };
        eyes.see(value, &Pointer::at("At"), &mut |seen, at| {
            text = match seen {
                Seen::Nothing => format!("{at}: nothing"),
                Seen::Known(known) => format!("{at}: {known}"),
                Seen::Some(kind) => format!("{at}: {kind:?}"),
                Seen::OneOf(_, possible) => {
                    let each = possible.iter().map(|it| format!("{} of {}", it.value, it.at));
                    format!("{at}: {}", each.collect::<Vec<_>>().join(", "))
                }
            };
        });
        text
    }

    fn give(value: Json, expected: &str) {
        assert_eq!(seen(value.clone()), format!("At{expected}"), "{value}");
    }

    #[test]
    fn what_a_function_gives_is_followed_as_far_as_it_is_certain() {
        give(json!({"Ref": "AWS::NoValue"}), ": nothing");
        give(json!({"Fn::If": ["Live", 1, 2]}), "/Fn::If/1: 1");
        give(json!({"Fn::If": ["Unknown", 1, 2]}), ": Any");
        give(json!({"Ref": "Stage"}), r#": "live" of Parameters/Stage/AllowedValues/0"#);
        give(json!({"Ref": "Names"}), ": List");
        give(json!({"Ref": "Queue"}), ": Scalar");
        give(json!({"Fn::GetAtt": ["Vpc", "CidrBlockAssociations"]}), ": List");
        give(json!({"Fn::GetAtt": "Own.List"}), ": Any");
        give(json!({"Fn::Join": ["-", ["a", {"Ref": "AWS::NoValue"}, {"Fn::Sub": ["${B}", {"B": 5}]}]]}), r#": "a-5""#);
        give(json!({"Fn::Join": ["-", ["a", {"Ref": "Queue"}]]}), ": Scalar");
        give(json!({"Fn::FindInMap": ["Sizes", "eu", "Large"]}), ": 2");
        give(
            json!({"Fn::FindInMap": ["Sizes", {"Ref": "AWS::Region"}, "Small"]}),
            ": 1 of Mappings/Sizes/eu/Small, 3 of Mappings/Sizes/us/Small",
        );
        give(json!({"Fn::Select": ["1", {"Fn::Split": [",", "a,b"]}]}), r#": "b""#);
        give(json!("{{resolve:ssm:size}}"), ": Scalar");
        give(json!({"Fn::Transform": {"Name": "M"}}), ": Any");
    }
}
