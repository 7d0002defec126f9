//! The API: `POST /create_report` starts the workflow and answers before it is done.

use formwork::{
    Handle, Stack,
    aws::{
        apigateway::{
            Deployment, Method, Model, RequestValidator, Resource, RestApi, Stage,
            method::{Integration, IntegrationResponse, MethodResponse, PassthroughBehavior, Type},
            rest_api::EndpointConfiguration,
            stage::MethodSetting,
        },
        iam::Role,
        stepfunctions::StateMachine,
    },
    iam::trust,
    intrinsic::sub,
    json_schema,
    value::Value,
};

use super::contract::Request;

/// The call of Step Functions that a request becomes. `escapeJavaScript` writes `'` as `\'`, which JSON does not know;
/// what `$input.json` makes of no body at all is not documented.
const START_EXECUTION: &str = r#"#set($body = $input.json('$'))
#if(!$body.startsWith("{"))#set($body = "{}")#end
{
  "stateMachineArn": "${ReportStateMachine.Arn}",
  "input": "$util.escapeJavaScript($body).replaceAll("\\'", "'")"
}
"#;

const STARTED: &str = r#"{"executionArn": $input.json('$.executionArn'), "startDate": $input.json('$.startDate')}
"#;

/// What Step Functions refuses is not the caller's fault, whose request was validated before, except for its pace.
const REFUSED: &str = r#"#if($input.path('$.__type').contains("Throttling") || $input.path('$.__type').contains("LimitExceeded"))
#set($context.responseOverride.status = 429)
{"message": "Too many reports are being made. Try again later."}
#else
{"message": "The report could not be started."}
#end
"#;

const FAILED: &str = r#"{"message": "The report could not be started. Try again later."}
"#;

/// Adds the API and returns the address of the method.
pub fn add(stack: &mut Stack, machine: &Handle<StateMachine>) -> Value<String> {
    let api = stack.add(
        "ReportApi",
        RestApi::new()
            .name("coffee-report")
            .description("Starts the coffee report")
            .endpoint_configuration(EndpointConfiguration::new().types(["REGIONAL"])),
    );
    let request = stack.add(
        "ReportRequest",
        Model::new(api.rest_api_id()).content_type("application/json").schema(json_schema::draft_4::<Request>()),
    );
    let validator =
        stack.add("ReportRequestValidator", RequestValidator::new(api.rest_api_id()).validate_request_body(true));
    let role = stack.add(
        "ReportApiRole",
        Role::new(trust("apigateway.amazonaws.com")).policy("StartReport", [machine.allow_start_execution()]),
    );
    let resource =
        stack.add("CreateReportResource", Resource::new(api.root_resource_id(), "create_report", api.rest_api_id()));
    let method = stack.add(
        "CreateReport",
        Method::new("POST", resource.resource_id(), api.rest_api_id())
            .authorization_type("AWS_IAM")
            .request_validator_id(validator.request_validator_id())
            .request_models([("application/json", request.reference())])
            .integration(
                Integration::new(Type::AWS)
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
            .method_responses(["202", "400", "429", "500", "502"].map(MethodResponse::new)),
    );
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
    stack.add(
        "ReportApiStage",
        Stage::new(api.rest_api_id())
            .stage_name("v1")
            .deployment_id(deployment.deployment_id())
            .tracing_enabled(true)
            .method_settings([MethodSetting::new()
                .http_method("*")
                .resource_path("/*")
                .throttling_rate_limit(5)
                .throttling_burst_limit(10)
                .metrics_enabled(true)]),
    );
    sub("https://${ReportApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}/${ReportApiStage}/create_report")
}

fn answer(status: &str, template: &str) -> IntegrationResponse {
    IntegrationResponse::new(status).response_templates([("application/json", template)])
}
