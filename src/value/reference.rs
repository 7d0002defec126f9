//! References: what a value refers to, from the handle that it was made with to the stack that it reaches.
//!
//! A value keeps its references beside its JSON. `json!` and `serde_json::to_value` take only the JSON, so that
//! `json!({"Arn": topic.topic_arn()})` is plain data: equal to `{"Arn": {"Ref": "Topic"}}`, with no room for a mark that
//! would not show in a comparison, a log or a template. What it was made of is therefore remembered here, aside:
//!
//! 1. An intrinsic that is serialized outside of [`record`](super::record) leaves a [`Stray`]: its JSON and its
//!    references, for this thread.
//! 2. A value that is recorded later and holds the same JSON, where no intrinsic of its own accounts for it, has a
//!    [`Loose`] call there, with the strays that it may come from.
//! 3. A stack that takes the value claims a stray of its own for it, the newest first, and that stray is *home*. Where
//!    the stack has none, the call comes from a stray of another stack, or is written by hand.
//! 4. When the stack is asked what is wrong, the first is reported only while the other stack has not claimed its stray
//!    either: then a handle has gone astray for certain, or almost.
//!
//! Where it cannot be known, nothing is reported: JSON that went to another thread, JSON of which a copy is in the stack
//! that it belongs to, the bare name that a condition is inside `json!`. A false report needs JSON of another
//! stack's handle that never reached that stack (printed, or compared in a test) and, after it, the same
//! reference to the same id and attribute written by hand here, or copied from JSON that was claimed before.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    fmt,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

use crate::json::Json;

/// A logical id as a handle knows it: with the stack that the handle came from.
#[derive(Clone)]
pub(crate) struct Reference {
    /// Name of the stack; the same allocation for every handle of one [`Stack`](crate::Stack).
    pub stack: Arc<str>,
    /// Logical id in that stack.
    pub id: Arc<str>,
}

impl Reference {
    /// Whether both are to one thing of one stack.
    pub fn is_same(&self, other: &Reference) -> bool {
        self.is_of(&other.stack) && self.id == other.id
    }

    /// Whether it is to something of the stack with that name, and not of one that is only called the same.
    pub fn is_of(&self, stack: &Arc<str>) -> bool {
        Arc::ptr_eq(&self.stack, stack)
    }
}

/// What [`debugged`] looks for.
const DEBUG: &str = "Reference { id: ";

/// In one line without quotes, so that it looks the same in `{:#?}` and inside JSON.
impl fmt::Debug for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{DEBUG}{}, stack: {} }}", self.id, self.stack)
    }
}

/// The id of the reference whose `{:?}` is somewhere in a text.
pub(crate) fn debugged(text: &str) -> Option<&str> {
    // A search for one letter is many times as fast as one for a text, and this one is rare enough.
    let rest = text.match_indices('R').find_map(|(at, _)| text[at..].strip_prefix(DEBUG))?;
    rest.split_once(", stack: ").map(|(id, _)| id)
}

/// A call of an intrinsic function that was serialized on its own.
#[derive(Debug)]
pub(crate) struct Stray {
    call: Json,
    references: Vec<Reference>,
    /// Whether the stack of its references has it.
    home: AtomicBool,
}

impl Stray {
    fn is_home(&self) -> bool {
        self.home.load(Ordering::Relaxed)
    }

    fn is_of(&self, stack: &Arc<str>) -> bool {
        self.references.iter().all(|reference| reference.is_of(stack))
    }
}

/// A call inside JSON that has lost its references.
#[derive(Debug)]
pub(crate) struct Loose {
    /// What it may come from, oldest first; never empty.
    strays: Vec<Arc<Stray>>,
    /// What it does come from.
    origin: OnceLock<Arc<Stray>>,
}

impl Loose {
    /// Whether it is somewhere in `json`.
    pub fn is_in(&self, json: &Json) -> bool {
        let mut found = false;
        each_call(json, &mut |call| {
            let same = self.strays.first().is_some_and(|stray| stray.call == *call);
            found |= same;
            same
        });
        found
    }

    /// Tells that a value with these calls has reached a stack: strays of that stack are home.
    pub fn claim(mut calls: Vec<Arc<Self>>, stack: &Arc<str>) -> Vec<Arc<Self>> {
        // Those with the fewest strays choose first, so that something is left for them.
        calls.sort_by_key(|call| call.strays.len());
        calls.iter().for_each(|call| call.claim_one(stack));
        calls
    }

    fn claim_one(&self, stack: &Arc<str>) {
        if self.origin.get().is_none()
            && let Some(own) =
                self.strays.iter().rev().find(|stray| stray.is_of(stack) && !stray.home.swap(true, Ordering::Relaxed))
        {
            // Whoever was faster has found one that is as good.
            let _ = self.origin.set(own.clone());
        }
    }

    /// Its references to other stacks, where it has some.
    pub fn foreign_to(&self, stack: &Arc<str>) -> Vec<Reference> {
        let stray = match self.origin.get() {
            Some(origin) => Some(origin),
            None => self.strays.iter().rev().find(|stray| !stray.is_of(stack) && !stray.is_home()),
        };
        let references = stray.into_iter().flat_map(|stray| &stray.references);
        references.filter(|reference| !reference.is_of(stack)).cloned().collect()
    }
}

/// Strays that are remembered: more than one stack makes before it takes them, and few enough to look through.
const REMEMBERED: usize = 256;

thread_local! {
    static STRAYS: RefCell<VecDeque<Arc<Stray>>> = const { RefCell::new(VecDeque::new()) };
    static RECORDS: Cell<usize> = const { Cell::new(0) };
}

/// A `record` in progress, until it is dropped.
pub(super) struct Recording(());

impl Recording {
    pub fn begin() -> Self {
        RECORDS.set(RECORDS.get() + 1);
        Self(())
    }

    pub fn is_on() -> bool {
        RECORDS.get() > 0
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        RECORDS.set(RECORDS.get() - 1);
    }
}

/// Remembers the calls of an intrinsic that is serialized on its own.
pub(super) fn stray(json: &Json, references: &[Reference]) {
    if references.is_empty() {
        return;
    }
    STRAYS.with_borrow_mut(|strays| {
        strays.retain(|stray| !stray.is_home());
        each_call(json, &mut |call| {
            // All belong to a value that is one call; of a value with several, each has those that it names.
            let mut of_call = references.to_vec();
            if call != json {
                of_call.retain(|reference| mentions(call, &reference.id));
            }
            if !of_call.is_empty() {
                if strays.len() == REMEMBERED {
                    strays.pop_front();
                }
                strays.push_back(Arc::new(Stray { call: call.clone(), references: of_call, home: false.into() }));
            }
            true
        });
    });
}

/// The calls in `json` that may be strays, as they are.
pub(super) fn like_strays(json: &Json) -> Vec<Json> {
    let mut found = Vec::new();
    STRAYS.with_borrow(|strays| {
        if !strays.is_empty() {
            each_call(json, &mut |call| {
                let known = strays.iter().any(|stray| stray.call == *call);
                if known {
                    found.push(call.clone());
                }
                known
            });
        }
    });
    found
}

/// The loose calls in `json`: those that may be strays, without the ones that intrinsics account for.
pub(super) fn loose(json: &Json, mut accounted: Vec<Json>) -> Vec<Arc<Loose>> {
    STRAYS.with_borrow_mut(|strays| strays.retain(|stray| !stray.is_home()));
    let mut found = like_strays(json);
    found.retain(|call| match accounted.iter().position(|known| known == call) {
        Some(position) => {
            accounted.swap_remove(position);
            false
        }
        None => true,
    });
    let strays = |call: &Json| -> Vec<Arc<Stray>> {
        STRAYS.with_borrow(|strays| strays.iter().filter(|stray| stray.call == *call).cloned().collect())
    };
    found.iter().map(|call| Arc::new(Loose { strays: strays(call), origin: OnceLock::new() })).collect()
}

/// Visits the calls of intrinsic functions, outer ones first; those inside of one only where `visit` does not say that
/// it is known as a whole.
fn each_call(json: &Json, visit: &mut dyn FnMut(&Json) -> bool) {
    match json {
        Json::Array(items) => items.iter().for_each(|item| each_call(item, visit)),
        Json::Object(members) => {
            let is_call = members.len() == 1 && members.keys().all(|key| key == "Ref" || key.starts_with("Fn::"));
            if !(is_call && visit(json)) {
                members.values().for_each(|member| each_call(member, visit));
            }
        }
        _ => {}
    }
}

/// Whether a text in `json` is the id, or names it in a `Fn::Sub`.
pub(crate) fn mentions(json: &Json, id: &str) -> bool {
    match json {
        Json::String(text) => text == id || text.contains(&format!("${{{id}}}")) || text.contains(&format!("${{{id}.")),
        Json::Array(items) => items.iter().any(|item| mentions(item, id)),
        Json::Object(object) => object.values().any(|value| mentions(value, id)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        asl::jsonata::*,
        aws::{sns::Topic, stepfunctions::StateMachine},
        intrinsic::join,
        stack::{Handle, RawResource, Stack},
    };

    const ROLE: &str = "arn:aws:iam::123456789012:role/Run";

    fn stack(name: &str) -> (Stack, Handle<Topic>) {
        let mut stack = Stack::new(name);
        let topic = stack.add("Topic", Topic::new());
        (stack, topic)
    }

    fn raw(json: Json) -> RawResource {
        RawResource::new("X::Y::Z").property("P", json)
    }

    /// The codes and paths of everything that is wrong with a stack.
    fn faults(stack: &Stack) -> Vec<String> {
        stack.diagnostics().iter().map(|fault| format!("{} {}", fault.code, fault.path)).collect()
    }

    #[test]
    fn json_of_a_handle_stays_plain_data() {
        let (_, topic) = stack("mail");
        let json = json!({"Arn": topic.topic_arn(), "Name": topic.topic_name()});
        assert_eq!(json, json!({"Arn": {"Ref": "Topic"}, "Name": {"Fn::GetAtt": ["Topic", "TopicName"]}}));
        assert_eq!(json.to_string(), r#"{"Arn":{"Ref":"Topic"},"Name":{"Fn::GetAtt":["Topic","TopicName"]}}"#);
    }

    #[test]
    fn a_foreign_handle_inside_json_is_reported_though_its_id_exists_here() {
        let (_other, foreign) = stack("other");
        let (mut stack, _) = stack("mail");
        let line = line!() + 1;
        stack.add("Raw", raw(json!({"Arn": foreign.topic_arn()})));
        let file = file!();
        assert_eq!(
            stack.diagnostics().iter().map(ToString::to_string).collect::<Vec<_>>(),
            [format!(
                "error[F1003]: `Topic` is a handle of another stack (`other`); expected one of `mail`\n  \
                 at   Resources/Raw/Properties\n  \
                 from {file}:{line}\n  \
                 help export it as an output of that stack and read it with `import_value`, or pass it as a parameter"
            )]
        );
        assert_eq!(stack.diagnostics().len(), 1, "asked again it says the same");
    }

    #[test]
    fn a_foreign_handle_is_found_wherever_its_json_goes() {
        let (_other, foreign) = stack("other");
        let arn = || foreign.topic_arn();
        let inner = json!([{"deep": json!({"Arn": arn()})}]);
        for json in [inner, json!({"Fn::Join": ["", ["a", arn()]]}), json!(join("", [arn()])), json!([arn()])] {
            let (mut stack, _) = stack("mail");
            stack.add("Raw", raw(json.clone()));
            assert_eq!(faults(&stack), ["F1003 Resources/Raw/Properties"], "{json}");
        }
        let (mut stack, own) = stack("mail");
        stack.resource(&own).metadata("Arn", json!({"Arn": arn()}));
        assert_eq!(faults(&stack), ["F1003 Resources/Topic"]);
    }

    #[test]
    fn a_foreign_handle_inside_json_of_a_workflow_is_reported_with_the_machine() {
        let (_other, foreign) = stack("other");
        let output = json!({"Topics": [{"Arn": foreign.topic_arn()}, {"Fn::Sub": "${AWS::Region}"}]});
        let branch = Branch::new().state("Say", Pass::new().output(output).end());
        let workflow = Workflow::new().state("Both", Parallel::new([branch]).end());
        let (mut stack, _) = stack("mail");
        stack.add("Machine", StateMachine::new(ROLE).workflow(&workflow));
        assert_eq!(faults(&stack), ["F1003 Resources/Machine/Properties/Definition/States/Both/Branches/0/States/Say"]);
    }

    #[test]
    fn a_foreign_handle_is_told_from_one_of_this_stack_that_has_the_same_token() {
        let (_other, foreign) = stack("other");
        let (mut stack, own) = stack("mail");
        let own = Pass::new().output(json!({"Arn": own.topic_arn()})).next("Foreign");
        let foreign = Pass::new().output(json!({"Arn": foreign.topic_arn()})).end();
        let workflow = Workflow::new().state("Own", own).state("Foreign", foreign);
        stack.add("Machine", StateMachine::new(ROLE).workflow(&workflow));
        assert_eq!(faults(&stack), ["F1003 Resources/Machine/Properties/Definition/States/Foreign"]);
    }

    #[test]
    fn a_handle_of_this_stack_is_as_good_inside_json_as_outside() {
        let (mut stack, own) = stack("mail");
        let json = json!({"Arn": own.topic_arn(), "Both": [own.topic_arn(), join("", [own.topic_name()])]});
        stack.add("Once", raw(json.clone()));
        stack.add("Again", raw(json));
        stack.add(
            "Beside",
            RawResource::new("X::Y::Z").property("Q", own.topic_arn()).property("P", json!([own.topic_arn()])),
        );
        stack.resource(&own).metadata("Arn", json!([own.topic_arn()]));
        let workflow = Workflow::new().state("Say", Pass::new().output(json!([own.topic_arn()])).end());
        stack.add("Machine", StateMachine::new(ROLE).workflow(&workflow));
        assert_eq!(faults(&stack), [""; 0]);
    }

    #[test]
    fn stacks_that_are_made_side_by_side_are_not_mixed_up() {
        let ((mut one, first), (mut two, second)) = (stack("one"), stack("two"));
        let (a, b) = (json!([first.topic_arn()]), json!([second.topic_arn()]));
        // In the order in which they were made, in the other one, and copied.
        one.add("A", raw(a.clone()));
        two.add("B", raw(b.clone()));
        two.add("D", raw(b));
        one.add("C", raw(a));
        assert_eq!((faults(&one), faults(&two)), (vec![], vec![]));
        one.add("E", raw(json!([first.topic_arn(), second.topic_arn()])));
        two.add("F", raw(json!([second.topic_arn()])));
        assert_eq!((faults(&one), faults(&two)), (vec!["F1003 Resources/E/Properties".to_owned()], vec![]));
    }

    #[test]
    fn stacks_that_are_made_one_after_the_other_are_not_mixed_up() {
        let compose = || {
            let (mut stack, topic) = stack("mail");
            stack.add("Hand", raw(json!([{"Ref": "Topic"}])));
            stack.add("Raw", raw(json!([topic.topic_arn()])));
            stack
        };
        for stack in [compose(), compose(), compose()] {
            assert_eq!(faults(&stack), [""; 0]);
        }
        let foreign = || {
            let (_, topic) = stack("gone");
            json!([topic.topic_arn()])
        };
        let mut stack = compose();
        stack.add("Foreign", raw(foreign()));
        assert_eq!(faults(&stack), ["F1003 Resources/Foreign/Properties"]);
    }

    #[test]
    fn what_is_only_printed_is_no_stray() {
        let (_other, foreign) = stack("other");
        assert_eq!(serde_json::to_string(&foreign.topic_arn()).unwrap(), r#"{"Ref":"Topic"}"#);
        let (mut stack, _) = stack("mail");
        stack.add("Hand", raw(json!([{"Ref": "Topic"}])));
        assert_eq!(faults(&stack), [""; 0]);
    }

    #[test]
    fn strays_do_not_pile_up() {
        let (_stack, topic) = stack("mail");
        for _ in 0..2 * REMEMBERED {
            let _ = json!(topic.topic_arn());
        }
        assert_eq!(STRAYS.with_borrow(VecDeque::len), REMEMBERED);
        let (mut stack, topic) = stack("mail");
        for number in 0..2 * REMEMBERED {
            stack.add(&format!("Raw{number}"), raw(json!(topic.topic_name())));
        }
        let name = json!(topic.topic_name());
        let left = STRAYS.with_borrow(|strays| strays.iter().filter(|stray| stray.call == name).count());
        assert!(left <= 2, "{left}");
    }

    #[test]
    fn the_debug_form_of_a_handle_in_a_text_is_reported() {
        let (mut stack, topic) = stack("mail");
        let parameter = stack.parameter("Stage", crate::stack::Parameter::string());
        let line = line!() + 1;
        stack.add("Raw", raw(json!({"Text": format!("to {topic:?}"), "Name": format!("{:#?}", topic.topic_name())})));
        let workflow = Workflow::new().state("Say", Pass::new().output(format!("{{% '{parameter:?}' %}}")).end());
        stack.add("Machine", StateMachine::new(ROLE).workflow(&workflow));
        let fault = |id: &str, path: &str, line: u32| {
            format!(
                "error[F1005]: the text has the debug form (`{{:?}}`) of the handle `{id}`; expected what it refers to\n  \
                 at   {path}\n  from {}:{line}\n  \
                 help give the attribute itself (`topic.topic_arn()`), or put it into the text with `sub_with`",
                file!()
            )
        };
        assert_eq!(
            stack.diagnostics().iter().map(ToString::to_string).collect::<Vec<_>>(),
            [
                fault("Stage", "Resources/Machine/Properties/Definition/States/Say/Output", line + 1),
                fault("Topic", "Resources/Raw/Properties/P/Name", line),
                fault("Topic", "Resources/Raw/Properties/P/Text", line),
            ]
        );
    }
}
