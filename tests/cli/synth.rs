//! `synth`.

use std::fs;

use formwork::{Stack, aws::sns::Topic, cli, template::Template};

use crate::project::{broken, letters, mail, of, run};

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
