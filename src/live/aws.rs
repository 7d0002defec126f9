//! The bridge to the services: what no function of the template answers, the AWS CLI does.

mod cli;
mod failure;
mod job;
mod names;
mod roles;
mod services;

use std::sync::{Arc, OnceLock};

use serde_json::json;

pub(super) use self::cli::Credentials;
use self::{
    cli::{Call, Cli, Reply},
    job::{Job, Standing},
    names::{Spelling, from_api, into_api},
    roles::Roles,
    services::name_in_cli,
};
use super::{guard::Guard, request::Request};
use crate::{
    asl::{
        run::{Answer, Dataset, ItemReader, Unavailable},
        validate::operation_of,
    },
    data::api,
    json::Json,
};

/// What is said of the services to call.
#[derive(Clone, Debug, Default)]
pub(super) struct Options {
    /// The endpoints, of a service or of all others.
    pub endpoints: Vec<(Option<String>, String)>,
    pub region: String,
}

/// The bridge to the services of AWS.
pub(super) struct Bridge {
    options: Options,
    cli: OnceLock<Result<Cli, Unavailable>>,
    roles: Roles,
    /// The role that calls, where it is to be assumed.
    role: OnceLock<String>,
    guard: Arc<Guard>,
}

/// An operation of a service, as a task names it.
struct Operation<'r> {
    /// The name of the optimized integration; none where it is one of the AWS SDK.
    optimized: Option<&'r str>,
    service: &'r str,
    name: &'r str,
    /// What is waited for: `sync`, `sync:2`, `waitForTaskToken`.
    pattern: Option<&'r str>,
}

impl Bridge {
    pub fn new(options: Options, guard: &Arc<Guard>) -> Self {
        let (cli, roles, role) = (OnceLock::new(), Roles::default(), OnceLock::new());
        Self { options, cli, roles, role, guard: Arc::clone(guard) }
    }

    /// Calls with the credentials of a role from now on.
    pub fn act_as(&self, role: Option<&str>) {
        if let Some(role) = role {
            // It is said once.
            let _ = self.role.set(role.to_owned());
        }
    }

    fn cli(&self) -> Result<&Cli, Unavailable> {
        self.cli.get_or_init(|| Cli::find(&self.guard)).as_ref().map_err(Clone::clone)
    }

    /// The endpoint that the calls of a service go to, by the name that the CLI has for it.
    fn endpoint(&self, service: &str) -> Option<&str> {
        let find = |of: Option<&str>| self.options.endpoints.iter().rfind(|(known, _)| known.as_deref() == of);
        find(Some(service)).or_else(|| find(None)).map(|(_, url)| url.as_str())
    }

    /// The credentials that the functions have: those of a role, or those that the CLI finds.
    pub fn credentials(&self, role: Option<&str>) -> Result<Credentials, Unavailable> {
        match role {
            Some(role) => self.assume(role),
            None => self.cli()?.credentials(),
        }
    }

    fn assume(&self, role: &str) -> Result<Credentials, Unavailable> {
        self.roles.credentials(role, || {
            let input = json!({"RoleArn": role, "RoleSessionName": "formwork"});
            let (endpoint, operation, region) = (self.endpoint("sts"), "assumeRole", self.options.region.as_str());
            let call = Call { service: "sts", operation, input, region, endpoint, credentials: None };
            self.cli()?.call(&call)
        })
    }

    /// Calls an operation as the command line does: for what is deployed, not for a task.
    pub fn ask(&self, service: &str, operation: &str, input: Json, region: &str) -> Result<Json, Unavailable> {
        let endpoint = self.endpoint(service);
        match self.cli()?.call(&Call { service, operation, input, region, endpoint, credentials: None })? {
            Reply::Output { output, .. } => Ok(output),
            Reply::Failure(failure) => Err(Unavailable::new(format!(
                "`{service}` refuses `{operation}`: {} ({})",
                failure.message.trim(),
                failure.code
            ))),
        }
    }

    /// Answers a call through the AWS CLI.
    pub fn call(&self, request: &Request) -> Result<Answer, Unavailable> {
        if let Some(function) =
            request.resource.split(':').nth(2).filter(|it| *it == "lambda").map(|_| &request.resource)
        {
            return self.invoke(request, function);
        }
        let operation = Operation::of(request)?;
        let Some(pattern) = operation.pattern.filter(|pattern| *pattern != "waitForTaskToken") else {
            // Whoever waits for the token waits elsewhere.
            return self.answer(request, &operation);
        };
        let job = operation.optimized.and_then(|name| Job::of(name, operation.name)).filter(|_| pattern == "sync");
        let job = job.ok_or_else(|| {
            Unavailable::new(format!(
                "the task `{}` waits for the end of a job (`{}`) that is not asked after here; expected a mock for it",
                request.state, request.resource
            ))
        })?;
        self.run_job(request, &operation, job)
    }

    /// Starts a job, and waits for its end.
    fn run_job(&self, request: &Request, operation: &Operation<'_>, job: &Job) -> Result<Answer, Unavailable> {
        let Operation { optimized, service, name, .. } = *operation;
        let model = |name: &str| api::service(service).and_then(|service| service.operation(name));
        let input = into_api(&request.arguments, model(name).and_then(|it| it.input()), Spelling::Optimized);
        let response = match self.reply(request, service, name, input)? {
            Reply::Failure(failure) => return Ok(failure::answer(optimized, service, name, &failure)),
            Reply::Output { output, .. } => output,
        };
        let input = (job.input)(&response, &request.arguments);
        let ended = job.wait(|| match self.reply(request, service, job.describe, input.clone()) {
            Ok(Reply::Output { output, .. }) => Ok(output),
            Ok(Reply::Failure(failure)) => Err(Ok(failure::answer(optimized, service, job.describe, &failure))),
            Err(problem) => Err(Err(problem)),
        });
        let (described, standing) = match ended {
            Ok(ended) => ended,
            Err(answer) => return answer,
        };
        // The job in its place in the answer, since that is what the model describes.
        let mut whole = Json::Null;
        let described = match job.at.trim_start_matches('/').split_once('/') {
            Some((list, _)) => {
                whole[list] = json!([described]);
                from_api(&whole, model(job.describe).and_then(|it| it.output()), Spelling::Optimized)
                    .as_object()
                    .and_then(|members| members.values().next()?.get(0).cloned())
            }
            None => {
                whole[&job.at[1..]] = described;
                from_api(&whole, model(job.describe).and_then(|it| it.output()), Spelling::Optimized)
                    .as_object()
                    .and_then(|members| members.values().next().cloned())
            }
        };
        let described = described.unwrap_or_default();
        let output = match job.wrapped {
            Some(name) => json!({name: described}),
            None => described,
        };
        Ok(match standing {
            Standing::Failed => Answer::error("States.TaskFailed", output.to_string()),
            _ => Answer::response(output),
        })
    }

    /// Reads the items of a `Map` from S3: an object, or the objects that there are. What S3 refuses fails the state.
    pub fn items(&self, reader: &ItemReader<'_>) -> Result<Dataset, Unavailable> {
        let action = reader.resource().rsplit_once(":s3:").map(|(_, action)| action);
        let unknown = || {
            let (state, resource) = (reader.state(), reader.resource());
            Unavailable::new(format!(
                "the items of `{state}` are read by `{resource}`; expected an object or a list of S3"
            ))
            .help("give the state its items with `--items`")
        };
        let binary = reader.input_type().filter(|kind| matches!(*kind, "PARQUET" | "MANIFEST"));
        let action = action.filter(|_| binary.is_none()).ok_or_else(unknown)?;
        let mut input = reader.arguments().clone();
        let mut objects: Vec<Json> = Vec::new();
        loop {
            let output = match self.reply_as(None, "s3", action, input.clone())? {
                Reply::Output { output, .. } => output,
                Reply::Failure(failure) => return Ok(Dataset::failed(failure.message)),
            };
            if action == "getObject" {
                return Ok(Dataset::file(output["Body"].as_str().unwrap_or_default()));
            }
            objects.extend(output["Contents"].as_array().into_iter().flatten().cloned());
            let enough = reader.max_items().is_some_and(|most| objects.len() >= most);
            match output["NextContinuationToken"].as_str().filter(|_| !enough) {
                Some(token) => input["ContinuationToken"] = token.into(),
                None => return Ok(Dataset::items(objects)),
            }
        }
    }

    fn answer(&self, request: &Request, operation: &Operation<'_>) -> Result<Answer, Unavailable> {
        let Operation { optimized, service, name, .. } = *operation;
        let model = api::service(service).and_then(|service| service.operation(name));
        let spelling = if optimized.is_some() { Spelling::Optimized } else { Spelling::Sdk };
        let input = into_api(&request.arguments, model.as_ref().and_then(api::Operation::input), spelling);
        match self.reply(request, service, name, input)? {
            Reply::Failure(failure) => Ok(failure::answer(optimized, service, name, &failure)),
            Reply::Output { output, metadata } => {
                if optimized == Some("events") && output["FailedEntryCount"].as_u64().is_some_and(|count| count > 0) {
                    return Ok(Answer::error("EventBridge.FailedEntry", output.to_string()));
                }
                let mut output = from_api(&output, model.as_ref().and_then(api::Operation::output), spelling);
                if optimized == Some("lambda") {
                    return Ok(of_function(output, &metadata));
                }
                if optimized.is_some_and(|name| name != "events") {
                    put_metadata(&mut output, &metadata);
                }
                Ok(Answer::response(output))
            }
        }
    }

    fn reply(&self, request: &Request, service: &str, operation: &str, input: Json) -> Result<Reply, Unavailable> {
        self.reply_as(request.role.as_deref(), service, operation, input)
    }

    /// The same with the credentials of a role, else with those of the state machine's.
    fn reply_as(&self, role: Option<&str>, service: &str, operation: &str, input: Json) -> Result<Reply, Unavailable> {
        let service = name_in_cli(service);
        let role = role.or(self.role.get().map(String::as_str));
        let credentials = role.map(|role| self.assume(role)).transpose()?;
        let (endpoint, credentials, region) =
            (self.endpoint(service), credentials.as_ref(), self.options.region.as_str());
        self.cli()?.call(&Call { service, operation, input, region, endpoint, credentials })
    }

    /// Calls a function that is none of the template.
    fn invoke(&self, request: &Request, function: &str) -> Result<Answer, Unavailable> {
        let input = json!({"FunctionName": function, "Payload": request.arguments.to_string()});
        match self.reply(request, "lambda", "invoke", input)? {
            Reply::Failure(failure) => Ok(failure::answer(Some("lambda"), "lambda", "invoke", &failure)),
            Reply::Output { output, .. } => {
                let payload = payload(&output);
                Ok(fault(&output, &payload).unwrap_or_else(|| Answer::ok(payload)))
            }
        }
    }
}

impl<'r> Operation<'r> {
    fn of(request: &'r Request) -> Result<Self, Unavailable> {
        let unknown = || {
            let message =
                format!("the task `{}` calls `{}`; expected a service of AWS", request.state, request.resource);
            Unavailable::new(message).help("give the task a mock")
        };
        let (service, action) = request.integration().ok_or_else(unknown)?;
        let (action, pattern) =
            action.split_once('.').map_or((action, None), |(action, pattern)| (action, Some(pattern)));
        if let Some(service) = service.strip_prefix("aws-sdk:") {
            return Ok(Self { optimized: None, service, name: action, pattern });
        }
        let (of, name) = operation_of(service, action).ok_or_else(unknown)?;
        Ok(Self { optimized: Some(service), service: of, name, pattern })
    }
}

/// What a function has given back: JSON, in the `Payload` of the response.
fn payload(output: &Json) -> Json {
    let text = output["Payload"].as_str().unwrap_or_default();
    serde_json::from_str(text).unwrap_or_else(|_| text.into())
}

/// The error that a function has ended with.
fn fault(output: &Json, payload: &Json) -> Option<Answer> {
    output["FunctionError"].as_str()?;
    let error = payload["errorType"].as_str().unwrap_or("Exception");
    Some(Answer::error(error, payload.to_string()))
}

/// The answer of a function that is none of the template.
fn of_function(mut output: Json, metadata: &Json) -> Answer {
    let payload = payload(&output);
    if let Some(answer) = fault(&output, &payload) {
        return answer;
    }
    output["Payload"] = payload;
    put_metadata(&mut output, metadata);
    Answer::response(output)
}

/// Puts in what the optimized integrations have beside the response: the headers, the status, the number of the request.
fn put_metadata(output: &mut Json, metadata: &Json) {
    let headers = metadata["HTTPHeaders"].as_object().cloned().unwrap_or_default();
    let all: serde_json::Map<_, _> = headers.iter().map(|(name, value)| (name.clone(), json!([value]))).collect();
    let status = metadata["HTTPStatusCode"].as_u64().unwrap_or(200);
    let request = metadata["RequestId"].as_str().unwrap_or_default();
    output["SdkHttpMetadata"] = json!({"AllHttpHeaders": all, "HttpHeaders": headers, "HttpStatusCode": status});
    output["SdkResponseMetadata"] = json!({"RequestId": request});
}
