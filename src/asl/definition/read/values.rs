//! The values of a part, read by the table of fields: whatever is wrong with them is reported here, once.

use unicode_ident::{is_xid_continue, is_xid_start};

use crate::{
    asl::{
        definition::{
            fields::{Field, Part, ValueKind},
            language::Language,
            model::{Count, PathField, Text},
            operator::Operator,
            place::Place,
            problems::Problems,
            template::Template,
            token::tokens_of,
            wording::{listed, short},
        },
        expression::{
            intrinsic::Intrinsic,
            jsonata::{self, Expression},
            jsonpath::{PathExpression, Root},
            time::{self, Time},
        },
    },
    json::{Json, Pointer},
};

/// The values of a part, by field.
pub(super) struct Values<'a> {
    pub language: Language,
    object: Option<&'a serde_json::Map<String, Json>>,
    values: Vec<(&'static str, Value<'a>)>,
    /// The comparison operators of a rule.
    pub operators: Vec<(&'static Operator, &'a Json)>,
}

/// What a field holds, once it is read.
pub(super) enum Value<'a> {
    /// Taken as it is, or read by who asks for it.
    Json(&'a Json),
    Path(PathField),
    Text(Text),
    Count(Count),
    Time(Time),
    Expression(Box<Expression>),
    Template(Template),
}

impl<'a> Values<'a> {
    fn take(&mut self, field: &str) -> Option<Value<'a>> {
        let position = self.values.iter().position(|(name, _)| *name == field)?;
        Some(self.values.swap_remove(position).1)
    }

    /// Whether the part has a field at all, whatever it holds.
    pub fn has(&self, field: &str) -> bool {
        self.object.is_some_and(|object| object.contains_key(field))
    }

    /// The JSON of a field that is taken as it is.
    pub fn json(&self, field: &str) -> Option<&'a Json> {
        self.values.iter().find_map(|(name, value)| match value {
            Value::Json(json) if *name == field => Some(*json),
            _ => None,
        })
    }

    pub fn text(&self, field: &str) -> Option<&'a str> {
        self.json(field)?.as_str()
    }

    pub fn list(&self, field: &str) -> &'a [Json] {
        self.json(field).and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default()
    }

    pub fn strings(&self, field: &str) -> Vec<String> {
        self.list(field).iter().filter_map(Json::as_str).map(str::to_owned).collect()
    }

    /// A path that is `$` where the field is missing.
    pub fn path_field(&mut self, field: &str) -> PathField {
        match self.take(field) {
            Some(Value::Path(path)) => path,
            _ => PathField::Whole,
        }
    }

    pub fn path(&mut self, field: &str) -> Option<PathExpression> {
        match self.take(field) {
            Some(Value::Path(PathField::Path(path))) => Some(path),
            Some(Value::Path(PathField::Whole)) => PathExpression::parse("$").ok(),
            _ => None,
        }
    }

    pub fn template(&mut self, field: &str) -> Option<Template> {
        match self.take(field) {
            Some(Value::Template(template)) => Some(template),
            _ => None,
        }
    }

    pub fn time(&mut self, field: &str) -> Option<Time> {
        match self.values.iter().find(|(name, _)| *name == field) {
            Some((_, Value::Time(time))) => Some(*time),
            _ => None,
        }
    }

    pub fn expression(&mut self, field: &str) -> Option<Box<Expression>> {
        match self.take(field) {
            Some(Value::Expression(expression)) => Some(expression),
            _ => None,
        }
    }

    /// A number, an expression for one, or the path to one in the field beside it.
    pub fn count(&mut self, field: &'static str, path_field: &'static str) -> Option<Count> {
        if let Some(path) = self.path(path_field) {
            return Some(Count::Path { field: path_field, path });
        }
        match self.take(field) {
            Some(Value::Count(count)) => Some(count),
            Some(Value::Expression(expression)) => Some(Count::Expression { field, expression }),
            _ => None,
        }
    }

    /// A number that stands as it is.
    pub fn number(&mut self, field: &'static str) -> Option<f64> {
        match self.take(field) {
            Some(Value::Count(Count::Literal(number))) => Some(number),
            _ => None,
        }
    }

    /// A text, an expression for one, or the path to one in the field beside it.
    pub fn computed(&mut self, field: &'static str, path_field: &'static str) -> Option<Text> {
        match self.take(path_field).or_else(|| self.take(field)) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }
}

impl Problems {
    /// Reads a part: its fields by the table, what it lacks, and what excludes each other.
    pub(super) fn part<'a>(&mut self, json: &'a Json, part: Part, at: &Pointer<'_>, language: Language) -> Values<'a> {
        let mut values = Values { language, object: json.as_object(), values: Vec::new(), operators: Vec::new() };
        let Some(object) = json.as_object() else {
            self.refuse(part, at, json, format!("{} is {}; expected an object", part.described(), short(json)));
            return values;
        };
        for (name, json) in object {
            let at = at.key(name);
            match part.field(name) {
                Some(field) if field.language.is_none_or(|only| only == language) => {
                    if let Some(value) = self.value(part, field, json, &at, language) {
                        values.values.push((field.name, value));
                    }
                }
                None if part.compares() && language == Language::JsonPath && Operator::named(name).is_some() => {
                    values.operators.extend(Operator::named(name).map(|operator| (operator, json)));
                }
                field => self.unknown(part, field, name, &at, language),
            }
        }
        let of_language = |field: &&Field| field.language.is_none_or(|only| only == language);
        for field in part.fields().iter().filter(of_language).filter(|field| !object.contains_key(field.name)) {
            let Some(expected) = field.required else { continue };
            // A scope that says it has no states has no first one.
            if field.name == "StartAt" && object.get("States") == Some(&serde_json::json!({})) {
                continue;
            }
            let message = format!("{} has no `{}`; expected {expected}", part.described(), field.name);
            match field.value {
                ValueKind::States | ValueKind::Parts(..) | ValueKind::Condition => {
                    self.fault(part, &at.key(field.name), message);
                }
                ValueKind::Target if field.name == "StartAt" => self.fault(part, &at.key(field.name), message),
                _ => self.fault(part, at, message),
            }
        }
        for choose in part.choose() {
            let names = choose.fields.iter().copied();
            let fields: Vec<&str> = names.filter(|name| part.field(name).is_some_and(|it| of_language(&it))).collect();
            let present: Vec<&str> = fields.iter().copied().filter(|field| object.contains_key(*field)).collect();
            let quoted = |fields: &[&str], joined: &str| {
                fields.iter().map(|field| format!("`{field}`")).collect::<Vec<_>>().join(joined)
            };
            let described = part.described();
            match present.as_slice() {
                [_] => {}
                [] if choose.required => {
                    let fields = quoted(&fields, " or ");
                    self.fault(part, at, format!("{described} has no {fields}; expected one"));
                }
                [] => {}
                many => {
                    let fields = quoted(many, " and ");
                    self.fault(part, at, format!("{described} has {fields}; expected one of them"));
                }
            }
        }
        values
    }

    /// A field that the part does not have, or not in this language.
    fn unknown(&mut self, part: Part, field: Option<&Field>, name: &str, at: &Pointer<'_>, language: Language) {
        let what = match part {
            Part::Workflow => "a workflow".to_owned(),
            Part::ChoiceRule => format!("a {} rule of a `Choice`", language.name()),
            Part::NestedRule => "a rule inside of another".to_owned(),
            Part::Retrier => "a retrier".to_owned(),
            Part::Catcher => format!("a {} catcher", language.name()),
            _ if !part.type_name().is_empty() => format!("a {} `{}`", language.name(), part.type_name()),
            // `ItemReader`, `ProcessorConfig`, an item processor, a branch.
            _ => {
                let name = part.described().trim_start_matches("the ");
                let vowel = name.trim_start_matches('`').starts_with(['I', 'i']);
                format!("{} {name}", if vowel { "an" } else { "a" })
            }
        };
        let other = field.is_some() || (part.compares() && Operator::named(name).is_some());
        let message = match part {
            Part::Workflow => format!(
                "`{name}` is not a field of a workflow; expected one of {}",
                part.fields().iter().map(|field| field.name).collect::<Vec<_>>().join(" ")
            ),
            _ if part.compares() && !other && looks_like_operator(name) => {
                format!("`{name}` is not a comparison operator; expected one such as `StringEquals`")
            }
            _ => format!("`{name}` is not a field of {what}; expected only fields that it has"),
        };
        let fault = self.diagnostic(part, at, message);
        self.faults.push(match other {
            true => {
                fault.help(format!("{} has it; a state has the fields of one query language", language.other().name()))
            }
            false => fault.did_you_mean(name, part.names(language)),
        });
    }

    /// The value of a field; none where it is a fault, which is reported, or holds a token.
    fn value<'a>(
        &mut self,
        part: Part,
        field: &'static Field,
        json: &'a Json,
        at: &Pointer<'_>,
        language: Language,
    ) -> Option<Value<'a>> {
        let name = field.name;
        let place = Place { part, field: name };
        let expression = match json {
            Json::String(text) if language == Language::Jsonata => jsonata::inner(text),
            _ => None,
        };
        let computed = match field.value {
            ValueKind::Timestamp | ValueKind::Integer(..) | ValueKind::Number(..) | ValueKind::Condition => expression,
            _ => None,
        };
        if let Some(inner) = computed {
            return self.expression(place, inner, at).map(|expression| Value::Expression(Box::new(expression)));
        }
        let mut wrong = |expected: &str| {
            self.refuse(part, at, json, format!("`{name}` is {}; expected {expected}", short(json)));
            None
        };
        match field.value {
            ValueKind::Json => Some(Value::Json(json)),
            ValueKind::Text | ValueKind::Target | ValueKind::Resource if !json.is_string() => {
                wrong(match field.value {
                    ValueKind::Target => "the name of a state",
                    ValueKind::Resource => "an ARN",
                    _ => "a string",
                })
            }
            ValueKind::Resource if json.as_str().is_some_and(|text| !is_arn(text)) => wrong("an ARN"),
            ValueKind::Text | ValueKind::Target | ValueKind::Resource => Some(Value::Json(json)),
            ValueKind::Label => match json.as_str() {
                // A token will be something else.
                Some(text) if tokens_of(text).next().is_some() => Some(Value::Json(json)),
                Some(text) if text.chars().count() > 40 => wrong("at most 40 characters"),
                Some(text) => match text.chars().find(|letter| !is_of_label(*letter)) {
                    Some(letter) => wrong(&format!("a label without {letter:?}")),
                    None => Some(Value::Json(json)),
                },
                None => wrong("a string"),
            },
            ValueKind::Flag if json.is_boolean() => Some(Value::Json(json)),
            ValueKind::Flag => wrong("true or false"),
            ValueKind::Word(words) => match json.as_str() {
                Some(text) if words.contains(&text) => Some(Value::Json(json)),
                _ => {
                    let message = format!("`{name}` is {}; expected {}", short(json), listed(words));
                    let fault = self.diagnostic(part, at, message);
                    let fault = fault.did_you_mean(json.as_str().unwrap_or_default(), words.iter().copied());
                    self.refuse_with(json, fault);
                    None
                }
            },
            ValueKind::Errors => match json.as_array() {
                Some(names) if names.is_empty() => {
                    self.fault(part, at, format!("`{name}` is empty; expected at least one error"));
                    None
                }
                Some(names) if names.iter().all(Json::is_string) => Some(Value::Json(json)),
                _ => wrong("a list of names of errors"),
            },
            ValueKind::Texts => match json.as_array() {
                Some(texts) if texts.iter().all(Json::is_string) => Some(Value::Json(json)),
                _ => wrong("a list of strings"),
            },
            ValueKind::Path { null } => match json {
                Json::Null if null => Some(Value::Path(PathField::Nothing)),
                Json::String(text) => self.path(part, text, json, at).map(Value::Path),
                _ => wrong("a path"),
            },
            ValueKind::ReferencePath => match json {
                Json::Null => Some(Value::Path(PathField::Nothing)),
                Json::String(text) => {
                    let path = self.path(part, text, json, at)?;
                    match &path {
                        PathField::Path(it) if !it.is_reference() || *it.root() != Root::Input => {
                            let expected = "expected `$` with fields and indices only";
                            self.refuse(part, at, json, format!("`{name}` is {}; {expected}", short(json)));
                            None
                        }
                        _ => Some(Value::Path(path)),
                    }
                }
                _ => wrong("a path"),
            },
            ValueKind::TextPath => match json.as_str() {
                Some(text) if text.trim_start().starts_with("States.") => match Intrinsic::parse(text) {
                    Ok(call) => Some(Value::Text(Text::Intrinsic { field: name, call: Box::new(call) })),
                    Err(problem) => {
                        self.refuse(part, at, json, problem);
                        None
                    }
                },
                Some(text) => match PathExpression::parse(text) {
                    Ok(path) => Some(Value::Text(Text::Path { field: name, path })),
                    Err(problem) => {
                        self.refuse(part, at, json, problem);
                        None
                    }
                },
                None => wrong("a path or an intrinsic function"),
            },
            ValueKind::Computed => match (json.as_str(), expression) {
                (_, Some(inner)) => {
                    let expression = Box::new(self.expression(place, inner, at)?);
                    Some(Value::Text(Text::Expression { field: name, expression }))
                }
                (Some(text), None) => {
                    if language == Language::Jsonata {
                        self.plain(part, text, at);
                    }
                    Some(Value::Text(Text::Literal(text.to_owned())))
                }
                (None, None) => wrong("a string"),
            },
            ValueKind::Timestamp => match json.as_str().and_then(time::parse) {
                Some(time) => Some(Value::Time(time)),
                None => wrong("one such as \"2026-01-01T00:00:00Z\""),
            },
            ValueKind::Integer(least, most) => match json.as_f64() {
                Some(number) if !(least..=most).contains(&number) => wrong(&range(least, most)),
                Some(number) if number.fract() != 0.0 => wrong("an integer"),
                Some(number) => Some(Value::Count(Count::Literal(number))),
                None => wrong(&format!("an integer, {}", range(least, most))),
            },
            ValueKind::Number(least, most) => match json.as_f64() {
                Some(number) if !(least..=most).contains(&number) => wrong(&range(least, most)),
                Some(number) => Some(Value::Count(Count::Literal(number))),
                None => wrong(&format!("a number, {}", range(least, most))),
            },
            ValueKind::Condition if json.is_boolean() => Some(Value::Json(json)),
            ValueKind::Condition => wrong("a JSONata expression between `{%` and `%}`, or true or false"),
            ValueKind::Template => Some(Value::Template(Template::read(json, language, at, place, self))),
            ValueKind::Variables => {
                let Some(members) = json.as_object() else { return wrong("an object of variables") };
                for key in members.keys() {
                    let variable = match language {
                        Language::JsonPath => key.strip_suffix(".$").unwrap_or(key),
                        Language::Jsonata => key,
                    };
                    if !is_variable(variable) {
                        let expected = "expected a letter followed by letters, digits and underscores, at most 80, and not `states`";
                        self.fault(part, &at.key(key), format!("`{variable}` is no name of a variable; {expected}"));
                    }
                }
                Some(Value::Template(Template::read(json, language, at, place, self)))
            }
            ValueKind::Credentials => {
                if let Some(members) = json.as_object() {
                    let has = |key: &str| key == "RoleArn" || (key == "RoleArn.$" && language == Language::JsonPath);
                    if !members.keys().any(|key| has(key)) {
                        let message = "`Credentials` has no `RoleArn`; expected the role that the task is run with";
                        self.fault(part, at, message.to_owned());
                    }
                    for key in members.keys().filter(|key| !has(key)) {
                        let message = format!("`{key}` is not a field of `Credentials`; expected `RoleArn`");
                        self.fault(part, &at.key(key), message);
                    }
                }
                Some(Value::Template(Template::read(json, language, at, place, self)))
            }
            ValueKind::Items => match (json, expression) {
                (Json::Array(_) | Json::Object(_), _) | (_, Some(_)) => {
                    Some(Value::Template(Template::read(json, language, at, place, self)))
                }
                _ => wrong("an array, an object, or a JSONata expression for one"),
            },
            ValueKind::Part(_) if json.is_object() => Some(Value::Json(json)),
            ValueKind::Part(_) => wrong("an object"),
            ValueKind::Parts(_, least) => match json.as_array() {
                Some(elements) if elements.len() < least => {
                    self.fault(part, at, format!("`{name}` is empty; expected at least one"));
                    None
                }
                Some(_) => Some(Value::Json(json)),
                None => wrong("a list"),
            },
            ValueKind::States => match json.as_object() {
                Some(states) if states.is_empty() => {
                    self.fault(
                        part,
                        at,
                        format!("{} has no states; expected at least one in `States`", part.described()),
                    );
                    None
                }
                Some(_) => Some(Value::Json(json)),
                None => wrong("an object of states"),
            },
        }
    }

    fn path(&mut self, part: Part, text: &str, json: &Json, at: &Pointer<'_>) -> Option<PathField> {
        if text == "$" {
            return Some(PathField::Whole);
        }
        match PathExpression::parse(text) {
            Ok(path) => Some(PathField::Path(path)),
            Err(problem) => {
                self.refuse(part, at, json, problem);
                None
            }
        }
    }
}

/// Whether a name is meant to compare something.
fn looks_like_operator(name: &str) -> bool {
    ["Boolean", "Is", "Numeric", "String", "Timestamp"].iter().any(|kind| name.starts_with(kind))
}

/// Whether a text has the six parts of an ARN, or may become one: what stands between `${` and `}` may be anything.
fn is_arn(text: &str) -> bool {
    let mut placeholders = text.split("${").skip(1);
    placeholders.any(|rest| rest.contains('}')) || (text.starts_with("arn:") && text.split(':').count() >= 6)
}

/// Whether a label may have a character.
fn is_of_label(letter: char) -> bool {
    !letter.is_whitespace() && !letter.is_control() && !"?*<>{}[]:;,\\|^~$#%&`\"".contains(letter)
}

/// Whether a name may be that of a variable: an identifier as Unicode has them.
fn is_variable(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(is_xid_start)
        && letters.all(is_xid_continue)
        && name.chars().count() <= 80
        && name != "states"
}

fn range(least: f64, most: f64) -> String {
    if most == f64::MAX { format!("at least {least}") } else { format!("{least} to {most}") }
}
