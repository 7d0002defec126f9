//! `${Token}`s: the places of a definition that CloudFormation fills from `DefinitionSubstitutions`.

/// The names in `${…}`: letters, digits and underscores, as CloudFormation takes them, and pseudo parameters, which
/// it does not.
pub(crate) fn tokens_of(text: &str) -> impl Iterator<Item = &str> {
    let is_name =
        |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    text.split("${")
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(token, _)| token)
        .filter(move |token| is_name(token.strip_prefix("AWS::").unwrap_or(token)))
}
