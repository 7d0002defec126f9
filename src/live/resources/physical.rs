//! What a resource gives where it is deployed: by its physical id, by what was given, by what the CLI knows.

use serde_json::json;

use super::{Resources, given::output};
use crate::{
    asl::run::Unavailable,
    check::permission::{Form, form_of},
    json::Json,
};

/// What a name is like in the texts of a form.
const NAME: &str = "{name}";

/// The attributes of types whose resources no policy names by the form of an ARN.
const OTHERS: [(&str, &str, &str); 9] = [
    ("AWS::ApiGateway::RestApi", "RestApiId", NAME),
    ("AWS::DynamoDB::Table", "TableName", NAME),
    ("AWS::Lambda::Function", "FunctionName", NAME),
    ("AWS::RDS::DBCluster", "DBClusterArn", "arn:aws:rds:{here}:cluster:{name}"),
    ("AWS::RDS::DBCluster", "DBClusterIdentifier", NAME),
    ("AWS::RDS::DBInstance", "DBInstanceArn", "arn:aws:rds:{here}:db:{name}"),
    ("AWS::S3::Bucket", "DomainName", "{name}.s3.amazonaws.com"),
    ("AWS::S3::Bucket", "RegionalDomainName", "{name}.s3.{region}.amazonaws.com"),
    ("AWS::SNS::Topic", "TopicName", NAME),
];

impl Resources {
    /// What `Ref` gives of a resource.
    pub(super) fn reference_of(&self, id: &str, resource: &Json) -> Result<Json, Unavailable> {
        if let Some(physical) = self.deployed()?.physical_id(id) {
            return Ok(physical.into());
        }
        if !self.deployed()?.is_empty() {
            return Err(self.not_deployed(id));
        }
        let text = match form_of(kind(resource)) {
            Some(form) => self.filled(form.reference, Some(form), &self.name(id, resource, form)?),
            None => self.invented(id),
        };
        Ok(text.into())
    }

    /// What `Fn::GetAtt` gives of a resource.
    pub(super) fn attribute_of(&self, id: &str, resource: &Json, attribute: &str) -> Result<Json, Unavailable> {
        if let Some(value) = self.deployed()?.attribute(id, attribute) {
            return Ok(value.clone());
        }
        let (kind, form) = (kind(resource), form_of(kind(resource)));
        let of_form =
            form.and_then(|form| form.attributes.iter().find(|(name, _)| *name == attribute).map(|(_, text)| *text));
        let of_others = OTHERS.iter().find(|(of, name, _)| *of == kind && *name == attribute).map(|(.., text)| *text);
        if let Some(text) = of_form.or(of_others).filter(|text| !text.contains("{id}")) {
            let physical = self.deployed()?.physical_id(id).map(str::to_owned);
            // The physical id may be the ARN itself.
            if let Some(arn) = physical.as_ref().filter(|it| it.starts_with("arn:") && text == "{arn}") {
                return Ok(arn.as_str().into());
            }
            let name = match (physical, form) {
                (Some(physical), _) => name_in(&physical).to_owned(),
                (None, _) if !self.deployed()?.is_empty() => return Err(self.not_deployed(id)),
                (None, Some(form)) => self.name(id, resource, form)?,
                (None, None) => self.invented(id),
            };
            return Ok(self.filled(text, form, &name).into());
        }
        self.asked(id, kind, attribute)
    }

    /// What only the CLI can know.
    fn asked(&self, id: &str, kind: &str, attribute: &str) -> Result<Json, Unavailable> {
        let unknown = || {
            Unavailable::new(format!("`{attribute}` of the {kind} `{id}` is not known; expected it in `--resources`"))
                .help(format!(
                    "`{{\"{id}\": {{\"PhysicalResourceId\": …, \"Attributes\": {{\"{attribute}\": …}}}}}}` in the file"
                ))
        };
        let (Some(bridge), Some(_)) = (self.bridge.get(), &self.given.stack) else { return Err(unknown()) };
        let physical = self.deployed()?.physical_id(id).ok_or_else(|| self.not_deployed(id))?;
        if let Some(name) = attribute.strip_prefix("Outputs.").filter(|_| kind == "AWS::CloudFormation::Stack") {
            return output(bridge, &self.region, physical, name)?.ok_or_else(unknown);
        }
        let input = json!({"TypeName": kind, "Identifier": physical});
        let described = bridge.ask("cloudcontrol", "getResource", input, &self.region)?;
        let properties = described["ResourceDescription"]["Properties"].as_str().unwrap_or_default();
        let properties: Json = serde_json::from_str(properties).unwrap_or_default();
        let pointer: String = attribute.split('.').map(|part| format!("/{part}")).collect();
        properties.pointer(&pointer).cloned().ok_or_else(unknown)
    }

    fn not_deployed(&self, id: &str) -> Unavailable {
        Unavailable::new(format!(
            "the resource `{id}` has no physical id; expected one in `--resources`, or in the stack"
        ))
    }

    /// The name of a resource that is not deployed: its own, or one that is made up.
    fn name(&self, id: &str, resource: &Json, form: &Form) -> Result<String, Unavailable> {
        let name = match resource["Properties"].get(form.name) {
            Some(name) => self.within(id, || self.evaluate(name))?,
            None => None,
        };
        Ok(name.as_ref().and_then(Json::as_str).map_or_else(|| self.invented(id), str::to_owned))
    }

    /// A name that CloudFormation might make up.
    fn invented(&self, id: &str) -> String {
        id.to_owned()
    }

    fn filled(&self, text: &str, form: Option<&Form>, name: &str) -> String {
        let arn = form.map(|form| form.arn).unwrap_or_default();
        let here = format!("{}:{}", self.region, self.account);
        let known = [
            ("{arn}", arn),
            ("{here}", &here),
            ("{region}", &self.region),
            ("{account}", &self.account),
            (NAME, name),
            ("{path}", "/"),
            ("{bus}", ""),
            ("??????", "AbCdEf"),
        ];
        known.iter().fold(text.to_owned(), |text, (word, value)| text.replace(word, value))
    }
}

fn kind(resource: &Json) -> &str {
    resource["Type"].as_str().unwrap_or_default()
}

/// The name in a physical id: the last part of an ARN or of a URL.
fn name_in(physical: &str) -> &str {
    match physical.contains("://") || physical.starts_with("arn:") {
        true => physical.rsplit(['/', ':']).next().unwrap_or(physical),
        false => physical,
    }
}
