//! The stack `machine`, imported from `machine.yaml`.

use formwork::{
    Handle, Stack,
    asl::{
        jsonata::{self, JitterStrategy, Parallel, Retry},
        jsonpath::{self, ItemBatcher, and, not, path, variable},
    },
    aws::{
        iam::Role,
        sqs::Queue,
        stepfunctions::{
            StateMachine,
            state_machine::{LoggingConfiguration, LoggingConfigurationLevel, StateMachineType},
        },
    },
    iam::trust,
    intrinsic::{import_value, sub, sub_with},
    json,
};

/// Composes the stack.
pub fn stack() -> Stack {
    let mut stack = Stack::new("machine");

    let role = role(&mut stack);
    let letters = letters(&mut stack);
    reader(&mut stack, &role, &letters);
    older(&mut stack, &role);
    other(&mut stack, &role, &letters);
    as_text(&mut stack, &role);
    joined(&mut stack, &role);
    at_deployment(&mut stack, &role);
    later_still(&mut stack, &role);
    many(&mut stack, &role);
    listed(&mut stack, &role);
    stack
}

fn role(stack: &mut Stack) -> Handle<Role> {
    stack.add("Role", Role::new(trust("states.amazonaws.com")))
}

fn letters(stack: &mut Stack) -> Handle<Queue> {
    stack.add("Letters", Queue::new())
}

/// Reads what is there, in JSONata.
fn reader(stack: &mut Stack, role: &Handle<Role>, letters: &Handle<Queue>) {
    let reader_workflow = jsonata::Workflow::new()
        .comment("Reads")
        .timeout_seconds(60)
        .partition("aws")
        .start_at("Begin")
        .state(
            "Send",
            jsonata::Task::integration("arn:aws:states:::sqs:sendMessage")
                .arguments(json!({"QueueUrl": "${QueueUrl}", "MessageBody": "{% $states.input.text %}"}))
                .timeout_seconds(30)
                .heartbeat_seconds("{% $beat %}")
                .assign("sent", true)
                .assign("id", "{% $states.result.MessageId %}")
                .output(json!({"sent": "{% $states.result.MessageId %}"}))
                .retry(
                    Retry::on(["Sqs.SdkClientException", "States.Timeout"])
                        .interval_seconds(1)
                        .max_attempts(3)
                        .backoff_rate(2.0)
                        .max_delay_seconds(9)
                        .jitter_strategy(JitterStrategy::Full),
                )
                .retry(Retry::on("States.ALL").backoff_rate(1.5).comment("all others"))
                .catcher(
                    jsonata::Catch::new("States.ALL", "Failed")
                        .output("{% $states.errorOutput %}")
                        .assign("failed", true),
                )
                .next("Each"),
        )
        .state(
            "Begin",
            jsonata::Choice::new().comment("Where to").when("{% $states.input.wait > 0 %}", "Wait").otherwise("Send"),
        )
        .state("Wait", jsonata::Wait::seconds("{% $states.input.wait %}").next("Send"))
        .state(
            "Each",
            jsonata::Map::inline(
                jsonata::Branch::new().state("Say", jsonata::Pass::new().output(json!({"a": [1, 2.5, true]})).end()),
            )
            .items("{% $states.input.items %}")
            .max_concurrency(5)
            .item_selector(json!({"item": "{% $states.context.Map.Item.Value %}"}))
            .next("Both"),
        )
        .state(
            "Both",
            Parallel::new([
                jsonata::Branch::new().state("One", jsonata::Pass::new().end()),
                jsonata::Branch::new().state("Two", jsonata::Wait::timestamp("2026-01-01T00:00:00Z").end()),
            ])
            .next("Done"),
        )
        .state("Done", jsonata::Succeed::new())
        .state("Failed", jsonata::Fail::new().error("ReaderFailed").cause("Nobody knows"));
    stack.add(
        "Reader",
        StateMachine::new(role.arn())
            .state_machine_type(StateMachineType::EXPRESS)
            .logging_configuration(
                LoggingConfiguration::new().level(LoggingConfigurationLevel::ALL).include_execution_data(true),
            )
            .definition_substitutions([("QueueUrl", letters.queue_url())])
            .workflow(&reader_workflow),
    );
}

fn older(stack: &mut Stack, role: &Handle<Role>) {
    let older_workflow = jsonpath::Workflow::new()
        .state(
            "Choose",
            jsonpath::Choice::new()
                .input_path("$.a")
                .when(and([variable("$.n").numeric_greater_than(5), not(variable("$.s").string_matches("a*"))]), "Call")
                .when(variable("$.x").is_present(true), "Call")
                .when(variable("$.f").numeric_equals(0.5), "Call")
                .without_default(),
        )
        .state(
            "Call",
            jsonpath::Task::integration("arn:aws:lambda:eu-central-1:123456789012:function:call")
                .parameters(json!({"id.$": "$.id", "fixed": 1}))
                .result_selector(json!({"r.$": "$.r"}))
                .result_path("$.out")
                .output_path("$.out")
                .catcher(jsonpath::Catch::new(["A", "B"], "End").result_path("$.error"))
                .next("Each"),
        )
        .state(
            "Each",
            jsonpath::Map::iterator(
                jsonpath::Branch::new()
                    .state("In", jsonpath::Pass::new().result(json!({"a": 1})).result_path("$.b").end()),
            )
            .items_path("$.items")
            .next("Pause"),
        )
        .state("Pause", jsonpath::Wait::seconds_path("$.seconds").next("End"))
        .state("End", jsonpath::Succeed::new());
    stack.add("Older", StateMachine::new(role.arn()).definition_string(older_workflow.definition().to_string()));
}

/// What the builder has not: a field of another language, an intrinsic.
fn other(stack: &mut Stack, role: &Handle<Role>, letters: &Handle<Queue>) {
    stack.add(
        "Other",
        StateMachine::new(role.arn()).definition(json!({
            "StartAt": "Wait",
            "States": {
                "Wait": {"Type": "Wait", "Seconds": 5, "QueryLanguage": "JSONata", "Next": "Done"},
                "Done": {"Type": "Succeed", "Comment": letters.queue_url()}
            }
        })),
    );
}

fn as_text(stack: &mut Stack, role: &Handle<Role>) {
    let as_text_workflow =
        jsonata::Workflow::new().state("Say", jsonata::Pass::new().output("{% 'in ' & '${AWS::Region}' %}").end());
    stack
        .add("AsText", StateMachine::new(role.arn()).definition_string(sub(as_text_workflow.definition().to_string())));
}

fn joined(stack: &mut Stack, role: &Handle<Role>) {
    let joined_workflow = jsonpath::Workflow::new().state(
        "Send",
        jsonpath::Task::integration("arn:${AWS::Partition}:states:::sqs:sendMessage")
            .parameters(json!({"QueueUrl": "${Letters}", "MessageBody": {"from": "${Value1} ${!!Token}"}}))
            .end(),
    );
    stack.add(
        "Joined",
        StateMachine::new(role.arn()).definition_string(sub_with(
            joined_workflow.definition().to_string(),
            [("Value1", import_value("Sender"))],
        )),
    );
}

/// A number that only the deployment knows is in no string.
fn at_deployment(stack: &mut Stack, role: &Handle<Role>) {
    let at_deployment_workflow = jsonpath::Workflow::new().state("Wait", jsonpath::Wait::seconds(5).end());
    stack.add(
        "AtDeployment",
        StateMachine::new(role.arn()).definition_string(sub(at_deployment_workflow.definition().to_string())),
    );
}

fn later_still(stack: &mut Stack, role: &Handle<Role>) {
    stack.add(
        "LaterStill",
        StateMachine::new(role.arn()).definition_string(sub_with(
            r#"{"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": ${Seconds}, "End": true}}}"#,
            [("Seconds", import_value("Seconds"))],
        )),
    );
}

/// Each object of a folder in an execution of its own.
fn many(stack: &mut Stack, role: &Handle<Role>) {
    let many_workflow = jsonpath::Workflow::new()
        .partition("aws")
        .state(
            "All",
            jsonpath::Map::distributed(
                jsonpath::Branch::new().state(
                    "Send",
                    jsonpath::Task::integration("arn:aws:lambda:eu-central-1:123456789012:function:send")
                        .credentials("$.role")
                        .timeout_seconds_path("$.seconds")
                        .assign("sent", path("$.id"))
                        .assign("all", true)
                        .end(),
                ),
                jsonpath::ExecutionType::Express,
            )
            .label("All")
            .item_reader(
                jsonpath::ItemReader::new("arn:aws:states:::s3:getObject")
                    .parameter("Bucket", "letters")
                    .parameter("Key", path("$.key"))
                    .reader_config(
                        jsonpath::ReaderConfig::new()
                            .input_type(jsonpath::InputType::CSV)
                            .csv_headers(["to", "text"])
                            .csv_delimiter("PIPE")
                            .max_items(500),
                    ),
            )
            .item_batcher(
                ItemBatcher::new()
                    .max_items_per_batch(10)
                    .max_input_bytes_per_batch_path("$.bytes")
                    .batch_input(json!({"from.$": "$.from"})),
            )
            .result_writer(
                jsonpath::ResultWriter::new("arn:aws:states:::s3:putObject")
                    .parameter("Bucket", "letters")
                    .parameter("Prefix", "sent")
                    .writer_config(jsonpath::WriterConfig::flatten(jsonpath::OutputType::Jsonl)),
            )
            .tolerated_failure_percentage(5.5)
            .max_concurrency_path("$.many")
            .next("Failed"),
        )
        .state("Failed", jsonpath::Fail::new().error_path("$.error").cause_path("States.Format('{}', $.cause)"));
    stack.add("Many", StateMachine::new(role.arn()).workflow(&many_workflow));
}

fn listed(stack: &mut Stack, role: &Handle<Role>) {
    let listed_workflow = jsonata::Workflow::new().partition("aws").state(
        "All",
        jsonata::Map::distributed(
            jsonata::Branch::new().state(
                "Send",
                jsonata::Task::integration("arn:aws:states:::lambda:invoke")
                    .credentials("{% $role %}")
                    .arguments(json!({"FunctionName": "send"}))
                    .end(),
            ),
            jsonata::ExecutionType::Standard,
        )
        .item_reader(
            jsonata::ItemReader::new("arn:aws:states:::s3:listObjectsV2")
                .argument("Bucket", "letters")
                .argument("Prefix", "{% $states.input.folder %}")
                .reader_config(
                    jsonata::ReaderConfig::new()
                        .transformation("LOAD_AND_FLATTEN")
                        .input_type(jsonata::InputType::JSONL)
                        .max_items("{% $states.input.most %}"),
                ),
        )
        .tolerated_failure_count(3)
        .max_concurrency("{% $many %}")
        .result_writer(
            jsonata::ResultWriter::new("arn:aws:states:::s3:putObject")
                .writer_config(jsonata::WriterConfig::compact(jsonata::OutputType::Json))
                .argument("Bucket", "letters"),
        )
        .end(),
    );
    stack.add("Listed", StateMachine::new(role.arn()).workflow(&listed_workflow));
}
