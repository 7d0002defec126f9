//! SCHEMA_VALIDATION_FAILED: a branch or an iteration assigns a variable that was assigned around it, on the way to it.

use std::collections::HashMap;

use crate::{
    asl::definition::{Assign, Definition, Language, Scope, State, StateKind},
    diagnostic::Diagnostic,
    json::escape,
};

const DOCS: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html";

/// Variables by name, each with a place where it is assigned.
type Variables = HashMap<String, String>;

pub(super) fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    let scopes = &definition.scopes;
    // What is assigned around each scope, which comes after those around it.
    let mut around: Vec<Variables> = vec![Variables::new(); scopes.len()];
    for (position, scope) in scopes.iter().enumerate() {
        let outer = std::mem::take(&mut around[position]);
        for (name, pointer) in &assigned(scope) {
            let Some(other) = outer.get(name) else { continue };
            let message = format!(
                "{} assigns `{name}`, which is assigned around it, on the way to it; expected another name",
                scope.part.described()
            );
            found.push(
                Diagnostic::error("SCHEMA_VALIDATION_FAILED", pointer.as_str(), message)
                    .help(format!("the other one is at {other}"))
                    .docs(DOCS),
            );
        }
        let mut ways = None;
        for (at, state) in scope.states.iter().enumerate() {
            // The executions of a distributed map see nothing of what is around it.
            if matches!(&state.kind, StateKind::Map(map) if map.distributed.is_some()) {
                continue;
            }
            let mut inner = state.scopes().peekable();
            if inner.peek().is_none() {
                continue;
            }
            let mut variables = on_the_way(scope, ways.get_or_insert_with(|| ways_into(scope)), at);
            variables.extend(outer.iter().map(|(name, pointer)| (name.clone(), pointer.clone())));
            for inner in inner {
                around[inner] = variables.clone();
            }
        }
    }
}

/// The variables that the states of a scope assign.
fn assigned(scope: &Scope) -> Variables {
    let mut variables = Variables::new();
    for state in &scope.states {
        for (_, pointer, assign) in state.ways() {
            add(&mut variables, state, &pointer, assign);
        }
    }
    variables
}

/// A way to a state: the position of the state before it, and what is assigned on it.
type Way<'a> = (usize, String, Option<&'a Assign>);

/// The ways to each state of a scope.
fn ways_into(scope: &Scope) -> Vec<Vec<Way<'_>>> {
    let mut ways: Vec<Vec<Way<'_>>> = scope.states.iter().map(|_| Vec::new()).collect();
    for (position, state) in scope.states.iter().enumerate() {
        for (target, pointer, assign) in state.ways() {
            if let Some(target) = target.filter(|target| target.exists()) {
                ways[target.position()].push((position, pointer, assign));
            }
        }
    }
    ways
}

/// The variables that are assigned on any way to a state.
fn on_the_way(scope: &Scope, ways: &[Vec<Way<'_>>], to: usize) -> Variables {
    let mut variables = Variables::new();
    let mut seen = vec![false; ways.len()];
    let mut waiting = vec![to];
    while let Some(to) = waiting.pop() {
        for (from, pointer, assign) in &ways[to] {
            add(&mut variables, &scope.states[*from], pointer, *assign);
            if !std::mem::replace(&mut seen[*from], true) {
                waiting.push(*from);
            }
        }
    }
    variables
}

fn add(variables: &mut Variables, state: &State, pointer: &str, assign: Option<&Assign>) {
    for key in assign.map(Assign::keys).unwrap_or_default() {
        let name = match state.language {
            Language::JsonPath => key.strip_suffix(".$").unwrap_or(&key),
            Language::Jsonata => &key,
        };
        variables.entry(name.to_owned()).or_insert_with(|| format!("{pointer}/{}", escape(&key)));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::asl::validate::assert_finds;

    /// A workflow that assigns `x` in a state, and a state inside of another after it.
    fn workflow(first: Json, inner: Json) -> Json {
        let both = json!({
            "Type": "Parallel", "End": true,
            "Branches": [
                {"StartAt": "B", "States": {"B": inner, "Z": {"Type": "Succeed"}}},
                {"StartAt": "C", "States": {"C": {"Type": "Pass", "Assign": {"y": 1}, "End": true}}},
            ],
        });
        json!({"QueryLanguage": "JSONata", "StartAt": "S", "States": {"S": first, "A": both}})
    }

    fn refused(first: Json, inner: Json, at: &str, outer: &str) {
        let expected = format!(
            "error[SCHEMA_VALIDATION_FAILED]: the branch assigns `x`, which is assigned around it, on the way to it; \
             expected another name\n  \
             at   /States/A/Branches/0/States/B/{at}\n  \
             help the other one is at /States/S/{outer}\n  \
             docs {DOCS}"
        );
        assert_finds(check, workflow(first, inner), &[expected.as_str()]);
    }

    #[test]
    fn an_inner_scope_has_names_of_its_own() {
        let assigns = |name: &str| json!({"Type": "Pass", "Assign": {name: 1}, "Next": "A"});
        assert_finds(check, workflow(assigns("x"), assigns("y")), &[]);
        refused(assigns("x"), assigns("x"), "Assign/x", "Assign/x");
        let task = |field: &str, value: Json| json!({"Type": "Task", "Resource": "arn:aws:states:::sns:publish", field: value, "Next": "A"});
        let catch = json!([{"ErrorEquals": ["States.ALL"], "Next": "Z", "Assign": {"x": "{% 1 %}"}}]);
        let caught = json!([{"ErrorEquals": ["States.ALL"], "Next": "A", "Assign": {"x": "{% 1 %}"}}]);
        refused(task("Catch", caught), assigns("x"), "Assign/x", "Catch/0/Assign/x");
        refused(assigns("x"), task("Catch", catch), "Catch/0/Assign/x", "Assign/x");
        let choice = |variable: &str| json!({"Type": "Choice", "Default": "Z", "Choices": [{"Condition": true, "Next": "Z", "Assign": {variable: 2}}]});
        refused(assigns("x"), choice("x"), "Choices/0/Assign/x", "Assign/x");
        let chosen = json!({"Type": "Choice", "Choices": [{"Condition": true, "Next": "A", "Assign": {"x": 2}}]});
        refused(chosen, assigns("x"), "Assign/x", "Choices/0/Assign/x");
        let path = json!({"Type": "Pass", "QueryLanguage": "JSONPath", "Assign": {"x.$": "$.a"}, "Next": "A"});
        refused(path.clone(), assigns("x"), "Assign/x", "Assign/x.$");
        refused(assigns("x"), path, "Assign/x.$", "Assign/x");
    }

    /// A branch that assigns `x`, or another variable.
    fn branch(state: &str) -> Json {
        json!({"StartAt": state, "States": {state: {"Type": "Pass", "Assign": {"x": 1}, "End": true}}})
    }

    #[track_caller]
    fn finds(definition: &Json, expected: &[&str]) {
        let mut found = Vec::new();
        check(&Definition::read(definition).0, &mut found);
        let found: Vec<&str> = found.iter().map(|fault| &*fault.path).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn scopes_beside_each_other_may_share_a_name() {
        let both = json!({"Type": "Parallel", "Branches": [branch("B"), branch("C")], "End": true});
        finds(&json!({"StartAt": "A", "States": {"A": both}}), &[]);
    }

    #[test]
    fn a_scope_of_a_scope_is_one_too() {
        let each = json!({"Type": "Map", "ItemProcessor": branch("D"), "End": true});
        let both = json!({"Type": "Parallel", "Branches": [{"StartAt": "A", "States": {"A": each}}], "End": true});
        let first = json!({"Type": "Pass", "Assign": {"x": 1}, "Next": "P"});
        finds(
            &json!({"StartAt": "O", "States": {"O": first, "P": both}}),
            &["/States/P/Branches/0/States/A/ItemProcessor/States/D/Assign/x"],
        );
    }

    #[test]
    fn what_is_assigned_after_it_or_beside_it_is_no_fault() {
        let catch = json!([{"ErrorEquals": ["States.ALL"], "Next": "Z", "Assign": {"x": 1}}]);
        let both = json!({
            "Type": "Parallel", "Branches": [branch("B")], "Assign": {"x": 1}, "Catch": catch, "Next": "L",
        });
        let mut definition = json!({"StartAt": "A", "States": {
            "A": both,
            "L": {"Type": "Pass", "Assign": {"x": 1}, "Next": "Z"},
            "Z": {"Type": "Succeed"},
        }});
        finds(&definition, &[]);
        definition["States"]["L"]["Next"] = "A".into();
        finds(&definition, &["/States/A/Branches/0/States/B/Assign/x"]);
    }

    #[test]
    fn the_executions_of_a_distributed_map_have_variables_of_their_own() {
        let map = |mode: &str| {
            let mut processor = branch("B");
            processor["ProcessorConfig"] = json!({"Mode": mode, "ExecutionType": "STANDARD"});
            let first = json!({"Type": "Pass", "Assign": {"x": 1}, "Next": "M"});
            let map = json!({"Type": "Map", "ItemProcessor": processor, "End": true});
            json!({"StartAt": "S", "States": {"S": first, "M": map}})
        };
        finds(&map("INLINE"), &["/States/M/ItemProcessor/States/B/Assign/x"]);
        finds(&map("DISTRIBUTED"), &[]);
    }
}
