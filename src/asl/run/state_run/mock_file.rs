//! A mock in the form of AWS's `TestState`.

use serde::Deserialize;

use crate::{
    asl::{
        run::outside::{Answer, AnswerContent},
        validate::FieldValidation,
    },
    json::Json,
};

/// A mock of one state, in the form of AWS's `TestState`.
///
/// ```
/// use formwork::asl::run::StateMock;
///
/// // As the AWS CLI takes it, the result a text of JSON.
/// StateMock::parse(r#"{"result": "{\"MessageId\": \"1\"}", "fieldValidationMode": "PRESENT"}"#)?;
/// StateMock::parse(r#"{"errorOutput": {"error": "SNS.ThrottledException", "cause": "slow down"}}"#)?;
/// // The JSON itself is taken too, unless it is a text.
/// StateMock::parse(r#"{"result": {"MessageId": "1"}}"#)?;
///
/// let refused = StateMock::parse(r#"{"result": "{}", "errorOutput": {}}"#).unwrap_err();
/// assert_eq!(refused, "A test mock should have only one of the following fields: [result, errorOutput].");
/// # Ok::<(), String>(())
/// ```
///
/// <https://docs.aws.amazon.com/step-functions/latest/apireference/API_MockInput.html>
#[derive(Clone, Debug)]
pub struct StateMock {
    pub(super) answer: Answer,
    /// Where it is in the file that it was read from.
    pub(super) at: Option<String>,
    pub(super) validation: Option<FieldValidation>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct File {
    result: Option<Json>,
    error_output: Option<ErrorOutput>,
    field_validation_mode: Option<FieldValidation>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ErrorOutput {
    error: Option<String>,
    cause: Option<String>,
}

impl StateMock {
    /// Reads the text of a file, `{result | errorOutput, fieldValidationMode}`; the error says what is wrong, where
    /// `TestState` has words for it in its own.
    pub fn parse(text: &str) -> Result<Self, String> {
        let file: File = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let at = if file.result.is_some() { "/result" } else { "/errorOutput/error" };
        let answer = match (file.result, file.error_output) {
            (Some(Json::String(text)), None) => {
                let result = serde_json::from_str(&text).map_err(|_| "Mocked result must be valid JSON".to_owned())?;
                Answer::response(result)
            }
            (Some(result), None) => Answer::response(result),
            (None, Some(ErrorOutput { error, cause })) => AnswerContent::Error { error, cause }.into(),
            (Some(_), Some(_)) => {
                let problem = "A test mock should have only one of the following fields: [result, errorOutput].";
                return Err(problem.to_owned());
            }
            (None, None) => return Err("the mock has no answer; expected `result` or `errorOutput`".to_owned()),
        };
        Ok(Self { answer, at: Some(at.to_owned()), validation: file.field_validation_mode })
    }
}

impl From<Answer> for StateMock {
    fn from(answer: Answer) -> Self {
        Self { answer, at: None, validation: None }
    }
}
