//! What CreateStateMachine refuses and what it takes, as measured or documented. What a fact needs that is not known
//! here stands in `asl_creation/open.json`, with the reason.

use formwork::{asl::validate, diagnostic::Severity};
use serde_json::Value as Json;

fn file(text: &str) -> Json {
    serde_json::from_str(text).expect("the file is JSON")
}

#[test]
fn the_service_and_this_refuse_the_same() {
    let facts = file(include_str!("asl_creation/facts.json"));
    let open = file(include_str!("asl_creation/open.json"));
    let facts = facts.as_array().expect("the facts are a list");
    let mut wrong = Vec::new();
    for fact in facts {
        let name = fact["name"].as_str().expect("a fact has a name");
        let found = validate::definition(&fact["definition"]);
        let errors: Vec<String> =
            found.iter().filter(|it| it.severity == Severity::Error).map(ToString::to_string).collect();
        let holds = fact["refused"] == !errors.is_empty();
        if holds == open[name].is_string() {
            let what = if holds { "holds; take it out of open.json".to_owned() } else { errors.join("\n") };
            wrong.push(format!("{name}\n  {what}"));
        }
    }
    let names: Vec<&str> = facts.iter().filter_map(|fact| fact["name"].as_str()).collect();
    let listed = open.as_object().into_iter().flatten().map(|(name, _)| name.as_str());
    wrong.extend(listed.filter(|name| !names.contains(name)).map(|name| format!("{name}\n  there is no such fact")));
    assert!(wrong.is_empty(), "{} of {} are wrong:\n{}", wrong.len(), facts.len(), wrong.join("\n"));
}
