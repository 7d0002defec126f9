//! Zip archives that are the same bytes for the same files: no times, no owners, names in their order.
//!
//! <https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>

use miniz_oxide::deflate::compress_to_vec;

/// Files that an archive without the zip64 extension has at most.
pub(super) const MOST_FILES: usize = 65_534;

/// The first day that an archive can name, 1 January 1980, at midnight.
const TIME: [u8; 4] = [0, 0, 0x21, 0];

/// The level of compression: what `zip` takes by itself.
const LEVEL: u8 = 6;

/// An archive that is being written.
#[derive(Default)]
pub(super) struct Zip {
    bytes: Vec<u8>,
    /// The central directory, which comes last.
    list: Vec<u8>,
    count: u16,
}

impl Zip {
    /// Adds a file: its name from the top of the archive, with `/` between its parts, and its content.
    pub fn add(&mut self, name: &str, is_executable: bool, content: &[u8]) {
        let packed = compress_to_vec(content, LEVEL);
        let (method, data) = if packed.len() < content.len() { (8_u16, packed.as_slice()) } else { (0, content) };
        // Names are UTF-8, which must be said of what is not ASCII.
        let flags: u16 = if name.is_ascii() { 0 } else { 1 << 11 };
        let mut common = vec![20, 0];
        common.extend(flags.to_le_bytes());
        common.extend(method.to_le_bytes());
        common.extend(TIME);
        common.extend(checksum(content).to_le_bytes());
        common.extend(length(data).to_le_bytes());
        common.extend(length(content).to_le_bytes());
        common.extend(u16::try_from(name.len()).unwrap_or(u16::MAX).to_le_bytes());
        common.extend([0, 0]);
        let at = length(&self.bytes);
        self.bytes.extend(b"PK\x03\x04");
        self.bytes.extend(&common);
        self.bytes.extend(name.as_bytes());
        self.bytes.extend(data);
        // Made on Unix, so that the modes count.
        let mode: u32 = if is_executable { 0o100_755 } else { 0o100_644 };
        self.list.extend(b"PK\x01\x02\x14\x03");
        self.list.extend(&common);
        self.list.extend([0; 6]);
        self.list.extend((mode << 16).to_le_bytes());
        self.list.extend(at.to_le_bytes());
        self.list.extend(name.as_bytes());
        self.count = self.count.saturating_add(1);
    }

    /// The whole archive.
    pub fn end(self) -> Vec<u8> {
        let Self { mut bytes, list, count } = self;
        let at = length(&bytes);
        bytes.extend(&list);
        bytes.extend(b"PK\x05\x06\0\0\0\0");
        bytes.extend(count.to_le_bytes());
        bytes.extend(count.to_le_bytes());
        bytes.extend(length(&list).to_le_bytes());
        bytes.extend(at.to_le_bytes());
        bytes.extend([0, 0]);
        bytes
    }
}

/// The number of bytes: what is packed is held to far less than four gigabytes.
fn length(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX)
}

/// CRC-32, by which whoever unpacks an archive sees that it is whole.
pub(super) fn checksum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |sum, byte| TABLE[((sum ^ u32::from(*byte)) & 0xff) as usize] ^ (sum >> 8))
}

static TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut at = 0;
    while at < 256 {
        let mut entry = at as u32;
        let mut bit = 0;
        while bit < 8 {
            entry = if entry & 1 == 1 { 0xedb8_8320 ^ (entry >> 1) } else { entry >> 1 };
            bit += 1;
        }
        table[at] = entry;
        at += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::asset::unpack;

    #[test]
    fn the_checksum_is_that_of_the_standard() {
        assert_eq!(checksum(b"123456789"), 0xcbf4_3926);
        assert_eq!(checksum(b""), 0);
    }

    #[test]
    fn what_is_packed_unpacks_to_the_same() {
        let mut zip = Zip::default();
        let long = "beans ".repeat(1_000);
        zip.add("bin/run", true, b"#!/bin/sh\n");
        zip.add("empty", false, b"");
        zip.add("index.py", false, long.as_bytes());
        zip.add("kaffeebohnen/caf\u{e9}.txt", false, b"x");
        let bytes = zip.end();
        assert!(bytes.len() < 800, "{}", bytes.len());
        let folder = tempfile::tempdir().unwrap();
        unpack(&bytes, folder.path()).unwrap();
        let text = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!([text("bin/run"), text("empty"), text("index.py")], ["#!/bin/sh\n".into(), String::new(), long]);
        assert_eq!(text("kaffeebohnen/caf\u{e9}.txt"), "x");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |name: &str| fs::metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o777;
            assert_eq!((mode("index.py"), mode("bin/run")), (0o644, 0o755));
        }
    }
}
