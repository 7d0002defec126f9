//! `asl`.

use formwork::{Project, Stack, aws::stepfunctions::StateMachine, json};
use serde_json::Value as Json;

use crate::project::run;

#[test]
fn a_definition_that_functions_put_together_is_shown_and_run() {
    fn joined() -> Stack {
        let mut stack = Stack::new("joined");
        let parts = json!(["", [
            r#"{"StartAt":"Greet","States":{"Greet":{"Type":"Pass","Result":"arn:"#,
            {"Ref": "AWS::Partition"},
            r#":x","End":true}}}"#,
        ]]);
        let machine = StateMachine::new("arn:aws:iam::123456789012:role/Greet");
        stack.add("Greeter", machine.property("DefinitionString", json!({"Fn::Join": parts})));
        stack
    }
    let (code, definition, err) = run(&Project::new().stack(joined), "asl");
    assert_eq!((code, err.as_str()), (0, ""));
    let definition: Json = serde_json::from_str(&definition).unwrap();
    assert_eq!(definition["States"]["Greet"]["Result"], "arn:${AWSPartition}:x");
    let (code, out, _) = run(&Project::new().stack(joined), "run --format json");
    let outcome: Json = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &outcome["output"]), (0, &json!("arn:aws:x")));
}

#[test]
fn a_definition_is_ascii() {
    fn greetings() -> Stack {
        let mut stack = Stack::new("greetings");
        let definition = json!({"StartAt": "Grüß", "States": {"Grüß": {"Type": "Pass", "Result": "🫘", "End": true}}});
        stack.add("Greeter", StateMachine::new("arn:aws:iam::123456789012:role/Greet").definition(definition));
        stack
    }
    let (code, text, err) = run(&Project::new().stack(greetings), "asl");
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(text.is_ascii() && text.contains("Gr\\u00fc\\u00df") && text.contains("\\ud83e\\uded8"), "{text}");
    assert_eq!(serde_json::from_str::<Json>(&text).unwrap()["States"]["Grüß"]["Result"], "🫘");
}
