//! The summary of a synthesis, for who sits before a terminal: what was made, and what to type next.

use std::path::Path;

use super::deploy::{self, LARGEST};
use crate::{
    cli::{invocation::Approved, list::service, screen::Screen},
    diagnostic::visible,
    project::exchange::Site,
};

/// What there is to say of a template.
pub(super) struct Summary<'a> {
    /// The command that was typed, where the template still has to be written to a file.
    pub again: Option<String>,
    pub site: Site<'a>,
    pub approved: &'a Approved,
    /// Bytes of the template in the form that was written.
    pub size: usize,
    /// The file that the template is in, or should be.
    pub file: &'a Path,
}

impl Summary<'_> {
    pub fn render(&self, screen: Screen) -> String {
        let services = services(self.approved);
        let resources = self.approved.template.section("Resources").count();
        let resources = if resources == 1 { "1 resource".to_owned() } else { format!("{resources} resources") };
        let warnings = match self.approved.warnings {
            0 => "no warnings".to_owned(),
            1 => "1 warning".to_owned(),
            several => format!("{several} warnings"),
        };
        let title = format!("{}: {resources}, {}, {warnings}", visible(self.site.stack), size(self.size));
        let mut lines = vec![screen.bold(&title)];
        let counts: Vec<String> = services.iter().map(|(name, count)| format!("{name} {count}")).collect();
        lines.extend(filled(&counts, ",", "", screen.width));
        lines.push("Next:".to_owned());
        let file = self.file.to_string_lossy();
        if let Some(again) = &self.again {
            lines.push(format!("  {again} --output {}", deploy::quoted(&file)));
        }
        for words in deploy::commands(&self.approved.template, self.site, &file, self.size) {
            lines.extend(filled(&words, "", " \\", screen.width));
        }
        lines.join("\n") + "\n"
    }
}

/// How a stack of several is deployed.
pub(super) struct Deployment<'a> {
    pub stack: &'a str,
    /// Why it stands where it does.
    pub note: Option<String>,
    pub commands: Vec<Vec<String>>,
}

/// The summary of several stacks: the commands that deploy them, one after the other.
pub(super) fn of_all(deployments: &[Deployment<'_>], folder: &str, files: usize, screen: Screen) -> String {
    let stacks = if files == 1 { "1 stack".to_owned() } else { format!("{files} stacks") };
    let mut lines = vec![screen.bold(&format!("{stacks} in {}", visible(folder))), "Next:".to_owned()];
    for Deployment { stack, note, commands } in deployments {
        let note = note.as_ref().map(|note| format!(", {note}")).unwrap_or_default();
        lines.push(visible(&format!("  # {stack}{note}")).into_owned());
        for words in commands {
            lines.extend(filled(words, "", " \\", screen.width));
        }
    }
    lines.join("\n") + "\n"
}

/// The services of a template with the number of their resources, the largest first.
fn services(approved: &Approved) -> Vec<(String, usize)> {
    let mut services: Vec<(String, usize)> = Vec::new();
    for (_, resource) in approved.template.section("Resources") {
        let name = visible(service(resource["Type"].as_str().unwrap_or_default())).into_owned();
        match services.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count += 1,
            None => services.push((name, 1)),
        }
    }
    // Those with as many stay in the order of the template.
    services.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    services
}

fn size(bytes: usize) -> String {
    match bytes > LARGEST {
        true => format!("{} bytes, more than the {} of a request", grouped(bytes), grouped(LARGEST)),
        false => format!("{} of {} bytes", grouped(bytes), grouped(LARGEST)),
    }
}

/// A number with its thousands apart.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let first = digits.len() % 3;
    let (head, rest) = digits.split_at(first);
    let rest = rest.as_bytes().chunks(3).map(String::from_utf8_lossy);
    (!head.is_empty()).then(|| head.into()).into_iter().chain(rest).collect::<Vec<_>>().join(",")
}

/// Lines of that many columns with all of the words, each but the last word with a mark after it, each but the last
/// line with an end.
fn filled(words: &[String], mark: &str, end: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let word = if at + 1 < words.len() { format!("{word}{mark}") } else { word.clone() };
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() + end.len() <= width => {
                line.push(' ');
                line.push_str(&word);
            }
            Some(line) => {
                line.push_str(end);
                // What goes on is set off from what begins.
                lines.push(format!("{}{word}", if end.is_empty() { "  " } else { "    " }));
            }
            None => lines.push(format!("  {word}")),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::Template;

    fn approved(warnings: usize) -> Approved {
        let template = "
Parameters: {To: {Type: String}}
Resources:
  Send: {Type: AWS::Lambda::Function}
  Mails: {Type: AWS::SNS::Topic}
  SendRole: {Type: AWS::IAM::Role}
  Read: {Type: AWS::Lambda::Function}
  Rows: {Type: Custom::Rows}
";
        Approved { template: Template::parse(template).unwrap(), warnings }
    }

    #[test]
    fn a_summary_says_what_was_made_and_what_to_type_next() {
        let approved = approved(1);
        let summary = Summary {
            again: Some("cargo run -- synth".to_owned()),
            site: Site::of("mail"),
            approved: &approved,
            size: 12_345,
            file: Path::new("template.yaml"),
        };
        assert_eq!(
            summary.render(Screen { width: 100, ..Screen::NONE }),
            "mail: 5 resources, 12,345 of 51,200 bytes, 1 warning\n  \
             Lambda 2, SNS 1, IAM 1, Custom 1\n\
             Next:\n  \
             cargo run -- synth --output template.yaml\n  \
             aws cloudformation deploy --template-file template.yaml --stack-name mail \\\n    \
             --capabilities CAPABILITY_IAM --parameter-overrides To=...\n"
        );
        let summary = Summary { again: None, size: 1_051_201, ..summary };
        let text = summary.render(Screen { width: 40, ..Screen::NONE });
        assert!(text.starts_with("mail: 5 resources, 1,051,201 bytes, more than the 51,200 of a request, "), "{text}");
        assert!(text.contains("  Lambda 2, SNS 1, IAM 1, Custom 1\n") && !text.contains("cargo run"), "{text}");
    }

    #[test]
    fn a_large_number_has_its_thousands_apart() {
        assert_eq!([0, 999, 1_000, 51_200].map(grouped), ["0", "999", "1,000", "51,200"]);
    }
}
