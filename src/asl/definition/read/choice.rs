//! Reads a `Choice`: its rules, in either language.

use super::{MAX_LEVELS, ModelReader, Positions, values::Values};
use crate::{
    asl::{
        definition::{
            choice::pattern,
            fields::Part,
            language::Language,
            model::{Choice, ChoiceRule, Right, Test},
            operator::{Criterion, Operand, Operator},
            wording::short,
        },
        expression::{jsonpath::PathExpression, time},
    },
    json::{Json, Pointer},
};

impl ModelReader {
    pub(super) fn choice(&mut self, values: &mut Values<'_>, at: &Pointer<'_>, names: &Positions) -> Choice {
        let choices = at.key("Choices");
        let elements = values.list("Choices").iter().enumerate();
        let rules = elements.map(|(index, json)| {
            let at = choices.index(index);
            let mut rule = self.problems.part(json, Part::ChoiceRule, &at, values.language);
            let test = match values.language {
                Language::JsonPath => self.test(json, &mut rule, Part::ChoiceRule, &at, MAX_LEVELS),
                Language::Jsonata => match rule.json("Condition").and_then(Json::as_bool) {
                    Some(holds) => Some(Test::Literal(holds)),
                    None => rule.expression("Condition").map(Test::Condition),
                },
            };
            let next = self.target(&rule, "Next", &at, names);
            ChoiceRule { test, next, output: rule.template("Output"), assign: rule.template("Assign") }
        });
        let rules = rules.collect();
        Choice { rules, default: self.target(values, "Default", at, names) }
    }

    /// What a rule of JSONPath asks: one operator, or rules that are joined.
    fn test(
        &mut self,
        json: &Json,
        values: &mut Values<'_>,
        part: Part,
        at: &Pointer<'_>,
        depth: usize,
    ) -> Option<Test> {
        let joined = ["And", "Or", "Not"].into_iter().filter(|field| json.get(field).is_some());
        let asked: Vec<&str> = joined.chain(values.operators.iter().map(|(operator, _)| operator.name)).collect();
        let &[asked] = asked.as_slice() else {
            let quoted = asked.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ");
            let message = match asked.is_empty() {
                true => "the rule has no operator; expected one such as `StringEquals`".to_owned(),
                false => format!("the rule has {quoted}; expected one of them"),
            };
            // A misspelt operator is reported as such.
            if json.is_object() && !(asked.is_empty() && self.problems.has_reported_in(at)) {
                self.problems.fault(part, at, message);
            }
            return None;
        };
        let Some(depth) = depth.checked_sub(1) else {
            let message = format!("rules are nested too deep; expected at most {MAX_LEVELS} levels");
            self.problems.fault(part, at, message);
            return None;
        };
        match asked {
            "And" => self.tests(values.list("And"), &at.key("And"), depth).map(Test::And),
            "Or" => self.tests(values.list("Or"), &at.key("Or"), depth).map(Test::Or),
            "Not" => self.nested(values.json("Not")?, &at.key("Not"), depth).map(|test| Test::Not(Box::new(test))),
            _ => {
                if json.get("Variable").is_none() && !self.problems.has_reported_in(at) {
                    self.problems.fault(part, at, "the rule has no `Variable`; expected a path".to_owned());
                }
                let &(operator, operand) = values.operators.first()?;
                self.comparison(operator, operand, values.path("Variable"), &at.key(operator.name))
            }
        }
    }

    fn tests(&mut self, rules: &[Json], at: &Pointer<'_>, depth: usize) -> Option<Vec<Test>> {
        // All are read, for all that is wrong with them.
        let rules = rules.iter().enumerate().map(|(index, json)| self.nested(json, &at.index(index), depth));
        let tests: Vec<Option<Test>> = rules.collect();
        tests.into_iter().collect()
    }

    fn nested(&mut self, json: &Json, at: &Pointer<'_>, depth: usize) -> Option<Test> {
        let mut values = self.problems.part(json, Part::NestedRule, at, Language::JsonPath);
        self.test(json, &mut values, Part::NestedRule, at, depth)
    }

    /// A comparison of a variable, which is none where its path has a fault.
    fn comparison(
        &mut self,
        operator: &Operator,
        operand: &Json,
        variable: Option<PathExpression>,
        at: &Pointer<'_>,
    ) -> Option<Test> {
        let text = operand.as_str();
        let read = match operator.criterion {
            Criterion::Is(property) => operand
                .as_bool()
                .map(|expected| (property, expected))
                .ok_or("true or false")
                .map(|(property, expected)| variable.map(|variable| Test::Is { variable, property, expected })),
            Criterion::Matches => text
                .ok_or("a string")
                .map(|text| variable.map(|variable| Test::Matches { variable, pattern: pattern(text) })),
            Criterion::Literal(kind, relation) => {
                let fits = match kind {
                    Operand::Boolean => operand.is_boolean(),
                    Operand::Numeric => operand.is_number(),
                    Operand::String => operand.is_string(),
                    Operand::Timestamp => text.and_then(time::parse).is_some(),
                };
                let expected = match kind {
                    Operand::Boolean => "true or false",
                    Operand::Numeric => "a number",
                    Operand::String => "a string",
                    Operand::Timestamp => "one such as \"2026-01-01T00:00:00Z\"",
                };
                fits.then(|| Right::Literal(operand.clone()))
                    .ok_or(expected)
                    .map(|right| variable.map(|variable| Test::Compare { variable, kind, relation, right }))
            }
            Criterion::Path(kind, relation) => match text.map(PathExpression::parse) {
                None => Err("a path"),
                Some(Ok(path)) => {
                    Ok(variable.map(|variable| Test::Compare { variable, kind, relation, right: Right::Path(path) }))
                }
                Some(Err(problem)) => {
                    self.problems.refuse(Part::ChoiceRule, at, operand, problem);
                    return None;
                }
            },
        };
        match read {
            Ok(test) => test,
            Err(expected) => {
                let message = format!("`{}` is {}; expected {expected}", operator.name, short(operand));
                self.problems.refuse(Part::ChoiceRule, at, operand, message);
                None
            }
        }
    }
}
