use proptest::{collection::vec, prelude::*, sample::select, test_runner::RngSeed};
use serde_json::json;

use super::{step::is_definite, *};

#[track_caller]
fn give(input: Json, path: &str, output: Json) {
    let path = PathExpression::parse(path).unwrap();
    assert_eq!(path.find(&input).unwrap().into_owned(), output, "{}", path.text());
}

#[track_caller]
fn miss(input: Json, path: &str, message: &str) {
    assert_eq!(PathExpression::parse(path).unwrap().find(&input).unwrap_err().to_string(), message);
}

#[track_caller]
fn refuse(path: &str, message: &str) {
    assert_eq!(PathExpression::parse(path).unwrap_err(), message);
}

#[track_caller]
fn set(input: Json, path: &str, output: Json) {
    assert_eq!(PathExpression::parse(path).unwrap().set(input, json!(1)), Ok(output));
}

fn books() -> Json {
    json!({"limit": 10, "books": [
        {"title": "Sayings", "price": 8.95},
        {"title": "Sword", "price": 12.99, "isbn": "0-1"},
        {"title": "Moby", "price": 10, "isbn": null, "tags": ["sea", "whale"]},
    ]})
}

fn titles(filter: &str, titles: Json) {
    give(books(), &format!("$.books[?({filter})].title"), titles);
}

#[test]
fn a_path_starts_at_the_input_the_context_or_a_variable() {
    let root = |path| PathExpression::parse(path).unwrap().root().clone();
    assert_eq!(root("$"), Root::Input);
    assert_eq!(root("$.a"), Root::Input);
    assert_eq!(root("$$.Execution.Input.input-value"), Root::Context);
    assert_eq!(root("$größe_1[0]"), Root::Variable("größe_1".to_owned()));
    give(json!({"a": 1}), "$x.a", json!(1));
    let first = |path| PathExpression::parse(path).unwrap().first_field().map(str::to_owned);
    assert_eq!(first("$$.Map.Item").as_deref(), Some("Map"));
    assert_eq!(["$$", "$$..Item", "$$[*]", "$$['a','b']"].map(first), [const { None }; 4]);
}

#[test]
fn fields() {
    give(json!({"a": {"b": null}}), "$.a.b", json!(null));
    give(json!({"a": {"b": 1}}), "$['a'][\"b\"]", json!(1));
    give(json!({"abc": {"def ghi": 1}}), "$.abc.['def ghi']", json!(1));
    give(json!({"delivery-partner": 1, "x:y/#z": 2}), "$.delivery-partner", json!(1));
    give(json!({"delivery-partner": 1, "x:y/#z": 2}), "$.x:y/#z", json!(2));
    give(json!({"Test\\\"\"Name\"": 1}), "$['Test\\\"\"Name\"']", json!(1));
    give(json!({"it's": 1}), "$['it\\'s']", json!(1));
    give(json!({"a\\\\": 1}), "$['a\\\\']", json!(1));
    give(json!({"a": 1, "b": 2, "c": 3}), "$['a', 'c', 'x']", json!({"a": 1, "c": 3}));
    give(json!([{"a": 1}, 2, {"a": 3, "b": 4}]), "$[*]['a','b']", json!([{"a": 1}, {"a": 3, "b": 4}]));
}

#[test]
fn elements() {
    give(json!([1, 2, 3]), "$[0]", json!(1));
    // Seen on AWS: nothing has a negative index, and the length is there to count with.
    miss(json!([1, 2, 3]), "$[-2]", "Index out of bounds when evaluating path $[-2]");
    miss(json!({"a": [{"b": 1}]}), "$.a[-1].b", "Index out of bounds when evaluating path $['a'][-1]");
    give(json!([[1, 2], [3]]), "$[*][-1]", json!([]));
    give(json!([1, 2, 3]), "$[0,-1]", json!([1]));
    give(json!([[1, 2], [3]]), "$[*][(@.length-2)]", json!([1]));
    give(json!([{"b": 1}]), "$[(@.length-1)].b", json!(1));
    miss(json!([]), "$[(@.length-1)]", "Index out of bounds when evaluating path $[(@.length-1)]");
    give(json!([1, 2, 3]), "$[(@.length-1)]", json!(3));
    give(json!([1, 2, 3]), "$[ 0 , 2, 7 ]", json!([1, 3]));
    give(json!([1, 2, 3]), "$[*]", json!([1, 2, 3]));
    give(json!({"a": 1, "b": [2]}), "$.*", json!([1, [2]]));
    give(json!([0, 1, 2, 3]), "$[1:]", json!([1, 2, 3]));
    give(json!([0, 1, 2, 3]), "$[:2]", json!([0, 1]));
    give(json!([0, 1, 2, 3]), "$[:-1]", json!([0, 1, 2]));
    give(json!([0, 1, 2, 3]), "$[-3:-1]", json!([1, 2]));
    give(json!([0, 1, 2, 3]), "$[0:9:2]", json!([0, 2]));
    give(json!([0, 1, 2, 3]), "$[::-2]", json!([3, 1]));
    give(json!([0, 1, 2, 3]), "$[9:]", json!([]));
}

#[test]
fn descents() {
    let input = json!({"a": {"n": 1, "b": [{"n": 2}, [3, 4]]}});
    give(input.clone(), "$..n", json!([1, 2]));
    give(input.clone(), "$..[0]", json!([{"n": 2}, 3]));
    give(input.clone(), "$..b[1][*]", json!([3, 4]));
    give(input.clone(), "$..['n']", json!([1, 2]));
    give(input.clone(), "$..[?(@.n > 1)]", json!([{"n": 2}]));
    give(input, "$..['n','b']", json!([{"n": 1, "b": [{"n": 2}, [3, 4]]}]));
    give(json!({"a": [1]}), "$..*", json!([[1], 1]));
}

#[test]
fn filters() {
    titles("@.price < 10", json!(["Sayings"]));
    titles("@.price<=10", json!(["Sayings", "Moby"]));
    titles("@.price >= $.limit", json!(["Sword", "Moby"]));
    titles("10 < @.price", json!(["Sword"]));
    titles("@.title == 'Moby'", json!(["Moby"]));
    titles("@.title == \"Moby\"", json!(["Moby"]));
    titles("@.title == Moby", json!(["Moby"]));
    titles("@.price == '10'", json!(["Moby"]));
    titles("@.isbn", json!(["Sword", "Moby"]));
    titles("!@.isbn", json!(["Sayings"]));
    titles("@.isbn == null", json!(["Moby"]));
    titles("@.isbn != null", json!(["Sword"]));
    titles("@.tags[*]", json!(["Moby"]));
    titles("@.tags[?(@.x)]", json!([]));
    titles("@.tags[1] == 'whale'", json!(["Moby"]));
    titles("@['price'] > 9 && (@.isbn == null || @.title =~ /s.*/i)", json!(["Sword", "Moby"]));
    titles("!(@.price > 9) || @.isbn == null", json!(["Sayings", "Moby"]));
    titles("@.title in ['Moby', 'Sword']", json!(["Sword", "Moby"]));
    titles("@.title nin ['Moby']", json!(["Sayings", "Sword"]));
    titles("'sea' in @.tags", json!(["Moby"]));
    titles("@.title =~ /M/", json!([]));
}

#[test]
fn a_filter_tests_objects_and_arrays_only() {
    give(json!([1, 2, "x"]), "$[?(@ > 1)]", json!([]));
    give(json!([[1], [2]]), "$[?(@[0] == 2)]", json!([[2]]));
    give(json!({"a": 1}), "$[?(@.a == 1)]", json!([{"a": 1}]));
}

#[test]
fn after_an_indefinite_step_all_is_an_array() {
    titles("@.price > 9", json!(["Sword", "Moby"]));
    give(books(), "$.books[?(@.tags)][0]", json!([]));
    give(books(), "$.books[?(@.tags)].tags[0]", json!(["sea"]));
    for path in ["$[*]", "$.items[*]", "$.items[1:]", "$.item.items[:1]", "$.items[1:].itemValue"] {
        give(json!({}), path, json!([]));
    }
    let definite = |path| is_definite(&PathExpression::parse(path).unwrap().steps);
    assert!(["$", "$.a[0]['b']", "$[-1]", "$['a','b']"].into_iter().all(definite));
    assert!(!["$[*]", "$..a", "$[0,1]", "$[1:]", "$.*", "$.a[?(@.b)][0]"].into_iter().any(definite));
}

#[test]
fn what_is_missing_is_told_as_jayway_does() {
    miss(json!({"a": {}}), "$.a.b", "No results for path: $['a']['b']");
    miss(json!({}), "$x.a.b", "Missing property in path $['a']");
    miss(json!({"arr": [1]}), "$.arr[5]", "Index out of bounds when evaluating path $['arr'][5]");
    miss(json!({"arr": [1]}), "$.arr[-2]", "Index out of bounds when evaluating path $['arr'][-2]");
    miss(json!({"arr": [1]}), "$.arr[5].x", "Property ['x'] not found in path $['arr'][5]");
    miss(json!({"arr": [1]}), "$.arr[5][0]", "The path $['arr'][5] is null");
    let past_the_end =
        |path| PathExpression::parse(path).unwrap().find(&json!({"arr": [1]})).unwrap_err().is_past_the_end();
    assert!(past_the_end("$.arr[1]") && !past_the_end("$.arr[-2]"));
    assert!(!past_the_end("$.arr[1].x") && !past_the_end("$.x"));
    miss(json!({"a": "x"}), "$.a.b", "Property ['b'] not found in path $['a']");
    // Recorded on AWS, which has no functions.
    miss(json!({"list": [1]}), "$.list.length()", "Property ['length()'] not found in path $['list']");
    miss(json!({"a": null}), "$.a[0]", "The path $['a'] is null");
    let context = "Filter: [0]['x'] can only be applied to arrays. Current context is: {\"b\":1}";
    miss(json!({"a": {"b": 1}}), "$.a[0].x", context);
    // Recorded too.
    miss(json!({"a": {"v": 1}}), "$['a', 'b'].v", "Multi properties can only be used as path leafs: $['a', 'b']");
}

#[test]
fn matches_are_limited() {
    let deep = (0..100).fold(json!([1, 2]), |json, _| json!([json, json!({"a": 1})]));
    let path = format!("${}", "..*".repeat(9));
    assert!(PathExpression::parse(&path).unwrap().find(&deep).unwrap_err().to_string().starts_with("More than 262144"));
}

#[test]
fn what_is_no_path_is_refused() {
    refuse("a.b", "`a` stands at column 1 of `a.b`; expected `$`");
    refuse("", "`` ends at column 1; expected `$`");
    refuse("$.", "`$.` ends at column 3; expected the name of a field, `*` or `[`");
    refuse("$...", "`.` stands at column 4 of `$...`; expected the name of a field, `*` or `[`");
    refuse("$.a b", "` ` stands at column 4 of `$.a b`; expected `.`, `[` or the end of the path");
    refuse("$.ä['b", "`$.ä['b` ends at column 7; expected `'`");
    refuse("$[x]", "`x` stands at column 3 of `$[x]`; expected a name in quotes, an index, `*`, `:` or `?`");
    refuse("$[99999999999999999999]", "`9` stands at column 3 of `$[99999999999999999999]`; expected an index");
    refuse("$[0:1:0]", "a slice of `$[0:1:0]` goes by 0; expected another step");
    refuse("$[?@.a]", "`@` stands at column 4 of `$[?@.a]`; expected `(`");
    refuse("$[?('a')]", "`)` stands at column 8 of `$[?('a')]`; expected an operator, such as `==`");
    refuse("$[?(@.a =~ /x/y)]", "`y` is a flag of `/x/y`; expected some of i, m, s, u, x");
    let functions = "expected `.`, `[` or the end: Step Functions has no functions in paths";
    refuse("$.a.concat('b')", &format!("`(` stands at column 11 of `$.a.concat('b')`; {functions}"));
    for deep in
        [format!("${}", "[?(@".repeat(99)), format!("$[?({}", "(".repeat(99)), format!("$[?({}", "!".repeat(99))]
    {
        refuse(&deep, &format!("the filters of `{deep}` nest more than 64 deep"));
    }
}

#[test]
fn filters_nest_64_deep() {
    let path = format!("${}{}", "[?(@".repeat(64), ")]".repeat(64));
    give(
        (0..100).fold(json!(1), |json, _| json!([json])),
        &path,
        json!([(0..99).fold(json!(1), |json, _| json!([json]))]),
    );
}

#[test]
fn a_reference_path_is_a_place_for_a_result() {
    set(json!({"b": 2}), "$", json!(1));
    set(json!({"b": 2}), "$.a", json!({"b": 2, "a": 1}));
    set(json!({}), "$.a['b c'].d", json!({"a": {"b c": {"d": 1}}}));
    set(json!({"a": [0, {"x": 2}]}), "$.a[1].y", json!({"a": [0, {"x": 2, "y": 1}]}));
    let fail = |input, path| PathExpression::parse(path).unwrap().set(input, json!(1)).unwrap_err();
    // Recorded on AWS, as the cause of States.ReferencePathConflict.
    assert_eq!(fail(json!("input1"), "$.result"), "Unable to apply ReferencePath $.result to input \"input1\"");
    assert_eq!(fail(json!({"a": [2]}), "$.a[1]"), "Unable to apply ReferencePath $.a[1] to input {\"a\":[2]}");
    assert_eq!(fail(json!({}), "$.a[0]"), "Unable to apply ReferencePath $.a[0] to input {}");
    let expected = "expected `$` with fields and indices only";
    for path in ["$.a[*]", "$.a[-1]", "$$.a", "$a"] {
        assert_eq!(fail(json!({}), path), format!("`{path}` is not a reference path; {expected}"));
    }
}

#[test]
fn numbers_are_the_same_by_value() {
    assert!(same(&json!({"a": [1, 2.0], "b": 3}), &json!({"b": 3.0, "a": [1.0, 2]})));
    assert!(!same(&json!(9_007_199_254_740_993_u64), &json!(9_007_199_254_740_992_u64)));
    assert!(!same(&json!("1"), &json!(1)));
}

const PIECES: &[&str] = &[
    "$",
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
    "1",
    "99",
    "'a'",
    "\"b\"",
    "'",
    "\"",
    "\\",
    "a",
    "b",
    "length",
    "()",
    "==",
    "!=",
    "<",
    ">=",
    "=~",
    "/a/i",
    "/",
    "in ",
    "&&",
    "||",
    "!",
    " ",
    "null",
    "1.5",
    "é",
    "[?(@.a",
    ")]",
    "[0]",
    "$.a",
    "[(@.length-1)]",
    "[::-1]",
];

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2_000,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(2026),
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_text_makes_it_panic(
        pieces in vec(select(PIECES), 0..14),
        noise in any::<String>(),
        a in -3_i64..5,
        by in -3_i64..4,
    ) {
        let input = json!({"a": [1, {"a": "b", "b": [null, true, [0]]}, "é"], "b": {"a": {"a": 2.5}}, "é": []});
        let soup = pieces.concat();
        let slice = format!("$.a[{a}:{by}:{by}]..{soup}");
        for text in [&noise, &format!("${noise}"), &soup, &format!("${soup}"), &slice] {
            if let Ok(path) = PathExpression::parse(text) {
                let found = path.find(&input);
                let definite = is_definite(&path.steps);
                prop_assert!(definite || found.is_ok_and(|found| found.is_array()) || text.contains(','));
                prop_assert!(definite || !path.is_reference());
                let _ = path.set(input.clone(), json!(1));
            }
        }
    }

    #[test]
    fn what_is_set_is_found(names in vec("[a-c]", 0..4), value in any::<u8>()) {
        let path = names.iter().fold("$".to_owned(), |path, name| format!("{path}['{name}']"));
        let path = PathExpression::parse(&path).unwrap();
        let output = path.set(json!({"b": {}, "c": {"a": {"c": 1}}}), json!(value));
        if let Ok(output) = output {
            prop_assert_eq!(path.find(&output).unwrap().into_owned(), json!(value));
        }
    }
}
