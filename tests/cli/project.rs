//! The projects that the tests run the command line of.

use std::fs;

use formwork::{
    Composition, Project, Shared, Stack,
    asl::jsonata::{Succeed, Task, Workflow},
    aws::{cloudformation::Stack as NestedStack, sns::Topic, stepfunctions::StateMachine},
    cli,
    intrinsic::import_value,
    value::Value,
};

pub fn mail() -> Stack {
    let mut stack = Stack::new("mail");
    stack.description("Sends mails");
    stack.add("Mails", Topic::new());
    stack
}

pub fn letters() -> Stack {
    let mut stack = Stack::new("letters-on-paper");
    stack.add("Letters", Topic::new());
    stack
}

pub fn broken() -> Stack {
    let mut stack = Stack::new("broken");
    stack.add("Mails", Topic::new());
    stack.add("Mails", Topic::new());
    stack
}

pub fn of<const N: usize>(stacks: [fn() -> Stack; N]) -> Project {
    stacks.into_iter().fold(Project::new(), Project::stack)
}

/// The exit code of a command, with what it wrote to stdout and stderr. What has no stacks is the program `formwork`.
pub fn run(project: &Project, words: &str) -> (u8, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let words = ["coffee-report"].into_iter().chain(words.split_whitespace());
    let code = match project.is_empty() {
        true => cli::formwork::run(words, &mut out, &mut err),
        false => cli::run(project, words, &mut out, &mut err),
    };
    let text = |bytes| String::from_utf8(bytes).expect("output is UTF-8");
    (code, text(out), text(err))
}

pub fn workflow() -> Stack {
    let mut stack = Stack::new("greetings");
    let topic = stack.add("Greetings", Topic::new());
    let workflow = Workflow::new()
        .state("Greet", Task::sns_publish(&topic).message("{% 'Hello ' & $states.input.name %}").next("Done"))
        .state("Done", Succeed::new());
    stack.add("Greeter", StateMachine::new("arn:aws:iam::123456789012:role/Greet").workflow(&workflow));
    stack
}

pub const MOCKS: &str = r#"{
    "StateMachines": {"Greeter": {"TestCases": {"Sent": {"Greet": "Sent"}, "Refused": {"Greet": "Refused"}}}},
    "MockedResponses": {
        "Sent": {"0": {"Return": {"MessageId": "1"}}},
        "Refused": {"0": {"Throw": {"Error": "SNS.NotFoundException", "Cause": "no topic"}}}
    }
}"#;

pub const GREETINGS_LINE: u32 = line!() + 3;

pub fn greetings() -> Project {
    Project::new().stack(Composition::new(workflow).mocks(MOCKS))
}

/// A folder with files: names and contents.
pub fn files(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder can be made");
    for (name, content) in files {
        fs::write(folder.path().join(name), content).expect("a file can be written");
    }
    folder
}

/// The outcome of a command in a folder of files, whose names it may use with `DIR/` before them.
pub fn run_in(folder: &tempfile::TempDir, project: &Project, words: &str) -> (u8, String, String) {
    run(project, &words.replace("DIR", &folder.path().display().to_string()))
}

/// Two stacks with a state machine each, and mocks that belong to one of them.
pub fn two_stacks() -> Project {
    let farewells = || {
        let mut stack = Stack::new("farewells");
        let topic = stack.add("Farewells", Topic::new());
        let workflow = Workflow::new().state("Part", Task::sns_publish(&topic).message("Bye").end());
        stack.add("Parter", StateMachine::new("arn:aws:iam::123456789012:role/Part").workflow(&workflow));
        stack
    };
    let mocks = r#"{
        "StateMachines": {"Parter": {"TestCases": {"Sent": {"Part": "Sent"}}}},
        "MockedResponses": {"Sent": {"0": {"Return": {"MessageId": "2"}}}}
    }"#;
    greetings().stack(Composition::new(farewells).mocks(mocks)).stack(mail)
}

/// A stack that imports from another and nests a third, given before them.
pub fn connected() -> Project {
    let topics = Shared::new(|| {
        let mut stack = Stack::new("topics");
        let topic = stack.add("Mails", Topic::new());
        let name = stack.export(&topic.topic_name());
        (stack, name)
    });
    let post = Shared::new(|| {
        let mut stack = Stack::new("post");
        stack.description("Sends letters");
        stack.add("Letters", Topic::new());
        (stack, ())
    });
    let shop = {
        let (topics, post) = (topics.clone(), post.clone());
        move || {
            let mut stack = Stack::new("shop");
            stack.add("Post", NestedStack::of(post.stack()));
            stack.output("Mails", topics.handed());
            stack
        }
    };
    Project::new().stack(shop).stack(&topics).stack(&post)
}

/// Two stacks that import from each other.
pub fn circle() -> Project {
    let of = |name: &'static str, other: &'static str| {
        move || {
            let mut stack = Stack::new(name);
            let topic = stack.add("Mails", Topic::new());
            stack.export_as("Of", &topic.topic_name());
            let imported: Value<String> = import_value(format!("{other}:Of"));
            stack.output("Other", imported);
            stack
        }
    };
    Project::new().stack(of("left", "right")).stack(of("right", "left"))
}
