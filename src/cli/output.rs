//! Output: a file that is replaced as a whole or not at all.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

use super::invocation::Error;

pub(super) fn write(file: &Path, text: &str) -> Result<(), Error> {
    replace(file, text).map_err(|error| Error::new(format!("`{}` cannot be written: {error}", file.display())))
}

/// A new, empty file among the temporary ones: never one that somebody else has put there.
pub(super) fn temporary(name: &str, extension: &str) -> Result<PathBuf, Error> {
    let folder = env::temp_dir();
    let mut number = std::process::id();
    loop {
        let file = folder.join(format!("{name}-{number}.{extension}"));
        match fs::OpenOptions::new().write(true).create_new(true).open(&file) {
            Ok(_) => return Ok(file),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number = number.wrapping_add(1),
            Err(error) => return Err(Error::new(format!("`{}` cannot be written: {error}", file.display()))),
        }
    }
}

/// Writes beside the file and renames, so that nobody ever sees half of it.
fn replace(file: &Path, text: &str) -> io::Result<()> {
    if fs::metadata(file).is_ok_and(|there| !there.is_file()) {
        // A pipe or a device is written to, and stays what it is.
        return fs::write(file, text);
    }
    // A link stays too: what it leads to is replaced.
    let target = fs::canonicalize(file);
    let file = target.as_deref().unwrap_or(file);
    let name =
        file.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "expected the name of a file"))?;
    let mut part = name.to_owned();
    part.push(format!(".{}.part", std::process::id()));
    let part = file.with_file_name(part);
    fs::write(&part, text).and_then(|()| fs::rename(&part, file)).inspect_err(|_| {
        // The error that counts is the first one.
        let _ = fs::remove_file(&part);
    })
}
