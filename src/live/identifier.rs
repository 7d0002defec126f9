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
