//! `synth`.

use std::fs;

use formwork::{Stack, aws::sns::Topic, cli, template::Template};

use crate::project::{broken, circle, connected, files, letters, mail, of, run, run_in};

#[test]
fn synth_writes_yaml_by_default_and_json_when_asked() {
    let yaml = "AWSTemplateFormatVersion: '2010-09-09'\nDescription: Sends mails\nResources:\n  Mails:\n    Type: AWS::SNS::Topic\n";
    assert_eq!(run(&of([mail]), "synth"), (0, yaml.into(), String::new()));
    assert_eq!(run(&of([mail, letters]), "synth mail"), (0, yaml.into(), String::new()));
    let (code, json, _) = run(&of([mail]), "synth --format json");
    assert_eq!(code, 0);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["Resources"]["Mails"]["Type"], "AWS::SNS::Topic");
}

#[test]
fn output_replaces_a_file_only_when_the_stack_is_sound() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("template.yaml");
    fs::write(&file, "before").unwrap();
    let words = format!("synth --output {}", file.display());
    assert_eq!(run(&of([broken]), &words).0, 1);
    assert_eq!(fs::read_to_string(&file).unwrap(), "before");
    assert_eq!(run(&of([mail]), &words), (0, String::new(), String::new()));
    assert!(fs::read_to_string(&file).unwrap().contains("Type: AWS::SNS::Topic"));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no part is left over");
}

/// A writer that takes nothing, as a pipe that nobody reads.
struct Closed;

impl std::io::Write for Closed {
    fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
        Err(std::io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_stack_with_an_error_gives_code_1_when_nobody_reads_why() {
    let mut out = Vec::new();
    assert_eq!(cli::run(&of([broken]), ["coffee-report", "synth"], &mut out, &mut Closed), 1);
    assert!(out.is_empty());
    assert_eq!(cli::run(&of([mail]), ["coffee-report", "synth"], &mut Closed, &mut Vec::new()), 0);
}

#[cfg(unix)]
#[test]
fn a_link_or_a_device_stays_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let (target, link, device) = (folder.path().join("a.yaml"), folder.path().join("b"), folder.path().join("null"));
    fs::write(&target, "old").unwrap();
    std::os::unix::fs::symlink(&target, &link).unwrap();
    std::os::unix::fs::symlink("/dev/null", &device).unwrap();
    for file in [&link, &device] {
        assert_eq!(run(&of([mail]), &format!("synth --output {}", file.display())).0, 0);
        assert!(fs::symlink_metadata(file).unwrap().is_symlink(), "{}", file.display());
    }
    assert!(fs::read_to_string(&target).unwrap().contains("AWS::SNS::Topic"));
}

#[test]
fn a_hyphen_is_stdout() {
    let (code, out, err) = run(&of([mail]), "synth --output -");
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(out, run(&of([mail]), "synth").1);
    assert!(!std::path::Path::new("-").exists());
}

#[test]
fn compact_json_is_one_line_and_yaml_has_none() {
    let (code, json, err) = run(&of([mail]), "synth --format json --compact");
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(
        json,
        "{\"AWSTemplateFormatVersion\":\"2010-09-09\",\"Description\":\"Sends mails\",\
          \"Resources\":{\"Mails\":{\"Type\":\"AWS::SNS::Topic\"}}}\n"
    );
    let refused = "error: `--compact` is for JSON; expected `--format json` with it\n".to_owned();
    assert_eq!(run(&of([mail]), "synth --compact"), (2, String::new(), refused));
}

fn many() -> Stack {
    let mut stack = Stack::new("many");
    for number in 0..440 {
        stack.add(&format!("Letters{number}"), Topic::new().display_name("Letters"));
    }
    stack
}

#[test]
fn the_form_that_is_written_is_the_one_that_must_fit_a_request() {
    let (code, yaml, err) = run(&of([many]), "synth");
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(yaml.len() < 51_200, "{}", yaml.len());
    let (code, json, err) = run(&of([many]), "synth --format json");
    assert_eq!(code, 0);
    let (_, compact, silent) = run(&of([many]), "synth --format json --compact");
    assert_eq!(silent, "");
    assert!(err.contains(&format!("the template has {} bytes as JSON; expected at most 51200", json.len())), "{err}");
    assert!(err.contains(&format!("which takes {} bytes: `--compact`", compact.len())), "{err}");
}

fn café() -> Stack {
    let mut stack = Stack::new("cafe");
    let topic = stack.add("Mails", Topic::new().display_name("Café “Zum Löwen” 🫘"));
    stack.resource(&topic).metadata("Bean’s", "☕\nnaïve").waive("CKV_AWS_26", "The café’s menu is public");
    stack
}

#[test]
fn every_form_of_a_template_is_ascii_and_says_what_was_said() {
    for words in ["synth", "synth --format json", "synth --format json --compact"] {
        let (code, text, err) = run(&of([café]), words);
        assert_eq!((code, err.as_str()), (0, ""));
        assert!(text.is_ascii(), "{text}");
        let template = Template::parse(&text).unwrap();
        let topic = &template.as_json()["Resources"]["Mails"];
        assert_eq!(topic["Properties"]["DisplayName"], "Café “Zum Löwen” 🫘");
        assert_eq!(topic["Metadata"]["Bean’s"], "☕\nnaïve");
    }
}

#[test]
fn waivers_are_written_beside_the_template_and_not_into_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("waivers.json");
    let (code, text, _) = run(&of([café]), &format!("synth --waivers {}", file.display()));
    assert_eq!(code, 0);
    assert!(!text.contains("CKV_AWS_26"), "{text}");
    assert_eq!(
        fs::read_to_string(&file).unwrap(),
        "{\n  \"Mails\": {\n    \"CKV_AWS_26\": \"The caf\\u00e9\\u2019s menu is public\"\n  }\n}\n"
    );
    let (code, _, err) = run(&of([mail]), "synth --waivers /nowhere/waivers.json");
    assert_eq!(code, 2);
    assert!(err.starts_with("error: `/nowhere/waivers.json` cannot be written: "), "{err}");
    assert_eq!(run(&of([mail]), &format!("synth --waivers {}", file.display())).0, 0);
    assert_eq!(fs::read_to_string(&file).unwrap(), "{}\n");
}

#[test]
fn all_stacks_become_files_of_a_folder() {
    let folder = files(&[]);
    assert_eq!(run_in(&folder, &connected(), "synth --all --output-dir DIR/a/b"), (0, String::new(), String::new()));
    let read = |name: &str| fs::read_to_string(folder.path().join("a/b").join(name)).unwrap();
    assert!(read("topics.yaml").contains("Export:\n      Name: topics:MailsTopicName\n"), "{}", read("topics.yaml"));
    assert!(read("shop.yaml").contains("!ImportValue topics:MailsTopicName"));
    assert!(read("shop.yaml").contains("TemplateURL: post.yaml"));
    assert!(read("post.yaml").contains("Description: Sends letters"));
    assert_eq!(fs::read_dir(folder.path().join("a/b")).unwrap().count(), 3, "no part is left over");
    // What is nested is there under the name that says so, whatever the others are.
    assert_eq!(run_in(&folder, &connected(), "synth --all --output-dir DIR/json --format json").0, 0);
    let mut names: Vec<_> =
        fs::read_dir(folder.path().join("json")).unwrap().map(|it| it.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["post.yaml", "shop.json", "topics.json"]);
}

#[test]
fn no_stack_is_written_while_one_has_an_error() {
    let folder = files(&[("mail.yaml", "before")]);
    let (code, _, err) = run_in(&folder, &of([mail, broken]), "synth --all --output-dir DIR");
    assert_eq!(code, 1);
    assert!(err.contains("error[F1001]") && err.contains("broken: 1 error, nothing is synthesized"), "{err}");
    assert_eq!(fs::read_to_string(folder.path().join("mail.yaml")).unwrap(), "before");
    assert_eq!(run_in(&folder, &circle(), "synth --all --output-dir DIR").0, 1);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    assert_eq!(run(&circle(), "synth left").0, 1);
}

#[test]
fn files_that_cannot_be_written_are_none() {
    let folder = files(&[("mail.yaml", "before")]);
    fs::create_dir(folder.path().join("letters-on-paper.yaml")).unwrap();
    let (code, _, err) = run_in(&folder, &of([mail, letters]), "synth --all --output-dir DIR");
    assert_eq!(code, 2);
    assert!(err.contains("letters-on-paper.yaml` cannot be written"), "{err}");
    assert_eq!(fs::read_to_string(folder.path().join("mail.yaml")).unwrap(), "before");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "no part is left over");
    assert_eq!(run_in(&folder, &of([mail]), "synth --all --output-dir DIR/mail.yaml").0, 2);
    let path = || {
        let mut stack = Stack::new("../mail");
        stack.add("Mails", Topic::new());
        stack
    };
    let (code, _, err) = run_in(&folder, &formwork::Project::new().stack(path), "synth --all --output-dir DIR/x");
    assert_eq!(code, 2);
    assert!(err.contains("the stack `../mail` cannot be a file of that name"), "{err}");
    assert!(!folder.path().join("x").exists());
}

#[test]
fn all_needs_a_folder_and_no_stack() {
    for words in [
        "synth --all",
        "synth --output-dir x",
        "synth mail --all --output-dir x",
        "synth --all --output-dir x --output y",
    ] {
        assert_eq!(run(&of([mail]), words).0, 2, "{words}");
    }
}

#[test]
fn the_template_of_a_nested_stack_is_beside_that_of_the_outer_one() {
    let folder = files(&[]);
    let names = || {
        let entries = fs::read_dir(folder.path()).unwrap();
        let mut names: Vec<_> = entries.map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    let (code, _, err) = run_in(&folder, &connected(), "synth shop --output DIR/post.yaml");
    let expected = "error: `post.yaml` is the template of a nested stack; expected another file for this one\n";
    assert_eq!((code, err.as_str(), names()), (2, expected, Vec::new()));
    assert_eq!(run_in(&folder, &connected(), "synth shop --output DIR/t.yaml --no-assets").0, 0);
    assert_eq!(names(), ["t.yaml"]);
    assert_eq!(run_in(&folder, &connected(), "synth shop --output DIR/t.yaml").0, 0);
    assert_eq!(names(), ["post.yaml", "t.yaml"]);
    let (_, post, _) = run(&connected(), "synth post");
    assert_eq!(fs::read_to_string(folder.path().join("post.yaml")).unwrap(), post);
}
