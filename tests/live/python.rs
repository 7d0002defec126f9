//! Python functions: events, results, the context object, and the errors as AWS's runtime words them.

use serde_json::{Value as Json, json};

use super::{failed, function, invoke, logs, python, returned, start, task, template};

#[test]
fn an_event_goes_in_and_a_result_comes_out() {
    let live = python("def handler(event, context):\n    return {'got': event, 'text': 'Kaffee \u{2615}'}", json!({}));
    let event = json!({"n": [1, 2.5, null, true], "s": "\u{e9}\u{1f600}"});
    assert_eq!(returned(&live, event.clone()), json!({"got": event, "text": "Kaffee \u{2615}"}));
}

#[test]
fn a_process_stays_warm_and_has_its_state() {
    let live = python(
        "calls = 0\ndef handler(event, context):\n    global calls\n    calls += 1\n    return calls",
        json!({}),
    );
    assert_eq!([1, 2, 3].map(|_| returned(&live, json!({}))), [json!(1), json!(2), json!(3)]);
}

#[test]
fn no_payload_is_an_empty_object() {
    let live = python("def handler(event, context):\n    return [event]", json!({}));
    let outcome = task(json!({}), json!({"Parameters": {"FunctionName": "F"}})).outside(live.clone()).finish();
    assert_eq!(outcome.output(), json!([{}]));
    let outcome = task(json!({}), json!({"Parameters": {"FunctionName": "F", "Payload": null}})).outside(live).finish();
    assert_eq!(outcome.output(), json!([{}]));
}

#[test]
fn the_response_is_that_of_the_service() {
    let live = python("def handler(event, context):\n    return context.aws_request_id", json!({}));
    let outcome = task(json!({}), json!({"OutputPath": "$"})).outside(live).finish();
    let response = outcome.output();
    let id = response["Payload"].as_str().unwrap();
    assert_eq!((response["StatusCode"].clone(), response["ExecutedVersion"].clone()), (json!(200), json!("$LATEST")));
    assert_eq!(response["SdkResponseMetadata"], json!({"RequestId": id}));
    let http = &response["SdkHttpMetadata"];
    assert_eq!(http["HttpStatusCode"], 200);
    assert_eq!(http["HttpHeaders"]["x-amzn-RequestId"], id);
    assert_eq!(http["AllHttpHeaders"]["Content-Length"], json!(["38"]));
}

#[test]
fn a_function_is_a_resource_too() {
    let live = python("def handler(event, context):\n    return event['n'] + 1", json!({}));
    let arn = "arn:aws:lambda:us-east-1:123456789012:function:F";
    let state = json!({"S": {"Type": "Task", "Resource": arn, "End": true}});
    assert_eq!(super::machine(state).run(json!({"n": 1})).outside(live).finish().output(), json!(2));
}

#[test]
fn the_context_says_what_lambda_says() {
    let code = "
def handler(event, context):
    return {
        'left': context.get_remaining_time_in_millis(),
        'name': context.function_name,
        'version': context.function_version,
        'arn': context.invoked_function_arn,
        'memory': context.memory_limit_in_mb,
        'group': context.log_group_name,
        'stream': context.log_stream_name,
        'client': context.client_context,
    }
";
    let live = python(code, json!({"Timeout": 7, "MemorySize": 256, "FunctionName": "greeter"}));
    let outcome = task(json!({}), json!({"Parameters": {"FunctionName": "greeter"}})).outside(live).finish();
    let context = Json::clone(&outcome.output());
    let left = context["left"].as_u64().unwrap();
    assert!((6_000..=7_000).contains(&left), "{left}");
    assert_eq!(context["arn"], "arn:aws:lambda:us-east-1:123456789012:function:greeter");
    assert_eq!((context["name"].clone(), context["version"].clone()), (json!("greeter"), json!("$LATEST")));
    assert_eq!((context["memory"].clone(), context["group"].clone()), (json!("256"), json!("/aws/lambda/greeter")));
    assert!(context["stream"].as_str().unwrap().contains("/[$LATEST]"), "{context}");
    assert_eq!(context["client"], Json::Null);
}

#[test]
fn the_environment_is_its_own_and_no_more() {
    let code = "import os\ndef handler(event, context):\n    return dict(os.environ)";
    let live = python(code, json!({"Environment": {"Variables": {"BUCKET": "beans", "AWS_REGION": "nowhere"}}}));
    let environment = returned(&live, json!({}));
    let names: Vec<&String> = environment.as_object().unwrap().keys().collect();
    assert_eq!(
        (environment["BUCKET"].clone(), environment["AWS_REGION"].clone()),
        (json!("beans"), json!("us-east-1"))
    );
    assert_eq!(environment["AWS_EXECUTION_ENV"], "AWS_Lambda_python3.13");
    assert_eq!(environment["_HANDLER"], "index.handler");
    // Cargo has set these for the test, and nobody for the function.
    assert!(names.iter().all(|name| !name.starts_with("CARGO") && *name != "USER" && *name != "PWD"), "{names:?}");
    assert_eq!(environment["HOME"], environment["TMPDIR"]);
}

#[test]
fn its_code_is_where_it_runs() {
    let code = "
import os
def handler(event, context):
    assert os.getcwd() == os.environ['LAMBDA_TASK_ROOT']
    return sorted(os.listdir())
";
    assert_eq!(returned(&python(code, json!({})), json!({})), json!(["index.py"]));
}

#[test]
fn an_exception_is_told_as_lambda_tells_it() {
    let live = python("def handler(event, context):\n    raise ValueError('no beans')", json!({}));
    let outcome = invoke(&live, json!({}));
    let (error, cause) = failed(&outcome);
    let id = cause["requestId"].clone();
    let place = "  File \"/var/task/index.py\", line 2, in handler\n    raise ValueError('no beans')\n";
    assert_eq!(error, "ValueError");
    assert_eq!(
        cause,
        json!({"errorMessage": "no beans", "errorType": "ValueError", "requestId": id, "stackTrace": [place]})
    );
    let logs = logs(&outcome);
    assert!(logs.contains("[ERROR] ValueError: no beans\nTraceback (most recent call last):\n"), "{logs}");
    // The process can take another event.
    assert_eq!(failed(&invoke(&live, json!({}))).0, "ValueError");
}

#[test]
fn results_that_are_no_json_are_refused_or_taken_as_there() {
    let returns = |expression: &str| {
        python(&format!("import decimal\ndef handler(event, context):\n    return {expression}"), json!({}))
    };
    let (error, cause) = failed(&invoke(&returns("{1, 2}"), json!({})));
    assert_eq!(error, "Runtime.MarshalError");
    assert_eq!(cause["errorMessage"], "Unable to marshal response: Object of type set is not JSON serializable");
    // Recorded from the service: bytes are the text of the response.
    assert_eq!(returned(&returns("b'\"Hello\"'"), json!({})), "Hello");
    assert_eq!(returned(&returns("[decimal.Decimal('1.5'), decimal.Decimal('3')]"), json!({})), json!([1.5, 3]));
    assert_eq!(returned(&returns("None"), json!({})), Json::Null);
    let outcome = invoke(&returns("float('nan')"), json!({}));
    assert_eq!(outcome.error(), Some("Lambda.Unknown"));
    assert!(outcome.cause().unwrap().ends_with("Returned payload: NaN"));
}

/// The error of a function that cannot be loaded.
fn unloaded(code: &str, handler: &str) -> (String, String) {
    let live = python(code, json!({"Handler": handler}));
    let (error, cause) = failed(&invoke(&live, json!({})));
    (error, cause["errorMessage"].as_str().unwrap_or_default().to_owned())
}

#[test]
fn what_cannot_be_loaded_says_why() {
    let of = |error: &str, message: &str| (error.to_owned(), message.to_owned());
    assert_eq!(
        unloaded("import nothing_like_it", "index.handler"),
        of("Runtime.ImportModuleError", "Unable to import module 'index': No module named 'nothing_like_it'")
    );
    assert_eq!(
        unloaded("", "main.handler"),
        of("Runtime.ImportModuleError", "Unable to import module 'main': No module named 'main'")
    );
    assert_eq!(
        unloaded("x = 1", "index.handle"),
        of("Runtime.HandlerNotFound", "Handler 'handle' missing on module 'index'")
    );
    assert_eq!(
        unloaded("", "handler"),
        of("Runtime.MalformedHandlerName", "Bad handler 'handler': not enough values to unpack (expected 2, got 1)")
    );
    let (error, message) = unloaded("def handler(:\n", "index.handler");
    assert_eq!(error, "Runtime.UserCodeSyntaxError");
    assert!(message.starts_with("Syntax error in module 'index': invalid syntax (index.py, line 1)"), "{message}");
    assert_eq!(unloaded("raise KeyError('setting')", "index.handler"), of("KeyError", "'setting'"));
}

#[test]
fn what_it_prints_is_in_the_log_in_its_order() {
    let code = "
import logging, os, sys
print('loading')
logger = logging.getLogger()
logger.setLevel('INFO')
def handler(event, context):
    print('one')
    print('two', file=sys.stderr)
    os.write(1, b'three\\n')
    logger.info('four')
    print('five', end='')
";
    let logs = logs(&invoke(&python(code, json!({})), json!({})));
    let lines: Vec<&str> = logs.lines().collect();
    let start = lines.iter().position(|line| line.starts_with("START RequestId: ")).unwrap();
    assert_eq!(lines[start - 1], "loading");
    assert_eq!(lines[start + 1..start + 4], ["one", "two", "three"]);
    assert!(lines[start + 4].starts_with("[INFO]\t20") && lines[start + 4].ends_with("\tfour"), "{logs}");
    assert_eq!(lines[start + 5], "five");
    assert!(lines[start + 6].starts_with("END RequestId: "), "{logs}");
    let report = lines[start + 7];
    assert!(
        report.starts_with("REPORT RequestId: ") && report.contains("\tMemory Size: 128 MB\tMax Memory Used: "),
        "{report}"
    );
    assert!(report.contains("\tInit Duration: "), "{report}");
}

#[test]
fn a_handler_may_be_in_a_package() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("src")).unwrap();
    std::fs::write(folder.path().join("src/app.py"), "def handler(event, context):\n    return __name__").unwrap();
    for handler in ["src/app.handler", "src.app.handler"] {
        let template = template(json!({"F": function("python3.13", "", &json!({"Handler": handler}))}));
        let live = formwork::live::Settings::new().template(&template).code("F", folder.path()).start().unwrap();
        assert_eq!(returned(&live, json!({})), "src.app");
    }
    assert!(!folder.path().join("src/__pycache__").exists());
}

#[test]
fn code_comes_from_a_folder_an_archive_or_a_script() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("app.py"), "import lib\ndef handler(event, context):\n    return lib.N").unwrap();
    std::fs::write(folder.path().join("lib.py"), "N = 7").unwrap();
    let mut of_template = function("python3.13", "", &json!({"Handler": "app.handler"}));
    of_template["Properties"]["Code"] = json!({"S3Bucket": "b", "S3Key": "k"});
    let template = template(json!({"F": of_template}));
    let with = |path: &std::path::Path| {
        let live = formwork::live::Settings::new().template(&template).code("F", path).start().unwrap();
        returned(&live, json!({}))
    };
    assert_eq!(with(folder.path()), 7);
    assert_eq!(with(&folder.path().join("app.py")), 7);
    let archive = folder.path().join("code.zip");
    let zip = "import sys, zipfile\nwith zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as z:\n    for n in ('app.py', 'lib.py'): z.write(sys.argv[2] + '/' + n, n)";
    let made = std::process::Command::new("python3").args(["-c", zip]).arg(&archive).arg(folder.path()).status();
    assert!(made.unwrap().success());
    assert_eq!(with(&archive), 7);
    // Without it, it is said what to do.
    let outcome = invoke(&start(&template), json!({}));
    let said = outcome.diagnostics()[0].to_string();
    assert!(said.contains("the template does not have the code of `F`") && said.contains("--code F=PATH"), "{said}");
}
