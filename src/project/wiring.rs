//! The wiring of a project: which stack takes what of which, and the order in which they are deployed.

mod names;

use std::collections::BTreeSet;

use self::names::text;
use super::rules::{CIRCLE, MISSING_EXPORT, NESTED_OUTPUT, NESTED_PARAMETER};
use crate::{
    diagnostic::{Diagnostic, Path, Source},
    json::Json,
    stack::Stack,
    template::{
        Template,
        reference::{each_call, references},
    },
};

/// The wiring of a project, stack by stack.
pub(crate) struct Wiring {
    stacks: Vec<Wired>,
    /// The order of deployment: a stack stands after all that it takes something of.
    order: Vec<usize>,
}

/// What a stack has to do with the others.
struct Wired {
    name: String,
    /// The stacks that it imports from.
    after: BTreeSet<usize>,
    /// The stacks in whose templates it is a resource.
    within: BTreeSet<usize>,
    /// What is wrong between it and the others.
    faults: Vec<Diagnostic>,
}

/// A value that a stack takes of another.
struct Import {
    path: Path,
    name: String,
    of: usize,
    to: usize,
}

impl Wiring {
    pub fn of(stacks: &[&Stack]) -> Self {
        let templates: Vec<Template> = stacks.iter().map(|stack| stack.template()).collect();
        let exports: Vec<Vec<String>> =
            templates.iter().zip(stacks).map(|(it, stack)| exports(it, stack.name())).collect();
        let mut wired: Vec<Wired> = stacks
            .iter()
            .map(|stack| Wired {
                name: stack.name().to_owned(),
                after: BTreeSet::new(),
                within: BTreeSet::new(),
                faults: Vec::new(),
            })
            .collect();
        let mut imports = Vec::new();
        for (to, (stack, template)) in stacks.iter().zip(&templates).enumerate() {
            each_call(template, &mut |call| {
                if call.function != "Fn::ImportValue" {
                    return;
                }
                let path = Path::from(call.path().as_str());
                let Some(name) = text(call.argument, template, stack.name()) else { return };
                let of = exports.iter().enumerate().filter(|(_, known)| known.contains(&name)).map(|(of, _)| of);
                let of: Vec<usize> = of.collect();
                if of.is_empty() {
                    wired[to].faults.extend(missing(&name, &path, stacks, &exports));
                }
                imports.extend(of.into_iter().map(|of| Import { path: path.clone(), name: name.clone(), of, to }));
            });
            for (child, path, resource) in nested(template, stacks) {
                wired[child].within.insert(to);
                wired[to].faults.extend(parameters(resource, &templates[child], stacks[child].name(), &path));
                wired[to].faults.extend(outputs(template, &path, &templates[child], stacks[child].name()));
            }
        }
        for import in &imports {
            wired[import.to].after.insert(import.of);
        }
        let order = order(&wired);
        let left: Vec<usize> = (0..wired.len()).filter(|at| !order.contains(at)).collect();
        for at in &left {
            wired[*at].faults.extend(circle(*at, &left, &imports, stacks));
        }
        for (stack, wired) in stacks.iter().zip(&mut wired) {
            stack.declared.locate(&mut wired.faults);
        }
        // What is in a circle has no place in the order, and is shown all the same.
        let order = order.into_iter().chain(left).collect();
        Self { stacks: wired, order }
    }

    /// The positions of the stacks in the order of deployment.
    pub fn order(&self) -> &[usize] {
        &self.order
    }

    /// The names of the stacks that one imports from.
    pub fn after(&self, stack: usize) -> impl Iterator<Item = &str> {
        self.stacks[stack].after.iter().map(|at| self.stacks[*at].name.as_str())
    }

    /// The names of the stacks in whose templates one is a resource.
    pub fn within(&self, stack: usize) -> impl Iterator<Item = &str> {
        self.stacks[stack].within.iter().map(|at| self.stacks[*at].name.as_str())
    }

    /// What is wrong between the stack of that name and the others.
    pub fn faults(&self, name: &str) -> &[Diagnostic] {
        self.stacks.iter().find(|stack| stack.name == name).map_or(&[], |stack| &stack.faults)
    }
}

/// The names under which a template exports something, as far as they are certain.
fn exports(template: &Template, stack: &str) -> Vec<String> {
    let names = template.section("Outputs").filter_map(|(_, output)| text(&output["Export"]["Name"], template, stack));
    names.collect()
}

/// The fault of an import by the name of a stack of the project that exports nothing by it.
fn missing(name: &str, path: &Path, stacks: &[&Stack], exports: &[Vec<String>]) -> Option<Diagnostic> {
    let (stack, _) = name.split_once(':')?;
    let at = stacks.iter().position(|it| it.name() == stack)?;
    let message = format!("`{stack}` exports nothing as `{name}`; expected one of its exports");
    Some(MISSING_EXPORT.at(path, message).did_you_mean(name, exports[at].iter().map(String::as_str)))
}

/// The resources of a template whose own template is a stack of the project.
fn nested<'t>(template: &'t Template, stacks: &[&Stack]) -> Vec<(usize, Path, &'t Json)> {
    let resources = template.section("Resources").filter(|(_, it)| it["Type"] == "AWS::CloudFormation::Stack");
    let found = resources.filter_map(|(id, resource)| {
        let url = resource["Properties"]["TemplateURL"].as_str()?;
        let child = stacks.iter().position(|stack| stack.template_file() == url)?;
        Some((child, Path::from("Resources").join(id), resource))
    });
    found.collect()
}

/// The faults of what a nested stack is given: a parameter that it has not, and one that it needs.
fn parameters(resource: &Json, child: &Template, name: &str, path: &Path) -> Vec<Diagnostic> {
    let path = path.join("Properties").join("Parameters");
    let none = serde_json::Map::new();
    let given = match &resource["Properties"]["Parameters"] {
        Json::Null => &none,
        Json::Object(given) if !given.keys().any(|key| key.starts_with("Fn::")) => given,
        _ => return Vec::new(),
    };
    let known: Vec<(&str, &Json)> = child.section("Parameters").collect();
    let unknown = given.keys().filter(|key| known.iter().all(|(id, _)| id != key)).map(|key| {
        let message = format!("the stack `{name}` has no parameter `{key}`; expected one that it has");
        NESTED_PARAMETER.at(path.join(key), message).did_you_mean(key, known.iter().map(|(id, _)| *id))
    });
    let needed = known.iter().filter(|(id, it)| it.get("Default").is_none() && !given.contains_key(*id));
    let needed = needed.map(|(id, _)| {
        let message = format!("the stack `{name}` needs a value for its parameter `{id}`; expected one here");
        NESTED_PARAMETER.at(&path, message)
    });
    unknown.chain(needed).collect()
}

/// The faults of what is read of a nested stack.
fn outputs(template: &Template, of: &Path, child: &Template, name: &str) -> Vec<Diagnostic> {
    let known: Vec<&str> = child.section("Outputs").map(|(id, _)| id).collect();
    let read = references(template).into_iter().filter(|it| Path::from("Resources").join(it.to) == *of);
    let faults = read.filter_map(|reference| {
        let output = reference.attribute?.strip_prefix("Outputs.")?;
        let message = format!("the stack `{name}` has no output `{output}`; expected one that it has");
        let fault = NESTED_OUTPUT.at(reference.path.as_str(), message).did_you_mean(output, known.iter().copied());
        (!known.contains(&output)).then_some(fault)
    });
    faults.collect()
}

/// The order of deployment, as near to the given one as can be; what is in a circle is left out.
fn order(stacks: &[Wired]) -> Vec<usize> {
    let mut order: Vec<usize> = Vec::new();
    // Each round takes the first stack that waits for none.
    while let Some(next) = (0..stacks.len()).find(|at| {
        let earlier = stacks[*at].after.iter().filter(|of| *of != at);
        !order.contains(at) && earlier.clone().all(|of| order.contains(of)) && !stacks[*at].after.contains(at)
    }) {
        order.push(next);
    }
    order
}

/// The fault of a stack that waits for itself: the circle that it is in, with the lines.
fn circle(start: usize, left: &[usize], imports: &[Import], stacks: &[&Stack]) -> Option<Diagnostic> {
    let mut ways: Vec<Vec<&Import>> = vec![Vec::new()];
    let mut seen = BTreeSet::new();
    // The shortest way back comes first.
    let mut next = 0;
    while next < ways.len() {
        let way = ways[next].clone();
        next += 1;
        let at = way.last().map_or(start, |import| import.of);
        for import in imports.iter().filter(|import| import.to == at && left.contains(&import.of)) {
            let longer: Vec<&Import> = way.iter().copied().chain([import]).collect();
            if import.of == start {
                return Some(circle_of(&longer, stacks));
            }
            if seen.insert(import.of) {
                ways.push(longer);
            }
        }
    }
    None
}

fn circle_of(way: &[&Import], stacks: &[&Stack]) -> Diagnostic {
    let steps = way.iter().map(|import| {
        let (to, of) = (stacks[import.to], stacks[import.of]);
        let line = to.declared.nearest(&import.path).map(Source::to_string);
        let line = line.map(|line| format!(" ({line})")).unwrap_or_default();
        format!("`{}` imports `{}` of `{}`{line}", to.name(), import.name, of.name())
    });
    let steps: Vec<String> = steps.collect();
    let message = format!("{}; expected stacks that can be deployed one after the other", steps.join(", "));
    CIRCLE.at(way.first().map(|import| import.path.clone()).unwrap_or_default(), message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        aws::{cloudformation::Stack as NestedStack, sns::Topic},
        intrinsic::{import_value, sub},
        stack::Parameter,
        value::{Entries, Value},
    };

    fn named(name: &str) -> Stack {
        let mut stack = Stack::new(name);
        stack.add("Mails", Topic::new());
        stack
    }

    fn order_of(stacks: &[&Stack]) -> Vec<String> {
        let wiring = Wiring::of(stacks);
        wiring.order().iter().map(|at| stacks[*at].name().to_owned()).collect()
    }

    /// The codes, places and messages of what is wrong with a stack.
    fn faults(stacks: &[&Stack], name: &str) -> Vec<(String, String, String)> {
        let wiring = Wiring::of(stacks);
        let faults = wiring.faults(name).iter();
        faults.map(|it| (it.code.to_owned(), it.path.to_string(), it.message.clone())).collect()
    }

    #[test]
    fn a_stack_stands_after_those_that_it_imports_from() {
        let (mut a, mut b, mut c) = (named("a"), named("b"), named("c"));
        let topic = a.add("Letters", Topic::new());
        let of_a = a.export(&topic.topic_name());
        b.output("A", &of_a);
        let of_b = b.export_as("Of", &of_a);
        c.output("A", of_a);
        c.output("B", of_b);
        assert_eq!(order_of(&[&c, &b, &a]), ["a", "b", "c"]);
        let wiring = Wiring::of(&[&c, &b, &a]);
        assert_eq!(wiring.after(0).collect::<Vec<_>>(), ["b", "a"]);
        assert!((0..3).all(|at| wiring.stacks[at].faults.is_empty()));
        // Those that have nothing to do with each other stay as they were given.
        assert_eq!(order_of(&[&named("z"), &named("y")]), ["z", "y"]);
    }

    #[test]
    fn a_name_that_is_put_together_is_found_as_far_as_it_is_certain() {
        let (mut mail, mut shop) = (named("mail"), named("shop"));
        mail.output("Topic", "x").export(sub("${AWS::StackName}-topic"));
        let from = shop.parameter("From", Parameter::string().default("mail"));
        shop.output("Topic", import_value::<String>(sub("${From}-topic")));
        shop.output("From", from.reference());
        shop.output("Unknown", import_value::<String>(sub("${AWS::Region}-topic")));
        assert_eq!(order_of(&[&shop, &mail]), ["mail", "shop"]);
        assert!(faults(&[&shop, &mail], "shop").is_empty());
    }

    #[test]
    fn an_export_that_is_gone_is_missed() {
        let (mut mail, mut shop) = (named("mail"), named("shop"));
        mail.export_as("Address", &sub("${AWS::Region}"));
        shop.output("Topic", import_value::<String>("mail:Adress"));
        // Whose names say nothing of a stack of the project are those of others.
        shop.output("Other", import_value::<String>("other:Topic"));
        let wiring = Wiring::of(&[&mail, &shop]);
        let [fault] = wiring.faults("shop") else { panic!("one fault: {:?}", wiring.faults("shop")) };
        assert_eq!((fault.code, &*fault.path), ("F1031", "Outputs/Topic/Value"));
        assert_eq!(fault.message, "`mail` exports nothing as `mail:Adress`; expected one of its exports");
        assert_eq!(fault.help.as_deref(), Some("did you mean `mail:Address`?"));
        assert!(fault.declared_at.is_some());
    }

    #[test]
    fn a_circle_is_told_with_both_lines() {
        let (mut a, mut b) = (named("a"), named("b"));
        a.export_as("X", &sub("${AWS::Region}"));
        let line = line!();
        a.output("Y", import_value::<String>("b:Y"));
        b.export_as("Y", &sub("${AWS::Region}"));
        b.output("X", import_value::<String>("a:X"));
        let of_a = format!("`a` imports `b:Y` of `b` (src/project/wiring.rs:{})", line + 1);
        let of_b = format!("`b` imports `a:X` of `a` (src/project/wiring.rs:{})", line + 3);
        let expected = "expected stacks that can be deployed one after the other";
        let found = faults(&[&a, &b], "a");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].2, format!("{of_a}, {of_b}; {expected}"));
        assert_eq!(faults(&[&a, &b], "b")[0].2, format!("{of_b}, {of_a}; {expected}"));
        // One that imports from itself can never be deployed.
        let mut own = named("own");
        own.export_as("X", &sub("${AWS::Region}"));
        own.output("Y", import_value::<String>("own:X"));
        assert_eq!(faults(&[&own, &a], "own")[0].0, "F1032");
    }

    #[test]
    fn a_stack_that_waits_for_a_circle_is_not_in_it() {
        let (mut a, mut b, mut c) = (named("a"), named("b"), named("c"));
        a.export_as("X", &sub("${AWS::Region}"));
        a.output("Y", import_value::<String>("b:Y"));
        b.export_as("Y", &sub("${AWS::Region}"));
        b.output("X", import_value::<String>("a:X"));
        c.output("X", import_value::<String>("a:X"));
        assert_eq!(order_of(&[&c, &a, &b]), ["c", "a", "b"]);
        assert!(faults(&[&c, &a, &b], "c").is_empty());
    }

    #[test]
    fn a_nested_stack_gets_its_parameters_and_gives_its_outputs() {
        let mut mail = named("mail");
        let address = mail.parameter("Address", Parameter::string());
        mail.output("To", address.reference());
        let mut shop = named("shop");
        let right = shop.add("Right", NestedStack::of(&mail).parameters(Entries::new().entry("Address", "ada@x.org")));
        shop.output("To", right.output("To"));
        let stacks = [&mail, &shop];
        let wiring = Wiring::of(&stacks);
        assert!(wiring.faults("shop").is_empty(), "{:?}", wiring.faults("shop"));
        assert_eq!(wiring.within(0).collect::<Vec<_>>(), ["shop"]);

        let wrong = shop.add("Wrong", NestedStack::of(&mail).parameters(Entries::new().entry("Adress", "ada@x.org")));
        let topic: Value<String> = wrong.output("Too");
        shop.output("Topic", topic);
        let told: Vec<String> =
            faults(&[&mail, &shop], "shop").into_iter().map(|(code, at, _)| code + " " + &at).collect();
        assert_eq!(
            told,
            [
                "F1033 Resources/Wrong/Properties/Parameters/Adress",
                "F1033 Resources/Wrong/Properties/Parameters",
                "F1034 Outputs/Topic/Value"
            ]
        );
    }
}
