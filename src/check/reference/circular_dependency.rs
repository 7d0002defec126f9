//! E3004: resources that wait for each other, so that none can be made first.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    diagnostic::Diagnostic,
    json::Json,
    template::{
        Template,
        reference::{each_call, variables},
    },
};

pub(in crate::check) fn check(template: &Template, found: &mut Vec<Diagnostic>) {
    let mut needs = dependencies(template);
    loop {
        // What waits for nothing that is left can be made; what stays in the end waits in a circle, or for one.
        while let Some(ready) = needs.iter().find(|(_, on)| on.is_empty()).map(|(id, _)| id.clone()) {
            remove(&mut needs, &ready);
        }
        let Some(first) = needs.keys().next().cloned() else { return };
        let circle = circle(&needs, first);
        let mut way = circle.clone();
        way.extend(circle.first().cloned());
        let message =
            format!("resources depend on each other in a circle ({}); expected one to be first", way.join(" → "));
        found.push(
            Diagnostic::error("E3004", format!("Resources/{}", circle[0]), message)
                .help("let one of them not refer to the next: a policy, rule or association can be a resource of its own")
                .docs("https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html#troubleshooting-errors-dependence-error"),
        );
        for id in &circle {
            remove(&mut needs, id);
        }
    }
}

/// Each resource with the other resources that it refers to or depends on; the order of names makes it deterministic.
fn dependencies(template: &Template) -> BTreeMap<String, BTreeSet<String>> {
    let resources = &template.as_json()["Resources"];
    let mut needs: BTreeMap<String, BTreeSet<String>> =
        template.section("Resources").map(|(id, _)| (id.to_owned(), BTreeSet::new())).collect();
    let mut add = |id: &str, on: &str| {
        if resources.get(on).is_some()
            && let Some(needs) = needs.get_mut(id)
        {
            needs.insert(on.to_owned());
        }
    };
    for (id, resource) in template.section("Resources") {
        let on = &resource["DependsOn"];
        for name in on.as_array().map_or(std::slice::from_ref(on), Vec::as_slice) {
            add(id, name.as_str().unwrap_or_default());
        }
    }
    each_call(template, &mut |call| {
        let Some(id) = call.path.strip_prefix("Resources/").and_then(|rest| rest.split('/').next()) else { return };
        let resource = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
        match (call.function, call.argument) {
            ("Ref", Json::String(name)) => add(id, name),
            ("Fn::GetAtt", Json::String(dotted)) => add(id, &resource(dotted)),
            ("Fn::GetAtt", Json::Array(parts)) => add(id, parts.first().and_then(Json::as_str).unwrap_or_default()),
            ("Fn::Sub", Json::String(text)) => variables(text).for_each(|name| add(id, &resource(name))),
            ("Fn::Sub", Json::Array(parts)) => {
                if let [Json::String(text), own] = parts.as_slice() {
                    let names = variables(text).filter(|name| own.get(*name).is_none());
                    names.for_each(|name| add(id, &resource(name)));
                }
            }
            _ => {}
        }
    });
    needs
}

fn remove(needs: &mut BTreeMap<String, BTreeSet<String>>, id: &str) {
    needs.remove(id);
    for on in needs.values_mut() {
        on.remove(id);
    }
}

/// Follows the first need of each from `id` on until one comes again: a circle, since everybody left needs somebody.
fn circle(needs: &BTreeMap<String, BTreeSet<String>>, id: String) -> Vec<String> {
    let mut way = vec![id];
    loop {
        let next = way.last().and_then(|id| needs[id].first()).expect("only resources that need another are left");
        if let Some(start) = way.iter().position(|id| id == next) {
            return way.split_off(start);
        }
        way.push(next.clone());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::check::assert_finds;

    fn resource(properties: Json) -> Json {
        json!({"Type": "X::Y::Z", "Properties": properties})
    }

    #[test]
    fn a_circle_is_reported_once_with_its_way() {
        let template = json!({"Resources": {
            "Function": resource(json!({"Role": {"Fn::GetAtt": ["Role", "Arn"]}})),
            "Role": resource(json!({"Policy": {"Fn::Sub": "${Function.Arn}:*"}})),
            "Alarm": resource(json!({"Function": {"Ref": "Function"}})),
        }});
        assert_finds(
            check,
            template,
            &[
                "error[E3004]: resources depend on each other in a circle (Function → Role → Function); expected one to be first\n  \
               at   Resources/Function\n  \
               help let one of them not refer to the next: a policy, rule or association can be a resource of its own\n  \
               docs https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html#troubleshooting-errors-dependence-error",
            ],
        );
    }

    #[test]
    fn a_resource_that_waits_for_itself_is_a_circle_too() {
        let mut found = Vec::new();
        let own = json!({"Resources": {"A": {"Type": "X::Y::Z", "DependsOn": "A"}}});
        check(&Template::new(own), &mut found);
        assert_eq!(found.len(), 1);
        assert!(found[0].message.contains("(A → A)"), "{}", found[0].message);
    }

    #[test]
    fn what_can_be_made_in_some_order_is_sound() {
        let template = json!({"Parameters": {"B": {"Type": "String"}}, "Resources": {
            "A": {"Type": "X::Y::Z", "DependsOn": ["C"], "Properties": {"P": {"Fn::Sub": ["${A}${B}", {"A": {"Ref": "C"}}]}}},
            "C": resource(json!({"P": {"Ref": "AWS::Region"}, "Q": {"Ref": "B"}})),
        }});
        assert_finds(check, template, &[]);
    }
}
