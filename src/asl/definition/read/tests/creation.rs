//! What the service was seen to refuse, and to take, when a machine is created.

use serde_json::{Value as Json, json};

use super::{ata, path, with};
use crate::asl::definition::Definition;

#[test]
fn a_text_is_an_expression_or_none() {
    let half = |text: &str| {
        format!("{} is half of a JSONata expression; expected `{{%` first and `%}}` last, or neither", json!(text))
    };
    for text in ["{% 1", "1 %}", "{% 10 %", " {% 1 %}", "{% 1 %} ", "{%}"] {
        ata(with("Pass", json!({"Output": text})), &[("/Output", &half(text))]);
        ata(with("Pass", json!({"Output": {"a": [1, text]}})), &[("/Output/a/1", &half(text))]);
        ata(with("Pass", json!({"Assign": {"a": text}})), &[("/Assign/a", &half(text))]);
        ata(with("Task", json!({"Arguments": {"a": text}})), &[("/Arguments/a", &half(text))]);
        ata(json!({"Type": "Fail", "Cause": text}), &[("/Cause", &half(text))]);
        path(with("Pass", json!({"Parameters": {"a": text}})), &[]);
    }
    for text in ["a {% 1 %} b", " {% 1 %} ", "% {", ""] {
        ata(with("Pass", json!({"Output": text, "Comment": "{% 1"})), &[]);
    }
}

#[test]
fn an_expression_reads_what_is_there() {
    let output = |text: &str| with("Pass", json!({"Output": {"r": format!("{{% {text} %}}")}}));
    let nothing = |name: &str| {
        format!("`{name}` is read from an input that an expression does not have; expected `$states` or a variable")
    };
    for (text, name) in [("phone", "phone"), ("$exists(phone)", "phone"), ("$", "$"), ("$$.a", "$$")] {
        ata(output(text), &[("/Output/r", &nothing(name))]);
    }
    let definition = |text: &str| json!({"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": output(text)}});
    let (_, found) = Definition::read(&definition("phone"));
    assert_eq!(
        found[0].to_string(),
        "error[UNSUPPORTED_JSONATA_EXPRESSION]: `phone` is read from an input that an expression does not have; \
         expected `$states` or a variable\n  \
         at   /States/A/Output/r\n  \
         help `$states.input.phone` is of the input of the state, `$phone` a variable, `'phone'` a text\n  \
         docs https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html"
    );
    let (_, found) = Definition::read(&definition("$states.inptu"));
    assert_eq!(found[0].help.as_deref(), Some("did you mean `input`?"));
    ata(output("$states.input.x.(a + b)"), &[]);
}

#[test]
fn members_of_states_are_there_where_they_are() {
    let missing = |member: &str, others: &str| format!("`$states.{member}` is not there; expected {others}");
    let [result, error] =
        ["result", "errorOutput"].map(|member| missing(member, "`$states.input` or `$states.context`"));
    for member in ["input", "context.Execution.Id"] {
        ata(with("Pass", json!({"Output": format!("{{% $states.{member} %}}")})), &[]);
    }
    for (member, message) in [("result", &result), ("errorOutput", &error)] {
        let text = format!("{{% $states.{member} %}}");
        ata(with("Pass", json!({"Output": text})), &[("/Output", message)]);
        ata(with("Pass", json!({"Assign": {"a": text}})), &[("/Assign/a", message)]);
        ata(with("Wait", json!({"Seconds": text})), &[("/Seconds", message)]);
        ata(json!({"Type": "Succeed", "Output": text}), &[("/Output", message)]);
        ata(json!({"Type": "Fail", "Error": text}), &[("/Error", message)]);
        ata(with("Task", json!({"Arguments": [text]})), &[("/Arguments/0", message)]);
        ata(with("Task", json!({"TimeoutSeconds": text})), &[("/TimeoutSeconds", message)]);
        let rule = json!({"Condition": text, "Output": text, "Assign": {"a": text}, "Next": "A"});
        let at = ["/Choices/0/Assign/a", "/Choices/0/Condition", "/Choices/0/Output"];
        ata(json!({"Type": "Choice", "Choices": [rule]}), &at.map(|at| (at, message.as_str())));
    }
    let processor = json!({"StartAt": "B", "States": {"B": {"Type": "Succeed"}}});
    for (state, fields) in [
        ("Task", json!({})),
        ("Parallel", json!({"Branches": [processor]})),
        ("Map", json!({"ItemProcessor": processor})),
    ] {
        let state = |more: Json| {
            let mut state = with(state, fields.clone());
            state.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            state
        };
        ata(state(json!({"Output": "{% $states.result %}", "Assign": {"a": "{% $states.result[0] %}"}})), &[]);
        let all = "`$states.input`, `$states.result` or `$states.context`";
        ata(state(json!({"Output": "{% $states.errorOutput %}"})), &[("/Output", &missing("errorOutput", all))]);
        let catch =
            |text: &str| json!({"Catch": [{"ErrorEquals": ["E"], "Next": "A", "Output": text, "Assign": {"a": text}}]});
        ata(state(catch("{% $states.errorOutput.Cause %}")), &[]);
        let all = missing("result", "`$states.input`, `$states.errorOutput` or `$states.context`");
        ata(
            state(catch("{% $states.result %}")),
            &[("/Catch/0/Assign/a", all.as_str()), ("/Catch/0/Output", all.as_str())],
        );
    }
    let map =
        json!({"ItemProcessor": processor, "Items": "{% $states.result %}", "ItemSelector": "{% $states.result %}"});
    ata(with("Map", map), &[("/ItemSelector", &result), ("/Items", &result)]);
}

#[test]
fn variables_are_called_as_unicode_identifiers_are() {
    let assigns = |name: &str| with("Pass", json!({"Assign": {name: 1}}));
    for name in ["x", "count", "日付", "été", "a_1", "नमस्ते", &"a".repeat(80)] {
        ata(assigns(name), &[]);
        path(assigns(name), &[]);
    }
    for name in ["states", "_tmp", "1a", "a-b", "", "a b", " a", "x.y", "x[2]", "$x", &"a".repeat(81)] {
        let message = format!(
            "`{name}` is no name of a variable; expected a letter followed by letters, digits and underscores, at most 80, and not `states`"
        );
        let at = format!("/Assign/{name}");
        ata(assigns(name), &[(&at, &message)]);
        path(assigns(name), &[(&at, &message)]);
        let catch = json!([{"ErrorEquals": ["E"], "Next": "A", "Assign": {name: 1}}]);
        ata(with("Task", json!({"Catch": catch})), &[(&format!("/Catch/0{at}"), &message)]);
        let rule = json!({"Condition": true, "Next": "A", "Assign": {name: 1}});
        ata(json!({"Type": "Choice", "Choices": [rule]}), &[(&format!("/Choices/0{at}"), &message)]);
    }
}

#[test]
fn a_distributed_map_says_how_it_runs() {
    let map = |config: Json, more: Json| {
        let processor = json!({"ProcessorConfig": config, "StartAt": "B", "States": {"B": {"Type": "Succeed"}}});
        let mut map = with("Map", json!({"ItemProcessor": processor}));
        map.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        map
    };
    let standard = json!({"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"});
    path(map(json!({"Mode": "INLINE"}), json!({"ItemBatcher": {"BatchInput": 1}})), &[]);
    for (more, faults) in [
        (json!({"Label": "a-b_c.d/e"}), &[][..]),
        (json!({"Label": "é".repeat(40)}), &[]),
        (json!({"Label": "${Name} of a label that is longer than 40"}), &[]),
        (json!({"Label": "a b"}), &[("/Label", "`Label` is \"a b\"; expected a label without ' '")]),
        (json!({"Label": "a*"}), &[("/Label", "`Label` is \"a*\"; expected a label without '*'")]),
        (json!({"Label": "[a]"}), &[("/Label", "`Label` is \"[a]\"; expected a label without '['")]),
        (json!({"ItemBatcher": {"MaxItemsPerBatch": 2}}), &[]),
        (
            json!({"ItemBatcher": {"BatchInput": 1}}),
            &[(
                "/ItemBatcher",
                "the `ItemBatcher` has no limit; expected `MaxItemsPerBatch` or `MaxInputBytesPerBatch`",
            )],
        ),
        // The service takes it, and the execution fails.
        (json!({"ResultWriter": {}}), &[]),
    ] {
        path(map(standard.clone(), more.clone()), faults);
        ata(map(standard.clone(), more), faults);
    }
    let message = "the `ProcessorConfig` of a distributed `Map` has no `ExecutionType`; expected STANDARD or EXPRESS";
    path(map(json!({"Mode": "DISTRIBUTED"}), json!({})), &[("/ItemProcessor/ProcessorConfig", message)]);
}

#[test]
fn a_resource_is_an_arn() {
    let calls = |resource: &str| with("Task", json!({"Resource": resource}));
    for resource in [
        "arn:aws:states:::sns:publish",
        "arn:aws-cn:lambda:cn-north-1:123456789012:function:f",
        "arn:${Partition}:states:::sns:publish",
        "${Function}",
        "${Function.Arn}",
    ] {
        path(calls(resource), &[]);
        ata(calls(resource), &[]);
    }
    for resource in ["", "lambda", "arn:aws", "{% $resource %}", "states:::sns:publish", "${Function"] {
        let message = format!("`Resource` is {}; expected an ARN", json!(resource));
        path(calls(resource), &[("/Resource", &message)]);
        ata(calls(resource), &[("/Resource", &message)]);
    }
}
