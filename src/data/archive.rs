//! An archive of named texts, each compressed by itself, so that one is read without the others.
//!
//! ```text
//! botocore 1.44.8 of 2026-11-20⏎     where the data is from
//! count                              of the texts; all numbers have four bytes, the least significant first
//! count × (ends of name and block, length of text)
//! names                              one behind the other, sorted
//! blocks                             the texts, deflated
//! ```

use std::{
    collections::BTreeMap,
    sync::{PoisonError, RwLock},
};

/// An archive in the binary.
#[derive(Clone, Copy, Debug)]
pub struct Archive {
    bytes: &'static [u8],
}

/// The number of bytes that the index has for a text.
const ROW: usize = 12;

impl Archive {
    /// The archive that these bytes are.
    pub(crate) const fn new(bytes: &'static [u8]) -> Self {
        Self { bytes }
    }

    /// The source of the data, with its version and its date: `botocore 1.44.8 of 2026-11-20`.
    pub fn provenance(&self) -> &'static str {
        self.split().and_then(|(line, _)| str::from_utf8(line).ok()).unwrap_or_default()
    }

    /// The date of the data, `2026-11-20`, with which what it says of its source ends.
    pub fn date(&self) -> &'static str {
        self.provenance().rsplit(' ').next().unwrap_or_default()
    }

    /// The number of bytes that it has in the binary.
    pub fn size(&self) -> usize {
        self.bytes.len()
    }

    /// The names of the texts, sorted.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + use<> {
        let index = self.index();
        (0..index.map_or(0, |index| index.count)).filter_map(move |row| index?.name(row))
    }

    /// The text with a name, and that name as the archive has it.
    pub(crate) fn read(&self, name: &str) -> Option<(&'static str, String)> {
        let index = self.index()?;
        let (mut low, mut high) = (0, index.count);
        while low < high {
            let middle = low.midpoint(high);
            let found = index.name(middle)?;
            match found.cmp(name) {
                std::cmp::Ordering::Equal => return Some((found, index.text(middle)?)),
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    fn split(&self) -> Option<(&'static [u8], &'static [u8])> {
        let end = self.bytes.iter().position(|byte| *byte == b'\n')?;
        Some((&self.bytes[..end], &self.bytes[end + 1..]))
    }

    fn index(&self) -> Option<Index> {
        let (_, rest) = self.split()?;
        let (count, rest) = rest.split_at_checked(4)?;
        let count = number(count)?;
        let (rows, rest) = rest.split_at_checked(count.checked_mul(ROW)?)?;
        let names = if count == 0 { 0 } else { number(rows.get((count - 1) * ROW..)?)? };
        let (names, blocks) = rest.split_at_checked(names)?;
        Some(Index { count, rows, names, blocks })
    }
}

/// The parts of an archive.
#[derive(Clone, Copy)]
struct Index {
    count: usize,
    rows: &'static [u8],
    names: &'static [u8],
    blocks: &'static [u8],
}

impl Index {
    /// One of the three numbers of a row; before the first row everything begins at 0.
    fn at(&self, row: usize, which: usize) -> Option<usize> {
        number(self.rows.get(row * ROW + which * 4..)?)
    }

    fn part(&self, bytes: &'static [u8], row: usize, which: usize) -> Option<&'static [u8]> {
        let start = if row == 0 { 0 } else { self.at(row - 1, which)? };
        bytes.get(start..self.at(row, which)?)
    }

    fn name(&self, row: usize) -> Option<&'static str> {
        str::from_utf8(self.part(self.names, row, 0)?).ok()
    }

    fn text(&self, row: usize) -> Option<String> {
        let length = self.at(row, 2)?;
        let text = miniz_oxide::inflate::decompress_to_vec_with_limit(self.part(self.blocks, row, 1)?, length).ok()?;
        String::from_utf8(text).ok()
    }
}

fn number(bytes: &[u8]) -> Option<usize> {
    let bytes = bytes.get(..4)?.try_into().ok()?;
    usize::try_from(u32::from_le_bytes(bytes)).ok()
}

/// What was read of an archive, by name; kept for good, as there is no more of it than the archive has.
#[derive(Debug)]
pub struct Shelf<T: 'static>(RwLock<BTreeMap<&'static str, &'static T>>);

impl<T> Shelf<T> {
    /// An empty shelf.
    pub(crate) const fn new() -> Self {
        Self(RwLock::new(BTreeMap::new()))
    }

    /// What has this name, which is read where it was not yet.
    pub(crate) fn get(&self, name: &str, read: impl FnOnce() -> Option<(&'static str, T)>) -> Option<&'static T> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner).get(name).copied();
        if known.is_some() {
            return known;
        }
        let (name, found) = read()?;
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        Some(kept.entry(name).or_insert_with(|| Box::leak(Box::new(found))))
    }
}
