//! GitHub: workflow commands, each of which becomes an annotation of a pull request.
//!
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>

use super::{compared::Compared, words};
use crate::{
    cli::report::github::annotation,
    diff::{Action, security},
};

/// The commands for all comparisons: what is lost is an error, what is replaced or opened a warning.
pub(super) fn render(compared: &[Compared]) -> String {
    let mut lines = Vec::new();
    for one in compared {
        let (name, diff) = (&one.name, &one.diff);
        for loss in &diff.losses {
            let level = if loss.certain { "error" } else { "warning" };
            let message = format!("{name}: {} ({}): {}\nhelp: {}", loss.id, loss.kind, loss.what, loss.remedy);
            lines.push(annotation(level, "loss of data", &message));
        }
        for change in diff.resources.iter().filter(|change| change.quiet.is_none()) {
            for obstacle in &change.obstacles {
                lines.push(annotation("error", "fails", &format!("{name}: {}: {obstacle}", change.id)));
            }
            if matches!(change.action, Action::Replace | Action::MaybeReplace | Action::Interrupt) {
                let causes = change.properties.iter().filter(|property| property.action == change.action);
                let causes: Vec<String> = causes.map(|property| format!("`{}`", property.path)).collect();
                let action = words::action(change);
                let message = format!("{name}: {} ({}): {action}, for {}", change.id, change.kind, causes.join(", "));
                lines.push(annotation("warning", "replacement", &message));
            }
        }
        for change in diff.outputs.iter().filter(|change| !change.importers.is_empty()) {
            let effect = change.effect.as_deref().unwrap_or_default();
            lines.push(annotation("error", "fails", &format!("{name}: output {}: {effect}", change.name)));
        }
        let gained = diff.security.iter().filter(|change| change.direction == security::Direction::Gained);
        for change in gained {
            let level = if change.broadens() { "warning" } else { "notice" };
            lines.push(annotation(level, "security", &format!("{name}: {}", change.sentence)));
        }
        lines.push(annotation("notice", "diff", &format!("{name}: {}", words::summary(diff))));
    }
    lines.join("\n") + "\n"
}
