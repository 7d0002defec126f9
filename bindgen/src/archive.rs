//! Writes an archive of named texts, as `src/data/archive.rs` reads it.

use std::collections::BTreeMap;

use miniz_oxide::deflate::compress_to_vec;

/// The slowest level of compression, and the smallest result.
const LEVEL: u8 = 10;

/// The archive of these texts, with a line that says where they are from.
pub fn pack(provenance: &str, texts: &BTreeMap<String, String>) -> Result<Vec<u8>, String> {
    let mut rows = Vec::new();
    let mut names = Vec::new();
    let mut blocks = Vec::new();
    for (name, text) in texts {
        names.extend_from_slice(name.as_bytes());
        blocks.extend_from_slice(&compress_to_vec(text.as_bytes(), LEVEL));
        for end in [names.len(), blocks.len(), text.len()] {
            rows.extend_from_slice(&number(end)?);
        }
    }
    let head = [provenance.as_bytes(), b"\n", &number(texts.len())?].concat();
    Ok([head, rows, names, blocks].concat())
}

fn number(number: usize) -> Result<[u8; 4], String> {
    let number = u32::try_from(number).map_err(|_| format!("{number} is too large for an archive"))?;
    Ok(number.to_le_bytes())
}
