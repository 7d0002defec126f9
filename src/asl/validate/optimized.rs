//! The optimized integrations: their actions, the ways to wait that each has, and what it takes.
//!
//! What an action takes is what an operation of an API takes, in the API's spelling with a capital, but for a few fields
//! of its own. Two of them have no API behind them.

/// An integration: `lambda` of `arn:aws:states:::lambda:invoke`.
#[derive(Debug)]
pub(super) struct Integration {
    pub name: &'static str,
    pub actions: &'static [Action],
    /// Its page.
    pub docs: &'static str,
}

/// One of its actions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Action {
    pub name: &'static str,
    /// The ways to wait that it has.
    pub patterns: &'static [&'static str],
    /// The service of the AWS SDK and the operation whose arguments it takes, if any.
    pub operation: Option<(&'static str, &'static str)>,
    /// Arguments of the operation that may be any JSON here, at whatever depth.
    pub any: &'static [&'static str],
    /// Arguments of the operation that are none here.
    pub without: &'static [&'static str],
    /// Arguments of its own.
    pub fields: &'static [Field],
}

/// A field that no API describes.
#[derive(Debug)]
pub(super) struct Field {
    pub name: &'static str,
    pub is_required: bool,
    pub holds: Holds,
}

/// What such a field holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Holds {
    Any,
    Text,
    Truth,
    Words(&'static [&'static str]),
    Object(&'static [Field]),
    /// What an argument of an operation holds, or where that is a list, an item of it.
    Argument {
        service: &'static str,
        operation: &'static str,
        argument: &'static str,
    },
}

/// The integration with a name.
pub(super) fn integration(name: &str) -> Option<&'static Integration> {
    INTEGRATIONS.iter().find(|integration| integration.name == name)
}

/// The service of the AWS SDK and the operation that an action calls, whatever it then waits for.
pub(crate) fn operation_of(service: &str, action: &str) -> Option<(&'static str, &'static str)> {
    integration(service)?.action(action)?.operation
}

/// The names of all.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    INTEGRATIONS.iter().map(|integration| integration.name)
}

impl Integration {
    /// The action with a name.
    pub(super) fn action(&self, name: &str) -> Option<&'static Action> {
        self.actions.iter().find(|action| action.name == name)
    }
}

const ANSWER: &[&str] = &[];
const JOB: &[&str] = &[".sync"];
const JOB_OR_TOKEN: &[&str] = &[".sync", ".waitForTaskToken"];
const TOKEN: &[&str] = &[".waitForTaskToken"];
const EXECUTION: &[&str] = &[".sync", ".sync:2", ".waitForTaskToken"];

/// An action that is called as the operation of the service is.
const fn of(service: &'static str, name: &'static str, patterns: &'static [&'static str]) -> Action {
    Action { name, patterns, operation: Some((service, name)), any: &[], without: &[], fields: &[] }
}

/// An action all of whose arguments are its own.
const fn own(name: &'static str, patterns: &'static [&'static str], fields: &'static [Field]) -> Action {
    Action { name, patterns, operation: None, any: &[], without: &[], fields }
}

const fn required(name: &'static str, holds: Holds) -> Field {
    Field { name, is_required: true, holds }
}

const fn optional(name: &'static str, holds: Holds) -> Field {
    Field { name, is_required: false, holds }
}

const fn argument(service: &'static str, operation: &'static str, argument: &'static str) -> Holds {
    Holds::Argument { service, operation, argument }
}

static INTEGRATIONS: [Integration; 22] = [
    Integration {
        name: "apigateway",
        actions: &[own("invoke", TOKEN, CALL_OF_A_GATEWAY)],
        docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-api-gateway.html",
    },
    Integration {
        name: "athena",
        actions: &[
            of("athena", "startQueryExecution", JOB),
            of("athena", "stopQueryExecution", ANSWER),
            of("athena", "getQueryExecution", ANSWER),
            of("athena", "getQueryResults", ANSWER),
        ],
        docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-athena.html",
    },
    Integration {
        name: "batch",
        actions: &[of("batch", "submitJob", JOB)],
        docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-batch.html",
    },
    Integration {
        name: "bedrock",
        actions: &[
            Action {
                fields: &[
                    optional("Input", Holds::Object(&[optional("S3Uri", Holds::Text)])),
                    optional("Output", Holds::Object(&[optional("S3Uri", Holds::Text)])),
                ],
                ..of("bedrockruntime", "invokeModel", TOKEN)
            },
            of("bedrock", "createModelCustomizationJob", JOB_OR_TOKEN),
        ],
        docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-bedrock.html",
    },
    Integration {
        name: "bedrockagentcore",
        actions: &[of("bedrockagentcore", "invokeHarness", ANSWER)],
        docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-bedrockagentcore.html",
    },
    Integration {
        name: "codebuild",
        actions: &[
            of("codebuild", "startBuild", JOB),
            of("codebuild", "stopBuild", ANSWER),
            of("codebuild", "batchDeleteBuilds", ANSWER),
            of("codebuild", "batchGetReports", ANSWER),
            of("codebuild", "startBuildBatch", JOB),
            of("codebuild", "stopBuildBatch", ANSWER),
            of("codebuild", "retryBuildBatch", JOB),
            of("codebuild", "deleteBuildBatch", ANSWER),
        ],
        docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-codebuild.html",
    },
    Integration {
        name: "databrew",
        actions: &[of("databrew", "startJobRun", JOB)],
        docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-databrew.html",
    },
    Integration {
        name: "dynamodb",
        actions: &[
            of("dynamodb", "getItem", ANSWER),
            of("dynamodb", "putItem", ANSWER),
            of("dynamodb", "updateItem", ANSWER),
            of("dynamodb", "deleteItem", ANSWER),
        ],
        docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-ddb.html",
    },
    Integration {
        name: "ecs",
        actions: &[of("ecs", "runTask", JOB_OR_TOKEN)],
        docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-ecs.html",
    },
    Integration {
        name: "eks",
        actions: &[
            of("eks", "createCluster", JOB_OR_TOKEN),
            of("eks", "createFargateProfile", JOB_OR_TOKEN),
            of("eks", "createNodegroup", JOB_OR_TOKEN),
            of("eks", "deleteCluster", JOB_OR_TOKEN),
            of("eks", "deleteFargateProfile", JOB_OR_TOKEN),
            of("eks", "deleteNodegroup", JOB_OR_TOKEN),
            own("runJob", JOB_OR_TOKEN, JOB_OF_KUBERNETES),
            own("call", JOB_OR_TOKEN, CALL_OF_KUBERNETES),
        ],
        docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-eks.html",
    },
    Integration {
        name: "elasticmapreduce",
        actions: &[
            Action { operation: Some(("emr", "runJobFlow")), without: &["Steps"], ..of("emr", "createCluster", JOB) },
            own("setClusterTerminationProtection", ANSWER, PROTECTION),
            own("terminateCluster", JOB, &[required("ClusterId", Holds::Text)]),
            own("addStep", JOB, STEP),
            own("cancelStep", ANSWER, &[required("ClusterId", Holds::Text), required("StepId", Holds::Text)]),
            own("modifyInstanceFleetByName", ANSWER, FLEET),
            own("modifyInstanceGroupByName", ANSWER, GROUP),
        ],
        docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr.html",
    },
    Integration {
        name: "emr-containers",
        actions: &[
            of("emrcontainers", "createVirtualCluster", ANSWER),
            of("emrcontainers", "deleteVirtualCluster", JOB),
            of("emrcontainers", "startJobRun", JOB),
        ],
        docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr-eks.html",
    },
    Integration {
        name: "emr-serverless",
        actions: &[
            of("emrserverless", "createApplication", JOB),
            of("emrserverless", "startApplication", JOB),
            of("emrserverless", "stopApplication", JOB),
            of("emrserverless", "deleteApplication", JOB),
            of("emrserverless", "startJobRun", JOB),
            of("emrserverless", "cancelJobRun", JOB),
        ],
        docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr-serverless.html",
    },
    Integration {
        name: "events",
        actions: &[Action { any: &["Detail"], ..of("eventbridge", "putEvents", TOKEN) }],
        docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-eventbridge.html",
    },
    Integration {
        name: "glue",
        actions: &[of("glue", "startJobRun", JOB)],
        docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-glue.html",
    },
    Integration {
        name: "http",
        actions: &[own("invoke", ANSWER, CALL_OF_AN_ENDPOINT)],
        docs: "https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html",
    },
    Integration {
        name: "lambda",
        actions: &[Action { any: &["Payload"], ..of("lambda", "invoke", TOKEN) }],
        docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html",
    },
    Integration {
        name: "mediaconvert",
        actions: &[of("mediaconvert", "createJob", JOB)],
        docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-mediaconvert.html",
    },
    Integration {
        name: "sagemaker",
        actions: &[
            of("sagemaker", "createEndpoint", ANSWER),
            of("sagemaker", "createEndpointConfig", ANSWER),
            of("sagemaker", "createHyperParameterTuningJob", JOB),
            of("sagemaker", "createLabelingJob", JOB),
            of("sagemaker", "createModel", ANSWER),
            of("sagemaker", "createProcessingJob", JOB),
            of("sagemaker", "createTrainingJob", JOB),
            of("sagemaker", "createTransformJob", JOB),
            of("sagemaker", "updateEndpoint", ANSWER),
        ],
        docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-sagemaker.html",
    },
    Integration {
        name: "sns",
        actions: &[Action { any: &["Message"], ..of("sns", "publish", TOKEN) }],
        docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-sns.html",
    },
    Integration {
        name: "sqs",
        actions: &[Action { any: &["MessageBody"], ..of("sqs", "sendMessage", TOKEN) }],
        docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-sqs.html",
    },
    Integration {
        name: "states",
        actions: &[Action { any: &["Input"], ..of("sfn", "startExecution", EXECUTION) }],
        docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html",
    },
];

const METHODS: Holds = Holds::Words(&["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"]);

const CALL_OF_A_GATEWAY: &[Field] = &[
    required("ApiEndpoint", Holds::Text),
    required("Method", METHODS),
    optional("Headers", Holds::Any),
    optional("Stage", Holds::Text),
    optional("Path", Holds::Text),
    optional("QueryParameters", Holds::Any),
    optional("RequestBody", Holds::Any),
    optional("AllowNullValues", Holds::Truth),
    optional("AuthType", Holds::Words(&["NO_AUTH", "IAM_ROLE", "RESOURCE_POLICY"])),
];

const CONNECTION: Holds = Holds::Object(&[required("ConnectionArn", Holds::Text)]);
const ARRAYS: Holds = Holds::Words(&["INDICES", "REPEAT", "COMMAS", "BRACKETS", "NONE"]);

const CALL_OF_AN_ENDPOINT: &[Field] = &[
    required("ApiEndpoint", Holds::Text),
    required("Method", METHODS),
    optional("Authentication", CONNECTION),
    optional("InvocationConfig", CONNECTION),
    optional("Headers", Holds::Any),
    optional("QueryParameters", Holds::Any),
    optional("RequestBody", Holds::Any),
    optional(
        "Transform",
        Holds::Object(&[
            optional("RequestBodyEncoding", Holds::Words(&["NONE", "URL_ENCODED"])),
            optional("RequestEncodingOptions", Holds::Object(&[optional("ArrayFormat", ARRAYS)])),
        ]),
    ),
];

const JOB_OF_KUBERNETES: &[Field] = &[
    required("ClusterName", Holds::Text),
    required("CertificateAuthority", Holds::Text),
    required("Endpoint", Holds::Text),
    required("Job", Holds::Any),
    optional("Namespace", Holds::Text),
    optional(
        "LogOptions",
        Holds::Object(&[
            optional("RetrieveLogs", Holds::Truth),
            optional("RawLogs", Holds::Truth),
            optional("LogParameters", Holds::Any),
        ]),
    ),
];

const CALL_OF_KUBERNETES: &[Field] = &[
    required("ClusterName", Holds::Text),
    required("CertificateAuthority", Holds::Text),
    required("Endpoint", Holds::Text),
    required("Method", METHODS),
    required("Path", Holds::Text),
    optional("QueryParameters", Holds::Any),
    optional("RequestBody", Holds::Any),
];

const PROTECTION: &[Field] = &[required("ClusterId", Holds::Text), required("TerminationProtected", Holds::Truth)];

const STEP: &[Field] = &[
    required("ClusterId", Holds::Text),
    required("Step", argument("emr", "addJobFlowSteps", "Steps")),
    optional("ExecutionRoleArn", Holds::Text),
];

const FLEET: &[Field] = &[
    required("ClusterId", Holds::Text),
    required("InstanceFleetName", Holds::Text),
    // As in the API, but for the id, which the name takes the place of.
    required("InstanceFleet", Holds::Any),
];

const GROUP: &[Field] = &[
    required("ClusterId", Holds::Text),
    required("InstanceGroupName", Holds::Text),
    required("InstanceGroup", Holds::Any),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::api;

    #[test]
    fn what_an_action_takes_is_known() {
        assert!(names().is_sorted());
        for action in INTEGRATIONS.iter().flat_map(|integration| integration.actions) {
            let Some((service, operation)) = action.operation else { continue };
            let found = api::service(service).and_then(|service| service.operation(operation));
            let input = found.and_then(|operation| operation.input()).expect("the operation takes arguments");
            let has = |name: &str| input.members().any(|member| member.api_name().eq_ignore_ascii_case(name));
            let depth = action.any.iter().filter(|name| **name != "Detail");
            assert!(depth.chain(action.without).all(|name| has(name)), "{}", action.name);
            assert!(action.fields.iter().all(|field| !has(field.name)), "{}", action.name);
        }
        assert!(integration("lambda").is_some_and(|lambda| lambda.action("invoke").is_some()));
    }
}
