//! E3004: resources that wait for each other, so that none can be made first.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    check::subject::{Check, Subject},
    diagnostic::{Diagnostic, Severity},
    rule::Rule,
    template::reference::ReferenceKind,
};

static CIRCULAR_DEPENDENCY: Rule = Rule {
    code: "E3004",
    severity: Severity::Error,
    title: "resources that depend on each other in a circle",
    why: "\
Each of the resources refers to the next, by `Ref`, `Fn::GetAtt`, `Fn::Sub` or `DependsOn`, and the
last one to the first. CloudFormation makes a resource after those that it refers to, so that none
of these can be the first: it refuses the template (\"Circular dependency between resources\").",
    fails: "\
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Letters.Arn, maxReceiveCount: 5}
  Letters:
    Type: AWS::SQS::Queue
    DependsOn: Orders",
    passes: "\
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Letters.Arn, maxReceiveCount: 5}
  Letters:
    Type: AWS::SQS::Queue",
    docs: Some(
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html#troubleshooting-errors-dependence-error",
    ),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&CIRCULAR_DEPENDENCY], run: check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let mut waiting = Waiting::new(subject);
    let ready = waiting.needs.iter().filter(|(_, on)| on.is_empty()).map(|(id, _)| *id).collect();
    waiting.remove(ready);
    let mut way = Way::default();
    while let Some(circle) = waiting.circle(&mut way) {
        let way = [&circle[..], &circle[..1]].concat().join(" → ");
        let message = format!("resources depend on each other in a circle ({way}); expected one to be first");
        found.push(
            CIRCULAR_DEPENDENCY.at(format!("Resources/{}", circle[0]), message).help(
                "let one of them not refer to the next: a policy, rule or association can be a resource of its own",
            ),
        );
        waiting.remove(circle);
    }
}

/// The resources that wait for others; the order of names makes what is found the same each time.
struct Waiting<'a> {
    /// The resources, each with those that it refers to or depends on.
    needs: BTreeMap<&'a str, BTreeSet<&'a str>>,
    /// The resources, each with those that need it.
    needed: BTreeMap<&'a str, Vec<&'a str>>,
}

impl<'a> Waiting<'a> {
    fn new(subject: &Subject<'a>) -> Self {
        let resources = subject.template.section("Resources");
        let mut needs: BTreeMap<&str, BTreeSet<&str>> = resources.map(|(id, _)| (id, BTreeSet::new())).collect();
        let mut needed: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for reference in &subject.references {
            let (section, from) = reference.from;
            let waits = matches!(
                reference.kind,
                ReferenceKind::Ref | ReferenceKind::GetAtt | ReferenceKind::Sub | ReferenceKind::DependsOn
            );
            // What stands in `Metadata` is resolved when it is read, and waits for nothing.
            let told = reference.path.split('/').nth(2) == Some("Metadata");
            // What SAM makes of its own types may hand a reference to another resource.
            let kind = subject.template.as_json()["Resources"][from]["Type"].as_str();
            let is_sam = kind.is_some_and(|kind| kind.starts_with("AWS::Serverless::"));
            if waits
                && !told
                && !is_sam
                && section == "Resources"
                && needs.contains_key(reference.to)
                && needs.get_mut(from).is_some_and(|on| on.insert(reference.to))
            {
                needed.entry(reference.to).or_default().push(from);
            }
        }
        Self { needs, needed }
    }

    /// Takes resources away, and those that then wait for nothing that is left: what stays waits in a circle, or for
    /// one.
    fn remove(&mut self, mut ready: Vec<&'a str>) {
        while let Some(id) = ready.pop() {
            self.needs.remove(id);
            for by in self.needed.remove(id).into_iter().flatten() {
                if let Some(on) = self.needs.get_mut(by)
                    && on.remove(id)
                    && on.is_empty()
                {
                    ready.push(by);
                }
            }
        }
    }

    /// Follows the first need of each from the first resource on until one comes again: a circle, since everybody left
    /// needs somebody. What is left of the way to the circle before is where the next one is looked for.
    fn circle(&self, way: &mut Way<'a>) -> Option<Vec<&'a str>> {
        // Who is gone needs nobody that is left, and so neither is who comes after on the way.
        while way.steps.last().is_some_and(|last| !self.needs.contains_key(last)) {
            way.cut(way.steps.len() - 1);
        }
        loop {
            let next = match way.steps.last() {
                Some(last) => self.needs[last].first()?,
                None => self.needs.keys().next()?,
            };
            if let Some(start) = way.places.get(next) {
                return Some(way.cut(*start));
            }
            way.places.insert(next, way.steps.len());
            way.steps.push(next);
        }
    }
}

/// A way from need to need.
#[derive(Default)]
struct Way<'a> {
    steps: Vec<&'a str>,
    /// Where each of them is.
    places: BTreeMap<&'a str, usize>,
}

impl<'a> Way<'a> {
    /// Takes away the steps from there on.
    fn cut(&mut self, start: usize) -> Vec<&'a str> {
        let rest = self.steps.split_off(start);
        for step in &rest {
            self.places.remove(step);
        }
        rest
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{check::assert_finds, json::Json, template::Template};

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
        check(&Subject::new(&Template::new(own)), &mut found);
        assert_eq!(found.len(), 1);
        assert!(found[0].message.contains("(A → A)"), "{}", found[0].message);
    }

    #[test]
    fn metadata_that_names_its_own_resource_is_no_circle() {
        let template = json!({"Resources": {
            "A": {"Type": "X::Y::Z", "Metadata": {"Arn": {"Fn::GetAtt": ["A", "Arn"]}, "Name": {"Ref": "B"}}},
            "B": {"Type": "X::Y::Z", "Properties": {"P": {"Ref": "A"}}},
        }});
        assert_finds(check, template, &[]);
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
