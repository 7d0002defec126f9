//! F1013: a null, which CloudFormation refuses wherever it stands.

use crate::{diagnostic::Diagnostic, json::walk, template::Template};

pub(in crate::check) fn check(template: &Template, found: &mut Vec<Diagnostic>) {
    for (section, entries) in template.as_json().as_object().into_iter().flatten() {
        walk(entries, &mut section.clone(), &mut |json, path| {
            if json.is_null() {
                let message = "the value is null; expected one, since CloudFormation takes no null in a template";
                found.push(
                    Diagnostic::error("F1013", path, message)
                        .help("leave it out; a number that is not finite is null too")
                        .docs("https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html"),
                );
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{check::assert_finds, stack::RawResource, stack::Stack};

    const DOCS: &str = "docs https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html";

    #[test]
    fn a_null_is_refused_wherever_it_stands() {
        let fault = |path: &str| {
            format!(
                "error[F1013]: the value is null; expected one, since CloudFormation takes no null in a template\n  \
                 at   {path}\n  help leave it out; a number that is not finite is null too\n  {DOCS}"
            )
        };
        assert_finds(
            check,
            json!({
                "Parameters": {"P": {"Type": "Number", "Default": null}},
                "Resources": {"R": {"Type": "X::Y::Z", "Properties": {"A": "null", "B": [{"C": null}]}}},
            }),
            &[&fault("Parameters/P/Default"), &fault("Resources/R/Properties/B/0/C")],
        );
    }

    #[test]
    fn a_number_that_json_cannot_hold_is_told_with_the_rust_line() {
        let mut stack = Stack::new("numbers");
        let line = line!() + 1;
        stack.add("R", RawResource::new("X::Y::Z").property("Rate", f64::NAN));
        let found = stack.diagnostics();
        let [fault] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!((fault.code, fault.path.as_str()), ("F1013", "Resources/R/Properties/Rate"));
        assert_eq!(fault.declared_at.as_ref().unwrap().line, line);
    }
}
