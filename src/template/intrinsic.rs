//! The syntax of intrinsic functions: which object is a call, and what its argument says.

use std::collections::HashSet;

use serde_json::Map as Object;

use crate::{diagnostic::Budget, json::Json};

/// Functions whose tag is `!Name` and whose long form is `Fn::Name`.
pub(super) const FUNCTIONS: [&str; 25] = [
    "And",
    "Base64",
    "Cidr",
    "Contains",
    "EachMemberEquals",
    "EachMemberIn",
    "Equals",
    "FindInMap",
    "GetAZs",
    "GetAtt",
    "GetStackOutput",
    "If",
    "ImportValue",
    "Join",
    "Length",
    "Not",
    "Or",
    "RefAll",
    "Select",
    "Split",
    "Sub",
    "ToJsonString",
    "Transform",
    "ValueOf",
    "ValueOfAll",
];

/// The pseudo parameters, which `Ref` and `Fn::Sub` name without a declaration.
const PSEUDO_PARAMETERS: [&str; 8] = [
    "AWS::AccountId",
    "AWS::NoValue",
    "AWS::NotificationARNs",
    "AWS::Partition",
    "AWS::Region",
    "AWS::StackId",
    "AWS::StackName",
    "AWS::URLSuffix",
];

/// A transform that adds functions, and no names of its own.
pub(crate) const LANGUAGE_EXTENSIONS: &str = "AWS::LanguageExtensions";

/// A macro that is called in a place: what it puts there cannot be known here.
pub(crate) const TRANSFORM: &str = "Fn::Transform";

/// The beginning of the key of a loop; its name follows.
pub(super) const LOOP: &str = "Fn::ForEach::";

/// The place of a node in the template, as far as that decides what `{"Condition": "Name"}` means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Place {
    /// The template itself.
    Root,
    /// The `Conditions` section.
    Conditions,
    /// A condition, or what it is made of: here it is the function.
    Operand,
    /// Anywhere else it is a key like any other: an element of an IAM statement, say.
    Other,
}

impl Place {
    /// The place of a member of an object; that of an element of a list is the list's.
    pub fn below(self, key: &str) -> Self {
        match (self, key) {
            (Place::Root, "Conditions") => Place::Conditions,
            (Place::Conditions | Place::Operand, _) | (_, "Fn::And" | "Fn::Or" | "Fn::Not") => Place::Operand,
            _ => Place::Other,
        }
    }
}

/// Tells whether a key is the long name of a function.
pub(crate) fn is_function(key: &str) -> bool {
    key == "Ref" || (key.starts_with("Fn::") && !key.starts_with(LOOP))
}

/// Function and argument, where an object is a call: its only key is a function.
pub(crate) fn call(json: &Json, place: Place) -> Option<(&str, &Json)> {
    let object = json.as_object().filter(|object| object.len() == 1)?;
    let (function, argument) = object.iter().next()?;
    let is_call = is_function(function) || (function == "Condition" && place == Place::Operand);
    is_call.then_some((function.as_str(), argument))
}

pub(crate) fn is_pseudo_parameter(name: &str) -> bool {
    PSEUDO_PARAMETERS.contains(&name)
}

/// The target of a `Fn::GetAtt`, in either form: the logical id, and the attribute where that is a literal.
pub(crate) fn attribute(argument: &Json) -> Option<(&str, Option<&str>)> {
    match argument {
        // Only the first point separates: an attribute may hold more, as in `Database.Endpoint.Address`.
        Json::String(dotted) => Some(match dotted.split_once('.') {
            Some((id, attribute)) => (id, Some(attribute)),
            None => (dotted, None),
        }),
        Json::Array(parts) => match parts.as_slice() {
            [Json::String(id), Json::String(attribute)] => Some((id, Some(attribute))),
            [Json::String(id), ..] => Some((id, None)),
            _ => None,
        },
        _ => None,
    }
}

/// Delimiter and parts of a `Fn::Join`, where both stand in the template.
pub(crate) fn join(argument: &Json) -> Option<(&str, &[Json])> {
    match argument.as_array()?.as_slice() {
        [Json::String(delimiter), Json::Array(parts)] => Some((delimiter, parts)),
        _ => None,
    }
}

/// The argument of `Fn::Sub`, in either form.
#[derive(Clone, Copy)]
pub(crate) struct Substitution<'a> {
    text: &'a str,
    /// Values of its own variables.
    values: Option<&'a Object<String, Json>>,
}

/// A part of a `Fn::Sub` text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Part<'a> {
    Text(&'a str),
    /// The `X` of `${!X}`, which becomes `${X}`.
    Kept(&'a str),
    /// The name in `${…}`.
    Name(&'a str),
}

impl<'a> Substitution<'a> {
    pub fn new(argument: &'a Json) -> Option<Self> {
        match argument {
            Json::String(text) => Some(Self { text, values: None }),
            Json::Array(parts) => match parts.as_slice() {
                [Json::String(text), values] => Some(Self { text, values: values.as_object() }),
                _ => None,
            },
            _ => None,
        }
    }

    /// The value of one of its own variables.
    pub fn value(self, name: &str) -> Option<&'a Json> {
        self.values?.get(name)
    }

    /// The parts of the text, none of them empty.
    pub fn parts(self) -> impl Iterator<Item = Part<'a>> {
        let mut rest = self.text;
        std::iter::from_fn(move || {
            if let Some(inner) = rest.strip_prefix("${")
                && let Some((name, after)) = inner.split_once('}')
                && !name.contains("${")
            {
                rest = after;
                return Some(name.strip_prefix('!').map_or(Part::Name(name), Part::Kept));
            }
            // What begins like a variable and is none is text.
            let start = rest.chars().next()?.len_utf8();
            let end = rest[start..].find("${").map_or(rest.len(), |at| start + at);
            let (text, after) = rest.split_at(end);
            rest = after;
            Some(Part::Text(text))
        })
    }

    /// The names of the template that the text reads.
    pub fn names(self) -> impl Iterator<Item = &'a str> {
        self.parts().filter_map(move |part| match part {
            Part::Name(name) if self.value(name).is_none() => Some(name),
            _ => None,
        })
    }
}

/// The argument of a `Fn::ForEach`: what `${identifier}` stands for, and what is repeated for each of it.
pub(crate) struct Loop<'a> {
    pub identifier: &'a str,
    pub collection: &'a Json,
    pub body: &'a Json,
}

/// The loop that a member of an object is.
pub(crate) fn for_each<'a>(key: &str, argument: &'a Json) -> Option<Loop<'a>> {
    let parts = argument.as_array().filter(|_| key.starts_with(LOOP))?;
    match parts.as_slice() {
        [Json::String(identifier), collection, body] => Some(Loop { identifier, collection, body }),
        _ => None,
    }
}

/// What a section declares, now and once its loops and macros have been expanded.
pub(crate) struct Declared<'a> {
    names: HashSet<&'a str>,
    /// The names that loops make up.
    patterns: Vec<&'a str>,
    /// The modules, which bring resources whose names begin with their own.
    modules: Vec<&'a str>,
    /// Whether a macro may add any name.
    is_open: bool,
    /// Patterns and modules that are compared.
    looks: Budget,
}

/// Patterns and modules that are compared for all names: more than any template within CloudFormation's limits needs.
/// Who has more may declare what is asked for then.
const MOST_LOOKS: usize = 1_000_000;

impl<'a> Declared<'a> {
    pub fn new(section: &'a Json) -> Self {
        let (names, patterns, modules) = (HashSet::new(), Vec::new(), Vec::new());
        let mut declared = Self { names, patterns, modules, is_open: false, looks: Budget::new(MOST_LOOKS) };
        declared.add(section);
        declared
    }

    fn add(&mut self, section: &'a Json) {
        for (key, entry) in section.as_object().into_iter().flatten() {
            self.names.insert(key);
            match for_each(key, entry) {
                Some(each) => {
                    self.patterns
                        .extend(each.body.as_object().into_iter().flatten().map(|(pattern, _)| pattern.as_str()));
                    self.add(each.body);
                }
                None if key == TRANSFORM => self.is_open = true,
                None if entry["Type"].as_str().is_some_and(|kind| kind.ends_with("::MODULE")) => self.modules.push(key),
                None => {}
            }
        }
    }

    /// Whether the section may have an entry of that name.
    pub fn may_have(&self, name: &str) -> bool {
        self.is_open
            || self.names.contains(name)
            || !self.looks.spend(self.patterns.len() + self.modules.len())
            || self.patterns.iter().any(|pattern| may_become(pattern, name))
            || self.modules.iter().any(|module| name.starts_with(module))
    }
}

/// Tells whether a key such as `Topic${Name}` or `Topic&{Name}` may become that name.
fn may_become(pattern: &str, name: &str) -> bool {
    let mut rest = pattern;
    let mut at = 0;
    let mut open = false;
    loop {
        let variable = rest.find("${").into_iter().chain(rest.find("&{")).min();
        let (literal, after) = match variable.and_then(|start| Some((start, rest[start..].find('}')?))) {
            Some((start, length)) => (&rest[..start], Some(&rest[start + length + 1..])),
            None => (rest, None),
        };
        let found = match (open, after) {
            (true, None) => name[at..].ends_with(literal).then(|| name.len() - literal.len()),
            (true, Some(_)) => name[at..].find(literal).map(|offset| at + offset),
            (false, _) => name[at..].starts_with(literal).then_some(at),
        };
        let Some(start) = found else { return false };
        at = start + literal.len();
        match after {
            Some(after) => (rest, open) = (after, true),
            None => return at == name.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_text_of_a_substitution_is_taken_apart() {
        let parts = |text: &str| -> Vec<String> {
            let text = json!(text);
            Substitution::new(&text).unwrap().parts().map(|part| format!("{part:?}")).collect()
        };
        assert_eq!(
            parts("arn:${AWS::Partition}:${!Kept}${Topic.TopicName}"),
            [
                r#"Text("arn:")"#,
                r#"Name("AWS::Partition")"#,
                r#"Text(":")"#,
                r#"Kept("Kept")"#,
                r#"Name("Topic.TopicName")"#
            ]
        );
        assert_eq!(
            parts("é$ ${open ${A} $"),
            [r#"Text("é$ ")"#, r#"Text("${open ")"#, r#"Name("A")"#, r#"Text(" $")"#]
        );
        assert_eq!(parts(""), [""; 0]);
    }

    #[test]
    fn own_variables_of_a_substitution_are_no_names_of_the_template() {
        let list = json!(["${Own} ${Topic}", {"Own": "x"}]);
        assert_eq!(Substitution::new(&list).unwrap().names().collect::<Vec<_>>(), ["Topic"]);
    }

    #[test]
    fn an_attribute_is_read_in_both_forms() {
        assert_eq!(attribute(&json!("Database.Endpoint.Port")), Some(("Database", Some("Endpoint.Port"))));
        assert_eq!(attribute(&json!(["Database", "Endpoint.Port"])), Some(("Database", Some("Endpoint.Port"))));
        assert_eq!(attribute(&json!(["Database", {"Fn::Sub": "Endpoint.${Part}"}])), Some(("Database", None)));
        assert_eq!(attribute(&json!([{"Ref": "Name"}, "Arn"])), None);
    }

    #[test]
    fn a_condition_is_a_function_only_among_conditions() {
        let json = json!({"Condition": "Live"});
        assert_eq!(call(&json, Place::Other), None);
        assert_eq!(
            call(&json, Place::Root.below("Conditions").below("Both").below("Fn::And")),
            Some(("Condition", &json!("Live")))
        );
        assert_eq!(call(&json, Place::Root.below("Rules").below("Fn::Not")), Some(("Condition", &json!("Live"))));
    }

    #[test]
    fn a_loop_a_module_and_a_macro_declare_names() {
        let topic = json!({"Type": "AWS::SNS::Topic"});
        let section = json!({
            "Fn::ForEach::Regions": ["Region", ["a", "b"], {
                "Topic${Region}x": topic,
                "Fn::ForEach::Stages": ["Stage", {"Ref": "Stages"}, {"Q&{Stage}": topic}],
            }],
            "Net": {"Type": "My::Net::Vpc::MODULE"},
        });
        for name in ["Topicax", "Qlive", "NetSubnet", "Net"] {
            assert!(Declared::new(&section).may_have(name), "{name}");
        }
        for name in ["Topica", "opicax", "Other"] {
            assert!(!Declared::new(&section).may_have(name), "{name}");
        }
        assert!(Declared::new(&json!({"Fn::Transform": {"Name": "AWS::Include"}})).may_have("Anything"));
        assert!(may_become("A${x}b${y}c", "A1b2c") && !may_become("A${x}b${y}c", "A1c") && !may_become("Abc", "Abcd"));
    }
}
