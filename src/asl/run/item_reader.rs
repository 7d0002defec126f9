//! `ItemReader`: the items of a distributed `Map`, from its dataset.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html>

use std::{iter::Peekable, str::Chars};

use serde_json::{Map as Object, json};

use super::outside::{Dataset, DatasetContent, Unavailable};
use crate::{
    asl::definition::Reader,
    json::{Json, MAX_NESTING, is_too_deep, take_apart},
};

/// The items that a `Map` iterates over.
#[derive(Debug)]
pub(super) struct MapItems {
    pub items: Vec<Json>,
    /// True where they are the members of an object, as `{"Key": …, "Value": …}`.
    pub keyed: bool,
}

impl MapItems {
    pub fn of(items: Vec<Json>) -> Self {
        Self { items, keyed: false }
    }

    pub fn of_object<'a>(members: impl Iterator<Item = (&'a String, &'a Json)>) -> Self {
        Self { items: members.map(|(key, value)| json!({"Key": key, "Value": value})).collect(), keyed: true }
    }
}

/// The reason why there are no items.
#[derive(Debug)]
pub(super) enum Problem {
    /// The dataset cannot be had: the service has nothing to do with it.
    Unavailable(Unavailable),
    /// The service refuses the dataset: `States.ItemReaderFailed` with this cause.
    Refused(String),
}

/// Takes at most so many items of a dataset.
pub(super) fn read(dataset: Dataset, state: &str, reader: &Reader, most: usize) -> Result<MapItems, Problem> {
    let bytes = match dataset.content {
        DatasetContent::File(bytes) => bytes,
        DatasetContent::Items(items) => return given(items, state, most),
        DatasetContent::Failed(cause) => return Err(refused(cause)),
    };
    match reader.input_type.as_deref() {
        Some("CSV") => csv(&bytes, reader, most).map(MapItems::of),
        Some("JSONL") => lines(&bytes, most).map(MapItems::of),
        // A text stands in for Parquet, and for the files that a manifest names: their rows.
        Some("MANIFEST" | "PARQUET") => rows(&bytes, reader, most),
        // Without a type the items are the objects of a bucket, which a file of JSON stands in for.
        _ => of_json(&bytes, reader, most),
    }
}

/// Items as they were given: unlike those of a file, which the parser of JSON holds back, they may be of any depth.
fn given(mut items: Vec<Json>, state: &str, most: usize) -> Result<MapItems, Problem> {
    let too_deep = items.iter().any(is_too_deep);
    if too_deep {
        take_apart(Json::Array(items));
        let problem = format!("an item of `{state}` has more than {MAX_NESTING} levels of nesting; expected fewer");
        return Err(Problem::Unavailable(Unavailable::new(problem)));
    }
    items.truncate(most);
    Ok(MapItems::of(items))
}

fn refused(problem: impl Into<String>) -> Problem {
    Problem::Refused(problem.into())
}

/// The items of a JSON file: those of an array, or the members of an object.
fn of_json(bytes: &[u8], reader: &Reader, most: usize) -> Result<MapItems, Problem> {
    let json: Json =
        serde_json::from_slice(bytes).map_err(|error| refused(format!("The file is not JSON: {error}")))?;
    let items = match &reader.items_pointer {
        None => Some(&json),
        Some(pointer) => json.pointer(pointer),
    };
    match items {
        Some(Json::Array(items)) => Ok(MapItems::of(items.iter().take(most).cloned().collect())),
        Some(Json::Object(members)) => Ok(MapItems::of_object(members.iter().take(most))),
        Some(_) => Err(refused("Attempting to map over non-iterable node.")),
        None => {
            Err(refused("The provided ReaderConfig.ItemsPointer does not match any valid path in the JSON structure."))
        }
    }
}

/// The rows of Parquet or of what a manifest names, in the form that the file has: JSON, JSON on each line, or CSV.
fn rows(bytes: &[u8], reader: &Reader, most: usize) -> Result<MapItems, Problem> {
    if bytes.starts_with(b"PAR1") {
        let problem = "the file of items is Parquet; expected its rows as JSON lines or CSV, which stand in for it";
        return Err(Problem::Unavailable(Unavailable::new(problem)));
    }
    match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'[') => of_json(bytes, reader, most),
        Some(b'{') => lines(bytes, most).map(MapItems::of),
        _ => csv(bytes, reader, most).map(MapItems::of),
    }
}

/// The items of a JSONL file, one a line; empty lines are none.
fn lines(bytes: &[u8], most: usize) -> Result<Vec<Json>, Problem> {
    let lines = bytes.split(|byte| *byte == b'\n').enumerate();
    let lines = lines.filter(|(_, line)| !line.iter().all(u8::is_ascii_whitespace));
    lines
        .take(most)
        .map(|(number, line)| {
            serde_json::from_slice(line).map_err(|error| refused(format!("Line {} is not JSON: {error}", number + 1)))
        })
        .collect()
}

/// The items of a CSV file: each row is an object with the names of the header, every value a string. A field that a
/// row lacks is empty, one beyond the header is left out.
fn csv(bytes: &[u8], reader: &Reader, most: usize) -> Result<Vec<Json>, Problem> {
    let text = std::str::from_utf8(bytes).map_err(|error| refused(format!("The file is not CSV: {error}")))?;
    let mut rows = Rows {
        letters: text.strip_prefix('\u{feff}').unwrap_or(text).chars().peekable(),
        delimiter: char::from(reader.csv_delimiter),
    };
    let header = match &reader.csv_headers {
        Some(headers) => headers.clone(),
        None => rows.next().unwrap_or_default(),
    };
    let items = rows.take(most).map(|row| {
        let fields = header.iter().enumerate();
        let fields =
            fields.map(|(at, name)| (name.clone(), row.get(at).map(String::as_str).unwrap_or_default().into()));
        Json::Object(fields.collect::<Object<_, _>>())
    });
    Ok(items.collect())
}

/// The rows of a CSV file; empty lines are none. A backslash escapes a backslash, a quote or a delimiter, and means
/// nothing before anything else; two quotes are one, in a field without quotes too.
///
/// <https://docs.aws.amazon.com/step-functions/latest/dg/example-csv-parse-dist-map.html>
struct Rows<'a> {
    letters: Peekable<Chars<'a>>,
    delimiter: char,
}

impl Rows<'_> {
    fn next_is(&mut self, wanted: char) -> bool {
        self.letters.next_if_eq(&wanted).is_some()
    }
}

impl Iterator for Rows<'_> {
    type Item = Vec<String>;

    fn next(&mut self) -> Option<Vec<String>> {
        while self.letters.next_if(|letter| matches!(letter, '\r' | '\n')).is_some() {}
        self.letters.peek()?;
        let mut row = Vec::new();
        let mut field = String::new();
        let mut quoted = self.next_is('"');
        while let Some(letter) = self.letters.next() {
            match letter {
                '\\' => {
                    let delimiter = self.delimiter;
                    field.extend(self.letters.next_if(|next| matches!(next, '\\' | '"') || *next == delimiter));
                }
                '"' if self.next_is('"') => field.push('"'),
                '"' if quoted => quoted = false,
                letter if quoted => field.push(letter),
                '\r' | '\n' => break,
                letter if letter == self.delimiter => {
                    row.push(std::mem::take(&mut field));
                    quoted = self.next_is('"');
                }
                letter => field.push(letter),
            }
        }
        row.push(field);
        Some(row)
    }
}
