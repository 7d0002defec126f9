//! Documents: what a text says, with the line and column of everything in it.

use super::{
    ParseError,
    mark::{Finder, Mark},
    read,
};
use crate::{
    diagnostic::{Diagnostic, FilePosition, Path, Position},
    json::Json,
};

/// A definition that was read from a text, with the line and column of everything in it.
///
/// ```
/// use formwork::{asl::validate, template::Document};
/// let file = Document::json(r#"{"StartAt": "Greet", "States": {
///   "Greet": {"Type": "Pass", "Next": "Stop"}
/// }}"#)?;
/// let mut found = validate::definition(file.as_json());
/// found.retain(|fault| fault.path.ends_with("/Next"));
/// file.locate(&mut found, "greet.asl.json");
/// assert_eq!(found[0].origin().unwrap().to_string(), "greet.asl.json:2:29");
/// # Ok::<(), formwork::template::ParseError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Document {
    pub(super) json: Json,
    /// The positions in the text; none for what was not read.
    mark: Option<Mark>,
}

/// Equality of the content alone: where it stands in the text does not count.
impl PartialEq for Document {
    fn eq(&self, other: &Self) -> bool {
        self.json == other.json
    }
}

impl Document {
    /// Reads a definition that is JSON, which is all that Step Functions takes. A `${Token}` may also stand in place of
    /// a whole value, without quotes, and is a string then.
    ///
    /// # Errors
    ///
    /// Text that is not JSON, a key written twice, more than 100 levels.
    pub fn json(text: &str) -> Result<Self, ParseError> {
        Self::json_with(text, &[])
    }

    /// The same, with values for the tokens that stand outside of strings.
    pub(crate) fn json_with(text: &str, values: &[(String, String)]) -> Result<Self, ParseError> {
        read::json_definition(text, values).map(Self::read)
    }

    /// Reads a definition that is YAML, as tools of AWS take it.
    ///
    /// # Errors
    ///
    /// Text that is not YAML, or has a key twice, an anchor or alias, a merge key, an unknown tag, a second document,
    /// more than 100 levels.
    pub fn yaml(text: &str) -> Result<Self, ParseError> {
        read::yaml_definition(text).map(Self::read)
    }

    pub(super) fn read((json, mark): (Json, Mark)) -> Self {
        Self { json, mark: Some(mark) }
    }

    pub(super) fn made(json: Json) -> Self {
        Self { json, mark: None }
    }

    /// The content, as JSON.
    pub fn as_json(&self) -> &Json {
        &self.json
    }

    /// The position of a path in the text; [`Template::position`](super::Template::position) says which place that is.
    pub fn position(&self, path: &Path) -> Option<Position> {
        Some(Finder::default().find(self.mark.as_ref()?, &self.json, path))
    }

    /// Gives its place in `file`, which the text was read from, to each diagnostic that has neither a Rust line nor a
    /// place yet.
    pub fn locate(&self, diagnostics: &mut [Diagnostic], file: &str) {
        let Some(mark) = &self.mark else { return };
        let mut finder = Finder::default();
        for diagnostic in diagnostics.iter_mut().filter(|diagnostic| diagnostic.origin().is_none()) {
            let position = Some(finder.find(mark, &self.json, &diagnostic.path));
            diagnostic.read_at = position.map(|position| FilePosition { file: file.to_owned(), position });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{check, template::Template};

    #[test]
    fn yaml_is_located_to_the_column_and_short_tags_where_they_stand() {
        let text = "\
# a comment
Resources:
  Tøpic:
    Type: AWS::SNS::Topic
    Properties:
      'TopicName': !Sub '${A}'
      Tags:
      - Key: a
        Value: !GetAtt Queue.Arn
      - {Key: b, Value: !Join ['', [!Ref C]]}
      Text: |
        several
        lines
      List:
        - !Ref D
        -
          E: 1
";
        let template = Template::parse(text).unwrap();
        let properties = "Resources/Tøpic/Properties";
        let expected = [
            ("TopicName", 6, 7),
            ("TopicName/Fn::Sub", 6, 20),
            ("Tags", 7, 7),
            ("Tags/0", 8, 9),
            ("Tags/0/Key", 8, 9),
            ("Tags/0/Value", 9, 9),
            ("Tags/0/Value/Fn::GetAtt/1", 9, 16),
            ("Tags/1", 10, 9),
            ("Tags/1/Value", 10, 18),
            ("Tags/1/Value/Fn::Join/1/0/Ref", 10, 37),
            ("Text", 11, 7),
            ("Text/States/A", 11, 7),
            ("List/0", 15, 11),
            ("List/1", 17, 11),
            ("Missing", 5, 5),
        ];
        for (path, line, column) in expected {
            let position = template.position(&Path::from(path).within(properties));
            assert_eq!(position, Some(Position { line, column }), "{path}");
        }
        assert_eq!(template.position(&Path::default()), Some(Position { line: 2, column: 1 }));
    }

    #[test]
    fn faults_of_a_file_name_their_place_in_it() {
        let text = "
Resources:
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: !GetAtt Rôle.Arn
      Definition:
        StartAt: Greet
        States:
          Greet:
            Type: Pass
            Next: Grete
";
        let template = Template::parse(text).unwrap();
        let mut found = check::all(&template);
        template.locate(&mut found, "template.yaml");
        crate::diagnostic::sort(&mut found);
        let found: Vec<String> = found
            .iter()
            .filter(|fault| fault.path.ends_with("/Next") || fault.code == "E1010")
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            found,
            [
                "error[MISSING_TRANSITION_TARGET]: `Next` names `Grete`; expected a state of the workflow\n  \
                 at   Resources/Machine/Properties/Definition/States/Greet/Next\n  \
                 from template.yaml:12:13\n  \
                 help did you mean `Greet`?\n  \
                 docs https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html",
                "error[E1010]: `Fn::GetAtt` names `Rôle`, which the stack does not declare; expected a resource of it\n  \
                 at   Resources/Machine/Properties/RoleArn\n  \
                 from template.yaml:6:7\n  \
                 docs https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html",
            ]
        );
    }

    #[test]
    fn what_was_not_read_has_no_position() {
        let template = crate::Stack::new("mail").template();
        assert_eq!(template.position(&"Resources".into()), None);
    }
}
