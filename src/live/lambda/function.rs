//! The functions of a template, as far as it says what they are.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use serde_json::json;

use super::{
    super::resources::Resources,
    code::{Code, Language},
};
use crate::{asl::run::Unavailable, json::Json, template::Template};

/// `Timeout` in seconds and `MemorySize` in MiB: what they are where a template does not say it, and at most.
const DEFAULTS: (u64, u64) = (3, 128);
const MOST: (u64, u64) = (900, 10_240);

/// A function.
#[derive(Debug)]
pub(super) struct Function {
    /// Its logical id, or the name that its code was given for.
    pub id: String,
    /// Its physical name.
    pub name: String,
    pub arn: String,
    /// Its properties; those of a function that the template does not have are none.
    properties: Json,
    /// Where its code is, if that was said.
    pub code: Option<PathBuf>,
}

/// What runs a function.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Runtime {
    /// An interpreter, and the name of the runtime, such as `python3.13`.
    Script(Language, String),
    /// A program that speaks the runtime API.
    Program,
}

/// What is known of a function once its references are resolved.
#[derive(Debug)]
pub(super) struct Configuration {
    pub runtime: Runtime,
    pub runtime_name: String,
    pub handler: String,
    pub code: Code,
    pub timeout: Duration,
    /// MiB.
    pub memory: u64,
    pub variables: Vec<(String, String)>,
}

/// The functions of a template, and those that code is given for.
pub(super) fn functions(
    template: Option<&Template>,
    code: &[(String, PathBuf)],
    resources: &Resources,
) -> Result<Vec<Function>, Unavailable> {
    let mut functions: Vec<Function> = Vec::new();
    let declared = template.into_iter().flat_map(|template| template.section("Resources"));
    for (id, resource) in declared {
        let properties = &resource["Properties"];
        let properties = match resource["Type"].as_str() {
            Some("AWS::Lambda::Function") => properties.clone(),
            Some("AWS::Serverless::Function") => with_globals(template, properties),
            _ => continue,
        };
        functions.push(Function::new(id, properties, resources));
    }
    for (name, path) in code {
        let known = functions.iter_mut().find(|function| function.is_called(name));
        match known {
            Some(function) if function.code.is_some() => {
                return Err(Unavailable::new(format!("`{name}` has code twice; expected one place of it")));
            }
            Some(function) => function.code = Some(path.clone()),
            // A template may call functions that are not its own.
            None => {
                let mut function = Function::new(name_of(name), Json::Null, resources);
                function.code = Some(path.clone());
                functions.push(function);
            }
        }
    }
    Ok(functions)
}

/// The properties of a function of the Serverless Application Model, with those that all functions have.
///
/// <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html>
fn with_globals(template: Option<&Template>, properties: &Json) -> Json {
    let globals = template.map(|template| &template.as_json()["Globals"]["Function"]);
    let mut all = globals.filter(|globals| globals.is_object()).cloned().unwrap_or_else(|| json!({}));
    let Some(members) = all.as_object_mut() else { return properties.clone() };
    for (name, value) in properties.as_object().into_iter().flatten() {
        let common = members.get_mut(name).and_then(|common| common.get_mut("Variables"));
        if let (Some(Json::Object(common)), Some(Json::Object(own))) = (common, value.get("Variables")) {
            common.extend(own.clone());
        } else {
            members.insert(name.clone(), value.clone());
        }
    }
    all
}

/// The code of functions that lies beside the template, as `aws cloudformation package` and SAM take it: `Code` or
/// `CodeUri` is a path, relative to the folder of the template.
pub(in crate::live) fn code_beside(template: &Template, folder: &Path) -> Vec<(String, PathBuf)> {
    let resources = template.section("Resources").filter_map(|(id, resource)| {
        let property = match resource["Type"].as_str()? {
            "AWS::Lambda::Function" => resource["Properties"]["Code"].as_str(),
            "AWS::Serverless::Function" => {
                let globals = &template.as_json()["Globals"]["Function"];
                resource["Properties"]["CodeUri"].as_str().or(globals["CodeUri"].as_str())
            }
            _ => None,
        };
        let path = folder.join(property.filter(|path| !path.starts_with("s3://"))?);
        path.exists().then(|| (id.to_owned(), path))
    });
    resources.collect()
}

/// The name of a function in any of the forms that `FunctionName` takes: a name, an ARN or a part of one, each with or
/// without a version.
///
/// <https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html>
pub(super) fn name_of(reference: &str) -> &str {
    let name = reference.rsplit_once("function:").map_or(reference, |(_, name)| name);
    name.split(':').next().unwrap_or_default()
}

impl Function {
    fn new(id: &str, properties: Json, resources: &Resources) -> Self {
        let name = properties["FunctionName"].as_str().map(str::to_owned);
        let name = name.unwrap_or_else(|| resources.physical_id(id));
        let arn = resources.function_arn(&name);
        Self { id: id.to_owned(), arn, name, properties, code: None }
    }

    /// Whether something that names a function is about this one.
    pub fn is_called(&self, reference: &str) -> bool {
        let name = name_of(reference);
        self.name == name || self.id == name
    }

    /// `ReservedConcurrentExecutions`.
    pub fn reserved(&self) -> Option<u64> {
        self.properties["ReservedConcurrentExecutions"].as_u64()
    }

    /// The ARN of its role, if the template says one.
    pub fn role(&self, resources: &Resources) -> Result<Option<String>, Unavailable> {
        match &self.properties["Role"] {
            Json::Null => Ok(None),
            role => Ok(resources.value(role)?.as_str().map(str::to_owned)),
        }
    }

    /// What it is, with all references resolved.
    pub fn configuration(&self, resources: &Resources) -> Result<Configuration, Unavailable> {
        let property = |name: &str| match &self.properties[name] {
            Json::Null => Ok(Json::Null),
            value => resources.value(value),
        };
        let text = |name: &str| Ok(property(name)?.as_str().unwrap_or_default().to_owned());
        let number = |name: &str, default: u64| -> Result<u64, Unavailable> {
            Ok(match property(name)? {
                Json::Null => default,
                Json::String(text) => text.parse().unwrap_or(default),
                value => value.as_u64().unwrap_or(default),
            })
        };
        let code = self.code(resources)?;
        let (runtime_name, mut handler) = (text("Runtime")?, text("Handler")?);
        let mut runtime = self.runtime(&runtime_name, &code)?;
        // A template says which it is; what is called by its name alone is known by its files.
        if runtime_name.is_empty() && runtime != Runtime::Program {
            let (language, guessed) = code.guess().ok_or_else(|| self.unknown_handler())?;
            runtime = Runtime::Script(language, String::new());
            handler = if handler.is_empty() { guessed } else { handler };
        }
        let variables = property("Environment")?["Variables"].clone();
        let variables = variables.as_object().into_iter().flatten().map(|(name, value)| {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            (name.clone(), value)
        });
        // What nobody has said is no limit.
        let (timeout, memory) = if self.properties.is_null() { MOST } else { DEFAULTS };
        Ok(Configuration {
            runtime,
            runtime_name,
            handler,
            code,
            timeout: Duration::from_secs(number("Timeout", timeout)?.max(1)),
            memory: number("MemorySize", memory)?,
            variables: variables.collect(),
        })
    }

    fn code(&self, resources: &Resources) -> Result<Code, Unavailable> {
        let id = &self.id;
        if let Some(path) = &self.code {
            return Code::of(path).map_err(|problem| Unavailable::new(format!("the code of `{id}`: {problem}")));
        }
        let inline = [&self.properties["Code"]["ZipFile"], &self.properties["InlineCode"]];
        let inline = inline.into_iter().find(|inline| !inline.is_null());
        if let Some(Json::String(text)) = inline.map(|inline| resources.value(inline)).transpose()? {
            return Ok(Code::Inline(text));
        }
        Err(Unavailable::new(format!("the template does not have the code of `{id}`; expected `ZipFile`"))
            .help(format!("say where it is: `--code {id}=PATH`, a folder, a .zip, or a program")))
    }

    fn runtime(&self, name: &str, code: &Code) -> Result<Runtime, Unavailable> {
        if matches!(code, Code::Program(_)) {
            return Ok(Runtime::Program);
        }
        let language = match name {
            _ if name.starts_with("python3") => Language::Python,
            _ if name.starts_with("nodejs") => Language::Node,
            _ if name.starts_with("provided") => return Ok(Runtime::Program),
            "" => match code {
                Code::Folder(folder) if folder.join("bootstrap").exists() => return Ok(Runtime::Program),
                _ => Language::Python,
            },
            other => {
                let problem = format!(
                    "`{}` has the runtime `{other}`, which cannot be run here; expected `python3.x`, `nodejs`, or \
                     `provided.al2023` with a program",
                    self.id
                );
                return Err(Unavailable::new(problem).help("give the task a mock"));
            }
        };
        Ok(Runtime::Script(language, name.to_owned()))
    }

    fn unknown_handler(&self) -> Unavailable {
        let id = &self.id;
        Unavailable::new(format!("nothing says what the handler of `{id}` is; expected a script, or a folder with one"))
            .help(format!("give the script itself: `--code {id}=FILE.py`; or a template, which has `Handler`"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globals_are_under_what_a_function_says_itself() {
        let template = Template::parse(
            &json!({
                "Globals": {"Function": {"Timeout": 5, "Runtime": "python3.13", "Environment": {"Variables": {"A": 1, "B": 1}}}},
                "Resources": {},
            })
            .to_string(),
        );
        let own = json!({"Timeout": 7, "Environment": {"Variables": {"B": 2}}});
        assert_eq!(
            with_globals(template.as_ref().ok(), &own),
            json!({"Timeout": 7, "Runtime": "python3.13", "Environment": {"Variables": {"A": 1, "B": 2}}})
        );
        assert_eq!(with_globals(None, &own), own);
    }

    #[test]
    fn a_function_has_many_names() {
        for reference in [
            "orders",
            "orders:$LATEST",
            "orders:live",
            "arn:aws:lambda:us-east-1:123456789012:function:orders",
            "arn:aws:lambda:us-east-1:123456789012:function:orders:7",
            "123456789012:function:orders",
            "function:orders",
        ] {
            assert_eq!(name_of(reference), "orders", "{reference}");
        }
    }
}
