//! F2004: a definition is larger than Step Functions takes.

use crate::{asl::definition::Definition, diagnostic::Diagnostic};

/// The most that `CreateStateMachine` takes, in bytes.
const LIMIT: usize = 1_048_576;

pub(super) fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    let bytes = definition.bytes;
    if bytes > LIMIT {
        let message = format!("the definition has {bytes} bytes; expected at most {LIMIT}");
        found.push(
            Diagnostic::error("F2004", "/", message)
                .help("move a part into a state machine of its own, and start that from here")
                .docs("https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html"),
        );
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::asl::validate::assert_finds;

    #[test]
    fn a_definition_of_a_mebibyte_fits_and_one_byte_more_does_not() {
        assert_finds(check, json!({"Comment": "x".repeat(LIMIT - 14)}), &[]);
        assert_finds(
            check,
            json!({"Comment": "x".repeat(LIMIT - 13)}),
            &["error[F2004]: the definition has 1048577 bytes; expected at most 1048576\n  \
               at   /\n  \
               help move a part into a state machine of its own, and start that from here\n  \
               docs https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html"],
        );
    }
}
