//! Values that name files beside the template.

use std::{cell::RefCell, collections::VecDeque, panic::Location, sync::Arc};

use super::{Intrinsic, Value, intrinsic::Notes};
use crate::{
    asset::Asset,
    diagnostic::{Diagnostic, Source},
    json::{Json, Pointer, walk},
};

/// Files that are remembered: more than the JSON of one stack names before the stack takes it.
const REMEMBERED: usize = 256;

thread_local! {
    /// The notes of paths that were written into JSON, where nothing but the text is left of them.
    static STRAYS: RefCell<VecDeque<Arc<Notes>>> = const { RefCell::new(VecDeque::new()) };
}

/// Remembers the files that a value names, which is serialized on its own, as by `json!`.
pub(super) fn stray(notes: &[Arc<Notes>]) {
    for note in notes.iter().filter(|note| !note.artifacts.is_empty()) {
        STRAYS.with_borrow_mut(|strays| {
            strays.retain(|other| !names_same(other, note));
            if strays.len() == REMEMBERED {
                strays.pop_front();
            }
            strays.push_back(Arc::clone(note));
        });
    }
}

/// The notes of the files that are named in JSON, but for those that are known.
pub(super) fn strays_in(json: &Json, known: &[Arc<Notes>]) -> Vec<Arc<Notes>> {
    STRAYS.with_borrow(|strays| {
        let mut found: Vec<Arc<Notes>> = Vec::new();
        if !strays.is_empty() {
            walk(json, &Pointer::START, &mut |value, _| {
                let Some(text) = value.as_str() else { return };
                let is_named = |note: &&Arc<Notes>| note.artifacts.iter().any(|artifact| artifact.file == text);
                let new = strays
                    .iter()
                    .find(is_named)
                    .filter(|new| !known.iter().chain(&found).any(|other| names_same(other, new)));
                found.extend(new.cloned());
            });
        }
        found
    })
}

/// Whether both are about one file.
fn names_same(one: &Notes, other: &Notes) -> bool {
    one.artifacts.iter().any(|file| other.artifacts.iter().any(|it| it.file == file.file))
}

impl Asset {
    /// The path of the file, for a property of any type that [`aws cloudformation package`] uploads: it puts what the
    /// property takes in its place.
    ///
    /// ```
    /// use formwork::{asset::Asset, aws::apigateway::RestApi};
    /// let api = RestApi::new().body_s3_location(Asset::file("openapi.yaml").value());
    /// ```
    ///
    /// [`aws cloudformation package`]: https://docs.aws.amazon.com/cli/latest/reference/cloudformation/package.html
    #[track_caller]
    pub fn value<T>(self) -> Value<T> {
        self.of_property("", Location::caller().into())
    }

    /// The same for a property of that name, which a line has.
    pub(crate) fn of_property<T>(&self, property: &str, source: Source) -> Value<T> {
        let (artifact, problems) = self.artifact();
        let path = Intrinsic::capture(&artifact.file);
        let problem = |problem| {
            Diagnostic::error("F1035", property, problem)
                .declared_at(source.clone())
                .docs("https://docs.aws.amazon.com/cli/latest/reference/cloudformation/package.html")
        };
        let mut notes = Notes { problems: problems.into_iter().map(problem).collect(), ..Notes::default() };
        if !property.is_empty() {
            notes.declared.insert(property, source.clone());
        }
        notes.artifacts.push(Arc::new(artifact));
        Value::Intrinsic(path.noting(notes))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::stack::{RawResource, Stack};

    #[test]
    fn a_file_that_json_names_is_that_of_the_stack() {
        let folder = tempfile::tempdir().unwrap();
        let script = folder.path().join("job.py");
        std::fs::write(&script, "print('beans')\n").unwrap();
        let command = json!({"Name": "glueetl", "ScriptLocation": Asset::file(script.as_path()).value::<String>()});
        let mut other = Stack::new("other");
        other.add("Job", RawResource::new("AWS::Glue::Job").property("Command", json!({"Name": "glueetl"})));
        assert!(other.artifacts().is_empty());
        let mut stack = Stack::new("jobs");
        stack.add("Job", RawResource::new("AWS::Glue::Job").property("Command", command));
        let [(path, artifact)] = stack.artifacts() else { panic!("{:?}", stack.artifacts()) };
        assert_eq!(
            (path.as_str(), artifact.file.as_str()),
            ("Resources/Job/Properties", "assets/job-7433d70d242e5578.py")
        );
    }
}
