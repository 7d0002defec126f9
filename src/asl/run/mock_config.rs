//! AWS's own file of mocks: `MockConfigFile.json` of Step Functions Local.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/sfn-local-mock-cfg-file.html>
//!
//! Here a response may also say when it comes. Members that begin with `x-` are no words of AWS's format, which has
//! `Return` and `Throw` alone.

use std::{collections::BTreeMap, fmt, marker::PhantomData, ops::RangeInclusive, sync::Arc, time::Duration};

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor},
};

use super::outside::AnswerContent;
use crate::{
    diagnostic::nearest,
    json::{Json, Pointer},
};

/// A file of mocks: test cases of state machines, and the responses that their states get.
///
/// ```
/// use formwork::asl::run::MockConfig;
/// let config = MockConfig::parse(r#"{
///     "StateMachines": {"Reports": {"TestCases": {"Busy": {"Publish": "PublishIsBusy"}}}},
///     "MockedResponses": {"PublishIsBusy": {
///         "0-1": {"Throw": {"Error": "SNS.ThrottledException", "Cause": "slow down"}},
///         "2": {"Return": {"MessageId": "m-1"}}
///     }}
/// }"#)?;
/// assert_eq!(config.test_cases("Reports"), ["Busy"]);
/// let error = config.test_case("Reports", "Bsuy").unwrap_err();
/// assert_eq!(error, "`Reports` has no test case `Bsuy`; expected one of `Busy`");
/// # Ok::<(), String>(())
/// ```
///
/// A response comes at once. Beyond AWS's format, `"x-after-seconds"` beside `Return` or `Throw` lets virtual time pass
/// first, and `{"x-never": true}` is a response that never comes, so that the task times out:
///
/// ```
/// # use formwork::asl::run::MockConfig;
/// MockConfig::parse(r#"{
///     "StateMachines": {"Reports": {"TestCases": {"Slow": {"Publish": "PublishIsSlow"}}}},
///     "MockedResponses": {"PublishIsSlow": {
///         "0": {"x-never": true},
///         "1": {"Return": {"MessageId": "m-1"}, "x-after-seconds": 90}
///     }}
/// }"#)?;
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Debug)]
pub struct MockConfig {
    machines: Members<MachineCases>,
    responses: BTreeMap<String, Arc<Responses>>,
}

/// The members of an object in the order of the file, each name once.
#[derive(Clone, Debug)]
struct Members<T>(Vec<(String, T)>);

type Responses = Vec<(RangeInclusive<u32>, Response)>;

/// A mocked response: what a call gets, and how long after it.
#[derive(Clone, Debug)]
pub(super) struct Response {
    /// The numbers of the calls that it is for, as the file has them: `0-1`.
    pub key: String,
    pub content: ResponseContent,
    pub after: Duration,
}

impl Response {
    /// Where it is in the file, of the list with that name: what it returns, or the error that it throws.
    pub fn place(&self, list: &str) -> String {
        let member = if matches!(self.content, ResponseContent::Throw { .. }) { "Throw/Error" } else { "Return" };
        let at = Pointer::START;
        format!("{}/{member}", at.key("MockedResponses").key(list).key(&self.key))
    }

    /// What the call is answered with.
    pub fn answer(&self) -> AnswerContent {
        match &self.content {
            ResponseContent::Return(result) => AnswerContent::Response(Arc::clone(result)),
            ResponseContent::Throw { error, cause } => {
                AnswerContent::Error { error: error.clone(), cause: cause.clone() }
            }
            ResponseContent::Never => AnswerContent::Never,
        }
    }
}

/// The content of a mocked response.
#[derive(Clone, Debug)]
pub(super) enum ResponseContent {
    Return(Arc<Json>),
    Throw { error: Option<String>, cause: Option<String> },
    Never,
}

/// The responses of one test case.
#[derive(Clone, Debug)]
pub struct TestCase {
    name: String,
    /// The responses by state, each list with its name.
    states: BTreeMap<String, (String, Arc<Responses>)>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct File {
    state_machines: Members<MachineCases>,
    #[serde(default)]
    mocked_responses: Members<Members<Mocked>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct MachineCases {
    test_cases: Members<Members<String>>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase", deny_unknown_fields)]
struct Mocked {
    /// `null` is a result too.
    #[serde(deserialize_with = "there")]
    r#return: Option<Json>,
    throw: Option<Thrown>,
    #[serde(rename = "x-after-seconds")]
    after_seconds: Option<f64>,
    #[serde(rename = "x-never")]
    never: Option<bool>,
}

fn there<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Json>, D::Error> {
    Json::deserialize(deserializer).map(Some)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Thrown {
    error: Option<String>,
    cause: Option<String>,
}

impl MockConfig {
    /// Reads the text of a file; the error says what is wrong, and where.
    pub fn parse(text: &str) -> Result<Self, String> {
        let file: File = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let mut responses = BTreeMap::new();
        for (name, mocked) in file.mocked_responses.0 {
            let mut list = Vec::new();
            for (numbers, response) in mocked.0 {
                let range = range(&numbers).ok_or_else(|| {
                    format!("`MockedResponses/{name}/{numbers}` is not a number; expected one such as `0`, or a range such as `1-3`")
                })?;
                let response =
                    response.read(&numbers).map_err(|why| format!("`MockedResponses/{name}/{numbers}` {why}"))?;
                list.push((range, response));
            }
            list.sort_by_key(|(range, _)| *range.start());
            if let Some(pair) = list.windows(2).find(|pair| pair[0].0.end() >= pair[1].0.start()) {
                let number = pair[1].0.start();
                return Err(format!("`MockedResponses/{name}` has two responses for the call {number}; expected one"));
            }
            responses.insert(name, Arc::new(list));
        }
        let config = Self { machines: file.state_machines, responses };
        for (machine, cases) in &config.machines.0 {
            for case in cases.test_cases.names() {
                config.test_case(machine, case)?;
            }
        }
        Ok(config)
    }

    /// Names of the state machines, in the order of the file.
    pub fn machines(&self) -> Vec<&str> {
        self.machines.names().collect()
    }

    /// Names of the test cases of a state machine, in the order of the file.
    pub fn test_cases(&self, machine: &str) -> Vec<&str> {
        let machine = self.machines.get(machine).into_iter();
        machine.flat_map(|machine| machine.test_cases.names()).collect()
    }

    /// A test case; the error says which there are.
    pub fn test_case(&self, machine: &str, name: &str) -> Result<TestCase, String> {
        let cases = self.machines.get(machine).ok_or_else(|| {
            format!("there is no state machine `{machine}`; expected one of {}", list(&self.machines()))
        })?;
        let case = cases.test_cases.get(name).ok_or_else(|| {
            format!("`{machine}` has no test case `{name}`; expected one of {}", list(&self.test_cases(machine)))
        })?;
        let states = case.0.iter().map(|(state, responses)| {
            let found = self.responses.get(responses).ok_or_else(|| {
                let known = self.responses.keys().map(String::as_str);
                let near = nearest(responses, known).map(|near| format!("; did you mean `{near}`?"));
                format!(
                    "`StateMachines/{machine}/TestCases/{name}/{state}` names `{responses}`, which `MockedResponses` \
                     does not have{}",
                    near.unwrap_or_default()
                )
            })?;
            Ok((state.clone(), (responses.clone(), Arc::clone(found))))
        });
        Ok(TestCase { name: name.to_owned(), states: states.collect::<Result<_, String>>()? })
    }
}

impl<T> Members<T> {
    fn get(&self, name: &str) -> Option<&T> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }
}

impl<T> Default for Members<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Members<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Object<T> {
            type Value = Members<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Members<T>, A::Error> {
                let mut members = Members::default();
                while let Some((name, value)) = object.next_entry::<String, T>()? {
                    if members.get(&name).is_some() {
                        return Err(A::Error::custom(format!("`{name}` stands twice in one object; expected it once")));
                    }
                    members.0.push((name, value));
                }
                Ok(members)
            }
        }

        deserializer.deserialize_map(Object(PhantomData))
    }
}

impl TestCase {
    /// Name of the test case.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The states that it mocks.
    pub fn states(&self) -> impl Iterator<Item = &str> {
        self.states.keys().map(String::as_str)
    }

    /// All responses, each with its state and the name of the list that it is in.
    pub(super) fn responses(&self) -> impl Iterator<Item = (&str, &str, &Response)> {
        self.states.iter().flat_map(|(state, (name, responses))| {
            responses.iter().map(move |(_, response)| (state.as_str(), name.as_str(), response))
        })
    }

    /// The response to a call of a state, counted from 0. None says that the state is not mocked; the error is the name
    /// of responses that do not suffice.
    pub(super) fn response(&self, state: &str, number: u32) -> Option<Result<&Response, &str>> {
        let (name, found) = self.response_with_name(state, number)?;
        Some(found.ok_or(name))
    }

    /// The same, with the name of the list that has it.
    pub(super) fn response_with_name(&self, state: &str, number: u32) -> Option<(&str, Option<&Response>)> {
        let (name, responses) = self.states.get(state)?;
        let found = responses.iter().find(|(range, _)| range.contains(&number));
        Some((name, found.map(|(_, response)| response)))
    }
}

impl Mocked {
    /// The response, or what is wrong with it.
    fn read(self, key: &str) -> Result<Response, String> {
        let content = match (self.r#return, self.throw, self.never) {
            (Some(json), None, None | Some(false)) => ResponseContent::Return(Arc::new(json)),
            (None, Some(Thrown { error, cause }), None | Some(false)) => ResponseContent::Throw { error, cause },
            (None, None, Some(true)) if self.after_seconds.is_some() => {
                return Err("says when a response comes that never does; expected one of them".to_owned());
            }
            (None, None, Some(true)) => ResponseContent::Never,
            _ => return Err("is not a response; expected one of `Return`, `Throw` and `\"x-never\": true`".to_owned()),
        };
        let seconds = self.after_seconds.unwrap_or(0.0);
        let after = Duration::try_from_secs_f64(seconds)
            .map_err(|_| format!("comes after {seconds} seconds; expected a number from 0 on"))?;
        Ok(Response { key: key.to_owned(), content, after })
    }
}

/// The numbers of calls that a key stands for: `2`, or `0-3`.
fn range(text: &str) -> Option<RangeInclusive<u32>> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    (first <= last).then_some(first..=last)
}

fn list(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parse(json: Json) -> Result<MockConfig, String> {
        MockConfig::parse(&json.to_string())
    }

    fn refused(json: Json, expected: &str) {
        assert_eq!(parse(json).unwrap_err(), expected);
    }

    #[test]
    fn test_cases_keep_the_order_of_the_file() {
        let config = parse(json!({"StateMachines": {"M": {"TestCases": {"b": {}, "a": {}}}}})).unwrap();
        assert_eq!(config.test_cases("M"), ["b", "a"]);
        assert_eq!(config.test_cases("N"), [""; 0]);
    }

    #[test]
    fn a_response_is_found_by_the_number_of_the_call() {
        let responses = json!({"0": {"Return": 1}, "1-2": {"Throw": {}}});
        let config = parse(json!({
            "StateMachines": {"M": {"TestCases": {"c": {"S": "r"}}}},
            "MockedResponses": {"r": responses},
        }));
        let case = config.unwrap().test_case("M", "c").unwrap();
        let content = |number| case.response("S", number)?.ok().map(|response| &response.content);
        let is_return = |number| matches!(content(number), Some(ResponseContent::Return(_)));
        let is_throw = |number| matches!(content(number), Some(ResponseContent::Throw { error: None, .. }));
        assert!(is_return(0) && is_throw(1) && is_throw(2));
        assert!(matches!(case.response("S", 3), Some(Err("r"))));
        assert!(case.response("T", 0).is_none());
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let machines = json!({"M": {"TestCases": {"c": {"S": "reports"}}}});
        refused(
            json!({"StateMachines": machines, "MockedResponses": {"report": {}}}),
            "`StateMachines/M/TestCases/c/S` names `reports`, which `MockedResponses` does not have; did you mean \
             `report`?",
        );
        refused(
            json!({"StateMachines": {}, "MockedResponses": {"r": {"first": {"Return": 1}}}}),
            "`MockedResponses/r/first` is not a number; expected one such as `0`, or a range such as `1-3`",
        );
        refused(
            json!({"StateMachines": {}, "MockedResponses": {"r": {"0-2": {"Return": 1}, "2": {"Return": 1}}}}),
            "`MockedResponses/r` has two responses for the call 2; expected one",
        );
        for (response, why) in [
            (json!({}), "is not a response; expected one of `Return`, `Throw` and `\"x-never\": true`"),
            (
                json!({"Return": null, "Throw": {}}),
                "is not a response; expected one of `Return`, `Throw` and `\"x-never\": true`",
            ),
            (
                json!({"Return": 1, "x-never": true}),
                "is not a response; expected one of `Return`, `Throw` and `\"x-never\": true`",
            ),
            (
                json!({"x-never": true, "x-after-seconds": 5}),
                "says when a response comes that never does; expected one of them",
            ),
            (json!({"Return": 1, "x-after-seconds": -1}), "comes after -1 seconds; expected a number from 0 on"),
        ] {
            refused(
                json!({"StateMachines": {}, "MockedResponses": {"r": {"0": response}}}),
                &format!("`MockedResponses/r/0` {why}"),
            );
        }
        refused(json!({}), "missing field `StateMachines` at line 1 column 2");
        let twice = r#"{"StateMachines": {"M": {"TestCases": {}}, "M": {"TestCases": {}}}}"#;
        assert!(MockConfig::parse(twice).unwrap_err().starts_with("`M` stands twice in one object; expected it once"));
    }
}
