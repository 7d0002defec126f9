//! Functions in Rust: that what cargo builds is what the function is for.

use crate::{
    asset::Architecture,
    diagnostic::{Diagnostic, Path, Severity},
    json::Json,
    rule::Rule,
    stack::Stack,
    template::Template,
};

pub(super) static UNFIT_FUNCTION: Rule = Rule {
    code: "F1036",
    severity: Severity::Error,
    title: "a function that cannot run what cargo builds for it",
    why: "\
`Code::cargo` makes a program for Linux, named `bootstrap`, which only the `provided` runtimes
start. It is built before the template is deployed, for the architecture that `Architectures` says,
so that this must be known then; and one binary is built for one architecture.",
    fails: r#"
Function::new(Code::cargo("report-fn"), role.arn()).runtime(Runtime::PYTHON_3_13).handler("index.handler")"#,
    passes: r#"
Function::new(Code::cargo("report-fn"), role.arn()).runtime(Runtime::PROVIDED_AL_2023).handler("bootstrap")"#,
    docs: Some("https://docs.aws.amazon.com/lambda/latest/dg/lambda-rust.html"),
};

/// Looks at each resource whose code cargo builds.
pub(super) fn unfit_functions(stack: &Stack, template: &Template) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut built: Vec<(&str, Architecture)> = Vec::new();
    for (path, binary, properties) in rust_functions(stack, template) {
        if let Some(runtime) = properties["Runtime"].as_str().filter(|runtime| !runtime.starts_with("provided")) {
            let message = format!("`Runtime` is `{runtime}`, and the code is a program; expected `provided.al2023`");
            found.push(UNFIT_FUNCTION.at(path.join("Runtime"), message));
        }
        let Some(architecture) = Architecture::of(properties) else {
            let message = "the architecture is not known before the deployment, and cargo builds for one; expected \
                           `x86_64` or `arm64`";
            found.push(UNFIT_FUNCTION.at(path.join("Architectures"), message));
            continue;
        };
        match built.iter().find(|(other, _)| *other == binary) {
            Some((_, other)) if *other != architecture => {
                let message = format!(
                    "`{binary}` is built for {} here and for {} by another function; expected one architecture",
                    architecture.name(),
                    other.name()
                );
                found.push(UNFIT_FUNCTION.at(path.join("Architectures"), message));
            }
            Some(_) => {}
            None => built.push((binary, architecture)),
        }
    }
    found
}

/// The resources whose code cargo builds: the path of their properties, the binary, and what the properties are.
pub(crate) fn rust_functions<'a>(
    stack: &'a Stack,
    template: &'a Template,
) -> impl Iterator<Item = (&'a Path, &'a str, &'a Json)> {
    stack.artifacts().iter().filter_map(|(path, artifact)| {
        let properties = path.segments().fold(template.as_json(), |json, segment| &json[&*segment]);
        Some((path, artifact.binary()?, properties))
    })
}

#[cfg(test)]
mod tests {
    use crate::{
        aws::lambda::{
            Function,
            function::{Architecture, Code, Runtime},
        },
        intrinsic::region,
        stack::Stack,
    };

    #[test]
    fn what_cargo_builds_fits_its_function() {
        let mut stack = Stack::new("reports");
        let function = || Function::new(Code::cargo("report-fn"), "arn:aws:iam::111122223333:role/report");
        let provided = || function().runtime(Runtime::PROVIDED_AL_2023).handler("bootstrap");
        stack.add("A", provided());
        stack.add("B", provided().architectures([Architecture::X86_64]));
        stack.assert_clean();
        stack.add("C", provided().architectures([Architecture::ARM64]));
        stack.add("D", function().runtime(Runtime::PYTHON_3_13).handler("index.handler"));
        stack.add("E", provided().architectures([region().cast()]));
        let found: Vec<_> =
            stack.diagnostics().iter().map(|it| format!("{}: {}: {}", it.code, it.path, it.message)).collect();
        assert_eq!(
            found,
            [
                "F1036: Resources/C/Properties/Architectures: `report-fn` is built for arm64 here and for x86_64 by \
                 another function; expected one architecture",
                "F1036: Resources/D/Properties/Runtime: `Runtime` is `python3.13`, and the code is a program; expected \
                 `provided.al2023`",
                "F1036: Resources/E/Properties/Architectures: the architecture is not known before the deployment, and \
                 cargo builds for one; expected `x86_64` or `arm64`",
            ]
        );
    }
}
