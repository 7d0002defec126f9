//! Digests of `States.Hash` and `$hash`.

use md5::{Digest, Md5};
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};

/// The digest in hexadecimal; none for an algorithm that the service does not have.
pub(crate) fn digest(data: &[u8], algorithm: &str) -> Option<String> {
    Some(match algorithm {
        "MD5" => hex(&Md5::digest(data)),
        "SHA-1" => hex(&Sha1::digest(data)),
        "SHA-256" => hex(&Sha256::digest(data)),
        "SHA-384" => hex(&Sha384::digest(data)),
        "SHA-512" => hex(&Sha512::digest(data)),
        _ => return None,
    })
}

/// The MD5 digest of a name, for identifiers that depend on the name alone.
pub(crate) fn md5(name: &[u8]) -> [u8; 16] {
    Md5::digest(name).into()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digests_of_the_empty_text_are_the_published_ones() {
        let digests = [
            ("MD5", "d41d8cd98f00b204e9800998ecf8427e"),
            ("SHA-1", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
            ("SHA-256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ];
        for (algorithm, expected) in digests {
            assert_eq!(digest(b"", algorithm).as_deref(), Some(expected));
        }
        assert_eq!(digest(b"", "SHA-512").map(|text| text.len()), Some(128));
        assert_eq!(digest(b"", "CRC"), None);
    }
}
