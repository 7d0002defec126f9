//! Output: a file that is replaced as a whole or not at all.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

use super::invocation::Error;

pub(super) fn write(file: &Path, text: impl AsRef<[u8]>) -> Result<(), Error> {
    replace(file, text.as_ref()).map_err(|error| Error::new(format!("`{}` cannot be written: {error}", file.display())))
}

/// The same in a folder that is made if it is not there.
pub(super) fn write_below(file: &Path, bytes: &[u8]) -> Result<(), Error> {
    let folder = file.parent().unwrap_or(Path::new(""));
    let made = fs::create_dir_all(folder);
    made.map_err(|error| Error::new(format!("`{}` cannot be made: {error}", folder.display())))?;
    write(file, bytes)
}

/// Writes several files of a folder, which is made if it is not there: all of them, or none.
pub(super) fn write_all(folder: &Path, files: &[(String, String)]) -> Result<(), Error> {
    let failed =
        |path: &Path, error: &io::Error| Error::new(format!("`{}` cannot be written: {error}", path.display()));
    fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
    let part = |name: &str| folder.join(format!("{name}.{}.part", std::process::id()));
    let written = files.iter().try_for_each(|(name, text)| {
        let file = folder.join(name);
        // What a file cannot replace is found before any file is replaced.
        if file.is_dir() {
            return Err(failed(&file, &io::ErrorKind::IsADirectory.into()));
        }
        fs::write(part(name), text).map_err(|error| failed(&file, &error))
    });
    let renamed = written.and_then(|()| {
        files.iter().try_for_each(|(name, _)| {
            let file = folder.join(name);
            fs::rename(part(name), &file).map_err(|error| failed(&file, &error))
        })
    });
    renamed.inspect_err(|_| {
        for (name, _) in files {
            // The error that counts is the first one.
            let _ = fs::remove_file(part(name));
        }
    })
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
fn replace(file: &Path, text: &[u8]) -> io::Result<()> {
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
