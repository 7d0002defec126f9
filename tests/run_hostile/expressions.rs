//! Texts of expressions: JSONPath, JSONata and intrinsic functions.

use formwork::asl::run::{Machine, Status};
use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Value as Json, json};

use crate::{
    arbitrary::input,
    cases::{cases, damaged},
    failure, finish, jsonata, machine,
};

const PATHS: &[&str] = &[
    "$",
    "$$",
    "@",
    ".",
    "..",
    "[",
    "]",
    "(",
    ")",
    "?",
    "*",
    ",",
    ":",
    "-",
    "0",
    "99999999999",
    "-1",
    "'a'",
    "\"b\"",
    "'",
    "\\",
    "a",
    "list",
    "length()",
    "==",
    "!=",
    "<",
    ">=",
    "=~",
    "/a.*/i",
    "/(a+)+$/",
    "in ",
    "nin ",
    "&&",
    "||",
    "!",
    " ",
    "null",
    "1.5",
    "1e400",
    "é",
    "\u{1f600}",
    "[?(@.a",
    ")]",
    "[0]",
    "[*]",
    "[::-1]",
    "[-9223372036854775808:9223372036854775807:1]",
    "$x",
    "Map.Item.Value",
    "Execution",
    "[?(@..a)]",
    "..*",
    "States.Format(",
    "'{}'",
    "States.Array(",
    "States.JsonToString(",
    "States.MathAdd(",
    "States.ArrayRange(",
    "9223372036854775807",
];

const JSONATA: &[&str] = &[
    "$",
    "$$",
    "%",
    "*",
    "**",
    ".",
    "..",
    "[",
    "]",
    "(",
    ")",
    "{",
    "}",
    "?",
    ":",
    ";",
    ",",
    ":=",
    "=",
    "!=",
    "<",
    ">=",
    "&",
    "+",
    "-",
    "/",
    "~>",
    "^(",
    "@$v",
    "#$i",
    "|",
    "??",
    "?:",
    "and ",
    "or ",
    "in ",
    "function($x){",
    "λ($x){",
    "$x",
    "$f",
    "$states",
    "$states.input",
    ".input",
    ".list",
    "a",
    "b",
    "`x y`",
    "'s'",
    "\"t\"",
    "1",
    "0",
    "-1",
    "1e308",
    "9007199254740993",
    "null",
    "true",
    "/a(b)*/i",
    "/(a+)+b/",
    "/*",
    "*/",
    " ",
    "\\",
    "\u{1f600}",
    "é",
    "$map(",
    "$reduce(",
    "$string(",
    "$join(",
    "$pad(",
    "$eval(",
    "$sort(",
    "$replace(",
    "$match(",
    "$split(",
    "$formatNumber(",
    "$fromMillis(",
    "$toMillis(",
    "$formatInteger(",
    "$parseInteger(",
    "$range(",
    "$partition(",
    "$hash(",
    "$parse(",
    "$uuid()",
    "$random()",
    "$now()",
    "$error(",
    "$assert(",
    "$single(",
    "$sift(",
    "$each(",
    "$merge(",
    "$spread(",
    "$lookup(",
    "$zip(",
    "$shuffle(",
    "$distinct(",
    "$formatBase(",
    "$base64decode(",
    "$decodeUrl(",
    "$round(",
    "$power(",
    "$sqrt(",
    "$substring(",
    "[1..10]",
    "[-9223372036854775808..1]",
];

fn in_jsonpath(text: &str, input: Json) {
    for definition in [
        json!({"Type": "Pass", "InputPath": text, "End": true}),
        json!({"Type": "Pass", "OutputPath": text, "ResultPath": text, "End": true}),
        json!({"Type": "Pass", "Parameters": {"a.$": text}, "End": true}),
        json!({"Type": "Choice", "Choices": [{"Variable": text, "StringEqualsPath": text, "Next": "A"}], "Default": "B"}),
        json!({"Type": "Wait", "SecondsPath": text, "End": true}),
        json!({"Type": "Fail", "CausePath": text, "ErrorPath": text}),
    ] {
        let states = json!({"A": definition, "B": {"Type": "Succeed"}});
        if let Ok(machine) = Machine::new(&json!({"StartAt": "A", "States": states})) {
            finish(machine.run(input.clone()));
        } else if let Ok(machine) = Machine::new(&json!({"StartAt": "A", "States": {"A": definition}})) {
            finish(machine.run(input.clone()));
        }
    }
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn any_path_or_call_is_refused_or_run(pieces in vec(select(PATHS), 0..12), noise in any::<String>(), input in input()) {
        let soup = pieces.concat();
        for text in [soup.clone(), format!("${soup}"), format!("States.Array({soup})"), noise] {
            in_jsonpath(&text, input.clone());
        }
    }

}

proptest! {
    #![proptest_config(cases(180))]

    #[test]
    fn any_jsonata_is_refused_or_run(pieces in vec(select(JSONATA), 0..14), noise in any::<String>(), input in input()) {
        for text in [pieces.concat(), pieces.join(" "), noise] {
            if let Ok(machine) = jsonata(&text) {
                finish(machine.run(input.clone()));
            }
        }
    }

    #[test]
    fn a_valid_jsonata_expression_is_run(text in expression(), input in input()) {
        if let Ok(machine) = jsonata(&text) {
            let outcome = finish(machine.run(input));
            if *outcome.status() == Status::Failed {
                let (error, cause) = failure(&outcome);
                prop_assert!(error == "States.QueryEvaluationError" || error == "States.DataLimitExceeded", "{error}");
                // What the library says of itself is nothing that the service says.
                prop_assert!(!cause.contains("panic") && !cause.contains("unreachable"), "{cause}");
            }
        }
    }

    #[test]
    fn a_damaged_jsonata_expression_is_refused_or_run(
        text in expression(), at in any::<prop::sample::Index>(), insert in select(JSONATA),
    ) {
        if let Ok(machine) = jsonata(&damaged(&text, at, insert)) {
            finish(machine.run(json!({"a": 1, "list": [{"a": "x"}, 2]})));
        }
    }
}

fn expression() -> impl Strategy<Value = String> {
    let leaves = &[
        "1",
        "-0",
        "1e308",
        "9007199254740993",
        "'a'",
        "''",
        "'☕'",
        "true",
        "null",
        "$",
        "$$",
        "a",
        "list",
        "$states.input",
        "$states.input.a",
        "$states.input.list",
        "$states.context",
        "$states.context.State.Name",
        "$x",
        "$y",
        "[]",
        "{}",
        "[1..5]",
        "[1,'a',null]",
        "{'a': 1}",
        "*",
        "**",
        "/a/",
        "$string",
        "$nothing",
    ][..];
    select(leaves).prop_map(str::to_owned).prop_recursive(6, 50, 3, |inner| {
        let one = || inner.clone();
        let operators =
            select(&["+", "-", "*", "/", "%", "&", "=", "!=", "<", "<=", "and", "or", "in", "..", ".", "~>", "??"][..]);
        let functions = select(
            &[
                "string",
                "count",
                "append",
                "join",
                "keys",
                "merge",
                "reverse",
                "distinct",
                "spread",
                "exists",
                "boolean",
                "length",
                "uppercase",
                "split",
                "contains",
                "zip",
                "lookup",
                "type",
                "number",
                "sum",
                "max",
                "average",
                "pad",
                "substring",
                "substringBefore",
                "replace",
                "sort",
                "map",
                "filter",
                "reduce",
                "each",
                "sift",
                "single",
                "formatNumber",
                "formatBase",
                "formatInteger",
                "parseInteger",
                "shuffle",
                "partition",
                "range",
                "hash",
                "parse",
                "match",
                "toMillis",
                "fromMillis",
                "base64encode",
                "base64decode",
                "encodeUrl",
                "decodeUrlComponent",
                "power",
                "sqrt",
                "round",
                "abs",
                "floor",
                "error",
                "assert",
                "eval",
                "now",
                "millis",
                "uuid",
                "random",
                "x",
            ][..],
        );
        prop_oneof![
            (one(), operators, one()).prop_map(|(a, op, b)| format!("({a} {op} {b})")),
            (one(), one()).prop_map(|(a, b)| format!("{a}.({b})")),
            (one(), one()).prop_map(|(a, b)| format!("{a}[{b}]")),
            (one(), one()).prop_map(|(a, b)| format!("[{a}, {b}]")),
            (one(), one()).prop_map(|(a, b)| format!("{{'k': {a}, 'l': {b}}}")),
            (one(), one()).prop_map(|(a, b)| format!("{a}{{$string({b}): $}}")),
            (one(), one()).prop_map(|(a, b)| format!("{a}^({b})")),
            (one(), one(), one()).prop_map(|(a, b, c)| format!("({a} ? {b} : {c})")),
            (one(), one()).prop_map(|(a, b)| format!("($x := {a}; $y := {b}; $x)")),
            (one(), one()).prop_map(|(a, b)| format!("($x := function($y) {{ {a} }}; $x({b}))")),
            (functions.clone(), one()).prop_map(|(name, a)| format!("${name}({a})")),
            (functions.clone(), one(), one()).prop_map(|(name, a, b)| format!("${name}({a}, {b})")),
            (functions.clone(), one(), one())
                .prop_map(|(name, a, b)| format!("${name}({a}, function($x, $y) {{ {b} }})")),
            (functions.clone(), one(), one(), one()).prop_map(|(name, a, b, c)| format!("${name}({a}, {b}, {c})")),
            (functions.clone(), one()).prop_map(|(name, a)| format!("${name}(?, {a})")),
            (functions, one()).prop_map(|(name, a)| format!("{a} ~> ${name}")),
            (one(), one()).prop_map(|(a, b)| format!("{a} ~> |{b}|{{'z': 1}}|")),
            (one(), one()).prop_map(|(a, b)| format!("{a}@$x.{b}")),
            (one(), one()).prop_map(|(a, b)| format!("{a}#$x.{b}")),
        ]
    })
}

/// The end of the cause that an expression fails with.
fn thrown(expression: &str) -> String {
    let (error, cause) = failure(&finish(jsonata(expression).expect("it is valid").run(json!({"list": vec![1; 100]}))));
    assert_eq!(error, "States.QueryEvaluationError");
    let begin = format!(
        "An error occurred while executing the state 'A' (entered at the event id #2). The JSONata expression \
         '{expression}' specified for the field 'Output' "
    );
    cause.strip_prefix(&begin).map(str::to_owned).expect("it is a failure of the expression")
}

#[test]
fn jsonata_that_wants_too_much_gets_the_errors_of_the_service() {
    let memory = "threw an error during evaluation: Expression evaluation memory limit exceeded: Check for excessive memory usage";
    for text in ["$range(1, 1e15, 1)", "[1..1e15]", "$pad('x', 1e15)", "($f := function($s) { $f($s & $s) }; $f('x'))"]
    {
        assert_eq!(thrown(text), memory, "{text}");
    }
    let stack = "threw an error during evaluation: Stack overflow error: Check for non-terminating recursive function. \
                 Consider rewriting as tail-recursive. Depth=101 max=100";
    for text in [
        "($f := function($n) { 1 + $f($n) }; $f(1))",
        "($f := function($n) { $g($n) + 1 }; $g := function($n) { $f($n) + 1 }; $f(1))",
        "($y := function($f) { $f($f) + 1 }; $y($y))",
    ] {
        assert_eq!(thrown(text), stack, "{text}");
    }
    // Deeper than the parser goes.
    assert!(jsonata(&format!("{}1{}", "(".repeat(100_000), ")".repeat(100_000))).is_err());
    assert!(jsonata(&"[".repeat(100_000)).is_err());
    // A chain of operators is no more than that to the service, until it is evaluated.
    assert_eq!(thrown(&vec!["1"; 100_000].join("+")), stack);
    // As deep as it goes.
    let nested = jsonata(&format!("{}1{}", "(".repeat(900), ")".repeat(900))).expect("it is valid");
    assert_eq!(failure(&finish(nested.run(json!({})))).0, "States.QueryEvaluationError");
    // As many names as there is room for.
    let names = (0..20_000).map(|i| format!("$n{i} := {i}")).collect::<Vec<_>>().join(";");
    assert_eq!(finish(jsonata(&format!("({names})")).expect("it is valid").run(json!({}))).output(), json!(19_999));
}

#[test]
fn jsonata_that_never_ends_is_ended_by_the_clock() {
    let timeout = "threw an error during evaluation: Expression evaluation timeout: Check for infinite loop";
    assert_eq!(thrown("($f := function() { $f() }; $f())"), timeout);
}

#[test]
fn paths_that_look_at_everything_again_and_again_are_ended() {
    let wide = json!({"list": (0..1_500).map(|i| json!({"a": i, "b": [i]})).collect::<Vec<_>>()});
    let deep = (0..120).fold(json!(vec![1; 20_000]), |inner, _| json!({"a": inner}));
    for (path, input) in
        [("$.list[?(@.a in $..a)]", &wide), ("$..*..*..*", &wide), ("$..*", &deep), ("$..['a']", &deep)]
    {
        let outcome = finish(
            machine("JSONPath", json!({"A": {"Type": "Pass", "InputPath": path, "End": true}})).run(input.clone()),
        );
        assert_ne!(outcome.status(), Status::Aborted);
    }
    let chain = (0..200).fold(json!(1), |inner, _| json!({"a": inner}));
    let path = "$..[?(@..[?(@..[?(@..[?(@..x)])])])]";
    let pass = machine("JSONPath", json!({"A": {"Type": "Pass", "InputPath": path, "End": true}}));
    let (error, cause) = failure(&finish(pass.run(chain)));
    assert_eq!(error, "States.Runtime");
    let end = format!("Invalid path '{path}' : More than 4000000 values were looked at for path: {path}");
    assert!(cause.ends_with(&end), "{cause}");
}
