//! The runtimes of Lambda, with the ends of their lives.
//!
//! ```
//! use formwork::data::runtime;
//! let node = runtime::runtime("nodejs16.x").unwrap();
//! assert_eq!((node.deprecated(), node.successor()), (Some("2024-06-12"), Some("nodejs24.x")));
//! ```
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html>

use super::archive::{Archive, Shelf};

static ARCHIVE: Archive = Archive::new(include_bytes!("runtimes.bin"));

/// The archive of the list: where it is from.
pub fn archive() -> Archive {
    ARCHIVE
}

/// All runtimes that there have ever been, sorted by name.
pub fn runtimes() -> impl Iterator<Item = Runtime> {
    static READ: Shelf<String> = Shelf::new();
    let list = READ.get("aws", || ARCHIVE.read("aws"));
    list.into_iter().flat_map(|list| list.lines()).filter_map(Runtime::read)
}

/// The runtime with a name, as it stands in `Runtime`.
pub fn runtime(name: &str) -> Option<Runtime> {
    runtimes().find(|runtime| runtime.name == name)
}

/// A runtime; its dates are written as `2024-06-12`, so that they sort.
#[derive(Clone, Copy, Debug)]
pub struct Runtime {
    name: &'static str,
    deprecated: &'static str,
    creation: &'static str,
    update: &'static str,
    successor: &'static str,
}

impl Runtime {
    fn read(line: &'static str) -> Option<Self> {
        let mut words = line.split(' ');
        let mut word = || words.next();
        Some(Self { name: word()?, deprecated: word()?, creation: word()?, update: word()?, successor: word()? })
    }

    /// `nodejs16.x`.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The day from which it gets no more security patches.
    pub fn deprecated(&self) -> Option<&'static str> {
        known(self.deprecated)
    }

    /// The day from which no function can be made with it.
    pub fn blocks_creation(&self) -> Option<&'static str> {
        known(self.creation)
    }

    /// The day from which no function that has it can be changed.
    pub fn blocks_update(&self) -> Option<&'static str> {
        known(self.update)
    }

    /// The newest runtime of the same language; none where it is that.
    pub fn successor(&self) -> Option<&'static str> {
        known(self.successor)
    }
}

fn known(word: &'static str) -> Option<&'static str> {
    Some(word).filter(|word| *word != "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_runtime_has_dates_in_their_order() {
        let all: Vec<Runtime> = runtimes().collect();
        assert!(all.len() > 40 && all.is_sorted_by_key(|runtime| runtime.name));
        for end in all {
            let dates = [end.deprecated(), end.blocks_creation(), end.blocks_update()].into_iter().flatten();
            assert!(dates.clone().all(|date| date.len() == 10 && date.as_bytes()[4] == b'-'), "{end:?}");
            assert!(end.successor().is_none_or(|name| runtime(name).is_some()), "{end:?}");
            assert!(end.blocks_update() >= end.blocks_creation(), "{end:?}");
        }
        assert!(runtime("python2.6").is_none() && runtime("").is_none());
    }
}
