//! The setters of states that may fail, written once: `Retry` and `Catch`.

/// `Retry` and `Catch`.
macro_rules! error_handling {
    ($language:ty) => {
        /// `Retry`: appends a retrier. The first one that names the error counts.
        pub fn retry(mut self, retrier: $crate::asl::build::Retry) -> Self {
            self.body.push("Retry", retrier.into_json());
            self
        }

        /// `Catch`: appends a catcher that goes to `next` on one of the errors (`"States.ALL"` for all).
        pub fn catch(self, errors: impl $crate::asl::build::ErrorNames, next: impl Into<String>) -> Self {
            self.catcher($crate::asl::build::Catch::<$language>::new(errors, next))
        }

        /// `Catch`: appends a catcher with more to it than a target.
        pub fn catcher(mut self, catcher: $crate::asl::build::Catch<$language>) -> Self {
            let position = self.body.fields.get("Catch").and_then(|list| list.as_array()).map_or(0, Vec::len);
            let catcher = self.body.take($crate::diagnostic::Path::from("/Catch").join(position), catcher.body);
            self.body.push("Catch", catcher);
            self
        }
    };
}

pub(super) use error_handling;
