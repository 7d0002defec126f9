//! F2001 and F2002: a `${Token}` without a substitution, a substitution that nothing uses.

use std::collections::HashSet;

use crate::{
    asl::definition::tokens_of,
    diagnostic::{Diagnostic, Names},
    json::{Json, Pointer, walk},
};

const DOCS: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-stepfunctions-statemachine.html";

/// The help for a token without a value; a module that writes definitions in another way than as text says how it is
/// done there.
pub(crate) const GIVE_IT_A_VALUE: &str = "give it a value in `DefinitionSubstitutions`";

pub(super) fn check(definition: &Json, tokens: &[&str]) -> Vec<Diagnostic> {
    let known: HashSet<&str> = tokens.iter().copied().collect();
    let near: Names<'_> = tokens.iter().copied().collect();
    let mut used = HashSet::new();
    let mut found = Vec::new();
    walk(definition, &Pointer::START, &mut |json, at| {
        for token in json.as_str().into_iter().flat_map(tokens_of) {
            used.insert(token.to_owned());
            if !known.contains(token) {
                let message = format!("`${{{token}}}` has no substitution; expected one of that name");
                let fault = Diagnostic::error("F2001", at.to_string(), message).docs(DOCS);
                found.push(match token.strip_prefix("AWS::") {
                    // That is `Fn::Sub`, which does not reach into a definition.
                    Some(name) => fault.help(format!("write `${{{name}}}`, and {GIVE_IT_A_VALUE}")),
                    None => fault.propose(near.nearest(token)),
                });
            }
        }
    });
    for token in tokens.iter().filter(|token| !used.contains(**token)) {
        let message = format!("nothing uses the substitution `{token}`; expected `${{{token}}}` in the definition");
        found.push(Diagnostic::warning("F2002", "/", message).docs(DOCS));
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::asl::validate::substitutions;

    fn found(tokens: &[&str]) -> Vec<String> {
        let definition = json!({"States": {"A": {"Resource": "${TopicArn}", "Comment": "costs ${ } and ${a.b}"}}});
        substitutions(&definition, tokens.iter().copied()).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn tokens_and_substitutions_match() {
        assert_eq!(found(&["TopicArn"]), [""; 0]);
        assert_eq!(
            found(&["TopicArm"]),
            [
                "warning[F2002]: nothing uses the substitution `TopicArm`; expected `${TopicArm}` in the definition\n  \
                 at   /\n  \
                 docs https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-stepfunctions-statemachine.html",
                "error[F2001]: `${TopicArn}` has no substitution; expected one of that name\n  \
                 at   /States/A/Resource\n  \
                 help did you mean `TopicArm`?\n  \
                 docs https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-stepfunctions-statemachine.html",
            ]
        );
    }

    #[test]
    fn a_pseudo_parameter_is_no_token() {
        let json = json!({"States": {"A": {"Resource": "arn:${AWS::Partition}:states:::sns:publish"}}});
        let [fault] = &substitutions(&json, [])[..] else { panic!("one fault") };
        assert_eq!(fault.message, "`${AWS::Partition}` has no substitution; expected one of that name");
        assert_eq!(
            fault.help.as_deref(),
            Some("write `${Partition}`, and give it a value in `DefinitionSubstitutions`")
        );
    }
}
