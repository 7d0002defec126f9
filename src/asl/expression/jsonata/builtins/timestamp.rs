//! The calendar, and moments in ISO 8601.

const DAY: f64 = 86_400_000.0;

/// A moment, by its components.
pub(super) struct Moment {
    year: f64,
    month: f64,
    day: f64,
    pub hour: u32,
    minute: f64,
    second: f64,
    milli: f64,
    /// Days since 1970.
    days: f64,
}

impl Moment {
    /// The moment of so many milliseconds since 1970.
    pub fn of(millis: f64) -> Self {
        let days = (millis / DAY).floor();
        let rest = millis - days * DAY;
        let (year, month, day) = civil(days);
        Self {
            year,
            month,
            day,
            hour: (rest / 3_600_000.0) as u32,
            minute: (rest / 60_000.0).floor() % 60.0,
            second: (rest / 1_000.0).floor() % 60.0,
            milli: rest % 1_000.0,
            days,
        }
    }

    /// A component, by its letter in a picture.
    pub fn component(&self, letter: char) -> f64 {
        match letter {
            'Y' => self.year,
            'M' => self.month,
            'D' => self.day,
            'd' => self.days - days(self.year, 1.0, 1.0) + 1.0,
            'F' => weekday(self.days),
            'W' => self.week_of_year().1,
            'X' => self.week_of_year().0,
            'w' => self.week_of_month().2,
            'x' => self.week_of_month().1,
            'H' => f64::from(self.hour),
            'h' => f64::from(if self.hour % 12 == 0 { 12 } else { self.hour % 12 }),
            'm' => self.minute,
            's' => self.second,
            'f' => self.milli,
            _ => 0.0,
        }
    }

    /// The year and the week of it that the day belongs to: that of its Thursday.
    fn week_of_year(&self) -> (f64, f64) {
        let thursday = self.days - weekday(self.days) + 4.0;
        let (year, ..) = civil(thursday);
        (year, ((thursday - days(year, 1.0, 1.0)) / 7.0).floor() + 1.0)
    }

    /// The year, the month and the week of it that the day belongs to, likewise.
    fn week_of_month(&self) -> (f64, f64, f64) {
        let thursday = self.days - weekday(self.days) + 4.0;
        let (year, month, day) = civil(thursday);
        (year, month, ((day - 1.0) / 7.0).floor() + 1.0)
    }
}

/// The day of the week, of which Monday is the first.
fn weekday(days: f64) -> f64 {
    (days + 3.0).rem_euclid(7.0) + 1.0
}

/// Days from 1970 to a date of the Gregorian calendar.
fn days(year: f64, month: f64, day: f64) -> f64 {
    // A year begins in March, so that the day of a leap year is its last.
    let year = if month <= 2.0 { year - 1.0 } else { year };
    let era = (year / 400.0).floor();
    let of_era = year - era * 400.0;
    let of_year = ((153.0 * (month + if month > 2.0 { -3.0 } else { 9.0 }) + 2.0) / 5.0).floor() + day - 1.0;
    era * 146_097.0 + of_era * 365.0 + (of_era / 4.0).floor() - (of_era / 100.0).floor() + of_year - 719_468.0
}

/// The date of so many days since 1970.
fn civil(days: f64) -> (f64, f64, f64) {
    let days = days + 719_468.0;
    let era = (days / 146_097.0).floor();
    let of_era = days - era * 146_097.0;
    let year = ((of_era - (of_era / 1_460.0).floor() + (of_era / 36_524.0).floor() - (of_era / 146_096.0).floor())
        / 365.0)
        .floor();
    let of_year = of_era - (365.0 * year + (year / 4.0).floor() - (year / 100.0).floor());
    let shifted = ((5.0 * of_year + 2.0) / 153.0).floor();
    let day = of_year - ((153.0 * shifted + 2.0) / 5.0).floor() + 1.0;
    let month = if shifted < 10.0 { shifted + 3.0 } else { shifted - 9.0 };
    (year + era * 400.0 + if month <= 2.0 { 1.0 } else { 0.0 }, month, day)
}

/// Milliseconds since 1970 of a date, of which January is the month 0, and a time. What is beyond its month or its day
/// counts on; a year of two digits is one of the twentieth century, as in JavaScript.
pub(super) fn millis_of(year: f64, month: f64, day: f64, [hour, minute, second, milli]: [f64; 4]) -> f64 {
    let year = if (0.0..100.0).contains(&year) { year.trunc() + 1900.0 } else { year };
    let year = year + (month / 12.0).floor();
    let days = days(year, month.rem_euclid(12.0) + 1.0, 1.0) + day - 1.0;
    days * DAY + hour * 3_600_000.0 + minute * 60_000.0 + second * 1_000.0 + milli
}

/// Milliseconds since 1970 of a moment in ISO 8601: a year, with a month, with a day, with a time and an offset. None
/// where the text is no such moment; no number, where it has the form of one that there is not.
pub(super) fn iso(text: &str) -> Option<f64> {
    let mut rest = text;
    let year = digits(&mut rest, 4)?;
    let (mut month, mut day, mut time, mut offset) = (1.0, 1.0, [0.0; 4], 0.0);
    if let Some(after) = rest.strip_prefix('-') {
        rest = after;
        month = digits(&mut rest, 2)?;
        if let Some(after) = rest.strip_prefix('-') {
            rest = after;
            day = digits(&mut rest, 2)?;
        }
    }
    if let Some(after) = rest.strip_prefix('T') {
        rest = after;
        for (place, before) in ["", ":", ":"].into_iter().enumerate() {
            rest = rest.strip_prefix(before)?;
            time[place] = digits(&mut rest, 2)?;
        }
        if let Some(after) = rest.strip_prefix('.') {
            let count = after.bytes().take_while(u8::is_ascii_digit).count();
            let fraction = format!("{:0<3}", &after[..count]);
            time[3] = fraction.get(..3).filter(|_| count > 0)?.parse().ok()?;
            rest = &after[count..];
        }
        if rest == "Z" {
            rest = "";
        } else if let Some(after) = rest.strip_prefix(['+', '-']) {
            let sign = if rest.starts_with('-') { -1.0 } else { 1.0 };
            rest = after;
            let hours = digits(&mut rest, 2)?;
            rest = rest.strip_prefix(':').unwrap_or(rest);
            offset = sign * (hours * 60.0 + digits(&mut rest, 2)?);
        }
    }
    if !rest.is_empty() {
        return None;
    }
    let [hour, minute, second, milli] = time;
    let is_midnight = hour == 24.0 && minute + second + milli == 0.0;
    let is_moment = (1.0..=12.0).contains(&month)
        && (1.0..=31.0).contains(&day)
        && (hour < 24.0 || is_midnight)
        && minute < 60.0
        && second < 60.0;
    if !is_moment {
        return Some(f64::NAN);
    }
    // A year of two digits has none of a century here.
    Some(days(year, month, 1.0).mul_add(DAY, (day - 1.0) * DAY) + time_of(time) - offset * 60_000.0)
}

fn time_of([hour, minute, second, milli]: [f64; 4]) -> f64 {
    hour * 3_600_000.0 + minute * 60_000.0 + second * 1_000.0 + milli
}

fn digits(text: &mut &str, count: usize) -> Option<f64> {
    let digits = text.get(..count).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    *text = &text[count..];
    digits.parse().ok()
}
