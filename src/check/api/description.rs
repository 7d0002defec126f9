//! F6016 to F6019: a description of an API in OpenAPI that API Gateway refuses, or of which it passes over a part.

mod rules;

use std::collections::BTreeMap;

use serde_json::Map;

use self::rules::{INTEGRATION, PASSED_OVER, PATHS, VERSION};
use super::integration::{NO_CREDENTIALS, NO_ERRORS, NO_RESPONSE, UNKNOWN_STATUS, service};
use crate::{
    check::{
        read::{boolean, text},
        subject::{Check, Subject},
    },
    diagnostic::Diagnostic,
    json::{Json, Pointer},
    template::intrinsic::{TRANSFORM, is_function},
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&VERSION, &PATHS, &INTEGRATION, &PASSED_OVER], run: check };

/// The types that have a description, the property that holds it, and whether they are HTTP APIs.
const KINDS: [(&str, &str, bool); 4] = [
    ("AWS::ApiGateway::RestApi", "Body", false),
    ("AWS::ApiGatewayV2::Api", "Body", true),
    ("AWS::Serverless::Api", "DefinitionBody", false),
    ("AWS::Serverless::HttpApi", "DefinitionBody", true),
];

/// The members of a path that are methods, or belong to all of them.
const OPERATIONS: [&str; 9] =
    ["get", "put", "post", "delete", "options", "head", "patch", "trace", "x-amazon-apigateway-any-method"];
const OF_PATHS: [&str; 5] = ["$ref", "summary", "description", "parameters", "servers"];

/// The key of an integration.
const EXTENSION: &str = "x-amazon-apigateway-integration";

/// A description.
struct Description<'a> {
    body: &'a Map<String, Json>,
    at: Pointer<'a>,
    is_http: bool,
    /// Whether what is passed over stops the deployment.
    is_strict: bool,
    /// Whether the transform of the Serverless Application Model adds security schemes.
    is_serverless: bool,
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for (kind, property, is_http) in KINDS {
        for (id, resource) in subject.of_type(kind) {
            let properties = &resource["Properties"];
            let resources = Pointer::at("Resources");
            let here = resources.key(id);
            let properties_at = here.key("Properties");
            let Some(body) = properties[property].as_object().filter(|body| is_plain(body)) else { continue };
            let description = Description {
                body,
                at: properties_at.key(property),
                is_http,
                is_strict: boolean(&properties["FailOnWarnings"]) == Some(true),
                is_serverless: kind.starts_with("AWS::Serverless::"),
            };
            description.version(found);
            description.paths(found);
            description.references(found);
        }
    }
}

/// Whether nothing of a map is made by a function.
fn is_plain(members: &Map<String, Json>) -> bool {
    !members.keys().any(|key| is_function(key) || key == TRANSFORM || key.starts_with("Fn::"))
}

impl Description<'_> {
    fn version(&self, found: &mut Vec<Diagnostic>) {
        let expected = match self.is_http {
            true => "`openapi` with a version 3.0, which is all that an HTTP API takes",
            false => "`swagger: \"2.0\"`, or `openapi` with a version 3.0",
        };
        let text = |json: &Json| match json {
            Json::String(text) => Some(text.clone()),
            Json::Number(number) => Some(number.to_string()),
            _ => None,
        };
        match (self.body.get("swagger"), self.body.get("openapi")) {
            // The transform may put it in.
            (None, None) if self.is_serverless => {}
            (None, None) => {
                let message = format!("the description does not say its version; expected {expected}");
                found.push(VERSION.at(self.at.to_string(), message));
            }
            (_, Some(version)) => {
                if let Some(version) = text(version).filter(|version| !(version == "3" || version.starts_with("3."))) {
                    let message = format!("`openapi` is {version}; expected {expected}");
                    found.push(VERSION.at(self.at.key("openapi").to_string(), message));
                }
            }
            (Some(version), None) => {
                if let Some(version) =
                    text(version).filter(|version| self.is_http || !["2", "2.0"].contains(&&**version))
                {
                    let message = format!("`swagger` is {version}; expected {expected}");
                    found.push(VERSION.at(self.at.key("swagger").to_string(), message));
                }
            }
        }
    }

    fn paths(&self, found: &mut Vec<Diagnostic>) {
        let Some(paths) = self.body.get("paths").and_then(Json::as_object).filter(|paths| is_plain(paths)) else {
            return;
        };
        let all = self.at.key("paths");
        // The variables that stand behind each beginning of a path.
        let mut variables: BTreeMap<&str, (&str, &str)> = BTreeMap::new();
        let mut operations: BTreeMap<&str, String> = BTreeMap::new();
        for (path, item) in paths.iter().filter(|(path, _)| !path.starts_with("x-")) {
            let at = all.key(path);
            self.path(path, &at, &mut variables, found);
            let Some(item) = item.as_object().filter(|item| is_plain(item)) else { continue };
            for (method, operation) in item {
                let at = at.key(method);
                if !OPERATIONS.contains(&method.as_str()) {
                    if !OF_PATHS.contains(&method.as_str()) && !method.starts_with("x-") {
                        let message = format!("`{method}` is no method of a path; expected one, in small letters");
                        found.push(self.passed_over(&at, message).did_you_mean(method, OPERATIONS));
                    }
                    continue;
                }
                let Some(operation) = operation.as_object().filter(|operation| is_plain(operation)) else { continue };
                if let Some(id) = operation.get("operationId").and_then(Json::as_str)
                    && let Some(first) = operations.insert(id, format!("{method} {path}"))
                {
                    let message = format!("the operation of `{first}` is `{id}` as well; expected one of its own");
                    found.push(self.passed_over(&at.key("operationId"), message));
                }
                self.security(operation, &at, found);
                if let Some(integration) = operation.get(EXTENSION).filter(|it| it.get("$ref").is_none())
                    && let Some(members) = integration.as_object().filter(|members| is_plain(members))
                {
                    let at = at.key(EXTENSION);
                    self.integration(integration, members, &at, found);
                    if !self.is_http {
                        responses(integration, operation, &at, found);
                    }
                }
            }
        }
    }

    /// What is wrong with a path itself.
    fn path<'p>(
        &self,
        path: &'p str,
        at: &Pointer<'_>,
        variables: &mut BTreeMap<&'p str, (&'p str, &'p str)>,
        found: &mut Vec<Diagnostic>,
    ) {
        if !path.starts_with('/') {
            if !(self.is_http && path == "$default") {
                let message = format!("the path is `{path}`; expected one that begins with `/`");
                found.push(self.passed_over(at, message));
            }
            return;
        }
        let mut end = 0;
        for segment in path[1..].split('/') {
            let before = &path[..end];
            end += 1 + segment.len();
            let is_variable = segment.starts_with('{') && segment.ends_with('}');
            if !is_variable && segment.contains(['{', '}']) {
                let message =
                    format!("`{segment}` is a variable with other text around it; expected all of it to be one");
                found.push(PATHS.at(at.to_string(), message));
                return;
            }
            if !is_variable {
                continue;
            }
            if segment.ends_with("+}") && end < path.len() {
                let message =
                    format!("`{segment}` takes the rest of a path, and `{}` follows; expected it last", &path[end..]);
                found.push(PATHS.at(at.to_string(), message));
                return;
            }
            // Methods of an HTTP API are routes of their own, which do not share the parts of their paths.
            if let Some((other, first)) = variables.insert(before, (segment, path)).filter(|_| !self.is_http)
                && other != segment
            {
                let message = format!("`{segment}` is `{other}` in `{first}`; expected one name in the same place");
                found.push(PATHS.at(at.to_string(), message));
                return;
            }
        }
    }

    fn integration(
        &self,
        integration: &Json,
        members: &Map<String, Json>,
        at: &Pointer<'_>,
        found: &mut Vec<Diagnostic>,
    ) {
        let Some(kind) = integration["type"].as_str().map(str::to_ascii_lowercase) else {
            if members.get("type").is_none() {
                found.push(self.passed_over(at, "the integration has no `type`; expected one".to_owned()));
            }
            return;
        };
        let types: &[&str] = if self.is_http {
            &["aws_proxy", "http_proxy"]
        } else {
            &["aws", "aws_proxy", "http", "http_proxy", "mock"]
        };
        if !types.contains(&kind.as_str()) {
            let expected = types.iter().map(|kind| format!("`{kind}`")).collect::<Vec<_>>().join(", ");
            let message = format!("the type of the integration is `{kind}`; expected one of {expected}");
            let at = at.key("type");
            found.push(match self.is_http {
                true => self.passed_over(&at, message),
                false => INTEGRATION.at(at.to_string(), message),
            });
            return;
        }
        // A subtype names what is called.
        let needed: &[&str] = match (&*kind, self.is_http) {
            ("mock", _) => &[],
            _ if members.contains_key("integrationSubtype") => &[],
            (_, true) => &["uri"],
            (_, false) => &["uri", "httpMethod"],
        };
        for name in needed.iter().filter(|name| !members.contains_key(**name)) {
            found
                .push(INTEGRATION.at(at.to_string(), format!("the `{kind}` integration has no `{name}`; expected it")));
        }
        let called = members.get("uri").and_then(text);
        let is_lambda = called.as_deref().is_some_and(|uri| uri.contains(":lambda:path/"));
        if let Some(method) = integration["httpMethod"].as_str().filter(|method| !self.is_http && *method != "POST")
            && is_lambda
            && !method.eq_ignore_ascii_case("post")
        {
            let message =
                format!("a function is called with `{method}`; expected `POST`, which is all that Lambda takes");
            found.push(INTEGRATION.at(at.key("httpMethod").to_string(), message));
        }
        if integration["connectionType"] == "VPC_LINK" && !members.contains_key("connectionId") {
            let message = "the integration is behind a VPC link, and has no `connectionId`; expected the link";
            found.push(INTEGRATION.at(at.to_string(), message));
        }
        let called = called.and_then(|uri| service(&uri)).filter(|service| service != "lambda");
        if kind == "aws"
            && !members.contains_key("credentials")
            && let Some(service) = called
        {
            let message = format!("the integration calls `{service}` with no role; expected `credentials`");
            found.push(NO_CREDENTIALS.at(at.to_string(), message));
        }
    }

    /// Security schemes that an operation names, and the description does not have.
    fn security(&self, operation: &Map<String, Json>, at: &Pointer<'_>, found: &mut Vec<Diagnostic>) {
        let schemes = match self.body.get("openapi") {
            Some(_) => self.body.get("components").and_then(|components| components.get("securitySchemes")),
            None => self.body.get("securityDefinitions"),
        };
        let known = match schemes {
            None => None,
            Some(schemes) => match schemes.as_object().filter(|schemes| is_plain(schemes)) {
                Some(schemes) => Some(schemes),
                None => return,
            },
        };
        if self.is_serverless {
            return;
        }
        let each = operation.get("security").and_then(Json::as_array).into_iter().flatten().enumerate();
        for (position, requirement) in each {
            for name in requirement.as_object().into_iter().flatten().map(|(name, _)| name) {
                if !is_function(name) && !known.is_some_and(|known| known.contains_key(name)) {
                    let message =
                        format!("`{name}` is no security scheme of the description; expected one that it has");
                    let security = at.key("security");
                    let at = security.index(position);
                    let at = at.key(name);
                    let known = known.into_iter().flat_map(|known| known.keys().map(String::as_str));
                    found.push(self.passed_over(&at, message).did_you_mean(name, known));
                }
            }
        }
    }

    /// References to parts of the description that it does not have.
    fn references(&self, found: &mut Vec<Diagnostic>) {
        // An HTTP API reads no schemas.
        if self.is_http {
            return;
        }
        let mut wanted = Vec::new();
        for (key, member) in self.body {
            references(member, &self.at.key(key), 0, &mut wanted);
        }
        let body = Json::Object(self.body.clone());
        let mut known: BTreeMap<*const Map<String, Json>, bool> = BTreeMap::new();
        for (target, at) in wanted {
            let Some(pointer) = target.strip_prefix('#') else { continue };
            let mut here = Some(&body);
            for step in pointer.split('/').skip(1) {
                let step = step.replace("~1", "/").replace("~0", "~");
                let next = here.and_then(|json| json.get(&step));
                // What a function makes may have it. Many may miss the same thing, which is looked at once.
                if next.is_none()
                    && let Some(members) = here.and_then(Json::as_object)
                    && !*known.entry(std::ptr::from_ref(members)).or_insert_with(|| is_plain(members))
                {
                    break;
                }
                here = next;
            }
            if here.is_none() {
                let message = format!("`{target}` is not in the description; expected a part that it has");
                found.push(self.passed_over(&Pointer::at(&at), message));
            }
        }
    }

    /// What API Gateway warns of, and passes over unless it is told to fail.
    fn passed_over(&self, at: &Pointer<'_>, message: String) -> Diagnostic {
        let mut fault = PASSED_OVER.at(at.to_string(), message);
        if self.is_strict {
            fault.help = Some("`FailOnWarnings` is true, so that the API is not made".to_owned());
        }
        fault
    }
}

fn references<'a>(json: &'a Json, at: &Pointer<'_>, depth: usize, found: &mut Vec<(&'a str, String)>) {
    if depth > 60 {
        return;
    }
    match json {
        Json::Object(members) => {
            for (key, member) in members {
                match member.as_str() {
                    Some(target) if key == "$ref" => found.push((target, at.key(key).to_string())),
                    _ if key == "example" || key == "examples" || key == "default" || key == "enum" => {}
                    _ => references(member, &at.key(key), depth + 1, found),
                }
            }
        }
        Json::Array(items) => {
            for (position, item) in items.iter().enumerate() {
                references(item, &at.index(position), depth + 1, found);
            }
        }
        _ => {}
    }
}

/// The responses of an integration that is no proxy.
fn responses(integration: &Json, operation: &Map<String, Json>, at: &Pointer<'_>, found: &mut Vec<Diagnostic>) {
    let Some(kind @ ("aws" | "http" | "mock")) =
        integration["type"].as_str().map(str::to_ascii_lowercase).as_deref().map(|kind| match kind {
            "aws" => "aws",
            "http" => "http",
            "mock" => "mock",
            _ => "",
        })
    else {
        return;
    };
    let responses = match &integration["responses"] {
        Json::Null => None,
        Json::Object(responses) if !is_plain(responses) => return,
        Json::Object(responses) => Some(responses).filter(|responses| !responses.is_empty()),
        _ => return,
    };
    let Some(responses) = responses else {
        found.push(
            NO_RESPONSE.at(at.to_string(), format!("the `{kind}` integration has no response; expected one at least")),
        );
        return;
    };
    let at = at.key("responses");
    if kind != "mock" && responses.keys().all(|pattern| pattern == "default") {
        let message = "no response but `default`, so that failures are answered as a success; expected one for them";
        found.push(NO_ERRORS.at(at.to_string(), message).help("add a response with the pattern `[45]\\d{2}`"));
    }
    let known = operation.get("responses").and_then(Json::as_object).filter(|known| is_plain(known));
    let Some(known) = known.filter(|known| !known.contains_key("default")) else { return };
    for (pattern, response) in responses {
        let status = match &response["statusCode"] {
            Json::String(text) => text.clone(),
            Json::Number(number) => number.to_string(),
            _ => continue,
        };
        if !known.contains_key(&status) && !status.contains(['$', '{']) {
            let message = format!("the method has no response {status}; expected one in its `responses`");
            found.push(UNKNOWN_STATUS.at(at.key(pattern).key("statusCode").to_string(), message));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::check::assert_finds;

    const INTEGRATION_PAGE: &str = "docs https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html";
    const PATHS_PAGE: &str =
        "docs https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html";
    const AT: &str = "at   Resources/Api/Properties/Body";

    fn api(kind: &str, body: &Json) -> Json {
        json!({"Resources": {"Api": {"Type": kind, "Properties": {"Body": body}}}})
    }

    fn rest(paths: &Json) -> Json {
        api("AWS::ApiGateway::RestApi", &json!({"openapi": "3.0.1", "paths": paths}))
    }

    #[test]
    fn a_version_is_read_as_text_or_number() {
        for body in
            [json!({"swagger": 2.0}), json!({"swagger": "2.0"}), json!({"openapi": "3.0.3"}), json!({"openapi": 3})]
        {
            assert_finds(check, api("AWS::ApiGateway::RestApi", &body), &[]);
        }
        let page = "docs https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api.html";
        assert_finds(
            check,
            api("AWS::ApiGatewayV2::Api", &json!({"swagger": "2.0"})),
            &[&format!(
                "error[F6016]: `swagger` is 2.0; expected `openapi` with a version 3.0, which is all that an HTTP API takes\n  \
                 {AT}/swagger\n  {page}"
            )],
        );
    }

    #[test]
    fn what_a_function_makes_is_not_judged() {
        let include = json!({"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://a/b"}}});
        assert_finds(check, api("AWS::ApiGateway::RestApi", &include), &[]);
        let paths = json!({"/a": {"get": {"Fn::If": ["C", {}, {}]}}, "/b": include});
        assert_finds(check, rest(&paths), &[]);
    }

    #[test]
    fn one_place_of_a_path_has_one_variable_in_a_rest_api() {
        let paths = json!({"/a/{id}": {}, "/a/{name}/b": {}, "/b{c}": {}, "/c/{d+}/e": {}, "/{g}": {}, "/{h+}": {}});
        let fault = |path: &str, message: &str| format!("error[F6017]: {message}\n  {AT}/paths/{path}\n  {PATHS_PAGE}");
        assert_finds(
            check,
            rest(&paths),
            &[
                &fault("~1a~1{name}~1b", "`{name}` is `{id}` in `/a/{id}`; expected one name in the same place"),
                &fault("~1b{c}", "`b{c}` is a variable with other text around it; expected all of it to be one"),
                &fault("~1c~1{d+}~1e", "`{d+}` takes the rest of a path, and `/e` follows; expected it last"),
                &fault("~1{h+}", "`{h+}` is `{g}` in `/{g}`; expected one name in the same place"),
            ],
        );
    }

    #[test]
    fn a_function_is_called_with_post() {
        let uri = json!({"Fn::Sub": "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${F.Arn}/invocations"});
        let get = |method: &str| {
            rest(&json!({"/": {"get": {EXTENSION: {"type": "AWS_PROXY", "httpMethod": method, "uri": uri}}}}))
        };
        assert_finds(check, get("POST"), &[]);
        assert_finds(
            check,
            get("GET"),
            &[&format!(
                "error[F6018]: a function is called with `GET`; expected `POST`, which is all that Lambda takes\n  \
                 {AT}/paths/~1/get/x-amazon-apigateway-integration/httpMethod\n  {INTEGRATION_PAGE}"
            )],
        );
    }

    #[test]
    fn references_lead_through_the_description() {
        let body = |target: &str| {
            json!({
                "openapi": "3.0.1",
                "components": {"schemas": {"A/B": {"type": "string"}}},
                "paths": {"/": {"get": {"responses": {"200": {"content": {"a/b": {"schema": {"$ref": target}}}}}}}},
            })
        };
        assert_finds(check, api("AWS::ApiGateway::RestApi", &body("#/components/schemas/A~1B")), &[]);
        assert_finds(check, api("AWS::ApiGatewayV2::Api", &body("#/components/schemas/C")), &[]);
        assert_finds(
            check,
            api("AWS::ApiGateway::RestApi", &body("#/components/schemas/C")),
            &[&format!(
                "warning[F6019]: `#/components/schemas/C` is not in the description; expected a part that it has\n  \
                 {AT}/paths/~1/get/responses/200/content/a~1b/schema/$ref\n  \
                 docs https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api-errors-warnings.html"
            )],
        );
    }
}
