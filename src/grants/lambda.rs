//! Lambda functions, and code that is not in the template.

use std::panic::Location;

use super::attribute_and;
use crate::{
    asset::Asset,
    aws::lambda::{Alias, Function, Version, function::Code, layer_version::Content},
    iam::{Statement, allow},
    stack::Handle,
    value::Value,
};

impl Code {
    /// Code that lies in a folder or a file: a script, a program or a `.zip`. `synth` writes it into `assets/` beside the
    /// template, as a zip archive that is the same bytes for the same code, and `Code` is the path of that; `aws
    /// cloudformation package` uploads it. [Where a relative path begins, and what goes into the archive](crate::asset).
    ///
    /// ```
    /// use formwork::{Stack, aws::lambda::{Function, function::{Code, Runtime}}};
    /// # let folder = tempfile::tempdir()?;
    /// # let report = folder.path().join("report");
    /// # std::fs::create_dir(&report)?;
    /// # std::fs::write(report.join("index.py"), "def handler(event, context): ...")?;
    /// # let report = report.to_str().unwrap(); // "functions/report"
    ///
    /// let mut stack = Stack::new("reports");
    /// stack.add(
    ///     "Report",
    ///     Function::new(Code::asset(report), "arn:aws:iam::111122223333:role/report")
    ///         .runtime(Runtime::PYTHON_3_13)
    ///         .handler("index.handler"),
    /// );
    /// assert!(stack.template().to_yaml().contains("Code: assets/report-"));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// What cannot be read or is too large for Lambda is a diagnostic with this line. An image of a container is none of
    /// this: `package` does not build or push one for a function, whose `image_uri` names what is in ECR.
    ///
    /// <https://docs.aws.amazon.com/cli/latest/reference/cloudformation/package.html>
    #[track_caller]
    pub fn asset(asset: impl Into<Asset>) -> Value<Self> {
        asset.into().of_property("Code", Location::caller().into())
    }

    /// A function in Rust: a binary of the cargo workspace, which `synth` builds by `cargo lambda build --release` for the
    /// architecture of the function, all of the project by one call. It becomes the `bootstrap` of a zip archive, and
    /// `Code` the path of that; the runtime is `provided.al2023`.
    ///
    /// ```
    /// use formwork::{Stack, aws::lambda::{Function, function::{Architecture, Code, Runtime}}};
    ///
    /// let mut stack = Stack::new("reports");
    /// stack.add(
    ///     "Report",
    ///     Function::new(Code::cargo("report-fn"), "arn:aws:iam::111122223333:role/report")
    ///         .runtime(Runtime::PROVIDED_AL_2023)
    ///         .handler("bootstrap")
    ///         .architectures([Architecture::ARM64]),
    /// );
    /// assert!(stack.template().to_yaml().contains("Code: assets/report-fn.zip"));
    /// ```
    ///
    /// Nothing is built before `synth` writes the archive: neither by other commands nor by tests of the stack. Therefore
    /// the path has no hash; `package` sees by the archive itself whether the code has changed. `synth --host-target`
    /// builds by plain `cargo build` where this computer is of the kind that the function is for, and `run --live` always
    /// does.
    ///
    /// <https://www.cargo-lambda.info>
    #[track_caller]
    pub fn cargo(binary: &str) -> Value<Self> {
        Asset::cargo(binary).of_property("Code", Location::caller().into())
    }
}

impl Content {
    /// The content of a layer that lies in a folder or a `.zip`, as [`Code::asset`] has the code of a function. What is
    /// for Python stands in a folder `python` of it, for Node.js in `nodejs/node_modules`.
    ///
    /// <https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html>
    #[track_caller]
    pub fn asset(asset: impl Into<Asset>) -> Value<Self> {
        asset.into().of_property("Content", Location::caller().into())
    }
}

impl Handle<Function> {
    /// `lambda:InvokeFunction` of the unqualified function: what it is now.
    pub fn allow_invoke(&self) -> Statement {
        allow("lambda:InvokeFunction").on(self.arn())
    }

    /// `lambda:InvokeFunction` of every version and alias, not of the unqualified function.
    pub fn allow_invoke_qualified(&self) -> Statement {
        allow("lambda:InvokeFunction").on(attribute_and(self, "Arn", ":*"))
    }
}

impl Handle<Alias> {
    /// `lambda:InvokeFunction` by this alias.
    pub fn allow_invoke(&self) -> Statement {
        allow("lambda:InvokeFunction").on(self.reference())
    }
}

impl Handle<Version> {
    /// `lambda:InvokeFunction` of this version.
    pub fn allow_invoke(&self) -> Statement {
        allow("lambda:InvokeFunction").on(self.reference())
    }
}
