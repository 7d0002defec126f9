//! Markdown: a comment on a pull request, which GitHub takes up to 65,536 characters of.

use super::{
    compared::Compared,
    difference::{Kind, differences, join},
    value::{both, short},
    words::{self, MOVED},
};
use crate::{
    diff::{Diff, EntryChange, PropertyChange, ResourceChange, security},
    json::Json,
};

/// The first line, by which a workflow finds the comment that it wrote before.
const MARKER: &str = "<!-- formwork diff -->\n";

/// Characters of a comment that GitHub takes, with room for what says that there was more.
const MOST: usize = 65_536 - 200;

/// The comment on all comparisons. Where there is no room for everything, the last parts are left out.
pub(super) fn render(compared: &[Compared]) -> String {
    let mut text = MARKER.to_owned();
    let mut left_out = 0;
    for part in compared.iter().flat_map(parts) {
        match text.chars().count() + part.chars().count() <= MOST {
            true => text.push_str(&part),
            false => left_out += 1,
        }
    }
    match left_out {
        0 => {}
        1 => text.push_str("\nOne part is left out, since a comment has no room for it; `diff` tells it.\n"),
        _ => text.push_str(&format!(
            "\n{left_out} parts are left out, since a comment has no room for them; `diff` tells them.\n"
        )),
    }
    text
}

/// The parts of a comparison, the most serious first.
fn parts(one: &Compared) -> Vec<String> {
    let diff = &one.diff;
    let mut parts = vec![format!("### {}: {}\n", escaped(&one.name), words::summary(diff))];
    parts.extend(losses(diff));
    parts.extend(resources(diff));
    parts.extend(renames(diff));
    parts.extend(security_table(diff));
    parts.extend(
        diff.resources.iter().filter(|change| change.quiet.is_none()).filter_map(|change| details(change, diff)),
    );
    parts.extend(machines(diff));
    for (title, entries) in [
        ("Parameters", &diff.parameters),
        ("Mappings", &diff.mappings),
        ("Conditions", &diff.conditions),
        ("Outputs", &diff.outputs),
        ("Other sections", &diff.others),
    ] {
        parts.extend(section(title, entries));
    }
    parts.extend(order(diff));
    if let Some(quiet) = words::quiet(diff) {
        parts.push(format!("\nAlso {quiet}.\n"));
    }
    parts.extend(diff.code.iter().map(|code| {
        let fence = fence(&code.unified);
        let title = format!("{} <code>{}</code>", html(&code.id), html(&code.path));
        folded(&title, &format!("{fence}diff\n{}\n{fence}\n", code.unified.trim_end()))
    }));
    parts
}

fn losses(diff: &Diff) -> Option<String> {
    let lines: String = diff
        .losses
        .iter()
        .map(|loss| {
            let may = if loss.certain { "" } else { "perhaps " };
            let (id, kind) = (code(&loss.id), code(&loss.kind));
            format!("> - **{id}** ({kind}): {may}{}. {}.\n", escaped(&loss.what), escaped(&capital(&loss.remedy)))
        })
        .collect();
    (!lines.is_empty()).then(|| format!("\n> [!CAUTION]\n> **Loss of data**\n{lines}"))
}

fn resources(diff: &Diff) -> Option<String> {
    let rows: String = diff
        .resources
        .iter()
        .filter(|change| change.quiet.is_none())
        .map(|change| {
            let fails: String =
                change.obstacles.iter().map(|obstacle| format!("<br>**fails**: {}", escaped(obstacle))).collect();
            let [id, kind] = [&change.id, &change.kind].map(|text| code(text).replace('|', "\\|"));
            let action = words::action(change);
            format!("| {} | {id} | {kind} | {action}{fails} |\n", words::sign(change))
        })
        .collect();
    (!rows.is_empty()).then(|| format!("\n| | Resource | Type | What is done |\n|---|---|---|---|\n{rows}"))
}

fn renames(diff: &Diff) -> Option<String> {
    let lines: String = diff
        .renames
        .iter()
        .map(|rename| format!("- {} → {}: {}\n", code(&rename.from), code(&rename.to), escaped(&rename.remedy)))
        .collect();
    (!lines.is_empty()).then(|| format!("\n**Renamed, and made anew for it**\n\n{lines}"))
}

fn security_table(diff: &Diff) -> Option<String> {
    let rows: String = diff
        .security
        .iter()
        .map(|change| {
            let sign = if change.direction == security::Direction::Gained { "+" } else { "-" };
            let rank = match change.rank {
                security::Rank::Public => "public",
                security::Rank::Write => "write",
                security::Rank::Wider => "wider",
                security::Rank::Internal => "internal",
            };
            let may = if change.certain { "" } else { " (perhaps)" };
            format!("| {sign} | {rank} | {}{may} |\n", escaped(&change.sentence))
        })
        .collect();
    (!rows.is_empty()).then(|| format!("\n| | Rank | Security |\n|---|---|---|\n{rows}"))
}

/// The properties of a resource, folded.
fn details(change: &ResourceChange, diff: &Diff) -> Option<String> {
    let shown = words::shown(change, diff).filter(|property| !words::is_below(change, property, diff));
    let lines: String = shown.map(property).collect();
    (!lines.is_empty()).then(|| folded(&format!("<code>{}</code> {}", html(&change.id), words::action(change)), &lines))
}

fn property(property: &PropertyChange) -> String {
    let path = if property.path.is_empty() { "Properties" } else { &property.path };
    let note = words::demand(property).map(|demand| format!(" ({})", escaped(&demand))).unwrap_or_default();
    let sides = [property.before.as_ref(), property.after.as_ref()];
    format!("- {}", values(path, sides, &note).replace('\n', "\n  ").trim_end()) + "\n"
}

/// What a value was and is: a line where one part of it differs, else a list of them.
fn values(path: &str, [before, after]: [Option<&Json>; 2], note: &str) -> String {
    let change = |path: &str, before, after| {
        let [before, after] = both(before, after);
        format!("{}: {} → {}", code(path), code(&before), code(&after))
    };
    let parts = match (before, after) {
        _ if before == after => return format!("{}: {}{note}\n", code(path), code(&short(after))),
        (Some(before), Some(after)) => differences(before, after),
        _ => Vec::new(),
    };
    let signed = |sign: &str, below: &str, value: String| match below {
        "" => code(&format!("{sign} {value}")),
        below => code(&format!("{sign} {below}: {value}")),
    };
    let lines = parts.iter().map(|part| match part.kind {
        Kind::Removed => signed("-", &part.path, short(part.before)),
        Kind::Added => signed("+", &part.path, short(part.after)),
        Kind::Moved if part.path.is_empty() => MOVED.to_owned(),
        Kind::Moved => format!("{}: {MOVED}", code(&part.path)),
        Kind::Changed => change(&part.path, part.before, part.after),
    });
    match parts.as_slice() {
        [] => format!("{}{note}\n", change(path, before, after)),
        [one] if one.kind == Kind::Changed => {
            format!("{}{note}\n", change(&join(path, &one.path), one.before, one.after))
        }
        _ => format!("{}{note}\n{}", code(path), lines.map(|line| format!("- {line}\n")).collect::<String>()),
    }
}

fn machines(diff: &Diff) -> Vec<String> {
    let machines = diff.machines.iter().map(|machine| {
        let fields: String = machine.fields.iter().map(property).collect();
        let states: String = machine
            .states
            .iter()
            .map(|state| {
                let fields: String = state
                    .fields
                    .iter()
                    .map(|field| format!("  {}\n", property(field).trim_end().replace('\n', "\n  ")))
                    .collect();
                let (sign, path) = (words::sign_of(state.change), code(&state.path));
                format!("- {sign} {path}: {}\n{fields}", escaped(&words::state(state)))
            })
            .collect();
        let executions = escaped(&capital(&machine.executions));
        folded(
            &format!("state machine <code>{}</code>", html(&machine.id)),
            &format!("{fields}{states}\n{executions}.\n"),
        )
    });
    machines.collect()
}

fn section(title: &str, entries: &[EntryChange]) -> Option<String> {
    let lines: String = entries
        .iter()
        .filter(|entry| entry.quiet.is_none())
        .map(|entry| {
            let effect = entry.effect.as_ref().map(|effect| format!(" ({})", escaped(effect))).unwrap_or_default();
            let values = match (&entry.before, &entry.after) {
                (Some(before), Some(after)) => values(&entry.name, [Some(before), Some(after)], &effect),
                (before, after) => {
                    format!("{}: {}{effect}\n", code(&entry.name), code(&short(after.as_ref().or(before.as_ref()))))
                }
            };
            let values = values.trim_end().replace('\n', "\n  ");
            format!("- {} {values}\n", words::sign_of(entry.change))
        })
        .collect();
    (!lines.is_empty()).then(|| format!("\n**{title}**\n\n{lines}"))
}

fn order(diff: &Diff) -> Option<String> {
    let lines: String =
        diff.order.iter().map(|step| format!("1. {} {}\n", words::phase(step.phase), code(&step.id))).collect();
    (diff.order.len() > 1).then(|| folded("order", &lines))
}

fn folded(title: &str, body: &str) -> String {
    format!("\n<details><summary>{title}</summary>\n\n{body}\n</details>\n")
}

/// A text in which nothing is a tag.
fn html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A text of ours with words of others: nothing of it ends a cell, is a tag, or calls somebody.
fn escaped(text: &str) -> String {
    html(text).replace('|', "\\|").replace('@', "&#64;").replace(['\r', '\n'], " ")
}

/// A text as code, whatever it holds.
fn code(text: &str) -> String {
    let text = text.replace(['\r', '\n'], " ");
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    match longest {
        0 => format!("{fence}{text}{fence}"),
        _ => format!("{fence} {text} {fence}"),
    }
}

/// A fence that nothing in the text ends.
fn fence(text: &str) -> String {
    let longest = text.lines().map(|line| line.trim_start_matches(['+', '-', ' ', '~']));
    let longest = longest.map(|line| line.len() - line.trim_start_matches('`').len()).max().unwrap_or_default();
    "`".repeat(longest.max(2) + 1)
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
