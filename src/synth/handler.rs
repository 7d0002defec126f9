//! Handlers of functions whose code is an asset: that they are in a file of it.

use crate::{
    diagnostic::{Diagnostic, Severity},
    rule::Rule,
    stack::Stack,
    template::Template,
};

pub(super) static MISSING_HANDLER: Rule = Rule {
    code: "F1037",
    severity: Severity::Error,
    title: "a handler that is in no file of its asset",
    why: "\
The part of `Handler` before the last dot is a module: for Python a file `.py` or a package, for
Node.js a file `.js`, `.mjs` or `.cjs`. The folder or archive has none of that name, so that each
call of the function fails with an import error. A function with layers is not judged: one of them
may have the handler.",
    fails: r#"
// functions/report/index.py
Function::new(Code::asset("functions/report"), role.arn()).runtime(Runtime::PYTHON_3_13).handler("report.handler")"#,
    passes: r#"
Function::new(Code::asset("functions/report"), role.arn()).runtime(Runtime::PYTHON_3_13).handler("index.handler")"#,
    docs: Some("https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html"),
};

/// Looks at each function whose code is an asset.
pub(super) fn missing_handlers(stack: &Stack, template: &Template) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (path, artifact) in stack.artifacts() {
        let resource = path.parent().unwrap_or_default();
        let resource = resource.segments().fold(template.as_json(), |json, segment| &json[&*segment]);
        let properties = &resource["Properties"];
        let is_function = resource["Type"] == "AWS::Lambda::Function" && properties["Code"] == *artifact.file;
        let texts = ["Runtime", "Handler"].map(|name| properties[name].as_str());
        let ([Some(runtime), Some(handler)], true) = (texts, is_function && properties["Layers"].is_null()) else {
            continue;
        };
        let Some((module, files)) = handler.rsplit_once('.').zip(artifact.names()).map(|((it, _), names)| (it, names))
        else {
            continue;
        };
        let module = module.replace('.', "/");
        let candidates = match runtime {
            _ if runtime.starts_with("python3") => vec![format!("{module}.py"), format!("{module}/__init__.py")],
            _ if runtime.starts_with("nodejs") => ["js", "mjs", "cjs"].map(|it| format!("{module}.{it}")).to_vec(),
            _ => continue,
        };
        // What is compiled may stand for its source.
        let stem = format!("{module}.");
        let is_there = |file: &String| candidates.contains(file) || file.starts_with(&stem) && file.ends_with(".so");
        if !files.iter().any(is_there) {
            let message =
                format!("`Handler` is `{handler}`, and the code has no file `{}`; expected it", candidates[0]);
            let runs = |file: &&str| candidates.iter().any(|it| it.rsplit('.').next() == file.rsplit('.').next());
            let near = files.iter().map(String::as_str).filter(runs);
            found.push(MISSING_HANDLER.at(path.join("Handler"), message).did_you_mean(&candidates[0], near));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use std::fs;

    use crate::{
        aws::lambda::{
            Function,
            function::{Code, Runtime},
        },
        stack::Stack,
    };

    /// The faults of a function of that runtime and handler, whose code has these files.
    fn faults(runtime: Runtime, handler: &str, files: &[&str]) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let file = folder.path().join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, "").unwrap();
        }
        let mut stack = Stack::new("reports");
        let function = Function::new(Code::asset(folder.path()), "arn:aws:iam::111122223333:role/report");
        stack.add("Report", function.runtime(runtime).handler(handler));
        stack.diagnostics().iter().map(|it| format!("{}: {} {:?}", it.code, it.message, it.help)).collect()
    }

    #[test]
    fn a_handler_is_in_a_file_of_the_code() {
        let none: [String; 0] = [];
        assert_eq!(faults(Runtime::PYTHON_3_13, "index.handler", &["index.py"]), none);
        assert_eq!(faults(Runtime::PYTHON_3_13, "app.report.handler", &["app/report.py"]), none);
        assert_eq!(faults(Runtime::PYTHON_3_13, "app.handler", &["app/__init__.py"]), none);
        assert_eq!(faults(Runtime::PYTHON_3_13, "fast.handler", &["fast.cpython-313-x86_64-linux-gnu.so"]), none);
        assert_eq!(faults(Runtime::NODEJS_22_X, "src/index.handler", &["src/index.mjs"]), none);
        assert_eq!(
            faults(Runtime::PYTHON_3_13, "indx.handler", &["index.py"]),
            [
                "F1037: `Handler` is `indx.handler`, and the code has no file `indx.py`; expected it Some(\"did you mean `index.py`?\")"
            ]
        );
        assert_eq!(
            faults(Runtime::NODEJS_22_X, "index.handler", &["index.ts"]),
            ["F1037: `Handler` is `index.handler`, and the code has no file `index.js`; expected it None"]
        );
    }
}
