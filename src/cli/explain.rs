//! `explain`: what a diagnostic's code stands for.

use super::invocation::{Done, Error, Invocation};
use crate::{
    asl, check,
    diagnostic::{Severity, nearest},
    project,
    rule::Rule,
    schema, stack, synth,
};

/// Explains the code of a diagnostic
///
/// Without a code, lists all of them.
#[derive(clap::Args)]
#[command(after_long_help = "Examples:
  PROGRAM explain E1020
  PROGRAM explain missing_transition_target
  PROGRAM explain | grep warning")]
pub(super) struct Arguments {
    /// The code, in capitals or not: what stands between [ and ]
    code: Option<String>,
}

pub(super) fn run(invocation: &mut Invocation<'_>, arguments: &Arguments) -> Done {
    let rules = rules();
    let Some(wanted) = &arguments.code else {
        let of_tables = between_properties().into_iter().map(|(kind, rule)| {
            let severity = if rule.is_warning() { Severity::Warning } else { Severity::Error };
            (rule.id.as_str(), severity, format!("{kind}: {}", rule.says))
        });
        let of_checks = rules.iter().map(|rule| (rule.code, rule.severity, rule.title.to_owned()));
        let mut lines: Vec<_> = of_checks.chain(of_tables).collect();
        lines.sort_by_key(|(code, ..)| order(code));
        let width = lines.iter().map(|(code, ..)| code.len()).max().unwrap_or_default();
        for (code, severity, text) in lines {
            writeln!(invocation.out, "{code:width$}  {:7}  {text}", severity.name())?;
        }
        return Ok(());
    };
    let mut pages: Vec<String> =
        rules.iter().filter(|rule| rule.code.eq_ignore_ascii_case(wanted)).map(ToString::to_string).collect();
    pages.extend(of_tables(wanted));
    if pages.is_empty() {
        let hint = match nearest(wanted, rules.iter().map(|rule| rule.code)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "expected one of those that `explain` lists".to_owned(),
        };
        return Err(Error::new(format!("there is no code `{wanted}`; {hint}")).into());
    }
    write!(invocation.out, "{}", pages.join("\n"))?;
    Ok(())
}

/// The rules that the tables have between the properties of a resource type, each rule of a type once, sorted by code.
fn between_properties() -> Vec<(&'static str, &'static schema::Rule)> {
    let types = schema::resource_types().filter_map(|name| Some((name, schema::of(name)?)));
    let mut rules: Vec<_> =
        types.flat_map(|(name, schema)| schema.rules.iter().map(move |rule| (name, rule))).collect();
    rules.sort_by_key(|(name, rule)| (&rule.id, *name));
    rules.dedup_by_key(|(name, rule)| (&rule.id, *name));
    rules
}

/// The page about a rule of the tables: what it expects of which resource types.
fn of_tables(wanted: &str) -> Option<String> {
    let rules: Vec<_> =
        between_properties().into_iter().filter(|(_, rule)| rule.id.eq_ignore_ascii_case(wanted)).collect();
    let (_, first) = rules.first()?;
    let severity = if first.is_warning() { Severity::Warning } else { Severity::Error }.name();
    let mut page = format!("{severity}[{}]: properties that do not go together\n", first.id);
    for (kind, rule) in &rules {
        page += &format!("\n{kind}: {}.\n", rule.says);
    }
    Some(page)
}

/// Every rule whose code a diagnostic may have, sorted by code: first the numbered ones, then AWS's own names.
pub(super) fn rules() -> Vec<&'static Rule> {
    let mut rules: Vec<&Rule> = check::rules()
        .chain(stack::rules::RULES)
        .chain(project::RULES)
        .chain(synth::RULES)
        .chain(crate::import::RULES)
        .chain(asl::build::rules::RULES)
        .chain(asl::run::rules::RULES)
        .chain(super::check::rules::RULES)
        .collect();
    rules.sort_by_key(|rule| order(rule.code));
    rules
}

/// The order of codes: numbered ones first.
fn order(code: &str) -> (bool, &str) {
    (!code.ends_with(|last: char| last.is_ascii_digit()), code)
}

#[cfg(test)]
mod tests {
    use std::{
        collections::{BTreeMap, BTreeSet},
        fs,
        path::Path,
    };

    use super::*;
    use crate::{
        asl::validate,
        diagnostic::{Diagnostic, Severity},
        json::Json,
        template::Template,
    };

    fn codes() -> BTreeSet<&'static str> {
        rules().iter().map(|rule| rule.code).collect()
    }

    #[test]
    fn the_readme_lists_the_codes_that_there_are() {
        let readme = include_str!("../../README.md");
        let section = readme.split("## What is checked\n").nth(1).and_then(|rest| rest.split("\n## ").next()).unwrap();
        let cells = section.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next());
        let listed: Vec<&str> = cells
            .filter(|cell| *cell != "code")
            .flat_map(|cell| cell.split(", "))
            .map(|code| code.trim_matches('`'))
            .collect();
        let once: BTreeSet<&str> = listed.iter().copied().collect();
        assert_eq!(once, codes());
        assert_eq!(once.len(), listed.len(), "a code is listed twice: {listed:?}");
    }

    #[test]
    fn every_rule_is_explained() {
        let mut titles = BTreeSet::new();
        let mut severities = BTreeMap::new();
        for rule in rules() {
            let Rule { code, severity, title, why, fails, passes, docs } = rule;
            assert!(titles.insert(title), "{title} is the title of two rules");
            assert_eq!(severities.entry(code).or_insert(severity), &severity, "{code} has two severities");
            assert!(!title.ends_with('.') && why.trim().ends_with(['.', ')']), "{code}");
            assert!(!fails.trim().is_empty() && !passes.trim().is_empty() && fails != passes, "{code}");
            assert!(docs.is_none_or(|page| page.starts_with("https://docs.aws.amazon.com/")), "{code}");
            assert!(why.lines().all(|line| line.chars().count() <= 100), "{code}");
        }
    }

    /// What is found in an example: in a template, or in a definition; nothing is asked of any other.
    fn found(example: &str) -> Option<Vec<Diagnostic>> {
        if example.contains('…') || example.contains(" # ") {
            return None;
        }
        if example.starts_with('{') {
            let definition: Json = serde_json::from_str(example).unwrap();
            return Some(validate::definition(&definition));
        }
        let is_template = ["Resources:", "Parameters:", "Conditions:", "Mappings:", "Transform:", "Description:"];
        is_template
            .iter()
            .any(|section| example.trim_start().starts_with(section))
            .then(|| check::all(&Template::parse(example).unwrap()))
    }

    #[test]
    fn an_example_that_fails_has_the_fault_and_one_that_passes_has_none() {
        let (mut tried, mut wrong) = (0, Vec::new());
        for Rule { code, severity, title, fails, passes, .. } in check::rules() {
            let (Some(bad), Some(good)) = (found(fails), found(passes)) else { continue };
            tried += 1;
            let is_it = |fault: &Diagnostic| fault.code == *code && fault.severity == *severity;
            if !bad.iter().all(is_it) || bad.is_empty() {
                wrong.push(format!("{code}, {title}: {bad:?}"));
            }
            if !good.is_empty() {
                wrong.push(format!("{code}, {title}, what passes: {good:?}"));
            }
        }
        assert_eq!(wrong, [""; 0], "{}", wrong.join("\n"));
        // All but the quotas, what is not ASCII and what is nested too deep, whose examples are too large to be shown, and what no example
        // shows in a few lines.
        assert_eq!(tried, check::rules().count() - 27);
    }

    fn each_file(folder: &Path, visit: &mut dyn FnMut(&Path, &str)) {
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                each_file(&entry, visit);
            } else if entry.extension().is_some_and(|extension| extension == "rs") {
                visit(&entry, &fs::read_to_string(&entry).unwrap());
            }
        }
    }

    /// The first text behind each mention of a function in the code of a file.
    fn first_arguments<'a>(text: &'a str, function: &'a str) -> impl Iterator<Item = &'a str> {
        text.split(function).skip(1).filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next())
    }

    #[test]
    fn every_code_that_is_reported_has_a_page() {
        let mut reported = BTreeSet::new();
        each_file(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut |file, text| {
            let code = text.split("\n#[cfg(test)]\nmod tests").next().unwrap_or_default();
            for function in ["Diagnostic::error(", "Diagnostic::warning("] {
                reported.extend(first_arguments(code, function).map(str::to_owned));
            }
            if !file.ends_with("schema.rs") {
                // However it is handed on: a letter and four digits between quotes.
                let texts =
                    code.lines().filter(|line| !line.trim_start().starts_with("//")).flat_map(|line| line.split('"'));
                reported.extend(texts.filter(|text| is_numbered(text)).map(str::to_owned));
            }
        });
        let pages: BTreeSet<String> = codes().into_iter().map(str::to_owned).collect();
        assert_eq!(reported.difference(&pages).collect::<Vec<_>>(), [""; 0]);
        assert!(reported.len() > 40, "{reported:?}");
    }

    fn is_numbered(text: &str) -> bool {
        text.len() == 5 && text.starts_with(['E', 'F', 'I', 'W']) && text[1..].bytes().all(|byte| byte.is_ascii_digit())
    }

    #[test]
    fn a_warning_is_called_one() {
        let warnings: Vec<_> =
            rules().into_iter().filter(|rule| rule.severity == Severity::Warning).map(|rule| rule.code).collect();
        assert_eq!(
            warnings,
            [
                "F0003", "F0004", "F0005", "F0006", "F1011", "F1015", "F1021", "F1022", "F2002", "F2005", "F2006",
                "F2007", "F2008", "F2009", "F2102", "F2103", "F4001", "F4002", "F4005", "F5002", "F5008", "F6001",
                "F6003", "F6004", "F6005", "F6012", "F6013", "F6015", "F6019", "F7002", "F7003", "F7005", "F7009",
                "F7010", "F7012", "F8003", "I1002", "I2010", "I3010", "I3011", "I6010", "I7010", "W1001", "W1034",
                "W2001", "W2030", "W2531", "W3037", "W7001", "W8001"
            ]
        );
    }
}
