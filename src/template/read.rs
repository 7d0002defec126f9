//! The reader: YAML with short tags, or JSON, to the long form.

mod aliases;
mod json;
mod refusal;
mod short_tag;
mod yaml;

use self::refusal::kind;
use super::{
    ParseError,
    mark::{Marked, of_json},
    token::fill,
};
use crate::json::Json;

/// The template that a text holds: JSON where the text is JSON, YAML everywhere else.
pub(super) fn template(text: &str) -> Result<Marked, ParseError> {
    let text = without_mark(text);
    let subject = "template";
    // A YAML map on one line may begin like JSON; where it is neither, JSON is what was meant.
    let meant_as_json =
        text.trim_start().strip_prefix('{').is_some_and(|rest| rest.trim_start().starts_with(['"', '}']));
    let read = if meant_as_json {
        match json::read(text, subject) {
            Err(error) if error.is_syntax() => yaml::read(text, subject).map_err(|_| error)?,
            read => read?,
        }
    } else {
        yaml::read(text, subject)?
    };
    if read.0.is_object() {
        Ok(read)
    } else {
        Err(ParseError {
            message: format!("the template is {}; expected a map with `Resources`", kind(&read.0)),
            line: Some(1),
            column: Some(1),
        })
    }
}

/// The definition of a state machine that a text of JSON holds, with values for the tokens outside of its strings.
pub(super) fn json_definition(text: &str, values: &[(String, String)]) -> Result<Marked, ParseError> {
    let filled = fill(without_mark(text), values);
    let (json, _) = json::read(&filled.text, "definition")?;
    Ok((json, of_json(&filled.in_place)))
}

/// The definition that a text in a template holds, whose positions are of no use.
pub(super) fn definition_string(text: &str) -> Result<Json, serde_json::Error> {
    json::value(text, "definition")
}

/// The definition of a state machine that a text of YAML holds.
pub(super) fn yaml_definition(text: &str) -> Result<Marked, ParseError> {
    yaml::read(without_mark(text), "definition")
}

/// The text without a byte order mark.
fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(text: &str) -> Result<Json, ParseError> {
        template(text).map(|(json, _)| json)
    }

    fn give(text: &str, expected: Json) {
        assert_eq!(read(text).unwrap(), expected, "{text}");
    }

    fn fail(text: &str, expected: &str) {
        assert_eq!(read(text).unwrap_err().to_string(), expected, "{text}");
    }

    #[test]
    fn short_tags_become_long_functions() {
        give("A: !Ref Topic", json!({"A": {"Ref": "Topic"}}));
        give("A: !Ref 5", json!({"A": {"Ref": "5"}}));
        give("A: !GetAtt Database.Endpoint.Address", json!({"A": {"Fn::GetAtt": ["Database", "Endpoint.Address"]}}));
        give("A: !GetAtt [Topic, !Ref B]", json!({"A": {"Fn::GetAtt": ["Topic", {"Ref": "B"}]}}));
        give("A: !Condition IsProd", json!({"A": {"Condition": "IsProd"}}));
        give("A: !GetAZs", json!({"A": {"Fn::GetAZs": ""}}));
        give("A: !<!Ref> B", json!({"A": {"Ref": "B"}}));
        give(
            "A: !Join\n- ','\n- - !Sub '${B}'\n  - !Select [0, !GetAZs '']",
            json!({"A": {"Fn::Join": [",", [{"Fn::Sub": "${B}"}, {"Fn::Select": [0, {"Fn::GetAZs": ""}]}]]}}),
        );
        give(
            "A: !Transform {Name: 'AWS::Include', Parameters: {Location: !Ref B}}",
            json!({"A": {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": {"Ref": "B"}}}}}),
        );
    }

    #[test]
    fn keys_are_taken_as_written_and_kept_in_order() {
        give("80: a\n012: b\non: c\n2012-10-17: d", json!({"80": "a", "012": "b", "on": "c", "2012-10-17": "d"}));
        assert_eq!(read("z: 1\na: 2.0").unwrap().to_string(), r#"{"z":1,"a":2.0}"#);
    }

    #[test]
    fn core_tags_are_understood() {
        give("A: !!str 5\nB: !!int 5\nC: !!map {}\nD: !!null ~", json!({"A": "5", "B": 5, "C": {}, "D": null}));
        fail("A: !!int x", "line 1, column 4: `!!int` does not fit `x`; expected `!!str`");
        fail("A: !!set {a}", "line 1, column 4: the tag `!!set`; expected a CloudFormation function");
    }

    #[test]
    fn json_is_read_with_a_byte_order_mark_and_with_yaml_inside() {
        give("\u{feff} {\"A\": \"\\ud83d\\ude00\", \"B\": 1e2}", json!({"A": "\u{1f600}", "B": 100.0}));
        give("{\"A\": !Ref B, }", json!({"A": {"Ref": "B"}}));
        give("{A: {B: 1}}", json!({"A": {"B": 1}}));
        fail("{\"A\": ]", "line 1, column 7: not JSON: expected value");
        fail("{\"A\":\n", "line 2, column 1: not JSON: EOF while parsing a value");
    }

    #[test]
    fn a_key_written_twice_is_refused() {
        let twice = "the key `A` is written twice; expected each key of a map once";
        fail("R:\n  A: 1\n  'A': 2", &format!("line 3, column 3: {twice}"));
        fail("{\"R\":\n{\"A\": 1,\n\"A\": 2}}", &format!("line 3, column 3: {twice}"));
    }

    #[test]
    fn what_cloudformation_refuses_is_refused() {
        fail(
            "A: &a 1\nB: *a",
            "line 1, column 4: an anchor (`&name`); expected none, since CloudFormation refuses aliases",
        );
        fail(
            "A:\n  <<: {B: 1}",
            "line 2, column 3: a merge key (`<<`); expected the entries themselves, since CloudFormation refuses it",
        );
        fail("A: *a", "line 1, column 4: not YAML: while parsing node, found unknown anchor");
        fail("A: !Reff B", "line 1, column 4: `!Reff` is not a function of CloudFormation; did you mean `!Ref`?");
        fail(
            "A: !Base64 !Sub a",
            "line 1, column 12: not YAML: while parsing a block mapping, did not find expected key",
        );
        fail("A: !Ref [B]", "line 1, column 4: `!Ref` has a list; expected a name");
        fail("A: 1\n--- \nB: 1", "line 2, column 1: a second document begins; expected a single template");
        fail("[A]: 1", "line 1, column 1: a key that is not a plain string; expected a name");
        fail("A: .inf", "line 1, column 4: the number `.inf` is not one that JSON can hold; expected quotes around it");
    }

    #[test]
    fn the_tools_of_sam_write_out_aliases() {
        let sam = |text: &str| format!("Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]\n{text}");
        let given = |text: &str| read(&sam(text)).unwrap()["R"].clone();
        assert_eq!(given("P: &p {A: 1, B: 2}\nR: [*p, *p]"), json!([{"A": 1, "B": 2}, {"A": 1, "B": 2}]));
        // An entry of the map itself goes before a merged one, wherever it stands, and an earlier one before a later.
        assert_eq!(given("P: &p {A: 1, B: 2}\nR:\n  <<: *p\n  B: 3"), json!({"B": 3, "A": 1}));
        assert_eq!(given("P: &p {A: 1}\nQ: &q {A: 2, B: 2}\nR: {<<: [*p, *q]}"), json!({"A": 1, "B": 2}));
        fail(&sam("R: {<<: 1}"), "line 2, column 5: a merge key (`<<`) of no map; expected a map, or a list of maps");
        fail(&sam("R: &r [*r]"), "line 2, column 8: an alias of what it is in; expected a value that ends before it");
    }

    #[test]
    fn what_aliases_stand_for_is_bounded() {
        let sam = "Transform: AWS::Serverless-2016-10-31";
        let fold = |one: &str, count: usize, of: &str| {
            let lines = (1..count).map(|n| format!("A{n}: &a{n} [{}]", of.replace('*', &format!("*a{}", n - 1))));
            format!("{sam}\nA0: &a0 {one}\n{}", lines.collect::<Vec<_>>().join("\n"))
        };
        let many = "the aliases up to this one make more than 200000 values; expected fewer";
        let long = format!("'{}'", "x".repeat(100_000));
        for (text, expected) in [
            (fold("[1, 2]", 40, "*, *, *, *, *"), many),
            (fold(&long, 20, "*, *, *, *, *"), many),
            (fold("1", 200, "*"), "the template nests too deeply; expected at most 100 levels"),
        ] {
            assert_eq!(read(&text).unwrap_err().message, expected);
        }
        assert!(read(&fold("1", 90, "*")).is_ok());
    }

    #[test]
    fn the_root_is_a_map() {
        fail("", "line 1, column 1: the template is empty; expected a map with `Resources`");
        fail("- A", "line 1, column 1: the template is a list; expected a map with `Resources`");
        fail("[1]", "line 1, column 1: the template is a list; expected a map with `Resources`");
        fail("A", "line 1, column 1: the template is a single value; expected a map with `Resources`");
    }

    #[test]
    fn a_definition_is_refused_in_its_own_words() {
        let json = |text: &str| json_definition(text, &[]).map(|(json, _)| json).map_err(|error| error.to_string());
        assert_eq!(json("\u{feff}[1]"), Ok(json!([1])));
        let cases = [
            ("{", "line 1, column 1: not JSON: EOF while parsing an object"),
            ("{\"A\": 1,}", "line 1, column 9: not JSON: trailing comma"),
            (
                "{\"A\": 1, \"A\": 2}",
                "line 1, column 12: the key `A` is written twice; expected each key of a map once",
            ),
            (&"[".repeat(101), "line 1, column 101: the definition nests too deeply; expected at most 100 levels"),
        ];
        for (text, message) in cases {
            assert_eq!(json(text), Err(message.to_owned()), "{text}");
        }
        assert_eq!(
            yaml_definition("A: 1\n---\nB: 1").unwrap_err().to_string(),
            "line 2, column 1: a second document begins; expected a single definition"
        );
    }

    #[test]
    fn nesting_is_bounded() {
        let deep = |levels: usize| format!("A: {}1{}", "[".repeat(levels), "]".repeat(levels));
        assert!(read(&deep(99)).is_ok());
        fail(&deep(100), "line 1, column 104: the template nests too deeply; expected at most 100 levels");
        for text in ["[".repeat(100_000), "- ".repeat(100_000), "{\"A\":".repeat(100_000), "{A: ".repeat(100_000)] {
            let error = read(&text).unwrap_err();
            assert_eq!(error.message, "the template nests too deeply; expected at most 100 levels");
        }
    }
}
