//! JavaScript functions: the ways to give a result, and the errors as AWS's runtime words them.

use serde_json::{Value as Json, json};

use super::{failed, invoke, logs, node, returned};

#[test]
fn a_result_is_returned_promised_or_called_back_with() {
    for code in [
        "exports.handler = async (event) => event.n + 1;",
        "exports.handler = (event) => Promise.resolve(event.n + 1);",
        "exports.handler = (event, context, callback) => setTimeout(() => callback(null, event.n + 1), 5);",
        "exports.handler = (event, context) => context.succeed(event.n + 1);",
        "module.exports = {handler: async (event) => { await new Promise((r) => setImmediate(r)); return event.n + 1; }};",
    ] {
        let live = node(code, json!({}));
        assert_eq!(
            [returned(&live, json!({"n": 1})), returned(&live, json!({"n": 2}))],
            [json!(2), json!(3)],
            "{code}"
        );
    }
}

#[test]
fn nothing_is_null() {
    assert_eq!(returned(&node("exports.handler = () => {};", json!({})), json!({})), Json::Null);
    assert_eq!(returned(&node("exports.handler = async () => {};", json!({})), json!({})), Json::Null);
}

#[test]
fn an_error_is_told_as_lambda_tells_it() {
    for code in [
        "exports.handler = async () => { throw new TypeError('no beans'); };",
        "exports.handler = () => { throw new TypeError('no beans'); };",
        "exports.handler = (event, context, callback) => callback(new TypeError('no beans'));",
        "exports.handler = (event, context) => context.fail(new TypeError('no beans'));",
    ] {
        let outcome = invoke(&node(code, json!({})), json!({}));
        let (error, cause) = failed(&outcome);
        assert_eq!((error.as_str(), &cause["errorMessage"]), ("TypeError", &json!("no beans")), "{code}");
        assert_eq!(cause["trace"][0], "TypeError: no beans");
        assert!(
            cause["trace"][1].as_str().unwrap().contains("(/var/task/index.js:1:")
                || cause["trace"][1].as_str().unwrap().contains("/var/task/index.js:1:"),
            "{cause}"
        );
        assert!(!cause.to_string().contains("bootstrap"), "{cause}");
    }
    let (error, cause) =
        failed(&invoke(&node("exports.handler = async () => { throw 'text'; };", json!({})), json!({})));
    assert_eq!(
        (error, cause),
        ("string".to_owned(), json!({"errorType": "string", "errorMessage": "text", "trace": []}))
    );
}

#[test]
fn what_cannot_be_loaded_says_why() {
    let of = |code: &str, handler: &str| {
        let (error, cause) = failed(&invoke(&node(code, json!({"Handler": handler})), json!({})));
        format!("{error}: {}", cause["errorMessage"].as_str().unwrap_or_default())
    };
    assert_eq!(of("", "index.handler"), "Runtime.HandlerNotFound: index.handler is undefined or not exported");
    assert_eq!(of("exports.handler = 1", "index.handler"), "Runtime.HandlerNotFound: index.handler is not a function");
    assert_eq!(of("", "handler"), "Runtime.MalformedHandlerName: Bad handler");
    let missing = of("require('nothing-like-it')", "index.handler");
    assert!(missing.starts_with("Runtime.ImportModuleError: Error: Cannot find module 'nothing-like-it'"), "{missing}");
    let missing = of("", "main.handler");
    assert!(missing.starts_with("Runtime.ImportModuleError: Error: Cannot find module 'main'"), "{missing}");
    let syntax = of("exports.handler = (", "index.handler");
    assert!(syntax.starts_with("Runtime.UserCodeSyntaxError: SyntaxError: Unexpected"), "{syntax}");
    assert_eq!(of("throw new RangeError('setting')", "index.handler"), "RangeError: setting");
}

#[test]
fn modules_of_either_kind_are_found_where_the_handler_says() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let file = folder.path().join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    };
    write("a.mjs", "import {n} from './lib/n.mjs'; export const handler = async () => n;");
    write("lib/n.mjs", "export const n = 7;");
    write("module/package.json", "{\"type\": \"module\"}");
    write("module/b.js", "export const nested = {handler: async () => 8};");
    write("c.cjs", "exports.handler = async () => require('./node_modules/d').n;");
    write("node_modules/d/index.js", "exports.n = 9;");
    for (handler, result) in [("a.handler", 7), ("module/b.nested.handler", 8), ("c.handler", 9)] {
        let function = super::function("nodejs22.x", "", &json!({"Handler": handler}));
        let template = super::template(json!({"F": function}));
        let live = formwork::live::Settings::new().template(&template).code("F", folder.path()).start().unwrap();
        assert_eq!(returned(&live, json!({})), result, "{handler}");
    }
}

#[test]
fn what_escapes_the_handler_is_its_error_and_the_process_ends() {
    let code =
        "exports.handler = (event, context, callback) => { setTimeout(() => { throw new Error('late'); }, 5); };";
    assert_eq!(failed(&invoke(&node(code, json!({})), json!({}))).1["errorMessage"], "late");
    let code = "exports.handler = () => new Promise(() => { Promise.reject(new Error('lost')); });";
    let (error, cause) = failed(&invoke(&node(code, json!({})), json!({})));
    assert_eq!((error.as_str(), &cause["errorMessage"]), ("Runtime.UnhandledPromiseRejection", &json!("Error: lost")));
    let code = "let n = 0; exports.handler = async (event) => { if (event.exit) process.exit(4); return ++n; };";
    let live = node(code, json!({}));
    assert_eq!(returned(&live, json!({})), 1);
    let (error, cause) = failed(&invoke(&live, json!({"exit": true})));
    assert_eq!(error, "Runtime.ExitError");
    let message = cause["errorMessage"].as_str().unwrap();
    assert!(message.ends_with("Error: Runtime exited with error: exit status 4"), "{message}");
    assert_eq!(returned(&live, json!({})), 1);
}

#[test]
fn the_console_writes_as_there() {
    let code = "exports.handler = async (event, context) => { console.log('a %d', 1); console.error('b'); return context.awsRequestId; };";
    let outcome = invoke(&node(code, json!({})), json!({}));
    let (id, logs) = (outcome.output().as_str().unwrap().to_owned(), logs(&outcome));
    assert!(
        logs.contains(&format!("Z\t{id}\tINFO\ta 1\n")) && logs.contains(&format!("Z\t{id}\tERROR\tb\n")),
        "{logs}"
    );
}

#[test]
fn the_context_says_what_lambda_says() {
    let code = "exports.handler = async (event, context) => ({...context, left: context.getRemainingTimeInMillis()});";
    let context = returned(&node(code, json!({"Timeout": 9})), json!({}));
    assert!((8_000..=9_000).contains(&context["left"].as_u64().unwrap()), "{context}");
    assert_eq!((context["functionName"].clone(), context["memoryLimitInMB"].clone()), (json!("F"), json!("128")));
    assert_eq!(context["invokedFunctionArn"], "arn:aws:lambda:us-east-1:123456789012:function:F");
}
