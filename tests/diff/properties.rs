//! What holds for any two templates: the diff of one with itself is empty, that of two is mirrored by that of the two
//! the other way around, and makes one of the other.

use formwork::{
    diff::{Change, diff},
    json,
    template::Template,
};
use proptest::{collection::vec, prelude::*, sample::Index};
use serde_json::{Map, Value as Json};

use crate::{
    cases::{cases, damaged},
    pairs,
};

const TYPES: [&str; 9] = [
    "AWS::SQS::Queue",
    "AWS::SNS::Topic",
    "AWS::DynamoDB::Table",
    "AWS::IAM::Role",
    "AWS::EC2::SecurityGroup",
    "AWS::StepFunctions::StateMachine",
    "AWS::ApiGateway::Deployment",
    "Custom::Thing",
    "My::Own::Thing",
];

const NAMES: [&str; 14] = [
    "Name",
    "QueueName",
    "DelaySeconds",
    "FifoQueue",
    "Tags",
    "KeySchema",
    "Definition",
    "DefinitionString",
    "States",
    "PolicyDocument",
    "Statement",
    "Effect",
    "SecurityGroupIngress",
    "a/b~c",
];

fn scalar() -> impl Strategy<Value = Json> {
    prop_oneof![
        Just(json!("a")),
        Just(json!("30")),
        Just(json!(30)),
        Just(json!(30.5)),
        Just(json!(true)),
        Just(json!("True")),
        Just(json!("")),
        Just(json!("{\"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"a:B\"}]}")),
        Just(json!({"Ref": "A"})),
        Just(json!({"Ref": "AWS::NoValue"})),
        Just(json!({"Fn::GetAtt": ["B", "Arn"]})),
        Just(json!({"Fn::GetAtt": "B.Arn"})),
        Just(json!({"Fn::Sub": "x-${A}-${B.Arn}"})),
        Just(json!({"Fn::FindInMap": ["M", "a", "b"]})),
    ]
}

fn value() -> impl Strategy<Value = Json> {
    scalar().prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Json::Array),
            vec((0..NAMES.len(), inner.clone()), 0..4).prop_map(object),
            (inner.clone(), inner.clone()).prop_map(|(one, other)| json!({"Fn::If": ["Live", one, other]})),
            vec(inner.clone(), 0..4).prop_map(|parts| json!({"Fn::Join": ["-", parts]})),
            (0..3_u8, vec(inner.clone(), 0..4)).prop_map(|(at, items)| json!({"Fn::Select": [at, items]})),
            inner.prop_map(|text| json!({"Fn::Base64": text})),
        ]
    })
}

fn object(members: Vec<(usize, Json)>) -> Json {
    Json::Object(members.into_iter().map(|(name, value)| (NAMES[name].to_owned(), value)).collect())
}

fn resource() -> impl Strategy<Value = Json> {
    let attributes = prop_oneof![
        3 => Just(json!({})),
        1 => Just(json!({"DeletionPolicy": "Retain"})),
        1 => Just(json!({"DependsOn": ["B", "A"], "Metadata": {"a": 1}})),
        1 => Just(json!({"DependsOn": "A", "Condition": "Live"})),
    ];
    (0..TYPES.len(), vec((0..NAMES.len(), value()), 0..5), attributes).prop_map(|(kind, properties, attributes)| {
        let mut resource = json!({"Type": TYPES[kind]});
        let members = resource.as_object_mut().expect("it is an object");
        members.extend(attributes.as_object().cloned().expect("they are an object"));
        if !properties.is_empty() {
            members.insert("Properties".to_owned(), object(properties));
        }
        resource
    })
}

fn template() -> impl Strategy<Value = Json> {
    let resources = vec((0..4_usize, resource()), 0..4);
    (resources, vec((0..3_usize, scalar()), 0..3), 0..3_u8).prop_map(|(resources, entries, mapped)| {
        let named = |names: [&str; 4], values: Vec<(usize, Json)>| -> Map<String, Json> {
            values.into_iter().map(|(at, value)| (names[at].to_owned(), value)).collect()
        };
        let outputs = entries.iter().map(|(at, value)| (*at, json!({"Value": value}))).collect();
        json!({
            "Parameters": named(["P", "Q", "R", "S"], entries),
            "Mappings": {"M": {"a": {"b": mapped}}},
            "Conditions": {"Live": {"Fn::Equals": [mapped, 1]}},
            "Resources": named(["A", "B", "C", "D"], resources),
            "Outputs": named(["O", "U", "T", "X"], outputs),
        })
    })
}

fn read(json: &Json) -> Template {
    Template::parse(&json.to_string()).expect("it is a template")
}

/// The template that a diff makes of another, by what stands in its JSON alone.
fn applied(template: &Template, diff: &Json) -> Template {
    let mut json = template.as_json().clone();
    for change in list(&diff["resources"]) {
        let (id, kind) = (text(&change["id"]), text(&change["change"]));
        let resources = member(&mut json, "Resources");
        match kind {
            "added" => set(resources, id, change.get("after")),
            "removed" => set(resources, id, None),
            _ if change.get("after").is_some() => set(resources, id, change.get("after")),
            _ => {
                let resource = member(resources, id);
                for property in list(&change["properties"]) {
                    write(resource, &format!("Properties/{}", text(&property["path"])), property.get("after"));
                }
                for attribute in change.get("attributes").map(list).unwrap_or_default() {
                    write(resource, text(&attribute["path"]), attribute.get("after"));
                }
            }
        }
    }
    let sections =
        [("parameters", "Parameters"), ("mappings", "Mappings"), ("conditions", "Conditions"), ("outputs", "Outputs")];
    for (field, section) in sections {
        for entry in list(&diff[field]) {
            set(member(&mut json, section), text(&entry["name"]), entry.get("after"));
        }
    }
    for entry in list(&diff["others"]) {
        set(&mut json, text(&entry["name"]), entry.get("after"));
    }
    read(&json)
}

fn list(json: &Json) -> &[Json] {
    json.as_array().expect("it is a list")
}

fn text(json: &Json) -> &str {
    json.as_str().expect("it is a text")
}

fn member<'a>(json: &'a mut Json, name: &str) -> &'a mut Json {
    let members = json.as_object_mut().expect("it is an object");
    members.entry(name).or_insert_with(|| json!({}))
}

fn set(json: &mut Json, name: &str, value: Option<&Json>) {
    match (json, value) {
        (Json::Array(items), Some(value)) => items[name.parse::<usize>().expect("it is a place")] = value.clone(),
        (Json::Object(members), Some(value)) => drop(members.insert(name.to_owned(), value.clone())),
        (Json::Object(members), None) => drop(members.shift_remove(name)),
        (json, value) => panic!("{name} of {json} cannot be {value:?}"),
    }
}

fn write(json: &mut Json, path: &str, value: Option<&Json>) {
    let steps: Vec<String> =
        path.trim_end_matches('/').split('/').map(|step| step.replace("~1", "/").replace("~0", "~")).collect();
    let (last, outer) = steps.split_last().expect("a path has steps");
    let mut here = json;
    for step in outer {
        here = match here {
            Json::Array(items) => &mut items[step.parse::<usize>().expect("it is a place")],
            here => member(here, step),
        };
    }
    set(here, last, value);
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn a_template_does_not_differ_from_itself(template in template()) {
        let template = read(&template);
        let found = diff(&template, &template);
        prop_assert!(found.is_empty(), "{found:?}");
        prop_assert!(found.losses.is_empty() && found.security.is_empty() && found.machines.is_empty());
    }

    #[test]
    fn a_diff_makes_one_template_of_the_other(old in template(), new in template()) {
        let (old, new) = (read(&old), read(&new));
        let found = serde_json::to_value(diff(&old, &new)).unwrap();
        let rest = diff(&applied(&old, &found), &new);
        prop_assert!(rest.is_empty(), "{found:#}\nleaves {rest:#?}");
    }

    #[test]
    fn a_diff_is_mirrored_by_that_the_other_way_around(old in template(), new in template()) {
        let (old, new) = (read(&old), read(&new));
        let mut sides = [diff(&old, &new), diff(&new, &old)].map(|diff| {
            let own = diff.resources.into_iter().filter(|change| change.change != Change::Affected);
            own.map(|mut change| {
                // What reads a replaced resource is no difference of its own.
                change.properties.retain(|property| property.before != property.after);
                change
            }).collect::<Vec<_>>()
        });
        for side in &mut sides {
            side.sort_by(|one, other| one.id.cmp(&other.id));
        }
        let [there, back] = sides;
        prop_assert_eq!(there.len(), back.len());
        for (there, back) in there.iter().zip(&back) {
            prop_assert_eq!(&there.id, &back.id);
            prop_assert_eq!(there.change == Change::Added, back.change == Change::Removed);
            prop_assert_eq!(&there.before, &back.after);
            let values = |change: &formwork::diff::ResourceChange, turned: bool| {
                let all = change.properties.iter().chain(&change.attributes);
                let mut values: Vec<_> = all.map(|one| {
                    let sides = (one.before.clone(), one.after.clone());
                    (one.path.clone(), if turned { (sides.1, sides.0) } else { sides })
                }).collect();
                values.sort_by(|one, other| one.0.cmp(&other.0));
                values
            };
            prop_assert_eq!(values(there, false), values(back, true));
        }
    }

    #[test]
    fn whatever_is_a_template_can_be_compared(
        pair in any::<Index>(), at in any::<Index>(), turned in any::<bool>(),
        insert in prop_oneof![Just("[]"), Just("null"), Just("{\"Ref\":1}"), Just("\"\""), Just("}"), Just(": [")],
    ) {
        let pair = pair.get(pairs::all());
        let text = damaged(&pair.new.to_yaml(), at, insert);
        if let Ok(damaged) = Template::parse(&text) {
            let _ = if turned { diff(&damaged, &pair.old) } else { diff(&pair.old, &damaged) };
        }
    }
}
