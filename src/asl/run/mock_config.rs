//! AWS's own file of mocks: `MockConfigFile.json` of Step Functions Local.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/sfn-local-mock-cfg-file.html>

use std::{collections::BTreeMap, fmt, marker::PhantomData, ops::RangeInclusive, sync::Arc};

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor},
};

use crate::{diagnostic::nearest, json::Json};

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
#[derive(Clone, Debug)]
pub struct MockConfig {
    machines: Members<MachineCases>,
    responses: BTreeMap<String, Arc<Responses>>,
}

/// The members of an object in the order of the file, each name once.
#[derive(Clone, Debug)]
struct Members<T>(Vec<(String, T)>);

type Responses = Vec<(RangeInclusive<u32>, Response)>;

/// A mocked response: what a call gets.
#[derive(Clone, Debug)]
pub(super) enum Response {
    Return(Arc<Json>),
    Throw { error: Option<String>, cause: Option<String> },
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

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
enum Mocked {
    Return(Json),
    Throw(Thrown),
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
                list.push((range, response.into()));
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

    /// The response to a call of a state, counted from 0. None says that the state is not mocked; the error is the name
    /// of responses that do not suffice.
    pub(super) fn response(&self, state: &str, number: u32) -> Option<Result<&Response, &str>> {
        let (name, responses) = self.states.get(state)?;
        let found = responses.iter().find(|(range, _)| range.contains(&number));
        Some(found.map(|(_, response)| response).ok_or(name))
    }
}

impl From<Mocked> for Response {
    fn from(mocked: Mocked) -> Self {
        match mocked {
            Mocked::Return(json) => Self::Return(Arc::new(json)),
            Mocked::Throw(Thrown { error, cause }) => Self::Throw { error, cause },
        }
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
        let is_return = |number| matches!(case.response("S", number), Some(Ok(Response::Return(_))));
        let is_throw = |number| matches!(case.response("S", number), Some(Ok(Response::Throw { error: None, .. })));
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
        refused(json!({}), "missing field `StateMachines` at line 1 column 2");
        let twice = r#"{"StateMachines": {"M": {"TestCases": {}}, "M": {"TestCases": {}}}}"#;
        assert!(MockConfig::parse(twice).unwrap_err().starts_with("`M` stands twice in one object; expected it once"));
    }
}
