//! Identifiers that are unlike any other: of requests and of traces.

use std::{
    hash::{BuildHasher, RandomState},
    time::SystemTime,
};

/// 128 random bits in hexadecimal digits; not for secrets.
pub(super) fn hexadecimal() -> String {
    let part = || RandomState::new().hash_one(SystemTime::now());
    format!("{:016x}{:016x}", part(), part())
}

/// A random UUID, version 4.
pub(super) fn uuid() -> String {
    let digits = hexadecimal();
    let variant = ["8", "9", "a", "b"][usize::from(digits.as_bytes()[16] & 3)];
    format!("{}-{}-4{}-{variant}{}-{}", &digits[..8], &digits[8..12], &digits[13..16], &digits[17..20], &digits[20..])
}

/// The name of a service in the variable of its endpoint, `AWS_ENDPOINT_URL_…`, by the one that the AWS CLI has for it: the
/// id of the service in its model.
///
/// <https://docs.aws.amazon.com/sdkref/latest/guide/ss-endpoints-table.html>
pub(super) fn of_service(name: &str) -> String {
    const OTHERS: [(&str, &str); 16] = [
        ("ce", "COST_EXPLORER"),
        ("cloudwatch", "CLOUDWATCH"),
        ("cognito-idp", "COGNITO_IDENTITY_PROVIDER"),
        ("config", "CONFIG_SERVICE"),
        ("dms", "DATABASE_MIGRATION_SERVICE"),
        ("ds", "DIRECTORY_SERVICE"),
        ("elb", "ELASTIC_LOAD_BALANCING"),
        ("elbv2", "ELASTIC_LOAD_BALANCING_V2"),
        ("es", "ELASTICSEARCH_SERVICE"),
        ("events", "EVENTBRIDGE"),
        ("iot-data", "IOT_DATA_PLANE"),
        ("logs", "CLOUDWATCH_LOGS"),
        ("s3api", "S3"),
        ("secretsmanager", "SECRETS_MANAGER"),
        ("serverlessrepo", "SERVERLESSAPPLICATIONREPOSITORY"),
        ("stepfunctions", "SFN"),
    ];
    let other = OTHERS.iter().find(|(known, _)| *known == name);
    other.map_or_else(|| name.to_uppercase().replace('-', "_"), |(_, id)| (*id).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_has_its_form_and_is_not_given_twice() {
        let one = uuid();
        let lengths: Vec<usize> = one.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12], "{one}");
        assert_eq!(&one[14..15], "4");
        assert_ne!(one, uuid());
    }
}
