//! What stands behind features: the named grants of these services, and the tasks that run their jobs.
//!
//! `cargo test --test features --features "athena …"`, as `.ci/run` says it; without them there is nothing to test.
#![cfg(all(
    feature = "appsync",
    feature = "athena",
    feature = "backup",
    feature = "batch",
    feature = "cloudfront",
    feature = "codebuild",
    feature = "codecommit",
    feature = "codepipeline",
    feature = "ecr",
    feature = "ecs",
    feature = "efs",
    feature = "eks",
    feature = "elasticache",
    feature = "emr",
    feature = "emrserverless",
    feature = "glue",
    feature = "iot",
    feature = "kinesis",
    feature = "kinesisfirehose",
    feature = "opensearchservice",
    feature = "sagemaker",
    feature = "scheduler",
    feature = "serverless",
    feature = "ssm"
))]

use formwork::{
    Handle, Stack,
    asl::{self, jsonata::*},
    aws::{
        appsync, athena, backup, batch, cloudfront, codebuild, codecommit, codepipeline, ecr, ecs, efs, eks,
        elasticache, emr, emrserverless, glue, iam::Role, iot, kinesis, kinesisfirehose, opensearchservice, sagemaker,
        scheduler, serverless, ssm, stepfunctions::StateMachine,
    },
    grants,
    iam::trust,
    intrinsic::sub,
    value::Value,
};
use serde_json::{Value as Json, json};

/// One of each, whose own properties do not matter.
struct All {
    role: Handle<Role>,
    graphql_api: Handle<appsync::GraphQLApi>,
    work_group: Handle<athena::WorkGroup>,
    backup_vault: Handle<backup::BackupVault>,
    job_definition: Handle<batch::JobDefinition>,
    job_queue: Handle<batch::JobQueue>,
    distribution: Handle<cloudfront::Distribution>,
    project: Handle<codebuild::Project>,
    code: Handle<codecommit::Repository>,
    pipeline: Handle<codepipeline::Pipeline>,
    images: Handle<ecr::Repository>,
    containers: Handle<ecs::Cluster>,
    task_definition: Handle<ecs::TaskDefinition>,
    file_system: Handle<efs::FileSystem>,
    kubernetes: Handle<eks::Cluster>,
    serverless_cache: Handle<elasticache::ServerlessCache>,
    user: Handle<elasticache::User>,
    hadoop: Handle<emr::Cluster>,
    application: Handle<emrserverless::Application>,
    job: Handle<glue::Job>,
    thing: Handle<iot::Thing>,
    stream: Handle<kinesis::Stream>,
    delivery_stream: Handle<kinesisfirehose::DeliveryStream>,
    domain: Handle<opensearchservice::Domain>,
    endpoint: Handle<sagemaker::Endpoint>,
    schedule_group: Handle<scheduler::ScheduleGroup>,
    parameter: Handle<ssm::Parameter>,
}

fn any<T>() -> Value<T> {
    sub("any").cast()
}

impl All {
    fn of(stack: &mut Stack) -> Self {
        Self {
            role: stack.add("JobRole", Role::new(trust("ecs-tasks.amazonaws.com"))),
            graphql_api: stack.add("GraphQLApi", appsync::GraphQLApi::new(any(), any())),
            work_group: stack.add("WorkGroup", athena::WorkGroup::new(any())),
            backup_vault: stack.add("BackupVault", backup::BackupVault::new(any())),
            job_definition: stack.add("JobDefinition", batch::JobDefinition::new(any())),
            job_queue: stack.add("JobQueue", batch::JobQueue::new(any())),
            distribution: stack.add("Distribution", cloudfront::Distribution::new(any())),
            project: stack.add("Project", codebuild::Project::new(any(), any(), any(), any())),
            code: stack.add("Code", codecommit::Repository::new(any())),
            pipeline: stack.add("Pipeline", codepipeline::Pipeline::new(any(), any())),
            images: stack.add("Images", ecr::Repository::new()),
            containers: stack.add("Containers", ecs::Cluster::new()),
            task_definition: stack.add("TaskDefinition", ecs::TaskDefinition::new()),
            file_system: stack.add("FileSystem", efs::FileSystem::new()),
            kubernetes: stack.add("Kubernetes", eks::Cluster::new(any(), any())),
            serverless_cache: stack.add("ServerlessCache", elasticache::ServerlessCache::new(any(), any())),
            user: stack.add("User", elasticache::User::new(any(), any(), any())),
            hadoop: stack.add("Hadoop", emr::Cluster::new(any(), any(), any(), any())),
            application: stack.add("Application", emrserverless::Application::new(any(), any())),
            job: stack.add("Job", glue::Job::new(any(), any())),
            thing: stack.add("Thing", iot::Thing::new()),
            stream: stack.add("Stream", kinesis::Stream::new()),
            delivery_stream: stack.add("DeliveryStream", kinesisfirehose::DeliveryStream::new()),
            domain: stack.add("Domain", opensearchservice::Domain::new()),
            endpoint: stack.add("Endpoint", sagemaker::Endpoint::new(any())),
            schedule_group: stack.add("ScheduleGroup", scheduler::ScheduleGroup::new()),
            parameter: stack.add("Parameter", ssm::Parameter::new(any(), any())),
        }
    }
}

fn review(name: &str, json: &Json) {
    insta::with_settings!({snapshot_path => "../snapshots", prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!(name, format!("{json:#}"));
    });
}

#[test]
fn the_named_grants() {
    let all = All::of(&mut Stack::new("grants"));
    macro_rules! grants {
        ($($name:literal $grant:expr;)*) => {
            json!({$($name: $grant),*})
        };
    }
    let grants = grants! {
        "appsync::GraphQLApi.allow_graph_ql" all.graphql_api.allow_graph_ql("Query", "getReport");
        "athena::WorkGroup.allow_follow_queries" all.work_group.allow_follow_queries();
        "athena::WorkGroup.allow_start_query" all.work_group.allow_start_query();
        "athena::WorkGroup.allow_query" all.work_group.allow_query();
        "backup::BackupVault.allow_start_backup" all.backup_vault.allow_start_backup();
        "batch::JobQueue.allow_submit" all.job_queue.allow_submit(&all.job_definition);
        "cloudfront::Distribution.allow_invalidate" all.distribution.allow_invalidate();
        "codebuild::Project.allow_follow_builds" all.project.allow_follow_builds();
        "codebuild::Project.allow_start_build" all.project.allow_start_build();
        "codecommit::Repository.allow_pull" all.code.allow_pull();
        "codecommit::Repository.allow_push" all.code.allow_push();
        "codepipeline::Pipeline.allow_start_execution" all.pipeline.allow_start_execution();
        "ecr::Repository.allow_pull" all.images.allow_pull();
        "ecr::Repository.allow_push" all.images.allow_push();
        "ecs::Cluster.allow_follow_tasks" all.containers.allow_follow_tasks();
        "ecs::TaskDefinition.allow_run" all.task_definition.allow_run();
        "efs::FileSystem.allow_mount" all.file_system.allow_mount();
        "efs::FileSystem.allow_mount_to_write" all.file_system.allow_mount_to_write();
        "elasticache::ServerlessCache.allow_connect" all.serverless_cache.allow_connect(&all.user);
        "emr::Cluster.allow_add_steps" all.hadoop.allow_add_steps();
        "emr::Cluster.allow_follow_steps" all.hadoop.allow_follow_steps();
        "emrserverless::Application.allow_follow_runs" all.application.allow_follow_runs();
        "emrserverless::Application.allow_start_run" all.application.allow_start_run();
        "glue::Job.allow_follow_runs" all.job.allow_follow_runs();
        "glue::Job.allow_start_run" all.job.allow_start_run();
        "iot::Thing.allow_connect" all.thing.allow_connect();
        "kinesis::Stream.allow_read" all.stream.allow_read();
        "kinesis::Stream.allow_write" all.stream.allow_write();
        "kinesisfirehose::DeliveryStream.allow_put" all.delivery_stream.allow_put();
        "opensearchservice::Domain.allow_read" all.domain.allow_read();
        "opensearchservice::Domain.allow_write" all.domain.allow_write();
        "sagemaker::Endpoint.allow_invoke" all.endpoint.allow_invoke();
        "scheduler::ScheduleGroup.allow_delete" all.schedule_group.allow_delete();
        "scheduler::ScheduleGroup.allow_read" all.schedule_group.allow_read();
        "scheduler::ScheduleGroup.allow_write" all.schedule_group.allow_write();
        "ssm::Parameter.allow_read" all.parameter.allow_read();
        "ssm::Parameter.allow_write" all.parameter.allow_write();
        "allow_ecr_login" grants::allow_ecr_login();
        "allow_invoke_model" grants::allow_invoke_model("amazon.nova-lite-v1:0");
    };
    review("grants-behind-features", &grants);
}

/// Each of the tasks, with what the role gets for it.
#[test]
fn the_tasks_and_what_they_need() {
    let mut stack = Stack::new("tasks");
    let all = All::of(&mut stack);
    let workflow = Workflow::new()
        .state("Athena", Task::athena_start_query_execution_sync(&all.work_group, "SELECT 1").next("Batch"))
        .state("Batch", Task::batch_submit_job_sync(&all.job_queue, &all.job_definition, "render").next("Bedrock"))
        .state("Bedrock", Task::bedrock_invoke_model("amazon.nova-lite-v1:0", json!({"a": 1})).next("Build"))
        .state("Build", Task::codebuild_start_build_sync(&all.project).next("Ecs"))
        .state("Ecs", Task::ecs_run_task_sync(&all.containers, &all.task_definition).passing(&all.role).next("Eks"))
        .state("Eks", Task::eks_run_job_sync(&all.kubernetes, json!({"kind": "Job"})).next("Emr"))
        .state("Emr", Task::emr_add_step_sync(&all.hadoop, step()).next("Serverless"))
        .state(
            "Serverless",
            Task::emr_serverless_start_job_run_sync(&all.application, &all.role, driver()).next("Glue"),
        )
        .state("Glue", Task::glue_start_job_run_sync(&all.job).next("Video"))
        .state("Video", Task::mediaconvert_create_job_sync(&all.role, json!({"Inputs": []})).next("Train"))
        .state("Train", train(&all).next("Transform"))
        .state("Transform", transform().end());
    review("tasks-behind-features", &serde_json::to_value(workflow.grants()).unwrap());
    // The checks know the same: no argument is missing, and the role needs nothing beside it.
    assert_eq!(workflow.validate(), []);
    let role = stack.add("Role", Role::new(trust("states.amazonaws.com")).policy("Run", workflow.grants()));
    stack.add("Machine", StateMachine::new(role.arn()).workflow(&workflow));
    let missing: Vec<_> = stack.diagnostics().into_iter().filter(|fault| fault.code.starts_with("F5")).collect();
    assert_eq!(missing, []);
}

fn step() -> Json {
    json!({"Name": "count", "HadoopJarStep": {"Jar": "command-runner.jar"}})
}

fn driver() -> Json {
    json!({"SparkSubmit": {"EntryPoint": "s3://code/count.py"}})
}

fn train(all: &All) -> Task<asl::SagemakerCreateTrainingJob> {
    Task::sagemaker_create_training_job_sync(&all.role, "roast")
        .algorithm_specification(json!({"TrainingImage": "image", "TrainingInputMode": "File"}))
        .output_data_config(json!({"S3OutputPath": "s3://models"}))
        .resource_config(json!({"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10}))
        .stopping_condition(json!({"MaxRuntimeInSeconds": 600}))
}

fn transform() -> Task<asl::SagemakerCreateTransformJob> {
    let source = json!({"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://beans"}});
    Task::sagemaker_create_transform_job_sync("roast", "model")
        .transform_input(json!({"DataSource": source}))
        .transform_output(json!({"S3OutputPath": "s3://roasts"}))
        .transform_resources(json!({"InstanceType": "ml.m5.large", "InstanceCount": 1}))
}

/// A stack of the Serverless Application Model: what its transform makes of it, the checks know too.
#[test]
fn a_function_of_sam_has_events_and_policies() {
    use serverless::function::{Event, EventsType, FunctionRuntime};
    let stack = || {
        let mut stack = Stack::new("orders");
        stack.transform("AWS::Serverless-2016-10-31");
        let orders = stack.add("Orders", serverless::SimpleTable::new());
        let get = json!({"Path": "/orders", "Method": "get"});
        let function = serverless::Function::new()
            .handler("index.handler")
            .runtime(FunctionRuntime::PYTHON_3_13)
            .inline_code("def handler(event, context):\n    return event\n")
            .policies(json!([{"DynamoDBReadPolicy": {"TableName": orders.reference()}}]))
            .events([("Get", Event::new(EventsType::API).properties(get))]);
        let function = stack.add("Read", function);
        stack.output("Read", function.arn());
        stack
    };
    formwork::Project::new().stack(stack).assert_clean();
    let template: Json = serde_json::from_str(&stack().template().to_json()).expect("a template is JSON");
    assert_eq!(template["Transform"], "AWS::Serverless-2016-10-31");
    let read = &template["Resources"]["Read"]["Properties"];
    assert_eq!(read["Events"]["Get"], json!({"Properties": {"Path": "/orders", "Method": "get"}, "Type": "Api"}));
    assert_eq!(read["Policies"][0]["DynamoDBReadPolicy"]["TableName"], json!({"Ref": "Orders"}));
    assert_eq!(template["Outputs"]["Read"]["Value"], json!({"Fn::GetAtt": ["Read", "Arn"]}));
}
