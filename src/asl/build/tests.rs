//! Every field of the table of the States Language can be set, in the language that has it, and lands under its name.

use std::collections::BTreeSet;

use serde_json::json;

use crate::{
    asl::{
        definition::{Language, fields::Part},
        jsonata, jsonpath,
        run::Answer,
        validate,
    },
    iam::allow,
    json::Json,
};

/// Parts that states hold, with where they are in one.
const PARTS: [(&str, Part); 9] = [
    ("/Retry/0", Part::Retrier),
    ("/Catch/0", Part::Catcher),
    ("/Choices/0", Part::ChoiceRule),
    ("/ItemProcessor/ProcessorConfig", Part::ProcessorConfig),
    ("/ItemReader", Part::ItemReader),
    ("/ItemReader/ReaderConfig", Part::ReaderConfig),
    ("/ItemBatcher", Part::ItemBatcher),
    ("/ResultWriter", Part::ResultWriter),
    ("/ResultWriter/WriterConfig", Part::WriterConfig),
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
    definition["States"].as_object().expect("a definition has states").values().cloned().collect()
}

fn keys<'a>(objects: impl Iterator<Item = &'a Json>) -> BTreeSet<String> {
    objects.flat_map(|object| object.as_object().expect("a state is an object").keys().cloned()).collect()
}

/// The fields of the table for a part. `QueryLanguage` is written only where a state differs from its workflow.
fn of_table(part: Part, language: Language, besides: &[&str]) -> BTreeSet<String> {
    let unset = |name: &&str| *name != "QueryLanguage" && !besides.contains(name);
    part.names(language).filter(unset).map(str::to_owned).collect()
}

#[test]
fn each_state_has_the_fields_of_its_language_and_no_others() {
    for (states, language) in [(in_jsonata(), Language::Jsonata), (in_jsonpath(), Language::JsonPath)] {
        for part in Part::STATES {
            let kind = part.type_name();
            // The old name of `ItemProcessor` is for definitions of old, in JSONPath.
            let besides: &[&str] = if language == Language::Jsonata { &["End", "Iterator"] } else { &["End"] };
            let mut found = keys(states.iter().filter(|state| state["Type"] == kind));
            found.remove("End");
            assert_eq!(found, of_table(part, language, besides), "{kind} in {}", language.name());
        }
    }
}

#[test]
fn each_part_of_a_state_has_the_fields_of_its_language_and_no_others() {
    for (states, language) in [(in_jsonata(), Language::Jsonata), (in_jsonpath(), Language::JsonPath)] {
        for (pointer, part) in PARTS {
            let mut found = keys(states.iter().filter_map(|state| state.pointer(pointer)));
            let mut expected = of_table(part, language, &[]);
            // A rule has one operator; the others are held to their names beside the setters.
            if part == Part::ChoiceRule {
                expected
                    .retain(|name| part.field(name).is_some_and(|_| !["And", "Or", "Not"].contains(&name.as_str())));
                found.remove("StringEquals");
            }
            // Notes for people stand at the states, their errors and their rules.
            if ![Part::Retrier, Part::Catcher, Part::ChoiceRule].contains(&part) {
                expected.remove("Comment");
            }
            assert_eq!(found, expected, "{pointer} in {}", language.name());
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
fn the_partition_of_every_integration_is_that_of_the_stack_or_a_fixed_one() {
    use jsonata::*;
    let all = |workflow: Workflow| {
        let call = Branch::new()
            .state("Call", Task::aws_sdk("s3", "listBuckets").next("Run"))
            .state("Run", Task::integration("arn:aws:states:::ecs:runTask.sync").end());
        let each = Branch::new().state("Each", Pass::new().end());
        let map = Map::distributed(each, ExecutionType::Standard)
            .item_reader(ItemReader::new("arn:aws:states:::s3:getObject").argument("Bucket", "b").argument("Key", "k"))
            .result_writer(ResultWriter::new("arn:aws:states:::s3:putObject").argument("Bucket", "b"));
        workflow
            .state("All", Parallel::new([call]).next("Rows"))
            .state("Rows", map.next("Own"))
            .state("Own", Task::integration("arn:aws:lambda:eu-west-1:123456789012:function:own").end())
    };
    let resources = |workflow: &Workflow| {
        let mut found = Vec::new();
        crate::json::walk(&workflow.definition(), &crate::json::Pointer::START, &mut |json, _| {
            found.extend(json.get("Resource").and_then(|it| it.as_str()).map(str::to_owned));
        });
        found
    };
    let of = |partition: &str| {
        [
            "states:::aws-sdk:s3:listBuckets",
            "states:::ecs:runTask.sync",
            "states:::s3:getObject",
            "states:::s3:putObject",
            "lambda:eu-west-1:123456789012:function:own",
        ]
        .map(|rest| format!("arn:{}:{rest}", if rest.starts_with("states") { partition } else { "aws" }))
    };
    let tokens = ["${AwsSdkS3ListBuckets}", "${EcsRunTaskSync}", "${S3GetObject}", "${S3PutObject}"];
    let deployed = all(Workflow::new());
    let [.., function] = of("aws");
    assert_eq!(resources(&deployed), [&tokens[..], &[&function]].concat());
    let values: Vec<_> =
        deployed.substitutions().iter().map(|(_, value)| serde_json::to_value(value).unwrap()).collect();
    let of_stack = of("${AWS::Partition}");
    assert_eq!(values, of_stack[..4].iter().map(|arn| json!({"Fn::Sub": arn})).collect::<Vec<_>>());
    assert_eq!(deployed.validate(), []);
    let fixed = all(Workflow::new().partition("aws-cn"));
    assert_eq!((resources(&fixed), fixed.substitutions().is_empty()), (of("aws-cn").to_vec(), true));
    assert_eq!(fixed.validate(), []);
    // A name that is taken is that of another token, and what is no task has no integration.
    let resource = json!({"Resource": "arn:aws:states:::sns:publish"});
    let say = Task::integration("arn:aws:states:::sns:publish").argument("Message", resource);
    let own =
        Workflow::new().state("Say", say.argument("Subject", "${SnsPublish}").end()).substitution("SnsPublish", "own");
    assert_eq!(own.definition()["States"]["Say"]["Resource"], "${SnsPublish2}");
    assert_eq!(own.definition()["States"]["Say"]["Arguments"]["Message"]["Resource"], "arn:aws:states:::sns:publish");
    assert_eq!(own.validate(), []);
    // A run is in a partition too.
    let publish = Task::integration("arn:aws:states:::sns:publish").argument("Message", "m");
    let mut called = Workflow::new().state("Say", publish.end()).run(json!({}));
    called = called.task_with("Say", |call| Answer::ok(json!({"Called": call.resource()})));
    assert_eq!(called.finish().output(), json!({"Called": "arn:aws:states:::sns:publish"}));
}

#[test]
fn the_names_of_states_and_of_values_do_not_clash() {
    // Names that two globs bring in are ambiguous where they are used: this would not compile.
    use crate::{asl::jsonata::*, value::*};
    let branch = || Branch::new().state("Each", Pass::new().end());
    let each: State = Map::inline(branch()).end();
    let both: State = Parallel::new([branch()]).end();
    let workflow = Workflow::new().state("Both", each).state("Rest", both);
    let values: (Value<String>, List<String>, Entries<String>) = ("a".into_value(), List::new(), Entries::new());
    assert_eq!((workflow.definition()["StartAt"].as_str(), values.0.literal().unwrap().as_str()), (Some("Both"), "a"));
}
