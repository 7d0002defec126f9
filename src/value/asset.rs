//! Values that name files beside the template.

use std::{panic::Location, sync::Arc};

use super::{Intrinsic, Value, intrinsic::Notes};
use crate::{
    asset::Asset,
    diagnostic::{Diagnostic, Source},
};

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
