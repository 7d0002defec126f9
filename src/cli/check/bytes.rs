//! The bytes of a file that is checked, or of one that belongs to it.

use std::{
    fs,
    io::{self, Read},
    path::Path,
};

/// Bytes of the largest file that is read; the largest template that CloudFormation takes has one million.
const MOST: u64 = 64 << 20;

/// The bytes of a file that has an end.
pub(super) fn bytes(file: &Path) -> Result<Vec<u8>, String> {
    let read = |source: &mut dyn Read| {
        let mut bytes = Vec::new();
        source.take(MOST + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
        match u64::try_from(bytes.len()) {
            Ok(length) if length <= MOST => Ok(bytes),
            _ => Err(format!("it is larger than {} MiB; expected a template or definition", MOST >> 20)),
        }
    };
    if file.as_os_str() == "-" {
        return read(&mut io::stdin().lock());
    }
    let there = fs::metadata(file).map_err(|error| error.to_string())?;
    // What a shell writes for `<(command)`: someone writes to it already.
    let is_open = ["/dev/fd", "/dev/stdin", "/proc/self/fd"].iter().any(|open| file.starts_with(open));
    if !there.is_file() && !is_open {
        return Err("it is a pipe or a device; expected a file, or - for stdin".to_owned());
    }
    read(&mut fs::File::open(file).map_err(|error| error.to_string())?)
}
