//! Zip archives of functions' code.
//!
//! <https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>

use std::{
    collections::BTreeSet,
    fs,
    path::{Component, Path, PathBuf},
};

use miniz_oxide::inflate::decompress_to_vec_with_limit;

use super::zip::checksum;

/// Bytes that an archive may have when it is unpacked: what Lambda takes.
///
/// <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
pub(super) const MOST: usize = 262_144_000;

/// What the mode of a file says that is a link.
const LINK: u32 = 0o120_000;

/// Unpacks an archive into a folder; an error says what is wrong with it.
pub(crate) fn unpack(archive: &[u8], folder: &Path) -> Result<(), String> {
    let mut room = MOST;
    let mut links = Vec::new();
    for entry in entries(archive)? {
        let Entry { name, mode, .. } = &entry;
        let path = folder.join(entry.place()?);
        let written = |done: std::io::Result<()>| done.map_err(|error| format!("`{name}` cannot be written: {error}"));
        if name.ends_with('/') {
            written(fs::create_dir_all(&path))?;
            continue;
        }
        let content = entry.content(archive, room)?;
        room -= content.len();
        if mode & 0o170_000 == LINK {
            // Links come last, so that nothing is written through one.
            links.push((path, name.clone(), String::from_utf8_lossy(&content).into_owned()));
            continue;
        }
        written(path.parent().map_or(Ok(()), fs::create_dir_all))?;
        written(fs::write(&path, content))?;
        written(make_executable(&path, *mode))?;
    }
    for (path, name, target) in links {
        let parent = Path::new(&name).parent().unwrap_or(Path::new(""));
        if inside(parent, Path::new(&target)).is_none() {
            return Err(format!("the link `{name}` leads to `{target}`; expected a file of the archive"));
        }
        link(&path, &target).map_err(|error| format!("`{name}` cannot be written: {error}"))?;
    }
    Ok(())
}

/// The names of the files of an archive, with the bytes that each has when it is unpacked.
pub(super) fn sizes(archive: &[u8]) -> Result<Vec<(String, u64)>, String> {
    Ok(entries(archive)?.into_iter().map(|entry| (entry.name, entry.unpacked as u64)).collect())
}

/// Bytes of all files of an archive when they are unpacked; an error where its list of files cannot be one of code.
pub(super) fn unpacked_size(archive: &[u8]) -> Result<u64, String> {
    let entries = entries(archive)?;
    let mut names = BTreeSet::new();
    for entry in &entries {
        entry.place()?;
        if !entry.name.ends_with('/') && !names.insert(&entry.name) {
            return Err(format!("it has `{}` twice; expected files of different names", entry.name));
        }
    }
    if entries.iter().all(|entry| entry.name.ends_with('/')) {
        return Err("it has no file; expected the code".to_owned());
    }
    Ok(entries.iter().map(|entry| entry.unpacked as u64).sum())
}

/// Looks at all files of an archive: an error says which one is not whole.
pub(super) fn expect_whole(archive: &[u8]) -> Result<(), String> {
    for entry in entries(archive)? {
        if checksum(&entry.content(archive, MOST)?) != entry.checksum {
            return Err(format!(
                "`{}` has another checksum than it is listed with; expected a whole archive",
                entry.name
            ));
        }
    }
    Ok(())
}

/// The path from the top, where it stays below it.
fn inside(parent: &Path, path: &Path) -> Option<PathBuf> {
    let mut whole = PathBuf::new();
    for part in parent.components().chain(path.components()) {
        match part {
            Component::Normal(name) => whole.push(name),
            Component::CurDir => {}
            Component::ParentDir => {
                if !whole.pop() {
                    return None;
                }
            }
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(whole)
}

/// A file of the archive.
struct Entry {
    name: String,
    mode: u32,
    method: u16,
    checksum: u32,
    packed: usize,
    unpacked: usize,
    /// Where its local header is.
    at: usize,
}

impl Entry {
    /// The path from the top of the archive.
    fn place(&self) -> Result<PathBuf, String> {
        let name = &self.name;
        let place = inside(Path::new(""), Path::new(name));
        place.ok_or_else(|| format!("`{name}` lies outside of the archive; expected a name below it"))
    }

    fn content(&self, archive: &[u8], room: usize) -> Result<Vec<u8>, String> {
        let Self { name, method, packed, unpacked, at, .. } = self;
        if *unpacked > room {
            return Err(format!("it has more than {MOST} bytes when it is unpacked; expected what Lambda takes"));
        }
        let cut = || format!("`{name}` is cut off; expected a whole archive");
        let begin =
            at + 30 + number(archive, at + 26, 2).ok_or_else(cut)? + number(archive, at + 28, 2).ok_or_else(cut)?;
        let bytes = archive.get(begin..begin + packed).ok_or_else(cut)?;
        let content = match method {
            0 => bytes.to_vec(),
            8 => decompress_to_vec_with_limit(bytes, *unpacked).map_err(|error| format!("`{name}`: {error}"))?,
            method => return Err(format!("`{name}` is packed by method {method}; expected 0 or 8, deflate")),
        };
        if content.len() == *unpacked { Ok(content) } else { Err(cut()) }
    }
}

/// What the central directory lists.
fn entries(archive: &[u8]) -> Result<Vec<Entry>, String> {
    let no_archive = || "it is no zip archive; expected one".to_owned();
    // The end record is 22 bytes and a comment.
    let last = archive.len().checked_sub(22).ok_or_else(no_archive)?;
    let first = last.saturating_sub(usize::from(u16::MAX));
    let end = (first..=last).rev().find(|at| archive[*at..].starts_with(b"PK\x05\x06")).ok_or_else(no_archive)?;
    let cut = || "its list of files is cut off; expected a whole archive".to_owned();
    let (count, mut at) =
        (number(archive, end + 10, 2).ok_or_else(cut)?, number(archive, end + 16, 4).ok_or_else(cut)?);
    if count == 0xffff || at == 0xffff_ffff {
        return Err("it is a zip64 archive; expected fewer than 65,535 files and less than 4 GiB".to_owned());
    }
    let mut entries = Vec::new();
    for _ in 0..count {
        if !archive.get(at..).is_some_and(|rest| rest.starts_with(b"PK\x01\x02")) {
            return Err(cut());
        }
        let field = |offset: usize, bytes: usize| number(archive, at + offset, bytes).ok_or_else(cut);
        let (name, extra, comment) = (field(28, 2)?, field(30, 2)?, field(32, 2)?);
        let text = archive.get(at + 46..at + 46 + name).ok_or_else(cut)?;
        let entry = Entry {
            name: String::from_utf8_lossy(text).into_owned(),
            mode: u32::try_from(field(38, 4)? >> 16).unwrap_or_default(),
            method: u16::try_from(field(10, 2)?).unwrap_or(u16::MAX),
            checksum: u32::try_from(field(16, 4)?).unwrap_or_default(),
            packed: field(20, 4)?,
            unpacked: field(24, 4)?,
            at: field(42, 4)?,
        };
        if field(8, 2)? & 1 != 0 {
            return Err(format!("`{}` is encrypted; expected an archive that is not", entry.name));
        }
        entries.push(entry);
        at += 46 + name + extra + comment;
    }
    Ok(entries)
}

/// A little-endian number.
fn number(archive: &[u8], at: usize, bytes: usize) -> Option<usize> {
    let bytes = archive.get(at..at + bytes)?;
    Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte)))
}

#[cfg(unix)]
fn make_executable(path: &Path, mode: u32) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = if mode & 0o111 != 0 { 0o755 } else { 0o644 };
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn make_executable(_path: &Path, _mode: u32) -> std::io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn link(path: &Path, target: &str) -> std::io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    std::os::unix::fs::symlink(target, path)
}

#[cfg(not(unix))]
fn link(_path: &Path, _target: &str) -> std::io::Result<()> {
    Err(std::io::Error::new(std::io::ErrorKind::Unsupported, "there are no links on this system"))
}

#[cfg(test)]
mod tests {
    use miniz_oxide::deflate::compress_to_vec;

    use super::*;

    /// An archive of files: name, mode, content, packed or not.
    fn archive(files: &[(&str, u32, &str, bool)]) -> Vec<u8> {
        let (mut bytes, mut list) = (Vec::new(), Vec::new());
        for (name, mode, content, packed) in files {
            let at = bytes.len() as u32;
            let data = if *packed { compress_to_vec(content.as_bytes(), 6) } else { content.as_bytes().to_vec() };
            let mut common = vec![20, 0, 0, 0, if *packed { 8 } else { 0 }, 0, 0, 0, 0, 0, 0, 0, 0, 0];
            common.extend((data.len() as u32).to_le_bytes());
            common.extend((content.len() as u32).to_le_bytes());
            common.extend((name.len() as u16).to_le_bytes());
            common.extend([0, 0]);
            bytes.extend(b"PK\x03\x04");
            bytes.extend(&common);
            bytes.extend(name.as_bytes());
            bytes.extend(&data);
            list.extend(b"PK\x01\x02\x14\x03");
            list.extend(&common);
            list.extend([0; 6]);
            list.extend((mode << 16).to_le_bytes());
            list.extend(at.to_le_bytes());
            list.extend(name.as_bytes());
        }
        let (at, count) = (bytes.len() as u32, files.len() as u16);
        bytes.extend(&list);
        bytes.extend(b"PK\x05\x06\0\0\0\0");
        bytes.extend(count.to_le_bytes());
        bytes.extend(count.to_le_bytes());
        bytes.extend((list.len() as u32).to_le_bytes());
        bytes.extend(at.to_le_bytes());
        bytes.extend([0, 0]);
        bytes
    }

    fn unpacked(files: &[(&str, u32, &str, bool)]) -> Result<tempfile::TempDir, String> {
        let folder = tempfile::tempdir().unwrap();
        unpack(&archive(files), folder.path()).map(|()| folder)
    }

    #[test]
    fn files_folders_and_modes_are_as_they_were() {
        let long = "beans ".repeat(1_000);
        let files = [
            ("index.py", 0o100_644, long.as_str(), true),
            ("lib/", 0o040_755, "", false),
            ("lib/run", 0o100_755, "#!/bin/sh\n", false),
            ("bin/run", 0o120_777, "../lib/run", false),
        ];
        let folder = unpacked(&files).unwrap();
        let text = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!((text("index.py"), text("bin/run")), (long.clone(), "#!/bin/sh\n".to_owned()));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |name: &str| fs::metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o777;
            assert_eq!((mode("index.py"), mode("lib/run")), (0o644, 0o755));
        }
    }

    #[test]
    fn nothing_is_written_outside_of_the_folder() {
        for (files, error) in [
            (("../a", 0, "x", false), "`../a` lies outside of the archive; expected a name below it"),
            (("/a", 0, "x", false), "`/a` lies outside of the archive; expected a name below it"),
            (("b/../../a", 0, "x", true), "`b/../../a` lies outside of the archive; expected a name below it"),
            (("a", LINK, "/etc", false), "the link `a` leads to `/etc`; expected a file of the archive"),
            (("b/a", LINK, "../../c", false), "the link `b/a` leads to `../../c`; expected a file of the archive"),
        ] {
            assert_eq!(unpacked(&[files]).unwrap_err(), error);
        }
    }

    #[test]
    fn an_archive_that_is_no_code_is_told() {
        let file = |name| (name, 0o100_644, "x", false);
        let size = |files: &[(&str, u32, &str, bool)]| unpacked_size(&archive(files));
        assert_eq!(size(&[("lib/", 0o040_755, "", false), file("lib/a"), file("b")]), Ok(2));
        let none = Err("it has no file; expected the code".to_owned());
        assert_eq!((size(&[]), size(&[("lib/", 0o040_755, "", false)])), (none.clone(), none));
        let outside = "`../a` lies outside of the archive; expected a name below it".to_owned();
        assert_eq!(size(&[file("a"), file("../a")]), Err(outside));
        let twice = "it has `a` twice; expected files of different names".to_owned();
        assert_eq!(size(&[file("a"), file("a")]), Err(twice));
    }

    #[test]
    fn a_file_that_is_not_as_it_is_listed_is_told() {
        let mut zip = super::super::zip::Zip::default();
        zip.add("a", false, b"x");
        let mut bytes = zip.end();
        assert_eq!(expect_whole(&bytes), Ok(()));
        let at = bytes.iter().position(|byte| *byte == b'x').unwrap();
        bytes[at] = b'y';
        let expected = "`a` has another checksum than it is listed with; expected a whole archive".to_owned();
        assert_eq!(expect_whole(&bytes), Err(expected));
    }

    #[test]
    fn what_is_no_archive_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let whole = archive(&[("a", 0, "some content that is packed", true)]);
        for length in 0..whole.len() {
            assert!(unpack(&whole[..length], folder.path()).is_err());
        }
        assert_eq!(unpack(b"#!/bin/sh", folder.path()).unwrap_err(), "it is no zip archive; expected one");
        for position in 0..whole.len() {
            let mut changed = whole.clone();
            changed[position] ^= 0xff;
            // Whatever is wrong is told or unpacked, and never panics.
            let _ = unpack(&changed, folder.path());
        }
    }
}
