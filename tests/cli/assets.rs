//! Assets: what `synth` writes beside a template.

use std::{
    fs,
    path::{Path, PathBuf},
};

use md5::{Digest, Md5};

use formwork::{
    Project, Stack,
    asset::Asset,
    aws::lambda::{
        Function, LayerVersion,
        function::{Code, Runtime},
        layer_version::Content,
    },
};

use crate::project::run;

const ROLE: &str = "arn:aws:iam::111122223333:role/report";

/// What the files of a test can.
const FILES: &str = "files can be written and read";

const TEMPLATE: &str = "\
AWSTemplateFormatVersion: '2010-09-09'
Resources:
  Report:
    Type: AWS::Lambda::Function
    Properties:
      Code: assets/report-29be96a59af00649.zip
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/report
      Runtime: python3.13
  Shared:
    Type: AWS::Lambda::LayerVersion
    Properties:
      Content: assets/index-29be96a59af00649.zip
      LayerName: shared
";

/// A folder with the code of a function.
fn code() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect(FILES);
    let report = folder.path().join("report");
    fs::create_dir_all(report.join("tests")).expect(FILES);
    fs::write(report.join("index.py"), "def handler(event, context):\n    return 'Hello ' + event['name']\n")
        .expect(FILES);
    fs::write(report.join("tests/test_index.py"), "import index\n").expect(FILES);
    folder
}

fn function(code: impl Into<Asset>) -> Function {
    Function::new(Code::asset(code), ROLE).runtime(Runtime::PYTHON_3_13).handler("index.handler")
}

fn reports(functions: &Path) -> Project {
    let folder = functions.to_owned();
    Project::new().stack(move || {
        let mut stack = Stack::new("reports");
        stack.add("Report", function(Asset::zip(folder.join("report")).exclude("tests")));
        let layer = LayerVersion::new(Content::asset(folder.join("report/index.py"))).layer_name("shared");
        stack.add("Shared", layer);
        stack
    })
}

/// The names of the files of a folder.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .expect(FILES)
        .map(|entry| entry.expect(FILES).file_name().into_string().expect(FILES))
        .collect();
    names.sort();
    names
}

fn synthesized(project: &Project, folder: &Path) -> PathBuf {
    let template = folder.join("template.yaml");
    let ended = run(project, &format!("synth --output {}", template.display()));
    assert_eq!(ended, (0, String::new(), String::new()));
    template
}

#[test]
fn the_files_that_a_template_names_are_beside_it() {
    let (functions, out) = (code(), tempfile::tempdir().unwrap());
    let project = reports(functions.path());
    let template = synthesized(&project, out.path());
    assert_eq!(fs::read_to_string(&template).unwrap(), TEMPLATE);
    let assets = out.path().join("assets");
    // What follows the name is the hash of the content.
    assert_eq!(names(&assets), ["index-29be96a59af00649.zip", "report-29be96a59af00649.zip"]);
    // Unchanged code gives the same bytes; what is there stays as it is.
    let about = |name: &str| fs::metadata(assets.join(name)).unwrap().modified().unwrap();
    let first = about("report-29be96a59af00649.zip");
    synthesized(&project, out.path());
    assert_eq!(about("report-29be96a59af00649.zip"), first);
    // One that was cut off is written anew.
    fs::write(assets.join("report-29be96a59af00649.zip"), "PK").unwrap();
    synthesized(&project, out.path());
    let archive = fs::read(assets.join("report-29be96a59af00649.zip")).unwrap();
    assert_eq!(archive, fs::read(assets.join("index-29be96a59af00649.zip")).unwrap());
    // A change has another name, and the template follows.
    fs::write(functions.path().join("report/index.py"), "def handler(event, context): ...\n").unwrap();
    let changed = fs::read_to_string(synthesized(&reports(functions.path()), out.path())).unwrap();
    assert_eq!(names(&assets).len(), 4);
    assert!(!changed.contains("29be96a59af00649"), "{changed}");
}

#[test]
fn the_folder_of_assets_can_be_another_or_none() {
    let (functions, out) = (code(), tempfile::tempdir().unwrap());
    let project = reports(functions.path());
    let shown = out.path().display();
    let (code, template, _) = run(&project, "synth --no-assets");
    assert_eq!(code, 0);
    assert_eq!(run(&project, &format!("synth --asset-dir {shown}")), (0, template, String::new()));
    assert_eq!(names(out.path()), ["assets"]);
    let (code, _, err) = run(&project, &format!("synth --asset-dir {shown} --no-assets"));
    assert!(code == 2 && err.contains("cannot be used with"), "{err}");
    // Nothing is written where an asset cannot be.
    fs::write(out.path().join("file"), "").unwrap();
    let (code, _, err) = run(&project, &format!("synth --asset-dir {shown}/file --output {shown}/template.yaml"));
    assert!(code == 2 && err.contains("file/assets` cannot be made: "), "{err}");
    assert!(!out.path().join("template.yaml").exists());
}

#[test]
fn all_stacks_have_their_assets_in_one_folder() {
    let (functions, out) = (code(), tempfile::tempdir().unwrap());
    let folder = functions.path().join("report");
    let other = folder.clone();
    let project = reports(functions.path()).stack(move || {
        let mut stack = Stack::new("other");
        stack.add("Report", function(other.as_path()));
        stack
    });
    let (code, _, err) = run(&project, &format!("synth --all --output-dir {}", out.path().display()));
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(names(out.path()), ["assets", "other.yaml", "reports.yaml"]);
    assert_eq!(names(&out.path().join("assets")).len(), 3);
}

#[test]
fn other_commands_write_nothing() {
    let (functions, out) = (code(), tempfile::tempdir().unwrap());
    let folder = functions.path().to_owned();
    let project = reports(&folder);
    let old = out.path().join("old.yaml");
    fs::write(&old, run(&project, "synth --no-assets").1).unwrap();
    for words in ["list", "check", "graph --kind resources", &format!("diff --against {}", old.display())] {
        let (code, _, err) = run(&project, words);
        assert!(code == 0 && !err.contains("error["), "{words}: {err}");
    }
    assert_eq!(names(out.path()), ["old.yaml"]);
    assert_eq!(names(&folder), ["report"]);
}

#[test]
fn what_cannot_be_packed_is_told_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("empty")).unwrap();
    let at = folder.path().to_owned();
    let line = line!() + 3;
    let project = Project::new().stack(move || {
        let mut stack = Stack::new("reports");
        let missing = Code::asset("functions/report");
        stack.add("Missing", Function::new(missing, ROLE).runtime(Runtime::PYTHON_3_13).handler("index.handler"));
        stack.add("Empty", function(at.join("empty")));
        stack
    });
    let (code, out, err) = run(&project, "synth --no-assets");
    assert_eq!((code, out.as_str()), (1, ""));
    let crate_folder = env!("CARGO_MANIFEST_DIR");
    for expected in [
        &format!(
            "error[F1035]: `{crate_folder}/functions/report` cannot be read: No such file or directory (os error 2); a \
             relative path begins at the folder of the crate\n"
        ),
        &format!("tests/cli/assets.rs:{line}:"),
        "= at: Resources/Missing/Properties/Code\n",
        "/empty` has no file; expected the code\n",
    ] {
        assert!(err.contains(expected), "{expected}\n{err}");
    }
}

/// What `aws cloudformation package` makes of a template: the key of an upload is the MD5 of the file.
fn packaged(template: &str, folder: &Path) -> String {
    let mut packaged = template.to_owned();
    for name in names(&folder.join("assets")) {
        let hash = Md5::digest(fs::read(folder.join("assets").join(&name)).expect(FILES));
        let key: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        packaged =
            packaged.replace(&format!(": assets/{name}\n"), &format!(": {{S3Bucket: code, S3Key: reports/{key}}}\n"));
    }
    packaged
}

#[test]
fn code_that_was_uploaded_is_compared_by_its_hash() {
    let (functions, out) = (code(), tempfile::tempdir().unwrap());
    let template = fs::read_to_string(synthesized(&reports(functions.path()), out.path())).unwrap();
    let deployed = out.path().join("deployed.yaml");
    fs::write(&deployed, packaged(&template, out.path())).unwrap();
    let words = format!("diff --against {}", deployed.display());
    assert_eq!(run(&reports(functions.path()), &words), (0, "reports: nothing differs\n".to_owned(), String::new()));
    // The same with code that has changed.
    fs::write(functions.path().join("report/index.py"), "def handler(event, context): ...\n").unwrap();
    let (code, text, _) = run(&reports(functions.path()), &words);
    assert!(code == 1 && text.starts_with("reports: 1 replaced, 1 updated"), "{text}");
}

#[test]
fn nothing_is_written_into_the_folder_that_an_asset_is_made_of() {
    let folder = code();
    let report = folder.path().join("report");
    let output = report.join("template.yaml");
    let (code, out, err) = run(&reports(folder.path()), &format!("synth --output {}", output.display()));
    let expected = format!(
        "error: `{}` would be in the folder that `assets/report-29be96a59af00649.zip` is made of, so that its content \
         changed each time; expected another folder for it, or one that is excluded\n",
        output.display()
    );
    assert_eq!((code, out.as_str(), err.as_str()), (2, "", expected.as_str()));
    assert_eq!(names(&report), ["index.py", "tests"]);
    // `tests` is excluded.
    let (code, _, err) = run(&reports(folder.path()), &format!("synth --output {}/tests/t.yaml", report.display()));
    assert_eq!((code, err.as_str()), (0, ""));
}

#[test]
fn a_name_that_is_too_long_for_a_file_is_cut() {
    let folder = tempfile::tempdir().expect(FILES);
    let long = folder.path().join("l".repeat(250));
    fs::create_dir(&long).expect(FILES);
    fs::write(long.join("index.py"), "").expect(FILES);
    let project = Project::new().stack(move || {
        let mut stack = Stack::new("reports");
        stack.add("Report", function(Asset::zip(&long)));
        stack
    });
    let template = synthesized(&project, folder.path());
    let written = names(&template.parent().expect(FILES).join("assets"));
    assert!(written.len() == 1 && written[0].starts_with(&format!("{}-", "l".repeat(100))), "{written:?}");
}

#[test]
fn an_archive_that_is_not_whole_is_not_written() {
    let folder = tempfile::tempdir().expect(FILES);
    let whole = code();
    synthesized(&reports(whole.path()), whole.path());
    let assets = whole.path().join("assets");
    let mut bytes = fs::read(assets.join(&names(&assets)[0])).expect(FILES);
    // A byte of the content, after the header of the file and its name.
    bytes[30 + "index.py".len() + 3] ^= 1;
    let archive = folder.path().join("report.zip");
    fs::write(&archive, bytes).expect(FILES);
    let project = Project::new().stack(move || {
        let mut stack = Stack::new("reports");
        stack.add("Report", function(Asset::zip(&archive)));
        stack
    });
    let output = folder.path().join("template.yaml");
    let (code, _, err) = run(&project, &format!("synth --output {}", output.display()));
    assert_eq!(code, 2);
    assert!(err.starts_with("error: `") && err.contains("report.zip`: `index.py`"), "{err}");
    assert_eq!(names(folder.path()), ["report.zip"]);
}
