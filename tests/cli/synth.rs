//! `synth`.

use std::fs;

use formwork::cli;

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
