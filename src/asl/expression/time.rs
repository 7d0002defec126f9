//! The virtual clock: milliseconds since 1970, and their text forms.

use chrono::{DateTime, SecondsFormat, TimeDelta};

/// A moment: milliseconds since 1970 in UTC.
pub(crate) type Time = i64;

/// When an execution starts unless its context says otherwise: 2026-01-01T00:00:00Z.
pub(crate) const START: Time = 1_767_225_600_000;

/// The text of a moment, in the form of `$$.State.EnteredTime`: `2026-01-01T00:00:00.000Z`.
pub(crate) fn text(time: Time) -> String {
    let time = DateTime::from_timestamp_millis(time).unwrap_or(DateTime::<chrono::Utc>::MAX_UTC);
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// The moment of a timestamp in the profile of RFC 3339 that the States Language takes: a capital `T`, and a capital
/// `Z` or an offset.
pub(crate) fn parse(text: &str) -> Option<Time> {
    if text.as_bytes().get(10) != Some(&b'T') || text.ends_with('z') {
        return None;
    }
    DateTime::parse_from_rfc3339(text).ok().map(|time| time.timestamp_millis())
}

/// A span for a person: `1.5s`, `2m 30s`, `365d`.
pub(crate) fn span(milliseconds: i64) -> String {
    let span = TimeDelta::milliseconds(milliseconds.max(0));
    if span < TimeDelta::minutes(1) {
        return format!("{}s", milliseconds.max(0) as f64 / 1000.0);
    }
    let parts = [
        (span.num_days(), "d"),
        (span.num_hours() % 24, "h"),
        (span.num_minutes() % 60, "m"),
        (span.num_seconds() % 60, "s"),
    ];
    let parts: Vec<String> =
        parts.iter().filter(|(number, _)| *number > 0).map(|(number, unit)| format!("{number}{unit}")).collect();
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timestamp_has_a_time_and_an_offset() {
        assert_eq!(parse("2026-01-01T00:00:00Z"), Some(START));
        assert_eq!(parse("2026-01-01T01:30:00.250+01:30"), Some(START + 250));
        for wrong in [
            "",
            "2026-01-01",
            "2026-01-01 00:00:00Z",
            "2026-01-01T00:00:00",
            "2026-01-01T25:00:00Z",
            "☕☕☕T",
            "2026-01-01T00:00:00z",
        ] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_moment_is_written_to_the_millisecond() {
        assert_eq!(text(START), "2026-01-01T00:00:00.000Z");
        assert_eq!(text(START + 1_250), "2026-01-01T00:00:01.250Z");
        assert_eq!(parse(&text(START + 7)), Some(START + 7));
    }

    #[test]
    fn a_span_is_told_in_its_largest_units() {
        let cases = [(0, "0s"), (1_500, "1.5s"), (150_000, "2m 30s"), (31_536_000_000, "365d"), (90_000_000, "1d 1h")];
        for (milliseconds, expected) in cases {
            assert_eq!(span(milliseconds), expected);
        }
    }
}
