//! Assets: files beside a template, which `aws cloudformation package` uploads.
//!
//! A template names such a file by its path; the AWS CLI puts it into a bucket and writes a template that names the object.
//! [`function::Code::asset`](crate::aws::lambda::function::Code::asset) and
//! [`layer_version::Content::asset`](crate::aws::lambda::layer_version::Content::asset) take a path; an [`Asset`] says more,
//! and goes into any property that the CLI looks at.
//!
//! # Where a path begins
//!
//! A relative path begins at the folder of the crate whose program runs, which cargo says at run time
//! (`CARGO_MANIFEST_DIR`), so that `cargo run` and `cargo test` find the same file in whatever folder they are called.
//! A program that is started without cargo takes the working directory. A library that brings code of its own says
//! `concat!(env!("CARGO_MANIFEST_DIR"), "/functions/report")`.
//!
//! # What goes into an archive
//!
//! All files of a folder, by their names: with the executable bit, without times, owners and other modes, so that the
//! same files give the same bytes on every computer. A link counts as what it leads to, which must be in the folder.
//! What version control, interpreters and editors keep beside code (`.git`, `__pycache__`, `.DS_Store`, `*~` and their
//! like) stays out, so do folders that a [`CACHEDIR.TAG`](https://bford.info/cachedir/) says are caches, as cargo's `target`
//! is, and what [`Asset::exclude`] names. At most 250 MB, as Lambda has it. A `.zip` or `.jar` is taken as it
//! is, any other file becomes the one file of an archive.
//!
//! The name of the file that is written has a hash of the content: `assets/report-3f8a21d09c4b7e65.zip`. What has not
//! changed keeps its name, so that a template changes when code does.

mod cargo;
mod folder;
mod unzip;
mod zip;

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use self::{
    folder::{File, Files, is_executable, too_large, unreadable},
    zip::Zip,
};

pub(crate) use self::{
    cargo::{Architecture, Workspace},
    unzip::unpack,
};

/// Letters of the name of an asset, before its hash.
const LONGEST_STEM: usize = 100;

/// The folder of all assets, beside the template.
const FOLDER: &str = "assets";

/// A file that the template names, and that is written beside it.
///
/// ```
/// use formwork::{Stack, asset::Asset, aws::lambda::{Function, function::{Code, Runtime}}, stack::RawResource};
/// # let folder = tempfile::tempdir()?;
/// # std::fs::write(folder.path().join("index.py"), "def handler(event, context): ...")?;
/// # std::fs::create_dir(folder.path().join("tests"))?;
/// # let functions = folder.path().to_str().unwrap();
/// # // functions is "functions/report"
///
/// let mut stack = Stack::new("reports");
/// let code = Asset::zip(functions).exclude("tests").exclude("*.md");
/// stack.add(
///     "Report",
///     Function::new(Code::asset(code.clone()), "arn:aws:iam::111122223333:role/report")
///         .runtime(Runtime::PYTHON_3_13)
///         .handler("index.handler"),
/// );
/// stack.add("Site", RawResource::new("AWS::Serverless::Function").property("CodeUri", code.value::<String>()));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Asset {
    path: PathBuf,
    form: Form,
    excluded: Vec<String>,
}

/// What becomes of a path.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Form {
    Zip,
    File,
    Cargo,
}

impl Asset {
    /// A zip archive: of a folder, of one file, or one that is there. [Where a relative path begins](crate::asset).
    pub fn zip(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), form: Form::Zip, excluded: Vec::new() }
    }

    /// A file as it is: the description of an API for `BodyS3Location`, a definition for `DefinitionS3Location`, a script
    /// for Glue.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), form: Form::File, excluded: Vec::new() }
    }

    /// A binary of the cargo workspace, as a zip archive of a `bootstrap`; see
    /// [`function::Code::cargo`](crate::aws::lambda::function::Code::cargo).
    pub(crate) fn cargo(binary: &str) -> Self {
        Self { path: binary.into(), form: Form::Cargo, excluded: Vec::new() }
    }

    /// Leaves files and folders of a folder out. `*`, `?` and `[…]` stand for letters of a name. A pattern without a `/`
    /// is one of names, wherever they are; another one of paths from the top of the folder, in which `**` stands for any
    /// folders.
    pub fn exclude(mut self, pattern: impl Into<String>) -> Self {
        self.excluded.push(pattern.into());
        self
    }

    /// The file that is to be beside the template; and all that is wrong with it.
    pub(crate) fn artifact(&self) -> (Artifact, Vec<String>) {
        let stem = self.stem();
        if self.form == Form::Cargo {
            let content = Content::Cargo(stem.clone());
            return (Artifact { file: format!("{FOLDER}/{stem}.zip"), content }, Vec::new());
        }
        let found = self.locate().map_err(|problem| vec![problem]).and_then(|path| {
            let content = self.content(&path)?;
            let hash = content.hash().map_err(|problem| vec![problem])?;
            Ok((content, hash))
        });
        let extension = self.path.extension().and_then(|it| it.to_str()).filter(|_| self.form == Form::File);
        let extension = extension.map_or_else(|| "zip".to_owned(), plain);
        match found {
            Ok((content, hash)) => {
                let file = format!("{FOLDER}/{stem}-{hash}.{extension}");
                (Artifact { file, content }, Vec::new())
            }
            Err(problems) => {
                let content = Content::Zip { root: self.path.clone(), files: Files::new(), excluded: Vec::new() };
                (Artifact { file: format!("{FOLDER}/{stem}.{extension}"), content }, problems)
            }
        }
    }

    /// The path without what it begins at.
    fn locate(&self) -> Result<PathBuf, String> {
        if self.path.as_os_str().is_empty() {
            return Err("the path is empty; expected that of a folder or a file".to_owned());
        }
        let (base, what) = base();
        let path = base.join(&self.path);
        match fs::metadata(&path) {
            Ok(_) => Ok(path),
            Err(error) => {
                let problem = unreadable(&path.display().to_string(), &error);
                let begins =
                    if self.path.is_absolute() { String::new() } else { format!("; a relative path begins at {what}") };
                Err(problem + &begins)
            }
        }
    }

    fn content(&self, path: &Path) -> Result<Content, Vec<String>> {
        let shown = path.display().to_string();
        let about = fs::metadata(path).map_err(|error| vec![unreadable(&shown, &error)])?;
        let is_archive =
            path.extension().is_some_and(|it| it.eq_ignore_ascii_case("zip") || it.eq_ignore_ascii_case("jar"));
        if about.is_dir() && self.form == Form::Zip {
            let files = folder::files(path, &self.excluded)?;
            return Ok(Content::Zip { root: path.to_owned(), files, excluded: self.excluded.clone() });
        }
        if !self.excluded.is_empty() {
            return Err(vec![format!("`{shown}` is no folder, of which something could be excluded; expected one")]);
        }
        if !about.is_file() {
            return Err(vec![format!("`{shown}` is no file; expected one")]);
        }
        if self.form == Form::File {
            return Ok(Content::File(path.to_owned()));
        }
        if is_archive {
            let bytes = fs::read(path).map_err(|error| vec![unreadable(&shown, &error)])?;
            let size = unzip::unpacked_size(&bytes).map_err(|problem| vec![format!("`{shown}`: {problem}")])?;
            return if size > unzip::MOST as u64 {
                Err(vec![too_large(size)])
            } else {
                Ok(Content::Archive(path.to_owned()))
            };
        }
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            return Err(vec![format!("`{shown}` has a name that is not UTF-8; expected one that is")]);
        };
        let file = File { path: path.to_owned(), is_executable: is_executable(&about), size: about.len() };
        if file.size > unzip::MOST as u64 {
            return Err(vec![too_large(file.size)]);
        }
        let files = Files::from([(name.to_owned(), file)]);
        Ok(Content::Zip { root: path.to_owned(), files, excluded: Vec::new() })
    }

    /// The name without folders and extension.
    fn stem(&self) -> String {
        let whole = base().0.join(&self.path);
        // `.` and `..` have no name of their own.
        let name = match self.form {
            Form::Cargo => self.path.as_os_str().to_owned(),
            _ => {
                let named = whole.file_stem().filter(|_| whole.file_name().is_some()).map(ToOwned::to_owned);
                named.or_else(|| fs::canonicalize(&whole).ok()?.file_name().map(ToOwned::to_owned)).unwrap_or_default()
            }
        };
        let mut name = plain(&name.to_string_lossy());
        // The hash and the extension follow, and no name of a file may be much longer.
        name.truncate(LONGEST_STEM);
        if name.is_empty() { "asset".to_owned() } else { name }
    }
}

impl<P: Into<PathBuf>> From<P> for Asset {
    fn from(path: P) -> Self {
        Self::zip(path)
    }
}

/// The folder at which relative paths begin, and what it is.
fn base() -> (PathBuf, String) {
    match env::var_os("CARGO_MANIFEST_DIR") {
        Some(folder) => (folder.into(), "the folder of the crate".to_owned()),
        None => (PathBuf::new(), "the working directory".to_owned()),
    }
}

/// A name of letters that need no quotes anywhere.
fn plain(name: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
    let name: String = name.chars().map(|letter| if is_plain(letter) { letter } else { '-' }).collect();
    name.trim_start_matches(['.', '-']).to_owned()
}

/// A file beside the template.
#[derive(Clone, Debug)]
pub(crate) struct Artifact {
    /// Its path from the folder of the template.
    pub file: String,
    content: Content,
}

#[derive(Clone, Debug)]
enum Content {
    /// An archive of these files, which lie at the root or are it.
    Zip { root: PathBuf, files: Files, excluded: Vec<String> },
    /// A file that is taken as it is.
    File(PathBuf),
    /// An archive that is taken as it is.
    Archive(PathBuf),
    /// The binary of that name.
    Cargo(String),
}

impl Content {
    /// Sixteen hexadecimal digits that follow what is in it.
    fn hash(&self) -> Result<String, String> {
        let mut hash = Sha256::new();
        let read = |path: &Path| fs::read(path).map_err(|error| unreadable(&path.display().to_string(), &error));
        match self {
            Self::File(path) | Self::Archive(path) => hash.update(read(path)?),
            Self::Zip { files, .. } => {
                for (name, file) in files {
                    entry(&mut hash, name, file, &read(&file.path)?);
                }
            }
            Self::Cargo(_) => {}
        }
        Ok(digits(hash))
    }
}

/// Adds a file of an archive to a hash.
fn entry(hash: &mut Sha256, name: &str, file: &File, content: &[u8]) {
    for length in [name.len(), content.len()] {
        hash.update((length as u64).to_le_bytes());
    }
    hash.update([u8::from(file.is_executable)]);
    hash.update(name);
    hash.update(content);
}

fn digits(hash: Sha256) -> String {
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

impl Artifact {
    /// The binary that cargo has to build, if it is one.
    pub fn binary(&self) -> Option<&str> {
        match &self.content {
            Content::Cargo(binary) => Some(binary),
            Content::Zip { .. } | Content::File(_) | Content::Archive(_) => None,
        }
    }

    /// The folder or file that it is made of, if it is there already.
    pub fn source(&self) -> Option<&Path> {
        match &self.content {
            Content::Zip { root, .. } => Some(root),
            Content::File(path) | Content::Archive(path) => Some(path),
            Content::Cargo(_) => None,
        }
    }

    /// Whether a file that is there next time would be a part of it: it lies in the folder, and is not excluded.
    pub fn would_take(&self, file: &Path) -> bool {
        match &self.content {
            Content::Zip { root, excluded, .. } => folder::takes(root, excluded, file),
            Content::File(_) | Content::Archive(_) | Content::Cargo(_) => false,
        }
    }

    /// The names of the files of an archive, where they can be known.
    pub fn names(&self) -> Option<Vec<String>> {
        match &self.content {
            Content::Zip { files, .. } if files.is_empty() => None,
            Content::Zip { files, .. } => Some(files.keys().cloned().collect()),
            Content::File(_) => None,
            Content::Archive(path) => {
                let sizes = fs::read(path).ok().and_then(|bytes| unzip::sizes(&bytes).ok());
                sizes.map(|sizes| sizes.into_iter().map(|(name, _)| name).collect())
            }
            Content::Cargo(_) => None,
        }
    }

    /// The bytes of the file.
    pub fn bytes(&self) -> Result<Vec<u8>, String> {
        let read = |path: &Path| fs::read(path).map_err(|error| unreadable(&path.display().to_string(), &error));
        let (bytes, hash) = match &self.content {
            Content::Cargo(binary) => return Err(format!("`{binary}` is not built yet; expected it to be")),
            Content::File(path) | Content::Archive(path) => {
                let bytes = read(path)?;
                if let Content::Archive(_) = &self.content {
                    unzip::expect_whole(&bytes).map_err(|problem| format!("`{}`: {problem}", path.display()))?;
                }
                let hash = digits(Sha256::new_with_prefix(&bytes));
                (bytes, hash)
            }
            Content::Zip { files, .. } => {
                let (mut zip, mut hash) = (Zip::default(), Sha256::new());
                for (name, file) in files {
                    let content = read(&file.path)?;
                    entry(&mut hash, name, file, &content);
                    zip.add(name, file.is_executable, &content);
                }
                (zip.end(), digits(hash))
            }
        };
        // The template has been made of what was there before.
        if self.file.contains(&hash) {
            return Ok(bytes);
        }
        let source = self.source().unwrap_or(Path::new("")).display().to_string();
        Err(format!("`{source}` has changed while it was read; expected it to stay as it is until all is written"))
    }

    /// Whether these bytes can be what it has been written to before: whole, with the same files.
    pub fn may_be(&self, bytes: &[u8]) -> bool {
        match &self.content {
            Content::Cargo(_) => false,
            Content::File(path) | Content::Archive(path) => {
                fs::metadata(path).is_ok_and(|about| about.len() == bytes.len() as u64)
            }
            Content::Zip { files, .. } => {
                let sizes = files.iter().map(|(name, file)| (name.clone(), file.size)).collect::<Vec<_>>();
                unzip::sizes(bytes).is_ok_and(|listed| listed == sizes)
            }
        }
    }
}

/// The archive of a function in a binary: that is its `bootstrap`.
pub(crate) fn bootstrap(binary: &[u8]) -> Vec<u8> {
    let mut zip = Zip::default();
    zip.add("bootstrap", true, binary);
    zip.end()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The file that a path becomes, and what is wrong with it.
    fn file(asset: &Asset) -> (String, Vec<String>) {
        let (artifact, problems) = asset.artifact();
        (artifact.file, problems)
    }

    #[test]
    fn a_path_becomes_a_file_by_what_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("job one.py"), "print()\n").unwrap();
        fs::write(at("Open API.yaml"), "openapi: 3.1.0\n").unwrap();
        fs::create_dir(at("code")).unwrap();
        fs::write(at("code/index.py"), "print()\n").unwrap();
        let none: [String; 0] = [];
        let (zip, problems) = file(&Asset::zip(at("job one.py")));
        assert!(zip.starts_with("assets/job-one-") && zip.ends_with(".zip"), "{zip}");
        assert_eq!(problems, none);
        let (yaml, _) = file(&Asset::file(at("Open API.yaml")));
        assert!(yaml.starts_with("assets/Open-API-") && yaml.ends_with(".yaml"), "{yaml}");
        // An archive is taken as it is, with a hash of its own bytes.
        let bytes = Asset::zip(at("code")).artifact().0.bytes().unwrap();
        fs::write(at("code.zip"), &bytes).unwrap();
        let (archive, problems) = Asset::zip(at("code.zip")).artifact();
        assert_eq!((archive.bytes().unwrap(), problems), (bytes, none.to_vec()));
        assert_eq!(archive.names().unwrap(), ["index.py"]);
        fs::write(at("code.zip"), "no archive").unwrap();
        let shown = at("code.zip").display().to_string();
        assert_eq!(file(&Asset::zip(at("code.zip"))).1, [format!("`{shown}`: it is no zip archive; expected one")]);
        let shown = at("code").display().to_string();
        assert_eq!(file(&Asset::file(at("code"))).1, [format!("`{shown}` is no file; expected one")]);
        let shown = at("job one.py").display().to_string();
        let problem = format!("`{shown}` is no folder, of which something could be excluded; expected one");
        assert_eq!(file(&Asset::zip(at("job one.py")).exclude("*.md")).1, [problem]);
    }

    #[test]
    fn a_hash_follows_names_contents_and_who_may_run_it() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("a"), "bc").unwrap();
        let mut seen = vec![file(&Asset::zip(folder.path())).0];
        let mut is_new = || {
            let name = file(&Asset::zip(folder.path())).0;
            let is_new = !seen.contains(&name);
            seen.push(name);
            is_new
        };
        assert!(!is_new());
        fs::write(at("a"), "b").unwrap();
        assert!(is_new());
        fs::rename(at("a"), at("ab")).unwrap();
        assert!(is_new());
        fs::write(at("c"), "").unwrap();
        assert!(is_new());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(at("c"), fs::Permissions::from_mode(0o700)).unwrap();
            assert!(is_new());
            fs::set_permissions(at("c"), fs::Permissions::from_mode(0o755)).unwrap();
            assert!(!is_new(), "only whether it can be run counts");
        }
        fs::File::options().write(true).open(at("c")).unwrap().set_modified(std::time::UNIX_EPOCH).unwrap();
        assert!(!is_new());
    }

    #[test]
    fn code_that_changes_before_it_is_written_is_told() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("index.py"), "1").unwrap();
        let (artifact, _) = Asset::zip(folder.path()).artifact();
        let bytes = artifact.bytes().unwrap();
        assert!(artifact.may_be(&bytes) && !artifact.may_be(&bytes[..bytes.len() - 1]) && !artifact.may_be(b""));
        fs::write(folder.path().join("index.py"), "2").unwrap();
        let problem = artifact.bytes().unwrap_err();
        assert!(
            problem.ends_with("has changed while it was read; expected it to stay as it is until all is written"),
            "{problem}"
        );
    }
}
