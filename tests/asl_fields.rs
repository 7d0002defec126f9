//! Every field of the Amazon States Language can be set, in the language that has it, and lands under its name.

use std::collections::BTreeSet;

use formwork::{
    asl::{jsonata, jsonpath, validate},
    iam::allow,
};
use serde_json::{Value as Json, json};

/// State type; fields only JSONPath has; fields only JSONata has; fields of both. `Type`, `Next` and `Comment` are
/// everywhere.
const FIELDS: [(&str, &str, &str, &str); 8] = [
    ("Pass", "InputPath OutputPath ResultPath Parameters Result", "Output", "Assign Next"),
    (
        "Task",
        "InputPath OutputPath ResultPath Parameters ResultSelector TimeoutSecondsPath HeartbeatSecondsPath",
        "Arguments Output",
        "Resource TimeoutSeconds HeartbeatSeconds Retry Catch Credentials Assign Next",
    ),
    ("Choice", "InputPath OutputPath", "Output", "Choices Default Assign"),
    ("Wait", "InputPath OutputPath SecondsPath TimestampPath", "Output", "Seconds Timestamp Assign Next"),
    ("Succeed", "InputPath OutputPath", "Output", ""),
    ("Fail", "ErrorPath CausePath", "", "Error Cause"),
    (
        "Parallel",
        "InputPath OutputPath ResultPath Parameters ResultSelector",
        "Arguments Output",
        "Branches Retry Catch Assign Next",
    ),
    (
        "Map",
        "InputPath OutputPath ResultPath Parameters ResultSelector ItemsPath MaxConcurrencyPath \
         ToleratedFailureCountPath ToleratedFailurePercentagePath Iterator",
        "Items Output",
        "ItemProcessor ItemSelector MaxConcurrency ItemReader ItemBatcher ResultWriter Label ToleratedFailureCount \
         ToleratedFailurePercentage Retry Catch Assign Next",
    ),
];

/// The parts of states, in the same way.
const PARTS: [(&str, &str, &str, &str); 8] = [
    ("/Retry/0", "", "", "ErrorEquals IntervalSeconds MaxAttempts BackoffRate MaxDelaySeconds JitterStrategy"),
    ("/Catch/0", "ResultPath", "Output", "ErrorEquals Next Assign"),
    ("/Choices/0", "Variable StringEquals", "Condition Output", "Next Assign"),
    ("/ItemProcessor/ProcessorConfig", "", "", "Mode ExecutionType"),
    ("/ItemReader", "Parameters", "Arguments", "Resource ReaderConfig"),
    (
        "/ItemReader/ReaderConfig",
        "MaxItemsPath",
        "",
        "InputType CSVDelimiter CSVHeaderLocation CSVHeaders MaxItems ItemsPointer ManifestType Transformation",
    ),
    (
        "/ItemBatcher",
        "MaxItemsPerBatchPath MaxInputBytesPerBatchPath",
        "",
        "BatchInput MaxItemsPerBatch MaxInputBytesPerBatch",
    ),
    ("/ResultWriter", "Parameters", "Arguments", "Resource WriterConfig"),
];

/// States with everything that both languages have.
macro_rules! states {
    ($module:ident, $arguments:ident, $choice:expr, $rule:expr) => {{
        use $module::*;
        let branch = |name: &str| Branch::new().state(name, Succeed::new());
        let retry = || {
            Retry::on("States.ALL")
                .comment("c")
                .interval_seconds(1)
                .max_attempts(2)
                .backoff_rate(1.5)
                .max_delay_seconds(3)
                .jitter_strategy(JitterStrategy::Full)
        };
        let catch = || Catch::new(["States.ALL"], "Done").comment("c").assign("a", 1);
        let reader = ItemReader::new("arn:aws:states:::s3:getObject").$arguments("Bucket", "b").reader_config(
            ReaderConfig::new()
                .input_type(InputType::CSV)
                .csv_delimiter("PIPE")
                .csv_headers(["a"])
                .max_items(9)
                .items_pointer("/a")
                .manifest_type("ATHENA_DATA")
                .transformation("NONE"),
        );
        let writer = ResultWriter::new("arn:aws:states:::s3:putObject")
            .$arguments("Bucket", "b")
            .writer_config(WriterConfig::compact(OutputType::Json));
        let batcher = ItemBatcher::new().batch_input(json!({})).max_items_per_batch(2).max_input_bytes_per_batch(3);
        (
            Pass::new().comment("c").assign("a", 1),
            Task::integration("arn:aws:states:::ecs:runTask")
                .comment("c")
                .timeout_seconds(9)
                .heartbeat_seconds(3)
                .retry(retry())
                .credentials("arn:aws:iam::123456789012:role/Other")
                .assign("a", 1)
                .$arguments("Cluster", "c")
                .grant(allow("ecs:RunTask").on("*")),
            $choice.comment("c").assign("a", 1),
            $rule.comment("c").assign("a", 1),
            [Wait::seconds(1).comment("c").assign("a", 1), Wait::timestamp("2026-12-01T08:00:00Z")],
            Succeed::new().comment("c"),
            Fail::new().comment("c").error("E").cause("C"),
            Parallel::new([branch("In")]).comment("c").retry(retry()).assign("a", 1),
            Map::distributed(branch("Each"), ExecutionType::Express)
                .comment("c")
                .retry(retry())
                .assign("a", 1)
                .item_selector(json!({}))
                .max_concurrency(2)
                .item_batcher(batcher)
                .label("l")
                .tolerated_failure_count(1)
                .tolerated_failure_percentage(0.5),
            catch,
            reader,
            writer,
        )
    }};
}

fn in_jsonata() -> Vec<Json> {
    use jsonata::*;
    let (pass, task, choice, rule, [wait, until], succeed, fail, parallel, map, catch, reader, writer) =
        states!(jsonata, argument, Choice::new(), ChoiceRule::new("{% true %}", "Done"));
    let catch = || catch().output("{% $states.errorOutput %}");
    let expressions = Task::aws_sdk("s3", "listBuckets")
        .arguments("{% {} %}")
        .timeout_seconds("{% 9 %}")
        .heartbeat_seconds("{% 3 %}")
        .end();
    let workflow = Workflow::new()
        .state("Pass", pass.output(1).next("Task"))
        .state("Task", task.catcher(catch()).output(1).next("Expressions"))
        .state("Expressions", expressions)
        .state("Choice", choice.rule(rule.output(1)).output(1).otherwise("Wait"))
        .state("Wait", wait.output(1).next("Until"))
        .state("Until", until.next("Parallel"))
        .state("Parallel", parallel.catcher(catch()).arguments(json!({})).argument("A", 1).output(1).next("Map"))
        .state("Map", map.catcher(catch()).item_reader(reader).result_writer(writer).items([1]).output(1).next("Done"))
        .state("Done", succeed.output(1))
        .state("Fail", fail);
    all_states(&workflow.definition())
}

fn in_jsonpath() -> Vec<Json> {
    use jsonpath::*;
    let condition = || variable("$.a").string_equals("b");
    let (pass, task, choice, rule, [wait, until], succeed, fail, parallel, map, catch, reader, writer) =
        states!(jsonpath, parameter, Choice::new(), ChoiceRule::new(condition(), "Done"));
    let catch = || catch().result_path("$.error");
    let reader = reader.reader_config(
        ReaderConfig::new()
            .input_type(InputType::CSV)
            .csv_delimiter("PIPE")
            .csv_headers(["a"])
            .max_items(9)
            .max_items_path("$.n")
            .items_pointer("/a")
            .manifest_type("ATHENA_DATA")
            .transformation("NONE"),
    );
    let batcher = ItemBatcher::new()
        .batch_input(json!({}))
        .max_items_per_batch(2)
        .max_input_bytes_per_batch(3)
        .max_items_per_batch_path("$.a")
        .max_input_bytes_per_batch_path("$.b");
    macro_rules! paths {
        ($state:expr) => {
            $state.input_path("$.in").output_path(None)
        };
    }
    let workflow = Workflow::new()
        .state("Pass", paths!(pass).result_path("$.r").parameters(json!({})).result(1).next("Task"))
        .state(
            "Task",
            paths!(task)
                .catcher(catch())
                .result_path(None)
                .result_selector(json!({}))
                .timeout_seconds_path("$.t")
                .heartbeat_seconds_path("$.h")
                .next("Choice"),
        )
        .state("Choice", paths!(choice).rule(rule).without_default())
        .state("Default", Choice::new().when(condition(), "Done").otherwise("Done"))
        .state("Wait", paths!(wait).next("Until"))
        .state("Until", until.next("SecondsPath"))
        .state("SecondsPath", Wait::seconds_path("$.s").next("TimestampPath"))
        .state("TimestampPath", Wait::timestamp_path("$.t").next("Parallel"))
        .state(
            "Parallel",
            paths!(parallel)
                .catcher(catch())
                .result_path("$.r")
                .parameters(json!({}))
                .parameter("A", path("$.a"))
                .result_selector(json!({}))
                .next("Map"),
        )
        .state(
            "Map",
            paths!(map)
                .catcher(catch())
                .item_reader(reader)
                .result_writer(writer)
                .item_batcher(batcher)
                .result_path("$.r")
                .parameters(json!({}))
                .result_selector(json!({}))
                .items_path("$.i")
                .max_concurrency_path("$.m")
                .tolerated_failure_count_path("$.c")
                .tolerated_failure_percentage_path("$.p")
                .next("Done"),
        )
        .state("Legacy", Map::iterator(Branch::new().state("Old", Succeed::new())).end())
        .state("Done", paths!(succeed))
        .state("Fail", fail)
        .state("FailPath", Fail::new().error_path("$.e").cause_path("$.c"));
    all_states(&workflow.definition())
}

fn all_states(definition: &Json) -> Vec<Json> {
    definition["States"].as_object().unwrap().values().cloned().collect()
}

fn keys<'a>(objects: impl Iterator<Item = &'a Json>) -> BTreeSet<String> {
    objects.flat_map(|object| object.as_object().unwrap().keys().cloned()).collect()
}

fn words(lists: [&str; 2]) -> BTreeSet<String> {
    lists.iter().flat_map(|list| list.split_whitespace()).map(str::to_owned).collect()
}

#[test]
fn each_state_has_the_fields_of_its_language_and_no_others() {
    for (states, jsonata) in [(in_jsonata(), true), (in_jsonpath(), false)] {
        for (kind, path, ata, both) in FIELDS {
            let mut found = keys(states.iter().filter(|state| state["Type"] == kind));
            for everywhere in ["Type", "Comment"] {
                assert!(found.remove(everywhere), "{kind} has {everywhere}");
            }
            found.remove("End");
            assert_eq!(found, words([if jsonata { ata } else { path }, both]), "{kind}, JSONata: {jsonata}");
        }
    }
}

#[test]
fn each_part_of_a_state_has_the_fields_of_its_language_and_no_others() {
    for (states, jsonata) in [(in_jsonata(), true), (in_jsonpath(), false)] {
        for (pointer, path, ata, both) in PARTS {
            let mut found = keys(states.iter().filter_map(|state| state.pointer(pointer)));
            found.remove("Comment");
            assert_eq!(found, words([if jsonata { ata } else { path }, both]), "{pointer}, JSONata: {jsonata}");
        }
    }
}

#[test]
fn a_jsonata_state_in_a_jsonpath_workflow_says_so_down_to_the_innermost() {
    let inner = jsonata::Branch::new().state("Inner", jsonata::Pass::new().end());
    let each = jsonata::Branch::new().state("Each", jsonata::Parallel::new([inner]).end());
    let workflow = jsonpath::Workflow::new()
        .state("Path", jsonpath::Pass::new().next("All"))
        .state("All", jsonata::Map::inline(each).end());
    assert_eq!(workflow.validate(), []);
    let definition = workflow.definition();
    assert_eq!(definition.get("QueryLanguage"), None);
    assert_eq!(definition["States"]["Path"], json!({"Type": "Pass", "Next": "All"}));
    for pointer in [
        "/States/All",
        "/States/All/ItemProcessor/States/Each",
        "/States/All/ItemProcessor/States/Each/Branches/0/States/Inner",
    ] {
        assert_eq!(definition.pointer(pointer).unwrap()["QueryLanguage"], "JSONata", "{pointer}");
    }
}

#[test]
fn the_top_level_has_its_fields_in_the_order_of_the_guide() {
    let workflow = jsonata::Workflow::new()
        .state("Stop", jsonata::Fail::new())
        .state("Begin", jsonata::Wait::seconds("{% 1 + 1 %}").next("Stop"))
        .start_at("Begin")
        .timeout_seconds(60)
        .version("1.0")
        .comment("A wait");
    assert_eq!(
        workflow.definition().to_string(),
        r#"{"Comment":"A wait","QueryLanguage":"JSONata","Version":"1.0","TimeoutSeconds":60,"StartAt":"Begin","States":{"Stop":{"Type":"Fail"},"Begin":{"Type":"Wait","Seconds":"{% 1 + 1 %}","Next":"Stop"}}}"#
    );
    assert_eq!(validate::definition(&workflow.definition()), []);
}

#[test]
fn another_partition_reaches_every_integration() {
    let call = jsonata::Branch::new().state("Call", jsonata::Task::aws_sdk("s3", "listBuckets").end());
    let workflow = jsonata::Workflow::new().partition("aws-cn").state("All", jsonata::Parallel::new([call]).end());
    let call = &workflow.definition()["States"]["All"]["Branches"][0]["States"]["Call"];
    assert_eq!(call["Resource"], "arn:aws-cn:states:::aws-sdk:s3:listBuckets");
}
