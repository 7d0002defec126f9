//! AWS's names as Rust names.

/// `DBClusterArn` → `db_cluster_arn`, `SecurityGroupIDs` → `security_group_ids`, `P256K1` → `p256k1`.
pub fn snake(name: &str) -> String {
    words(name).iter().map(|word| word.to_lowercase()).collect::<Vec<_>>().join("_")
}

/// A field or module: snake case, raw where that is a keyword.
pub fn ident(name: &str) -> String {
    let snake = snake(name);
    match snake.as_str() {
        "type" | "macro" | "match" | "enum" | "struct" | "mod" | "use" | "where" | "async" | "await" | "static"
        | "ref" | "in" | "for" | "if" | "else" | "move" | "box" | "final" | "override" | "priv" | "virtual"
        | "yield" | "try" | "abstract" | "become" | "do" | "typeof" | "unsized" | "let" | "loop" | "while" | "pub"
        | "return" | "fn" | "const" | "continue" | "break" | "as" | "dyn" | "extern" | "impl" | "trait" | "true"
        | "false" | "unsafe" | "gen" | "mut" => format!("r#{snake}"),
        _ => snake,
    }
}

/// A field, which has a setter of its name: one that every struct has is left to that.
pub fn field_ident(name: &str) -> String {
    match snake(name).as_str() {
        taken @ ("new" | "property" | "extra") => format!("{taken}_"),
        _ => ident(name),
    }
}

/// Whether a type's name is a single word, such as `Type`.
pub fn is_one_word(name: &str) -> bool {
    words(name).len() == 1
}

/// A type: AWS's own spelling, with a capital first and nothing but letters and digits.
pub fn pascal(name: &str) -> String {
    name.split(|c: char| !c.is_ascii_alphanumeric()).map(capitalized).collect()
}

fn capitalized(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// `Architectures` → `Architecture`, `Policies` → `Policy`, `AssetList` → `Asset`.
pub fn singular(name: &str) -> String {
    if let Some(stem) = name.strip_suffix("List").filter(|stem| !stem.is_empty()) {
        return stem.to_owned();
    }
    if let Some(stem) = name.strip_suffix("ies") {
        return format!("{stem}y");
    }
    for ending in ["sses", "xes", "ches"] {
        if let Some(stem) = name.strip_suffix("es").filter(|_| name.ends_with(ending)) {
            return stem.to_owned();
        }
    }
    match name.strip_suffix('s') {
        Some(stem) if !stem.ends_with(['s', 'u', 'i']) => stem.to_owned(),
        _ => name.to_owned(),
    }
}

/// The words of a name in camel case: a run of capitals is one word, `s` at its end included, digits stay with what
/// is before them.
fn words(name: &str) -> Vec<String> {
    let name = name.replace("OAuth", "Oauth");
    let chars: Vec<char> = name.chars().collect();
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut end = |word: &mut String| {
        if !word.is_empty() {
            words.push(std::mem::take(word));
        }
    };
    for (i, &c) in chars.iter().enumerate() {
        let before = i.checked_sub(1).map(|j| chars[j]);
        let after = chars.get(i + 1).copied();
        if !c.is_ascii_alphanumeric() {
            end(&mut word);
            continue;
        }
        if c.is_ascii_uppercase() {
            let before_lower = after.is_some_and(|a| a.is_ascii_lowercase()) && !plural_at(&chars, i + 1);
            if before.is_some_and(|b| b.is_ascii_lowercase() || before_lower && b.is_ascii_alphanumeric()) {
                end(&mut word);
            }
        }
        word.push(c);
    }
    end(&mut word);
    words
}

/// Whether the `s` or `v` at `i` belongs to the capitals before it: `ARNs`, `IDsList`, `IPv6`.
fn plural_at(chars: &[char], i: usize) -> bool {
    let capitals = i >= 2 && chars[i - 1].is_ascii_uppercase() && chars[i - 2].is_ascii_uppercase();
    let next = chars.get(i + 1);
    match chars.get(i) {
        Some('s') => capitals && next.is_none_or(|c| c.is_ascii_uppercase()),
        Some('v') => capitals && next.is_some_and(|c| c.is_ascii_digit()),
        _ => false,
    }
}

/// The constant of an enumeration's value: `BucketOwnerPreferred` → `BUCKET_OWNER_PREFERRED`, `x86_64` → `X86_64`.
///
/// In an enumeration of versions a digit run is a word of its own: `python3.13` → `PYTHON_3_13`.
pub fn constant(value: &str, versions: bool) -> String {
    let mut text = String::new();
    for word in words(value) {
        if !text.is_empty() {
            text.push('_');
        }
        let mut before = None;
        for c in word.chars() {
            if versions && c.is_ascii_digit() && before.is_some_and(|b: char| b.is_ascii_alphabetic()) {
                text.push('_');
            }
            text.push(c.to_ascii_uppercase());
            before = Some(c);
        }
    }
    if text.starts_with(|c: char| c.is_ascii_digit()) { format!("_{text}") } else { text }
}

/// Whether some value has a digit run followed by a dot.
pub fn are_versions<'a>(values: impl IntoIterator<Item = &'a str>) -> bool {
    values.into_iter().any(|value| value.as_bytes().windows(2).any(|pair| pair[0].is_ascii_digit() && pair[1] == b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_the_snake_case_of_what_aws_calls_them() {
        for (aws, rust) in [
            ("Timeout", "timeout"),
            ("DBClusterArn", "db_cluster_arn"),
            ("NotificationARNs", "notification_arns"),
            ("SecurityGroupIDs", "security_group_ids"),
            ("IPv6CidrBlock", "ipv6_cidr_block"),
            ("Ipv6CidrBlock", "ipv6_cidr_block"),
            ("S3Bucket", "s3_bucket"),
            ("SSEKMSKeyId", "ssekms_key_id"),
            ("AllowedOAuthFlows", "allowed_oauth_flows"),
            ("IsoBase64Encoded", "iso_base64_encoded"),
            ("P256K1", "p256k1"),
            ("deadLetterTargetArn", "dead_letter_target_arn"),
            ("CIDR", "cidr"),
            ("MasterUserSecret.SecretArn", "master_user_secret_secret_arn"),
        ] {
            assert_eq!(snake(aws), rust);
        }
        assert_eq!(ident("Type"), "r#type");
    }

    #[test]
    fn constants_split_digits_in_versions_only() {
        for (value, versions, rust) in [
            ("python3.13", true, "PYTHON_3_13"),
            ("nodejs22.x", true, "NODEJS_22_X"),
            ("provided.al2023", true, "PROVIDED_AL_2023"),
            ("arm64", false, "ARM64"),
            ("x86_64", false, "X86_64"),
            ("AES256", false, "AES256"),
            ("aws:kms", false, "AWS_KMS"),
            ("BucketOwnerPreferred", false, "BUCKET_OWNER_PREFERRED"),
            ("Bytes/Second", false, "BYTES_SECOND"),
            ("all_storage_classes_128K", false, "ALL_STORAGE_CLASSES_128K"),
            ("ECC_SECG_P256K1", false, "ECC_SECG_P256K1"),
        ] {
            assert_eq!(constant(value, versions), rust);
        }
        assert!(are_versions(["go1.x", "java8"]));
        assert!(!are_versions(["x86_64", "http.1"]));
    }

    #[test]
    fn an_element_is_named_by_the_singular_of_its_list() {
        for (list, element) in [
            ("Architectures", "Architecture"),
            ("Policies", "Policy"),
            ("Addresses", "Address"),
            ("Indexes", "Index"),
            ("AssetList", "Asset"),
            ("Access", "Access"),
            ("Status", "Status"),
        ] {
            assert_eq!(singular(list), element);
        }
    }
}
