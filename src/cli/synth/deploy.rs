//! Deploy: the command of the AWS CLI that deploys a template.
//!
//! <https://docs.aws.amazon.com/cli/latest/reference/cloudformation/deploy/>

use std::borrow::Cow;

use crate::{diagnostic::visible, json::Json, project::exchange::Site, template::Template};

/// Bytes that a template in a request may have; a larger one goes through a bucket.
pub(super) const LARGEST: usize = 51_200;

/// The resource types of which CloudFormation wants it acknowledged that they give permissions, with the property that
/// gives one a name of its own.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html>
const PERMISSIONS: [(&str, Option<&str>); 9] = [
    ("AWS::IAM::AccessKey", None),
    ("AWS::IAM::Group", Some("GroupName")),
    ("AWS::IAM::InstanceProfile", Some("InstanceProfileName")),
    ("AWS::IAM::ManagedPolicy", Some("ManagedPolicyName")),
    ("AWS::IAM::Policy", None),
    ("AWS::IAM::Role", Some("RoleName")),
    ("AWS::IAM::RolePolicy", None),
    ("AWS::IAM::User", Some("UserName")),
    ("AWS::IAM::UserToGroupAddition", None),
];

/// The properties in which a path of this computer may stand, by resource type: `aws cloudformation package` uploads what
/// is there.
///
/// <https://docs.aws.amazon.com/cli/latest/reference/cloudformation/package.html>
const UPLOADED: [(&str, &[&str]); 20] = [
    ("AWS::ApiGateway::RestApi", &["BodyS3Location"]),
    ("AWS::AppSync::FunctionConfiguration", &["RequestMappingTemplateS3Location", "ResponseMappingTemplateS3Location"]),
    ("AWS::AppSync::GraphQLSchema", &["DefinitionS3Location"]),
    ("AWS::AppSync::Resolver", &["RequestMappingTemplateS3Location", "ResponseMappingTemplateS3Location"]),
    ("AWS::CloudFormation::ModuleVersion", &["ModulePackage"]),
    ("AWS::CloudFormation::ResourceVersion", &["SchemaHandlerPackage"]),
    ("AWS::CloudFormation::Stack", &["TemplateURL"]),
    ("AWS::CodeCommit::Repository", &["Code/S3"]),
    ("AWS::ElasticBeanstalk::ApplicationVersion", &["SourceBundle"]),
    ("AWS::Glue::Job", &["Command/ScriptLocation"]),
    ("AWS::Lambda::Function", &["Code"]),
    ("AWS::Lambda::LayerVersion", &["Content"]),
    ("AWS::Serverless::Api", &["DefinitionUri"]),
    ("AWS::Serverless::Application", &["Location"]),
    ("AWS::Serverless::Function", &["CodeUri", "ImageUri"]),
    ("AWS::Serverless::GraphQLApi", &["SchemaUri", "CodeUri"]),
    ("AWS::Serverless::HttpApi", &["DefinitionUri"]),
    ("AWS::Serverless::LayerVersion", &["ContentUri"]),
    ("AWS::Serverless::StateMachine", &["DefinitionUri"]),
    ("AWS::StepFunctions::StateMachine", &["DefinitionS3Location"]),
];

/// Whether a template names files of this computer, so that it must be packaged before it is deployed.
pub(super) fn names_files(template: &Template) -> bool {
    template.section("Resources").any(|(_, resource)| {
        let properties = UPLOADED.iter().find(|(known, _)| *known == kind(resource)).map_or(&[][..], |(_, it)| *it);
        properties.iter().any(|path| {
            let value = resource.pointer(&format!("/Properties/{path}")).and_then(Json::as_str);
            value.is_some_and(|text| !text.contains("://") && !text.contains(".dkr.ecr."))
        })
    })
}

/// The commands that deploy the template of a stack in a file: each its words, a word an option with its value.
pub(super) fn commands(template: &Template, site: Site<'_>, file: &str, size: usize) -> Vec<Vec<String>> {
    let region = site.region.map(|region| format!("--region {}", quoted(region)));
    let deploy = |file: &str, size: usize| {
        let options = command(template, site.stack, file, size).into_iter().chain(region.clone());
        ["aws cloudformation deploy".to_owned()].into_iter().chain(options).collect()
    };
    if !names_files(template) {
        return vec![deploy(file, size)];
    }
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let packaged = format!("{stem}.packaged.yaml");
    let package = [
        "aws cloudformation package".to_owned(),
        format!("--template-file {}", quoted(file)),
        "--s3-bucket ...".to_owned(),
        format!("--output-template-file {}", quoted(&packaged)),
    ];
    // Code lies in a bucket of the region.
    vec![package.into_iter().chain(region.clone()).collect(), deploy(&packaged, size)]
}

/// The options of `deploy`.
fn command(template: &Template, stack: &str, file: &str, size: usize) -> Vec<String> {
    let mut options = vec![format!("--template-file {}", quoted(file)), format!("--stack-name {}", quoted(stack))];
    if size > LARGEST {
        options.push("--s3-bucket ...".to_owned());
    }
    let capabilities = capabilities(template);
    if !capabilities.is_empty() {
        options.push(format!("--capabilities {}", capabilities.join(" ")));
    }
    let values = template.section("Parameters").filter(|(_, parameter)| parameter.get("Default").is_none());
    let values: Vec<String> = values.map(|(name, _)| format!("{}=...", quoted(name))).collect();
    if !values.is_empty() {
        options.push(format!("--parameter-overrides {}", values.join(" ")));
    }
    options
}

/// What has to be acknowledged to deploy a template.
fn capabilities(template: &Template) -> Vec<&'static str> {
    let mut capabilities = Vec::new();
    let resources = || template.section("Resources").map(|(_, resource)| resource);
    if resources().any(is_named) {
        // It says what the other says too.
        capabilities.push("CAPABILITY_NAMED_IAM");
    } else if resources().any(gives_permissions) {
        capabilities.push("CAPABILITY_IAM");
    }
    if template.transforms().next().is_some() {
        capabilities.push("CAPABILITY_AUTO_EXPAND");
    }
    capabilities
}

fn kind(resource: &Json) -> &str {
    resource["Type"].as_str().unwrap_or_default()
}

/// Whether a resource gives permissions: one of IAM, or one of SAM, which makes a role.
fn gives_permissions(resource: &Json) -> bool {
    PERMISSIONS.iter().any(|(known, _)| *known == kind(resource)) || kind(resource).starts_with("AWS::Serverless::")
}

fn is_named(resource: &Json) -> bool {
    let property = PERMISSIONS.iter().find(|(known, _)| *known == kind(resource)).and_then(|(_, property)| *property);
    property.is_some_and(|property| resource["Properties"].get(property).is_some())
}

/// A text as one word of a shell.
pub(in crate::cli) fn quoted(text: &str) -> Cow<'_, str> {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "_-./:@+".contains(letter);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.into();
    }
    format!("'{}'", visible(text).replace('\'', r"'\''")).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn deployed_with(template: &str, expected: &str) {
        let template = Template::parse(template).unwrap();
        let words = command(&template, "mail", "template.yaml", 100);
        assert_eq!(words[2..].join(" "), expected);
    }

    #[test]
    fn a_template_is_deployed_with_the_capabilities_that_its_resources_need() {
        deployed_with("Resources: {Mails: {Type: 'AWS::SNS::Topic'}}", "");
        deployed_with("Resources: {Send: {Type: 'AWS::IAM::Role'}}", "--capabilities CAPABILITY_IAM");
        deployed_with(
            "Resources: {A: {Type: 'AWS::IAM::Policy', Properties: {PolicyName: a}}}",
            "--capabilities CAPABILITY_IAM",
        );
        deployed_with(
            "Resources: {A: {Type: 'AWS::IAM::Role'}, B: {Type: 'AWS::IAM::User', Properties: {UserName: b}}}",
            "--capabilities CAPABILITY_NAMED_IAM",
        );
        deployed_with(
            "{Transform: 'AWS::LanguageExtensions', Resources: {Mails: {Type: 'AWS::SNS::Topic'}}}",
            "--capabilities CAPABILITY_AUTO_EXPAND",
        );
        deployed_with(
            "{Transform: ['AWS::Serverless-2016-10-31'], Resources: {Send: {Type: 'AWS::Serverless::Function'}}}",
            "--capabilities CAPABILITY_IAM CAPABILITY_AUTO_EXPAND",
        );
    }

    #[test]
    fn a_parameter_without_a_default_is_to_be_given() {
        deployed_with(
            "{Parameters: {Stage: {Type: String, Default: test}, To: {Type: String}, From: {Type: String}}, Resources: {}}",
            "--parameter-overrides To=... From=...",
        );
    }

    #[test]
    fn a_template_that_is_too_large_for_a_request_goes_through_a_bucket() {
        let words = command(&Template::empty(), "mail", "my template.yaml", LARGEST + 1);
        assert_eq!(words, ["--template-file 'my template.yaml'", "--stack-name mail", "--s3-bucket ..."]);
        assert_eq!(command(&Template::empty(), "mail", "it's.yaml", LARGEST)[0], r"--template-file 'it'\''s.yaml'");
    }
}
