//! The setters that several states share, written once. Each macro stands inside an `impl` block of a type with a
//! `body`.

/// `Comment`.
macro_rules! comment {
    () => {
        /// `Comment`: a note for people; Step Functions ignores it.
        pub fn comment(mut self, text: impl Into<String>) -> Self {
            self.body.set("Comment", text.into());
            self
        }
    };
}

/// Faults that stay.
macro_rules! acknowledge {
    () => {
        /// Says why a fault that a check finds in this state may stay: of this code, in the state or below, it is not
        /// reported. The definition has nothing of it. One that is not found in a stack, and one without a reason, is a
        /// warning.
        #[track_caller]
        pub fn acknowledge(mut self, code: impl Into<String>, reason: impl Into<String>) -> Self {
            self.body.acknowledge(code.into(), reason.into(), std::panic::Location::caller().into());
            self
        }
    };
}

/// `Next` and `End`, which finish a state.
macro_rules! transition {
    ($language:ty) => {
        /// `Next`: the state that follows. Finishes the state.
        pub fn next(mut self, state: impl Into<String>) -> $crate::asl::build::State<$language> {
            self.body.set("Next", state.into());
            $crate::asl::build::State::new(self.body)
        }

        /// `End`: the workflow, or the branch, ends here. Finishes the state.
        pub fn end(mut self) -> $crate::asl::build::State<$language> {
            self.body.set("End", true);
            $crate::asl::build::State::new(self.body)
        }
    };
}

/// `Assign`.
macro_rules! assign {
    ($language:ty) => {
        /// `Assign`: sets a workflow variable when the state is done. Later states read it as `$name`.
        ///
        /// <https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html>
        pub fn assign(mut self, variable: &str, value: impl $crate::asl::build::Argument<$language>) -> Self {
            self.body.member("Assign", variable, value);
            self
        }
    };
}

/// `Output` of JSONata.
macro_rules! output {
    () => {
        /// `Output`: what the state passes on, in place of its result: JSON with expressions, or one expression.
        pub fn output(mut self, value: impl serde::Serialize) -> Self {
            self.body.set("Output", value);
            self
        }
    };
}

/// `InputPath` and `OutputPath` of JSONPath.
macro_rules! input_and_output_path {
    () => {
        /// `InputPath`: the part of the input that the state sees; `None` for an empty object. AWS's default is `$`.
        pub fn input_path<'a>(mut self, path: impl Into<Option<&'a str>>) -> Self {
            self.body.set("InputPath", path.into());
            self
        }

        /// `OutputPath`: the part of the output that is passed on; `None` for an empty object. AWS's default is `$`.
        pub fn output_path<'a>(mut self, path: impl Into<Option<&'a str>>) -> Self {
            self.body.set("OutputPath", path.into());
            self
        }
    };
}

/// `ResultPath` of JSONPath.
macro_rules! result_path {
    () => {
        /// `ResultPath`: where in the input the result is put; `None` drops the result. AWS's default is `$`.
        pub fn result_path<'a>(mut self, path: impl Into<Option<&'a str>>) -> Self {
            self.body.set("ResultPath", path.into());
            self
        }
    };
}

/// `Parameters` of JSONPath.
macro_rules! parameters {
    () => {
        /// `Parameters`: what takes the place of the input; keys that end with `.$` hold paths.
        pub fn parameters(mut self, value: impl serde::Serialize) -> Self {
            self.body.set("Parameters", value);
            self
        }
    };
}

/// One member of `Parameters`.
macro_rules! parameter {
    () => {
        /// Sets one member of `Parameters`; [`path`](crate::asl::jsonpath::path) makes it one that is read at run time.
        pub fn parameter(
            mut self,
            name: &str,
            value: impl $crate::asl::build::Argument<$crate::asl::build::JsonPath>,
        ) -> Self {
            self.body.member("Parameters", name, value);
            self
        }
    };
}

/// `ResultSelector` of JSONPath.
macro_rules! result_selector {
    () => {
        /// `ResultSelector`: what is kept of the raw result, before `ResultPath`; keys that end with `.$` hold paths.
        pub fn result_selector(mut self, value: impl serde::Serialize) -> Self {
            self.body.set("ResultSelector", value);
            self
        }
    };
}

/// `Arguments` of JSONata.
macro_rules! arguments {
    () => {
        /// `Arguments`: what the state works on: JSON with expressions, or one expression.
        pub fn arguments(mut self, value: impl serde::Serialize) -> Self {
            self.body.set("Arguments", value);
            self
        }
    };
}

/// One member of `Arguments`.
macro_rules! argument {
    () => {
        /// Sets one member of `Arguments`.
        pub fn argument(
            mut self,
            name: &str,
            value: impl $crate::asl::build::Argument<$crate::asl::build::Jsonata>,
        ) -> Self {
            self.body.member("Arguments", name, value);
            self
        }
    };
}

/// A setter for each argument of an integration: `name => "Name", "what it is";`.
macro_rules! integration_arguments {
    ($($method:ident => $name:literal, $doc:literal;)*) => {
        $(
            #[doc = concat!("`", $name, "`: ", $doc)]
            pub fn $method(mut self, value: impl $crate::asl::build::Argument<L>) -> Self {
                self.body.argument::<L>($name, value);
                self
            }
        )*
    };
}

/// A setter for each field that takes an integer: `name => "Name", "what it is";`.
macro_rules! integers {
    ($($method:ident => $name:literal, $doc:literal;)*) => {
        $(
            #[doc = concat!("`", $name, "`: ", $doc)]
            pub fn $method(mut self, value: impl $crate::asl::build::Integer<L>) -> Self {
                self.body.set($name, value.json());
                self
            }
        )*
    };
}

/// A setter for each field that takes text: `name => "Name", "what it is";`.
macro_rules! texts {
    ($($method:ident => $name:literal, $doc:literal;)*) => {
        $(
            #[doc = concat!("`", $name, "`: ", $doc)]
            pub fn $method(mut self, value: impl Into<String>) -> Self {
                self.body.set($name, value.into());
                self
            }
        )*
    };
}

pub(super) use {
    acknowledge, argument, arguments, assign, comment, input_and_output_path, integers, integration_arguments, output,
    parameter, parameters, result_path, result_selector, texts, transition,
};
