//! Names: the symbol that a value of a template becomes.

use super::{
    form::{self, Form},
    symbol::{Shape, Symbol},
};
use crate::{
    check::subject::MOST_RESOURCES,
    json::Json,
    template::{
        Template,
        intrinsic::{Part, Place, Substitution, attribute, call, join},
    },
};

/// How many names may be made of each other.
const DEPTH: usize = 8;

/// The names of a template.
#[derive(Clone, Copy)]
pub(crate) struct Names<'a> {
    template: &'a Template,
}

impl<'a> Names<'a> {
    pub fn new(template: &'a Template) -> Self {
        Self { template }
    }

    /// The resource of that logical id, where it has that type.
    pub fn resource(self, id: &str, kind: &str) -> Option<&'a Json> {
        let resource = self.template.as_json().get("Resources")?.get(id)?;
        (resource["Type"] == kind).then_some(resource)
    }

    /// The resources of a type, with their logical ids and properties; none where there are more than can be deployed.
    pub fn resources(self, kind: &'a str) -> impl Iterator<Item = (&'a str, &'a Json)> {
        let count = self.template.as_json().get("Resources").and_then(Json::as_object).map_or(0, |all| all.len());
        let all = self.template.resources_of(kind).take(if count > MOST_RESOURCES { 0 } else { count });
        all.map(|(id, resource)| (id, &resource["Properties"]))
    }

    /// The symbol of a value.
    pub fn symbol(self, json: &Json) -> Symbol {
        self.value(json, DEPTH)
    }

    /// The symbol of what `Ref` or, with a point, `Fn::GetAtt` reads.
    pub fn read(self, name: &str) -> Symbol {
        self.reads(name, DEPTH)
    }

    /// The ARN of a resource of a type that is known here.
    pub fn arn(self, id: &str) -> Option<Symbol> {
        let form = self.form(id)?;
        Some(self.filled(form, form.arn, id, DEPTH))
    }

    /// The name of a resource of a type that is known here.
    pub fn name(self, id: &str) -> Option<Symbol> {
        Some(self.name_of(self.form(id)?, id, DEPTH))
    }

    /// A symbol for people: what it has of a resource of the template is named as one would write it.
    pub fn shown(self, symbol: &Symbol) -> String {
        let below = |rest: &Symbol| *rest == Symbol::default() || rest.prefix().starts_with([':', '/']);
        let within = self.template.section("Resources").find_map(|(id, _)| {
            let form = self.form(id)?;
            let rest = symbol.after(&self.arn(id)?).filter(below)?;
            Some(if form.reference == "{arn}" { format!("${{{id}}}{rest}") } else { format!("${{{id}.Arn}}{rest}") })
        });
        within.unwrap_or_else(|| {
            // A name that CloudFormation makes up is what `Ref` gives, or nearly so.
            self.template.section("Resources").fold(symbol.to_string(), |text, (id, _)| match self.name(id) {
                Some(name) if text.contains(".suffix}") => text.replace(&name.to_string(), &format!("${{{id}}}")),
                _ => text,
            })
        })
    }

    /// The resource of a type that a value names, by its ARN or by what `Ref` gives of it.
    pub fn named(self, json: &Json, kind: &'a str) -> Option<&'a str> {
        let by_id = self.named_by_id(json, kind);
        by_id.or_else(|| self.named_by(&self.symbol(json), kind))
    }

    /// The same where the value has its logical id, as most have: then no names are made and compared.
    fn named_by_id(self, json: &Json, kind: &'a str) -> Option<&'a str> {
        let id = match call(json, Place::Other)? {
            ("Ref", id) => id.as_str()?,
            ("Fn::GetAtt", argument) => {
                let (id, name) = attribute(argument)?;
                let attributes = form::of(kind)?.attributes;
                attributes.iter().find(|(known, gives)| Some(*known) == name && *gives == form::ARN).map(|_| id)?
            }
            _ => return None,
        };
        self.resources(kind).map(|(known, _)| known).find(|known| *known == id)
    }

    /// The same of a symbol.
    pub fn named_by(self, symbol: &Symbol, kind: &'a str) -> Option<&'a str> {
        let is = |id: &str| self.arn(id).is_some_and(|arn| arn == *symbol) || self.read(id) == *symbol;
        self.resources(kind).map(|(id, _)| id).find(|id| is(id))
    }

    fn form(self, id: &str) -> Option<&'static Form> {
        form::of(self.template.as_json().get("Resources")?.get(id)?["Type"].as_str()?)
    }

    fn properties(self, id: &str) -> &'a Json {
        &self.template.as_json()["Resources"][id]["Properties"]
    }

    fn value(self, json: &Json, depth: usize) -> Symbol {
        match json {
            Json::String(text) => return partition(text),
            Json::Number(_) | Json::Bool(_) => return Symbol::text(json.to_string()),
            _ => {}
        }
        let known = || -> Option<Symbol> {
            let (function, argument) = call(json, Place::Other)?;
            let depth = depth.checked_sub(1)?;
            match function {
                "Ref" => Some(self.reads(argument.as_str()?, depth)),
                "Fn::GetAtt" => {
                    let (id, attribute) = attribute(argument)?;
                    Some(self.reads(&format!("{id}.{}", attribute?), depth))
                }
                "Fn::Sub" => {
                    let substitution = Substitution::new(argument)?;
                    let mut made = Symbol::default();
                    for part in substitution.parts() {
                        made = match part {
                            Part::Text(text) => made.then(partition(text)),
                            Part::Kept(name) => made.then(Symbol::hole(name, Shape::Any)),
                            Part::Name(name) => made.then(match substitution.value(name) {
                                Some(value) => self.value(value, depth),
                                None => self.reads(name, depth),
                            }),
                        };
                    }
                    Some(made)
                }
                "Fn::Join" => {
                    let (delimiter, parts) = join(argument)?;
                    let mut made = Symbol::default();
                    for (position, part) in parts.iter().enumerate() {
                        made = if position > 0 { made.with(delimiter) } else { made };
                        made = made.then(self.value(part, depth));
                    }
                    // The pieces of an ARN stand apart here.
                    Some(match made.prefix().strip_prefix("arn:aws-") {
                        Some(_) => Symbol::hole(json.to_string(), Shape::Any),
                        None => made,
                    })
                }
                _ => None,
            }
        };
        known().unwrap_or_else(|| Symbol::hole(json.to_string(), Shape::Any))
    }

    fn reads(self, name: &str, depth: usize) -> Symbol {
        let (id, attribute) = name.split_once('.').map_or((name, None), |(id, attribute)| (id, Some(attribute)));
        match id {
            "AWS::Partition" => return Symbol::text("aws"),
            "AWS::URLSuffix" => return Symbol::text("amazonaws.com"),
            "AWS::AccountId" | "AWS::Region" | "AWS::StackName" => return Symbol::hole(id, Shape::Word),
            _ => {}
        }
        let resources = self.template.as_json().get("Resources");
        if resources.and_then(|resources| resources.get(id)).is_none() {
            return Symbol::hole(name, Shape::Any);
        }
        let known = self.form(id).and_then(|form| {
            let text = match attribute {
                None => form.reference,
                Some(attribute) => form.attributes.iter().find(|(known, _)| *known == attribute)?.1,
            };
            Some(self.filled(form, text, id, depth))
        });
        known.unwrap_or_else(|| Symbol::hole(name, Shape::Value))
    }

    /// The text of a form with its parts filled in.
    fn filled(self, form: &Form, text: &str, id: &str, depth: usize) -> Symbol {
        let mut parts = text.split('{');
        let mut made = Symbol::text(parts.next().unwrap_or_default());
        for part in parts {
            let (name, after) = part.split_once('}').unwrap_or((part, ""));
            let filled = match name {
                "name" => self.name_of(form, id, depth),
                "arn" => self.filled(form, form.arn, id, depth),
                "path" => match &self.properties(id)["Path"] {
                    Json::Null => Symbol::text("/"),
                    path => self.value(path, depth),
                },
                "bus" => match &self.properties(id)["EventBusName"] {
                    Json::Null => Symbol::default(),
                    bus if bus == "default" => Symbol::default(),
                    bus => match self.value(bus, depth) {
                        bus if bus.prefix().starts_with("arn:") => Symbol::hole(format!("{id}.bus"), Shape::Any),
                        bus => bus.with("/"),
                    },
                },
                "function" => self.function_arn(&self.value(&self.properties(id)["FunctionName"], depth)),
                "id" => Symbol::hole(format!("{id}.id"), Shape::Word),
                place => pseudo(place),
            };
            made = made.then(filled).with(after);
        }
        made
    }

    fn name_of(self, form: &Form, id: &str, depth: usize) -> Symbol {
        let own = |what: &str| Symbol::hole(format!("{id}{what}"), Shape::Word);
        if form.name.is_empty() {
            return Symbol::hole(id, Shape::Id);
        }
        let name = &self.properties(id)[form.name];
        match (name, depth.checked_sub(1)) {
            (Json::Null, _) if form.kind == "AWS::S3::Bucket" => {
                let id = id.to_ascii_lowercase();
                Symbol::hole("AWS::StackName in lower case", Shape::Word).with(format!("-{id}-")).then(own(".suffix"))
            }
            (Json::Null, _) => pseudo("AWS::StackName").with(format!("-{id}-")).then(own(".suffix")),
            (_, None) => own(""),
            (name, Some(depth)) => {
                let made = self.value(name, depth);
                let bare = made.literal().and_then(|text| text.strip_prefix('/'));
                match (form.kind, bare) {
                    ("AWS::SSM::Parameter", Some(bare)) => Symbol::text(bare),
                    _ => made,
                }
            }
        }
    }

    /// The ARN of the function that a name, an ARN, or a part of one names.
    pub fn function_arn(self, function: &Symbol) -> Symbol {
        let parts = function.literal().map(|text| text.split(':').collect::<Vec<_>>());
        match parts.as_deref() {
            Some([account, "function", name, rest @ ..]) => {
                let name = [&[*name], rest].concat().join(":");
                aws("arn:aws:lambda:{region}:").with(format!("{account}:function:{name}"))
            }
            _ if function.prefix().starts_with("arn:") || function.begins_openly() => function.clone(),
            _ => aws("arn:aws:lambda:{here}:function:").then(function.clone()),
        }
    }
}

/// An ARN with `{here}`, `{region}` and `{account}` filled in.
pub(super) fn aws(arn: &str) -> Symbol {
    let mut parts = arn.split('{');
    let mut made = Symbol::text(parts.next().unwrap_or_default());
    for part in parts {
        let (name, after) = part.split_once('}').unwrap_or((part, ""));
        made = made.then(pseudo(name)).with(after);
    }
    made
}

/// A pseudo parameter, or what a form writes for some.
fn pseudo(name: &str) -> Symbol {
    match name {
        "here" => pseudo("region").with(":").then(pseudo("account")),
        "region" => pseudo("AWS::Region"),
        "account" => pseudo("AWS::AccountId"),
        name => Symbol::hole(name, Shape::Word),
    }
}

/// A text with the partition `aws`, in which a variable of IAM such as `${aws:username}` may be anything.
fn partition(text: &str) -> Symbol {
    let other = ["arn:aws-cn:", "arn:aws-us-gov:", "arn:*:"].into_iter().find_map(|start| text.strip_prefix(start));
    let (mut made, mut rest) = match other {
        Some(rest) => (Symbol::text("arn:aws:"), rest),
        None => (Symbol::default(), text),
    };
    while let Some((before, (name, after))) =
        rest.split_once("${").and_then(|(before, after)| Some((before, after.split_once('}')?)))
    {
        made = made.with(before).then(Symbol::hole(name, Shape::Any));
        rest = after;
    }
    made.with(rest)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn one_thing_has_one_symbol_however_it_is_written() {
        let template = Template::new(json!({
            "Parameters": {"P": {"Type": "String"}},
            "Resources": {
                "Q": {"Type": "AWS::SQS::Queue"},
                "T": {"Type": "AWS::DynamoDB::Table", "Properties": {"TableName": {"Fn::Sub": "${AWS::StackName}-t"}}},
                "B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "reports"}},
                "F": {"Type": "AWS::Lambda::Function"},
                "A": {"Type": "AWS::Lambda::Alias", "Properties": {"FunctionName": {"Ref": "F"}, "Name": "live"}},
                "R": {"Type": "AWS::IAM::Role", "Properties": {"Path": "/run/"}},
                "X": {"Type": "Some::Other::Thing"},
            },
        }));
        let names = Names::new(&template);
        let here = "${AWS::Region}:${AWS::AccountId}";
        for (written, symbol) in [
            (json!({"Fn::GetAtt": ["Q", "Arn"]}), format!("arn:aws:sqs:{here}:${{AWS::StackName}}-Q-${{Q.suffix}}")),
            (
                json!({"Fn::Sub": "${T.Arn}/index/*"}),
                format!("arn:aws:dynamodb:{here}:table/${{AWS::StackName}}-t/index/*"),
            ),
            (
                json!({"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":s3:::", {"Ref": "B"}, "/*"]]}),
                "arn:aws:s3:::reports/*".to_owned(),
            ),
            (json!({"Fn::Sub": ["${V}/x", {"V": {"Fn::GetAtt": "B.Arn"}}]}), "arn:aws:s3:::reports/x".to_owned()),
            (json!({"Ref": "A"}), format!("arn:aws:lambda:{here}:function:${{AWS::StackName}}-F-${{F.suffix}}:live")),
            (
                json!({"Fn::GetAtt": ["R", "Arn"]}),
                "arn:aws:iam::${AWS::AccountId}:role/run/${AWS::StackName}-R-${R.suffix}".to_owned(),
            ),
            (json!({"Ref": "P"}), "${P}".to_owned()),
            (json!({"Fn::GetAtt": ["X", "Thing"]}), "${X.Thing}".to_owned()),
            (json!({"Fn::ImportValue": "x"}), "${{\"Fn::ImportValue\":\"x\"}}".to_owned()),
            (json!("arn:aws-cn:s3:::a/${aws:username}/b"), "arn:aws:s3:::a/${aws:username}/b".to_owned()),
            (json!(5), "5".to_owned()),
        ] {
            assert_eq!(names.symbol(&written).to_string(), symbol, "{written}");
        }
        assert_eq!(names.named(&json!({"Fn::Sub": "${R.Arn}"}), "AWS::IAM::Role"), Some("R"));
        assert_eq!(names.named(&json!({"Ref": "P"}), "AWS::IAM::Role"), None);
    }

    #[test]
    fn names_that_are_made_of_each_other_end() {
        let name = |other: &str| json!({"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Ref": other}}});
        let template = Template::new(json!({"Resources": {"A": name("B"), "B": name("A")}}));
        assert!(!Names::new(&template).read("A").to_string().is_empty());
    }

    #[test]
    fn a_function_is_named_in_four_ways() {
        let template = Template::new(json!({}));
        let names = Names::new(&template);
        let arn = "arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:f";
        assert_eq!(names.function_arn(&Symbol::text("f")).to_string(), arn);
        assert_eq!(names.function_arn(&Symbol::text("f:live")).to_string(), format!("{arn}:live"));
        assert_eq!(
            names.function_arn(&Symbol::text("123456789012:function:f")).to_string(),
            "arn:aws:lambda:${AWS::Region}:123456789012:function:f"
        );
        assert_eq!(names.function_arn(&Symbol::text("arn:x")).to_string(), "arn:x");
    }
}
