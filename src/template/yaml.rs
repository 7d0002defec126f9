//! The YAML writer: short tags and literal blocks as people write them, and never an anchor.

use serde_json::Map;

use super::{intrinsic::Place, scalar};
use crate::json::Json;

/// A list of texts, numbers and functions is written on one line up to this column.
const WIDTH: usize = 120;

/// Keys longer than this are written as `? key`: readers look for the colon within 1,024 characters.
const LONGEST_SIMPLE_KEY: usize = 1000;

/// A function that is written as a short tag.
struct Short<'a> {
    tag: &'static str,
    argument: Argument<'a>,
}

enum Argument<'a> {
    Text(&'a str),
    Attribute(&'a str, &'a str),
    List(&'a [Json], Place),
}

/// The short form of `map`, if it is a function call that has one.
///
/// CloudFormation refuses a short tag directly behind another (`!GetAZs !Ref X`), so a function whose argument is
/// itself a function keeps its long name; a map as argument does too, which covers that. `Fn::Length` and
/// `Fn::ToJsonString` have no short form, and `!Transform` has been reported to be refused (aws-cloudformation/rain#59).
fn short(map: &Map<String, Json>, place: Place) -> Option<Short<'_>> {
    let mut entries = map.iter();
    let (Some((name, value)), None) = (entries.next(), entries.next()) else {
        return None;
    };
    let text = || value.as_str().map(Argument::Text);
    let list = |place| value.as_array().filter(|list| !list.is_empty()).map(|list| Argument::List(list, place));
    let (tag, argument) = match name.as_str() {
        "Ref" => ("!Ref", text()),
        "Condition" if matches!(place, Place::Operand) => ("!Condition", text()),
        "Fn::GetAtt" => ("!GetAtt", attribute(value)),
        "Fn::Sub" => ("!Sub", text().or_else(|| list(Place::Other))),
        "Fn::Base64" => ("!Base64", text()),
        "Fn::GetAZs" => ("!GetAZs", text()),
        "Fn::ImportValue" => ("!ImportValue", text()),
        "Fn::Cidr" => ("!Cidr", list(Place::Other)),
        "Fn::FindInMap" => ("!FindInMap", list(Place::Other)),
        "Fn::Join" => ("!Join", list(Place::Other)),
        "Fn::Select" => ("!Select", list(Place::Other)),
        "Fn::Split" => ("!Split", list(Place::Other)),
        "Fn::If" => ("!If", list(Place::Other)),
        "Fn::Equals" => ("!Equals", list(Place::Other)),
        "Fn::And" => ("!And", list(Place::Operand)),
        "Fn::Or" => ("!Or", list(Place::Operand)),
        "Fn::Not" => ("!Not", list(Place::Operand)),
        _ => return None,
    };
    Some(Short { tag, argument: argument? })
}

/// `Resource.Attribute`, which a reader splits at the first point.
fn attribute(value: &Json) -> Option<Argument<'_>> {
    match value.as_array()?.as_slice() {
        [Json::String(resource), Json::String(attribute)] if !resource.contains('.') => {
            Some(Argument::Attribute(resource, attribute))
        }
        _ => None,
    }
}

/// Tells whether `text` is a name such as `logs:PutLogEvents` or `States.Timeout`, and reads as itself in a list.
fn is_name(text: &str) -> bool {
    text.len() <= WIDTH / 2 && !text.contains(' ') && scalar::is_plain(text, true)
}

/// The template `json` as YAML.
pub(super) fn write(json: &Json) -> String {
    let mut writer = Writer::default();
    match json {
        Json::Object(map) if !map.is_empty() => writer.entries(map, 0, Place::Root),
        other => {
            writer.leaf(other, false);
            writer.out.push('\n');
        }
    }
    writer.out
}

#[derive(Default)]
struct Writer {
    out: String,
    /// The start of the current line, or of an earlier one if only keys and leaves were written since.
    line: usize,
}

impl Writer {
    /// Writes the entries of a map, the first at the cursor, the others at `indent`.
    fn entries(&mut self, map: &Map<String, Json>, indent: usize, place: Place) {
        for (number, (key, value)) in map.iter().enumerate() {
            if number > 0 {
                scalar::pad(&mut self.out, indent);
            }
            self.key(key, indent);
            self.value(value, indent, place.below(key), false);
        }
    }

    fn key(&mut self, key: &str, indent: usize) {
        let start = self.out.len();
        scalar::inline(&mut self.out, key, false);
        if self.out.len() - start > LONGEST_SIMPLE_KEY {
            self.out.insert_str(start, "? ");
            self.end();
            scalar::pad(&mut self.out, indent);
        }
        self.out.push(':');
    }

    /// Writes the elements of a list, the first at the cursor, the others at `indent`.
    fn items(&mut self, list: &[Json], indent: usize, place: Place) {
        for (number, value) in list.iter().enumerate() {
            if number > 0 {
                scalar::pad(&mut self.out, indent);
            }
            self.out.push('-');
            self.value(value, indent, place, true);
        }
    }

    /// Writes what follows `Key:` or, for an `item`, `-`; `indent` is where that stands. Ends the line.
    fn value(&mut self, value: &Json, indent: usize, place: Place, item: bool) {
        let deeper = indent + 2;
        match value {
            Json::Object(map) if !map.is_empty() => match short(map, place) {
                Some(short) => self.function(&short, indent),
                None => {
                    self.open(deeper, item);
                    self.entries(map, deeper, place);
                }
            },
            // Below its key, since CloudFormation counts bytes; inside another list, deeper.
            Json::Array(list) if !list.is_empty() => {
                self.list(list, if item { deeper } else { indent }, Place::Other, item);
            }
            Json::String(text) => self.text(text, indent),
            leaf => {
                self.out.push(' ');
                self.leaf(leaf, false);
                self.end();
            }
        }
    }

    /// Moves to where a nested collection begins: behind the dash of an item, else on a line of its own.
    fn open(&mut self, indent: usize, item: bool) {
        if item {
            self.out.push(' ');
        } else {
            self.end();
            scalar::pad(&mut self.out, indent);
        }
    }

    fn end(&mut self) {
        self.out.push('\n');
        self.line = self.out.len();
    }

    fn text(&mut self, text: &str, indent: usize) {
        self.out.push(' ');
        if scalar::is_block(text) {
            scalar::block(&mut self.out, text, indent + 1);
            self.line = self.out.len();
        } else {
            scalar::inline(&mut self.out, text, false);
            self.end();
        }
    }

    fn function(&mut self, function: &Short<'_>, indent: usize) {
        self.out.push(' ');
        self.out.push_str(function.tag);
        match &function.argument {
            Argument::Text(text) => self.text(text, indent),
            Argument::Attribute(resource, name) => self.text(&format!("{resource}.{name}"), indent),
            Argument::List(list, place) => self.list(list, indent + 2, *place, false),
        }
    }

    /// A list: on one line if it fits there; else names fill several lines, and anything else is an element a line, from
    /// the column `indent` on.
    fn list(&mut self, list: &[Json], indent: usize, place: Place, item: bool) {
        let start = self.out.len();
        self.out.push(' ');
        if self.flow(list, place) {
            self.end();
            return;
        }
        self.out.truncate(start);
        let names: Option<Vec<&str>> = list.iter().map(|item| item.as_str().filter(|text| is_name(text))).collect();
        match names {
            Some(names) if names.len() > 2 => self.fill(&names, indent + 2),
            _ => {
                self.open(indent, item);
                self.items(list, indent, place);
            }
        }
    }

    /// Fills as many lines with names as they need, the first from the cursor on, the others from the column `indent`.
    fn fill(&mut self, names: &[&str], indent: usize) {
        let mut opening = " [";
        let mut line = self.out.rfind('\n').map_or(0, |end| end + 1);
        for name in names {
            self.out.push_str(opening);
            // With the comma, or the bracket, behind it.
            if self.out.len() - line + name.len() + 1 > WIDTH {
                self.out.truncate(self.out.trim_end().len());
                self.out.push('\n');
                line = self.out.len();
                scalar::pad(&mut self.out, indent);
            }
            self.out.push_str(name);
            opening = ", ";
        }
        self.out.push(']');
        self.end();
    }

    /// Tries to write a list on one line; false if it is too long or holds what needs lines of its own.
    fn flow(&mut self, list: &[Json], place: Place) -> bool {
        self.out.push('[');
        for (number, value) in list.iter().enumerate() {
            if number > 0 {
                self.out.push_str(", ");
            }
            let fits = match value {
                Json::Object(map) if !map.is_empty() => match short(map, place) {
                    Some(Short { tag, argument }) => {
                        self.out.push_str(tag);
                        self.out.push(' ');
                        match argument {
                            Argument::Text(text) => self.flow_text(text),
                            Argument::Attribute(resource, name) => self.flow_text(&format!("{resource}.{name}")),
                            Argument::List(list, place) => self.flow(list, place),
                        }
                    }
                    None => false,
                },
                Json::Array(list) => self.flow(list, Place::Other),
                Json::String(text) => self.flow_text(text),
                leaf => {
                    self.leaf(leaf, true);
                    true
                }
            };
            if !fits || self.out.len() - self.line > WIDTH {
                return false;
            }
        }
        self.out.push(']');
        self.out.len() - self.line <= WIDTH
    }

    fn flow_text(&mut self, text: &str) -> bool {
        let fits = text.len() <= WIDTH && !text.contains('\n');
        if fits {
            scalar::inline(&mut self.out, text, true);
        }
        fits
    }

    fn leaf(&mut self, value: &Json, flow: bool) {
        match value {
            Json::Null => self.out.push_str("null"),
            Json::Bool(true) => self.out.push_str("true"),
            Json::Bool(false) => self.out.push_str("false"),
            Json::Number(number) => scalar::number(&mut self.out, number),
            Json::String(text) => scalar::inline(&mut self.out, text, flow),
            Json::Array(_) => self.out.push_str("[]"),
            Json::Object(_) => self.out.push_str("{}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn give(json: Json, expected: &str) {
        let yaml = write(&json);
        assert_eq!(yaml, expected.strip_prefix('\n').unwrap_or(expected));
        assert_eq!(crate::template::Template::parse(&yaml).unwrap().as_json(), &json);
    }

    #[test]
    fn a_policy_document() {
        give(
            json!({"PolicyDocument": {"Version": "2012-10-17", "Statement": [{
                "Effect": "Allow",
                "Action": ["s3:GetObject", "s3:Put*"],
                "Resource": [{"Fn::Sub": "${Reports.Arn}/reports/*"}, "*"],
                "Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}},
            }]}}),
            "
PolicyDocument:
  Version: '2012-10-17'
  Statement:
  - Effect: Allow
    Action: [s3:GetObject, 's3:Put*']
    Resource: [!Sub '${Reports.Arn}/reports/*', '*']
    Condition:
      StringEquals:
        aws:SourceAccount: !Ref AWS::AccountId
",
        );
    }

    #[test]
    fn inline_code_is_a_literal_block() {
        give(
            json!({"ZipFile": "import os\n\ndef handler(event, _):\n    return {'a': os.environ[\"B\"]}\n", "Next": 1}),
            "
ZipFile: |
 import os

 def handler(event, _):
     return {'a': os.environ[\"B\"]}
Next: 1
",
        );
    }

    #[test]
    fn the_end_and_the_indentation_of_a_block_are_kept() {
        give(json!({"A": "a\nb", "B": ["a\n\n\n"]}), "A: |-\n a\n b\nB:\n- |+\n a\n\n\n");
        give(json!({"A": "  a\nb\n"}), "A: |1\n   a\n b\n");
        give(json!({"A": "\n a"}), "A: |1-\n\n  a\n");
        give(json!({"A": "a \n\tb"}), "A: |-\n a \n \tb\n");
    }

    #[test]
    fn text_that_a_block_cannot_hold_is_escaped() {
        give(
            json!({"A": ["a\r\nb\r\n", "\n", "\ta\nb", "a\n \n", " \na", "a\n\u{feff}b"]}),
            r#"
A:
- "a\r\nb\r\n"
- "\n"
- "\ta\nb"
- "a\n \n"
- " \na"
- "a\n\uFEFFb"
"#,
        );
    }

    #[test]
    fn functions_are_short_tags() {
        give(
            json!({
                "A": {"Ref": "AWS::Region"},
                "B": {"Fn::GetAtt": ["Database", "Endpoint.Address"]},
                "C": {"Fn::Join": ["", ["a", {"Ref": "B"}]]},
                "D": {"Fn::Select": [0, {"Fn::GetAZs": ""}]},
                "E": {"Fn::FindInMap": ["Regions", {"Ref": "AWS::Region"}, "Zone"]},
                "F": {"Fn::Sub": ["https://${Host}/", {"Host": {"Ref": "Name"}}]},
                "G": {"Fn::If": ["IsProd", [{"Ref": "B"}], {"Ref": "AWS::NoValue"}]},
                "H": {"Fn::Base64": "#!/bin/sh\necho\n"},
                "I": {"Fn::Cidr": [{"Fn::GetAtt": ["Vpc", "CidrBlock"]}, 2, 8]},
            }),
            "
A: !Ref AWS::Region
B: !GetAtt Database.Endpoint.Address
C: !Join ['', [a, !Ref B]]
D: !Select [0, !GetAZs '']
E: !FindInMap [Regions, !Ref AWS::Region, Zone]
F: !Sub
  - https://${Host}/
  - Host: !Ref Name
G: !If [IsProd, [!Ref B], !Ref AWS::NoValue]
H: !Base64 |
 #!/bin/sh
 echo
I: !Cidr [!GetAtt Vpc.CidrBlock, 2, 8]
",
        );
    }

    #[test]
    fn a_list_too_long_for_one_line_is_a_block() {
        give(
            json!({"A": [{"Fn::Join": ["/", ["a".repeat(70), "b".repeat(50)]]}]}),
            &format!("A:\n- !Join\n  - /\n  - - {}\n    - {}\n", "a".repeat(70), "b".repeat(50)),
        );
    }

    #[test]
    fn names_that_are_too_many_for_one_line_fill_several() {
        let names: Vec<_> = (10..30).map(|number| format!("logs:Action{number}")).collect();
        let lines = |blanks: &str| {
            let lines: Vec<_> = names.chunks(7).map(|line| line.join(", ")).collect();
            lines.join(&format!(",\n{blanks}"))
        };
        give(
            json!({"A": {"Action": names}, "B": [[names, 1]]}),
            &format!("A:\n  Action: [{}]\nB:\n- - [{}]\n  - 1\n", lines("    "), lines("      ")),
        );
        // What is no name stands on a line of its own.
        let text = "a b".repeat(30);
        give(json!({"A": [text, "c".repeat(40), "d"]}), &format!("A:\n- {text}\n- {}\n- d\n", "c".repeat(40)));
    }

    #[test]
    fn a_function_of_a_function_keeps_its_long_name() {
        give(
            json!({
                "A": {"Fn::GetAZs": {"Ref": "AWS::Region"}},
                "B": {"Fn::Base64": {"Fn::Sub": "a\nb"}},
                "C": [{"Fn::ImportValue": {"Fn::Sub": "${Network}-vpc"}}],
                "D": {"Fn::Select": [0, {"Fn::GetAZs": {"Ref": "AWS::Region"}}]},
            }),
            "
A:
  Fn::GetAZs: !Ref AWS::Region
B:
  Fn::Base64: !Sub |-
   a
   b
C:
- Fn::ImportValue: !Sub ${Network}-vpc
D: !Select
  - 0
  - Fn::GetAZs: !Ref AWS::Region
",
        );
    }

    #[test]
    fn a_function_without_a_short_form_or_with_an_odd_argument_keeps_its_long_name() {
        give(
            json!({
                "A": {"Fn::Length": ["a"]},
                "B": {"Fn::ToJsonString": {"a": 1}},
                "C": {"Fn::Transform": {"Name": "AWS::Include"}},
                "D": {"Fn::GetAtt": "Topic.Arn"},
                "E": {"Fn::GetAtt": ["A.B", "C"]},
                "F": {"Fn::Base64": 5},
                "G": {"Ref": "A", "B": 1},
            }),
            "
A:
  Fn::Length: [a]
B:
  Fn::ToJsonString:
    a: 1
C:
  Fn::Transform:
    Name: AWS::Include
D:
  Fn::GetAtt: Topic.Arn
E:
  Fn::GetAtt: [A.B, C]
F:
  Fn::Base64: 5
G:
  Ref: A
  B: 1
",
        );
    }

    #[test]
    fn a_condition_is_a_function_only_among_conditions() {
        give(
            json!({
                "Conditions": {
                    "IsBig": {"Fn::And": [{"Condition": "IsProd"}, {"Fn::Not": [{"Condition": "IsTest"}]}]},
                    "IsSame": {"Condition": "IsProd"},
                    "IsProd": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]},
                },
                "Resources": {
                    "Topic": {"Condition": "IsProd"},
                    "Machine": {"Properties": {"Definition": {"Choices": [{"Condition": "{% $a = 'b' %}"}]}}},
                },
            }),
            "
Conditions:
  IsBig: !And [!Condition IsProd, !Not [!Condition IsTest]]
  IsSame: !Condition IsProd
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Topic:
    Condition: IsProd
  Machine:
    Properties:
      Definition:
        Choices:
        - Condition: \"{% $a = 'b' %}\"
",
        );
    }

    #[test]
    fn keys_are_quoted_like_values_and_long_ones_written_out() {
        give(
            json!({"on": 1, "": 2, "a: b": 3, "80": [], "a\nb": {}, "Fn::ForEach::A": null}),
            "
'on': 1
'': 2
'a: b': 3
'80': []
\"a\\nb\": {}
Fn::ForEach::A: null
",
        );
        let long = "k".repeat(1001);
        give(
            json!({"A": {&long: {"b": 1}, "c": [{&long: 2}]}}),
            &format!("A:\n  ? {long}\n  :\n    b: 1\n  c:\n  - ? {long}\n    : 2\n"),
        );
    }

    #[test]
    fn a_dash_before_a_bracket_is_quoted() {
        give(json!({"A": ["a -", "a - b", "a-"], "B": "a -"}), "A: ['a -', a - b, a-]\nB: a -\n");
    }

    #[test]
    fn lists_nest_compactly() {
        give(json!({"A": [[1, [2.5, true]], [{"b": [{}]}]]}), "A:\n- [1, [2.5, true]]\n- - b: [{}]\n");
    }
}
