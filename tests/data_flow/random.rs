//! Random workflows of states that call nothing, in both languages: each reads what may be there, and may not be.

use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};

const NAMES: [&str; 4] = ["a", "b", "c", "d"];

/// An input.
pub fn value() -> impl Strategy<Value = Json> {
    any::<u64>().prop_map(|seed| Random(seed | 1).literal(3))
}

/// A generator of numbers.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        // xorshift64*
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % end
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        let at = self.below(all.len() as u64);
        all[usize::try_from(at).expect("a place in a short list")]
    }

    fn name(&mut self) -> &'static str {
        self.of(&NAMES)
    }

    /// A literal, an object mostly.
    fn literal(&mut self, depth: u64) -> Json {
        match self.below(if depth == 0 { 3 } else { 9 }) {
            0 => json!(1),
            1 => json!("text"),
            2 => json!(null),
            3 => (0..self.below(3)).map(|_| self.literal(depth - 1)).collect(),
            _ => self.object(depth),
        }
    }

    fn object(&mut self, depth: u64) -> Json {
        let members: Map<String, Json> =
            (0..1 + self.below(3)).map(|_| (self.name().to_owned(), self.literal(depth.saturating_sub(1)))).collect();
        members.into()
    }

    /// A path of fields, now and then through a variable, the context object or an array.
    fn path(&mut self) -> String {
        let mut path = match self.below(12) {
            0 => "$x".to_owned(),
            1 => "$y".to_owned(),
            2 => "$$.Execution.Input".to_owned(),
            3 => "$$.State".to_owned(),
            _ => "$".to_owned(),
        };
        for _ in 0..1 + self.below(2) {
            match self.below(10) {
                0 => path.push_str("[0]"),
                1 => path.push_str("[*]"),
                _ => {
                    path.push('.');
                    path.push_str(self.name());
                }
            }
        }
        path
    }

    fn call(&mut self) -> String {
        let (one, other) = (self.path(), self.path());
        match self.below(4) {
            0 => format!("States.Array({one}, {other})"),
            1 => format!("States.Format('{{}}', {one})"),
            2 => format!("States.JsonToString({one})"),
            _ => "States.UUID()".to_owned(),
        }
    }

    /// A template of JSONPath.
    fn parameters(&mut self) -> Json {
        let mut members = Map::new();
        for _ in 0..1 + self.below(3) {
            let name = self.name();
            match self.below(5) {
                0 | 1 => members.insert(name.to_owned(), self.literal(2)),
                2 => members.insert(format!("{name}.$"), self.call().into()),
                _ => members.insert(format!("{name}.$"), self.path().into()),
            };
        }
        // A name stands once, with or without its ending.
        for name in NAMES {
            if members.contains_key(name) {
                members.shift_remove(&format!("{name}.$"));
            }
        }
        members.into()
    }

    fn jsonata_path(&mut self) -> String {
        let mut path = match self.below(10) {
            0 => "$x".to_owned(),
            1 => "$y".to_owned(),
            2 => "$states.context.Execution.Input".to_owned(),
            _ => "$states.input".to_owned(),
        };
        for _ in 0..self.below(3) {
            match self.below(9) {
                0 => path.push_str("[0]"),
                1 => path.push_str("[1]"),
                2 => path.push_str(".*"),
                _ => {
                    path.push('.');
                    path.push_str(self.name());
                }
            }
        }
        path
    }

    /// An expression of JSONata.
    fn expression(&mut self, depth: u64) -> String {
        if depth == 0 {
            return match self.below(6) {
                0 => "'text'".to_owned(),
                1 => "1".to_owned(),
                _ => self.jsonata_path(),
            };
        }
        let mut inner = || self.expression(depth - 1);
        let (one, two, three) = (inner(), inner(), inner());
        let name = self.name();
        match self.below(14) {
            0 => format!("$string({one}) & $string({two})"),
            1 => format!("{{'{name}': {one}, 'd': {two}}}"),
            2 => format!("[{one}, {two}]"),
            3 => format!("$exists({one}) ? {two} : {three}"),
            4 => format!("({one}) = ({two}) ? {three} : {one}"),
            5 => format!("($z := {one}; $z)"),
            6 => format!("({one}).{name}"),
            7 => format!("$merge([{{'a': 1}}, {{'{name}': {one}}}])"),
            8 => format!("$count({one})"),
            9 => format!("$map([1, 2], function($v) {{ {one} }})"),
            10 => format!("({one})[{name} = 1]"),
            11 => format!("({one}){{'k': {name}}}"),
            12 => format!("{{'{name}': {{'a': {one}}}}}.{name}.a"),
            _ => self.jsonata_path(),
        }
    }

    fn jsonata(&mut self) -> Json {
        let depth = self.below(3);
        match self.below(3) {
            0 => self.object(2),
            1 => {
                let (one, other) = (self.expression(depth), self.expression(depth));
                json!({"a": format!("{{% {one} %}}"), "c": [{"b": format!("{{% {other} %}}")}], "d": 1})
            }
            _ => format!("{{% {} %}}", self.expression(depth)).into(),
        }
    }

    fn test(&mut self, depth: u64) -> Json {
        let path = self.path().replace("[*]", "");
        match self.below(if depth == 0 { 4 } else { 7 }) {
            0 | 1 => json!({"Variable": path, "IsPresent": self.below(2) == 0}),
            2 => json!({"Variable": path, "IsString": true}),
            3 => json!({"Variable": path, "NumericEqualsPath": self.path().replace("[*]", "")}),
            4 => json!({"Not": self.test(depth - 1)}),
            5 => json!({"Or": [self.test(depth - 1), self.test(depth - 1)]}),
            _ => json!({"And": [self.test(depth - 1), self.test(depth - 1)]}),
        }
    }

    /// States that go on, the last of them to an end; `inner` tells those of scopes apart.
    fn scope(&mut self, prefix: &str, depth: u64, jsonata: bool) -> Json {
        let count = 2 + self.below(4);
        let mut states = Map::new();
        for number in 0..count {
            let name = format!("{prefix}{number}");
            let mut state = self.state(&name, depth, jsonata);
            let after = |random: &mut Self| format!("{prefix}{}", number + 1 + random.below(count - number - 1));
            if number + 1 == count {
                state = json!({"Type": "Pass", "End": true});
            } else if state["Type"] == "Choice" {
                for rule in state["Choices"].as_array_mut().into_iter().flatten() {
                    rule["Next"] = after(self).into();
                }
                // Every state has a way to it.
                state["Default"] = format!("{prefix}{}", number + 1).into();
            } else if state["Catch"].is_null() {
                state["Next"] = format!("{prefix}{}", number + 1).into();
            } else {
                state["Catch"][0]["Next"] = after(self).into();
                state["Next"] = format!("{prefix}{}", number + 1).into();
            }
            states.insert(name, state);
        }
        json!({"StartAt": format!("{prefix}0"), "States": states})
    }

    fn state(&mut self, name: &str, depth: u64, jsonata: bool) -> Json {
        let mut state = match self.below(if depth == 0 { 6 } else { 9 }) {
            0 if jsonata => {
                let conditions = (0..1 + self.below(2)).map(|_| {
                    let one = self.expression(1);
                    json!({"Condition": format!("{{% $boolean({one}) = true %}}"), "Next": ""})
                });
                json!({"Type": "Choice", "Choices": conditions.collect::<Vec<_>>()})
            }
            0 => {
                let rules = (0..1 + self.below(2)).map(|_| self.test(2)).collect::<Vec<_>>();
                json!({"Type": "Choice", "Choices": rules})
            }
            6 | 7 => {
                let branches: Vec<Json> =
                    (0..1 + self.below(2)).map(|n| self.scope(&format!("{name}-{n}-"), depth - 1, jsonata)).collect();
                json!({"Type": "Parallel", "Branches": branches})
            }
            8 => {
                let items = format!("{name}-");
                let mut map = json!({"Type": "Map", "ItemProcessor": self.scope(&items, depth - 1, jsonata)});
                if jsonata {
                    map["Items"] = json!([self.object(2), self.object(2)]);
                    map["ItemSelector"] = json!({"a": "{% $states.context.Map.Item.Value %}", "c": self.jsonata()});
                } else {
                    map["ItemSelector"] = json!({"a.$": "$$.Map.Item.Value", "c.$": self.path()});
                    map["ItemsPath"] = json!("$.d");
                }
                map
            }
            1 if !jsonata => json!({"Type": "Pass", "Result": self.object(3)}),
            1 => json!({"Type": "Pass", "Output": self.object(3)}),
            _ if jsonata => json!({"Type": "Pass", "Output": self.jsonata()}),
            2 | 3 => json!({"Type": "Pass", "Parameters": self.parameters()}),
            _ => json!({"Type": "Pass"}),
        };
        if self.below(3) == 0 {
            let variable = self.of(&["x", "y"]);
            // An inner scope may not assign what is assigned around it.
            if !name.contains('-') {
                state["Assign"] = if jsonata {
                    json!({variable: self.jsonata()})
                } else {
                    json!({format!("{variable}.$"): self.path()})
                };
            }
        }
        if jsonata || state["Type"] == "Choice" {
            return state;
        }
        for (field, chance) in [("InputPath", 6), ("OutputPath", 6), ("ResultPath", 2)] {
            if self.below(chance) == 0 {
                state[field] = match field {
                    "ResultPath" => format!("$.{}", self.name()).into(),
                    _ => self.path().replace("[*]", "").into(),
                };
            }
        }
        state
    }
}

/// A workflow.
pub fn definition(seed: u64) -> Json {
    let mut random = Random(seed.wrapping_mul(2).wrapping_add(1));
    random.below(2);
    let jsonata = random.below(2) == 0;
    let mut definition = random.scope("S", 2, jsonata);
    definition["QueryLanguage"] = if jsonata { "JSONata" } else { "JSONPath" }.into();
    // Something to read: what a state makes at the start.
    let first = if jsonata {
        json!({"Type": "Pass", "Output": random.object(3)})
    } else {
        json!({"Type": "Pass", "Result": random.object(3)})
    };
    if random.below(4) > 0 {
        let mut first = first;
        first["Next"] = "S0".into();
        definition["States"]["First"] = first;
        definition["StartAt"] = "First".into();
    }
    definition
}
