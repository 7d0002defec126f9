//! The spelling of an argument: as the AWS SDK for Java would call it, but with a capital.

use std::borrow::Cow;

/// The words that Java has for itself, as far as a model has a member of that name, in whatever case; `Value` is put
/// behind them.
const KEYWORDS: [&str; 13] = [
    "boolean",
    "default",
    "double",
    "else",
    "enum",
    "float",
    "int",
    "interface",
    "long",
    "package",
    "public",
    "return",
    "static",
];

/// The names of methods that every such class has already.
const METHODS: [&str; 3] = ["equals", "notify", "overrideConfiguration"];

/// The name of an argument: of the capitals that it begins with, all are small but the first and the one that begins
/// a word: `ACL` is `Acl`, `SSECustomerKeyMD5` is `SseCustomerKeyMD5`, `restApiId` is `RestApiId`.
pub(super) fn argument(name: &'static str) -> Cow<'static, str> {
    // What DynamoDB calls `NULL` goes by a name of its own in Java.
    if name == "NULL" {
        return Cow::Borrowed("Nul");
    }
    let capitals = name.bytes().take_while(u8::is_ascii_uppercase).count();
    let begins_word = name.as_bytes().get(capitals).is_some_and(u8::is_ascii_lowercase);
    let small = if begins_word { capitals.saturating_sub(1) } else { capitals };
    let is_taken = KEYWORDS.iter().any(|word| word.eq_ignore_ascii_case(name)) || METHODS.contains(&name);
    if capitals > 0 && small <= 1 && !is_taken {
        return Cow::Borrowed(name);
    }
    let letters = name.char_indices().map(|(at, letter)| match at {
        0 => letter.to_ascii_uppercase(),
        _ if at < small => letter.to_ascii_lowercase(),
        _ => letter,
    });
    let mut spelled: String = letters.collect();
    if is_taken {
        spelled.push_str("Value");
    }
    Cow::Owned(spelled)
}

#[cfg(test)]
mod tests {
    use super::argument;

    #[test]
    fn an_argument_is_spelled_as_was_measured() {
        for (name, spelled) in [
            ("ACL", "Acl"),
            ("SSEKMSKeyId", "SsekmsKeyId"),
            ("SSECustomerKeyMD5", "SseCustomerKeyMD5"),
            ("DBInstanceIdentifier", "DbInstanceIdentifier"),
            ("CACertificateIdentifier", "CaCertificateIdentifier"),
            ("MultiAZ", "MultiAZ"),
            ("QueueOwnerAWSAccountId", "QueueOwnerAWSAccountId"),
            ("restApiId", "RestApiId"),
            ("BOOL", "Bool"),
            ("SS", "Ss"),
            ("S", "S"),
            ("Bucket", "Bucket"),
            ("IPv6", "IPv6"),
            ("equals", "EqualsValue"),
            ("Default", "DefaultValue"),
            ("ec2Tag", "Ec2Tag"),
        ] {
            assert_eq!(argument(name), spelled);
        }
    }
}
