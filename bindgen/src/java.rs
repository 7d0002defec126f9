//! AWS's names as the AWS SDK for Java has them, which is how Step Functions spells services, actions and errors.

/// The name of a service: its id in words, without what every service could be called. `CloudWatch Logs` is
/// `CloudWatchLogs`, `Config Service` is `Config`.
pub fn service(id: &str) -> String {
    let name = pascal(id);
    let name = name.strip_prefix("Amazon").unwrap_or(&name);
    let name = name.strip_prefix("Aws").unwrap_or(name);
    name.strip_suffix("Service").unwrap_or(name).to_owned()
}

/// The name of an action: of the capitals that it begins with, those are small that begin no word.
pub fn action(operation: &str) -> String {
    let capitals = operation.bytes().take_while(u8::is_ascii_uppercase).count();
    let begins_word = operation.as_bytes().get(capitals).is_some_and(u8::is_ascii_lowercase);
    let small = if begins_word && capitals > 1 { capitals - 1 } else { capitals };
    operation[..small].to_lowercase() + &operation[small..]
}

/// The name of an error of a service, without the `Exception` that all have.
pub fn error(shape: &str, service: &str) -> String {
    let name = pascal(shape.strip_suffix("Fault").unwrap_or(shape));
    let name = name.strip_suffix("Exception").unwrap_or(&name);
    if name == service { format!("Default{name}") } else { name.to_owned() }
}

/// The words of a name, each with a capital and the rest small: `DBInstance` is `DbInstance`.
fn pascal(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut pascal = String::new();
    for (at, letter) in letters.iter().enumerate() {
        if !letter.is_ascii_alphanumeric() {
            continue;
        }
        let cased = if begins_word(&letters, at) { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() };
        pascal.push(cased);
    }
    pascal
}

/// Whether a word begins at a letter: behind what is no letter or digit, at the capital of a camel, behind a digit, and
/// at the `v` of a version.
fn begins_word(letters: &[char], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|before| letters[before]) else { return true };
    let letter = letters[at];
    let next = letters.get(at + 1).copied().unwrap_or(' ');
    !before.is_ascii_alphanumeric()
        || (before.is_ascii_digit() && letter.is_ascii_alphabetic())
        || (before.is_ascii_lowercase() && letter.is_ascii_uppercase() && next.is_ascii_alphanumeric())
        || (before.is_ascii_uppercase()
            && letter.is_ascii_uppercase()
            && next.is_ascii_lowercase()
            && !is_version(letters, at + 1))
        || is_version(letters, at)
}

/// Whether the `v2` of `SESv2` or `ApiGatewayV2` begins at a letter: two letters of the other case are before it.
fn is_version(letters: &[char], at: usize) -> bool {
    let is_other: fn(&char) -> bool = match letters[at] {
        'v' => |letter| !letter.is_ascii_lowercase(),
        'V' => |letter| !letter.is_ascii_uppercase(),
        _ => return false,
    };
    let is_numbered = letters.get(at + 1).is_some_and(char::is_ascii_digit);
    is_numbered && at >= 2 && letters[at - 2..at].iter().all(is_other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_has_the_name_of_the_developer_guide() {
        for (id, name) in [
            ("ACM PCA", "AcmPca"),
            ("AmplifyUIBuilder", "AmplifyUiBuilder"),
            ("ApiGatewayV2", "ApiGatewayV2"),
            ("Application Discovery Service", "ApplicationDiscovery"),
            ("b2bi", "B2Bi"),
            ("CloudHSM V2", "CloudHsmV2"),
            ("CloudWatch Logs", "CloudWatchLogs"),
            ("codestar notifications", "CodestarNotifications"),
            ("DynamoDB Streams", "DynamoDbStreams"),
            ("FSx", "FSx"),
            ("IoT", "Iot"),
            ("IoTAnalytics", "IoTAnalytics"),
            ("IoT Data Plane", "IotDataPlane"),
            ("Kinesis Video WebRTC Storage", "KinesisVideoWebRtcStorage"),
            ("MTurk", "MTurk"),
            ("S3", "S3"),
            ("S3 Control", "S3Control"),
            ("SageMaker A2I Runtime", "SageMakerA2IRuntime"),
            ("SESv2", "SesV2"),
            ("SFN", "Sfn"),
            ("Timestream InfluxDB", "TimestreamInfluxDb"),
            ("WAFV2", "Wafv2"),
        ] {
            assert_eq!(service(id), name);
        }
    }

    #[test]
    fn an_action_begins_small() {
        assert_eq!(action("DescribeDBInstances"), "describeDBInstances");
        assert_eq!(action("ListBuckets"), "listBuckets");
        assert_eq!(action("ABTest"), "abTest");
    }

    #[test]
    fn an_error_has_the_name_of_its_class() {
        assert_eq!(error("NoSuchBucket", "S3"), "NoSuchBucket");
        assert_eq!(error("DBInstanceNotFoundFault", "Rds"), "DbInstanceNotFound");
        assert_eq!(error("ResourceNotFoundException", "AcmPca"), "ResourceNotFound");
        assert_eq!(error("LambdaException", "Lambda"), "DefaultLambda");
    }
}
