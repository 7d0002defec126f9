//! What is watched gives what it gives unwatched, and ends where the service ends it.

use std::cell::RefCell;

use proptest::{prelude::*, sample::select, test_runner::RngSeed};
use serde_json::json;

use super::*;
use crate::asl::expression::{
    jsonata::{Expression, MAX_STACK_DEPTH, tests::Fixed},
    random::Random,
};

/// Of the input that there is.
pub const DATA_BYTES: usize = 42;

pub fn values() -> Fixed {
    Fixed(Rc::new(RefCell::new(Random::new(0))))
}

/// Without limits, and with them.
fn both(text: &str) -> Option<[Result<String, String>; 2]> {
    let expression = Expression::parse(text).ok()?;
    let limited = Limited::new(&expression.tree);
    let message = |error: EvaluatorError| error.message().to_owned();
    let shown = |value: JValue| match value {
        JValue::Undefined => "undefined".to_owned(),
        value => super::super::json(&value, 99).map_or("a function".to_owned(), |json| json.to_string()),
    };
    let mut free = expression.evaluator(&values(), MAX_STACK_DEPTH).unwrap();
    expression.natives.register(&mut free).unwrap();
    let free = free.evaluate(&expression.run, &JValue::Undefined);
    let limited = expression.value(&values(), Some(&limited));
    Some([free.map(shown).map_err(message), limited.map(shown).map_err(message)])
}

fn memory(text: &str) {
    let expression = Expression::parse(text).unwrap();
    let fault = expression.evaluate(&values(), "Output").unwrap_err();
    let cause = fault.cause.unwrap();
    assert!(cause.ends_with("memory limit exceeded: Check for excessive memory usage"), "{cause}");
}

fn harmless(text: &str) {
    assert!(Expression::parse(text).unwrap().harmless_up_to >= Some(1 << 17), "{text}");
}

#[test]
fn a_string_has_at_most_what_it_has_on_the_service() {
    let doubled = |times: usize| {
        format!("($p := function($s, $n) {{ $n = 0 ? $s : $p($s & $s, $n - 1) }}; $length($p('x', {times})))")
    };
    let length = Expression::parse(&doubled(22)).unwrap().evaluate(&values(), "Output").unwrap();
    assert_eq!(length, json!(4_194_304));
    memory(&doubled(23));
    memory(&doubled(60));
    memory("$length($pad('x', 1e10))");
    memory("$length($pad('x', -6990257))");
    memory("$join([1..800000].('x'), $pad('', 1000000, 'y'))");
    memory("($big := $pad('x', 1000000); [1..800000].($big & 'y'))");
    memory("($big := $pad('', 1000000, 'z'); $replace($pad('', 1000, 'y'), /y/, function($m) { $big }))");
    memory("$replace($pad('', 1000000, 'y'), 'y', $pad('', 1000000, 'z'))");
    memory("$fromMillis(0, '[Y,99999999-99999999]')");
}

#[test]
fn lists_have_at_most_what_they_have_on_the_service() {
    for text in [
        "[1..873783]",
        "[1..1e10]",
        "[-9223372036854775808..9223372036854775807]",
        "$count([1..800000].([1..800000]))",
        "$count($map([1..800000], function($i) { [1..800000] }))",
        "$reduce([1..40], function($a, $v) { [$a, $a] }, [1])",
        "$reduce([1..40], function($a, $v) { {'a': $a, 'b': $a} }, [1])",
        "($f := function($n, $a) { $n = 0 ? $a : $f($n - 1, {'x': $a, 'y': $a}) }; $a := $f(60, 1); $a = $a)",
        "($big := [1..100000]; $count([1..800000].$big))",
        "($big := [1..100000]; $count($map([1..800000], function() { $append($big, 1) })))",
        "($big := [1..100000]; $string($map([1..1000], function($i) { $big })))",
        "[1..3000]@$a.[1..3000]@$b.($a + $b)",
        "$range(1, 1e9, 1)",
    ] {
        memory(text);
    }
}

#[test]
fn most_expressions_run_as_they_are() {
    for text in [
        "$states.input",
        "$states.input.name & ', ' & $states.context.Execution.Name",
        "$map($states.input.items, function($v) { {'id': $v.id, 'text': $v.name & '!'} })",
        "$states.input.items[price > 10].{'name': name, 'price': $round(price, 2)}",
        "$sum($states.input.items.(price * quantity))",
        "($a := $states.input.a; $b := $a & 'x'; {'a': $a, 'b': $b})",
        "$sort($states.input.items, function($l, $r) { $l.x > $r.x })",
        "$join($states.input.items.name, ', ')",
        "$count($states.input.items) > 0 ? 'some' : 'none'",
        "$merge([$states.input, {'a': 1}])",
        "$filter($states.input.items, function($v, $i) { $i < 10 and $v.ok })",
        "$states.input.items{category: $sum(price)}",
        "$states.input.items^(>price)[0..2]",
        "$fromMillis($millis(), '[Y0001]-[M01]-[D01]')",
        "($double := function($n) { $n * 2 }; $map($states.input.items, $double))",
        "$split($states.input.text, ',')[0]",
        "[1..100].($ * 2)",
        "$map([0..$count($states.input.items) - 1], function($i) { $i * 2 })",
    ] {
        harmless(text);
    }
}

pub fn expression() -> impl Strategy<Value = String> {
    let leaf = select(
        &[
            "1",
            "-2",
            "0",
            "'a'",
            "'b,c'",
            "''",
            "true",
            "null",
            "$",
            "$$",
            "n",
            "$states.input",
            "$states.input.n",
            "$states.input.list",
            "$states.input.list[0]",
            "$states.input.text",
            "$states.input.missing",
            "[]",
            "{}",
            "$x",
            "$y",
            "[1,2,3]",
            "{'n': 3}",
            "[{'n': 1}, {'n': 2, 'm': [1, [2]]}]",
            "[1..4]",
            "*",
            "**",
            "$f",
            "$sum",
            "$string",
            "/a/",
            "%.n",
        ][..],
    );
    leaf.prop_map(str::to_owned).prop_recursive(5, 40, 3, |inner| {
        let one = || inner.clone();
        let operators = select(
            &["+", "-", "*", "&", "=", "!=", "<", ">=", "and", "or", "in", "..", ".", "~>", "??", "?:", ":="][..],
        );
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
                "not",
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
                "pad",
                "substring",
                "replace",
                "sort",
                "map",
                "filter",
                "reduce",
                "each",
                "sift",
                "single",
                "formatNumber",
                "partition",
                "range",
                "hash",
                "parse",
                "match",
                "f",
                "x",
            ][..],
        );
        let bodies = select(
            &[
                "$v",
                "$v.n",
                "$v & 'x'",
                "[$v]",
                "$v > 1",
                "$v + 1",
                "$append($v, $v)",
                "{'a': $v}",
                "$filter([$v], function($i) { true })",
                "$keys({})",
                "($z := $v; $z)",
                "$i = 0 ? $v : $x",
            ][..],
        );
        prop_oneof![
            (one(), operators, one()).prop_map(|(a, op, b)| format!("({a} {op} {b})")),
            (one(), one()).prop_map(|(a, b)| format!("{a}.{b}")),
            (one(), one()).prop_map(|(a, b)| format!("{a}.({b})")),
            (one(), one()).prop_map(|(a, b)| format!("{a}[{b}]")),
            (one(), one()).prop_map(|(a, b)| format!("{a}.[{b}]")),
            (one(), one()).prop_map(|(a, b)| format!("[{a}, {b}]")),
            (one(), one()).prop_map(|(a, b)| format!("{{'k': {a}, 'l': {b}}}")),
            (one(), one()).prop_map(|(a, b)| format!("{a}.{{'k': {b}}}")),
            (one(), one()).prop_map(|(a, b)| format!("{a}{{$string({b}): $}}")),
            (one(), one()).prop_map(|(a, b)| format!("{a}^({b})")),
            (one(), one(), one()).prop_map(|(a, b, c)| format!("({a} ? {b} : {c})")),
            (one(), one()).prop_map(|(a, b)| format!("($x := {a}; $y := {b}; $x)")),
            (one(), one()).prop_map(|(a, b)| format!("($x := {a}; {b})")),
            (one(), one()).prop_map(|(a, b)| format!("($f := function($v, $i) {{ {a} }}; {b})")),
            (functions.clone(), one()).prop_map(|(name, a)| format!("${name}({a})")),
            (functions.clone(), one(), one()).prop_map(|(name, a, b)| format!("${name}({a}, {b})")),
            (functions.clone(), one(), bodies.clone())
                .prop_map(|(name, a, body)| format!("${name}({a}, function($v, $i) {{ {body} }})")),
            (functions.clone(), one(), one()).prop_map(|(name, a, b)| format!("{a} ~> ${name}({b})")),
            (functions, one()).prop_map(|(name, a)| format!("{a} ~> ${name}")),
            one().prop_map(|a| format!("{a}[]")),
            one().prop_map(|a| format!("-({a})")),
            (one(), bodies).prop_map(|(a, body)| format!("(function($v, $i) {{ {body} }})({a})")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("CASES").ok().and_then(|it| it.parse().ok()).unwrap_or(2_000),
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(std::env::var("SEED").ok().and_then(|it| it.parse().ok()).unwrap_or(2026)),
        max_global_rejects: 1_000_000,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_limited_expression_gives_what_it_gives_without(text in expression()) {
        let Some([free, limited]) = both(&text) else { return Ok(()) };
        if let Err(message) = &limited && message.starts_with("D2015") { return Ok(()) }
        prop_assert_eq!(free, limited, "{}", text);
    }
}
