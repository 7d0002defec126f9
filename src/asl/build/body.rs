//! A state while it is being written: its fields in order, and what it needs of the workflow around it.

use serde::Serialize;
use serde_json::{Map as Object, json};

use super::{
    Argument, QueryLanguage,
    token::{self, Tokens},
};
use crate::{
    diagnostic::{Acknowledgement, Declarations, Diagnostic, Path, Source},
    iam::Statement,
    json::Json,
    stack::Handle,
    value::{IntoValue, Intrinsic, Value},
};

/// The fields of a state, or of a part of one.
#[derive(Clone, Debug, Default)]
pub struct Body {
    pub(super) fields: Object<String, Json>,
    pub(super) needs: Needs,
}

/// The needs of a state: what the workflow that it stands in must have for it.
#[derive(Clone, Debug, Default)]
pub(super) struct Needs {
    /// The grants for what the integration itself is known to do.
    pub grants: Vec<Statement>,
    /// The statements that the role needs, as the user says.
    pub statements: Vec<Statement>,
    /// The values that CloudFormation puts in place of `${Token}`s.
    pub tokens: Tokens,
    /// The lines where the states inside were declared.
    pub declared: Declarations,
    /// The faults that cannot be seen in the JSON.
    pub problems: Vec<Diagnostic>,
    /// The faults that are to stay.
    pub acknowledgements: Vec<Acknowledgement>,
    /// The JSON Schemas of what tasks call returns.
    pub returns: Vec<(Path, Json)>,
    /// The values that refer to something of a stack, by the state that they stand in.
    pub uses: Vec<(Path, Intrinsic)>,
}

impl Needs {
    /// Takes what a part at `path` needs. Returns the tokens to rename in the part.
    pub fn absorb(&mut self, path: &Path, part: Needs) -> token::Renames {
        self.grants.extend(part.grants);
        self.statements.extend(part.statements);
        self.declared.extend_within(path, &part.declared);
        self.problems.extend(part.problems.into_iter().map(|problem| problem.within(path)));
        self.acknowledgements.extend(part.acknowledgements.iter().map(|one| one.within(path)));
        self.returns.extend(part.returns.into_iter().map(|(inner, schema)| (inner.within(path), schema)));
        self.uses.extend(part.uses.into_iter().map(|(inner, value)| (inner.within(path), value)));
        self.tokens.absorb(part.tokens)
    }
}

impl Body {
    /// The fields of a state of type `kind`.
    pub(super) fn of_type(kind: &str) -> Self {
        let mut body = Self::default();
        body.set("Type", kind);
        body
    }

    /// Adds a fault that is to stay.
    pub(super) fn acknowledge(&mut self, code: String, reason: String, given_at: Source) {
        let state = Path::from("/");
        let (of, at) = (state.clone(), state);
        self.needs.acknowledgements.push(Acknowledgement { code, reason, of, at, given_at: Some(given_at) });
    }

    /// Sets a field.
    pub(super) fn set(&mut self, field: &str, value: impl Serialize) {
        let value = self.resolve(field, Intrinsic::capture(&value));
        self.fields.insert(field.to_owned(), value);
    }

    /// Appends to a field that is a list.
    pub(super) fn push(&mut self, field: &str, value: Json) {
        match self.fields.get_mut(field).and_then(Json::as_array_mut) {
            Some(list) => list.push(value),
            None => self.set(field, [value]),
        }
    }

    /// Sets a member of a field that is an object. A member of the same name is replaced, with or without `.$`.
    pub(super) fn member<L>(&mut self, field: &str, name: &str, value: impl Argument<L>) {
        let (key, value) = value.member(name);
        let value = self.resolve(name, value);
        if !self.fields.get(field).is_some_and(Json::is_object) {
            self.fields.insert(field.to_owned(), json!({}));
        }
        let object =
            self.fields.get_mut(field).and_then(Json::as_object_mut).expect("the field was just made an object");
        let rival = match key.strip_suffix(".$") {
            Some(plain) => plain.to_owned(),
            None => format!("{key}.$"),
        };
        object.shift_remove(&rival);
        object.insert(key, value);
    }

    /// Sets an argument of the integration: a member of `Arguments` or `Parameters`.
    pub(super) fn argument<L: QueryLanguage>(&mut self, name: &str, value: impl Argument<L>) {
        self.member(L::ARGUMENTS, name, value);
    }

    /// Sets an argument to the whole input of the state.
    pub(super) fn argument_from_input<L: QueryLanguage>(&mut self, name: &str) {
        self.argument::<L>(&format!("{name}{}", L::SUFFIX), L::INPUT);
    }

    /// An argument that is known now: text that is neither an expression nor a token.
    pub(super) fn known_argument<L: QueryLanguage>(&self, name: &str) -> Option<&str> {
        let text = self.fields.get(L::ARGUMENTS)?.get(name)?.as_str()?;
        (!text.starts_with("{%") && !text.contains("${")).then_some(text)
    }

    /// Sets a field to a part that is written by itself.
    pub(super) fn nest(&mut self, field: &str, part: Body) {
        let value = self.take(Path::from("/").join(field), part);
        self.fields.insert(field.to_owned(), value);
    }

    /// Takes what a part needs, and gives its JSON.
    pub(super) fn take(&mut self, path: impl Into<Path>, part: Body) -> Json {
        let renames = self.needs.absorb(&path.into(), part.needs);
        renames.apply(Json::Object(part.fields))
    }

    /// A string for a value of the resource `logical_id`: itself, or the token in whose place CloudFormation puts it.
    pub(super) fn token<R>(&mut self, of: &Handle<R>, attribute: &str, value: impl IntoValue<String>) -> String {
        match value.into_value() {
            Value::Literal(text) => text,
            Value::Intrinsic(intrinsic) => {
                self.uses(&intrinsic);
                self.needs.tokens.reserve(token::name(of.logical_id(), attribute), intrinsic)
            }
        }
    }

    /// The JSON of a value, with tokens for the intrinsics inside it.
    fn resolve(&mut self, key: &str, value: Intrinsic) -> Json {
        self.uses(&value);
        let (json, references, loose) = value.into_parts();
        match json {
            Ok(json) => self.needs.tokens.replace(json, key, &references, &loose),
            Err(why) => {
                self.needs.problems.push(Diagnostic::error("F1004", Path::from("/").join(key), why));
                Json::Null
            }
        }
    }

    /// Remembers that the state refers to what the value does.
    fn uses(&mut self, value: &Intrinsic) {
        if !value.references().is_empty() || !value.loose().is_empty() {
            self.needs.uses.push((Path::from("/"), value.clone()));
        }
    }
}
