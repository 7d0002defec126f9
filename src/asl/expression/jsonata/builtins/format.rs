//! `$formatNumber`, by the pictures of XPath.
//!
//! <https://www.w3.org/TR/xpath-functions-31/#formatting-numbers>

use super::{number::rounded, picture::regular};
use crate::asl::expression::jsonata::{
    error::{Error, Given},
    value::{Host, Value},
};

/// The signs of a picture, and of what is made by it.
struct Signs {
    decimal: String,
    grouping: String,
    exponent: String,
    minus: String,
    percent: String,
    per_mille: String,
    zero: char,
    digit: String,
    pattern: String,
    infinity: String,
    nan: String,
}

impl Signs {
    fn of(options: Option<&Value>) -> Self {
        let sign = |name: &str, default: &str| match options {
            Some(Value::Object(options)) => options.get(name).and_then(Value::as_str).unwrap_or(default).to_owned(),
            _ => default.to_owned(),
        };
        Self {
            decimal: sign("decimal-separator", "."),
            grouping: sign("grouping-separator", ","),
            exponent: sign("exponent-separator", "e"),
            minus: sign("minus-sign", "-"),
            percent: sign("percent", "%"),
            per_mille: sign("per-mille", "‰"),
            zero: sign("zero-digit", "0").chars().next().unwrap_or('0'),
            digit: sign("digit", "#"),
            pattern: sign("pattern-separator", ";"),
            infinity: sign("infinity", "Infinity"),
            nan: sign("NaN", "NaN"),
        }
    }

    fn is_digit(&self, letter: char) -> bool {
        (u32::from(self.zero)..u32::from(self.zero) + 10).contains(&u32::from(letter))
    }

    fn is(&self, letter: char, sign: &str) -> bool {
        sign.chars().eq([letter])
    }

    fn is_optional(&self, letter: char) -> bool {
        self.is(letter, &self.digit)
    }

    /// Whether a letter of a picture stands for something.
    fn is_active(&self, letter: char) -> bool {
        self.is_digit(letter)
            || [&self.decimal, &self.grouping, &self.exponent, &self.digit, &self.pattern]
                .into_iter()
                .any(|sign| self.is(letter, sign))
    }
}

/// A picture, cut into its parts.
struct Parts {
    prefix: String,
    whole: Vec<char>,
    fraction: Vec<char>,
    exponent: Option<Vec<char>>,
    suffix: String,
    scale: f64,
}

fn cut(picture: &str, signs: &Signs) -> Given<Parts> {
    let letters: Vec<char> = picture.chars().collect();
    let is_active = |letter: &char| signs.is_active(*letter) && !signs.is(*letter, &signs.exponent);
    let (Some(first), Some(last)) = (letters.iter().position(is_active), letters.iter().rposition(is_active)) else {
        let text = "The sub-picture must contain at least one character that is a 'digit' or 'zero-digit' character";
        return Error::fail("D3085", text);
    };
    let active = &letters[first..=last];
    let times = |sign: &str| if sign.is_empty() { 0 } else { picture.matches(sign).count() };
    let (mantissa, exponent) = match active.iter().position(|letter| signs.is(*letter, &signs.exponent)) {
        Some(at) => (&active[..at], Some(active[at + 1..].to_vec())),
        None => {
            // An exponent of nothing stands behind what is active.
            let is_cut = letters.get(last + 1).is_some_and(|letter| signs.is(*letter, &signs.exponent));
            (active, is_cut.then(Vec::new))
        }
    };
    let (whole, fraction) = match mantissa.iter().position(|letter| signs.is(*letter, &signs.decimal)) {
        Some(at) => (&mantissa[..at], &mantissa[at + 1..]),
        None => (mantissa, &mantissa[mantissa.len()..]),
    };
    let (percent, per_mille) = (times(&signs.percent), times(&signs.per_mille));
    let fault = |code, text: &str| Error::fail(code, format!("The sub-picture must not contain {text}"));
    if times(&signs.decimal) > 1 {
        return fault("D3081", "more than one instance of the 'decimal-separator' character");
    }
    if percent > 1 {
        return fault("D3082", "more than one instance of the 'percent' character");
    }
    if per_mille > 1 {
        return fault("D3083", "more than one instance of the 'per-mille' character");
    }
    if percent > 0 && per_mille > 0 {
        return fault("D3084", "both a 'percent' and a 'per-mille' character");
    }
    if !mantissa.iter().any(|letter| signs.is_digit(*letter) || signs.is_optional(*letter)) {
        let text = "The mantissa part of a sub-picture must contain at least one character that is either an 'optional \
                    digit character' or a member of the 'decimal digit family'";
        return Error::fail("D3085", text);
    }
    if !active.iter().all(|letter| signs.is_active(*letter)) {
        return fault(
            "D3086",
            "a passive character that is preceded by an active character and that is followed by another active \
             character",
        );
    }
    let is_grouping = |letter: &char| signs.is(*letter, &signs.grouping);
    let has_point = whole.len() < mantissa.len();
    if has_point && (whole.last().is_some_and(is_grouping) || fraction.first().is_some_and(is_grouping)) {
        let text = "a 'grouping-separator' character that appears adjacent to a 'decimal-separator' character";
        return fault("D3087", text);
    }
    if !has_point && whole.last().is_some_and(is_grouping) {
        return fault("D3088", "a 'grouping-separator' at the end of the integer part");
    }
    if active.windows(2).any(|pair| pair.iter().all(is_grouping)) {
        return fault("D3089", "two adjacent instances of the 'grouping-separator' character");
    }
    let optional = |letter: &char| signs.is_optional(*letter);
    let digit = |letter: &char| signs.is_digit(*letter);
    if let (Some(digit), Some(optional)) = (whole.iter().position(digit), whole.iter().position(optional))
        && digit < optional
    {
        let text = "The integer part of the sub-picture must not contain a member of the 'decimal digit family' that \
                    is followed by an instance of the 'optional digit character'";
        return Error::fail("D3090", text);
    }
    if let (Some(digit), Some(optional)) = (fraction.iter().rposition(digit), fraction.iter().rposition(optional))
        && optional < digit
    {
        let text = "The fractional part of the sub-picture must not contain an instance of the 'optional digit \
                    character' that is followed by a member of the 'decimal digit family'";
        return Error::fail("D3091", text);
    }
    if let Some(exponent) = &exponent {
        if percent + per_mille > 0 {
            let text = "A sub-picture that contains a 'percent' or 'per-mille' character must not contain a character \
                        treated as an 'exponent-separator'";
            return Error::fail("D3092", text);
        }
        if exponent.is_empty() || !exponent.iter().all(digit) {
            let text = "The exponent part of the sub-picture must comprise only of one or more characters that are \
                        members of the 'decimal digit family'";
            return Error::fail("D3093", text);
        }
    }
    Ok(Parts {
        prefix: letters[..first].iter().collect(),
        whole: whole.to_vec(),
        fraction: fraction.to_vec(),
        exponent,
        suffix: letters[last + 1..].iter().collect(),
        scale: if percent > 0 {
            100.0
        } else if per_mille > 0 {
            1000.0
        } else {
            1.0
        },
    })
}

pub(super) fn format_number(host: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    let [Value::Number(number), Value::Text(picture), rest @ ..] = arguments else { return Ok(Value::Nothing) };
    host.charge(picture.len() * 16)?;
    let signs = Signs::of(rest.first());
    let pictures: Vec<&str> = match signs.pattern.as_str() {
        "" => vec![picture],
        pattern => picture.split(pattern).collect(),
    };
    if pictures.len() > 2 {
        return Error::fail("D3080", "The picture string must only contain a maximum of two sub-pictures");
    }
    let mut parts = pictures.iter().map(|picture| cut(picture, &signs)).collect::<Given<Vec<Parts>>>()?;
    let is_negative = *number < 0.0;
    let parts = match (is_negative, parts.len()) {
        (true, 2) => parts.remove(1),
        (true, _) => {
            let mut parts = parts.remove(0);
            parts.prefix.insert_str(0, &signs.minus);
            parts
        }
        _ => parts.remove(0),
    };
    let number = number * parts.scale;
    let body = if number.is_nan() {
        signs.nan.clone()
    } else if number.is_infinite() {
        signs.infinity.clone()
    } else {
        body(number.abs(), &parts, &signs)
    };
    Ok(Value::text(format!("{}{body}{}", parts.prefix, parts.suffix)))
}

/// The digits of a number that is not negative.
fn body(number: f64, parts: &Parts, signs: &Signs) -> String {
    let count = |letters: &[char], also_optional: bool| {
        let is_one = |letter: &&char| signs.is_digit(**letter) || also_optional && signs.is_optional(**letter);
        letters.iter().filter(is_one).count()
    };
    let scaling = count(&parts.whole, false);
    let (mut least_whole, mut least, mut most) = (scaling, count(&parts.fraction, false), count(&parts.fraction, true));
    if least_whole == 0 && most == 0 {
        if parts.exponent.is_some() {
            (least, most) = (1, 1);
        } else {
            least_whole = 1;
        }
    }
    if parts.exponent.is_some() && least_whole == 0 && parts.whole.iter().any(|letter| signs.is_optional(*letter)) {
        least_whole = 1;
    }
    if least_whole == 0 && least == 0 {
        least = 1;
    }
    let (mut mantissa, mut exponent) = (number, 0_i32);
    if parts.exponent.is_some() && number > 0.0 {
        let power = i32::try_from(scaling).unwrap_or(0);
        let (lowest, highest) = (10_f64.powi(power - 1), 10_f64.powi(power));
        while mantissa < lowest && mantissa > 0.0 {
            mantissa *= 10.0;
            exponent -= 1;
        }
        while mantissa > highest && mantissa.is_finite() {
            mantissa /= 10.0;
            exponent += 1;
        }
    }
    let text = fixed(rounded(mantissa, most as f64), most);
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut whole: Vec<char> = whole.trim_start_matches('0').chars().collect();
    let mut fraction: Vec<char> = fraction.trim_end_matches('0').chars().collect();
    if whole.len() < least_whole {
        whole.splice(0..0, std::iter::repeat_n('0', least_whole - whole.len()));
    }
    fraction.resize(fraction.len().max(least), '0');
    let own = |letters: Vec<char>| -> Vec<String> {
        let own = letters.into_iter().map(|letter| match letter.to_digit(10) {
            Some(digit) => char::from_u32(u32::from(signs.zero) + digit).unwrap_or(letter).to_string(),
            None => letter.to_string(),
        });
        own.collect()
    };
    let (mut whole, mut fraction) = (own(whole), own(fraction));
    let is_grouping = |letter: char| signs.is(letter, &signs.grouping);
    // Digits to the right of each separator of the whole part, and to the left of each of the fraction.
    let groups = |letters: &[char], from_end: bool| -> Vec<usize> {
        let places = letters
            .iter()
            .enumerate()
            .filter(|(_, letter)| is_grouping(**letter))
            .map(|(at, _)| count(if from_end { &letters[at + 1..] } else { &letters[..at] }, true));
        places.collect()
    };
    let places = groups(&parts.whole, true);
    let length = whole.len();
    let places: Vec<usize> = match regular(&places) {
        Some(every) => (1..=length.saturating_sub(1) / every).map(|group| group * every).collect(),
        None => places.into_iter().filter(|place| *place <= length).rev().collect(),
    };
    for place in places {
        whole.insert(length - place, signs.grouping.clone());
    }
    for (before, place) in groups(&parts.fraction, false).into_iter().enumerate() {
        let at = (place + before).min(fraction.len());
        fraction.insert(at, signs.grouping.clone());
    }
    let mut body = whole.concat();
    if !fraction.is_empty() {
        body.push_str(&signs.decimal);
        body.push_str(&fraction.concat());
    }
    if let Some(picture) = &parts.exponent {
        let digits = fixed(f64::from(exponent.abs()), 0);
        body.push_str(&signs.exponent);
        if exponent < 0 {
            body.push_str(&signs.minus);
        }
        let padded = format!("{}{digits}", "0".repeat(picture.len().saturating_sub(digits.len())));
        body.push_str(&own(padded.chars().collect()).concat());
    }
    body
}

/// A number with so many digits of its fraction; a large one as it is written otherwise.
fn fixed(number: f64, digits: usize) -> String {
    if number >= 1e21 {
        return crate::asl::expression::jsonata::number::decimal(number);
    }
    format!("{number:.digits$}")
}
