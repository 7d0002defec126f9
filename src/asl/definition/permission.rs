//! The permissions of integrations: which actions the role needs for a task, and on what.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/service-integration-iam-templates.html>

use crate::data::iam;

/// What an action is needed on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum On {
    /// Something that only the run knows.
    Something,
    /// Whatever there is.
    Everything,
    /// What an argument names, as its name or its ARN: the arguments that may.
    Function(&'static str),
    Topic,
    Queue,
    Table,
    Machine,
    /// The executions of the machine.
    Executions,
    Bucket,
    Object,
    Bus,
    /// An argument that is an ARN.
    Arn(&'static str),
    Parameter,
    /// The rule of Amazon EventBridge by which Step Functions learns of the end of a job.
    Rule(&'static str),
}

/// What a task needs: actions, what they are needed on, and whether it fails without them for certain.
pub(crate) struct Use {
    pub actions: Vec<String>,
    pub on: On,
    pub fails: bool,
}

/// The optimized integrations: service, action, the pattern it is for, the actions, what they are needed on.
type Row = (&'static str, &'static str, &'static str, &'static [&'static str], On);

const RULES: &[&str] = &["events:PutTargets", "events:PutRule", "events:DescribeRule"];

static ROWS: [Row; 61] = [
    ("athena", "startQueryExecution", "", &["athena:StartQueryExecution"], On::Something),
    (
        "athena",
        "startQueryExecution",
        ".sync",
        &["athena:GetQueryExecution", "athena:StopQueryExecution"],
        On::Something,
    ),
    ("athena", "stopQueryExecution", "", &["athena:StopQueryExecution"], On::Something),
    ("athena", "getQueryExecution", "", &["athena:GetQueryExecution"], On::Something),
    ("athena", "getQueryResults", "", &["athena:GetQueryResults"], On::Something),
    ("batch", "submitJob", "", &["batch:SubmitJob"], On::Something),
    ("batch", "submitJob", ".sync", &["batch:DescribeJobs", "batch:TerminateJob"], On::Something),
    ("batch", "submitJob", ".sync", RULES, On::Rule("StepFunctionsGetEventsForBatchJobsRule")),
    ("bedrock", "invokeModel", "", &["bedrock:InvokeModel"], On::Something),
    ("bedrock", "createModelCustomizationJob", "", &["bedrock:CreateModelCustomizationJob"], On::Something),
    ("codebuild", "startBuild", "", &["codebuild:StartBuild"], On::Something),
    ("codebuild", "startBuild", ".sync", &["codebuild:StopBuild", "codebuild:BatchGetBuilds"], On::Something),
    ("codebuild", "startBuild", ".sync", RULES, On::Rule("StepFunctionsGetEventForCodeBuildStartBuildRule")),
    ("codebuild", "stopBuild", "", &["codebuild:StopBuild"], On::Something),
    ("codebuild", "batchGetReports", "", &["codebuild:BatchGetReports"], On::Something),
    ("codebuild", "batchDeleteBuilds", "", &["codebuild:BatchDeleteBuilds"], On::Something),
    ("databrew", "startJobRun", "", &["databrew:StartJobRun"], On::Something),
    ("databrew", "startJobRun", ".sync", &["databrew:ListJobRuns", "databrew:StopJobRun"], On::Something),
    ("dynamodb", "getItem", "", &["dynamodb:GetItem"], On::Table),
    ("dynamodb", "putItem", "", &["dynamodb:PutItem"], On::Table),
    ("dynamodb", "updateItem", "", &["dynamodb:UpdateItem"], On::Table),
    ("dynamodb", "deleteItem", "", &["dynamodb:DeleteItem"], On::Table),
    ("ecs", "runTask", "", &["ecs:RunTask"], On::Something),
    ("ecs", "runTask", ".sync", &["ecs:StopTask", "ecs:DescribeTasks"], On::Something),
    ("ecs", "runTask", ".sync", RULES, On::Rule("StepFunctionsGetEventsForECSTaskRule")),
    ("elasticmapreduce", "createCluster", "", &["elasticmapreduce:RunJobFlow"], On::Something),
    (
        "elasticmapreduce",
        "createCluster",
        ".sync",
        &["elasticmapreduce:DescribeCluster", "elasticmapreduce:TerminateJobFlows"],
        On::Something,
    ),
    ("elasticmapreduce", "createCluster", ".sync", RULES, On::Rule("StepFunctionsGetEventForEMRRunJobFlowRule")),
    ("elasticmapreduce", "addStep", "", &["elasticmapreduce:AddJobFlowSteps"], On::Something),
    (
        "elasticmapreduce",
        "addStep",
        ".sync",
        &["elasticmapreduce:DescribeStep", "elasticmapreduce:CancelSteps"],
        On::Something,
    ),
    ("elasticmapreduce", "addStep", ".sync", RULES, On::Rule("StepFunctionsGetEventForEMRAddJobFlowStepsRule")),
    ("elasticmapreduce", "cancelStep", "", &["elasticmapreduce:CancelSteps"], On::Something),
    ("elasticmapreduce", "terminateCluster", "", &["elasticmapreduce:TerminateJobFlows"], On::Something),
    ("elasticmapreduce", "terminateCluster", ".sync", &["elasticmapreduce:DescribeCluster"], On::Something),
    (
        "elasticmapreduce",
        "terminateCluster",
        ".sync",
        RULES,
        On::Rule("StepFunctionsGetEventForEMRTerminateJobFlowsRule"),
    ),
    (
        "elasticmapreduce",
        "setClusterTerminationProtection",
        "",
        &["elasticmapreduce:SetTerminationProtection"],
        On::Something,
    ),
    ("emr-serverless", "startJobRun", "", &["emr-serverless:StartJobRun"], On::Something),
    (
        "emr-serverless",
        "startJobRun",
        ".sync",
        &["emr-serverless:GetJobRun", "emr-serverless:CancelJobRun"],
        On::Something,
    ),
    ("emr-serverless", "startJobRun", ".sync", RULES, On::Rule("StepFunctionsGetEventsForEMRServerlessJobRule")),
    ("events", "putEvents", "", &["events:PutEvents"], On::Bus),
    ("glue", "startJobRun", "", &["glue:StartJobRun"], On::Something),
    ("glue", "startJobRun", ".sync", &["glue:GetJobRun", "glue:GetJobRuns", "glue:BatchStopJobRun"], On::Something),
    ("http", "invoke", "", &["states:InvokeHTTPEndpoint"], On::Something),
    ("http", "invoke", "", &["events:RetrieveConnectionCredentials"], On::Something),
    ("http", "invoke", "", &["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"], On::Something),
    ("lambda", "invoke", "", &["lambda:InvokeFunction"], On::Function("FunctionName")),
    ("mediaconvert", "createJob", "", &["mediaconvert:CreateJob"], On::Something),
    ("mediaconvert", "createJob", ".sync", &["mediaconvert:GetJob", "mediaconvert:CancelJob"], On::Something),
    ("mediaconvert", "createJob", ".sync", RULES, On::Rule("StepFunctionsGetEventsForMediaConvertJobRule")),
    ("sagemaker", "createEndpoint", "", &["sagemaker:CreateEndpoint"], On::Something),
    ("sagemaker", "createModel", "", &["sagemaker:CreateModel"], On::Something),
    ("sagemaker", "createTrainingJob", "", &["sagemaker:CreateTrainingJob"], On::Something),
    (
        "sagemaker",
        "createTrainingJob",
        ".sync",
        &["sagemaker:DescribeTrainingJob", "sagemaker:StopTrainingJob"],
        On::Something,
    ),
    ("sagemaker", "createTrainingJob", ".sync", RULES, On::Rule("StepFunctionsGetEventsForSageMakerTrainingJobsRule")),
    ("sagemaker", "createTransformJob", "", &["sagemaker:CreateTransformJob"], On::Something),
    (
        "sagemaker",
        "createTransformJob",
        ".sync",
        RULES,
        On::Rule("StepFunctionsGetEventsForSageMakerTransformJobsRule"),
    ),
    ("sns", "publish", "", &["sns:Publish"], On::Topic),
    ("sqs", "sendMessage", "", &["sqs:SendMessage"], On::Queue),
    ("states", "startExecution", "", &["states:StartExecution"], On::Machine),
    ("states", "startExecution", ".sync", &["states:DescribeExecution", "states:StopExecution"], On::Executions),
    ("states", "startExecution", ".sync", RULES, On::Rule("StepFunctionsGetEventsForStepFunctionsExecutionRule")),
];

/// What a task of an integration needs; none where it is not known here.
pub(crate) fn uses(service: &str, action: &str) -> Option<Vec<Use>> {
    let (action, pattern) = action.split_at(action.find('.').unwrap_or(action.len()));
    if let Some(service) = service.strip_prefix("aws-sdk:") {
        return sdk(service, action).map(|call| vec![call]);
    }
    let pattern = if pattern.starts_with(".sync") { ".sync" } else { "" };
    let rows = ROWS.iter().filter(|row| row.0 == service && row.1 == action && (row.2.is_empty() || row.2 == pattern));
    let uses: Vec<Use> = rows
        .map(|(_, _, pattern, actions, on)| Use {
            actions: actions.iter().map(|action| (*action).to_owned()).collect(),
            on: *on,
            // A machine with a job to wait for is not even created without its rule.
            fails: pattern.is_empty() || matches!(on, On::Rule(_)),
        })
        .collect();
    if uses.is_empty() { None } else { Some(uses) }
}

/// What a task of an integration needs, by its ARN; of a service that is not listed here, the action of the same name that
/// IAM knows.
pub(crate) fn uses_of(arn: &str) -> Option<Vec<Use>> {
    let name = arn.strip_prefix("arn:aws:states:::")?;
    // `aws-sdk:s3:listObjectsV2`, `states:startExecution.sync:2`.
    let sdk = name.strip_prefix("aws-sdk:").and_then(|rest| rest.find(':')).map(|at| at + "aws-sdk:".len());
    let (service, action) = name.split_at(sdk.or_else(|| name.find(':'))?);
    let action = action.trim_start_matches(':');
    if let Some(uses) = uses(service, action) {
        return Some(uses);
    }
    let service = service.strip_prefix("aws-sdk:")?;
    if SDK.iter().any(|(known, _)| *known == service) {
        return None;
    }
    let action = action.split('.').next().unwrap_or_default();
    let known = iam::action(&format!("{service}:{action}"))?;
    Some(vec![Use { actions: vec![format!("{service}:{}", known.name())], on: On::Something, fails: true }])
}

/// The services whose actions are called as those of their API, with the name that IAM has for them.
const SDK: [(&str, &str); 34] = [
    ("athena", "athena"),
    ("batch", "batch"),
    ("cloudformation", "cloudformation"),
    ("cloudwatch", "cloudwatch"),
    ("cloudwatchlogs", "logs"),
    ("codebuild", "codebuild"),
    ("cognitoidentityprovider", "cognito-idp"),
    ("comprehend", "comprehend"),
    ("dynamodb", "dynamodb"),
    ("ec2", "ec2"),
    ("ecs", "ecs"),
    ("emr", "elasticmapreduce"),
    ("eventbridge", "events"),
    ("firehose", "firehose"),
    ("glue", "glue"),
    ("kinesis", "kinesis"),
    ("kms", "kms"),
    ("lambda", "lambda"),
    ("organizations", "organizations"),
    ("polly", "polly"),
    ("rds", "rds"),
    ("rdsdata", "rds-data"),
    ("redshiftdata", "redshift-data"),
    ("rekognition", "rekognition"),
    ("s3", "s3"),
    ("sagemaker", "sagemaker"),
    ("scheduler", "scheduler"),
    ("secretsmanager", "secretsmanager"),
    ("sfn", "states"),
    ("sns", "sns"),
    ("sqs", "sqs"),
    ("ssm", "ssm"),
    ("textract", "textract"),
    ("translate", "translate"),
];

/// The actions whose API has another name; nothing where IAM asks for what depends on the arguments.
const RENAMED: [(&str, &str); 23] = [
    ("dynamodb:BatchExecuteStatement", ""),
    ("dynamodb:ExecuteStatement", ""),
    ("dynamodb:ExecuteTransaction", ""),
    ("dynamodb:TransactGetItems", "dynamodb:GetItem"),
    ("dynamodb:TransactWriteItems", ""),
    ("kms:ReEncrypt", ""),
    ("lambda:Invoke", "lambda:InvokeFunction"),
    ("lambda:InvokeAsync", "lambda:InvokeFunction"),
    ("s3:DeleteObject", "s3:DeleteObject"),
    ("s3:DeleteObjects", "s3:DeleteObject"),
    ("s3:GetObject", "s3:GetObject"),
    ("s3:GetObjectTagging", "s3:GetObjectTagging"),
    ("s3:HeadBucket", "s3:ListBucket"),
    ("s3:HeadObject", "s3:GetObject"),
    ("s3:ListBuckets", "s3:ListAllMyBuckets"),
    ("s3:ListObjects", "s3:ListBucket"),
    ("s3:ListObjectsV2", "s3:ListBucket"),
    ("s3:PutObject", "s3:PutObject"),
    ("s3:PutObjectTagging", "s3:PutObjectTagging"),
    ("sns:PublishBatch", "sns:Publish"),
    ("sqs:ChangeMessageVisibilityBatch", "sqs:ChangeMessageVisibility"),
    ("sqs:DeleteMessageBatch", "sqs:DeleteMessage"),
    ("sqs:SendMessageBatch", "sqs:SendMessage"),
];

/// What a call of an API needs.
pub(crate) fn sdk(service: &str, action: &str) -> Option<Use> {
    let (_, prefix) = SDK.iter().find(|(known, _)| *known == service)?;
    let (first, rest) = action.split_at_checked(1)?;
    let called = format!("{prefix}:{}{rest}", first.to_ascii_uppercase());
    let action = match RENAMED.iter().find(|(api, _)| *api == called) {
        Some((_, "")) => return None,
        Some((_, named)) => (*named).to_owned(),
        // Most others of it have a name of their own.
        None if *prefix == "s3" => return None,
        None => called,
    };
    let on = match *prefix {
        "dynamodb" => On::Table,
        "lambda" => On::Function("FunctionName"),
        "sqs" => On::Queue,
        "sns" => On::Topic,
        "ssm" if action.ends_with("Parameter") => On::Parameter,
        "states" if action == "states:StartExecution" || action == "states:StartSyncExecution" => On::Machine,
        "s3" if action == "s3:ListAllMyBuckets" => On::Everything,
        "s3" if action == "s3:ListBucket" => On::Bucket,
        "s3" => On::Object,
        "secretsmanager" => On::Arn("SecretId"),
        _ => On::Something,
    };
    Some(Use { actions: vec![action], on, fails: true })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_is_one_that_iam_knows() {
        let renamed = RENAMED.iter().map(|(_, action)| *action).filter(|action| !action.is_empty());
        for action in ROWS.iter().flat_map(|row| row.3).copied().chain(renamed) {
            assert!(crate::data::iam::action(action).is_some(), "{action}");
        }
    }

    #[test]
    fn an_integration_needs_what_its_page_lists() {
        let actions = |service: &str, action: &str| -> Vec<String> {
            uses(service, action).into_iter().flatten().flat_map(|needed| needed.actions).collect()
        };
        for (service, action, expected) in [
            ("lambda", "invoke.waitForTaskToken", &["lambda:InvokeFunction"][..]),
            (
                "states",
                "startExecution.sync:2",
                &[
                    "states:StartExecution",
                    "states:DescribeExecution",
                    "states:StopExecution",
                    "events:PutTargets",
                    "events:PutRule",
                    "events:DescribeRule",
                ],
            ),
            ("states", "startExecution", &["states:StartExecution"]),
            ("aws-sdk:s3", "listObjectsV2", &["s3:ListBucket"]),
            ("aws-sdk:sfn", "startSyncExecution", &["states:StartSyncExecution"]),
            ("aws-sdk:cloudwatchlogs", "createLogGroup", &["logs:CreateLogGroup"]),
            ("aws-sdk:lambda", "invoke", &["lambda:InvokeFunction"]),
            ("aws-sdk:dynamodb", "transactWriteItems", &[]),
            ("aws-sdk:s3", "getBucketEncryption", &[]),
            ("aws-sdk:unknown", "thing", &[]),
            ("unknown", "thing", &[]),
        ] {
            assert_eq!(actions(service, action), expected, "{service}:{action}");
        }
    }
}
