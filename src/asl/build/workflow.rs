//! Workflows and branches: named states in reading order.

use std::{marker::PhantomData, panic::Location};

use schemars::JsonSchema;
use serde_json::Map as Object;

use super::{
    Finished, FitsIn, QueryLanguage, State,
    body::{Body, Needs},
    grant,
    integration::{Integration, integrations, move_to, tokenize},
};
use crate::{
    asl::{
        definition::Definition,
        run::{FieldValidation, Machine, Run, StateRun, substitute},
        validate::{self, Declared},
    },
    diagnostic::{Declarations, Diagnostic, Path, Source, assert_clean, report, sort},
    iam::Policy,
    json::Json,
    json_schema,
    value::{Entries, IntoValue, Notes, Value},
};

/// Named states, of which the first is where it starts unless another is named.
#[derive(Clone, Debug, Default)]
struct NamedStates {
    states: Object<String, Json>,
    start_at: Option<String>,
    needs: Needs,
}

impl NamedStates {
    fn add<W, L: FitsIn<W>>(&mut self, name: String, state: State<L>, source: Source) {
        let path = Path::from("/States").join(&name);
        if self.states.contains_key(&name) {
            let problem = validate::duplicate(&name, path.to_string()).declared_at(source);
            self.needs.problems.push(match self.needs.declared.get(&path) {
                Some(first) => problem.help(format!("the first one is declared at {first}")),
                None => problem,
            });
            return;
        }
        let Body { mut fields, needs } = state.body;
        if L::SAYS_SO {
            say_language(&mut fields);
        }
        self.needs.declared.insert(&path, source);
        let renames = self.needs.absorb(&path, needs);
        self.states.insert(name, renames.apply(Json::Object(fields)));
    }

    fn start_at(&self) -> Option<&str> {
        self.start_at.as_deref().or_else(|| self.states.keys().next().map(String::as_str))
    }
}

/// Writes the language into a JSONata state, and into those inside it.
fn say_language(fields: &mut Object<String, Json>) {
    fields.shift_insert(1.min(fields.len()), "QueryLanguage".to_owned(), "JSONata".into());
    for (field, value) in fields {
        let scopes = match (field.as_str(), value) {
            ("Branches", Json::Array(branches)) => branches.as_mut_slice(),
            ("ItemProcessor", processor) => std::slice::from_mut(processor),
            _ => continue,
        };
        let states = scopes.iter_mut().filter_map(|scope| scope.get_mut("States")?.as_object_mut());
        states.flatten().filter_map(|(_, state)| state.as_object_mut()).for_each(say_language);
    }
}

/// States that run beside others ([`Parallel`](super::Parallel)) or once for each item ([`Map`](super::Map)).
#[derive(Clone, Debug)]
pub struct Branch<L> {
    named: NamedStates,
    of: PhantomData<fn() -> L>,
}

impl<L: QueryLanguage> Default for Branch<L> {
    fn default() -> Self {
        Self::new()
    }
}

impl<L: QueryLanguage> Branch<L> {
    /// A branch without states.
    pub fn new() -> Self {
        Self { named: NamedStates::default(), of: PhantomData }
    }

    /// Appends a state. Its name is 1 to 80 characters and unique within the whole workflow.
    #[track_caller]
    pub fn state<S: Finished>(mut self, name: impl Into<String>, state: S) -> Self
    where
        S::Language: FitsIn<L>,
    {
        self.named.add::<L, _>(name.into(), state.into_state(), Location::caller().into());
        self
    }

    /// `StartAt`: the state to begin with, where that is not the first.
    pub fn start_at(mut self, state: impl Into<String>) -> Self {
        self.named.start_at = Some(state.into());
        self
    }

    pub(super) fn into_body(self) -> Body {
        let mut fields = Object::new();
        if let Some(state) = self.named.start_at() {
            fields.insert("StartAt".to_owned(), state.into());
        }
        fields.insert("States".to_owned(), self.named.states.into());
        Body { fields, needs: self.named.needs }
    }
}

/// A state machine's definition, with what it needs of the stack around it.
///
/// Nothing here fails or panics: what is wrong becomes a [`Diagnostic`] that names the Rust line, from
/// [`validate`](Self::validate) and from [`Stack::diagnostics`](crate::Stack::diagnostics).
///
/// <https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html>
#[derive(Clone, Debug)]
pub struct Workflow<L> {
    named: NamedStates,
    comment: Option<String>,
    version: Option<String>,
    timeout_seconds: Option<u32>,
    partition: Option<String>,
    input: Option<Json>,
    substitutions: Vec<(String, Value<String>)>,
    of: PhantomData<fn() -> L>,
}

impl<L: QueryLanguage> Default for Workflow<L> {
    fn default() -> Self {
        Self::new()
    }
}

impl<L: QueryLanguage> Workflow<L> {
    /// A workflow without states.
    pub fn new() -> Self {
        Self {
            named: NamedStates::default(),
            comment: None,
            version: None,
            timeout_seconds: None,
            partition: None,
            input: None,
            substitutions: Vec::new(),
            of: PhantomData,
        }
    }

    /// Appends a state. Its name is 1 to 80 characters and unique within the whole workflow; the first state is where
    /// the workflow starts. In a JSONPath workflow the state may be one of JSONata.
    #[track_caller]
    pub fn state<S: Finished>(mut self, name: impl Into<String>, state: S) -> Self
    where
        S::Language: FitsIn<L>,
    {
        self.named.add::<L, _>(name.into(), state.into_state(), Location::caller().into());
        self
    }

    /// `StartAt`: the state to begin with, where that is not the first.
    pub fn start_at(mut self, state: impl Into<String>) -> Self {
        self.named.start_at = Some(state.into());
        self
    }

    /// `Comment`: a note for people.
    pub fn comment(mut self, text: impl Into<String>) -> Self {
        self.comment = Some(text.into());
        self
    }

    /// `Version` of the language; `"1.0"` is the only one, and AWS's default.
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.version = Some(version.into());
        self
    }

    /// `TimeoutSeconds`: after how long an execution fails with `States.Timeout`, from 1 to 99,999,999.
    pub fn timeout_seconds(mut self, seconds: u32) -> Self {
        self.timeout_seconds = Some(seconds);
        self
    }

    /// A fixed partition in the ARNs of the integrations: `aws`, `aws-cn`, `aws-us-gov`. Where it is not set, it is the
    /// one that the stack is deployed to: each integration is a `${Token}` then, with a substitution.
    pub fn partition(mut self, partition: impl Into<String>) -> Self {
        self.partition = Some(partition.into());
        self
    }

    /// Says what an execution is given. The definition does not change; whatever reads something else of the input is a
    /// [diagnostic](Self::validate).
    ///
    /// ```
    /// use formwork::asl::jsonata::*;
    /// #[derive(schemars::JsonSchema)]
    /// struct Order {
    ///     bean: String,
    ///     bags: Option<u8>,
    /// }
    ///
    /// let workflow = Workflow::new()
    ///     .input::<Order>()
    ///     .state("Count", Pass::new().output("{% $states.input.bag %}").end());
    /// let found = workflow.validate();
    /// assert_eq!(
    ///     found[0].message,
    ///     "`Count` reads `bag` of its input; the input of the execution gives `bean`, `bags`"
    /// );
    /// assert_eq!(found[0].help.as_deref(), Some("did you mean `bags`?"));
    /// ```
    pub fn input<T: JsonSchema>(mut self) -> Self {
        self.input = Some(json_schema::inline::<T>());
        self
    }

    /// Puts `value` wherever a text of the definition says `${token}`. Only for texts that are put together: an
    /// attribute that is a whole argument needs no more than to be given as that argument.
    ///
    /// ```
    /// use formwork::{asl::jsonata::*, intrinsic::region};
    /// let workflow = Workflow::new()
    ///     .state("Say", Pass::new().output("{% 'running in ' & '${Region}' %}").end())
    ///     .substitution("Region", region());
    /// ```
    pub fn substitution(mut self, token: impl Into<String>, value: impl IntoValue<String>) -> Self {
        self.substitutions.push((token.into(), value.into_value()));
        self
    }

    /// The definition, with `${Token}`s where [`substitutions`](Self::substitutions) has values.
    pub fn definition(&self) -> Json {
        let mut definition = self.plain();
        match &self.partition {
            Some(partition) => move_to(&mut definition, partition),
            None => {
                let integrations = self.integrations(&definition);
                tokenize(&mut definition, &integrations);
            }
        }
        definition
    }

    /// The integrations that are called in the partition of the stack.
    fn integrations(&self, plain: &Json) -> Vec<Integration> {
        if self.partition.is_some() {
            return Vec::new();
        }
        let taken = self.named.needs.tokens.iter().map(|(token, _)| token);
        let taken = taken.chain(self.substitutions.iter().map(|(token, _)| token.as_str()));
        integrations(plain, &taken.collect::<Vec<_>>())
    }

    /// The definition with the ARNs of the integrations, in the partition `aws`.
    fn plain(&self) -> Json {
        let mut definition = Object::new();
        let mut field = |name: &str, value: Option<Json>| {
            if let Some(value) = value {
                definition.insert(name.to_owned(), value);
            }
        };
        field("Comment", self.comment.clone().map(Json::from));
        // JSONPath is what a definition is written in that does not say so.
        field("QueryLanguage", (L::NAME == "JSONata").then(|| L::NAME.into()));
        field("Version", self.version.clone().map(Json::from));
        field("TimeoutSeconds", self.timeout_seconds.map(Json::from));
        field("StartAt", self.named.start_at().map(Json::from));
        field("States", Some(self.named.states.clone().into()));
        Json::Object(definition)
    }

    /// The values of the `${Token}`s.
    pub fn substitutions(&self) -> Entries<String> {
        let own = self.named.needs.tokens.iter().map(|(token, value)| (token.to_owned(), value));
        let integrations = self.integrations(&self.plain()).into_iter();
        let integrations = integrations.map(|it| (it.token.clone(), Value::Intrinsic(it.value())));
        own.chain(integrations).chain(self.substitutions.iter().cloned()).collect()
    }

    /// The policy of what the role of the state machine must be allowed for the tasks: the statements of each, those on
    /// the same resources put together. Logging, tracing and keys of a customer are not part of it.
    pub fn grants(&self) -> Policy {
        grant::policy(self.named.needs.grants.iter().chain(&self.named.needs.statements))
    }

    /// Everything that is wrong with the workflow, sorted by path, with the Rust lines.
    pub fn validate(&self) -> Vec<Diagnostic> {
        let (definition, mut found) = self.read(&[]);
        let mut in_vain = validate::read_in_vain(&definition, &found, &self.declared());
        self.named.needs.declared.locate(&mut in_vain);
        found.extend(in_vain);
        sort(&mut found);
        found.retain(|fault| !self.named.needs.acknowledgements.iter().any(|one| one.covers(fault)));
        found
    }

    /// For a test: panics when anything is wrong with the workflow, an error or a warning, with all of it rendered.
    ///
    /// ```
    /// use formwork::asl::jsonata::{Pass, Succeed, Workflow};
    ///
    /// let workflow = Workflow::new().state("Count", Pass::new().next("Done")).state("Done", Succeed::new());
    /// workflow.assert_clean();
    /// ```
    #[track_caller]
    pub fn assert_clean(&self) {
        assert_clean(report("the workflow", &self.validate()));
    }

    /// A run of the workflow with that input, on a virtual clock and with mocks for its tasks:
    /// [`run`](crate::asl::run) has it all.
    pub fn run(&self, input: Json) -> Run {
        let run = Run::new(self.machine(), input, self.named.needs.declared.clone());
        run.validate_mocks(FieldValidation::Strict)
    }

    /// A run of one state alone, with that input, as AWS's `TestState` would run it: one inside of a
    /// [`Parallel`](super::Parallel) or [`Map`](super::Map) too.
    ///
    /// ```
    /// use formwork::{asl::{jsonata::{Task, Workflow}, run::{Answer, StateStatus}}, aws::sns::Topic, json, Stack};
    ///
    /// # let mut stack = Stack::new("reports");
    /// # let topic = stack.add("Reports", Topic::new());
    /// let publish = Task::sns_publish(&topic).message("{% 'Read ' & $url %}").output("{% $states.result.MessageId %}");
    /// let workflow = Workflow::new().state("Publish", publish.end());
    /// let outcome = workflow
    ///     .run_state("Publish", json!({}))
    ///     .variables(json!({"url": "https://example.com"}))
    ///     .mock(Answer::ok(json!({"MessageId": "1"})))
    ///     .finish();
    /// assert_eq!(outcome.status(), StateStatus::Succeeded);
    /// assert_eq!(outcome.output(), Some(&json!("1")));
    /// assert_eq!(outcome.inspection()["afterArguments"]["Message"], "Read https://example.com");
    /// ```
    pub fn run_state(&self, name: impl Into<String>, input: Json) -> StateRun {
        StateRun::new(self.machine(), name.into(), input, self.named.needs.declared.clone())
    }

    /// The machine that it is, with the values of its tokens that are known.
    fn machine(&self) -> Result<Machine, Vec<Diagnostic>> {
        let substitutions = self.substitutions();
        let values = substitutions.iter().filter_map(|(token, value)| match value {
            Value::Literal(text) => Some((token.to_owned(), text.clone())),
            Value::Intrinsic(_) => None,
        });
        let (definition, found) = self.read(&values.collect::<Vec<_>>());
        Machine::of(definition, found)
    }

    /// The definition with these values in it, read, and everything that is wrong with the workflow.
    fn read(&self, values: &[(String, String)]) -> (Definition, Vec<Diagnostic>) {
        let substitutions = self.substitutions();
        let mut found = validate::substitutions(&self.definition(), substitutions.iter().map(|(token, _)| token));
        let (definition, faults) = validate::read(&substitute(self.plain(), values), false);
        found.extend(faults);
        found.extend(self.problems());
        self.named.needs.declared.locate(&mut found);
        found.iter_mut().filter_map(|diagnostic| diagnostic.help.as_mut()).for_each(in_rust);
        sort(&mut found);
        (definition, found)
    }

    /// What is declared of the data beside the definition.
    fn declared(&self) -> Declared {
        let returns = self.named.needs.returns.iter().map(|(path, schema)| (path.to_string(), schema.clone()));
        Declared { input: self.input.clone(), returns: returns.collect() }
    }

    /// What is read in vain by what is declared, which the JSON of a template does not tell.
    fn read_in_vain(&self) -> Vec<Diagnostic> {
        let declared = self.declared();
        if declared.is_empty() {
            return Vec::new();
        }
        let (definition, found) = self.read(&[]);
        validate::read_in_vain(&definition, &found, &declared)
    }

    /// The faults that cannot be seen in the definition.
    fn problems(&self) -> Vec<Diagnostic> {
        let mut found = self.named.needs.problems.clone();
        for (position, (token, value)) in self.substitutions.iter().enumerate() {
            let tokens = self.named.needs.tokens.iter();
            let before = self.substitutions[..position].iter().map(|(token, value)| (token.as_str(), value.clone()));
            if tokens.chain(before).any(|(known, other)| known == token && other != *value) {
                let message = format!("the substitution `{token}` has two values; expected one");
                found.push(Diagnostic::error("F2003", "/", message).help("give one of them another name"));
            }
        }
        found
    }

    /// The notes that a stack needs on the definition beside its JSON; paths begin with the property that holds it.
    pub(super) fn notes(&self, property: &str) -> Notes {
        let property = Path::from(property);
        let mut declared = Declarations::default();
        declared.extend_within(&property, &self.named.needs.declared);
        let problems =
            self.problems().into_iter().chain(self.read_in_vain()).map(|problem| problem.within(&property)).collect();
        let uses = self.named.needs.uses.iter().map(|(path, value)| (path.within(&property), value.clone())).collect();
        let acknowledgements = self.named.needs.acknowledgements.iter().map(|one| one.within(&property)).collect();
        Notes { declared, problems, acknowledgements, uses, ..Notes::default() }
    }
}

/// Says what a rule advises in the words of this module.
pub(crate) fn in_rust(help: &mut String) {
    if let Some(rest) = help.strip_suffix(validate::GIVE_IT_A_VALUE) {
        *help = format!("{rest}say its value with `.substitution(…)`");
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        Handle, Stack,
        asl::jsonata::{Branch, Parallel, Pass, Succeed, Task, Workflow},
        aws::{iam::Role, sns::Topic, stepfunctions::StateMachine},
        iam::trust,
    };

    fn texts(found: &[Diagnostic]) -> Vec<String> {
        found.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_token_that_needs_a_value_is_told_in_rust() {
        let workflow = Workflow::new().state("Where", Pass::new().output("${AWS::Region}").end());
        let found = workflow.validate();
        assert_eq!(found[0].help.as_deref(), Some("write `${Region}`, and say its value with `.substitution(…)`"));
        let mut stack = Stack::new("mail");
        stack.add("Machine", StateMachine::new("arn:aws:iam::123456789012:role/Run").workflow(&workflow));
        assert_eq!(stack.diagnostics()[0].help, found[0].help);
    }

    #[test]
    fn a_second_state_of_a_name_is_told_with_both_lines() {
        let first = line!() + 1;
        let workflow = Workflow::new().state("Render", Pass::new().end());
        let workflow = workflow.state("Render", Pass::new().next("Elsewhere"));
        let file = file!();
        assert_eq!(
            texts(&workflow.validate()),
            [format!(
                "error[DUPLICATE_STATE_NAME]: two states are called `Render`; expected each name once in the whole workflow\n  \
                 at   /States/Render\n  \
                 from {file}:{}\n  \
                 help the first one is declared at {file}:{first}\n  \
                 docs https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html",
                first + 1
            )]
        );
    }

    #[test]
    fn a_fault_inside_a_branch_names_the_line_of_the_inner_state() {
        let line = line!() + 1;
        let branch = Branch::new().state("In/ner", Pass::new().next("Outer"));
        let found = Workflow::new().state("Outer", Parallel::new([branch]).end()).validate();
        let fault = found.iter().find(|fault| fault.code == "MISSING_TRANSITION_TARGET").unwrap();
        assert_eq!(fault.path, "/States/Outer/Branches/0/States/In~1ner/Next");
        assert_eq!(fault.declared_at.as_ref().unwrap().line, line);
    }

    #[test]
    fn attributes_of_two_handles_have_two_tokens_throughout() {
        let stack = Stack::new("test");
        let topic: Handle<Topic> = stack.handle("ReportTopic");
        let branch = Branch::new().state("Say", Task::sns_publish(&topic).end());
        let workflow = Workflow::new()
            .state("Both", Parallel::new([branch]).next("Show"))
            .state("Show", Pass::new().output(json!([topic.topic_name(), topic.topic_arn()])).next("Tell"))
            .state("Tell", Task::sns_publish(&stack.handle("Report")).argument("Subject", "${Own}").end())
            .substitution("Own", "own");
        assert_eq!(workflow.validate(), []);
        let definition = workflow.definition();
        assert_eq!(
            definition["States"]["Both"]["Branches"][0]["States"]["Say"]["Arguments"]["TopicArn"],
            "${ReportTopicArn}"
        );
        assert_eq!(definition["States"]["Show"]["Output"], json!(["${ReportTopicName}", "${ReportTopicArn}"]));
        assert_eq!(definition["States"]["Tell"]["Arguments"]["TopicArn"], "${ReportTopicArn2}");
        assert_eq!(
            serde_json::to_string(&workflow.substitutions()).unwrap(),
            r#"{"ReportTopicArn":{"Ref":"ReportTopic"},"ReportTopicName":{"Fn::GetAtt":["ReportTopic","TopicName"]},"ReportTopicArn2":{"Ref":"Report"},"SnsPublish":{"Fn::Sub":"arn:${AWS::Partition}:states:::sns:publish"},"Own":"own"}"#
        );
    }

    #[test]
    fn a_substitution_has_one_value() {
        let workflow = Workflow::new()
            .state("Say", Pass::new().output("${Region}").end())
            .substitution("Region", "eu-west-1")
            .substitution("Region", "eu-west-2");
        let fault = "error[F2003]: the substitution `Region` has two values; expected one\n  \
                     at   /\n  \
                     help give one of them another name";
        assert_eq!(texts(&workflow.validate()), [fault]);
        let mut stack = Stack::new("test");
        stack.add("Machine", StateMachine::new("arn:aws:iam::123456789012:role/Run").workflow(&workflow));
        let found = stack.diagnostics();
        assert!(
            found.iter().any(|fault| fault.code == "F2003" && fault.path.ends_with("/Machine/Properties/Definition"))
        );
    }

    #[test]
    fn a_handle_of_another_stack_is_told_once_with_the_line_of_its_state() {
        let topic: Handle<Topic> = Stack::new("other").handle("Topic");
        let first = line!();
        let workflow = Workflow::new().state("Say", Pass::new().output(json!({"Arn": topic.topic_arn()})).end());
        let direct = Workflow::new().state("Say", Task::sns_publish(&topic).end());
        let branch = Branch::new().state("Say", Task::sns_publish(&topic).end());
        let nested = Workflow::new().state("Both", Parallel::new([branch]).end());
        let last = line!();
        for (workflow, state) in [(workflow, "Say"), (direct, "Say"), (nested, "Both/Branches/0/States/Say")] {
            let mut stack = Stack::new("test");
            let role = Role::new(trust("states.amazonaws.com")).policy("Run", workflow.grants());
            let role = stack.add("Role", role);
            stack.add("Machine", StateMachine::new(role.arn()).workflow(&workflow));
            let found = stack.diagnostics();
            let places: Vec<_> = found.iter().map(|fault| (fault.code, fault.path.as_str())).collect();
            assert_eq!(places, [("F1003", &*format!("Resources/Machine/Properties/Definition/States/{state}"))]);
            let line = found[0].declared_at.as_ref().map(|source| source.line);
            assert!(line.is_some_and(|line| first < line && line < last), "the line of the state: {line:?}");
        }
    }

    #[test]
    fn a_failed_assertion_says_what_is_wrong_with_the_workflow() {
        let workflow = Workflow::new().state("Done", Succeed::new());
        workflow.assert_clean();
        let line = line!() + 1;
        let workflow = workflow.state("Done", Succeed::new());
        let failure = std::panic::catch_unwind(|| workflow.assert_clean()).expect_err("a name is used twice");
        let text = failure.downcast_ref::<String>().map(String::as_str).unwrap_or_default();
        assert!(text.starts_with("the workflow has 1 error:\n\nerror[DUPLICATE_STATE_NAME]: "), "{text}");
        assert!(text.contains(&format!("from src/asl/build/workflow.rs:{line}")), "{text}");
    }

    #[test]
    fn an_empty_workflow_is_a_fault_and_not_a_panic() {
        let codes: Vec<_> =
            Workflow::new().validate().iter().map(|fault| (fault.code, fault.path.as_str().to_owned())).collect();
        assert_eq!(codes, [("SCHEMA_VALIDATION_FAILED", "/States".to_owned())]);
    }
}
