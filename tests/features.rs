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
    feature = "ssm"
))]

use formwork::{
    Stack,
    asl::jsonata::*,
    aws::{iam::Role, stepfunctions::StateMachine},
    grants,
    iam::{Statement, trust},
};
use serde_json::{Value as Json, json};

fn text(of: &impl serde::Serialize) -> String {
    serde_json::to_value(of).expect("statements are JSON").to_string()
}

#[test]
fn the_named_grants() {
    let stack = Stack::new("grants");
    macro_rules! grants {
        ($($service:ident::$resource:ident.$grant:ident($($argument:expr),*);)*) => {
            [$((
                concat!(stringify!($service), "::", stringify!($resource), ".", stringify!($grant)),
                stack.handle::<formwork::aws::$service::$resource>(stringify!($resource)).$grant($($argument),*),
            )),*]
        };
    }
    let grants: Vec<(&str, Statement)> = grants! {
        appsync::GraphQLApi.allow_graph_ql("Query", "getReport");
        athena::WorkGroup.allow_query();
        backup::BackupVault.allow_start_backup();
        batch::JobQueue.allow_submit(&stack.handle("JobDefinition"));
        cloudfront::Distribution.allow_invalidate();
        codebuild::Project.allow_follow_builds();
        codebuild::Project.allow_start_build();
        codecommit::Repository.allow_pull();
        codecommit::Repository.allow_push();
        codepipeline::Pipeline.allow_start_execution();
        ecr::Repository.allow_pull();
        ecr::Repository.allow_push();
        ecs::Cluster.allow_follow_tasks();
        ecs::TaskDefinition.allow_run();
        efs::FileSystem.allow_mount();
        efs::FileSystem.allow_mount_to_write();
        elasticache::ServerlessCache.allow_connect(&stack.handle("User"));
        emr::Cluster.allow_run_steps();
        emrserverless::Application.allow_start_run();
        glue::Job.allow_follow_runs();
        glue::Job.allow_start_run();
        iot::Thing.allow_connect();
        kinesis::Stream.allow_read();
        kinesis::Stream.allow_write();
        kinesisfirehose::DeliveryStream.allow_put();
        opensearchservice::Domain.allow_read();
        opensearchservice::Domain.allow_write();
        sagemaker::Endpoint.allow_invoke();
        scheduler::ScheduleGroup.allow_delete();
        scheduler::ScheduleGroup.allow_read();
        scheduler::ScheduleGroup.allow_write();
        ssm::Parameter.allow_read();
        ssm::Parameter.allow_write();
    }
    .into_iter()
    .chain([
        ("allow_ecr_login", grants::allow_ecr_login()),
        ("allow_invoke_model", grants::allow_invoke_model("amazon.nova-lite-v1:0")),
    ])
    .collect();
    let lines: Vec<String> = grants.iter().map(|(name, grant)| format!("{name}\n  {}", text(grant))).collect();
    insta::with_settings!({snapshot_path => "../snapshots", prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!("grants-behind-features", lines.join("\n"));
    });
}

/// Each of the tasks, with what the role gets for it.
#[test]
fn the_tasks_and_what_they_need() {
    let mut stack = Stack::new("tasks");
    let role = stack.handle("JobRole");
    let (cluster, definition) = (stack.handle("Cluster"), stack.handle("Render"));
    let (queue, job) = (stack.handle("Queue"), stack.handle("Job"));
    let (application, kubernetes) = (stack.handle("Application"), stack.handle("Kubernetes"));
    let (steps, work_group) = (stack.handle("Steps"), stack.handle("WorkGroup"));
    let (project, glue) = (stack.handle("Project"), stack.handle("Etl"));
    let workflow = Workflow::new()
        .state("Athena", Task::athena_start_query_execution_sync(&work_group, "SELECT 1").next("Batch"))
        .state("Batch", Task::batch_submit_job_sync(&queue, &job, "render").next("Bedrock"))
        .state("Bedrock", Task::bedrock_invoke_model("amazon.nova-lite-v1:0", json!({"a": 1})).next("Build"))
        .state("Build", Task::codebuild_start_build_sync(&project).next("Ecs"))
        .state("Ecs", Task::ecs_run_task_sync(&cluster, &definition).passing(&role).next("Eks"))
        .state("Eks", Task::eks_run_job_sync(&kubernetes, json!({"kind": "Job"})).next("Emr"))
        .state("Emr", Task::emr_add_step_sync(&steps, json!({"Name": "a"})).next("Serverless"))
        .state(
            "Serverless",
            Task::emr_serverless_start_job_run_sync(&application, &role, json!({"SparkSubmit": {}})).next("Glue"),
        )
        .state("Glue", Task::glue_start_job_run_sync(&glue).next("Video"))
        .state("Video", Task::mediaconvert_create_job_sync(&role, json!({"Inputs": []})).next("Train"))
        .state("Train", Task::sagemaker_create_training_job_sync(&role, "roast").next("Transform"))
        .state("Transform", Task::sagemaker_create_transform_job_sync("roast", "model").end());
    let policy = serde_json::to_value(workflow.grants()).unwrap();
    let lines: Vec<String> = policy["Statement"].as_array().unwrap().iter().map(Json::to_string).collect();
    insta::with_settings!({snapshot_path => "../snapshots", prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!("tasks-behind-features", lines.join("\n"));
    });
    // The checks know the same: the role needs nothing beside it.
    let role = stack.add("Role", Role::new(trust("states.amazonaws.com")).policy("Run", workflow.grants()));
    stack.add("Machine", StateMachine::new(role.arn()).workflow(&workflow));
    let missing: Vec<_> = stack.diagnostics().into_iter().filter(|fault| fault.code.starts_with("F5")).collect();
    assert_eq!(missing, []);
}
