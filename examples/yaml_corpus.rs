//! Prints templates made to break a YAML writer, one JSON line `{"yaml": …, "json": …}` each, for other readers
//! to compare: `cargo run --example yaml_corpus -- 2000 | python3 tests/yaml_oracle.py`.
//!
//! Arguments: how many, and a number that chooses which (0 if left out).

#[path = "../tests/support/nasty/mod.rs"]
mod nasty;

use std::io::{self, Write as _};

use formwork::template::Template;
use proptest::{
    strategy::{Strategy as _, ValueTree as _},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let count: usize = arguments.next().ok_or("how many templates? usage: yaml_corpus COUNT [SEED]")?.parse()?;
    let seed: u64 = arguments.next().map_or(Ok(0), |seed| seed.parse())?;
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), random);
    let strategy = nasty::template();
    let mut out = io::BufWriter::new(io::stdout().lock());
    for _ in 0..count {
        let json = strategy.new_tree(&mut runner).map_err(|reason| reason.to_string())?.current();
        let template = Template::parse(&json.to_string())?;
        let yaml = template.to_yaml();
        if Template::parse(&yaml)? != template {
            return Err(format!("our own reader differs:\n{yaml}").into());
        }
        writeln!(out, "{}", serde_json::json!({"yaml": yaml, "json": json}))?;
    }
    out.flush()?;
    Ok(())
}
