//! What the table of fields allows and what not, in the words that a user reads.

mod creation;

use serde_json::{Value as Json, json};

use crate::{asl::definition::Definition, diagnostic::sort};

/// What is wrong with a definition: pointer, message and help.
fn faults(definition: &Json) -> Vec<(String, String, Option<String>)> {
    let (_, mut found) = Definition::read(definition);
    sort(&mut found);
    found.into_iter().map(|fault| (fault.path.to_string(), fault.message, fault.help)).collect()
}

/// Asserts what is wrong with a state `A` of a language.
#[track_caller]
fn gives(language: &str, state: Json, expected: &[(&str, &str)]) {
    let found = faults(&json!({"QueryLanguage": language, "StartAt": "A", "States": {"A": state}}));
    let found: Vec<(String, &str)> =
        found.iter().map(|(at, message, _)| (at.replacen("/States/A", "", 1), message.as_str())).collect();
    let found: Vec<(&str, &str)> = found.iter().map(|(at, message)| (at.as_str(), *message)).collect();
    assert_eq!(found, expected);
}

#[track_caller]
fn path(state: Json, expected: &[(&str, &str)]) {
    gives("JSONPath", state, expected);
}

#[track_caller]
fn ata(state: Json, expected: &[(&str, &str)]) {
    gives("JSONata", state, expected);
}

fn with(state: &str, fields: Json) -> Json {
    let mut whole = json!({"Type": state, "End": true});
    if state == "Task" {
        whole["Resource"] = "arn:aws:states:::sns:publish".into();
    }
    whole.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    whole
}

#[test]
fn a_fault_is_told_whole_with_its_page() {
    let (_, found) =
        Definition::read(&json!({"StartAt": "A", "States": {"A": {"Type": "Pass", "Assing": {}, "End": true}}}));
    assert_eq!(
        found[0].to_string(),
        "error[SCHEMA_VALIDATION_FAILED]: `Assing` is not a field of a JSONPath `Pass`; expected only fields that it has\n  \
         at   /States/A/Assing\n  \
         help did you mean `Assign`?\n  \
         docs https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html"
    );
}

#[test]
fn a_workflow_has_states_and_a_start() {
    let of =
        |definition: Json| faults(&definition).into_iter().map(|(at, message, _)| (at, message)).collect::<Vec<_>>();
    let fault = |at: &str, message: &str| vec![(at.to_owned(), message.to_owned())];
    assert_eq!(of(json!({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}})), []);
    assert_eq!(
        of(json!({"StartAt": "A"})),
        fault("/States", "the workflow has no `States`; expected at least one state")
    );
    assert_eq!(of(json!({})).len(), 2, "`StartAt` is missing too");
    let empty = "the workflow has no states; expected at least one in `States`";
    assert_eq!(of(json!({"States": {}})), fault("/States", empty));
    let start = "the workflow has no `StartAt`; expected the name of its first state";
    assert_eq!(of(json!({"States": {"A": {"Type": "Succeed"}}})), fault("/StartAt", start));
    assert_eq!(of(json!([])), fault("", "the workflow is []; expected an object"));
    assert_eq!(
        of(json!({"StartsAt": "A", "StartAt": "A", "States": {"A": {"Type": "Tsk"}, "B": 5, "C": {}, "D": {"Type": 1}}})),
        [
            (
                "/StartsAt",
                "`StartsAt` is not a field of a workflow; expected one of Comment QueryLanguage StartAt States TimeoutSeconds Version"
            ),
            (
                "/States/A/Type",
                "`Tsk` is not a type of states; expected one of Choice, Fail, Map, Parallel, Pass, Succeed, Task, Wait"
            ),
            ("/States/B", "the state is 5; expected an object"),
            ("/States/C", "the state has no `Type`; expected one"),
            ("/States/D/Type", "`Type` is 1; expected a type of states"),
        ]
        .map(|(at, message)| (at.to_owned(), message.to_owned()))
    );
    let query_language = "`QueryLanguage` is \"Jsonata\"; expected JSONata or JSONPath";
    assert_eq!(
        faults(&json!({"QueryLanguage": "Jsonata", "StartAt": "A", "States": {"A": {"Type": "Succeed"}}})),
        [("/QueryLanguage".to_owned(), query_language.to_owned(), Some("did you mean `JSONata`?".to_owned()))]
    );
}

#[test]
fn a_state_has_the_fields_of_its_language() {
    ata(with("Pass", json!({"Output": 1})), &[]);
    path(with("Pass", json!({"Result": 1})), &[]);
    let definition = json!({"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": with("Pass", json!({"ResultPath": "$.a"})),
    }});
    assert_eq!(
        faults(&definition)[0].2.as_deref(),
        Some("JSONPath has it; a state has the fields of one query language")
    );
}

#[test]
fn a_state_goes_somewhere_or_ends() {
    path(json!({"Type": "Pass"}), &[("", "the `Pass` has no `Next` or `End`; expected one")]);
    path(with("Pass", json!({"Next": "A"})), &[("", "the `Pass` has `Next` and `End`; expected one of them")]);
    path(with("Wait", json!({"Seconds": 1})), &[]);
    path(
        with("Wait", json!({})),
        &[("", "the `Wait` has no `Seconds` or `SecondsPath` or `Timestamp` or `TimestampPath`; expected one")],
    );
    path(
        with("Wait", json!({"Seconds": 1, "Timestamp": "2026-12-01T08:00:00Z"})),
        &[("", "the `Wait` has `Seconds` and `Timestamp`; expected one of them")],
    );
    path(
        json!({"Type": "Fail", "Error": "E", "ErrorPath": "$.e"}),
        &[("", "the `Fail` has `Error` and `ErrorPath`; expected one of them")],
    );
}

#[test]
fn what_must_be_there_is_there() {
    path(
        json!({"Type": "Task", "Retry": [{}], "Catch": [{"Next": "A"}], "Credentials": {}, "End": true}),
        &[
            ("", "the `Task` has no `Resource`; expected the ARN of what it calls"),
            ("/Catch/0", "this element of `Catch` has no `ErrorEquals`; expected one"),
            ("/Credentials", "`Credentials` has no `RoleArn`; expected the role that the task is run with"),
            ("/Retry/0", "this element of `Retry` has no `ErrorEquals`; expected one"),
        ],
    );
    path(
        with("Parallel", json!({"Branches": [{"StartAt": "X"}]})),
        &[("/Branches/0/States", "the branch has no `States`; expected at least one state")],
    );
    path(with("Parallel", json!({"Branches": []})), &[("/Branches", "`Branches` is empty; expected at least one")]);
    path(with("Parallel", json!({})), &[("/Branches", "the `Parallel` has no `Branches`; expected at least one")]);
    path(json!({"Type": "Choice", "Choices": []}), &[("/Choices", "`Choices` is empty; expected at least one")]);
    path(
        with("Map", json!({})),
        &[("/ItemProcessor", "the `Map` has no `ItemProcessor`; expected the states that each item goes through")],
    );
}

#[test]
fn a_typo_inside_a_retrier_a_catcher_or_a_rule_is_found() {
    let definition = json!({"StartAt": "A", "States": {
        "A": with("Task", json!({
            "Retry": [{"ErrorEquals": ["E"], "IntervalSecond": 1}],
            "Catch": [{"ErrorEquals": ["E"], "Next": "B", "ResultsPath": "$"}],
        })),
        "B": {"Type": "Choice", "Choices": [
            {"Variable": "$.a", "BooleanLessThan": true, "Next": "A"},
            {"Not": {"Variabel": "$.a", "IsNull": true}, "Next": "A"},
        ]},
    }});
    let found = faults(&definition);
    let found: Vec<(&str, &str, Option<&str>)> =
        found.iter().map(|(at, message, help)| (at.as_str(), message.as_str(), help.as_deref())).collect();
    assert_eq!(
        found,
        [
            (
                "/States/A/Catch/0/ResultsPath",
                "`ResultsPath` is not a field of a JSONPath catcher; expected only fields that it has",
                Some("did you mean `ResultPath`?")
            ),
            (
                "/States/A/Retry/0/IntervalSecond",
                "`IntervalSecond` is not a field of a retrier; expected only fields that it has",
                Some("did you mean `IntervalSeconds`?")
            ),
            (
                "/States/B/Choices/0/BooleanLessThan",
                "`BooleanLessThan` is not a comparison operator; expected one such as `StringEquals`",
                None
            ),
            (
                "/States/B/Choices/1/Not/Variabel",
                "`Variabel` is not a field of a rule inside of another; expected only fields that it has",
                Some("did you mean `Variable`?")
            ),
        ]
    );
}

#[test]
fn a_rule_asks_one_thing() {
    let rule = |rule: Json, expected: &[(&str, &str)]| {
        let mut rule = rule;
        rule["Next"] = "A".into();
        path(json!({"Type": "Choice", "Choices": [rule]}), expected);
    };
    rule(json!({"Variable": "$.a", "StringEquals": "b"}), &[]);
    rule(
        json!({"And": [{"Variable": "$.a", "IsNull": true}, {"Not": {"Variable": "$.b", "NumericEqualsPath": "$.c"}}]}),
        &[],
    );
    rule(
        json!({"Variable": "$.a"}),
        &[("/Choices/0", "the rule has no operator; expected one such as `StringEquals`")],
    );
    rule(
        json!({"Variable": "$.a", "IsNull": true, "StringEquals": "b"}),
        &[("/Choices/0", "the rule has `IsNull` and `StringEquals`; expected one of them")],
    );
    rule(json!({"IsNull": true}), &[("/Choices/0", "the rule has no `Variable`; expected a path")]);
    rule(
        json!({"And": [{"Variable": "$.a", "IsNull": true, "Next": "A"}]}),
        &[(
            "/Choices/0/And/0/Next",
            "`Next` is not a field of a rule inside of another; expected only fields that it has",
        )],
    );
    rule(
        json!({"Variable": "$.a", "NumericEquals": "5"}),
        &[("/Choices/0/NumericEquals", "`NumericEquals` is \"5\"; expected a number")],
    );
    rule(
        json!({"Variable": "$.a", "TimestampEquals": "noon"}),
        &[(
            "/Choices/0/TimestampEquals",
            "`TimestampEquals` is \"noon\"; expected one such as \"2026-01-01T00:00:00Z\"",
        )],
    );
    let condition = |condition: Json| json!({"Type": "Choice", "Choices": [{"Condition": condition, "Next": "A"}]});
    ata(condition(json!("{% $states.input.a %}")), &[]);
    ata(condition(json!(true)), &[]);
    ata(
        condition(json!("$states.input.a")),
        &[(
            "/Choices/0/Condition",
            "`Condition` is \"$states.input.a\"; expected a JSONata expression between `{%` and `%}`, or true or false",
        )],
    );
}

#[test]
fn numbers_stay_in_their_ranges() {
    path(
        with(
            "Task",
            json!({"Retry": [{
                "ErrorEquals": ["E"], "IntervalSeconds": 1, "BackoffRate": 1.0, "MaxAttempts": 0, "MaxDelaySeconds": 1,
            }]}),
        ),
        &[],
    );
    path(
        with(
            "Task",
            json!({"Retry": [{
                "ErrorEquals": ["E"], "IntervalSeconds": 0, "BackoffRate": 0.5, "MaxAttempts": 1.5,
                "MaxDelaySeconds": 31_622_401, "JitterStrategy": "HALF",
            }]}),
        ),
        &[
            ("/Retry/0/BackoffRate", "`BackoffRate` is 0.5; expected at least 1"),
            ("/Retry/0/IntervalSeconds", "`IntervalSeconds` is 0; expected 1 to 99999999"),
            ("/Retry/0/JitterStrategy", "`JitterStrategy` is \"HALF\"; expected FULL or NONE"),
            ("/Retry/0/MaxAttempts", "`MaxAttempts` is 1.5; expected an integer"),
            ("/Retry/0/MaxDelaySeconds", "`MaxDelaySeconds` is 31622401; expected 1 to 31622400"),
        ],
    );
    path(
        with("Task", json!({"TimeoutSeconds": null, "HeartbeatSeconds": "5"})),
        &[
            ("/HeartbeatSeconds", "`HeartbeatSeconds` is \"5\"; expected an integer, 1 to 99999999"),
            ("/TimeoutSeconds", "`TimeoutSeconds` is null; expected an integer, 1 to 99999999"),
        ],
    );
    ata(with("Task", json!({"TimeoutSeconds": "{% 0 %}"})), &[]);
}

#[test]
fn what_cannot_be_read_is_refused() {
    ata(
        with("Pass", json!({"Output": {"a": ["{% 1 + %}"]}})),
        &[("/Output/a/0", "the JSONata expression `1 +` cannot be read: S0207: Unexpected end of expression")],
    );
    path(
        with("Pass", json!({"InputPath": "nope", "ResultPath": "$.a[*]", "Parameters": {"a.$": "States.Fromat('b')"}})),
        &[
            ("/InputPath", "`n` stands at column 1 of `nope`; expected `$`"),
            ("/Parameters/a.$", "`States.Fromat` is no intrinsic function; did you mean `States.Format`?"),
            ("/ResultPath", "`ResultPath` is \"$.a[*]\"; expected `$` with fields and indices only"),
        ],
    );
    path(
        with("Wait", json!({"Timestamp": "tomorrow"})),
        &[("/Timestamp", "`Timestamp` is \"tomorrow\"; expected one such as \"2026-01-01T00:00:00Z\"")],
    );
    path(
        with("Pass", json!({"Assign": {"a": 1, "b.$": "$.c", "states": 1, "d-e": 1, "_f": 1}})),
        &[
            (
                "/Assign/_f",
                "`_f` is no name of a variable; expected a letter followed by letters, digits and underscores, at most 80, and not `states`",
            ),
            (
                "/Assign/d-e",
                "`d-e` is no name of a variable; expected a letter followed by letters, digits and underscores, at most 80, and not `states`",
            ),
            (
                "/Assign/states",
                "`states` is no name of a variable; expected a letter followed by letters, digits and underscores, at most 80, and not `states`",
            ),
        ],
    );
}

#[test]
fn the_parts_of_a_map_have_their_fields() {
    let processor = json!({
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRES"},
        "QueryLanguage": "JSONata",
        "StartAt": "B",
        "States": {"B": {"Type": "Succeed"}},
    });
    let reader = json!({"ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Succeed"}}}, "ItemReader": {}});
    ata(
        with("Map", reader),
        &[("/ItemReader", "the `ItemReader` has no `Resource`; expected the ARN of what reads the items")],
    );
    ata(
        with(
            "Map",
            json!({
                "ItemProcessor": processor,
                "Items": "list",
                "Label": "l".repeat(41),
                "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "Parameters": {}, "ReaderConfig": {"InputType": "CVS"}},
                "ItemBatcher": {"MaxItemsPerBatch": -1},
                "ResultWriter": {"WriterConfig": {"Transformation": "FLAT"}},
                "MaxConcurrencyPath": "$.n",
            }),
        ),
        &[
            ("/ItemBatcher/MaxItemsPerBatch", "`MaxItemsPerBatch` is -1; expected at least 0"),
            (
                "/ItemProcessor/ProcessorConfig/ExecutionType",
                "`ExecutionType` is \"EXPRES\"; expected STANDARD or EXPRESS",
            ),
            (
                "/ItemProcessor/QueryLanguage",
                "`QueryLanguage` is not a field of an item processor; expected only fields that it has",
            ),
            (
                "/ItemReader/Parameters",
                "`Parameters` is not a field of an `ItemReader`; expected only fields that it has",
            ),
            (
                "/ItemReader/ReaderConfig/InputType",
                "`InputType` is \"CVS\"; expected CSV, JSON, JSONL, MANIFEST or PARQUET",
            ),
            ("/Items", "`Items` is \"list\"; expected an array, an object, or a JSONata expression for one"),
            ("/Label", &format!("`Label` is \"{}\"; expected at most 40 characters", "l".repeat(41))),
            (
                "/MaxConcurrencyPath",
                "`MaxConcurrencyPath` is not a field of a JSONata `Map`; expected only fields that it has",
            ),
            (
                "/ResultWriter/WriterConfig/Transformation",
                "`Transformation` is \"FLAT\"; expected NONE, COMPACT or FLATTEN",
            ),
        ],
    );
}

#[test]
fn a_value_that_a_token_hides_is_no_fault_and_cannot_be_run() {
    let definition = json!({"StartAt": "A", "States": {
        "A": with("Wait", json!({"InputPath": "${Path}", "Seconds": "${Seconds}", "Comment": "${Free}"})),
        "B": with("Pass", json!({"QueryLanguage": "JSONata", "Output": ["{% ${Number} + 1 %}", "{% '${Text}' %}", "{% 1 + %}"]})),
    }});
    let (read, found) = Definition::read(&definition);
    let found: Vec<&str> = found.iter().map(|fault| &*fault.path).collect();
    assert_eq!(found, ["/States/B/Output/2"]);
    let unresolved: Vec<(&str, &str)> =
        read.all_unresolved().map(|fault| (&*fault.path, fault.message.as_str())).collect();
    assert_eq!(
        unresolved,
        [
            ("/States/A/InputPath", "the value of `${Path}` is not known; expected one to run the definition with"),
            ("/States/A/Seconds", "the value of `${Seconds}` is not known; expected one to run the definition with"),
            ("/States/B/Output/0", "the value of `${Number}` is not known; expected one to run the definition with"),
        ]
    );
}

#[test]
fn a_token_as_a_target_is_no_fault_and_cannot_be_run() {
    let rule = json!({"Variable": "$.a", "IsNull": true, "Next": "${Rule}"});
    let definition = json!({"StartAt": "${Start}", "States": {
        "A": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Next": "${Next}",
              "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "${Catch}"}]},
        "B": {"Type": "Choice", "Choices": [rule], "Default": "${Default}"},
        "C": {"Type": "Succeed"},
    }});
    assert_eq!(crate::asl::validate::definition(&definition), []);
    let (read, _) = Definition::read(&definition);
    let mut found: Vec<&str> = read.all_unresolved().map(|fault| &*fault.path).collect();
    found.sort_unstable();
    assert_eq!(
        found,
        ["/StartAt", "/States/A/Catch/0/Next", "/States/A/Next", "/States/B/Choices/0/Next", "/States/B/Default"]
    );
    // A run cannot begin without the first state; the others are needed where it comes to them.
    let found = crate::asl::run::Machine::new(&definition).unwrap_err();
    assert_eq!(found.iter().map(|fault| &*fault.path).collect::<Vec<_>>(), ["/StartAt"]);
}

#[test]
fn a_machine_is_refused_for_its_faults_and_its_tokens_at_once() {
    let definition =
        json!({"StartAt": "A", "States": {"A": with("Wait", json!({"Seconds": "${N}", "InputPath": "nope"}))}});
    let found = crate::asl::run::Machine::new(&definition).unwrap_err();
    let found: Vec<&str> = found.iter().map(|fault| &*fault.path).collect();
    assert_eq!(found, ["/States/A/InputPath", "/States/A/Seconds"]);
}

#[test]
fn one_fault_is_told_once() {
    ata(
        with("Task", json!({"TimeoutSeconds": 1, "TimeoutSecondsPath": "$.t"})),
        &[(
            "/TimeoutSecondsPath",
            "`TimeoutSecondsPath` is not a field of a JSONata `Task`; expected only fields that it has",
        )],
    );
    ata(with("Wait", json!({})), &[("", "the `Wait` has no `Seconds` or `Timestamp`; expected one")]);
    path(
        with("Map", json!({"ItemProcessor": null})),
        &[("/ItemProcessor", "`ItemProcessor` is null; expected an object")],
    );
    let misspelt =
        json!({"QueryLanguage": "jsonata", "StartAt": "A", "States": {"A": with("Pass", json!({"Output": 1}))}});
    assert_eq!(faults(&misspelt).len(), 1);
    let nowhere =
        json!({"StartAt": "A", "States": {"A": {"Type": "Pass", "Nxt": "B"}, "B": {"Type": "Pass", "Next": "A"}}});
    let found = crate::asl::validate::definition(&nowhere);
    let found: Vec<&str> = found.iter().map(|fault| fault.message.as_str()).collect();
    assert_eq!(
        found,
        [
            "the `Pass` has no `Next` or `End`; expected one",
            "`Nxt` is not a field of a JSONPath `Pass`; expected only fields that it has",
        ]
    );
}

#[test]
fn a_long_text_is_cut_in_a_message() {
    let definition = json!({"StartAt": "A", "States": {"A": with("Pass", json!({"InputPath": "x".repeat(100_000)}))}});
    assert!(faults(&definition)[0].1.len() < 1_000);
}
