//! Doc comments: facts of the schema in a line or two, not AWS's prose.

use serde_json::Value as Json;

use crate::{
    keywords::KNOWN_VALUES,
    model::{Enum, Field, Reference, Resource, Struct, Type, Update},
};

/// Where the pages are.
const PAGES: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/";
/// Where those of the Serverless Application Model are.
const SAM_PAGES: &str = "https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/";
/// A pattern longer than this is cut.
const LONGEST_PATTERN: usize = 80;
/// A list of values longer than this is cut.
const MOST_VALUES: usize = 8;

/// The address of a page.
pub fn page(name: &str) -> String {
    let folder = if name.starts_with("sam-") { SAM_PAGES } else { PAGES };
    format!("{folder}{name}.html")
}

/// A property on its field: what it is.
pub fn field(field: &Field) -> String {
    let required = if field.required { ", required" } else { "" };
    let deprecated = if field.deprecated { " Deprecated by AWS." } else { "" };
    format!("`{}`: {}{}{required}.{deprecated}", field.wire, ty(&field.ty), limits(&field.schema))
}

/// A property on its setter: what it is, its pattern, and what a change does.
pub fn setter(property: &Field) -> String {
    format!("{}{} {}", field(property), pattern(&property.schema), update(property.update))
}

fn update(update: Update) -> &'static str {
    match update {
        Update::InPlace => "Updates in place.",
        Update::Conditional => "A change may replace the resource.",
        Update::Replaces => "A change replaces the resource.",
    }
}

/// A struct, with its page.
pub fn structure(structure: &Struct, resource: &Resource) -> Vec<String> {
    let first = if structure.title == resource.type_name {
        format!("`{}`. {}", resource.type_name, reference(resource))
    } else {
        format!("`{}`.", structure.title)
    };
    vec![first, String::new(), format!("<{}>", page(&structure.page))]
}

/// What an identifier is, where its name does not say.
const IDENTIFIERS: &[(&str, &str)] = &[
    ("AWS::CloudFormation::CustomResource", "It is the physical id that the provider answers with."),
    ("AWS::CloudFormation::Macro", "It is the macro's name."),
    ("AWS::CloudFormation::Stack", "It is the nested stack's ARN."),
    ("AWS::CloudFormation::WaitConditionHandle", "It is a presigned URL that takes the signals."),
    ("AWS::Events::Rule", "On the default event bus it is the name alone."),
    ("AWS::IAM::AccessKey", "It is the access key id."),
    ("AWS::SecretsManager::RotationSchedule", "It is the secret's ARN."),
    ("AWS::SecretsManager::Secret", "It is the secret's ARN."),
];

/// What `Ref` gives.
pub fn reference(resource: &Resource) -> String {
    let said = identifier(&resource.reference);
    match IDENTIFIERS.iter().find(|(name, _)| *name == resource.type_name) {
        Some((_, what)) => format!("{said} {what}"),
        None => said,
    }
}

fn identifier(reference: &Reference) -> String {
    let parts: Vec<String> = reference.parts.iter().map(|part| format!("`{part}`")).collect();
    match (&reference.method, parts.as_slice()) {
        (Some(_), [one]) => format!("`Ref` gives the {one}."),
        (Some(_), many) => format!("`Ref` gives {}, joined by `|`.", many.join(" and ")),
        (None, many) => {
            format!("The identifier is composite ({}); AWS does not document what `Ref` gives.", many.join(", "))
        }
    }
}

/// An enumeration.
pub fn enumeration(enumeration: &Enum) -> String {
    let values: Vec<String> = enumeration.values.iter().map(|(_, value)| format!("`{value}`")).collect();
    format!("`{}`: {}.", enumeration.title, shortened(&values))
}

/// Its constants, as the compiler lists them to who has given a text.
pub fn constants(enumeration: &Enum) -> String {
    let name = &enumeration.name;
    let constants: Vec<String> =
        enumeration.values.iter().map(|(constant, _)| format!("`{name}::{constant}`")).collect();
    match constants.as_slice() {
        [only] => format!("its constant is {only}"),
        all => format!("its constants are {}", shortened(all)),
    }
}

fn shortened(values: &[String]) -> String {
    match values.len().checked_sub(MOST_VALUES) {
        Some(more) if more > 1 => format!("{} and {more} more", values[..MOST_VALUES].join(", ")),
        _ => values.join(", "),
    }
}

/// The type in words; a struct or enumeration as a link.
fn ty(ty: &Type) -> String {
    match ty {
        Type::String => "string".to_owned(),
        Type::Integer => "integer".to_owned(),
        Type::Number => "number".to_owned(),
        Type::Boolean => "boolean".to_owned(),
        Type::Json => "JSON".to_owned(),
        Type::Policy => "IAM policy document".to_owned(),
        Type::Struct(name) | Type::Enum(name) => format!("[`{name}`]"),
        Type::List(items) => format!("list of {}", many(items)),
        Type::Map(values) => format!("map of {}", many(values)),
    }
}

fn many(inner: &Type) -> String {
    match inner {
        Type::String | Type::Integer | Type::Number | Type::Boolean => format!("{}s", ty(inner)),
        _ => ty(inner),
    }
}

/// Range, length, count and the values of a list of numbers.
fn limits(schema: &Json) -> String {
    if schema.get(KNOWN_VALUES).is_some() {
        return String::new();
    }
    let mut limits = Vec::new();
    if let Some(values) = schema["enum"].as_array().filter(|values| values.iter().all(Json::is_number)) {
        limits.push(format!("one of {}", shortened(&values.iter().map(Json::to_string).collect::<Vec<_>>())));
    }
    limits.extend(range(&schema["minimum"], &schema["maximum"]));
    limits.extend(count(&schema["minLength"], &schema["maxLength"], "character"));
    limits.extend(count(&schema["minItems"], &schema["maxItems"], "item"));
    if let Some(value) = schema.get("const") {
        limits.push(format!("always `{}`", value.as_str().map_or_else(|| value.to_string(), str::to_owned)));
    }
    limits.iter().map(|limit| format!(", {limit}")).collect()
}

fn range(least: &Json, most: &Json) -> Option<String> {
    match (least, most) {
        (Json::Number(least), Json::Number(most)) => Some(format!("{least} to {most}")),
        (Json::Number(least), _) => Some(format!("at least {least}")),
        (_, Json::Number(most)) => Some(format!("at most {most}")),
        _ => None,
    }
}

fn count(least: &Json, most: &Json, unit: &str) -> Option<String> {
    let plural = |count: u64| if count == 1 { unit.to_owned() } else { format!("{unit}s") };
    match (least.as_u64().filter(|least| *least > 0), most.as_u64()) {
        (Some(least), Some(most)) if least == most => Some(format!("exactly {most} {}", plural(most))),
        (Some(least), Some(most)) => Some(format!("{least} to {most} {}", plural(most))),
        (Some(least), None) => Some(format!("at least {least} {}", plural(least))),
        (None, Some(most)) => Some(format!("at most {most} {}", plural(most))),
        (None, None) => None,
    }
}

/// The pattern as code, cut where it is long; not one that spans lines.
fn pattern(schema: &Json) -> String {
    let readable = |pattern: &&str| !pattern.chars().any(char::is_control) && schema.get(KNOWN_VALUES).is_none();
    let Some(pattern) = schema["pattern"].as_str().filter(readable) else {
        return String::new();
    };
    let cut: String = pattern.chars().take(LONGEST_PATTERN).collect();
    let cut = if cut.len() < pattern.len() { format!("{cut}…") } else { cut };
    let fence = if cut.contains('`') { "``" } else { "`" };
    let space = if cut.starts_with('`') || cut.ends_with('`') { " " } else { "" };
    format!(" Pattern {fence}{space}{cut}{space}{fence}.")
}

/// Breaks a paragraph into lines of at most `width` characters, never within a code span.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut unit = String::new();
    let mut fences = 0;
    for word in text.split(' ') {
        if !unit.is_empty() {
            unit.push(' ');
        }
        unit.push_str(word);
        fences += word.matches('`').count();
        if fences % 2 == 1 {
            continue;
        }
        let line = lines.last_mut().expect("there is a line from the start on");
        if !line.is_empty() && line.chars().count() + 1 + unit.chars().count() > width {
            lines.push(std::mem::take(&mut unit));
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(&std::mem::take(&mut unit));
        }
    }
    if !unit.is_empty() {
        lines.push(unit);
    }
    lines
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn property(wire: &str, ty: Type, required: bool, update: Update, schema: Json) -> Field {
        let ident = crate::names::ident(wire);
        Field { wire: wire.to_owned(), ident, ty, required, deprecated: false, boxed: false, update, schema }
    }

    #[test]
    fn a_setter_says_type_limits_pattern_and_what_a_change_does() {
        let timeout = property("Timeout", Type::Integer, false, Update::InPlace, json!({"minimum": 1, "maximum": 900}));
        assert_eq!(setter(&timeout), "`Timeout`: integer, 1 to 900. Updates in place.");
        let name = json!({"minLength": 1, "maxLength": 64, "pattern": "^[a-z]+$"});
        let name = property("Name", Type::String, true, Update::Replaces, name);
        assert_eq!(
            setter(&name),
            "`Name`: string, 1 to 64 characters, required. Pattern `^[a-z]+$`. A change replaces the resource."
        );
        let layers =
            property("Layers", Type::List(Box::new(Type::String)), false, Update::InPlace, json!({"maxItems": 5}));
        assert_eq!(field(&layers), "`Layers`: list of strings, at most 5 items.");
    }

    #[test]
    fn long_patterns_and_long_lists_are_cut() {
        assert!(pattern(&json!({"pattern": "a".repeat(500)})).ends_with("a…`."));
        assert_eq!(pattern(&json!({"pattern": "[`x]"})), " Pattern ``[`x]``.");
        let days: Vec<u32> = (1..=12).collect();
        assert_eq!(limits(&json!({"enum": days})), ", one of 1, 2, 3, 4, 5, 6, 7, 8 and 4 more");
    }

    #[test]
    fn lines_break_between_words_but_not_in_code() {
        assert_eq!(wrap("one two `three four` five", 10), ["one two", "`three four`", "five"]);
    }
}
