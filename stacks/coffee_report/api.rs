//! The API: `POST /create_report` starts the workflow and answers before it is done.

use formwork::{
    Handle, Stack,
    aws::{
        apigateway::{
            Account, Deployment, Method, Model, RequestValidator, Resource, RestApi, Stage,
            method::{
                AuthorizationType, Integration, IntegrationResponse, IntegrationType, MethodResponse,
                PassthroughBehavior,
            },
            rest_api::{EndpointConfiguration, EndpointConfigurationType},
            stage::{AccessLogSetting, MethodSetting},
        },
        iam::Role,
        logs::LogGroup,
        stepfunctions::StateMachine,
    },
    iam::trust,
    intrinsic::{stack_name, sub},
    json_schema,
    stack::DeletionPolicy,
    value::Value,
};

use super::contract::Request;

/// The call of Step Functions that a request becomes. An idempotency key is the execution's name; `$input.params` knows a
/// header only as the caller wrote it, which HTTP/2 has in lower case.
/// `escapeJavaScript` writes `'` as `\'`, which JSON does not know; what `$input.json` makes of no body at all is not
/// documented.
const START_EXECUTION: &str = r#"#set($key = "")
#set($headers = $input.params().header)
#foreach($it in $headers.keySet())#if($it.toLowerCase() == "idempotency-key")#set($key = $headers.get($it))#end#end
#set($body = $input.json('$'))
#if(!$body.startsWith("{"))#set($body = "{}")#end
{
#if($key != "")
  "name": "$util.escapeJavaScript($key).replaceAll("\\'", "'")",
#end
  "stateMachineArn": "${ReportStateMachine.Arn}",
  "input": "$util.escapeJavaScript($body).replaceAll("\\'", "'")"
}
"#;

const STARTED: &str = r#"{"executionArn": $input.json('$.executionArn'), "startDate": $input.json('$.startDate')}
"#;

/// What Step Functions refuses. It answers 202 itself to a key of a running execution with the same input; any other
/// use of a known key is refused, and answered with that execution here. A key of more than 80 characters is a
/// `ValidationException`, whose message quotes the key: so what kind of fault it is, only its type says.
const REFUSED: &str = r#"#set($fault = $input.json('$.__type'))
#if($fault.contains("ExecutionAlreadyExists"))
#set($context.responseOverride.status = 200)
{"executionArn": "$input.path('$.message').replaceAll("^[^']*'", "").replaceAll("'.*", "")"}
#elseif($fault.contains("InvalidName") || $input.json('$.message').contains("' at 'name' failed"))
#set($context.responseOverride.status = 400)
{"message": "Idempotency-Key takes 1 to 80 letters, digits, hyphens and underscores"}
#elseif($fault.contains("Throttling") || $fault.contains("LimitExceeded"))
#set($context.responseOverride.status = 429)
{"message": "Too many reports are being made, try again later"}
#else
{"message": "The report could not be started"}
#end
"#;

const FAILED: &str = r#"{"message": "The report could not be started, try again later"}
"#;

/// A line of the access log: who asked when, what the answer was, and what it was made of: the status that Step Functions
/// answered, or the error of API Gateway itself. Nothing of the request itself.
const ACCESS: &str = r#"{"id":"$context.requestId","time":"$context.requestTime","ip":"$context.identity.sourceIp","caller":"$context.identity.userArn","status":"$context.status","integration":"$context.integration.status","ms":"$context.responseLatency","error":"$context.error.message"}"#;

/// The address to send requests to.
pub fn url() -> Value<String> {
    sub("https://${ReportApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}/${ReportApiStage}/create_report")
}

/// Adds the API and returns its stage.
pub fn add(stack: &mut Stack, machine: &Handle<StateMachine>) -> Handle<Stage> {
    let api = stack.add(
        "ReportApi",
        RestApi::new()
            // Its metrics go by this name, which has to be the stack's own.
            .name(stack_name())
            .description("Starts the coffee report")
            .endpoint_configuration(EndpointConfiguration::new().types([EndpointConfigurationType::REGIONAL])),
    );
    let request = stack.add(
        "ReportRequest",
        Model::new(api.rest_api_id()).content_type("application/json").schema(json_schema::draft_4::<Request>()),
    );
    let validator = stack.add(
        "ReportRequestValidator",
        RequestValidator::new(api.rest_api_id()).validate_request_body(true).validate_request_parameters(true),
    );
    let role = stack.add(
        "ReportApiRole",
        Role::new(trust("apigateway.amazonaws.com")).policy("StartReport", [machine.allow_start_execution()]),
    );
    let resource =
        stack.add("CreateReportResource", Resource::new(api.root_resource_id(), "create_report", api.rest_api_id()));
    let method = stack.add(
        "CreateReport",
        Method::new("POST", resource.resource_id(), api.rest_api_id())
            .authorization_type(AuthorizationType::AWS_IAM)
            .request_validator_id(validator.request_validator_id())
            .request_models([("application/json", request.reference())])
            .request_parameters([("method.request.header.Idempotency-Key", false)])
            .integration(
                Integration::new(IntegrationType::AWS)
                    .integration_http_method("POST")
                    .uri(sub("arn:${AWS::Partition}:apigateway:${AWS::Region}:states:action/StartExecution"))
                    .credentials(role.arn())
                    .passthrough_behavior(PassthroughBehavior::NEVER)
                    .request_templates([("application/json", sub(START_EXECUTION))])
                    .integration_responses([
                        answer("202", STARTED),
                        answer("500", REFUSED).selection_pattern(r"4\d{2}"),
                        answer("502", FAILED).selection_pattern(r"5\d{2}"),
                    ]),
            )
            .method_responses(["200", "202", "400", "429", "500", "502"].map(MethodResponse::new)),
    );
    stack.resource(&method).waive("AwsSolutions-COG4", "IAM authorizes the callers");
    // A deployment is a copy of the API as it was: only a new one serves what has changed.
    let content = stack.fingerprint([
        api.logical_id(),
        request.logical_id(),
        validator.logical_id(),
        resource.logical_id(),
        method.logical_id(),
    ]);
    let deployment = stack.add(&format!("ReportApiDeployment{content}"), Deployment::new(api.rest_api_id()));
    stack.resource(&deployment).depends_on(&method);
    let account = log_access(stack);
    let log = stack.add("ReportApiLog", LogGroup::new().retention_in_days(30));
    let stage = stack.add(
        "ReportApiStage",
        Stage::new(api.rest_api_id())
            .stage_name("v1")
            .deployment_id(deployment.deployment_id())
            .tracing_enabled(true)
            .access_log_setting(AccessLogSetting::new().destination_arn(log.arn()).format(ACCESS))
            .method_settings([MethodSetting::new()
                .http_method("*")
                .resource_path("/*")
                .throttling_rate_limit(5)
                .throttling_burst_limit(5)
                .metrics_enabled(true)]),
    );
    stack.resource(&log).waive("CKV_AWS_158", "AWS encrypts it already");
    stack
        .resource(&stage)
        .depends_on(&account)
        .waive("AwsSolutions-APIG3", "IAM and throttling guard it")
        .waive("AwsSolutions-APIG6", "The access log has the status that Step Functions answered beside the caller's")
        .waive("CKV_AWS_120", "A POST is not cached");
    stage
}

/// Lets API Gateway write logs: a setting of the whole account and region, which other APIs may rely on by the time
/// this stack is deleted. So it stays, with its role.
fn log_access(stack: &mut Stack) -> Handle<Account> {
    let role = stack.add(
        "ApiGatewayLogsRole",
        // Just the actions that API Gateway asks for before it takes the role.
        Role::new(trust("apigateway.amazonaws.com")).managed_policy_arns([sub(
            "arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs",
        )]),
    );
    let account = stack.add("ApiGatewayAccount", Account::new().cloud_watch_role_arn(role.arn()));
    let policy = "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]";
    // Not `RetainExceptOnCreate`: CloudFormation does not take the setting back when it deletes the account's resource,
    // not even after a first deployment that failed, and a setting without its role would silence all APIs' logs.
    stack
        .resource(&role)
        .deletion_policy(DeletionPolicy::Retain)
        .update_replace_policy(DeletionPolicy::Retain)
        .waive(policy, "API Gateway asks for all of it");
    stack.resource(&account).deletion_policy(DeletionPolicy::Retain).update_replace_policy(DeletionPolicy::Retain);
    account
}

fn answer(status: &str, template: &str) -> IntegrationResponse {
    IntegrationResponse::new(status).response_templates([("application/json", template)])
}
