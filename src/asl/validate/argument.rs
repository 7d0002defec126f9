//! SCHEMA_VALIDATION_FAILED: an argument that what a task calls does not take, lacks, or takes as another type. F2008: one
//! that it may not take.

mod form;
mod value;

use std::collections::HashMap;

use self::{
    form::{Fit, Form, Member, Object, Outline, Spelling},
    value::{Entry, Parts, Value},
};
use super::{optimized, pages::SDK};
use crate::{
    asl::definition::{Definition, Language, Reader, ResourceKind, State, StateKind, short, tokens_of},
    data::api::{self, Shape},
    diagnostic::{Diagnostic, nearest},
    json::Pointer,
};

pub(super) fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    let mut calls = HashMap::new();
    for state in definition.states() {
        if let StateKind::Map(map) = &state.kind
            && let Some(reader) = map.distributed.as_ref().and_then(|it| it.reader.as_ref())
        {
            of_reader(reader, state, found);
        }
        let StateKind::Task(task) = &state.kind else { continue };
        let ResourceKind::Integration { service, action } = &task.resource.kind else { continue };
        let Some(arguments) = &task.sent.arguments else { continue };
        if tokens_of(&task.resource.arn).next().is_some() {
            continue;
        }
        let action = action.split('.').next().unwrap_or_default();
        let Some(call) = *calls.entry((service.as_str(), action)).or_insert_with(|| called(service, action)) else {
            continue;
        };
        let field = if state.language == Language::Jsonata { "Arguments" } else { "Parameters" };
        let pointer = format!("{}/{field}", state.pointer);
        let mut walk = Walk { name: format!("{service}:{action}"), call, language: state.language, found };
        walk.value(Value::Template(arguments), call.form, Subject::Whole(field), &Pointer::at(&pointer));
    }
}

/// Looks at what the reader of a `Map`'s items is given: it calls S3 as an SDK does.
///
/// <https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html>
fn of_reader(reader: &Reader, state: &State, found: &mut Vec<Diagnostic>) {
    const READERS: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html";
    let called_as = |resource: &str| resource.rsplit_once(":states:::s3:").map(|(_, action)| action.to_owned());
    let (Some(action), Some(arguments)) = (reader.resource.as_deref().and_then(called_as), &reader.arguments) else {
        return;
    };
    let Some(call) = called("aws-sdk:s3", &action) else { return };
    let field = if state.language == Language::Jsonata { "Arguments" } else { "Parameters" };
    let pointer = format!("{}/ItemReader/{field}", state.pointer);
    let call = Call { docs: READERS, ..call };
    let mut walk = Walk { name: format!("s3:{action}"), call, language: state.language, found };
    walk.value(Value::Template(arguments), call.form, Subject::Whole(field), &Pointer::at(&pointer));
}

/// What a task calls.
#[derive(Clone, Copy)]
struct Call {
    form: Form,
    spelling: Spelling,
    /// What may be any JSON, wherever it stands.
    any: &'static [&'static str],
    docs: &'static str,
}

/// How the calls begin of which was measured that they are refused without the token that makes them idempotent, though
/// the API does not require it. Others are made without.
const TOKENS_ARE_REQUIRED: [&str; 3] =
    ["aws-sdk:athena:", "aws-sdk:dynamodb:executeTransaction", "aws-sdk:dynamodb:transactWriteItems"];

/// What is called so; none where nobody knows, or another rule says that there is no such thing.
fn called(service: &str, action: &str) -> Option<Call> {
    let input = |service: &str, action: &str| Some(api::service(service)?.operation(action)?.input());
    let Some(name) = service.strip_prefix("aws-sdk:") else {
        let integration = optimized::integration(service)?;
        let action = integration.action(action)?;
        let input = action.operation.and_then(|(service, operation)| input(service, operation)).flatten();
        let form = Form::Action(action, input);
        return Some(Call { form, spelling: Spelling::Api, any: action.any, docs: integration.docs });
    };
    let form = input(name, action)?.map_or(Form::Nothing, |input| Form::Api(Shape::Structure(input)));
    Some(Call { form, spelling: Spelling::Sdk, any: &[], docs: SDK })
}

/// What a message is about.
#[derive(Clone, Copy)]
enum Subject<'a> {
    /// All of the arguments, in the field of that name.
    Whole(&'a str),
    Argument(&'a str),
    Item(&'a str),
}

impl Subject<'_> {
    fn name(&self) -> &str {
        match self {
            Self::Whole(name) | Self::Argument(name) | Self::Item(name) => name,
        }
    }
}

impl std::fmt::Display for Subject<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Whole(name) | Self::Argument(name) => write!(f, "`{name}`"),
            Self::Item(name) => write!(f, "an item of `{name}`"),
        }
    }
}

/// A walk through the arguments of a task.
struct Walk<'w> {
    /// What is called.
    name: String,
    call: Call,
    language: Language,
    found: &'w mut Vec<Diagnostic>,
}

impl Walk<'_> {
    /// Looks at a value and all in it.
    fn value(&mut self, value: Value<'_>, form: Form, subject: Subject<'_>, at: &Pointer<'_>) {
        let parts = value.parts(self.language);
        let outline = match &parts {
            Parts::Unknown => return,
            Parts::Scalar(json) => Outline::Scalar(json),
            Parts::List(_) => Outline::List,
            Parts::Object(_) => Outline::Object,
        };
        match form.fits(outline, self.call.spelling) {
            Fit::Yes => {}
            Fit::Perhaps => return self.doubt(mistaken(subject, outline, form), at),
            Fit::No => {
                let mut fault = self.fault(mistaken(subject, outline, form), at);
                if let Outline::Scalar(json) = outline
                    && self.language == Language::JsonPath
                    && json.as_str().is_some_and(|text| text.starts_with('$') || text.starts_with("States."))
                {
                    fault = fault.help(format!("a path is read where its key is `{}.$`", subject.name()));
                }
                return self.found.push(fault);
            }
        }
        match parts {
            Parts::Scalar(json) => {
                if let (Some(words), Some(text)) = (form.words(), json.as_str())
                    && !words.contains(&text)
                {
                    self.word(text, &words, subject, at);
                }
            }
            Parts::List(items) => {
                let Some(form) = form.item() else { return };
                for (index, item) in items.into_iter().enumerate() {
                    self.value(item, form, Subject::Item(subject.name()), &at.index(index));
                }
            }
            Parts::Object(entries) => match form.object(self.call.spelling) {
                Object::Members(members) => self.object(&entries, &members, subject, at),
                Object::Map(form) => {
                    for entry in &entries {
                        self.value(entry.value, form, Subject::Argument(entry.key), &at.key(&entry.written));
                    }
                }
                Object::Any => {}
            },
            Parts::Unknown => {}
        }
    }

    /// Looks at the members of an object, and for those that it lacks.
    fn object(&mut self, entries: &[Entry<'_>], members: &[Member], subject: Subject<'_>, at: &Pointer<'_>) {
        let spelling = self.call.spelling;
        let wants_tokens = TOKENS_ARE_REQUIRED.iter().any(|call| self.name.starts_with(call));
        let is_wanted = |member: &&Member| member.is_required || member.is_token && wants_tokens;
        let mut missing: Vec<&Member> = members.iter().filter(is_wanted).collect();
        for entry in entries {
            if tokens_of(entry.key).next().is_some() {
                // It may become the name of any.
                missing.clear();
                continue;
            }
            let place = at.key(&entry.written);
            let called = |how| members.iter().find(|member| member.is_called(entry.key, spelling) == how);
            let exact = called(Fit::Yes);
            let Some(member) = exact.or_else(|| called(Fit::Perhaps)) else {
                let meant = self.unknown(entry, members, subject, &place);
                missing.retain(|member| Some(member.name.as_ref()) != meant);
                continue;
            };
            missing.retain(|other| other.name != member.name);
            if exact.is_none() {
                let message = format!("`{}` is spelled as nobody has seen it; expected `{}`", entry.key, member.name);
                self.doubt(message, &place);
            }
            if !self.call.any.contains(&member.name.as_ref()) {
                self.value(entry.value, member.form, Subject::Argument(entry.key), &place);
            }
        }
        for member in missing {
            let by = match subject {
                Subject::Whole(_) => &self.name,
                _ => subject.name(),
            };
            let message = format!("`{}` is missing; expected it, which `{by}` requires", member.name);
            let fault = self.fault(message, at);
            self.found.push(fault);
        }
    }

    /// Tells of a key that there is not, and gives the name that was meant.
    fn unknown<'m>(
        &mut self,
        entry: &Entry<'_>,
        members: &'m [Member],
        subject: Subject<'_>,
        at: &Pointer<'_>,
    ) -> Option<&'m str> {
        let names = || members.iter().map(|member| member.name.as_ref());
        let is_called = |member: &&Member| {
            [member.name.as_ref(), member.api_name].iter().any(|name| name.eq_ignore_ascii_case(entry.key))
        };
        let same = members.iter().find(is_called).map(|member| member.name.as_ref());
        let meant = same.or_else(|| nearest(entry.key, names()));
        let whose = match subject {
            Subject::Whole(_) => format!("`{}`", self.name),
            _ => subject.to_string(),
        };
        let listed: Vec<String> = names().map(|name| format!("`{name}`")).collect();
        let expected = match listed.as_slice() {
            [] => "nothing".to_owned(),
            [only] => only.clone(),
            [others @ .., last] if others.len() < 8 => format!("{} or {last}", others.join(", ")),
            all => format!("one of its {} arguments", all.len()),
        };
        let source = match members.iter().any(|member| matches!(member.form, Form::Api(_))) {
            true => format!(" ({})", api::archive().provenance()),
            false => String::new(),
        };
        let fault = self.fault(format!("{whose} takes no `{}`{source}; expected {expected}", entry.key), at);
        self.found.push(match meant {
            Some(name) => fault.help(format!("did you mean `{name}`?")),
            None => fault,
        });
        meant
    }

    /// Tells of a word that the API's model does not list.
    fn word(&mut self, text: &str, words: &[&'static str], subject: Subject<'_>, at: &Pointer<'_>) {
        let listed: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
        let expected = match listed.as_slice() {
            [others @ .., last] if (1..8).contains(&others.len()) => format!("{} or {last}", others.join(", ")),
            [only] => only.clone(),
            all => format!("one of its {} values", all.len()),
        };
        let message = format!("{subject} is {}, which is not listed; expected {expected}", short(&text.into()));
        let doubt = Diagnostic::warning("F2008", at.to_string(), message).docs(self.call.docs);
        self.found.push(doubt.did_you_mean(text, words.iter().copied()));
    }

    fn fault(&self, message: String, at: &Pointer<'_>) -> Diagnostic {
        Diagnostic::error("SCHEMA_VALIDATION_FAILED", at.to_string(), message).docs(self.call.docs)
    }

    fn doubt(&mut self, message: String, at: &Pointer<'_>) {
        self.found.push(Diagnostic::warning("F2008", at.to_string(), message).docs(self.call.docs));
    }
}

fn mistaken(subject: Subject<'_>, outline: Outline<'_>, form: Form) -> String {
    let is = match outline {
        Outline::Scalar(json) => short(json),
        Outline::List => "a list".to_owned(),
        Outline::Object => "an object".to_owned(),
    };
    format!("{subject} is {is}; expected {}", form.expected())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::asl::validate::assert_finds;

    fn saving(arguments: Json) -> Json {
        let task = json!({
            "Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:putObject", "Arguments": arguments, "End": true,
        });
        json!({"QueryLanguage": "JSONata", "StartAt": "Save", "States": {"Save": task}})
    }

    #[test]
    fn a_reader_of_items_is_given_what_s3_takes() {
        let reading = |action: &str, arguments: Json| {
            json!({"QueryLanguage": "JSONata", "StartAt": "Each", "States": {"Each": {
                "Type": "Map", "End": true,
                "ItemReader": {"Resource": format!("arn:aws:states:::s3:{action}"), "Arguments": arguments},
                "ItemProcessor": {
                    "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                    "StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}},
                },
            }}})
        };
        assert_finds(check, reading("getObject", json!({"Bucket": "b", "Key": "{% $states.input.key %}"})), &[]);
        assert_finds(check, reading("listObjectsV2", json!({"Bucket": "b", "Prefix": "beans/", "MaxKeys": 5})), &[]);
        let missing = "error[SCHEMA_VALIDATION_FAILED]: `Key` is missing; expected it, which `s3:getObject` requires\n  \
                       at   /States/Each/ItemReader/Arguments\n  \
                       docs https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html";
        assert_finds(check, reading("getObject", json!({"Bucket": "b"})), &[missing]);
    }

    #[test]
    fn what_a_call_takes_it_is_sent() {
        let sound = json!({"Bucket": "b", "Key": "{% $states.input.key %}", "Body": {"any": [1]}, "Acl": "private"});
        assert_finds(check, saving(sound), &[]);
        assert_finds(check, saving(json!("{% $states.input %}")), &[]);
        let source = api::archive().provenance();
        let unknown = format!("`aws-sdk:s3:putObject` takes no `ACL` ({source}); expected one of its 49 arguments");
        assert_finds(
            check,
            saving(json!({"Bucket": "b", "ACL": "private", "Metadata": ["a"], "StorageClass": "GLACIR"})),
            &[
                &format!(
                    "error[SCHEMA_VALIDATION_FAILED]: `Key` is missing; expected it, which `aws-sdk:s3:putObject` \
                     requires\n  at   /States/Save/Arguments\n  docs {SDK}"
                ),
                &format!(
                    "error[SCHEMA_VALIDATION_FAILED]: {unknown}\n  at   /States/Save/Arguments/ACL\n  \
                     help did you mean `Acl`?\n  docs {SDK}"
                ),
                &format!(
                    "error[SCHEMA_VALIDATION_FAILED]: `Metadata` is a list; expected an object\n  \
                     at   /States/Save/Arguments/Metadata\n  docs {SDK}"
                ),
                &format!(
                    "warning[F2008]: `StorageClass` is \"GLACIR\", which is not listed; expected one of its 15 values\n  \
                     at   /States/Save/Arguments/StorageClass\n  help did you mean `GLACIER`?\n  docs {SDK}"
                ),
            ],
        );
    }
}
