//! `Choice`: where to go, by what the input is.

use std::marker::PhantomData;

use super::{Comparison, JsonPath, Jsonata, QueryLanguage, State, body::Body, setters};
use crate::diagnostic::Path;

/// A state that goes where the first rule that holds says.
///
/// ```
/// use formwork::asl::jsonata::*;
/// let workflow = Workflow::new()
///     .state("AnyBeans", Choice::new().when("{% $states.input.count > 0 %}", "Report").otherwise("Nothing"))
///     .state("Report", Pass::new().end())
///     .state("Nothing", Fail::new().error("NoBeans"));
/// ```
///
/// <https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html>
#[derive(Clone, Debug)]
pub struct Choice<L> {
    body: Body,
    of: PhantomData<fn() -> L>,
}

impl<L: QueryLanguage> Default for Choice<L> {
    fn default() -> Self {
        Self::new()
    }
}

impl<L: QueryLanguage> Choice<L> {
    /// A choice without rules; it needs at least one.
    pub fn new() -> Self {
        let mut body = Body::of_type("Choice");
        body.set("Choices", [(); 0]);
        Self { body, of: PhantomData }
    }

    /// `Choices`: appends a rule with more to it than a condition and a target.
    pub fn rule(mut self, rule: ChoiceRule<L>) -> Self {
        let position = self.body.fields.get("Choices").and_then(|list| list.as_array()).map_or(0, Vec::len);
        let rule = self.body.take(Path::from("/Choices").join(position), rule.body);
        self.body.push("Choices", rule);
        self
    }

    setters::comment!();
    setters::acknowledge!();
    setters::assign!(L);

    /// `Default`: the state that follows when no rule holds. Finishes the state.
    pub fn otherwise(mut self, state: impl Into<String>) -> State<L> {
        self.body.set("Default", state.into());
        State::new(self.body)
    }

    /// Finishes the state without `Default`: when no rule holds, the execution fails with `States.NoChoiceMatched`.
    pub fn without_default(self) -> State<L> {
        State::new(self.body)
    }
}

impl Choice<Jsonata> {
    /// `Choices`: appends a rule that goes to `next` where the condition, an expression, is true.
    pub fn when(self, condition: impl Into<String>, next: impl Into<String>) -> Self {
        self.rule(ChoiceRule::<Jsonata>::new(condition, next))
    }

    setters::output!();
}

impl Choice<JsonPath> {
    /// `Choices`: appends a rule that goes to `next` where the comparison, made by
    /// [`variable`](crate::asl::jsonpath::variable), holds.
    pub fn when(self, comparison: Comparison, next: impl Into<String>) -> Self {
        self.rule(ChoiceRule::<JsonPath>::new(comparison, next))
    }

    setters::input_and_output_path!();
}

/// A rule of a [`Choice`]: a condition, where to go, and what to set on the way.
#[derive(Clone, Debug)]
pub struct ChoiceRule<L> {
    body: Body,
    of: PhantomData<fn() -> L>,
}

impl<L: QueryLanguage> ChoiceRule<L> {
    setters::comment!();
    setters::assign!(L);
}

impl ChoiceRule<Jsonata> {
    /// Goes to `next` where the condition (`Condition`), an expression, is true.
    pub fn new(condition: impl Into<String>, next: impl Into<String>) -> Self {
        let mut body = Body::default();
        body.set("Condition", condition.into());
        body.set("Next", next.into());
        Self { body, of: PhantomData }
    }

    setters::output!();
}

impl ChoiceRule<JsonPath> {
    /// Goes to `next` where the comparison holds.
    pub fn new(comparison: Comparison, next: impl Into<String>) -> Self {
        let mut body = Body { fields: comparison.into_fields(), ..Body::default() };
        body.set("Next", next.into());
        Self { body, of: PhantomData }
    }
}
