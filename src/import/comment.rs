//! The comments of YAML: each before the entry that it stands before, or in.

use std::collections::HashMap;

use crate::{
    diagnostic::{Diagnostic, Path},
    template::Template,
};

/// The comments of a template.
#[derive(Default)]
pub(super) struct Comments {
    /// What stands before the first key.
    pub head: Vec<String>,
    entries: HashMap<(String, String), Vec<String>>,
}

/// What a comment may stand before.
struct Anchor {
    /// From 0.
    line: usize,
    section: String,
    /// None of the key of the section itself.
    entry: Option<String>,
}

impl Comments {
    /// The comments of the text that a template was read from; none of JSON.
    pub fn read(text: &str, template: &Template) -> Self {
        if text.trim_start().starts_with('{') {
            return Self::default();
        }
        let anchors = anchors(template);
        let lines: Vec<&str> = text.lines().collect();
        let mut found = Self::default();
        let mut of_section: HashMap<String, Vec<String>> = HashMap::new();
        for (at, comment) in comments(&lines) {
            let next = anchors.partition_point(|anchor| anchor.line <= at);
            let is_before = |anchor: &&Anchor| lines[at + 1..anchor.line].iter().all(|line| is_blank(line));
            let is_line = is_blank(lines[at]);
            match (anchors.get(next).filter(|anchor| is_line && is_before(anchor)), next.checked_sub(1)) {
                (Some(anchor), before) => match &anchor.entry {
                    Some(id) => found.add(&anchor.section, id, comment),
                    None if before.is_none() => found.head.push(comment),
                    None => of_section.entry(anchor.section.clone()).or_default().push(comment),
                },
                (None, Some(inside)) => {
                    let key = lines[if is_line { at + 1 } else { at }..]
                        .iter()
                        .find(|line| !is_blank(line))
                        .and_then(|line| key(line));
                    let anchor = &anchors[inside];
                    let text = match key.filter(|key| anchor.entry.as_deref() != Some(*key)) {
                        Some(key) => format!("{key}: {comment}"),
                        None => comment,
                    };
                    match &anchor.entry {
                        Some(id) => found.add(&anchor.section, id, text),
                        None => of_section.entry(anchor.section.clone()).or_default().push(text),
                    }
                }
                (None, None) => found.head.push(comment),
            }
        }
        // What stands before a section is said before its first entry.
        for (section, comments) in of_section {
            let first = anchors.iter().find(|anchor| anchor.section == section && anchor.entry.is_some());
            let id = first.and_then(|anchor| anchor.entry.clone()).unwrap_or_default();
            let entries = found.entries.entry((section, id)).or_default();
            entries.splice(0..0, comments);
        }
        found
    }

    fn add(&mut self, section: &str, id: &str, comment: String) {
        self.entries.entry((section.to_owned(), id.to_owned())).or_default().push(comment);
    }

    /// The comments of an entry.
    pub fn of(&self, section: &str, id: &str) -> &[String] {
        self.entries.get(&(section.to_owned(), id.to_owned())).map_or(&[], Vec::as_slice)
    }
}

/// The keys of sections and entries, in the order of their lines.
fn anchors(template: &Template) -> Vec<Anchor> {
    let mut names: Vec<(String, Option<String>)> = Vec::new();
    // Located together, which reads the positions once.
    let mut places: Vec<Diagnostic> = Vec::new();
    let mut add = |path: Path, section: &str, entry: Option<&String>| {
        places.push(Diagnostic::error("F1040", path, ""));
        names.push((section.to_owned(), entry.cloned()));
    };
    for (section, json) in template.as_json().as_object().into_iter().flatten() {
        let path = Path::from(section.as_str());
        add(path.clone(), section, None);
        for (id, _) in json.as_object().into_iter().flatten() {
            add(path.join(id), section, Some(id));
        }
    }
    template.locate(&mut places, "");
    let mut found: Vec<Anchor> = names
        .into_iter()
        .zip(&places)
        .filter_map(|((section, entry), place)| {
            let line = place.read_at.as_ref()?.position.line.saturating_sub(1);
            Some(Anchor { line: usize::try_from(line).ok()?, section, entry })
        })
        .collect();
    found.sort_by_key(|anchor| anchor.line);
    found
}

fn is_blank(line: &str) -> bool {
    let line = line.trim_start();
    line.is_empty() || line.starts_with('#')
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// The key that a line begins with.
fn key(line: &str) -> Option<&str> {
    let (key, _) = line.trim_start().trim_start_matches("- ").split_once(':')?;
    let is_name = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_name.then_some(key)
}

/// The comments with their lines, but not what looks like one in the lines of a text.
fn comments(lines: &[&str]) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    // The indentation of the key whose text the lines belong to.
    let mut block: Option<usize> = None;
    for (at, line) in lines.iter().enumerate() {
        if let Some(outer) = block {
            if line.trim().is_empty() || indent(line) > outer {
                continue;
            }
            block = None;
        }
        let content = line.trim_start();
        if let Some(comment) = content.strip_prefix('#') {
            found.push((at, comment.trim_matches(['#', ' ', '\t']).to_owned()));
            continue;
        }
        let code = match content.find(" #").filter(|end| !content[..*end].contains(['"', '\''])) {
            Some(end) => {
                found.push((at, content[end + 2..].trim_matches(['#', ' ', '\t']).to_owned()));
                &content[..end]
            }
            None => content,
        };
        let last = code.split_whitespace().next_back().unwrap_or_default();
        let is_block = last.starts_with(['|', '>']) && last[1..].bytes().all(|byte| b"+-0123456789".contains(&byte));
        if is_block {
            // The text of `- Key: |` is indented more than its dash.
            block = Some(indent(line));
        }
    }
    found.retain(|(_, comment)| !comment.is_empty() && comment.chars().any(char::is_alphanumeric));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_is_of_what_it_stands_before_or_in() {
        let text = "\
# The head.
AWSTemplateFormatVersion: '2010-09-09' # the only one

# All resources.
Resources:
  # The queue,
  # and why.

  Orders: # trailing
    Type: AWS::SQS::Queue
    Properties:
      # Half a minute.
      DelaySeconds: 30 # seconds
      QueueName: \"a # b\"
  ############
  Run:
    Type: AWS::Lambda::Function
    Properties:
      Code:
        ZipFile: |
          # code
          print('x')
      # The role.
      Role: x
";
        let template = Template::parse(text).unwrap();
        let comments = Comments::read(text, &template);
        assert_eq!(comments.head, ["The head."]);
        assert_eq!(
            comments.of("Resources", "Orders"),
            [
                "All resources.",
                "The queue,",
                "and why.",
                "trailing",
                "DelaySeconds: Half a minute.",
                "DelaySeconds: seconds"
            ]
        );
        assert_eq!(comments.of("Resources", "Run"), ["Role: The role."]);
        let json = template.to_json();
        assert!(Comments::read(&json, &template).head.is_empty());
    }
}
