//! What stacks exchange: exports and imports, by the texts that name them, as far as the templates settle these.

use crate::{
    diagnostic::Path,
    json::Json,
    template::{Template, reference::each_call},
};

/// Where a stack is deployed, as far as that is said.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Site<'a> {
    pub stack: &'a str,
    pub region: Option<&'a str>,
    pub account: Option<&'a str>,
}

impl<'a> Site<'a> {
    /// That of a stack of which the name alone is known.
    pub fn of(stack: &'a str) -> Self {
        Self { stack, ..Self::default() }
    }

    /// Whether both are surely in one region of one account, or both where nothing is said.
    pub fn is_that_of(self, other: Site<'_>) -> bool {
        self.region == other.region && self.account == other.account
    }

    /// Whether they are surely not in one region of one account.
    pub fn is_apart_from(self, other: Site<'_>) -> bool {
        let differ = |one: Option<&str>, other: Option<&str>| one.zip(other).is_some_and(|(one, other)| one != other);
        differ(self.region, other.region) || differ(self.account, other.account)
    }

    /// Whether a stack can have the name.
    ///
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html>
    pub fn has_name(self) -> bool {
        self.stack.len() <= 128
            && self.stack.starts_with(|first: char| first.is_ascii_alphabetic())
            && self.stack.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    }

    /// The region and the account, as a message names them.
    pub fn words(self) -> String {
        let account = self.account.map(|account| format!("account {account}"));
        self.region.map(str::to_owned).into_iter().chain(account).collect::<Vec<_>>().join(" of ")
    }
}

/// The exports of a template: the outputs and the names, as far as these are certain.
pub(crate) fn exports(template: &Template, site: Site<'_>) -> Vec<(String, String)> {
    let named =
        template.section("Outputs").filter_map(|(id, output)| Some((id.to_owned(), export(output, template, site)?)));
    named.collect()
}

/// The name of the export that an output is, as far as it is certain.
pub(crate) fn export(output: &Json, template: &Template, site: Site<'_>) -> Option<String> {
    text(output.get("Export")?.get("Name")?, template, site)
}

/// The imports of a template: where they are and the names, as far as these are certain.
pub(crate) fn imports(template: &Template, site: Site<'_>) -> Vec<(Path, String)> {
    let mut found = Vec::new();
    each_call(template, &mut |call| {
        if call.function == "Fn::ImportValue"
            && let Some(name) = text(call.argument, template, site)
        {
            found.push((Path::from(call.path().as_str()), name));
        }
    });
    found
}

/// An output of another stack that a template reads without an import.
pub(crate) struct Reading {
    pub path: Path,
    pub stack: String,
    pub output: String,
    /// The region that is said; none where it is that of the reader.
    pub region: Option<String>,
}

/// What a template reads of other stacks by `Fn::GetStackOutput`, as far as it is certain.
pub(crate) fn readings(template: &Template, site: Site<'_>) -> Vec<Reading> {
    let mut found = Vec::new();
    each_call(template, &mut |call| {
        if call.function != "Fn::GetStackOutput" {
            return;
        }
        let part = |name: &str| call.argument.get(name).map(|value| text(value, template, site));
        let (Some(Some(stack)), Some(Some(output)), region) = (part("StackName"), part("OutputName"), part("Region"))
        else {
            return;
        };
        if region != Some(None) {
            found.push(Reading { path: Path::from(call.path().as_str()), stack, output, region: region.flatten() });
        }
    });
    found
}

/// The text that a value has at deployment, where a stack is deployed under its own name and its parameters have their
/// defaults.
fn text(value: &Json, template: &Template, site: Site<'_>) -> Option<String> {
    if let Some(text) = value.as_str() {
        return Some(text.to_owned());
    }
    let (function, argument) = value.as_object().filter(|it| it.len() == 1)?.iter().next()?;
    match function.as_str() {
        "Ref" => named(argument.as_str()?, template, site),
        "Fn::Sub" => {
            let (mut text, mut rest) = (String::new(), argument.as_str()?);
            while let Some((before, after)) = rest.split_once("${") {
                let (name, after) = after.split_once('}')?;
                text += before;
                match name.strip_prefix('!') {
                    Some(literal) => text += &format!("${{{literal}}}"),
                    None => text += &named(name.trim(), template, site)?,
                }
                rest = after;
            }
            Some(text + rest)
        }
        "Fn::Join" => {
            let delimiter = argument.get(0)?.as_str()?;
            let parts = argument.get(1)?.as_array()?.iter().map(|part| text(part, template, site));
            Some(parts.collect::<Option<Vec<_>>>()?.join(delimiter))
        }
        _ => None,
    }
}

fn named(name: &str, template: &Template, site: Site<'_>) -> Option<String> {
    match name {
        "AWS::StackName" => Some(site.stack.to_owned()),
        "AWS::Region" => site.region.map(str::to_owned),
        "AWS::AccountId" => site.account.map(str::to_owned),
        parameter => match &template.as_json()["Parameters"].get(parameter)?["Default"] {
            Json::String(text) => Some(text.clone()),
            Json::Number(number) => Some(number.to_string()),
            _ => None,
        },
    }
}
