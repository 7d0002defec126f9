//! E3027: a schedule that EventBridge cannot read.

use crate::{
    check::{
        subject::{Check, Subject},
        view::each_view,
    },
    diagnostic::{Diagnostic, Severity},
    rule::Rule,
};

static SCHEDULE: Rule = Rule {
    code: "E3027",
    severity: Severity::Error,
    title: "a schedule that cannot be read",
    why: "\
A schedule is `rate(5 minutes)`, with the unit in the singular for 1, or `cron(…)` with six
fields: minutes, hours, day of month, month, day of week, year; one of the two days is `?`.
EventBridge refuses any other (\"Parameter ScheduleExpression is not valid\"). A schedule of
EventBridge Scheduler may also be `at(2026-11-20T13:00:00)`.",
    fails: "\
Resources:
  Daily:
    Type: AWS::Events::Rule
    Properties: {ScheduleExpression: cron(0 8 * * *)}",
    passes: "\
Resources:
  Daily:
    Type: AWS::Events::Rule
    Properties: {ScheduleExpression: cron(0 8 * * ? *)}",
    docs: Some("https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html"),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&SCHEDULE], run: check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let kinds = ["AWS::Events::Rule", "AWS::Scheduler::Schedule"];
    each_view(subject, &kinds, found, &mut |view, found| {
        let Some(text) = view.text("ScheduleExpression").filter(|text| !text.is_empty()) else { return };
        let takes_a_time = view.entry.kind == "AWS::Scheduler::Schedule";
        if let Err(expected) = read(&text, takes_a_time) {
            let message = format!("`ScheduleExpression` is \"{text}\"; expected {expected}");
            found.push(SCHEDULE.at(view.at("ScheduleExpression"), message));
        }
    });
}

/// What was expected, where a schedule cannot be read.
fn read(text: &str, takes_a_time: bool) -> Result<(), String> {
    let inside = |name: &str| text.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')');
    if let Some(rate) = inside("rate") {
        return read_rate(rate);
    }
    if let Some(fields) = inside("cron") {
        return read_cron(fields);
    }
    match inside("at") {
        Some(time) if takes_a_time => read_time(time),
        _ if takes_a_time => Err("`rate(…)`, `cron(…)` or `at(…)`".to_owned()),
        _ => Err("`rate(…)` or `cron(…)`".to_owned()),
    }
}

/// A time to the second, without a zone: `2026-11-20T13:00:00`.
fn read_time(time: &str) -> Result<(), String> {
    const FORM: &str = "0000-00-00T00:00:00";
    let fits = |(given, form): (char, char)| if form == '0' { given.is_ascii_digit() } else { given == form };
    match time.chars().count() == FORM.len() && time.chars().zip(FORM.chars()).all(fits) {
        true => Ok(()),
        false => Err("a time such as `at(2026-11-20T13:00:00)`".to_owned()),
    }
}

fn read_rate(rate: &str) -> Result<(), String> {
    let words: Vec<&str> = rate.split_whitespace().collect();
    let [value, unit] = words.as_slice() else { return Err("a number and a unit, as in `rate(5 minutes)`".to_owned()) };
    let value: u64 = value.parse().map_err(|_| "a whole number of minutes, hours or days".to_owned())?;
    let one = ["minute", "hour", "day"];
    match (value, unit.strip_suffix('s').unwrap_or(unit)) {
        (0, _) => Err("at least 1".to_owned()),
        (_, singular) if !one.contains(&singular) => Err("`minutes`, `hours` or `days`".to_owned()),
        (1, singular) if singular != *unit => Err(format!("`{singular}` for 1")),
        (2.., singular) if singular == *unit => Err(format!("`{singular}s` for {value}")),
        _ => Ok(()),
    }
}

/// The fields with their least and most value, and the names of values.
const FIELDS: [(&str, u32, u32, &[&str]); 6] = [
    ("minutes", 0, 59, &[]),
    ("hours", 0, 23, &[]),
    ("day of month", 1, 31, &[]),
    ("month", 1, 12, &["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]),
    ("day of week", 1, 7, &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]),
    ("year", 1970, 2199, &[]),
];

fn read_cron(text: &str) -> Result<(), String> {
    let fields: Vec<&str> = text.split_whitespace().collect();
    if fields.len() != FIELDS.len() {
        return Err("six fields: minutes, hours, day of month, month, day of week, year".to_owned());
    }
    if (fields[2] == "?") == (fields[4] == "?") {
        return Err("`?` for the day of month or for the day of week, and not for both".to_owned());
    }
    for (field, (name, least, most, names)) in fields.into_iter().zip(FIELDS) {
        let is_day = name.starts_with("day");
        let fits = |value: &str| {
            let upper = value.to_ascii_uppercase();
            names.contains(&upper.as_str())
                || value.parse().is_ok_and(|number: u32| (least..=most).contains(&number))
                // The last day, the nearest weekday, the nth day of a month.
                || (is_day && upper.ends_with(['L', 'W']))
                || (is_day && value.contains('#'))
        };
        let of_part = |part: &str| {
            let (values, step) = part.split_once('/').map_or((part, None), |(values, step)| (values, Some(step)));
            let is_step = step.is_none_or(|step| step.parse().is_ok_and(|step: u32| step > 0));
            let values_fit = match values.split_once('-') {
                Some((from, to)) if !values.to_ascii_uppercase().starts_with("L-") => fits(from) && fits(to),
                Some(_) => is_day,
                None => values == "*" || (values == "?" && is_day) || fits(values),
            };
            is_step && values_fit
        };
        if !field.split(',').all(of_part) {
            return Err(format!("{least} to {most} for the {name}, not `{field}`"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_eventbridge_takes_is_read() {
        for text in [
            "rate(1 minute)",
            "rate(12 hours)",
            "cron(0 8 * * ? *)",
            "cron(0/15 8-17 ? * MON-FRI 2026)",
            "cron(0 0 L * ? *)",
            "cron(0 0 ? * 6L *)",
            "cron(15,45 10 3W * ? *)",
            "cron(0 18 ? * tue#2 *)",
        ] {
            assert_eq!(read(text, false), Ok(()), "{text}");
        }
        assert_eq!(read("at(2026-11-20T13:00:00)", true), Ok(()));
    }

    #[test]
    fn what_it_refuses_is_told() {
        for (text, expected) in [
            ("every day", "`rate(…)` or `cron(…)`"),
            ("at(2026-11-20T13:00:00)", "`rate(…)` or `cron(…)`"),
            ("rate(1 minutes)", "`minute` for 1"),
            ("rate(5 minute)", "`minutes` for 5"),
            ("rate(0 minutes)", "at least 1"),
            ("rate(5 weeks)", "`minutes`, `hours` or `days`"),
            ("rate(5)", "a number and a unit, as in `rate(5 minutes)`"),
            ("cron(0 8 * * *)", "six fields: minutes, hours, day of month, month, day of week, year"),
            ("cron(0 8 * * * *)", "`?` for the day of month or for the day of week, and not for both"),
            ("cron(0 24 * * ? *)", "0 to 23 for the hours, not `24`"),
            ("cron(0 8 ? * FRE *)", "1 to 7 for the day of week, not `FRE`"),
        ] {
            assert_eq!(read(text, false), Err(expected.to_owned()), "{text}");
        }
        for text in ["at(2026-11-20 13:00:00)", "at(2026-11-20T13:00:00Z)", "at(2026-11-20T13:00)"] {
            assert_eq!(read(text, true), Err("a time such as `at(2026-11-20T13:00:00)`".to_owned()), "{text}");
        }
    }
}
