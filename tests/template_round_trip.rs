//! Whatever a template holds, its text reads back as the same template.

mod nasty;

use formwork::template::Template;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_template_survives_yaml_and_json(json in nasty::template()) {
        let template = Template::parse(&json.to_string()).unwrap();
        prop_assert_eq!(template.as_json(), &json);
        let yaml = template.to_yaml();
        let back = Template::parse(&yaml).map_err(|error| TestCaseError::fail(format!("{error}\n{yaml}")))?;
        // Compared as text too, which sees the order of keys and the form of numbers.
        prop_assert_eq!(back.to_json(), template.to_json(), "{}", yaml);
        prop_assert_eq!(&back, &template);
        prop_assert_eq!(&Template::parse(&template.to_json()).unwrap(), &template);
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
        let mut yaml: Vec<char> = Template::parse(&json.to_string()).unwrap().to_yaml().chars().collect();
        let at = at.index(yaml.len());
        yaml.splice(at..(at + 2).min(yaml.len()), insert.chars());
        let _ = Template::parse(&yaml.into_iter().collect::<String>());
    }
}
