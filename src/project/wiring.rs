//! The wiring of a project: which stack takes what of which, and the order in which they are deployed.

use std::collections::BTreeSet;

use super::{
    exchange::{Reading, Site, exports, imports, readings},
    rules::{APART, CIRCLE, EXPORTED_TWICE, MISSING_EXPORT, NESTED_OUTPUT, NESTED_PARAMETER, NO_NAME, WITHIN},
};
use crate::{
    diagnostic::{Diagnostic, Path, Source},
    json::Json,
    stack::Stack,
    template::{Template, reference::references},
};

/// The wiring of a project, stack by stack.
pub(crate) struct Wiring {
    stacks: Vec<Wired>,
    /// The stacks in which each is nested, in whatever depth.
    above: Vec<BTreeSet<usize>>,
    /// The order of deployment: a stack stands after all that it takes something of.
    order: Vec<usize>,
}

/// What a stack has to do with the others.
#[derive(Default)]
struct Wired {
    name: String,
    /// The stacks that it is deployed after.
    after: BTreeSet<usize>,
    /// The stacks in whose templates it is a resource, each as often as it is one.
    within: Vec<usize>,
    /// What is wrong between it and the others.
    faults: Vec<Diagnostic>,
}

/// A value that a stack takes of another.
struct Import {
    path: Path,
    name: String,
    of: usize,
    to: usize,
    /// The stacks of which one is deployed after the other for it: these two, or those in which they are nested.
    steps: Vec<(usize, usize)>,
}

/// A stack with its template, and where it is deployed.
struct Member<'a> {
    stack: &'a Stack,
    site: Site<'a>,
    template: Template,
    exports: Vec<(String, String)>,
}

impl Wiring {
    pub fn of(stacks: &[(&Stack, Site<'_>)]) -> Self {
        let members = stacks.iter().map(|&(stack, site)| {
            let template = stack.template();
            let exports = exports(&template, site);
            Member { stack, site, template, exports }
        });
        let members: Vec<Member<'_>> = members.collect();
        let mut wired: Vec<Wired> =
            stacks.iter().map(|(stack, _)| Wired { name: stack.name().to_owned(), ..Wired::default() }).collect();
        for (outer, member) in members.iter().enumerate() {
            for (inner, path, resource) in nested(&member.template, &members) {
                let (child, name) = (&members[inner].template, members[inner].stack.name());
                wired[inner].within.push(outer);
                wired[outer].faults.extend(parameters(resource, child, name, &path));
                wired[outer].faults.extend(outputs(&member.template, &path, child, name));
            }
        }
        let above: Vec<BTreeSet<usize>> = (0..wired.len()).map(|at| above(at, &wired)).collect();
        let tops: Vec<Vec<usize>> = above.iter().enumerate().map(|(at, above)| tops(at, above, &wired)).collect();
        for at in 0..members.len() {
            if wired[at].within.is_empty() {
                wired[at].faults.extend(no_name(members[at].site));
            }
            wired[at].faults.extend(nested_in_itself(at, &above, &members));
            let twice = exported_twice(at, &wired[at].within, &members);
            wired[at].faults.extend(twice);
        }
        let mut found = Vec::new();
        for (to, member) in members.iter().enumerate() {
            for (path, name) in imports(&member.template, member.site) {
                let (near, far) = exporters(&name, member.site, &members);
                if near.is_empty() {
                    wired[to].faults.extend(match far {
                        Some(far) => Some(apart(&name, &path, member, &members[far])),
                        None => missing(&name, &path, &members),
                    });
                }
                for of in near {
                    if above[of].contains(&to) || above[to].contains(&of) {
                        wired[to].faults.push(within(&name, &path, &members[of], above[of].contains(&to)));
                        continue;
                    }
                    let steps = steps(to, of, &tops);
                    found.push(Import { path: path.clone(), name: name.clone(), of, to, steps });
                }
            }
        }
        for (to, member) in members.iter().enumerate() {
            for reading in readings(&member.template, member.site) {
                let Some(of) = read_from(&reading, member.site, &members) else { continue };
                wired[to].faults.extend(no_output(&reading, &members[of]));
                let (is_of_inner, is_of_outer) = (above[of].contains(&to), above[to].contains(&of));
                if is_of_inner || is_of_outer {
                    wired[to].faults.push(within(&reading.output, &reading.path, &members[of], is_of_inner));
                    continue;
                }
                found.push(Import { path: reading.path, name: reading.output, of, to, steps: steps(to, of, &tops) });
            }
        }
        for import in &found {
            for (later, earlier) in &import.steps {
                wired[*later].after.insert(*earlier);
                wired[import.to].after.insert(*earlier);
            }
        }
        let order = order(&wired);
        let left: Vec<usize> = (0..wired.len()).filter(|at| !order.contains(at)).collect();
        for at in &left {
            if let Some((to, fault)) = circle(*at, &left, &found, &members) {
                wired[to].faults.push(fault);
            }
        }
        for (member, wired) in members.iter().zip(&mut wired) {
            member.stack.declared.locate(&mut wired.faults);
        }
        // What is in a circle has no place in the order, and is shown all the same.
        let order = order.into_iter().chain(left).collect();
        Self { stacks: wired, above, order }
    }

    /// The positions of the stacks in the order of deployment.
    pub fn order(&self) -> &[usize] {
        &self.order
    }

    /// The names of the stacks that one is deployed after.
    pub fn after(&self, stack: usize) -> impl Iterator<Item = &str> {
        self.stacks[stack].after.iter().map(|at| self.stacks[*at].name.as_str())
    }

    /// The names of the stacks in whose templates one is a resource.
    pub fn within(&self, stack: usize) -> impl Iterator<Item = &str> {
        let within: BTreeSet<usize> = self.stacks[stack].within.iter().copied().collect();
        within.into_iter().map(|at| self.stacks[at].name.as_str())
    }

    /// The positions of the stacks that are nested in the one of that name, in whatever depth.
    pub fn below(&self, name: &str) -> Vec<usize> {
        let is_it = |at: &usize| self.stacks[*at].name == name;
        (0..self.stacks.len()).filter(|at| !is_it(at) && self.above[*at].iter().any(is_it)).collect()
    }

    /// What is wrong between the stack of that name and the others.
    pub fn faults(&self, name: &str) -> &[Diagnostic] {
        self.stacks.iter().find(|stack| stack.name == name).map_or(&[], |stack| &stack.faults)
    }
}

/// The stacks in which one is nested, in whatever depth.
fn above(stack: usize, wired: &[Wired]) -> BTreeSet<usize> {
    let (mut found, mut waiting) = (BTreeSet::new(), wired[stack].within.clone());
    while let Some(at) = waiting.pop() {
        if found.insert(at) {
            waiting.extend(&wired[at].within);
        }
    }
    found
}

/// The stacks that are deployed for one: those in which it is nested and that are not nested themselves, or itself.
fn tops(stack: usize, above: &BTreeSet<usize>, wired: &[Wired]) -> Vec<usize> {
    let tops: Vec<usize> = above.iter().copied().filter(|at| wired[*at].within.is_empty()).collect();
    if tops.is_empty() { vec![stack] } else { tops }
}

/// Which stack is deployed after which for an import.
fn steps(to: usize, of: usize, tops: &[Vec<usize>]) -> Vec<(usize, usize)> {
    let pairs = tops[to].iter().flat_map(|later| tops[of].iter().map(move |earlier| (*later, *earlier)));
    // What is nested in one stack is deployed with it, one after the other.
    pairs.map(|(later, earlier)| if later == earlier { (to, of) } else { (later, earlier) }).collect()
}

/// The stacks that export something by that name: those of which an import in that place can be, and one of which it
/// cannot.
fn exporters(name: &str, site: Site<'_>, members: &[Member<'_>]) -> (Vec<usize>, Option<usize>) {
    let exporting = |at: &usize| members[*at].exports.iter().any(|(_, known)| known == name);
    let (far, near): (Vec<usize>, Vec<usize>) =
        (0..members.len()).filter(exporting).partition(|at| members[*at].site.is_apart_from(site));
    (near, far.first().copied())
}

/// The fault of a name that no stack can have.
fn no_name(site: Site<'_>) -> Option<Diagnostic> {
    let name = site.stack;
    let message =
        format!("`{name}` is no name of a stack; expected a letter, then letters, digits and `-`, at most 128 of them");
    (!site.has_name()).then(|| NO_NAME.at(Path::default(), message))
}

/// The fault of an import by the name of a stack of the project that exports nothing by it.
fn missing(name: &str, path: &Path, members: &[Member<'_>]) -> Option<Diagnostic> {
    let (stack, _) = name.split_once(':')?;
    let member = members.iter().find(|it| it.stack.name() == stack)?;
    let message = format!("`{stack}` exports nothing as `{name}`; expected one of its exports");
    Some(MISSING_EXPORT.at(path, message).did_you_mean(name, member.exports.iter().map(|(_, name)| name.as_str())))
}

/// The stack of the project that a template reads an output of.
fn read_from(reading: &Reading, site: Site<'_>, members: &[Member<'_>]) -> Option<usize> {
    let region = reading.region.as_deref().or(site.region);
    let is_it = |member: &Member<'_>| {
        let differs = region.zip(member.site.region).is_some_and(|(one, other)| one != other);
        member.stack.name() == reading.stack && !differs
    };
    members.iter().position(is_it)
}

/// The fault of an output that a stack of the project has not.
fn no_output(reading: &Reading, of: &Member<'_>) -> Option<Diagnostic> {
    let Reading { path, stack, output, .. } = reading;
    let known: Vec<&str> = of.template.section("Outputs").map(|(id, _)| id).collect();
    let message = format!("the stack `{stack}` has no output `{output}`; expected one that it has");
    (!known.contains(&output.as_str())).then(|| NESTED_OUTPUT.at(path, message).did_you_mean(output, known))
}

/// The fault of an import from a stack in another region or account.
fn apart(name: &str, path: &Path, to: &Member<'_>, of: &Member<'_>) -> Diagnostic {
    let message = format!(
        "`{name}` is exported in {}, and `{}` is deployed to {}; expected an export of the same region and account, or \
         `get_stack_output`",
        of.site.words(),
        to.stack.name(),
        to.site.words()
    );
    APART.at(path, message)
}

/// The fault of an import between a stack and one that is nested in it.
fn within(name: &str, path: &Path, of: &Member<'_>, is_of_inner: bool) -> Diagnostic {
    let of = of.stack.name();
    let message = match is_of_inner {
        true => format!("`{name}` is of `{of}`, which is nested in this stack; expected an output: `nested.output(…)`"),
        false => format!(
            "`{name}` is of `{of}`, in which this stack is nested, and which exports it once all of it is there; \
             expected a parameter"
        ),
    };
    WITHIN.at(path, message)
}

/// The fault of a stack that is nested in itself, through others too.
fn nested_in_itself(at: usize, above: &[BTreeSet<usize>], members: &[Member<'_>]) -> Option<Diagnostic> {
    let (_, path, _) = nested(&members[at].template, members)
        .into_iter()
        .find(|(inner, ..)| above[at].contains(&at) && (*inner == at || above[at].contains(inner)))?;
    let message = format!("`{}` is nested in itself; expected stacks that end", members[at].stack.name());
    Some(WITHIN.at(path.join("Properties").join("TemplateURL"), message))
}

/// The faults of exports by a name that an earlier stack has too, or that the stack has again where it is nested again.
fn exported_twice(at: usize, within: &[usize], members: &[Member<'_>]) -> Vec<Diagnostic> {
    let member = &members[at];
    // One that has a condition may be there where the other is not.
    let is_certain = |of: &Member<'_>, id: &str| of.template.as_json()["Outputs"][id].get("Condition").is_none();
    let faults = member.exports.iter().filter(|(id, _)| is_certain(member, id)).filter_map(|(id, name)| {
        let has_it = |of: &Member<'_>| of.exports.iter().any(|(id, other)| other == name && is_certain(of, id));
        let other = members[..at].iter().find(|it| it.site.is_that_of(member.site) && has_it(it));
        let again = match other {
            Some(other) => format!("`{}` exports `{name}` too", other.stack.name()),
            None if within.len() > 1 => {
                format!("the stack is nested {} times, and exports `{name}` each time", within.len())
            }
            None => return None,
        };
        let message = format!("{again}; expected one export of that name in a region");
        Some(EXPORTED_TWICE.at(Path::from("Outputs").join(id).join("Export").join("Name"), message))
    });
    faults.collect()
}

/// The resources of a template whose own template is a stack of the project.
fn nested<'t>(template: &'t Template, members: &[Member<'_>]) -> Vec<(usize, Path, &'t Json)> {
    let resources = template.section("Resources").filter(|(_, it)| it["Type"] == "AWS::CloudFormation::Stack");
    let found = resources.filter_map(|(id, resource)| {
        let url = resource["Properties"]["TemplateURL"].as_str()?;
        let child = members.iter().position(|member| member.stack.template_file() == url)?;
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

/// The fault of a stack that waits for itself, and the stack that it is of: the circle that it is in, with the lines.
fn circle(start: usize, left: &[usize], imports: &[Import], members: &[Member<'_>]) -> Option<(usize, Diagnostic)> {
    let mut ways: Vec<(usize, Vec<&Import>)> = vec![(start, Vec::new())];
    let mut seen = BTreeSet::new();
    // The shortest way back comes first.
    let mut next = 0;
    while next < ways.len() {
        let (at, way) = ways[next].clone();
        next += 1;
        for import in imports {
            let earlier = import.steps.iter().filter(|(later, earlier)| *later == at && left.contains(earlier));
            for (_, earlier) in earlier {
                let longer: Vec<&Import> = way.iter().copied().chain([import]).collect();
                if *earlier == start {
                    return Some(circle_of(&longer, members));
                }
                if seen.insert(*earlier) {
                    ways.push((*earlier, longer));
                }
            }
        }
    }
    None
}

fn circle_of(way: &[&Import], members: &[Member<'_>]) -> (usize, Diagnostic) {
    let steps = way.iter().map(|import| {
        let (to, of) = (members[import.to].stack, members[import.of].stack);
        let line = to.declared.nearest(&import.path).map(Source::to_string);
        let line = line.map(|line| format!(" ({line})")).unwrap_or_default();
        format!("`{}` imports `{}` of `{}`{line}", to.name(), import.name, of.name())
    });
    let steps: Vec<String> = steps.collect();
    let message = format!("{}; expected stacks that can be deployed one after the other", steps.join(", "));
    let (to, path) = way.first().map(|import| (import.to, import.path.clone())).unwrap_or_default();
    (to, CIRCLE.at(path, message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        aws::{cloudformation::Stack as NestedStack, sns::Topic},
        intrinsic::{equals, get_stack_output, import_value, sub},
        stack::Parameter,
        value::{Entries, Value},
    };

    fn named(name: &str) -> Stack {
        let mut stack = Stack::new(name);
        stack.add("Mails", Topic::new());
        stack
    }

    /// The wiring of stacks of which nobody says where they are deployed.
    fn wiring_of(stacks: &[&Stack]) -> Wiring {
        Wiring::of(&stacks.iter().map(|stack| (*stack, Site::of(stack.name()))).collect::<Vec<_>>())
    }

    fn order_of(stacks: &[&Stack]) -> Vec<String> {
        let wiring = wiring_of(stacks);
        wiring.order().iter().map(|at| stacks[*at].name().to_owned()).collect()
    }

    /// The codes, places and messages of what is wrong with a stack.
    fn faults(stacks: &[&Stack], name: &str) -> Vec<(String, String, String)> {
        let wiring = wiring_of(stacks);
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
        let wiring = wiring_of(&[&c, &b, &a]);
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
        let wiring = wiring_of(&[&mail, &shop]);
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
        let wiring = wiring_of(&stacks);
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

    /// A stack that exports the name of its topic.
    fn exporting(name: &str) -> Stack {
        let mut stack = named(name);
        let topic = stack.add("Letters", Topic::new());
        stack.export_as("X", &topic.topic_name());
        stack
    }

    fn importing(name: &str, of: &str) -> Stack {
        let mut stack = named(name);
        stack.output("Y", import_value::<String>(format!("{of}:X")));
        stack
    }

    #[test]
    fn an_import_reaches_its_own_region_and_account_alone() {
        let (network, service) = (exporting("network"), importing("service", "network"));
        let found = |region: Option<&str>, account: Option<&str>| {
            let site = Site { region: Some("eu-west-1"), account: Some("111122223333"), ..Site::of("network") };
            let wiring = Wiring::of(&[(&network, site), (&service, Site { stack: "service", region, account })]);
            wiring.faults("service").iter().map(|it| (it.code, it.message.clone())).collect::<Vec<_>>()
        };
        assert_eq!(found(Some("eu-west-1"), Some("111122223333")), []);
        // What is not said may be the same.
        assert_eq!(found(None, Some("111122223333")), []);
        let expected = "expected an export of the same region and account, or `get_stack_output`";
        let exported = "`network:X` is exported in eu-west-1 of account 111122223333, and `service` is deployed to";
        assert_eq!(found(Some("us-east-1"), None), [("F1039", format!("{exported} us-east-1; {expected}"))]);
        let of_other = format!("{exported} eu-west-1 of account 444455556666; {expected}");
        assert_eq!(found(Some("eu-west-1"), Some("444455556666")), [("F1039", of_other)]);
    }

    #[test]
    fn a_region_of_an_account_has_one_export_of_a_name() {
        let of = |name: &str| {
            let mut stack = named(name);
            stack.output("Topic", "a").export(sub("topic-${AWS::Region}"));
            stack
        };
        let (a, b) = (of("a"), of("b"));
        let told = |regions: [Option<&'static str>; 2]| {
            let [first, second] = regions;
            let sites = [Site { region: first, ..Site::of("a") }, Site { region: second, ..Site::of("b") }];
            let wiring = Wiring::of(&[(&a, sites[0]), (&b, sites[1])]);
            assert!(wiring.faults("a").is_empty());
            wiring.faults("b").iter().map(|it| format!("{} {}: {}", it.code, it.path, it.message)).collect::<Vec<_>>()
        };
        let same = "F1038 Outputs/Topic/Export/Name: `a` exports `topic-eu-west-1` too; expected one export of that \
                    name in a region";
        assert_eq!(told([Some("eu-west-1"), Some("eu-west-1")]), [same]);
        let none: [String; 0] = [];
        assert_eq!(told([Some("eu-west-1"), Some("us-east-1")]), none);
        // The name is not certain where the region is not.
        assert_eq!(told([None, None]), none);

        // One of two may be there.
        let of = |name: &str, region: &str| {
            let mut stack = named(name);
            let condition = stack.condition("Here", equals(crate::intrinsic::region(), region));
            stack.output("Topic", "a").export("topic").condition(&condition);
            stack
        };
        assert_eq!(faults(&[&of("a", "eu-west-1"), &of("b", "us-east-1")], "b"), []);
    }

    #[test]
    fn an_output_that_is_read_is_deployed_before_in_whatever_region() {
        let alarms = exporting("alarms");
        let reading = |output: &str, region: &str| {
            let mut site = named("site");
            site.output("Alarms", get_stack_output::<String>("alarms", output).region(region));
            site
        };
        let wiring = |site: &Stack| {
            let there = Site { region: Some("us-east-1"), ..Site::of("alarms") };
            let wiring =
                Wiring::of(&[(site, Site { region: Some("eu-west-1"), ..Site::of("site") }), (&alarms, there)]);
            let faults = wiring.faults("site").iter().map(|it| format!("{} {}: {}", it.code, it.path, it.message));
            (wiring.order().to_vec(), faults.collect::<Vec<_>>())
        };
        assert_eq!(wiring(&reading("X", "us-east-1")), (vec![1, 0], Vec::new()));
        let expected = "F1034 Outputs/Alarms/Value: the stack `alarms` has no output `Y`; expected one \
                        that it has";
        assert_eq!(wiring(&reading("Y", "us-east-1")).1, [expected]);
        // A stack of that name in another region is not this one.
        assert_eq!(wiring(&reading("Y", "eu-central-1")), (vec![0, 1], Vec::new()));
        let mut own = named("own");
        own.output("A", "a");
        own.output("B", get_stack_output::<String>("own", "A"));
        assert_eq!(faults(&[&own, &alarms], "own")[0].0, "F1032");
    }

    #[test]
    fn what_is_nested_twice_exports_twice() {
        let mail = exporting("mail");
        let mut shop = named("shop");
        shop.add("A", NestedStack::of(&mail));
        assert!(faults(&[&mail, &shop], "mail").is_empty());
        shop.add("B", NestedStack::of(&mail));
        let found = faults(&[&mail, &shop], "mail");
        assert_eq!(found.len(), 1);
        let expected =
            "the stack is nested 2 times, and exports `mail:X` each time; expected one export of that name in a region";
        assert_eq!((found[0].0.as_str(), found[0].2.as_str()), ("F1038", expected));
        assert_eq!(wiring_of(&[&mail, &shop]).within(0).collect::<Vec<_>>(), ["shop"]);
    }

    #[test]
    fn a_nested_stack_is_deployed_with_the_one_that_it_is_in() {
        let (network, mail) = (exporting("network"), exporting("mail"));
        let mut inner = importing("inner", "network");
        inner.add("Mail", NestedStack::of(&mail));
        let mut shop = named("shop");
        shop.add("Inner", NestedStack::of(&inner));
        // `reader` imports of what is two stacks deep in `shop`, which needs the network for what is in it.
        let reader = importing("reader", "mail");
        let stacks = [&reader, &shop, &inner, &mail, &network];
        assert_eq!(order_of(&stacks), ["mail", "network", "shop", "reader", "inner"]);
        let wiring = wiring_of(&stacks);
        assert_eq!(wiring.after(0).collect::<Vec<_>>(), ["shop"]);
        assert_eq!(wiring.after(1).collect::<Vec<_>>(), ["network"]);
        assert_eq!(wiring.below("shop"), [2, 3]);
        assert!(stacks.iter().all(|stack| wiring.faults(stack.name()).is_empty()));
    }

    #[test]
    fn a_circle_through_a_nested_stack_is_one_too() {
        // `a` has in it what imports of `b`, which imports of `a`.
        let inner = importing("inner", "b");
        let mut a = exporting("a");
        a.add("Inner", NestedStack::of(&inner));
        let mut b = exporting("b");
        b.output("Y", import_value::<String>("a:X"));
        let stacks = [&a, &b, &inner];
        let expected = "; expected stacks that can be deployed one after the other";
        let found = faults(&stacks, "inner");
        assert_eq!(found.len(), 1);
        let message = &found[0].2;
        assert!(message.starts_with("`inner` imports `b:X` of `b` (src/project/wiring.rs:"), "{message}");
        assert!(message.contains("), `b` imports `a:X` of `a` (") && message.ends_with(expected), "{message}");
        assert_eq!(faults(&stacks, "b").iter().map(|it| it.0.as_str()).collect::<Vec<_>>(), ["F1032"]);
        // Those that are nested in one stack can import one from the other.
        let (first, second) = (exporting("first"), importing("second", "first"));
        let mut both = named("both");
        both.add("First", NestedStack::of(&first));
        both.add("Second", NestedStack::of(&second));
        assert_eq!(order_of(&[&both, &second, &first]), ["both", "first", "second"]);
        assert!(faults(&[&both, &second, &first], "second").is_empty());
    }

    #[test]
    fn neither_of_two_stacks_in_each_other_imports_from_the_other() {
        let inner = exporting("inner");
        let mut outer = importing("outer", "inner");
        outer.add("Inner", NestedStack::of(&inner));
        let found = faults(&[&inner, &outer], "outer");
        let expected = "`inner:X` is of `inner`, which is nested in this stack; expected an output: `nested.output(…)`";
        assert_eq!((found.len(), found[0].0.as_str(), found[0].2.as_str()), (1, "F1041", expected));
        let inner = importing("inner", "outer");
        let mut outer = exporting("outer");
        outer.add("Inner", NestedStack::of(&inner));
        let found = faults(&[&inner, &outer], "inner");
        let expected = "`outer:X` is of `outer`, in which this stack is nested, and which exports it once all of it is \
                        there; expected a parameter";
        assert_eq!((found.len(), found[0].0.as_str(), found[0].2.as_str()), (1, "F1041", expected));
    }

    #[test]
    fn a_stack_that_is_nested_in_itself_never_ends() {
        let (mut a, mut b, mut own) = (named("a"), named("b"), named("own"));
        a.add("Inner", NestedStack::new("b.yaml"));
        b.add("Inner", NestedStack::new("a.yaml"));
        own.add("Own", NestedStack::new("own.yaml"));
        let stacks = [&a, &b, &own];
        for name in ["a", "b", "own"] {
            let found = faults(&stacks, name);
            let expected = format!("`{name}` is nested in itself; expected stacks that end");
            assert_eq!((found.len(), found[0].0.as_str(), &found[0].2), (1, "F1041", &expected));
        }
        assert_eq!(order_of(&stacks), ["a", "b", "own"]);
    }
}
