//! AWS's own file of mocks: `MockConfigFile.json` of Step Functions Local.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/sfn-local-mock-cfg-file.html>

use std::{collections::BTreeMap, ops::RangeInclusive, sync::Arc};

use serde::Deserialize;

use crate::{diagnostic::nearest, value::Json};

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
    machines: BTreeMap<String, Machine>,
    responses: BTreeMap<String, Arc<Responses>>,
}

type Responses = Vec<(RangeInclusive<u32>, Response)>;

/// What a call gets.
#[derive(Clone, Debug)]
pub(super) enum Response {
    Return(Arc<Json>),
    Throw { error: Option<String>, cause: Option<String> },
}

/// The responses of one test case.
#[derive(Clone, Debug)]
pub struct TestCase {
    name: String,
    /// By state: the name of its responses, and they.
    states: BTreeMap<String, (String, Arc<Responses>)>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct File {
    state_machines: BTreeMap<String, Machine>,
    #[serde(default)]
    mocked_responses: BTreeMap<String, BTreeMap<String, Mocked>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Machine {
    test_cases: BTreeMap<String, BTreeMap<String, String>>,
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
        for (name, mocked) in file.mocked_responses {
            let mut list = Vec::new();
            for (numbers, response) in mocked {
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
        for (machine, cases) in &config.machines {
            for case in cases.test_cases.keys() {
                config.test_case(machine, case)?;
            }
        }
        Ok(config)
    }

    /// Names of the state machines.
    pub fn machines(&self) -> Vec<&str> {
        self.machines.keys().map(String::as_str).collect()
    }

    /// Names of the test cases of a state machine.
    pub fn test_cases(&self, machine: &str) -> Vec<&str> {
        let machine = self.machines.get(machine).into_iter();
        machine.flat_map(|machine| machine.test_cases.keys().map(String::as_str)).collect()
    }

    /// A test case; the error says which there are.
    pub fn test_case(&self, machine: &str, name: &str) -> Result<TestCase, String> {
        let cases = self.machines.get(machine).ok_or_else(|| {
            format!("there is no state machine `{machine}`; expected one of {}", list(&self.machines()))
        })?;
        let case = cases.test_cases.get(name).ok_or_else(|| {
            format!("`{machine}` has no test case `{name}`; expected one of {}", list(&self.test_cases(machine)))
        })?;
        let states = case.iter().map(|(state, responses)| {
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

impl TestCase {
    /// Name of the test case.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The states that it mocks.
    pub fn states(&self) -> impl Iterator<Item = &str> {
        self.states.keys().map(String::as_str)
    }

    /// The response to a call of a state, the first having number 0: none where the state is not mocked, and the name
    /// of its responses where they do not suffice.
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

/// `2`, or `0-3`.
fn range(text: &str) -> Option<RangeInclusive<u32>> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    (first <= last).then_some(first..=last)
}

fn list(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
