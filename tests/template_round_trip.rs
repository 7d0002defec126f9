//! Whatever a template holds, its text reads back as the same template.

#[path = "support/cases.rs"]
mod cases;
#[path = "support/nasty/mod.rs"]
mod nasty;

use formwork::template::Template;
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use serde_yaml::Value as Yaml;

use crate::cases::{cases, damaged};

/// What serde_yaml, which knows nothing of CloudFormation, reads: short tags made long, `A.B` of `!GetAtt` cut.
fn long_form(yaml: Yaml) -> Json {
    match yaml {
        Yaml::Sequence(items) => items.into_iter().map(long_form).collect(),
        Yaml::Mapping(entries) => {
            let key = |key: Yaml| key.as_str().expect("every key of a template is text").to_owned();
            entries.into_iter().map(|(name, value)| (key(name), long_form(value))).collect()
        }
        Yaml::Tagged(tagged) => {
            let name = tagged.tag.to_string().trim_start_matches('!').to_owned();
            let argument = match long_form(tagged.value) {
                Json::String(dotted) if name == "GetAtt" => json!(dotted.splitn(2, '.').collect::<Vec<_>>()),
                argument => argument,
            };
            let prefix = if name == "Ref" || name == "Condition" { "" } else { "Fn::" };
            json!({ format!("{prefix}{name}"): argument })
        }
        scalar => serde_json::to_value(scalar).expect("a scalar of YAML is one of JSON"),
    }
}

proptest! {
    // `examples/yaml_corpus.rs` makes as many more as other readers can take.
    #![proptest_config(cases(600))]

    #[test]
    fn any_template_survives_yaml_and_json(json in nasty::template()) {
        let template = Template::parse(&json.to_string()).unwrap();
        prop_assert_eq!(template.as_json(), &json);
        let yaml = template.to_yaml();
        // The AWS CLI reads a file in the encoding of the locale.
        prop_assert!(yaml.is_ascii() && template.to_json().is_ascii() && template.to_compact_json().is_ascii());
        let back = Template::parse(&yaml).map_err(|error| TestCaseError::fail(format!("{error}\n{yaml}")))?;
        // Compared as text too, which sees the order of keys and the form of numbers.
        prop_assert_eq!(back.to_json(), template.to_json(), "{}", yaml);
        prop_assert_eq!(&back, &template);
        prop_assert_eq!(&Template::parse(&template.to_json()).unwrap(), &template);
        prop_assert_eq!(&Template::parse(&template.to_compact_json()).unwrap(), &template);
    }

    #[test]
    fn another_reader_sees_the_same_template(json in nasty::template()) {
        let yaml = Template::parse(&json.to_string()).unwrap().to_yaml();
        let read = serde_yaml::from_str(&yaml).map_err(|error| TestCaseError::fail(format!("{error}\n{yaml}")))?;
        prop_assert_eq!(long_form(read), json, "{}", yaml);
    }

    #[test]
    fn any_text_gives_a_template_or_an_error(pieces in prop::collection::vec(nasty::text(), 0..6)) {
        let text = pieces.concat();
        // What matters is that it returns at all.
        let _ = Template::parse(&text);
        let _ = Template::parse(&format!("Resources:\n  A: {text}"));
        let _ = Template::parse(&format!("Resources: {{\n{text}"));
    }

    #[test]
    fn a_damaged_template_gives_a_template_or_an_error(
        json in nasty::template(), at in any::<prop::sample::Index>(), insert in nasty::text(),
    ) {
        let yaml = Template::parse(&json.to_string()).unwrap().to_yaml();
        let _ = Template::parse(&damaged(&yaml, at, &insert));
    }
}
