//! Output: a file that is replaced as a whole or not at all.

use std::{
    env, fs,
    io::{self, Write},
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
    let mut parts = Vec::new();
    let written = files.iter().try_for_each(|(name, text)| {
        let file = folder.join(name);
        // What a file cannot replace is found before any file is replaced.
        if file.is_dir() {
            return Err(failed(&file, &io::ErrorKind::IsADirectory.into()));
        }
        let part = part(&file, text.as_bytes()).map_err(|error| failed(&file, &error))?;
        parts.push((part, file));
        Ok(())
    });
    let renamed = written.and_then(|()| {
        parts.iter().try_for_each(|(part, file)| fs::rename(part, file).map_err(|error| failed(file, &error)))
    });
    renamed.inspect_err(|_| {
        for (part, _) in &parts {
            // The error that counts is the first one.
            let _ = fs::remove_file(part);
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
    let part = part(file, text)?;
    fs::rename(&part, file).inspect_err(|_| {
        // The error that counts is the first one.
        let _ = fs::remove_file(&part);
    })
}

/// Writes a file beside the one that it is to replace: a new one, which nobody else writes at the same time.
fn part(file: &Path, text: &[u8]) -> io::Result<PathBuf> {
    let name =
        file.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "expected the name of a file"))?;
    let mut number = std::process::id();
    let (part, mut writer) = loop {
        let mut part = name.to_owned();
        part.push(format!(".{number}.part"));
        let part = file.with_file_name(part);
        match fs::OpenOptions::new().write(true).create_new(true).open(&part) {
            Ok(writer) => break (part, writer),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number = number.wrapping_add(1),
            Err(error) => return Err(error),
        }
    };
    writer.write_all(text).map(|()| part.clone()).inspect_err(|_| {
        let _ = fs::remove_file(&part);
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_writes_at_the_same_time_writes_all_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a");
        let texts = ["a", "b", "c", "d"].map(|letter| letter.repeat(200_000));
        std::thread::scope(|scope| {
            for text in &texts {
                let (file, folder) = (&file, folder.path());
                scope.spawn(move || {
                    for _ in 0..20 {
                        assert!(write(file, text).is_ok() && write_all(folder, &[("b".into(), text.clone())]).is_ok());
                        let there = fs::read_to_string(file).unwrap();
                        assert!(there.len() == 200_000 && there.bytes().all(|byte| byte == there.as_bytes()[0]));
                    }
                });
            }
        });
        // And a part that somebody has left behind is not written to.
        let left = folder.path().join(format!("a.{}.part", std::process::id()));
        fs::write(&left, "left").unwrap();
        assert!(write(&file, "new").is_ok());
        let mut names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, [file.file_name().unwrap(), left.file_name().unwrap(), "b".as_ref()]);
        assert_eq!(fs::read_to_string(&left).unwrap(), "left");
    }
}
