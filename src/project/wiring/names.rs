//! Names: the texts by which stacks find each other, as far as the templates settle them.

use crate::{json::Json, template::Template};

/// The text that a value has at deployment, where a stack is deployed under its own name and its parameters have their
/// defaults.
pub(super) fn text(value: &Json, template: &Template, stack: &str) -> Option<String> {
    if let Some(text) = value.as_str() {
        return Some(text.to_owned());
    }
    let (function, argument) = value.as_object().filter(|it| it.len() == 1)?.iter().next()?;
    match function.as_str() {
        "Ref" => named(argument.as_str()?, template, stack),
        "Fn::Sub" => {
            let (mut text, mut rest) = (String::new(), argument.as_str()?);
            while let Some((before, after)) = rest.split_once("${") {
                let (name, after) = after.split_once('}')?;
                text += before;
                match name.strip_prefix('!') {
                    Some(literal) => text += &format!("${{{literal}}}"),
                    None => text += &named(name.trim(), template, stack)?,
                }
                rest = after;
            }
            Some(text + rest)
        }
        "Fn::Join" => {
            let delimiter = argument.get(0)?.as_str()?;
            let parts = argument.get(1)?.as_array()?.iter().map(|part| text(part, template, stack));
            Some(parts.collect::<Option<Vec<_>>>()?.join(delimiter))
        }
        _ => None,
    }
}

fn named(name: &str, template: &Template, stack: &str) -> Option<String> {
    match name {
        "AWS::StackName" => Some(stack.to_owned()),
        parameter => match &template.as_json()["Parameters"].get(parameter)?["Default"] {
            Json::String(text) => Some(text.clone()),
            Json::Number(number) => Some(number.to_string()),
            _ => None,
        },
    }
}
