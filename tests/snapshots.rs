//! Everything that a reviewer must see, as it ships: the files of `snapshots/`.

#[path = "support/coffee_report.rs"]
mod coffee_report;

use formwork::{
    Stack,
    aws::{
        apigateway, apigatewayv2, cognito, dynamodb, events, iam, kms, lambda, logs, rds, s3, secretsmanager, sns, sqs,
        stepfunctions,
    },
    diagnostic::Diagnostic,
    grants,
    iam::{Policy, Statement, trust},
    value::{Entries, Json, List},
};
use serde_json::json;

fn review(name: &str, text: &str) {
    let mut settings = insta::Settings::new();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn the_template() {
    review("template.yaml", &coffee_report::prints(&["synth"]));
}

#[test]
fn the_definition_of_the_state_machine() {
    review("definition.asl.json", &coffee_report::prints(&["asl"]));
}

/// The AWS CLI reads a template in the encoding of the locale, which may be ASCII.
#[test]
fn what_ships_is_ascii() {
    for words in [&["synth"][..], &["synth", "--format", "json", "--compact"], &["asl"]] {
        let text = coffee_report::prints(words);
        assert!(text.is_ascii(), "{words:?}: {:?}", text.lines().find(|line| !line.is_ascii()));
    }
    let json = coffee_report::run(&["synth", "--format", "json"]).stdout;
    assert!(json.is_ascii());
}

/// A request takes 51,200 bytes. What is left is for resources that users add.
#[test]
fn the_template_leaves_three_thousand_bytes_of_a_request() {
    let bytes = coffee_report::prints(&["synth"]).len();
    assert!(bytes <= 51_200 - 3_000, "the template has {bytes} bytes");
}

/// The coffee report on its own mocks: all goes well.
#[test]
fn a_run() {
    review("run", &coffee_report::prints(&["run"]));
}

/// Pictures of the coffee report, which the README shows: of its workflow, and of a run in which the page fails.
#[test]
fn the_pictures() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let file = folder.path().join("run.svg");
    let file_name = file.to_str().expect("its name is text");
    coffee_report::run(&["run", "--test-case", "PageFails", "--graph", file_name]);
    let run = std::fs::read_to_string(&file).expect("it was written");
    let of_kind = |kind: &str, format: &str| coffee_report::prints(&["graph", "--kind", kind, "--format", format]);
    let pictures = [
        ("workflow.svg", coffee_report::prints(&["graph"])),
        ("run.svg", run),
        ("resources.svg", of_kind("resources", "svg")),
        ("resources.mermaid", of_kind("resources", "mermaid")),
        ("resources.dot", of_kind("resources", "dot")),
        ("network.svg", of_kind("network", "svg")),
        ("network.mermaid", of_kind("network", "mermaid")),
        ("network.dot", of_kind("network", "dot")),
    ];
    for (name, picture) in pictures {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("snapshots/{name}"));
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, &picture).expect("it can be written");
        }
        let shown = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(picture == shown, "snapshots/{name} is not current: UPDATE=1 cargo test --test snapshots the_pictures");
    }
}

#[test]
fn the_help() {
    let verbs = ["", "list", "synth", "asl", "check", "run", "mock", "diff", "graph", "explain", "completions", "man"];
    let of_project = verbs.map(|verb| ("coffee-report", verb));
    let text: Vec<String> = [of_project.as_slice(), &["", "new", "import"].map(|verb| ("formwork", verb))]
        .concat()
        .into_iter()
        .map(|(program, verb)| {
            let words: Vec<&str> = [verb, "--help"].into_iter().filter(|word| !word.is_empty()).collect();
            let page = match program {
                "coffee-report" => coffee_report::prints(&words),
                _ => {
                    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_formwork"));
                    let output = command.args(&words).output().expect("the binary was built for this test");
                    String::from_utf8(output.stdout).expect("help is UTF-8")
                }
            };
            format!("$ {program} {}\n{page}", words.join(" "))
        })
        .collect();
    review("help", &text.join("\n"));
}

/// A grant as a policy has it: a statement, or several.
fn shown(grant: Statement) -> Json {
    match Policy::new([grant]).statements() {
        [only] => json!(only),
        all => json!(all),
    }
}

/// The name of each grant and the statement that it makes; `.ci/run` compares the actions with those that AWS has.
#[test]
fn the_named_grants() {
    let mut stack = Stack::new("grants");
    let rest = stack.add("RestApi", apigateway::RestApi::new());
    let http = stack.add("Api", apigatewayv2::Api::new());
    let users = stack.add("UserPool", cognito::UserPool::new());
    let table = stack.add("Table", dynamodb::Table::new(List::new()));
    let bus = stack.add("EventBus", events::EventBus::new("bus"));
    let role = stack.add("Role", iam::Role::new(trust("lambda.amazonaws.com")));
    let key = stack.add("Key", kms::Key::new());
    let function = stack.add("Function", lambda::Function::new(lambda::function::Code::new(), role.arn()));
    let alias = stack.add("Alias", lambda::Alias::new(function.function_name(), "1", "live"));
    let version = stack.add("Version", lambda::Version::new(function.function_name()));
    let log = stack.add("LogGroup", logs::LogGroup::new());
    let cluster = stack.add("DBCluster", rds::DBCluster::new());
    let bucket = stack.add("Bucket", s3::Bucket::new());
    let secret = stack.add("Secret", secretsmanager::Secret::new());
    let topic = stack.add("Topic", sns::Topic::new());
    let queue = stack.add("Queue", sqs::Queue::new());
    let machine = stack.add("StateMachine", stepfunctions::StateMachine::new(role.arn()));
    let activity = stack.add("Activity", stepfunctions::Activity::new("activity"));
    let grants = [
        ("allow_list_streams", grants::allow_list_streams()),
        ("allow_log_delivery", grants::allow_log_delivery()),
        ("allow_put_metric_data", grants::allow_put_metric_data("Coffee")),
        ("allow_tracing", grants::allow_tracing()),
        ("apigateway::RestApi.allow_invoke", rest.allow_invoke("POST", "/create_report")),
        ("apigatewayv2::Api.allow_invoke", http.allow_invoke("GET", "/reports")),
        ("apigatewayv2::Api.allow_manage_connections", http.allow_manage_connections()),
        ("cognito::UserPool.allow_manage_users", users.allow_manage_users()),
        ("cognito::UserPool.allow_read_users", users.allow_read_users()),
        ("dynamodb::Table.allow_delete_item", table.allow_delete_item()),
        ("dynamodb::Table.allow_get_item", table.allow_get_item()),
        ("dynamodb::Table.allow_put_item", table.allow_put_item()),
        ("dynamodb::Table.allow_query", table.allow_query()),
        ("dynamodb::Table.allow_query_index", table.allow_query_index("by-name")),
        ("dynamodb::Table.allow_read_stream", table.allow_read_stream()),
        ("dynamodb::Table.allow_scan", table.allow_scan()),
        ("dynamodb::Table.allow_update_item", table.allow_update_item()),
        ("events::EventBus.allow_put_events", bus.allow_put_events()),
        ("iam::Role.allow_assume", role.allow_assume()),
        ("iam::Role.allow_pass", role.allow_pass("lambda.amazonaws.com")),
        ("kms::Key.allow_decrypt", key.allow_decrypt()),
        ("kms::Key.allow_encrypt", key.allow_encrypt()),
        ("kms::Key.allow_generate_data_key", key.allow_generate_data_key()),
        ("kms::Key.allow_sign", key.allow_sign()),
        ("kms::Key.allow_verify", key.allow_verify()),
        ("lambda::Alias.allow_invoke", alias.allow_invoke()),
        ("lambda::Function.allow_invoke", function.allow_invoke()),
        ("lambda::Function.allow_invoke_qualified", function.allow_invoke_qualified()),
        ("lambda::Version.allow_invoke", version.allow_invoke()),
        ("logs::LogGroup.allow_read", log.allow_read()),
        ("logs::LogGroup.allow_write", log.allow_write()),
        ("rds::DBCluster.allow_connect", cluster.allow_connect("reader")),
        ("rds::DBCluster.allow_execute_statement", cluster.allow_execute_statement()),
        ("rds::DBCluster.allow_transactions", cluster.allow_transactions()),
        ("s3::Bucket.allow_abort_upload", bucket.allow_abort_upload("reports/*")),
        ("s3::Bucket.allow_delete", bucket.allow_delete("reports/*")),
        ("s3::Bucket.allow_get", bucket.allow_get("reports/*")),
        ("s3::Bucket.allow_list", bucket.allow_list("reports/*")),
        ("s3::Bucket.allow_put", bucket.allow_put("reports/${aws:username}/*")),
        ("secretsmanager::Secret.allow_read", secret.allow_read()),
        ("secretsmanager::Secret.allow_write", secret.allow_write()),
        ("sns::Topic.allow_publish", topic.allow_publish()),
        ("sns::Topic.allow_subscribe", topic.allow_subscribe()),
        ("sqs::Queue.allow_purge", queue.allow_purge()),
        ("sqs::Queue.allow_receive", queue.allow_receive()),
        ("sqs::Queue.allow_send", queue.allow_send()),
        ("stepfunctions::Activity.allow_poll", activity.allow_poll()),
        ("stepfunctions::StateMachine.allow_answer_tasks", machine.allow_answer_tasks()),
        ("stepfunctions::StateMachine.allow_describe_executions", machine.allow_describe_executions()),
        ("stepfunctions::StateMachine.allow_start_execution", machine.allow_start_execution()),
        ("stepfunctions::StateMachine.allow_start_sync_execution", machine.allow_start_sync_execution()),
        ("stepfunctions::StateMachine.allow_stop_executions", machine.allow_stop_executions()),
    ];
    for (number, (_, statement)) in grants.iter().enumerate() {
        let policy = iam::RolePolicy::new("p", role.role_name()).policy_document([statement.clone()]);
        stack.add(&format!("Policy{number}"), policy);
    }
    // What is granted has no more than a name here.
    let is_of_names = |fault: &&Diagnostic| ["E1010", "E1019", "E1020"].contains(&fault.code);
    let faults: Vec<_> = stack.diagnostics().iter().filter(is_of_names).map(ToString::to_string).collect();
    assert_eq!(faults, [""; 0], "every name in a grant is declared");
    let map: Entries<Json> = grants.into_iter().map(|(name, grant)| (name, shown(grant))).collect();
    review("grants", &format!("{:#}", json!(map)));
}
