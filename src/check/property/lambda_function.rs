//! F4006 to F4008 and E3697: code, runtime and handler of a function that do not go together.

use crate::{
    check::{
        subject::{Check, Subject},
        value::Seen,
        view::{View, each_view},
    },
    diagnostic::{Diagnostic, Severity},
    rule::Rule,
};

const DOCS: Option<&str> =
    Some("https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html");

/// The most bytes of names and values of environment variables together.
const ENVIRONMENT_BYTES: usize = 4_096;

const SOUND: &str = "\
Resources:
  Worker:
    Type: AWS::Lambda::Function
    Properties:
      Role: arn:aws:iam::111122223333:role/worker
      Code: {ZipFile: \"def handle(event, context): return event\"}
      Runtime: python3.13
      Handler: index.handle";

static NEEDED: Rule = Rule {
    code: "F4006",
    severity: Severity::Error,
    title: "a function from an archive without `Runtime` or `Handler`",
    why: "\
A function whose package is an archive (`PackageType` is `Zip`, or not given) needs a runtime and
a handler; only one from an image brings its own. Lambda refuses it (\"Runtime and Handler are
mandatory parameters for functions created with deployment packages\").",
    fails: "\
Resources:
  Worker:
    Type: AWS::Lambda::Function
    Properties:
      Role: arn:aws:iam::111122223333:role/worker
      Code: {S3Bucket: code, S3Key: worker.zip}
      Runtime: python3.13",
    passes: SOUND,
    docs: DOCS,
};

static PACKAGE: Rule = Rule {
    code: "F4007",
    severity: Severity::Error,
    title: "code that is not of the package type",
    why: "\
`ImageUri` goes with `PackageType: Image` and the other forms of code with `Zip`, which is what
counts where none is given. Lambda refuses a function whose code is of the other type.",
    fails: "\
Resources:
  Worker:
    Type: AWS::Lambda::Function
    Properties:
      Role: arn:aws:iam::111122223333:role/worker
      Code: {ImageUri: \"111122223333.dkr.ecr.eu-central-1.amazonaws.com/worker:1\"}",
    passes: "\
Resources:
  Worker:
    Type: AWS::Lambda::Function
    Properties:
      PackageType: Image
      Role: arn:aws:iam::111122223333:role/worker
      Code: {ImageUri: \"111122223333.dkr.ecr.eu-central-1.amazonaws.com/worker:1\"}",
    docs: DOCS,
};

static INLINE: Rule = Rule {
    code: "F4008",
    severity: Severity::Error,
    title: "a handler that is not in the file of inline code",
    why: "\
CloudFormation puts inline code (`ZipFile`) into one file, named `index`. A handler in another
file is found by no call: each one fails with an import error.",
    fails: "\
Resources:
  Worker:
    Type: AWS::Lambda::Function
    Properties:
      Role: arn:aws:iam::111122223333:role/worker
      Code: {ZipFile: \"def handle(event, context): return event\"}
      Runtime: python3.13
      Handler: worker.handle",
    passes: SOUND,
    docs: DOCS,
};

static ENVIRONMENT: Rule = Rule {
    code: "E3697",
    severity: Severity::Error,
    title: "environment variables of more than 4,096 bytes",
    why: "\
The names and values of a function's environment variables take more than 4 KB together, so that
Lambda refuses the function.",
    fails: "Variables: {Text: # 4,096 bytes",
    passes: "Variables: {Parameter: # the name of a parameter with the text",
    docs: Some("https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&NEEDED, &PACKAGE, &INLINE, &ENVIRONMENT], run: check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    each_view(subject, &["AWS::Lambda::Function"], found, &mut |view, found| {
        package(view, found);
        environment(view, found);
    });
}

fn package(view: &View<'_, '_>, found: &mut Vec<Diagnostic>) {
    let is_image = match view.seen("PackageType") {
        Seen::Nothing => Some(false),
        _ => view.text("PackageType").map(|kind| kind == "Image"),
    };
    let Some(is_image) = is_image else { return };
    let form = ["ImageUri", "ZipFile", "S3Bucket"].into_iter().find(|form| view.is_there(&format!("Code.{form}")));
    match form {
        Some("ImageUri") if !is_image => {
            let message = "`Code` is an image, and `PackageType` is not `Image`; expected it to be";
            found.push(PACKAGE.at(view.at("Code.ImageUri"), message));
            return;
        }
        Some(form @ ("ZipFile" | "S3Bucket")) if is_image => {
            let message = format!("`PackageType` is `Image`, and `Code` has `{form}`; expected `ImageUri`");
            found.push(PACKAGE.at(view.at(&format!("Code.{form}")), message));
            return;
        }
        _ => {}
    }
    if is_image {
        return;
    }
    for name in ["Runtime", "Handler"].into_iter().filter(|name| view.is_missing(name)) {
        // Inline code without a runtime is E3678.
        if form == Some("ZipFile") && name == "Runtime" {
            continue;
        }
        let at = format!("{}/Properties", view.entry.path);
        found.push(NEEDED.at(at, format!("a function from an archive has no `{name}`; expected one")));
    }
    // A layer may have the handler, and call that of the code itself.
    if form == Some("ZipFile")
        && view.is_missing("Layers")
        && let Some(handler) = view.text("Handler").filter(|handler| !handler.starts_with("index."))
    {
        let message = format!("`Handler` is \"{handler}\", and inline code is the file `index`; expected `index.…`");
        found.push(INLINE.at(view.at("Handler"), message));
    }
}

fn environment(view: &View<'_, '_>, found: &mut Vec<Diagnostic>) {
    let Seen::Known(variables) = view.seen("Environment.Variables") else { return };
    let bytes: usize = variables
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| name.len() + value.as_str().map_or(0, str::len))
        .sum();
    if bytes > ENVIRONMENT_BYTES {
        let message = format!("the environment variables have {bytes} bytes; expected at most {ENVIRONMENT_BYTES}");
        found.push(ENVIRONMENT.at(view.at("Environment.Variables"), message));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{check::assert_finds, json::Json};

    #[test]
    fn four_kilobytes_of_environment_fit() {
        let function = |bytes: usize| {
            let variables: Json = json!({"A": "x".repeat(bytes - 1)});
            json!({"Resources": {"F": {"Type": "AWS::Lambda::Function", "Properties": {
                "PackageType": "Image", "Environment": {"Variables": variables},
            }}}})
        };
        assert_finds(check, function(4_096), &[]);
        assert_finds(
            check,
            function(4_097),
            &["error[E3697]: the environment variables have 4097 bytes; expected at most 4096\n  \
               at   Resources/F/Properties/Environment/Variables\n  \
               docs https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"],
        );
    }
}
