//! What the 18 intrinsic functions do: as recorded on AWS, else as documented. The messages of failures are our own.

use std::collections::HashSet;

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use serde_json::{Map as Object, Number};

use super::{host::Host, java};
use crate::{
    asl::expression::{
        hash::digest,
        jsonpath::same,
        random::{Random, uuid_text},
    },
    json::Json,
};

/// Characters that `Base64Encode`, `Base64Decode` and `Hash` take.
const LONGEST_TEXT: usize = 10_000;
/// Items that `ArrayRange` makes.
const LONGEST_RANGE: i128 = 1_000;
const ALGORITHMS: &str = "MD5, SHA-1, SHA-256, SHA-384, SHA-512";
const MANY: usize = usize::MAX;

/// The engine for Base64. Like Java's decoder, which AWS presumably uses, it minds neither missing padding nor stray
/// last bits.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// An intrinsic function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Array,
    ArrayContains,
    ArrayGetItem,
    ArrayLength,
    ArrayPartition,
    ArrayRange,
    ArrayUnique,
    Base64Decode,
    Base64Encode,
    Format,
    Hash,
    JsonMerge,
    JsonToString,
    MathAdd,
    MathRandom,
    StringSplit,
    StringToJson,
    Uuid,
}

/// Name, function, fewest and most arguments.
type Entry = (&'static str, Function, (usize, usize));

pub(super) const FUNCTIONS: [Entry; 18] = [
    ("States.Array", Function::Array, (0, MANY)),
    ("States.ArrayContains", Function::ArrayContains, (2, 2)),
    ("States.ArrayGetItem", Function::ArrayGetItem, (2, 2)),
    ("States.ArrayLength", Function::ArrayLength, (1, 1)),
    ("States.ArrayPartition", Function::ArrayPartition, (2, 2)),
    ("States.ArrayRange", Function::ArrayRange, (3, 3)),
    ("States.ArrayUnique", Function::ArrayUnique, (1, 1)),
    ("States.Base64Decode", Function::Base64Decode, (1, 1)),
    ("States.Base64Encode", Function::Base64Encode, (1, 1)),
    ("States.Format", Function::Format, (1, MANY)),
    ("States.Hash", Function::Hash, (2, 2)),
    ("States.JsonMerge", Function::JsonMerge, (3, 3)),
    ("States.JsonToString", Function::JsonToString, (1, 1)),
    ("States.MathAdd", Function::MathAdd, (2, 2)),
    ("States.MathRandom", Function::MathRandom, (2, 3)),
    ("States.StringSplit", Function::StringSplit, (2, 2)),
    ("States.StringToJson", Function::StringToJson, (1, 1)),
    ("States.UUID", Function::Uuid, (0, 0)),
];

pub(super) fn named(name: &str) -> Option<Entry> {
    FUNCTIONS.into_iter().find(|(known, ..)| *known == name)
}

impl Function {
    /// The value for these arguments, or the sentence why there is none. The parser has counted the arguments.
    pub(super) fn call(self, arguments: &[Json], host: &mut dyn Host) -> Result<Json, String> {
        let given = Arguments(arguments);
        Ok(match self {
            Function::Array => arguments.to_vec().into(),
            Function::ArrayContains => given.array(0)?.iter().any(|item| same(item, given.value(1))).into(),
            Function::ArrayGetItem => {
                let (array, index) = (given.array(0)?, given.integer(1)?);
                let item = usize::try_from(index).ok().and_then(|index| array.get(index));
                item.ok_or_else(|| format!("the index {index} is not one of an array of length {}", array.len()))?
                    .clone()
            }
            Function::ArrayLength => given.array(0)?.len().into(),
            Function::ArrayPartition => {
                let (array, size) = (given.array(0)?, given.integer(1)?);
                match usize::try_from(size) {
                    Ok(size) if size > 0 => array.chunks(size).map(<[Json]>::to_vec).collect(),
                    _ => return Err(format!("the chunk size is {size}; expected a positive integer")),
                }
            }
            Function::ArrayRange => range(given.integer(0)?, given.integer(1)?, given.integer(2)?)?,
            Function::ArrayUnique => {
                let mut seen = HashSet::new();
                given.array(0)?.iter().filter(|item| seen.insert(key(item))).cloned().collect()
            }
            Function::Base64Decode => match BASE64.decode(given.short_text(0)?) {
                // As Java does, which makes a text of any bytes.
                Ok(bytes) => String::from_utf8_lossy(&bytes).into(),
                Err(fault) => return Err(format!("the text is not Base64: {fault}")),
            },
            Function::Base64Encode => BASE64.encode(given.short_text(0)?).into(),
            Function::Format => format(given.text(0)?, false, arguments.get(1..).unwrap_or_default())?,
            Function::Hash => {
                let (data, algorithm) = (given.short_text(0)?, given.text(1)?);
                match digest(data.as_bytes(), algorithm) {
                    Some(digest) => digest.into(),
                    None => return Err(format!("`{algorithm}` is no algorithm; expected one of {ALGORITHMS}")),
                }
            }
            Function::JsonMerge => {
                let (mut merged, other) = (given.object(0)?.clone(), given.object(1)?);
                if given.value(2) != &Json::Bool(false) {
                    return Err(format!(
                        "argument 3 is {}; expected false, as only shallow merging exists",
                        given.value(2)
                    ));
                }
                merged.extend(other.clone());
                merged.into()
            }
            Function::JsonToString => given.value(0).to_string().into(),
            Function::MathAdd => match given.integer(0)?.checked_add(given.integer(1)?) {
                Some(sum) => sum.into(),
                None => return Err("the sum is out of range".to_owned()),
            },
            Function::MathRandom => {
                let (start, end) = (given.integer(0)?, given.integer(1)?);
                let chance = match arguments.len() {
                    // The same for the same seed, though not the number that AWS has for it.
                    3 => Random::new(given.integer(2)?.cast_unsigned()).fraction(),
                    _ => host.random(),
                };
                between(start, end, chance)?.into()
            }
            Function::StringSplit => {
                let (text, delimiters) = (given.text(0)?, given.text(1)?);
                let parts = text.split(|char| delimiters.contains(char)).filter(|part| !part.is_empty());
                parts.collect()
            }
            // A text without anything in it is nothing to the service's library, and no fault.
            Function::StringToJson if given.text(0)?.trim().is_empty() => Json::Null,
            Function::StringToJson => match serde_json::from_str(given.text(0)?) {
                Ok(json) => json,
                Err(fault) => return Err(format!("the text is not JSON: {fault}")),
            },
            Function::Uuid => uuid_text(host.uuid()).into(),
        })
    }
}

/// The arguments of a call, each by its place and of the type that the function takes.
struct Arguments<'a>(&'a [Json]);

impl<'a> Arguments<'a> {
    fn value(&self, place: usize) -> &'a Json {
        self.0.get(place).unwrap_or(&Json::Null)
    }

    fn expected<T>(&self, place: usize, expected: &str) -> Result<T, String> {
        Err(format!("argument {} is {}; expected {expected}", place + 1, self.value(place)))
    }

    fn array(&self, place: usize) -> Result<&'a Vec<Json>, String> {
        self.value(place).as_array().map_or_else(|| self.expected(place, "an array"), Ok)
    }

    fn object(&self, place: usize) -> Result<&'a Object<String, Json>, String> {
        self.value(place).as_object().map_or_else(|| self.expected(place, "an object"), Ok)
    }

    fn text(&self, place: usize) -> Result<&'a str, String> {
        self.value(place).as_str().map_or_else(|| self.expected(place, "a text"), Ok)
    }

    fn short_text(&self, place: usize) -> Result<&'a str, String> {
        let text = self.text(place)?;
        // Java's characters, of which an emoji is two.
        let length = text.encode_utf16().count();
        if length > LONGEST_TEXT {
            return Err(format!("argument {} has {length} characters; expected at most {LONGEST_TEXT}", place + 1));
        }
        Ok(text)
    }

    fn integer(&self, place: usize) -> Result<i64, String> {
        let number = self.value(place).as_number().and_then(rounded);
        number.map_or_else(|| self.expected(place, "a number of at most 64 bits"), Ok)
    }
}

/// The nearest integer; of two, the greater one, as Java's `Math.round`: 1.5 is 2, and -1.5 is -1.
fn rounded(number: &Number) -> Option<i64> {
    if let Some(integer) = number.as_i64() {
        return Some(integer);
    }
    let number = number.as_f64().filter(|_| !number.is_u64())?;
    let floor = number.floor();
    let rounded = if number - floor >= 0.5 { floor + 1.0 } else { floor };
    // 2^63 is the first that does not fit; its negative does.
    (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&rounded).then_some(rounded as i64)
}

/// A template with its `{}` filled in. In a literal, `escaped`, a backslash keeps a brace from being one of these.
pub(super) fn format(template: &str, escaped: bool, values: &[Json]) -> Result<Json, String> {
    let mut text = String::with_capacity(template.len());
    let mut values_left = values.iter();
    let mut places = 0_usize;
    let mut chars = template.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '\\' if escaped => text.extend(chars.next()),
            '{' if chars.peek() == Some(&'}') => {
                chars.next();
                places += 1;
                if let Some(value) = values_left.next() {
                    java::write(value, &mut text);
                }
            }
            char => text.push(char),
        }
    }
    if places != values.len() {
        return Err(format!("the template has {places} `{{}}`, and there are {} arguments for them", values.len()));
    }
    Ok(text.into())
}

/// The numbers from `start` to `end`, both included; none where `step` leads away from `end`.
fn range(start: i64, end: i64, step: i64) -> Result<Json, String> {
    let (first, last, step) = (i128::from(start), i128::from(end), i128::from(step));
    if step == 0 {
        return Err("the step is 0; expected another integer".to_owned());
    }
    let reach = if step > 0 { last - first } else { first - last };
    let count = reach.div_euclid(step.abs()) + 1;
    if count > LONGEST_RANGE {
        return Err(format!("the range has {count} items; expected at most {LONGEST_RANGE}"));
    }
    Ok((0..count).filter_map(|index| i64::try_from(first + index * step).ok()).collect::<Vec<_>>().into())
}

/// An integer from `start` up to, but not including, `end`; `chance` is from 0 to 1.
fn between(start: i64, end: i64, chance: f64) -> Result<i64, String> {
    if start >= end {
        return Err(format!("the start is {start} and the end {end}; expected a start less than the end"));
    }
    let span = i128::from(end) - i128::from(start);
    let offset = ((span as f64 * chance) as i128).clamp(0, span - 1);
    i64::try_from(i128::from(start) + offset).map_err(|_| "the number is out of range".to_owned())
}

/// A text that two values share when they are [`same`]: without order of members, and `1.0` as `1`.
fn key(value: &Json) -> String {
    match value {
        Json::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < 1e15 => (float as i64).to_string(),
            _ => number.to_string(),
        },
        Json::Array(array) => format!("[{}]", array.iter().map(key).collect::<Vec<_>>().join(",")),
        Json::Object(object) => {
            let mut members: Vec<_> =
                object.iter().map(|(name, value)| format!("{}:{}", Json::from(name.as_str()), key(value))).collect();
            members.sort_unstable();
            format!("{{{}}}", members.join(","))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::asl::expression::intrinsic::tests::{fail, give};

    #[test]
    fn format() {
        give(json!({"a": "x", "b": null}), "States.Format('{}-{}', $.a, $.b)", json!("x-null"));
        give(json!({"a": {"Arg1": 1, "Arg2": []}}), "States.Format('{}', $.a)", json!("{Arg1=1, Arg2=[]}"));
        give(json!({"t": "Hi {}"}), "States.Format($.t, 1.5)", json!("Hi 1.5"));
        give(json!({}), r"States.Format('\{\} {} \\{} it\'s', 1, true)", json!("{} 1 \\true it's"));
        fail(
            json!({}),
            "States.Format('{}')",
            "States.Format('{}'): the template has 1 `{}`, and there are 0 arguments for them",
        );
        fail(json!({}), "States.Format(1)", "States.Format(1): argument 1 is 1; expected a text");
    }

    #[test]
    fn json() {
        give(json!({}), r#"States.StringToJson('[1, {"a": 2}]')"#, json!([1, {"a": 2}]));
        give(json!({"a": {"b": [1.5]}}), "States.JsonToString($)", json!("{\"a\":{\"b\":[1.5]}}"));
        let input = json!({"a": {"x": {"y": 1}, "z": 0}, "b": {"x": {"w": 2}}});
        give(input.clone(), "States.JsonMerge($.a, $.b, false)", json!({"x": {"w": 2}, "z": 0}));
        for blank in ["''", "' '"] {
            give(json!({}), &format!("States.StringToJson({blank})"), json!(null));
        }
        let message = "argument 3 is true; expected false, as only shallow merging exists";
        fail(input, "States.JsonMerge($.a, $.b, true)", &format!("States.JsonMerge($.a, $.b, true): {message}"));
        let message = "the text is not JSON: EOF while parsing an object at line 1 column 1";
        fail(json!({}), "States.StringToJson('{')", &format!("States.StringToJson('{{'): {message}"));
    }

    #[test]
    fn arrays() {
        give(json!([1, 2, 3]), "States.ArrayPartition($, 2)", json!([[1, 2], [3]]));
        give(json!([]), "States.ArrayPartition($, 2)", json!([]));
        give(json!([1, {"a": 2}]), "States.ArrayContains($, $[1])", json!(true));
        give(json!([1.0]), "States.ArrayContains($, 1)", json!(true));
        give(json!([1, 2]), "States.ArrayGetItem($, 1)", json!(2));
        give(json!([1, 2]), "States.ArrayLength($)", json!(2));
        give(
            json!([1, 1.0, "1", [1], [1.0], {"a": 1, "b": 2}, {"b": 2, "a": 1}]),
            "States.ArrayUnique($)",
            json!([1, "1", [1], {"a": 1, "b": 2}]),
        );
        fail(
            json!([1]),
            "States.ArrayPartition($, 0)",
            "States.ArrayPartition($, 0): the chunk size is 0; expected a positive integer",
        );
        fail(
            json!([1]),
            "States.ArrayGetItem($, 1)",
            "States.ArrayGetItem($, 1): the index 1 is not one of an array of length 1",
        );
        fail(
            json!([1]),
            "States.ArrayGetItem($, -1)",
            "States.ArrayGetItem($, -1): the index -1 is not one of an array of length 1",
        );
        fail(json!({}), "States.ArrayLength($)", "States.ArrayLength($): argument 1 is {}; expected an array");
    }

    #[test]
    fn ranges() {
        give(json!({}), "States.ArrayRange(1, 9, 2)", json!([1, 3, 5, 7, 9]));
        give(json!({}), "States.ArrayRange(1, 9, 9)", json!([1]));
        give(json!({}), "States.ArrayRange(5, 0, -2)", json!([5, 3, 1]));
        give(json!({}), "States.ArrayRange(0, 3, -1)", json!([]));
        give(json!({}), "States.ArrayLength(States.ArrayRange(1, 1000, 1))", json!(1000));
        fail(
            json!({}),
            "States.ArrayRange(0, 1000, 1)",
            "States.ArrayRange(0, 1000, 1): the range has 1001 items; expected at most 1000",
        );
        fail(
            json!({}),
            "States.ArrayRange(0, 1, 0)",
            "States.ArrayRange(0, 1, 0): the step is 0; expected another integer",
        );
    }

    #[test]
    fn numbers_are_rounded_half_up() {
        for (a, b, sum) in [(1.5, 0.0, 2), (-1.5, 0.0, -1), (-0.5, 0.0, 0), (-1.5, -1.51, -3), (1.49, -1.49, 0)] {
            give(json!([a, b]), "States.MathAdd($[0], $[1])", json!(sum));
        }
        give(json!([i64::MAX]), "States.MathAdd($[0], -1)", json!(i64::MAX - 1));
        fail(json!([i64::MAX]), "States.MathAdd($[0], 1)", "States.MathAdd($[0], 1): the sum is out of range");
        fail(
            json!({}),
            "States.MathAdd(1, '1')",
            "States.MathAdd(1, '1'): argument 2 is \"1\"; expected a number of at most 64 bits",
        );
        fail(
            json!({}),
            "States.MathAdd(1, 1e300)",
            "States.MathAdd(1, 1e300): argument 2 is 1e+300; expected a number of at most 64 bits",
        );
    }

    #[test]
    fn chance() {
        give(json!({}), "States.MathRandom(0, 10)", json!(5));
        give(json!({}), "States.MathRandom(3, 4)", json!(3));
        give(json!({}), "States.MathRandom(0, 999, 3)", json!(113));
        give(json!({}), "States.UUID()", json!("ffffffff-ffff-4fff-bfff-ffffffffffff"));
        let message = "the start is 2 and the end 2; expected a start less than the end";
        fail(json!({}), "States.MathRandom(2, 2)", &format!("States.MathRandom(2, 2): {message}"));
    }

    #[test]
    fn texts() {
        give(
            json!({}),
            "States.StringSplit('This.is+a,test=string', '.+,=')",
            json!(["This", "is", "a", "test", "string"]),
        );
        give(json!({}), "States.StringSplit(', , ,', ',')", json!([" ", " "]));
        give(json!({}), "States.StringSplit('ab', '')", json!(["ab"]));
        give(json!({}), "States.Base64Encode('Data to encode')", json!("RGF0YSB0byBlbmNvZGU="));
        give(json!({}), "States.Base64Decode('RGF0YSB0byBlbmNvZGU')", json!("Data to encode"));
        give(json!({}), "States.Hash('input data', 'SHA-1')", json!("aaff4a450a104cd177d28d18d74485e8cae074b7"));
        give(json!({}), "States.Hash('', 'MD5')", json!("d41d8cd98f00b204e9800998ecf8427e"));
        let message = "`SHA` is no algorithm; expected one of MD5, SHA-1, SHA-256, SHA-384, SHA-512";
        fail(json!({}), "States.Hash('', 'SHA')", &format!("States.Hash('', 'SHA'): {message}"));
        fail(
            json!("x".repeat(10_001)),
            "States.Base64Encode($)",
            "States.Base64Encode($): argument 1 has 10001 characters; expected at most 10000",
        );
    }
}
