//! The references of a template: who names whom, and how.

use super::{
    Template,
    intrinsic::{Loop, Place, Substitution, attribute, call, for_each},
};
use crate::json::{Json, LONGEST_POINTER, escape};

/// A place in a template that names something else of it, or an export of another stack.
#[derive(Debug, PartialEq)]
pub(crate) struct Reference<'a> {
    /// The section and the entry of it that refers: `("Resources", "Queue")`.
    pub from: (&'static str, &'a str),
    /// The path of the call or the attribute.
    pub path: String,
    pub kind: ReferenceKind,
    /// The name of what is referred to. For an export that a `Fn::Sub` names, its text.
    pub to: &'a str,
    /// The attribute that is read of the resource; none where nothing is read, or a function says what.
    pub attribute: Option<&'a str>,
}

/// The kind of a reference: how something is named.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum ReferenceKind {
    Ref,
    GetAtt,
    /// `${Name}` or `${Name.Attribute}` in a `Fn::Sub`.
    Sub,
    /// The attribute `DependsOn` of a resource.
    DependsOn,
    /// The attribute `Condition` of a resource or an output.
    Condition,
    /// The function `Condition`, which takes a condition into another one.
    ConditionFunction,
    If,
    FindInMap,
    ImportValue,
    /// `Fn::ValueOf`: an attribute of a parameter's value, in a rule.
    ValueOf,
}

/// Every reference, in the order in which the template has them. Names that a `Fn::ForEach` makes up are none.
pub(crate) fn references(template: &Template) -> Vec<Reference<'_>> {
    let mut found = Vec::new();
    each(template, &mut |node| match node {
        Node::Call(call) => of_call(call, &mut found),
        Node::Name { kind, to, at } => {
            if !at.is_made_up(to) {
                found.push(Reference { from: at.from, path: at.path(), kind, to, attribute: None });
            }
        }
    });
    found
}

/// A call of an intrinsic function somewhere in a template.
pub(crate) struct Call<'a, 'w> {
    /// `Ref`, `Condition` or `Fn::…`.
    pub function: &'a str,
    pub argument: &'a Json,
    at: &'w Walk<'a>,
}

impl Call<'_, '_> {
    /// The path of the place where it stands.
    pub fn path(&self) -> String {
        self.at.path()
    }
}

/// Visits every call of an intrinsic, in the order in which the template has them.
pub(crate) fn each_call<'a>(template: &'a Template, visit: &mut dyn FnMut(&Call<'a, '_>)) {
    each(template, &mut |node| {
        if let Node::Call(call) = node {
            visit(call);
        }
    });
}

fn of_call<'a>(call: &Call<'a, '_>, found: &mut Vec<Reference<'a>>) {
    let Call { function, argument, at } = *call;
    let mut add = |kind: ReferenceKind, to: &'a str, attribute: Option<&'a str>| {
        if !at.is_made_up(to) {
            found.push(Reference { from: at.from, path: at.path(), kind, to, attribute });
        }
    };
    let first = || argument.as_array().and_then(|parts| parts.first()).and_then(Json::as_str);
    match function {
        "Ref" => argument.as_str().into_iter().for_each(|name| add(ReferenceKind::Ref, name, None)),
        "Condition" => argument.as_str().into_iter().for_each(|name| add(ReferenceKind::ConditionFunction, name, None)),
        "Fn::GetAtt" => {
            if let Some((id, attribute)) = attribute(argument) {
                add(ReferenceKind::GetAtt, id, attribute.filter(|attribute| !at.is_made_up(attribute)));
            }
        }
        "Fn::Sub" => {
            for name in Substitution::new(argument).into_iter().flat_map(Substitution::names) {
                match name.split_once('.') {
                    Some((id, attribute)) => add(ReferenceKind::Sub, id, Some(attribute)),
                    None => add(ReferenceKind::Sub, name, None),
                }
            }
        }
        "Fn::If" => first().into_iter().for_each(|name| add(ReferenceKind::If, name, None)),
        "Fn::FindInMap" => first().into_iter().for_each(|name| add(ReferenceKind::FindInMap, name, None)),
        "Fn::ValueOf" => first().into_iter().for_each(|name| add(ReferenceKind::ValueOf, name, None)),
        "Fn::ImportValue" => {
            let text = argument.as_str().or_else(|| match argument["Fn::Sub"] {
                Json::Array(ref parts) => parts.first()?.as_str(),
                ref text => text.as_str(),
            });
            text.into_iter().for_each(|name| add(ReferenceKind::ImportValue, name, None));
        }
        _ => {}
    }
}

/// A node that a walk meets.
enum Node<'a, 'w> {
    Call(&'w Call<'a, 'w>),
    /// An attribute of an entry whose text is the name of another.
    Name {
        kind: ReferenceKind,
        to: &'a str,
        at: &'w Walk<'a>,
    },
}

/// The place where a walk is.
struct Walk<'a> {
    from: (&'static str, &'a str),
    steps: Vec<Step<'a>>,
    /// The identifiers of the loops around.
    loops: Vec<&'a str>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Key(&'a str),
    Position(usize),
}

type Visit<'a, 'v> = &'v mut dyn FnMut(Node<'a, '_>);

/// Visits every call and every name in the sections that may hold some.
fn each<'a>(template: &'a Template, visit: Visit<'a, '_>) {
    for (section, entries) in template.as_json().as_object().into_iter().flatten() {
        let Some(section) =
            ["Conditions", "Resources", "Outputs", "Rules"].into_iter().find(|name| *name == section.as_str())
        else {
            continue;
        };
        let mut walk = Walk { from: (section, ""), steps: vec![Step::Key(section)], loops: Vec::new() };
        walk.entries(entries, visit);
    }
}

impl<'a> Walk<'a> {
    /// The path; of what is around where it were too long.
    fn path(&self) -> String {
        let mut path = String::new();
        for step in &self.steps {
            let part = match step {
                Step::Key(key) if key.len() > LONGEST_POINTER => break,
                Step::Key(key) => escape(key),
                Step::Position(position) => position.to_string().into(),
            };
            if path.len() + part.len() >= LONGEST_POINTER {
                break;
            }
            if !path.is_empty() {
                path.push('/');
            }
            path.push_str(&part);
        }
        path
    }

    /// Tells whether a name is that of a loop's variable, or has one in it.
    fn is_made_up(&self, name: &str) -> bool {
        !self.loops.is_empty() && (self.loops.contains(&name) || name.contains("${") || name.contains("&{"))
    }

    fn step(&mut self, step: Step<'a>, inside: impl FnOnce(&mut Self)) {
        self.steps.push(step);
        inside(self);
        self.steps.pop();
    }

    fn in_loop(
        &mut self,
        key: &'a str,
        each: &Loop<'a>,
        visit: Visit<'a, '_>,
        body: impl FnOnce(&mut Self, &'a Json, Visit<'a, '_>),
    ) {
        self.step(Step::Key(key), |walk| {
            walk.step(Step::Position(1), |walk| walk.value(each.collection, Place::Other, visit));
            walk.loops.push(each.identifier);
            walk.step(Step::Position(2), |walk| body(walk, each.body, visit));
            walk.loops.pop();
        });
    }

    /// The entries of a section, or those that a loop repeats.
    fn entries(&mut self, entries: &'a Json, visit: Visit<'a, '_>) {
        for (id, entry) in entries.as_object().into_iter().flatten() {
            self.from.1 = id;
            match for_each(id, entry) {
                Some(each) => self.in_loop(id, &each, visit, Self::entries),
                None => self.step(Step::Key(id), |walk| walk.entry(entry, visit)),
            }
        }
    }

    fn entry(&mut self, entry: &'a Json, visit: Visit<'a, '_>) {
        if self.from.0 == "Conditions" {
            return self.value(entry, Place::Operand, visit);
        }
        for (attribute, value) in entry.as_object().into_iter().flatten() {
            let kind = match (self.from.0, attribute.as_str()) {
                ("Resources", "Type") => continue,
                ("Resources", "DependsOn") => ReferenceKind::DependsOn,
                ("Resources" | "Outputs", "Condition") => ReferenceKind::Condition,
                _ => {
                    self.step(Step::Key(attribute), |walk| walk.value(value, Place::Other.below(attribute), visit));
                    continue;
                }
            };
            self.step(Step::Key(attribute), |walk| {
                for to in value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice) {
                    match to.as_str() {
                        Some(to) => visit(Node::Name { kind, to, at: walk }),
                        None => walk.value(to, Place::Other, visit),
                    }
                }
            });
        }
    }

    fn value(&mut self, json: &'a Json, place: Place, visit: Visit<'a, '_>) {
        match json {
            Json::Array(items) => {
                for (position, item) in items.iter().enumerate() {
                    self.step(Step::Position(position), |walk| walk.value(item, place, visit));
                }
            }
            Json::Object(members) => {
                if let Some((function, argument)) = call(json, place) {
                    visit(Node::Call(&Call { function, argument, at: self }));
                }
                for (key, member) in members {
                    match for_each(key, member) {
                        Some(each) => self.in_loop(key, &each, visit, |walk, body, visit| {
                            walk.value(body, place, visit);
                        }),
                        None => self.step(Step::Key(key), |walk| walk.value(member, place.below(key), visit)),
                    }
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Each reference on a line: from, path, kind, to, attribute.
    fn lines(template: Json) -> Vec<String> {
        let template = Template::new(template);
        let line = |reference: &Reference<'_>| {
            let Reference { from, path, kind, to, attribute } = reference;
            let attribute = attribute.map(|attribute| format!(".{attribute}")).unwrap_or_default();
            assert!(path.starts_with(from.0), "{path}");
            format!("{} at {path}: {kind:?} {to}{attribute}", from.1)
        };
        references(&template).iter().map(line).collect()
    }

    #[test]
    fn every_kind_of_reference_is_found_in_the_order_of_the_template() {
        let found = lines(json!({
            "Parameters": {"P": {"Default": {"Ref": "not read"}}},
            "Rules": {"R": {
                "RuleCondition": {"Fn::Not": [{"Condition": "Live"}]},
                "Assertions": [{"Assert": {"Fn::Contains": [["a"], {"Fn::ValueOf": ["Vpc", "Tags.Stage"]}]}}],
            }},
            "Conditions": {"Both": {"Fn::And": [{"Condition": "Live"}, {"Fn::Equals": [{"Ref": "Stage"}, "x"]}]}},
            "Resources": {"Queue": {
                "Type": "AWS::SQS::Queue",
                "Condition": "Both",
                "DependsOn": ["A", "B"],
                "DeletionPolicy": {"Fn::If": ["Live", "Retain", "Delete"]},
                "Metadata": {"AWS::CloudFormation::Init": {"a": {"Ref": "InMetadata"}}},
                "CreationPolicy": {"ResourceSignal": {"Count": {"Ref": "Count"}}},
                "UpdatePolicy": {"AutoScalingRollingUpdate": {"MinInstancesInService": {"Fn::FindInMap": ["Sizes", "a", {"Ref": "Size"}]}}},
                "Properties": {
                    "a/b": [{"Fn::GetAtt": ["Topic", "TopicName"]}, {"Fn::GetAtt": "Stack.Outputs.Name"}],
                    "Sub": {"Fn::Sub": ["${Own}${!Kept}${Topic}${Role.Arn}", {"Own": {"Ref": "Inner"}}]},
                    "Attribute": {"Fn::GetAtt": ["Topic", {"Fn::Sub": "${Which}"}]},
                    "Imports": [{"Fn::ImportValue": "net"}, {"Fn::ImportValue": {"Fn::Sub": "${Net}-vpc"}}],
                    "Statement": {"Condition": "no reference"},
                },
            }},
            "Outputs": {"O": {"Condition": "Live", "Value": {"Ref": "Queue"}, "Export": {"Name": {"Ref": "Name"}}}},
        }));
        assert_eq!(
            found,
            [
                "R at Rules/R/RuleCondition/Fn::Not/0: ConditionFunction Live",
                "R at Rules/R/Assertions/0/Assert/Fn::Contains/1: ValueOf Vpc",
                "Both at Conditions/Both/Fn::And/0: ConditionFunction Live",
                "Both at Conditions/Both/Fn::And/1/Fn::Equals/0: Ref Stage",
                "Queue at Resources/Queue/Condition: Condition Both",
                "Queue at Resources/Queue/DependsOn: DependsOn A",
                "Queue at Resources/Queue/DependsOn: DependsOn B",
                "Queue at Resources/Queue/DeletionPolicy: If Live",
                "Queue at Resources/Queue/Metadata/AWS::CloudFormation::Init/a: Ref InMetadata",
                "Queue at Resources/Queue/CreationPolicy/ResourceSignal/Count: Ref Count",
                "Queue at Resources/Queue/UpdatePolicy/AutoScalingRollingUpdate/MinInstancesInService: FindInMap Sizes",
                "Queue at Resources/Queue/UpdatePolicy/AutoScalingRollingUpdate/MinInstancesInService/Fn::FindInMap/2: Ref Size",
                "Queue at Resources/Queue/Properties/a~1b/0: GetAtt Topic.TopicName",
                "Queue at Resources/Queue/Properties/a~1b/1: GetAtt Stack.Outputs.Name",
                "Queue at Resources/Queue/Properties/Sub: Sub Topic",
                "Queue at Resources/Queue/Properties/Sub: Sub Role.Arn",
                "Queue at Resources/Queue/Properties/Sub/Fn::Sub/1/Own: Ref Inner",
                "Queue at Resources/Queue/Properties/Attribute: GetAtt Topic",
                "Queue at Resources/Queue/Properties/Attribute/Fn::GetAtt/1: Sub Which",
                "Queue at Resources/Queue/Properties/Imports/0: ImportValue net",
                "Queue at Resources/Queue/Properties/Imports/1: ImportValue ${Net}-vpc",
                "Queue at Resources/Queue/Properties/Imports/1/Fn::ImportValue: Sub Net",
                "O at Outputs/O/Condition: Condition Live",
                "O at Outputs/O/Value: Ref Queue",
                "O at Outputs/O/Export/Name: Ref Name",
            ]
        );
    }

    #[test]
    fn what_a_loop_makes_up_is_no_reference() {
        let found = lines(json!({"Resources": {
            "Fn::ForEach::Topics": ["Name", {"Ref": "Names"}, {"Topic${Name}": {
                "Type": "AWS::SNS::Topic",
                "DependsOn": "Queue${Name}",
                "Properties": {
                    "TopicName": {"Ref": "Name"},
                    "DisplayName": {"Fn::Sub": "${Name} of ${AWS::StackName}"},
                    "Fn::ForEach::More": ["Key", ["A"], {"${Key}": [{"Fn::GetAtt": ["Q${Name}", "Arn"]}, {"Ref": "Other"}]}],
                },
            }}],
            "Plain": {"Type": "X::Y::Z", "Properties": {"P": {"Ref": "Name"}}},
        }}));
        assert_eq!(
            found,
            [
                "Fn::ForEach::Topics at Resources/Fn::ForEach::Topics/1: Ref Names",
                "Topic${Name} at Resources/Fn::ForEach::Topics/2/Topic${Name}/Properties/DisplayName: Sub AWS::StackName",
                "Topic${Name} at Resources/Fn::ForEach::Topics/2/Topic${Name}/Properties/Fn::ForEach::More/2/${Key}/1: Ref Other",
                "Plain at Resources/Plain/Properties/P: Ref Name",
            ]
        );
    }
}
